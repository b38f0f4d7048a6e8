"""The pages that everybody opens, made before anybody asks: after the start, and after each new release.

Templates are compiled, the vocabulary is read, and the answers lie in the cache when the first visitor comes. What goes
wrong here is left to whoever asks for the page.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Final

from starlette.types import ASGIApp, Message, Scope

from interkommunal.site.design import Design
from interkommunal.texts import LANGUAGES

# The server says that it is ready when the pages are, but does not wait longer than this for a slow store.
PATIENCE: Final = 1.0
_PATHS: Final = ("/", "/overviews", "/lists", "/ontology", "/queries", "/sparql")


class Warming:
    """Makes the pages. Belongs to one event loop.

    Args:
        pages: the application that answers.
        design: templates and files.
        paths: pages to make, in each language.
    """

    def __init__(self, pages: ASGIApp, design: Design, paths: Sequence[str] = _PATHS) -> None:
        self._pages = pages
        self._design = design
        self._paths = paths
        self._task: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Begin; returns when all is done or :data:`PATIENCE` is over, and goes on in the background."""
        self.again()
        assert self._task is not None
        await asyncio.wait({self._task}, timeout=PATIENCE)

    def again(self) -> None:
        """Make the pages of another release in the background."""
        self.end()
        self._task = asyncio.create_task(self._warm())

    def end(self) -> None:
        """Stop, because the server does."""
        if self._task is not None:
            self._task.cancel()

    async def _warm(self) -> None:
        await asyncio.to_thread(self._design.warm)
        for path in self._paths:
            for language in LANGUAGES:
                # The application has reported the fault; the next one who asks gets it as an answer.
                with contextlib.suppress(Exception):
                    await self._pages(_request(path, language), _nothing, _ignore)


def _request(path: str, language: str) -> Scope:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"accept", b"text/html"), (b"accept-language", language.encode()), (b"accept-encoding", b"gzip")],
        "client": None,
        "server": None,
    }


async def _nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _ignore(_: Message) -> None:
    pass
