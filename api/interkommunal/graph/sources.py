"""Reads the folder of a source: its text, its description, its passages.

In: ``data/sources/<slug>/`` as people write it. Out: a :class:`Source` with quads in three kinds of graph: what the
source says in the graphs of its passages, what we say about the text in ``graph/passages``, its description in
``graph/sources``.

Lines of a text that are not modelled, each with a reason in German and English (``ignored.csv`` of a source).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from interkommunal.content import Content
from interkommunal.errors import QuoteError, SourceError, SyntaxProblem, TermError
from interkommunal.graph import terms
from interkommunal.graph.dataset import Origins, Place, written_files
from interkommunal.graph.parse import ParsedFile, parse_file, refuse_blank_nodes
from interkommunal.graph.passages import PassageName, parse_passage
from interkommunal.graph.quotes import Quote, SourceText, quote_at, read_text, resolve, selector_quads
from interkommunal.graph.reference import read_table
from interkommunal.graph.terms import named
from interkommunal.namespaces import GRAPH_PASSAGES, GRAPH_SOURCES, SOURCE

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


_PASSAGES = NamedNode(GRAPH_PASSAGES)
_SOURCES = NamedNode(GRAPH_SOURCES)
_STRING = named("xsd:string")
_OTHER_FILES = ("text.txt", "source.ttl", "ignored.csv")
# What the build writes on a passage; an author who writes one of them would get two.
_BUILT = (terms.OA_HAS_SOURCE, terms.OA_HAS_SELECTOR, terms.OA_SUFFIX, terms.IK_LINE)


@dataclass(frozen=True)
class Passage:
    """A stretch of the text with its quote, how many facts were read from it, and where it is written."""

    name: PassageName
    quote: Quote
    facts: int
    place: Place


@dataclass(frozen=True)
class Source:
    """A source that was read; ``quads`` are all its statements, ``files`` what they were read from."""

    slug: str
    text: SourceText
    passages: tuple[Passage, ...]
    ignored: tuple[IgnoredLine, ...]
    quads: tuple[Quad, ...]
    text_file: Path
    files: tuple[Path, ...]


def read_source(folder: Path, content: Content, origins: Origins) -> Source:
    """The source in ``folder``; its name is the slug.

    Raises:
        SourceError: if a file is missing, does not parse, or a passage is not what it should be (see the messages).
    """
    slug = folder.name
    text_file = content.shown(folder / "text.txt")
    text = read_text(folder / "text.txt", text_file)
    description = _read_description(folder / "source.ttl", content, text)
    description.remember(origins, GRAPH_SOURCES)
    labels = _labels(description, slug)
    quads = [Quad(quad.subject, quad.predicate, quad.object, _SOURCES) for quad in description.quads]
    ignored_file = content.shown(folder / "ignored.csv")
    ignored = read_ignored(folder / "ignored.csv", ignored_file, slug, text)
    for line in ignored:
        origins.add_subject(line.iri, GRAPH_SOURCES, line.place)
        quads += ignored_quads(line, text, labels)
    reader = _PassageReader(slug, text, labels, origins)
    for path in written_files(folder, content, ".trig", _OTHER_FILES):
        reader.read(parse_file(path, content.shown(path)))
    files = [description.file, *reader.files, *([ignored_file] if ignored else [])]
    return Source(slug, text, tuple(reader.passages), ignored, (*quads, *reader.quads), text_file, tuple(files))


def _read_description(path: Path, content: Content, text: SourceText) -> ParsedFile:
    shown = content.shown(path)
    if not path.exists():
        raise SourceError("the description of the source is missing; describe it there in Turtle", shown)
    parsed = parse_file(path, shown)
    refuse_blank_nodes(parsed)
    source = NamedNode(f"{SOURCE}{path.parent.name}")
    sums = [quad.object for quad in parsed.quads if (quad.subject, quad.predicate) == (source, terms.SCHEMA_SHA256)]
    if [s.value for s in sums if isinstance(s, Literal)] != [text.sha256]:
        message = f"the text has the SHA-256 {text.sha256}; state that as schema:sha256, or restore the text"
        raise SourceError(message, shown, parsed.line_of(source.value))
    return parsed


def _labels(description: ParsedFile, slug: str) -> dict[str, str]:
    """The labels of the source by language, its slug where there is none."""
    found = {
        quad.object.language: quad.object.value
        for quad in description.quads
        if quad.predicate == terms.RDFS_LABEL
        and quad.subject == NamedNode(f"{SOURCE}{slug}")
        and isinstance(quad.object, Literal)
    }
    return {language: found.get(language, slug) for language in ("de", "en")}


class _PassageReader:
    """Collects the passages of one source over its files."""

    def __init__(self, slug: str, text: SourceText, labels: dict[str, str], origins: Origins) -> None:
        self.slug = slug
        self.text = text
        self.labels = labels
        self.origins = origins
        self.passages: list[Passage] = []
        self.quads: list[Quad] = []
        self.files: list[Path] = []
        self._places: dict[str, Place] = {}

    def read(self, parsed: ParsedFile) -> None:
        """Add the passages of a file."""
        self.files.append(parsed.file)
        refuse_blank_nodes(parsed)
        blocks: dict[str, list[Quad]] = defaultdict(list)
        for quad in parsed.quads:
            if isinstance(quad.graph_name, DefaultGraph):
                line = next((line for _, graph, line in parsed.outline.subjects if graph is None), None)
                message = "a statement outside every block; put it into the block of the passage that says it"
                raise SyntaxProblem(message, parsed.file, line)
            blocks[quad.graph_name.value].append(quad)
        parsed.remember(self.origins)
        for block in parsed.outline.blocks:
            self._block(block.name, blocks.get(block.name, []), parsed, parsed.place(block.line))

    def _block(self, iri: str, quads: list[Quad], parsed: ParsedFile, place: Place) -> None:
        name = self._name(iri, place)
        if earlier := self._places.get(iri):
            message = f"the passage {name.local} has a block already, at {earlier}; give this quote a number of its own"
            raise TermError(message, place.file, place.line)
        self._places[iri] = place
        passage = NamedNode(iri)
        about = [quad for quad in quads if self._is_about(quad, passage)]
        facts = [quad for quad in quads if not self._is_about(quad, passage)]
        self._refuse_other_passages(facts, name, parsed)
        exact, prefix = _quote_as_written(about, name, place)
        quote = resolve(self.text, name, exact, prefix, place)
        self.quads += facts
        self.quads += self._registered(passage, name, about, quote)
        self.passages.append(Passage(name, quote, len(facts), place))
        self.origins.add_subject(iri, GRAPH_PASSAGES, place)
        self.origins.add_subject(f"{iri}-selector", GRAPH_PASSAGES, place)

    def _name(self, iri: str, place: Place) -> PassageName:
        try:
            name = parse_passage(iri)
        except ValueError as error:
            raise TermError(f"a block of a source is named by its passage: {error}", place.file, place.line) from None
        if name.slug != self.slug:
            message = f"the passage is of the source {name.slug}, the folder of {self.slug}; move the block or name it"
            raise TermError(message, place.file, place.line)
        return name

    @staticmethod
    def _is_about(quad: Quad, passage: NamedNode) -> bool:
        return quad.subject == passage or quad.subject == NamedNode(f"{passage.value}-selector")

    @staticmethod
    def _refuse_other_passages(facts: list[Quad], name: PassageName, parsed: ParsedFile) -> None:
        for quad in facts:
            subject = quad.subject
            if not isinstance(subject, NamedNode):
                continue
            try:
                other = parse_passage(subject.value)
            except ValueError:
                continue
            line = parsed.line_of(subject.value, name.iri)
            raise TermError(
                f"describe the passage {other.local} in its own block, not in {name.local}", parsed.file, line
            )

    def _registered(self, passage: NamedNode, name: PassageName, about: list[Quad], quote: Quote) -> Iterator[Quad]:
        labelled = False
        for quad in about:
            if quad.predicate not in (terms.OA_EXACT, terms.OA_PREFIX):
                labelled |= quad.predicate == terms.RDFS_LABEL
                yield Quad(quad.subject, quad.predicate, quad.object, _PASSAGES)
        yield from selector_quads(passage, NamedNode(f"{SOURCE}{self.slug}"), quote, _PASSAGES)
        if not labelled:
            for language, label in self.labels.items():
                literal = Literal(name.label(language, label), language=language)
                yield Quad(passage, terms.RDFS_LABEL, literal, _PASSAGES)


def _quote_as_written(about: list[Quad], name: PassageName, place: Place) -> tuple[str, str | None]:
    """The quote and the text before it, as the author wrote them."""
    for quad in about:
        if quad.predicate in _BUILT:
            term = quad.predicate.value.rpartition("#")[2]
            raise TermError(
                f"{name.local}: {term} is written by the build; write oa:exact only", place.file, place.line
            )
    if not any((q.predicate, q.object) == (terms.RDF_TYPE, terms.IK_PASSAGE) for q in about):
        message = f'the block must say what {name.local} is: {name.local} a ik:Passage ; oa:exact "…" ; …'
        raise TermError(message, place.file, place.line)
    exact = _strings(about, terms.OA_EXACT, name, place)
    prefix = _strings(about, terms.OA_PREFIX, name, place)
    if len(exact) != 1 or len(prefix) > 1:
        message = f"{name.local}: a passage has one oa:exact and at most one oa:prefix; this one has"
        raise QuoteError(f"{message} {len(exact)} and {len(prefix)}", place.file, place.line)
    return exact[0], prefix[0] if prefix else None


def _strings(about: list[Quad], predicate: NamedNode, name: PassageName, place: Place) -> list[str]:
    values = []
    for quad in about:
        if quad.predicate != predicate:
            continue
        if (
            not isinstance(quad.object, Literal)
            or quad.object.language
            or not quad.object.datatype.value.endswith("#string")
        ):
            term = predicate.value.rpartition("#")[2]
            raise QuoteError(
                f"{name.local}: oa:{term} is a plain string without language or type", place.file, place.line
            )
        values.append(quad.object.value)
    return values
