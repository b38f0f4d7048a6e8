"""The SKOS code lists."""

from __future__ import annotations

import re

import pytest
from rdflib import RDF, RDFS, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from interkommunal.namespaces import CONCEPT

SCHEMES = {
    "agreement-type": "agreement-",
    "role": "role-",
    "initiative-type": "initiative-",
    "work-type": "work-",
    "unit-type": "unit-",
    "qualifier": "qualifier-",
    "measure": "measure-",
    "voice": "voice-",
    "status": "status-",
    "discrepancy-kind": "kind-",
    "characterisation-type": "characterisation-",
    "basis": "basis-",
    "certainty": "certainty-",
    "graph-kind": "graph-kind-",
    "topic": "topic-",
}


def slug(node: Node) -> str:
    return str(node).removeprefix(CONCEPT)


def by_language(graph: Graph, node: Node, predicate: URIRef) -> dict[str | None, str]:
    values = list(graph.objects(node, predicate))
    found = {value.language: str(value) for value in values if isinstance(value, Literal)}
    assert len(found) == len(values), f"{node}: two values of {predicate} in one language"
    return found


def test_the_schemes_are_these_and_no_others(concepts: Graph) -> None:
    assert {slug(scheme) for scheme in concepts.subjects(RDF.type, SKOS.ConceptScheme)} == set(SCHEMES)


def test_every_concept_is_top_concept_of_exactly_the_scheme_that_its_name_begins_with(concepts: Graph) -> None:
    for concept in concepts.subjects(RDF.type, SKOS.Concept):
        (scheme,) = concepts.objects(concept, SKOS.inScheme)
        assert list(concepts.objects(concept, SKOS.topConceptOf)) == [scheme], concept
        assert (scheme, SKOS.hasTopConcept, concept) in concepts, concept
        assert slug(concept).startswith(SCHEMES[slug(scheme)]), concept


def test_every_scheme_has_concepts_and_lists_only_concepts_that_exist(concepts: Graph) -> None:
    for name in SCHEMES:
        listed = set(concepts.objects(URIRef(CONCEPT + name), SKOS.hasTopConcept))
        assert listed, name
        assert {node for node in listed if (node, RDF.type, SKOS.Concept) not in concepts} == set()


@pytest.mark.parametrize("kind", [SKOS.Concept, SKOS.ConceptScheme], ids=["concepts", "schemes"])
def test_labels_and_definitions_are_given_in_german_and_english(concepts: Graph, kind: URIRef) -> None:
    for node in concepts.subjects(RDF.type, kind):
        labels = by_language(concepts, node, SKOS.prefLabel)
        assert set(labels) == {"de", "en"}, node
        assert by_language(concepts, node, RDFS.label) == labels, node
        for language, definition in by_language(concepts, node, SKOS.definition).items():
            assert definition[0].isupper(), definition
            assert definition.endswith("."), definition
            assert not re.search(rf"\b{re.escape(labels[language])}\b", definition, re.IGNORECASE), definition
        assert set(by_language(concepts, node, SKOS.definition)) == {"de", "en"}, node


def test_no_two_concepts_of_a_scheme_share_a_label(concepts: Graph) -> None:
    for name in SCHEMES:
        labels = [
            value
            for concept in concepts.subjects(SKOS.inScheme, URIRef(CONCEPT + name))
            for value in concepts.objects(concept, SKOS.prefLabel)
        ]
        assert len(labels) == len(set(labels)), name


def test_every_concept_that_the_data_use_is_defined(concepts: Graph, facts: Graph) -> None:
    used = {value for value in facts.objects() if isinstance(value, URIRef) and value.startswith(CONCEPT)}
    assert used, "the data use no concept at all"
    assert {slug(concept) for concept in used if (concept, RDF.type, SKOS.Concept) not in concepts} == set()
