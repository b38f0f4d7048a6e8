"""A release as the pages see it: its vocabulary, the texts of its sources, the names of its things.

What is slow to gather and never changes within a release is gathered once and kept here; a new release gets a new
view.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

from interkommunal.errors import ReleaseError
from interkommunal.namespaces import ID
from interkommunal.release.library import LibraryQuery, open_library
from interkommunal.release.release import Release
from interkommunal.release.search import NAME as SEARCH_INDEX
from interkommunal.site.description.lexicon import Lexicon
from interkommunal.site.description.passages import SourceText
from interkommunal.site.description.statements import GraphClient
from interkommunal.site.figures.map import Boundaries, read_boundaries
from interkommunal.site.overviews.search import SearchIndex, open_search_index
from interkommunal.web.publication import Publication

# Names that are kept for the search for near matches; a larger graph has its own search.
_MOST_NAMES: Final = 50_000
# What another endpoint holds may change at any time; its vocabulary is read anew after so many seconds.
_FRESH: Final = 60.0


@dataclass
class ReleaseView:
    """One release, for pages.

    Attributes:
        release: where its files lie; ``None`` if the data is another endpoint's business.
        lexicon: its vocabulary.
        names: IRI and label of each thing, once somebody needed them.
        usage: how often terms are used, once somebody needed it.
    """

    release: Release | None
    lexicon: Lexicon
    names: list[tuple[str, str]] | None = None
    usage: dict[str, int] | None = None

    @property
    def identifier(self) -> str:
        """Version and content hash, short: what people cite."""
        return "remote" if self.release is None else self.release.identifier

    @property
    def version(self) -> str:
        """Version of the project that the release was made with."""
        return "" if self.release is None else self.release.version

    @property
    def released(self) -> str:
        """Day of the version (``2026-11-23``); empty if unknown."""
        return "" if self.release is None else self.release.manifest.released

    @property
    def content_hash(self) -> str:
        """SHA-256 of the canonical statements, hex; empty if unknown."""
        return "" if self.release is None else self.release.content_hash

    @cached_property
    def questions(self) -> tuple[LibraryQuery, ...]:
        """The questions that the release carries; none if they cannot be read."""
        try:
            return () if self.release is None else open_library(self.release)
        except ReleaseError:
            return ()

    @cached_property
    def boundaries(self) -> Boundaries | None:
        """What its map is drawn of, or ``None`` if it has none that can be read."""
        if self.release:
            for name in sorted(name for name, file in self.release.manifest.files.items() if file.holds == "map")[:1]:
                with suppress(OSError, ValueError, ReleaseError):
                    return read_boundaries(self.release.path(name).read_bytes())
        return None

    @cached_property
    def search_index(self) -> SearchIndex | None:
        """Its search index, or ``None`` if it has none that can be read. A search may outlive the view."""
        if self.release is None or SEARCH_INDEX not in self.release.manifest.files:
            return None
        return open_search_index(self.release.path(SEARCH_INDEX))

    def text(self, slug: str) -> SourceText | None:
        """The text of a source, if the release holds it."""
        try:
            return None if self.release is None else _load(self.release.path(f"sources/{slug}.txt"))
        except (ReleaseError, OSError):
            return None


class Editions:
    """Makes the view of the release in force, once for each release. Belongs to one event loop."""

    def __init__(self, client: GraphClient, publication: Publication) -> None:
        self._client = client
        self._publication = publication
        self._release_view: ReleaseView | None = None
        self._number: int | None = None
        self._read_at = 0.0
        self._lock = asyncio.Lock()

    async def current(self) -> ReleaseView:
        """The view of what is being served now.

        Raises:
            QueryError: the engine cannot answer.
        """
        number = self._publication.generation
        if self._release_view is not None and self._is_current(self._release_view, number):
            return self._release_view
        async with self._lock:
            number = self._publication.generation
            if self._release_view is None or not self._is_current(self._release_view, number):
                release = self._publication.release
                release_view = ReleaseView(release, await Lexicon.read(self._client))
                if number is None:  # a change is under way: good for this answer, not to be kept
                    return release_view
                self._release_view, self._number, self._read_at = release_view, number, time.monotonic()
            return self._release_view

    def _is_current(self, release_view: ReleaseView, number: int | None) -> bool:
        fresh = release_view.release is not None or time.monotonic() - self._read_at < _FRESH
        return number == self._number and fresh

    async def names(self, release_view: ReleaseView) -> list[tuple[str, str]]:
        """IRI and label of the things of a release, for the search for near matches."""
        if release_view.names is None:
            pattern = f'?thing rdfs:label ?label FILTER (STRSTARTS(STR(?thing), "{ID}"))'
            query = f"SELECT DISTINCT ?thing ?label WHERE {{ {pattern} }} ORDER BY ?thing ?label LIMIT {_MOST_NAMES}"
            release_view.names = [(thing, label) for thing, label in await self._client.texts(query)]
        return release_view.names


@lru_cache(maxsize=64)
def _load(path: Path) -> SourceText:
    # A release never changes, so its path says it all.
    return SourceText(path.read_bytes().decode("utf-8"))
