"""Which address leads to which of these pages.

:func:`overviews_routes` returns Starlette routes to be put in front of those of :mod:`interkommunal.http.pages`.
"""

from __future__ import annotations

from starlette.routing import Route

from interkommunal.http.overviews.desk import Desk
from interkommunal.http.overviews.handlers import (
    DiscrepanciesPage,
    ListPage,
    ListsPage,
    OverviewPage,
    OverviewsPage,
    StartPage,
)
from interkommunal.http.overviews.searching import SearchPage, Suggestions
from interkommunal.http.pages.guarded import Handler, guarded_routes


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
