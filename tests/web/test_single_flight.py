from __future__ import annotations

import asyncio

import pytest

from interkommunal.errors import QueryTimeout, QueueFull
from interkommunal.web.cache import Entry, SingleFlight
from interkommunal.web.representation import Representation

ENTRY = Entry("key", Representation(b"answer", ()), 0)


async def test_who_asks_the_same_gets_the_same() -> None:
    flights = SingleFlight()
    flight = flights.start("key", 5)
    found = flights.find("key")
    assert found is flight
    waiting = [asyncio.create_task(found.result(5)) for _ in range(3)]
    await asyncio.sleep(0)
    flights.end("key", flight, ENTRY)
    assert await asyncio.gather(*waiting) == [ENTRY, ENTRY, ENTRY]
    assert flights.find("key") is None


async def test_who_asks_the_same_fails_the_same() -> None:
    flights = SingleFlight()
    flight = flights.start("key", 5)
    waiting = asyncio.create_task(flight.result(5))
    await asyncio.sleep(0)
    flights.end("key", flight, QueueFull("full", 1))
    with pytest.raises(QueueFull):
        await waiting


async def test_who_had_more_time_tries_alone() -> None:
    flights = SingleFlight()
    flight = flights.start("key", 1)
    waiting = asyncio.create_task(flight.result(5))
    await asyncio.sleep(0)
    flights.end("key", flight, QueryTimeout("out of time", 1))
    assert await waiting is None


async def test_what_cannot_be_shared_is_asked_again() -> None:
    flights = SingleFlight()
    flight = flights.start("key", 5)
    waiting = asyncio.create_task(flight.result(5))
    await asyncio.sleep(0)
    flights.end("key", flight, None)
    assert await waiting is None


async def test_nobody_waits_longer_than_allowed_and_the_flight_goes_on() -> None:
    flights = SingleFlight()
    flight = flights.start("key", 5)
    with pytest.raises(QueryTimeout) as caught:
        await flight.result(0.01)
    assert caught.value.seconds == 0.01
    other = asyncio.create_task(flight.result(5))
    await asyncio.sleep(0)
    flights.end("key", flight, ENTRY)
    assert await other is ENTRY


async def test_who_stops_waiting_disturbs_nobody() -> None:
    flights = SingleFlight()
    flight = flights.start("key", 5)
    first, second = (asyncio.create_task(flight.result(5)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    flights.end("key", flight, ENTRY)
    assert await second is ENTRY


async def test_who_waits_is_told_when_nobody_works_on_it_any_more() -> None:
    flights = SingleFlight()
    flight = flights.start("key", 5)
    waiting = asyncio.create_task(flight.result(5))
    await asyncio.sleep(0)
    assert not flight.given_up
    flights.give_up("key", flight)
    assert (await waiting, flight.given_up, flights.find("key")) == (None, True, None)
