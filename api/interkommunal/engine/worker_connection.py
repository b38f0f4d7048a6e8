"""A worker process as the front sees it: a socket to write orders to and read answers from, and a handle to kill it.

The socket is an asyncio transport and not read by ourselves, because each system call made from Python lets go of the
interpreter lock, and beside a server's own threads it may take milliseconds to get that back.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import signal
import socket
import time
from typing import Protocol

from interkommunal.engine.frames import ANSWER_HEADER, CHUNK, COMPLETE, unpack_answer_header


class ConnectionCallbacks(Protocol):
    """Hears what workers write."""

    def completed(self, connection: WorkerConnection, kind: int, payload: bytes, rows: int | None, flags: int) -> None:
        """The last frame of an answer has come: complete, the end of a stream, or an error."""

    def streams(self, connection: WorkerConnection, chunk: bytes) -> None:
        """A piece of a stream has come."""

    def worker_ended(self, connection: WorkerConnection, status: int, words: str) -> None:
        """The process has ended, and all it wrote was read."""


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

    def __init__(self, pid: int, handle: int, callbacks: ConnectionCallbacks, *, network: bool) -> None:
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
