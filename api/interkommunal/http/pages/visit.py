"""One request to a page: what is wanted, in which language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs

from starlette.requests import Request

from interkommunal.http.language import LANGUAGES, Language, choose_language

COOKIE: Final = "lang"
# Parameters that pages understand, besides ``lang``; others are passed over and do not make another page.
_KNOWN: Final = ("entity", "list", "page", "passage")


@dataclass(frozen=True)
class Visit:
    """A request as pages see it.

    Attributes:
        path: decoded, without the prefix of the public URL.
        language: of the answer. chosen: whether the visitor chose it with ``lang=``.
        parameters: those that pages understand, sorted by name.
        accept, accept_encoding, if_none_match: header fields.
        is_head: whether only the header is wanted.
    """

    path: str
    language: Language
    chosen: bool
    parameters: tuple[tuple[str, str], ...]
    accept: str | None
    accept_encoding: str | None
    if_none_match: str | None
    is_head: bool

    def parameter(self, name: str) -> str | None:
        """A parameter of the URL."""
        return next((value for key, value in self.parameters if key == name), None)

    @property
    def page(self) -> int:
        """The number of the page of a list, 1 if none is given or it is no number."""
        given = self.parameter("page") or ""
        return int(given) if given.isdecimal() and 0 < int(given) < 1_000_000 else 1


def visit_of(request: Request, default: Language) -> Visit:
    """What a request asks of a page.

    Args:
        request: GET or HEAD.
        default: language for visitors who prefer neither of ours.
    """
    given = parse_qs(str(request.url.query), keep_blank_values=False, max_num_fields=50)
    wish = given.get("lang", [""])[0]
    chosen = wish in LANGUAGES
    wish = wish if chosen else request.cookies.get(COOKIE, "")
    return Visit(
        path=request.scope["path"],
        language=choose_language(wish, request.headers.get("accept-language"), default),
        chosen=chosen,
        parameters=tuple((name, given[name][0]) for name in _KNOWN if name in given),
        accept=", ".join(request.headers.getlist("accept")) or None,
        accept_encoding=", ".join(request.headers.getlist("accept-encoding")) or None,
        if_none_match=", ".join(request.headers.getlist("if-none-match")) or None,
        is_head=request.method == "HEAD",
    )
