"""One client connection: HTTP/1.1 as uvicorn and h11 read it, and a shorter way for plain requests.

In: bytes of a client. Out: ASGI calls, and bytes back. Nearly all requests are one small GET in one piece, with the
same header fields as the one before. Such a request needs no parser: its first line is taken apart here, its header
block was seen before, and an answer to a query that is remembered leaves at once, without a task. Whatever is in the
least unusual (a body, another method, two requests at once, half a request, an odd character) goes to the parser.

What uvicorn leaves open is settled here too: the head of a request must come within :data:`_PATIENCE`, and who does
not read after an answer has broken off, or not read one answer while asking for the next, loses the connection.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

import h11
from starlette.types import ASGIApp, Message, Scope
from uvicorn.config import Config
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from interkommunal.texts import Language, Text
from interkommunal.web.exchange import Fields, Reply
from interkommunal.web.problems import Header, Problem
from interkommunal.web.target import Targets

#: Bytes that the head of a request may have.
MOST_HEAD_BYTES: Final = 1 << 17
# Seconds that a client may take for the head of a request and for the last bytes of an answer, and between two looks.
_PATIENCE: Final = 30.0
_LOOK_SECONDS: Final = 2.0
# Seconds in which what was sent of a broken answer may still be read.
_FAREWELL: Final = 3.0
# What comes while a request is being answered waits, up to here; then nothing more is read.
_MOST_HELD: Final = 1 << 16

_END: Final = b"\r\n\r\n"
_TARGET: Final = re.compile(rb"/[!-\"$-~]*+")
_FIELD: Final = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]++):[ \t]*+([\x21-\x7e\x80-\xff][\t\x20-\x7e\x80-\xff]*+)?")
# Fields that change how a message is framed or answered; with one of them the parser has the word.
_FRAMING: Final = frozenset(
    (b"connection", b"content-length", b"transfer-encoding", b"expect", b"upgrade", b"te", b"trailer", b"keep-alive")
)
# Header blocks that are remembered, and how long one may be.
_BLOCKS: Final = 256
_LONGEST_BLOCK: Final = 2048
_STATUS_LINES: Final = {status.value: b"HTTP/1.1 %d %b\r\n" % (status, status.phrase.encode()) for status in HTTPStatus}


class Block(NamedTuple):
    """A header block that was read: all fields, and those that decide about an answer."""

    headers: list[Header]
    fields: Fields


#: What is remembered for a query string and header fields, asked by the client with this address.
Recall = Callable[[bytes, Fields, str], Reply | None]


def read_block(raw: bytes) -> Block | None:
    """The fields of a header block if it is a plain one: no fields about framing, one ``Host``, no odd character."""
    headers: list[Header] = []
    for line in raw[: -len(_END)].split(b"\r\n"):
        match = _FIELD.fullmatch(line)
        if match is None:
            return None
        name, value = match[1].lower(), (match[2] or b"").rstrip(b" \t")
        if name in _FRAMING and not (name == b"connection" and value.lower() == b"keep-alive"):
            return None
        headers.append((name, value))
    if sum(name == b"host" for name, _ in headers) != 1:
        return None
    return Block(headers, Fields.of(headers))


class Connections:
    """What the connections of one server share. Belongs to one event loop.

    Args:
        path: of queries, for example ``/sparql``.
        recall: knows answers that were given before.
        language: of problems with requests that cannot be read.
    """

    def __init__(self, path: str, recall: Recall, language: Language) -> None:
        self.path = path.encode()
        self.recall = recall
        self.language = language
        self._blocks: dict[bytes, Block | None] = {}
        self._open: set[Connection] = set()
        self._timer: asyncio.TimerHandle | None = None

    def __call__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> Connection:
        """A new connection (uvicorn calls this)."""
        return Connection(self, config, server_state, app_state, _loop)

    def block(self, raw: bytes) -> Block | None:
        """The fields of a header block with its end, or ``None`` if the parser should read it."""
        try:
            return self._blocks[raw]
        except KeyError:
            block = read_block(raw)
            if len(raw) <= _LONGEST_BLOCK:
                if len(self._blocks) >= _BLOCKS:
                    self._blocks.clear()
                self._blocks[raw] = block
            return block

    def add(self, connection: Connection) -> None:
        """Watch how long a connection takes for its requests."""
        self._open.add(connection)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_LOOK_SECONDS, self._look)

    def discard(self, connection: Connection) -> None:
        """A connection has ended."""
        self._open.discard(connection)

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        for connection in list(self._open):
            connection.look(now)
        self._timer = loop.call_later(_LOOK_SECONDS, self._look) if self._open else None


class Connection(H11Protocol):
    """See the module. Of uvicorn's protocol it keeps the parser, bodies, pipelining, flow control and shutdown."""

    def __init__(
        self,
        shared: Connections,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._shared = shared
        # Plain requests are told apart from all others before; the parser hands the others to this.
        self._plain_app = self.app
        self.app = Targets(self.app, shared.language)
        self._address = ""
        self._held = b""
        # Since when a look has found it in the middle of a head, or still silent.
        self._since = 0.0
        self._silent = True
        self._unread = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """See :class:`asyncio.Protocol`."""
        super().connection_made(transport)
        self._address = self.client[0] if self.client else ""
        self._shared.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """See :class:`asyncio.Protocol`."""
        self._shared.discard(self)
        super().connection_lost(exc)

    def look(self, now: float) -> None:
        """Close the connection if the head of a request takes too long, or if nobody reads the rest of an answer."""
        conn = self.conn
        in_head = conn.their_state is h11.IDLE and bool(conn.trailing_data[0])
        unread, self._unread = self._unread, self._count_unread()
        in_vain = unread > 0 and unread == self._unread
        if not in_head and not in_vain and not self._silent and not self.transport.is_closing():
            self._since = 0.0
        elif not self._since:
            self._since = now
        elif now - self._since > _PATIENCE:
            self.transport.abort()

    def _count_unread(self) -> int:
        """Bytes of earlier answers that the client has yet to read before the next one can begin; 0 if none has to."""
        cycle = self.cycle
        if cycle is None or cycle.response_started or not self.flow.write_paused:
            return 0
        return self.transport.get_write_buffer_size()

    def data_received(self, data: bytes) -> None:
        """See :class:`asyncio.Protocol`."""
        self._silent = False
        cycle = self.cycle
        if isinstance(cycle, _Cycle) and not cycle.response_complete:
            self._held += data
            if len(self._held) > _MOST_HELD:
                self.flow.pause_reading()
            return
        if data.endswith(_END) and self._take(data):
            return
        super().data_received(data)

    def _take(self, data: bytes) -> bool:
        """Answer a plain GET; returns false if it is something else, which the parser has to read."""
        conn = self.conn
        if not data.startswith(b"GET /") or conn.their_state is not h11.IDLE or conn.our_state is not h11.IDLE:
            return False
        first, _, raw = data.partition(b"\r\n")
        if not first.endswith(b" HTTP/1.1") or data.find(_END) != len(data) - len(_END) or len(data) > MOST_HEAD_BYTES:
            return False
        target = first[4:-9]
        block = self._shared.block(raw)
        if block is None or _TARGET.fullmatch(target) is None or conn.trailing_data[0] or self.transport.is_closing():
            return False
        self._unset_keepalive_if_required()
        path, _, query_string = target.partition(b"?")
        # Who asks again without reading what was answered has to wait.
        if path == self._shared.path and not self.flow.write_paused:
            reply = self._shared.recall(query_string, block.fields, self._address)
            if reply is not None:
                head = _head(reply.status, self.server_state.default_headers, reply.headers)
                self.transport.write(b"%b\r\n%b" % (head, reply.body))
                self._rest()
                return True
        self._begin(path, query_string, block.headers)
        return True

    def _begin(self, path: bytes, query_string: bytes, headers: list[Header]) -> None:
        """Have a plain request answered."""
        scope: Scope = {
            "type": "http",
            "asgi": {"version": self.asgi_version, "spec_version": "2.3"},
            "http_version": "1.1",
            "server": self.server,
            "client": self.client,
            "scheme": self.scheme,
            "method": "GET",
            "root_path": "",
            "path": unquote(path.decode("ascii")),
            "raw_path": path,
            "query_string": query_string,
            "headers": headers,
            "state": {},
        }
        cycle = _Cycle(scope, self.transport, self.flow, self.server_state.default_headers, self._rest)
        self.cycle = cycle  # type: ignore[assignment]
        task = self.loop.create_task(cycle.run(self._plain_app))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def _rest(self) -> None:
        """A plain request is answered: go on with what came meanwhile, or wait for the next one."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)
        self.flow.resume_reading()
        if self._held:
            held, self._held = self._held, b""
            self.data_received(held)

    def handle_events(self) -> None:
        """What the parser has read."""
        try:
            super().handle_events()
        except UnicodeDecodeError:
            self.send_400_response("")

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, or has no end, and close the connection."""
        unread = self.conn.trailing_data[0]
        problem = Problem(
            "bad-request", Text("Das ist keine Anfrage nach HTTP/1.1.", "This is no request by HTTP/1.1.")
        )
        if len(unread) > MOST_HEAD_BYTES:
            if b"\n" in unread:
                text = Text("Der Kopf der Anfrage ist zu lang.", "The head of the request is too long.")
                problem = Problem("too-large", text, status_given=431)
            else:
                text = Text("Die URL ist zu lang; lange Anfragen kommen mit POST.", "The URL is too long; use POST.")
                problem = Problem("too-large", text, status_given=414)
        language = self._shared.language
        body = problem.body(language)
        length = (b"content-length", b"%d" % len(body))
        headers = [*problem.header_fields(language), length, (b"connection", b"close")]
        head = _head(problem.status, self.server_state.default_headers, headers)
        self.transport.write(b"%b\r\n%b" % (head, body))
        self.transport.close()


class _Cycle:
    """One plain GET and its response. Head and first piece of the body leave together.

    Its attributes have the names by which uvicorn's protocol knows them.
    """

    __slots__ = (
        "_asked",
        "_chunked",
        "_flow",
        "_head",
        "_headers",
        "_missing",
        "_on_response",
        "_scope",
        "_transport",
        "disconnected",
        "keep_alive",
        "message_event",
        "response_complete",
        "response_started",
    )

    def __init__(
        self,
        scope: Scope,
        transport: asyncio.Transport,
        flow: FlowControl,
        headers: list[Header],
        on_response: Callable[[], None],
    ) -> None:
        self.disconnected = False
        self.response_complete = False
        self.response_started = False
        self.keep_alive = True
        self.message_event = asyncio.Event()
        self._asked = False
        self._chunked = False
        self._flow = flow
        self._head = b""
        self._headers = headers
        self._missing = 0
        self._on_response = on_response
        self._scope = scope
        self._transport = transport

    async def run(self, app: ASGIApp) -> None:
        """Let the application answer. If it does not do so to the end, close the connection."""
        try:
            await app(self._scope, self.receive, self.send)
        except Exception:
            # The application has told of it already; what is left to do is below.
            return
        finally:
            if not self.response_complete and not self.disconnected:
                self._transport.close()
                # Who did not read the answer will not read its last bytes either.
                asyncio.get_running_loop().call_later(_FAREWELL, self._transport.abort)

    async def receive(self) -> Message:
        """See ASGI: the empty body, then the end of the connection."""
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        while not self.disconnected and not self.response_complete:
            await self.message_event.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """See ASGI. Lengths are those that the application says; where it says none the body comes in chunks."""
        if self._flow.write_paused and not self.disconnected:
            await self._flow.drain()
        if self.disconnected:
            return
        if message["type"] == "http.response.start":
            self._start(message["status"], message.get("headers", ()))
            return
        body, more = message.get("body", b""), message.get("more_body", False)
        if self._chunked:
            last = b"" if more else b"0\r\n\r\n"
            body = b"%x\r\n%b\r\n%b" % (len(body), body, last) if body else last
        else:
            self._missing -= len(body)
        if self._head:
            head, self._head = self._head, b""
            self._transport.write(head + body)
        elif body:
            self._transport.write(body)
        if not more:
            if self._missing:
                raise RuntimeError("the answer is not as long as it says")
            self.response_complete = True
            self.message_event.set()
            if not self.keep_alive:
                self._transport.close()
            self._on_response()

    def _start(self, status: int, headers: Iterable[Header]) -> None:
        self.response_started = True
        length: bytes | None = None
        for name, value in headers:
            if name == b"content-length":
                length = value
            elif name == b"connection" and value == b"close":
                self.keep_alive = False
        head = _head(status, self._headers, headers)
        if status not in (204, 304):
            if length is not None:
                self._missing = int(length)
            else:
                self._chunked = True
                head += b"transfer-encoding: chunked\r\n"
        if not self.keep_alive:
            head += b"connection: close\r\n"
        self._head = head + b"\r\n"


def _head(status: int, first: Iterable[Header], headers: Iterable[Header]) -> bytes:
    """Status line and header fields, without the empty line."""
    fields = [b"%b: %b\r\n" % field for field in (*first, *headers)]
    return b"".join((_STATUS_LINES[status], *fields))
