"""A release as the service sees it, opened once, and the one thread that looks things up in it.

Looking up is work for a processor, and the index belongs to one thread. So there is one thread, which takes a few
questions at a time: a large batch does not make a small one wait for its end, and the event loop stays free.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from interkommunal.errors import EngineUnavailable, QueueFull, ReleaseError
from interkommunal.reconcile.names import Names, open_names
from interkommunal.reconcile.schema import Schema
from interkommunal.release.release import Release
from interkommunal.release.search import NAME
from interkommunal.web.publication import Publication

T = TypeVar("T")

# Requests that may wait for their turn.
_MOST_WAITING: Final = 64


class Book:
    """Names and schema of one release."""

    def __init__(self, release: Release, names: Names) -> None:
        self.release = release
        self.names = names
        self.schema = Schema(names)


class Reader:
    """Belongs to one event loop.

    Args:
        publication: the release in force.
    """

    def __init__(self, publication: Publication) -> None:
        self._publication = publication
        self._thread = ThreadPoolExecutor(1, "reconcile")
        self._book: Book | None = None
        self._waiting = 0

    async def book(self) -> Book:
        """What is in force now.

        Raises:
            EngineUnavailable: the release has no index that can be read.
        """
        release = self._publication.release
        if self._book is None or self._book.release is not release:
            # The old index is not closed here: work may be under way. It goes with its last user.
            self._book = await self.work(lambda: _opened(release))
        return self._book

    async def work(self, task: Callable[[], T]) -> T:
        """The result of ``task``, which the thread has done.

        Raises:
            QueueFull: too many wait already.
        """
        if self._waiting >= _MOST_WAITING:
            raise QueueFull("too many names wait to be looked up already; try again shortly", retry_after=1)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, task)
        finally:
            self._waiting -= 1


def _opened(release: Release | None) -> Book:
    names = None
    if release is not None and NAME in release.manifest.files:
        try:
            names = open_names(release.path(NAME))
        except ReleaseError:
            names = None
    if release is None or names is None:
        raise EngineUnavailable("this release has no index of names; build it again: interkommunal build", 60)
    return Book(release, names)
