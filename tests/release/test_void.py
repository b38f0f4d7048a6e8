"""What VoID says of a release is what SPARQL counts."""

from __future__ import annotations

import pyoxigraph
import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store
from rdflib import Graph, URIRef
from rdflib.namespace import DCTERMS, RDF, VOID
from tests.serving import write_release

from interkommunal.errors import ReleaseError
from interkommunal.namespaces import CATALOGUE_PREFIXES, PREFIXES
from interkommunal.release import formats, void
from interkommunal.release.release import Release

ADDRESS = "https://daten.example.org/ruhr"
GRAPH = URIRef("https://w3id.org/interkommunal/dataset/graph")
OURS = 'FILTER (STRSTARTS(STR(?s), "https://w3id.org/interkommunal/id/"))'


@pytest.fixture(scope="module")
def store(shipped: Release) -> Store:
    """The statements of the shipped release."""
    store = Store()
    store.bulk_load(path=shipped.quads, format=RdfFormat.N_QUADS)
    return store


@pytest.fixture(scope="module")
def described(shipped: Release) -> Graph:
    """The VoID description of the shipped release."""
    return Graph().parse(data=formats.turtle(void.description(shipped, ADDRESS), CATALOGUE_PREFIXES), format="turtle")


def asked(store: Store, query: str) -> dict[tuple[str, ...], int]:
    """The numbers in the last column by the values of the others; the default graph is the union."""
    found = {}
    solutions = store.query(query, use_default_graph_as_union=True)
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    for solution in solutions:
        *keys, number = solution
        assert isinstance(number, Literal)
        found[tuple(key.value for key in keys if isinstance(key, NamedNode))] = int(number.value)
    return found


@pytest.mark.parametrize(
    ("property_", "query"),
    [
        ("triples", "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } }"),
        ("entities", f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s ?p ?o {OURS} }}"),
        ("distinctSubjects", "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }"),
        ("distinctObjects", "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }"),
        ("classes", "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c }"),
        ("properties", "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }"),
    ],
)
def test_number_is_what_sparql_counts(property_: str, query: str, described: Graph, store: Store) -> None:
    assert asked(store, query) == {(): int(str(described.value(GRAPH, VOID[property_])))}


def test_classes_have_as_many_things_as_sparql_counts(described: Graph, store: Store) -> None:
    found = {
        (str(described.value(part, VOID["class"])),): int(str(described.value(part, VOID.entities)))
        for part in described.objects(GRAPH, VOID.classPartition)
    }

    assert len(found) > 40
    assert found == asked(store, "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c")


def test_properties_have_as_many_triples_as_sparql_counts(described: Graph, store: Store) -> None:
    found = {
        (str(described.value(part, VOID.property)),): int(str(described.value(part, VOID.triples)))
        for part in described.objects(GRAPH, VOID.propertyPartition)
    }

    assert len(found) > 80
    query = "SELECT ?p (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } } GROUP BY ?p"
    assert found == asked(store, query)


def test_properties_of_classes_have_as_many_triples_as_sparql_counts(described: Graph, store: Store) -> None:
    found = {
        (str(described.value(part, VOID["class"])), str(described.value(inner, VOID.property))): int(
            str(described.value(inner, VOID.triples))
        )
        for part in described.objects(GRAPH, VOID.classPartition)
        for inner in described.objects(part, VOID.propertyPartition)
    }

    assert len(found) > 300
    query = "SELECT ?c ?p (COUNT(*) AS ?n) { SELECT DISTINCT ?c ?s ?p ?o { ?s a ?c ; ?p ?o } } GROUP BY ?c ?p"
    assert found == asked(store, query)


@pytest.mark.parametrize("prefix", ["wd", "gnd", "geonames"])
def test_links_are_as_many_as_sparql_counts(prefix: str, described: Graph, store: Store) -> None:
    target = URIRef(f"{ADDRESS}/void#{prefix}")
    found = {
        (str(described.value(links, VOID.linkPredicate)),): int(str(described.value(links, VOID.triples)))
        for links in described.subjects(VOID.objectsTarget, target)
    }

    assert found
    assert found == asked(
        store,
        "SELECT ?p (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o "
        f'FILTER (ISIRI(?o) && STRSTARTS(STR(?o), "{PREFIXES[prefix]}")) {OURS} }} }} GROUP BY ?p',
    )


def test_partitions_have_names_of_their_own(described: Graph) -> None:
    parts = [part for part in described.subjects(RDF.type, VOID.Dataset) if described.value(part, VOID.property)]

    assert len(parts) > 300
    assert [part for part in parts if len(list(described.objects(part, VOID.property))) != 1] == []


def test_description_names_endpoint_dumps_licence_and_things_that_exist(described: Graph, store: Store) -> None:
    assert described.value(GRAPH, VOID.sparqlEndpoint) == URIRef(f"{ADDRESS}/sparql")
    assert URIRef(f"{ADDRESS}/dumps/graph.ttl") in described.objects(GRAPH, VOID.dataDump)
    assert URIRef("https://creativecommons.org/publicdomain/zero/1.0/") in described.objects(GRAPH, DCTERMS.license)
    examples = list(described.objects(GRAPH, VOID.exampleResource))
    assert len(examples) == 5
    for example in examples:
        assert list(store.quads_for_pattern(NamedNode(str(example)), None, None))


def test_vocabularies_are_those_that_terms_are_from(described: Graph) -> None:
    found = {str(item) for item in described.objects(GRAPH, VOID.vocabulary)}

    assert {PREFIXES[prefix] for prefix in ("ik", "schema", "skos", "dcterms")} <= found
    assert PREFIXES["wd"] not in found


def test_release_without_counts_is_refused_with_the_way_out(tmp_path_factory: pytest.TempPathFactory) -> None:
    release = write_release(tmp_path_factory.mktemp("old"), b"")

    with pytest.raises(ReleaseError, match=r"has no usable void\.json; build it again: interkommunal build"):
        void.description(release, ADDRESS)
