"""One version number for the package, the ontology and the context."""

from __future__ import annotations

from typing import Any

from rdflib import DCTERMS, OWL, Graph, URIRef
from tests.ontology.conftest import ROOT

import interkommunal
from interkommunal.namespaces import BASE, ONTOLOGY, SHAPES


def test_the_ontology_has_the_version_of_the_package(own: Graph) -> None:
    assert str(own.value(URIRef(ONTOLOGY), OWL.versionInfo)) == interkommunal.__version__
    assert str(own.value(URIRef(ONTOLOGY), OWL.versionIRI)) == f"{ONTOLOGY}/{interkommunal.__version__}"


def test_the_context_has_the_version_of_the_package_and_says_where_it_lives(context_document: dict[str, Any]) -> None:
    assert context_document["versionInfo"] == interkommunal.__version__
    assert context_document["id"] == f"{BASE}context/{interkommunal.__version__}.jsonld"


def test_the_shapes_and_the_citation_have_the_version_of_the_package(own: Graph) -> None:
    shapes = Graph().parse(ROOT / "shapes/prefixes.ttl")
    assert str(shapes.value(URIRef(SHAPES), OWL.versionInfo)) == interkommunal.__version__
    citations = [str(text) for text in own.objects(URIRef(ONTOLOGY), DCTERMS.bibliographicCitation)]
    assert len(citations) == 2
    assert all(text.endswith(f"{ONTOLOGY}/{interkommunal.__version__}") for text in citations)
