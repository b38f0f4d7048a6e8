"""SPARQLWrapper as it comes: each format by each way of asking, and what it sends when it means something else."""

from __future__ import annotations

from collections.abc import Callable
from urllib.error import HTTPError

import pytest
from rdflib import Dataset, Graph
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    JSONLD,
    N3,
    POST,
    POSTDIRECTLY,
    RDF,
    RDFXML,
    TSV,
    TURTLE,
    URLENCODED,
    XML,
    SPARQLWrapper,
)
from SPARQLWrapper.SmartWrapper import Bindings
from tests.serving import Serving

SELECT = "SELECT ?name { ?city <http://a.example/name> ?name } ORDER BY ?name"
CONSTRUCT = "CONSTRUCT { ?city <http://a.example/called> ?name } WHERE { ?city <http://a.example/name> ?name }"
DESCRIBE = "DESCRIBE <http://a.example/essen>"
ASK = "ASK { ?city <http://a.example/name> ?name }"

WAYS = ((GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY))
TABLES = {JSON: "application/sparql-results+json", XML: "application/sparql-results+xml"}
ROWS = {**TABLES, CSV: "text/csv", TSV: "text/tab-separated-values"}
GRAPHS = {
    TURTLE: "text/turtle",
    N3: "text/turtle",
    RDF: "application/rdf+xml",
    XML: "application/rdf+xml",
    RDFXML: "application/rdf+xml",
    JSONLD: "application/ld+json",
    JSON: "application/ld+json",
}
CASES = [
    *((query, name, kind) for query, kinds in ((SELECT, ROWS), (ASK, TABLES)) for name, kind in kinds.items()),
    *((query, name, kind) for query in (CONSTRUCT, DESCRIBE) for name, kind in GRAPHS.items()),
]


def wrapper(served: Serving, query: str, wanted: str, way: tuple[str, str] = WAYS[0]) -> SPARQLWrapper:
    client = SPARQLWrapper(f"{served.url}/sparql")
    client.setQuery(query)
    client.setReturnFormat(wanted)
    client.setMethod(way[0])
    client.setRequestMethod(way[1])
    return client


@pytest.mark.filterwarnings("ignore:Sending Accept header:RuntimeWarning", "ignore:Format requested:RuntimeWarning")
@pytest.mark.parametrize("way", WAYS, ids=["GET", "POST", "POST direct"])
@pytest.mark.parametrize(("query", "wanted", "media_type"), CASES)
def test_each_format_comes_as_asked(
    served: Serving, way: tuple[str, str], query: str, wanted: str, media_type: str
) -> None:
    result = wrapper(served, query, wanted, way).query()
    assert result.info()["content-type"].partition(";")[0] == media_type
    assert result.response.read()


@pytest.mark.parametrize("wanted", [TURTLE, RDFXML, JSONLD])
def test_graphs_are_read_by_the_client_itself(served: Serving, wanted: str) -> None:
    converted = wrapper(served, CONSTRUCT, wanted).query().convert()
    if isinstance(converted, bytes):
        converted = Graph().parse(data=converted, format=wanted)
    assert isinstance(converted, Graph | Dataset)
    assert len(converted) == 2


def test_rows_are_read_by_the_client_itself(served: Serving) -> None:
    assert wrapper(served, SELECT, CSV).query().convert() == b"name\r\nBochum\r\nEssen\r\n"
    assert wrapper(served, SELECT, TSV).query().convert() == b'?name\n"Bochum"@de\n"Essen"@de\n'
    bindings = Bindings(wrapper(served, SELECT, JSON).query()).bindings
    assert [row["name"].value for row in bindings] == ["Bochum", "Essen"]


@pytest.mark.filterwarnings("ignore:Sending Accept header:RuntimeWarning")
@pytest.mark.parametrize(("query", "wanted"), [(SELECT, RDFXML), (SELECT, JSONLD), (CONSTRUCT, TSV)])
def test_a_format_that_the_query_cannot_have_is_406_and_not_another_format(
    served: Serving, query: str, wanted: str
) -> None:
    with pytest.raises(HTTPError) as caught:
        wrapper(served, query, wanted).query()
    assert caught.value.code == 406


@pytest.mark.parametrize("change", [lambda client: client.setOnlyConneg(True), lambda client: client.setTimeout(30)])
def test_other_settings_change_nothing(served: Serving, change: Callable[[SPARQLWrapper], None]) -> None:
    client = wrapper(served, SELECT, TSV)
    change(client)
    assert client.query().convert() == b'?name\n"Bochum"@de\n"Essen"@de\n'
