from __future__ import annotations

import asyncio
import threading

import pytest

from interkommunal.errors import EngineUnavailable, QueueFull
from interkommunal.reconcile.index import IndexThread
from interkommunal.release.release import Release
from interkommunal.web.publication import Publication


async def test_release_is_opened_once_and_another_one_anew(release: Release) -> None:
    publication = Publication(release)
    thread = IndexThread(publication)

    first = await thread.index()
    assert await thread.index() is first
    publication.release = Release.open(release.folder)
    second = await thread.index()

    assert second is not first
    assert second.schema.types == first.schema.types


async def test_release_without_index_says_how_to_get_one() -> None:
    with pytest.raises(EngineUnavailable, match="interkommunal build"):
        await IndexThread(Publication(None)).index()


async def test_too_many_who_wait_are_sent_away_and_the_others_are_served(release: Release) -> None:
    thread = IndexThread(Publication(release))
    free = threading.Event()
    waiting = [asyncio.create_task(thread.work(lambda: free.wait(30))) for _ in range(64)]
    await asyncio.sleep(0)

    with pytest.raises(QueueFull):
        await thread.work(lambda: True)
    free.set()

    assert await asyncio.gather(*waiting) == [True] * 64
    assert await thread.work(lambda: "free again") == "free again"
