"""The connections of one pool to its workers: forked by the zygote of the store when they are wanted.

In: how many more workers are wanted. Out: a :class:`WorkerConnection` to each, and word of its end.
"""

from __future__ import annotations

import asyncio
import math
import socket
from pathlib import Path
from typing import Final, Protocol

from interkommunal.engine import control
from interkommunal.engine.worker_connection import ConnectionCallbacks, WorkerConnection
from interkommunal.errors import ReleaseError

# Seconds to wait for a store to be loaded: a hundred million quads.
_OPEN_SECONDS: Final = 600.0
# And then for a worker: it is forked, and opens a store on disk.
_FIRST_SECONDS: Final = 120.0


class WorkerCallbacks(ConnectionCallbacks, Protocol):
    """Hears what becomes of workers."""

    def worker_came(self, connection: WorkerConnection) -> None:
        """A new worker is ready."""

    def workers_lost(self) -> None:
        """The zygote is gone, and its workers with it."""


class WorkerSet:
    """Workers over one store.

    Args:
        callbacks: who hears of them.
    """

    def __init__(self, callbacks: WorkerCallbacks) -> None:
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
            control.send(zygote, {"open": location, "tier": tier})
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
        received = control.receive(zygote)
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
                control.send(self._zygote, {"fork": count, "network": network})
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
                received = control.receive(self._zygote)
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
