"""Explanations over the shipped graph, without a server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from tests.queries.answers import to_store

from interkommunal.engine.sources import LocalStore
from interkommunal.graph.assemble import Assembly
from interkommunal.namespaces import BASE, PREFIXES
from interkommunal.sparql.emptiness import Probe
from interkommunal.sparql.explanation import explain_query
from interkommunal.sparql.findings import Explanation
from interkommunal.sparql.query import QueryRequest

Explain = Callable[[str], Explanation]
HEAD = "".join(
    f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("city", "dcterms", "ik", "oa", "rdfs", "schema", "xsd")
)
LINES = HEAD.count("\n")


@pytest.fixture(scope="session")
def local(assembly: Assembly) -> LocalStore:
    """The shipped graph behind the door."""
    return LocalStore(to_store(assembly.dataset))


@pytest.fixture(scope="session")
def explain(local: LocalStore) -> Explain:
    """Explains a query; the commonest prefixes of the project are declared before its first line."""

    async def ask(request: QueryRequest) -> bytes:
        return local.answer(request)

    def explained(query: str) -> Explanation:
        return asyncio.run(explain_query(query, local.inspect, Probe(ask), BASE))

    return explained
