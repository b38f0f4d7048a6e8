"""What the handlers of feeds and releases share: the shelf, what they answer with, and how formats are chosen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Quad
from starlette.responses import Response

from interkommunal.harvest.documents import VARY, Documents, Shelf
from interkommunal.harvest.feed.formats import write
from interkommunal.harvest.feed.stream import Stream
from interkommunal.site.context import SiteContext
from interkommunal.site.errors import Missing
from interkommunal.site.page_request import PageRequest
from interkommunal.texts import Text
from interkommunal.web.formats import Format
from interkommunal.web.negotiation import choose
from interkommunal.web.problems import Header, Problem, RequestProblem, not_acceptable
from interkommunal.web.representation import CORS, Representation

FOREVER: Final = "public, max-age=31536000, immutable"
# Where the change of a catalogue is told, and where that of the graph.
PATHS: Final = {"graph": "/feed", "catalogue": "/catalog/feed"}
PER_PAGE: Final = 50


@dataclass(frozen=True)
class FeedContext:
    """What these handlers share.

    Attributes:
        site_context: what all pages share. documents: know what lies on the shelf.
        view: which view of the change table. polling: seconds after which it is worth coming back.
    """

    site_context: SiteContext
    documents: Documents
    view: str
    polling: int

    @property
    def path(self) -> str:
        """Of the root node."""
        return PATHS[self.view]

    def stream(self) -> tuple[Shelf, Stream]:
        """The shelf and its stream.

        Raises:
            RequestProblem: there is no change table.
        """
        shelf = self.documents.shelf
        if shelf.history is None:
            raise RequestProblem(NO_HISTORY)
        return shelf, Stream(shelf.history, self.view, self.site_context.site.url, self.path, self.polling)

    async def answer(
        self, page_request: PageRequest, shelf: Shelf, meaning: tuple[object, ...], make: Callable[[], Representation]
    ) -> Response:
        """The answer that ``meaning`` stands for while this is on the shelf; made in a thread."""
        stamp = (shelf.release.identifier, shelf.changed, shelf.history and shelf.history.stamp)
        key = ("feed", self.view, stamp, *meaning)
        return await self.site_context.kept.answer(
            page_request, key, lambda: asyncio.to_thread(make), self.site_context.site.prefix
        )


def chosen_form(page_request: PageRequest, suffix: str, offers: tuple[Format, ...]) -> Format:
    """The format that a suffix names, or else the one that the visitor likes best.

    Raises:
        Missing: the suffix names none. RequestProblem: 406.
    """
    if suffix:
        found = next((form for form in offers if form.suffix == suffix), None)
        if found is None:
            raise Missing(page_request.path)
        return found
    form = choose(page_request.accept, offers)
    if form is None:
        raise not_acceptable([item.media_type for item in offers], [item.suffix for item in offers])
    return form


def data(quads: Iterable[Quad], form: Format, lasting: str, own: str, further: list[str]) -> Representation:
    """Quads as an answer.

    Args:
        quads: what to write, in order.
        form: the format.
        lasting: value of ``Cache-Control``.
        own: URL of what they describe, without suffix.
        further: elements of the ``Link`` field.
    """
    location = (b"content-location", f"{own}.{form.suffix}".encode())
    fields = headers(form.content_type, lasting, VARY, location, (b"link", ", ".join(further).encode()))
    return Representation(write(quads, form), fields)


def headers(content_type: str, lasting: str, *further: Header) -> tuple[Header, ...]:
    """The header fields of data; ``lasting`` is the value of ``Cache-Control``."""
    vary = () if any(name == b"vary" for name, _ in further) else ((b"vary", b"Accept-Encoding"),)
    return (
        (b"content-type", content_type.encode()),
        (b"cache-control", lasting.encode()),
        (b"x-content-type-options", b"nosniff"),
        *CORS,
        *vary,
        *further,
    )


def links(own: str, offers: tuple[Format, ...]) -> list[str]:
    """Elements of a ``Link`` field that lead to each format of a URL without suffix."""
    return [f'<{own}.{form.suffix}>; rel="alternate"; type="{form.media_type}"' for form in offers]


NO_HISTORY: Final = Problem(
    "unavailable",
    Text(
        "This server has no readable change table yet; interkommunal build makes one, interkommunal "
        "releases rebuild makes a damaged one anew."
    ),
)
