"""``/sources/`` and ``/sources/{slug}``: the list of sources, and the reader of one; ``.txt`` is the bare text.

The page of the reader has the lines with marks, a key, and the statements read from the chosen passage. A source is
registered with its passages, its sections and the lines that are not modelled, with the reason. Its text comes in lines
that are cut where passages begin and end; passages may nest, overlap and run over lines.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from cachetools import LRUCache
from starlette.requests import Request
from starlette.responses import Response

from interkommunal.namespaces import GRAPH_PASSAGES, GRAPH_SOURCES, PASSAGE, SOURCE, expand
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
from interkommunal.site.description.statements import GraphClient, Statements
from interkommunal.site.entity.clusters import note_of, passage_evidence
from interkommunal.site.entity.context import EntityContext, gather
from interkommunal.site.entity.model import Link
from interkommunal.site.errors import Missing
from interkommunal.site.release_view import ReleaseView
from interkommunal.site.site import iri_of
from interkommunal.web.representation import Representation, data_headers

PATH: Final = "/sources/"
_TEXT: Final = ".txt"
_STATUSES: Final = (ASSERTED, GOAL, CONFLICT, GARBLED)
_MOST_OPENED: Final = 16


class Stretch(NamedTuple):
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
    by_line: dict[int, list[Passage]] = {}
    for passage in passages:
        if passage.exact and text.text[passage.start : passage.end] == passage.exact:
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
    """The pieces of a line; notes in ``opened`` the passages to which a piece leads."""
    start, end = text.span(number)
    borders = {border for passage in passages for border in (passage.start, passage.end) if start < border < end}
    stretches = []
    for left, right in itertools.pairwise(sorted({start, end} | borders)):
        covering = [item for item in passages if item.start <= left and right <= item.end]
        covering.sort(key=lambda item: (item.end - item.start, -item.start, item.iri))
        opens = bool(covering) and covering[0].iri not in opened
        opened.update(item.iri for item in covering[:1])
        stretches.append(Stretch(text.text[left:right], tuple(covering), opens))
    return tuple(stretches)


@dataclass(frozen=True)
class Opened:
    """A source, the same for all visitors of a release.

    Attributes:
        passages: by IRI, in the order of the text. lines: with their passages.
        reasons: by line that is not modelled, the node that says why. statements: what is registered.
    """

    passages: dict[str, Passage]
    lines: tuple[Line, ...]
    reasons: dict[int, str]
    statements: Statements


async def open_source(slug: str, release_view: ReleaseView, client: GraphClient) -> Opened:
    """A source, with its text if the release holds it.

    Raises:
        QueryError: the engine cannot answer.
    """
    source = bracketed(f"{SOURCE}{slug}")
    own = f"?subject oa:hasSource {source} . ?subject ?property ?value"
    selector = f"?marked oa:hasSource {source} ; oa:hasSelector ?subject . ?subject ?property ?value"
    passages = "\n    UNION ".join(
        f"{{ GRAPH <{graph}> {{ {pattern} }} BIND (<{graph}> AS ?graph) }}"
        for graph in (GRAPH_PASSAGES, GRAPH_SOURCES)
        for pattern in (own, selector)
    )
    sections = f"""    ?subject a ik:Section ; dcterms:isPartOf {source} .
    GRAPH ?graph {{ ?subject ?property ?value }}
    FILTER (?property != ik:mentionedIn)"""
    statements = await client.statements(select(passages), select(sections))
    reasons = {
        line: node
        for node in statements.subjects()
        if (line := statements.number(node, expand("ik:line"))) is not None
        and expand("ik:NotModelledLine") in statements.types(node)
    }
    found, text = read_passages(statements), release_view.text(slug)
    return Opened(found, tuple(marked(text, found.values())) if text else (), reasons, statements)


async def mentioning(thing: str, source: str, client: GraphClient) -> set[str]:
    """The passages of a source that speak of a thing.

    Raises:
        QueryError: the engine cannot answer.
    """
    pattern = f"{bracketed(thing)} ik:mentionedIn ?passage . ?passage oa:hasSource {bracketed(source)}"
    return {passage for (passage,) in await client.texts(f"SELECT ?passage WHERE {{ {pattern} }}")}


@dataclass(frozen=True)
class _View:
    """What the page of the reader shows for one request.

    Attributes:
        context: names, links and words; of the chosen passage if there is one.
        opened: the source. address: of the reader, without parameters.
        entity: path of the chosen thing below ``/doc/``, or ``None``. lit: passages about it.
        chosen: the chosen passage.
    """

    context: EntityContext
    opened: Opened
    address: str
    entity: str | None
    lit: set[str]
    chosen: Passage | None

    def line(self, line: Line) -> dict[str, Any]:
        """A line with its pieces, the standings of its passages that are not plain, and why it is not modelled."""
        reason, language = self.opened.reasons.get(line.number), self.context.language
        return {
            "number": line.number,
            "anchor": line.anchor,
            "pieces": [] if line.is_empty else [self._piece(item) for item in line.stretches],
            "marks": self.context.marks(
                item for item in _STATUSES[1:] if any(item in passage.statuses for passage in line.passages)
            ),
            "hidden": [Link(item.name, self._choose(item)) for item in line.hidden],
            "reason": reason and (self.opened.statements.text(reason, expand("rdfs:comment"), language) or ""),
        }

    def choice(self, passage: Passage) -> dict[str, Any]:
        """The chosen passage with what was read from it, by thing and property."""
        context, order = self.context, list(self.opened.passages.values())
        here, said = order.index(passage), []
        own = (item for item in context.statements if item.graph == passage.iri)
        for subject, about in groupby(own, key=lambda item: item.subject):
            facts = [
                (context.term_link(property_), [context.value(*item[:3]) for item in same])
                for property_, same in groupby(about, key=lambda item: item.predicate)
            ]
            said.append({"thing": context.link(subject), "facts": facts})
        return {
            "evidence": passage_evidence(passage, context),
            "said": said,
            "notes": [note_of(item, context) for item in context.findings.values() if passage.iri in item.targets],
            "page": context.site.page(passage.iri),
            "previous": self._choose(order[here - 1]) if here else None,
            "next": self._choose(order[here + 1]) if here + 1 < len(order) else None,
            "close": f"{self._with_entity()}#{passage.anchor}",
        }

    def sections(self) -> Iterable[Link]:
        """The sections of the text, each leading to its first line."""
        first: dict[str, Passage] = {}
        for passage in self.opened.passages.values():
            if passage.section:
                first.setdefault(passage.section, passage)
        statements = self.opened.statements
        sections = (item for item in statements.subjects() if expand("ik:Section") in statements.types(item))
        for section in statements.in_order(item for item in sections if item in first):
            headline = statements.text(section, expand("schema:headline"), "de")
            name = headline or statements.text(section, expand("schema:name"), "de") or ""
            yield Link(name, f"#{first[section].anchor}", self.context.other_language("de"))

    def _piece(self, stretch: Stretch) -> dict[str, Any]:
        """A stretch, with the address that chooses its passage and how it is marked."""
        if not stretch.passages:
            return {"text": stretch.text, "href": None}
        nearest, covering = stretch.passages[0], {item.iri for item in stretch.passages}
        kinds = (mark.kind for mark in self.context.marks(nearest.statuses))
        return {
            "text": stretch.text,
            # With a thing chosen, a piece leads to the passage about it.
            "href": self._choose(next((item for item in stretch.passages if item.iri in self.lit), nearest)),
            "inside": " ".join(item.name for item in stretch.passages),
            "status": next((kind for kind in kinds if kind != "asserted"), "asserted"),
            "stops": stretch.opens,
            "chosen": self.chosen is not None and self.chosen.iri in covering,
            "lit": not covering.isdisjoint(self.lit),
        }

    def _choose(self, passage: Passage) -> str:
        return f"{self._with_entity(passage=passage.name)}#{passage.anchor}"

    def _with_entity(self, **parameters: str) -> str:
        given = {**({"entity": self.entity} if self.entity else {}), **parameters}
        return f"{self.address}?{urlencode(given, safe='/')}" if given else self.address


class Sources:
    """Answers for sources."""

    def __init__(self, site_context: SiteContext) -> None:
        self._site_context = site_context
        self._opened: LRUCache[tuple[str, str], Opened] = LRUCache(_MOST_OPENED)

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
        if not slug.endswith(_TEXT):
            return await self._reader(slug, page_request, release_view)
        text = release_view.text(slug.removesuffix(_TEXT))
        if text is None:
            raise Missing(page_request.path)
        cache_control = self._site_context.cache_control
        headers = data_headers("text/plain; charset=utf-8", cache_control, (b"content-language", b"de"))
        return Representation(text.text.encode("utf-8"), headers)

    def _index(self, page_request: PageRequest, release_view: ReleaseView) -> Representation:
        frame, lexicon = self._site_context.frame(page_request, release_view, PATH), release_view.lexicon
        entries = [
            (
                Link(lexicon.name(item, frame.language).text, frame.address(f"{PATH}{item[len(SOURCE) :]}")),
                lexicon.text(item, "rdfs:comment", frame.language),
            )
            for item in lexicon.statements.subjects()
            if item.startswith(SOURCE) and _is_source(item, release_view)
        ]
        crumbs = (Link(frame.say("Start"), frame.address("/")), Link(frame.say("Sources")))
        return self._site_context.page("sources.html", frame, entries=entries, crumbs=crumbs)

    async def _reader(self, slug: str, page_request: PageRequest, release_view: ReleaseView) -> Representation:
        site_context, source = self._site_context, f"{SOURCE}{slug}"
        if not _is_source(source, release_view):
            raise Missing(page_request.path)
        key = (release_view.identifier, slug)
        opened = self._opened.get(key)
        if opened is None:
            opened = self._opened[key] = await open_source(slug, release_view, site_context.client)
        entity, lit = page_request.parameter("entity"), set[str]()
        thing = iri_of(f"/doc/{entity}") if entity else None
        if thing:
            lit = await mentioning(thing, source, site_context.client)
        chosen = opened.passages.get(f"{PASSAGE}{slug}/{page_request.parameter('passage')}")
        focus = chosen.iri if chosen else thing or source
        context = await gather(focus, page_request.language, release_view, site_context)
        frame = site_context.frame(page_request, release_view, f"{PATH}{slug}")
        address, title = frame.address(f"{PATH}{slug}"), release_view.lexicon.name(source, frame.language).text
        view = _View(context, opened, address, entity if thing else None, lit, chosen)
        say = frame.say
        shown = {
            "title": title,
            "crumbs": (Link(say("Start"), frame.address("/")), Link(say("Sources"), frame.address(PATH)), Link(title)),
            "lines": [view.line(line) for line in opened.lines],
            "sections": list(view.sections()),
            "legend": context.marks(_STATUSES),
            "chosen": view.choice(chosen) if chosen else None,
            "entity": (context.link(thing), len(lit)) if thing else None,
            "plain": f"{address}{_TEXT}",
            "all": address,
        }
        return site_context.page("reader.html", frame, view=shown)


def _is_source(iri: str, release_view: ReleaseView) -> bool:
    return expand("foaf:Document") in release_view.lexicon.statements.types(iri)
