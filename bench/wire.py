"""HTTP/1.1 on a plain socket: requests as bytes, answers with their timing and the truth about their end.

A measuring client must know when the first byte of the body came and whether the body came to its proper end; both are
told by a :class:`Reply`. The body is kept, or only counted.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

RESULTS: Final = "application/sparql-results+json"
_LAST_CHUNK: Final = b"0\r\n\r\n"
# Seconds; no reply may hold up a run for ever.
_LONGEST: Final = 600.0


@dataclass(frozen=True)
class Reply:
    """What came back.

    Attributes:
        status: of HTTP.
        headers: names in lower case.
        body: without the framing of chunks; empty if it was only counted.
        size: bytes of the body as they came over the wire.
        complete: whether the body came to the end that was announced.
        first_byte: seconds from the request to the first byte of the body.
        seconds: from the request to the end.
    """

    status: int
    headers: dict[str, str]
    body: bytes
    size: int
    complete: bool
    first_byte: float
    seconds: float


def get(
    port: int, path: str, query: str, *, accept: str = RESULTS, further: Mapping[str, float] = MappingProxyType({})
) -> bytes:
    """A SPARQL request to 127.0.0.1 through GET. ``further`` are parameters beside ``query``."""
    parameters = "".join(f"&{name}={value}" for name, value in further.items())
    return (
        f"GET {path}?query={quote(query, safe='')}{parameters} HTTP/1.1\r\n"
        f"Host: 127.0.0.1:{port}\r\nAccept: {accept}\r\n\r\n"
    ).encode()


def ask(port: int, path: str, query: str, *, patience: float = 60.0, accept: str = RESULTS) -> Reply:
    """One query on a connection of its own, answered with its whole body."""
    with connect(port, patience) as connection:
        return exchange(connection, get(port, path, query, accept=accept))


def connect(port: int, patience: float) -> socket.socket:
    """A connection to 127.0.0.1 that sends at once; no step on it may take longer than ``patience`` seconds."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=patience)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def exchange(connection: socket.socket, request: bytes, *, keep: bool = True, buffer: int = 1 << 18) -> Reply:
    """Send a request and read the whole reply.

    Args:
        connection: open, and with no reply under way.
        request: all its bytes.
        keep: keep the body; else it is only counted, and memory stays flat.
        buffer: bytes read at once.

    Raises:
        OSError: no reply came at all, or not in time.
        TimeoutError: it still came after ten minutes.
    """
    started = time.perf_counter()
    connection.sendall(request)
    head = b""
    while b"\r\n\r\n" not in head:
        piece = connection.recv(65536)
        if not piece:
            raise ConnectionError("the server closed the connection without a reply")
        head += piece
    head, _, first = head.partition(b"\r\n\r\n")
    status, headers = _read_head(head)
    length = int(headers["content-length"]) if "content-length" in headers else None
    chunked = headers.get("transfer-encoding", "").lower() == "chunked"
    if status in (204, 304):
        length = 0
    while not first and length != 0:
        first = connection.recv(65536)
        if not first:
            break
    first_byte = time.perf_counter() - started
    body, size, tail = [first], len(first), first[-7:]
    room = bytearray(buffer)
    view = memoryview(room)
    complete = _ended(length, chunked, size, tail)
    while not complete:
        try:
            got = connection.recv_into(view)
        except ConnectionError:
            break
        if not got:
            complete = length is None and not chunked
            break
        size += got
        if time.perf_counter() - started > _LONGEST:
            raise TimeoutError(f"the reply had no end after {_LONGEST:g} seconds")
        tail = (tail + bytes(view[max(0, got - 7) : got]))[-7:]
        if keep:
            body.append(bytes(view[:got]))
        complete = _ended(length, chunked, size, tail)
    seconds = time.perf_counter() - started
    whole = b"".join(body) if keep else b""
    if chunked and keep:
        whole = _unchunk(whole)
    return Reply(status, headers, whole, size, complete, first_byte, seconds)


def _read_head(head: bytes) -> tuple[int, dict[str, str]]:
    first, *fields = head.decode("latin-1").split("\r\n")
    pairs = (field.partition(":") for field in fields)
    return int(first.split(" ", 2)[1]), {name.strip().lower(): value.strip() for name, _, value in pairs}


def _ended(length: int | None, chunked: bool, size: int, tail: bytes) -> bool:
    if length is not None:
        return size >= length
    # JSON, CSV and N-Triples hold no line that is a lonely 0, so the last chunk cannot be mistaken.
    return chunked and (tail == b"\r\n" + _LAST_CHUNK or (size == len(_LAST_CHUNK) and tail == _LAST_CHUNK))


def _unchunk(body: bytes) -> bytes:
    """The content of chunks (RFC 9112 §7.1); what an unterminated body held so far."""
    pieces: list[bytes] = []
    at = 0
    while (end := body.find(b"\r\n", at)) >= 0:
        size = int(body[at:end].split(b";")[0] or b"0", 16)
        if size == 0:
            break
        pieces.append(body[end + 2 : end + 2 + size])
        at = end + 2 + size + 2
    return b"".join(pieces)
