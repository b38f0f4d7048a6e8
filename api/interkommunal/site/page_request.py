"""One request to a page: what is wanted, in which language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request

from interkommunal.texts import Language
from interkommunal.web.languages import choose_language, chosen_before
from interkommunal.web.parameters import Parameters, wished_language

# A parameter that is longer than this is cut: nobody types more, and pages are kept under what was asked.
_LONGEST: Final = 10_000
# No page reads more parameters.
MOST_PARAMETERS: Final = 50


@dataclass(frozen=True)
class PageRequest:
    """A request as pages see it.

    Attributes:
        path: decoded, without the prefix of the public URL.
        language: of the answer. chosen: whether the visitor chose it with ``lang=``.
        parameters: those that the page understands, sorted by name.
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


def page_request_of(request: Request, default: Language, known: Sequence[str] = ()) -> PageRequest:
    """What a request asks of a page.

    Args:
        request: GET or HEAD.
        default: language for visitors who prefer neither of ours.
        known: parameters that the page understands, besides ``lang``; others do not make another page.

    Raises:
        RequestProblem: 400 if one of them has different values or is not UTF-8.
    """
    query_string = request.scope["query_string"]
    wish = wished_language(query_string)
    given = Parameters(query_string) if known else Parameters()
    chosen = wish is not None
    return PageRequest(
        path=request.scope["path"],
        language=choose_language(
            wish or chosen_before(request.headers.get("cookie")),
            request.headers.get("accept-language"),
            default,
        ),
        chosen=chosen,
        parameters=tuple((name, value[:_LONGEST]) for name in sorted(known) if (value := given.one(name))),
        accept=", ".join(request.headers.getlist("accept")) or None,
        accept_encoding=", ".join(request.headers.getlist("accept-encoding")) or None,
        if_none_match=", ".join(request.headers.getlist("if-none-match")) or None,
        is_head=request.method == "HEAD",
    )
