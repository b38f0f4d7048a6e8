"""The engine's own serialiser, without a server: how fast pyoxigraph writes an answer in one process.

Runs as ``python -m bench.serialiser STORE REPETITIONS`` (a file of N-Quads, or the folder of a store on disk) so that
its memory is its own; writes one line of JSON with the seconds and bytes of each repetition, into the bit bucket and
through a pipe that another process empties.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyoxigraph import QueryResultsFormat, QuerySolutions, Store

from bench.places import ROOT
from bench.queries import DUMP
from interkommunal.engine.union import load_union


@dataclass(frozen=True)
class Serialised:
    """Megabytes a second, once a repetition.

    Attributes:
        alone: written to nowhere. piped: through a pipe. bytes: of one answer.
    """

    alone: list[float]
    piped: list[float]
    bytes: int


def run(place: Path, repetitions: int) -> Serialised:
    """Measure in a process of its own.

    Args:
        place: a file of N-Quads, or the folder of a store, whose default graph holds everything.
        repetitions: how often.
    """
    command = [sys.executable, "-m", "bench.serialiser", str(place), str(repetitions)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    return Serialised(**json.loads(done.stdout))


def _measure(place: Path, repetitions: int) -> dict[str, Any]:
    if place.is_dir():
        store = Store.read_only(str(place))
    else:
        store = Store()
        load_union(store, place)
    alone, piped, size = [], [], 0
    for _ in range(repetitions):
        begin = time.perf_counter()
        with open(os.devnull, "wb", buffering=1 << 16) as nowhere:  # noqa: PTH123 - the bit bucket is no path
            _solutions(store).serialize(nowhere, QueryResultsFormat.JSON)
        none = time.perf_counter() - begin
        begin = time.perf_counter()
        size = _through_a_pipe(store)
        pipe = time.perf_counter() - begin
        alone.append(size / none / 1e6)
        piped.append(size / pipe / 1e6)
    return {"alone": alone, "piped": piped, "bytes": size}


def _solutions(store: Store) -> QuerySolutions:
    solutions = store.query(DUMP)
    assert isinstance(solutions, QuerySolutions)
    return solutions


def _through_a_pipe(store: Store) -> int:
    """Bytes that arrived at the other end."""
    reading, writing = os.pipe()
    counter = [sys.executable, "-c", "import os\nn = 0\nwhile d := os.read(0, 1 << 18): n += len(d)\nprint(n)"]
    with subprocess.Popen(counter, stdin=reading, stdout=subprocess.PIPE) as process:
        os.close(reading)
        with os.fdopen(writing, "wb", buffering=1 << 16) as pipe:
            _solutions(store).serialize(pipe, QueryResultsFormat.JSON)
        assert process.stdout is not None
        return int(process.stdout.read())


if __name__ == "__main__":
    print(json.dumps(_measure(Path(sys.argv[1]), int(sys.argv[2]))))
