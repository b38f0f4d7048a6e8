"""Freezes a generated graph in a process of its own and tells, step by step, how long it took and what it needed.

``python -m bench.freezer GRAPH.nq FOLDER`` prints a line of JSON a step: its name, seconds, seconds on a processor, and
the largest resident memory during the step in bytes. Linux only: the mark of the largest is set back between steps.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Final

import pyoxigraph
from pyoxigraph import RdfFormat

from interkommunal.content import find_content
from interkommunal.release.freeze import freeze_quads

_SET_BACK: Final = "5"
END: Final = "change table"


class Steps:
    """Measures from one call to the next."""

    def __init__(self) -> None:
        self._step = ""
        self._begin = self._worked = 0.0

    def __call__(self, step: str, done: int, total: int) -> None:
        """A step begins; the one before has ended."""
        now, worked = time.perf_counter(), time.process_time()
        if self._step:
            told = {"step": self._step, "seconds": now - self._begin, "worked": worked - self._worked, "peak": _peak()}
            print(json.dumps(told), flush=True)
        Path("/proc/self/clear_refs").write_text(_SET_BACK)
        # After the manifest the release is looked through and the change table written.
        self._step = END if step == "manifest.json" else step
        self._begin, self._worked = now, worked


def _peak() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


def main() -> None:
    """Freeze what the arguments name."""
    graph, folder = map(Path, sys.argv[1:])
    tell = Steps()
    freeze_quads(pyoxigraph.parse(path=str(graph), format=RdfFormat.N_QUADS), find_content(), folder, tell)
    tell("", 0, 0)


if __name__ == "__main__":
    main()
