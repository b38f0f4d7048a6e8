"""What other tools take from us, as a server sends it: the ontology as OWL, the shapes as SHACL, the dumps with both.

Each official tool must find nothing wrong, and must find it in a broken copy.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pyshacl
import pytest
from rdflib import OWL, RDF, RDFS, SH, BNode, Dataset, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.term import Node
from tests.ontology.test_reasoning import Examine, examine
from tests.serving import Serving

from interkommunal.namespaces import BASE, GRAPH_SHAPES, IK, ONTOLOGY, PREFIXES, SHAPES

__all__ = ["examine"]

FORMATS = {
    "ttl": ("text/turtle", "turtle"),
    "rdf": ("application/rdf+xml", "xml"),
    "jsonld": ("application/ld+json", "json-ld"),
    "nt": ("application/n-triples", "nt"),
}
ik = Namespace(IK)
schema = Namespace(PREFIXES["schema"])
dcterms = Namespace(PREFIXES["dcterms"])

Get = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def get(library: Serving) -> Iterator[Get]:
    """Asks a running server over the shipped graph."""
    with httpx.Client(base_url=library.url, timeout=None) as client:
        yield client.get


def read(get: Get, path: str, syntax: str) -> Graph:
    answer = get(path)
    assert answer.status_code == 200
    return Graph().parse(data=answer.content, format=syntax)


@pytest.fixture(scope="module")
def ontology(get: Get) -> Graph:
    return read(get, "/ontology.rdf", "xml")


@pytest.fixture(scope="module")
def shapes(get: Get) -> Graph:
    return read(get, "/shapes.ttl", "turtle")


@pytest.fixture(scope="module")
def dump(get: Get) -> Dataset:
    """The whole graph."""
    dataset = Dataset(default_union=True)
    dataset.parse(data=get("/dumps/graph.nq").content, format="nquads")
    return dataset


@pytest.fixture(scope="module")
def union(dump: Dataset) -> Graph:
    graph = Graph()
    for triple in dump.triples((None, None, None)):
        graph.add(triple)
    return graph


def results(data: Graph, shapes: Graph) -> set[tuple[Node | None, Node | None, Node | None]]:
    """Severity, shape and focus node of what the official validator reports."""
    _, report, text = pyshacl.validate(data, shacl_graph=Graph() + shapes, inference="none")
    assert isinstance(report, Graph), text
    return {
        (
            report.value(result, SH.resultSeverity),
            report.value(result, SH.sourceShape),
            report.value(result, SH.focusNode),
        )
        for result in report.objects(None, SH.result)
    }


def violations(data: Graph, shapes: Graph) -> set[tuple[Node | None, Node | None]]:
    return {(shape, focus) for severity, shape, focus in results(data, shapes) if severity == SH.Violation}


@pytest.mark.parametrize("document", ["ontology", "shapes"])
def test_document_says_the_same_in_each_format_by_suffix_and_by_negotiation(get: Get, document: str) -> None:
    turtle = read(get, f"/{document}.ttl", "turtle")
    assert any(isinstance(node, BNode) for node in turtle.all_nodes())
    for suffix, (media_type, syntax) in FORMATS.items():
        answer = get(f"/{document}.{suffix}")
        assert answer.headers["content-type"].partition(";")[0] == media_type
        assert isomorphic(Graph().parse(data=answer.content, format=syntax), turtle), suffix
        assert get(f"/{document}", headers={"accept": media_type}).content == answer.content


def test_document_of_the_shapes_leads_people_to_a_page(get: Get) -> None:
    answer = get("/shapes", headers={"accept": "text/html"})
    assert answer.status_code == 303
    assert answer.headers["location"].endswith("/doc/graph/shapes.html")


def test_document_of_the_shapes_carries_validators(get: Get) -> None:
    answer = get("/shapes.ttl")
    assert get("/shapes.ttl", headers={"if-none-match": answer.headers["etag"]}).status_code == 304


def test_ontology_is_owl_2_dl_and_rl_and_has_a_model(ontology: Graph, examine: Examine) -> None:
    assert examine(ontology) == {"DL": [], "RL": [], "consistent": True, "unsatisfiable": []}


def test_ontology_without_a_declaration_is_found_to_leave_owl_2_dl(ontology: Graph, examine: Examine) -> None:
    broken = Graph() + ontology
    broken.remove((schema.City, None, None))
    assert any("undeclared class" in violation for violation in examine(broken)["DL"])


def test_city_that_is_a_goal_is_found_to_contradict_the_ontology(ontology: Graph, examine: Examine) -> None:
    broken = Graph() + ontology
    broken.add((URIRef(f"{PREFIXES['city']}essen"), RDF.type, ik.City))
    assert examine(broken)["consistent"] is True
    broken.add((URIRef(f"{PREFIXES['city']}essen"), RDF.type, ik.Goal))
    assert examine(broken)["consistent"] is False


def test_ontology_has_a_complete_header(ontology: Graph) -> None:
    header = URIRef(ONTOLOGY)
    told = {str(predicate) for predicate in ontology.predicates(header)}
    for name in ("creator", "publisher", "bibliographicCitation", "source", "license", "created", "modified", "title"):
        assert str(dcterms[name]) in told, name
    for iri in (
        f"{PREFIXES['bibo']}status",
        f"{PREFIXES['schema']}includedInDataCatalog",
        f"{PREFIXES['foaf']}logo",
        str(OWL.versionIRI),
    ):
        assert iri in told, iri
    citations = {str(text) for text in ontology.objects(header, dcterms.bibliographicCitation)}
    version = str(ontology.value(header, OWL.versionInfo))
    assert all(version in text for text in citations)


def test_every_format_of_the_ontology_says_the_same(get: Get, ontology: Graph) -> None:
    rows = list(csv.DictReader(io.StringIO(get("/ontology.csv").text)))
    trig = Dataset()
    trig.parse(data=get("/ontology.trig").content, format="trig")

    assert len(rows) == len(ontology)
    assert isomorphic(trig.default_graph, ontology)
    for suffix in ("ttl", "nt", "jsonld"):
        assert isomorphic(Graph().parse(data=get(f"/ontology.{suffix}").content, format=FORMATS[suffix][1]), ontology)
    labelled = {row["subject"]: row["subject_label"] for row in rows}
    assert labelled[f"{PREFIXES['ik']}City"] == "Stadt"
    assert {row["graph"] for row in rows} == {""}


def test_logo_that_the_ontology_names_is_served(get: Get, ontology: Graph) -> None:
    logo = str(ontology.value(URIRef(ONTOLOGY), URIRef(f"{PREFIXES['foaf']}logo")))
    assert get(logo.replace(BASE, "/")).headers["content-type"].startswith("image/svg+xml")


def test_shapes_find_no_violation_in_the_dump(shapes: Graph, union: Graph) -> None:
    assert violations(union, shapes) == set()


def test_shapes_find_what_is_wrong_in_a_broken_copy_also_along_a_path(shapes: Graph, union: Graph) -> None:
    goal = URIRef(f"{PREFIXES['goal']}nobodys")
    broken = Graph() + union
    broken.add((goal, RDF.type, ik.Goal))
    found = violations(broken, shapes)
    # The holder of a goal is found along an alternative of inverse paths.
    assert (URIRef(f"{PREFIXES['shape']}Goal-holder"), goal) in found
    assert (URIRef(f"{PREFIXES['shape']}Goal-text"), goal) in found


@pytest.mark.parametrize("name", ["graph", "vocabulary"])
def test_shapes_taken_from_a_dump_find_no_violation(get: Get, union: Graph, name: str) -> None:
    assert violations(union, read(get, f"/dumps/{name}.ttl", "turtle")) == set()


def test_what_the_shapes_of_a_dump_report_the_whole_shapes_report_too(
    dump: Dataset, shapes: Graph, union: Graph
) -> None:
    left = Graph()
    for triple in dump.graph(URIRef(GRAPH_SHAPES)):
        left.add(triple)
    broken = Graph() + union
    for goal in [*union.subjects(RDF.type, ik.Goal)][:3]:
        broken.remove((goal, schema.text, None))
    for place in [*union.subjects(RDF.type, ik.City)][:3]:
        broken.remove((place, RDF.type, ik.City))
        broken.add((place, RDFS.label, Literal("", lang="de")))
    found = results(broken, left)
    assert len({severity for severity, _, _ in found}) == 2
    assert found - results(broken, shapes) == set()


def test_graph_says_no_path_and_no_axiom_that_needs_blank_nodes_and_names_the_document(dump: Dataset) -> None:
    left = dump.graph(URIRef(GRAPH_SHAPES))
    properties = set(dump.subjects(RDF.type, OWL.ObjectProperty)) | set(dump.subjects(RDF.type, OWL.DatatypeProperty))
    properties |= set(dump.subjects(RDF.type, OWL.AnnotationProperty))
    assert {str(path) for path in left.objects(None, SH.path)} <= {
        *map(str, properties),
        *(str(term) for term in (RDF.type, RDFS.label, RDFS.comment, RDFS.isDefinedBy, RDFS.subClassOf)),
    }
    assert not any("genid" in str(node) for quad in dump.quads() for node in quad)
    holder = URIRef(f"{PREFIXES['shape']}Goal-holder")
    assert (holder, RDFS.isDefinedBy, URIRef(SHAPES)) in left
    assert (holder, RDF.type, SH.PropertyShape) not in left
    assert not any(triple[1] == OWL.propertyChainAxiom for triple in dump.triples((None, None, None)))


def test_every_shape_is_in_the_document(dump: Dataset, shapes: Graph) -> None:
    left: set[Any] = {node for node in dump.graph(URIRef(GRAPH_SHAPES)).subjects() if isinstance(node, URIRef)}
    assert left - set(shapes.subjects()) == set()
