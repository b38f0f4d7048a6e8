"""``/sources/`` and ``/sources/{slug}``: the list of sources, and the reader of one; ``.txt`` is the bare text.

The page of the reader has the lines with marks, a key, and the statements read from the chosen passage. A source is
registered with its passages, its sections and the lines that are not modelled, with the reason. Its text comes in lines
that are cut where passages begin and end; passages may nest, overlap and run over lines.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from interkommunal.namespaces import GRAPH_PASSAGES, GRAPH_SOURCES, PASSAGE, SOURCE, expand, with_prologue
from interkommunal.site.context import PageRequest, SiteContext
from interkommunal.site.description.passages import (
    ASSERTED,
    CONFLICT,
    GARBLED,
    GOAL,
    Passage,
    SourceText,
    read_passages,
)
from interkommunal.site.description.queries import bracketed, select
from interkommunal.site.description.statements import GraphClient, Statement, Statements
from interkommunal.site.entity.clusters import note_of, passage_evidence
from interkommunal.site.entity.context import EntityContext, gather
from interkommunal.site.entity.model import Evidence, Link, Mark, Note, Value
from interkommunal.site.errors import Missing
from interkommunal.site.release_view import ReleaseView
from interkommunal.site.site import iri_of
from interkommunal.texts import Language
from interkommunal.web.representation import Representation, data_headers


@dataclass(frozen=True)
class Register:
    """What is registered of a source.

    Attributes:
        passages: by IRI, in the order of the text.
        reasons: by line, why it is not modelled, as texts in both languages.
        sections: IRIs, in their order. statements: all of the above as statements.
    """

    passages: dict[str, Passage]
    reasons: dict[int, str]
    sections: tuple[str, ...]
    statements: Statements

    def reason(self, line: int, language: Language) -> str | None:
        """Why a line is not modelled."""
        node = self.reasons.get(line)
        return None if node is None else self.statements.text(node, expand("rdfs:comment"), language) or ""


async def read_register(source: str, client: GraphClient) -> Register:
    """The register of a source; empty if the release does not know it.

    Raises:
        QueryError: the engine cannot answer.
    """
    statements = await client.statements(_passages(source), _sections(source))
    reasons = {
        line: node
        for node in statements.subjects()
        if (line := statements.number(node, expand("ik:line"))) is not None
        and expand("ik:NotModelledLine") in statements.types(node)
    }
    sections = [item for item in statements.subjects() if expand("ik:Section") in statements.types(item)]
    return Register(read_passages(statements), reasons, tuple(statements.in_order(sections)), statements)


async def mentioning(thing: str, source: str, client: GraphClient) -> set[str]:
    """The passages of a source that speak of a thing.

    Raises:
        QueryError: the engine cannot answer.
    """
    pattern = f"{bracketed(thing)} ik:mentionedIn ?passage . ?passage oa:hasSource {bracketed(source)}"
    rows = await client.rows(with_prologue(f"SELECT ?passage WHERE {{ {pattern} }}"))
    return {row[0].value for row in rows if row[0] is not None and hasattr(row[0], "value")}


def _passages(source: str) -> str:
    own = f"?subject oa:hasSource {bracketed(source)} . ?subject ?property ?value"
    selector = f"?marked oa:hasSource {bracketed(source)} ; oa:hasSelector ?subject . ?subject ?property ?value"
    return select(
        "\n    UNION ".join(
            f"{{ GRAPH <{graph}> {{ {pattern} }} BIND (<{graph}> AS ?graph) }}"
            for graph in (GRAPH_PASSAGES, GRAPH_SOURCES)
            for pattern in (own, selector)
        )
    )


def _sections(source: str) -> str:
    return select(f"""    ?subject a ik:Section ; dcterms:isPartOf {bracketed(source)} .
    GRAPH ?graph {{ ?subject ?property ?value }}
    FILTER (?property != ik:mentionedIn)""")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a line.

    Attributes:
        text: as printed. passages: those that cover it, the shortest first; empty where none does.
        opens: whether its shortest passage begins here, so that this is the piece to stop at.
    """

    text: str
    passages: tuple[Passage, ...]
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text.

    Attributes:
        number: 1-based. stretches: its pieces, in order; none for an empty line.
        passages: those that touch it, in the order of the text. hidden: those of them that begin here and are the
            shortest nowhere, so that no piece leads to them.
    """

    number: int
    stretches: tuple[Stretch, ...]
    passages: tuple[Passage, ...]
    hidden: tuple[Passage, ...]

    @property
    def anchor(self) -> str:
        """Fragment of the line."""
        return f"L{self.number:03d}"

    @property
    def is_empty(self) -> bool:
        """Whether nothing is printed on it."""
        return not any(stretch.text.strip() for stretch in self.stretches)


def marked(text: SourceText, passages: Iterable[Passage]) -> list[Line]:
    """The lines of a text with their passages; passages that the text does not hold are left out."""
    fitting = [item for item in passages if text.text[item.start : item.end] == item.exact and item.exact]
    by_line: dict[int, list[Passage]] = {}
    for passage in fitting:
        for number in range(text.line_at(passage.start), text.line_at(passage.end - 1) + 1):
            by_line.setdefault(number, []).append(passage)
    opened: set[str] = set()
    cut = [_cut(text, number, by_line.get(number, ()), opened) for number in range(1, text.lines + 1)]
    lines = []
    for number, stretches in enumerate(cut, 1):
        here = tuple(by_line.get(number, ()))
        hidden = tuple(item for item in here if item.iri not in opened and text.line_at(item.start) == number)
        lines.append(Line(number, stretches, here, hidden))
    return lines


def _cut(text: SourceText, number: int, passages: Sequence[Passage], opened: set[str]) -> tuple[Stretch, ...]:
    start, end = text.span(number)
    borders = {start, end}
    for passage in passages:
        borders.update(border for border in (passage.start, passage.end) if start < border < end)
    ordered = sorted(borders)
    stretches = []
    for left, right in itertools.pairwise(ordered):
        covering = [item for item in passages if item.start <= left and right <= item.end]
        covering.sort(key=lambda item: (item.end - item.start, -item.start, item.iri))
        opens = bool(covering) and covering[0].iri not in opened
        if opens:
            opened.add(covering[0].iri)
        stretches.append(Stretch(text.text[left:right], tuple(covering), opens))
    return tuple(stretches)


_STATUSES: Final = (ASSERTED, GOAL, CONFLICT, GARBLED)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line, ready to be shown.

    Attributes:
        text: as printed. href: chooses its passage; ``None`` where no passage covers it.
        inside: names of all passages that cover it. status: kind of mark of the shortest.
        stops: whether the keyboard stops here. chosen: whether the chosen passage covers it.
        lit: whether a passage about the chosen thing covers it.
    """

    text: str
    href: str | None = None
    inside: str = ""
    status: str = ""
    stops: bool = False
    chosen: bool = False
    lit: bool = False


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line, ready to be shown.

    Attributes:
        number, anchor: of the line. pieces: what is printed. marks: standings of its passages that are not plain.
        hidden: passages that no piece leads to. reason: why it is not modelled, or ``None``.
    """

    number: int
    anchor: str
    pieces: tuple[Piece, ...]
    marks: tuple[Mark, ...]
    hidden: tuple[Link, ...]
    reason: str | None


@dataclass(frozen=True, slots=True)
class Said:
    """What a passage says of one thing."""

    thing: Link
    facts: tuple[tuple[Link, tuple[Value, ...]], ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The chosen passage.

    Attributes:
        name: last part of its IRI. evidence: its quote and standing. said: statements read from it, by thing.
        notes: discrepancies about it. page: its own page. previous, next: passages before and after it.
        close: the reader without a choice.
    """

    name: str
    evidence: Evidence
    said: tuple[Said, ...]
    notes: tuple[Note, ...]
    page: str | None
    previous: str | None
    next: str | None
    close: str


@dataclass(frozen=True)
class ReaderView:
    """The page.

    Attributes:
        title: name of the source. crumbs: the way here. lines: the text. sections: its parts, with their first line.
        legend: the standings, in words. chosen: the chosen passage. entity: the chosen thing, and how many passages.
        plain: the text as a file. all: the reader without a chosen thing.
    """

    title: str
    crumbs: tuple[Link, ...]
    lines: tuple[ShownLine, ...]
    sections: tuple[Link, ...]
    legend: tuple[Mark, ...]
    chosen: Chosen | None
    entity: tuple[Link, int] | None
    plain: str
    all: str


class Reader:
    """Makes the view of one request.

    Args:
        context: names, links and words; of the chosen passage if there is one.
        register: what is registered of the source.
        address: of the reader, without parameters.
        entity: path of the chosen thing below ``/doc/``, or ``None``.
        lit: passages about it.
    """

    def __init__(
        self, context: EntityContext, register: Register, address: str, entity: str | None, lit: set[str] | None
    ) -> None:
        self._context = context
        self._register = register
        self._address = address
        self._entity = entity
        self._lit = lit or set()

    def line(self, line: Line, chosen: Passage | None) -> ShownLine:
        """A line, ready to be shown."""
        statuses = [item for item in _STATUSES[1:] if any(item in passage.statuses for passage in line.passages)]
        return ShownLine(
            number=line.number,
            anchor=line.anchor,
            pieces=() if line.is_empty else tuple(self._piece(item, chosen) for item in line.stretches),
            marks=self._context.marks(statuses),
            hidden=tuple(Link(item.name, self._choose(item)) for item in line.hidden),
            reason=self._register.reason(line.number, self._context.language),
        )

    def chosen(self, passage: Passage) -> Chosen:
        """The chosen passage with what was read from it."""
        order = list(self._register.passages.values())
        here = order.index(passage)
        own = [item for item in self._context.statements if item.graph == passage.iri]
        notes = [
            note_of(finding, self._context)
            for finding in self._context.findings.values()
            if passage.iri in finding.targets
        ]
        return Chosen(
            name=passage.name,
            evidence=passage_evidence(passage, self._context),
            said=tuple(self._said(own)),
            notes=tuple(notes),
            page=self._context.site.page(passage.iri),
            previous=self._choose(order[here - 1]) if here else None,
            next=self._choose(order[here + 1]) if here + 1 < len(order) else None,
            close=f"{self._with_entity({})}#{passage.anchor}",
        )

    def legend(self) -> tuple[Mark, ...]:
        """The standings in words."""
        return self._context.marks(_STATUSES)

    def sections(self) -> tuple[Link, ...]:
        """The sections of the text, each leading to its first line."""
        first: dict[str, Passage] = {}
        for passage in self._register.passages.values():
            if passage.section:
                first.setdefault(passage.section, passage)
        statements, found = self._register.statements, []
        for section in self._register.sections:
            if section in first:
                headline = statements.text(section, expand("schema:headline"), "de")
                name = headline or statements.text(section, expand("schema:name"), "de") or ""
                found.append(Link(name, f"#{first[section].anchor}", self._context.other_language("de")))
        return tuple(found)

    def _piece(self, stretch: Stretch, chosen: Passage | None) -> Piece:
        if not stretch.passages:
            return Piece(stretch.text)
        nearest = stretch.passages[0]
        covering = {item.iri for item in stretch.passages}
        lit = bool(covering & self._lit)
        # With a thing chosen, a piece leads to the passage about it.
        target = next((item for item in stretch.passages if item.iri in self._lit), nearest) if lit else nearest
        kinds = [mark.kind for mark in self._context.marks(nearest.statuses)]
        return Piece(
            text=stretch.text,
            href=self._choose(target),
            inside=" ".join(item.name for item in stretch.passages),
            status=next((kind for kind in kinds if kind != "asserted"), "asserted"),
            stops=stretch.opens,
            chosen=chosen is not None and chosen.iri in covering,
            lit=lit,
        )

    def _choose(self, passage: Passage) -> str:
        return f"{self._with_entity({'passage': passage.name})}#{passage.anchor}"

    def _with_entity(self, parameters: dict[str, str]) -> str:
        given = {**({"entity": self._entity} if self._entity else {}), **parameters}
        return f"{self._address}?{urlencode(given, safe='/')}" if given else self._address

    def _said(self, statements: Iterable[Statement]) -> Iterable[Said]:
        context = self._context
        for subject, about in groupby(statements, key=lambda item: item.subject):
            facts = []
            for property_, same in groupby(about, key=lambda item: item.predicate):
                values = tuple(context.value(item.subject, item.predicate, item.value) for item in same)
                facts.append((context.term_link(property_), values))
            yield Said(context.link(subject), tuple(facts))


PATH: Final = "/sources/"
_TEXT: Final = ".txt"


@dataclass(frozen=True)
class Opened:
    """A source: what is registered of it, and its lines with their passages."""

    register: Register
    lines: tuple[Line, ...]


class Sources:
    """Answers for sources."""

    def __init__(self, site_context: SiteContext) -> None:
        self._site_context = site_context
        self._opened: dict[tuple[str, str], Opened] = {}

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD.

        Raises:
            Missing: there is no such source.
            QueryError: the engine cannot answer.
        """
        site_context = self._site_context
        page_request = site_context.page_request(request, ("entity", "passage"))
        release_view = await site_context.editions.current()
        slug = page_request.path.removeprefix(PATH)
        people = () if slug.endswith(_TEXT) else (page_request.language, page_request.parameters)
        key = (release_view.identifier, "source", slug, *people)
        return await site_context.kept(page_request, key, lambda: self._make(slug, page_request, release_view))

    async def _make(self, slug: str, page_request: PageRequest, release_view: ReleaseView) -> Representation:
        if not slug:
            return self._index(page_request, release_view)
        if slug.endswith(_TEXT):
            return self._plain(slug.removesuffix(_TEXT), page_request, release_view)
        return await self._reader(slug, page_request, release_view)

    def _index(self, page_request: PageRequest, release_view: ReleaseView) -> Representation:
        frame = self._site_context.frame(page_request, release_view, PATH)
        statements = release_view.lexicon.statements
        sources = [item for item in statements.subjects() if item.startswith(SOURCE) and _is_source(item, statements)]
        entries = [
            (
                Link(
                    release_view.lexicon.name(item, page_request.language).text,
                    frame.address(f"{PATH}{item[len(SOURCE) :]}"),
                ),
                release_view.lexicon.text(item, "rdfs:comment", page_request.language),
            )
            for item in sources
        ]
        say = frame.say
        crumbs = (Link(say("Start"), frame.address("/")), Link(say("Sources"), None))
        return self._site_context.page("sources.html", frame, entries=entries, crumbs=crumbs)

    def _plain(self, slug: str, page_request: PageRequest, release_view: ReleaseView) -> Representation:
        text = release_view.text(slug)
        if text is None:
            raise Missing(page_request.path)
        headers = data_headers(
            "text/plain; charset=utf-8", self._site_context.cache_control, (b"content-language", b"de")
        )
        return Representation(text.text.encode("utf-8"), headers)

    async def _reader(self, slug: str, page_request: PageRequest, release_view: ReleaseView) -> Representation:
        site_context, source = self._site_context, f"{SOURCE}{slug}"
        if not _is_source(source, release_view.lexicon.statements):
            raise Missing(page_request.path)
        entity = page_request.parameter("entity")
        thing = iri_of(f"/doc/{entity}") if entity else None
        opened, lit = await asyncio.gather(
            self._open(slug, release_view), mentioning(thing, source, site_context.client) if thing else _none()
        )
        register = opened.register
        chosen = register.passages.get(f"{PASSAGE}{slug}/{page_request.parameter('passage')}")
        entity_context = await gather(
            chosen.iri if chosen else thing or source,
            page_request.language,
            site_context.site,
            release_view,
            site_context.client,
        )
        view = self._view(slug, opened, entity_context, release_view, chosen, (entity, thing, lit) if thing else None)
        return site_context.page(
            "reader.html", site_context.frame(page_request, release_view, f"{PATH}{slug}"), view=view
        )

    async def _open(self, slug: str, release_view: ReleaseView) -> Opened:
        """A source with its passages; it is the same for all visitors of a release."""
        key = (release_view.identifier, slug)
        if key not in self._opened:
            register = await read_register(f"{SOURCE}{slug}", self._site_context.client)
            text = release_view.text(slug)
            lines = tuple(marked(text, register.passages.values())) if text else ()
            self._opened = {old: item for old, item in self._opened.items() if old[0] == release_view.identifier}
            self._opened[key] = Opened(register, lines)
        return self._opened[key]

    def _view(
        self,
        slug: str,
        opened: Opened,
        entity_context: EntityContext,
        release_view: ReleaseView,
        chosen: Passage | None,
        entity: tuple[str | None, str, set[str]] | None,
    ) -> ReaderView:
        site, say = self._site_context.site, entity_context.say
        address = site.address(f"{PATH}{slug}")
        name, thing, lit = entity or (None, "", set())
        reader = Reader(entity_context, opened.register, address, name, lit)
        title = release_view.lexicon.name(f"{SOURCE}{slug}", entity_context.language).text
        return ReaderView(
            title=title,
            crumbs=(
                Link(say("Start"), site.address("/")),
                Link(say("Sources"), site.address(PATH)),
                Link(title, None),
            ),
            lines=tuple(reader.line(line, chosen) for line in opened.lines),
            sections=reader.sections(),
            legend=reader.legend(),
            chosen=reader.chosen(chosen) if chosen else None,
            entity=(entity_context.link(thing), len(lit)) if thing else None,
            plain=f"{address}{_TEXT}",
            all=address,
        )


def _is_source(iri: str, statements: Statements) -> bool:
    return expand("foaf:Document") in statements.types(iri)


async def _none() -> set[str]:
    return set()
