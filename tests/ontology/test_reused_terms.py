"""Foreign terms: each one that we use is declared, with one kind, and is used as that kind."""

from __future__ import annotations

from collections import Counter

from rdflib import OWL, RDF, RDFS, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from interkommunal.namespaces import IK, ONTOLOGY, PREFIXES

KINDS = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, RDFS.Datatype}
STRING = URIRef(f"{PREFIXES['xsd']}string")
# RDF, RDF Schema and OWL are the language itself: a reasoner knows their terms, nobody may declare them again.
LANGUAGE = (str(RDF), str(RDFS), str(OWL))


def is_language(node: Node) -> bool:
    return str(node).startswith(LANGUAGE)


def declared(vocabulary: Graph, kind: URIRef) -> set[Node]:
    return set(vocabulary.subjects(RDF.type, kind))


def properties(vocabulary: Graph) -> set[Node]:
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    return set().union(*(declared(vocabulary, kind) for kind in kinds))


def test_every_reused_term_has_one_kind_labels_and_the_vocabulary_it_comes_from(reused: Graph) -> None:
    for term in set(reused.subjects()):
        assert isinstance(term, URIRef)
        kinds = list(reused.objects(term, RDF.type))
        assert len(kinds) == 1, term
        assert kinds[0] in KINDS or (kinds[0], RDF.type, OWL.Class) in reused, term
        labels = [value.language for value in reused.objects(term, RDFS.label) if isinstance(value, Literal)]
        assert sorted(str(language) for language in labels) == ["de", "en"], term
        (origin,) = reused.objects(term, RDFS.isDefinedBy)
        assert term.startswith(str(origin).rstrip("#/")), term
        assert not term.startswith(ONTOLOGY), term


def test_no_two_properties_share_a_label(vocabulary: Graph) -> None:
    seen = Counter(label for term in properties(vocabulary) for label in vocabulary.objects(term, RDFS.label))
    assert [str(label) for label, count in seen.items() if count > 1] == []


def test_every_property_in_vocabulary_and_facts_is_declared(vocabulary: Graph, everything: Graph) -> None:
    used = {node for node in everything.predicates() if not is_language(node)}
    assert {str(node) for node in used - properties(vocabulary)} == set()


def test_every_class_in_vocabulary_and_facts_is_declared(vocabulary: Graph, everything: Graph) -> None:
    used = set(everything.objects(None, RDF.type))
    for predicate in (RDFS.subClassOf, RDFS.domain):
        used |= set(vocabulary.objects(None, predicate))
    ranges = set(vocabulary.objects(None, RDFS.range))
    known = declared(vocabulary, OWL.Class)
    assert {str(node) for node in used - known if not is_language(node)} == set()
    assert {str(node) for node in ranges - known - declared(vocabulary, RDFS.Datatype)} == set()


def test_every_datatype_of_a_literal_is_declared(vocabulary: Graph, everything: Graph) -> None:
    used = {value.datatype for value in everything.objects() if isinstance(value, Literal) and value.datatype}
    assert {str(node) for node in used - declared(vocabulary, RDFS.Datatype)} == set()


def test_every_own_term_that_the_facts_name_exists(own: Graph, facts: Graph) -> None:
    named = {node for triple in facts for node in triple if isinstance(node, URIRef) and node.startswith(IK)}
    assert named, "the facts use no own term at all"
    assert {str(node) for node in named if (node, RDFS.isDefinedBy, None) not in own} == set()


def test_object_properties_have_only_iris_as_values(vocabulary: Graph, everything: Graph) -> None:
    wrong = {
        (str(predicate), str(value))
        for predicate in declared(vocabulary, OWL.ObjectProperty)
        for value in everything.objects(None, predicate)
        if not isinstance(value, URIRef)
    }
    assert wrong == set()


def test_datatype_properties_have_only_literals_as_values(vocabulary: Graph, everything: Graph) -> None:
    wrong = {
        (str(predicate), str(value))
        for predicate in declared(vocabulary, OWL.DatatypeProperty)
        for value in everything.objects(None, predicate)
        if not isinstance(value, Literal)
    }
    assert wrong == set()


def test_a_string_range_is_kept_by_untagged_strings_only(own: Graph, facts: Graph) -> None:
    for prop in own.subjects(RDFS.range, STRING):
        for value in facts.objects(None, prop):
            assert isinstance(value, Literal), prop
            assert value.language is None, (prop, value)
            assert value.datatype in (None, STRING), (prop, value)


def test_the_facts_hold_no_blank_node(facts: Graph) -> None:
    assert [node for triple in facts for node in triple if isinstance(node, BNode)] == []
