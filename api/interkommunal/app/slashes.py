"""One rule for a slash at the end of an address: 308 to the address without it if that exists, else what is there.

So nothing is ever redirected to nothing. Interfaces that take POST answer at once, because many programs follow no
redirect; so does whatever else is posted.
"""

from __future__ import annotations

import contextlib
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send

from interkommunal.settings import Settings
from interkommunal.site.reader import PATH as SOURCES
from interkommunal.site.site import SAFE
from interkommunal.web.responder import redirect
from interkommunal.web.routing import Route

# Redirects that are followed to see whether something is there.
_MOST_REDIRECTS: Final = 3


class Slashes:
    """An ASGI application in front of another one.

    Args:
        app: the application, with its routes.
        settings: public URL.
    """

    def __init__(self, app: FastAPI, settings: Settings) -> None:
        self._app = app
        self._address = settings.address
        self._prefix = urlsplit(settings.address).path.rstrip("/")
        self._interfaces = {
            item.path for item in app.routes if isinstance(item, Route) and "POST" in (item.methods or ())
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path: str = scope["path"]
        bare = path.rstrip("/")
        if not path.endswith("/") or not bare or self._is_address(scope):
            await self._app(scope, receive, send)
            return
        without = {**scope, "path": bare, "raw_path": scope.get("raw_path", b"").rstrip(b"/")}
        if scope["method"] not in ("GET", "HEAD") or bare in self._interfaces:
            await self._app(without, receive, send)
            return
        missing = await self._missing(without)
        if missing is not None:
            await self._app({**without, "path": missing}, receive, send)
            return
        query = scope["query_string"].decode("latin-1")
        target = f"{self._address}{quote(bare, safe=SAFE)}" + (f"?{query}" if query else "")
        await redirect(target, 308)(scope, receive, send)

    def _is_address(self, scope: Scope) -> bool:
        """Whether the slash belongs to the address, as that of a folder does."""
        return bool(scope["path"] == SOURCES)

    async def _missing(self, scope: Scope, redirects: int = 0) -> str | None:
        """The path at which nothing is, be it that of an address or where that leads; ``None`` if something is there.

        Asked without parameters, which may cost a query.
        """
        if any(isinstance(item, Route) and item.path == scope["path"] for item in self._app.routes):
            return None
        started: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.append(message)

        headers = [item for item in scope["headers"] if not item[0].startswith((b"if-", b"accept", b"range"))]
        probe = {**scope, "method": "HEAD", "query_string": b"", "headers": headers}
        # A fault is reported, and answered with 500, before it is raised again.
        with contextlib.suppress(Exception):
            await self._app(probe, receive, send)
        status: int = started[0]["status"] if started else 500
        if status in (301, 303, 308) and redirects < _MOST_REDIRECTS:
            location = unquote(dict(started[0]["headers"])[b"location"].decode("latin-1")).removeprefix(self._prefix)
            return await self._missing({**scope, "path": location.partition("?")[0]}, redirects + 1)
        return None if status < 400 else str(scope["path"])
