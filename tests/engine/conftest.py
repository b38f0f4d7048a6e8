"""What the tests of the engine room share: a small graph, engines over it, and eyes on processes."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import psutil
import pytest
from tests.patience import patient
from tests.serving import MAIN

from interkommunal.engine.engine import Engine, EngineOptions
from interkommunal.engine.pool import Answer
from interkommunal.sparql.query import Limits, QueryRequest

EX = "http://example.org/"
CITIES = ("bochum", "dortmund", "duisburg", "essen")
MEBIBYTE = 1 << 20

# Four rows for each triple pattern, squared and squared again: more work than any deadline allows.
CARTESIAN = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?s{i} ?p{i} ?o{i} ." for i in range(12)) + " }"
# Sorting keeps all rows in memory.
MEMORY_BOMB = "SELECT * { " + " ".join(f"?s{i} ?p{i} ?o{i} ." for i in range(8)) + " } ORDER BY ?o0 ?o1"
PATH_EXPLOSION = f"SELECT (COUNT(*) AS ?n) {{ {' '.join(f'?a{i} (<{EX}knows>|!<{EX}x>)* ?b{i} .' for i in range(8))} }}"


def small_graph(*, repeated: bool = True) -> str:
    """Each city in a graph of its own; who knows whom in a further one; one triple in two graphs if ``repeated``."""
    lines = [f'<{EX}{city}> <{EX}name> "{city.title()}"@de <{EX}g/{city}> .' for city in CITIES]
    lines += [f"<{EX}{a}> <{EX}knows> <{EX}{b}> <{EX}g/all> ." for a in CITIES for b in CITIES if a != b]
    lines += [f'<{EX}essen> <{EX}name> "Essen"@de <{EX}g/all> .'] if repeated else []
    return "\n".join(lines) + "\n"


@pytest.fixture
def quads(tmp_path: Path) -> Path:
    """The small graph as a file."""
    path = tmp_path / "graph.nq"
    path.write_text(small_graph(), encoding="utf-8")
    return path


OpenEngine = Callable[..., Awaitable[Engine]]


@pytest.fixture
async def open_pooled(quads: Path) -> AsyncIterator[OpenEngine]:
    """Opens engines, over the small graph if nothing else is said, and closes them."""
    engines: list[Engine] = []

    async def opened(
        options: EngineOptions | None = None, release: Path = quads, allows: Callable[[str], bool] | None = None
    ) -> Engine:
        options = options or EngineOptions(services=())
        engine = Engine(options) if allows is None else Engine(options, allows)
        engines.append(engine)
        await engine.open(release)
        return engine

    yield opened
    for engine in engines:
        await engine.close()


@pytest.fixture
async def engine(open_pooled: OpenEngine) -> Engine:
    """An engine of the memory tier over the small graph."""
    return await open_pooled()


async def ask(engine: Engine, query: str, media_type: str = "text/csv", **limits: object) -> str:
    """The answer to a query as text."""
    answer = await engine.answer(QueryRequest(query, media_type, limits=Limits(**limits)))  # type: ignore[arg-type]
    return (await read(answer)).decode()


async def read(answer: Answer) -> bytes:
    """All of an answer."""
    return b"".join([chunk async for chunk in answer.chunks()])


async def eventually(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Whether a condition comes true within a bound that is generous on a busy machine."""
    deadline = time.monotonic() + patient(seconds)
    while not condition():
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(0.02)
    return True


def processes_below() -> list[psutil.Process]:
    """All processes below this one, but for the servers that other tests of the session share."""
    found = []
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.NoSuchProcess):
            if MAIN not in child.cmdline():
                found += [child, *child.children(recursive=True)]
    return found


def descendants() -> set[int]:
    """Pids of all processes below this one."""
    found = set()
    for child in processes_below():
        with contextlib.suppress(psutil.NoSuchProcess):
            if child.status() != psutil.STATUS_ZOMBIE:
                found.add(child.pid)
    return found


def workers() -> set[int]:
    """Pids of the worker processes below this one."""
    found = set()
    for child in processes_below():
        with contextlib.suppress(psutil.NoSuchProcess):
            if child.name() == "ik-worker":
                found.add(child.pid)
    return found


def cpu_seconds() -> float:
    """CPU time used so far by all processes below this one that still live."""
    total = 0.0
    for child in processes_below():
        try:
            times = child.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total
