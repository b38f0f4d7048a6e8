"""The handlers of start page, overviews and lists: a request comes in, a page or a file goes out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from interkommunal.site.context import PageRequest
from interkommunal.site.errors import Missing
from interkommunal.site.overviews import doubts
from interkommunal.site.overviews.context import OverviewContext
from interkommunal.site.overviews.doubts import doubts_csv, read_doubts, read_passages, read_readings
from interkommunal.site.overviews.lists import ALL, FACETS, PER_PAGE, SORTS, choice, list_csv, read_classes, read_list
from interkommunal.site.overviews.outlines import OUTLINES
from interkommunal.site.overviews.overview import View, policy, read_overview, standalone
from interkommunal.site.overviews.search_pages import SearchPage, Suggestions
from interkommunal.site.overviews.start import dataset, read_start
from interkommunal.site.release_view import ReleaseView
from interkommunal.texts import Language
from interkommunal.web.representation import Representation, data_headers
from interkommunal.web.routing import Route, route

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
        start = await read_start(overview_context.client, _view(overview_context, page_request, release_view))
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
        overview = await read_overview(outline, self.overview_context.client, view)
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
        every = await read_doubts(overview_context.client, overview_context.site, language)
        kind = page_request.parameter("kind")
        chosen = every.of(kind)
        if page_request.path.endswith(".csv"):
            passages = await read_passages(overview_context.client, overview_context.site, language, chosen)
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
            passages=await read_passages(overview_context.client, overview_context.site, language, shown),
            readings=await read_readings(overview_context.client, overview_context.site, language, shown),
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
