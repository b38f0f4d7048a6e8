"""The handlers of start page, overviews and lists: a request comes in, a page or a file goes out.

The handlers of the search: a page with results, and suggestions as one types.

The start page: what this is, one sentence of the source with what was read from it, and ways in.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Final, NamedTuple

import orjson
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from interkommunal.errors import EngineUnavailable
from interkommunal.namespaces import BASE, IK, expand
from interkommunal.site.context import PageRequest
from interkommunal.site.errors import Missing
from interkommunal.site.figures.figure import Picture
from interkommunal.site.figures.timeline import draw_timeline
from interkommunal.site.metadata import LICENCE
from interkommunal.site.overviews import doubts
from interkommunal.site.overviews.classes import class_slug
from interkommunal.site.overviews.context import OverviewContext
from interkommunal.site.overviews.doubts import (
    Discrepancy,
    DoubtfulPassage,
    doubts_csv,
    read_doubts,
    read_passages,
    read_readings,
)
from interkommunal.site.overviews.lists import ALL, FACETS, PER_PAGE, SORTS, choice, list_csv, read_classes, read_list
from interkommunal.site.overviews.outlines import OUTLINES, REGION, lanes
from interkommunal.site.overviews.overview import (
    Overview,
    Questions,
    Values,
    View,
    named_lines,
    policy,
    read_overview,
    slug,
    standalone,
)
from interkommunal.site.overviews.search import LONGEST, HitGroup, SearchIndex, SearchResult
from interkommunal.site.release_view import ReleaseView
from interkommunal.site.site import Site
from interkommunal.texts import Language, Text
from interkommunal.web.representation import Representation, data_headers
from interkommunal.web.routing import Route, route

# What the small timeline shows: what people agree on, not every forum.
_TEASED: Final = (f"{IK}Agreement", f"{IK}Cooperation", f"{IK}JointProject", expand("foaf:Document"))
_MOST_STATEMENTS: Final = 6
_NAME: Final = Text("interkommunal: how cities work together")
_DESCRIPTION: Final = Text(
    "An open knowledge graph of how cities in the Ruhr area work together. Every statement shows the "
    "sentence of its source."
)
_MOST_DOUBTS: Final = 3
_TYPE: Final = expand("rdf:type")


class WordedStatement(NamedTuple):
    """A statement in words: name and address of its subject, word of its property, name and address of its value."""

    subject: tuple[str, str | None]
    property: str
    value: tuple[str, str | None]
    literal: bool


class Sentence(NamedTuple):
    """The sentence on top of the page, and what was read from it."""

    quote: str
    href: str | None
    lines: str
    voice: str
    status: tuple[str, str]
    statements: tuple[WordedStatement, ...]


class Start(NamedTuple):
    """What the start page shows.

    Attributes:
        sentence: ``None`` if no sentence says what a cooperation is based on.
        region: the map. wide, narrow: the small timeline.
        doubts: a few discrepancies with their passages. doubt_count: how many there are in all.
    """

    sentence: Sentence | None
    region: Overview
    wide: Markup
    narrow: Markup
    doubts: tuple[tuple[Discrepancy, tuple[DoubtfulPassage, ...]], ...]
    doubt_count: int


async def read_start(questions: Questions, view: View) -> Start:
    """What the start page shows of the release in force."""
    site, language = view.site, view.language
    basis, dates, region, doubts = await asyncio.gather(
        questions.ask("basis", language),
        questions.ask("dates", language),
        read_overview(REGION, questions, view),
        read_doubts(questions, site, language),
    )
    few = doubts.of("kind-contradiction")[:_MOST_DOUBTS] or doubts.all[:_MOST_DOUBTS]
    passages = await read_passages(questions, site, language, few)
    drawn = lanes(dates, site, _TEASED)
    picture = Picture.of(lambda size: draw_timeline(drawn, language, size, "teaser")) if drawn else Picture()
    return Start(
        sentence_of(basis, site, language),
        region,
        *picture,
        tuple((item, passages.get(item.iri, ())) for item in few),
        len(doubts.all),
    )


def sentence_of(rows: Sequence[Values], site: Site, language: Language) -> Sentence | None:
    """The first sentence in the rows of ``basis.rq``, with the statements read from it, the basis first."""
    if not rows:
        return None
    rows = [row for row in rows if row["passage"] == rows[0]["passage"]]
    statements: dict[WordedStatement, None] = {}
    for row in rows:
        value, is_iri = row["value"], row["value"].startswith(("http://", "https://"))
        if row["property"] == _TYPE or not row["property_label"]:
            continue
        shown = row["value_label"] or (slug(value) if is_iri else value)
        subject, target = site.page(row["subject"]), site.page(value) if is_iri else None
        statement = WordedStatement((row["subject_label"], subject), row["property_label"], (shown, target), not is_iri)
        statements[statement] = None
    last = rows[-1]
    return Sentence(
        last["quote"],
        site.page(last["passage"]),
        named_lines((int(row["line"]) for row in rows if row["line"]), language),
        last["voice_label"],
        (slug(last["status"]), last["status_label"]),
        tuple(statements)[:_MOST_STATEMENTS],
    )


def dataset(url: str, language: Language, release_view: ReleaseView) -> str:
    """What this is, for search engines: schema.org as a JSON-LD data block, safe inside a ``script`` element."""
    described = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": f"{BASE}dataset/graph",
        "url": url,
        "name": _NAME.in_(language),
        "description": _DESCRIPTION.in_(language),
        "inLanguage": language,
        "license": LICENCE,
        "isAccessibleForFree": True,
        **({"version": release_view.identifier} if release_view.release else {}),
    }
    return orjson.dumps(described).decode().replace("<", "\\u003c")


_FEW: Final = 4
_MANY: Final = 25
_NOTHING: Final = SearchResult(0, ())


class SearchPage:
    """``/search?q=``; ``kind`` limits it to one class, ``page`` goes on."""

    def __init__(self, overview_context: OverviewContext) -> None:
        self.overview_context = overview_context

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD.

        Raises:
            QueryError: the search takes too long, or the vocabulary cannot be asked.
        """
        page_request = self.overview_context.page_request(request, ("q", "kind", "page"))
        release_view = await self.overview_context.editions.current()
        key = (release_view.identifier, page_request.path, page_request.language, page_request.parameters)
        return await self.overview_context.kept(page_request, key, lambda: self._page(page_request, release_view))

    async def _page(self, page_request: PageRequest, release_view: ReleaseView) -> Representation:
        index = self.overview_context.supplements.search_index(release_view.release)
        typed = page_request.parameter("q") or ""
        kind = page_request.parameter("kind")
        found: SearchResult = _NOTHING
        chosen: HitGroup | None = None
        if index is not None and typed:
            found, chosen = await asyncio.to_thread(_found, index, typed, page_request, kind)
        total = chosen.total if chosen else 0
        return self.overview_context.page(
            "search.html",
            self.overview_context.frame(page_request, release_view, "/search"),
            typed=typed[:LONGEST],
            found=found,
            chosen=chosen,
            searchable=index is not None,
            class_slug=class_slug,
            page=page_request.page,
            pages=page_request.pages(total, _MANY),
            longest=LONGEST,
        )


def _found(
    index: SearchIndex, typed: str, page_request: PageRequest, kind: str | None
) -> tuple[SearchResult, HitGroup | None]:
    """The result, and the group that it is limited to."""
    if kind is None:
        return index.find(typed, page_request.language, most=_FEW), None
    first = (page_request.page - 1) * _MANY
    found = index.find(typed, page_request.language, lambda class_: class_slug(class_) == kind, first, _MANY)
    return found, found.groups[0] if found.groups else None


class Suggestions:
    """``/search/suggest?q=``: names that go on like this, as JSON."""

    def __init__(self, overview_context: OverviewContext) -> None:
        self.overview_context = overview_context

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD.

        Raises:
            QueryError: the search takes too long, or this release has no index.
        """
        overview_context = self.overview_context
        page_request = overview_context.page_request(request, ("q",))
        release_view = await overview_context.editions.current()
        index = overview_context.supplements.search_index(release_view.release)
        if index is None:
            raise EngineUnavailable("this release has no search index; build it again: interkommunal build", 60)
        typed = page_request.parameter("q") or ""

        async def make() -> Representation:
            found = await asyncio.to_thread(index.suggest, typed, page_request.language)
            suggestions = [
                {"label": item.label, "kind": item.kind, "iri": item.iri, "href": overview_context.site.page(item.iri)}
                for item in found
            ]
            body = orjson.dumps({"query": typed[:LONGEST], "suggestions": suggestions})
            return Representation(body, data_headers("application/json", overview_context.cache_control))

        key = (release_view.identifier, page_request.path, page_request.language, page_request.parameters)
        return await overview_context.kept(page_request, key, make)


_CSV: Final = "text/csv; charset=utf-8"
_SVG: Final = "image/svg+xml"
_PER_PAGE: Final = 25
# The overviews in the order in which they are offered, with their title and what they show.
OVERVIEWS: Final = (
    *((outline.key, outline.title, outline.hint) for outline in OUTLINES),
    (doubts.KEY, doubts.TITLE, doubts.HINT),
)


class _Page(ABC):
    """A handler whose answers are kept."""

    parameters: tuple[str, ...] = ()

    def __init__(self, overview_context: OverviewContext) -> None:
        self.overview_context = overview_context

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD.

        Raises:
            Missing: there is no such page.
            QueryError: the graph cannot be asked.
        """
        page_request = self.overview_context.page_request(request, self.parameters)
        release_view = await self.overview_context.editions.current()
        key = (release_view.identifier, page_request.path, page_request.language, page_request.parameters)
        return await self.overview_context.kept(
            page_request, key, lambda: self.make(request, page_request, release_view)
        )

    @abstractmethod
    async def make(self, request: Request, page_request: PageRequest, release_view: ReleaseView) -> Representation:
        """The answer."""

    def file(self, body: bytes, content_type: str, name: str, *further: tuple[bytes, bytes]) -> Representation:
        """An answer that is a file."""
        disposition = (b"content-disposition", f'inline; filename="{name}"'.encode())
        return Representation(
            body, data_headers(content_type, self.overview_context.cache_control, disposition, *further)
        )


class StartPage(_Page):
    """``/``."""

    async def make(self, request: Request, page_request: PageRequest, release_view: ReleaseView) -> Representation:
        """The start page."""
        overview_context = self.overview_context
        start = await read_start(overview_context.questions, _view(overview_context, page_request, release_view))
        frame = overview_context.frame(page_request, release_view, "/")
        return overview_context.page(
            "start.html",
            frame,
            structured=dataset(frame.url(), page_request.language, release_view),
            start=start,
            examples=overview_context.examples.now()[:3],
            searchable=overview_context.supplements.search_index(release_view.release) is not None,
        )


class OverviewsPage(_Page):
    """``/overviews``."""

    async def make(self, request: Request, page_request: PageRequest, release_view: ReleaseView) -> Representation:
        """All overviews, with what each shows."""
        overview_context = self.overview_context
        entries = [
            (
                title.in_(page_request.language),
                overview_context.address(f"/overviews/{key}"),
                hint.in_(page_request.language),
            )
            for key, title, hint in OVERVIEWS
        ]
        return overview_context.page(
            "overviews.html", overview_context.frame(page_request, release_view, "/overviews"), entries=entries
        )


class OverviewPage(_Page):
    """``/overviews/{name}``, also with ``.csv`` and ``.svg``."""

    parameters = ("sort",)

    async def make(self, request: Request, page_request: PageRequest, release_view: ReleaseView) -> Representation:
        """One overview as a page, as data or as a drawing."""
        name = str(request.path_params["name"])
        key, _, suffix = name.partition(".")
        outline = next((item for item in OUTLINES if item.key == key), None)
        if outline is None or suffix not in ("", "csv", "svg"):
            raise Missing(page_request.path)
        view = _view(self.overview_context, page_request, release_view)
        overview = await read_overview(outline, self.overview_context.questions, view)
        if suffix == "svg" and not overview.wide:
            raise Missing(page_request.path)
        if suffix == "csv":
            return self.file(overview.csv.encode(), f"{_CSV}; header=present", name)
        if suffix == "svg":
            style = self.overview_context.design.files["figures.css"].decode()
            body = standalone(overview.wide, style, self.overview_context.site)
            return self.file(body, _SVG, name, (b"content-security-policy", policy(style)))
        frame = self.overview_context.frame(page_request, release_view, page_request.path)
        return self.overview_context.page(
            "overview.html", frame, overview=overview, others=_others(self.overview_context, key, page_request.language)
        )


class DiscrepanciesPage(_Page):
    """``/overviews/discrepancies``, also with ``.csv``."""

    parameters = ("kind", "page")

    async def make(self, request: Request, page_request: PageRequest, release_view: ReleaseView) -> Representation:
        """The discrepancies of a kind, or all of them."""
        overview_context, language = self.overview_context, page_request.language
        every = await read_doubts(overview_context.questions, overview_context.site, language)
        kind = page_request.parameter("kind")
        chosen = every.of(kind)
        if page_request.path.endswith(".csv"):
            passages = await read_passages(overview_context.questions, overview_context.site, language, chosen)
            return self.file(doubts_csv(chosen, passages).encode(), f"{_CSV}; header=present", "discrepancies.csv")
        pages = page_request.pages(len(chosen), _PER_PAGE)
        shown = chosen[(page_request.page - 1) * _PER_PAGE : page_request.page * _PER_PAGE]
        return overview_context.page(
            "discrepancies.html",
            overview_context.frame(page_request, release_view, page_request.path),
            doubts=every,
            shown=shown,
            total=len(chosen),
            kind=kind,
            passages=await read_passages(overview_context.questions, overview_context.site, language, shown),
            readings=await read_readings(overview_context.questions, overview_context.site, language, shown),
            page=page_request.page,
            pages=pages,
            lead=doubts.LEAD.in_(language),
            title=doubts.TITLE.in_(language),
            others=_others(overview_context, doubts.KEY, language),
        )


class ListsPage(_Page):
    """``/lists``."""

    async def make(self, request: Request, page_request: PageRequest, release_view: ReleaseView) -> Representation:
        """All lists, with how much stands in each."""
        classes = await read_classes(self.overview_context.client, page_request.language)
        frame = self.overview_context.frame(page_request, release_view, "/lists")
        return self.overview_context.page("lists.html", frame, classes=classes, all_slug=ALL)


class ListPage(_Page):
    """``/lists/{name}``, also with ``.csv``."""

    parameters = ("page", "sort", *(facet.key for facet in FACETS))

    async def make(self, request: Request, page_request: PageRequest, release_view: ReleaseView) -> Representation:
        """One page of a list, or the whole of it as CSV."""
        overview_context, language = self.overview_context, page_request.language
        slug, _, suffix = str(request.path_params["name"]).partition(".")
        classes = await read_classes(overview_context.client, language)
        of = next((item for item in classes if item.slug == slug), None)
        if (of is None and slug != ALL) or suffix not in ("", "csv"):
            raise Missing(page_request.path)
        chosen = choice(dict(page_request.parameters))
        sort = page_request.parameter("sort")
        if suffix == "csv":
            body = await list_csv(overview_context.client, language, of, chosen, sort)
            return self.file(body.encode(), f"{_CSV}; header=present", f"{slug}.csv")
        listing = await read_list(
            overview_context.client, overview_context.site, language, of, chosen, sort, page_request.page
        )
        page_request.pages(listing.total, PER_PAGE)
        return overview_context.page(
            "list.html",
            overview_context.frame(page_request, release_view, page_request.path),
            listing=listing,
            classes=classes,
            of=of,
            sorts=SORTS,
            label_of=lambda iri: release_view.lexicon.name(iri, language).text,
        )


def _view(overview_context: OverviewContext, page_request: PageRequest, release_view: ReleaseView) -> View:
    boundaries = overview_context.supplements.boundaries(release_view.release)
    return View(overview_context.site, page_request.language, boundaries, page_request.parameter("sort"))


def _others(overview_context: OverviewContext, key: str, language: Language) -> list[tuple[str, str, bool]]:
    """What stands beside every overview: the others."""
    return [
        (title.in_(language), overview_context.address(f"/overviews/{other}"), other == key)
        for other, title, _ in OVERVIEWS
    ]


def overviews_routes(overview_context: OverviewContext) -> list[Route]:
    """The routes of start page, overviews, lists and search."""
    handlers = (
        ("/", StartPage(overview_context)),
        ("/overviews", OverviewsPage(overview_context)),
        ("/overviews/discrepancies", DiscrepanciesPage(overview_context)),
        ("/overviews/discrepancies.csv", DiscrepanciesPage(overview_context)),
        ("/overviews/{name}", OverviewPage(overview_context)),
        ("/lists", ListsPage(overview_context)),
        ("/lists/{name}", ListPage(overview_context)),
        ("/search", SearchPage(overview_context)),
        ("/search/suggest", Suggestions(overview_context)),
    )
    return [route(path, handler.__call__) for path, handler in handlers]
