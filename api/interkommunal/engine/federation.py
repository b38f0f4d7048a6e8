"""Lets ``SERVICE`` reach the allowed endpoints, and nothing else, through a gateway of our own.

pyoxigraph asks endpoints itself: it resolves names as it likes, sets no deadline and no limit. So a query is rewritten
to ask a gateway on the loopback interface, under a secret path, and the gateway asks the endpoint: at an address that
it has checked and keeps to (a name that resolves to something else a moment later changes nothing), without following
redirects, within a deadline, up to a size. In: a judged query. Out: the query to run.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import ipaddress
import logging
import secrets
import socket
import ssl
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from interkommunal import __version__
from interkommunal.errors import QueryError, QueryFailed, QueryRefused
from interkommunal.namespaces import BASE
from interkommunal.sparql.tokens import Kind, tokens
from interkommunal.texts import Text

_log: Final = logging.getLogger(__name__)
#: Calls under way at the same time; more wait.
_CALLS: Final = 8
_CONNECT_SECONDS: Final = 5.0
_REQUEST_BYTES: Final = 1 << 20
_HEAD_BYTES: Final = 1 << 14
#: Largest answer of an endpoint.
ANSWER_BYTES: Final = 1 << 25
_ACCEPT: Final = "application/sparql-results+json, application/sparql-results+xml;q=0.8"
# Wikimedia's policy asks for a name and a way to get in touch.
_USER_AGENT: Final = f"interkommunal/{__version__} (+{BASE})"

_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")

AddressTest = Callable[[str], bool]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public Internet, so not loopback, private, link-local, multicast or reserved.

    An IPv6 address that stands for an IPv4 address (mapped, 6to4, NAT64) is judged by that.
    """
    parsed = ipaddress.ip_address(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour
        if inner is None and parsed in _NAT64:
            inner = ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return parsed.is_global and not parsed.is_multicast


@dataclass(frozen=True, slots=True)
class _Place:
    """An endpoint and the address at which it will be asked."""

    host: str
    port: int
    path: str
    secure: bool
    address: str


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
        super().__init__(text.en)


class _NotPublicError(_CallError, PermissionError):
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
        self._threads = ThreadPoolExecutor(_CALLS, thread_name_prefix="service")
        self._server: asyncio.Server | None = None
        self._prefix = ""
        self._calls: set[_Call] = set()

    async def rewrite(self, text: str, services: tuple[str, ...]) -> str:
        """The query to run instead of ``text``, which names ``services``.

        Raises:
            QueryRefused: an endpoint resolves to an address that is not public.
            QueryFailed: one does not resolve.
        """
        loop = asyncio.get_running_loop()
        for service in services:
            try:
                await loop.run_in_executor(self._threads, self._locate, service)
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
        if not self._prefix or self._prefix not in text.en:
            return error
        for number, service in enumerate(self._services):
            text = text.replaced(f"{self._prefix}{number}", service)
        return QueryFailed(text)

    async def close(self) -> None:
        """Stop answering, and break off what is under way."""
        for call in list(self._calls):
            call.abort()
        if self._server is not None:
            self._server.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

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
            media_type, body = await self._while_wanted(_Call(service, query, self._seconds), reader)
        except _CallError as error:
            _log.info("SERVICE <%s>: %s", service, error)
            return "502 Bad Gateway", "text/plain; charset=utf-8", str(error).encode()
        return "200 OK", media_type, body

    async def _while_wanted(self, call: _Call, reader: asyncio.StreamReader) -> tuple[str, bytes]:
        """Make a call in a thread; break it off when the worker that asked is gone, or the gateway closes."""
        self._calls.add(call)
        made = asyncio.get_running_loop().run_in_executor(self._threads, self._make, call)
        gone = asyncio.ensure_future(reader.read(1))
        try:
            await asyncio.wait((made, gone), return_when=asyncio.FIRST_COMPLETED)
            if not made.done():
                call.abort()
            return await made
        finally:
            self._calls.discard(call)
            gone.cancel()

    def _make(self, call: _Call) -> tuple[str, bytes]:
        return call.make(self._locate(call.service))

    # The side of the endpoints, in threads.

    def _locate(self, service: str) -> _Place:
        return locate(service, self._allows)


def locate(service: str, allows: AddressTest = is_public) -> _Place:
    """Resolve an endpoint and check all its addresses.

    Raises:
        PermissionError: one of them is not public.
        _CallError: there is none.
    """
    parts = urlsplit(service)
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        told = Text(
            "SERVICE <{service}>: the name {host} does not resolve ({strerror})",
            service=service,
            host=host,
            strerror=error.strerror,
        )
        raise _CallError(told) from None
    addresses = [str(entry[4][0]).partition("%")[0] for entry in found]
    if not all(map(allows, addresses)):
        raise _NotPublicError(Text("SERVICE <{service}> resolves to an address that is not public", service=service))
    path = parts.path or "/"
    return _Place(host, port, f"{path}?{parts.query}" if parts.query else path, secure, addresses[0])


def probe(service: str, seconds: float, allows: AddressTest = is_public) -> Probed:
    """Ask an endpoint the smallest question, as carefully as for a query; blocks up to ``seconds``.

    Args:
        service: its IRI.
        seconds: deadline.
        allows: whether an IP address may be asked.
    """
    began = time.monotonic()
    try:
        _Call(service, b"ASK {}", seconds).make(locate(service, allows))
    except _CallError as error:
        return Probed(False, time.monotonic() - began, error.text)
    return Probed(True, time.monotonic() - began)


class _Call:
    """One request to an endpoint. It is made in a thread and can be broken off from another.

    Args:
        service: IRI of the endpoint.
        query: what to ask.
        seconds: deadline.
    """

    def __init__(self, service: str, query: bytes, seconds: float) -> None:
        self.service = service
        self._query = query
        self._seconds = seconds
        self._socket: socket.socket | None = None
        self._aborted = False

    def abort(self) -> None:
        """Break it off."""
        self._aborted = True
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def make(self, place: _Place) -> tuple[str, bytes]:
        """Ask the endpoint; returns media type and body.

        Raises:
            _CallError: it cannot be asked, does not answer well, or the call was broken off.
        """
        deadline = time.monotonic() + self._seconds
        connection = http.client.HTTPConnection(place.host, place.port, timeout=self._seconds)
        try:
            connection.sock = self._connect(place)
            headers = {"Content-Type": "application/sparql-query", "Accept": _ACCEPT, "User-Agent": _USER_AGENT}
            connection.request("POST", place.path, self._query, headers)
            response = connection.getresponse()
            if response.status != 200:
                told = f"{response.status} {response.reason}"
                raise _CallError(Text("the endpoint answered {told}", told=told))
            return response.headers.get_content_type(), self._read(response, deadline)
        except TimeoutError:
            seconds = f"{self._seconds:g}"
            text = Text("the endpoint did not answer within {seconds} s", seconds=seconds)
            raise _CallError(text) from None
        except (OSError, http.client.HTTPException) as error:
            text = Text("the endpoint cannot be asked: {error}", error=error)
            raise _CallError(text) from None
        finally:
            connection.close()

    def _connect(self, place: _Place) -> socket.socket:
        """Connect to exactly the address that was checked; the certificate is checked against the name."""
        if self._aborted:
            raise _CallError(Text("the call was broken off"))
        plain = socket.create_connection((place.address, place.port), timeout=min(self._seconds, _CONNECT_SECONDS))
        self._socket = plain
        plain.settimeout(self._seconds)
        if not place.secure:
            return plain
        try:
            self._socket = ssl.create_default_context().wrap_socket(plain, server_hostname=place.host)
        except OSError as error:
            plain.close()
            text = Text("no secure connection to the endpoint: {error}", error=error)
            raise _CallError(text) from None
        return self._socket

    def _read(self, response: http.client.HTTPResponse, deadline: float) -> bytes:
        body = bytearray()
        while part := response.read1(1 << 16):
            body += part
            if len(body) > ANSWER_BYTES:
                text = Text("the endpoint's answer has more than {ANSWER_BYTES} bytes", ANSWER_BYTES=ANSWER_BYTES)
                raise _CallError(text)
            if self._aborted or time.monotonic() > deadline:
                raise TimeoutError
        return bytes(body)
