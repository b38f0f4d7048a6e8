"""Each rule of an explanation: queries that it warns of, with place and mend, and like ones that it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.sparql.conftest import HEAD, LINES, Explain

from interkommunal.sparql.facts import FACT_RULES
from interkommunal.sparql.rules import RULES

QUERIES = Path(__file__).resolve().parents[2] / "queries"

# Code, query (in its first line), column or None, a part of the message, a part of the mend or None.
Case = tuple[str, str, int | None, str, str | None]
WARNED: list[Case] = [
    ("unknown-term", "SELECT ?c { ?c a ik:Citty }", 18, "ik:Citty does not occur", "Is ik:City meant?"),
    ("unknown-term", "SELECT ?n { ?c schema:nam ?n }", 16, "schema:nam does not", "Is schema:name meant?"),
    ("unknown-term", "SELECT ?f { ?f schema:location city:esen }", 32, "city:esen does not", "Is city:essen meant?"),
    ("unknown-term", "SELECT ?n { ?c ik:no/schema:name ?n }", None, "ik:no does not", None),
    (
        "unknown-term",
        "SELECT ?n { ?c <http://schema.org/name> ?n }",
        16,
        "<http://schema.org/name> does not",
        "Is schema:name meant?",
    ),
    ("unknown-term", "SELECT ?c { ?c a ik:Contract }", 18, "ik:Contract does not occur", "Is ik:Agreement meant?"),
    ("unknown-term", "SELECT ?c { ?c a ik:Vertrag }", 18, "ik:Vertrag does not occur", "Is ik:Agreement meant?"),
    ("unknown-graph", "SELECT ?c FROM <urn:none> { ?c a ik:City }", 16, "There is no graph <urn:none>", None),
    (
        "unknown-graph",
        "SELECT ?c FROM NAMED <urn:none> { GRAPH ?g { ?c a ik:City } }",
        22,
        "There is no graph <urn:none>",
        None,
    ),
    (
        "empty-default-graph",
        "SELECT ?c FROM NAMED <https://w3id.org/interkommunal/graph/ontology> { ?c a ik:City }",
        None,
        "leaves the default graph empty",
        None,
    ),
    ("unknown-term", "DESCRIBE city:esen", 10, "city:esen does not", "Is city:essen meant?"),
    ("variable-unbound", "SELECT ?citty { ?city a ik:City }", 8, "no pattern binds it", "Is ?city meant?"),
    ("filter-unbound", 'SELECT ?c { ?c rdfs:label ?label FILTER (STR(?labe) = "Essen") }', 46, "No pattern", "?label"),
    ("bind-unbound", "SELECT ?c ?x { ?c rdfs:label ?label BIND (STR(?lable) AS ?x) }", 47, "No pattern", "?label"),
    ("variable-once", "SELECT ?forum { ?forum a ik:Forum . ?forun schema:location ?c }", 37, "only once", "Is ?forum"),
    ("cartesian-product", "SELECT ?c ?f { ?c a ik:City . ?f a ik:Forum }", 11, "share no variable", "Connect"),
    ("cartesian-product", "SELECT ?c { ?c a ik:City OPTIONAL { ?f a ik:Forum } }", 37, "share no variable", "Connect"),
    (
        "cartesian-product",
        "SELECT ?c { ?c a ik:City . ?f a ik:Forum FILTER (STR(?f) > STR(?c)) }",
        28,
        "only a FILTER sorts out",
        None,
    ),
    (
        "filter-contradiction",
        'SELECT ?c { ?c rdfs:label ?l FILTER (STR(?l) = "Essen" && STR(?l) = "Herne") }',
        30,
        "“Essen” and “Herne” at once",
        "||",
    ),
    (
        "filter-contradiction",
        "SELECT ?p { ?p ik:line ?n FILTER (?n > 9) FILTER (?n < 3) }",
        43,
        "No number is from 9 and up to 3",
        None,
    ),
    ("filter-contradiction", "SELECT ?c { ?c a ik:City FILTER (?c != ?c) }", 26, "Nothing differs from itself", None),
    ("filter-contradiction", 'SELECT ?c { ?c a ik:City FILTER ("a" = "b") }', 26, "Two different constants", None),
    ("filter-types", 'SELECT ?l { ?c rdfs:label ?l FILTER (STRLEN(?l) = "5") }', 30, "is a number", "without quot"),
    ("filter-types", "SELECT ?l { ?c rdfs:label ?l FILTER (?l = 5) }", 30, "?l is text", '?l = "5"'),
    ("filter-iri-text", "SELECT ?c { ?c a ik:City FILTER (STR(?c) = city:essen) }", 26, "never equal", "leave out STR"),
    ("filter-iri-text", 'SELECT ?c { ?c a ik:City FILTER (?c = "Essen") }', 26, "?c is an IRI", "STR(?c)"),
    ("filter-iri-text", 'SELECT ?p { ?f schema:location ?p FILTER (?p = "Essen") }', 35, "?p is an IRI", "STR(?p)"),
    ("filter-iri-text", 'SELECT ?p { ?f schema:location ?p FILTER REGEX(?p, "e") }', 35, "needs text", "REGEX(STR(?p)"),
    ("filter-case", 'SELECT ?l { ?c rdfs:label ?l FILTER (LCASE(?l) = "Essen") }', 30, "never equals", "“essen”"),
    ("filter-language", 'SELECT ?l { ?c rdfs:label ?l FILTER (LANG(?l) = "fr") }', 30, "“fr”", '"de", "en"'),
    ("filter-language", 'SELECT ?l { ?c rdfs:label ?l FILTER LANGMATCHES(LANG(?l), "fr") }', 30, "“fr”", '"de"'),
    (
        "date-precision",
        'SELECT ?f { ?f schema:startDate ?d FILTER (?d > "2012-01-01"^^xsd:date) }',
        36,
        "days and years",
        'STR(?d) > "2012-01-01"',
    ),
    (
        "date-precision",
        "SELECT ?f { ?f schema:startDate ?d . ?a dcterms:created ?e FILTER (?d < ?e) }",
        60,
        "days and years",
        "STR(?d) … STR(?e)",
    ),
    (
        "date-precision",
        "SELECT ?f { ?f schema:startDate ?d FILTER (MONTH(?d) = 5) }",
        36,
        "years",
        "SUBSTR(STR(?d), 6, 2)",
    ),
    ("literal-language", 'SELECT ?c { ?c rdfs:label "Essen" }', 27, "does not occur as a value", '"Essen"@de'),
    ("literal-language", 'SELECT ?c { ?c rdfs:label ?l FILTER (?l = "Essen") }', 30, "have a language", "STR(?l)"),
    ("literal-case", 'SELECT ?c { ?c rdfs:label "essen"@de }', 27, "does not occur", '"Essen"@de'),
    ("literal-type", 'SELECT ?f { ?f schema:startDate "2010" }', 33, "does not occur", '"2010"^^xsd:gYear'),
    (
        "literal-form",
        'SELECT ?c { ?c rdfs:label "Mu\\u0308lheim an der Ruhr"@de }',
        27,
        "looks like",
        "without escapes",
    ),
    ("filter-language", 'SELECT ?l { ?c rdfs:label ?l FILTER (LANG(?l) = "DE") }', 30, "“DE”", '"de", "en"'),
    (
        "filter-language",
        'SELECT ?l { ?c a ?t ; rdfs:label ?l } GROUP BY ?l HAVING (LANG(?l) = "fr")',
        51,
        "“fr”",
        '"de", "en"',
    ),
    (
        "literal-language",
        'SELECT ?c { ?c rdfs:label ?l } GROUP BY ?c HAVING (SAMPLE(?l) = "Essen")',
        44,
        "have a language",
        "STR(?l)",
    ),
    (
        "regex-broken",
        'SELECT ?l { ?c rdfs:label ?l FILTER REGEX(?l, "(") }',
        47,
        "no regular expression",
        "stands for itself",
    ),
    (
        "regex-broken",
        'SELECT ?l { ?c rdfs:label ?l FILTER (REPLACE(?l, "[", "") = "x") }',
        50,
        "REPLACE fails",
        "stands for itself",
    ),
    ("unknown-graph", "SELECT ?l FROM city:none { ?c rdfs:label ?l }", 16, "no graph city:none", None),
    ("limit-zero", "SELECT ?c { ?c a ik:City } LIMIT 0", 28, "leaves no row", "larger"),
    ("offset-beyond", "SELECT ?c { ?c a ik:City } OFFSET 100", 28, "passes over all 9 rows", None),
    ("empty-pattern", "SELECT ?c { ?c a ik:City . ?c a ik:Citty }", 28, "nothing even by itself", None),
    ("empty-together", "SELECT ?c { ?c a ik:City . ?c a ik:Forum }", 28, "with “?c a ik:City .”", None),
    (
        "empty-having",
        "SELECT ?l { ?c a ik:City ; rdfs:label ?l } GROUP BY ?l HAVING (COUNT(?c) > 5)",
        56,
        "this HAVING lets none",
        None,
    ),
    (
        "empty-having",
        "SELECT * { { SELECT ?l { ?c a ik:City ; rdfs:label ?l } GROUP BY ?l HAVING (COUNT(*) > 5) } ?x a ?l }",
        69,
        "this HAVING lets none",
        None,
    ),
    ("empty-values", "SELECT ?c { ?c a ik:City } VALUES ?c { ik:City }", 28, "none of them fits these VALUES", None),
    ("empty-together", "SELECT ?c { VALUES ?c { ik:City } ?c a ik:City }", 35, "with “VALUES ?c { ik:City }”", None),
    ("empty-minus", "SELECT ?c { ?c a ik:City MINUS { ?c rdfs:label ?l } }", 26, "this MINUS takes all", None),
    (
        "empty-filter",
        'SELECT ?l { { SELECT ?l { ?c a ik:City ; rdfs:label ?l FILTER (STR(?l) = "Paris") } } ?x rdfs:label ?l }',
        56,
        "lets none of them through",
        None,
    ),
    (
        "empty-pattern",
        "SELECT ?n { ?c a ik:City ; rdfs:label/schema:location/rdfs:label ?n }",
        28,
        "nothing even by itself",
        "breaks off already at schema:location",
    ),
    (
        "empty-graph",
        "CONSTRUCT { ?l a ik:City } WHERE { ?c a ik:City ; rdfs:label ?l }",
        1,
        "no triple is made of it",
        None,
    ),
    ("aggregate-of-nothing", "SELECT (COUNT(*) AS ?n) { ?c a ik:Citty }", 27, "Nothing is aggregated here", None),
    (
        "empty-filter",
        'SELECT ?c { ?c rdfs:label ?l FILTER (STR(?l) = "Paris") }',
        30,
        "lets none of them through",
        None,
    ),
]
LEFT_ALONE = [
    ("unknown-term", "SELECT ?c { ?c a ik:City ; rdfs:label ?l . ?f schema:location city:essen }"),
    ("unknown-term", "SELECT ?c { ?c a ik:City FILTER (STRSTARTS(STR(?c), STR(city:))) }"),
    ("variable-unbound", "SELECT ?c (COUNT(*) AS ?n) { ?c a ik:City } GROUP BY ?c"),
    ("variable-unbound", "SELECT ?c { { SELECT ?c { ?c a ik:City } } }"),
    ("variable-unbound", "SELECT ?y { ?s rdfs:label ?l } GROUP BY (LANG(?l) AS ?y)"),
    ("variable-unbound", "SELECT ?y { { SELECT ?y { ?s rdfs:label ?l } GROUP BY (LANG(?l) AS ?y) } }"),
    ("variable-unbound", "SELECT ?c { ?x a ik:City } VALUES ?c { 1 2 }"),
    ("filter-unbound", "SELECT ?c { ?c a ik:City FILTER (?x = 1 || true) }"),
    ("variable-once", "SELECT ?label (STR(?label) AS ?labels) { ?c rdfs:label ?label }"),
    ("cartesian-product", "SELECT ?c { ?c a ik:City FILTER EXISTS { ?c rdfs:label ?l . ?f schema:location ?c } }"),
    ("empty-having", "SELECT ?l { ?c a ik:City ; rdfs:label ?l } GROUP BY ?l HAVING (COUNT(?c) > 0)"),
    ("empty-values", "SELECT ?c { ?c a ik:City } VALUES ?c { city:essen }"),
    ("empty-minus", "SELECT ?c { ?c a ik:City MINUS { ?c a ik:Forum } }"),
    ("empty-graph", "CONSTRUCT { ?c rdfs:label ?l } WHERE { ?c a ik:City ; rdfs:label ?l }"),
    ("aggregate-of-nothing", "SELECT (COUNT(*) AS ?n) { ?c a ik:City }"),
    ("variable-unbound", "SELECT ?g { GRAPH ?g { ?c a ik:City } }"),
    ("filter-unbound", "SELECT ?c { ?c a ik:City FILTER (!BOUND(?x)) }"),
    ("bind-unbound", "SELECT ?c ?x { ?c a ik:City BIND (IF(true, ?c, ?nothing) AS ?x) }"),
    ("variable-once", "SELECT ?city { ?city a ik:City ; rdfs:label ?name }"),
    ("variable-once", "SELECT ?city1 { ?city1 a ik:City . ?city2 schema:about ?city1 }"),
    ("cartesian-product", "SELECT ?c ?f { ?c a ik:City . ?f schema:location ?c }"),
    ("cartesian-product", 'SELECT ?c { VALUES ?lang { "de" } ?c rdfs:label ?l FILTER (LANG(?l) = ?lang) }'),
    ("cartesian-product", "SELECT ?c { ?c a ik:City . city:essen rdfs:label ?l . ?c rdfs:label ?l }"),
    ("cartesian-product", "SELECT ?c { { SELECT (COUNT(*) AS ?n) { ?f a ik:Forum } } ?c a ik:City }"),
    ("filter-contradiction", 'SELECT ?c { ?c rdfs:label ?l FILTER (STR(?l) = "Essen" || STR(?l) = "Herne") }'),
    ("filter-contradiction", "SELECT ?p { ?p ik:line ?n FILTER (?n > 3) FILTER (?n < 9) }"),
    ("filter-contradiction", "SELECT ?p { ?p ik:line ?n FILTER (?n = 3 && ?n <= 3) }"),
    ("filter-types", "SELECT ?l { ?c rdfs:label ?l FILTER (STRLEN(?l) = 5) }"),
    ("filter-types", "SELECT ?p { ?p ik:line ?n FILTER (?n = 19) }"),
    ("filter-iri-text", "SELECT ?c { ?c a ik:City FILTER (?c = city:essen) }"),
    ("filter-iri-text", 'SELECT ?c { ?c a ik:City FILTER (CONTAINS(STR(?c), "essen")) }'),
    ("filter-case", 'SELECT ?l { ?c rdfs:label ?l FILTER (LCASE(?l) = "essen") }'),
    ("literal-language", 'SELECT ?c { ?c rdfs:label "Essen"@DE }'),
    ("regex-broken", 'SELECT ?l { ?c rdfs:label ?l FILTER REGEX(?l, "^E", "i") }'),
    ("literal-form", 'SELECT ?c { ?c rdfs:label "M\\u00FClheim an der Ruhr"@de }'),
    ("cartesian-product", "SELECT ?c ?z { ?c a ik:City OPTIONAL { BIND (1 AS ?z) } }"),
    ("cartesian-product", "SELECT ?c ?z { ?c a ik:City { VALUES ?z { 1 2 } } }"),
    ("filter-language", 'SELECT ?l { ?c rdfs:label ?l FILTER (LANG(?l) = "de") }'),
    ("date-precision", 'SELECT ?f { ?f schema:startDate ?d FILTER (STR(?d) > "2012-01-01") }'),
    ("date-precision", "SELECT ?f { ?f schema:startDate ?d FILTER (YEAR(?d) >= 2009) }"),
    ("literal-language", 'SELECT ?c { ?c rdfs:label "Essen"@de }'),
    ("literal-language", 'SELECT ?c { ?c rdfs:label ?l FILTER (?l = "Essen"@de) }'),
    ("literal-type", 'SELECT ?f { ?f schema:startDate "2010"^^xsd:gYear }'),
    ("unknown-graph", "SELECT ?c FROM <https://w3id.org/interkommunal/graph/ontology> { ?c a owl:Class }"),
    ("unknown-term", "SELECT ?c FROM <urn:none> { ?c a ik:City }"),
    (
        "empty-default-graph",
        "SELECT ?c FROM NAMED <https://w3id.org/interkommunal/graph/ontology> { GRAPH ?g { ?c a owl:Class } }",
    ),
    ("limit-zero", "SELECT ?c { ?c a ik:City } LIMIT 10"),
    ("offset-beyond", "SELECT ?c { ?c a ik:City } OFFSET 3"),
    ("empty-pattern", "SELECT ?c { ?c a ik:City }"),
    ("empty-together", "SELECT ?c { ?c a ik:City OPTIONAL { ?c a ik:Forum } }"),
    ("empty-filter", 'SELECT ?c { ?c rdfs:label ?l FILTER (STR(?l) = "Essen") }'),
]


@pytest.mark.parametrize(("code", "query", "column", "message", "mend"), WARNED, ids=lambda item: str(item)[:60])
def test_a_query_is_warned_of_with_place_and_mend(
    code: str, query: str, column: int | None, message: str, mend: str | None, explain: Explain
) -> None:
    found = [finding for finding in explain(HEAD + query).findings if finding.code == code]

    assert found, [finding.code for finding in explain(HEAD + query).findings]
    finding = found[0]
    assert message in finding.message.in_("en")
    assert (mend or "") in (finding.mend.in_("en") if finding.mend else "")
    assert (finding.mend is None) == (mend is None)
    if column is not None:
        assert finding.place == (LINES + 1, column)
    assert finding.message.in_("de") != finding.message.in_("en")


@pytest.mark.parametrize(("code", "query"), LEFT_ALONE, ids=lambda item: str(item)[:60])
def test_a_like_query_is_left_alone(code: str, query: str, explain: Explain) -> None:
    assert code not in [finding.code for finding in explain(HEAD + query).findings]


def test_every_code_has_a_query_for_and_one_against_it() -> None:
    warned, alone = {case[0] for case in WARNED}, {code for code, _ in LEFT_ALONE}
    # These two are told by the table of files with another prefix, and by the same rule as literal-language.
    assert warned - alone == {"literal-case"}
    assert {"never-holds", "namespace"} | warned >= {*RULES, *FACT_RULES}


def test_another_namespace_behind_a_known_prefix_is_told(explain: Explain) -> None:
    (finding, *_) = [
        item
        for item in explain("PREFIX schema: <http://schema.org/>\nSELECT ?n { ?c schema:name ?n }").findings
        if item.code == "namespace"
    ]
    assert finding.place == (1, 16)
    assert finding.mend
    assert "<https://schema.org/>" in finding.mend.in_("en")
    assert not explain("PREFIX s: <https://schema.org/>\nSELECT ?n { ?c s:name ?n }").findings


# Questions of the library that really combine what shares no variable, or ask for a term that is used nowhere.
KNOWN = {
    "cities-that-signed-in-2011": ["cartesian-product"],
    "forums-before-the-state-initiative": ["cartesian-product"],
    "parties-of-2010-not-listed-in-2003": ["cartesian-product"],
    "spokesperson-of-the-steering-group": ["unknown-term"],
    "years-without-a-forum": ["cartesian-product"],
}


def test_questions_of_the_library_give_no_reason_to_complain(explain: Explain) -> None:
    told = {}
    for path in sorted((QUERIES / "library").glob("*.rq")):
        if codes := [finding.code for finding in explain(path.read_text("utf-8")).findings]:
            told[path.stem] = codes
    assert told == KNOWN


def test_of_each_check_it_is_told_where_the_rows_run_out(explain: Explain) -> None:
    # No check finds anything in the shipped graph.
    for path in sorted((QUERIES / "checks").glob("*.rq")):
        codes = [finding.code for finding in explain(path.read_text("utf-8")).findings]
        assert any(code.startswith("empty-") for code in codes), path.name
