"""HTTP/1.1 on the wire: what goes the short way, what the parser gets, and what is refused."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from urllib.parse import quote

import psutil
import pytest
from tests.serving import Serving

from interkommunal.web.connection import read_block

QUERY = b"GET /sparql?query=SELECT%20%2A%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D%20LIMIT%201&format=csv HTTP/1.1\r\n"
PLAIN = QUERY + b"Host: a.example\r\nAccept: */*\r\n\r\n"


@contextlib.contextmanager
def connected(served: Serving) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as connection:
        yield connection


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


def without_date(answer: bytes) -> list[bytes]:
    return [line for line in answer.split(b"\r\n") if not line.lower().startswith((b"date:", b"transfer-encoding:"))]


def test_the_short_way_and_the_parser_say_the_same(served: Serving) -> None:
    with connected(served) as connection:
        answers = []
        for request in (PLAIN, PLAIN, PLAIN.replace(b"Accept", b"TE: trailers\r\nAccept")):
            connection.sendall(request)
            answers.append(without_date(read(connection)))
    assert answers[0][0] == b"HTTP/1.1 200 OK"
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.parametrize("path", [b"/", b"/health/live", b"/%C3%BC", b"/nothing/here?x=1"])
def test_other_pages_come_the_short_way_too(served: Serving, path: bytes) -> None:
    with connected(served) as connection:
        connection.sendall(b"GET %b HTTP/1.1\r\nHost: a.example\r\n\r\n" % path)
        short = without_date(read(connection))
        connection.sendall(b"GET %b HTTP/1.1\r\nHost: a.example\r\nTE: trailers\r\n\r\n" % path)
        assert without_date(read(connection)) == short


def test_requests_in_one_piece_are_answered_in_order(served: Serving) -> None:
    other = PLAIN.replace(b"LIMIT%201", b"LIMIT%202")
    with connected(served) as connection:
        connection.sendall(PLAIN + other + PLAIN.replace(b"Accept", b"Connection: close\r\nAccept"))
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    answers = received.split(b"HTTP/1.1 200 OK\r\n")[1:]
    assert [answer.partition(b"\r\n\r\n")[2].count(b"\r\n") for answer in answers] == [2, 3, 2]


def test_a_request_that_comes_while_another_is_answered_waits_its_turn(served: Serving) -> None:
    with connected(served) as connection:
        for number in range(1, 6):
            request = PLAIN.replace(b"LIMIT%201", b"LIMIT%%20%d" % number).replace(b"csv", b"tsv")
            connection.sendall(request if number < 5 else request.replace(b"Accept", b"Connection: close\r\nAccept"))
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    answers = received.split(b"HTTP/1.1 200 OK\r\n")[1:]
    assert [answer.partition(b"\r\n\r\n")[2].count(b"\n") for answer in answers] == [2, 3, 4, 5, 6]


def test_a_request_in_many_pieces_is_put_together(served: Serving) -> None:
    with connected(served) as connection:
        for start in range(0, len(PLAIN), 7):
            connection.sendall(PLAIN[start : start + 7])
        assert read(connection).startswith(b"HTTP/1.1 200 OK\r\n")


def test_who_asks_again_and_again_and_reads_nothing_takes_no_memory(served: Serving) -> None:
    query = quote("SELECT ?o { ?s <http://a.example/text> ?o } LIMIT 14000")
    request = f"GET /sparql?query={query}&format=csv HTTP/1.1\r\nHost: a.example\r\n\r\n".encode()
    with connected(served) as connection:
        connection.sendall(request)
        first = read(connection)
    assert len(first) > 800_000
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", served.port))
        connection.settimeout(20)
        connection.sendall(request)
        before = psutil.Process(served.process.pid).memory_info().rss
        for _ in range(150):
            connection.sendall(request)
            time.sleep(0.03)  # in one piece they would go another way
        assert psutil.Process(served.process.pid).memory_info().rss < before + (50 << 20)
        # Nothing is lost: whoever reads at last gets all answers.
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
        b"GET /sparql\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nx: a\x00b\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabc",
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n",
        b"{" * 200_000,
    ],
)
def test_what_is_no_http_is_refused_with_a_problem(served: Serving, request_bytes: bytes) -> None:
    with connected(served) as connection:
        with contextlib.suppress(ConnectionError):
            connection.sendall(request_bytes)
        answer = read(connection)
    assert answer.startswith(b"HTTP/1.1 4")
    assert b"application/problem+json" in answer


def test_a_request_with_two_lengths_ends_the_connection(served: Serving) -> None:
    head = b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\nContent-Length: 6\r\n"
    with connected(served) as connection:
        connection.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n6\r\nASK {}\r\n0\r\n\r\n" + PLAIN)
        assert read(connection).startswith(b"HTTP/1.1 400 Bad Request\r\n")
        with contextlib.suppress(ConnectionError):
            assert connection.recv(1) == b""


def test_a_target_may_be_a_whole_url(served: Serving) -> None:
    with connected(served) as connection:
        connection.sendall(PLAIN)
        plain = read(connection)
        connection.sendall(PLAIN.replace(b"GET /", b"GET http://a.example:80/"))
        assert sorted(without_date(read(connection))) == sorted(without_date(plain))
        connection.sendall(b"GET HTTPS://a.example HTTP/1.1\r\nHost: a.example\r\nAccept: text/html\r\n\r\n")
        assert read(connection).startswith(b"HTTP/1.1 200 OK\r\n")
        connection.sendall(b"GET ftp://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n")
        assert read(connection).startswith(b"HTTP/1.1 404 Not Found\r\n")


def test_options_of_the_server_as_a_whole(served: Serving) -> None:
    with connected(served) as connection:
        connection.sendall(b"OPTIONS * HTTP/1.1\r\nHost: a.example\r\n\r\n")
        answer = read(connection)
    assert answer.startswith(b"HTTP/1.1 204 No Content\r\n")
    assert b"allow: GET, HEAD, POST, QUERY, OPTIONS\r\n" in answer


def test_a_url_that_is_too_long_is_414_and_a_head_that_is_431(served: Serving) -> None:
    for request, status in (
        (b"GET /sparql?query=" + b"a" * 300_000, b"414"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nx: " + b"a" * 300_000, b"431"),
    ):
        with connected(served) as connection:
            with contextlib.suppress(ConnectionError):
                connection.sendall(request)
            assert read(connection).startswith(b"HTTP/1.1 " + status)


@pytest.mark.parametrize(
    ("block", "names"),
    [
        (b"Host: a\r\nAccept:text/csv \r\n\r\n", [(b"host", b"a"), (b"accept", b"text/csv")]),
        (
            b"Host: a\r\nconnection: Keep-Alive\r\nX:\r\n\r\n",
            [(b"host", b"a"), (b"connection", b"Keep-Alive"), (b"x", b"")],
        ),
        (b"Accept: */*\r\n\r\n", None),
        (b"Host: a\r\nHost: a\r\n\r\n", None),
        (b"Host: a\r\nContent-Length: 0\r\n\r\n", None),
        (b"Host: a\r\nConnection: close\r\n\r\n", None),
        (b"Host: a\r\n folded\r\n\r\n", None),
        (b"Host: a\r\nx : y\r\n\r\n", None),
        (b"Host: a\nx: y\r\n\r\n", None),
    ],
)
def test_only_plain_header_blocks_go_the_short_way(block: bytes, names: list[tuple[bytes, bytes]] | None) -> None:
    found = read_block(block)
    assert (found and found.headers) == names
