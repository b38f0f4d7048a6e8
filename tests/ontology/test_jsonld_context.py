"""The JSON-LD context: complete, and lossless with two processors."""

from __future__ import annotations

import json
from typing import Any

import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF, Graph, Literal, URIRef

from interkommunal.namespaces import IK, PREFIXES

PROPERTIES = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)


@pytest.fixture(scope="module")
def context(context_document: dict[str, Any]) -> dict[str, Any]:
    found = context_document["@context"]
    assert isinstance(found, dict)
    return found


def expanded(context: dict[str, Any], definition: Any) -> str:
    name = definition["@id"] if isinstance(definition, dict) else definition
    prefix, _, rest = str(name).partition(":")
    return f"{context[prefix]}{rest}" if prefix in PREFIXES else str(name)


def as_document(graph: Graph, context: dict[str, Any]) -> str:
    return graph.serialize(format="json-ld", context=context)


def test_it_has_every_prefix_of_the_project_with_its_namespace(context: dict[str, Any]) -> None:
    # ``p`` abbreviates the passages of one source and is meant for its files only.
    wanted = {name: namespace for name, namespace in PREFIXES.items() if name != "p"}
    assert {name: context.get(name) for name in wanted} == wanted


def test_it_has_a_short_name_for_every_class_and_property(context: dict[str, Any], vocabulary: Graph) -> None:
    named = {expanded(context, definition) for name, definition in context.items() if name not in PREFIXES}
    wanted = {str(term) for kind in (OWL.Class, *PROPERTIES) for term in vocabulary.subjects(RDF.type, kind)}
    assert wanted - named == set()


def test_own_terms_keep_their_local_names(context: dict[str, Any], own: Graph) -> None:
    for kind in (OWL.Class, *PROPERTIES):
        for term in own.subjects(RDF.type, kind):
            assert expanded(context, context[str(term).removeprefix(IK)]) == str(term)


def test_every_name_in_it_leads_to_a_declared_term(context: dict[str, Any], vocabulary: Graph) -> None:
    language = (PREFIXES["rdf"], PREFIXES["rdfs"], PREFIXES["owl"])
    for name, definition in context.items():
        if name in PREFIXES or name.startswith("@") or str(definition).startswith("@"):
            continue
        iri = expanded(context, definition)
        assert iri.startswith(language) or (URIRef(iri), RDF.type, None) in vocabulary, name


def test_object_properties_take_iris_and_datatype_properties_do_not(context: dict[str, Any], vocabulary: Graph) -> None:
    for definition in context.values():
        if not isinstance(definition, dict):
            continue
        term = URIRef(expanded(context, definition))
        if (term, RDF.type, OWL.ObjectProperty) in vocabulary:
            assert definition.get("@type") in ("@id", "@vocab"), term
        if (term, RDF.type, OWL.DatatypeProperty) in vocabulary:
            assert definition.get("@type") not in ("@id", "@vocab"), term


def test_a_city_reads_like_plain_json(context: dict[str, Any]) -> None:
    graph = Graph()
    city = URIRef(f"{PREFIXES['city']}essen")
    graph.add((city, RDF.type, URIRef(f"{IK}City")))
    graph.add((city, URIRef(f"{PREFIXES['rdfs']}label"), Literal("Essen", lang="de")))
    graph.add((city, URIRef(f"{PREFIXES['rdfs']}label"), Literal("Essen", lang="en")))
    graph.add((city, URIRef(f"{IK}partyTo"), URIRef(f"{PREFIXES['agreement']}staedteregion-ruhr")))
    document = json.loads(as_document(graph, context))
    del document["@context"]
    assert document == {
        "id": "city:essen",
        "type": "City",
        "label": {"de": "Essen", "en": "Essen"},
        "partyTo": "agreement:staedteregion-ruhr",
    }


def test_the_datatype_chooses_the_name_of_a_date(context: dict[str, Any]) -> None:
    graph = Graph()
    date = URIRef(f"{PREFIXES['dcterms']}date")
    text = URIRef(f"{PREFIXES['text']}staedteregion-ruhr-2010-05-28")
    graph.add((text, date, Literal("2010-05-28", datatype=URIRef(f"{PREFIXES['xsd']}date"))))
    graph.add((text, date, Literal("2010", datatype=URIRef(f"{PREFIXES['xsd']}gYear"))))
    graph.add((text, date, Literal("[2016..]", datatype=URIRef(f"{PREFIXES['edtf']}EDTF"))))
    document = json.loads(as_document(graph, context))
    del document["@context"]
    assert document == {
        "id": "text:staedteregion-ruhr-2010-05-28",
        "date": "2010-05-28",
        "dateYear": "2010",
        "dateEdtf": "[2016..]",
    }


def test_everything_survives_the_way_to_json_and_back(
    context: dict[str, Any], facts: Graph, concepts: Graph, reused: Graph
) -> None:
    before = facts + concepts + reused
    document = as_document(before, context)
    by_rdflib = Graph().parse(data=document, format="json-ld")
    quads = ox.parse(document, format=ox.RdfFormat.JSON_LD)
    lines = "\n".join(f"{quad.triple} ." for quad in quads)
    by_oxigraph = Graph().parse(data=lines, format="nt")
    assert set(by_rdflib) == set(before)
    assert set(by_oxigraph) == set(before)
