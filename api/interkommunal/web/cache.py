"""Answers that were given before, of all rooms, bounded in bytes; the least recently used leave first.

An answer is found by its semantic key: release, query or page, dataset, format, language, limits, everything that it
depends on. Answers to queries are also found by the request key: query string, ``Accept`` and ``Accept-Encoding``, byte
for byte; the same request gets the same bytes without anything being parsed. The release is part of each semantic key,
so nothing stale can be found.

Equal queries that are asked at the same time are answered once (:class:`SingleFlight`): the first asker works, the
others wait for what it finds, or fail with it. What cannot be shared, because it is a stream, each of them asks for
itself. If the first one gives up, because its client has hung up, another takes over.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Final

from cachetools import LRUCache

from interkommunal.errors import QueryError, QueryTimeout
from interkommunal.web.representation import Representation, Variant

RequestKey = tuple[bytes, bytes, bytes]

# A representation larger than this share of the cache is not kept: it would push out too many others.
_LARGEST_SHARE: Final = 4
# How many request keys lead to one entry; a client that varies them must not fill the memory.
_MOST_REQUEST_KEYS: Final = 16
_REQUEST_KEY_COST: Final = 400
# Bytes of a semantic key besides its text.
KEY_OVERHEAD: Final = 200


@dataclass(slots=True)
class Entry:
    """An answer that can be cached.

    Attributes:
        key: what was asked. representation: what is answered.
        key_bytes: about the size of ``key`` and ``request_keys``.
        request_keys: the requests that led here.
        weighed: what it took when it was weighed last.
    """

    key: Hashable
    representation: Representation
    key_bytes: int
    request_keys: list[RequestKey] = field(default_factory=list)
    weighed: int = 0

    @property
    def weight(self) -> int:
        """Bytes that it takes, about; grows with each coding and each request key."""
        return self.key_bytes + self.representation.weight


class _Entries(LRUCache[Hashable, Entry]):
    """The entries by semantic key; ``by_request`` forgets the request keys of those that leave."""

    def __init__(self, max_bytes: int) -> None:
        super().__init__(max_bytes, getsizeof=lambda entry: entry.weight)
        self.by_request: dict[RequestKey, tuple[Entry, Variant]] = {}

    def __delitem__(self, key: Hashable) -> None:
        entry = self[key]
        super().__delitem__(key)
        while entry.request_keys:
            del self.by_request[entry.request_keys.pop()]


class AnswerCache:
    """Answers by what was asked. Belongs to one event loop.

    Args:
        max_bytes: memory for bodies and keys; 0 keeps nothing.
    """

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self._entries = _Entries(max_bytes)
        self._making: dict[Hashable, asyncio.Task[Representation]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def bytes(self) -> int:
        """Memory in use, about."""
        return int(self._entries.currsize)

    def by_request(self, request_key: RequestKey) -> tuple[Entry, Variant] | None:
        """What was answered to the same request."""
        found = self._entries.by_request.get(request_key)
        if found is not None:
            self._entries.get(found[0].key)  # it was used just now
        return found

    def by_key(self, key: Hashable) -> Entry | None:
        """What was answered to the same question."""
        return self._entries.get(key)

    def keep(self, entry: Entry) -> None:
        """Keep an answer, if it is not too large."""
        self._entries.pop(entry.key, None)
        if entry.weight * _LARGEST_SHARE <= self.max_bytes:
            self._weigh(entry)

    def learn(self, entry: Entry, request_key: RequestKey | None, variant: Variant) -> None:
        """Remember that this request gets this variant; call it after a variant was made."""
        if self._entries.get(entry.key) is not entry:
            return
        cost = sum(map(len, request_key)) + _REQUEST_KEY_COST if request_key else 0
        if (
            request_key
            and len(entry.request_keys) < _MOST_REQUEST_KEYS
            and request_key not in self._entries.by_request
            and cost * _LARGEST_SHARE <= self.max_bytes
        ):
            entry.request_keys.append(request_key)
            entry.key_bytes += cost
            self._entries.by_request[request_key] = (entry, variant)
        self._weigh(entry)

    def weigh(self, key: Hashable) -> None:
        """Weigh an entry again, after a variant of it was made."""
        entry = self._entries.get(key)
        if entry is not None:
            self._weigh(entry)

    async def shared(
        self, key: Hashable, make: Callable[[], Awaitable[Representation]], generation: Callable[[], int | None]
    ) -> Representation:
        """The answer that ``key`` stands for, made once for all who ask meanwhile, even if the first one hangs up.

        Args:
            key: what it depends on.
            make: makes it.
            generation: of the release in force. What was made while it changed is not kept, because nobody can say
                which release it is from.
        """
        entry = self._entries.get(key)
        if entry is not None:
            return entry.representation
        making = self._making.get(key)
        if making is None:

            async def work() -> Representation:
                before = generation()
                representation = await make()
                if before is not None and before == generation():
                    self.keep(Entry(key, representation, len(repr(key)) + KEY_OVERHEAD))
                return representation

            making = self._making[key] = asyncio.create_task(work())
            making.add_done_callback(lambda task: self._made(key, task))
        return await asyncio.shield(making)

    def clear(self) -> None:
        """Forget everything, because another release is served."""
        self._entries.by_request.clear()
        self._entries.clear()
        self._making.clear()

    def _made(self, key: Hashable, task: asyncio.Task[Representation]) -> None:
        if self._making.get(key) is task:
            del self._making[key]
        if not task.cancelled():
            task.exception()  # those who wait for it get it; if all have gone, nobody does

    def _weigh(self, entry: Entry) -> None:
        weight = entry.weight
        if weight > self.max_bytes:
            self._entries.pop(entry.key, None)
        elif weight != entry.weighed:
            entry.weighed = weight
            self._entries[entry.key] = entry


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
