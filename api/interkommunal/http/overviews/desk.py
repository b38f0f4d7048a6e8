"""What the handlers of these pages share: settings, door, editions, templates, search index, cache."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import quote, urlencode

from starlette.requests import Request

from interkommunal.errors import ReleaseError
from interkommunal.http.examples import Example
from interkommunal.http.figures.boundaries import Boundaries, read_boundaries
from interkommunal.http.language import Language
from interkommunal.http.overviews.finder import Finder, open_finder
from interkommunal.http.overviews.paper import Paper
from interkommunal.http.pages.answers import Kept, page_headers
from interkommunal.http.pages.description.door import Door
from interkommunal.http.pages.design import Design
from interkommunal.http.pages.edition import Edition, Editions
from interkommunal.http.pages.frame import Frame
from interkommunal.http.pages.operator import Operator
from interkommunal.http.pages.site import Site
from interkommunal.http.pages.visit import Visit, visit_of
from interkommunal.http.representation import Representation
from interkommunal.release.release import Release
from interkommunal.release.search import NAME

# A parameter that is longer than this is cut: nobody types more, and pages are kept under what was asked.
_LONGEST: Final = 10_000
_SAFE: Final = "/:@!$&'()*+,;=~-._"


class Shelf:
    """What lies beside the graph in a release: boundaries and search index, opened once for each release."""

    def __init__(self) -> None:
        self._release: Release | None = None
        self._boundaries: Boundaries | None = None
        self._finder: Finder | None = None

    def boundaries(self, release: Release | None) -> Boundaries | None:
        """The boundaries of the release, or ``None`` if it has none."""
        self._turn(release)
        return self._boundaries

    def finder(self, release: Release | None) -> Finder | None:
        """The search index of the release, or ``None`` if it has none that can be read."""
        self._turn(release)
        return self._finder

    def _turn(self, release: Release | None) -> None:
        if release is self._release:
            return
        # The old index is not closed here: a search may be under way. It goes with its last user.
        self._release, self._boundaries, self._finder = release, None, None
        if release is None:
            return
        maps = sorted(name for name, file in release.manifest.files.items() if file.holds == "map")
        if maps:
            try:
                self._boundaries = read_boundaries(release.path(maps[0]).read_bytes())
            except (OSError, ValueError, ReleaseError):
                self._boundaries = None
        if NAME in release.manifest.files:
            self._finder = open_finder(release.path(NAME))


@dataclass(frozen=True)
class Desk:
    """Everything that a handler needs.

    Attributes:
        site: the public URL. language: for visitors who prefer none of ours. cache_control: how long answers keep.
        door: the way to the graph. editions: the release in force. operator: who runs the server.
        design: style of all pages. paper: templates and style of these pages. shelf: what lies beside the graph.
        kept: answers made before. examples: questions to try.
        served: paths of other rooms that the start page may lead to, because they are there.
    """

    site: Site
    language: Language
    cache_control: str
    door: Door
    editions: Editions
    operator: Operator
    design: Design
    paper: Paper
    shelf: Shelf
    kept: Kept = field(repr=False)
    examples: Sequence[Example]
    served: frozenset[str]

    def visit(self, request: Request, known: Sequence[str] = ()) -> Visit:
        """A request as these pages see it, with the parameters that this one understands."""
        parameters = tuple(
            (name, value[:_LONGEST]) for name in sorted(known) if (value := request.query_params.get(name))
        )
        return replace(visit_of(request, self.language), parameters=parameters)

    def frame(self, visit: Visit, edition: Edition | None, path: str) -> Frame:
        """The frame of a page at ``path``."""
        path = quote(path, safe=_SAFE)
        return Frame(visit.language, self.site, edition, self.operator, path, visit.parameters, self.design.path)

    def page(self, template: str, frame: Frame, **values: object) -> Representation:
        """A page for people, ready to be sent."""
        body = self.paper.render(template, frame, desk=self, **values)
        return Representation(body, page_headers(frame.language, self.cache_control))

    def address(self, path: str, parameters: Mapping[str, str | None] | None = None) -> str:
        """What a link to a path with parameters holds; those without a value are left out."""
        given = {key: value for key, value in (parameters or {}).items() if value}
        return self.site.address(path) + (f"?{urlencode(given)}" if given else "")

    def sparql(self, query: str) -> str:
        """What a link to the query page with this query holds."""
        return self.address("/sparql", {"query": query})
