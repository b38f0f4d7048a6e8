"""Manners towards an endpoint that refuses, dawdles and breaks off, and what an interruption leaves."""

from __future__ import annotations

import email.utils
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.linking.conftest import EMPTY
from tests.linking.proxy import Proxy, proxy

from interkommunal.errors import UnreachableError
from interkommunal.linking.endpoint import AGENT, Endpoint, Manners
from interkommunal.linking.finding import find
from interkommunal.linking.journal import Journal
from interkommunal.linking.things import Thing

QUERY = "SELECT ?item WHERE { ?item wdt:P440 '05113' }"
ESSEN = [{"item": "http://www.wikidata.org/entity/Q2066"}]


@pytest.fixture
def between(slice_iri: str) -> Iterator[Proxy]:
    with proxy(slice_iri) as running:
        yield running


def patient(between: Proxy, journal: Journal | None = None, **manners: float) -> tuple[Endpoint, list[float]]:
    """An endpoint behind the proxy, and the times it waits instead of waiting."""
    waits: list[float] = []
    chosen = Manners(pause=0, **manners)  # type: ignore[arg-type]
    return Endpoint(
        between.iri, journal, chosen, sleep=lambda seconds: waits.append(seconds) if seconds else None
    ), waits


def test_it_says_who_asks(between: Proxy) -> None:
    endpoint, _ = patient(between)

    assert endpoint.rows(QUERY) == ESSEN
    assert between.agents == [AGENT]
    assert AGENT.startswith("interkommunal-link/0.1.0 (+https://w3id.org/interkommunal/)")


@pytest.mark.parametrize("trouble", ["429", "503", "cut", "nonsense"])
def test_it_asks_again_after_trouble(trouble: str, between: Proxy) -> None:
    between.script = [trouble]
    endpoint, waits = patient(between)

    assert endpoint.rows(QUERY) == ESSEN
    assert endpoint.requests == 2
    assert len(waits) == 1


def test_it_waits_as_long_as_it_is_asked_to(between: Proxy) -> None:
    between.script = ["429 7", "503 11"]
    endpoint, waits = patient(between)

    assert endpoint.rows(QUERY) == ESSEN
    assert waits == [7.0, 11.0]


def test_it_understands_a_date_to_come_back_at(between: Proxy) -> None:
    between.script = [f"503 {email.utils.formatdate(time.time() + 30, usegmt=True)}"]
    endpoint, waits = patient(between)
    endpoint.rows(QUERY)

    assert 25 < waits[0] <= 30


def test_pauses_double_up_to_a_limit(between: Proxy) -> None:
    between.script = ["503"] * 5
    endpoint, waits = patient(between, backoff=2, longest=10)

    assert endpoint.rows(QUERY) == ESSEN
    wishes = (2, 4, 8, 16, 32)
    assert all(min(10, 0.75 * wish) <= wait <= min(10, 1.25 * wish) for wait, wish in zip(waits, wishes, strict=True))
    assert max(waits) == 10


def test_it_gives_up_after_some_attempts_and_says_so(between: Proxy) -> None:
    between.script = ["503"] * 9
    endpoint, _ = patient(between, attempts=3)

    with pytest.raises(UnreachableError, match=r"did not answer in 3 attempts \(HTTP 503\); try again later: what was"):
        endpoint.rows(QUERY)
    assert endpoint.requests == 3


def test_it_does_not_wait_for_hours(between: Proxy) -> None:
    between.script = ["429 7200"]
    endpoint, waits = patient(between)

    with pytest.raises(UnreachableError, match="asks to wait 7200 s"):
        endpoint.rows(QUERY)
    assert waits == []


def test_a_slow_answer_is_given_up_and_asked_for_again(between: Proxy) -> None:
    between.script = ["slow"]
    endpoint, waits = patient(between, timeout=1)

    assert endpoint.rows(QUERY) == ESSEN
    assert len(waits) == 1


def test_a_query_that_is_refused_is_not_repeated(between: Proxy, slice_iri: str) -> None:
    endpoint = Endpoint(slice_iri, manners=Manners(pause=0))

    with pytest.raises(UnreachableError, match="refuses"):
        endpoint.rows("SELECT WHERE {")
    assert endpoint.requests == 1


def test_nobody_there_is_said_in_one_line() -> None:
    endpoint = Endpoint(
        "http://127.0.0.1:9/query", manners=Manners(pause=0, attempts=2, backoff=0), sleep=lambda _: None
    )

    with pytest.raises(UnreachableError, match=r"^http://127\.0\.0\.1:9/query did not answer in 2 attempts"):
        endpoint.rows(QUERY)


def test_answers_are_kept_and_not_asked_for_again(between: Proxy, tmp_path: Path) -> None:
    first, _ = patient(between, Journal(tmp_path / "j.jsonl"))
    first.rows(QUERY)
    second, _ = patient(between, Journal(tmp_path / "j.jsonl"))

    assert second.rows(QUERY) == ESSEN
    assert (first.requests, second.requests, between.passed) == (1, 0, 1)


def test_a_line_cut_off_by_an_interruption_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "j.jsonl"
    journal = Journal(path)
    journal.keep("a", [{"x": "1"}])
    journal.keep("b", [{"x": "2"}])
    path.write_bytes(path.read_bytes()[:-9])

    again = Journal(path)
    assert (again.answer("a"), again.answer("b")) == ([{"x": "1"}], None)
    again.keep("c", [])
    assert len(Journal(path)) == 2


def test_answers_of_yesterday_are_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "j.jsonl"
    Journal(path, now=1_000_000.0).keep("a", [])

    assert Journal(path, now=1_080_000.0).answer("a") == []
    assert Journal(path, now=1_090_000.0).answer("a") is None


def test_a_search_interrupted_anywhere_goes_on_where_it_stopped(
    between: Proxy, ours: list[Thing], tmp_path: Path
) -> None:
    """The proxy fails at the n-th request; run again, the search asks only what it had not been told."""
    path = tmp_path / "j.jsonl"
    whole, _ = patient(between)
    expected = find(ours, EMPTY, whole)
    between.passed = 0
    runs = 0
    while True:
        runs += 1
        between.script = ["", "503"]  # one answer more, then nothing
        endpoint, _ = patient(between, Journal(path), attempts=1)
        try:
            found = find(ours, EMPTY, endpoint)
        except UnreachableError:
            continue
        break

    assert found == expected
    assert runs == whole.requests
    assert between.passed == whole.requests
