"""One request and its response in raw ASGI, where an answer may be a stream or its client may hang up before it.

``send`` sends a reply that is known to the last byte. ``begin``, ``piece`` and ``end`` send a stream; a stream that is
not ended on purpose reaches the client as a broken one, because the server closes the connection without the last chunk
(:class:`Broken` makes it do so). While an engine works, :meth:`Exchange.while_connected` ends the work if the client
disconnects.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Sequence
from typing import Any, Final, TypeVar

from starlette.types import Receive, Scope, Send

from interkommunal.texts import Language, Text
from interkommunal.web.logs import QueryRecord
from interkommunal.web.problems import Header, Problem, RequestProblem, body_too_large
from interkommunal.web.request import ClientRequest, Fields
from interkommunal.web.responder import Reply

T = TypeVar("T")

_BODY_SECONDS: Final = 30.0
# A client that is still sending a body that we refuse would see a reset connection instead of our answer. So we take
# the rest, up to here, and forget it.
_DRAIN: Final = 64 << 20
# Between two looks; a disconnect is noticed at most two looks after the request has begun.
_LOOK_SECONDS: Final = 0.02


class Broken(Exception):
    """The response cannot be ended truthfully; the server has to close the connection in the middle of it."""


class ClientGone(Exception):
    """The client hung up before its answer was there."""


class Exchange(ClientRequest):
    """A request that is being answered. Belongs to one task.

    Attributes:
        record: what the log will tell of it.
        status: that was sent, 0 until the response has begun. sent: bytes of body.
    """

    def __init__(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        default: Language,
        watcher: DisconnectWatcher,
        fields: Fields | None = None,
    ) -> None:
        super().__init__(scope, default, fields)
        self.record = QueryRecord(time.perf_counter())
        self.scope = scope
        self.status = 0
        self.sent = 0
        self._receive = receive
        self._send = send
        self._watcher = watcher

    def close(self) -> QueryRecord:
        """The record, with status and bytes that were sent, and the address of the client."""
        client = self.scope.get("client")
        return self.record.close(self.status, self.sent, str(client[0]) if client else "")

    def field(self, name: bytes) -> str | None:
        """A header field; several of one name are joined by a comma (RFC 9110 §5.3)."""
        values = [value for key, value in self.headers if key == name]
        return b", ".join(values).decode("latin-1") if values else None

    async def body(self, limit: int) -> bytes:
        """The whole body of the request.

        Raises:
            RequestProblem: 413 beyond ``limit`` bytes, 408 if it does not arrive in time.
            ClientGone: the client hung up.
        """
        announced = self.field(b"content-length") or ""
        if self.field(b"expect") is not None and announced.isdecimal() and int(announced) > limit:
            raise body_too_large(limit)  # the client waits for our answer before it sends
        pieces: list[bytes] = []
        size, more = 0, True
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                while more and size <= _DRAIN:
                    message = await self._receive()
                    if message["type"] == "http.disconnect":
                        raise ClientGone
                    piece = message.get("body", b"")
                    size += len(piece)
                    if size <= limit:
                        pieces.append(piece)
                    more = message.get("more_body", False)
        except TimeoutError:
            detail = Text(
                "The body of the request was incomplete after {BODY_SECONDS:g} seconds.", BODY_SECONDS=_BODY_SECONDS
            )
            raise RequestProblem(Problem("request-timeout", detail)) from None
        if size > limit:
            raise body_too_large(limit)
        return b"".join(pieces)

    async def while_connected(self, work: Awaitable[T]) -> T:
        """The result of ``work``; if the client hangs up before it is there, the work is cancelled.

        Raises:
            ClientGone: the client hung up.
        """
        task = asyncio.current_task()
        assert task is not None
        watch = self._watcher.watch(self._receive, task)
        try:
            return await work
        except asyncio.CancelledError:
            if not watch.gone:
                raise
            task.uncancel()
            raise ClientGone from None
        finally:
            self._watcher.forget(watch)

    async def send(self, reply: Reply) -> None:
        """Send a complete answer."""
        self.status = reply.status
        self.sent = len(reply.body)
        await reply.send(self._send)

    async def begin(self, status: int, headers: Sequence[Header]) -> None:
        """Begin a stream. HTTP/1.1 sends it in chunks, of which only :meth:`end` sends the last."""
        self.status = status
        await self._send({"type": "http.response.start", "status": status, "headers": headers})

    async def piece(self, data: bytes, patience: float) -> None:
        """Send a piece of a stream.

        Raises:
            Broken: the client did not read for ``patience`` seconds.
        """
        try:
            async with asyncio.timeout(patience):
                await self._send({"type": "http.response.body", "body": data, "more_body": True})
        except TimeoutError:
            raise Broken(f"the client did not read for {patience:g} seconds") from None
        self.sent += len(data)

    async def end(self, data: bytes = b"") -> None:
        """Send the end of a stream."""
        self.sent += len(data)
        await self._send({"type": "http.response.body", "body": data, "more_body": False})


class _Watch:
    """One request under way. ``gone`` says whether its client has hung up; its task is cancelled then."""

    __slots__ = ("_owner", "_receive", "gone", "listener", "seen")

    def __init__(self, receive: Receive, owner: asyncio.Task[Any]) -> None:
        self.gone = False
        self.seen = False
        self.listener: asyncio.Task[None] | None = None
        self._receive = receive
        self._owner = owner

    async def listen(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.gone = True
        self._owner.cancel()


class DisconnectWatcher:
    """Notices clients of one event loop that hang up while their answer is being worked on, and cancels that work.

    Listening costs a task, and most answers are there within a millisecond. So one timer looks at all requests under
    way and lets only those listen that have lasted for a moment.
    """

    def __init__(self) -> None:
        self._watches: set[_Watch] = set()
        self._timer: asyncio.TimerHandle | None = None

    def watch(self, receive: Receive, owner: asyncio.Task[Any]) -> _Watch:
        """Cancel ``owner`` if the client of ``receive`` hangs up, until :meth:`forget`."""
        watch = _Watch(receive, owner)
        self._watches.add(watch)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_LOOK_SECONDS, self._look)
        return watch

    def forget(self, watch: _Watch) -> None:
        """The work has ended."""
        self._watches.discard(watch)
        if watch.listener is not None:
            watch.listener.cancel()

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        for watch in self._watches:
            if watch.seen and watch.listener is None:
                watch.listener = loop.create_task(watch.listen())
            watch.seen = True
        self._timer = loop.call_later(_LOOK_SECONDS, self._look) if self._watches else None
