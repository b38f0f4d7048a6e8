"""The workers of one pool: forked by the holder of the store when they are wanted, taken in when they come.

In: how many workers are wanted. Out: a :class:`Link` to each, and word of its end. Who works on what, the pool decides.
"""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from typing import Final, Protocol

from interkommunal.engine import control
from interkommunal.engine.interface import EngineOptions
from interkommunal.engine.jobs import Counters
from interkommunal.engine.links import Link, Listener
from interkommunal.errors import ReleaseError

# Workers with the network that are there at the same time, each for one query with SERVICE.
_FEDERATED: Final = 4
# Seconds to wait for a store to be loaded: a hundred million quads.
_OPEN_SECONDS: Final = 600.0
# And then for a worker: it is forked, and opens a store on disk.
_FIRST_SECONDS: Final = 120.0


class Owner(Listener, Protocol):
    """Decides what workers do."""

    def worker_came(self, link: Link) -> None:
        """A new worker is ready."""

    def worker_ended(self, link: Link) -> None:
        """A worker has ended that was not let go of; ``link.status`` says how, and all it wrote was read."""

    def workers_lost(self) -> None:
        """The holder is gone, and its workers with it."""


class Crew:
    """Workers over one store.

    Args:
        options: tier, and how many workers at most.
        counters: where to count those that are started.
        owner: who hears of them.
    """

    def __init__(self, options: EngineOptions, counters: Counters, owner: Owner) -> None:
        #: Workers alive, by process.
        self.links: dict[int, Link] = {}
        self._options = options
        self._counters = counters
        self._owner = owner
        self._starting = 0
        self._starting_network = 0
        self._networked = 0
        self._connecting: set[asyncio.Task[None]] = set()
        self._first: asyncio.Future[None] | None = None
        self._holder: socket.socket | None = None
        self._loop = asyncio.get_running_loop()

    async def open(self, keeper: Path, location: str) -> None:
        """Connect to the holder of what is at ``location`` and wait until it has loaded that.

        Raises:
            ReleaseError: it cannot be opened, or the keeper is gone. :meth:`close` has to follow.
        """
        holder = self._holder = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        holder.setblocking(False)
        try:
            holder.connect(str(keeper))
            control.send(holder, {"open": location, "tier": self._options.tier})
            async with asyncio.timeout(_OPEN_SECONDS):
                await self._greeting(holder, location)
        except TimeoutError:
            raise ReleaseError(f"{location} was not loaded within {_OPEN_SECONDS:g} s") from None
        except OSError as error:
            raise ReleaseError(f"the process that keeps the store cannot be reached: {error}") from None
        self._loop.add_reader(holder.fileno(), self._hear)

    async def _greeting(self, holder: socket.socket, location: str) -> None:
        readable = asyncio.Event()
        self._loop.add_reader(holder.fileno(), readable.set)
        try:
            await readable.wait()
        finally:
            self._loop.remove_reader(holder.fileno())
        received = control.receive(holder)
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
        """Let go of the holder, which ends the workers that are left. Harmless when called twice."""
        if self._holder is not None:
            self._loop.remove_reader(self._holder.fileno())
            self._holder.close()
            self._holder = None
        if self._first is not None and not self._first.done():
            self._first.set_exception(ReleaseError("the process that holds the store ended"))

    @property
    def is_full(self) -> bool:
        """Whether there can be no more workers."""
        return len(self.links) + self._starting >= self._options.workers

    def provide(self, wanted: int, federated: int) -> None:
        """Ask for workers.

        Args:
            wanted: how many more are wanted, with those that are starting already.
            federated: the same of those that may use the network.
        """
        if self._holder is None:
            return
        alive = len(self.links) - self._networked + self._starting
        missing = min(wanted - self._starting, self._options.workers - alive)
        missing_network = min(federated - self._starting_network, _FEDERATED - self._networked - self._starting_network)
        try:
            if missing > 0:
                control.send(self._holder, {"fork": missing})
                self._starting += missing
            if missing_network > 0:
                control.send(self._holder, {"fork": missing_network, "network": True})
                self._starting_network += missing_network
        except OSError:
            self._loop.call_soon(self._owner.workers_lost)

    def remove(self, link: Link) -> bool:
        """Strike a worker off the list; returns whether it was there."""
        if self.links.pop(link.pid, None) is None:
            return False
        self._networked -= link.network
        return True

    def hear_end(self, link: Link) -> None:
        """The socket of a worker has closed. How the process ended, the holder tells, before or later."""
        if link.status is not None and self.links.get(link.pid) is link:
            self._owner.worker_ended(link)

    def _hear(self) -> None:
        """Word from the holder: a new worker, or the end of one."""
        while self._holder is not None:
            try:
                received = control.receive(self._holder)
            except BlockingIOError:
                return
            if received is None:
                self._owner.workers_lost()
                return
            message, descriptors = received
            if "worker" in message:
                connection = socket.socket(fileno=descriptors[0])
                link = Link(int(message["worker"]), descriptors[1], self._owner, network=bool(message["network"]))
                task = self._loop.create_task(self._greet(link, connection))
                self._connecting.add(task)
                task.add_done_callback(self._connecting.discard)
            elif "gone" in message:
                self._gone(int(message["gone"]), int(message["status"]))

    async def _greet(self, link: Link, connection: socket.socket) -> None:
        """Take a new worker in."""
        connection.setblocking(False)
        self.links[link.pid] = link
        self._counters.started += 1
        if link.network:
            self._networked += 1
            self._starting_network -= 1
        else:
            self._starting -= 1
        await link.connect(connection)
        if self.links.get(link.pid) is not link:
            # The pool has closed, or the worker has died, meanwhile.
            link.close()
            return
        self._owner.worker_came(link)
        if not link.network and self._first is not None and not self._first.done():
            self._first.set_result(None)

    def _gone(self, pid: int, status: int) -> None:
        """A process has ended. If it was let go of there is nothing left to do."""
        link = self.links.get(pid)
        if link is None:
            return
        link.status = status
        if link.is_lost:
            self._owner.worker_ended(link)
        else:
            # What it wrote before is still to be read; its answer may be complete.
            link.resume()
