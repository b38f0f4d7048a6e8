"""Which address leads to which of these pages.

:func:`overviews_routes` returns Starlette routes to be put in front of those of :mod:`interkommunal.site`.
"""

from __future__ import annotations

from starlette.routing import Route

from interkommunal.site.guarded import Handler, guarded_routes
from interkommunal.site.overviews.desk import Desk
from interkommunal.site.overviews.handlers import (
    DiscrepanciesPage,
    ListPage,
    ListsPage,
    OverviewPage,
    OverviewsPage,
    StartPage,
)
from interkommunal.site.overviews.searching import SearchPage, Suggestions


def overviews_routes(desk: Desk) -> list[Route]:
    """The routes of start page, overviews, lists and search."""
    handlers: tuple[tuple[str, Handler], ...] = (
        ("/", StartPage(desk)),
        ("/overviews", OverviewsPage(desk)),
        ("/overviews/discrepancies", DiscrepanciesPage(desk)),
        ("/overviews/discrepancies.csv", DiscrepanciesPage(desk)),
        ("/overviews/{name}", OverviewPage(desk)),
        ("/lists", ListsPage(desk)),
        ("/lists/{name}", ListPage(desk)),
        ("/search", SearchPage(desk)),
        ("/search/suggest", Suggestions(desk)),
    )
    return guarded_routes(desk, handlers)
