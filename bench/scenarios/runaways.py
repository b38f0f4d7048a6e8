"""Ten runaway queries at a time: cartesian products, property paths that explode, memory bombs; and one who only asks.

Aims: an ASK is answered within 50 ms in 95 of 100 cases while ten runaways run and are being killed; a runaway ends
within 100 ms of its deadline; the processors are idle again within a second after a client hangs up. ``oxigraph serve``
meets the same runaways without the bombs, which would take the memory of the machine; rdflib-endpoint meets one.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from bench.numbers import percentile
from bench.plan import Plan
from bench.processes import idle_after, memory, processor_time, spent
from bench.progress import large_graph, small_graph
from bench.queries import RUNAWAYS, TEN
from bench.results import Results, at_most
from bench.servers import ENDPOINT, OURS, OXIGRAPH, Server, endpoint, ours, oxigraph
from bench.wire import Reply, connect, exchange, get

_DEADLINE: Final = 2.0
_CLIENTS: Final = len(TEN)
_PACE: Final = 0.02
_LOOKS: Final = 5
_HANG_UPS: Final = 5
_PATIENCE: Final = 3.0
# Seconds beyond its deadline after which we hang up on a query.
_FORBEARANCE: Final = 8.0


@dataclass
class _Killed:
    """What became of runaways.

    Attributes:
        overruns: milliseconds beyond the deadline, of those that took that long. Others ended earlier, as a memory
            limit ends them.
        outcomes: how often each end came.
    """

    overruns: list[float] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)

    def note(self, reply: Reply) -> None:
        """Count a reply."""
        end = str(reply.status) if reply.complete else f"{reply.status} broken off"
        self.outcomes[end] += 1
        if reply.seconds >= _DEADLINE - 0.05:
            self.overruns.append((reply.seconds - _DEADLINE) * 1000)


def run(plan: Plan) -> Results:
    """Measure ours, then Oxigraph, then rdflib-endpoint; one server runs at a time."""
    results = Results("runaways", "an ASK beside ten runaway queries, and what is left of them")
    results.conditions.update(triples=plan.triples, runaways=_CLIENTS, deadline=_DEADLINE)
    graph = large_graph(plan)
    asks = _asks(graph.subjects)
    with ours(graph) as server:
        killed = _beside(results, server, TEN, asks, plan, limit=True)
        results.add("a runaway ends after its deadline: 95 of 100 within", OURS, _p95(killed.overruns), "ms")
        results.add("a runaway ends after its deadline: the latest", OURS, _most(killed.overruns), "ms", at_most(100))
        _hang_up(results, server)
    with oxigraph(graph, timeout=_DEADLINE) as server:
        killed = _beside(results, server, RUNAWAYS, asks, plan, limit=False)
        results.add("a runaway ends after its deadline: the latest", OXIGRAPH, _most(killed.overruns), "ms")
    with oxigraph(graph) as server:
        _hang_up(results, server)
    with endpoint(small_graph(plan)) as server:
        _one_for_the_peer(results, server)
    return results


def _asks(subjects: Path) -> list[str]:
    with subjects.open(encoding="utf-8") as lines:
        return [f"ASK {{ <{line.strip()}> ?p ?o }}" for line in islice(lines, 10_000)]


def _beside(
    results: Results, server: Server, queries: Sequence[str], asks: list[str], plan: Plan, *, limit: bool
) -> _Killed:
    """ASK on an idle server, then beside the runaways."""
    quiet = _ask_for(server, asks, 0, min(3.0, plan.runaway_seconds / 3))
    results.add("ASK on an idle server: 95 of 100 within", server.name, _p95(quiet), "ms")
    end = threading.Event()
    killed = _Killed()
    clients = [
        threading.Thread(target=_run_away, args=(server, queries[number % len(queries)], end, killed, limit))
        for number in range(_CLIENTS)
    ]
    before = memory(server.pid)
    for client in clients:
        client.start()
        time.sleep(_DEADLINE / _CLIENTS)
    loud = _ask_for(server, asks, len(quiet), plan.runaway_seconds)
    peak = max(_look(server) for _ in range(_LOOKS))
    end.set()
    for client in clients:
        client.join()
    aim = at_most(50) if server.name == OURS else None
    note = "" if server.name == OURS else "no memory bombs"
    results.add("ASK beside ten runaways: median", server.name, [percentile(sorted(loud), 50)], "ms", note=note)
    results.add("ASK beside ten runaways: 95 of 100 within", server.name, _p95(loud), "ms", aim, note)
    results.add("ASK beside ten runaways: 99 of 100 within", server.name, [percentile(sorted(loud), 99)], "ms")
    results.add("memory that ten runaways took", server.name, [(peak - before) / 1e6], "MB")
    results.conditions[f"ends, {server.name}"] = dict(killed.outcomes)
    return killed


def _look(server: Server) -> int:
    """Memory now, after a moment. Looking slows the server down, so it is done while nothing is timed."""
    time.sleep(_DEADLINE / _LOOKS)
    return memory(server.pid)


def _ask_for(server: Server, asks: list[str], first: int, seconds: float) -> list[float]:
    """Milliseconds of ASK queries, one after the other with a pause, each a new one."""
    found: list[float] = []
    end = time.monotonic() + seconds
    with connect(server.port, 60) as connection:
        while time.monotonic() < end:
            query = asks[(first + len(found)) % len(asks)]
            reply = exchange(connection, get(server.port, server.path, query))
            if reply.status != 200:
                raise AssertionError(f"{server.name} answered {reply.status} to {query}: {reply.body[:300]!r}")
            found.append(reply.seconds * 1000)
            time.sleep(_PACE)
    return found


def _run_away(server: Server, query: str, end: threading.Event, killed: _Killed, limit: bool) -> None:
    """Send a runaway again as soon as it has ended. The clients start one after the other and so stay apart."""
    further = {"timeout": _DEADLINE} if limit else {}
    request = get(server.port, server.path, query, further=further)
    while not end.is_set():
        try:
            with connect(server.port, _DEADLINE + _FORBEARANCE) as connection:
                killed.note(exchange(connection, request, keep=False))
        except TimeoutError:
            killed.outcomes["still running when we hung up"] += 1
            killed.overruns.append(_FORBEARANCE * 1000)
        except OSError:
            killed.outcomes["no reply"] += 1
            time.sleep(0.1)


def _hang_up(results: Results, server: Server) -> None:
    """Clients ask for what never ends, and go away; how long do the processors go on?"""
    found: list[float] = []
    burning = 0.0
    for number in range(_HANG_UPS):
        with connect(server.port, 60) as connection:
            connection.sendall(get(server.port, server.path, RUNAWAYS[number % len(RUNAWAYS)]))
            time.sleep(0.5)
        idle = idle_after(server.pid, _PATIENCE)
        found.append(_PATIENCE if idle is None else idle)
        if idle is None:
            before = processor_time(server.pid)
            time.sleep(1)
            burning = spent(before, processor_time(server.pid))
            break
    note = f"still busy, {burning:.1f} processors, when we stopped looking" if burning else ""
    aim = at_most(1) if server.name == OURS else None
    results.add("idle after a client hangs up", server.name, found, "s", aim, note)


def _one_for_the_peer(results: Results, server: Server) -> None:
    """One runaway, one ASK: rdflib-endpoint evaluates in its event loop."""
    with connect(server.port, 60) as runaway:
        runaway.sendall(get(server.port, server.path, RUNAWAYS[0]))
        time.sleep(0.5)
        begin, note = time.perf_counter(), ""
        with connect(server.port, 2 * _PATIENCE) as connection:
            try:
                exchange(connection, get(server.port, server.path, "ASK { }"))
            except TimeoutError:
                note = "no answer when we stopped waiting"
        seconds = time.perf_counter() - begin
    results.add("ASK beside one runaway", ENDPOINT, [seconds * 1000], "ms", note=note)
    with contextlib.suppress(OSError):
        idle = idle_after(server.pid, _PATIENCE)
        note = "still busy when we stopped looking" if idle is None else ""
        results.add("idle after a client hangs up", ENDPOINT, [_PATIENCE if idle is None else idle], "s", note=note)


def _p95(values: list[float]) -> list[float]:
    return [percentile(sorted(values), 95)]


def _most(values: list[float]) -> list[float]:
    return [max(values, default=0.0)]
