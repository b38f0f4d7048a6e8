"""Lets ``SERVICE`` reach the allowed endpoints, and nothing else, through a gateway of our own.

pyoxigraph asks endpoints itself: it resolves names as it likes, sets no deadline and no limit. So a query is rewritten
to ask a gateway on the loopback interface, under a secret path, and the gateway asks the endpoint: at an address that
it has checked and keeps to (a name that resolves to something else a moment later changes nothing), without following
redirects, within a deadline, up to a size. In: a judged query. Out: the query to run.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import time
from dataclasses import dataclass
from typing import Final

import httpx

from interkommunal.errors import QueryError, QueryFailed, QueryRefused
from interkommunal.net import AddressTest, NotPublicError, Target, is_public, reason, targets, timeout
from interkommunal.sparql.tokens import Kind, tokens
from interkommunal.texts import Text

_log: Final = logging.getLogger(__name__)
#: Calls under way at the same time; more wait.
_CALLS: Final = 8
_REQUEST_BYTES: Final = 1 << 20
_HEAD_BYTES: Final = 1 << 14
#: Largest answer of an endpoint.
ANSWER_BYTES: Final = 1 << 25
_ACCEPT: Final = "application/sparql-results+json, application/sparql-results+xml;q=0.8"
_NOTHING: Final = Text("")


@dataclass(frozen=True, slots=True)
class Probed:
    """What came of asking whether an endpoint is there: ``message`` says why it was not reached."""

    reached: bool
    seconds: float
    message: Text = _NOTHING


class _CallError(Exception):
    """An endpoint could not be asked, or did not answer well; ``text`` tells it to people."""

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(text.in_("en"))


class _NotPublicError(_CallError):
    """An endpoint has an address that may not be asked."""


class Gateway:
    """Asks endpoints for workers.

    Args:
        services: exact IRIs of the endpoints.
        seconds: deadline of one call.
        allows: whether an IP address may be asked.
    """

    def __init__(self, services: tuple[str, ...], seconds: float, allows: AddressTest = is_public) -> None:
        self._services = services
        self._seconds = seconds
        self._allows = allows
        self._secret = secrets.token_urlsafe(24)
        self._free = asyncio.Semaphore(_CALLS)
        self._server: asyncio.Server | None = None
        self._prefix = ""
        self._calls: set[asyncio.Task[tuple[str, bytes]]] = set()

    async def rewrite(self, text: str, services: tuple[str, ...]) -> str:
        """The query to run instead of ``text``, which names ``services``.

        Raises:
            QueryRefused: an endpoint resolves to an address that is not public.
            QueryFailed: one does not resolve.
        """
        for service in services:
            try:
                await _located(service, self._allows)
            except _NotPublicError as error:
                raise QueryRefused(error.text, "service") from None
            except _CallError as error:
                raise QueryFailed(error.text) from None
        if self._server is None:
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=_HEAD_BYTES)
            port = self._server.sockets[0].getsockname()[1]
            self._prefix = f"http://127.0.0.1:{port}/{self._secret}/"
        return self._redirect(text)

    def reword(self, error: QueryError) -> QueryError:
        """The error with the endpoints' names in place of the gateway's."""
        text = error.text
        if not self._prefix or self._prefix not in text.in_("en"):
            return error
        for number, service in enumerate(self._services):
            text = text.replaced(f"{self._prefix}{number}", service)
        return QueryFailed(text)

    async def close(self) -> None:
        """Stop answering, and break off what is under way."""
        for call in list(self._calls):
            call.cancel()
        if self._server is not None:
            self._server.close()

    def _redirect(self, text: str) -> str:
        """``text`` with the gateway's address after each SERVICE; one inside another is for the endpoint to handle."""
        declared: dict[str, str] = {}
        pieces: list[str] = []
        done, depth, inside = 0, 0, -1
        found = tokens(text)
        for index, token in enumerate(found):
            if token.keyword == "PREFIX":
                declared[found[index + 1].text] = found[index + 2].text[1:-1]
            elif token.text == "{":
                depth += 1
            elif token.text == "}":
                depth -= 1
                inside = -1 if depth <= inside else inside
            elif token.keyword == "SERVICE" and inside < 0:
                inside = depth
                silent = found[index + 1].keyword == "SILENT"
                target = found[index + 2 if silent else index + 1]
                service = target.text[1:-1]
                if target.kind is Kind.PREFIXED_NAME:
                    prefix, _, local = target.text.partition(":")
                    service = declared[f"{prefix}:"] + local.replace("\\", "")
                pieces += [text[done : target.start], f" <{self._prefix}{self._services.index(service)}> "]
                done = target.end
        return "".join([*pieces, text[done:]])

    # The side of the workers: a small HTTP server.

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(self._seconds + 5):
                status, media_type, body = await self._respond(reader)
            head = f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n"
            writer.write(f"{head}Connection: close\r\n\r\n".encode("latin-1") + body)
            await writer.drain()
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            # The worker has been killed, or is not one of ours.
            pass
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _respond(self, reader: asyncio.StreamReader) -> tuple[str, str, bytes]:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        request, *lines = head.split("\r\n")
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        path = request.split(" ")[1] if request.count(" ") == 2 else ""
        secret, _, number = path.removeprefix("/").partition("/")
        length = int(fields.get("content-length", "0")) if fields.get("content-length", "0").isdigit() else -1
        known = number.isdigit() and int(number) < len(self._services)
        if not secrets.compare_digest(secret.encode(), self._secret.encode()) or not known:
            return "404 Not Found", "text/plain", b"nothing here"
        if not 0 <= length <= _REQUEST_BYTES:
            return "413 Content Too Large", "text/plain", b"the query is too long"
        query = await reader.readexactly(length)
        service = self._services[int(number)]
        try:
            media_type, body = await self._while_wanted(service, query, reader)
        except _CallError as error:
            _log.info("SERVICE <%s>: %s", service, error)
            return "502 Bad Gateway", "text/plain; charset=utf-8", str(error).encode()
        return "200 OK", media_type, body

    async def _while_wanted(self, service: str, query: bytes, reader: asyncio.StreamReader) -> tuple[str, bytes]:
        """Make a call; break it off when the worker that asked is gone, or the gateway closes."""
        call = asyncio.create_task(self._call(service, query))
        self._calls.add(call)
        gone = asyncio.ensure_future(reader.read(1))
        try:
            await asyncio.wait((call, gone), return_when=asyncio.FIRST_COMPLETED)
            if not call.done():
                call.cancel()
            return await call
        except asyncio.CancelledError:
            if call.cancelled():
                raise _CallError(Text("the call was broken off")) from None
            raise
        finally:
            self._calls.discard(call)
            gone.cancel()

    async def _call(self, service: str, query: bytes) -> tuple[str, bytes]:
        async with self._free:
            return await call(service, query, self._seconds, self._allows)


async def call(service: str, query: bytes, seconds: float, allows: AddressTest = is_public) -> tuple[str, bytes]:
    """Ask an endpoint; returns media type and body. Cancelling breaks it off.

    Args:
        service: its IRI.
        query: SPARQL.
        seconds: deadline of the whole call.
        allows: whether an IP address may be asked.

    Raises:
        _CallError: it cannot be asked, or does not answer well.
    """
    try:
        async with asyncio.timeout(seconds):
            return await _answer(await _located(service, allows), query, seconds)
    except (TimeoutError, httpx.TimeoutException):
        raise _CallError(Text("the endpoint did not answer within {seconds} s", seconds=f"{seconds:g}")) from None
    except httpx.HTTPError as error:
        raise _CallError(Text("the endpoint cannot be asked: {error}", error=reason(error))) from None


async def _located(service: str, allows: AddressTest) -> Target:
    """Where an endpoint will be asked, after all its addresses have been judged."""
    try:
        return (await asyncio.to_thread(targets, service, allows))[0]
    except NotPublicError:
        raise _NotPublicError(
            Text("SERVICE <{service}> resolves to an address that is not public", service=service)
        ) from None
    except OSError as error:
        told = Text(
            "SERVICE <{service}>: the name {host} does not resolve ({strerror})",
            service=service,
            host=httpx.URL(service).host,
            strerror=error.strerror,
        )
        raise _CallError(told) from None


async def _answer(target: Target, query: bytes, seconds: float) -> tuple[str, bytes]:
    headers = {**target.headers, "Content-Type": "application/sparql-query", "Accept": _ACCEPT}
    # Without the proxies of the environment, which would resolve the name anew.
    async with (
        httpx.AsyncClient(timeout=timeout(seconds), trust_env=False) as client,
        client.stream("POST", target.url, content=query, headers=headers, extensions=target.extensions) as response,
    ):
        if response.status_code != 200:
            told = f"{response.status_code} {response.reason_phrase}"
            raise _CallError(Text("the endpoint answered {told}", told=told))
        body = bytearray()
        async for part in response.aiter_bytes():
            body += part
            if len(body) > ANSWER_BYTES:
                raise _CallError(Text("the endpoint's answer has more than {most} bytes", most=ANSWER_BYTES))
        return response.headers.get("Content-Type", "").partition(";")[0].strip(), bytes(body)


async def probe(service: str, seconds: float, allows: AddressTest = is_public) -> Probed:
    """Ask an endpoint the smallest question, as carefully as for a query; see :func:`call`."""
    began = time.monotonic()
    try:
        await call(service, b"ASK {}", seconds, allows)
    except _CallError as error:
        return Probed(False, time.monotonic() - began, error.text)
    return Probed(True, time.monotonic() - began)
