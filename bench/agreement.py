"""Checks, before anything is timed, that the servers give the same answers: a fast wrong one would be worth nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence

from bench.servers import Server
from bench.wire import ask


class AnswersDiffer(Exception):
    """Two servers answered the same query differently."""


def same_answers(servers: Sequence[Server], queries: Iterable[str]) -> None:
    """Compare the answers of all servers to SELECT queries, in whatever order the rows come.

    Raises:
        AnswersDiffer: which query, and how many rows each gave.
    """
    for query in queries:
        found = {server.name: _rows(server, query) for server in servers}
        first, *others = found.values()
        if any(rows != first for rows in others):
            told = ", ".join(f"{name} {rows.total()} rows" for name, rows in found.items())
            raise AnswersDiffer(f"the servers disagree on {query}: {told}")


def _rows(server: Server, query: str) -> Counter[str]:
    reply = ask(server.port, server.path, query)
    if reply.status != 200:
        raise AnswersDiffer(f"{server.name} answered {reply.status} to {query}: {reply.body[:300]!r}")
    return Counter(json.dumps(row, sort_keys=True) for row in json.loads(reply.body)["results"]["bindings"])
