"""One request to a page: what is wanted, in which language, with which parameters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from starlette.requests import Request

from interkommunal.texts import Language, Text
from interkommunal.web.problems import Problem, RequestProblem
from interkommunal.web.request import ClientRequest, Parameters, page_count, page_number

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
