"""Freezing graphs of three sizes: time grows as the graph does, memory does not grow with it.

Aims: a triple of the large graph takes at most 1.5 times the processor time of one of the small; writing the dumps of
the large graph takes at most 1.25 times the memory that those of the middle one take.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from bench.places import CACHE, ROOT
from bench.plan import Plan
from bench.progress import large_graph
from bench.results import Results, at_most
from bench.servers import OURS, environment

_SHARES: Final = (0.1, 0.3, 1.0)
_FORMATS: Final = ("nq", "trig", "jsonld", "nt", "ttl", "rdf")
_OTHERS: Final = {"interkommunal.sqlite": "SQLite", "void.json": "counts", "search.sqlite": "search index"}


@dataclass
class Frozen:
    """What one graph took: seconds, seconds on a processor, and bytes, by kind of step."""

    triples: int
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    worked: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    peak: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def total(self) -> float:
        """Seconds on a processor, all steps together."""
        return sum(self.worked.values())


def run(plan: Plan) -> Results:
    """Freeze a tenth, three tenths and all of the triples, each in a process of its own."""
    results = Results("freezing", "from statements to a release with all dumps, tables and indexes")
    sizes = [max(1000, round(plan.triples * share)) for share in _SHARES]
    results.conditions.update(triples=plan.triples)
    found = [_freeze(replace(plan, triples=size)) for size in sizes]
    for frozen in found:
        for kind, seconds in frozen.worked.items():
            note = f"{frozen.seconds[kind]:.0f} s by the clock"
            results.add(f"{frozen.triples:,} triples: {kind}: processor time", OURS, [seconds], "s", note=note)
            results.add(f"{frozen.triples:,} triples: {kind}: memory, at most", OURS, [frozen.peak[kind] / 1e6], "MB")
        results.add(f"{frozen.triples:,} triples: everything: processor time", OURS, [frozen.total], "s")
    small, middle, large = found
    slower = (large.total / large.triples) / (small.total / small.triples)
    results.add("time a triple, large beside small", "", [slower], "×", at_most(1.5))
    larger = large.peak["dumps"] / middle.peak["dumps"]
    results.add("memory for dumps, large beside middle", "", [larger], "×", at_most(1.25))
    return results


def _freeze(plan: Plan) -> Frozen:
    graph = large_graph(plan)
    CACHE.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="freezing-", dir=CACHE))
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bench.freezer", graph.path, folder / "releases"],
            cwd=ROOT,
            env=environment(),
            capture_output=True,
            text=True,
            check=True,
        )
    finally:
        shutil.rmtree(folder)
    frozen = Frozen(graph.triples)
    for line in done.stdout.splitlines():
        step = json.loads(line)
        kind = _kind(step["step"])
        frozen.seconds[kind] += step["seconds"]
        frozen.worked[kind] += step["worked"]
        frozen.peak[kind] = max(frozen.peak[kind], step["peak"])
    return frozen


def _kind(step: str) -> str:
    if step.startswith("tables"):
        return "tables"
    if step.rpartition(".")[2] in _FORMATS:
        return "dumps"
    return _OTHERS.get(step, "copies" if "/" in step or step == "library.json" else step)
