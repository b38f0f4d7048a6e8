"""Which address leads to which of these pages.

:func:`overviews_routes` returns Starlette routes to be put in front of those of :mod:`interkommunal.site`.
"""

from __future__ import annotations

from starlette.routing import Route

from interkommunal.site.guarded import Handler, guarded_routes
from interkommunal.site.overviews.context import OverviewContext
from interkommunal.site.overviews.handlers import (
    DiscrepanciesPage,
    ListPage,
    ListsPage,
    OverviewPage,
    OverviewsPage,
    StartPage,
)
from interkommunal.site.overviews.search_pages import SearchPage, Suggestions


def overviews_routes(overview_context: OverviewContext) -> list[Route]:
    """The routes of start page, overviews, lists and search."""
    handlers: tuple[tuple[str, Handler], ...] = (
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
    return guarded_routes(overview_context, handlers)
