import pytest

from interkommunal.web.answering import is_volatile


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (NOW() AS ?t) {}",
        "SELECT (now() AS ?t) {}",
        "SELECT (RAND ( ) AS ?r) {}",
        "SELECT (IF(true,UUID(),1) AS ?u) {}",
        "SELECT (STRUUID # a comment\n () AS ?u) {}",
        "SELECT ?s { ?s ?p ?o FILTER(?o < NOW()) }",
        "SELECT (N\\u004FW() AS ?t) {}",
        "SELECT (\\U0000004eOW() AS ?t) {}",
    ],
)
def test_what_changes_each_time_is_found(query: str) -> None:
    assert is_volatile(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?now { ?now ?uuid $rand }",
        "SELECT * { ?s ex:now ex:rand }",
        "SELECT * { ?s ?p 'know' . <http://a.example/nowhere> ?p 'brand' }",
        "SELECT (STR(?x) AS ?uuid2) { ?x ?p 'K\\u00f6ln' }",
        "ASK {}",
    ],
)
def test_what_stays_is_not(query: str) -> None:
    assert not is_volatile(query)


def test_a_false_alarm_costs_only_the_cache() -> None:
    assert is_volatile("SELECT * { ?s ?p 'right now' FILTER(?s < ?p) }")
