"""The clients of the soak: people who ask well, badly, too much, too slowly, and those who hang up.

Each client is a function that does one thing once and tells how it ended; :class:`Crowd` repeats them side by side and
keeps the tally. What may come back is written beside each client; all else is unexpected.
"""

from __future__ import annotations

import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote_from_bytes

from bench.graphs import Graph
from bench.load import Lookups
from bench.queries import AGGREGATES, BAD, BOMBS, DUMP, RUNAWAYS, join
from bench.servers import Server
from bench.wire import connect, exchange, get

_PATIENCE: Final = 40.0
# Seconds that a runaway of the crowd may take; more than one of them is always on its way.
_SHORT: Final = 3.0
# Stands for the end of a client that went away on purpose.
GONE: Final = "gone"
# How a streamed answer may end: at its deadline, visibly; or before it, as a memory limit ends it.
OUT_OF_TIME: Final = "broken off at the deadline"
BROKEN: Final = "broken off"


@dataclass(frozen=True)
class Client:
    """One kind of client.

    Attributes:
        name: for the tally.
        act: does it once, with dice of its own; returns how it ended: a status, ``gone``, or words.
        expected: the ends that are due.
        number: how many of them at the same time.
        pause: seconds between two acts.
    """

    name: str
    act: Callable[[random.Random], str]
    expected: frozenset[str]
    number: int = 1
    pause: float = 0.0


@dataclass
class Crowd:
    """Clients side by side until :meth:`stop`.

    Attributes:
        tally: by client, how often each end came.
        longest: by client, the seconds of what took longest.
    """

    clients: tuple[Client, ...]
    tally: dict[str, Counter[str]] = field(default_factory=dict)
    longest: dict[str, float] = field(default_factory=dict)

    def start(self) -> None:
        """Let them begin."""
        self._end = threading.Event()
        self._lock = threading.Lock()
        self.tally = {client.name: Counter() for client in self.clients}
        self.longest = {client.name: 0.0 for client in self.clients}
        self._threads = [
            threading.Thread(target=self._repeat, args=(client, random.Random(f"{client.name} {number}")))
            for client in self.clients
            for number in range(client.number)
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let each end what it is doing."""
        self._end.set()
        for thread in self._threads:
            thread.join()

    @property
    def unexpected(self) -> dict[str, dict[str, int]]:
        """What should not have come, by client."""
        found = {
            client.name: {end: times for end, times in self.tally[client.name].items() if end not in client.expected}
            for client in self.clients
        }
        return {name: ends for name, ends in found.items() if ends}

    def _repeat(self, client: Client, dice: random.Random) -> None:
        while not self._end.is_set():
            begin = time.monotonic()
            try:
                end = client.act(dice)
            except OSError as error:
                end = f"{type(error).__name__}: {error}"
            with self._lock:
                self.tally[client.name][end] += 1
                self.longest[client.name] = max(self.longest[client.name], time.monotonic() - begin)
            self._end.wait(client.pause)


def crowd(server: Server, graph: Graph, deadline: float) -> Crowd:
    """Everybody at once, on one server that gives each query ``deadline`` seconds."""
    ask = _Asker(server, deadline)
    fine, busy = frozenset({"200"}), frozenset({"503"})
    # A query beyond its limits: out of time, out of memory, or turned away at the door.
    late = frozenset({"504", OUT_OF_TIME}) | busy
    limited = frozenset({"413", BROKEN}) | late
    bad = frozenset({"400", "403", "413", "422"}) | busy

    def lookup(dice: random.Random) -> str:
        subject = graph.agreement(dice.randrange(graph.agreements))
        return ask(Lookups.query(subject, dice.randrange(1000, 10_000)))

    def joined(dice: random.Random) -> str:
        return ask(join(graph.city(dice.randrange(graph.cities))))

    return Crowd(
        (
            Client("lookup", lookup, fine | busy, number=3, pause=0.01),
            Client("join", joined, fine | busy, number=2, pause=0.05),
            Client("aggregate", lambda dice: ask(dice.choice([*AGGREGATES.values()])), fine | busy, pause=0.05),
            Client("dump", lambda dice: ask(DUMP), fine | late, pause=5.0),
            Client("runaway", lambda dice: ask(dice.choice(RUNAWAYS), _SHORT), limited, number=3),
            Client("bomb", lambda dice: ask(dice.choice(BOMBS), 5 * _SHORT), limited, pause=1.0),
            Client("hang-up", lambda dice: _hang_up(server, dice), frozenset({GONE}), number=2, pause=0.05),
            Client("bad query", lambda dice: ask(dice.choice(BAD)), bad, pause=0.05),
            Client("random bytes", lambda dice: _random_bytes(server, dice), bad, pause=0.1),
            Client("oversized body", lambda dice: _oversized(server), frozenset({"413"}), pause=0.5),
            Client("half a request", lambda dice: _half_a_request(server, dice), frozenset({GONE}), pause=0.2),
            Client("slow reader", lambda dice: _slow_reader(server), frozenset({GONE}) | busy, pause=1.0),
            Client("silent reader", lambda dice: _silent_reader(server), frozenset({"given up"}) | busy, pause=1.0),
            Client("page", lambda dice: _page(server, dice), fine, pause=0.5),
        )
    )


def fill(server: Server, queries: int) -> None:
    """Let every worker work once: so many runaways at a time, each for a second."""
    ask = _Asker(server, 1.0)
    threads = [threading.Thread(target=ask, args=(RUNAWAYS[number % len(RUNAWAYS)], 1.0)) for number in range(queries)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class _Asker:
    """Asks one query on a connection that is kept, one for each thread."""

    def __init__(self, server: Server, deadline: float) -> None:
        self._server = server
        self._deadline = deadline
        self._kept = threading.local()

    def __call__(self, query: str, seconds: float | None = None) -> str:
        connection: socket.socket | None = getattr(self._kept, "connection", None)
        if connection is None:
            connection = self._kept.connection = connect(self._server.port, _PATIENCE)
        further = {} if seconds is None else {"timeout": seconds}
        request = get(self._server.port, self._server.path, query, further=further)
        if len(request) > 30_000:
            request = _post(self._server, query.encode())
        try:
            reply = exchange(connection, request, keep=False)
        except OSError:
            self._drop(connection)
            raise
        if not reply.complete or reply.headers.get("connection", "").lower() == "close":
            self._drop(connection)
        if reply.complete:
            return str(reply.status)
        return OUT_OF_TIME if reply.seconds >= (seconds or self._deadline) - 0.1 else BROKEN

    def _drop(self, connection: socket.socket) -> None:
        connection.close()
        self._kept.connection = None


def _post(server: Server, query: bytes) -> bytes:
    head = f"POST {server.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/sparql-query\r\n"
    return head.encode() + b"Content-Length: %d\r\n\r\n" % len(query) + query


def _hang_up(server: Server, dice: random.Random) -> str:
    query = dice.choice((*RUNAWAYS, DUMP, *AGGREGATES.values()))
    with connect(server.port, _PATIENCE) as connection:
        connection.sendall(get(server.port, server.path, query))
        time.sleep(dice.random() * 0.5)
    return GONE


def _random_bytes(server: Server, dice: random.Random) -> str:
    content = dice.randbytes(dice.randrange(1, 2000))
    if dice.random() < 0.5:
        request = _post(server, content)
    else:
        target = f"{server.path}?query={quote_from_bytes(content, safe='')}"
        request = f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    with connect(server.port, _PATIENCE) as connection:
        return str(exchange(connection, request).status)


def _oversized(server: Server) -> str:
    """Ten megabytes of a query."""
    request = _post(server, b"ASK { } #" + b"x" * 10_000_000)
    with connect(server.port, _PATIENCE) as connection:
        return str(exchange(connection, request).status)


def _half_a_request(server: Server, dice: random.Random) -> str:
    request = get(server.port, server.path, DUMP)
    with connect(server.port, _PATIENCE) as connection:
        connection.sendall(request[: dice.randrange(1, len(request) - 4)])
        time.sleep(dice.random())
    return GONE


def _slow_reader(server: Server) -> str:
    """Reads a dump a little at a time for ten seconds, and goes away."""
    with connect(server.port, _PATIENCE) as connection:
        connection.sendall(get(server.port, server.path, DUMP))
        first = connection.recv(4096)
        if not first.startswith(b"HTTP/1.1 200"):
            return first[9:12].decode()
        for _ in range(20):
            if not connection.recv(65536):
                return "broken off although it read"
            time.sleep(0.5)
    return GONE


def _silent_reader(server: Server) -> str:
    """Asks for a dump and does not read it; the server has to give it up some time."""
    with connect(server.port, _PATIENCE) as connection:
        connection.sendall(get(server.port, server.path, DUMP))
        time.sleep(15)
        received, beginning = 0, b""
        try:
            while piece := connection.recv(1 << 20):
                beginning = beginning or piece[:12]
                received += len(piece)
                if received > 64 << 20:
                    return "not given up"
        except ConnectionError:
            pass
        return "given up" if beginning[9:12] == b"200" else beginning[9:12].decode()


def _page(server: Server, dice: random.Random) -> str:
    target = dice.choice(("/sparql", "/health/live", "/health/ready", "/metrics"))
    request = f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n\r\n".encode()
    with connect(server.port, _PATIENCE) as connection:
        return str(exchange(connection, request).status)
