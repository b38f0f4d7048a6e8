"""The release that is being published, and how a new one takes its place without a failed request.

:class:`Publication` is the one thing in this room that changes while the server runs. Whoever needs to know whether two
moments saw the same release compares :attr:`Publication.generation`; it is ``None`` while the change is under way.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import structlog

from interkommunal.engine.disk import build_disk_store
from interkommunal.engine.interface import Engine
from interkommunal.errors import InterkommunalError
from interkommunal.release.release import CURRENT, Release


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

    @property
    def identifier(self) -> str:
        """What is being served, for people, logs and cache keys."""
        return "remote" if self.release is None else self.release.identifier

    @property
    def generation(self) -> int | None:
        """Number of the release in force, ``None`` while it is being changed."""
        return None if self._changing else self._number

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
