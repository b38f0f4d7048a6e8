"""What nobody should send: a clear 4xx, never a fault, and the server answers afterwards."""

from __future__ import annotations

import contextlib
import random
import socket
from collections.abc import Iterator
from urllib.parse import quote, quote_from_bytes, urlencode

import pytest
from tests.patience import patient
from tests.serving import Serving

ASK = "ASK { ?s ?p ?o }"
QUERY = {"content-type": "application/sparql-query"}
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture(autouse=True)
def answers_afterwards(served: Serving) -> Iterator[None]:
    """No test may leave a server that does not answer, or a fault in its log."""
    yield
    assert served.ask("/sparql?" + urlencode({"query": ASK})).status == 200
    assert not served.lines("fault")


BODIES = {
    "a megabyte of brackets": b"SELECT * " + b"{" * (1 << 20),
    "a megabyte of closed brackets": b"SELECT * " + b"{" * (1 << 19) + b"}" * (1 << 19),
    "brackets in a filter": b"ASK { FILTER(" + b"(" * 100_000,
    "a query of ten megabytes": b"ASK { } #" + b"x" * (10 << 20),
    "a thousand unions": b"ASK { {} " + b"UNION {} " * 150_000 + b"}",
    "null bytes": b"ASK { ?s ?p '\x00' } \x00",
    "only null bytes": b"\x00" * 1000,
    "nothing": b"",
    "a byte order mark": b"\xef\xbb\xbf",
    "half a character": b"ASK { ?s ?p '\xc3' }",
    "half a surrogate pair": b"ASK { ?s ?p '\\uD800' }",
    "an unclosed string": b"ASK { ?s ?p '" + b"a" * 100_000,
    "an unclosed IRI": b"ASK { ?s ?p <http://a/" + b"a" * 100_000,
    "a million prefixes": b"PREFIX a: <b:c> " * 50_000 + b"ASK {",
}


@pytest.mark.parametrize("name", BODIES)
def test_what_is_no_query_is_4xx(served: Serving, name: str) -> None:
    reply = served.ask("/sparql", "POST", BODIES[name], QUERY, timeout=patient(60))
    assert reply.status in (400, 403, 413), reply.text[:300]
    assert reply.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("seed", range(25))
def test_random_bytes_are_4xx(served: Serving, seed: int) -> None:
    dice = random.Random(seed)
    noise = dice.randbytes(dice.randrange(1, 400))
    assert served.ask("/sparql", "POST", noise, QUERY).status == 400
    assert served.ask("/sparql", "POST", noise, FORM).status == 400
    assert served.ask("/sparql?query=" + quote_from_bytes(noise)).status == 400


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
@pytest.mark.parametrize("value", ["relative", "http://a b", "<http://a>", "http://a\x00", "{}", "é:", "x" * 10_000])
def test_a_graph_that_is_no_iri_is_400_and_names_the_parameter(served: Serving, name: str, value: str) -> None:
    reply = served.ask("/sparql?" + urlencode({"query": ASK, name: value}))
    assert reply.status == 400
    assert reply.json["parameter"] == name


def test_parameters_that_mean_nothing_are_passed_over(served: Serving) -> None:
    unknown = urlencode([("query", ASK), ("output", "x"), ("", ""), ("\x00", "\x00"), ("a" * 5000, "b")])
    assert served.ask(f"/sparql?{unknown}").status == 200
    assert served.ask("/sparql?" + "&".join(["query=" + quote(ASK), *["a=b"] * 3000])).status == 400


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("*/*;q=0", 406),
        ("," * 5000, 200),
        (";" * 5000, 200),
        ("text/csv;q=nan, */*;q=-1", 406),
        ("a/b, " * 1000 + "*/*", 406),
        ('text/csv; x="' + "a" * 3000, 406),
        ("\xff\xfe", 200),
        ("application/sparql-results+json;q=1e309", 406),
    ],
)
def test_absurd_accept_fields(served: Serving, accept: str, status: int) -> None:
    reply = served.ask("/sparql?" + urlencode({"query": ASK}), headers={"accept": accept})
    assert reply.status == status


@pytest.mark.parametrize(
    "path", ["/sparql", "/sparql?query=ASK%7B%7D", "/", "/health/live", "/health/ready", "/metrics"]
)
def test_head_is_what_get_is_without_the_body(served: Serving, path: str) -> None:
    get, head = served.ask(path), served.ask(path, "HEAD")
    assert head.status == get.status == 200
    assert head.body == b""
    assert head.headers["content-type"] == get.headers["content-type"]


def test_the_method_query_takes_both_kinds_of_bodies(served: Serving) -> None:
    assert served.ask("/sparql", "QUERY", ASK.encode(), QUERY).status == 200
    assert served.ask("/sparql", "QUERY", urlencode({"query": ASK}).encode(), FORM).status == 200
    assert served.ask("/sparql", "QUERY", b"{", {"content-type": "application/json"}).status == 415
    assert served.ask("/sparql", "QUERY").status in (400, 415)


def test_a_byte_order_mark_before_a_query_is_passed_over(served: Serving) -> None:
    marked = "\ufeff" + ASK
    form = urlencode({"query": marked})
    assert served.ask(f"/sparql?{form}").status == 200
    assert served.ask("/sparql", "POST", form.encode(), FORM).status == 200
    assert served.ask("/sparql", "POST", marked.encode(), QUERY).status == 200
    assert served.ask("/sparql", "QUERY", marked.encode(), QUERY).status == 200


def test_a_body_that_never_ends_costs_the_others_nothing(served: Serving) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(20):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", served.port), timeout=patient(10)))
            connection.sendall(
                b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
                b"Content-Length: 100000\r\n\r\nASK"
            )
        assert served.ask("/sparql?" + urlencode({"query": ASK})).status == 200
