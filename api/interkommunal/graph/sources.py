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

from pyoxigraph import Literal, NamedNode, Quad

from interkommunal.content import Content
from interkommunal.errors import QuoteError, SourceError, SyntaxProblem, TermError
from interkommunal.graph.dataset import Origins, Place, written_files
from interkommunal.graph.parse import ParsedFile, parse_file, refuse_blank_nodes
from interkommunal.graph.passages import PassageName, parse_passage
from interkommunal.graph.quotes import Quote, SourceText, quote_at, read_text, resolve, selector_quads
from interkommunal.graph.reference import read_table
from interkommunal.graph.terms import about, in_graph, named
from interkommunal.namespaces import GRAPH_PASSAGES, GRAPH_SOURCES, SOURCE

COLUMNS = ("line", "reason_de", "reason_en")
_OTHER_FILES = ("text.txt", "source.ttl", "ignored.csv")
# What the build writes on a passage; an author who writes one of them would get two.
_BUILT = ("oa:hasSource", "oa:hasSelector", "oa:suffix", "ik:line")


@dataclass(frozen=True)
class IgnoredLine:
    """A line that holds nothing to model, why (German, English), and where that is written."""

    name: PassageName
    reason_de: str
    reason_en: str
    place: Place

    @property
    def line(self) -> int:
        """Its number."""
        return self.name.first

    @property
    def iri(self) -> str:
        """IRI of the line as a thing, below its source."""
        return f"{SOURCE}{self.name.slug}/{self.name.local}"


@dataclass(frozen=True)
class Passage:
    """A stretch of the text with its quote, and how many facts were read from it."""

    name: PassageName
    quote: Quote
    facts: int


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
    text_file, ignored_file = content.shown(folder / "text.txt"), content.shown(folder / "ignored.csv")
    text = read_text(folder / "text.txt", text_file)
    description = _read_description(folder / "source.ttl", content, text)
    description.remember(origins, GRAPH_SOURCES)
    labels = {"de": slug, "en": slug} | {
        quad.object.language: quad.object.value
        for quad in description.quads
        if (quad.subject, quad.predicate) == (NamedNode(f"{SOURCE}{slug}"), named("rdfs:label"))
        and isinstance(quad.object, Literal)
        and quad.object.language in ("de", "en")
    }
    quads = [*in_graph((quad.triple for quad in description.quads), GRAPH_SOURCES)]
    ignored = _read_ignored(folder / "ignored.csv", ignored_file, slug, text)
    for line in ignored:
        origins.add_subject(line.iri, GRAPH_SOURCES, line.place)
        quads += _ignored_quads(line, text, labels)
    reader = _PassageReader(slug, text, labels, origins)
    files = [description.file, *([ignored_file] if ignored else [])]
    for path in written_files(folder, content, ".trig", _OTHER_FILES):
        files.append(content.shown(path))
        reader.read(parse_file(path, files[-1]))
    return Source(slug, text, tuple(reader.passages), ignored, (*quads, *reader.quads), text_file, tuple(files))


def _read_description(path: Path, content: Content, text: SourceText) -> ParsedFile:
    shown = content.shown(path)
    if not path.exists():
        raise SourceError("the description of the source is missing; describe it there in Turtle", shown)
    parsed = parse_file(path, shown)
    refuse_blank_nodes(parsed)
    source = f"{SOURCE}{path.parent.name}"
    sums = [
        quad.object.value
        for quad in parsed.quads
        if (quad.subject, quad.predicate) == (NamedNode(source), named("schema:sha256"))
        and isinstance(quad.object, Literal)
    ]
    if sums != [text.sha256]:
        message = f"the text has the SHA-256 {text.sha256}; state that as schema:sha256, or restore the text"
        raise SourceError(message, shown, parsed.line_of(source))
    return parsed


def _read_ignored(path: Path, shown: Path, slug: str, text: SourceText) -> tuple[IgnoredLine, ...]:
    """The lines listed in ``path``; none if the file does not exist.

    Raises:
        SyntaxProblem: for wrong columns, a line that is no number, does not exist, is empty or stands twice, or a
            missing reason.
    """
    lines: dict[str, IgnoredLine] = {}
    for row, at in read_table(path, shown, COLUMNS) if path.exists() else ():
        number, german, english = row.values()
        if not number.isdecimal() or not 1 <= int(number) <= len(text.lines):
            message = f"{number!r} is no line of the text, which has {len(text.lines)} lines"
            raise SyntaxProblem(message, shown, at)
        if not text.line(int(number)).strip():
            raise SyntaxProblem(f"line {number} is empty; only lines with text are listed", shown, at)
        if not german or not english:
            raise SyntaxProblem(f"line {number} needs a reason in German and in English", shown, at)
        ignored = IgnoredLine(PassageName(slug, int(number), int(number)), german, english, Place(shown, at))
        if (earlier := lines.setdefault(ignored.iri, ignored)) is not ignored:
            message = f"line {ignored.line} is listed twice, first in line {earlier.place.line} of this file"
            raise SyntaxProblem(message, shown, at)
    return tuple(lines.values())


def _ignored_quads(ignored: IgnoredLine, text: SourceText, labels: dict[str, str]) -> Iterator[Quad]:
    """The description of an ignored line, for the graph of the sources; ``labels`` of the source by language."""
    line = text.line(ignored.line)
    start = text.span(ignored.line, ignored.line)[0] + len(line) - len(line.lstrip())
    quote = quote_at(text, start, start + len(line.strip()))
    yield from selector_quads(ignored.iri, f"{SOURCE}{ignored.name.slug}", quote, GRAPH_SOURCES)
    yield from about(
        ignored.iri,
        GRAPH_SOURCES,
        ("rdf:type", named("ik:NotModelledLine")),
        ("rdfs:label", {language: ignored.name.label(language, label) for language, label in labels.items()}),
        ("rdfs:comment", {"de": ignored.reason_de, "en": ignored.reason_en}),
    )


class _PassageReader:
    """Collects the passages of one source over its files."""

    def __init__(self, slug: str, text: SourceText, labels: dict[str, str], origins: Origins) -> None:
        self.slug, self.text, self.labels, self.origins = slug, text, labels, origins
        self.passages: list[Passage] = []
        self.quads: list[Quad] = []
        self._places: dict[str, Place] = {}

    def read(self, parsed: ParsedFile) -> None:
        """Add the passages of a file."""
        refuse_blank_nodes(parsed)
        parsed.refuse_outside("a statement outside every block; put it into the block of the passage that says it")
        blocks: dict[str, list[Quad]] = defaultdict(list)
        for quad in parsed.quads:
            if isinstance(quad.graph_name, NamedNode):
                blocks[quad.graph_name.value].append(quad)
        parsed.remember(self.origins)
        for iri, line in parsed.outline.blocks:
            self._block(iri, blocks[iri], parsed, parsed.place(line))

    def _block(self, iri: str, quads: list[Quad], parsed: ParsedFile, place: Place) -> None:
        try:
            name = parse_passage(iri)
        except ValueError as error:
            raise TermError(f"a block of a source is named by its passage: {error}", *place) from None
        if name.slug != self.slug:
            message = f"the passage is of the source {name.slug}, the folder of {self.slug}; move the block or name it"
            raise TermError(message, *place)
        if (earlier := self._places.setdefault(iri, place)) is not place:
            message = f"the passage {name.local} has a block already, at {earlier}; give this quote a number of its own"
            raise TermError(message, *place)
        own = (NamedNode(iri), NamedNode(f"{iri}-selector"))
        said = [quad for quad in quads if quad.subject in own]
        facts = [quad for quad in quads if quad.subject not in own]
        _refuse_other_passages(facts, name, parsed)
        quote = resolve(self.text, name, *_quote_as_written(said, name, place), place)
        self.quads += facts
        self.quads += self._registered(name, said, quote)
        self.passages.append(Passage(name, quote, len(facts)))
        for node in own:
            self.origins.add_subject(node.value, GRAPH_PASSAGES, place)

    def _registered(self, name: PassageName, said: list[Quad], quote: Quote) -> Iterator[Quad]:
        kept = (quad.triple for quad in said if quad.predicate not in (named("oa:exact"), named("oa:prefix")))
        yield from in_graph(kept, GRAPH_PASSAGES)
        yield from selector_quads(name.iri, f"{SOURCE}{self.slug}", quote, GRAPH_PASSAGES)
        if not any(quad.predicate == named("rdfs:label") for quad in said):
            labels = {language: name.label(language, label) for language, label in self.labels.items()}
            yield from about(name.iri, GRAPH_PASSAGES, ("rdfs:label", labels))


def _refuse_other_passages(facts: list[Quad], name: PassageName, parsed: ParsedFile) -> None:
    for quad in facts:
        try:
            other = parse_passage(str(quad.subject).strip("<>"))
        except ValueError:
            continue
        message = f"describe the passage {other.local} in its own block, not in {name.local}"
        raise TermError(message, parsed.file, parsed.line_of(other.iri, name.iri))


def _quote_as_written(said: list[Quad], name: PassageName, place: Place) -> tuple[str, str | None]:
    """The quote and the text before it, as the author wrote them."""
    texts: dict[str, list[str]] = {"exact": [], "prefix": []}
    for term in _BUILT:
        if any(quad.predicate == named(term) for quad in said):
            message = f"{name.local}: {term.partition(':')[2]} is written by the build; write oa:exact only"
            raise TermError(message, *place)
    if not any((quad.predicate, quad.object) == (named("rdf:type"), named("ik:Passage")) for quad in said):
        message = f'the block must say what {name.local} is: {name.local} a ik:Passage ; oa:exact "…" ; …'
        raise TermError(message, *place)
    for term, found in texts.items():
        for quad in said:
            if quad.predicate == named(f"oa:{term}"):
                if not isinstance(quad.object, Literal) or quad.object.datatype != named("xsd:string"):
                    message = f"{name.local}: oa:{term} is a plain string without language or type"
                    raise QuoteError(message, *place)
                found.append(quad.object.value)
    exact, prefix = texts.values()
    if len(exact) != 1 or len(prefix) > 1:
        message = f"{name.local}: a passage has one oa:exact and at most one oa:prefix; this one has"
        raise QuoteError(f"{message} {len(exact)} and {len(prefix)}", *place)
    return exact[0], prefix[0] if prefix else None
