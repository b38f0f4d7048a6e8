"""The remote tier against real servers, Oxigraph and Virtuoso, and against an endpoint that misbehaves."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import parse_qs

import psutil
import pytest
from pyoxigraph import RdfFormat, parse
from tests.engine.conftest import CARTESIAN, CITIES, EX, ask, descendants, eventually, read, small_graph
from tests.engine.servers import Scripted, oxigraph, scripted, virtuoso

from interkommunal.engine.engine import Engine, EngineOptions, open_engine
from interkommunal.errors import (
    EngineUnavailable,
    QueryFailed,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    QueryTooLarge,
    ReleaseError,
    SettingsError,
)
from interkommunal.namespaces import IK
from interkommunal.sparql.query import (
    CSV,
    JSON_LD,
    N_QUADS,
    N_TRIPLES,
    RDF_XML,
    RESULTS_JSON,
    RESULTS_XML,
    TRIG,
    TSV,
    TURTLE,
    Limits,
    QueryRequest,
)

NAMES = f"SELECT ?name {{ ?city <{EX}name> ?name }} ORDER BY ?name"


@pytest.fixture(scope="module")
def quads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small graph with an agreement, by which an endpoint is recognised, and 1500 numbers.

    No triple stands in two graphs: the union of both servers' graphs would hold it twice.
    """
    path = tmp_path_factory.mktemp("remote") / "graph.nq"
    lines = [f"<{EX}agreement> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{IK}Agreement> <{EX}g/all> ."]
    lines += [f'<{EX}n{number}> <{EX}number> "{number}" <{EX}g/numbers> .' for number in range(1500)]
    path.write_text(small_graph(repeated=False) + "\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def oxigraph_iri(quads: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The IRI of an Oxigraph server."""
    with oxigraph(quads, tmp_path_factory.mktemp("oxigraph") / "store") as iri:
        yield iri


@pytest.fixture(scope="module")
def virtuoso_iri(quads: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The IRI of a Virtuoso server, which cuts answers after 1000 rows."""
    with virtuoso(quads, tmp_path_factory.mktemp("virtuoso") / "store") as iri:
        yield iri


@pytest.fixture(params=["oxigraph_iri", "virtuoso_iri"])
def endpoint(request: pytest.FixtureRequest) -> str:
    """The IRI of a real endpoint."""
    return str(request.getfixturevalue(request.param))


def options(iri: str) -> EngineOptions:
    return EngineOptions(tier="remote", endpoint=iri, workers=4)


@pytest.fixture
async def engine(endpoint: str) -> AsyncIterator[Engine]:
    """An engine that asks a real endpoint."""
    opened = await open_engine(options(endpoint), Path())
    yield opened
    await opened.close()


# Real servers.


async def test_a_table_in_each_format(engine: Engine) -> None:
    query = f"SELECT ?name {{ <{EX}essen> <{EX}name> ?name }}"
    assert await ask(engine, query, CSV) == "name\r\nEssen\r\n"
    assert await ask(engine, query, TSV) == '?name\n"Essen"@de\n'
    assert json.loads(await ask(engine, query, RESULTS_JSON))["results"]["bindings"] == [
        {"name": {"type": "literal", "value": "Essen", "xml:lang": "de"}}
    ]
    assert '<literal xml:lang="de">Essen</literal>' in await ask(engine, query, RESULTS_XML)


async def test_columns_come_in_the_order_of_the_query(engine: Engine) -> None:
    assert (await ask(engine, "SELECT * { ?s ?p ?o } LIMIT 1")).split("\r\n")[0] == "s,p,o"


async def test_truth_values(engine: Engine) -> None:
    for query, value in ((f"ASK {{ ?s <{EX}name> ?o }}", True), (f"ASK {{ ?s <{EX}nothing> ?o }}", False)):
        answer = await engine.answer(QueryRequest(query, RESULTS_JSON))
        assert json.loads(answer.body or b"")["boolean"] is value
        assert answer.rows == 1


async def test_a_graph_in_each_format(engine: Engine) -> None:
    query = f"CONSTRUCT {{ ?city <{EX}name> ?name }} WHERE {{ ?city <{EX}name> ?name }}"
    formats = (
        (TURTLE, RdfFormat.TURTLE),
        (N_TRIPLES, RdfFormat.N_TRIPLES),
        (N_QUADS, RdfFormat.N_QUADS),
        (TRIG, RdfFormat.TRIG),
        (RDF_XML, RdfFormat.RDF_XML),
        (JSON_LD, RdfFormat.JSON_LD),
    )
    for media_type, read_as in formats:
        body = await ask(engine, query, media_type)
        assert {quad.object.value for quad in parse(body, read_as)} == {city.title() for city in CITIES}


async def test_rows_are_counted_and_limited(engine: Engine) -> None:
    assert (await engine.answer(QueryRequest(NAMES, RESULTS_JSON))).rows == 4
    with pytest.raises(QueryTooLarge) as caught:
        await ask(engine, NAMES, CSV, rows=3)
    assert caught.value.limit == "rows"
    assert await ask(engine, NAMES, CSV, rows=1, partial=True) == "name\r\nBochum\r\n"


async def test_the_dataset_of_the_protocol_is_passed_on(engine: Engine) -> None:
    answer = await engine.answer(QueryRequest(NAMES, CSV, default_graphs=(f"{EX}g/essen",)))
    assert answer.body == b"name\r\nEssen\r\n"


async def test_what_the_endpoint_says_about_a_malformed_query_is_passed_on(engine: Engine) -> None:
    with pytest.raises(QuerySyntaxError, match="the endpoint says"):
        await ask(engine, "SELECT ?x WHERE ?s")


async def test_a_runaway_is_given_up_at_its_deadline(engine: Engine) -> None:
    with pytest.raises(QueryTimeout):
        await ask(engine, CARTESIAN, seconds=0.5)
    assert (await ask(engine, NAMES)).count("\r\n") == 5


async def test_functions_that_reach_out_and_services_are_refused(engine: Engine) -> None:
    with pytest.raises(QueryRefused) as caught:
        await ask(engine, "SELECT (<bif:http_get>('http://127.0.0.1/') AS ?x) {}")
    assert caught.value.rule == "function"
    with pytest.raises(QueryRefused) as caught:
        await ask(engine, "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }")
    assert caught.value.rule == "service"


async def test_an_answer_that_the_endpoint_cuts_is_refused_or_told(virtuoso_iri: str) -> None:
    engine = await open_engine(options(virtuoso_iri), Path())
    try:
        query = f"SELECT ?o {{ ?s <{EX}number> ?o }}"
        with pytest.raises(QueryTooLarge, match="cuts answers after 1000 rows"):
            await ask(engine, query)
        answer = await engine.answer(QueryRequest(query, CSV, limits=Limits(partial=True)))
        assert (answer.rows, answer.cut) == (1000, True)
    finally:
        await engine.close()


# Misbehaviour.

ONE_AGREEMENT = (
    b'{"head":{"vars":["agreement"]},"results":{"bindings":'
    b'[{"agreement":{"type":"uri","value":"http://example.org/a"}}]}}'
)
JSON = {"Content-Type": "application/sparql-results+json"}


@pytest.fixture
def script() -> Iterator[Scripted]:
    """An endpoint that says what a test wants, an agreement to begin with."""
    with scripted() as running:
        running.reply = (200, JSON, ONE_AGREEMENT)
        yield running


@pytest.fixture
async def remote(script: Scripted) -> AsyncIterator[Engine]:
    """An engine that asks the scripted endpoint."""
    opened = await open_engine(options(script.iri), Path())
    yield opened
    await opened.close()


async def test_the_endpoint_is_asked_by_post_with_our_name(remote: Engine, script: Scripted) -> None:
    await remote.answer(QueryRequest("# insert\nSELECT * {}", CSV, named_graphs=(f"{EX}g/1", f"{EX}g/2")))
    path, headers, body = script.asked[-1]
    assert path == "/sparql"
    assert headers["user-agent"].startswith("interkommunal/")
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    assert headers["accept"].startswith("application/sparql-results+json")
    assert parse_qs(body.decode()) == {"query": ["# insert\nSELECT * {}"], "named-graph-uri": [f"{EX}g/1", f"{EX}g/2"]}


@pytest.mark.parametrize(
    ("status", "fields", "body", "error"),
    [
        (200, JSON, ONE_AGREEMENT[:-4], QueryFailed),
        (200, JSON, ONE_AGREEMENT[:-3] + b"Error: time is over", QueryFailed),
        (200, JSON, ONE_AGREEMENT + b"\nError: time is over", QueryFailed),
        (200, {"Content-Type": "text/html"}, b"<html>Welcome</html>", QueryFailed),
        (206, JSON, ONE_AGREEMENT, QueryTimeout),
        (200, JSON | {"X-SQL-State": "S1TAT"}, ONE_AGREEMENT, QueryTimeout),
        (400, {}, b"<h1>Parse error</h1> at line 1", QuerySyntaxError),
        (401, {}, b"", QueryFailed),
        (404, {}, b"", EngineUnavailable),
        (413, {}, b"", QueryTooLarge),
        (500, {}, b"something broke", QueryFailed),
        (500, {}, b"Virtuoso S1TAT Error SR171: Transaction timed out", QueryTimeout),
        (503, {"Retry-After": "17"}, b"", EngineUnavailable),
        (504, {}, b"", QueryTimeout),
    ],
)
async def test_every_failure_of_the_endpoint_is_an_error_of_the_right_kind(
    remote: Engine, script: Scripted, status: int, fields: dict[str, str], body: bytes, error: type[Exception]
) -> None:
    script.reply = (status, fields, body)
    with pytest.raises(error) as caught:
        await ask(remote, "SELECT * {}")
    if isinstance(caught.value, EngineUnavailable) and status == 503:
        assert caught.value.retry_after == 17
    if status == 400:
        assert str(caught.value).endswith("the endpoint says: Parse error at line 1")


async def test_a_stream_that_breaks_off_fails(remote: Engine, script: Scripted) -> None:
    row = b'{"agreement":{"type":"literal","value":"' + b"x" * 1000 + b'"}},'
    script.reply = (200, JSON, b'{"head":{"vars":["agreement"]},"results":{"bindings":[' + row * 3000)
    script.declared_length = 10_000_000
    answer = await remote.answer(QueryRequest("SELECT * {}", CSV))
    with pytest.raises(QueryFailed, match="breaks off"):
        await read(answer)


async def test_a_caller_that_hangs_up_ends_the_request(remote: Engine, script: Scripted) -> None:
    script.seconds = 20.0
    task = asyncio.create_task(ask(remote, "SELECT * {}"))
    assert await eventually(lambda: len(script.asked) == 2)
    [query] = remote.running()
    task.cancel()
    assert await eventually(lambda: not psutil.pid_exists(query.pid or 0))
    script.seconds = 0.0


async def test_an_endpoint_without_agreements_in_its_default_graph_is_refused(script: Scripted) -> None:
    script.reply = (200, JSON, b'{"head":{"vars":["agreement"]},"results":{"bindings":[]}}')
    before = descendants()
    with pytest.raises(ReleaseError, match="union of all graphs"):
        await open_engine(options(script.iri), Path())
    assert await eventually(lambda: descendants() <= before)


async def test_an_endpoint_that_is_not_there_is_refused() -> None:
    with pytest.raises(ReleaseError, match="cannot be reached"):
        await open_engine(options("http://127.0.0.1:9/sparql"), Path())
    with pytest.raises(SettingsError, match="INTERKOMMUNAL_REMOTE_ENDPOINT"):
        await open_engine(EngineOptions(tier="remote"), Path())
