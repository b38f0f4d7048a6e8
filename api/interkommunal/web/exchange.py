"""One request and its response, in raw ASGI: header fields, the body within its limit, and the two ways to answer.

``complete`` sends an answer that is known to the last byte. ``begin``, ``piece`` and ``end`` send a stream; a stream
that is not ended on purpose reaches the client as a broken one, because the server closes the connection without the
last chunk (:class:`Broken` makes it do so). While an engine works, :meth:`Exchange.while_connected` ends the work if
the client goes away.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable, Sequence
from typing import Any, Final, NamedTuple, TypeVar

from starlette.types import Receive, Scope, Send

from interkommunal.texts import Text
from interkommunal.web.hangups import Hangups
from interkommunal.web.problems import Header, Problem, RequestProblem, body_too_large
from interkommunal.web.representation import Variant, matches

T = TypeVar("T")

_BODY_SECONDS: Final = 30.0
# A client that is still sending a body that we refuse would see a reset connection instead of our answer. So we take
# the rest, up to here, and forget it.
_DRAIN: Final = 64 << 20


class Fields(NamedTuple):
    """The header fields that every request for an answer is asked for; empty where they are missing."""

    accept: bytes = b""
    accept_encoding: bytes = b""
    if_none_match: bytes = b""

    @classmethod
    def of(cls, headers: Iterable[Header]) -> Fields:
        """Those among all fields of a request; several of one name are joined by a comma (RFC 9110 §5.3)."""
        accept = accept_encoding = if_none_match = b""
        for name, value in headers:
            if name == b"accept":
                accept = accept + b"," + value if accept else value
            elif name == b"accept-encoding":
                accept_encoding = accept_encoding + b"," + value if accept_encoding else value
            elif name == b"if-none-match":
                if_none_match = if_none_match + b"," + value if if_none_match else value
        return cls(accept, accept_encoding, if_none_match)

    @property
    def coding(self) -> str:
        """Value of ``Accept-Encoding`` as text."""
        return self.accept_encoding.decode("latin-1")


class Reply(NamedTuple):
    """A complete answer, to be sent as it is."""

    status: int
    headers: list[Header]
    body: bytes


class Broken(Exception):
    """The response cannot be ended truthfully; the server has to close the connection in the middle of it."""


class ClientGone(Exception):
    """The client hung up before its answer was there."""


class Exchange:
    """A request that is being answered. Belongs to one task."""

    __slots__ = ("_hangups", "_receive", "_send", "fields", "method", "scope", "sent", "status")

    def __init__(self, scope: Scope, receive: Receive, send: Send, fields: Fields, hangups: Hangups) -> None:
        self.scope = scope
        self.fields = fields
        self.method: str = scope["method"]
        self.status = 0  # 0 until the response has begun
        self.sent = 0  # bytes of body
        self._receive = receive
        self._send = send
        self._hangups = hangups

    @property
    def path(self) -> str:
        """Path of the URL, decoded."""
        return str(self.scope["path"])

    @property
    def query_string(self) -> bytes:
        """Query string of the URL, still percent-encoded."""
        return bytes(self.scope["query_string"])

    @property
    def client(self) -> str:
        """Address of the client, in full; never to be logged."""
        client = self.scope.get("client")
        return str(client[0]) if client else ""

    def field(self, name: bytes) -> str | None:
        """A header field; several of one name are joined by a comma (RFC 9110 §5.3)."""
        values = [value for key, value in self.scope["headers"] if key == name]
        return b", ".join(values).decode("latin-1") if values else None

    def has(self, tag: bytes) -> bool:
        """Whether the client has the answer with this entity tag already. POST has no condition of this kind."""
        given = self.fields.if_none_match
        return bool(given) and self.method != "POST" and matches(given, tag)

    async def body(self, limit: int) -> bytes:
        """The whole body of the request.

        Raises:
            RequestProblem: 413 beyond ``limit`` bytes, 408 if it does not arrive in time.
            ClientGone: the client hung up.
        """
        announced = self.field(b"content-length") or ""
        if self.field(b"expect") is not None and announced.isdecimal() and int(announced) > limit:
            raise body_too_large(limit)  # it waits for our word before it sends
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
            raise _too_slow() from None
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
        watch = self._hangups.watch(self._receive, task)
        try:
            return await work
        except asyncio.CancelledError:
            if not watch.gone:
                raise
            task.uncancel()
            raise ClientGone from None
        finally:
            self._hangups.forget(watch)

    async def complete(self, status: int, headers: Sequence[Header], body: bytes) -> None:
        """Send a complete answer; ``headers`` hold its length. HEAD gets the same header fields and no body."""
        self.status = status
        await self._send({"type": "http.response.start", "status": status, "headers": headers})
        if self.method == "HEAD":
            body = b""
        self.sent = len(body)
        await self._send({"type": "http.response.body", "body": body})

    async def variant(self, status: int, variant: Variant) -> bool:
        """Send a complete answer, or 304 if the client has it; returns whether it was sent."""
        if status == 200 and self.has(variant.tag):
            await self.complete(304, variant.not_modified, b"")
            return False
        await self.complete(status, variant.headers, variant.body)
        return True

    async def problem(self, problem: Problem, language: Any, further: Sequence[Header] = ()) -> None:
        """Send a problem document."""
        body = problem.body(language)
        headers = [*problem.header_fields(language), (b"content-length", str(len(body)).encode()), *further]
        await self.complete(problem.status, headers, body)

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


def _too_slow() -> RequestProblem:
    return RequestProblem(
        Problem(
            "request-timeout",
            Text("The body of the request was incomplete after {BODY_SECONDS:g} seconds.", BODY_SECONDS=_BODY_SECONDS),
        )
    )
