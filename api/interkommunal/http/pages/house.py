"""What the handlers of pages share: settings, door, editions, design, cache."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote

from starlette.requests import Request

from interkommunal.http.language import Language
from interkommunal.http.pages.answers import Kept, page_headers
from interkommunal.http.pages.description.context import Context
from interkommunal.http.pages.description.door import Door
from interkommunal.http.pages.design import Design
from interkommunal.http.pages.edition import Edition, Editions
from interkommunal.http.pages.frame import Frame
from interkommunal.http.pages.operator import Operator
from interkommunal.http.pages.site import Site
from interkommunal.http.pages.visit import Visit, visit_of
from interkommunal.http.problems import Header
from interkommunal.http.representation import Representation


@dataclass(frozen=True)
class House:
    """Everything that a handler needs.

    Attributes:
        site: the public URL. language: for visitors who prefer none of ours. cache_control: how long answers keep.
        door: the way to the store. editions: the release in force. design: templates and files.
        context: names for JSON-LD. operator: who runs the server. kept: answers made before.
    """

    site: Site
    language: Language
    cache_control: str
    door: Door
    editions: Editions
    design: Design
    context: Context
    operator: Operator
    kept: Kept = field(repr=False)

    def visit(self, request: Request) -> Visit:
        """A request as pages see it."""
        return visit_of(request, self.language)

    def frame(self, visit: Visit, edition: Edition | None, path: str | None = None) -> Frame:
        """The frame of a page at ``path`` (that of the visit if not given; empty for pages without an address)."""
        path = quote(visit.path, safe="/:@!$&'()*+,;=~-._") if path is None else path
        return Frame(visit.language, self.site, edition, self.operator, path, visit.parameters, self.design.path)

    def page(self, template: str, frame: Frame, further: tuple[Header, ...] = (), **values: object) -> Representation:
        """A page for people, ready to be sent."""
        body = self.design.render(template, frame, **values)
        return Representation(body, page_headers(frame.language, self.cache_control, further))
