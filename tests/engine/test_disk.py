"""The disk tier: a store built in bulk, opened read-only by each worker."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from tests.engine.conftest import CARTESIAN, EX, MEBIBYTE, MEMORY_BOMB, ask, eventually, workers

from interkommunal.engine.engine import EngineOptions, open_engine
from interkommunal.engine.sources import build_disk_store
from interkommunal.errors import QueryTimeout, QueryTooLarge, ReleaseError
from interkommunal.sparql.query import CSV, QueryRequest

NAMES = f"SELECT ?name {{ ?city <{EX}name> ?name }} ORDER BY ?name"
DISK = EngineOptions(tier="disk")


@pytest.fixture
def store(quads: Path, tmp_path: Path) -> Path:
    """The small graph as a store on disk."""
    folder = tmp_path / "stores" / "store"
    build_disk_store(quads, folder)
    return folder


async def test_a_store_on_disk_answers_as_memory_does(store: Path) -> None:
    before = sorted(path.name for path in store.iterdir())
    engine = await open_engine(DISK, store)
    try:
        assert await ask(engine, NAMES) == "name\r\nBochum\r\nDortmund\r\nDuisburg\r\nEssen\r\n"
        answers = await asyncio.gather(*(ask(engine, NAMES) for _ in range(20)))
        assert len(set(answers)) == 1
        named = await engine.answer(
            QueryRequest(NAMES.replace("?city <", "GRAPH ?g { ?city <").replace(" }", " } }"), CSV)
        )
        assert named.rows == 5
    finally:
        await engine.close()
    assert sorted(path.name for path in store.iterdir()) == before


async def test_limits_hold_on_disk_too(store: Path) -> None:
    engine = await open_engine(DISK, store)
    try:
        with pytest.raises(QueryTimeout):
            await ask(engine, CARTESIAN, seconds=0.3)
        with pytest.raises(QueryTooLarge):
            await ask(engine, MEMORY_BOMB, seconds=60.0, memory_bytes=64 * MEBIBYTE)
        assert (await ask(engine, NAMES)).count("\r\n") == 5
    finally:
        await engine.close()
    assert await eventually(lambda: not workers())


def test_a_store_replaces_the_one_before(store: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.nq"
    other.write_text(f'<{EX}a> <{EX}name> "A" <{EX}g> .\n', encoding="utf-8")
    build_disk_store(other, store)
    assert [path.name for path in store.parent.iterdir()] == ["store"]


def test_quads_that_cannot_be_read_leave_no_store(tmp_path: Path) -> None:
    broken = tmp_path / "broken.nq"
    broken.write_text("<a:b> oops\n", encoding="utf-8")
    for quads in (broken, tmp_path / "missing.nq"):
        with pytest.raises(ReleaseError, match=quads.name):
            build_disk_store(quads, tmp_path / "store")
        assert not (tmp_path / "store").exists()
        assert not (tmp_path / "store.unfinished").exists()


async def test_a_folder_that_is_no_store_is_refused(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(ReleaseError, match="cannot open"):
            await open_engine(DISK, folder)
