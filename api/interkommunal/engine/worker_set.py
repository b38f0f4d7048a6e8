"""The workers of one pool: forked by the zygote of the store when they are wanted, taken in when they come.

In: how many workers are wanted. Out: a :class:`WorkerConnection` to each, and word of its end. The pool decides who
works on what.
"""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from typing import Final, Protocol

from interkommunal.engine import control
from interkommunal.engine.interface import EngineOptions
from interkommunal.engine.jobs import Counters
from interkommunal.engine.worker_connection import ConnectionCallbacks, WorkerConnection
from interkommunal.errors import ReleaseError

# Workers with the network that are there at the same time, each for one query with SERVICE.
_FEDERATED: Final = 4
# Seconds to wait for a store to be loaded: a hundred million quads.
_OPEN_SECONDS: Final = 600.0
# And then for a worker: it is forked, and opens a store on disk.
_FIRST_SECONDS: Final = 120.0


class WorkerCallbacks(ConnectionCallbacks, Protocol):
    """Decides what workers do."""

    def worker_came(self, worker: WorkerConnection) -> None:
        """A new worker is ready."""

    def worker_ended(self, worker: WorkerConnection) -> None:
        """A worker has ended that was not let go of; ``worker.status`` says how, and all it wrote was read."""

    def workers_lost(self) -> None:
        """The zygote is gone, and its workers with it."""


class WorkerSet:
    """Workers over one store.

    Args:
        options: tier, and how many workers at most.
        counters: where to count those that are started.
        callbacks: who hears of them.
    """

    def __init__(self, options: EngineOptions, counters: Counters, callbacks: WorkerCallbacks) -> None:
        #: Workers alive, by process.
        self.connections: dict[int, WorkerConnection] = {}
        self._options = options
        self._counters = counters
        self._callbacks = callbacks
        self._starting = 0
        self._starting_network = 0
        self._networked = 0
        self._connecting: set[asyncio.Task[None]] = set()
        self._first: asyncio.Future[None] | None = None
        self._zygote: socket.socket | None = None
        self._loop = asyncio.get_running_loop()

    async def open(self, supervisor: Path, location: str) -> None:
        """Connect to the zygote of what is at ``location`` and wait until it has loaded that.

        Raises:
            ReleaseError: it cannot be opened, or the supervisor is gone. :meth:`close` has to follow.
        """
        zygote = self._zygote = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        zygote.setblocking(False)
        try:
            zygote.connect(str(supervisor))
            control.send(zygote, {"open": location, "tier": self._options.tier})
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
        """Let go of the zygote, which ends the workers that are left. Harmless when called twice."""
        if self._zygote is not None:
            self._loop.remove_reader(self._zygote.fileno())
            self._zygote.close()
            self._zygote = None
        if self._first is not None and not self._first.done():
            self._first.set_exception(ReleaseError("the process that holds the store ended"))

    @property
    def is_full(self) -> bool:
        """Whether there can be no more workers."""
        return len(self.connections) + self._starting >= self._options.workers

    def provide(self, wanted: int, federated: int) -> None:
        """Ask for workers.

        Args:
            wanted: how many more are wanted, with those that are starting already.
            federated: the same of those that may use the network.
        """
        if self._zygote is None:
            return
        alive = len(self.connections) - self._networked + self._starting
        missing = min(wanted - self._starting, self._options.workers - alive)
        missing_network = min(federated - self._starting_network, _FEDERATED - self._networked - self._starting_network)
        try:
            if missing > 0:
                control.send(self._zygote, {"fork": missing})
                self._starting += missing
            if missing_network > 0:
                control.send(self._zygote, {"fork": missing_network, "network": True})
                self._starting_network += missing_network
        except OSError:
            self._loop.call_soon(self._callbacks.workers_lost)

    def remove(self, worker: WorkerConnection) -> bool:
        """Strike a worker off the list; returns whether it was there."""
        if self.connections.pop(worker.pid, None) is None:
            return False
        self._networked -= worker.network
        return True

    def hear_end(self, worker: WorkerConnection) -> None:
        """The socket of a worker has closed. How the process ended, the zygote tells, before or later."""
        if worker.status is not None and self.connections.get(worker.pid) is worker:
            self._callbacks.worker_ended(worker)

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
                connection = socket.socket(fileno=descriptors[0])
                worker = WorkerConnection(
                    int(message["worker"]), descriptors[1], self._callbacks, network=bool(message["network"])
                )
                task = self._loop.create_task(self._greet(worker, connection))
                self._connecting.add(task)
                task.add_done_callback(self._connecting.discard)
            elif "gone" in message:
                self._gone(int(message["gone"]), int(message["status"]), str(message["words"]))

    async def _greet(self, worker: WorkerConnection, connection: socket.socket) -> None:
        """Take a new worker in."""
        connection.setblocking(False)
        self.connections[worker.pid] = worker
        self._counters.started += 1
        if worker.network:
            self._networked += 1
            self._starting_network -= 1
        else:
            self._starting -= 1
        await worker.connect(connection)
        if self.connections.get(worker.pid) is not worker:
            # The pool has closed, or the worker has died, meanwhile.
            worker.close()
            return
        self._callbacks.worker_came(worker)
        if not worker.network and self._first is not None and not self._first.done():
            self._first.set_result(None)

    def _gone(self, pid: int, status: int, words: str) -> None:
        """A process has ended. If it was let go of there is nothing left to do."""
        worker = self.connections.get(pid)
        if worker is None:
            return
        worker.status, worker.words = status, words
        if worker.is_lost:
            self._callbacks.worker_ended(worker)
        else:
            # What it wrote before is still to be read; its answer may be complete.
            worker.resume()
