"""What overviews and the library share on top of the site context: boundaries, search index, examples."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

from interkommunal.content import Content
from interkommunal.errors import ReleaseError
from interkommunal.release.release import Release
from interkommunal.release.search import NAME
from interkommunal.site.context import SiteContext
from interkommunal.site.figures.map import Boundaries, read_boundaries
from interkommunal.site.overviews.overview import Questions
from interkommunal.site.overviews.search import SearchIndex, open_search_index
from interkommunal.site.query_page import Examples


class Supplements:
    """What lies beside the graph in a release: boundaries and search index, opened once for each release."""

    def __init__(self) -> None:
        self._release: Release | None = None
        self._boundaries: Boundaries | None = None
        self._search_index: SearchIndex | None = None

    def boundaries(self, release: Release | None) -> Boundaries | None:
        """The boundaries of the release, or ``None`` if it has none."""
        self._turn(release)
        return self._boundaries

    def search_index(self, release: Release | None) -> SearchIndex | None:
        """The search index of the release, or ``None`` if it has none that can be read."""
        self._turn(release)
        return self._search_index

    def _turn(self, release: Release | None) -> None:
        if release is self._release:
            return
        # The old index is not closed here: a search may be under way. It goes with its last user.
        self._release, self._boundaries, self._search_index = release, None, None
        if release is None:
            return
        maps = sorted(name for name, file in release.manifest.files.items() if file.holds == "map")
        if maps:
            try:
                self._boundaries = read_boundaries(release.path(maps[0]).read_bytes())
            except (OSError, ValueError, ReleaseError):
                self._boundaries = None
        if NAME in release.manifest.files:
            self._search_index = open_search_index(release.path(NAME))


@dataclass(frozen=True)
class OverviewContext(SiteContext):
    """The site context, with what overviews and questions need on top.

    Attributes:
        supplements: what lies beside the graph. examples: questions to try. questions: those that overviews ask.
    """

    supplements: Supplements
    examples: Examples
    questions: Questions


def open_overviews(site_context: SiteContext, examples: Examples, content: Content) -> OverviewContext:
    """From a site context; the rooms of overviews and of the library share it. ``content`` has the questions.

    Raises:
        SourceError: a question of the overviews is none.
    """
    site_context.design.add(Path(__file__).parent)
    given = {item.name: getattr(site_context, item.name) for item in fields(site_context)}
    questions = Questions(site_context.client, content.queries / "overviews")
    return OverviewContext(**given, supplements=Supplements(), examples=examples, questions=questions)
