"""Lines of a text that are not modelled, each with a reason in German and English (``ignored.csv`` of a source)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from interkommunal.errors import SyntaxProblem
from interkommunal.graph import terms
from interkommunal.graph.passages import PassageName
from interkommunal.graph.places import Place
from interkommunal.graph.quotes import quote_at
from interkommunal.graph.selectors import selector_quads
from interkommunal.graph.table import read_table
from interkommunal.graph.text import SourceText
from interkommunal.namespaces import GRAPH_SOURCES, SOURCE

COLUMNS = ("line", "reason_de", "reason_en")


@dataclass(frozen=True)
class IgnoredLine:
    """A line that holds nothing to model, why (German, English), and where that is written."""

    slug: str
    line: int
    reason_de: str
    reason_en: str
    place: Place

    @property
    def iri(self) -> str:
        """IRI of the line as a thing, below its source."""
        return f"{SOURCE}{self.slug}/{PassageName(self.slug, self.line, self.line).local}"


def read_ignored(path: Path, shown: Path, slug: str, text: SourceText) -> tuple[IgnoredLine, ...]:
    """The lines listed in ``path``; none if the file does not exist.

    Raises:
        SyntaxProblem: for wrong columns, a line that is no number, does not exist, is empty or stands twice, or a
            missing reason.
    """
    if not path.exists():
        return ()
    lines: dict[int, IgnoredLine] = {}
    for row, at in read_table(path, shown, COLUMNS):
        ignored = _ignored_line(row, slug, text, Place(shown, at))
        if earlier := lines.get(ignored.line):
            message = f"line {ignored.line} is listed twice, first in line {earlier.place.line} of this file"
            raise SyntaxProblem(message, shown, at)
        lines[ignored.line] = ignored
    return tuple(lines.values())


def _ignored_line(row: dict[str, str], slug: str, text: SourceText, place: Place) -> IgnoredLine:
    number, german, english = (row[column] for column in COLUMNS)
    if not number.isdecimal() or not 1 <= int(number) <= len(text.lines):
        message = f"{number!r} is no line of the text, which has {len(text.lines)} lines"
        raise SyntaxProblem(message, place.file, place.line)
    if not text.line(int(number)).strip():
        raise SyntaxProblem(f"line {number} is empty; only lines with text are listed", place.file, place.line)
    if not german or not english:
        raise SyntaxProblem(f"line {number} needs a reason in German and in English", place.file, place.line)
    return IgnoredLine(slug, int(number), german, english, place)


def ignored_quads(ignored: IgnoredLine, text: SourceText, labels: dict[str, str]) -> Iterator[Quad]:
    """The description of an ignored line, for the graph of the sources; ``labels`` of the source by language."""
    graph, node = NamedNode(GRAPH_SOURCES), NamedNode(ignored.iri)
    line = text.line(ignored.line)
    start = text.span(ignored.line, ignored.line)[0] + len(line) - len(line.lstrip())
    name = PassageName(ignored.slug, ignored.line, ignored.line)
    yield Quad(node, terms.RDF_TYPE, terms.IK_NOT_MODELLED, graph)
    yield from selector_quads(
        node, NamedNode(f"{SOURCE}{ignored.slug}"), quote_at(text, start, start + len(line.strip())), graph
    )
    for language, reason in (("de", ignored.reason_de), ("en", ignored.reason_en)):
        yield Quad(node, terms.RDFS_LABEL, Literal(name.label(language, labels[language]), language=language), graph)
        yield Quad(node, terms.RDFS_COMMENT, Literal(reason, language=language), graph)
