"""Walks through the site and keeps account: what was found where, and where to go next.

The walk starts at what the application and the release name (routes without parameters, every IRI, the site map) and
goes on along links. A crew of processes makes the visits; pages are written as they come, and their links are turned
into those of files when all is known.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from zlib import crc32

from interkommunal.export.addresses import Entry, Place, Site, needs_server
from interkommunal.export.crew import Crew
from interkommunal.export.visiting import Draft, Visited

# Visits that a process is sent on at once; not more, so that it does not remain alone with the last ones.
_BATCH: Final = 16

Tell = Callable[[str, int, int], None]
Visit = tuple[Place, str]


@dataclass
class Copy:
    """What has been written so far.

    Attributes:
        site: its addresses. entries: what became of each place.
        drafts: files whose links are still those of the server.
        came_from: a page that leads to each place, for messages.
        nodes: the IRIs by which pages of feeds name each other.
        same: places with a query that gives the same file as without it.
    """

    site: Site
    entries: dict[Place, Entry] = field(default_factory=dict)
    drafts: list[Draft] = field(default_factory=list)
    came_from: dict[Place, str] = field(default_factory=dict)
    nodes: set[str] = field(default_factory=set)
    same: set[Visit] = field(default_factory=set)

    @property
    def missing(self) -> list[tuple[Place, int, str]]:
        """Places that some page leads to and that the server does not have: place, status, and who leads there."""
        return [
            (place, entry.status, self.came_from.get(place, ""))
            for place, entry in self.entries.items()
            if entry.kind == "missing" and place in self.came_from
        ]

    def resolved(self, place: Place) -> Entry | None:
        """What a place stands for in the end."""
        for _ in range(5):
            entry = self.entries.get(place)
            if entry is None or entry.kind != "alias" or entry.target is None:
                return entry
            place = entry.target
        return None


class Walk:
    """A walk through a site.

    Args:
        crew: makes the visits. copy: what to fill. tell: told the path, how many are done, and of how many.
    """

    def __init__(self, crew: Crew, copy: Copy, tell: Tell) -> None:
        self._crew = crew
        self._copy = copy
        self._tell = tell
        # One queue a process: what has the same name but for its format goes to the same one, soon after.
        self._waiting: list[deque[Visit]] = [deque() for _ in range(len(crew))]
        self._alike: set[Visit] = set()
        self._seen: set[Place] = set()
        self._done = 0

    def run(self) -> None:
        """Walk until nothing is left to go on to.

        Raises:
            ExportError: the application fails. OSError: a file cannot be written.
        """
        self._crew.work("begin", batches([None]), self._begin)
        self._crew.work("visit", self._take, self._record)
        self._compare()

    def _begin(self, found: tuple[list[str], Visited]) -> None:
        paths, note = found
        self._record([note])
        for path in paths:
            self._add(Place(path), "", None)

    def _take(self, number: int) -> list[Visit]:
        own = self._waiting[number]
        queue = own or max(self._waiting, key=len)
        return [queue.popleft() for _ in range(min(_BATCH, len(queue) if queue is own else -(-len(queue) // 2)))]

    def _record(self, batch: Sequence[Visited]) -> None:
        copy = self._copy
        for visited in batch:
            copy.entries[visited.place] = visited.entry
            copy.drafts += visited.drafts
            copy.nodes |= visited.nodes
            self._alike |= visited.alike
            gone = visited.entry.target if visited.entry.status == 410 else None
            for (place, query), by_link in visited.onward.items():
                self._add(place, query, visited.place, by_link=by_link, wanted=place == gone)
        self._done += len(batch)
        self._tell(batch[-1].place.path, self._done, len(self._seen))

    def _add(
        self, place: Place, query: str, source: Place | None, *, by_link: bool = False, wanted: bool = False
    ) -> None:
        """Go on to a place, once; to those that need the server only if they are ``wanted`` all the same."""
        if source is not None and by_link:
            # Of several the first by name: in which order visits end differs from run to run.
            known = self._copy.came_from.get(place, source.path)
            self._copy.came_from[place] = min(known, source.path)
        if needs_server(place.path) and not wanted:
            self._copy.entries.setdefault(place, Entry("server"))
            return
        if place in self._seen:
            return
        self._seen.add(place)
        stem = _stem(place)
        queue = self._waiting[crc32(stem.encode()) % len(self._waiting)]
        if source is not None and stem == _stem(source):
            queue.appendleft((place, query))
        else:
            queue.append((place, query))

    def _compare(self) -> None:
        """Find the queries that give the same file as none: the usual order of a table, say."""
        found = [(*visit, self._copy.entries.get(visit[0])) for visit in sorted(self._alike)]
        waiting = [
            (place, query, entry.files[self._copy.site.language])
            for place, query, entry in found
            if entry is not None and entry.kind == "file"
        ]
        self._crew.work("compare", batches(waiting), self._copy.same.update)


def batches(things: Sequence[Any]) -> Callable[[int], Sequence[Any]]:
    """Gives some of the things at each call, whichever process they are for, until all are given."""
    starts = iter(range(0, len(things), _BATCH))

    def take(_: int) -> Sequence[Any]:
        start = next(starts, len(things))
        return things[start : start + _BATCH]

    return take


def _stem(place: Place) -> str:
    return place.path.partition(".")[0]
