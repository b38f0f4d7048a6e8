"""What the service description says of an engine is true."""

from __future__ import annotations

import pytest
from pyoxigraph import QuerySolutions, Store

from interkommunal.engine.engine import EngineOptions
from interkommunal.web.service_description import OXIGRAPH_FUNCTIONS, SD, service_triples

GEO = "http://www.opengis.net/ont/geosparql#"
SQUARE = f"'POLYGON((0 0,0 1,1 1,1 0,0 0))'^^<{GEO}wktLiteral>"


def call(function: str) -> None:
    results = Store().query(f"SELECT (<{function}>({SQUARE}, {SQUARE}) AS ?x) {{}}")
    assert isinstance(results, QuerySolutions)
    next(results)


@pytest.mark.parametrize("function", OXIGRAPH_FUNCTIONS)
def test_each_extension_function_exists(function: str) -> None:
    """A wrong number of arguments gives no value; a function that does not exist is an error."""
    call(function)


def test_a_function_that_does_not_exist_would_be_noticed() -> None:
    with pytest.raises(RuntimeError, match="is not supported"):
        call("http://www.opengis.net/def/function/geosparql/nothing")


def described(options: EngineOptions, term: str) -> list[str]:
    """What the description of an engine says by a property of the vocabulary."""
    triples = service_triples("https://example.org/sparql", options, None)
    return [triple.object.value for triple in triples if triple.predicate.value == f"{SD}{term}"]  # type: ignore[union-attr]


def test_service_is_a_feature_only_where_it_is_allowed() -> None:
    assert described(EngineOptions(services=()), "feature") == [f"{SD}UnionDefaultGraph"]
    assert described(EngineOptions(), "feature") == [f"{SD}UnionDefaultGraph", f"{SD}BasicFederatedQuery"]


def test_each_format_has_its_iri() -> None:
    names = [iri.removeprefix("http://www.w3.org/ns/formats/") for iri in described(EngineOptions(), "resultFormat")]
    tables = {f"SPARQL_Results_{name}" for name in ("JSON", "XML", "CSV", "TSV")}
    assert set(names) == tables | {"Turtle", "N-Triples", "N-Quads", "TriG", "RDF_XML", "JSON-LD"}
    assert len(names) == 10


def test_a_remote_engine_promises_no_functions() -> None:
    remote = EngineOptions(tier="remote", endpoint="http://example.org/sparql")
    assert described(remote, "extensionFunction") == []
    assert described(EngineOptions(), "extensionFunction")
