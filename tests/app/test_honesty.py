"""An answer is complete or it is visibly broken; a query that nobody waits for ends."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import HTTPResponse, IncompleteRead
from pathlib import Path
from urllib.parse import quote, urlencode

import httpx
import psutil
import pytest
from SPARQLWrapper import CSV, SPARQLWrapper
from tests.nginx import nginx
from tests.patience import patient
from tests.serving import QUADS, Reply, Serving, serving, write_release

# Gives rows at once, and never ends: 20,000 × 20,000 × … rows.
ENDLESS = "SELECT * { ?a <http://a.example/text> ?b . ?c <http://a.example/text> ?d . ?e ?f ?g }"
# Works for long before the first row.
SILENT = "SELECT (COUNT(*) AS ?n) { ?a <http://a.example/text> ?b . ?c <http://a.example/text> ?d . ?e ?f ?g }"


def endless(served: Serving, **parameters: str) -> str:
    return f"{served.url}/sparql?" + urlencode({"query": ENDLESS, "timeout": "1", "format": "csv", **parameters})


def test_curl_notices_a_broken_answer(served: Serving) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is not installed")
    done = subprocess.run(
        [curl, "-sS", "-o", "/dev/null", "-w", "%{http_code} %{size_download}", endless(served)],
        capture_output=True,
        text=True,
        timeout=patient(30),
        check=False,
    )
    status, size = done.stdout.split()
    assert status == "200"
    assert int(size) > 100_000
    assert done.returncode == 18, done.stderr  # partial file


@pytest.mark.parametrize("coding", ["identity", "gzip", "br", "zstd"])
def test_httpx_notices_a_broken_answer(served: Serving, coding: str) -> None:
    with pytest.raises(httpx.RemoteProtocolError, match="incomplete"):
        httpx.get(endless(served), headers={"accept-encoding": coding}, timeout=patient(30))


def test_urllib_notices_a_broken_answer(served: Serving) -> None:
    with urllib.request.urlopen(endless(served), timeout=patient(30)) as reply, pytest.raises(IncompleteRead):
        reply.read()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_sparqlwrapper_notices_a_broken_answer(served: Serving, method: str) -> None:
    client = SPARQLWrapper(f"{served.url}/sparql")
    client.setMethod(method)
    client.setQuery(ENDLESS)
    client.setReturnFormat(CSV)
    client.addParameter("timeout", "1")
    with pytest.raises(IncompleteRead):
        client.query().convert()


def test_sparqlwrapper_reads_a_whole_answer(served: Serving) -> None:
    client = SPARQLWrapper(f"{served.url}/sparql", returnFormat="json")
    client.setQuery("SELECT ?name { ?city <http://a.example/name> ?name } ORDER BY ?name")
    converted = client.query().convert()
    assert isinstance(converted, dict)
    rows = converted["results"]["bindings"]
    assert [row["name"]["value"] for row in rows] == ["Bochum", "Essen"]


def test_what_fails_before_the_first_byte_has_its_status(served: Serving) -> None:
    reply = served.ask("/sparql?" + urlencode({"query": SILENT, "timeout": "0.5"}))
    assert reply.status == 504
    assert reply.json["seconds"] == 0.5


@pytest.mark.parametrize("version", [b" HTTP/1.0", b""])
def test_a_client_older_than_http_1_1_gets_no_stream_because_it_could_not_notice(
    served: Serving, version: bytes
) -> None:
    target = "/sparql?" + urlencode({"query": "SELECT * { ?s <http://a.example/text> ?o }"})
    with socket.create_connection(("127.0.0.1", served.port), timeout=patient(10)) as connection:
        connection.sendall(b"GET %b%b\r\n\r\n" % (target.encode(), version))
        reply = b"".join(iter(lambda: connection.recv(65536), b""))
    assert b" 505 " in reply.splitlines()[0]
    assert b"proxy_http_version" in reply


def test_an_http_1_0_client_gets_small_answers(served: Serving) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=patient(10)) as connection:
        connection.sendall(b"GET /sparql?query=ASK%7B%7D HTTP/1.0\r\n\r\n")
        reply = b"".join(iter(lambda: connection.recv(65536), b""))
    assert reply.endswith(b'{"head":{},"boolean":true}')


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server with two workers that gives at most 5 rows."""
    folder: Path = tmp_path_factory.mktemp("limited")
    write_release(folder / "releases", QUADS)
    limits = {"row_limit": 5, "workers": 2, "queue": 1, "deadline": 20, "admin_token": "a-token-of-enough-characters"}
    with serving(folder / "releases", folder, **limits) as served:
        yield served


def ask_limited(limited: Serving, **parameters: str) -> Reply:
    """The answer once the pages that the server makes after its start have left the one place in the queue."""
    while (reply := limited.ask("/sparql?" + urlencode(parameters))).status == 503:
        time.sleep(0.1)
    return reply


TEXTS = "SELECT ?t { ?s <http://a.example/text> ?t } ORDER BY ?t LIMIT "


def test_more_rows_than_allowed_are_refused(limited: Serving) -> None:
    reply = ask_limited(limited, query=TEXTS + "6")
    assert reply.status == 413
    assert reply.json["limit"] == "rows"


def test_as_many_rows_as_allowed_are_answered(limited: Serving) -> None:
    reply = ask_limited(limited, query=TEXTS + "5", format="csv")
    assert reply.status == 200
    assert reply.body.count(b"\r\n") == 6
    assert "answer-cut" not in reply.headers


def test_who_asks_for_a_part_gets_one_that_says_so(limited: Serving) -> None:
    reply = ask_limited(limited, query=TEXTS + "6", format="csv", partial="true")
    assert reply.status == 200
    assert reply.body.count(b"\r\n") == 6
    assert reply.headers["answer-cut"] == "true"
    assert reply.headers["answer-rows-limit"] == "5"


def running(served: Serving) -> list[dict[str, object]]:
    headers = {"authorization": "Bearer a-token-of-enough-characters"}
    found = served.ask("/admin/queries", headers=headers).json["queries"]
    assert isinstance(found, list)
    return found


def until(seconds: float, condition: object) -> None:
    assert callable(condition)
    end = time.monotonic() + patient(seconds)
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def hang(served: Serving, query: str, port: int = 0) -> socket.socket:
    """A connection that asks and does not read; ``port`` is that of a proxy."""
    connection = socket.create_connection(("127.0.0.1", port or served.port), timeout=patient(10))
    target = "/sparql?" + urlencode({"query": query, "format": "csv"})
    connection.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    return connection


@pytest.mark.parametrize("query", [SILENT, ENDLESS], ids=["silent", "streaming"])
def test_a_query_ends_when_its_client_hangs_up(served: Serving, query: str) -> None:
    connection = hang(served, query)
    until(5, lambda: running(served))
    time.sleep(0.3)
    connection.close()
    until(2, lambda: not running(served))
    served.wait_for("query", outcome="abandoned")


def test_a_query_ends_when_its_client_behind_nginx_hangs_up(served: Serving, tmp_path: Path) -> None:
    with nginx(served.port, tmp_path) as port:
        with hang(served, f"{SILENT} # behind nginx", port):
            until(5, lambda: running(served))
        until(5, lambda: not running(served))


def test_of_those_who_ask_the_same_only_one_takes_the_place_of_one_that_hangs_up(served: Serving) -> None:
    connections = [hang(served, SILENT) for _ in range(4)]
    until(5, lambda: running(served))
    time.sleep(0.2)
    (first,) = running(served)
    connections[0].close()
    until(5, lambda: [query["id"] for query in running(served)] not in ([], [first["id"]]))
    time.sleep(0.2)
    assert len(running(served)) == 1
    for connection in connections[1:]:
        connection.close()
    until(5, lambda: not running(served))


def test_a_full_queue_is_503_with_retry_after(limited: Serving) -> None:
    connections = [hang(limited, f"{SILENT} # {number}") for number in range(2)]
    until(20, lambda: len(running(limited)) == 2)
    connections.append(hang(limited, f"{SILENT} # 2"))
    until(20, lambda: len(running(limited)) == 3)
    try:
        reply = limited.ask("/sparql?query=ASK%7B%7D")
        assert reply.status == 503
        assert int(reply.headers["retry-after"]) >= 1
        assert reply.json["retry_after"] == int(reply.headers["retry-after"])
    finally:
        for connection in connections:
            connection.close()
    until(20, lambda: not running(limited))
    until(20, lambda: limited.ask("/sparql?query=ASK%7B%7D").status == 200)


def test_an_administrator_sees_and_ends_queries(served: Serving) -> None:
    with hang(served, SILENT) as connection:
        until(5, lambda: running(served))
        (query,) = running(served)
        assert query["query"] == SILENT
        headers = {"authorization": "Bearer a-token-of-enough-characters"}
        assert served.ask(f"/admin/queries/{query['id']}", "DELETE", headers=headers).status == 204
        reply = HTTPResponse(connection)
        reply.begin()
        assert reply.status == 503
        assert json.loads(reply.read())["type"].endswith("/query-killed")
    assert running(served) == []
    assert served.ask(f"/admin/queries/{query['id']}", "DELETE", headers=headers).status == 404


@pytest.mark.parametrize("authorization", [None, "Bearer wrong", "Basic a-token-of-enough-characters", "Bearer ä"])
def test_nobody_else_may_see_or_end_queries(served: Serving, authorization: str | None) -> None:
    headers = {} if authorization is None else {"authorization": authorization.encode().decode("latin-1")}
    for method, target in (("GET", "/admin/queries"), ("DELETE", "/admin/queries/1")):
        reply = served.ask(target, method, headers=headers)
        assert reply.status == 401
        assert reply.headers["www-authenticate"].startswith("Bearer")


def test_a_reader_that_stops_reading_is_given_up(tmp_path: Path) -> None:
    write_release(tmp_path / "releases", QUADS)
    with serving(tmp_path / "releases", tmp_path, stall=1, workers=1) as served, hang(served, ENDLESS) as connection:
        connection.recv(1000)
        served.wait_for("query", outcome="broken", seconds=10)
        assert served.ask("/sparql?query=ASK%7B%7D").status == 200


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends connections that nobody reads from")
def test_a_client_that_leaves_a_whole_answer_unread_loses_the_connection(tmp_path: Path) -> None:
    write_release(tmp_path / "releases", QUADS)
    query = quote("SELECT ?o { ?s <http://a.example/text> ?o } LIMIT 14000")
    request = f"GET /sparql?query={query}&format=csv HTTP/1.1\r\nHost: a.example\r\n\r\n".encode()
    with serving(tmp_path / "releases", tmp_path, stall=1) as served, socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", served.port))
        process, own = psutil.Process(served.process.pid), connection.getsockname()[1]

        def open_still() -> bool:
            return own in [item.raddr.port for item in process.net_connections("tcp") if item.raddr]

        for _ in range(8):
            connection.sendall(request)
        served.wait_for("query", outcome="ok")
        assert open_still()
        until(60, lambda: not open_still())
