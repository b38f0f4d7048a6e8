"""One query on a store: formats, datasets, limits, and what is said about malformed queries."""

from __future__ import annotations

import json

import pytest
from pyoxigraph import RdfFormat, Store, parse
from tests.engine.conftest import CITIES, EX, small_graph

from interkommunal.engine.evaluation import Outcome, Task, evaluate
from interkommunal.engine.merging import MergingStore
from interkommunal.errors import QuerySyntaxError, QueryTooLarge, UnknownFunction
from interkommunal.sparql.query import (
    CSV,
    JSON_LD,
    N_QUADS,
    N_TRIPLES,
    RDF_XML,
    RESULTS_JSON,
    RESULTS_XML,
    TRIG,
    TSV,
    TURTLE,
)

NAMES = f"SELECT ?name {{ ?city <{EX}name> ?name }} ORDER BY ?name"


@pytest.fixture(scope="module")
def store() -> Store:
    """The small graph, with its union as the default graph."""
    loaded = Store()
    loaded.load(small_graph(), RdfFormat.N_QUADS)
    loaded.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }")
    return loaded


def run(store: Store, query: str, media_type: str = CSV, **options: object) -> tuple[str, Outcome]:
    blocks: list[bytes] = []
    outcome = evaluate(MergingStore(store), Task(query, media_type, **options), blocks.append)  # type: ignore[arg-type]
    return b"".join(blocks).decode(), outcome


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ("SELECT * { ?s ?p ?o }", "s,p,o"),
        ("SELECT DISTINCT * WHERE { ?z ?a ?m }", "z,a,m"),
        ("select reduced*{ $z ?a $m }", "z,a,m"),
        ("SELECT * { ?o ?s ?p } # SELECT ?b", "o,s,p"),
        ("SELECT # ?o ?p\n * { ?s ?p ?o FILTER(?o != '?z * ?a') }", "s,p,o"),
        ("SELECT * { ?s ?p ?o FILTER(?b = 1) BIND(1 AS ?c) OPTIONAL { ?s ?a ?e } }", "s,p,o,c,a,e"),
        ("SELECT * { ?s ?p ?o MINUS { ?s ?b ?c } FILTER EXISTS { ?o ?d ?e } }", "s,p,o"),
        ("SELECT * { ?s ?p ?o { SELECT (?x AS ?a) { ?x ?y ?z } } }", "s,p,o,a"),
        ("SELECT * { { SELECT * { ?z ?y ?x } } ?z ?a ?b }", "z,y,x,a,b"),
        ("SELECT * { ?s <http://example.org/?a> ?o . _:b ?p [] } ORDER BY ?p", "s,o,p"),
        ("SELECT * { ?s ?p ?o } VALUES (?b ?a) { (1 2) }", "s,p,o,b,a"),
        ("SELECT * FROM <http://example.org/g/essen> FROM <http://example.org/g/all> { ?s ?p ?o }", "s,p,o"),
        ("SELECT ?p (COUNT(*) AS ?a) { ?s ?p ?o } GROUP BY ?p", "p,a"),
        ("SELECT ?b ?a { ?a ?p* ?b { SELECT * { ?c ?d ?e } } }".replace("?p*", "<http://example.org/p>*"), "b,a"),
        ("SELECT * {}", ""),
    ],
)
def test_columns_come_in_the_order_of_the_query(store: Store, query: str, columns: str) -> None:
    assert run(store, query, CSV)[0].split("\r\n")[0] == columns
    assert ",".join(json.loads(run(store, query, RESULTS_JSON)[0])["head"]["vars"]) == columns
    header = "\t".join(f"?{name}" for name in columns.split(",") if name)
    assert run(store, query, TSV)[0].split("\n")[0] == header
    assert run(store, query, RESULTS_XML)[0].count("<variable name=") == len(columns.split(",")) - (not columns)


def test_writing_columns_out_changes_no_row_and_no_place_of_an_error(store: Store) -> None:
    star = run(store, "SELECT * { ?s ?p ?o } ORDER BY ?o ?p ?s")
    assert star == run(store, "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?o ?p ?s")
    with pytest.raises(QuerySyntaxError) as caught:
        run(store, "SELECT * { ?s ?p ?o\n ?x }")
    assert caught.value.line == 2


def test_a_table_in_each_format(store: Store) -> None:
    query = f"SELECT ?name {{ <{EX}essen> <{EX}name> ?name }}"
    assert run(store, query, CSV)[0] == "name\r\nEssen\r\n"
    assert run(store, query, TSV)[0] == '?name\n"Essen"@de\n'
    assert json.loads(run(store, query, RESULTS_JSON)[0]) == {
        "head": {"vars": ["name"]},
        "results": {"bindings": [{"name": {"type": "literal", "value": "Essen", "xml:lang": "de"}}]},
    }
    assert '<literal xml:lang="de">Essen</literal>' in run(store, query, RESULTS_XML)[0]


def test_a_truth_value_is_one_row(store: Store) -> None:
    assert run(store, "ASK {}", RESULTS_JSON) == ('{"head":{},"boolean":true}', Outcome(1))
    assert "<boolean>false</boolean>" in run(store, "ASK { FILTER(false) }", RESULTS_XML)[0]


@pytest.mark.parametrize(
    ("media_type", "read_as"),
    [
        (TURTLE, RdfFormat.TURTLE),
        (N_TRIPLES, RdfFormat.N_TRIPLES),
        (N_QUADS, RdfFormat.N_QUADS),
        (TRIG, RdfFormat.TRIG),
        (RDF_XML, RdfFormat.RDF_XML),
        (JSON_LD, RdfFormat.JSON_LD),
    ],
)
def test_a_graph_in_each_format_with_its_triples_counted(store: Store, media_type: str, read_as: RdfFormat) -> None:
    body, outcome = run(store, f"CONSTRUCT WHERE {{ ?city <{EX}name> ?name }}", media_type)
    assert {quad.object.value for quad in parse(body, read_as)} == {city.title() for city in CITIES}
    assert outcome == Outcome(4)


def test_prefixes_of_the_query_abbreviate_a_graph(store: Store) -> None:
    query = f"CONSTRUCT WHERE {{ <{EX}essen> <{EX}name> ?name }}"
    body, _ = run(store, query, TURTLE, prefixes=(("ex", EX),))
    assert body == f'@prefix ex: <{EX}> .\nex:essen ex:name "Essen"@de .\n'


def test_a_carriage_return_survives_in_xml(store: Store) -> None:
    query = 'SELECT ("a\\r\\nb" AS ?x) {}'
    assert "<literal>a&#13;\nb</literal>" in run(store, query, RESULTS_XML)[0]


# Datasets.

COUNT = f"SELECT (COUNT(*) AS ?n) {{ ?s <{EX}name> ?o }}"
COUNT_NAMED = f"SELECT (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s <{EX}name> ?o }} }}"


def count(store: Store, query: str, **options: object) -> int:
    return int(run(store, query, CSV, **options)[0].split()[1])


def test_the_default_graph_holds_a_triple_of_two_graphs_once(store: Store) -> None:
    assert count(store, COUNT) == 4
    assert count(store, COUNT_NAMED) == 5


def test_from_and_from_named_of_the_query_make_the_dataset(store: Store) -> None:
    assert count(store, COUNT.replace("{", f"FROM <{EX}g/bochum> {{", 1)) == 1
    assert count(store, COUNT_NAMED.replace("{", f"FROM NAMED <{EX}g/all> {{", 1)) == 1
    assert count(store, COUNT.replace("{", f"FROM NAMED <{EX}g/all> {{", 1)) == 0


def test_the_dataset_of_the_protocol_replaces_that_of_the_query(store: Store) -> None:
    query = COUNT.replace("{", f"FROM <{EX}g/bochum> {{", 1)
    graphs = (f"{EX}g/dortmund", f"{EX}g/duisburg")
    assert count(store, query, default_graphs=graphs, named_graphs=()) == 2
    assert count(store, COUNT_NAMED, default_graphs=graphs, named_graphs=()) == 0


def test_named_graphs_of_the_protocol_alone_leave_the_default_graph_empty(store: Store) -> None:
    graphs = (f"{EX}g/bochum",)
    assert count(store, COUNT, default_graphs=(), named_graphs=graphs) == 0
    assert count(store, COUNT_NAMED, default_graphs=(), named_graphs=graphs) == 1


def test_a_graph_that_is_no_iri_is_an_error_of_the_request(store: Store) -> None:
    with pytest.raises(QuerySyntaxError, match="default-graph-uri is no absolute IRI: 'not an iri'"):
        run(store, COUNT, default_graphs=("not an iri",))
    with pytest.raises(QuerySyntaxError, match="named-graph-uri"):
        run(store, COUNT, named_graphs=("relative",))


# Limits.


@pytest.mark.parametrize("media_type", [RESULTS_JSON, RESULTS_XML, CSV, TSV])
def test_more_rows_than_allowed_are_refused_or_cut_where_asked(store: Store, media_type: str) -> None:
    assert run(store, NAMES, media_type, rows=4)[1] == Outcome(4)
    with pytest.raises(QueryTooLarge) as caught:
        run(store, NAMES, media_type, rows=3)
    assert caught.value.limit == "rows"
    assert run(store, NAMES, media_type, rows=3, partial=True)[1] == Outcome(3, cut=True)
    assert run(store, NAMES, media_type, rows=4, partial=True)[1] == Outcome(4)


@pytest.mark.parametrize("media_type", [TURTLE, N_TRIPLES, RDF_XML, JSON_LD])
def test_more_triples_than_allowed_are_refused_or_cut_where_asked(store: Store, media_type: str) -> None:
    query = f"CONSTRUCT WHERE {{ ?city <{EX}name> ?name }}"
    assert run(store, query, media_type, rows=4)[1] == Outcome(4)
    with pytest.raises(QueryTooLarge) as caught:
        run(store, query, media_type, rows=3)
    assert caught.value.limit == "rows"
    assert run(store, query, media_type, rows=3, partial=True)[1] == Outcome(3, cut=True)


def test_a_cut_table_ends_as_a_whole_one(store: Store) -> None:
    assert run(store, NAMES, CSV, rows=2, partial=True)[0] == "name\r\nBochum\r\nDortmund\r\n"
    bindings = json.loads(run(store, NAMES, RESULTS_JSON, rows=2, partial=True)[0])["results"]["bindings"]
    assert [row["name"]["value"] for row in bindings] == ["Bochum", "Dortmund"]


def test_more_bytes_than_allowed_are_refused(store: Store) -> None:
    body, _ = run(store, NAMES, CSV)
    assert run(store, NAMES, CSV, body_bytes=len(body))[0] == body
    with pytest.raises(QueryTooLarge) as caught:
        run(store, NAMES, CSV, body_bytes=len(body) - 1)
    assert caught.value.limit == "bytes"


# Errors.


@pytest.mark.parametrize(
    ("query", "line", "column", "text"),
    [
        ("SELECT * {\n  ?s ik:x ?o }", 2, 6, "the prefix ik: is not declared; add PREFIX ik: <…> at the top"),
        ("SELECT * { ?s ?p 'x }", 1, 18, "a string that starts here is not closed"),
        ("SELECT * {\n{ ?s ?p ?o }", 1, 10, "this { is never closed"),
        ("SELECT * { ?s ?p ?o }}", 1, 22, "this } closes nothing"),
        ("SELECT * { ?s ?p (?o }", 1, 22, "this } does not close the ( of line 1, column 18"),
        ("SELECT * { ?s <p> ?o }", 1, 15, "<p> is relative"),
        ("SELECT * { ?s ?p \0 }", 1, 18, "the character U+0000 cannot stand here"),
        ("SELECT ?x WHERE ?s", 1, 17, "«?s»"),
        ("SELECT * { ?s ?p ?o } LIMIT", 1, 28, "something is missing before the end"),
        ("SELECT ?s { ?s ?p ?o } GROUP BY ?p", 1, 35, "neither grouped by nor inside an aggregate"),
    ],
)
def test_a_malformed_query_is_explained_with_its_place(
    store: Store, query: str, line: int, column: int, text: str
) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        run(store, query)
    assert text in str(caught.value)
    assert f"line {line}, column {column}:" in str(caught.value)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_relative_iris_are_resolved_against_the_base(store: Store) -> None:
    assert run(store, "SELECT ?name { <essen> <name> ?name }", base_iri=EX)[0] == "name\r\nEssen\r\n"


def test_a_function_that_does_not_exist_is_named_with_its_place(store: Store) -> None:
    with pytest.raises(
        UnknownFunction, match=r"^line 1, column 9: the function <http://example.org/f> is not known here$"
    ):
        run(store, f"SELECT (<{EX}f>(1) AS ?x) {{}}")
