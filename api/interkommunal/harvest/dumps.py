"""The routes of dumps: ``/dumps/…`` and ``/release/{identifier}/dumps/…``.

Below ``/dumps`` lies what is in force, below ``/release/{identifier}`` what never changes. Only files that hold
statements or tables are given out; texts of sources are shown by pages, with what has to be said of them.

A file of a release as an answer: streamed, in ranges if asked for, with tag and digest.

The manifest knows the SHA-256 of each file, so tag and digest cost nothing and are exact. Ranges follow RFC 9110
section 14, digests RFC 9530. Of several ranges at once the whole file is sent, as section 14.2 allows. A file that lies
there compressed as well goes out so to whom that suits: tag, digests and ranges are then those of the compressed bytes
(RFC 9110 section 8.8.3, RFC 9530 section 3).
"""

from __future__ import annotations

import asyncio
import re
from base64 import b64encode
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import orjson
from fastapi import Request, Response
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from interkommunal.harvest.documents import Documents, kept_release
from interkommunal.release.dumps import MEDIA_TYPES
from interkommunal.release.manifest import File
from interkommunal.release.release import Release
from interkommunal.release.tables import HOLDS
from interkommunal.sparql.query import Form
from interkommunal.texts import Text
from interkommunal.web.exchange import Broken
from interkommunal.web.formats import HTML, OFFERS, choose_token, rather_triples
from interkommunal.web.problems import Problem, RequestProblem, not_acceptable
from interkommunal.web.publication import ReleaseFiles
from interkommunal.web.representation import CORS, NO_SNIFF, http_time
from interkommunal.web.request import ClientRequest
from interkommunal.web.responder import FOREVER, http_date, precondition, precondition_failed, redirect
from interkommunal.web.routing import Route, route

_PIECE: Final = 256 * 1024
_RANGE: Final = re.compile(r"\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*", re.IGNORECASE)


class FileResponse(Response):
    """Sends a file, or the range that the request asks for.

    Args:
        request: GET or HEAD.
        path: of the file. file: what the manifest says of it.
        modified: when it came to lie at its address.
        cache_control: value of ``Cache-Control``.
        patience: seconds for which the client may leave a piece unread.
        coding: content coding in which it lies on disk, chosen for this client; empty for none.
        media_type: of what is inside, if it is coded.

    Raises:
        RequestProblem: 412; 416, the range lies outside the file.
    """

    def __init__(
        self,
        request: ClientRequest,
        path: Path,
        file: File,
        modified: datetime,
        cache_control: str,
        patience: float,
        coding: str = "",
        media_type: str = "",
    ) -> None:
        self.background = None
        self._path = path
        self._file = file
        self._tag = f'"{file.sha256}"'.encode()
        self._modified = modified
        self._patience = patience
        self._first, self._last = 0, -1
        common = [
            (b"vary", b"Accept-Encoding"),
            (b"etag", self._tag),
            (b"last-modified", http_time(modified)),
            (b"cache-control", cache_control.encode()),
            (b"accept-ranges", b"bytes"),
            (b"repr-digest", self._digest()),
            NO_SNIFF,
            *CORS,
        ]
        if coding:
            common.append((b"content-encoding", coding.encode()))
        self.status_code = precondition(request.method, request.fields, self._tag, modified)
        if self.status_code == 412:
            raise precondition_failed()
        if self.status_code == 304:
            self.raw_headers = [item for item in common if item[0] != b"content-encoding"]
            return
        # Ranges are for GET only (RFC 9110 §14.2).
        wanted = self._wanted(Headers(raw=request.headers)) if request.method == "GET" else None
        first, last = (0, file.bytes - 1) if wanted is None else wanted
        self.raw_headers = [
            *common,
            (b"content-type", (media_type or file.media_type).encode()),
            (b"content-length", str(last - first + 1).encode()),
        ]
        if wanted is None:
            self.raw_headers.append((b"content-digest", self._digest()))
        else:
            self.status_code = 206
            self.raw_headers.append((b"content-range", f"bytes {first}-{last}/{file.bytes}".encode()))
        if not request.is_head:
            self._first, self._last = first, last

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it.

        Raises:
            Broken: the client left a piece unread; the connection has to be closed.
            OSError: the file cannot be read.
        """
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        if self._last < self._first:
            await send({"type": "http.response.body", "body": b""})
        else:
            await self._stream(self._first, self._last, send)

    def _wanted(self, headers: Headers) -> tuple[int, int] | None:
        """The first and the last byte that are asked for; ``None``: the whole."""
        condition = headers.get("if-range")
        match = _RANGE.fullmatch(headers.get("range", ""))
        if match is None or match[0].strip().endswith("=-") or (condition is not None and not self._is(condition)):
            return None
        size = self._file.bytes
        if match[1]:
            first, last = int(match[1]), min(int(match[2] or size - 1), size - 1)
            if match[2] and int(match[2]) < first:
                return None
        elif match[2]:
            first, last = max(size - int(match[2]), 0), size - 1
        else:
            return None
        if first >= size or (not match[1] and int(match[2]) == 0):
            raise self._outside()
        return first, last

    def _is(self, condition: str) -> bool:
        # Only a strong tag says that the bytes are the same, or exactly this time (RFC 9110 §13.1.5).
        given = condition.strip().encode("latin-1")
        return given == self._tag or http_date(given) == self._modified

    def _digest(self) -> bytes:
        return b"sha-256=:" + b64encode(bytes.fromhex(self._file.sha256)) + b":"

    def _outside(self) -> RequestProblem:
        size = self._file.bytes
        return RequestProblem(
            Problem(
                "bad-request",
                Text("This range lies outside the file; it has {size} bytes.", size=size),
                {"bytes": size},
                ((b"content-range", f"bytes */{size}".encode()),),
                status_given=416,
            )
        )

    async def _stream(self, first: int, last: int, send: Send) -> None:
        left = last - first + 1
        with await asyncio.to_thread(self._path.open, "rb") as stream:
            stream.seek(first)
            while left:
                piece = await asyncio.to_thread(stream.read, min(_PIECE, left))
                if not piece:
                    raise Broken(f"{self._path} is shorter than its manifest says")
                left -= len(piece)
                try:
                    async with asyncio.timeout(self._patience):
                        await send({"type": "http.response.body", "body": piece, "more_body": True})
                except TimeoutError:
                    raise Broken(f"the client did not read for {self._patience:g} seconds") from None
        await send({"type": "http.response.body", "body": b"", "more_body": False})


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
