"""Point lookups over HTTP, none of them asked before: everything stated about one subject, as JSON.

Aims: at least half as many a second as ``oxigraph serve`` (Rust) on the same graph of 1 M triples, and at least three
times as many as rdflib-endpoint, for which both serve a graph that it can hold. Of the two tiers that hold the graph
themselves, each has the first aim.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bench.agreement import same_answers
from bench.load import Lookups, Outcome, ceiling, run_lookups
from bench.numbers import in_turn, ratios
from bench.plan import Plan
from bench.progress import large_graph, small_graph
from bench.results import Aim, Results, at_least
from bench.servers import ENDPOINT, OURS, OURS_ON_DISK, OXIGRAPH, Server, endpoint, ours, oxigraph


@dataclass
class _Turn:
    """Measures a server for a while, each time with lookups it has not seen."""

    lookups: Lookups
    seconds: float
    connections: int
    asked: dict[str, int] = field(default_factory=dict)

    def __call__(self, server: Server) -> Outcome:
        first = self.asked.get(server.name, 0)
        outcome = run_lookups(server, self.lookups, self.seconds, self.connections, first)
        self.asked[server.name] = outcome.last
        return outcome


def run(plan: Plan) -> Results:
    """Measure; first beside Oxigraph on the large graph, then beside rdflib-endpoint on the small one."""
    results = Results("lookups", "point lookups a second, every query a new one")
    results.conditions.update(triples=plan.triples, connections=plan.connections, rounds=plan.rounds)
    most = ceiling(min(plan.seconds, 2.0), plan.connections)
    results.add("the load generator alone, at most", "", [most.per_second], "/s")

    graph = large_graph(plan)
    with ours(graph) as mine, ours(graph, engine="disk") as on_disk, oxigraph(graph) as theirs:
        servers = (mine, on_disk, theirs)
        same_answers(servers, [Lookups.query(graph.agreement(3)), Lookups.query(graph.city(5))])
        turn = _Turn(Lookups(graph.subjects), plan.seconds, plan.connections)
        for server in servers:
            run_lookups(server, turn.lookups, 0.5, plan.connections, 10_000_000)
        found = in_turn(servers, plan.rounds, turn)
        _add(results, found, OXIGRAPH, at_least(0.5))

        single = _Turn(turn.lookups, plan.seconds / 2, 1, dict(turn.asked))
        alone = in_turn(servers, plan.rounds, single)
        for server in servers:
            values = [outcome.median for outcome in alone[server.name]]
            results.add("one connection: median time of a lookup", server.name, values, "ms")

    small = small_graph(plan)
    results.conditions["small_triples"] = plan.small_triples
    with ours(small) as mine, endpoint(small) as theirs:
        turn = _Turn(Lookups(small.subjects), plan.seconds, plan.connections)
        found = in_turn((mine, theirs), plan.rounds, turn)
        _add(results, found, ENDPOINT, at_least(3), "small graph: ")
    return results


def _add(results: Results, found: Mapping[str, list[Outcome]], peer: str, aim: Aim, where: str = "") -> None:
    for server, outcomes in found.items():
        results.add(f"{where}lookups", server, [outcome.per_second for outcome in outcomes], "/s")
        results.add(f"{where}95 of 100 within", server, [outcome.p95 for outcome in outcomes], "ms")
        results.add(f"{where}processor time of a lookup", server, [outcome.cost for outcome in outcomes], "µs")
        failed = sum(outcome.failed for outcome in outcomes)
        if failed:
            results.add(f"{where}answers other than 200", server, [failed], "")
    theirs = [outcome.per_second for outcome in found[peer]]
    for server, tier in ((OURS, "ours"), (OURS_ON_DISK, "ours on disk")):
        if server in found:
            mine = [outcome.per_second for outcome in found[server]]
            results.add(f"{where}{tier} to {peer}", "", ratios(mine, theirs), "×", aim)
