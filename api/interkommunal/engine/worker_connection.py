"""A worker process as the front sees it: a socket to write orders to and read answers from, and a handle to kill it.

The socket is an asyncio transport and not read by ourselves, because each system call made from Python lets go of the
interpreter lock, and beside a server's own threads it may take milliseconds to get that back.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import time
from collections import deque
from typing import Protocol

from interkommunal.engine.frames import ANSWER_HEADER, CHUNK, COMPLETE, unpack_answer_header
from interkommunal.engine.jobs import Job


class ConnectionCallbacks(Protocol):
    """Hears what workers write."""

    def completed(self, worker: WorkerConnection, kind: int, payload: bytes, rows: int | None, flags: int) -> None:
        """The last frame of an answer has come: complete, the end of a stream, or an error."""

    def streams(self, worker: WorkerConnection, chunk: bytes) -> None:
        """A piece of a stream has come."""

    def disconnected(self, worker: WorkerConnection) -> None:
        """The worker has closed its end, so it is gone."""


class WorkerConnection(asyncio.Protocol):
    """A worker process.

    Args:
        pid: its process.
        handle: a pidfd of it, by which no other process can be meant.
        network: whether it may use the network.
        callbacks: who hears it.
    """

    __slots__ = (
        "_callbacks",
        "_cpu",
        "_head",
        "_kind",
        "_missing",
        "_parts",
        "_paused",
        "_rows_flags",
        "_seen",
        "_transport",
        "began",
        "busy",
        "handle",
        "is_lost",
        "job",
        "long_running",
        "lowered",
        "network",
        "pending",
        "pid",
        "reserved",
        "status",
        "words",
    )

    def __init__(self, pid: int, handle: int, callbacks: ConnectionCallbacks, *, network: bool) -> None:
        self.pid = pid
        self.handle = handle
        self.network = network
        self.job: Job | None = None
        #: Whether it works, and since when it has worked on what it works on. Without a job nobody waits for that.
        self.busy = False
        self.began = 0.0
        #: Jobs whose orders it has already, to be worked on next. ``None`` stands for one that nobody waits for.
        self.pending: deque[Job | None] = deque()
        #: Whether it has worked on its job for long, so that others are let in beside it.
        self.long_running = False
        #: Whether its priority was lowered.
        self.lowered = False
        #: Whether it is one of the workers that are kept for short queries.
        self.reserved = False
        #: How it ended and what it wrote to standard error, once the zygote has told.
        self.status: int | None = None
        self.words = ""
        self.is_lost = False
        self._seen = self._cpu = 0.0
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

    def pause(self) -> None:
        """Read no more for now; the worker will wait when its socket is full."""
        if self._transport is not None and not self._paused:
            self._paused = True
            self._transport.pause_reading()

    def resume(self) -> None:
        """Read again."""
        if self._transport is not None and self._paused:
            self._paused = False
            if not self._transport.is_closing():
                self._transport.resume_reading()

    def worked(self) -> float:
        """CPU seconds that it has surely spent on what it works on: those since this was first asked meanwhile.

        Where the machine has more to do than it can, time goes by without any work done.
        """
        try:
            # The clock of another process, as clock_getcpuclockid(3) makes it.
            cpu = time.clock_gettime((~self.pid << 3) | 2)
        except OSError:
            return 0.0
        if self._seen != self.began:
            self._seen, self._cpu = self.began, cpu
        return cpu - self._cpu

    def kill(self) -> None:
        """End the process, whatever it does."""
        if self.handle >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.handle, signal.SIGKILL)

    def close(self) -> None:
        """Let go of socket and handle. A worker that is idle ends by this."""
        self.job = None
        if self._transport is not None:
            self._transport.abort()
        if self.handle >= 0:
            os.close(self.handle)
            self.handle = -1

    def connection_lost(self, error: Exception | None) -> None:
        """See :class:`asyncio.Protocol`."""
        self.is_lost = True
        self._callbacks.disconnected(self)

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
        while data and self.handle >= 0:
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
