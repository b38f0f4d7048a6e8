"""The shapes cover the data, name only what exists, and leave open what a source leaves open."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SH, SKOS, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node
from tests.validation.world import World

from interkommunal.content import Content
from interkommunal.graph.assemble import Assembly
from interkommunal.namespaces import (
    GRAPH_ALIGNMENTS,
    GRAPH_CONCEPTS,
    GRAPH_DERIVED,
    GRAPH_ONTOLOGY,
    GRAPH_PARTITIONS,
    GRAPH_REUSED,
    GRAPH_SHAPES,
    SHAPE,
)
from interkommunal.validation.findings import short

VOCABULARY = {GRAPH_ALIGNMENTS, GRAPH_CONCEPTS, GRAPH_ONTOLOGY, GRAPH_REUSED, GRAPH_SHAPES}
TARGETS = (SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)
PATHS = {SH.alternativePath, SH.inversePath, SH.zeroOrMorePath}
PROPERTIES = (OWL.AnnotationProperty, OWL.DatatypeProperty, OWL.ObjectProperty)


def names(nodes: Iterable[Node]) -> list[str]:
    return sorted(short(str(node)) for node in nodes)


def languages(texts: Iterable[Node]) -> list[str]:
    return sorted(str(text.language) for text in texts if isinstance(text, Literal))


def reported(shapes: Graph) -> set[Node]:
    """Property shapes that results name; members of sh:or are helpers and speak through the shape around them."""
    return set(shapes.objects(None, SH.property))


def targeted(shapes: Graph) -> set[Node]:
    return {shape for target in TARGETS for shape in shapes.subjects(target)}


def properties_in(path: Node, shapes: Graph) -> set[Node]:
    if isinstance(path, URIRef):
        return {path}
    inner = [value for predicate, value in shapes.predicate_objects(path) if predicate in PATHS]
    members = inner or list(Collection(shapes, path))
    return {found for member in members for found in properties_in(member, shapes)}


def test_every_class_of_the_data_has_a_shape(world: World, assembly: Assembly) -> None:
    used = {
        value
        for _, _, value, graph in assembly.dataset.quads((None, RDF.type, None, None))
        # Wider classes are derived from the narrower ones, which have shapes; partitions are counted by the build, and
        # a list of prefixes is an ontology of the convention, without a statement of ours.
        if str(graph) not in (*VOCABULARY, f"{GRAPH_DERIVED}type", GRAPH_PARTITIONS) and value != OWL.Ontology
    }

    assert len(used) > 40
    assert names(used - set(world.shapes.objects(None, SH.targetClass))) == []


def test_blank_nodes_are_lists_and_paths_only(content: Content) -> None:
    for path in sorted(content.shapes.glob("*.ttl")):
        graph = Graph().parse(path)
        told = {predicate for node, predicate, _ in graph if isinstance(node, BNode)}
        assert told <= {RDF.first, RDF.rest} | PATHS, path.name


def test_every_property_shape_is_named_after_the_node_shape_it_first_stands_in(world: World) -> None:
    wrong = [
        part
        for part in reported(world.shapes)
        if not any(str(part).startswith(f"{shape}-") for shape in world.shapes.subjects(SH.property, part))
    ]

    assert names(wrong) == []


def test_every_shape_is_labelled_in_german_and_english(world: World) -> None:
    nodes = targeted(world.shapes)
    without_label = [node for node in nodes if languages(world.shapes.objects(node, RDFS.label)) != ["de", "en"]]
    without_name = [
        part for part in reported(world.shapes) if languages(world.shapes.objects(part, SH.name)) != ["de", "en"]
    ]

    assert names(without_label) == []
    assert names(without_name) == []


def test_every_shape_without_a_target_serves_another_one(world: World) -> None:
    shapes = world.shapes
    made = {*shapes.subjects(RDF.type, SH.NodeShape), *shapes.subjects(RDF.type, SH.PropertyShape)}
    served = set(shapes.objects())

    assert names(made - targeted(shapes) - served) == []


def test_paths_and_targets_name_properties_that_exist(world: World) -> None:
    shapes, known = world.shapes, {node for kind in PROPERTIES for node in world.data.subjects(RDF.type, kind)}
    named = {found for path in shapes.objects(None, SH.path) for found in properties_in(path, shapes)}
    for link in (SH.targetObjectsOf, SH.targetSubjectsOf, SH.equals, SH.lessThan):
        named |= set(shapes.objects(None, link))

    assert names(node for node in named - known if not str(node).startswith((str(RDF), str(RDFS)))) == []


def test_constraints_name_classes_and_datatypes_that_exist(world: World) -> None:
    shapes, data = world.shapes, world.data
    classes = {*shapes.objects(None, SH["class"]), *shapes.objects(None, SH.targetClass)}
    datatypes = set(shapes.objects(None, SH.datatype))

    language = (str(OWL), str(RDF), str(RDFS))
    unknown = classes - set(data.subjects(RDF.type, OWL.Class))
    assert names(node for node in unknown if not str(node).startswith(language)) == []
    assert names(datatypes - set(data.subjects(RDF.type, RDFS.Datatype)) - {RDF.langString}) == []


def test_lists_of_values_name_what_the_vocabulary_has(world: World) -> None:
    listed = {member for values in world.shapes.objects(None, SH["in"]) for member in Collection(world.shapes, values)}

    assert names(member for member in listed if (member, RDF.type, None) not in world.data) == []


def test_the_warnings_of_the_shipped_graph_are_gaps_of_the_source(world: World) -> None:
    found = {(short(finding.rule), short(finding.focus)) for finding in world.before}

    assert found == {
        # The contract of 2003 is mentioned, not printed.
        ("shape:Agreement-wording", "agreement:staedtekooperationsvertrag"),
        # The declaration is printed without a date line; only the page text says when it was signed.
        ("shape:AgreementText-date", "text:ein-zeichen-fuer-vielfalt-und-talente"),
        # Two lines of the list of publications, perhaps one title, and no word on what kind of work.
        ("shape:Publication-type", "work:vielfalt-in-der-metropole-ruhr"),
        ("shape:Publication-type", "work:zukunftsbilder-zukunftschancen"),
    }


@pytest.mark.parametrize(
    "facts",
    [
        # 2010 and 28 May 2010: neither is before the other.
        'participation:ruhr-herne dcterms:date "2010-05-28"^^xsd:date',
        'participation:vielfalt-und-talente-vereine dcterms:date "2011"^^xsd:gYear',
        # Bounds are no date: they are not compared.
        'participation:ruhr-bottrop ik:dateBounds "../2009"^^edtf:EDTF',
        # Sources may differ about a date, a year or a place.
        'event:forum-2009 schema:startDate "2010"^^xsd:gYear',
        'agreement:staedtekooperationsvertrag dcterms:created "2004"^^xsd:gYear',
        "event:forum-2009 schema:location city:duisburg",
        # Two things may have the same name, one thing two; nothing is a key.
        'city:duisburg schema:name "Essen"@de',
        'work:vielfalt-schafft-zukunft-heft-1 schema:name "Umgang mit Vielfalt"@de',
        'signature:ruhr-essen ik:attestedName "Witt"',
        # One office may be entrusted to two posts, one unit drawn from many roles.
        "post:sprecherfunktion org:postIn city:essen",
        # A passage may have more than one status.
        "p:L039 ik:status concept:status-conflict",
    ],
)
def test_what_a_source_leaves_open_is_not_decided(facts: str, world: World) -> None:
    assert world.findings_after(f"INSERT DATA {{ GRAPH graph:editorial {{ {facts} }} }}") == []


def test_a_second_count_is_a_second_observation(world: World) -> None:
    other = """INSERT DATA { GRAPH graph:editorial { observation:test-zehn a schema:Observation ;
        rdfs:label "Zehn Kommunen"@de, "Ten municipalities"@en ;
        schema:name "zehn Kommunen"@de ;
        schema:observationAbout cooperation:integration-interkommunal ;
        schema:measuredProperty concept:measure-municipalities ;
        schema:measurementQualifier concept:qualifier-exact ;
        schema:unitText "Kommunen"@de ;
        schema:value 10 } }"""

    assert world.findings_after(other) == []


@pytest.mark.parametrize(
    ("literal", "fits"),
    [
        ("2016", True),
        ("2010-05-28", True),
        ("2008~", True),
        ("201X", True),
        ("2008/2016", True),
        ("2008~/2010-05-28", True),
        ("2016/..", True),
        ("../2010", True),
        ("[2016..]", True),
        ("[2010-05-28..]", True),
        ("[..2010]", True),
        ("[2009,2010]", True),
        ("{2009,2010..2012}", True),
        ("2008 - 2016", False),
        ("um 2008", False),
        ("28.05.2010", False),
        ("[2016..", False),
        ("[2010-05-28..)", False),
        ("", False),
    ],
)
def test_edtf_literals(literal: str, *, fits: bool, world: World) -> None:
    pattern = world.shapes.value(URIRef(f"{SHAPE}EdtfLiteral"), SH.pattern)

    assert (re.search(str(pattern), literal) is not None) == fits


def test_a_message_names_the_city_that_signed_without_taking_part(world: World, invalid: Path) -> None:
    (finding,) = world.findings_after((invalid / "SignatureEntry-city.ru").read_text(encoding="utf-8"))

    assert finding.message["de"].startswith("Hier steht eine Unterschrift für ")
    assert finding.message["en"].startswith("A signature stands here for ")
    assert all("regionalverband-ruhr" in text for text in finding.message.values())
    assert str(finding.file) == "data/sources/grundlagen/04-signature-block.trig"


def test_concepts_that_shapes_ask_for_are_schemes_of_the_code_lists(world: World) -> None:
    schemes = {
        member
        for part in reported(world.shapes)
        for values in world.shapes.objects(part, SH["in"])
        for member in Collection(world.shapes, values)
        if (member, RDF.type, SKOS.ConceptScheme) in world.data
    }

    assert names(schemes) == [
        "concept:agreement-type",
        "concept:characterisation-type",
        "concept:discrepancy-kind",
        "concept:initiative-type",
        "concept:measure",
        "concept:unit-type",
        "concept:work-type",
    ]


@pytest.fixture
def invalid() -> Path:
    return Path(__file__).resolve().parent / "invalid"
