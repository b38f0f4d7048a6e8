"""The questions of the library in the graph: what SIB's editor asks an endpoint for is there, on both engines."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import RDF, Dataset, Literal, URIRef
from tests.graph.small import write
from tests.queries.answers import ask_oxigraph, ask_rdflib, to_store
from tests.release.test_library import QUESTION

from interkommunal.content import Content
from interkommunal.errors import SyntaxProblem
from interkommunal.graph.assemble import Assembly, assemble
from interkommunal.graph.library import read_library
from interkommunal.namespaces import GRAPH_EXAMPLES, GRAPH_GRAPHS, GRAPH_PARTITIONS, ID, IK, PREFIXES

ROOT = Path(__file__).resolve().parents[2]
QUESTIONS = read_library(ROOT / "queries" / "library")

# The three queries that an editor of the convention sends to an endpoint: prefixes, examples, classes and properties.
PREFIX_QUERY = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT DISTINCT ?prefix ?namespace
WHERE { [] sh:namespace ?namespace ; sh:prefix ?prefix }
ORDER BY ?prefix
"""
EXAMPLE_QUERY = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?sq ?comment ?query
WHERE {
    ?sq a sh:SPARQLExecutable ; rdfs:comment ?comment ; sh:select|sh:ask|sh:construct|sh:describe ?query .
}
ORDER BY ?sq LANG(?comment)
"""
PARTITION_QUERY = """
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX void-ext: <http://ldf.fi/void-ext#>
SELECT DISTINCT ?subjectClass ?prop ?objectClass ?objectDatatype
WHERE {
    {
        ?cp void:class ?subjectClass ; void:propertyPartition ?pp .
        ?pp void:property ?prop .
        OPTIONAL {
            { ?pp void:classPartition [ void:class ?objectClass ] }
            UNION { ?pp void-ext:datatypePartition [ void-ext:datatype ?objectDatatype ] }
        }
    } UNION {
        ?linkset void:subjectsTarget [ void:class ?subjectClass ] ;
            void:linkPredicate ?prop ;
            void:objectsTarget [ void:class ?objectClass ] .
    }
}
ORDER BY ?subjectClass ?prop
"""


@pytest.fixture(scope="module")
def store(assembly: Assembly) -> ox.Store:
    """The shipped graph in Oxigraph."""
    return to_store(assembly.dataset)


@pytest.mark.parametrize("query", [PREFIX_QUERY, EXAMPLE_QUERY, PARTITION_QUERY])
def test_both_engines_answer_editors_alike(query: str, assembly: Assembly, store: ox.Store) -> None:
    found = ask_oxigraph(store, query)
    assert found.rows
    assert ask_rdflib(assembly.dataset, query) == found


def test_prefixes_are_those_of_the_project(store: ox.Store) -> None:
    declared = {row[0][1]: row[1][1] for row in ask_oxigraph(store, PREFIX_QUERY).rows if row[0] and row[1]}
    assert declared == {name: PREFIXES[name] for name in declared}
    assert {"ik", "city", "schema", "oa", "rdfs"} <= set(declared)


def test_each_question_is_there_in_both_languages_with_a_query_that_runs(store: ox.Store) -> None:
    rows = [tuple(term[1:] for term in row if term) for row in ask_oxigraph(store, EXAMPLE_QUERY).rows]
    texts = {name.rpartition("/")[2]: text for (name, _), _, (text, _) in rows}
    assert texts == {query.name: query.text.strip() for query in QUESTIONS}
    said = {(name.rpartition("/")[2], language): comment for (name, _), (comment, language), _ in rows}
    assert said == {(query.name, language): query.summary[language] for query in QUESTIONS for language in ("de", "en")}


def test_partitions_count_as_the_graph_does(store: ox.Store) -> None:
    rows = {(row[0][1], row[1][1]) for row in ask_oxigraph(store, PARTITION_QUERY).rows if row[0] and row[1]}
    counted = ask_oxigraph(
        store,
        f"SELECT DISTINCT ?class ?property WHERE {{ ?thing a ?class ; ?property ?value "
        f'FILTER (STRSTARTS(STR(?thing), "{ID}")) }}',
    )
    assert rows == {(row[0][1], row[1][1]) for row in counted.rows if row[0] and row[1]}
    entities = ask_oxigraph(
        store,
        "PREFIX void: <http://rdfs.org/ns/void#> SELECT ?entities ?triples "
        f"WHERE {{ ?part void:class <{IK}City> ; void:entities ?entities ; void:propertyPartition ?inner . "
        f"?inner void:property <{PREFIXES['rdfs']}label> ; void:triples ?triples }}",
    )
    cities = ask_oxigraph(store, f"SELECT DISTINCT ?city WHERE {{ ?city a <{IK}City> }}")
    # Each city has a label in German and one in English.
    assert [tuple(term[1] for term in row if term) for row in entities.rows] == [
        (str(len(cities.rows)), str(2 * len(cities.rows)))
    ]


def test_what_the_release_says_of_itself_is_nowhere_in_facts(assembly: Assembly) -> None:
    about = {
        str(graph) for _, _, _, graph in assembly.dataset.quads((None, RDF.type, URIRef(f"{PREFIXES['void']}Dataset")))
    }
    assert about == {GRAPH_PARTITIONS}
    for graph in (GRAPH_EXAMPLES, GRAPH_PARTITIONS):
        assert [str(s) for s in assembly.dataset.graph(URIRef(graph)).subjects() if str(s).startswith(ID)] == []


def graph_of(dataset: Dataset) -> set[tuple[object, ...]]:
    return set(dataset.graph(URIRef(GRAPH_EXAMPLES)))


def test_an_edited_question_changes_the_graph(small_content: Content) -> None:
    before = assemble(small_content)
    assert graph_of(before.dataset) == set()
    write(small_content, "queries/library/forums.rq", QUESTION)
    asked = assemble(small_content)
    write(small_content, "queries/library/forums.rq", QUESTION.replace("ORDER BY ?forum", "ORDER BY ?city ?forum"))
    edited = assemble(small_content)

    assert len(graph_of(asked.dataset)) == 9 + 1 + 2 * 3
    assert graph_of(asked.dataset) != graph_of(edited.dataset)
    register = asked.dataset.graph(URIRef(GRAPH_GRAPHS))
    assert (URIRef(GRAPH_EXAMPLES), URIRef(f"{PREFIXES['dcterms']}source"), Literal("queries/library")) in register


def test_a_question_with_a_faulty_head_stops_the_build_with_its_line(small_content: Content) -> None:
    write(small_content, "queries/library/forums.rq", QUESTION.replace("#+ tags: forums, cities", "#+ tags"))
    with pytest.raises(SyntaxProblem, match=r"forums\.rq:4: a line of the head is not '#\+ key: value'"):
        assemble(small_content)
