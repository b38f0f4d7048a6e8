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

from interkommunal.harvest.documents import Documents, chosen, kept_release
from interkommunal.release.dumps import MEDIA_TYPES
from interkommunal.release.manifest import File
from interkommunal.release.release import Release
from interkommunal.release.tables import HOLDS
from interkommunal.sparql.query import Form
from interkommunal.texts import Text
from interkommunal.web.exchange import Broken
from interkommunal.web.formats import HTML, OFFERS, choose_token, rather_triples
from interkommunal.web.problems import Problem, RequestProblem
from interkommunal.web.publication import ReleaseFiles
from interkommunal.web.representation import CORS, NO_SNIFF, http_time
from interkommunal.web.request import ClientRequest
from interkommunal.web.responder import FOREVER, http_date, precondition, precondition_failed, redirect
from interkommunal.web.routing import Route, route

_PIECE: Final = 256 * 1024
_RANGE: Final = re.compile(r"\s*bytes\s*=\s*(?!\s*-\s*$)(\d*)\s*-\s*(\d*)\s*", re.IGNORECASE)


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
        self._path, self._file, self._modified, self._patience = path, file, modified, patience
        self._tag = f'"{file.sha256}"'.encode()
        self._span = range(0)
        digest = b"sha-256=:" + b64encode(bytes.fromhex(file.sha256)) + b":"
        self.raw_headers = [
            (b"vary", b"Accept-Encoding"),
            (b"etag", self._tag),
            (b"last-modified", http_time(modified)),
            (b"cache-control", cache_control.encode()),
            (b"accept-ranges", b"bytes"),
            (b"repr-digest", digest),
            NO_SNIFF,
            *CORS,
        ]
        self.status_code = precondition(request.method, request.fields, self._tag, modified)
        if self.status_code == 412:
            raise precondition_failed()
        if self.status_code == 304:
            return
        if coding:
            self.raw_headers.append((b"content-encoding", coding.encode()))
        # Ranges are for GET only (RFC 9110 §14.2).
        wanted = self._wanted(Headers(raw=request.headers)) if request.method == "GET" else None
        span = wanted or range(file.bytes)
        self.raw_headers += [
            (b"content-type", (media_type or file.media_type).encode()),
            (b"content-length", b"%d" % len(span)),
        ]
        if wanted is None:
            self.raw_headers.append((b"content-digest", digest))
        else:
            self.status_code = 206
            place = f"bytes {span.start}-{span.stop - 1}/{file.bytes}"
            self.raw_headers.append((b"content-range", place.encode()))
        if not request.is_head:
            self._span = span

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it.

        Raises:
            Broken: the client left a piece unread; the connection has to be closed.
            OSError: the file cannot be read.
        """
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        if self._span:
            await self._stream(send)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    def _wanted(self, headers: Headers) -> range | None:
        """The bytes that are asked for; ``None``: the whole."""
        match = _RANGE.fullmatch(headers.get("range", ""))
        if match is None:
            return None
        if (condition := headers.get("if-range")) is not None:
            # Only a strong tag says that the bytes are the same, or exactly this time (RFC 9110 §13.1.5).
            given = condition.strip().encode("latin-1")
            if given != self._tag and http_date(given) != self._modified:
                return None
        size, (first, last) = self._file.bytes, match.groups()
        if not first:
            span = range(max(size - int(last), 0), size)
        elif last and int(last) < int(first):
            return None
        else:
            span = range(int(first), min(int(last or size), size - 1) + 1)
        if not span:
            fields = ((b"content-range", f"bytes */{size}".encode()),)
            text = Text("This range lies outside the file; it has {size} bytes.", size=size)
            raise RequestProblem(Problem("bad-request", text, {"bytes": size}, fields, status_given=416))
        return span

    async def _stream(self, send: Send) -> None:
        left = len(self._span)
        with await asyncio.to_thread(self._path.open, "rb") as stream:
            stream.seek(self._span.start)
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

    async def dumps(request: Request) -> Response:
        """The dumps of the release in force: name, URL, media type, size and SHA-256 of each."""

        def make(files: ReleaseFiles) -> bytes:
            about = {"release": files.release.identifier, "files": files_of(files.release, f"{address}/dumps")}
            return orjson.dumps(about, option=orjson.OPT_INDENT_2)

        return await documents.data(request, "dumps", "application/json", make)

    async def dump(request: Request, name: str) -> Response:
        """A dump or table of the release in force."""
        files = documents.publication.files
        return answer(request, files, files.release, name, "/dumps", documents.responder.cache_control)

    async def dump_of_release(request: Request, name: str, file: str) -> Response:
        """A dump or table of a kept release; it never changes."""
        files = documents.publication.files
        found = await asyncio.to_thread(kept_release, files, name)
        lasting = FOREVER if name == found.identifier else documents.responder.cache_control
        return answer(request, files, found, file, f"/release/{name}/dumps", lasting)

    def answer(
        request: Request, files: ReleaseFiles, release: Release, name: str, below: str, lasting: str
    ) -> Response:
        asked, there = documents.request(request), release.manifest.files
        offers = tuple(offer for offer in _OFFERS if f"{name}.{offer.suffix}" in there)
        # A part without a suffix leads to its file in the format that the client likes best.
        if offers and "." not in name and "/" not in name:
            suffix = chosen(asked, offers).suffix
            return redirect(f"{address}{below}/{name}.{suffix}", 303, (b"vary", b"Accept"))
        file, modified = there.get(name), files.time_of(release)
        if file is None or not _is_given_out(name, file):
            text = Text(
                "The release {identifier} has no file {name}; /dumps lists all.",
                identifier=release.identifier,
                name=name[:100],
            )
            raise RequestProblem(Problem("not-found", text))
        coded = {coding: f"{name}.{suffix}" for coding, suffix in _CODINGS.items() if f"{name}.{suffix}" in there}
        coding = choose_token(asked.fields.coding, tuple(coded)) if asked.fields.coding and coded else None
        other = name if coding is None else coded[coding]
        path, media_type = release.path(other), file.media_type
        return FileResponse(asked, path, there[other], modified, lasting, patience, coding or "", media_type)

    return [
        route("/dumps", dumps, ["application/json", HTML.media_type]),
        route("/dumps/{name:path}", dump, ["*/*"]),
        route("/release/{name}/dumps/{file:path}", dump_of_release, ["*/*"]),
    ]


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
