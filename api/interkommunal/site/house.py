"""What the handlers of all pages share: settings, door, editions, design, cache.

One house serves all rooms with pages, so that a release is read, a template compiled and an answer kept only once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, urlencode

from starlette.requests import Request

from interkommunal.engine.interface import Engine
from interkommunal.release.release import Release
from interkommunal.settings import Settings
from interkommunal.site.answers import Kept, page_headers
from interkommunal.site.description.door import Door
from interkommunal.site.design import Design
from interkommunal.site.edition import Edition, Editions
from interkommunal.site.frame import Frame
from interkommunal.site.operator import Operator, operator_of
from interkommunal.site.site import Site
from interkommunal.site.visit import Visit, visit_of
from interkommunal.texts import Language
from interkommunal.web.problems import Header
from interkommunal.web.publication import Publication
from interkommunal.web.representation import Representation

_SAFE: Final = "/:@!$&'()*+,;=~-._"


@dataclass(frozen=True)
class House:
    """Everything that a handler needs.

    Attributes:
        site: the public URL. language: for visitors who prefer none of ours. cache_control: how long answers keep.
        door: the way to the store. editions: the release in force. design: templates and files of all pages.
        operator: who runs the server. kept: answers made before.
        served: paths of other rooms that are there, such as ``/queries``; menu and start page lead to them.
    """

    site: Site
    language: Language
    cache_control: str
    door: Door
    editions: Editions
    design: Design
    operator: Operator
    kept: Kept = field(repr=False)
    served: frozenset[str]

    def visit(self, request: Request, known: Sequence[str] = ()) -> Visit:
        """A request as pages see it, with those of its parameters that this page understands."""
        return visit_of(request, self.language, known)

    def frame(self, visit: Visit, edition: Edition | None, path: str | None = None) -> Frame:
        """The frame of a page at ``path`` (that of the visit if not given; empty for pages without an address)."""
        release = None if edition is None else edition.release
        return self.framed(visit.language, release, visit.path if path is None else path, visit.parameters)

    def framed(
        self, language: Language, release: Release | None, path: str, query: tuple[tuple[str, str], ...] = ()
    ) -> Frame:
        """The frame of a page that is not asked for through a :class:`Visit`."""
        path = quote(path, safe=_SAFE)
        return Frame(language, self.site, release, self.operator, path, query, self.design.path, self.served)

    def page(self, template: str, frame: Frame, further: tuple[Header, ...] = (), **values: object) -> Representation:
        """A page for people, ready to be sent. Templates know the house as ``desk``."""
        body = self.design.render(template, frame, desk=self, **values)
        return Representation(body, page_headers(frame.language, self.cache_control, further))

    def address(self, path: str, parameters: Mapping[str, str | None] | None = None) -> str:
        """What a link to a path with parameters holds; those without a value are left out."""
        given = {key: value for key, value in (parameters or {}).items() if value}
        return self.site.address(path) + (f"?{urlencode(given)}" if given else "")

    def sparql(self, query: str) -> str:
        """What a link to the query page with this query holds."""
        return self.address("/sparql", {"query": query})


def open_house(settings: Settings, engine: Engine, publication: Publication, served: Collection[str] = ()) -> House:
    """The house of a server.

    Args:
        settings: public URL, language, caching, operator.
        engine: answers the questions of pages.
        publication: the release in force.
        served: paths of other rooms that are there.

    Raises:
        SettingsError: a text of the operator cannot be read.
    """
    door = Door(engine)
    max_age = settings.cache_max_age
    # What another endpoint holds may change at any time, so nothing made of it is kept.
    kept = Kept(0 if publication.release is None else int(settings.cache_size))
    publication.on_change(kept.clear)
    return House(
        site=Site(settings.address),
        language=settings.language,
        cache_control=f"public, max-age={max_age}" if max_age else "public, no-cache",
        door=door,
        editions=Editions(door, publication),
        design=Design(),
        operator=operator_of(settings),
        kept=kept,
        served=frozenset(served),
    )
