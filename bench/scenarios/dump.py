"""``SELECT * { ?s ?p ?o }`` over the whole graph: the largest answer there is.

Aims: the first byte of the body within 50 ms, flat memory, and a throughput near that of the engine's own serialiser in
one process without a server, on the same kind of store (0.8 of it through a pipe counts as near). Memory is that of all
processes of the server together. The disk tier is the one for graphs of this size. In the memory tier a worker that
walks through all statements copies them, because the engine counts references in them; so only the process that talks
to the client has an aim there.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from bench.numbers import in_turn, ratios
from bench.plan import Plan
from bench.processes import Watch, idle_after
from bench.progress import large_graph
from bench.queries import DUMP
from bench.releases import disk_store
from bench.results import Results, at_least, at_most
from bench.serialiser import Serialised, Serialiser, serialiser
from bench.servers import OURS, OURS_ON_DISK, OXIGRAPH, Server, ours, oxigraph
from bench.wire import Reply, connect, exchange, get

_FIRST_BYTES: Final = 10
_BYTES_A_ROW: Final = 100
_SERIALISER: Final = "serialiser"
_SERIALISER_ON_DISK: Final = "serialiser on disk"
_OF: Final = {OURS: "ours", OURS_ON_DISK: "ours on disk"}
# What the disk tier may take whatever the size of the graph: RocksDB's cache, 55 MB as in oxigraph serve, the megabyte
# that is held back until it is known whether the answer is complete, and the worker that is forked meanwhile.
_FLAT_MB: Final = 80


@dataclass(frozen=True)
class _Dump:
    """One whole answer: megabytes a second; megabytes by which memory grew, in all and in the front process."""

    rate: float
    growth: float
    front: float


class DumpFailed(Exception):
    """A dump did not come to its end, or is too short to be one."""


def run(plan: Plan) -> Results:
    """Measure first bytes, then whole answers in turn with Oxigraph's, then the serialiser alone."""
    results = Results("dump", "SELECT * { ?s ?p ?o } over the whole graph")
    results.conditions.update(triples=plan.triples, rounds=plan.rounds)
    graph = large_graph(plan)
    with (
        ours(graph) as mine,
        ours(graph, engine="disk") as on_disk,
        oxigraph(graph) as theirs,
        serialiser(_SERIALISER, graph.path) as alone,
        serialiser(_SERIALISER_ON_DISK, disk_store(graph)) as alone_on_disk,
    ):
        servers = (mine, on_disk, theirs)
        for server in servers:
            found = [_first_byte(server) for _ in range(_FIRST_BYTES)]
            results.add("first byte of the body", server.name, found, "ms", None if server is theirs else at_most(50))

        def measure(server: Server | Serialiser) -> _Dump | Serialised:
            return server.measure() if isinstance(server, Serialiser) else _whole(server, plan.triples)

        measured: tuple[Server | Serialiser, ...] = (*servers, alone, alone_on_disk)
        found_in_turn = in_turn(measured, plan.rounds, measure)
    dumps = {name: [one for one in found if isinstance(one, _Dump)] for name, found in found_in_turn.items()}
    rates = {name: [dump.rate for dump in whole] for name, whole in dumps.items() if whole}
    for name, each in rates.items():
        results.add("throughput", name, each, "MB/s")
        aim = at_most(_FLAT_MB) if name == OURS_ON_DISK else None
        results.add("memory that the server took meanwhile", name, [dump.growth for dump in dumps[name]], "MB", aim)
        if name != OXIGRAPH:
            fronts = [dump.front for dump in dumps[name]]
            results.add("of this, the process that talks to the client", name, fronts, "MB", at_most(16))
    for name, peer in ((OURS, _SERIALISER), (OURS_ON_DISK, _SERIALISER_ON_DISK)):
        written = [one for one in found_in_turn[peer] if isinstance(one, Serialised)]
        piped = [one.piped for one in written]
        results.conditions.update(bytes=written[0].bytes)
        results.add("throughput, to nowhere", peer, [one.alone for one in written], "MB/s")
        results.add("throughput, through a pipe", peer, piped, "MB/s")
        results.add(f"{_OF[name]} to the {peer}", "", ratios(rates[name], piped), "×", at_least(0.8))
        results.add(f"{_OF[name]} to {OXIGRAPH}", "", ratios(rates[name], rates[OXIGRAPH]), "×")
    return results


def _first_byte(server: Server) -> float:
    """Milliseconds to the first byte of the body; the client goes away then."""
    request = get(server.port, server.path, DUMP)
    with connect(server.port, 60) as connection:
        begin = time.perf_counter()
        connection.sendall(request)
        received = b""
        while b"\r\n\r\n" not in received or received.endswith(b"\r\n\r\n"):
            received += connection.recv(4096)
        seconds = time.perf_counter() - begin
    idle_after(server.pid, 10)
    return seconds * 1000


def _whole(server: Server, rows: int) -> _Dump:
    with connect(server.port, 60) as connection, Watch(server.pid) as watch:
        reply: Reply = exchange(connection, get(server.port, server.path, DUMP), keep=False)
    if reply.status != 200 or not reply.complete or reply.size < rows * _BYTES_A_ROW:
        raise DumpFailed(f"{server.name}: status {reply.status}, {reply.size} bytes, complete: {reply.complete}")
    return _Dump(reply.size / reply.seconds / 1e6, watch.growth / 1e6, watch.root_growth / 1e6)
