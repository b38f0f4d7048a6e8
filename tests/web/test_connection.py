"""HTTP/1.1 on the wire, to the server alone and behind the nginx of the guide: what is answered, what is refused."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import psutil
import pytest
from tests.nginx import nginx
from tests.patience import patient
from tests.serving import Serving

QUERY = b"GET /sparql?query=SELECT%20%2A%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D%20LIMIT%201&format=csv HTTP/1.1\r\n"
PLAIN = QUERY + b"Host: a.example\r\nAccept: */*\r\n\r\n"


HOST = b"Host: a.example\r\n\r\n"
POST = b"POST /sparql HTTP/1.1\r\nHost: a.example\r\nContent-Type: application/sparql-query\r\n"
CHUNKS = b"6\r\nASK {}\r\n0\r\n\r\n"
SECONDS = patient(30.0)


@pytest.fixture(scope="module")
def proxied(served: Serving, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of nginx before the server, with a time limit for heads that a test can wait for."""
    with nginx(served.port, tmp_path_factory.mktemp("nginx"), client_header_timeout=1) as port:
        yield port


@pytest.fixture(params=["alone", "behind nginx"])
def port(request: pytest.FixtureRequest, served: Serving) -> int:
    """Where to ask: the server itself, or nginx before it."""
    return served.port if request.param == "alone" else int(request.getfixturevalue("proxied"))


@contextlib.contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as connection:
        yield connection


def answer_to(port: int, request: bytes) -> bytes:
    """The first answer to these bytes."""
    with connected(port) as connection:
        with contextlib.suppress(ConnectionError):  # refused before all of it was sent
            connection.sendall(request)
        return read(connection)


def status_of(port: int, request: bytes) -> int:
    return int(answer_to(port, request)[9:12])


def read(connection: socket.socket) -> bytes:
    """One answer with a length, or what comes until the end."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return data
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            while len(body) < int(line[15:]):
                body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def test_requests_in_one_piece_are_answered_in_order(port: int) -> None:
    other = PLAIN.replace(b"LIMIT%201", b"LIMIT%202")
    with connected(port) as connection:
        connection.sendall(PLAIN + other + PLAIN.replace(b"Accept", b"Connection: close\r\nAccept"))
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    answers = received.split(b"HTTP/1.1 200 OK\r\n")[1:]
    assert [answer.partition(b"\r\n\r\n")[2].count(b"\r\n") for answer in answers] == [2, 3, 2]


def test_a_request_that_comes_while_another_is_answered_waits_its_turn(port: int) -> None:
    with connected(port) as connection:
        for number in range(1, 6):
            request = PLAIN.replace(b"LIMIT%201", b"LIMIT%%20%d" % number).replace(b"csv", b"tsv")
            connection.sendall(request if number < 5 else request.replace(b"Accept", b"Connection: close\r\nAccept"))
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    answers = received.split(b"HTTP/1.1 200 OK\r\n")[1:]
    assert [answer.partition(b"\r\n\r\n")[2].count(b"\n") for answer in answers] == [2, 3, 4, 5, 6]


def test_a_request_in_many_pieces_is_put_together(port: int) -> None:
    with connected(port) as connection:
        for start in range(0, len(PLAIN), 7):
            connection.sendall(PLAIN[start : start + 7])
        assert read(connection).startswith(b"HTTP/1.1 200 OK\r\n")


def test_a_client_that_pipelines_without_reading_is_held_back(served: Serving) -> None:
    query = quote("SELECT ?o { ?s <http://a.example/text> ?o } LIMIT 14000")
    request = f"GET /sparql?query={query}&format=csv HTTP/1.1\r\nHost: a.example\r\n\r\n".encode()
    first = answer_to(served.port, request)
    assert len(first) > 800_000
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(SECONDS)
        connection.connect(("127.0.0.1", served.port))
        connection.sendall(request)
        before = psutil.Process(served.process.pid).memory_info().rss
        for _ in range(150):
            connection.sendall(request)
            time.sleep(0.03)  # each in a piece of its own
        assert psutil.Process(served.process.pid).memory_info().rss < before + (50 << 20)
        # Nothing is lost: a client that reads at last gets all answers.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        missing = 151 * len(first)
        while missing > 0:
            missing -= len(connection.recv(1 << 20))
        assert missing == 0


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\x00\x01\x02\x03\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"CONNECT a.example:80 HTTP/1.1\r\n" + HOST,
        b"GET /sparql?query=ASK {} HTTP/1.1\r\n" + HOST,
        b"GET / HTTP/1.1\r\nHost : a.example\r\n\r\n",
        b"GET / HTTP/1.1\r\nx: a\x00b\r\n" + HOST,
        b"GET / HTTP/1.1\r\nx: a\r\n b\r\n" + HOST,
        POST + b"Content-Length: 3\r\nContent-Length: 5\r\n\r\nabc",
        POST + b"Content-Length: -1\r\n\r\n",
        POST + b"Content-Length: +6\r\n\r\nASK {}",
        POST + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS,
        POST + b"Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n" + CHUNKS,
        POST + b"Transfer-Encoding: chunked\r\n\r\nnonsense\r\n",
        b"{" * 200_000,
    ],
)
def test_what_is_not_http_is_400_and_ends_the_connection(port: int, request_bytes: bytes) -> None:
    with connected(port) as connection:
        with contextlib.suppress(ConnectionError):
            connection.sendall(request_bytes)
        assert read(connection).startswith(b"HTTP/1.1 400 ")
        with contextlib.suppress(ConnectionError):
            connection.sendall(PLAIN)
            assert connection.recv(1) == b""


@pytest.mark.parametrize(
    ("request_bytes", "alone", "behind"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", 200, 400),
        (b"GET / HTTP/1.1\r\nHost: a.example\r\n" + HOST, 200, 400),
        (b"GET / HTTP/2.0\r\n" + HOST, 200, 505),
        (b"GET http://a.example HTTP/1.1\r\n" + HOST, 400, 200),
        (b"BREW / HTTP/1.1\r\n" + HOST, 400, 400),
        (b"GET /\xff HTTP/1.1\r\n" + HOST, 400, 400),
        (b"OPTIONS * HTTP/1.1\r\n" + HOST, 404, 400),
        (b"GET /sparql?query=" + b"a" * 300_000 + b" HTTP/1.1\r\n" + HOST, 400, 414),
        (b"GET / HTTP/1.1\r\nx: " + b"a" * 300_000 + b"\r\n" + HOST, 200, 400),
        (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + CHUNKS, 200, 501),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNKS, 200, 200),
        (POST.replace(b"POST", b"QUERY") + b"Content-Length: 6\r\n\r\nASK {}", 200, 200),
        (b"GET http://a.example:80/sparql?query=ASK%7B%7D HTTP/1.1\r\n" + HOST, 200, 200),
        (b"\r\nGET / HTTP/1.1\r\n" + HOST, 200, 200),
    ],
)
def test_the_table_of_the_guide_says_what_each_of_the_two_answers(
    served: Serving, proxied: int, request_bytes: bytes, alone: int, behind: int
) -> None:
    assert (status_of(served.port, request_bytes), status_of(proxied, request_bytes)) == (alone, behind)


def test_a_body_that_waits_to_be_asked_for_is_asked_for(port: int) -> None:
    with connected(port) as connection:
        connection.sendall(POST + b"Expect: 100-continue\r\nContent-Length: 6\r\n\r\n")
        assert read(connection).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"ASK {}")
        assert read(connection).startswith(b"HTTP/1.1 200 ")


def test_behind_nginx_a_head_that_does_not_end_is_cut(proxied: int) -> None:
    for beginning in (b"", b"GET / HTTP/1.1\r\nHost: a.ex"):
        with connected(proxied) as connection:
            connection.sendall(beginning)
            assert connection.recv(1) == b""


def test_hundreds_of_connections_that_ask_nothing_cost_the_others_nothing(port: int) -> None:
    with contextlib.ExitStack() as stack:
        for number in range(300):
            connection = stack.enter_context(connected(port))
            connection.sendall(b"GET / HTTP/1.1\r\nHost: a.ex" if number % 2 else b"")
        assert status_of(port, PLAIN) == 200


def test_behind_nginx_a_broken_answer_is_broken_too(proxied: int) -> None:
    query = "SELECT * { ?a <http://a.example/text> ?b . ?c <http://a.example/text> ?d . ?e ?f ?g }"
    address = f"http://127.0.0.1:{proxied}/sparql"
    with pytest.raises(httpx.RemoteProtocolError, match="incomplete"):
        httpx.get(address, params={"query": query, "timeout": "1", "format": "csv"}, timeout=SECONDS)
