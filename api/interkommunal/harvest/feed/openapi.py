"""What the OpenAPI document says of feeds and releases. https://spec.openapis.org/oas/v3.1.0"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from interkommunal.harvest.feed import atom
from interkommunal.harvest.feed.context import PATHS
from interkommunal.harvest.feed.formats import SHAPE, WITH_MEMBERS, WITHOUT_MEMBERS
from interkommunal.harvest.feed.releases import DESCRIPTIONS, DIFFERENCES
from interkommunal.harvest.feed.versions import FORMATS
from interkommunal.web.formats import Format
from interkommunal.web.problems import MEDIA_TYPE

_PROBLEM: Final = {"content": {MEDIA_TYPE: {"schema": {"type": "object"}}}}
_PARAMETERS: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "stream": ({"type": "string", "pattern": "^[0-9a-f]{8}$"}, "Name of the stream, as its root tells it."),
    "number": ({"type": "integer", "minimum": 1, "maximum": 10**12 - 1}, "1 for the first."),
    "name": (
        {"type": "string", "minLength": 1, "maxLength": 200},
        "A release: its identifier, version, start of its content hash, or current.",
    ),
    "older": ({"type": "string", "minLength": 1, "maxLength": 200}, "The older release, named in the same ways."),
    "type": ({"type": "string", "minLength": 1, "maxLength": 200}, "Type of the thing, for example city."),
    "thing": ({"type": "string", "minLength": 1, "maxLength": 200}, "Name of the thing, for example essen."),
}


def paths() -> dict[str, Any]:
    """Path items of OpenAPI 3.1."""
    found: dict[str, Any] = {}
    for view, path in PATHS.items():
        of = "the graph" if view == "graph" else "the catalogue"
        found |= {
            path: _get(path, f"{view}_feed", f"Root of the event stream of {of}", _kinds(WITHOUT_MEMBERS)),
            f"{path}/{{stream}}/pages/{{number}}": _get(
                f"{path}/{{stream}}/pages/{{number}}",
                f"{view}_feed_page",
                f"A page of changes to {of}, with their payloads in named graphs",
                _kinds(WITH_MEMBERS),
            ),
            f"{path}/{{stream}}/members/{{number}}": _get(
                f"{path}/{{stream}}/members/{{number}}",
                f"{view}_feed_member",
                f"One change to {of}",
                _kinds(WITH_MEMBERS),
            ),
        }
    for path, name, summary, kinds in (
        (atom.PATH, "atom", "The changes for people, as Atom (RFC 4287)", [atom.MEDIA_TYPE]),
        ("/feed/shape", "feed_shape", "What a change looks like, in SHACL", [SHAPE.media_type]),
        ("/release", "releases", "The kept releases, oldest first", _kinds(DESCRIPTIONS)),
        ("/release/{name}", "release", "One kept release and its files", _kinds(DESCRIPTIONS)),
        (
            "/release/{name}/since/{older}",
            "difference",
            "What turns an older kept release into this one",
            _kinds(DIFFERENCES),
        ),
        (
            "/release/{name}/doc/{type}/{thing}",
            "old_version",
            "What a release said of a thing, also when it is no longer kept",
            _kinds(FORMATS),
        ),
    ):
        found[path] = _get(path, name, summary, kinds)
    return found


def _kinds(offers: Iterable[Format]) -> list[str]:
    return [form.media_type for form in offers]


def _get(path: str, name: str, summary: str, media_types: Iterable[str]) -> dict[str, Any]:
    parameters = []
    for parameter in re.findall(r"{(\w+)}", path):
        schema, description = _PARAMETERS[parameter]
        parameters.append(
            {"name": parameter, "in": "path", "required": True, "schema": schema, "description": description}
        )
    return {
        "get": {
            "tags": ["releases" if path.startswith("/release") else "feed"],
            "operationId": name,
            "summary": summary,
            "parameters": parameters,
            "responses": {
                "200": {"description": "The answer.", "content": {kind: {} for kind in media_types}},
                "304": {"description": "Nothing has changed."},
                "404": {"description": "There is no such thing.", **_PROBLEM},
                "406": {"description": "There is no such format.", **_PROBLEM},
                "410": {"description": "It was there once; the answer says what is kept.", **_PROBLEM},
                "503": {"description": "There is no change table that can be read.", **_PROBLEM},
            },
        }
    }
