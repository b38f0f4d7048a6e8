"""SERVICE through the gateway: only to allowed endpoints, at addresses that were checked. Against a real Oxigraph."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from tests.engine.conftest import EX, OpenEngine, ask, eventually, small_graph, workers
from tests.engine.servers import Scripted, oxigraph, scripted
from tests.patience import patient

from interkommunal.engine.engine import Engine, EngineOptions
from interkommunal.engine.federation import ANSWER_BYTES, Gateway
from interkommunal.errors import QueryFailed, QueryRefused, QueryTimeout, QueryTooLarge
from interkommunal.sparql.guard import Guard, Verdict
from interkommunal.sparql.query import CSV, RESULTS_JSON, Form, Inspection

NAME = f"<{EX}name>"
JSON = {"Content-Type": "application/sparql-results+json"}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The IRI of a real endpoint over the small graph."""
    folder = tmp_path_factory.mktemp("service")
    (folder / "graph.nq").write_text(small_graph(repeated=False), encoding="utf-8")
    with oxigraph(folder / "graph.nq", folder / "store") as iri:
        yield iri


@pytest.fixture
def script() -> Iterator[Scripted]:
    """An endpoint that does what a test says."""
    with scripted() as running:
        running.reply = (200, JSON, b'{"head":{"vars":["x"]},"results":{"bindings":[]}}')
        yield running


def anywhere(address: str) -> bool:
    """Stands in for the test of addresses, so that an endpoint on this machine can be asked."""
    return bool(address)


def options(*services: str, seconds: float = 20.0) -> EngineOptions:
    return EngineOptions(services=services, service_seconds=seconds)


async def test_an_allowed_endpoint_is_asked_and_joined(open_pooled: OpenEngine, service: str) -> None:
    engine = await open_pooled(options(service), allows=anywhere)
    query = f"""
        SELECT ?there {{
            <{EX}essen> {NAME} ?name .
            SERVICE <{service}> {{ ?city {NAME} ?there FILTER(?there != "x") }}
        }}
        ORDER BY ?there
    """
    assert await ask(engine, query) == "there\r\nBochum\r\nDortmund\r\nDuisburg\r\nEssen\r\n"


async def test_several_calls_in_one_query_are_all_made(open_pooled: OpenEngine, service: str) -> None:
    engine = await open_pooled(options(service), allows=anywhere)
    namespace, _, name = service.rpartition("/")
    query = f"""
        PREFIX s: <{namespace}/>
        SELECT (COUNT(*) AS ?n) {{
            {{ SERVICE SILENT <{service}> {{ ?a {NAME} ?b }} }} UNION {{ service s:{name} {{ ?c <{EX}knows> ?d }} }}
        }}
    """
    assert await ask(engine, query) == "n\r\n16\r\n"


async def test_a_call_inside_a_call_is_left_to_the_endpoint(script: Scripted) -> None:
    gateway = Gateway((script.iri,), 5.0, anywhere)
    text = f"SELECT * {{ SERVICE <{script.iri}> {{ SERVICE <{script.iri}> {{ }} }} SERVICE <{script.iri}> {{ }} }}"
    rewritten = await gateway.rewrite(text, (script.iri,))
    assert rewritten.count(script.iri) == 1
    assert rewritten.count("<http://127.0.0.1:") == 3
    await gateway.close()


async def test_an_endpoint_that_resolves_to_this_machine_is_refused(open_pooled: OpenEngine, script: Scripted) -> None:
    named = script.iri.replace("127.0.0.1", "localhost")
    engine = await open_pooled(options(script.iri, named))
    for iri in (script.iri, named):
        for silent in ("", "SILENT"):
            with pytest.raises(QueryRefused, match="not public") as caught:
                await ask(engine, f"SELECT * {{ SERVICE {silent} <{iri}> {{ ?s ?p ?o }} }}")
            assert caught.value.rule == "service"
            assert "führt zu einer Adresse, die nicht öffentlich ist" in caught.value.text.in_("de")
    assert script.asked == []


async def test_an_address_that_changes_after_the_check_is_not_asked(open_pooled: OpenEngine, script: Scripted) -> None:
    """What a name that is bound to another address between check and call would do."""
    seen: list[str] = []

    def allows_once(address: str) -> bool:
        seen.append(address)
        return len(seen) == 1

    engine = await open_pooled(options(script.iri), allows=allows_once)
    with pytest.raises(QueryFailed, match="not public"):
        await ask(engine, f"SELECT * {{ SERVICE <{script.iri}> {{ ?s ?p ?o }} }}")
    assert script.asked == []


async def test_a_name_that_does_not_resolve_fails_the_query(open_pooled: OpenEngine) -> None:
    iri = "https://no-such-host.invalid/sparql"
    engine = await open_pooled(options(iri))
    with pytest.raises(QueryFailed, match="does not resolve"):
        await ask(engine, f"SELECT * {{ SERVICE <{iri}> {{ ?s ?p ?o }} }}")


async def test_an_endpoint_is_asked_once_for_columns_in_the_order_of_the_query(
    open_pooled: OpenEngine, script: Scripted
) -> None:
    engine = await open_pooled(options(script.iri), allows=anywhere)
    answer = await ask(engine, f"SELECT * {{ SERVICE SILENT <{script.iri}> {{ ?z ?y ?x }} BIND(1 AS ?a) }}")
    assert answer.split("\r\n")[0] == "z,y,x,a"
    assert len(script.asked) == 1


async def test_redirections_are_not_followed(open_pooled: OpenEngine, script: Scripted) -> None:
    engine = await open_pooled(options(script.iri), allows=anywhere)
    script.reply = (307, {"Location": "http://127.0.0.1:1/"}, b"")
    with pytest.raises(QueryFailed, match="answered 307"):
        await ask(engine, f"SELECT * {{ SERVICE <{script.iri}> {{ ?s ?p ?o }} }}")
    assert len(script.asked) == 1


async def test_an_error_names_the_endpoint_and_not_the_gateway(open_pooled: OpenEngine, script: Scripted) -> None:
    engine = await open_pooled(options(script.iri), allows=anywhere)
    script.reply = (500, {}, b"oops")
    with pytest.raises(QueryFailed) as caught:
        await ask(engine, f"SELECT * {{ SERVICE <{script.iri}> {{ ?s ?p ?o }} }}")
    assert script.iri in str(caught.value)
    assert str(caught.value).count("http://") == 1


async def test_a_silent_call_that_fails_gives_no_rows_of_its_own(open_pooled: OpenEngine, script: Scripted) -> None:
    engine = await open_pooled(options(script.iri), allows=anywhere)
    script.reply = (500, {}, b"oops")
    query = f"SELECT ?name ?s {{ <{EX}essen> {NAME} ?name SERVICE SILENT <{script.iri}> {{ ?s ?p ?o }} }}"
    assert await ask(engine, query) == "name,s\r\nEssen,\r\n"


async def test_a_call_has_a_deadline_of_its_own(open_pooled: OpenEngine, script: Scripted) -> None:
    engine = await open_pooled(options(script.iri, seconds=0.5), allows=anywhere)
    script.seconds = 3.0
    with pytest.raises((QueryTimeout, QueryFailed)):
        await ask(engine, f"SELECT * {{ SERVICE <{script.iri}> {{ ?s ?p ?o }} }}", seconds=60.0)


async def test_a_query_that_waits_instead_of_computing_ends_at_its_deadline(
    open_pooled: OpenEngine, script: Scripted
) -> None:
    engine = await open_pooled(options(script.iri, seconds=60.0), allows=anywhere)
    script.seconds = 5.0
    with pytest.raises(QueryTimeout) as caught:
        await ask(engine, f"SELECT * {{ SERVICE <{script.iri}> {{ ?s ?p ?o }} }}", seconds=0.3)
    assert caught.value.seconds == 0.3
    assert engine.running() == []


async def test_an_answer_that_is_too_large_is_not_taken(open_pooled: OpenEngine, script: Scripted) -> None:
    engine = await open_pooled(options(script.iri), allows=anywhere)
    script.reply = (200, JSON, b" " * (ANSWER_BYTES + 1))
    with pytest.raises(QueryFailed, match="more than"):
        await ask(engine, f"SELECT * {{ SERVICE <{script.iri}> {{ ?s ?p ?o }} }}")


async def test_the_endpoint_learns_who_asks(open_pooled: OpenEngine, script: Scripted) -> None:
    engine = await open_pooled(options(script.iri), allows=anywhere)
    await ask(engine, f"SELECT * {{ SERVICE <{script.iri}> {{ ?s ?p ?o }} }}")
    path, headers, body = script.asked[0]
    assert (path, body) == ("/sparql", b"SELECT * WHERE { ?s ?p ?o . }")
    assert headers["user-agent"].startswith("interkommunal/")
    assert headers["content-type"] == "application/sparql-query"


async def test_the_gateway_answers_nobody_without_the_secret(script: Scripted) -> None:
    gateway = Gateway((script.iri,), 5.0, anywhere)
    text = await gateway.rewrite(f"SELECT * {{ SERVICE <{script.iri}> {{}} }}", (script.iri,))
    address = text.partition("<")[2].partition(">")[0]
    base = address.rsplit("/", 2)[0]

    def post(url: str) -> int:
        try:
            return int(urllib.request.urlopen(urllib.request.Request(url, b"ASK {}"), timeout=patient(10)).status)
        except urllib.error.HTTPError as error:
            return error.code

    for path in ("/", "/wrong/0", "/sparql", f"/{address.rsplit('/', 2)[1]}/7"):
        assert await asyncio.to_thread(post, base + path) == 404
    assert script.asked == []
    assert await asyncio.to_thread(post, address) == 200
    await gateway.close()


async def test_each_federated_query_has_a_process_of_its_own(open_pooled: OpenEngine, script: Scripted) -> None:
    engine = await open_pooled(options(script.iri), allows=anywhere)
    query = f"ASK {{ SERVICE <{script.iri}> {{ ?s ?p ?o }} }}"
    answers = await asyncio.gather(*(ask(engine, query, RESULTS_JSON) for _ in range(8)))
    assert [json.loads(answer)["boolean"] for answer in answers] == [False] * 8
    assert await eventually(lambda: engine.status().idle == engine.status().workers)
    assert await eventually(lambda: len(workers()) == engine.status().workers)


async def test_a_federated_query_keeps_its_other_limits(open_pooled: OpenEngine, service: str) -> None:
    engine = await open_pooled(options(service), allows=anywhere)
    query = f"SELECT * {{ SERVICE <{service}> {{ ?a ?b ?c }} }}"
    with pytest.raises(QueryTooLarge):
        await ask(engine, query, CSV, rows=3)
    assert (await ask(engine, query, CSV, rows=3, partial=True)).count("\r\n") == 4


async def test_a_caller_that_hangs_up_breaks_the_call_off(open_pooled: OpenEngine, script: Scripted) -> None:
    engine = await open_pooled(options(script.iri), allows=anywhere)
    script.seconds = 15.0
    task = asyncio.create_task(ask(engine, f"SELECT * {{ SERVICE <{script.iri}> {{ ?s ?p ?o }} }}"))
    assert await eventually(lambda: len(script.asked) == 1)
    assert len(engine._gateway._calls) == 1
    task.cancel()
    assert await eventually(lambda: not engine._gateway._calls)
    script.seconds = 0.0


class Careless(Guard):
    """A guard that sees no SERVICE."""

    def judge(self, query: str) -> Verdict:
        """Let everything pass."""
        return Verdict(Inspection(Form.SELECT), query)


async def test_workers_of_other_queries_have_no_network(engine: Engine, script: Scripted) -> None:
    engine._guard = Careless()
    with pytest.raises(QueryFailed, match="not permitted"):
        await ask(engine, f"SELECT * {{ SERVICE <{script.iri}> {{ ?s ?p ?o }} }}")
    assert script.asked == []
