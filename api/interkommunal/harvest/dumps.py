"""The routes of dumps: ``/dumps/…`` and ``/release/{identifier}/dumps/…``.

Below ``/dumps`` lies what is in force, below ``/release/{identifier}`` what never changes. Only files that hold
statements or tables are given out; texts of sources are shown by pages, with what has to be said of them.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

import orjson
from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse
from starlette.responses import Response as Answer
from starlette.types import Receive, Scope, Send

from interkommunal.harvest.documents import Documents, Shelf, kept_release, respond
from interkommunal.harvest.files import FileAnswer
from interkommunal.release.dumps import MEDIA_TYPES
from interkommunal.release.manifest import File
from interkommunal.release.release import Release
from interkommunal.release.tables import HOLDS
from interkommunal.sparql.query import Form
from interkommunal.texts import Text
from interkommunal.web.formats import OFFERS, rather_triples
from interkommunal.web.negotiation import choose, choose_token
from interkommunal.web.problems import Problem, RequestProblem, not_acceptable

FOREVER: Final = "public, max-age=31536000, immutable"
# Content codings and the suffixes of files that lie there in them; our favourite first.
_CODINGS: Final = {"zstd": "zst", "gzip": "gz"}
# What a part without a suffix is offered in, Turtle first.
_OFFERS: Final = rather_triples([offer for offer in OFFERS[Form.CONSTRUCT] if offer.suffix in MEDIA_TYPES])
_GET: Final = ["GET", "HEAD"]


class _Sent(Answer):
    """Lets a route of FastAPI answer by a :class:`FileAnswer`."""

    def __init__(self, answer: FileAnswer) -> None:
        self._answer = answer
        self.background = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._answer(scope, receive, send)


def dump_routes(documents: Documents, address: str, max_age: int, patience: float) -> APIRouter:
    """The routes of files and releases.

    Args:
        documents: keeps what was made, and knows the release in force.
        address: public URL of the server.
        max_age: seconds for which a client need not ask again for what is in force.
        patience: seconds for which a client may leave a piece of a file unread.
    """
    router = APIRouter()
    cache_control = f"public, max-age={max_age}" if max_age else "public, no-cache"

    @router.api_route("/dumps", methods=_GET)
    async def dumps(request: Request) -> Response:
        """The dumps of the release in force: name, URL, media type, size and SHA-256 of each."""
        return await respond(request, await documents.get("dumps", "application/json", _list_of_dumps))

    def _list_of_dumps(shelf: Shelf) -> bytes:
        return _json({"release": shelf.release.identifier, "files": files_of(shelf.release, f"{address}/dumps")})

    @router.api_route("/dumps/{name:path}", methods=_GET)
    async def dump(request: Request, name: str) -> Response:
        """A dump or table of the release in force."""
        if not name:
            return RedirectResponse(f"{address}/dumps", 308)
        if (found := _negotiated(request, documents.shelf.release, name)) is not None:
            return _see(f"{address}/dumps/{found}")
        return _file(request, documents.shelf.release, name, cache_control, patience)

    @router.api_route("/release/{name}/dumps/{file:path}", methods=_GET)
    async def dump_of_release(request: Request, name: str, file: str) -> Response:
        """A dump or table of a kept release; it never changes."""
        found = await asyncio.to_thread(kept_release, documents.shelf, name)
        if (negotiated := _negotiated(request, found, file)) is not None:
            return _see(f"{address}/release/{name}/dumps/{negotiated}")
        lasting = FOREVER if name == found.identifier else cache_control
        return _file(request, found, file, lasting, patience)

    return router


def _negotiated(request: Request, release: Release, part: str) -> str | None:
    """The file that holds a part in the format that the client likes best; ``None`` if there is no such part."""
    offers = [offer for offer in _OFFERS if f"{part}.{offer.suffix}" in release.manifest.files]
    if "." in part or "/" in part or not offers:
        return None
    chosen = choose(", ".join(request.headers.getlist("accept")), offers)
    if chosen is None:
        raise not_acceptable([offer.media_type for offer in offers], [offer.suffix for offer in offers])
    return f"{part}.{chosen.suffix}"


def _see(address: str) -> Response:
    return RedirectResponse(address, 303, {"vary": "Accept", "access-control-allow-origin": "*"})


def _file(request: Request, release: Release, name: str, cache_control: str, patience: float) -> Response:
    file = release.manifest.files.get(name)
    if file is None or not _is_given_out(name, file):
        raise RequestProblem(
            Problem(
                "not-found",
                Text(
                    "The release {identifier} has no file {name}; /dumps lists all.",
                    identifier=release.identifier,
                    name=name[:100],
                ),
            )
        )
    accepted = ", ".join(request.headers.getlist("accept-encoding"))
    packed = {coding: f"{name}.{suffix}" for coding, suffix in _CODINGS.items()}
    there = [coding for coding, other in packed.items() if other in release.manifest.files]
    coding = choose_token(accepted, there) if accepted and there else None
    if coding is None:
        return _Sent(FileAnswer(release.path(name), file, cache_control, patience))
    other = packed[coding]
    coded = release.manifest.files[other]
    return _Sent(FileAnswer(release.path(other), coded, cache_control, patience, coding, file.media_type))


def _is_given_out(name: str, file: File) -> bool:
    """Whether a file is a table or a dump: those are called after the part of the graph that they hold."""
    part, _, suffix = name.partition(".")
    return file.holds == HOLDS or (part == file.holds and suffix.partition(".")[0] in MEDIA_TYPES)


def files_of(release: Release, below: str) -> list[dict[str, Any]]:
    """The files of a release that are given out, with their addresses ``below`` a URL."""
    return [
        {
            "name": name,
            "url": f"{below}/{name}",
            "holds": file.holds,
            "media_type": file.media_type,
            "bytes": file.bytes,
            "sha256": file.sha256,
        }
        for name, file in sorted(release.manifest.files.items())
        if _is_given_out(name, file)
    ]


def _json(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2)
