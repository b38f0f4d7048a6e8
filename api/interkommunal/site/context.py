"""What the handlers of all pages share: settings, door, editions, design, cache.

One context serves all rooms with pages, so that a release is read, a template compiled and an answer kept only once.
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
from interkommunal.site.description.graph_client import GraphClient
from interkommunal.site.design import Design
from interkommunal.site.frame import Frame
from interkommunal.site.operator import Operator, operator_of
from interkommunal.site.page_request import PageRequest, page_request_of
from interkommunal.site.release_view import Editions, ReleaseView
from interkommunal.site.site import Site
from interkommunal.texts import Language
from interkommunal.web.problems import Header
from interkommunal.web.publication import Publication
from interkommunal.web.representation import Representation

_SAFE: Final = "/:@!$&'()*+,;=~-._"


@dataclass(frozen=True)
class SiteContext:
    """Everything that a handler needs.

    Attributes:
        site: the public URL. language: for visitors who prefer none of ours. cache_control: how long answers keep.
        client: the way to the store. editions: the release in force. design: templates and files of all pages.
        operator: who runs the server. kept: answers made before.
        served: paths of other rooms that are there, such as ``/queries``; menu and start page lead to them.
    """

    site: Site
    language: Language
    cache_control: str
    client: GraphClient
    editions: Editions
    design: Design
    operator: Operator
    kept: Kept = field(repr=False)
    served: frozenset[str]

    def page_request(self, request: Request, known: Sequence[str] = ()) -> PageRequest:
        """A request as pages see it, with those of its parameters that this page understands."""
        return page_request_of(request, self.language, known)

    def frame(self, page_request: PageRequest, release_view: ReleaseView | None, path: str | None = None) -> Frame:
        """The frame of a page at ``path`` (that of the visit if not given; empty for pages without an address)."""
        release = None if release_view is None else release_view.release
        return self.framed(
            page_request.language, release, page_request.path if path is None else path, page_request.parameters
        )

    def framed(
        self, language: Language, release: Release | None, path: str, query: tuple[tuple[str, str], ...] = ()
    ) -> Frame:
        """The frame of a page that is not asked for through a :class:`PageRequest`."""
        path = quote(path, safe=_SAFE)
        return Frame(language, self.site, release, self.operator, path, query, self.design.path, self.served)

    def page(self, template: str, frame: Frame, further: tuple[Header, ...] = (), **values: object) -> Representation:
        """A page for people, ready to be sent. Templates know it as ``site``."""
        body = self.design.render(template, frame, site=self, **values)
        return Representation(body, page_headers(frame.language, self.cache_control, further))

    def address(self, path: str, parameters: Mapping[str, str | None] | None = None) -> str:
        """What a link to a path with parameters holds; those without a value are left out."""
        given = {key: value for key, value in (parameters or {}).items() if value}
        return self.site.address(path) + (f"?{urlencode(given)}" if given else "")

    def sparql(self, query: str) -> str:
        """What a link to the query page with this query holds."""
        return self.address("/sparql", {"query": query})


def open_house(
    settings: Settings, engine: Engine, publication: Publication, served: Collection[str] = ()
) -> SiteContext:
    """The context of a server.

    Args:
        settings: public URL, language, caching, operator.
        engine: answers the questions of pages.
        publication: the release in force.
        served: paths of other rooms that are there.

    Raises:
        SettingsError: a text of the operator cannot be read.
    """
    client = GraphClient(engine)
    max_age = settings.cache_max_age
    # What another endpoint holds may change at any time, so nothing made of it is kept.
    kept = Kept(0 if publication.release is None else int(settings.cache_size))
    publication.on_change(kept.clear)
    return SiteContext(
        site=Site(settings.address),
        language=settings.language,
        cache_control=f"public, max-age={max_age}" if max_age else "public, no-cache",
        client=client,
        editions=Editions(client, publication),
        design=Design(),
        operator=operator_of(settings),
        kept=kept,
        served=frozenset(served),
    )
