"""What each own term must carry, and what no axiom of ours may do."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from interkommunal.namespaces import IK, ONTOLOGY, PREFIXES

DCTERMS = Namespace(PREFIXES["dcterms"])
VANN = Namespace(PREFIXES["vann"])
LANGUAGES = {"de", "en"}

# Terms of the reference data and of the graphs themselves, of which the source text cannot give an example.
WITHOUT_QUOTE = {
    "StatementGraph",
    "certainty",
    "districtKey",
    "graphKind",
    "municipalityKey",
    "nutsCode",
    "regionalKey",
}

# Axioms that would force a decision which the source leaves open: merge two things, split them, or fix a number.
FORCING = {
    OWL.FunctionalProperty,
    OWL.InverseFunctionalProperty,
    OWL.TransitiveProperty,
    OWL.hasKey,
    OWL.sameAs,
    OWL.differentFrom,
    OWL.AllDifferent,
    OWL.equivalentClass,
    OWL.equivalentProperty,
    OWL.disjointWith,
    OWL.Restriction,
    OWL.cardinality,
    OWL.maxCardinality,
    OWL.minCardinality,
    OWL.imports,
}


def terms(own: Graph) -> list[URIRef]:
    found = {subject for subject in own.subjects() if isinstance(subject, URIRef) and subject.startswith(IK)}
    return sorted(found)


def short(term: Node) -> str:
    return str(term).removeprefix(IK)


def texts(graph: Graph, term: Node, predicate: URIRef) -> dict[str, list[str]]:
    """The literals by language; an untagged one stands under the empty string."""
    found: dict[str, list[str]] = {}
    for value in graph.objects(term, predicate):
        assert isinstance(value, Literal)
        found.setdefault(value.language or "", []).append(str(value))
    return found


def test_the_words_of_the_purpose_are_all_there(own: Graph) -> None:
    words = {
        label.lower()
        for predicate in (RDFS.label, SKOS.altLabel)
        for term in terms(own)
        for label in texts(own, term, predicate).get("en", [])
    }
    assert {"city", "contract", "agreement", "signatory", "initiative", "publication"} <= words


@pytest.mark.parametrize(
    "predicate", [RDFS.label, SKOS.definition, SKOS.example], ids=["label", "definition", "example"]
)
def test_every_own_term_says_it_once_in_german_and_once_in_english(own: Graph, predicate: URIRef) -> None:
    wrong = {
        short(term): found
        for term in terms(own)
        if (found := {language: len(all_) for language, all_ in texts(own, term, predicate).items()})
        != {"de": 1, "en": 1}
    }
    assert wrong == {}


def test_every_scope_note_and_alternative_label_has_a_language(own: Graph) -> None:
    notes = {short(term): set(texts(own, term, SKOS.scopeNote)) for term in terms(own)}
    others = {short(term): set(texts(own, term, SKOS.altLabel)) for term in terms(own)}
    assert {name for name, languages in notes.items() if languages not in (set(), LANGUAGES)} == set()
    assert {name for name, languages in others.items() if not languages <= LANGUAGES} == set()


def test_a_definition_is_one_sentence_that_does_not_use_its_own_label(own: Graph) -> None:
    for term in terms(own):
        labels = texts(own, term, RDFS.label)
        for language, (definition,) in texts(own, term, SKOS.definition).items():
            assert definition[0].isupper(), definition
            assert definition.endswith("."), definition
            assert ". " not in definition, definition
            label = re.escape(labels[language][0])
            assert not re.search(rf"\b{label}\b", definition, re.IGNORECASE), definition


def test_no_two_own_terms_share_a_label_or_a_definition(own: Graph) -> None:
    for predicate in (RDFS.label, SKOS.definition):
        seen = Counter(
            (language, text)
            for term in terms(own)
            for language, all_ in texts(own, term, predicate).items()
            for text in all_
        )
        assert [key for key, count in seen.items() if count > 1] == []


def test_every_german_example_stands_in_the_lines_that_the_english_one_names(
    own: Graph, source_lines: list[str]
) -> None:
    for term in terms(own):
        if short(term) in WITHOUT_QUOTE:
            continue
        example = texts(own, term, SKOS.example)
        lines = re.search(r"\(lines? (\d+)(?:-(\d+))?\)\.$", example["en"][0])
        assert lines, example["en"][0]
        first, last = int(lines[1]), int(lines[2] or lines[1])
        assert example["de"][0] in "\n".join(source_lines[first - 1 : last]), short(term)


def test_every_own_term_is_defined_by_the_ontology_and_is_of_one_kind(own: Graph) -> None:
    kinds = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty}
    for term in terms(own):
        assert list(own.objects(term, RDFS.isDefinedBy)) == [URIRef(ONTOLOGY)], short(term)
        assert len(kinds & set(own.objects(term, RDF.type))) == 1, short(term)


def test_classes_are_written_with_a_capital_and_properties_without(own: Graph) -> None:
    for term in terms(own):
        assert short(term)[0].isupper() == ((term, RDF.type, OWL.Class) in own), short(term)


def test_no_axiom_forces_a_decision_that_the_source_leaves_open(own: Graph, reused: Graph) -> None:
    for graph in (own, reused):
        used = {node for triple in graph for node in triple}
        assert used & FORCING == set()


def test_the_only_blank_nodes_are_those_of_the_property_chain_and_of_what_is_disjoint(own: Graph) -> None:
    blank = {node for triple in own for node in triple if isinstance(node, BNode)}
    (chain,) = own.objects(URIRef(f"{IK}involves"), OWL.propertyChainAxiom)
    (disjoint,) = own.subjects(RDF.type, OWL.AllDisjointClasses)
    (members,) = own.objects(disjoint, OWL.members)
    cells = {cell for head in (chain, members) for cell in own.transitive_objects(head, RDF.rest)} - {RDF.nil}
    assert blank == cells | {disjoint}


def test_what_is_disjoint_are_classes_of_ours(own: Graph) -> None:
    (members,) = own.objects(None, OWL.members)
    assert all((member, RDF.type, OWL.Class) in own for member in own.items(members))


def test_the_head_of_the_ontology_says_what_a_catalogue_asks_for(own: Graph) -> None:
    head = URIRef(ONTOLOGY)
    assert (head, RDF.type, OWL.Ontology) in own
    for predicate in (DCTERMS.title, DCTERMS.description, RDFS.label):
        assert set(texts(own, head, predicate)) == LANGUAGES
    assert str(own.value(head, DCTERMS.license)) == "https://creativecommons.org/publicdomain/zero/1.0/"
    # OWL 2 RL has no xsd:date.
    for predicate in (DCTERMS.created, DCTERMS.issued, DCTERMS.modified):
        assert own.value(head, predicate) == Literal("2026-11-23T00:00:00Z", datatype=XSD.dateTime)
    assert str(own.value(head, VANN.preferredNamespacePrefix)) == "ik"
    assert str(own.value(head, VANN.preferredNamespaceUri)) == IK
