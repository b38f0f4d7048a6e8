"""What processes use, read from ``/proc``: memory, processor time, open files. Linux only.

Memory is the proportional set size: pages that forked processes share are counted once, so the sum over a tree is what
the machine really spends.
"""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final

import psutil

_TICK: Final = 1 / os.sysconf("SC_CLK_TCK")


def tree(pid: int) -> list[psutil.Process]:
    """A process and all its descendants that are alive now."""
    try:
        root = psutil.Process(pid)
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def memory(pid: int) -> int:
    """Bytes of memory that a tree of processes takes."""
    return sum(_proportional(process.pid) for process in tree(pid))


def descriptors(pid: int) -> int:
    """Open files, sockets and pipes of a tree of processes."""
    return sum(_count(Path(f"/proc/{process.pid}/fd")) for process in tree(pid))


def processor_time(pid: int) -> dict[int, float]:
    """Seconds on a processor by process of the tree, for those alive now; threads that have ended count too."""
    return {process.pid: _ticks(process.pid) for process in tree(pid)}


def spent(before: dict[int, float], after: dict[int, float]) -> float:
    """Seconds on a processor between two looks; what a process that has ended since used is not known."""
    return sum(max(0.0, now - before.get(pid, 0.0)) for pid, now in after.items())


def idle_after(pid: int, patience: float, step: float = 0.02, busy: float = 0.1) -> float | None:
    """Seconds until a tree of processes is idle: until it has used less than ``busy`` of a processor for 0.3 s.

    Returns:
        The moment at which the idleness began, from now; ``None`` if it did not come within ``patience`` seconds.
    """
    started = time.perf_counter()
    begin, before = started, _precise(pid)
    while (now := time.perf_counter()) - started < patience:
        if now - begin >= 0.3:
            return begin - started
        time.sleep(step)
        after = _precise(pid)
        if spent(before, after) > busy * (time.perf_counter() - now):
            begin = time.perf_counter()
        before = after
    return None


@dataclass
class Watch:
    """Looks at the memory of a tree of processes again and again while its block runs.

    Attributes:
        pid: root of the tree.
        every: seconds between looks; a look costs some milliseconds a gigabyte and process.
        samples: bytes of all processes, in order.
        root_samples: bytes of the root alone.
    """

    pid: int
    every: float = 0.5
    samples: list[int] = field(default_factory=list)
    root_samples: list[int] = field(default_factory=list)

    def __enter__(self) -> Watch:
        self._take()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end.set()
        self._thread.join()

    @property
    def growth(self) -> int:
        """Bytes between the start and the largest sample, all processes together."""
        return max(self.samples) - self.samples[0]

    @property
    def root_growth(self) -> int:
        """The same of the root alone, which is the process that talks to clients."""
        return max(self.root_samples) - self.root_samples[0]

    def _look(self) -> None:
        while not self._end.wait(self.every):
            self._take()

    def _take(self) -> None:
        self.samples.append(memory(self.pid))
        self.root_samples.append(_proportional(self.pid))


def _proportional(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def _count(folder: Path) -> int:
    try:
        return len(os.listdir(folder))  # noqa: PTH208 - no paths are needed
    except OSError:
        return 0


def _precise(pid: int) -> dict[int, float]:
    """Like :func:`processor_time` to the nanosecond, without threads that have ended."""
    return {process.pid: _of_threads(process.pid) for process in tree(pid)}


def _of_threads(pid: int) -> float:
    total = 0
    try:
        for task in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208
            total += int(Path(f"/proc/{pid}/task/{task}/schedstat").read_text().split()[0])
    except OSError:
        return total / 1e9 or _ticks(pid)
    return total / 1e9


def _ticks(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) * _TICK
