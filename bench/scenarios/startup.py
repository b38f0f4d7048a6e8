"""From the data to the first answer: building the shipped graph, starting the server, and the memory it then takes.

No aim stands beside these figures; they are here so that nobody makes them worse without noticing.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Final

from bench.places import CACHE, ROOT
from bench.plan import Plan
from bench.processes import Watch, memory
from bench.progress import large_graph, small_graph
from bench.results import Results
from bench.servers import ENDPOINT, OURS, OXIGRAPH, Server, endpoint, environment, interkommunal, ours, oxigraph

_SETTLED: Final = 1.0


def run(plan: Plan) -> Results:
    """Build and start the shipped graph, then start on the large one beside Oxigraph; rdflib-endpoint on the small."""
    results = Results("startup", "from the data to the first answer")
    results.conditions.update(triples=plan.triples, small_triples=plan.small_triples)
    CACHE.mkdir(parents=True, exist_ok=True)
    releases = Path(tempfile.mkdtemp(prefix="build-", dir=CACHE))
    try:
        _build(results, releases)
        with ours(releases) as server:
            _started(results, server, "the shipped graph")
    finally:
        shutil.rmtree(releases)
    large, small = large_graph(plan), small_graph(plan)
    with ours(large) as server:
        _started(results, server, f"{plan.triples:,} triples")
    with oxigraph(large) as server:
        _started(results, server, f"{plan.triples:,} triples", "loaded beforehand")
    with ours(small) as server:
        _started(results, server, f"{plan.small_triples:,} triples")
    with endpoint(small) as server:
        _started(results, server, f"{plan.small_triples:,} triples")
    return results


def _build(results: Results, releases: Path) -> None:
    """``interkommunal build``, as a person calls it."""
    begin = time.perf_counter()
    with subprocess.Popen(
        [*interkommunal(), "build", "--releases", str(releases)],
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        with Watch(process.pid, every=0.1) as watch:
            output, _ = process.communicate()
        seconds = time.perf_counter() - begin
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, "interkommunal build", output)
    results.add("build the shipped graph", OURS, [seconds], "s")
    results.add("build the shipped graph: memory, at most", OURS, [max(watch.samples) / 1e6], "MB")


def _started(results: Results, server: Server, graph: str, note: str = "") -> None:
    time.sleep(_SETTLED)
    assert server.name in (OURS, OXIGRAPH, ENDPOINT)
    results.add(f"{graph}: start to first answer", server.name, [server.ready_seconds], "s", note=note)
    results.add(f"{graph}: memory, idle", server.name, [memory(server.pid) / 1e6], "MB")
