"""Answers of pages as they leave: header fields for safety and caching, entity tag, 304.

A page is kept under what it shows (release, path, format, language), so that asking again costs no query; a release
never changes, so nothing kept can be wrong.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Final

from starlette.responses import Response

from interkommunal.site.page_request import PageRequest
from interkommunal.texts import Language
from interkommunal.web.languages import language_cookie
from interkommunal.web.problems import Header, Problem
from interkommunal.web.representation import CORS, Representation, matches

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_SAFE: Final[tuple[Header, ...]] = ((b"x-content-type-options", b"nosniff"),)
_PAGE: Final[tuple[Header, ...]] = (
    *_SAFE,
    (b"content-security-policy", POLICY.encode()),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
# An answer larger than this share of the memory is not kept: it would push out too many others.
_LARGEST_SHARE: Final = 8
_FOREVER: Final = b"public, max-age=31536000, immutable"


def page_headers(language: Language, cache_control: str, further: tuple[Header, ...] = ()) -> tuple[Header, ...]:
    """The header fields of a page for people."""
    return (
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-language", language.encode()),
        (b"cache-control", cache_control.encode()),
        (b"vary", b"Accept, Accept-Language, Accept-Encoding, Cookie"),
        *_PAGE,
        *further,
    )


def data_headers(content_type: str, cache_control: str, further: tuple[Header, ...] = ()) -> tuple[Header, ...]:
    """The header fields of data."""
    return (
        (b"content-type", content_type.encode()),
        (b"cache-control", cache_control.encode()),
        (b"vary", b"Accept, Accept-Language, Accept-Encoding, Cookie"),
        *_SAFE,
        *CORS,
        *further,
    )


def file_headers(content_type: str) -> tuple[Header, ...]:
    """The header fields of a file of the design, which has its fingerprint in its path."""
    return (
        (b"content-type", content_type.encode()),
        (b"cache-control", _FOREVER),
        (b"vary", b"Accept-Encoding"),
        (b"cross-origin-resource-policy", b"same-origin"),
        *_SAFE,
    )


class Kept:
    """Answers that were made before; those that nobody asked for the longest leave first. Belongs to one event loop.

    Args:
        max_bytes: memory for them; 0 keeps none.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._answers: OrderedDict[Hashable, Representation] = OrderedDict()

    async def answer(
        self, page_request: PageRequest, meaning: Hashable, make: Callable[[], Awaitable[Representation]], prefix: str
    ) -> Response:
        """The answer that ``meaning`` stands for, made if it was not made before."""
        found = self._answers.get(meaning)
        if found is None:
            found = await make()
            self._keep(meaning, found)
        else:
            self._answers.move_to_end(meaning)
        return await sent(found, page_request, prefix)

    def clear(self) -> None:
        """Forget all, because there is a new release."""
        self._answers.clear()
        self._bytes = 0

    def _keep(self, meaning: Hashable, answer: Representation) -> None:
        weight = _weight(meaning, answer)
        if weight * _LARGEST_SHARE > self._max_bytes or meaning in self._answers:
            return
        self._answers[meaning] = answer
        self._bytes += weight
        while self._bytes > self._max_bytes:
            self._bytes -= _weight(*self._answers.popitem(last=False))


def _weight(meaning: Hashable, answer: Representation) -> int:
    """What an answer takes in memory, about: its body, once more for its encoded forms, and its key."""
    return 2 * len(answer.body) + len(repr(meaning)) + 1000


async def sent(representation: Representation, page_request: PageRequest, prefix: str, status: int = 200) -> Response:
    """An answer for one visitor: encoded as its browser likes it, or 304 if it has it already."""
    variant = await representation.variant(page_request.accept_encoding)
    known = (
        status == 200
        and page_request.if_none_match
        and matches(page_request.if_none_match.encode("latin-1"), variant.tag)
    )
    headers = list(variant.not_modified if known else variant.headers)
    if page_request.chosen:
        headers.append(language_cookie(page_request.language, prefix))
    body = b"" if known or page_request.is_head else variant.body
    response = Response(body, status_code=304 if known else status)
    response.raw_headers = headers
    return response


def problem_response(problem: Problem, page_request: PageRequest) -> Response:
    """A problem for machines."""
    body = problem.body(page_request.language)
    response = Response(b"" if page_request.is_head else body, status_code=problem.status)
    length = (b"content-length", str(len(body)).encode())
    response.raw_headers = [*problem.header_fields(page_request.language), *CORS, *_SAFE, length]
    return response


def redirect(location: str, status: int = 303, further: tuple[Header, ...] = ()) -> Response:
    """A redirection."""
    response = Response(b"", status_code=status)
    response.raw_headers = [
        (b"location", location.encode("ascii", "backslashreplace")),
        (b"content-length", b"0"),
        (b"cache-control", b"public, max-age=3600"),
        *CORS,
        *_SAFE,
        *further,
    ]
    return response
