"""Single flight: equal queries that are asked at the same time are answered once.

The first asker works; the others wait for what it finds, or fail with it. What cannot be shared, because it is a
stream, each of them asks for itself. If the first one gives up, because its client has hung up, another takes over.
"""

from __future__ import annotations

import asyncio
from collections.abc import Hashable

from interkommunal.errors import QueryError, QueryTimeout
from interkommunal.web.cache import Entry


class Flight:
    """One query under way, asked with a deadline of ``seconds``; ``given_up`` says that nobody found an answer."""

    __slots__ = ("_result", "given_up", "seconds")

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.given_up = False
        self._result: asyncio.Future[Entry | QueryError | None] | None = None

    async def result(self, seconds: float) -> Entry | None:
        """What was found, or ``None`` if that cannot be shared; waits for at most ``seconds``.

        Raises:
            QueryTimeout: nothing was found by then.
            QueryError: it failed, and had at least as much time.
        """
        if self._result is None:
            self._result = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                found = await asyncio.shield(self._result)
        except TimeoutError:
            raise QueryTimeout(f"the query ran longer than {seconds:g} s", seconds) from None
        if isinstance(found, QueryError):
            if self.seconds >= seconds:
                raise found
            return None
        return found

    def resolve(self, found: Entry | QueryError | None) -> None:
        """Tell those who wait."""
        if self._result is not None and not self._result.done():
            self._result.set_result(found)


class SingleFlight:
    """The queries under way, by semantic key. Belongs to one event loop."""

    def __init__(self) -> None:
        self._flights: dict[Hashable, Flight] = {}

    def find(self, key: Hashable) -> Flight | None:
        """The flight that works on this query, if there is one."""
        return self._flights.get(key)

    def start(self, key: Hashable, seconds: float) -> Flight:
        """Work on this query; :meth:`end` has to follow."""
        flight = self._flights[key] = Flight(seconds)
        return flight

    def end(self, key: Hashable, flight: Flight, found: Entry | QueryError | None) -> None:
        """The query is answered, has failed, or cannot be shared. Harmless when called again."""
        if self._flights.get(key) is flight:
            del self._flights[key]
        flight.resolve(found)

    def give_up(self, key: Hashable, flight: Flight) -> None:
        """Nobody works on the query any more; the first of those who wait should start again."""
        flight.given_up = True
        self.end(key, flight, None)
