"""The engine without processes."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.engine.conftest import EX

from interkommunal.engine.evaluation import Outcome
from interkommunal.engine.sources import LocalStore
from interkommunal.errors import QueryRefused, QuerySyntaxError, QueryTooLarge, ReleaseError
from interkommunal.sparql.query import CSV, RESULTS_JSON, TURTLE, Form, Limits, QueryRequest

NAMES = f"SELECT ?name {{ ?city <{EX}name> ?name }} ORDER BY ?name"


@pytest.fixture
def store(quads: Path) -> LocalStore:
    """The small graph."""
    return LocalStore.open(quads)


def test_it_answers_as_the_other_tiers_do(store: LocalStore) -> None:
    assert store.answer(QueryRequest(NAMES, CSV)) == b"name\r\nBochum\r\nDortmund\r\nDuisburg\r\nEssen\r\n"
    assert store.answer(QueryRequest("ASK {}", RESULTS_JSON)) == b'{"head":{},"boolean":true}'
    assert store.answer(QueryRequest(NAMES, CSV, default_graphs=(f"{EX}g/essen",))) == b"name\r\nEssen\r\n"
    graph = store.answer(QueryRequest(f"PREFIX ex: <{EX}> CONSTRUCT WHERE {{ ex:essen ex:name ?o }}", TURTLE))
    assert graph.startswith(b"@prefix ex:")
    assert store.inspect(NAMES).form is Form.SELECT


def test_it_passes_the_same_guard_and_limits(store: LocalStore) -> None:
    for query in ("DROP ALL", "SELECT * { SERVICE <https://query.wikidata.org/sparql> { ?s ?p ?o } }"):
        with pytest.raises(QueryRefused):
            store.answer(QueryRequest(query, CSV))
    with pytest.raises(QueryTooLarge):
        store.answer(QueryRequest(NAMES, CSV, limits=Limits(rows=1)))
    with pytest.raises(QuerySyntaxError):
        store.answer(QueryRequest("SELECT", CSV))
    with pytest.raises(ValueError, match="ASK cannot be answered"):
        store.answer(QueryRequest("ASK {}", CSV))


def test_it_writes_block_by_block(store: LocalStore) -> None:
    blocks: list[bytes] = []

    query = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    assert store.write(QueryRequest(query, CSV), blocks.append) == Outcome(16**3)
    assert len(blocks) > 1


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match=r"missing\.nq"):
        LocalStore.open(tmp_path / "missing.nq")
