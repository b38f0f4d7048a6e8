"""The one way to answer: representations, conditions, codings, languages, problems, redirects and preflights.

In goes a :class:`ClientRequest` and what is to be said, out comes a :class:`Reply`: status, header fields and body,
which an ASGI application sends and a route of FastAPI returns. Conditions are those of RFC 9110 §13; an entity tag is
the hash of the bytes that it stands for, so equal tags mean equal bytes.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Hashable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, NamedTuple, Protocol
from urllib.parse import urlsplit

import structlog
from starlette.responses import Response
from starlette.types import Send

from interkommunal.errors import InterkommunalError
from interkommunal.settings import Settings
from interkommunal.texts import Text
from interkommunal.web.cache import AnswerCache
from interkommunal.web.formats import HTML, Format
from interkommunal.web.problems import MEDIA_TYPE, Header, Problem, RequestProblem, internal, problem_of
from interkommunal.web.publication import Publication
from interkommunal.web.representation import CORS, NO_SNIFF, Representation, Variant
from interkommunal.web.request import ClientRequest, Fields, language_cookie

FOREVER: Final = "public, max-age=31536000, immutable"
NO_STORE: Final = "no-store"
# Clients that want a page get errors as a page.
PROBLEM_OFFERS: Final = (Format(MEDIA_TYPE, ("application/json", "application/ld+json")), HTML)


class Reply(NamedTuple):
    """A complete answer, to be sent as it is; the answer to HEAD has the length of the body that it leaves out."""

    status: int
    headers: list[Header]
    body: bytes

    async def send(self, send: Send) -> None:
        """Send it through ASGI."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body})

    def response(self) -> Response:
        """The same for a route of FastAPI."""
        response = Response(self.body, self.status)
        response.raw_headers = self.headers
        return response


class ErrorPages(Protocol):
    """What a site shows people of errors."""

    async def problem(self, error: InterkommunalError) -> Problem | None:
        """The problem of an error that only the site knows, else ``None``."""

    async def page(self, request: ClientRequest, problem: Problem) -> Representation:
        """The page that says it."""


class Responder:
    """Answers requests. Belongs to one event loop.

    Args:
        settings: language, public URL, caching.
        publication: the release in force.
        cache: answers given before, of all rooms.

    Attributes:
        cache_control: of everything that changes with the release only.
        pages: shows errors to people; ``None`` where all errors are problem documents.
    """

    def __init__(self, settings: Settings, publication: Publication, cache: AnswerCache) -> None:
        max_age = settings.cache_max_age
        self.cache_control = f"public, max-age={max_age}" if max_age else "public, no-cache"
        self.language = settings.language
        self.pages: ErrorPages | None = None
        self._prefix = urlsplit(settings.address).path.rstrip("/")
        self._publication = publication
        self._cache = cache

    async def kept(self, request: ClientRequest, key: Hashable, make: Callable[[], Awaitable[Representation]]) -> Reply:
        """The answer that ``key`` stands for, made once for all who ask.

        Args:
            request: whose answer it is.
            key: everything that the answer depends on: the release, what of it, format, language, parameters.
            make: makes it; it is not kept where another endpoint has the data, which may change at any time.
        """
        publication = self._publication
        found = self._cache.by_key(key) or await self._cache.join(key)
        if found is None:
            with self._cache.flight(key) as flight:
                generation = publication.generation
                # The release may change meanwhile: an older time only makes clients ask again.
                modified = publication.modified
                found = flight.found = await make()
                found.modified = found.modified or modified
            # If it has changed, nobody can say which release this is from.
            if publication.release is not None and generation is not None and generation == publication.generation:
                found.key = key
                found.weight += len(repr(key))
        reply = await self.reply(request, found)
        self._cache.keep(found)
        return reply

    async def reply(self, request: ClientRequest, representation: Representation, status: int = 200) -> Reply:
        """A representation as the answer: coded as the client likes it; 304 or 412 on its condition."""
        variant = await representation.variant(request.fields.coding)
        cookie = request.chosen and representation.has_language
        further = (language_cookie(request.language, self._prefix),) if cookie else ()
        return self.variant(request, variant, representation.modified, status, further)

    def variant(
        self,
        request: ClientRequest,
        variant: Variant,
        modified: datetime | None = None,
        status: int = 200,
        further: tuple[Header, ...] = (),
    ) -> Reply:
        """A variant as the answer, or 304 or 412 on the condition of the client."""
        outcome = status
        if status == 200 and request.fields.is_conditional:
            outcome = precondition(request.method, request.fields, variant.tag, modified)
        if outcome == 412:
            return self.problem(request, precondition_failed().problem)
        varies = (b"vary", request.vary.encode())
        if outcome == 304:
            return Reply(304, [*variant.not_modified, varies, *further], b"")
        return Reply(status, [*variant.headers, varies, *further], b"" if request.is_head else variant.body)

    def problem(self, request: ClientRequest, problem: Problem) -> Reply:
        """A problem document."""
        language = request.language
        body = problem.body(language)
        headers = [
            (b"content-type", MEDIA_TYPE.encode()),
            (b"content-language", language.encode()),
            (b"cache-control", NO_STORE.encode()),
            *problem.headers,
            (b"content-length", b"%d" % len(body)),
            (b"vary", request.looked.encode()),
            NO_SNIFF,
            *CORS,
        ]
        return Reply(problem.status, headers, b"" if request.is_head else body)

    async def refuse(self, request: ClientRequest, error: Exception) -> Reply:
        """Whatever went wrong, as a problem document or, where the client wants one, as a page."""
        problem = None
        if self.pages is not None and isinstance(error, InterkommunalError):
            problem = await self.pages.problem(error)
        problem = problem or self.problem_of(error, request.path)
        # A fault may lie in the page itself.
        if self.pages is None or problem.kind == "internal" or request.choose(PROBLEM_OFFERS) is not HTML:
            return self.problem(request, problem)
        return await self.reply(request, await self.pages.page(request, problem), problem.status)

    def problem_of(self, error: Exception, path: str, **noted: str | None) -> Problem:
        """The problem that tells a client about an error; a fault of ours is logged under the name that it gets."""
        if isinstance(error, InterkommunalError):
            return problem_of(error)
        incident = secrets.token_hex(4)
        structlog.get_logger().error("fault", incident=incident, path=path, exc_info=error, **noted)
        return internal(incident=incident)


def precondition(method: str, fields: Fields, tag: bytes, modified: datetime | None) -> int:
    """What the conditions of a request make of a 200 (RFC 9110 §13.2.2): 200, 304 or 412.

    A POST asks a query and has no condition of its own: what is posted gets its answer.

    Args:
        method: of the request.
        fields: with its conditions.
        tag: of the answer; empty if it has none.
        modified: when it changed last, if that is known.
    """
    if method == "POST":
        return 200
    if fields.if_match:
        # Strong comparison: a weak tag never matches.
        given = [item.strip() for item in fields.if_match.split(b",")]
        if b"*" not in given and (tag.startswith(b"W/") or tag not in given):
            return 412
    elif modified is not None and (until := http_date(fields.if_unmodified_since)) is not None and modified > until:
        return 412
    if fields.if_none_match:
        return 304 if tag and matches(fields.if_none_match, tag) else 200
    since = http_date(fields.if_modified_since) if method in ("GET", "HEAD") else None
    return 304 if modified is not None and since is not None and modified <= since else 200


def matches(if_none_match: bytes, tag: bytes) -> bool:
    """Whether the client has it already (RFC 9110 §13.1.2, weak comparison)."""
    given = [item.strip().removeprefix(b"W/") for item in if_none_match.split(b",")]
    return b"*" in given or tag.removeprefix(b"W/") in given


def http_date(field: bytes) -> datetime | None:
    """The moment that a field names; ``None`` for none, and for what is not a date of HTTP (RFC 9110 §5.6.7)."""
    try:
        found = parsedate_to_datetime(field.decode("latin-1")) if field else None
    except ValueError:
        return None
    return found if found is None or found.tzinfo else found.replace(tzinfo=UTC)


def redirect(location: str, status: int = 303, *further: Header) -> Response:
    """A redirection."""
    headers = [
        (b"location", location.encode("ascii", "backslashreplace")),
        (b"content-length", b"0"),
        (b"cache-control", b"public, max-age=3600"),
        NO_SNIFF,
        *CORS,
        *further,
    ]
    return Reply(status, headers, b"").response()


def preflight(allow: str, *further: Header) -> Reply:
    """The answer to OPTIONS, for scripts on other sites too."""
    headers = [
        (b"allow", allow.encode()),
        (b"access-control-allow-methods", allow.encode()),
        (b"access-control-allow-headers", b"*"),
        (b"access-control-max-age", b"86400"),
        *further,
        *CORS,
    ]
    return Reply(204, headers, b"")


def precondition_failed() -> RequestProblem:
    """412: ``If-Match`` or ``If-Unmodified-Since`` does not hold (RFC 9110 §15.5.13)."""
    text = Text("What is here is not, or no longer, what If-Match or If-Unmodified-Since asks for.")
    return RequestProblem(Problem("precondition-failed", text))
