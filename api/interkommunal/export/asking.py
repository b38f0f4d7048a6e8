"""Asks the application without a network: one ASGI call a request."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from starlette.types import ASGIApp, Message

# A page if there is one, else whatever there is.
ACCEPT: Final = "text/html, */*;q=0.1"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: status, header fields with names in lower case, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """The media type without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


async def ask(app: ASGIApp, path: str, query: str, language: str) -> Answer:
    """Ask for ``path`` (decoded, without prefix) in ``language``, as a browser would."""
    status, headers, pieces = 500, {}, []

    async def receive() -> Message:
        await asyncio.Event().wait()  # nobody hangs up
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        nonlocal status, headers
        if message["type"] == "http.response.start":
            status = int(message["status"])
            headers = _merged(message["headers"])
        elif message["type"] == "http.response.body":
            pieces.append(message.get("body", b""))

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [
            (b"host", b"localhost"),
            (b"accept", ACCEPT.encode()),
            (b"accept-language", language.encode()),
        ],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "state": {},
    }
    await app(scope, receive, send)
    return Answer(status, headers, b"".join(pieces))


def _merged(fields: list[tuple[bytes, bytes]]) -> dict[str, str]:
    merged: dict[str, str] = {}
    for name, value in fields:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        merged[key] = f"{merged[key]}, {text}" if key in merged else text
    return merged
