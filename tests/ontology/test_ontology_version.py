"""One version number for the package, the ontology and the context."""

from __future__ import annotations

from typing import Any

from rdflib import OWL, Graph, URIRef

import interkommunal
from interkommunal.namespaces import BASE, ONTOLOGY


def test_the_ontology_has_the_version_of_the_package(own: Graph) -> None:
    assert str(own.value(URIRef(ONTOLOGY), OWL.versionInfo)) == interkommunal.__version__
    assert str(own.value(URIRef(ONTOLOGY), OWL.versionIRI)) == f"{ONTOLOGY}/{interkommunal.__version__}"


def test_the_context_has_the_version_of_the_package_and_says_where_it_lives(context_document: dict[str, Any]) -> None:
    assert context_document["versionInfo"] == interkommunal.__version__
    assert context_document["id"] == f"{BASE}context/{interkommunal.__version__}.jsonld"
