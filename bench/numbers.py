"""Medians, percentiles and ratios: what is left of many measurements."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import Protocol, TypeVar


class Named(Protocol):
    """What is measured, with what tables call it."""

    @property
    def name(self) -> str:
        """What tables call it."""


N = TypeVar("N", bound=Named)
T = TypeVar("T")


def percentile(ordered: Sequence[float], share: float) -> float:
    """The nearest rank: at least ``share`` percent of the ordered values do not exceed it. 0 where there is none."""
    if not ordered:
        return 0.0
    rank = -(-len(ordered) * share // 100)
    return ordered[max(0, min(len(ordered), int(rank)) - 1)]


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Ours divided by theirs, round by round."""
    return [mine / their for mine, their in zip(ours, theirs, strict=True)]


def in_turn(servers: Sequence[N], rounds: int, measure: Callable[[N], T]) -> Mapping[str, list[T]]:
    """Measure every server once a round, in an order that turns round with every round.

    What disturbs the machine for longer than a round so disturbs all of them, and what comes second is not always the
    same.
    """
    found: dict[str, list[T]] = {server.name: [] for server in servers}
    for number in range(rounds):
        for server in servers if number % 2 == 0 else reversed(servers):
            found[server.name].append(measure(server))
    return found


def middle(values: Sequence[float]) -> float:
    """The median."""
    return float(median(values))
