"""The engine's own serialiser, without a server: how fast pyoxigraph writes an answer in one process.

Runs as ``python -m bench.serialiser STORE`` (a file of N-Quads, or the folder of a store on disk) so that its memory is
its own, and is measured in turn with the servers: for each line of input it writes a line of JSON with the seconds of
one whole answer into the bit bucket and through a pipe that another process empties.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import QueryResultsFormat, QuerySolutions, Store

from bench.places import ROOT
from bench.queries import DUMP
from interkommunal.engine.sources import load_union


@dataclass(frozen=True)
class Serialised:
    """One answer, twice: megabytes a second to nowhere and through a pipe; bytes of the answer."""

    alone: float
    piped: float
    bytes: int


@dataclass(frozen=True)
class Serialiser:
    """A process that holds a store. ``name`` is what tables call it."""

    name: str
    process: subprocess.Popen[str]

    def measure(self) -> Serialised:
        """Have it write the answer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("again\n")
        self.process.stdin.flush()
        return Serialised(**json.loads(self.process.stdout.readline()))


@contextmanager
def serialiser(name: str, place: Path) -> Iterator[Serialiser]:
    """Start one and wait until it has loaded its store.

    Args:
        name: what to call it.
        place: a file of N-Quads, or the folder of a store, whose default graph holds everything.
    """
    command = [sys.executable, "-m", "bench.serialiser", str(place)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        started = Serialiser(name, process)
        started.measure()
        yield started
        assert process.stdin is not None
        process.stdin.close()


def _answer(place: Path) -> None:
    if place.is_dir():
        store = Store.read_only(str(place))
    else:
        store = Store()
        load_union(store, place)
    for _ in sys.stdin:
        begin = time.perf_counter()
        with open(os.devnull, "wb", buffering=1 << 16) as nowhere:  # noqa: PTH123 - the bit bucket is no path
            _solutions(store).serialize(nowhere, QueryResultsFormat.JSON)
        alone = time.perf_counter() - begin
        begin = time.perf_counter()
        size = _through_a_pipe(store)
        piped = time.perf_counter() - begin
        print(json.dumps({"alone": size / alone / 1e6, "piped": size / piped / 1e6, "bytes": size}), flush=True)


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
    _answer(Path(sys.argv[1]))
