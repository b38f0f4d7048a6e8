"""``SELECT * { ?s ?p ?o }`` over the whole graph: the largest answer there is.

Aims: the first byte of the body within 50 ms, flat memory in all processes of the server together, and a throughput
near that of the engine's own serialiser in one process without a server (0.8 of it through a pipe counts as near).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from bench import serialiser
from bench.numbers import in_turn, ratios
from bench.plan import Plan
from bench.processes import Watch, idle_after
from bench.progress import large_graph
from bench.queries import DUMP
from bench.results import Results, at_least, at_most
from bench.servers import OURS, OXIGRAPH, Server, ours, oxigraph
from bench.wire import Reply, connect, exchange, get

_FIRST_BYTES: Final = 10
_BYTES_A_ROW: Final = 100


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
    with ours(graph) as mine, oxigraph(graph) as theirs:
        for server in (mine, theirs):
            found = [_first_byte(server) for _ in range(_FIRST_BYTES)]
            aim = at_most(50) if server is mine else None
            results.add("first byte of the body", server.name, found, "ms", aim)

        def measure(server: Server) -> _Dump:
            return _whole(server, plan.triples)

        dumps = in_turn((mine, theirs), plan.rounds, measure)
    alone = serialiser.run(graph.path, plan.rounds)
    results.conditions.update(bytes=alone.bytes)
    rates = {name: [dump.rate for dump in whole] for name, whole in dumps.items()}
    for name, whole in dumps.items():
        results.add("throughput", name, rates[name], "MB/s")
        aim = at_most(64) if name == OURS else None
        results.add("memory that the server took meanwhile", name, [dump.growth for dump in whole], "MB", aim)
        if name == OURS:
            fronts = [dump.front for dump in whole]
            results.add("of this, the process that talks to the client", name, fronts, "MB", at_most(16))
    results.add("throughput, serialiser alone, to nowhere", "pyoxigraph", alone.alone, "MB/s")
    results.add("throughput, serialiser alone, through a pipe", "pyoxigraph", alone.piped, "MB/s")
    results.add("ours to the serialiser through a pipe", "", ratios(rates[OURS], alone.piped), "×", at_least(0.8))
    results.add(f"ours to {OXIGRAPH}", "", ratios(rates[OURS], rates[OXIGRAPH]), "×")
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
