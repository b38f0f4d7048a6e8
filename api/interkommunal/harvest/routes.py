"""All routes of this room, to be mounted in one place."""

from __future__ import annotations

from collections.abc import Callable, Container

import pyoxigraph
from fastapi import APIRouter, Request, Response

from interkommunal.harvest.crawling import crawling_routes
from interkommunal.harvest.descriptions import Description, description_routes
from interkommunal.harvest.documents import Documents, Shelf
from interkommunal.harvest.dumps import dump_routes
from interkommunal.harvest.listing import Listing
from interkommunal.harvest.pages import CataloguePage, DatasetPage, page_routes
from interkommunal.release import datasets, vocabulary, void
from interkommunal.release.catalogue import Operator, catalogue
from interkommunal.release.services import offered
from interkommunal.settings import Settings
from interkommunal.site.answers import redirect
from interkommunal.site.context import SiteContext
from interkommunal.texts import Language, Text
from interkommunal.web.problems import Problem, RequestProblem
from interkommunal.web.publication import Publication


def harvesting(
    settings: Settings, publication: Publication, site_context: SiteContext, paths: Callable[[], Container[str]]
) -> APIRouter:
    """The routes for portals and crawlers over the release in force.

    Args:
        settings: of the server.
        publication: the release in force.
        site_context: what all pages share.
        paths: tells at which paths the server answers, once all routes are there.
    """
    documents = Documents(publication, settings.cache_max_age)
    address = settings.address
    operator = Operator(settings.operator_name, settings.operator_url, settings.operator_email, settings.contributor)

    def listed(shelf: Shelf) -> list[pyoxigraph.Triple]:
        return catalogue(shelf.release, shelf.versions, address, operator, offered(paths()))

    def listing(shelf: Shelf, language: Language) -> Listing:
        order = [name for _, files in datasets.listed(shelf.release) for name in files]
        return Listing(listed(shelf), language, order)

    async def shapes_page(request: Request) -> Response:
        """The page of the graph that holds what can be said of the shapes without blank nodes."""
        return redirect(site_context.site.address("/doc/graph/shapes.html"))

    page = CataloguePage(site_context, documents, listing)
    router = APIRouter()
    router.routes.extend(page_routes(site_context, page, DatasetPage(site_context, documents, listing)))
    for description in (
        Description(
            "/catalog",
            "The catalogue for open-data portals, by DCAT-AP 3.0.1 and DCAT-AP.de 3.0.",
            listed,
            "/void",
            page,
            in_pages=True,
        ),
        Description("/void", "What the graph holds, in VoID, as SPARQL counts it.", _counted(address), "/catalog"),
        Description(
            "/shapes",
            "The SHACL shapes that the data is validated with, in standard form.",
            None,
            "/ontology",
            shapes_page,
            _frozen_shapes,
        ),
    ):
        router.include_router(description_routes(description, documents, address))
    router.add_api_route("/shapes.html", shapes_page, methods=["GET", "HEAD"], include_in_schema=False)
    router.include_router(crawling_routes(documents, address))
    router.include_router(dump_routes(documents, address, settings.cache_max_age, settings.stall))
    return router


def _counted(address: str) -> Callable[[Shelf], list[pyoxigraph.Triple]]:
    def triples(shelf: Shelf) -> list[pyoxigraph.Triple]:
        if void.NAME in shelf.release.manifest.files:
            return void.description(shelf.release, address)
        raise _too_old()

    return triples


def _frozen_shapes(shelf: Shelf, suffix: str) -> bytes:
    body = vocabulary.frozen(shelf.release, "shapes", suffix)
    if body is None:
        raise _too_old()
    return body


def _too_old() -> RequestProblem:
    return RequestProblem(
        Problem(
            "not-found",
            Text("An older version built this release without this; build it again: interkommunal build."),
        )
    )
