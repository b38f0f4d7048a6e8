"""The graphs of a run, generated with a progress bar where there is a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.progress import Progress

from bench.graphs import Graph, make_graph
from bench.plan import Plan

err = Console(stderr=True)


def large_graph(plan: Plan) -> Graph:
    """The large graph of a plan."""
    return _graph(plan.triples)


def small_graph(plan: Plan) -> Graph:
    """The graph for peers that cannot hold the large one."""
    return _graph(plan.small_triples)


def _graph(triples: int) -> Graph:
    with Progress(console=err, transient=True, disable=not err.is_terminal) as bar:
        return make_graph(triples, bar)
