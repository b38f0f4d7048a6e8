"""The statements of a release on disk, sorted in the three ways in which its files want them.

In go statements in any order, out come the canonical N-Quads, and two files beside them that are read again and again:
by graph in reading order, and by triple in reading order. Memory does not grow with the number of statements.

Sorts more records than memory holds: sorted runs on disk, merged when they are read (external merge sort).

In go records in any order, out they come in the order of their bytes, each once. Memory stays below the size of one run
and the buffers of as many files as there are runs; time grows with the number of records, and slowly with that of runs.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, islice
from pathlib import Path
from typing import Final

import pyoxigraph
from pyoxigraph import RdfFormat

from interkommunal.release.formats import lines
from interkommunal.release.manifest import Counts
from interkommunal.release.output import Folder
from interkommunal.release.prefixes import chosen, iri_in, prefix_of
from interkommunal.release.quads import RDF_TYPE, graph_kind, kind_of, reading_key, refuse
from interkommunal.release.release import QUADS

# Bytes of records that are sorted at once; Python keeps about as much again beside them.
RUN: Final = 24 << 20
_BUFFER: Final = 256 << 10


class Sorter:
    """Takes records, gives them back in order.

    Args:
        path: where runs lie; their names begin with it. They are removed when the records have been read.
        run: bytes of records that are sorted at once.
    """

    def __init__(self, path: Path, run: int = RUN) -> None:
        self._path = path
        self._limit = run
        self._records: list[bytes] = []
        self._size = 0
        self._runs: list[Path] = []

    def add(self, records: Iterable[bytes]) -> None:
        """Takes records. A record ends with its only line feed.

        Raises:
            OSError: a run cannot be written.
        """
        for record in records:
            self._records.append(record)
            self._size += len(record)
            if self._size > self._limit:
                self._write_run()

    def read(self) -> Iterator[bytes]:
        """All records in the order of their bytes, equal ones once. Can be read one time.

        Raises:
            OSError: a run cannot be read.
        """
        self._records.sort()
        if not self._runs:
            yield from (record for record, _ in groupby(self._records))
            self._records = []
            return
        self._write_run()
        streams = [path.open("rb", buffering=_BUFFER) for path in self._runs]
        try:
            yield from (record for record, _ in groupby(heapq.merge(*streams)))
        finally:
            for stream, path in zip(streams, self._runs, strict=True):
                stream.close()
                path.unlink(missing_ok=True)

    def _write_run(self) -> None:
        self._records.sort()
        path = self._path.with_name(f"{self._path.name}-{len(self._runs)}")
        with path.open("xb", buffering=_BUFFER) as stream:
            stream.writelines(self._records)
        self._runs.append(path)
        self._records, self._size = [], 0


QUADS_TYPE: Final = "application/n-quads"
_BATCH: Final = 5_000
# Between key and statement; no key holds it.
_BAR: Final = b"\x1e"
_TYPE: Final = f" <{RDF_TYPE.value}> ".encode()

Kinds = frozenset[str]


@dataclass(slots=True)
class Used:
    """The prefixes that graphs of one kind use: for their own names, for terms, for properties and classes."""

    graphs: set[str] = field(default_factory=set)
    terms: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Statements:
    """Sorted statements.

    Attributes:
        canonical: N-Quads sorted by code point. by_graph, by_triple: N-Quads in reading order.
        used: prefixes by kind of graph.
        counts: how many there are.
    """

    canonical: Path
    by_graph: Path
    by_triple: Path
    used: dict[str, Used]
    counts: Counts

    @property
    def kinds(self) -> Kinds:
        """The kinds of their graphs."""
        return frozenset(self.used)

    def quads(self, kinds: Kinds) -> Iterator[pyoxigraph.Quad]:
        """Those in graphs of these kinds, in reading order."""
        return _parsed(self._lines(self.by_graph, kinds))

    def triples(self, kinds: Kinds) -> Iterator[pyoxigraph.Triple]:
        """The triples in graphs of these kinds, each once, in reading order."""
        before = None
        for quad in _parsed(self._lines(self.by_triple, kinds)):
            triple = quad.triple
            if triple != before:
                yield triple
            before = triple

    def nquads(self, kinds: Kinds) -> Iterator[bytes]:
        """Those in graphs of these kinds as canonical N-Quads, sorted by code point."""
        return self._lines(self.canonical, kinds)

    def ntriples(self, kinds: Kinds) -> Iterator[bytes]:
        """The triples in graphs of these kinds as canonical N-Triples, each once, sorted by code point."""
        # A term ends before the one that follows it begins, so without the graphs the order is still the same.
        without = (b"%s .\n" % line[: _graph_at(line)] for line in self._lines(self.canonical, kinds))
        return (line for line, _ in groupby(without))

    def graph_prefixes(self, kinds: Kinds) -> dict[str, str]:
        """The prefixes for TriG."""
        return chosen({name for used in self._of(kinds) for name in used.graphs | used.terms})

    def term_prefixes(self, kinds: Kinds) -> dict[str, str]:
        """The prefixes for Turtle."""
        return chosen({name for used in self._of(kinds) for name in used.terms})

    def name_prefixes(self, kinds: Kinds) -> dict[str, str]:
        """The prefixes for RDF/XML, whose elements are named by properties and classes."""
        return chosen({name for used in self._of(kinds) for name in used.names})

    def _of(self, kinds: Kinds) -> Iterator[Used]:
        return (used for kind, used in self.used.items() if kind in kinds)

    def _lines(self, path: Path, kinds: Kinds) -> Iterator[bytes]:
        with path.open("rb", buffering=1 << 20) as stream:
            if kinds >= self.kinds:
                yield from stream
            else:
                yield from (line for line in stream if kind_of(line[_graph_at(line) + 2 : -4].decode()) in kinds)


def sort_statements(quads: Iterable[pyoxigraph.Quad], folder: Folder, run: int = RUN) -> Statements:
    """Writes the canonical N-Quads into ``folder``, and what else is read of them below its scratch folder.

    Args:
        quads: in any order; one may come again.
        folder: of the release.
        run: bytes that are sorted at once, three times.

    Raises:
        ReleaseError: for a statement that not every file can hold.
        OSError: a file cannot be written.
    """
    scratch = folder.scratch
    sorters = [Sorter(scratch / name, run) for name in ("canonical", "by-graph", "by-triple")]
    used: dict[str, Used] = defaultdict(Used)
    unread = iter(quads)
    while batch := list(islice(unread, _BATCH)):
        for quad in batch:
            refuse(quad)
            _note(quad, used[graph_kind(quad.graph_name)])
        written = lines(batch, RdfFormat.N_QUADS)
        keys = [reading_key(quad) for quad in batch]
        sorters[0].add(written)
        sorters[1].add(b"%s%s%s%s" % (*key, _BAR, line) for key, line in zip(keys, written, strict=True))
        sorters[2].add(
            b"%s%s%s%s" % (triple, graph, _BAR, line) for (graph, triple), line in zip(keys, written, strict=True)
        )
    canonical, by_graph, by_triple = sorters
    tally = _Tally()
    with folder.new(QUADS, QUADS_TYPE, "graph") as output:
        for line in canonical.read():
            output.write(line)
            tally.statements += 1
    paths = scratch / "by-graph.nq", scratch / "by-triple.nq"
    _write(paths[0], tally.graphs_of(_without_keys(by_graph)))
    _write(paths[1], tally.triples_of(_without_keys(by_triple)))
    counts = Counts(tally.statements, tally.triples, tally.graphs, tally.classes)
    return Statements(folder.path / QUADS, *paths, dict(used), counts)


class _Tally:
    """Counts lines as they pass."""

    def __init__(self) -> None:
        self.statements = 0
        self.triples = 0
        self.graphs: Counter[str] = Counter()
        self.classes: Counter[str] = Counter()

    def graphs_of(self, by_graph: Iterable[bytes]) -> Iterator[bytes]:
        before = b""
        for line in by_graph:
            graph = line[_graph_at(line) + 2 : -4]
            if graph != before:
                self.graphs[kind_of(graph.decode())] += 1
                before = graph
            yield line

    def triples_of(self, by_triple: Iterable[bytes]) -> Iterator[bytes]:
        before = b""
        for line in by_triple:
            triple = line[: _graph_at(line)]
            if triple != before:
                self.triples += 1
                if _TYPE in triple:
                    _, predicate, class_ = triple.split(b" ", 2)
                    if predicate == _TYPE.strip() and class_.startswith(b"<"):
                        self.classes[class_[1:-1].decode()] += 1
                before = triple
            yield line


def _without_keys(sorter: Sorter) -> Iterator[bytes]:
    return (record[record.index(_BAR) + 1 :] for record in sorter.read())


def _write(path: Path, content: Iterable[bytes]) -> None:
    with path.open("xb", buffering=1 << 20) as stream:
        stream.writelines(content)


def _note(quad: pyoxigraph.Quad, used: Used) -> None:
    used.graphs.add(prefix_of(iri_in(quad.graph_name)))
    name = prefix_of(quad.predicate.value)
    used.names.add(name)
    used.terms.update((name, prefix_of(iri_in(quad.subject)), prefix_of(iri_in(quad.object))))
    if quad.predicate == RDF_TYPE:
        used.names.add(prefix_of(iri_in(quad.object)))


def _graph_at(line: bytes) -> int:
    """Where, in a line of N-Quads, the space before the graph stands."""
    return line.rindex(b" <", 0, -3)


def _parsed(lines_: Iterable[bytes]) -> Iterator[pyoxigraph.Quad]:
    unread = iter(lines_)
    while batch := b"".join(islice(unread, _BATCH)):
        yield from pyoxigraph.parse(batch, RdfFormat.N_QUADS)
