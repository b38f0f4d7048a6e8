"""What the handlers of all pages share (settings, client, release views, design, cache), and a request as pages see it.

One context serves all rooms with pages, so that a release is read, a template compiled and an answer kept only once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response

from interkommunal.engine.engine import Engine
from interkommunal.release.release import Release
from interkommunal.settings import Settings
from interkommunal.site.description.statements import GraphClient
from interkommunal.site.frame import Design, Frame, Operator, operator_of
from interkommunal.site.release_view import Editions, ReleaseView
from interkommunal.site.site import Site
from interkommunal.texts import Language, Text
from interkommunal.web.problems import Header, Problem, RequestProblem
from interkommunal.web.publication import Publication
from interkommunal.web.representation import NO_SNIFF, Representation
from interkommunal.web.request import ClientRequest, Parameters, page_count, page_number
from interkommunal.web.responder import Responder
from interkommunal.web.routing import Handler

# A parameter that is longer than this is cut: nobody types more, and pages are kept under what was asked.
_LONGEST: Final = 10_000
# No page reads more parameters.
MOST_PARAMETERS: Final = 50


class PageRequest(ClientRequest):
    """A request as pages see it.

    Args:
        request: GET or HEAD.
        default: language for visitors who prefer neither of ours.
        known: parameters that the page understands, besides ``lang``; others do not make another page.

    Attributes:
        parameters: those that the page understands, sorted by name.

    Raises:
        RequestProblem: 400 for an address with very many parameters, or if one has different values or is not UTF-8.
    """

    def __init__(self, request: Request, default: Language, known: Sequence[str] = ()) -> None:
        super().__init__(request.scope, default)
        if self.query_string.count(b"&") >= MOST_PARAMETERS:
            raise _too_many()
        given = Parameters(self.query_string) if known else Parameters()
        self.parameters = tuple((name, value[:_LONGEST]) for name in sorted(known) if (value := given.one(name)))

    def parameter(self, name: str) -> str | None:
        """A parameter of the URL."""
        return next((value for key, value in self.parameters if key == name), None)

    @property
    def page(self) -> int:
        """The number of the page of a list, 1 if none is given; 400 if it is no number."""
        return page_number(self.parameter("page"))

    def pages(self, total: int, per_page: int) -> int:
        """How many pages ``total`` entries fill; 404 if the one that is asked for is not among them."""
        return page_count(total, per_page, self.page)


def _too_many() -> RequestProblem:
    return RequestProblem(
        Problem(
            "bad-request",
            Text("An address may have at most {MOST_PARAMETERS} parameters here.", MOST_PARAMETERS=MOST_PARAMETERS),
        )
    )


# Makes the answer to a request from a release.
PageMaker = Callable[[PageRequest, ReleaseView], Awaitable[Representation]]
_SAFE: Final = "/:@!$&'()*+,;=~-._"

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_PAGE: Final[tuple[Header, ...]] = (
    NO_SNIFF,
    (b"content-security-policy", POLICY.encode()),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


def page_headers(language: Language, cache_control: str, *further: Header) -> tuple[Header, ...]:
    """The header fields of a page for people."""
    return (
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-language", language.encode()),
        (b"cache-control", cache_control.encode()),
        *_PAGE,
        *further,
    )


@dataclass(frozen=True)
class SiteContext:
    """Everything that a handler needs.

    Attributes:
        site: the public URL. language: for visitors who prefer none of ours. cache_control: how long answers keep.
        client: the way to the store. editions: the release in force. design: templates and files of all pages.
        operator: who runs the server. publication: the release and its change table. responder: makes replies.
        served: paths of other rooms that are there, such as ``/queries``; menu and start page lead to them.
    """

    site: Site
    language: Language
    cache_control: str
    client: GraphClient
    editions: Editions
    design: Design
    operator: Operator
    publication: Publication
    responder: Responder
    served: frozenset[str]

    def page_request(self, request: Request, known: Sequence[str] = ()) -> PageRequest:
        """A request as pages see it, with those of its parameters that this page understands."""
        return PageRequest(request, self.language, known)

    async def kept(
        self, request: ClientRequest, key: Hashable, make: Callable[[], Awaitable[Representation]]
    ) -> Response:
        """The answer that ``key`` stands for: made by ``make``, or made before; see :meth:`Responder.kept`."""
        return (await self.responder.kept(request, key, make)).response()

    def handler(self, make: PageMaker, known: Sequence[str] = ()) -> Handler:
        """A handler of GET and HEAD, whose answers are kept by release, path, language and ``known`` parameters.

        Args:
            make: makes an answer.
            known: names of the parameters that it depends on, besides ``lang``.
        """

        async def answer(request: Request) -> Response:
            page_request, release_view = self.page_request(request, known), await self.editions.current()
            key = (release_view.identifier, page_request.path, page_request.language, page_request.parameters)
            return await self.kept(page_request, key, lambda: make(page_request, release_view))

        return answer

    async def sent(self, request: ClientRequest, representation: Representation) -> Response:
        """An answer that is made anew each time."""
        return (await self.responder.reply(request, representation)).response()

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
        return Representation(body, page_headers(frame.language, self.cache_control, *further))

    def address(self, path: str, parameters: Mapping[str, str | None] | None = None) -> str:
        """What a link to a path with parameters holds; those without a value are left out."""
        given = {key: value for key, value in (parameters or {}).items() if value}
        return self.site.address(path) + (f"?{urlencode(given)}" if given else "")

    def sparql(self, query: str) -> str:
        """What a link to the query page with this query holds."""
        return self.address("/sparql", {"query": query})


def open_site(
    settings: Settings,
    engine: Engine,
    publication: Publication,
    responder: Responder,
    served: Collection[str] = (),
) -> SiteContext:
    """The context of a server.

    Args:
        settings: public URL, language, caching, operator.
        engine: answers the questions of pages.
        publication: the release in force.
        responder: makes replies, and keeps them.
        served: paths of other rooms that are there.

    Raises:
        SettingsError: a text of the operator cannot be read.
    """
    client = GraphClient(engine)
    return SiteContext(
        site=Site(settings.address),
        language=settings.language,
        cache_control=responder.cache_control,
        client=client,
        editions=Editions(client, publication),
        design=Design(),
        operator=operator_of(settings),
        publication=publication,
        responder=responder,
        served=frozenset(served),
    )
