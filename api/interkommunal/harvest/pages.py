"""The catalogue for people: ``/catalog.html``, and a page for each dataset at ``/dataset/{slug}``.

The pages show what the catalogue in RDF says, with how to take it. Search engines find schema.org on them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from interkommunal.dates import date_in_words
from interkommunal.harvest.descriptions import FORMATS
from interkommunal.harvest.documents import Documents, Shelf
from interkommunal.harvest.listing import LICENCE, Download, Listed, Listing, schema_org, size_words
from interkommunal.release.release import Release
from interkommunal.release.tables import FOLDER
from interkommunal.release.tables import FORMATS as TABLE_FORMATS
from interkommunal.site.answers import redirect, sent
from interkommunal.site.context import SiteContext
from interkommunal.site.entity.model import Crumb
from interkommunal.site.errors import Missing
from interkommunal.site.guarded import guarded_routes
from interkommunal.site.schema_org import embedded
from interkommunal.texts import Language
from interkommunal.web.formats import HTML
from interkommunal.web.negotiation import choose
from interkommunal.web.problems import not_acceptable
from interkommunal.web.representation import Representation

CATALOGUE: Final = "/catalog.html"
DATASET: Final = "/dataset/"


@dataclass(frozen=True, slots=True)
class TableRow:
    """A table: its name, and its file in each format (address, bytes)."""

    name: str
    files: tuple[tuple[str, int], ...]


class CataloguePage:
    """``/catalog.html``.

    Args:
        site_context: what all pages share.
        documents: knows the release in force.
        listing: reads the catalogue of a release in a language; runs in a thread.
    """

    def __init__(
        self, site_context: SiteContext, documents: Documents, listing: Callable[[Shelf, Language], Listing]
    ) -> None:
        self._site_context = site_context
        self._documents = documents
        self._listing = listing

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD."""
        site_context, page_request = self._site_context, self._site_context.page_request(request)
        language = page_request.language

        def make(shelf: Shelf) -> Representation:
            listing = self._listing(shelf, language)
            frame = site_context.framed(language, shelf.release, CATALOGUE)
            return site_context.page(
                "catalogue.html",
                frame,
                datasets=listing.datasets,
                services=listing.services,
                licence=LICENCE,
                dataset_path=DATASET,
                size=lambda size: size_words(size, frame.say.decimal),
                day=lambda time: date_in_words(time[:10], language),
                crumbs=(Crumb(frame.say("Start"), frame.address("/")), Crumb(_TITLE[language], None)),
                title=_TITLE[language],
            )

        page = await self._documents.page(f"{CATALOGUE} {language}", make)
        return await sent(page, page_request, site_context.site.prefix)


class DatasetPage(CataloguePage):
    """``/dataset/{slug}``."""

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD.

        Raises:
            Missing: there is no such dataset.
        """
        site_context, page_request = self._site_context, self._site_context.page_request(request)
        offer = choose(page_request.accept, (HTML, *FORMATS))
        if offer is None:
            raise not_acceptable([item.media_type for item in (HTML, *FORMATS)], [item.suffix for item in FORMATS])
        slug = str(request.path_params["slug"]).removesuffix(".html")
        path, language = f"{DATASET}{slug}", page_request.language
        if offer is not HTML:
            # The catalogue describes all datasets in one document.
            return redirect(site_context.site.absolute(f"/catalog.{offer.suffix}"), further=((b"vary", b"Accept"),))

        def make(shelf: Shelf) -> Representation:
            found = [item for item in self._listing(shelf, language).datasets if item.slug == slug]
            if not found:
                raise Missing(path)
            (dataset,) = found
            frame = site_context.framed(language, shelf.release, path)
            structured = schema_org(dataset, site_context.site.absolute(path), site_context.site.absolute(CATALOGUE))
            return site_context.page(
                "dataset.html",
                frame,
                dataset=dataset,
                downloads=_downloads(dataset),
                tables=_tables(shelf.release, site_context) if slug == FOLDER else (),
                formats=tuple(TABLE_FORMATS),
                licence=LICENCE,
                structured=embedded(structured),
                size=lambda size: size_words(size, frame.say.decimal),
                day=lambda time: date_in_words(time[:10], language),
                crumbs=(
                    Crumb(frame.say("Start"), frame.address("/")),
                    Crumb(_TITLE[language], frame.address(CATALOGUE)),
                    Crumb(dataset.title, None),
                ),
                title=dataset.title,
            )

        page = await self._documents.page(f"{path} {language}", make)
        return await sent(page, page_request, site_context.site.prefix)


_TITLE: Final[dict[Language, str]] = {"de": "Daten zum Mitnehmen", "en": "Data to take away"}


def page_routes(site_context: SiteContext, catalogue: CataloguePage, dataset: DatasetPage) -> list[Route]:
    """The routes of the pages."""
    site_context.design.add(Path(__file__).parent)
    return guarded_routes(site_context, [(CATALOGUE, catalogue), (f"{DATASET}{{slug}}", dataset)])


def _downloads(dataset: Listed) -> tuple[Download, ...]:
    """The files but for single tables, which have a list of their own."""
    return tuple(item for item in dataset.downloads if not item.name.endswith(".csv"))


def _tables(release: Release, site_context: SiteContext) -> tuple[TableRow, ...]:
    files = release.manifest.files
    stems = sorted(
        name.removesuffix(".csv") for name in files if name.startswith(f"{FOLDER}/") and name.endswith(".csv")
    )

    def file(name: str) -> tuple[str, int]:
        found = files.get(name)
        return ("", 0) if found is None else (site_context.address(f"/dumps/{name}"), found.bytes)

    return tuple(
        TableRow(stem.removeprefix(f"{FOLDER}/"), tuple(file(f"{stem}.{suffix}") for suffix in TABLE_FORMATS))
        for stem in stems
    )
