"""The operations of the reconciliation service; its answers are described by the schemas of the API."""

from __future__ import annotations

from typing import Any, Final

from starlette.types import ASGIApp

from interkommunal.reconcile.extension import MOST_IDS
from interkommunal.reconcile.manifest import PATH
from interkommunal.reconcile.request import MOST_CANDIDATES
from interkommunal.web.routing import Route, documented

_TAG: Final = "reconciliation"
_SCHEMAS: Final = "https://reconciliation-api.github.io/specs/0.2/schemas"
_TEXT: Final[dict[str, Any]] = {"type": "string"}
_LANG: Final[dict[str, Any]] = {"type": "string", "enum": ["de", "en"]}


def reconcile_routes(service: ASGIApp) -> list[Route]:
    """The routes of the service, which reads its parameters itself."""
    batch = (
        f"Queries by keys of your choice, as JSON: {_SCHEMAS}/reconciliation-query-batch.json. "
        f"Each has at most {MOST_CANDIDATES} candidates."
    )
    extend = f"Things and properties, as JSON: {_SCHEMAS}/data-extension-query.json. At most {MOST_IDS} things."
    form = {
        "type": "object",
        "properties": {"queries": {**_TEXT, "description": batch}, "extend": {**_TEXT, "description": extend}},
    }
    number = {"type": "integer", "minimum": 0}
    identifier = ("id", _TEXT, "Identifier.", True)

    def operation(
        path: str,
        name: str,
        summary: str,
        *parameters: tuple[str, dict[str, Any], str, bool],
        media_type: str = "application/json",
        body: dict[str, Any] | None = None,
    ) -> Route:
        every = (*parameters, ("lang", _LANG, "Language of labels and messages.", False))
        extra: dict[str, Any] = {
            "parameters": [
                {"name": parameter, "in": "query", "required": required, "schema": schema, "description": text}
                for parameter, schema, text, required in every
            ]
        }
        if body is not None:
            extra["requestBody"] = body
        method = "GET" if body is None else "POST"
        return documented(f"{PATH}{path}", [media_type], service, summary, _TAG, name, extra, method)

    routes = [
        operation(
            "",
            "reconcile_get",
            "The manifest; with queries, candidates; with extend, further columns (Reconciliation Service API 0.2)",
            ("queries", _TEXT, batch, False),
            ("extend", _TEXT, extend, False),
        ),
        operation(
            "",
            "reconcile",
            "Candidates for a batch of names, or further columns of things",
            body={"required": True, "content": {"application/x-www-form-urlencoded": {"schema": form}}},
        ),
        operation("/preview", "preview", "A card about a thing, for a frame", identifier, media_type="text/html"),
        operation(
            "/extend/propose",
            "propose_properties",
            "Properties that things of a type have",
            ("type", _TEXT, "Identifier of a type.", False),
            ("limit", number, "Most properties.", False),
        ),
    ]
    for kind, things in (("entity", "things"), ("type", "types"), ("property", "properties")):
        routes += [
            operation(
                f"/suggest/{kind}",
                f"suggest_{kind}",
                f"The {things} whose names go on like this",
                ("prefix", _TEXT, "What was typed so far.", True),
                ("cursor", number, "How many to pass over.", False),
            ),
            operation(f"/flyout/{kind}", f"flyout_{kind}", f"A card about one of the {things}", identifier),
        ]
    return routes
