"""The release that is being published, and how a new one takes its place without a failed request.

:class:`Publication` is the one thing in this room that changes while the server runs. Whoever needs to know whether two
moments saw the same release compares :attr:`Publication.generation`; it is ``None`` while the change is under way.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Final

import structlog

from interkommunal.engine.engine import Engine
from interkommunal.engine.sources import build_disk_store
from interkommunal.errors import InterkommunalError, ReleaseError
from interkommunal.release.history import NAME, History
from interkommunal.release.manifest import NAME as MANIFEST
from interkommunal.release.release import CURRENT, Release
from interkommunal.release.versions import Versions
from interkommunal.texts import Text
from interkommunal.web.problems import Problem, RequestProblem


def engine_source(release: Release, tier: str) -> Path:
    """What an engine of this tier opens: the canonical N-Quads, or the folder of the store.

    The store is no part of what a release promises (its bytes differ from run to run), so it is built beside the
    frozen files the first time that it is needed.

    Raises:
        ReleaseError: the store cannot be built.
    """
    if tier != "disk":
        return release.quads
    store = release.folder / "store"
    if not store.is_dir():
        build_disk_store(release.quads, store)
    return store


@dataclass(frozen=True)
class ReleaseFiles:
    """A release, the versions kept beside it, and the change table that tells of them.

    Attributes:
        release: what is being served.
        history: the change table; ``None`` if there is none, or none that can be read.
        changed: when something came into the folder of releases or went, in nanoseconds.
    """

    release: Release
    history: History | None = None
    changed: int = 0
    _opened: dict[str, Release] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def versions(self) -> Versions:
        """The kept releases, as they lay there when somebody first asked."""
        return replace(Versions.read(self.release.folder.parent), history=self.history)

    def time_of(self, release: Release) -> datetime:
        """When a release came into force last, in whole seconds; if no change table tells, when it was written."""
        known = self._times.get(release.identifier)
        if known is None:
            written = (release.folder / MANIFEST).stat().st_mtime
            known = self._times[release.identifier] = datetime.fromtimestamp(int(written), UTC)
        return known

    @cached_property
    def _times(self) -> dict[str, datetime]:
        # A damaged table is reported by the feeds.
        with contextlib.suppress(ReleaseError):
            return {item.release: item.moment for item in (self.history.publications if self.history else ())}
        return {}

    @property
    def stamp(self) -> tuple[object, ...]:
        """What tells it from the same release with another change table, or with other releases beside it."""
        return (self.release.identifier, self.changed, self.history and self.history.stamp)

    def find(self, name: str) -> Release:
        """The kept release that is called ``name``; checked when it is first asked for. Runs in a thread.

        Raises:
            ReleaseError: there is none, or it is damaged.
        """
        found = self._opened.get(name)
        if found is None:
            found = self.versions.find(name)
            self._opened[found.identifier] = found
        return found


class Publication:
    """The release in force. Belongs to one event loop.

    Args:
        release: the first one, or ``None`` where the data is another endpoint's business.
    """

    def __init__(self, release: Release | None) -> None:
        self.release = release
        self._number = 0
        self._changing = False
        self._listeners: list[Callable[[], None]] = []
        self._files: ReleaseFiles | None = None
        self._fault = ""

    @property
    def identifier(self) -> str:
        """What is being served, for people, logs and cache keys."""
        return "remote" if self.release is None else self.release.identifier

    @property
    def generation(self) -> int | None:
        """Number of the release in force, ``None`` while it is being changed."""
        return None if self._changing else self._number

    @property
    def files(self) -> ReleaseFiles:
        """The release in force with its change table and the releases beside it, as they lie there now.

        Raises:
            RequestProblem: 404, because another endpoint has the data and there is no release here.
        """
        release = self.release
        if release is None:
            raise RequestProblem(_NO_RELEASE)
        # The change table follows the release a moment later, and may be made anew while the release stays; an operator
        # may remove old releases at any time.
        files = ReleaseFiles(release, self._read_history(release), _changed(release.folder.parent))
        if self._files is None or self._files != files:
            self._files = files
        return self._files

    @property
    def modified(self) -> datetime | None:
        """When what is being served changed last; ``None`` where another endpoint has the data."""
        return None if self.release is None else self.files.time_of(self.release)

    def _read_history(self, release: Release) -> History | None:
        known = self._files.history if self._files else None
        try:
            return History.open(release.folder.parent / NAME, known)
        except ReleaseError as error:
            # Everything that does not need it is answered all the same.
            if str(error) != self._fault:
                structlog.get_logger().error("history.refused", reason=str(error))
                self._fault = str(error)
            return None

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` after each change."""
        self._listeners.append(listener)

    async def change(self, release: Release, source: Path, engine: Engine) -> None:
        """Serve another release. Queries under way end on the old one.

        Raises:
            InterkommunalError: it cannot be opened; the old one stays in force.
        """
        self._changing = True
        try:
            await engine.open(source)
            self.release = release
            self._number += 1
        finally:
            self._changing = False
        for listener in self._listeners:
            listener()


async def follow(publication: Publication, engine: Engine, releases: Path, tier: str, seconds: float) -> None:
    """Look every ``seconds`` where ``releases/current`` points to, and change to it. Runs until cancelled."""
    log = structlog.get_logger()
    seen = await asyncio.to_thread(_target, releases)
    while True:
        await asyncio.sleep(seconds)
        target = await asyncio.to_thread(_target, releases)
        if target is None or target == seen:
            continue
        seen = target
        try:
            release = await asyncio.to_thread(Release.open, releases)
            if publication.release is None or release.folder != publication.release.folder:
                source = await asyncio.to_thread(engine_source, release, tier)
                await publication.change(release, source, engine)
                log.info("release.changed", release=release.identifier)
        except InterkommunalError as error:
            log.warning("release.refused", reason=str(error), serving=publication.identifier)


def _target(releases: Path) -> Path | None:
    try:
        return (releases / CURRENT).readlink()
    except OSError:
        return None


def _changed(folder: Path) -> int:
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return 0


_NO_RELEASE: Final = Problem(
    "not-found",
    Text("This server asks another endpoint and has no release of its own, hence neither catalogue nor files."),
)
