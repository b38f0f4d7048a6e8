"""Which address leads to which part of the library, and what the OpenAPI document says of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from interkommunal.engine.interface import TURTLE, Engine
from interkommunal.errors import InterkommunalError, ParameterError
from interkommunal.http.formats import HTML
from interkommunal.http.language import Text
from interkommunal.http.library import openapi
from interkommunal.http.library.collection import Collection
from interkommunal.http.library.examples import PATH
from interkommunal.http.library.formats import LISTS, RDF
from interkommunal.http.library.handlers import ListHandler, QuestionHandler, Reading, StyleHandler, nothing
from interkommunal.http.library.paper import LibraryPaper
from interkommunal.http.negotiation import Offer, choose
from interkommunal.http.overviews.desk import Desk, Shelf
from interkommunal.http.pages.answers import Kept, page_headers, problem_response, redirect, sent
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
# No question has more; and no page reads more.
_MOST_PARAMETERS: Final = 50
_ERROR_OFFERS: Final = (Offer(MEDIA_TYPE, ("application/json",)), HTML)


def add_library(
    app: FastAPI, settings: Settings, engine: Engine, publication: Publication, operator: Operator | None = None
) -> None:
    """Adds the routes of the library to an application, and its operations to the OpenAPI document.

    Args:
        app: the application.
        settings: public URL, language, caching.
        engine: answers the questions.
        publication: the release in force, which carries the questions.
        operator: what the operator wants to be said.
    """
    door = Door(engine)
    max_age = settings.cache_max_age
    paper = LibraryPaper()
    desk = Desk(
        site=Site(settings.address),
        language=settings.language,
        cache_control=f"public, max-age={max_age}" if max_age else "public, no-cache",
        door=door,
        editions=Editions(door, publication),
        operator=operator or Operator(),
        design=Design(),
        paper=paper,
        shelf=Shelf(),
        kept=Kept(int(settings.cache_size)),
        examples=(),
        served=frozenset(),
    )
    publication.on_change(desk.kept.clear)
    reading = Reading(desk, paper, Collection(door, publication))
    convention = (next(item for item in RDF if item.media_type == TURTLE), *RDF[1:])
    handlers: tuple[tuple[str, Handler], ...] = (
        ("/queries", ListHandler(reading, LISTS)),
        ("/queries/", _Slash(reading)),
        ("/queries.{suffix}", ListHandler(reading, LISTS)),
        (PATH, ListHandler(reading, convention)),
        (f"{PATH}.{{suffix}}", ListHandler(reading, convention)),
        (f"{PATH}/{{name}}", _Example(reading)),
        ("/queries/assets/{fingerprint}/library.css", StyleHandler(reading)),
        ("/queries/{name}", QuestionHandler(reading)),
    )
    app.router.routes.extend(Route(path, _Safely(reading, handler)) for path, handler in handlers)
    _describe(app, reading.collection)


def _describe(app: FastAPI, collection: Collection) -> None:
    """Makes the OpenAPI document name the questions of the release in force."""
    rest = app.openapi

    def document() -> dict[str, Any]:
        found = rest()
        return {**found, "paths": {**found.get("paths", {}), **openapi.paths(collection.queries.values())}}

    app.openapi = document  # type: ignore[method-assign]


def _too_many() -> Problem:
    return Problem(
        "bad-request",
        Text(
            f"Eine Adresse darf hier höchstens {_MOST_PARAMETERS} Parameter haben.",
            f"An address may have at most {_MOST_PARAMETERS} parameters here.",
        ),
    )


class _Slash:
    """The list asked for with a slash at the end."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    async def __call__(self, request: Request) -> Response:
        return redirect(self._reading.desk.site.address("/queries"), 301)


class _Example:
    """The IRI of a question leads to the question."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    async def __call__(self, request: Request) -> Response:
        name = str(request.path_params["name"])
        if name not in self._reading.collection.queries:
            raise nothing(request.scope["path"])
        return redirect(self._reading.desk.site.address(f"/queries/{name}"))


class _Safely:
    """A handler as an ASGI application; its errors become pages, or problem documents for machines."""

    def __init__(self, reading: Reading, handler: Handler) -> None:
        self._reading = reading
        self._handler = handler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._answer(Request(scope, receive))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.scope["query_string"].count(b"&") >= _MOST_PARAMETERS:
            plain = Request({**request.scope, "query_string": b""})
            return await self._problem(_too_many(), self._reading.desk.visit(plain))
        visit = self._reading.desk.visit(request)
        if request.method not in ("GET", "HEAD"):
            return problem_response(method_not_allowed(request.method, _ALLOW).problem, visit)
        try:
            return await self._handler(request)
        except ParameterError as error:
            problem = Problem("invalid-parameter", Text(error.de, error.en), {"parameter": error.name})
            return await self._problem(problem, visit)
        except InterkommunalError as error:
            return await self._problem(problem_of(error), visit)

    async def _problem(self, problem: Problem, visit: Visit) -> Response:
        if choose(visit.accept, _ERROR_OFFERS) is not HTML:
            return problem_response(problem, visit)
        desk = self._reading.desk
        body = desk.paper.render(
            "error.html",
            desk.frame(visit, None, ""),
            title=problem.title(visit.language),
            text=problem.detail.in_(visit.language),
            links_intro="",
            links=(),
        )
        kept = tuple(item for item in problem.headers if item[0] != b"vary")
        headers = page_headers(visit.language, "no-store", kept)
        return await sent(Representation(body, headers), visit, desk.site.prefix, problem.status)
