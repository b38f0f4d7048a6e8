"""The engine of the memory tier: answers, limits, kills, and what is left of it. Real processes throughout."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import psutil
import pytest
from tests.engine.conftest import (
    CARTESIAN,
    EX,
    MEBIBYTE,
    MEMORY_BOMB,
    PATH_EXPLOSION,
    OpenEngine,
    ask,
    cpu_seconds,
    descendants,
    eventually,
    processes_below,
    read,
    small_graph,
    workers,
)
from tests.patience import patient

from interkommunal.engine.engine import Engine, EngineOptions
from interkommunal.engine.pool import NICENESS
from interkommunal.errors import (
    EngineUnavailable,
    QueryFailed,
    QueryKilled,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    QueryTooLarge,
    QueueFull,
    ReleaseError,
)
from interkommunal.sparql.query import CSV, N_TRIPLES, RESULTS_JSON, TURTLE, Form, Limits, QueryRequest

NAMES = f"SELECT ?name {{ ?city <{EX}name> ?name }} ORDER BY ?name"
# 16 triples in the default graph: 16^5, about a million rows.
LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"

# 16^4 rows: some ten milliseconds.
ROWS_65536 = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l ."


# Answers.


async def test_a_small_answer_is_complete(engine: Engine) -> None:
    answer = await engine.answer(QueryRequest(NAMES, CSV))

    assert answer.body == b"name\r\nBochum\r\nDortmund\r\nDuisburg\r\nEssen\r\n"
    assert (answer.form, answer.media_type, answer.rows, answer.size, answer.cut) == (Form.SELECT, CSV, 4, 41, False)
    assert await read(answer) == answer.body


async def test_a_large_answer_is_streamed_and_counted(engine: Engine) -> None:
    answer = await engine.answer(QueryRequest(f"{LARGE} LIMIT 50000", CSV))

    assert answer.body is None
    body = await read(answer)
    assert body.count(b"\r\n") == 50_001
    assert (answer.rows, answer.size, answer.cut) == (50_000, len(body), False)


async def test_a_stream_is_cut_where_a_partial_answer_is_asked_for(engine: Engine) -> None:
    limits = Limits(rows=30_000, partial=True)
    answer = await engine.answer(QueryRequest(LARGE, CSV, limits=limits))

    body = await read(answer)
    assert (answer.rows, answer.cut) == (30_000, True)
    assert body.count(b"\r\n") == 30_001


async def test_a_graph_uses_the_prefixes_of_the_query(engine: Engine) -> None:
    query = f"PREFIX ex: <{EX}> DESCRIBE ex:essen"
    assert (await ask(engine, query, TURTLE)).startswith(f"@prefix ex: <{EX}> .\nex:essen ex:")


async def test_the_dataset_of_the_protocol_is_honoured(engine: Engine) -> None:
    answer = await engine.answer(QueryRequest(NAMES, CSV, default_graphs=(f"{EX}g/essen",)))
    assert answer.body == b"name\r\nEssen\r\n"
    answer = await engine.answer(QueryRequest(NAMES, CSV, default_graphs=(), named_graphs=()))
    assert answer.rows == 4
    with pytest.raises(QuerySyntaxError, match="named-graph-uri"):
        await engine.answer(QueryRequest(NAMES, CSV, named_graphs=("no iri",)))


async def test_a_format_that_the_form_does_not_have_is_the_callers_mistake(engine: Engine) -> None:
    with pytest.raises(ValueError, match="ASK cannot be answered as text/csv"):
        await engine.answer(QueryRequest("ASK {}", CSV))


async def test_what_the_guard_refuses_reaches_no_worker(engine: Engine) -> None:
    for query in ("DROP ALL", "ASK { SERVICE <http://127.0.0.1/> {} }"):
        with pytest.raises(QueryRefused):
            await engine.answer(QueryRequest(query, RESULTS_JSON))
    assert engine.status().answered == 0


async def test_many_queries_at_once_are_all_answered(engine: Engine) -> None:
    queries = [f"SELECT ({number} AS ?n) {{}}" for number in range(60)]
    answers = await asyncio.gather(*(ask(engine, query) for query in queries))
    assert answers == [f"n\r\n{number}\r\n" for number in range(60)]


async def test_a_query_larger_than_any_buffer_arrives_whole(engine: Engine) -> None:
    values = " ".join(f"'{number:060}'" for number in range(10_000))
    assert await ask(engine, f"SELECT (COUNT(*) AS ?n) {{ VALUES ?x {{ {values} }} }}") == "n\r\n10000\r\n"


# Limits.


@pytest.mark.parametrize("query", [CARTESIAN, PATH_EXPLOSION])
async def test_a_runaway_is_killed_at_its_deadline_and_its_worker_replaced(engine: Engine, query: str) -> None:
    with pytest.raises(QueryTimeout) as caught:
        await ask(engine, query, seconds=0.3)
    assert caught.value.seconds == 0.3

    assert await ask(engine, NAMES) == "name\r\nBochum\r\nDortmund\r\nDuisburg\r\nEssen\r\n"
    assert await eventually(lambda: engine.status().idle == engine.status().workers > 0)
    assert engine.status().timeouts == 1


async def test_a_memory_bomb_dies_alone(engine: Engine) -> None:
    others = asyncio.gather(*(ask(engine, NAMES) for _ in range(5)))
    with pytest.raises(QueryTooLarge) as caught:
        await ask(engine, MEMORY_BOMB, seconds=60.0, memory_bytes=64 * MEBIBYTE)

    assert caught.value.limit == "memory"
    assert len(set(await others)) == 1
    assert (await ask(engine, NAMES)).count("\r\n") == 5


async def test_a_query_on_which_the_evaluator_overflows_its_stack_is_too_large(engine: Engine) -> None:
    query = "ASK { FILTER(" + "||".join(["?x"] * 60_000) + ") }"
    with pytest.raises(QueryTooLarge) as caught:
        await ask(engine, query, RESULTS_JSON, memory_bytes=1 << 30)
    assert caught.value.limit in ("query", "memory")
    assert (await ask(engine, NAMES)).count("\r\n") == 5


async def test_limits_are_lowered_to_the_ceiling(open_pooled: OpenEngine) -> None:
    engine = await open_pooled(EngineOptions(ceiling=Limits(seconds=0.3, rows=2)))
    with pytest.raises(QueryTimeout):
        await ask(engine, CARTESIAN, seconds=600.0)
    with pytest.raises(QueryTooLarge) as caught:
        await ask(engine, NAMES, rows=100)
    assert caught.value.limit == "rows"
    assert await ask(engine, NAMES, rows=1, partial=True) == "name\r\nBochum\r\n"


async def test_a_stream_that_hits_a_limit_fails_after_its_first_chunks(engine: Engine) -> None:
    limits = Limits(rows=60_000)
    answer = await engine.answer(QueryRequest(LARGE, CSV, limits=limits))
    with pytest.raises(QueryTooLarge):
        await read(answer)
    assert answer.size > MEBIBYTE


async def test_a_stream_whose_time_runs_out_fails(engine: Engine) -> None:
    query = LARGE.replace(" }", " . ?p ?q ?r . ?s ?t ?u }")
    answer = await engine.answer(QueryRequest(query, CSV, limits=Limits(seconds=0.5)))
    with pytest.raises(QueryTimeout):
        await read(answer)


async def test_time_in_which_the_reader_is_slow_does_not_count(engine: Engine) -> None:
    answer = await engine.answer(QueryRequest(f"{LARGE} LIMIT 80000", CSV, limits=Limits(seconds=patient(0.5))))
    chunks = answer.chunks()
    await anext(chunks)
    await asyncio.sleep(patient(0.6))
    size = sum([len(chunk) async for chunk in chunks])
    assert answer.rows == 80_000
    assert size > 0


async def test_a_reader_that_stalls_is_given_up(open_pooled: OpenEngine) -> None:
    engine = await open_pooled(EngineOptions(stall_seconds=0.2))
    answer = await engine.answer(QueryRequest(LARGE, CSV, limits=Limits(seconds=600.0)))
    chunks = answer.chunks()
    await anext(chunks)
    assert await eventually(lambda: not engine.running())
    with pytest.raises(QueryFailed, match="nobody read the answer"):
        await anext(chunks)


async def test_a_queue_that_is_full_refuses_with_a_time_to_try_again(open_pooled: OpenEngine) -> None:
    engine = await open_pooled(EngineOptions(workers=1, queue=2))
    running = [asyncio.create_task(ask(engine, CARTESIAN, seconds=30.0)) for _ in range(3)]
    assert await eventually(lambda: engine.status().running == 1 and engine.status().waiting == 2)

    with pytest.raises(QueueFull) as caught:
        await ask(engine, NAMES)
    assert caught.value.retry_after >= 1
    for task in running:
        task.cancel()
    assert await eventually(lambda: not engine.running())
    assert (await ask(engine, NAMES)).count("\r\n") == 5


async def test_a_query_that_waits_in_vain_is_told_that_the_server_is_busy(open_pooled: OpenEngine) -> None:
    engine = await open_pooled(EngineOptions(workers=1))
    running = asyncio.create_task(ask(engine, CARTESIAN, seconds=30.0))
    assert await eventually(lambda: engine.status().running == 1)
    with pytest.raises(QueueFull, match="no worker was free"):
        await ask(engine, NAMES, seconds=0.2)
    running.cancel()


async def test_short_queries_get_through_however_many_runaways_there_are(open_pooled: OpenEngine) -> None:
    engine = await open_pooled(EngineOptions(workers=4))
    runaways = [asyncio.create_task(ask(engine, CARTESIAN, seconds=30.0)) for _ in range(12)]
    assert await eventually(lambda: engine.status().running == 4)

    for _ in range(3):
        assert (await ask(engine, NAMES, seconds=10.0)).count("\r\n") == 5
    assert not any(task.done() for task in runaways)
    for task in runaways:
        task.cancel()


# Workers that are not as they were.


async def test_a_worker_that_has_grown_is_replaced(engine: Engine) -> None:
    query = f"SELECT (STRLEN(GROUP_CONCAT(?x)) AS ?n) {{ ?a ?b ?c . ?d ?e ?f BIND('{'x' * 200_000}' AS ?x) }}"
    answer = await engine.answer(QueryRequest(query, CSV))
    assert answer.body == b"n\r\n51200255\r\n"
    pid = answer.pid
    assert pid is not None

    assert await eventually(lambda: not psutil.pid_exists(pid))
    assert (engine.status().lost, engine.status().failed) == (0, 0)
    assert (await ask(engine, NAMES)).count("\r\n") == 5


async def test_a_worker_that_has_answered_short_queries_stays(engine: Engine) -> None:
    pids = set()
    for _ in range(20):
        answer = await engine.answer(QueryRequest(NAMES, CSV))
        pids.add(answer.pid)
    assert all(psutil.pid_exists(pid or 0) for pid in pids)


async def test_a_long_query_gets_a_low_priority_and_short_ones_beside_it_do_not(engine: Engine) -> None:
    runaway = asyncio.create_task(ask(engine, CARTESIAN, seconds=600.0))
    assert await eventually(lambda: any(query.pid for query in engine.running()))
    long = psutil.Process(engine.running()[0].pid)
    assert await eventually(lambda: long.nice() == NICENESS)
    answer = await engine.answer(QueryRequest(NAMES, CSV))
    assert psutil.Process(answer.pid).nice() == psutil.Process().nice()
    runaway.cancel()


# Giving up.


async def test_a_caller_that_hangs_up_leaves_no_work_behind(engine: Engine) -> None:
    task = asyncio.create_task(ask(engine, CARTESIAN, seconds=600.0))
    assert await eventually(lambda: any(query.pid for query in engine.running()))
    [query] = engine.running()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert await eventually(lambda: not psutil.pid_exists(query.pid or 0))
    assert await eventually(lambda: engine.status().idle > 0)
    before = cpu_seconds()
    await asyncio.sleep(0.5)
    assert cpu_seconds() - before < 0.2
    assert engine.status().abandoned == 1


async def test_a_stream_that_is_closed_early_leaves_no_work_behind(engine: Engine) -> None:
    answer = await engine.answer(QueryRequest(LARGE, CSV, limits=Limits(seconds=600.0)))
    pid = answer.pid
    assert pid is not None
    await answer.aclose()
    await answer.aclose()

    assert await eventually(lambda: not psutil.pid_exists(pid))
    assert engine.running() == []


async def test_a_reader_that_stops_iterating_leaves_no_work_behind(engine: Engine) -> None:
    answer = await engine.answer(QueryRequest(LARGE, CSV, limits=Limits(seconds=600.0)))
    chunks = answer.chunks()
    await anext(chunks)
    await chunks.aclose()  # type: ignore[attr-defined]
    assert engine.running() == []


async def test_a_caller_that_hangs_up_in_the_queue_leaves_it(open_pooled: OpenEngine) -> None:
    engine = await open_pooled(EngineOptions(workers=1))
    tasks = [asyncio.create_task(ask(engine, CARTESIAN, seconds=30.0)) for _ in range(2)]
    assert await eventually(lambda: engine.status().waiting == 1)
    tasks[1].cancel()
    assert await eventually(lambda: engine.status().waiting == 0)
    assert engine.status().running == 1
    tasks[0].cancel()


# Operations.


async def test_running_queries_are_listed_and_can_be_killed(engine: Engine) -> None:
    task = asyncio.create_task(ask(engine, CARTESIAN, seconds=600.0))
    assert await eventually(lambda: any(query.pid for query in engine.running()))
    [query] = engine.running()
    assert (query.query, query.job.streaming) == (CARTESIAN, False)
    assert query.seconds > 0

    assert engine.kill(query.job.id)
    assert not engine.kill(query.job.id)
    with pytest.raises(QueryKilled):
        await task
    assert engine.status().killed == 1


async def test_a_readiness_probe_goes_through_a_worker(engine: Engine) -> None:
    await engine.probe()
    assert engine.status().answered == 1


async def test_a_large_answer_is_streamed_with_flat_memory(engine: Engine) -> None:
    query = f"{LARGE} LIMIT 200000"
    answer = await engine.answer(QueryRequest(query, RESULTS_JSON))
    assert answer.pid is not None
    worker, front = psutil.Process(answer.pid), psutil.Process()
    began = (worker.memory_info().rss, front.memory_info().rss)
    peak = began
    async for _ in answer.chunks():
        with_now = (worker.memory_info().rss, front.memory_info().rss)
        peak = (max(peak[0], with_now[0]), max(peak[1], with_now[1]))

    assert answer.rows == 200_000
    assert answer.size > 150 * MEBIBYTE
    assert peak[0] - began[0] < 16 * MEBIBYTE
    assert peak[1] - began[1] < 16 * MEBIBYTE


async def test_a_worker_runs_under_a_filter_of_system_calls(engine: Engine) -> None:
    job = asyncio.create_task(ask(engine, CARTESIAN, seconds=30.0))
    assert await eventually(lambda: any(query.pid for query in engine.running()))
    status = Path(f"/proc/{engine.running()[0].pid}/status")
    assert await eventually(lambda: "Seccomp:\t2" in status.read_text(encoding="ascii"))
    assert "NoNewPrivs:\t1" in status.read_text(encoding="ascii")
    job.cancel()


# Releases.


async def test_another_release_is_opened_without_a_failed_query(engine: Engine, tmp_path: Path) -> None:
    other = tmp_path / "other.nq"
    other.write_text(small_graph().replace('"Essen"', '"Assindia"'), encoding="utf-8")
    long = asyncio.create_task(ask(engine, CARTESIAN, seconds=1.5))
    stream = await engine.answer(QueryRequest(f"{LARGE} LIMIT 60000", CSV))
    stop = False
    seen: list[str] = []

    async def keep_asking() -> None:
        while not stop:
            seen.append(await ask(engine, f"SELECT ?name {{ <{EX}essen> <{EX}name> ?name }}"))

    asking = [asyncio.create_task(keep_asking()) for _ in range(4)]
    assert await eventually(lambda: len(seen) > 20)
    await engine.open(other)
    assert await ask(engine, f"SELECT ?name {{ <{EX}essen> <{EX}name> ?name }}") == "name\r\nAssindia\r\n"
    assert not long.done()
    stop = True
    await asyncio.gather(*asking)
    assert len(await read(stream)) > MEBIBYTE
    with pytest.raises(QueryTimeout):
        await long

    assert set(seen) <= {"name\r\nEssen\r\n", "name\r\nAssindia\r\n"}
    assert engine.status().release == str(other)
    assert engine.status().failed == 0


async def test_the_zygote_of_an_old_release_ends(engine: Engine, quads: Path, tmp_path: Path) -> None:
    assert await eventually(lambda: len(zygotes()) == 1)
    [old] = zygotes()
    other = tmp_path / "other.nq"
    other.write_text(small_graph(), encoding="utf-8")
    await engine.open(other)
    assert len(zygotes()) == 2
    assert await eventually(lambda: old not in zygotes(), seconds=30.0)


async def test_opening_what_is_served_already_does_nothing(engine: Engine, quads: Path) -> None:
    before = zygotes()
    await engine.open(quads)
    assert zygotes() == before


async def test_a_release_that_cannot_be_opened_leaves_the_old_one_served(engine: Engine, tmp_path: Path) -> None:
    broken = tmp_path / "broken.nq"
    broken.write_text("<a:b> <c:d> oops .\n", encoding="utf-8")
    for path in (broken, tmp_path / "missing.nq"):
        with pytest.raises(ReleaseError, match=path.name):
            await engine.open(path)
    assert (await ask(engine, NAMES)).count("\r\n") == 5


# The end of processes.


def zygotes() -> list[int]:
    """Processes that hold a store. A worker just forked bears the name of its parent for a moment."""
    found = []
    for child in processes_below():
        with contextlib.suppress(psutil.NoSuchProcess):
            if child.name() == "ik-zygote" and psutil.Process(child.ppid()).name() == "ik-supervisor":
                found.append(child.pid)
    return found


@pytest.mark.parametrize("level", ["zygote", "supervisor"])
async def test_an_engine_recovers_when_what_holds_its_store_dies(engine: Engine, level: str) -> None:
    assert await eventually(lambda: len(zygotes()) == 1)
    [zygote] = zygotes()
    victim = zygote if level == "zygote" else psutil.Process(zygote).ppid()
    waiting = asyncio.create_task(ask(engine, CARTESIAN, seconds=600.0))
    assert await eventually(lambda: engine.status().running == 1)
    os.kill(victim, signal.SIGKILL)
    with pytest.raises(EngineUnavailable) as caught:
        await waiting
    assert caught.value.retry_after >= 1

    async def answered() -> bool:
        try:
            return (await ask(engine, NAMES)).count("\r\n") == 5
        except EngineUnavailable:
            return False

    for _ in range(200):
        if await answered():
            break
        await asyncio.sleep(0.05)
    assert await answered()


async def test_closing_ends_queries_and_leaves_no_process_and_no_file_open(open_pooled: OpenEngine) -> None:
    files = psutil.Process().num_fds()
    engine = await open_pooled()
    tasks = [asyncio.create_task(ask(engine, CARTESIAN, seconds=600.0)) for _ in range(3)]
    assert await eventually(lambda: engine.status().running == 3)
    started = descendants()
    assert len(started) > 3
    await engine.close()

    for task in tasks:
        with pytest.raises(EngineUnavailable):
            await task
    assert await eventually(lambda: not started & descendants())
    assert psutil.Process().num_fds() <= files
    with pytest.raises(EngineUnavailable):
        await ask(engine, NAMES)
    await engine.close()


async def test_killed_workers_leave_nothing_behind(engine: Engine) -> None:
    await ask(engine, NAMES)
    files = psutil.Process().num_fds()
    for _ in range(3):
        tasks = [asyncio.create_task(ask(engine, CARTESIAN, seconds=0.1)) for _ in range(4)]
        await asyncio.gather(*tasks, return_exceptions=True)
    assert await eventually(lambda: engine.status().idle == engine.status().workers)
    assert psutil.Process().num_fds() <= files + 2 * engine.status().workers
    assert await eventually(lambda: len(descendants()) == engine.status().workers + 2)


async def test_orders_given_ahead_to_a_worker_that_is_then_busy_for_long_go_to_others(open_pooled: OpenEngine) -> None:
    engine = await open_pooled(EngineOptions(workers=12))
    runaways = [asyncio.create_task(ask(engine, CARTESIAN, seconds=30.0)) for _ in range(4)]
    await asyncio.sleep(0)
    short = [asyncio.create_task(ask(engine, f"{NAMES} LIMIT {n}")) for n in range(1, 13)]
    await asyncio.sleep(0)
    assert engine.status().waiting > 0

    answers = await asyncio.wait_for(asyncio.gather(*short), patient(10.0))
    assert [len(answer.splitlines()) for answer in answers] == [2, 3, 4, *[5] * 9]
    assert await eventually(lambda: engine.status().running == 4 and engine.status().waiting == 0)
    for task in runaways:
        task.cancel()
    assert await eventually(lambda: not engine.running())
    assert await ask(engine, f"{NAMES} LIMIT 1") == answers[0]


async def test_a_caller_that_hangs_up_before_its_turn_takes_nothing_from_the_others(engine: Engine) -> None:
    answers = [asyncio.create_task(ask(engine, f"{NAMES} LIMIT {n}")) for n in range(1, 21)]
    await asyncio.sleep(0)
    for task in answers[1::2]:
        task.cancel()

    kept = await asyncio.gather(*answers[::2])
    assert [len(answer.splitlines()) for answer in kept] == [2, 4, *[5] * 8]
    assert await eventually(lambda: engine.status().running == 0)
    assert engine.status().lost == 0


async def test_a_worker_does_not_go_on_with_an_order_whose_caller_is_gone(engine: Engine) -> None:
    assert await eventually(lambda: engine.status().idle >= 2)
    for turn in range(4):
        first = asyncio.create_task(ask(engine, f"SELECT (COUNT(*) AS ?n) {{ {ROWS_65536} FILTER({turn}={turn}) }}"))
        runaway = asyncio.create_task(ask(engine, CARTESIAN, seconds=30.0))
        await asyncio.sleep(0.004)  # the first is being worked on, and the order of the other is ahead
        runaway.cancel()
        assert await first == "n\r\n65536\r\n"
        assert await eventually(lambda: engine.status().running == 0, seconds=5.0)


async def test_orders_ahead_are_no_way_around_the_bound_of_the_queue(open_pooled: OpenEngine) -> None:
    engine = await open_pooled(EngineOptions(workers=1, queue=3, services=()))
    answers = await asyncio.gather(*(ask(engine, f"{NAMES} LIMIT {n}") for n in range(1, 11)), return_exceptions=True)
    assert [isinstance(answer, QueueFull) for answer in answers] == [False] * 4 + [True] * 6


async def test_a_worker_is_read_again_after_a_stream_whose_reader_was_behind_at_its_end(
    open_pooled: OpenEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("interkommunal.engine.pool._HIGH_WATER", 1000)
    monkeypatch.setattr("interkommunal.engine.pool._LOW_WATER", 100)
    engine = await open_pooled(EngineOptions(workers=1, services=()))
    answer = await engine.answer(QueryRequest(f"{LARGE} LIMIT 5000", CSV))
    async for _ in answer.chunks():
        time.sleep(0.01)  # meanwhile the rest of the stream comes, and its end
    assert answer.rows == 5000
    assert await ask(engine, NAMES, seconds=5.0) == "name\r\nBochum\r\nDortmund\r\nDuisburg\r\nEssen\r\n"


@pytest.mark.parametrize("seed", [1, 2])
async def test_each_question_gets_its_own_answer_or_none_whatever_happens_to_the_others(
    open_pooled: OpenEngine, seed: int
) -> None:
    engine = await open_pooled(EngineOptions(workers=6, queue=200, services=()))
    dice = random.Random(seed)
    outcomes: Counter[str] = Counter()

    async def question(number: int) -> None:
        kind = dice.choice(
            ["short"] * 8 + ["rows", "medium", "graph", "broken", "stream", "runaway", "impatient", "greedy"]
        )
        query, media_type, expected = f"SELECT ({number} AS ?n) {{}}", CSV, f"n\r\n{number}\r\n"
        limits: dict[str, object] = {"seconds": 20.0}
        if kind == "rows":
            query = f"SELECT ?n {{ VALUES ?n {{ {' '.join([str(number)] * 500)} }} }}"
            expected = "n\r\n" + f"{number}\r\n" * 500
        elif kind == "medium":
            query = f"SELECT ({number} AS ?n) (COUNT(*) AS ?c) {{ {ROWS_65536} }}"
            expected = f"n,c\r\n{number},65536\r\n"
        elif kind == "graph":
            query = f"CONSTRUCT {{ <{EX}{number}> <{EX}is> {number} }} WHERE {{}}"
            media_type = N_TRIPLES
            expected = f'<{EX}{number}> <{EX}is> "{number}"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
        elif kind == "stream":
            query = f"SELECT ({number} AS ?n) ?a ?c {{ {ROWS_65536} }}"
        elif kind == "broken":
            query += f" #{number}\n}}"
        elif kind in ("runaway", "impatient", "greedy"):
            query = MEMORY_BOMB if kind == "greedy" else CARTESIAN
            limits = {"seconds": 0.2 if kind == "runaway" else 0.001 if kind == "impatient" else 5.0}
            limits |= {"memory_bytes": 48 * MEBIBYTE} if kind == "greedy" else {}
        fit = {
            "broken": (QuerySyntaxError,),
            "runaway": (QueryTimeout, QueueFull),
            "impatient": (QueryTimeout, QueueFull),
            "greedy": (QueryTooLarge, QueryTimeout, QueueFull),
        }.get(kind, ())
        try:
            answer = await ask(engine, query, media_type, **limits)
        except (asyncio.CancelledError, QueryKilled, *fit) as error:
            outcomes[type(error).__name__] += 1
            return
        outcomes["answered"] += 1
        if kind == "stream":
            lines = answer.split("\r\n")
            assert (lines[0], len(lines)) == ("n,a,c", 65_538)
            assert {line.partition(",")[0] for line in lines[1:-1]} == {str(number)}
        else:
            assert answer == expected, (kind, answer[:200])

    tasks = []
    for number in range(300):
        tasks.append(asyncio.create_task(question(number)))
        if dice.random() < 0.15:
            await asyncio.sleep(dice.choice([0, 0.001, 0.005, 0.03]))
        if dice.random() < 0.1:
            dice.choice(tasks).cancel()
        if dice.random() < 0.05 and (running := engine.running()):
            engine.kill(dice.choice(running).job.id)
        while sum(not task.done() for task in tasks) > 150:
            await asyncio.sleep(0.005)
    done = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), patient(60.0))

    assert [error for error in done if isinstance(error, Exception)] == []  # cancelled ones are none
    assert outcomes["answered"] > 150
    assert outcomes["CancelledError"] > 0
    assert await eventually(lambda: (engine.status().running, engine.status().waiting) == (0, 0))
    assert engine.running() == []
    assert await eventually(lambda: len(workers()) == engine.status().workers)
