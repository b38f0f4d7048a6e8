"""Which address leads to which part of the library, and what the OpenAPI document says of each question.

Each question of the release in force is an operation with typed parameters, so a new question is documented by being in
the release.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from interkommunal.release.library import LibraryQuery, Parameter
from interkommunal.release.values import LONGEST
from interkommunal.site.library.formats import ANSWERS, LISTS, PATH, RDF
from interkommunal.site.library.handlers import LibraryContext, ListHandler, QuestionHandler, nothing
from interkommunal.site.library.questions import QuestionCollection
from interkommunal.site.overviews.context import OverviewContext
from interkommunal.sparql.query import TURTLE
from interkommunal.texts import LANGUAGES
from interkommunal.web.responder import redirect
from interkommunal.web.routing import Route, route

_TAG: Final = "queries"
_LANGUAGES: Final[dict[str, Any]] = {"enum": list(LANGUAGES)}
_SCHEMAS: Final[dict[str, dict[str, Any]]] = {
    "year": {"type": "string", "pattern": "^[0-9]{4}$"},
    "date": {"type": "string", "format": "date"},
    "integer": {"type": "integer", "minimum": -(10**17), "maximum": 10**17},
    "text": {"type": "string", "maxLength": LONGEST},
    "entity": {"type": "string", "maxLength": LONGEST},
    "concept": {"type": "string", "maxLength": LONGEST},
}
_COMMON: Final = (
    ("lang", {"type": "string", **_LANGUAGES}, "Language of labels."),
    ("limit", {"type": "integer", "minimum": 1, "maximum": 10**9 - 1}, "Rows at most; all if it is missing."),
    ("offset", {"type": "integer", "minimum": 0, "maximum": 10**9 - 1}, "Rows passed over."),
    (
        "raw",
        {"type": "boolean"},
        "CSV for programs: without byte order mark, and without the apostrophe before cells that a spreadsheet would "
        "take for a formula.",
    ),
)


class Library:
    """The routes of the library.

    Args:
        overview_context: what handlers share.

    Attributes:
        routes: those that answer.
    """

    def __init__(self, overview_context: OverviewContext) -> None:
        overview_context.design.add(Path(__file__).parent)
        reading = LibraryContext(
            overview_context, QuestionCollection(overview_context.client, overview_context.publication)
        )
        convention = (next(item for item in RDF if item.media_type == TURTLE), *RDF[1:])
        self._collection = reading.collection
        self._list, self._question = ListHandler(reading, LISTS), QuestionHandler(reading)
        example = ListHandler(reading, convention)
        self.routes = [
            self._documented_list(),
            route("/queries.{suffix}", self._list.__call__),
            route(PATH, example.__call__),
            route(f"{PATH}.{{suffix}}", example.__call__),
            route(f"{PATH}/{{name}}", _Example(reading).__call__),
            route("/queries/{name}", self._question.__call__),
        ]

    def questions(self) -> list[Route]:
        """An operation for each question of the release in force, for the OpenAPI document."""
        return [self._documented(query) for query in self._collection.queries.values()]

    def _documented_list(self) -> Route:
        async def queries(
            request: Request,
            tag: Annotated[str, Query(max_length=LONGEST, description="Only questions with this tag.")] = "",
            lang: Annotated[str, Query(description="Language of labels.", json_schema_extra=_LANGUAGES)] = "",
        ) -> Response:
            return await self._list(request)

        kinds = [item.media_type for item in LISTS]
        return route("/queries", queries, kinds, summary="All questions of the library", tag=_TAG, name="queries")

    def _documented(self, query: LibraryQuery) -> Route:
        own = [_own(item) for item in query.parameters if item.kind != "language"]
        return route(
            f"/queries/{query.name}",
            self._question.__call__,
            [item.media_type for item in ANSWERS],
            summary=query.summary["en"],
            tag=_TAG,
            name=f"query-{query.name}",
            extra={
                "description": f"{query.summary['de']}\n\nColumns: {', '.join(query.columns)}.",
                "parameters": [*own, *(_query(*item) for item in _COMMON)],
            },
        )


class _Example:
    """The IRI of a question leads to the question."""

    def __init__(self, reading: LibraryContext) -> None:
        self._reading = reading

    async def __call__(self, request: Request, name: str) -> Response:
        """GET or HEAD."""
        if name not in self._reading.collection.queries:
            raise nothing(request.scope["path"])
        return redirect(self._reading.overview_context.site.address(f"/queries/{name}"))


def _own(parameter: Parameter) -> dict[str, Any]:
    kinds = {
        "entity": f"A thing of the class {parameter.of}: IRI, prefixed name or short name.",
        "concept": f"A concept of the scheme {parameter.of}: IRI, prefixed name or short name.",
        "year": "A year.",
        "date": "A day.",
        "integer": "A whole number.",
        "text": "A text, found in any part of a text, upper or lower case.",
    }
    schema = dict(_SCHEMAS[parameter.kind])
    if parameter.default == "UNDEF":
        return _query(parameter.name, schema, f"{kinds[parameter.kind]} Any, if it is missing.")
    written = re.sub(r'^"(.*)".*$', r"\1", parameter.default)
    schema["default"] = int(written) if parameter.kind == "integer" else written
    return _query(parameter.name, schema, kinds[parameter.kind])


def _query(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}
