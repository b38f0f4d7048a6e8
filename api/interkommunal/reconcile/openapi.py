"""What the OpenAPI document says of the reconciliation service; its answers are described by the schemas of the API."""

from __future__ import annotations

from typing import Any, Final

from interkommunal.reconcile.extension import MOST_IDS
from interkommunal.reconcile.manifest import PATH
from interkommunal.reconcile.request import MOST_CANDIDATES
from interkommunal.web.problems import MEDIA_TYPE

_TAG: Final = "reconciliation"
_SCHEMAS: Final = "https://reconciliation-api.github.io/specs/0.2/schemas"
_TEXT: Final[dict[str, Any]] = {"type": "string"}
_LANG: Final[dict[str, Any]] = {"type": "string", "enum": ["de", "en"]}


def paths() -> dict[str, Any]:
    """Path items of OpenAPI 3.1."""
    batch = (
        f"Queries by keys of your choice, as JSON: {_SCHEMAS}/reconciliation-query-batch.json. "
        f"Each has at most {MOST_CANDIDATES} candidates."
    )
    extend = f"Things and properties, as JSON: {_SCHEMAS}/data-extension-query.json. At most {MOST_IDS} things."
    form = {
        "type": "object",
        "properties": {"queries": {**_TEXT, "description": batch}, "extend": {**_TEXT, "description": extend}},
    }
    found: dict[str, Any] = {
        PATH: {
            "get": _operation(
                "reconcile_get",
                "The manifest; with queries, candidates; with extend, further columns (Reconciliation Service API 0.2)",
                ("queries", _TEXT, batch, False),
                ("extend", _TEXT, extend, False),
            ),
            "post": {
                **_operation("reconcile", "Candidates for a batch of names, or further columns of things"),
                "requestBody": {
                    "required": True,
                    "content": {"application/x-www-form-urlencoded": {"schema": form}},
                },
            },
        },
        f"{PATH}/preview": {
            "get": _operation(
                "preview", "A card about a thing, for a frame", ("id", _TEXT, "Identifier.", True), media="text/html"
            )
        },
        f"{PATH}/extend/propose": {
            "get": _operation(
                "propose_properties",
                "Properties that things of a type have",
                ("type", _TEXT, "Identifier of a type.", False),
                ("limit", {"type": "integer", "minimum": 0}, "Most properties.", False),
            )
        },
    }
    for kind, things in (("entity", "things"), ("type", "types"), ("property", "properties")):
        found[f"{PATH}/suggest/{kind}"] = {
            "get": _operation(
                f"suggest_{kind}",
                f"The {things} whose names go on like this",
                ("prefix", _TEXT, "What was typed so far.", True),
                ("cursor", {"type": "integer", "minimum": 0}, "How many to pass over.", False),
            )
        }
        found[f"{PATH}/flyout/{kind}"] = {
            "get": _operation(f"flyout_{kind}", f"A card about one of the {things}", ("id", _TEXT, "Identifier.", True))
        }
    return found


def _operation(
    name: str, summary: str, *parameters: tuple[str, dict[str, Any], str, bool], media: str = "application/json"
) -> dict[str, Any]:
    every = (*parameters, ("lang", _LANG, "Language of labels and messages.", False))
    problem = {"description": "What is wrong.", "content": {MEDIA_TYPE: {}}}
    return {
        "tags": [_TAG],
        "operationId": name,
        "summary": summary,
        "parameters": [
            {"name": parameter, "in": "query", "required": required, "schema": schema, "description": text}
            for parameter, schema, text, required in every
        ],
        "responses": {
            "200": {"description": "The answer.", "content": {media: {}}},
            **dict.fromkeys(("400", "404", "413", "415", "422", "503"), problem),
        },
    }
