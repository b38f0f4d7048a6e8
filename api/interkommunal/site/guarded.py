"""A handler as an ASGI application: whatever goes wrong in it becomes a page, or a problem document for machines.

All rooms with pages put their handlers behind it, so that an error looks the same everywhere.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from interkommunal.errors import InterkommunalError, ParameterError
from interkommunal.site.answers import page_headers, problem_response, sent
from interkommunal.site.context import SiteContext
from interkommunal.site.entity.model import Link
from interkommunal.site.errors import Deleted, Missing, Withdrawn
from interkommunal.site.formats import split_suffix
from interkommunal.site.page_request import MOST_PARAMETERS, PageRequest
from interkommunal.site.release_view import ReleaseView
from interkommunal.site.site import SAFE
from interkommunal.site.suggestions import NearMatch, near_matches
from interkommunal.texts import Text
from interkommunal.translator import translator
from interkommunal.web.formats import HTML
from interkommunal.web.negotiation import Offer, choose
from interkommunal.web.problems import MEDIA_TYPE, Problem, method_not_allowed, problem_of
from interkommunal.web.representation import Representation

Handler = Callable[[Request], Awaitable[Response]]

_ALLOW: Final = "GET, HEAD, OPTIONS"
# Who wants a page gets errors as a page.
_ERROR_OFFERS: Final = (Offer(MEDIA_TYPE, ("application/json", "application/ld+json")), HTML)
# A thing that replaces another (Dublin Core has the word, IANA's link relations do not).
_REPLACED: Final = "http://purl.org/dc/terms/isReplacedBy"


def guarded_routes(site_context: SiteContext, handlers: Sequence[tuple[str, Handler]]) -> list[Route]:
    """Routes of a room, by path, each handler behind the guard."""
    return [Route(path, Guarded(site_context, handler)) for path, handler in handlers]


class Guarded:
    """A handler as an ASGI application; its errors become pages, or problem documents for machines."""

    def __init__(self, site_context: SiteContext, handler: Handler) -> None:
        self._site_context = site_context
        self._handler = handler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        response = await self._answer(Request(scope, receive))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return _options()
        if request.scope["query_string"].count(b"&") >= MOST_PARAMETERS:
            plain = Request({**request.scope, "query_string": b""})
            return await self._problem(_too_many(), self._site_context.page_request(plain))
        page_request = self._site_context.page_request(request)
        if request.method not in ("GET", "HEAD"):
            return problem_response(method_not_allowed(request.method, _ALLOW).problem, page_request)
        try:
            return await self._handler(request)
        except Missing as error:
            return await self._missing(error, page_request)
        except Deleted as error:
            return await self._deleted(error, page_request)
        except Withdrawn as error:
            return await self._withdrawn(error, page_request)
        except ParameterError as error:
            problem = Problem("invalid-parameter", Text(error.de, error.en), {"parameter": error.name})
            return await self._problem(problem, page_request)
        except InterkommunalError as error:
            return await self._problem(problem_of(error), page_request)

    async def _missing(self, error: Missing, page_request: PageRequest) -> Response:
        say = translator(page_request.language)
        close = await self._near(error.path)
        problem = Problem(
            "not-found",
            Text("Nothing is recorded at this address: {path}", path=error.path),
            {"near": [{"iri": item.iri, "label": item.label} for item in close]} if close else {},
        )
        links = [Link(item.label, self._site_context.site.page(item.iri)) for item in close]
        return await self._problem(problem, page_request, say("There is nothing here"), say("Did you mean:"), links)

    async def _deleted(self, error: Deleted, page_request: PageRequest) -> Response:
        say, site, deletion = translator(page_request.language), self._site_context.site, error.deletion
        release, path = deletion.last.release, f"/release/{deletion.last.release}{quote(error.path, safe=SAFE)}"
        time = format_datetime(datetime.fromisoformat(deletion.since.time), usegmt=True)
        problem = Problem(
            "gone",
            Text(
                "{iri} is not in the release in force. It last stood in release {release}.",
                iri=error.iri,
                release=release,
            ),
            {"deleted": deletion.publication.time, "last_release": release, "last_version": site.absolute(path)},
            ((b"link", f'<{site.absolute(path)}>; rel="predecessor-version memento"; datetime="{time}"'.encode()),),
        )
        links = [Link(say("As of release {release}", release=release), site.address(path))]
        return await self._problem(
            problem, page_request, say("This is no longer there"), say("What was said of it stays readable:"), links
        )

    async def _withdrawn(self, error: Withdrawn, page_request: PageRequest) -> Response:
        say, site = translator(page_request.language), self._site_context.site
        successors = ", ".join(f'<{iri}>; rel="{_REPLACED}"' for iri in error.successors)
        problem = Problem(
            "gone",
            Text("{iri} is no longer used.", iri=error.iri),
            {"isReplacedBy": list(error.successors)},
            ((b"link", successors.encode()),) if successors else (),
        )
        links = [Link(iri, site.page(iri) or iri) for iri in error.successors]
        return await self._problem(
            problem, page_request, say("This identifier was withdrawn"), say("It is replaced by:"), links
        )

    async def _problem(
        self,
        problem: Problem,
        page_request: PageRequest,
        title: str | None = None,
        links_intro: str = "",
        links: Sequence[Link] = (),
    ) -> Response:
        if choose(page_request.accept, _ERROR_OFFERS) is not HTML:
            return problem_response(problem, page_request)
        release_view = await self._release_view()
        frame = self._site_context.frame(page_request, release_view, "")
        body = self._site_context.design.render(
            "error.html",
            frame,
            title=title or problem.title(page_request.language),
            text=problem.detail.in_(page_request.language),
            links_intro=links_intro,
            links=links,
        )
        kept = [item for item in problem.headers if item[0] != b"vary"]
        headers = page_headers(page_request.language, "no-store", tuple(kept))
        return await sent(Representation(body, headers), page_request, self._site_context.site.prefix, problem.status)

    async def _near(self, path: str) -> list[NearMatch]:
        local = split_suffix(path)[0].strip("/").partition("/")[2]
        try:
            release_view = await self._site_context.editions.current()
            return near_matches(local, await self._site_context.editions.names(release_view)) if local else []
        except InterkommunalError:
            return []  # what was asked is missing all the same

    async def _release_view(self) -> ReleaseView | None:
        try:
            return await self._site_context.editions.current()
        except InterkommunalError:
            return None


async def nothing(request: Request) -> Response:
    """The handler for addresses that lead nowhere.

    Raises:
        Missing: always.
    """
    raise Missing(request.scope["path"])


def _too_many() -> Problem:
    return Problem(
        "bad-request",
        Text("An address may have at most {MOST_PARAMETERS} parameters here.", MOST_PARAMETERS=MOST_PARAMETERS),
    )


def _options() -> Response:
    response = Response(b"", status_code=204)
    response.raw_headers = [
        (b"allow", _ALLOW.encode()),
        (b"access-control-allow-origin", b"*"),
        (b"access-control-allow-methods", _ALLOW.encode()),
        (b"access-control-allow-headers", b"*"),
        (b"access-control-max-age", b"86400"),
    ]
    return response
