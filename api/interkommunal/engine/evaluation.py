"""Evaluates one query on a store and writes the answer into a sink, within limits.

In: a :class:`Task`, already judged by the guard. Out: bytes into a sink, and an :class:`Outcome`. It runs in a worker
process, or in the caller's own for the command line; it neither knows deadlines nor can it be interrupted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple, Protocol

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Triple,
    serialize,
)

from interkommunal.engine.capabilities import GRAPH_FORMATS, RESULT_FORMATS, XML_TYPES
from interkommunal.engine.counting import RowCounter, row_counter
from interkommunal.engine.merging import MergingStore
from interkommunal.errors import AnswerUnfit, QueryError, QueryFailed, QuerySyntaxError, QueryTooLarge
from interkommunal.sparql.guard import Verdict
from interkommunal.sparql.query import JSON_LD, RDF_XML, Limits, QueryRequest
from interkommunal.sparql.syntax import syntax_error, unknown_function
from interkommunal.texts import Text

_CONTROLS: Final = bytes(code for code in range(0x20) if code not in b"\t\n\r")
_NO_CHARACTERS: Final = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
# A name (Namespaces in XML §3) at the end of an IRI.
_START: Final = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME: Final = re.compile(rf"[{_START}][{_START}\-.0-9\u00b7\u0300-\u036f\u203f\u2040]*+\Z")
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_TYPE: Final = _RDF + "type"
# Names that mean something else in RDF/XML (§5.1).
_RESERVED: Final = frozenset(
    _RDF + name
    for name in (
        *("RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype"),
        *("li", "Description", "aboutEach", "aboutEachPrefix", "bagID"),
    )
)
_MOST_REMEMBERED: Final = 4096


class XmlCharacters:
    """Watches the blocks of an answer in XML."""

    def __init__(self) -> None:
        self._tail = b""

    def watch(self, block: bytes) -> None:
        """Look at the next block.

        Raises:
            AnswerUnfit: it holds a character that XML does not have.
        """
        if len(block.translate(None, _CONTROLS)) != len(block):
            raise _no_character(next(byte for byte in block if byte in _CONTROLS))
        for code, character in zip((0xFFFE, 0xFFFF), _NO_CHARACTERS, strict=True):
            if character in block or character in self._tail + block[:2]:
                raise _no_character(code)
        self._tail = (self._tail + block[-2:])[-2:]


class RdfXmlNames:
    """Knows which triples RDF/XML can hold."""

    def __init__(self) -> None:
        self._known: set[NamedNode] = set()

    def require(self, triple: Triple) -> None:
        """Make sure that properties and classes can be written as elements, also those of triple terms.

        Raises:
            AnswerUnfit: one cannot.
        """
        predicate, target = triple.predicate, triple.object
        if predicate not in self._known:
            self._require_name(predicate, "property")
        if isinstance(target, Triple):
            self.require(target)
        elif predicate.value == _TYPE and isinstance(target, NamedNode) and target not in self._known:
            self._require_name(target, "class")

    def _require_name(self, node: NamedNode, what: str) -> None:
        iri = node.value
        if _NAME.search(iri) is None or (what == "property" and iri in _RESERVED):
            raise AnswerUnfit(
                Text("RDF/XML cannot hold the property <{iri}>; ask for Turtle or another format", iri=iri)
                if what == "property"
                else Text("RDF/XML cannot hold the class <{iri}>; ask for Turtle or another format", iri=iri)
            )
        if iri not in _RESERVED:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            self._known.add(node)


def _no_character(code: int) -> AnswerUnfit:
    return AnswerUnfit(
        Text("XML cannot hold the character U+{code:04X} of this answer; ask for another format", code=code)
    )


# Bytes that are counted and passed on together. pyoxigraph writes 8 KiB at a time.
_BLOCK: Final = 1 << 18


class Task(NamedTuple):
    """One query, ready to run.

    Attributes:
        query: the SPARQL text.
        media_type: format of the answer.
        default_graphs, named_graphs: the dataset of the protocol; ``None`` if the protocol names none.
        rows, body_bytes: limits, ``None`` for none.
        partial: end the answer behind row ``rows`` instead of refusing it.
        base_iri: what relative IRIs are resolved against.
        prefixes: to abbreviate IRIs with in Turtle, TriG and RDF/XML.
    """

    query: str
    media_type: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    rows: int | None = None
    body_bytes: int | None = None
    partial: bool = False
    base_iri: str | None = None
    prefixes: tuple[tuple[str, str], ...] = ()


class Outcome(NamedTuple):
    """What became of a query that ended well: its rows, and whether rows were left out."""

    rows: int
    cut: bool = False


class Sink(Protocol):
    """Takes the answer, block by block."""

    def take(self, block: bytes) -> None:
        """Take the next bytes; may wait until there is room."""


#: What a worker does with a task: evaluate it and write the answer.
Evaluate = Callable[[Task, Sink], Outcome]


class _CutError(Exception):
    """Ends a serialisation from within, when all rows that are allowed are written."""


class _Writer:
    """What pyoxigraph writes into: gathers small writes, counts, enforces limits, mends XML."""

    __slots__ = ("_counter", "_gathered", "_parts", "_sink", "_size", "_task", "_xml")

    def __init__(self, sink: Sink, task: Task, counter: RowCounter | None) -> None:
        self._sink = sink
        self._task = task
        self._counter = counter
        self._xml = XmlCharacters() if task.media_type in XML_TYPES else None
        self._parts: list[bytes] = []
        self._gathered = 0
        self._size = 0

    def write(self, data: bytes) -> int:
        """Take the next bytes of the answer."""
        self._parts.append(data)
        self._gathered += len(data)
        if self._gathered >= _BLOCK:
            self._pass_on()
        return len(data)

    def flush(self) -> None:
        """Nothing: blocks are passed on when they are full, and at the end."""

    def finish(self) -> bool:
        """Pass on what is left. Returns whether the answer was cut."""
        counter = self._counter
        try:
            if counter is None:
                self._emit(self._gather())
            elif self._size:
                self._pass_on()
                self._emit(counter.finish())
                self._refuse_or_cut(counter)
            else:
                # The whole answer is here, as nearly always.
                self._emit(counter.whole(self._gather()))
                if counter.exceeded:
                    self._refuse_or_cut(counter)
        except _CutError:
            self._emit(counter.ending if counter else b"")
            return True
        return False

    def _gather(self) -> bytes:
        parts = self._parts
        block = parts[0] if len(parts) == 1 else b"".join(parts)
        parts.clear()
        self._gathered = 0
        return block

    def _pass_on(self) -> None:
        block = self._gather()
        counter = self._counter
        if counter is None:
            self._emit(block)
        else:
            self._emit(counter.feed(block))
            self._refuse_or_cut(counter)

    def _refuse_or_cut(self, counter: RowCounter) -> None:
        if not counter.exceeded:
            return
        if not self._task.partial:
            raise _too_many("rows", self._task.rows)
        raise _CutError

    def _emit(self, block: bytes) -> None:
        if self._xml is not None:
            self._xml.watch(block)
            # A raw carriage return reads as a line feed in XML 1.0 (§2.11); pyoxigraph does not escape it.
            block = block.replace(b"\r", b"&#13;")
        self._size += len(block)
        limit = self._task.body_bytes
        if limit is not None and self._size > limit:
            raise QueryTooLarge(f"the answer has more than {limit} bytes; ask for less, or use LIMIT", limit="bytes")
        if block:
            self._sink.take(block)


def evaluate(store: MergingStore, task: Task, sink: Sink) -> Outcome:
    """Run ``task`` and write its answer into ``sink``.

    Raises:
        QueryError: malformed (``QuerySyntaxError``), beyond a limit (``QueryTooLarge``), failed (``QueryFailed``), or
            not to be had in this format (``AnswerUnfit``).
            The sink may have taken bytes by then, which are no answer.
    """
    try:
        results = _query(store, task)
        if isinstance(results, QueryBoolean):
            return write_boolean(results, task, sink)
        if isinstance(results, QuerySolutions):
            return write_solutions(results, task, sink)
        return write_triples(results, task, sink)
    except (QueryError, BrokenPipeError, ConnectionError):
        raise
    except MemoryError:
        raise QueryTooLarge("the query needs more memory than it may take", limit="memory") from None
    except (OSError, RuntimeError, ValueError) as error:
        raise unknown_function(task.query, str(error)) or QueryFailed(
            Text("the query failed: {error}", error=error)
        ) from None


def _query(store: MergingStore, task: Task) -> QuerySolutions | QueryBoolean | QueryTriples:
    # Both datasets empty would mean to pyoxigraph what None means: take the query's own.
    default: list[NamedNode] | None = None
    named: list[NamedNode] | None = None
    if task.default_graphs is not None or task.named_graphs is not None:
        default = [*_graphs(task.default_graphs or (), "default-graph-uri")]
        named = [*_graphs(task.named_graphs or (), "named-graph-uri")]
    try:
        return store.query(
            task.query,
            base_iri=task.base_iri,
            default_graph=default,
            named_graphs=named,
        )
    except SyntaxError as error:
        raise syntax_error(task.query, str(error), has_base=task.base_iri is not None) from None


def _graphs(iris: tuple[str, ...], parameter: str) -> Iterator[NamedNode]:
    for iri in iris:
        try:
            yield NamedNode(iri)
        except ValueError:
            raise QuerySyntaxError(
                Text("{parameter} is no absolute IRI: {iri!r}", parameter=parameter, iri=iri[:200])
            ) from None


def write_solutions(results: QuerySolutions, task: Task, sink: Sink) -> Outcome:
    """Write a table."""
    counter = row_counter(task.media_type, task.rows)
    writer = _Writer(sink, task, counter)
    try:
        results.serialize(writer, RESULT_FORMATS[task.media_type])  # type: ignore[arg-type]
    except _CutError:
        writer._emit(counter.ending)
        return Outcome(counter.rows, cut=True)
    cut = writer.finish()
    return Outcome(counter.rows, cut)


def write_triples(results: Iterable[Triple], task: Task, sink: Sink) -> Outcome:
    """Write a graph. Triples pass through Python, which counts them and gives the serialiser the query's prefixes."""
    writer = _Writer(sink, task, None)
    triples = _Triples(results, task)
    prefixes = dict(task.prefixes)
    try:
        serialize(triples, writer, GRAPH_FORMATS[task.media_type], prefixes=prefixes)  # type: ignore[arg-type]
    except ValueError:
        # A prefix that pyoxigraph takes in a query but not in a serialisation.
        raise QuerySyntaxError(Text("a PREFIX of the query is no absolute IRI")) from None
    writer.finish()
    return Outcome(triples.rows, triples.cut)


class _Triples:
    """Iterates over triples, counts them and stops or refuses at the limit."""

    def __init__(self, results: Iterable[Triple], task: Task) -> None:
        self._results = results
        self._task = task
        self._names = RdfXmlNames() if task.media_type == RDF_XML else None
        self._is_json = task.media_type == JSON_LD
        self.rows = 0
        self.cut = False

    def __iter__(self) -> Iterator[Triple]:
        limit = self._task.rows
        for triple in self._results:
            if self.rows == limit:
                if not self._task.partial:
                    raise _too_many("triples", limit)
                self.cut = True
                return
            if self._names is not None:
                self._names.require(triple)
            elif self._is_json and isinstance(triple.object, Triple):
                raise AnswerUnfit(Text("JSON-LD cannot hold triple terms; ask for Turtle or another format"))
            self.rows += 1
            yield triple


def write_boolean(result: QueryBoolean, task: Task, sink: Sink) -> Outcome:
    """Write a truth value."""
    sink.take(result.serialize(format=RESULT_FORMATS[task.media_type]) or b"")
    return Outcome(1)


def _too_many(what: str, limit: int | None) -> QueryTooLarge:
    return QueryTooLarge(
        f"the answer has more than {limit} {what}; use LIMIT, or ask for a partial answer", limit="rows"
    )


def make_task(
    request: QueryRequest, verdict: Verdict, limits: Limits, base_iri: str | None = None, text: str | None = None
) -> Task:
    """The task for ``request``.

    Args:
        request: the format and the dataset of the protocol.
        verdict: what the guard says of its query.
        limits: the limits in force, which may be lower than those asked for.
        base_iri: what relative IRIs are resolved against.
        text: the query to run if it is not the one that was judged.
    """
    # The dataset of the protocol replaces that of the query as a whole: what is not named in it is empty.
    has_dataset = bool(request.default_graphs or request.named_graphs)
    inspection = verdict.inspection
    return Task(
        query=verdict.text if text is None else text,
        media_type=request.media_type,
        default_graphs=(request.default_graphs or ()) if has_dataset else None,
        named_graphs=(request.named_graphs or ()) if has_dataset else None,
        rows=limits.rows,
        body_bytes=limits.body_bytes,
        partial=limits.partial,
        base_iri=base_iri,
        prefixes=inspection.prefixes if inspection.form.yields_graph else (),
    )
