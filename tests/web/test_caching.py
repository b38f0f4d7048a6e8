"""Entity tags, 304, and the cache as clients see it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b
from urllib.parse import urlencode

import pytest
from tests.serving import QUADS, Reply, Serving, serving, write_release

QUERY = "SELECT ?name { ?city <http://a.example/name> ?name } ORDER BY DESC(?name)"
LARGE = "SELECT ?t { ?s <http://a.example/text> ?t } ORDER BY ?t"


def ask(served: Serving, query: str, method: str = "GET", **headers: str) -> Reply:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return served.ask("/sparql?" + urlencode({"query": query, "format": "csv"}), method, headers=given)


def test_a_client_that_has_the_answer_gets_304(served: Serving) -> None:
    first = ask(served, QUERY)
    again = ask(served, QUERY, if_none_match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["vary"] == first.headers["vary"]
    assert "content-type" not in again.headers


def test_a_client_that_has_another_answer_gets_this_one(served: Serving) -> None:
    first = ask(served, QUERY)
    assert ask(served, QUERY, if_none_match='"another"').body == first.body
    assert ask(served, QUERY, if_none_match=f'"another", {first.headers["etag"]}').status == 304


@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_the_tag_is_the_same_from_cache_and_engine(served: Serving, method: str) -> None:
    query = f"{QUERY} # {method}"
    tags = {ask(served, query, method).headers["etag"] for _ in range(3)}
    assert len(tags) == 1


def test_a_coding_has_its_own_tag(served: Serving) -> None:
    query = LARGE + " LIMIT 50"
    plain, coded = ask(served, query), ask(served, query, accept_encoding="gzip")
    assert plain.headers["etag"] != coded.headers["etag"]
    assert ask(served, query, accept_encoding="gzip", if_none_match=coded.headers["etag"]).status == 304
    assert ask(served, query, accept_encoding="gzip", if_none_match=plain.headers["etag"]).status == 200


def test_a_large_answer_has_a_weak_tag_by_which_it_is_not_computed_again(served: Serving) -> None:
    first = ask(served, LARGE)
    assert first.headers["etag"].startswith('W/"')
    before = served.ask("/metrics").text
    assert ask(served, LARGE, if_none_match=first.headers["etag"]).status == 304
    answered = [line for line in before.splitlines() if line.startswith("interkommunal_engine_answered_total")]
    assert answered[0] in served.ask("/metrics").text


def test_an_answer_that_is_another_each_time_is_not_kept(served: Serving) -> None:
    for query in ("SELECT (RAND() AS ?r) {}", "SELECT (STRUUID() AS ?r) {}", "SELECT (uuid() AS ?r) {}"):
        first, second = ask(served, query), ask(served, query)
        assert first.status == 200
        assert first.body != second.body
        assert first.headers["cache-control"] == "no-store"


def test_the_log_tells_hit_from_miss(served: Serving) -> None:
    query = QUERY + " # told apart"
    first, second = ask(served, query), ask(served, query)
    assert first.body == second.body
    digest = blake2b(query.encode(), digest_size=6).hexdigest()
    lines = served.wait_for("query", 2, query=digest)
    assert [line["cache"] for line in lines] == ["miss", "hit"]
    assert {(line["outcome"], line["rows"], line["bytes"]) for line in lines} == {("ok", 2, len(first.body))}
    assert {line["client"] for line in lines} == {"127.0.0.0/24"}


def test_post_and_get_share_an_answer(served: Serving) -> None:
    query = QUERY + " # shared"
    got = ask(served, query)
    headers = {"content-type": "application/sparql-query", "accept": "text/csv"}
    posted = served.ask("/sparql", "POST", query.encode(), headers)
    assert posted.body == got.body
    # A condition is for GET and HEAD; POST gets its answer.
    headers["if-none-match"] = got.headers["etag"]
    assert served.ask("/sparql", "POST", query.encode(), headers).status == 200


def test_what_differs_in_the_dataset_differs_in_the_answer(served: Serving) -> None:
    for graph, expected in (("g1", b"name\r\nBochum\r\n"), ("g2", b"name\r\nEssen\r\n"), ("g3", b"name\r\n")):
        parameters = {"query": QUERY, "format": "csv", "default-graph-uri": f"http://a.example/{graph}"}
        for _ in range(2):
            assert served.ask("/sparql?" + urlencode(parameters)).body == expected


def test_equal_queries_at_the_same_time_are_worked_on_once(served: Serving) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o . ?t ?q ?o } # at the same time"
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: ask(served, query), range(8)))
    assert {reply.status for reply in replies} == {200}
    assert len({reply.body for reply in replies}) == 1
    digest = blake2b(query.encode(), digest_size=6).hexdigest()
    lines = served.wait_for("query", 8, query=digest)
    assert [line["cache"] for line in lines].count("miss") == 1


@pytest.mark.parametrize("order", [("true", "false"), ("false", "true")])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_partial_answer_is_never_given_for_the_full_question(
    limited: Serving, order: tuple[str, str], method: str
) -> None:
    query = f"{LARGE} # {order} {method}"
    statuses: dict[str, set[tuple[int, str | None]]] = {}
    for partial in (*order, *order):
        asked = urlencode({"query": query, "format": "csv", "partial": partial})
        if method == "GET":
            reply = limited.ask(f"/sparql?{asked}")
        else:
            form = {"content-type": "application/x-www-form-urlencoded"}
            reply = limited.ask("/sparql", "POST", asked.encode(), form)
        statuses.setdefault(partial, set()).add((reply.status, reply.headers.get("answer-cut")))

    assert statuses == {"true": {(200, "true")}, "false": {(413, None)}}


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    folder = tmp_path_factory.mktemp("limited")
    write_release(folder / "releases", QUADS)
    with serving(folder / "releases", folder, row_limit=100) as running:
        yield running
