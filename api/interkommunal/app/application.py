"""The whole application: ``/sparql`` by the shortest way, everything else through FastAPI, every error a problem.

``create_app`` gets all it needs as arguments and keeps nothing at module level, so that several applications can live
in one process. The caller opens and closes the engine; the application follows the releases while it is up.

One rule for a slash at the end of an address: 308 to the address without it if that exists, else what is there.

So nothing is ever redirected to nothing. Interfaces that take POST answer at once, because many programs follow no
redirect; so does whatever else is posted.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Sequence
from typing import Any, Final
from urllib.parse import quote, unquote, urlsplit

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from interkommunal import __version__
from interkommunal.content import find_content
from interkommunal.engine.engine import Engine
from interkommunal.errors import InterkommunalError
from interkommunal.harvest.crawling import crawling_routes
from interkommunal.harvest.documents import Documents
from interkommunal.harvest.dumps import dump_routes
from interkommunal.harvest.feed.handlers import POLLING, feed_routes
from interkommunal.harvest.feed.releases import release_routes
from interkommunal.harvest.pages import catalogue_routes
from interkommunal.reconcile.manifest import PATH as RECONCILE
from interkommunal.reconcile.routes import reconcile_routes
from interkommunal.reconcile.service import ReconciliationService
from interkommunal.release.release import CURRENT, Release
from interkommunal.settings import Settings
from interkommunal.site.context import open_site
from interkommunal.site.errors import ErrorPages, Missing
from interkommunal.site.frame import Design
from interkommunal.site.library.handlers import Library
from interkommunal.site.links import links_routes
from interkommunal.site.overviews.handlers import overviews_routes
from interkommunal.site.query_page import QueryPage
from interkommunal.site.reader import PATH as SOURCES
from interkommunal.site.router import pages_routes
from interkommunal.site.site import SAFE
from interkommunal.texts import LANGUAGES, Text
from interkommunal.web import logs
from interkommunal.web.cache import AnswerCache
from interkommunal.web.logs import QueryLog
from interkommunal.web.operations import Metrics, operations_routes
from interkommunal.web.problems import Problem, RequestProblem
from interkommunal.web.publication import Publication, follow
from interkommunal.web.representation import Representation, data_headers
from interkommunal.web.request import ClientRequest
from interkommunal.web.responder import Responder, redirect
from interkommunal.web.routing import Route, route
from interkommunal.web.sparql import EXPLAIN_PATH, PATH, SparqlEndpoint, sparql_routes

# Redirects that are followed to see whether something is there.
_MOST_REDIRECTS: Final = 3


class Slashes:
    """An ASGI application in front of another one.

    Args:
        app: the application, with its routes.
        settings: public URL.
    """

    def __init__(self, app: FastAPI, settings: Settings) -> None:
        self._app = app
        self._address = settings.address
        self._prefix = urlsplit(settings.address).path.rstrip("/")
        self._interfaces = {
            item.path for item in app.routes if isinstance(item, Route) and "POST" in (item.methods or ())
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path: str = scope["path"]
        bare = path.rstrip("/")
        if not path.endswith("/") or not bare or self._is_address(scope):
            await self._app(scope, receive, send)
            return
        without = {**scope, "path": bare, "raw_path": scope.get("raw_path", b"").rstrip(b"/")}
        if scope["method"] not in ("GET", "HEAD") or bare in self._interfaces:
            await self._app(without, receive, send)
            return
        missing = await self._missing(without)
        if missing is not None:
            await self._app({**without, "path": missing}, receive, send)
            return
        query = scope["query_string"].decode("latin-1")
        target = f"{self._address}{quote(bare, safe=SAFE)}" + (f"?{query}" if query else "")
        await redirect(target, 308)(scope, receive, send)

    def _is_address(self, scope: Scope) -> bool:
        """Whether the slash belongs to the address, as that of a folder does."""
        return bool(scope["path"] == SOURCES)

    async def _missing(self, scope: Scope, redirects: int = 0) -> str | None:
        """The path at which nothing is, be it that of an address or where that leads; ``None`` if something is there.

        Asked without parameters, which may cost a query.
        """
        if any(isinstance(item, Route) and item.path == scope["path"] for item in self._app.routes):
            return None
        started: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.append(message)

        headers = [item for item in scope["headers"] if not item[0].startswith((b"if-", b"accept", b"range"))]
        probe = {**scope, "method": "HEAD", "query_string": b"", "headers": headers}
        # A fault is reported, and answered with 500, before it is raised again.
        with contextlib.suppress(Exception):
            await self._app(probe, receive, send)
        status: int = started[0]["status"] if started else 500
        if status in (301, 303, 308) and redirects < _MOST_REDIRECTS:
            location = unquote(dict(started[0]["headers"])[b"location"].decode("latin-1")).removeprefix(self._prefix)
            return await self._missing({**scope, "path": location.partition("?")[0]}, redirects + 1)
        return None if status < 400 else str(scope["path"])


# The server says that it is ready when the pages are, but does not wait longer than this for a slow store.
PATIENCE: Final = 1.0
_PATHS: Final = ("/", "/overviews", "/lists", "/ontology", "/queries", "/sparql")


class Warming:
    """Makes the pages that everybody opens before anybody asks: after the start, and after each new release.

    Templates are compiled, the vocabulary is read, and the answers lie in the cache when the first visitor comes. What
    goes wrong here is left to whoever asks for the page. Belongs to one event loop.

    Args:
        pages: the application that answers.
        design: templates and files.
        paths: pages to make, in each language.
    """

    def __init__(self, pages: ASGIApp, design: Design, paths: Sequence[str] = _PATHS) -> None:
        self._pages = pages
        self._design = design
        self._paths = paths
        self._task: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Begin; returns when all is done or :data:`PATIENCE` is over, and goes on in the background."""
        self.again()
        assert self._task is not None
        await asyncio.wait({self._task}, timeout=PATIENCE)

    def again(self) -> None:
        """Make the pages of another release in the background."""
        self.end()
        self._task = asyncio.create_task(self._warm())

    def end(self) -> None:
        """Stop, because the server does."""
        if self._task is not None:
            self._task.cancel()

    async def _warm(self) -> None:
        await asyncio.to_thread(self._design.warm)
        for path in self._paths:
            for language in LANGUAGES:
                # The application has reported the fault; the next one who asks gets it as an answer.
                with contextlib.suppress(Exception):
                    await self._pages(_request(path, language), _nothing, _ignore)


def _request(path: str, language: str) -> Scope:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"accept", b"text/html"), (b"accept-language", language.encode()), (b"accept-encoding", b"gzip")],
        "client": None,
        "server": None,
    }


async def _nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _ignore(_: Message) -> None:
    pass


class Application:
    """The ASGI application. ``routes`` is the FastAPI part."""

    def __init__(self, settings: Settings, engine: Engine, release: Release | None) -> None:
        self.settings = settings
        self.engine = engine
        self.publication = Publication(release)
        self.cache = AnswerCache(settings.cache_size)
        self.publication.on_change(self.cache.clear)
        self.responder = Responder(settings, self.publication, self.cache)
        verbose = settings.log_level in ("debug", "info")
        stream = sys.stderr.buffer
        self.log = QueryLog(stream if verbose else None, as_json=logs.wants_json(settings, stream))
        # What comes with a release: its files for harvesters, and its library of questions, its names.
        served = () if release is None else ("/catalog", "/feed", "/links", "/queries", RECONCILE)
        self.site_context = open_site(settings, engine, self.publication, self.responder, served)
        self.responder.pages = ErrorPages(self.site_context)
        page = QueryPage(self.site_context)
        self.sparql = SparqlEndpoint(settings, engine, self.publication, self.cache, self.log, page, self.responder)
        self.metrics = Metrics(self.log, self.cache, engine, self.publication)
        self._library: Library | None = None
        self.routes = self._fastapi()
        self._slashes = Slashes(self.routes, settings)
        self._warming = Warming(self, self.site_context.design)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or live through the lifespan of the server."""
        if scope["type"] == "http":
            if scope["path"] in (PATH, EXPLAIN_PATH):
                await self.sparql(scope, receive, send)
                return
            # Starlette raises again what _on_error has answered and reported.
            with contextlib.suppress(Exception):
                await self._slashes(scope, receive, _without_body(send) if scope["method"] == "HEAD" else send)
        elif scope["type"] == "lifespan":
            await self.routes(scope, receive, send)

    def _fastapi(self) -> FastAPI:
        # The pages that FastAPI makes of the OpenAPI document load their scripts from elsewhere.
        routes = FastAPI(
            openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False, lifespan=self._lifespan
        )
        routes.router.routes.extend(self._routes())
        routes.openapi = self.openapi  # type: ignore[method-assign]
        for kind in (HTTPException, RequestValidationError, InterkommunalError, Exception):
            routes.add_exception_handler(kind, self._on_error)
        return routes

    def _routes(self) -> list[Route]:
        settings, site_context = self.settings, self.site_context
        routes = operations_routes(settings, self.engine, self.publication, self.metrics)
        routes += [*sparql_routes(self.sparql), route("/openapi.json", self._describe)]
        if self.publication.release is not None:
            documents = Documents(self.publication, self.responder)
            polling = max(POLLING, settings.cache_max_age)
            self._library = Library(site_context)
            routes += [
                *feed_routes(site_context, documents, polling),
                *release_routes(site_context, documents),
                *catalogue_routes(site_context, documents, settings, self._paths),
                *crawling_routes(documents, settings.address),
                *dump_routes(documents, settings.address, settings.stall),
                *self._library.routes,
                *links_routes(site_context, settings.services),
                *reconcile_routes(ReconciliationService(settings, site_context, self.log)),
            ]
        # Last, for the addresses of things are the least particular.
        content = find_content(settings.content)
        return [*routes, *overviews_routes(site_context, content), *pages_routes(settings, site_context)]

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document of all routes, and of the questions of the release in force."""
        questions = self._library.questions() if self._library else []
        return get_openapi(title="interkommunal", version=__version__, routes=[*self.routes.routes, *questions])

    async def _describe(self, request: Request) -> Response:
        """The OpenAPI document."""

        async def make() -> Representation:
            headers = data_headers("application/json", self.responder.cache_control)
            return Representation(orjson.dumps(self.openapi()), headers)

        asked = ClientRequest(request.scope, self.settings.language)
        return (await self.responder.kept(asked, ("openapi", self.publication.identifier), make)).response()

    def _paths(self) -> frozenset[str]:
        return frozenset(item.path for item in self.routes.routes if isinstance(item, Route))

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

    async def _on_error(self, request: Request, error: Exception) -> Response:
        """Whatever went wrong, as a problem document or as a page."""
        if isinstance(error, HTTPException):
            error = self._of_http(request, error)
        elif isinstance(error, RequestValidationError):
            faults = [
                {"where": [str(part) for part in item["loc"]], "message": str(item["msg"])} for item in error.errors()
            ]
            names = ", ".join(str(item["where"][-1]) for item in faults)
            text = Text("Invalid: {names}.", names=names)
            error = RequestProblem(Problem("invalid-parameter", text, {"faults": faults}))
        asked = ClientRequest(request.scope, self.settings.language)
        return (await self.responder.refuse(asked, error)).response()

    @staticmethod
    def _of_http(request: Request, error: HTTPException) -> Exception:
        if error.status_code == 404:
            return Missing(request.scope["path"])
        kind = "internal" if error.status_code >= 500 else "bad-request"
        detail = Text("{words}", words=error.detail)
        return RequestProblem(Problem(kind, detail, status_given=error.status_code))


def create_app(settings: Settings, engine: Engine, release: Release | None) -> Application:
    """The application.

    Args:
        settings: all settings.
        engine: open, and serving ``release``; closed by the caller after the application has shut down.
        release: what is published, or ``None`` where another endpoint answers.
    """
    return Application(settings, engine, release)


def _without_body(send: Send) -> Send:
    async def send_head(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return send_head
