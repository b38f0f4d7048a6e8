"""The same question again: what repeated queries cost when their answers cannot have changed.

Aims: repeated point lookups at least as many a second as ``oxigraph serve``, which works each out anew; repeated
aggregates over 1 M triples at least 50 times as many.
"""

from __future__ import annotations

from bench.agreement import same_answers
from bench.load import Lookups, Outcome, run_same
from bench.numbers import in_turn, ratios
from bench.plan import Plan
from bench.progress import large_graph
from bench.queries import AGGREGATES
from bench.results import Results, at_least
from bench.servers import OURS, OXIGRAPH, Server, ours, oxigraph


def run(plan: Plan) -> Results:
    """Measure one lookup and each aggregate, asked again and again by all connections."""
    results = Results("cached", "the same query again, answers a second")
    results.conditions.update(triples=plan.triples, connections=plan.connections, rounds=plan.rounds)
    graph = large_graph(plan)
    questions = {"a point lookup": Lookups.query(graph.agreement(7)), **AGGREGATES}
    with ours(graph) as mine, oxigraph(graph) as theirs:
        servers = (mine, theirs)
        same_answers(servers, questions.values())
        for name, query in questions.items():

            def measure(server: Server, query: str = query) -> Outcome:
                return run_same(server, query, plan.seconds, plan.connections)

            found = in_turn(servers, plan.rounds, measure)
            rates = {server: [outcome.per_second for outcome in outcomes] for server, outcomes in found.items()}
            for server in servers:
                results.add(name, server.name, rates[server.name], "/s")
                costs = [outcome.cost for outcome in found[server.name]]
                results.add(f"{name}: processor time", server.name, costs, "µs")
            aim = at_least(50 if name in AGGREGATES else 1)
            results.add(f"{name}: ours to {OXIGRAPH}", "", ratios(rates[OURS], rates[OXIGRAPH]), "×", aim)
            failed = sum(outcome.failed for outcome in found[OURS])
            if failed:
                results.add(f"{name}: answers other than 200", OURS, [failed], "")
    return results
