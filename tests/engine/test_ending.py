"""What is said of a query whose process ended: too much, too long, or a fault of the engine."""

from __future__ import annotations

import asyncio
import logging
import os
import random
import signal
from pathlib import Path

import pytest
from tests.engine.conftest import CARTESIAN, EX, MEBIBYTE, MEMORY_BOMB, OpenEngine, ask, eventually

from interkommunal.engine.engine import Engine
from interkommunal.engine.messages import error_of
from interkommunal.errors import EngineFailed, QueryError, QueryTimeout, QueryTooLarge

XSD = "http://www.w3.org/2001/XMLSchema#"
ABORT, KILL, SEGV, BUS, PROF = (
    -number for number in (signal.SIGABRT, signal.SIGKILL, signal.SIGSEGV, signal.SIGBUS, signal.SIGPROF)
)
PANIC = (
    "thread '<unnamed>' (7) panicked at library/core/src/slice/sort/shared/smallsort.rs:854:5: user-provided "
    "comparison function does not correctly implement a total order"
)
LONG = "ASK { FILTER(" + "!" * 10_000 + "?x) }"


@pytest.mark.parametrize(
    ("status", "words", "query", "expected"),
    [
        (ABORT, "memory allocation of 67108864 bytes failed", "ASK {}", QueryTooLarge("", "memory")),
        (
            ABORT,
            "terminate called after throwing 'std::bad_alloc'",
            "ASK {}",
            QueryTooLarge("", "memory"),
        ),
        (KILL, "Out of memory", "ASK {}", QueryTooLarge("", "memory")),
        (SEGV, "", LONG, QueryTooLarge("", "query")),
        (BUS, "", LONG, QueryTooLarge("", "query")),
        (PROF, "", "ASK {}", QueryTimeout("", 2.5)),
        (ABORT, PANIC, "ASK {}", EngineFailed()),
        (ABORT, PANIC, LONG, EngineFailed()),
        (ABORT, "", "ASK {}", EngineFailed()),
        (KILL, "", "ASK {}", EngineFailed()),
        (SEGV, "", "ASK {}", EngineFailed()),
        (-signal.SIGTERM, "", "ASK {}", EngineFailed()),
        (1, "", "ASK {}", EngineFailed()),
    ],
)
def test_each_ending_is_told_by_its_evidence(status: int, words: str, query: str, expected: QueryError) -> None:
    error = error_of(status, words, query, 2.5)
    assert type(error) is type(expected)
    assert {**vars(error), "text": ""} == {**vars(expected), "text": ""}


def test_how_a_process_ended_is_named() -> None:
    assert str(error_of(ABORT, PANIC, "ASK {}", 1.0)) == "the process that evaluated the query ended with SIGABRT"
    assert str(error_of(3, "", "ASK {}", 1.0)).endswith("status 3")


async def test_a_panic_of_the_engine_is_no_want_of_memory_and_its_words_are_logged(
    open_pooled: OpenEngine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """To sort, pyoxigraph 0.5 panics where it has to sort values that it cannot compare in one total order."""
    path = tmp_path / "mixed.nq"
    path.write_text("".join(mixed_terms()), encoding="utf-8")
    engine = await open_pooled(release=path)

    with caplog.at_level(logging.ERROR), pytest.raises(EngineFailed, match="SIGABRT"):
        await ask(engine, "SELECT ?o { GRAPH ?g { ?s ?p ?o } } ORDER BY ?o")
    assert "total order" in caplog.text
    assert (engine.status().failed, engine.status().too_large) == (1, 0)
    assert await ask(engine, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == "n\r\n3000\r\n"


def mixed_terms() -> list[str]:
    """Quads whose objects are numbers, literals of a datatype that the engine does not know, and dates."""
    dice = random.Random(1)
    lines = []
    for number in range(3000):
        value = dice.randint(-500, 5000)
        term = dice.choice(
            [
                f'"{value}"^^<{XSD}integer>',
                f'"{value}"^^<{EX}unit>',
                f'"2010-01-{dice.randint(10, 28)}{dice.choice(["", "Z", "+14:00", "-14:00"])}"^^<{XSD}date>',
            ]
        )
        lines.append(f"<{EX}s{number}> <{EX}p> {term} <{EX}g> .\n")
    return lines


async def test_want_of_memory_is_told_though_the_process_ends_by_the_same_signal(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(QueryTooLarge) as caught:
        await ask(engine, MEMORY_BOMB, seconds=60.0, memory_bytes=64 * MEBIBYTE)
    assert caught.value.limit == "memory"
    assert "ended with" not in caplog.text


@pytest.mark.parametrize("number", [signal.SIGABRT, signal.SIGSEGV, signal.SIGKILL, signal.SIGTERM])
async def test_a_process_that_somebody_else_ends_is_no_fault_of_the_query(
    engine: Engine, number: signal.Signals
) -> None:
    task = asyncio.create_task(ask(engine, CARTESIAN, seconds=600.0))
    assert await eventually(lambda: any(query.pid for query in engine.running()))
    os.kill(engine.running()[0].pid or 0, number)
    with pytest.raises(EngineFailed, match=number.name):
        await task
    assert (await ask(engine, f"SELECT ?name {{ ?city <{EX}name> ?name }}")).count("\r\n") == 5
    assert engine.status().lost == 1
