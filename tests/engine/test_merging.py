"""The default graph of several graphs is their merge, a set (SPARQL 1.1 §13.2); rdflib is the reference."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, Store
from rdflib.plugins import sparql
from tests.engine.conftest import CITIES, EX, OpenEngine, ask, read, small_graph

from interkommunal.engine.engine import EngineOptions
from interkommunal.engine.merging import MergingStore
from interkommunal.engine.sources import build_disk_store
from interkommunal.sparql.query import CSV, QueryRequest

BASE = "http://example.org/g/"
ESSEN_AND_ALL = f"FROM <{EX}g/essen> FROM <{EX}g/all>"
COUNT = "SELECT (COUNT(*) AS ?n) %s { ?s ?p ?o }"

QUERIES = (
    COUNT,
    f"SELECT ?s (COUNT(?o) AS ?n) %s {{ ?s <{EX}name>|<{EX}knows> ?o }} GROUP BY ?s ORDER BY ?s",
    f"SELECT ?o %s {{ <{EX}essen> <{EX}name> ?o }}",
    f"SELECT ?a ?b %s {{ ?a <{EX}knows>/<{EX}name> ?b }} ORDER BY ?a ?b",
    "SELECT ?g (COUNT(*) AS ?n) %s { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g",
    f"SELECT ?s ?g %s {{ ?s <{EX}name> ?name OPTIONAL {{ GRAPH ?g {{ ?s <{EX}name> ?name }} }} }} ORDER BY ?s ?g",
)


@pytest.fixture(scope="module")
def store() -> MergingStore:
    """The small graph, in which one triple stands in two graphs."""
    loaded = Store()
    loaded.load(small_graph(), RdfFormat.N_QUADS)
    loaded.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }")
    return MergingStore(loaded)


def rows(store: MergingStore, query: str) -> list[tuple[str | None, ...]]:
    results = store.query(query, base_iri=BASE)
    assert isinstance(results, QuerySolutions)
    return [tuple(None if term is None else getattr(term, "value", str(term)) for term in row) for row in results]


def reference_rows(query: str, default: tuple[str, ...], named: tuple[str, ...]) -> list[tuple[str | None, ...]]:
    """What rdflib answers on a dataset that was put together by hand: a merge, and the named graphs."""
    loaded = rdflib.Dataset()
    loaded.parse(data=small_graph(), format="nquads")
    dataset = rdflib.Dataset()
    for name in default:
        for triple in loaded.graph(rdflib.URIRef(f"{EX}g/{name}")):
            dataset.add(triple)
    for name in named:
        for triple in loaded.graph(rdflib.URIRef(f"{EX}g/{name}")):
            dataset.graph(rdflib.URIRef(f"{EX}g/{name}")).add(triple)
    sparql.SPARQL_LOAD_GRAPHS = False
    return [tuple(None if term is None else str(term) for term in row) for row in dataset.query(query)]  # type: ignore[union-attr]


DATASETS = [
    (default, named)
    for default in [*itertools.combinations((*CITIES[2:], "all"), 2), (*CITIES, "all")]
    for named in [(), ("all",), ("essen", "bochum")]
]


@pytest.mark.parametrize("query", QUERIES)
def test_several_from_clauses_give_what_rdflib_gives_on_the_merge(store: MergingStore, query: str) -> None:
    for default, named in DATASETS:
        clauses = [f"FROM <{EX}g/{name}>" for name in default] + [f"FROM NAMED <{EX}g/{name}>" for name in named]
        assert rows(store, query % "\n".join(clauses)) == reference_rows(query % "", default, named), (default, named)


@pytest.mark.parametrize(
    "query",
    [
        COUNT % ESSEN_AND_ALL,
        "SELECT (COUNT(*) AS ?n) FROM <essen> from #c\n<all> WHERE { ?s ?p ?o }",
        f"PREFIX g: <{EX}g/> SELECT (COUNT(*) AS ?n) FROM g:all FROM g:essen {{ ?s ?p ?o }}",
        f"BASE <{EX}> SELECT (COUNT(*) AS ?n) FROM <g/all>FROM<g/essen>{{ ?s ?p ?o }}",
        "SELECT (COUNT(*) AS ?n) ('FROM <x>' AS ?from) FROM <essen> FROM <all> { ?s ?p ?o }",
    ],
)
def test_names_of_graphs_are_resolved_as_in_the_rest_of_the_query(store: MergingStore, query: str) -> None:
    assert rows(store, query)[0][0] == "13"


def test_a_graph_that_is_named_twice_counts_once(store: MergingStore) -> None:
    assert rows(store, COUNT % f"FROM <{EX}g/essen> FROM <{EX}g/essen>") == [("1",)]
    graph = NamedNode(f"{EX}g/essen")
    results = store.query(COUNT % "", default_graph=[graph, graph], named_graphs=[])
    assert [row["n"].value for row in results] == ["1"]  # type: ignore[union-attr]


def test_every_form_and_a_word_in_a_string_run_on_the_merge(store: MergingStore) -> None:
    assert store.query(f"ASK {ESSEN_AND_ALL} {{ <{EX}essen> <{EX}knows> ?x ; <{EX}name> 'Essen'@de }}")
    triples = store.query(f"CONSTRUCT {{ ?s ?p ?o }} {ESSEN_AND_ALL} {{ ?s ?p ?o }}")
    assert len(list(triples)) == 13  # type: ignore[arg-type]
    assert len(list(store.query(f"DESCRIBE <{EX}essen> {ESSEN_AND_ALL}"))) == 4  # type: ignore[arg-type]
    assert rows(store, "SELECT ('from' AS ?from) { }") == [("from",)]


def test_what_is_malformed_is_told_as_without_a_merge(store: MergingStore) -> None:
    with pytest.raises(SyntaxError, match="1:85"):
        store.query(f"SELECT * {ESSEN_AND_ALL} {{ ?s ?p }}")
    with pytest.raises(SyntaxError, match="Prefix not found"):
        store.query("SELECT * FROM no:where FROM no:where { }")


def test_merges_are_kept_within_a_bound() -> None:
    loaded = Store()
    loaded.load("".join(f'<{EX}s> <{EX}p> "{n}" <{EX}g/{n}> .\n' for n in range(20)), RdfFormat.N_QUADS)
    store = MergingStore(loaded)
    for n in range(19):
        assert rows(store, COUNT % f"FROM <{EX}g/{n}> FROM <{EX}g/{n + 1}>") == [("2",)]
    assert len(store._merges) == 8


@pytest.mark.parametrize("tier", ["memory", "disk"])
async def test_query_and_protocol_name_a_set_on_both_tiers(
    tier: str, quads: Path, tmp_path: Path, open_pooled: OpenEngine
) -> None:
    release = quads
    if tier == "disk":
        release = tmp_path / "store"
        build_disk_store(quads, release)
    engine = await open_pooled(EngineOptions(tier=tier, services=()), release)

    assert await ask(engine, COUNT % ESSEN_AND_ALL) == "n\r\n13\r\n"
    graphs = (f"{EX}g/essen", f"{EX}g/all")
    assert await read(await engine.answer(QueryRequest(COUNT % "", CSV, default_graphs=graphs))) == b"n\r\n13\r\n"
    both = QueryRequest(COUNT % f"FROM <{EX}g/bochum>", CSV, default_graphs=graphs, named_graphs=graphs)
    assert await read(await engine.answer(both)) == b"n\r\n13\r\n"


@pytest.mark.parametrize(
    ("dataset", "expected"),
    [
        (f"FROM NAMED <{EX}g/essen> FROM NAMED <{EX}g/essen>", [(f"{EX}g/essen",)]),
        (f"FROM <{EX}g/all> FROM NAMED <{EX}g/essen> FROM NAMED <{EX}g/essen>", [(f"{EX}g/essen",)]),
        (f"{ESSEN_AND_ALL} FROM NAMED <{EX}g/essen> FROM NAMED <{EX}g/essen>", [(f"{EX}g/essen",)]),
        (f"FROM NAMED <{EX}g/none> FROM NAMED <{EX}g/essen>", [(f"{EX}g/essen",), (f"{EX}g/none",)]),
    ],
)
def test_a_graph_that_is_named_twice_is_there_once(
    store: MergingStore, dataset: str, expected: list[tuple[str, ...]]
) -> None:
    assert sorted(rows(store, f"SELECT ?g {dataset} {{ GRAPH ?g {{}} }}")) == expected
    assert rows(store, f"SELECT (COUNT(*) AS ?n) {dataset} {{ GRAPH ?g {{ ?s ?p ?o }} }}") == [("1",)]


def test_named_graphs_alone_leave_the_default_graph_empty(store: MergingStore) -> None:
    assert rows(store, COUNT % f"FROM NAMED <{EX}g/essen> FROM NAMED <{EX}g/all>") == [("0",)]
    twice = [NamedNode(f"{EX}g/essen")] * 2
    found = store.query("SELECT ?g { GRAPH ?g {} }", default_graph=[], named_graphs=twice)
    assert len(list(found)) == 1  # type: ignore[arg-type]
