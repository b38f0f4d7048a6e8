from __future__ import annotations

import json

import pytest

from interkommunal.errors import (
    AnswerUnfit,
    EngineFailed,
    EngineUnavailable,
    InterkommunalError,
    QueryFailed,
    QueryKilled,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    QueryTooLarge,
    QueueFull,
    ReleaseError,
    UnknownFunction,
)
from interkommunal.texts import Text
from interkommunal.web.problems import problem_of


@pytest.mark.parametrize(
    ("error", "status", "extras"),
    [
        (QuerySyntaxError(Text("something is missing before the end"), 3, 7), 400, {"line": 3, "column": 7}),
        (QuerySyntaxError(Text("something is missing before the end")), 400, {}),
        (QueryRefused(Text("write SERVICE as a word of its own"), "service"), 403, {"rule": "service"}),
        (QueryTimeout("out of time", 30.0), 504, {"seconds": 30.0}),
        (QueryTooLarge("too much memory", "memory"), 413, {"limit": "memory"}),
        (QueryTooLarge("too many rows", "rows"), 413, {"limit": "rows"}),
        (QueueFull("64 queries wait already.", 3), 503, {"retry_after": 3}),
        (EngineUnavailable("the engine is closing."), 503, {"retry_after": 5}),
        (QueryKilled("ended by an administrator"), 503, {}),
        (AnswerUnfit(Text("JSON-LD cannot hold triple terms; ask for Turtle or another format")), 406, {}),
        (QueryFailed(Text("the query failed: {error}", error="odd")), 500, {}),
        (EngineFailed("the process ended with SIGABRT"), 500, {}),
        (ReleaseError("/srv/secret is damaged"), 500, {}),
        (
            UnknownFunction(Text("the query cannot be read"), "http://a.example/f", 1, 2, ("STR",)),
            400,
            {"function": "http://a.example/f", "line": 1, "column": 2, "near": ["STR"]},
        ),
    ],
)
def test_each_error_has_its_status(error: InterkommunalError, status: int, extras: dict[str, object]) -> None:
    problem = problem_of(error)
    assert problem.status == status
    assert problem.extras == extras
    for language in ("de", "en"):
        document = json.loads(problem.body(language))
        assert list(document)[:4] == ["type", "title", "status", "detail"]
        assert document["status"] == status
        assert document["title"]
        assert document["detail"]


def test_who_is_turned_away_is_told_when_to_come_back() -> None:
    assert (b"retry-after", b"3") in problem_of(QueueFull("64 queries wait already.", 3)).headers


def test_a_fault_of_the_engine_has_a_type_of_its_own_and_does_not_blame_the_query() -> None:
    document = json.loads(problem_of(EngineFailed("the process ended with SIGABRT")).body("en"))
    assert document["type"].endswith("/problem/engine-failed")
    assert "not to blame" in document["detail"]


def test_the_inside_of_the_server_is_not_told() -> None:
    assert b"secret" not in problem_of(ReleaseError("/srv/secret is damaged")).body("en")


def test_german_and_english_differ() -> None:
    problem = problem_of(QueryTimeout("out of time", 2.5))
    assert b"nach 2.5 Sekunden" in problem.body("de")
    assert b"after 2.5 seconds" in problem.body("en")


@pytest.mark.parametrize(
    ("error", "german", "english"),
    [
        (
            QuerySyntaxError(Text("something is missing before the end"), 1, 7),
            "Die Anfrage ist kein SPARQL: Zeile 1, Spalte 7. Vor dem Ende fehlt etwas.",
            "The query is not SPARQL: line 1, column 7: something is missing before the end",
        ),
        (
            QueryRefused(Text("write SERVICE as a word of its own"), "service"),
            "Die Regel „service“ verbietet das. Schreiben Sie SERVICE als eigenes Wort.",
            "Write SERVICE as a word of its own.",
        ),
        (
            QueryFailed(Text("the query failed: {error}", error="odd")),
            "Die Auswertung brach ab. In den englischen Worten der Engine: „odd“.",
            "The query failed: odd.",
        ),
    ],
)
def test_each_language_speaks_for_itself(error: InterkommunalError, german: str, english: str) -> None:
    problem = problem_of(error)

    assert json.loads(problem.body("de"))["detail"] == german
    assert json.loads(problem.body("en"))["detail"] == english
