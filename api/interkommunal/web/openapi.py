"""Completes the OpenAPI document of the application: the SPARQL endpoint, media types, and problems.

FastAPI knows the routes but not what they answer in, and ``/sparql`` is answered before FastAPI is asked. HEAD is left
out, because it is GET without a body. https://spec.openapis.org/oas/v3.1.0
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from fastapi import FastAPI

from interkommunal.site.query_page import EXPLAIN_PATH, PATH
from interkommunal.sparql.query import JSON_LD, N_TRIPLES, RDF_XML, TURTLE
from interkommunal.web.explaining import EXPLANATION_OFFERS
from interkommunal.web.formats import HTML, OFFERS
from interkommunal.web.problems import MEDIA_TYPE
from interkommunal.web.protocol import FORM, QUERY

_RDF: Final = (TURTLE, RDF_XML, JSON_LD, N_TRIPLES)
_SUFFIXES: Final = {
    ".ttl": TURTLE,
    ".rdf": RDF_XML,
    ".jsonld": JSON_LD,
    ".nt": N_TRIPLES,
    ".xml": "application/xml",
    ".txt": "text/plain",
    ".json": "application/json",
    ".atom": "application/atom+xml",
    ".html": "text/html",
}
# What paths without a suffix are answered in, where it is not JSON.
_MEDIA_TYPES: Final[dict[str, tuple[str, ...]]] = {
    "/metrics": ("text/plain", "application/openmetrics-text"),
    "/catalog": (*_RDF, HTML.media_type),
    "/void": (*_RDF, HTML.media_type),
    "/.well-known/api-catalog": ("application/linkset+json",),
    "/dumps": ("application/json", HTML.media_type),
    "/dumps/{name}": ("*/*",),
    "/release/{name}/dumps/{file}": ("*/*",),
}
_REDIRECTS: Final = ("/.well-known/void",)
_PROBLEM: Final = {"content": {MEDIA_TYPE: {"schema": {"type": "object", "required": ["type", "title", "status"]}}}}
_PROBLEMS: Final[dict[str, Any]] = {
    "4XX": {"description": "The request cannot be answered as it is (RFC 9457).", **_PROBLEM},
    "503": {"description": "Too busy, or not there yet; ask again after Retry-After seconds.", **_PROBLEM},
    "504": {"description": "Out of time.", **_PROBLEM},
}
_IRIS: Final = {"type": "array", "items": {"type": "string", "format": "uri"}}


def add_paths(app: FastAPI, paths: Callable[[], dict[str, Any]]) -> None:
    """Make the OpenAPI document of ``app`` name what is answered without FastAPI knowing.

    Args:
        app: the application.
        paths: path items of OpenAPI 3.1, asked for each time; they may change with the release.
    """
    rest = app.openapi

    def document() -> dict[str, Any]:
        found = rest()
        return {**found, "paths": {**found.get("paths", {}), **paths()}}

    app.openapi = document  # type: ignore[method-assign]


def complete(app: FastAPI) -> None:
    """Make the OpenAPI document of ``app`` say what all of its operations answer."""
    rest = app.openapi

    def document() -> dict[str, Any]:
        found = rest()
        paths = {path: _completed(path, item) for path, item in found.get("paths", {}).items()}
        return {**found, "paths": {**paths, **_sparql()}}

    app.openapi = document  # type: ignore[method-assign]


def _completed(path: str, item: dict[str, Any]) -> dict[str, Any]:
    """A path without HEAD; where FastAPI wrote it, with the media types that it is answered in."""
    operations = {method: operation for method, operation in item.items() if method != "head"}
    for method, operation in operations.items():
        answers = operation.get("responses", {})
        # Operations that describe themselves name their problems, too.
        if any(status.startswith(("4", "5")) and status != "422" for status in answers):
            continue
        if path in _REDIRECTS:
            operations[method] = {**operation, "responses": {"303": {"description": "It is elsewhere."}, **_PROBLEMS}}
            continue
        suffix = next((kind for end, kind in _SUFFIXES.items() if path.endswith(end)), None)
        kinds = _MEDIA_TYPES.get(path, (suffix or "application/json",))
        operations[method] = {**operation, "responses": _answers("The answer.", kinds)}
    return operations


def _answers(description: str, media_types: Iterable[str]) -> dict[str, Any]:
    return {
        "200": {"description": description, "content": {kind: {} for kind in media_types}},
        "304": {"description": "Nothing has changed."},
        **_PROBLEMS,
    }


def _sparql() -> dict[str, Any]:
    formats = {item.media_type: item for offers in OFFERS.values() for item in offers}
    return {
        PATH: _operations(
            "sparql",
            "Ask a query by the SPARQL 1.1 Protocol; without one, GET answers the service description",
            formats,
            sorted({item.suffix for item in formats.values()}),
        ),
        EXPLAIN_PATH: _operations(
            "explain",
            "Say in words what is wrong with a query, or why it finds nothing",
            [item.media_type for item in EXPLANATION_OFFERS],
            [item.suffix for item in EXPLANATION_OFFERS],
        ),
    }


def _operations(name: str, summary: str, media_types: Iterable[str], suffixes: list[str]) -> dict[str, Any]:
    answers = _answers("The answer.", media_types)
    wishes = {
        "default-graph-uri": (_IRIS, "Graphs that make up the default graph, instead of FROM."),
        "named-graph-uri": (_IRIS, "Named graphs, instead of FROM NAMED."),
        "format": ({"type": "string", "enum": suffixes}, "Format of the answer, instead of the field Accept."),
        "timeout": (
            {"type": "number", "exclusiveMinimum": 0, "maximum": 10**6, "multipleOf": 0.001},
            "Seconds to wait at most.",
        ),
        "partial": ({"type": "boolean"}, "Give the first rows of an answer that has too many."),
        "lang": ({"type": "string", "enum": ["de", "en"]}, "Language of messages and of the page."),
    }
    query = {"type": "string", "description": "A SPARQL 1.1 query."}
    parameters = [
        {"name": wish, "in": "query", "required": False, "schema": schema, "description": description}
        for wish, (schema, description) in wishes.items()
    ]
    form = {
        "type": "object",
        "required": ["query"],
        "properties": {"query": query, **{wish: schema for wish, (schema, _) in wishes.items()}},
    }
    about = {"tags": ["sparql"], "summary": summary, "responses": answers}
    asked = {"name": "query", "in": "query", "required": False, "schema": query, "description": "The query."}
    return {
        "get": {**about, "operationId": name, "parameters": [asked, *parameters]},
        "post": {
            **about,
            "operationId": f"{name}-post",
            "requestBody": {"required": True, "content": {QUERY: {"schema": query}, FORM: {"schema": form}}},
        },
    }
