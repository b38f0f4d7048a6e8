"""The data dictionary says what ontology and shapes say."""

from __future__ import annotations

import pytest
from rdflib import SH, Dataset, Graph, URIRef

from interkommunal.graph.assemble import Assembly
from interkommunal.namespaces import GRAPH_ONTOLOGY, PREFIXES
from interkommunal.validation.dictionary import Dictionary, Entry, Field, dictionary

_HEAD = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())


def _dictionary(shapes: str, ontology: str = "") -> Dictionary:
    dataset = Dataset()
    shapes_graph = Graph().parse(data=_HEAD + shapes, format="turtle")
    dataset.graph(URIRef(GRAPH_ONTOLOGY)).parse(data=_HEAD + ontology, format="turtle")
    return dictionary(dataset, shapes_graph)


def _field(constraints: str) -> Field:
    (entry,) = _dictionary(
        f"shape:Goal a sh:NodeShape ; sh:targetClass ik:Goal ; sh:property shape:Goal-p . shape:Goal-p {constraints} ."
    ).entries
    (field,) = entry.fields
    return field


def _entry(shipped: Dictionary, target: str) -> Entry:
    (entry,) = [entry for entry in shipped.entries if entry.targets == (target,)]
    return entry


@pytest.fixture(scope="module")
def shipped(assembly: Assembly) -> Dictionary:
    return dictionary(assembly.dataset, assembly.shapes)


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("ik:hasGoal", "ik:hasGoal"),
        ("[ sh:inversePath ik:hasGoal ]", "^ik:hasGoal"),
        ("( dcterms:type skos:inScheme )", "dcterms:type/skos:inScheme"),
        ("[ sh:alternativePath ( ik:facedBy [ sh:inversePath schema:about ] ) ]", "ik:facedBy|^schema:about"),
        ("( [ sh:alternativePath ( ik:facedBy schema:about ) ] rdfs:label )", "(ik:facedBy|schema:about)/rdfs:label"),
        ("[ sh:zeroOrMorePath ik:basedOn ]", "ik:basedOn*"),
        ("[ sh:oneOrMorePath ik:basedOn ]", "ik:basedOn+"),
        ("[ sh:zeroOrOnePath ik:basedOn ]", "ik:basedOn?"),
    ],
)
def test_path_is_written_as_sparql_writes_it(path: str, written: str) -> None:
    assert _field(f"sh:path {path}").path == written


@pytest.mark.parametrize(
    ("constraints", "values"),
    [
        ("sh:class ik:Goal", ("ik:Goal",)),
        ("sh:datatype xsd:date", ("xsd:date",)),
        ("sh:in ( concept:role 3 )", ("concept:role", "3")),
        ("sh:or ( [ sh:datatype xsd:date ] [ sh:datatype xsd:gYear ] )", ("xsd:date", "xsd:gYear")),
        ('sh:languageIn ( "de" "en" )', ("rdf:langString (de, en)",)),
        ("sh:minCount 1", ()),
    ],
)
def test_values_are_what_the_shape_demands(constraints: str, values: tuple[str, ...]) -> None:
    assert _field(f"sh:path ik:hasGoal ; {constraints}").values == values


@pytest.mark.parametrize(
    ("constraints", "weight"),
    [
        ("sh:minCount 1 ; sh:severity sh:Violation", "required"),
        ("sh:minCount 1", "required"),
        ("sh:minCount 1 ; sh:severity sh:Warning", "recommended"),
        ("sh:minCount 1 ; sh:severity sh:Info", "optional"),
        ("sh:maxCount 1 ; sh:severity sh:Violation", "optional"),
    ],
)
def test_what_the_gate_refuses_is_required_and_what_it_reports_recommended(constraints: str, weight: str) -> None:
    assert _field(f"sh:path ik:hasGoal ; {constraints}").weight == weight


def test_definition_comes_from_the_ontology() -> None:
    found = _dictionary(
        "shape:Goal a sh:NodeShape ; sh:targetClass ik:Goal ; sh:property shape:Goal-p ."
        "shape:Goal-p sh:path ik:hasGoal .",
        'ik:Goal skos:definition "Ein Ziel."@de, "An aim."@en . ik:hasGoal skos:definition "Nennt ein Ziel."@de .',
    )

    assert found.entries[0].definition == {"de": "Ein Ziel.", "en": "An aim."}
    assert found.entries[0].fields[0].definition == {"de": "Nennt ein Ziel.", "en": ""}


def test_wider_classes_are_named_if_they_have_an_entry(shipped: Dictionary) -> None:
    assert _entry(shipped, "ik:Forum").broader == ("schema:Event",)


def test_participation_has_one_participant_and_one_role(shipped: Dictionary) -> None:
    fields = {field.path: field for field in _entry(shipped, "ik:Participation").fields}

    assert (fields["cv:hasParticipant"].minimum, fields["cv:hasParticipant"].maximum) == (1, 1)
    assert fields["cv:role"].values == ("skos:Concept",)
    assert fields["cv:role"].name == {"de": "Rolle", "en": "role"}


def test_every_class_that_a_shape_targets_is_in_it(shipped: Dictionary, assembly: Assembly) -> None:
    shapes = assembly.shapes
    targeted = {aim for shape, aim in shapes.subject_objects(SH.targetClass) if (shape, SH.property, None) in shapes}
    described = {target for entry in shipped.entries if entry.kind == "class" for target in entry.targets}

    assert len(described) == len(targeted) > 40


def test_every_concept_of_a_code_list_is_in_it(shipped: Dictionary) -> None:
    roles = {scheme.scheme: [concept for concept, _, _ in scheme.concepts] for scheme in shipped.code_lists}

    assert roles["concept:role"] == [
        "concept:role-acceding-party",
        "concept:role-first-signatory",
        "concept:role-negotiating-municipality",
        "concept:role-party",
        "concept:role-signatory",
    ]
