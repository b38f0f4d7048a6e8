"""What the OpenAPI document says of the library: each question is an operation with typed parameters.

The paths follow from the questions of the release in force, so a new question stands there by being in the release.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from interkommunal.release.library import LibraryQuery, Parameter
from interkommunal.release.values import LONGEST
from interkommunal.site.library.formats import ANSWERS, LISTS
from interkommunal.web.problems import MEDIA_TYPE

_TAG: Final = "queries"
_SCHEMAS: Final[dict[str, dict[str, Any]]] = {
    "year": {"type": "string", "pattern": "^[0-9]{4}$"},
    "date": {"type": "string", "format": "date"},
    "integer": {"type": "integer", "minimum": -(10**17), "maximum": 10**17},
    "text": {"type": "string", "maxLength": LONGEST},
    "entity": {"type": "string", "maxLength": LONGEST},
    "concept": {"type": "string", "maxLength": LONGEST},
}
_COMMON: Final = (
    ("lang", {"type": "string", "enum": ["de", "en"]}, "Language of labels."),
    ("limit", {"type": "integer", "minimum": 1, "maximum": 10**9 - 1}, "Rows at most; all if it is missing."),
    ("offset", {"type": "integer", "minimum": 0, "maximum": 10**9 - 1}, "Rows passed over."),
    (
        "raw",
        {"type": "boolean"},
        "CSV for programs: without byte order mark, and without the apostrophe before cells that a spreadsheet would "
        "take for a formula.",
    ),
)


def paths(queries: Iterable[LibraryQuery]) -> dict[str, Any]:
    """Path items of OpenAPI 3.1 for the list and for each question."""
    found: dict[str, Any] = {
        "/queries": {
            "get": {
                "tags": [_TAG],
                "operationId": "queries",
                "summary": "All questions of the library",
                "parameters": [
                    _query("tag", {"type": "string", "maxLength": LONGEST}, "Only questions with this tag."),
                    _query(*_COMMON[0]),
                ],
                "responses": _responses([item.media_type for item in LISTS]),
            }
        }
    }
    for query in queries:
        found[f"/queries/{query.name}"] = {"get": _operation(query)}
    return found


def _operation(query: LibraryQuery) -> dict[str, Any]:
    own = [_own(item) for item in query.parameters if item.kind != "language"]
    return {
        "tags": [_TAG],
        "operationId": f"query-{query.name}",
        "summary": query.summary["en"],
        "description": f"{query.summary['de']}\n\nColumns: {', '.join(query.columns)}.",
        "parameters": [*own, *(_query(*item) for item in _COMMON)],
        "responses": _responses([item.media_type for item in ANSWERS]),
    }


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


def _responses(media_types: Iterable[str]) -> dict[str, Any]:
    problem = {MEDIA_TYPE: {"schema": {"type": "object"}}}
    return {
        "200": {
            "description": "The answer, from the release that its header names.",
            "content": {key: {} for key in media_types},
        },
        "304": {"description": "Nothing has changed."},
        "400": {"description": "The request is not well-formed.", "content": problem},
        "406": {"description": "There is no such format.", "content": problem},
        "422": {"description": "A parameter is not known or has a wrong value.", "content": problem},
        "503": {"description": "Too many questions at once.", "content": problem},
        "504": {"description": "Out of time.", "content": problem},
    }
