"""What only a parser sees in the head of a request: targets that are no path, and a body with two lengths.

A target may be a whole URL (RFC 9112 §3.2.2: a server must take it) or ``*`` (§3.2.4). A request with a length and a
transfer coding, by which servers in a row can be made to see different requests, is refused (§6.1).
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

from starlette.types import ASGIApp, Receive, Scope, Send

from interkommunal.texts import Language, Text
from interkommunal.web.problems import Header, Problem

_WHOLE: Final = re.compile(rb"https?://[^/?#]*", re.IGNORECASE)
_ALLOW: Final[Header] = (b"allow", b"GET, HEAD, POST, QUERY, OPTIONS")


class Targets:
    """Settles these for ``app``.

    Args:
        app: answers everything else.
        language: of the refusal.
    """

    def __init__(self, app: ASGIApp, language: Language) -> None:
        self._app = app
        self._language = language

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        raw = scope["raw_path"]
        if {b"content-length", b"transfer-encoding"} <= {name for name, _ in scope["headers"]}:
            await self._refuse(send)
        elif raw == b"*" and scope["method"] == "OPTIONS":
            await send({"type": "http.response.start", "status": 204, "headers": [_ALLOW]})
            await send({"type": "http.response.body", "body": b""})
        elif raw.startswith(b"/"):
            await self._app(scope, receive, send)
        else:
            match = _WHOLE.match(raw)
            path = raw[match.end() :] or b"/" if match else raw
            await self._app({**scope, "raw_path": path, "path": unquote(path.decode("ascii"))}, receive, send)

    async def _refuse(self, send: Send) -> None:
        text = Text(
            "Content-Length und Transfer-Encoding schließen einander aus.",
            "Content-Length and Transfer-Encoding exclude each other.",
        )
        problem = Problem("bad-request", text)
        body = problem.body(self._language)
        length = (b"content-length", b"%d" % len(body))
        headers = [*problem.header_fields(self._language), length, (b"connection", b"close")]
        await send({"type": "http.response.start", "status": problem.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
