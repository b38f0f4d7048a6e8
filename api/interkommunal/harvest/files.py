"""A file of a release as an answer: streamed, in ranges if asked for, with tag and digest.

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
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from interkommunal.release.manifest import File
from interkommunal.texts import Text
from interkommunal.web.exchange import Broken
from interkommunal.web.problems import Problem, RequestProblem
from interkommunal.web.representation import CORS, NO_SNIFF, http_time
from interkommunal.web.request import ClientRequest
from interkommunal.web.responder import http_date, precondition, precondition_failed

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
