"""Derive queries: what they add, the same on two engines, and how they fail."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Dataset, URIRef
from tests.graph.small import YEAR_QUERY, sparql, turtle, write

from interkommunal.content import Content
from interkommunal.errors import SyntaxProblem
from interkommunal.graph.assemble import Assembly, assemble
from interkommunal.graph.derive import derive, read_queries
from interkommunal.namespaces import GRAPH, GRAPH_DERIVED, ID, IK, PASSAGE, PREFIXES

SHIPPED = Path(__file__).resolve().parents[2] / "queries" / "derive"
NAMES = ("involves", "party", "member", "in-city", "type", "organizer", "year", "mentioned-in")

FACTS = f"""
GRAPH <{PASSAGE}grundlagen/L001> {{
    agreement:a cv:hasParticipation participation:a1 , participation:a2 , participation:a3 , participation:a4 .
    participation:a1 cv:hasParticipant city:essen ; cv:role concept:role-first-signatory .
    participation:a2 cv:hasParticipant city:herne ; cv:role concept:role-acceding-party .
    participation:a3 cv:hasParticipant city:bottrop ; cv:role concept:role-negotiating-municipality .
    participation:a4 cv:hasParticipant group:vereine ; cv:role concept:role-signatory .
    agreement:a dcterms:created "2010"^^xsd:gYear .
    cooperation:c a ik:Cooperation ; ik:basedOn agreement:a ; schema:foundingDate "2008"^^xsd:gYear .
    agreement:b ik:basedOn agreement:a .
}}
GRAPH <{PASSAGE}grundlagen/L002> {{
    city:essen a ik:City . city:herne a ik:City . city:bottrop a ik:City .
    event:e schema:location place:saal ; schema:startDate "2011-09-20"^^xsd:date .
    event:f schema:location city:herne ; schema:startDate "[2016..]"^^edtf:EDTF .
    place:saal schema:containedInPlace place:rathaus .
    place:rathaus schema:containedInPlace city:essen .
    text:t schema:locationCreated city:bottrop ; dcterms:date "2010-05-28"^^xsd:date ; schema:text "1999" .
    work:w schema:dateCreated "2016"^^xsd:gYear ; schema:about concept:topic-diversity .
}}
GRAPH graph:editorial {{ event:f dcterms:date "2015"^^edtf:EDTF . discrepancy:d oa:hasTarget city:dortmund . }}
GRAPH graph:ontology {{ <https://w3id.org/interkommunal/ontology> dcterms:created "2026-01-01"^^xsd:date . }}
"""


@pytest.fixture(scope="module")
def facts() -> ox.Store:
    """The facts above and what the shipped queries derive from them, in order."""
    store = ox.Store()
    store.load(turtle(FACTS), format=ox.RdfFormat.TRIG)
    for quads in derive(list(store), read_queries(Content(SHIPPED.parents[1]))):
        store.extend(quads)
    return store


def derived(store: ox.Store, name: str) -> set[str]:
    """The triples in the graph of one query, abbreviated to the last parts of their IRIs."""
    found = store.quads_for_pattern(None, None, None, ox.NamedNode(f"{GRAPH_DERIVED}{name}"))
    return {" ".join(_last(term) for term in (quad.subject, quad.predicate, quad.object)) for quad in found}


def _last(term: object) -> str:
    assert isinstance(term, (ox.NamedNode, ox.Literal))
    return term.value.removeprefix(ID).removeprefix(IK).removeprefix(PREFIXES["org"])


def test_everybody_with_a_participation_is_involved(facts: ox.Store) -> None:
    assert derived(facts, "involves") == {
        "agreement/a involves city/bottrop",
        "agreement/a involves city/essen",
        "agreement/a involves city/herne",
        "agreement/a involves group/vereine",
    }


def test_parties_come_from_participations_and_negotiators_are_none(facts: ox.Store) -> None:
    assert derived(facts, "party") == {
        "agreement/a party city/essen",
        "agreement/a party city/herne",
        "agreement/a party group/vereine",
        "city/essen partyTo agreement/a",
        "city/herne partyTo agreement/a",
        "group/vereine partyTo agreement/a",
        "agreement/a firstSignatory city/essen",
        "agreement/a accedingParty city/herne",
    }


def test_members_are_the_cities_that_are_party_to_the_basis(facts: ox.Store) -> None:
    assert derived(facts, "member") == {
        "city/essen memberOf cooperation/c",
        "city/herne memberOf cooperation/c",
    }


def test_a_city_is_found_through_venues(facts: ox.Store) -> None:
    assert derived(facts, "in-city") == {
        "event/e inCity city/essen",
        "event/f inCity city/herne",
        "place/rathaus inCity city/essen",
        "place/saal inCity city/essen",
        "text/t inCity city/bottrop",
    }


def test_years_come_from_exact_dates_of_things_only(facts: ox.Store) -> None:
    assert derived(facts, "year") == {
        "agreement/a year 2010",
        "cooperation/c year 2008",
        "event/e year 2011",
        "text/t year 2010",
        "work/w year 2016",
    }


def test_a_thing_is_mentioned_where_it_is_subject_or_object_of_a_fact(facts: ox.Store) -> None:
    found = derived(facts, "mentioned-in")
    passage = "passage/grundlagen/L00"
    assert {line for line in found if line.startswith("city/")} == {
        f"city/bottrop mentionedIn {passage}1",
        f"city/bottrop mentionedIn {passage}2",
        f"city/essen mentionedIn {passage}1",
        f"city/essen mentionedIn {passage}2",
        f"city/herne mentionedIn {passage}1",
        f"city/herne mentionedIn {passage}2",
    }
    assert not any(line.startswith(("https:", "concept", "passage", "discrepancy")) for line in found)


def test_asking_for_a_wider_class_finds_the_things_of_our_classes(assembly: Assembly) -> None:
    asked = """
    SELECT (COUNT(DISTINCT ?event) AS ?events) (COUNT(DISTINCT ?city) AS ?cities) (COUNT(DISTINCT ?organised) AS ?by) {
        { ?event a <https://schema.org/Event> } UNION { ?city a <https://schema.org/City> }
        UNION { ?organised a <https://w3id.org/interkommunal/ontology#Forum> ; <https://schema.org/organizer> ?who }
    }"""
    (row,) = assembly.dataset.query(asked)
    # Six forums, the event of 2011, the accession of 2013 and the consultations; nine cities; six forums organised.
    assert [str(value) for value in row] == ["9", "9", "6"]  # type: ignore[union-attr]


def test_the_shipped_queries_are_the_ones_tested() -> None:
    assert tuple(path.stem.partition("-")[2] for path in sorted(SHIPPED.glob("*.rq"))) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_query_gives_the_same_on_rdflib(assembly: Assembly, name: str) -> None:
    (path,) = SHIPPED.glob(f"*-{name}.rq")
    before = Dataset(default_union=True)
    later = {f"{GRAPH_DERIVED}{other}" for other in NAMES[NAMES.index(name) :]}
    for quad in assembly.dataset.quads((None, None, None, None)):
        if str(quad[3]) not in later:
            before.add(quad)  # type: ignore[arg-type]
    answer = before.query(path.read_text(encoding="utf-8"))
    assert answer.graph is not None
    expected = set(assembly.dataset.graph(URIRef(f"{GRAPH_DERIVED}{name}")))
    assert expected
    assert set(answer.graph) == expected


def test_queries_run_in_the_order_of_their_names_over_what_went_before(small_content: Content) -> None:
    follow = """\
#+ title: later years
#+ title-de: spätere Jahre
#+ summary: Two years later.
#+ summary-de: Zwei Jahre später.
CONSTRUCT { ?thing ik:line ?later } WHERE { ?thing ik:year ?year BIND (?year + 2 AS ?later) }
"""
    write(small_content, "queries/derive/20-later.rq", sparql(follow))
    dataset = assemble(small_content).dataset
    later = dataset.graph(URIRef(f"{GRAPH}derived/later"))
    assert [str(value) for value in later.objects()] == ["2012"]


def test_derived_statements_stand_where_their_rule_does(small_content: Content) -> None:
    place = assemble(small_content).origins.locate(URIRef(f"{GRAPH}derived/year"))

    assert place is not None
    assert place.file.as_posix() == "queries/derive/10-year.rq"


@pytest.mark.parametrize(
    ("name", "body", "message"),
    [
        ("10-year", YEAR_QUERY.replace("WHERE", "WERE"), "the query does not parse: expected"),
        (
            "10-year",
            YEAR_QUERY.replace("CONSTRUCT { ?thing ik:year ?year }", "SELECT ?thing"),
            "a derive query is a CONSTRUCT",
        ),
        ("10-year", YEAR_QUERY.replace("ik:year ?year", "ik:year []"), "the query makes blank nodes"),
        ("10-year", YEAR_QUERY.replace("#+ title-de:", "#"), "the head lacks a line '#+ title-de: …'"),
        ("10-year", YEAR_QUERY.replace("#+ summary:", "# summary:"), "the head lacks a line '#+ summary: …'"),
        ("10-year", YEAR_QUERY.replace("#+ summary-de:", "#"), "the head lacks a line '#+ summary-de: …'"),
        ("year", YEAR_QUERY, "name a derive query by its turn and what it makes, for example 10-party.rq"),
    ],
)
def test_a_query_that_cannot_be_used_is_refused(small_content: Content, name: str, body: str, message: str) -> None:
    (small_content.queries / "derive/10-year.rq").unlink()
    write(small_content, f"queries/derive/{name}.rq", sparql(body))
    with pytest.raises(SyntaxProblem) as caught:
        assemble(small_content)
    assert caught.value.message.startswith(message)
    assert caught.value.file == Path(f"queries/derive/{name}.rq")


def test_a_query_that_does_not_parse_is_refused_with_its_line(small_content: Content) -> None:
    head = [f"#+ {key}: x" for key in ("title", "title-de", "summary", "summary-de")]
    body = "\n".join((*head, "CONSTRUCT { ?s ?p ?o }", "WERE { ?s ?p ?o }", ""))
    write(small_content, "queries/derive/10-year.rq", body)
    with pytest.raises(SyntaxProblem) as caught:
        assemble(small_content)
    assert caught.value.line == 6
