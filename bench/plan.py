"""How much is measured: the size of the graphs, how long each measurement takes, and how often it is repeated."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """The extent of a run.

    Attributes:
        triples: of the large graph.
        small_triples: of the graph for peers that cannot hold the large one.
        seconds: length of one measurement of throughput.
        rounds: how often each is repeated.
        connections: of the load generator.
        runaway_seconds: how long runaway queries keep coming.
        soak_minutes: length of the soak.
        things: with names, among which names are looked up.
    """

    triples: int = 1_000_000
    small_triples: int = 100_000
    seconds: float = 2.0
    rounds: int = 9
    connections: int = 16
    runaway_seconds: float = 30.0
    soak_minutes: float = 10.0
    things: int = 100_000


FULL = Plan()
QUICK = Plan(
    triples=100_000, small_triples=20_000, seconds=1.0, rounds=3, runaway_seconds=8.0, soak_minutes=0.4, things=20_000
)
