"""Which address leads to which of these pages.

:func:`overviews_routes` returns Starlette routes to be put in front of those of :mod:`interkommunal.http.pages`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from interkommunal.engine.interface import Engine
from interkommunal.errors import InterkommunalError
from interkommunal.http.examples import ANYTHING, Example
from interkommunal.http.formats import HTML
from interkommunal.http.negotiation import Offer, choose
from interkommunal.http.overviews.desk import Desk, Shelf
from interkommunal.http.overviews.handlers import (
    DiscrepanciesPage,
    ListPage,
    ListsPage,
    Missing,
    OverviewPage,
    OverviewsPage,
    StartPage,
    files,
)
from interkommunal.http.overviews.paper import Paper
from interkommunal.http.overviews.searching import SearchPage, Suggestions
from interkommunal.http.pages.answers import Kept, page_headers, problem_response, sent
from interkommunal.http.pages.description.door import Door
from interkommunal.http.pages.design import Design
from interkommunal.http.pages.edition import Editions
from interkommunal.http.pages.operator import Operator
from interkommunal.http.pages.site import Site
from interkommunal.http.pages.visit import Visit
from interkommunal.http.problems import MEDIA_TYPE, Problem, method_not_allowed, problem_of
from interkommunal.http.publication import Publication
from interkommunal.http.representation import Representation
from interkommunal.settings import Settings

Handler = Callable[[Request], Awaitable[Response]]

_ALLOW: Final = "GET, HEAD"
_ERROR_OFFERS: Final = (Offer(MEDIA_TYPE, ("application/json",)), HTML)


def overviews_routes(
    settings: Settings,
    engine: Engine,
    publication: Publication,
    *,
    examples: Sequence[Example] = (ANYTHING,),
    operator: Operator | None = None,
    served: Collection[str] = (),
) -> list[Route]:
    """The routes of start page, overviews, lists and search.

    Args:
        settings: public URL, language, caching.
        engine: answers the questions of pages.
        publication: the release in force.
        examples: questions to try; the first three stand on the start page.
        operator: what the operator wants to be said.
        served: paths of other rooms that are there, such as ``/catalog``; the start page leads to them.
    """
    door = Door(engine)
    max_age = settings.cache_max_age
    desk = Desk(
        site=Site(settings.address),
        language=settings.language,
        cache_control=f"public, max-age={max_age}" if max_age else "public, no-cache",
        door=door,
        editions=Editions(door, publication),
        operator=operator or Operator(),
        design=Design(),
        paper=Paper(),
        shelf=Shelf(),
        kept=Kept(int(settings.cache_size)),
        examples=examples,
        served=frozenset(served),
    )
    publication.on_change(desk.kept.clear)
    handlers: tuple[tuple[str, Handler], ...] = (
        ("/", StartPage(desk)),
        ("/overviews", OverviewsPage(desk)),
        ("/overviews/discrepancies", DiscrepanciesPage(desk)),
        ("/overviews/discrepancies.csv", DiscrepanciesPage(desk)),
        ("/overviews/assets/{fingerprint}/{name}", files(desk)),
        ("/overviews/{name}", OverviewPage(desk)),
        ("/lists", ListsPage(desk)),
        ("/lists/{name}", ListPage(desk)),
        ("/search", SearchPage(desk)),
        ("/search/suggest", Suggestions(desk)),
    )
    return [Route(path, _Safely(desk, handler)) for path, handler in handlers]


class _Safely:
    """A handler as an ASGI application; its errors become pages, or problem documents for machines."""

    def __init__(self, desk: Desk, handler: Handler) -> None:
        self._desk = desk
        self._handler = handler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._answer(Request(scope, receive))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        visit = self._desk.visit(request)
        if request.method not in ("GET", "HEAD"):
            return problem_response(method_not_allowed(request.method, _ALLOW).problem, visit)
        try:
            return await self._handler(request)
        except Missing as error:
            return await self._problem(error.problem, visit)
        except InterkommunalError as error:
            return await self._problem(problem_of(error), visit)

    async def _problem(self, problem: Problem, visit: Visit) -> Response:
        if choose(visit.accept, _ERROR_OFFERS) is not HTML:
            return problem_response(problem, visit)
        frame = self._desk.frame(visit, None, "")
        body = self._desk.paper.render(
            "error.html",
            frame,
            title=problem.title(visit.language),
            text=problem.detail.in_(visit.language),
            links_intro="",
            links=(),
        )
        kept = tuple(item for item in problem.headers if item[0] != b"vary")
        headers = page_headers(visit.language, "no-store", kept)
        return await sent(Representation(body, headers), visit, self._desk.site.prefix, problem.status)
