from __future__ import annotations

import asyncio
import contextlib

import pytest

from interkommunal.errors import QueryTimeout, QueueFull
from interkommunal.web.cache import AnswerCache
from interkommunal.web.representation import Representation

FOUND = Representation(b"answer", ())


async def joining(cache: AnswerCache, seconds: float = 5) -> asyncio.Task[Representation | None]:
    assert cache.is_being_made("key")
    task = asyncio.create_task(cache.join("key", seconds))
    await asyncio.sleep(0)
    return task


async def failing(cache: AnswerCache, error: Exception, seconds: float) -> asyncio.Task[Representation | None]:
    with contextlib.suppress(type(error)), cache.flight("key", seconds):
        waiting = await joining(cache)
        raise error
    return waiting


async def test_who_asks_the_same_gets_the_same() -> None:
    cache = AnswerCache(0)
    with cache.flight("key", 5) as flight:
        waiting = [await joining(cache) for _ in range(3)]
        flight.found = FOUND
    assert await asyncio.gather(*waiting) == [FOUND, FOUND, FOUND]
    assert not cache.is_being_made("key")
    assert await cache.join("key", 5) is None


async def test_who_asks_the_same_fails_the_same() -> None:
    cache = AnswerCache(0)
    waiting = await failing(cache, QueueFull("full", 1), 5)
    with pytest.raises(QueueFull):
        await waiting


async def test_who_had_more_time_tries_alone() -> None:
    cache = AnswerCache(0)
    waiting = await failing(cache, QueryTimeout("out of time", 1), 1)
    assert await waiting is None


async def test_what_cannot_be_shared_is_asked_again() -> None:
    cache = AnswerCache(0)
    with cache.flight("key", 5):
        waiting = await joining(cache)
    assert await waiting is None


async def test_nobody_waits_longer_than_allowed_and_the_flight_goes_on() -> None:
    cache = AnswerCache(0)
    with cache.flight("key", 5) as flight:
        with pytest.raises(QueryTimeout) as caught:
            await cache.join("key", 0.01)
        assert caught.value.seconds == 0.01
        other = await joining(cache)
        flight.found = FOUND
    assert await other is FOUND


async def test_who_stops_waiting_disturbs_nobody() -> None:
    cache = AnswerCache(0)
    with cache.flight("key", 5) as flight:
        first, second = await joining(cache), await joining(cache)
        first.cancel()
        flight.found = FOUND
    assert await second is FOUND


async def test_who_waits_takes_over_when_nobody_works_on_it_any_more() -> None:
    cache = AnswerCache(0)
    waiting = await failing(cache, ValueError("given up"), 5)
    assert (await waiting, cache.is_being_made("key")) == (None, False)


async def test_who_waits_waits_for_the_one_that_took_over() -> None:
    cache = AnswerCache(0)
    waiting = await failing(cache, ValueError("given up"), 5)
    with cache.flight("key", 5) as flight:
        await asyncio.sleep(0.01)
        flight.found = FOUND
    assert await waiting is FOUND
