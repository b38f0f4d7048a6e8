"""Equal questions that are asked at the same time are worked on once.

The first asker works; the others wait for what it finds, or fail with it. If what it finds cannot be shared, because it
is a stream, each goes its own way. If it gives up, because its client has gone, another one takes its place.
"""

from __future__ import annotations

import asyncio
from collections.abc import Hashable

from interkommunal.errors import QueryError, QueryTimeout
from interkommunal.web.cache import Entry


class Flight:
    """One question under way, asked with a deadline of ``seconds``; ``given_up`` says that nobody found an answer."""

    __slots__ = ("_landing", "given_up", "seconds")

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.given_up = False
        self._landing: asyncio.Future[Entry | QueryError | None] | None = None

    async def landed(self, seconds: float) -> Entry | None:
        """What was found, or ``None`` if that cannot be shared; waits for at most ``seconds``.

        Raises:
            QueryTimeout: nothing was found by then.
            QueryError: it failed, and had at least as much time.
        """
        if self._landing is None:
            self._landing = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                found = await asyncio.shield(self._landing)
        except TimeoutError:
            raise QueryTimeout(f"the query ran longer than {seconds:g} s", seconds) from None
        if isinstance(found, QueryError):
            if self.seconds >= seconds:
                raise found
            return None
        return found

    def land(self, found: Entry | QueryError | None) -> None:
        """Tell those who wait."""
        if self._landing is not None and not self._landing.done():
            self._landing.set_result(found)


class Flights:
    """The questions under way, by meaning. Belongs to one event loop."""

    def __init__(self) -> None:
        self._flights: dict[Hashable, Flight] = {}

    def find(self, meaning: Hashable) -> Flight | None:
        """The flight that works on this question, if there is one."""
        return self._flights.get(meaning)

    def start(self, meaning: Hashable, seconds: float) -> Flight:
        """Work on this question; :meth:`end` has to follow."""
        flight = self._flights[meaning] = Flight(seconds)
        return flight

    def end(self, meaning: Hashable, flight: Flight, found: Entry | QueryError | None) -> None:
        """The question is answered, has failed, or cannot be shared. Harmless when called again."""
        self._end(meaning, flight, found)

    def give_up(self, meaning: Hashable, flight: Flight) -> None:
        """Whoever worked on the question does so no more; the first of those who wait should start again."""
        flight.given_up = True
        self._end(meaning, flight, None)

    def _end(self, meaning: Hashable, flight: Flight, found: Entry | QueryError | None) -> None:
        if self._flights.get(meaning) is flight:
            del self._flights[meaning]
        flight.land(found)
