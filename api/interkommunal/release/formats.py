"""Writes the statements of a release in each of its formats, the same bytes for the same statements everywhere.

In go quads and triples in reading order, one after the other, out go bytes to a stream; nothing but the node at hand is
held. pyoxigraph serialises (rdflib is slower and its order of graphs hangs on hashes); prefixes are only those used and
sorted here. JSON-LD is written here, expanded: it needs no context, hence no network, types are ``@type`` (pyoxigraph
writes ``rdf:type``), and each node is one line.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import IO, Any, Final

import pyoxigraph
from pyoxigraph import RdfFormat

from interkommunal.namespaces import PREFIXES
from interkommunal.release.prefixes import used_prefixes
from interkommunal.release.quads import RDF_TYPE

Statements = Iterable[pyoxigraph.Quad] | Iterable[pyoxigraph.Triple]
# Something with ``write``: a file, or bytes in memory.
Stream = IO[bytes] | io.RawIOBase

_XSD: Final = PREFIXES["xsd"]
_PREFIX: Final = b"@prefix "


def write(statements: Statements, syntax: RdfFormat, prefixes: Mapping[str, str], stream: Stream) -> None:
    """Writes statements with these prefixes, sorted, to ``stream``."""
    out = _SortedHeader(stream) if syntax in (RdfFormat.TURTLE, RdfFormat.TRIG) else stream
    buffered = io.BufferedWriter(_Open(out), 1 << 20)
    pyoxigraph.serialize(statements, buffered, format=syntax, prefixes=dict(prefixes))
    buffered.flush()
    if isinstance(out, _SortedHeader):
        out.end()


def write_json_ld(triples: Iterable[pyoxigraph.Triple], quads: Iterable[pyoxigraph.Quad], stream: Stream) -> None:
    """Writes expanded JSON-LD to ``stream``: an array of node objects, then of graph objects, one node object a line.

    Args:
        triples: the default graph.
        quads: the named graphs.
        stream: takes the bytes.
    """
    buffered = io.BufferedWriter(_Open(stream), 1 << 20)
    for chunk in _json_ld_chunks(quads, triples):
        buffered.write(chunk)
    buffered.flush()


def nquads(quads: Iterable[pyoxigraph.Quad]) -> bytes:
    """Canonical N-Quads, sorted by code point.

    Without blank nodes this is the serialized canonical form of RDF Dataset Canonicalization (RDFC-1.0, section 5):
    pyoxigraph writes the escapes as the canonical form of N-Quads asks.
    """
    return b"".join(sorted(lines(quads, RdfFormat.N_QUADS)))


def ntriples(triples: Iterable[pyoxigraph.Triple]) -> bytes:
    """Canonical N-Triples, sorted by code point."""
    # Bytes of UTF-8 sort as code points do.
    return b"".join(sorted(lines(triples, RdfFormat.N_TRIPLES)))


def lines(statements: Statements, syntax: RdfFormat) -> list[bytes]:
    """The statements in N-Quads or N-Triples, in the order given, one line each with its end."""
    text = pyoxigraph.serialize(statements, format=syntax)
    assert text is not None, "without an output, pyoxigraph returns the text"
    return text.splitlines(keepends=True)


def trig(quads: Sequence[pyoxigraph.Quad]) -> bytes:
    """TriG with sorted prefixes, only those used."""
    return _bytes(quads, RdfFormat.TRIG, used_prefixes(term for quad in quads for term in quad))


def turtle(triples: Sequence[pyoxigraph.Triple], known: Mapping[str, str] = PREFIXES) -> bytes:
    """Turtle with sorted prefixes, only those used of the ``known``."""
    prefixes = used_prefixes((term for triple in triples for term in triple), known)
    return _bytes(triples, RdfFormat.TURTLE, prefixes)


def rdf_xml(triples: Sequence[pyoxigraph.Triple], known: Mapping[str, str] = PREFIXES) -> bytes:
    """RDF/XML, one element a subject."""
    # Elements are named by properties and, for the first type of a subject, by a class.
    names = [triple.predicate for triple in triples]
    classes = [triple.object for triple in triples if triple.predicate == RDF_TYPE]
    return _bytes(triples, RdfFormat.RDF_XML, used_prefixes([*names, *classes], known))


def json_ld(quads: Iterable[pyoxigraph.Quad]) -> bytes:
    """Expanded JSON-LD: an array of graph objects, one node object a line."""
    return b"".join(_json_ld_chunks(quads))


def json_ld_nodes(triples: Iterable[pyoxigraph.Triple]) -> bytes:
    """Expanded JSON-LD of triples that belong to no graph: an array, one node object a line."""
    nodes = [_dump(_node(subject, about)) for subject, about in groupby(triples, key=lambda triple: triple.subject)]
    return b"[\n" + b",\n".join(nodes) + b"\n]\n"


def _bytes(statements: Statements, syntax: RdfFormat, prefixes: Mapping[str, str]) -> bytes:
    stream = io.BytesIO()
    write(statements, syntax, prefixes, stream)
    return stream.getvalue()


class _Open(io.RawIOBase):
    """Lets a buffer write to a stream that stays open when the buffer goes."""

    def __init__(self, stream: Stream | _SortedHeader) -> None:
        super().__init__()
        self._stream = stream

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._stream.write(bytes(data))
        return len(data)


class _SortedHeader:
    """Pyoxigraph writes prefixes in the order of a hash map; they stand at the very start and are sorted here."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._start: bytes | None = b""

    def write(self, data: bytes) -> None:
        if self._start is None:
            self._stream.write(data)
            return
        self._start += data
        *whole, _ = self._start.split(b"\n")
        if any(not line.startswith(_PREFIX) for line in whole):
            self.end()

    def end(self) -> None:
        """Writes what was held back."""
        if self._start is None:
            return
        rows = self._start.split(b"\n")
        end = next((index for index, row in enumerate(rows) if not row.startswith(_PREFIX)), len(rows))
        self._stream.write(b"\n".join([*sorted(rows[:end]), *([b""] if end else []), *rows[end:]]))
        self._start = None


def _json_ld_chunks(quads: Iterable[pyoxigraph.Quad], triples: Iterable[pyoxigraph.Triple] = ()) -> Iterator[bytes]:
    opening = b"[\n"
    for subject, said in groupby(triples, key=lambda triple: triple.subject):
        yield opening + _dump(_node(subject, said))
        opening = b",\n"
    for name, graph in groupby(quads, key=lambda quad: quad.graph_name):
        yield opening + b'{"@id":' + _dump(_iri(name)) + b',"@graph":['
        between = b"\n"
        for subject, about in groupby(graph, key=lambda quad: quad.subject):
            yield between + _dump(_node(subject, about))
            between = b",\n"
        yield b"\n]}"
        opening = b",\n"
    yield b"[]\n" if opening == b"[\n" else b"\n]\n"


def _node(subject: object, about: Statements) -> dict[str, Any]:
    node: dict[str, Any] = {"@id": _iri(subject)}
    for quad in about:
        if quad.predicate == RDF_TYPE:
            node.setdefault("@type", []).append(_iri(quad.object))
        else:
            node.setdefault(quad.predicate.value, []).append(_value(quad.object))
    return node


def _value(term: object) -> dict[str, str]:
    if not isinstance(term, pyoxigraph.Literal):
        return {"@id": _iri(term)}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value == f"{_XSD}string":
        return {"@value": term.value}
    return {"@value": term.value, "@type": term.datatype.value}


def _iri(term: object) -> str:
    return str(term) if isinstance(term, pyoxigraph.BlankNode) else term.value  # type: ignore[attr-defined]


def _dump(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
