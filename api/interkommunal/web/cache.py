"""Answers that were given before, of all rooms, bounded in bytes; the least recently used leave first.

An answer is found by its semantic key: release, query or page, dataset, format, language, limits, everything that it
depends on. Answers to queries are also found by the request key: query string, ``Accept`` and ``Accept-Encoding``, byte
for byte; the same request gets the same bytes without anything being parsed. The release is part of each semantic key,
so nothing stale can be found.

What is asked for at the same time is made once (:class:`Flight`): the first who asks works, the others wait for what it
finds, or fail with it. What cannot be shared, because it is a stream, each of them asks for itself. If the first one
gives up, because its client has hung up, another takes over.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Hashable
from typing import Final

from cachetools import LRUCache

from interkommunal.errors import InterkommunalError, QueryTimeout
from interkommunal.web.representation import Representation, Variant

RequestKey = tuple[bytes, bytes, bytes]

# An answer larger than this share of the cache is not kept: it would push out too many others.
_LARGEST_SHARE: Final = 8
_MOST_REQUEST_KEYS: Final = 16
_REQUEST_KEY_COST: Final = 400


class _Entries(LRUCache[Hashable, Representation]):
    """The answers by semantic key; ``by_request`` forgets the request keys of those that leave."""

    def __init__(self, max_bytes: int) -> None:
        super().__init__(max_bytes, getsizeof=lambda representation: representation.weight)
        self.by_request: dict[RequestKey, tuple[Representation, Variant]] = {}

    def __delitem__(self, key: Hashable) -> None:
        representation = self[key]
        super().__delitem__(key)
        while representation.request_keys:
            self.by_request.pop(representation.request_keys.pop(), None)


class AnswerCache:
    """Answers by what was asked. Belongs to one event loop.

    Args:
        max_bytes: memory for bodies and keys; 0 keeps nothing.
    """

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self._entries = _Entries(max_bytes)
        self._flights: dict[Hashable, Flight] = {}

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def bytes(self) -> int:
        """Memory in use, about."""
        return int(self._entries.currsize)

    def by_request(self, request_key: RequestKey) -> tuple[Representation, Variant] | None:
        """What was answered to the same request."""
        found = self._entries.by_request.get(request_key)
        if found is not None:
            self._entries.get(found[0].key)  # it was used just now
        return found

    def by_key(self, key: Hashable) -> Representation | None:
        """What was answered to the same question."""
        return self._entries.get(key)

    def keep(
        self, representation: Representation, request_key: RequestKey | None = None, variant: Variant | None = None
    ) -> None:
        """Keep an answer that has a key and is not too large; weigh it again, after a variant of it was made.

        Args:
            representation: the answer.
            request_key: of a request that gets ``variant``.
            variant: of the answer.
        """
        entries, key = self._entries, representation.key
        if key is None or len(representation.body) * _LARGEST_SHARE > self.max_bytes:
            return
        if entries.get(key, representation) is not representation:
            return
        cost = sum(map(len, request_key)) + _REQUEST_KEY_COST if request_key else 0
        if len(representation.request_keys) >= _MOST_REQUEST_KEYS or cost * _LARGEST_SHARE > self.max_bytes:
            request_key = None
        if representation.weight + cost > self.max_bytes:
            entries.pop(key, None)
            return
        if request_key and variant and request_key not in entries.by_request:
            representation.request_keys.append(request_key)
            representation.weight += cost
            entries.by_request[request_key] = (representation, variant)
        entries[key] = representation

    def flight(self, key: Hashable, seconds: float = math.inf) -> Flight:
        """Make the answer for ``key`` within ``seconds``, in a ``with`` block that sets :attr:`Flight.found`."""
        return Flight(self._flights, key, seconds)

    def is_being_made(self, key: Hashable) -> bool:
        """Whether somebody makes this answer just now."""
        return key in self._flights

    async def join(self, key: Hashable, seconds: float = math.inf) -> Representation | None:
        """What those who make this answer find; ``None`` if the caller has to make it; waits at most ``seconds``.

        Raises:
            QueryTimeout: nothing was found by then.
            InterkommunalError: it failed, and had at least as much time.
        """
        while (flight := self._flights.get(key)) is not None:
            found = await flight.result(seconds)
            if not flight.given_up:
                return found
        return None

    def clear(self) -> None:
        """Forget everything, because another release is served."""
        self._entries.by_request.clear()
        self._entries.clear()


class Flight:
    """One answer that is being made; see :meth:`AnswerCache.flight`.

    Attributes:
        found: the answer, once it is made; ``None`` if it cannot be shared.
        given_up: nobody found an answer; the first of those who wait should start again.
    """

    __slots__ = ("_flights", "_key", "_result", "_seconds", "found", "given_up")

    def __init__(self, flights: dict[Hashable, Flight], key: Hashable, seconds: float) -> None:
        self.found: Representation | None = None
        self.given_up = False
        self._flights = flights
        self._key = key
        self._seconds = seconds
        self._result: asyncio.Future[Representation | InterkommunalError | None] | None = None

    def __enter__(self) -> Flight:
        self._flights[self._key] = self
        return self

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if self._flights.get(self._key) is self:
            del self._flights[self._key]
        shared = error if isinstance(error, InterkommunalError) else None
        self.given_up = error is not None and shared is None
        if self._result is not None and not self._result.done():
            self._result.set_result(shared or self.found)

    async def result(self, seconds: float) -> Representation | None:
        """What was found; see :meth:`AnswerCache.join`."""
        if self._result is None:
            self._result = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds if seconds < math.inf else None):
                found = await asyncio.shield(self._result)
        except TimeoutError:
            raise QueryTimeout(f"the query ran longer than {seconds:g} s", seconds) from None
        if not isinstance(found, InterkommunalError):
            return found
        if self._seconds >= seconds:
            raise found
        return None
