"""The handlers of start page, overviews and lists: a request comes in, a page or a file goes out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from interkommunal.site.answers import data_headers
from interkommunal.site.edition import Edition
from interkommunal.site.errors import Missing
from interkommunal.site.overviews import agreements, chronology, doubts, organisation, publications, region
from interkommunal.site.overviews.desk import Desk
from interkommunal.site.overviews.doubts import doubts_csv, read_doubts, read_passages, read_readings
from interkommunal.site.overviews.facets import FACETS, choice
from interkommunal.site.overviews.lists import ALL, SORTS, list_csv, read_classes, read_list
from interkommunal.site.overviews.overview import Overview
from interkommunal.site.overviews.standalone import policy, standalone
from interkommunal.site.overviews.start import dataset, read_start
from interkommunal.site.visit import Visit
from interkommunal.texts import Language, Text
from interkommunal.web.representation import Representation

_CSV: Final = "text/csv; charset=utf-8"
_SVG: Final = "image/svg+xml"
_PER_PAGE: Final = 25
# The overviews in the order in which they are offered, with their title and what they show.
OVERVIEWS: Final = (
    (region.KEY, region.TITLE, Text("Karte der Region mit den Rollen der Städte", "Map of the region, with roles")),
    (chronology.KEY, chronology.TITLE, Text("Zeitleiste, so genau wie die Quelle", "Timeline, as exact as the source")),
    (
        agreements.KEY,
        agreements.TITLE,
        Text("Städte und Vereinbarungen, Feld für Feld", "Cities and agreements in cells"),
    ),
    (organisation.KEY, organisation.TITLE, Text("Gremien, Ämter und Anbindung", "Bodies, posts and hosts")),
    (publications.KEY, publications.TITLE, Text("Das Bücherregal der Veröffentlichungen", "The shelf of publications")),
    (doubts.KEY, doubts.TITLE, Text("Widersprüche, Lücken und offene Lesarten", "Contradictions, gaps, open readings")),
)


class _Page(ABC):
    """A handler whose answers are kept."""

    parameters: tuple[str, ...] = ()

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD.

        Raises:
            Missing: there is no such page.
            QueryError: the graph cannot be asked.
        """
        visit = self.desk.visit(request, self.parameters)
        edition = await self.desk.editions.current()
        meaning = (edition.identifier, visit.path, visit.language, visit.parameters)
        return await self.desk.kept.answer(
            visit, meaning, lambda: self.make(request, visit, edition), self.desk.site.prefix
        )

    @abstractmethod
    async def make(self, request: Request, visit: Visit, edition: Edition) -> Representation:
        """The answer."""

    def file(self, body: bytes, content_type: str, name: str, *further: tuple[bytes, bytes]) -> Representation:
        """An answer that is a file."""
        disposition = (b"content-disposition", f'inline; filename="{name}"'.encode())
        return Representation(body, data_headers(content_type, self.desk.cache_control, (disposition, *further)))


class StartPage(_Page):
    """``/``."""

    async def make(self, request: Request, visit: Visit, edition: Edition) -> Representation:
        """The start page."""
        desk = self.desk
        boundaries = desk.shelf.boundaries(edition.release)
        start = await read_start(desk.door, desk.site, visit.language, boundaries)
        frame = desk.frame(visit, edition, "/")
        return desk.page(
            "start.html",
            frame,
            structured=dataset(frame.url(), visit.language, edition),
            start=start,
            examples=desk.examples.now()[:3],
            searchable=desk.shelf.finder(edition.release) is not None,
        )


class OverviewsPage(_Page):
    """``/overviews``."""

    async def make(self, request: Request, visit: Visit, edition: Edition) -> Representation:
        """All overviews, with what each shows."""
        desk = self.desk
        entries = [
            (title.in_(visit.language), desk.address(f"/overviews/{key}"), hint.in_(visit.language))
            for key, title, hint in OVERVIEWS
        ]
        return desk.page("overviews.html", desk.frame(visit, edition, "/overviews"), entries=entries)


class OverviewPage(_Page):
    """``/overviews/{name}``, also with ``.csv`` and ``.svg``."""

    parameters = ("sort",)

    async def make(self, request: Request, visit: Visit, edition: Edition) -> Representation:
        """One overview as a page, as data or as a drawing."""
        name = str(request.path_params["name"])
        key, _, suffix = name.partition(".")
        overview = await self._read(key, visit, edition)
        if overview is None or suffix not in ("", "csv", "svg") or (suffix == "svg" and not overview.wide):
            raise Missing(visit.path)
        if suffix == "csv":
            return self.file(overview.csv.encode(), f"{_CSV}; header=present", name)
        if suffix == "svg":
            style = self.desk.design.files["figures.css"].decode()
            body = standalone(overview.wide, style, self.desk.site)
            return self.file(body, _SVG, name, (b"content-security-policy", policy(style)))
        frame = self.desk.frame(visit, edition, visit.path)
        return self.desk.page("overview.html", frame, overview=overview, others=_others(self.desk, key, visit.language))

    async def _read(self, key: str, visit: Visit, edition: Edition) -> Overview | None:
        desk, language = self.desk, visit.language
        readers: dict[str, Callable[[], Awaitable[Overview]]] = {
            region.KEY: lambda: region.read_region(
                desk.door, desk.site, language, desk.shelf.boundaries(edition.release)
            ),
            chronology.KEY: lambda: chronology.read_chronology(desk.door, desk.site, language),
            agreements.KEY: lambda: agreements.read_agreements(desk.door, desk.site, language, visit.parameter("sort")),
            organisation.KEY: lambda: organisation.read_organisation(desk.door, desk.site, language),
            publications.KEY: lambda: publications.read_publications(desk.door, desk.site, language),
        }
        return await readers[key]() if key in readers else None


class DiscrepanciesPage(_Page):
    """``/overviews/discrepancies``, also with ``.csv``."""

    parameters = ("kind", "page")

    async def make(self, request: Request, visit: Visit, edition: Edition) -> Representation:
        """The discrepancies of a kind, or all of them."""
        desk, language = self.desk, visit.language
        every = await read_doubts(desk.door, desk.site, language)
        kind = visit.parameter("kind")
        chosen = every.of(kind)
        if visit.path.endswith(".csv"):
            passages = await read_passages(desk.door, desk.site, language, chosen)
            return self.file(doubts_csv(chosen, passages).encode(), f"{_CSV}; header=present", "discrepancies.csv")
        shown = chosen[(visit.page - 1) * _PER_PAGE : visit.page * _PER_PAGE]
        return desk.page(
            "discrepancies.html",
            desk.frame(visit, edition, visit.path),
            doubts=every,
            shown=shown,
            total=len(chosen),
            kind=kind,
            passages=await read_passages(desk.door, desk.site, language, shown),
            readings=await read_readings(desk.door, desk.site, language, shown),
            page=visit.page,
            pages=max(1, -(-len(chosen) // _PER_PAGE)),
            lead=doubts.LEAD.in_(language),
            title=doubts.TITLE.in_(language),
            others=_others(desk, doubts.KEY, language),
        )


class ListsPage(_Page):
    """``/lists``."""

    async def make(self, request: Request, visit: Visit, edition: Edition) -> Representation:
        """All lists, with how much stands in each."""
        classes = await read_classes(self.desk.door, visit.language)
        frame = self.desk.frame(visit, edition, "/lists")
        return self.desk.page("lists.html", frame, classes=classes, all_slug=ALL)


class ListPage(_Page):
    """``/lists/{name}``, also with ``.csv``."""

    parameters = ("page", "sort", *(facet.key for facet in FACETS))

    async def make(self, request: Request, visit: Visit, edition: Edition) -> Representation:
        """One page of a list, or the whole of it as CSV."""
        desk, language = self.desk, visit.language
        slug, _, suffix = str(request.path_params["name"]).partition(".")
        classes = await read_classes(desk.door, language)
        of = next((item for item in classes if item.slug == slug), None)
        if (of is None and slug != ALL) or suffix not in ("", "csv"):
            raise Missing(visit.path)
        chosen = choice(dict(visit.parameters))
        sort = visit.parameter("sort")
        if suffix == "csv":
            body = await list_csv(desk.door, language, of, chosen, sort)
            return self.file(body.encode(), f"{_CSV}; header=present", f"{slug}.csv")
        listing = await read_list(desk.door, desk.site, language, of, chosen, sort, visit.page)
        return desk.page(
            "list.html",
            desk.frame(visit, edition, visit.path),
            listing=listing,
            classes=classes,
            of=of,
            sorts=SORTS,
            named=lambda iri: edition.lexicon.name(iri, language).text,
        )


def _others(desk: Desk, key: str, language: Language) -> list[tuple[str, str, bool]]:
    """What stands beside every overview: the others."""
    return [(title.in_(language), desk.address(f"/overviews/{other}"), other == key) for other, title, _ in OVERVIEWS]
