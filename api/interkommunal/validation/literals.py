"""The gate for text: every literal of the graph, and every line of the tables and queries that people write.

In go an assembly and its content, out come findings with file and line. A text is not empty, is in NFC, and has no
control and no invisible characters; a date can be read and does not end before it begins; a value fits its datatype.
What a release cannot hold is therefore said by ``check`` before ``build`` comes to it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

import pyoxigraph
import rdflib

from interkommunal.content import Content
from interkommunal.graph.assemble import Assembly
from interkommunal.graph.dataset import Place, quiet
from interkommunal.graph.edtf import read_bounds
from interkommunal.graph.parse import read_utf8
from interkommunal.namespaces import GRAPH_DERIVED, GRAPH_PARTITIONS, GRAPH_SHAPES, expand
from interkommunal.normal import normal_text, visible
from interkommunal.texts import Text
from interkommunal.validation.findings import Finding, in_languages, short
from interkommunal.validation.locate import Locator

# Other than tab and line feed, with the non-characters and the separators that only Unicode has.
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_EDTF: Final = expand("edtf:EDTF")
_STRINGS: Final = frozenset((expand("xsd:string"), expand("rdf:langString")))
_ZONE: Final = r"(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)?"
_YEAR: Final = r"-?(?:[1-9]\d{3,}|0\d{3})"
_NUMBER: Final = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)"
# Lexical forms (XML Schema 1.1 part 2, section 3; GeoSPARQL 1.1, section 8.5.1); whether there is such a day is asked
# of rdflib.
_LEXICAL: Final = {
    expand(name): re.compile(pattern)
    for name, pattern in {
        "xsd:boolean": "true|false|0|1",
        "xsd:integer": r"[+-]?\d+",
        "xsd:nonNegativeInteger": r"\+?\d+|-0+",
        "xsd:positiveInteger": r"\+?0*[1-9]\d*",
        "xsd:decimal": _NUMBER,
        "xsd:double": rf"{_NUMBER}(?:[eE][+-]?\d+)?|[+-]?INF|NaN",
        "xsd:float": rf"{_NUMBER}(?:[eE][+-]?\d+)?|[+-]?INF|NaN",
        "xsd:date": rf"{_YEAR}-\d\d-\d\d{_ZONE}",
        "xsd:gYear": rf"{_YEAR}{_ZONE}",
        "xsd:gYearMonth": rf"{_YEAR}-(?:0[1-9]|1[0-2]){_ZONE}",
        "xsd:dateTime": rf"{_YEAR}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?{_ZONE}",
        "xsd:anyURI": r'[^\s<>"{}|\\^`]+',
        "geo:wktLiteral": r"(?:<[^<>\s]+>\s*)?[A-Za-z]+(?:\s+(?:Z|M|ZM))?\s*(?:EMPTY|\([-+0-9.eE,()\sA-Za-z]*\))",
    }.items()
}
# What is derived or counted follows what people wrote.
_MADE: Final = (GRAPH_DERIVED, GRAPH_PARTITIONS)
# What stands before the first and after the last word of a text.
_MAY_BE_EMPTY: Final = tuple(pyoxigraph.NamedNode(expand(name)) for name in ("oa:prefix", "oa:suffix"))
# Files whose text does not all go into the graph, and what is looked for in their lines.
_LINES: Final = (".csv", ".rq", ".tsv", ".txt")
_OF_LINES: Final = ("text-control", "text-not-composed", "text-invisible")


class Fault(NamedTuple):
    """What is wrong with a text: the rule, and what to do."""

    rule: str
    message: Text


def text_faults(text: str) -> Iterator[Fault]:
    """What is wrong with the characters of ``text``; nothing is wrong with an empty one."""
    if found := _CONTROL.search(text):
        message = Text("A control character ({sign}) stands in the text; take it out.", sign=visible(found[0]))
        yield Fault("text-control", message)
        return
    composed = unicodedata.normalize("NFC", text)
    if composed != text:
        message = Text(
            "“{word}” is not in normal form NFC; write letters with umlauts or accents as one character.",
            word=_around(text, composed),
        )
        yield Fault("text-not-composed", message)
    if (seen := normal_text(text)) != composed:
        sign = visible(next(a for a, b in zip(composed, f"{seen}\n", strict=False) if a != b))
        message = Text(
            "An invisible character ({sign}) stands in the text and changes nothing; take it out.", sign=sign
        )
        yield Fault("text-invisible", message)


def literal_faults(literal: pyoxigraph.Literal) -> Iterator[Fault]:
    """What is wrong with a literal, its text first."""
    text, datatype = literal.value, literal.datatype.value
    if not text.strip():
        yield Fault("text-empty", Text("The value is empty; write it, or take the statement out."))
        return
    yield from text_faults(text)
    if datatype == _EDTF:
        yield from _date_faults(text)
    elif datatype not in _STRINGS and not _is_well_typed(text, datatype):
        message = Text(
            "“{text}” is no value of the type {name}; correct the value or the type.",
            text=visible(text),
            name=short(datatype),
        )
        yield Fault("ill-typed", message)


def literal_findings(assembly: Assembly, content: Content, store: pyoxigraph.Store) -> Iterator[Finding]:
    """What is wrong with the literals of ``assembly``, and with the lines of tables and queries below ``content``.

    Raises:
        SourceError: a file cannot be read.
    """
    read = lru_cache(maxsize=None)(lambda path: read_utf8(content.root / path, path).split("\n"))
    for path in _files(content):
        for number, fault in line_faults(read(path)):
            yield Finding("violation", in_languages(fault.message), path.as_posix(), None, fault.rule, path, number)
    locator = Locator(assembly.origins, store)
    for quad, fault in _faulty(_literals(assembly, store)):
        assert isinstance(quad.subject, pyoxigraph.NamedNode)
        assert isinstance(quad.object, pyoxigraph.Literal)
        graph = quad.graph_name.value if isinstance(quad.graph_name, pyoxigraph.NamedNode) else None
        file, line = None, None
        if place := locator.place(quad.subject, graph=graph):
            if place.file.suffix in _LINES and fault.rule in _OF_LINES:
                continue
            place = _line_of(quad.object.value, place, read)
            file, line = place.file, place.line
        message, about, predicate = in_languages(fault.message), quad.subject.value, quad.predicate.value
        yield Finding("violation", message, about, predicate, fault.rule, file, line)


def line_faults(lines: Iterable[str]) -> Iterator[tuple[int, Fault]]:
    """What is wrong with the lines of a file; the marks of other systems at its begin and its line ends are no text."""
    for number, line in enumerate(lines, 1):
        text = line.removesuffix("\r")
        if number == 1:
            text = text.removeprefix("\ufeff")
        if not text.isascii() or _CONTROL.search(text):
            yield from ((number, fault) for fault in text_faults(text))


def _date_faults(text: str) -> Iterator[Fault]:
    bounds = read_bounds(text)
    if bounds is None or text != text.strip():
        message = Text(
            "“{text}” is no date that exists and that we read (EDTF): a day, month or year, “2008/2016” or "
            "“[2010-05-28..]”.",
            text=visible(text),
        )
        yield Fault("date-unreadable", message)
    elif bounds.earliest and bounds.latest and bounds.latest < bounds.earliest:
        yield Fault("date-reversed", Text("“{text}” ends before it begins; swap its bounds.", text=text))


@lru_cache(maxsize=1 << 14)
def _is_well_typed(text: str, datatype: str) -> bool:
    pattern = _LEXICAL.get(datatype)
    if pattern is not None and (not pattern.fullmatch(text) or text.count("(") != text.count(")")):
        return False
    with quiet():
        return not rdflib.Literal(text, datatype=rdflib.URIRef(datatype)).ill_typed


def _around(text: str, composed: str) -> str:
    """The word in which ``text`` first differs from its composed form."""
    words = zip(text.split(), composed.split(), strict=False)
    return next((after for before, after in words if before != after), composed[:40])


def _faulty(quads: Iterable[pyoxigraph.Quad]) -> Iterator[tuple[pyoxigraph.Quad, Fault]]:
    faults = lru_cache(maxsize=None)(lambda literal: tuple(literal_faults(literal)))
    for quad in quads:
        if isinstance(quad.object, pyoxigraph.Literal):
            for fault in faults(quad.object):
                if fault.rule != "text-empty" or quad.predicate not in _MAY_BE_EMPTY:
                    yield quad, fault


def _literals(assembly: Assembly, store: pyoxigraph.Store) -> Iterator[pyoxigraph.Quad]:
    """The statements of the graph that people made, and those of the shapes that the graph leaves out."""
    shapes = pyoxigraph.NamedNode(GRAPH_SHAPES)
    for quad in store:
        if not str(quad.graph_name.value).startswith(_MADE):
            yield quad
    for subject, predicate, value in assembly.shapes:
        if isinstance(value, rdflib.Literal):
            owner = _named(assembly.shapes, subject)
            literal = (
                pyoxigraph.Literal(value, language=value.language)
                if value.language
                else pyoxigraph.Literal(value, datatype=pyoxigraph.NamedNode(value.datatype or expand("xsd:string")))
            )
            yield pyoxigraph.Quad(pyoxigraph.NamedNode(owner), pyoxigraph.NamedNode(str(predicate)), literal, shapes)


def _named(graph: rdflib.Graph, node: rdflib.term.Node) -> str:
    """The IRI of ``node``, or of what it is a part of."""
    while isinstance(node, rdflib.BNode):
        node = next(graph.subjects(None, node))
    return str(node)


def _files(content: Content) -> Iterator[Path]:
    for folder in (content.data, content.queries):
        for path in sorted(folder.rglob("*")):
            if path.suffix in _LINES and path.is_file() and not path.name.startswith("."):
                yield content.shown(path)


def _line_of(text: str, place: Place, read: Callable[[Path], list[str]]) -> Place:
    """The line of the text itself, where it is written after its subject as it stands."""
    start = text.strip().split("\n", 1)[0][:60]
    if start:
        for number, line in enumerate(read(place.file)[place.line - 1 :], place.line):
            if start in line:
                return Place(place.file, number)
    return place
