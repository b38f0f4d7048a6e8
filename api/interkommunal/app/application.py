"""The whole application: ``/sparql`` by the shortest way, everything else through FastAPI, every error a problem.

``create_app`` gets all it needs as arguments and keeps nothing at module level, so that several applications can live
in one process. The caller opens and closes the engine; the application follows the releases while it is up.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import sys
from collections.abc import AsyncIterator

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from interkommunal import __version__
from interkommunal.app.warming import Warming
from interkommunal.engine.interface import Engine
from interkommunal.errors import InterkommunalError
from interkommunal.harvest.feed.openapi import paths as feed_paths
from interkommunal.harvest.feed.routes import feed_routes
from interkommunal.harvest.routes import harvesting
from interkommunal.reconcile.manifest import PATH as RECONCILE
from interkommunal.reconcile.openapi import paths as reconciliation_paths
from interkommunal.reconcile.service import ReconciliationService
from interkommunal.release.release import CURRENT, Release
from interkommunal.settings import Settings
from interkommunal.site.context import open_house
from interkommunal.site.examples import Examples
from interkommunal.site.library.routes import add_library
from interkommunal.site.links.routes import links_routes
from interkommunal.site.overviews.context import open_overviews
from interkommunal.site.overviews.routes import overviews_routes
from interkommunal.site.query_page import EXPLAIN_PATH, PATH, QueryPage
from interkommunal.site.router import pages_router
from interkommunal.texts import Text
from interkommunal.web import logs
from interkommunal.web.cache import AnswerCache
from interkommunal.web.languages import choose_language
from interkommunal.web.metrics import Metrics
from interkommunal.web.openapi import add_paths, complete
from interkommunal.web.operations import operations
from interkommunal.web.parameters import wished_language
from interkommunal.web.problems import Problem, internal, method_not_allowed, problem_of
from interkommunal.web.publication import Publication, follow
from interkommunal.web.querylog import QueryLog
from interkommunal.web.sparql import SparqlEndpoint


class Application:
    """The ASGI application. ``routes`` is the FastAPI part, to which other modules add theirs."""

    def __init__(self, settings: Settings, engine: Engine, release: Release | None) -> None:
        self.settings = settings
        self.engine = engine
        self.publication = Publication(release)
        self.cache = AnswerCache(settings.cache_size)
        verbose = settings.log_level in ("debug", "info")
        stream = sys.stderr.buffer
        self.log = QueryLog(stream if verbose else None, as_json=logs.wants_json(settings, stream))
        examples = Examples(self.publication)
        # What comes with a release: its files for harvesters, and its library of questions, its names.
        served = () if release is None else ("/catalog", "/feed", "/links", "/queries", RECONCILE)
        self.site_context = open_house(settings, engine, self.publication, served)
        page = QueryPage(self.site_context, lambda: self.publication.release, examples)
        self.sparql = SparqlEndpoint(settings, engine, self.publication, self.cache, self.log, page)
        self.metrics = Metrics(self.log, self.cache, engine, self.publication)
        self.routes = self._fastapi(examples)
        self._warming = Warming(self, self.site_context.design)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or live through the lifespan of the server."""
        if scope["type"] == "http":
            if scope["path"] in (PATH, f"{PATH}/", EXPLAIN_PATH):
                await self.sparql(scope, receive, send)
                return
            # Starlette raises again what _on_fault has answered and reported.
            with contextlib.suppress(Exception):
                await self.routes(scope, receive, _without_body(send) if scope["method"] == "HEAD" else send)
        elif scope["type"] == "lifespan":
            await self.routes(scope, receive, send)

    def _fastapi(self, examples: Examples) -> FastAPI:
        # The pages that FastAPI makes of the OpenAPI document load their scripts from elsewhere.
        routes = FastAPI(
            title="interkommunal",
            version=__version__,
            docs_url=None,
            redoc_url=None,
            redirect_slashes=False,
            lifespan=self._lifespan,
        )
        routes.include_router(operations(self.settings, self.engine, self.publication, self.metrics))
        overview_context = open_overviews(self.site_context, examples)
        if self.publication.release is not None:
            routes.router.routes.extend(feed_routes(self.site_context, self.publication, self.settings.cache_max_age))
            routes.include_router(
                harvesting(self.settings, self.publication, self.site_context, lambda: _paths(routes))
            )
            add_library(routes, overview_context, self.publication)
            routes.router.routes.extend(links_routes(overview_context, self.settings.services))
            reconciliation = ReconciliationService(self.settings, self.site_context, self.publication, self.log)
            routes.router.routes += [Route(path, reconciliation) for path in (RECONCILE, f"{RECONCILE}/{{rest:path}}")]
            add_paths(routes, lambda: {**reconciliation_paths(), **feed_paths()})
        complete(routes)
        routes.router.routes.extend(overviews_routes(overview_context))
        # Last, for it also answers where there is nothing: with near matches.
        routes.mount("", pages_router(self.settings, self.publication, self.site_context))
        routes.add_exception_handler(HTTPException, self._on_http)
        routes.add_exception_handler(RequestValidationError, self._on_invalid)
        routes.add_exception_handler(InterkommunalError, self._on_ours)
        routes.add_exception_handler(Exception, self._on_fault)
        return routes

    @contextlib.asynccontextmanager
    async def _lifespan(self, _: FastAPI) -> AsyncIterator[None]:
        following = None
        release = self.publication.release
        if release is not None:
            releases = release.folder.parent
            if (releases / CURRENT).resolve() == release.folder:
                settings = self.settings
                following = asyncio.create_task(
                    follow(self.publication, self.engine, releases, settings.engine, settings.release_poll)
                )
        await self._warming.begin()
        self.publication.on_change(self._warming.again)
        try:
            yield
        finally:
            self._warming.end()
            if following is not None:
                following.cancel()
            await self.log.close()

    def _respond(self, request: Request, problem: Problem) -> Response:
        language = choose_language(
            wished_language(request.scope["query_string"]),
            request.headers.get("accept-language"),
            self.settings.language,
        )
        body = problem.body(language)
        response = Response(body, problem.status)
        length = (b"content-length", str(len(body)).encode())
        response.raw_headers = [*problem.header_fields(language), length, (b"x-content-type-options", b"nosniff")]
        return response

    async def _on_http(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == 404:
            path = request.url.path[:200]
            text = Text("There is nothing at {path}.", path=path)
            return self._respond(request, Problem("not-found", text))
        if error.status_code == 405:
            allow = ", ".join(sorted((error.headers or {}).get("Allow", "GET, HEAD").split(", ")))
            return self._respond(request, method_not_allowed(request.method, allow).problem)
        kind = "internal" if error.status_code >= 500 else "bad-request"
        detail = Text("{words}", words=error.detail)
        return self._respond(request, Problem(kind, detail, status_given=error.status_code))

    async def _on_invalid(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        faults = [
            {"where": [str(part) for part in item["loc"]], "message": str(item["msg"])} for item in error.errors()
        ]
        names = ", ".join(str(item["where"][-1]) for item in faults)
        text = Text("Invalid: {names}.", names=names)
        return self._respond(request, Problem("invalid-parameter", text, {"faults": faults}))

    async def _on_ours(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, InterkommunalError)
        return self._respond(request, problem_of(error))

    async def _on_fault(self, request: Request, error: Exception) -> Response:
        incident = secrets.token_hex(4)
        structlog.get_logger().error("fault", incident=incident, path=request.url.path, exc_info=error)
        return self._respond(request, internal(incident=incident))


def create_app(settings: Settings, engine: Engine, release: Release | None) -> Application:
    """The application.

    Args:
        settings: all settings.
        engine: open, and serving ``release``; closed by the caller after the application has shut down.
        release: what is published, or ``None`` where another endpoint answers.
    """
    return Application(settings, engine, release)


def _paths(routes: FastAPI) -> frozenset[str]:
    """Where the application answers by itself; what only shows a page for any path is left out."""
    return frozenset({PATH, *(getattr(route, "path", "") for route in routes.routes)})


def _without_body(send: Send) -> Send:
    async def send_head(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return send_head
