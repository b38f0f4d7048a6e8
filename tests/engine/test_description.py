"""What engines say of themselves is true."""

from __future__ import annotations

import pytest
from pyoxigraph import QuerySolutions, Store

from interkommunal.engine.capabilities import (
    BASIC_FEDERATED_QUERY,
    FORMAT_IRIS,
    MEDIA_TYPES,
    OXIGRAPH_FUNCTIONS,
    UNION_DEFAULT_GRAPH,
    describe,
)
from interkommunal.engine.interface import EngineOptions
from interkommunal.sparql.query import FORMATS

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


def test_service_is_a_feature_only_where_it_is_allowed() -> None:
    assert describe(EngineOptions(services=())).features == (UNION_DEFAULT_GRAPH,)
    assert BASIC_FEDERATED_QUERY in describe(EngineOptions()).features


def test_each_format_has_its_iri() -> None:
    assert len(FORMAT_IRIS) == len(MEDIA_TYPES)
    assert set(MEDIA_TYPES) == {media_type for formats in FORMATS.values() for media_type in formats}


def test_a_remote_engine_promises_no_functions() -> None:
    description = describe(EngineOptions(tier="remote", endpoint="http://example.org/sparql"))
    assert description.extension_functions == ()
    assert "http://example.org/sparql" in description.product
