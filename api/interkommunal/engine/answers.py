"""Answers as a caller holds them: one that is complete, and one whose bytes are still coming.

In: bytes from whatever evaluates (a worker process, a remote endpoint). Out: the ``Answer`` of ``interface``.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from typing import Final, Protocol

from interkommunal.errors import QueryError
from interkommunal.sparql.query import Form

# A stream stops taking from its source when so many bytes wait for the reader, and goes on when few are left.
_HIGH_WATER: Final = 1 << 19
_LOW_WATER: Final = 1 << 17


class Origin(Protocol):
    """Where an answer comes from."""

    def abandon(self) -> None:
        """The caller gives the answer up before its end."""

    def resume(self) -> None:
        """The reader has caught up after :meth:`IncomingAnswer.put` asked to pause."""


class IncomingAnswer:
    """An answer that its origin completes or feeds.

    Args:
        form: query form.
        media_type: format.
        origin: where it comes from. Let go of when the answer has ended.
    """

    __slots__ = (
        "_began",
        "_buffered",
        "_chunks",
        "_ended",
        "_error",
        "_origin",
        "_seconds",
        "_waiter",
        "body",
        "cut",
        "form",
        "media_type",
        "pid",
        "rows",
        "size",
    )

    def __init__(self, form: Form, media_type: str, origin: Origin) -> None:
        self.form = form
        self.media_type = media_type
        self.body: bytes | None = None
        self.rows: int | None = None
        self.size = 0
        self.cut = False
        self.pid: int | None = None
        self._origin: Origin | None = origin
        self._began = time.monotonic()
        self._seconds: float | None = None
        self._chunks: deque[bytes] | None = None
        self._buffered = 0
        self._ended = False
        self._error: QueryError | None = None
        self._waiter: asyncio.Future[None] | None = None

    @property
    def seconds(self) -> float:
        """Time from the request to now, or to the end."""
        return time.monotonic() - self._began if self._seconds is None else self._seconds

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self._ended

    def complete(self, body: bytes, rows: int | None, *, cut: bool) -> None:
        """The whole answer is there."""
        self.body = body
        self.size = len(body)
        self.rows = rows
        self.cut = cut
        self._end()

    def put(self, chunk: bytes) -> bool:
        """Append to a stream. Returns whether the source should pause until ``resume`` is called."""
        if self._chunks is None:
            self._chunks = deque()
        self._chunks.append(chunk)
        self._buffered += len(chunk)
        self.size += len(chunk)
        self._wake()
        return self._buffered > _HIGH_WATER

    def finish(self, rows: int | None, *, cut: bool) -> None:
        """The stream has ended well."""
        self.rows = rows
        self.cut = cut
        self._end()

    def fail(self, error: QueryError) -> None:
        """The stream has failed; its reader gets ``error``."""
        if not self._ended:
            self._error = error
            self._end()

    async def chunks(self) -> AsyncIterator[bytes]:
        """The answer in pieces; raises the error with which the stream failed."""
        if self.body is not None:
            yield self.body
            return
        try:
            while True:
                while self._chunks and self._error is None:
                    chunk = self._chunks.popleft()
                    before = self._buffered
                    self._buffered -= len(chunk)
                    if self._origin is not None and before > _LOW_WATER >= self._buffered:
                        self._origin.resume()
                    yield chunk
                if self._error is not None:
                    raise self._error
                if self._ended:
                    return
                self._waiter = asyncio.get_running_loop().create_future()
                await self._waiter
        finally:
            self._give_up()

    async def aclose(self) -> None:
        """Give up: the work stops at once."""
        self._give_up()

    def _give_up(self) -> None:
        origin = self._origin
        if not self._ended and origin is not None:
            self._end()
            origin.abandon()

    def _end(self) -> None:
        self._ended = True
        self._origin = None
        self._seconds = time.monotonic() - self._began
        self._wake()

    def _wake(self) -> None:
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_result(None)
