"""The routes of dumps: ``/dumps/…`` and ``/release/{identifier}/dumps/…``.

Below ``/dumps`` lies what is in force, below ``/release/{identifier}`` what never changes. Only files that hold
statements or tables are given out; texts of sources are shown by pages, with what has to be said of them.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

import orjson
from fastapi import Request, Response

from interkommunal.harvest.documents import Documents, kept_release
from interkommunal.harvest.files import FileResponse
from interkommunal.release.dumps import MEDIA_TYPES
from interkommunal.release.manifest import File
from interkommunal.release.release import Release
from interkommunal.release.tables import HOLDS
from interkommunal.sparql.query import Form
from interkommunal.texts import Text
from interkommunal.web.formats import HTML, OFFERS, choose_token, rather_triples
from interkommunal.web.problems import Problem, RequestProblem, not_acceptable
from interkommunal.web.publication import ReleaseFiles
from interkommunal.web.request import ClientRequest
from interkommunal.web.responder import FOREVER, redirect
from interkommunal.web.routing import Route, route

# Content codings and the suffixes of files that lie there in them; our favourite first.
_CODINGS: Final = {"zstd": "zst", "gzip": "gz"}
# What a part without a suffix is offered in, Turtle first.
_OFFERS: Final = rather_triples([offer for offer in OFFERS[Form.CONSTRUCT] if offer.suffix in MEDIA_TYPES])


def dump_routes(documents: Documents, address: str, patience: float) -> list[Route]:
    """The routes of files.

    Args:
        documents: know the release in force.
        address: public URL of the server.
        patience: seconds for which a client may leave a piece of a file unread.
    """
    cache_control = documents.responder.cache_control

    async def dumps(request: Request) -> Response:
        """The dumps of the release in force: name, URL, media type, size and SHA-256 of each."""
        return await documents.data(request, "dumps", "application/json", _list_of_dumps)

    def _list_of_dumps(files: ReleaseFiles) -> bytes:
        return _json({"release": files.release.identifier, "files": files_of(files.release, f"{address}/dumps")})

    async def dump(request: Request, name: str) -> Response:
        """A dump or table of the release in force."""
        files, asked = documents.publication.files, documents.request(request)
        if (found := _negotiated(asked, files.release, name)) is not None:
            return redirect(f"{address}/dumps/{found}", 303, (b"vary", b"Accept"))
        return _file(asked, files, files.release, name, cache_control, patience)

    async def dump_of_release(request: Request, name: str, file: str) -> Response:
        """A dump or table of a kept release; it never changes."""
        files, asked = documents.publication.files, documents.request(request)
        found = await asyncio.to_thread(kept_release, files, name)
        if (negotiated := _negotiated(asked, found, file)) is not None:
            return redirect(f"{address}/release/{name}/dumps/{negotiated}", 303, (b"vary", b"Accept"))
        lasting = FOREVER if name == found.identifier else cache_control
        return _file(asked, files, found, file, lasting, patience)

    return [
        route("/dumps", dumps, ["application/json", HTML.media_type]),
        route("/dumps/{name:path}", dump, ["*/*"]),
        route("/release/{name}/dumps/{file:path}", dump_of_release, ["*/*"]),
    ]


def _negotiated(request: ClientRequest, release: Release, part: str) -> str | None:
    """The file that holds a part in the format that the client likes best; ``None`` if there is no such part."""
    offers = tuple(offer for offer in _OFFERS if f"{part}.{offer.suffix}" in release.manifest.files)
    if "." in part or "/" in part or not offers:
        return None
    chosen = request.choose(offers)
    if chosen is None:
        raise not_acceptable([offer.media_type for offer in offers], [offer.suffix for offer in offers])
    return f"{part}.{chosen.suffix}"


def _file(
    request: ClientRequest, files: ReleaseFiles, release: Release, name: str, cache_control: str, patience: float
) -> Response:
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
    accepted, modified = request.fields.coding, files.time_of(release)
    packed = {coding: f"{name}.{suffix}" for coding, suffix in _CODINGS.items()}
    there = [coding for coding, other in packed.items() if other in release.manifest.files]
    coding = choose_token(accepted, there) if accepted and there else None
    if coding is None:
        return FileResponse(request, release.path(name), file, modified, cache_control, patience)
    other = packed[coding]
    coded = release.manifest.files[other]
    return FileResponse(request, release.path(other), coded, modified, cache_control, patience, coding, file.media_type)


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
