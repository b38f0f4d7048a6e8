"""Which address leads to which page.

:func:`pages_router` returns a Starlette router to be mounted at the root, after the routes of the other rooms: it also
answers for addresses that lead nowhere.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send

from interkommunal.content import find_content
from interkommunal.engine.interface import Engine
from interkommunal.errors import InterkommunalError
from interkommunal.http.formats import HTML
from interkommunal.http.language import LANGUAGES, Text
from interkommunal.http.negotiation import Offer, choose
from interkommunal.http.pages.answers import (
    Kept,
    data_headers,
    file_headers,
    page_headers,
    problem_response,
    redirect,
    sent,
)
from interkommunal.http.pages.description.context import CONTEXT_PATH, FILE, Context, read_context
from interkommunal.http.pages.description.door import Door
from interkommunal.http.pages.design import Design
from interkommunal.http.pages.edition import Edition, Editions
from interkommunal.http.pages.entity.model import Link
from interkommunal.http.pages.errors import Missing, Withdrawn
from interkommunal.http.pages.formats import split_suffix
from interkommunal.http.pages.house import House
from interkommunal.http.pages.messages import messages_in
from interkommunal.http.pages.near import Near, near
from interkommunal.http.pages.notices import Notice
from interkommunal.http.pages.operator import Operator
from interkommunal.http.pages.reader.handler import Sources
from interkommunal.http.pages.site import Site, canonical, path_of
from interkommunal.http.pages.things import Things
from interkommunal.http.pages.visit import Visit
from interkommunal.http.problems import MEDIA_TYPE, Problem, method_not_allowed, problem_of
from interkommunal.http.publication import Publication
from interkommunal.http.representation import Representation
from interkommunal.release.release import Release
from interkommunal.settings import Settings

Handler = Callable[[Request], Awaitable[Response]]

_ALLOW: Final = "GET, HEAD, OPTIONS"
# Who wants a page gets errors as a page.
_ERROR_OFFERS: Final = (Offer(MEDIA_TYPE, ("application/json", "application/ld+json")), HTML)
_CONTEXT_AGE: Final = "public, max-age=31536000, immutable"


def pages_router(
    settings: Settings, engine: Engine, publication: Publication, operator: Operator | None = None
) -> Router:
    """The pages of a server.

    Args:
        settings: public URL, language, caching, content.
        engine: answers the questions of pages.
        publication: the release in force.
        operator: what the operator wants to be said.

    Raises:
        ReleaseError: the JSON-LD context cannot be read.
        SettingsError: there is no content where the settings say.
    """
    door = Door(engine)
    max_age = settings.cache_max_age
    house = House(
        site=Site(settings.address),
        language=settings.language,
        cache_control=f"public, max-age={max_age}" if max_age else "public, no-cache",
        door=door,
        editions=Editions(door, publication),
        design=Design(),
        context=_context(settings, publication.release),
        operator=operator or Operator(),
        kept=Kept(int(settings.cache_size)),
    )
    publication.on_change(house.kept.clear)
    return Router(routes=_routes(house), default=_Safely(house, _nothing), redirect_slashes=False)


def _routes(house: House) -> list[Route]:
    things, seat = Things(house), _Seat(house)
    handlers: tuple[tuple[str, Handler], ...] = (
        ("/id/{rest:path}", seat),
        ("/concept/{rest:path}", seat),
        ("/shape/{rest:path}", seat),
        ("/graph/{rest:path}", seat),
        ("/.well-known/genid/{rest:path}", seat),
        ("/doc/{rest:path}", things),
        ("/ontology", things),
        ("/ontology.{suffix}", things),
        ("/ontology/{rest:path}", things),
        (CONTEXT_PATH, _ContextFile(house)),
        ("/sources", _Slash(house)),
        ("/sources/{slug:path}", Sources(house)),
        ("/imprint", Notice(house, "imprint")),
        ("/privacy", Notice(house, "privacy")),
        ("/design/{fingerprint}/{name:path}", _Assets(house)),
    )
    return [Route(path, _Safely(house, handler)) for path, handler in handlers]


class _Seat:
    """Canonical IRIs: their path leads to the description (303, as things are no documents)."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def __call__(self, request: Request) -> Response:
        path, suffix = split_suffix(request.scope["path"])
        there = path_of(canonical(path))
        if there is None:
            raise Missing(request.scope["path"])
        query = f"?{request.url.query}" if request.url.query else ""
        return redirect(f"{self._house.site.address(there)}{f'.{suffix}' if suffix else ''}{query}")


class _Slash:
    """A folder asked for without its slash."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def __call__(self, request: Request) -> Response:
        return redirect(self._house.site.address(f"{request.scope['path']}/"), 301)


class _ContextFile:
    """The JSON-LD context, at the address that documents name."""

    def __init__(self, house: House) -> None:
        headers = data_headers("application/ld+json", _CONTEXT_AGE)
        self._house = house
        self._file = Representation(house.context.body, headers)

    async def __call__(self, request: Request) -> Response:
        return await sent(self._file, self._house.visit(request), self._house.site.prefix)


class _Assets:
    """Style, script, fonts and icon. An old fingerprint gets the file of today."""

    def __init__(self, house: House) -> None:
        self._house = house
        design = house.design
        self._files = {
            name: Representation(body, file_headers(design.content_type(name))) for name, body in design.files.items()
        }

    async def __call__(self, request: Request) -> Response:
        found = self._files.get(request.path_params["name"])
        if found is None:
            raise Missing(request.scope["path"])
        return await sent(found, self._house.visit(request), self._house.site.prefix)


class _Safely:
    """A handler as an ASGI application; its errors become pages, or problem documents for machines."""

    def __init__(self, house: House, handler: Handler) -> None:
        self._house = house
        self._handler = handler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._answer(Request(scope, receive))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        visit = self._house.visit(request)
        if request.method == "OPTIONS":
            return _options()
        if request.method not in ("GET", "HEAD"):
            return problem_response(method_not_allowed(request.method, _ALLOW).problem, visit)
        try:
            return await self._handler(request)
        except Missing as error:
            return await self._missing(error, visit)
        except Withdrawn as error:
            return await self._withdrawn(error, visit)
        except InterkommunalError as error:
            return await self._problem(problem_of(error), visit)

    async def _missing(self, error: Missing, visit: Visit) -> Response:
        say = messages_in(visit.language)
        close = await self._near(error.path)
        problem = Problem(
            "not-found",
            Text(*(messages_in(language)("error.404.text", path=error.path) for language in LANGUAGES)),
            {"near": [{"iri": item.iri, "label": item.label} for item in close]} if close else {},
        )
        links = [Link(item.label, self._house.site.page(item.iri)) for item in close]
        return await self._problem(problem, visit, say("error.404.title"), say("error.404.near"), links)

    async def _withdrawn(self, error: Withdrawn, visit: Visit) -> Response:
        say, site = messages_in(visit.language), self._house.site
        successors = ", ".join(f'<{iri}>; rel="{_REPLACED}"' for iri in error.successors)
        problem = Problem(
            "not-found",
            Text(*(messages_in(language)("error.410.text", iri=error.iri) for language in LANGUAGES)),
            {"isReplacedBy": list(error.successors)},
            ((b"link", successors.encode()),) if successors else (),
            status_given=410,
        )
        links = [Link(iri, site.page(iri) or iri) for iri in error.successors]
        return await self._problem(problem, visit, say("error.410.title"), say("error.410.instead"), links)

    async def _problem(
        self,
        problem: Problem,
        visit: Visit,
        title: str | None = None,
        links_intro: str = "",
        links: Sequence[Link] = (),
    ) -> Response:
        if choose(visit.accept, _ERROR_OFFERS) is not HTML:
            return problem_response(problem, visit)
        edition = await self._edition()
        frame = self._house.frame(visit, edition, "")
        body = self._house.design.render(
            "error.html",
            frame,
            title=title or problem.title(visit.language),
            text=problem.detail.in_(visit.language),
            links_intro=links_intro,
            links=links,
        )
        kept = [item for item in problem.headers if item[0] != b"vary"]
        headers = page_headers(visit.language, "no-store", tuple(kept))
        return await sent(Representation(body, headers), visit, self._house.site.prefix, problem.status)

    async def _near(self, path: str) -> list[Near]:
        local = split_suffix(path)[0].strip("/").partition("/")[2]
        try:
            edition = await self._house.editions.current()
            return near(local, await self._house.editions.names(edition)) if local else []
        except InterkommunalError:
            return []  # what was asked is missing all the same

    async def _edition(self) -> Edition | None:
        try:
            return await self._house.editions.current()
        except InterkommunalError:
            return None


# A thing that replaces another (Dublin Core has the word, IANA's link relations do not).
_REPLACED: Final = "http://purl.org/dc/terms/isReplacedBy"


async def _nothing(request: Request) -> Response:
    raise Missing(request.scope["path"])


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


def _context(settings: Settings, release: Release | None) -> Context:
    """The context that the release holds, or else that of this installation."""
    if release is not None and FILE in release.manifest.files:
        return read_context(release.path(FILE))
    return read_context(find_content(settings.content).ontology / FILE)
