"""Evaluates one query on a store and writes the answer into a sink, within limits.

In: a :class:`Task`, already judged by the guard. Out: bytes into a sink, and an :class:`Outcome`. It runs in a worker
process, or in the caller's own for the command line; it neither knows deadlines nor can it be interrupted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
    serialize,
)

from interkommunal.engine.counting import RowCounter, row_counter
from interkommunal.engine.merging import MergingStore
from interkommunal.errors import AnswerUnfit, QueryError, QueryFailed, QuerySyntaxError, QueryTooLarge
from interkommunal.sparql.guard import Verdict
from interkommunal.sparql.query import FORMATS, JSON_LD, RDF_XML, RESULTS_XML, Limits, QueryRequest
from interkommunal.sparql.syntax import syntax_error, unknown_function
from interkommunal.texts import Text

_CONTROLS: Final = bytes(code for code in range(0x20) if code not in b"\t\n\r")
# A name (Namespaces in XML §3) at the end of an IRI.
_START: Final = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME: Final = re.compile(rf"[{_START}][{_START}\-.0-9\u00b7\u0300-\u036f\u203f\u2040]*+\Z")
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
# Names that mean something else in RDF/XML (§5.1).
_RESERVED: Final = frozenset(
    _RDF + name
    for name in (
        *("RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype"),
        *("li", "Description", "aboutEach", "aboutEachPrefix", "bagID"),
    )
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
        cpu_seconds: after which a worker ends itself, a backstop should the front process forget it; 0 for never.
        memory_bytes: what a worker may take for it on top of the shared store.
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
    cpu_seconds: float = 0.0
    memory_bytes: int = 1 << 40


class Outcome(NamedTuple):
    """What became of a query that ended well: its rows, and whether rows were left out."""

    rows: int
    cut: bool = False


#: Takes the next bytes of an answer; may wait until there is room.
Sink = Callable[[bytes], object]
#: What a worker does with a task: evaluate it and write the answer.
Evaluate = Callable[[Task, Sink], Outcome]


def make_task(
    request: QueryRequest,
    verdict: Verdict,
    limits: Limits,
    *,
    base_iri: str | None = None,
    text: str | None = None,
    cpu_seconds: float = 0.0,
) -> Task:
    """The task for ``request``.

    Args:
        request: the format and the dataset of the protocol.
        verdict: what the guard says of its query.
        limits: the limits in force, which may be lower than those asked for.
        base_iri: what relative IRIs are resolved against.
        text: the query to run if it is not the one that was judged.
        cpu_seconds: see :class:`Task`.

    Raises:
        ValueError: a query of this form cannot be answered in this format; the caller should have negotiated.
    """
    form = verdict.inspection.form
    if request.media_type not in FORMATS[form]:
        raise ValueError(
            f"{form.name} cannot be answered as {request.media_type}; it can as {', '.join(FORMATS[form])}"
        )
    # The dataset of the protocol replaces that of the query as a whole: what is not named in it is empty.
    has_dataset = bool(request.default_graphs or request.named_graphs)
    return Task(
        query=verdict.text if text is None else text,
        media_type=request.media_type,
        default_graphs=(request.default_graphs or ()) if has_dataset else None,
        named_graphs=(request.named_graphs or ()) if has_dataset else None,
        rows=limits.rows,
        body_bytes=limits.body_bytes,
        partial=limits.partial,
        base_iri=base_iri,
        prefixes=verdict.inspection.prefixes if form.yields_graph else (),
        cpu_seconds=cpu_seconds,
        memory_bytes=limits.memory_bytes,
    )


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
        return store.query(task.query, base_iri=task.base_iri, default_graph=default, named_graphs=named)
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


def write_boolean(result: QueryBoolean, task: Task, sink: Sink) -> Outcome:
    """Write a truth value."""
    sink(result.serialize(format=QueryResultsFormat.from_media_type(task.media_type)) or b"")
    return Outcome(1)


def write_solutions(results: QuerySolutions, task: Task, sink: Sink) -> Outcome:
    """Write a table."""
    counter = row_counter(task.media_type, task.rows)
    writer = _Writer(sink, task, counter)
    try:
        results.serialize(writer, QueryResultsFormat.from_media_type(task.media_type))  # type: ignore[arg-type]
        writer.finish()
    except _CutError:
        return Outcome(counter.rows, cut=True)
    return Outcome(counter.rows)


def write_triples(results: Iterable[Triple], task: Task, sink: Sink) -> Outcome:
    """Write a graph. Triples pass through Python, which counts them and gives the serialiser the query's prefixes."""
    writer = _Writer(sink, task, None)
    rows, cut = 0, False

    def passed() -> Iterator[Triple]:
        nonlocal rows, cut
        for triple in results:
            if rows == task.rows:
                if not task.partial:
                    raise _too_many("triples", task.rows)
                cut = True
                return
            if task.media_type == RDF_XML:
                require_xml_names(triple)
            elif task.media_type == JSON_LD and isinstance(triple.object, Triple):
                raise AnswerUnfit(Text("JSON-LD cannot hold triple terms; ask for Turtle or another format"))
            rows += 1
            yield triple

    rdf_format = RdfFormat.from_media_type(task.media_type)
    try:
        serialize(passed(), writer, rdf_format, prefixes=dict(task.prefixes))  # type: ignore[arg-type]
    except ValueError:
        # A prefix that pyoxigraph takes in a query but not in a serialisation.
        raise QuerySyntaxError(Text("a PREFIX of the query is no absolute IRI")) from None
    writer.finish()
    return Outcome(rows, cut)


def _too_many(what: str, limit: int | None) -> QueryTooLarge:
    return QueryTooLarge(
        f"the answer has more than {limit} {what}; use LIMIT, or ask for a partial answer", limit="rows"
    )


class _CutError(Exception):
    """Ends a serialisation from within, when all rows that are allowed are written."""


class _Writer:
    """What pyoxigraph writes into: gathers small writes, counts, enforces limits, mends XML."""

    __slots__ = ("_counter", "_gathered", "_is_xml", "_parts", "_sink", "_size", "_tail", "_task")

    def __init__(self, sink: Sink, task: Task, counter: RowCounter | None) -> None:
        self._sink = sink
        self._task = task
        self._counter = counter
        self._is_xml = task.media_type in (RESULTS_XML, RDF_XML)
        self._tail = b""
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

    def finish(self) -> None:
        """Pass on what is left."""
        self._pass_on(is_last=True)

    def _pass_on(self, *, is_last: bool = False) -> None:
        block = b"".join(self._parts)
        self._parts.clear()
        self._gathered = 0
        counter = self._counter
        if counter is None:
            self._emit(block)
            return
        self._emit(counter.feed(block, is_last=is_last))
        if counter.exceeded:
            if not self._task.partial:
                raise _too_many("rows", self._task.rows)
            self._emit(counter.ending)
            raise _CutError

    def _emit(self, block: bytes) -> None:
        if self._is_xml:
            data = self._tail + block
            require_xml_characters(data)
            self._tail = data[-2:]
            # A raw carriage return reads as a line feed in XML 1.0 (§2.11); pyoxigraph does not escape it.
            block = block.replace(b"\r", b"&#13;")
        self._size += len(block)
        limit = self._task.body_bytes
        if limit is not None and self._size > limit:
            raise QueryTooLarge(f"the answer has more than {limit} bytes; ask for less, or use LIMIT", limit="bytes")
        if block:
            self._sink(block)


def require_xml_characters(data: bytes) -> None:
    """Make sure that XML has all characters of ``data``, which is UTF-8 cut anywhere.

    Raises:
        AnswerUnfit: it has one not (XML 1.0 §2.2).
    """
    code = 0xFFFE if b"\xef\xbf\xbe" in data else 0xFFFF if b"\xef\xbf\xbf" in data else None
    if code is None and len(data.translate(None, _CONTROLS)) != len(data):  # five times as fast as a pattern
        code = next(byte for byte in data if byte in _CONTROLS)
    if code is not None:
        raise AnswerUnfit(
            Text("XML cannot hold the character U+{code:04X} of this answer; ask for another format", code=code)
        )


def require_xml_names(triple: Triple) -> None:
    """Make sure that RDF/XML can write properties and classes as elements, also those of triple terms.

    Raises:
        AnswerUnfit: it cannot.
    """
    predicate, target = triple.predicate.value, triple.object
    _require_name(predicate, is_class=False)
    if isinstance(target, Triple):
        require_xml_names(target)
    elif predicate == _RDF + "type" and isinstance(target, NamedNode):
        _require_name(target.value, is_class=True)


@lru_cache(4096)
def _require_name(iri: str, *, is_class: bool) -> None:
    if _NAME.search(iri) is None or (not is_class and iri in _RESERVED):
        raise AnswerUnfit(
            Text("RDF/XML cannot hold the class <{iri}>; ask for Turtle or another format", iri=iri)
            if is_class
            else Text("RDF/XML cannot hold the property <{iri}>; ask for Turtle or another format", iri=iri)
        )
