"""The queries that several scenarios ask, on graphs of :mod:`bench.graphs`.

The runaways never end on a large graph; the bombs fill memory fast. None of them reaches out or writes.
"""

from __future__ import annotations

from typing import Final

from interkommunal.namespaces import IK

PARTY: Final = f"<{IK}party>"
YEAR: Final = f"<{IK}year>"
BASED_ON: Final = f"<{IK}basedOn>"
VOICE: Final = f"<{IK}voice>"
TYPE: Final = f"<{IK}Passage>"

DUMP: Final = "SELECT * { ?s ?p ?o }"

AGGREGATES: Final = {
    "statements by property": "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY DESC(?n)",
    "cities by agreements": (
        f"SELECT ?city (COUNT(?a) AS ?n) (MIN(?y) AS ?first) {{ ?a {PARTY} ?city ; {YEAR} ?y }} "
        "GROUP BY ?city ORDER BY DESC(?n) ?city LIMIT 20"
    ),
}


def join(city: str) -> str:
    """Which cities share most agreements with one, and when the last was: a join of three patterns."""
    return (
        f"SELECT ?other (COUNT(?a) AS ?n) (MAX(?y) AS ?last) {{ ?a {PARTY} <{city}> , ?other ; {YEAR} ?y }} "
        "GROUP BY ?other ORDER BY DESC(?n) ?other LIMIT 10"
    )


# Cartesian products and property paths that go round in circles; they take time and little memory.
RUNAWAYS: Final = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT * { ?a ?p ?x . ?b ?q ?y . ?c ?r ?z FILTER(?x = ?y && ?y = ?z && ?a != ?b && ?b != ?c && ?p = ?r) }",
    f"SELECT (COUNT(*) AS ?n) {{ ?a ({PARTY}|^{PARTY})* ?b . ?c ({PARTY}|^{PARTY})* ?d }}",
    f"SELECT (COUNT(*) AS ?n) {{ ?a ({PARTY}/^{PARTY})+ ?b . ?b ({BASED_ON}|^{BASED_ON})* ?c }}",
    f"ASK {{ ?a ({PARTY}/^{PARTY})+ ?b . ?b ({PARTY}/^{PARTY})+ ?c FILTER(?a = ?b && ?b != ?c && ?a = ?c) }}",
    'SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(REGEX(CONCAT(STR(?c), STR(?f)), "(a|b|ab)*c(d|e)*$")) }',
    f"SELECT (SUM(?y * ?z) AS ?n) {{ ?a {YEAR} ?y . ?b {YEAR} ?z . ?c {YEAR} ?w . ?d {YEAR} ?v }}",
)

# What fills memory: rows that have to be kept, and strings that double.
BOMBS: Final = (
    "SELECT DISTINCT ?a ?d ?f { ?a ?b ?c . ?d ?e ?f }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?a LIMIT 100000000",
    "SELECT ?a (GROUP_CONCAT(?all) AS ?n) { ?x ?y ?a . ?u ?v ?w BIND(CONCAT(STR(?u), STR(?w), STR(?x)) AS ?all) } "
    "GROUP BY ?a",
)

# Ten at a time, as the aim has it.
TEN: Final = (*RUNAWAYS, *BOMBS)

# Wrong in many ways; each must be answered 4xx.
BAD: Final = (
    "SELECT",
    "SELECT * WHERE { ?s ?p ",
    "SELECT * { ?s ?p ?o } LIMIT minus",
    "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
    "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
    "SELECT * { SERVICE ?anywhere { ?s ?p ?o } }",
    "{" * 50_000,
    "SELECT * { ?s ?p \x00 }",
    "ASK { nowhere:bound ?p ?o }",
    "SELECT ?s { ?s a } ORDER BY",
)
