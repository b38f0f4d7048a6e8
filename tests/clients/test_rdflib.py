"""rdflib over the endpoint: graphs, datasets and what they call the default graph."""

from __future__ import annotations

import pytest
from rdflib import RDF, Dataset, Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from tests.serving import Serving

from interkommunal.namespaces import ID, IK

CITIES = f"SELECT ?city {{ ?city a <{IK}City> }}"


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("return_format", ["xml", "json", "csv", "tsv"])
@pytest.mark.parametrize("kind", [Graph, Dataset])
def test_graph_and_dataset_find_the_same(library: Serving, kind: type[Graph], return_format: str, method: str) -> None:
    store = SPARQLStore(f"{library.url}/sparql", returnFormat=return_format, method=method)
    assert len(list(kind(store).query(CITIES))) == 9


def test_a_dataset_finds_single_statements(library: Serving) -> None:
    dataset = Dataset(SPARQLStore(f"{library.url}/sparql"))
    assert len(list(dataset.triples((None, RDF.type, None)))) > 500
    assert all(str(city).startswith(ID) for city in dataset.subjects(RDF.type, URIRef(f"{IK}City")))


def test_a_dataset_constructs_and_asks(library: Serving) -> None:
    dataset = Dataset(SPARQLStore(f"{library.url}/sparql"))
    assert dataset.query(f"ASK {{ ?city a <{IK}City> }}").askAnswer is True
    constructed = dataset.query(f"CONSTRUCT {{ ?city a <{IK}City> }} WHERE {{ ?city a <{IK}City> }}").graph
    assert constructed is not None
    assert len(constructed) == 9
