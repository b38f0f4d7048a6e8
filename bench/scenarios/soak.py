"""Minutes of everything at once: lookups, joins, dumps, runaways, bombs, hang-ups, bad queries, oversized bodies, slow
and silent readers, pages.

Aims: no unexpected end of any request (503 and 504 where they are due are expected and counted), and no process, file
or memory more at the end than after the first tenth of the time, both looked at with nobody asking.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from typing import Final

from bench.clients import crowd, fill
from bench.numbers import percentile
from bench.places import LOGS
from bench.plan import Plan
from bench.processes import descriptors, idle_after, memory, tree
from bench.progress import large_graph
from bench.results import Results, at_most
from bench.servers import OURS, Server, ours
from bench.wire import ask

_DEADLINE: Final = 60.0
_WORKERS: Final = 16
_MEMORY: Final = "512MiB"
_STALL: Final = 5.0
_SETTLE: Final = 30.0
# In the log of a server, what only a fault of ours writes.
_FAULTS: Final = (b"Traceback", b'"fault"', b" fault ")


@dataclass(frozen=True)
class _State:
    """What the server holds while nobody asks: processes, open files, bytes."""

    processes: int
    files: int
    memory: int


def run(plan: Plan) -> Results:
    """Warm up for a tenth of the time, look, go on for the rest, look again."""
    results = Results("soak", f"{plan.soak_minutes:g} minutes of everything at once")
    results.conditions.update(triples=plan.triples, deadline=_DEADLINE, stall=_STALL, memory_limit=_MEMORY)
    graph = large_graph(plan)
    seconds = plan.soak_minutes * 60
    settings = {"deadline": _DEADLINE, "stall": _STALL, "workers": _WORKERS, "memory_limit": _MEMORY}
    with ours(graph, **settings, log_format="json") as server:
        fill(server, _WORKERS)
        everybody = crowd(server, graph, _DEADLINE)
        everybody.start()
        time.sleep(seconds / 10)
        everybody.stop()
        unexpected = everybody.unexpected
        fill(server, _WORKERS)
        before = _settled(server)

        everybody.start()
        samples = _sample(server, seconds * 9 / 10)
        everybody.stop()
        fill(server, _WORKERS)
        after = _settled(server)
        works = ask(server.port, server.path, "ASK { ?s ?p ?o }").status == 200
    for name, ends in everybody.unexpected.items():
        unexpected[name] = dict(Counter(unexpected.get(name, {})) + Counter(ends))
    faults = _faults()
    answered = sum(tally.total() for tally in everybody.tally.values())
    results.add("requests", OURS, [answered], "")
    wrong = sum(times for ends in unexpected.values() for times in ends.values())
    results.add("unexpected ends", OURS, [wrong], "", at_most(0), _told(unexpected))
    results.add("faults in the log", OURS, [faults], "", at_most(0))
    results.add("does not answer afterwards", OURS, [int(not works)], "", at_most(0))
    results.add("processes more than before", OURS, [after.processes - before.processes], "", at_most(0))
    results.add("open files more than before", OURS, [after.files - before.files], "", at_most(0))
    grown = (after.memory - before.memory) / 1e6
    results.add("memory more than before", OURS, [grown], "MB", at_most(100))
    results.add("memory under load, median", OURS, [percentile(sorted(samples), 50) / 1e6], "MB")
    results.add("memory under load, at most", OURS, [max(samples) / 1e6], "MB")
    results.conditions["ends"] = {name: dict(tally) for name, tally in everybody.tally.items()}
    results.conditions["longest"] = {name: round(longest, 1) for name, longest in everybody.longest.items()}
    results.conditions["memory"] = [round(sample / 1e6) for sample in samples]
    return results


def _sample(server: Server, seconds: float) -> list[int]:
    """Memory of the server, all along."""
    end = time.monotonic() + seconds
    samples = [memory(server.pid)]
    while time.monotonic() < end:
        time.sleep(min(5.0, max(0.1, seconds / 20)))
        samples.append(memory(server.pid))
    return samples


def _settled(server: Server) -> _State:
    """The state of the server once it has nothing to do."""
    idle_after(server.pid, _SETTLE)
    time.sleep(2)
    return _State(len(tree(server.pid)), descriptors(server.pid), memory(server.pid))


def _faults() -> int:
    log = (LOGS / f"{OURS}.log").read_bytes()
    return sum(any(mark in line for mark in _FAULTS) for line in log.splitlines())


def _told(unexpected: dict[str, dict[str, int]]) -> str:
    return "; ".join(f"{name}: {end} ×{times}" for name, ends in unexpected.items() for end, times in ends.items())
