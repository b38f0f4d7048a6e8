"""Which address leads to which page of links."""

from __future__ import annotations

from pathlib import Path

from starlette.routing import Route

from interkommunal.graph.authorities import AUTHORITIES
from interkommunal.site.guarded import Handler, guarded_routes
from interkommunal.site.links.federation import Checker, FederationPage
from interkommunal.site.links.handlers import FromElsewhere, LinksPage
from interkommunal.site.links.sets import Sets
from interkommunal.site.overviews.context import OverviewContext


def links_routes(overview_context: OverviewContext, services: tuple[str, ...]) -> list[Route]:
    """The routes of this room.

    Args:
        overview_context: what handlers share.
        services: endpoints that SERVICE may ask.
    """
    overview_context.design.add(Path(__file__).parent)
    sets = Sets()
    page = LinksPage(overview_context, sets)
    handlers: list[tuple[str, Handler]] = [
        ("/links", page),
        ("/links/{name}", page),
        ("/federation", FederationPage(overview_context, Checker(services))),
        *((f"/{of.slug}/{{identifier:path}}", FromElsewhere(overview_context, sets, of.slug)) for of in AUTHORITIES),
    ]
    return guarded_routes(overview_context, handlers)
