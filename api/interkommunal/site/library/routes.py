"""Which address leads to which part of the library, and what the OpenAPI document says of it."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from interkommunal.site.answers import redirect
from interkommunal.site.guarded import Handler, guarded_routes
from interkommunal.site.library import openapi
from interkommunal.site.library.collection import Collection
from interkommunal.site.library.formats import LISTS, PATH, RDF
from interkommunal.site.library.handlers import ListHandler, QuestionHandler, Reading, nothing
from interkommunal.site.overviews.context import OverviewContext
from interkommunal.sparql.query import TURTLE
from interkommunal.web.openapi import add_paths
from interkommunal.web.publication import Publication


def add_library(app: FastAPI, overview_context: OverviewContext, publication: Publication) -> None:
    """Adds the routes of the library to an application, and its operations to the OpenAPI document.

    Args:
        app: the application.
        overview_context: what handlers share.
        publication: the release in force, which carries the questions.
    """
    overview_context.design.add(Path(__file__).parent)
    reading = Reading(overview_context, Collection(overview_context.client, publication))
    convention = (next(item for item in RDF if item.media_type == TURTLE), *RDF[1:])
    handlers: tuple[tuple[str, Handler], ...] = (
        ("/queries", ListHandler(reading, LISTS)),
        ("/queries/", _Slash(reading)),
        ("/queries.{suffix}", ListHandler(reading, LISTS)),
        (PATH, ListHandler(reading, convention)),
        (f"{PATH}.{{suffix}}", ListHandler(reading, convention)),
        (f"{PATH}/{{name}}", _Example(reading)),
        ("/queries/{name}", QuestionHandler(reading)),
    )
    app.router.routes.extend(guarded_routes(overview_context, handlers))
    add_paths(app, lambda: openapi.paths(reading.collection.queries.values()))


class _Slash:
    """The list asked for with a slash at the end."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    async def __call__(self, request: Request) -> Response:
        return redirect(self._reading.overview_context.site.address("/queries"), 301)


class _Example:
    """The IRI of a question leads to the question."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    async def __call__(self, request: Request) -> Response:
        name = str(request.path_params["name"])
        if name not in self._reading.collection.queries:
            raise nothing(request.scope["path"])
        return redirect(self._reading.overview_context.site.address(f"/queries/{name}"))
