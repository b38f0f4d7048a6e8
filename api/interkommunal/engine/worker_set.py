"""The connections of one pool to its workers, which the zygote of the store forks when they are wanted.

In: how many more workers are wanted, and orders. Out: a :class:`WorkerConnection` to each worker, what it writes, and
word of its end. The sockets are asyncio transports and not read by ourselves, because each system call made from Python
lets go of the interpreter lock, and beside a server's own threads it may take milliseconds to get that back.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import signal
import socket
import time
from pathlib import Path
from typing import Final, Protocol

from interkommunal.engine import messages
from interkommunal.engine.messages import ANSWER_HEADER, CHUNK, COMPLETE, unpack_answer_header
from interkommunal.errors import ReleaseError

# Seconds to wait for a store to be loaded: a hundred million quads.
_OPEN_SECONDS: Final = 600.0
# And then for a worker: it is forked, and opens a store on disk.
_FIRST_SECONDS: Final = 120.0


class Callbacks(Protocol):
    """Hears what workers write, and what becomes of them."""

    def worker_came(self, connection: WorkerConnection) -> None:
        """A new worker is ready."""

    def completed(self, connection: WorkerConnection, kind: int, payload: bytes, rows: int | None, flags: int) -> None:
        """The last frame of an answer has come: complete, the end of a stream, or an error."""

    def streams(self, connection: WorkerConnection, chunk: bytes) -> None:
        """A piece of a stream has come."""

    def worker_ended(self, connection: WorkerConnection, status: int, words: str) -> None:
        """The process has ended, and all it wrote was read."""

    def workers_lost(self) -> None:
        """The zygote is gone, and its workers with it."""


class WorkerConnection(asyncio.Protocol):
    """A worker process.

    Args:
        pid: its process.
        handle: a pidfd of it, immune to the reuse of pids.
        callbacks: who hears it.
        network: whether it may use the network.
    """

    __slots__ = (
        "_callbacks",
        "_ended",
        "_handle",
        "_head",
        "_is_lost",
        "_kind",
        "_missing",
        "_parts",
        "_paused",
        "_rows_flags",
        "_transport",
        "network",
        "pid",
    )

    def __init__(self, pid: int, handle: int, callbacks: Callbacks, *, network: bool) -> None:
        self.pid = pid
        self.network = network
        self._handle = handle
        #: Exit status and last words, once the zygote has told.
        self._ended: tuple[int, str] | None = None
        self._is_lost = False
        self._callbacks = callbacks
        self._transport: asyncio.Transport | None = None
        self._paused = False
        self._head = b""
        self._kind = 0
        self._rows_flags: tuple[int | None, int] = (0, 0)
        self._missing = 0
        self._parts: list[bytes] = []

    async def connect(self, connection: socket.socket) -> None:
        """Take over the socket."""
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_unix_connection(lambda: self, sock=connection)

    def send(self, frame: bytes) -> None:
        """Write an order."""
        if self._transport is not None:
            self._transport.write(frame)

    def pause(self) -> bool:
        """Read no more for now; the worker will wait when its socket is full. False if it has ended: read the rest."""
        if self._transport is None or self._ended is not None:
            return False
        if not self._paused:
            self._paused = True
            self._transport.pause_reading()
        return True

    def resume(self) -> None:
        """Read again."""
        if self._transport is not None and self._paused:
            self._paused = False
            if not self._transport.is_closing():
                self._transport.resume_reading()

    def cpu_seconds(self) -> float:
        """CPU seconds that the process has used so far; not a number if it is gone."""
        try:
            # The clock of another process, as clock_getcpuclockid(3) makes it.
            return time.clock_gettime((~self.pid << 3) | 2)
        except OSError:
            return math.nan

    def kill(self) -> None:
        """End the process, whatever it does."""
        if self._handle >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def close(self) -> None:
        """Let go of socket and handle; nothing is heard of the worker any more. An idle one ends by this."""
        if self._transport is not None:
            self._transport.abort()
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def process_ended(self, status: int, words: str) -> None:
        """The zygote tells how the process ended, before its socket has closed or after."""
        self._ended = status, words
        self.resume()
        self._tell_end()

    def connection_lost(self, error: Exception | None) -> None:
        """See :class:`asyncio.Protocol`."""
        self._is_lost = True
        self._tell_end()

    def _tell_end(self) -> None:
        if self._is_lost and self._ended is not None and self._handle >= 0:
            self._callbacks.worker_ended(self, *self._ended)

    def data_received(self, data: bytes) -> None:
        """Nearly all answers are one frame and come at once."""
        if not self._missing and not self._head and len(data) >= ANSWER_HEADER:
            kind, flags, rows, length = unpack_answer_header(data)
            if kind == COMPLETE and len(data) == ANSWER_HEADER + length:
                self._callbacks.completed(self, kind, data[ANSWER_HEADER:], rows, flags)
                return
        self._take(data)

    def _take(self, data: bytes) -> None:
        """Frames that come in pieces."""
        while data and self._handle >= 0:  # not closed meanwhile
            if not self._missing:
                head = self._head + data
                if len(head) < ANSWER_HEADER:
                    self._head = head
                    return
                data, self._head = head[ANSWER_HEADER:], b""
                self._kind, flags, rows, self._missing = unpack_answer_header(head)
                self._rows_flags = (rows, flags)
            part, data = data[: self._missing], data[self._missing :]
            self._missing -= len(part)
            if self._kind == CHUNK:
                if part:
                    self._callbacks.streams(self, part)
                continue
            self._parts.append(part)
            if not self._missing:
                payload = b"".join(self._parts)
                self._parts.clear()
                self._callbacks.completed(self, self._kind, payload, *self._rows_flags)


class WorkerSet:
    """Workers over one store.

    Args:
        callbacks: who hears of them.
    """

    def __init__(self, callbacks: Callbacks) -> None:
        #: Of workers alive, by process.
        self.connections: dict[int, WorkerConnection] = {}
        self._callbacks = callbacks
        self._connecting: set[asyncio.Task[None]] = set()
        self._first: asyncio.Future[None] | None = None
        self._zygote: socket.socket | None = None
        self._loop = asyncio.get_running_loop()

    async def open(self, supervisor: Path, tier: str, location: str) -> None:
        """Connect to the zygote of what is at ``location`` and wait until it has loaded that.

        Raises:
            ReleaseError: it cannot be opened, or the supervisor is gone. :meth:`close` has to follow.
        """
        zygote = self._zygote = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        zygote.setblocking(False)
        try:
            zygote.connect(str(supervisor))
            messages.send(zygote, {"open": location, "tier": tier})
            async with asyncio.timeout(_OPEN_SECONDS):
                await self._greeting(zygote, location)
        except TimeoutError:
            raise ReleaseError(f"{location} was not loaded within {_OPEN_SECONDS:g} s") from None
        except OSError as error:
            raise ReleaseError(f"the process that keeps the store cannot be reached: {error}") from None
        self._loop.add_reader(zygote.fileno(), self._hear)

    async def _greeting(self, zygote: socket.socket, location: str) -> None:
        readable = asyncio.Event()
        self._loop.add_reader(zygote.fileno(), readable.set)
        try:
            await readable.wait()
        finally:
            self._loop.remove_reader(zygote.fileno())
        received = messages.receive(zygote)
        if received is None:
            raise ReleaseError(f"the process that loads {location} ended; is there enough memory?")
        if "error" in received[0]:
            raise ReleaseError(str(received[0]["error"]))

    async def first(self) -> None:
        """Wait for a worker, once some are wanted.

        Raises:
            ReleaseError: there will be none.
        """
        self._first = self._loop.create_future()
        try:
            async with asyncio.timeout(_FIRST_SECONDS):
                await self._first
        except TimeoutError:
            raise ReleaseError(f"no worker was ready within {_FIRST_SECONDS:g} s") from None

    def close(self) -> None:
        """End all workers, and let go of the zygote. Harmless when called twice."""
        for pid in list(self.connections):
            self.let_go(pid, kill=True)
        if self._zygote is not None:
            self._loop.remove_reader(self._zygote.fileno())
            self._zygote.close()
            self._zygote = None
        if self._first is not None and not self._first.done():
            self._first.set_exception(ReleaseError("the process that holds the store ended"))

    def fork(self, count: int, *, network: bool) -> None:
        """Have workers forked; each comes when it is ready."""
        if self._zygote is not None:
            try:
                messages.send(self._zygote, {"fork": count, "network": network})
            except OSError:
                self._loop.call_soon(self._callbacks.workers_lost)

    def let_go(self, pid: int, *, kill: bool) -> None:
        """Forget a worker. If it is idle it ends by this; if not, it has to be killed."""
        connection = self.connections.pop(pid, None)
        if connection is not None:
            if kill:
                connection.kill()
            connection.close()

    def cpu_seconds(self, pid: int) -> float:
        """CPU seconds that a worker has used so far; not a number if it is gone."""
        connection = self.connections.get(pid)
        return math.nan if connection is None else connection.cpu_seconds()

    def _hear(self) -> None:
        """Word from the zygote: a new worker, or the end of one."""
        while self._zygote is not None:
            try:
                received = messages.receive(self._zygote)
            except BlockingIOError:
                return
            if received is None:
                self._callbacks.workers_lost()
                return
            message, descriptors = received
            if "worker" in message:
                connection = WorkerConnection(
                    message["worker"], descriptors[1], self._callbacks, network=message["network"]
                )
                self.connections[connection.pid] = connection
                task = self._loop.create_task(self._greet(connection, socket.socket(fileno=descriptors[0])))
                self._connecting.add(task)
                task.add_done_callback(self._connecting.discard)
            elif message["gone"] in self.connections:
                # What it wrote before is still to be read; its answer may be complete.
                self.connections[message["gone"]].process_ended(message["status"], message["words"])

    async def _greet(self, connection: WorkerConnection, worker: socket.socket) -> None:
        """Take a new worker in."""
        worker.setblocking(False)
        await connection.connect(worker)
        if self.connections.get(connection.pid) is not connection:
            connection.close()  # the pool has closed meanwhile
            return
        self._callbacks.worker_came(connection)
        if not connection.network and self._first is not None and not self._first.done():
            self._first.set_result(None)
