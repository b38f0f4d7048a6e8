"""An explanation as a whole: what does not parse, what may not be asked, how rows run out, what it may cost."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from tests.sparql.conftest import HEAD, LINES, Explain

from interkommunal.engine.sources import LocalStore
from interkommunal.errors import QueryRefused, QueryTimeout, QueryTooLarge
from interkommunal.namespaces import PREFIXES
from interkommunal.sparql.emptiness import Probe
from interkommunal.sparql.explanation import LONGEST, explain_query
from interkommunal.sparql.findings import as_text
from interkommunal.sparql.guard import Guard
from interkommunal.sparql.query import QueryRequest


@pytest.mark.parametrize(
    ("query", "place", "message", "mend"),
    [
        ("SELECT ?c {\n ?c a ?d", (1, 11), "this { is never closed", None),
        ("SELECT ?c { ?c a 'x }", (1, 18), "not closed", None),
        ("SELCT ?c { ?c a ?d }", (1, 1), "must stand, not 'SELCT'", "Instead of “SELCT”, SELECT is probably meant"),
        ("SELECT ?c { ?c a ?d } ORDER ?c", (1, 23), "BY is missing after ORDER", None),
        ("SELECT ?c { ?c a ?d FILTER ?d = 1 }", (1, 21), "the condition of FILTER needs brackets", None),
        ("SELECT ?c { ?c a ?d FILTER (?d == 1) }", (1, 32), "= compares, not ==", None),
        ("SELECT ?c { ?c a ?d OPTINAL { ?c a ?e } }", (1, 29), "cannot be read", "OPTIONAL is probably meant"),
    ],
)
def test_a_mistake_is_told_with_place_and_mend(
    query: str, place: tuple[int, int], message: str, mend: str | None, explain: Explain
) -> None:
    (finding,) = explain(query).findings

    assert (finding.code, finding.severity) == ("syntax", "error")
    assert message in finding.message.in_("en")
    assert (mend or "") in (finding.mend.in_("en") if finding.mend else "")
    assert finding.place is not None
    assert (finding.place.line, finding.place.column) == place


def test_a_prefix_that_is_known_here_is_handed_over(explain: Explain) -> None:
    (finding,) = explain("SELECT ?c { ?c a ik:City }").findings

    assert (finding.code, finding.place) == ("prefix-undeclared", (1, 18))
    assert finding.mend is not None
    assert finding.mend.in_("de") == f"Setzen Sie an den Anfang: PREFIX ik: <{PREFIXES['ik']}>"


def test_a_prefix_much_like_a_known_one_is_asked_for(explain: Explain) -> None:
    (finding,) = explain("SELECT ?c { ?c shema:name ?n }").findings

    assert finding.mend is not None
    assert finding.mend.in_("en") == f"Is schema: meant? PREFIX schema: <{PREFIXES['schema']}>"


def test_rows_are_counted_after_each_pattern(explain: Explain) -> None:
    found = explain(f"{HEAD}SELECT ?c {{ ?c a ik:City ;\n rdfs:label ?l , ?m .\n FILTER (STR(?l) = 'Paris') }}")

    assert [(step.pattern, step.rows, step.place.line - LINES) for step in found.steps] == [
        ("?c a ik:City .", 9, 1),
        ("?c rdfs:label ?l .", 18, 2),
        ("?c rdfs:label ?m .", 36, 2),
        ("FILTER (STR(?l) = 'Paris')", 0, 3),
    ]


def test_rows_are_counted_up_to_a_thousand_only(explain: Explain) -> None:
    (step,) = explain("SELECT * { ?s ?p ?o }").steps

    assert (step.rows, step.more) == (1000, True)


def test_the_emptiness_is_found_within_graph(explain: Explain) -> None:
    found = explain(HEAD + "SELECT ?c { ?c a ik:City . GRAPH ?g { ?c rdfs:label ?l . ?g oa:exact ?l } }")

    (finding,) = found.findings
    assert finding.code in ("empty-pattern", "empty-together")
    assert "?g oa:exact ?l ." in finding.message.in_("en")


def test_only_the_patterns_at_odds_are_named(explain: Explain) -> None:
    (finding,) = explain(HEAD + "SELECT ?c { ?c rdfs:label ?l . ?c a ik:City . ?c oa:hasTarget ?t }").findings

    assert finding.message.in_("en") == (
        "Each pattern finds something, but together with “?c a ik:City .” no row is left at “?c oa:hasTarget ?t .”."
    )


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("DELETE WHERE { ?s ?p ?o }", QueryRefused),
        ("SELECT * { SERVICE <http://127.0.0.1/sparql> { ?s ?p ?o } }", QueryRefused),
        ("SELECT * " + "{" * 300 + "}" * 300, QueryTooLarge),
    ],
)
def test_what_may_not_be_asked_is_not_explained(query: str, error: type[Exception], explain: Explain) -> None:
    with pytest.raises(error):
        explain(query)


def test_a_long_query_is_not_explained(explain: Explain) -> None:
    (finding,) = explain("SELECT * { ?s ?p ?o }" + " " * LONGEST).findings

    assert (finding.code, finding.severity) == ("not-read", "hint")


def test_no_question_reaches_another_endpoint(local: LocalStore) -> None:
    asked: list[str] = []

    async def ask(request: QueryRequest) -> bytes:
        asked.append(request.query)
        return local.answer(request)

    query = f"{HEAD}SELECT * {{ ?c a ik:City SERVICE <https://query.wikidata.org/sparql> {{ ?c a ik:Citty }} }}"
    found = asyncio.run(explain_query(query, lambda text: Guard().judge(text).inspection, Probe(ask)))

    assert [finding.code for finding in found.findings] == ["not-counted"]
    assert asked
    assert not any("SERVICE" in query for query in asked)


def test_a_graph_that_does_not_answer_in_time_ends_the_questions(local: LocalStore) -> None:
    async def ask(request: QueryRequest) -> bytes:
        assert request.limits.seconds <= 4
        raise QueryTimeout("too slow", request.limits.seconds)

    found = asyncio.run(explain_query(f"{HEAD}SELECT ?x {{ ?c a ik:City }}", local.inspect, Probe(ask)))

    assert [finding.code for finding in found.findings] == ["variable-unbound", "not-counted"]


def test_no_explanation_asks_without_end(local: LocalStore) -> None:
    asked = 0

    async def ask(request: QueryRequest) -> bytes:
        nonlocal asked
        asked += 1
        return local.answer(request)

    patterns = " ".join(f"?s <http://a.example/{number}> ?o{number} ." for number in range(80))
    many = " ".join(f"?s ?p{number} ?o{number} ." for number in range(80))

    for query, most in ((f"SELECT * {{ {patterns} }}", 14), (f"SELECT * {{ {many} }}", 48)):
        asked = 0
        asyncio.run(explain_query(query, local.inspect, Probe(ask)))
        assert 0 < asked <= most


def test_text_reads_like_that_of_a_compiler(explain: Explain) -> None:
    text = as_text(explain(HEAD + "SELECT ?c { ?c a ik:Citty }"), "en")

    assert text == (
        f"warning {LINES + 1}:13 empty-pattern\n"
        "    This pattern finds nothing even by itself: ?c a ik:Citty .\n"
        f"warning {LINES + 1}:18 unknown-term\n"
        "    ik:Citty does not occur in the graph.\n"
        "    Is ik:City meant?\n"
        "\n"
        "Rows after each pattern:\n"
        "     0  ?c a ik:Citty .\n"
    )
    assert as_text(replace(explain(HEAD + "SELECT ?c { ?c a ik:City }"), steps=()), "de") == "Nichts zu beanstanden.\n"
