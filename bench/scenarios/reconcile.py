"""Reconciliation over HTTP: names with a wrong letter, none of them asked before, in batches on one connection.

Aims: 1,000 names a second on the shipped graph; at most 20 ms a name among 100,000 things; an ASK is answered within
50 ms in 95 of 100 cases while batches are worked on without a pause.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote_plus

import pyoxigraph

from bench.named import make_named, misspelt
from bench.numbers import percentile
from bench.places import CACHE, ROOT
from bench.plan import Plan
from bench.processes import memory, processor_time, spent
from bench.results import Results, at_least, at_most
from bench.servers import OURS, Server, environment, interkommunal, ours
from bench.wire import connect, exchange, get
from interkommunal.namespaces import ID, PREFIXES
from interkommunal.release.release import Release

_BATCH: Final = 100
_LIMIT: Final = 5
_PACE: Final = 0.01
_PATIENCE: Final = 60.0
# Parts of the edition, which are not reconciled.
_APPARATUS: Final = ("passage/", "reading/", "inference/", "discrepancy/", "section/", "caption/", "source/")

Names = Sequence[tuple[str, str]]


def run(plan: Plan) -> Results:
    """Measure the shipped graph, then many things."""
    many = plan.things
    results = Results("reconcile", "misspelt names over HTTP, every one a new one")
    results.conditions.update(batch=_BATCH, candidates=_LIMIT, things=many, rounds=plan.rounds)
    CACHE.mkdir(parents=True, exist_ok=True)
    releases = Path(tempfile.mkdtemp(prefix="reconcile-", dir=CACHE))
    try:
        command = [*interkommunal(), "build", "--releases", str(releases)]
        subprocess.run(command, cwd=ROOT, env=environment(), check=True, capture_output=True)
        labels = _labels(releases)
        with ours(releases) as server:
            _throughput(results, server, labels, plan, "shipped graph: ", least=1000)
            _beside(results, server, labels, plan)
    finally:
        shutil.rmtree(releases)
    named = make_named(many)
    with ours(named.releases) as server:
        _throughput(results, server, named.labels, plan, f"{many:,} things: ")
        results.add(f"{many:,} things: memory", OURS, [memory(server.pid) / 1e6], "MB")
    return results


def _labels(releases: Path) -> dict[str, str]:
    """The German labels of the things of the release in force; one a thing, at least five letters long."""
    store = pyoxigraph.Store()
    store.bulk_load(path=Release.open(releases).quads)
    pattern = (None, pyoxigraph.NamedNode(f"{PREFIXES['rdfs']}label"), None)
    found: dict[str, str] = {}
    for quad in store.quads_for_pattern(*pattern):
        iri, label = str(quad.subject).strip("<>"), quad.object
        name = iri.removeprefix(ID)
        if not iri.startswith(ID) or name.startswith(_APPARATUS) or not isinstance(label, pyoxigraph.Literal):
            continue
        if label.language == "de" and len(label.value) > 4:
            found[name] = label.value
    return found


def _throughput(
    results: Results, server: Server, labels: dict[str, str], plan: Plan, where: str, least: float | None = None
) -> None:
    rates: list[float] = []
    each: list[float] = []
    costs: list[float] = []
    right = asked = 0
    _batch(server, misspelt(labels, _BATCH, 0))
    for number in range(plan.rounds):
        before, begin, done = processor_time(server.pid), time.perf_counter(), 0
        for turn in _turns(plan.seconds):
            names = misspelt(labels, _BATCH, 1 + turn + number * 1_000_000)
            right += _right(names, _batch(server, names))
            done += len(names)
        seconds = time.perf_counter() - begin
        asked += done
        rates.append(done / seconds)
        each.append(seconds / done * 1000)
        costs.append(spent(before, processor_time(server.pid)) / done * 1000)
    results.add(f"{where}names", OURS, rates, "/s", at_least(least) if least else None)
    results.add(f"{where}time of a name", OURS, each, "ms", None if least else at_most(20))
    results.add(f"{where}processor time of a name", OURS, costs, "ms")
    # What a machine with nothing else to do would reach on one processor.
    aim = at_least(least) if least else None
    results.add(f"{where}names a second of processor time", OURS, [1000 / cost for cost in costs], "/s", aim)
    # With one letter changed, one of many short names is often another one.
    results.add(f"{where}first candidate is right", OURS, [100 * right / asked], "%", at_least(90) if least else None)


def _turns(seconds: float) -> Iterator[int]:
    end, turn = time.perf_counter() + seconds, 0
    while turn == 0 or time.perf_counter() < end:
        yield turn
        turn += 1


def _batch(server: Server, names: Names) -> dict[str, Any]:
    queries = {str(place): {"query": text, "limit": _LIMIT} for place, (text, _) in enumerate(names)}
    body = f"queries={quote_plus(json.dumps(queries, ensure_ascii=False))}".encode()
    head = (
        f"POST /reconcile HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Length: {len(body)}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    )
    with connect(server.port, _PATIENCE) as connection:
        reply = exchange(connection, head.encode() + body)
    assert reply.status == 200, reply.body[:500]
    answer = json.loads(reply.body)
    assert isinstance(answer, dict)
    return answer


def _right(names: Names, answer: dict[str, Any]) -> int:
    """How many first candidates have the name that was meant; things of the same name count all."""
    found = (answer[str(place)]["result"] for place in range(len(names)))
    return sum(
        any(item["id"] == meant and item["score"] == candidates[0]["score"] for item in candidates)
        for (_, meant), candidates in zip(names, found, strict=True)
    )


def _beside(results: Results, server: Server, labels: dict[str, str], plan: Plan) -> None:
    """ASK alone, then beside batches."""
    iris = [f"{ID}{name}" for name in labels]
    quiet = _asks(server, iris, plan.seconds)
    stop = threading.Event()

    def work() -> None:
        turn = 0
        while not stop.is_set():
            turn += 1
            _batch(server, misspelt(labels, 2 * _BATCH, -turn))

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    try:
        time.sleep(0.2)
        busy = _asks(server, iris, plan.seconds * plan.rounds / 2)
    finally:
        stop.set()
        worker.join(_PATIENCE)
    for state, times in (("alone", quiet), ("beside batches without a pause", busy)):
        ordered = sorted(times)
        results.add(f"ASK {state}: median", OURS, [percentile(ordered, 50)], "ms")
        aim = at_most(50) if times is busy else None
        results.add(f"ASK {state}: 95 of 100 within", OURS, [percentile(ordered, 95)], "ms", aim)


def _asks(server: Server, iris: Sequence[str], seconds: float) -> list[float]:
    """Milliseconds of ASK queries, each a new one, for a while."""
    times = []
    with connect(server.port, _PATIENCE) as connection:
        for turn in _turns(seconds):
            query = f"ASK {{ <{iris[turn % len(iris)]}> ?p{time.perf_counter_ns()} ?o }}"
            reply = exchange(connection, get(server.port, server.path, query))
            assert reply.status == 200
            times.append(reply.seconds * 1000)
            time.sleep(_PACE)
    return times
