"""How long a scenario took, and how busy others kept the machine meanwhile, which makes figures worth less."""

from __future__ import annotations

import os
import time

import psutil


class Clock:
    """Runs from when it is made."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._busy = _busy()
        self._own = _own()

    @property
    def seconds(self) -> float:
        """Since it was made."""
        return round(time.monotonic() - self._began, 1)

    @property
    def elsewhere(self) -> float:
        """Processors that, on average, worked for others than this process and the children it has waited for."""
        own = _own() - self._own
        return round(max(0.0, _busy() - self._busy - own) / (time.monotonic() - self._began), 2)


def _busy() -> float:
    times = psutil.cpu_times()
    return float(times.user + times.nice + times.system + times.irq + times.softirq)


def _own() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
