"""The whole graph: which graphs there are, what describes them, and that the same files give the same dataset."""

from __future__ import annotations

import pytest
from rdflib import BNode, Dataset, Literal, URIRef
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.namespace import RDF, RDFS
from tests.graph.small import EDITORIAL, FIRST_LINE, ONTOLOGY, turtle, write

from interkommunal.content import Content
from interkommunal.errors import SourceError, SyntaxProblem, TermError
from interkommunal.graph.assemble import Assembly, assemble
from interkommunal.graph.dataset import to_graph
from interkommunal.graph.vocabulary import documents
from interkommunal.namespaces import CONCEPT, GRAPH, ID, IK, PASSAGE, PREFIXES, SHAPE

DCTERMS = PREFIXES["dcterms"]


def graphs(dataset: Dataset) -> set[str]:
    return {str(graph) for _, _, _, graph in dataset.quads((None, None, None, None)) if graph is not None}


def quads(assembly: Assembly) -> set[tuple[object, ...]]:
    return {tuple(quad) for quad in assembly.dataset.quads((None, None, None, None))}


def test_every_voice_has_graphs_of_its_own(small_content: Content) -> None:
    found = graphs(assemble(small_content).dataset)
    assert {iri.removeprefix(GRAPH) for iri in found if iri.startswith(GRAPH)} == {
        "derived/year",
        "editorial",
        "graphs",
        "ontology",
        "partitions",
        "passages",
        "shapes",
        "sources",
    }
    assert {iri for iri in found if not iri.startswith(GRAPH)} == {
        f"{PASSAGE}grundlagen/{name}" for name in ("L001", "L003", "L004.1")
    }


def test_the_default_graph_is_the_union(small_content: Content) -> None:
    dataset = assemble(small_content).dataset
    city = URIRef(f"{ID}city/essen")
    # The type is said by a passage, the label by the editors.
    assert (city, RDF.type, URIRef(f"{IK}City")) in dataset
    assert (city, RDFS.label, Literal("Essen", lang="de")) in dataset


@pytest.mark.parametrize("which", ["small_content", "content"])
def test_nothing_is_outside_named_graphs_and_nothing_is_blank(which: str, request: pytest.FixtureRequest) -> None:
    dataset = assemble(request.getfixturevalue(which)).dataset
    for subject, predicate, value, graph in dataset.quads((None, None, None, None)):
        assert graph is not None
        assert graph != DATASET_DEFAULT_GRAPH_ID
        assert not any(isinstance(term, BNode) for term in (subject, predicate, value, graph))


def test_the_same_files_give_the_same_dataset(content: Content, assembly: Assembly) -> None:
    assert quads(assemble(content)) == quads(assembly)


def test_literals_keep_their_spelling(small_content: Content) -> None:
    write(small_content, "data/editorial/labels.trig", turtle("graph:editorial { city:essen schema:position 007 }"))
    dataset = assemble(small_content).dataset
    assert [str(value) for value in dataset.objects(None, URIRef(f"{PREFIXES['schema']}position"))] == ["007"]


def test_every_graph_but_passages_is_described(assembly: Assembly) -> None:
    register = assembly.dataset.graph(URIRef(f"{GRAPH}graphs"))
    described = set(register.subjects(RDF.type, URIRef(f"{IK}StatementGraph")))
    named = {URIRef(iri) for iri in graphs(assembly.dataset) if not iri.startswith(PASSAGE)}
    # Shapes may be empty while there are none; a graph without triples does not exist.
    assert named <= described
    for graph in described:
        assert {label.language for label in register.objects(graph, RDFS.label) if isinstance(label, Literal)} == {
            "de",
            "en",
        }
        assert register.value(graph, URIRef(f"{IK}graphKind")) in {
            URIRef(f"{CONCEPT}graph-kind-{kind}")
            for kind in (
                "derived",
                "editorial",
                "links",
                "mapping-register",
                "passage-register",
                "reference",
                "register",
                "self-description",
                "shapes",
                "source-description",
                "vocabulary",
            )
        }


def test_a_derived_graph_says_by_which_query(small_content: Content) -> None:
    register = assemble(small_content).dataset.graph(URIRef(f"{GRAPH}graphs"))
    graph = URIRef(f"{GRAPH}derived/year")
    assert set(register.predicate_objects(graph)) == {
        (RDF.type, URIRef(f"{IK}StatementGraph")),
        (URIRef(f"{IK}graphKind"), URIRef(f"{CONCEPT}graph-kind-derived")),
        (RDFS.label, Literal("Abgeleitet: Jahre", lang="de")),
        (RDFS.label, Literal("Derived: years", lang="en")),
        (RDFS.comment, Literal("Das Jahr einer Sache.", lang="de")),
        (RDFS.comment, Literal("The year of a thing.", lang="en")),
        (URIRef(f"{DCTERMS}source"), Literal("queries/derive/10-year.rq")),
    }


def test_a_graph_made_from_files_names_them(small_content: Content) -> None:
    register = assemble(small_content).dataset.graph(URIRef(f"{GRAPH}graphs"))
    sources = {
        name: sorted(str(value) for value in register.objects(URIRef(f"{GRAPH}{name}"), URIRef(f"{DCTERMS}source")))
        for name in ("editorial", "passages", "sources", "shapes")
    }
    assert sources == {
        "editorial": ["data/editorial/labels.trig"],
        "passages": ["data/sources/grundlagen/01-all.trig"],
        "sources": ["data/sources/grundlagen/ignored.csv", "data/sources/grundlagen/source.ttl"],
        "shapes": ["shapes/city.ttl"],
    }


def test_progress_counts_to_the_end(small_content: Content) -> None:
    told: list[tuple[str, int, int]] = []
    assemble(small_content, lambda what, done, steps: told.append((what, done, steps)))
    assert [done for _, done, _ in told] == list(range(len(told)))
    assert {steps for _, _, steps in told} == {len(told)}
    assert "data/sources/grundlagen" in [what for what, _, _ in told]


def test_an_editorial_file_holds_the_editors_graph_only(small_content: Content) -> None:
    write(
        small_content, "data/editorial/labels.trig", turtle(f"{EDITORIAL}\nGRAPH graph:passages {{ city:a ik:line 1 }}")
    )
    with pytest.raises(TermError) as caught:
        assemble(small_content)
    assert caught.value.message == (
        "<https://w3id.org/interkommunal/graph/passages> is no graph for editors; "
        "every block here is graph:editorial { … }"
    )
    assert caught.value.line == FIRST_LINE + EDITORIAL.count("\n") + 1


def test_an_editorial_statement_outside_the_block_is_refused(small_content: Content) -> None:
    write(small_content, "data/editorial/labels.trig", turtle("city:essen ik:line 1 ."))
    with pytest.raises(SyntaxProblem) as caught:
        assemble(small_content)
    assert caught.value.line == FIRST_LINE


def test_what_needs_blank_nodes_is_left_out_of_the_graph_and_stands_in_the_document(small_content: Content) -> None:
    members = URIRef(f"{PREFIXES['owl']}members")
    first = assemble(small_content)
    assert list(first.dataset.objects(None, members)) == []
    ontology = to_graph(documents(small_content)[0].triples)
    (head,) = ontology.objects(None, members)
    assert list(ontology.items(head)) == [URIRef(f"{IK}City"), URIRef(f"{IK}Agreement")]
    # Another order of the statements and other lines mean the same, so the document says the same in the same bytes.
    parts = ONTOLOGY.split("\n\n")
    before = documents(small_content)[0].triples
    write(small_content, "ontology/interkommunal.ttl", turtle(f"# moved\n{parts[1]}\n\n{parts[0]}\n"))
    assert documents(small_content)[0].triples == before
    assert quads(assemble(small_content)) == quads(first)


def test_blank_nodes_of_different_files_stay_apart(small_content: Content) -> None:
    write(small_content, "shapes/other.ttl", turtle('shape:Other sh:in ( "a" "b" ) .\n'))
    shapes = assemble(small_content).shapes
    assert len(set(shapes.objects(None, URIRef(f"{PREFIXES['sh']}in")))) == 2


def test_shape_that_another_one_counts_by_is_left_out_with_it(small_content: Content) -> None:
    counts = 'sh:path rdf:type ; sh:qualifiedValueShape shape:City ; sh:qualifiedMaxCount 1 ; sh:message "x"'
    write(small_content, "shapes/other.ttl", turtle(f"shape:Other a sh:PropertyShape ; {counts} .\n"))
    said = {str(predicate) for predicate in assemble(small_content).dataset.predicates(URIRef(f"{SHAPE}Other"))}
    assert said == {f"{PREFIXES['sh']}message", f"{PREFIXES['rdfs']}isDefinedBy"}


def test_a_missing_file_of_the_ontology_is_named(small_content: Content) -> None:
    (small_content.ontology / "reused.ttl").unlink()
    with pytest.raises(SourceError, match=r"^ontology/reused\.ttl: this file of the ontology is missing$"):
        assemble(small_content)


def test_a_file_of_the_ontology_that_no_graph_is_for_is_named(small_content: Content) -> None:
    write(small_content, "ontology/more.ttl", "")
    with pytest.raises(SourceError, match=r"^ontology/more\.ttl: no graph is made for this file"):
        assemble(small_content)


def test_subjects_of_the_vocabulary_have_places(small_content: Content) -> None:
    place = assemble(small_content).origins.locate(URIRef(f"{IK}City"))
    assert place is not None
    assert (place.file.as_posix(), place.line) == ("ontology/interkommunal.ttl", FIRST_LINE)
