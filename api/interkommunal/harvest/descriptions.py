"""Routes of a document in RDF: one address that negotiates, and one with a suffix for each format.

Harvesters send ``Accept: */*`` or nothing and mean RDF, so Turtle is the default.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph
from fastapi import APIRouter, Request, Response

from interkommunal.harvest.documents import VARY, Documents, Shelf, respond
from interkommunal.namespaces import CATALOGUE_PREFIXES
from interkommunal.release import formats, paging
from interkommunal.sparql.query import Form
from interkommunal.texts import Text
from interkommunal.web.formats import HTML, OFFERS, Format
from interkommunal.web.negotiation import choose
from interkommunal.web.parameters import Parameters
from interkommunal.web.problems import Problem, RequestProblem, not_acceptable

_WRITERS: Final[dict[str, Callable[[list[pyoxigraph.Triple]], bytes]]] = {
    "ttl": lambda triples: formats.turtle(triples, CATALOGUE_PREFIXES),
    "rdf": lambda triples: formats.rdf_xml(triples, CATALOGUE_PREFIXES),
    "jsonld": formats.json_ld_nodes,
    "nt": formats.ntriples,
}
_OFFERED: Final = {offer.suffix: offer for offer in OFFERS[Form.CONSTRUCT]}
# Digits of a page number, and characters of one that names a kept document.
_LONGEST: Final = 10
# Our favourite first.
FORMATS: Final = tuple(_OFFERED[suffix] for suffix in _WRITERS)


@dataclass(frozen=True, slots=True)
class Description:
    """A document in RDF.

    Attributes:
        path: its address without suffix, for example ``/catalog``.
        summary: what it is, for the description of the interface.
        triples: makes its triples; runs in a thread. ``None`` for what is frozen.
        see_also: path of a document that describes this one.
        page: the same for people, for who asks for HTML and nothing else as much.
        frozen: takes it from the release instead, in the format of a suffix; for what has blank nodes.
        in_pages: whether it is a catalogue that can be asked for piece by piece.
    """

    path: str
    summary: str
    triples: Callable[[Shelf], list[pyoxigraph.Triple]] | None
    see_also: str
    page: Callable[[Request], Awaitable[Response]] | None = None
    frozen: Callable[[Shelf, str], bytes] | None = None
    in_pages: bool = False


def description_routes(description: Description, documents: Documents, address: str) -> APIRouter:
    """The routes of ``description``, below the public URL ``address``."""
    router = APIRouter()

    async def answer(request: Request, offer: Format, path: str = description.path) -> Response:
        asked = Parameters(request.scope["query_string"]).one(paging.PARAMETER) if description.in_pages else None

        def make(shelf: Shelf) -> bytes:
            if description.frozen is not None:
                return description.frozen(shelf, offer.suffix)
            assert description.triples is not None, "what is not frozen is made"
            triples = description.triples(shelf)
            if asked is not None:
                number = _page_number(asked, paging.pages(triples))
                triples = paging.page_of(triples, f"{address}{description.path}", number, f"{address}{path}")
            return _WRITERS[offer.suffix](triples)

        name = f"{description.path}.{offer.suffix}"
        headers = (
            VARY,
            (b"content-location", f"{address}{name}".encode()),
            (b"link", _links(description, address).encode()),
        )
        kept = name if asked is None else f"{name} {path} {asked[:_LONGEST]}"
        return await respond(request, await documents.get(kept, offer.content_type, make, headers))

    async def negotiated(request: Request) -> Response:
        offer = _chosen(request, FORMATS if description.page is None else (*FORMATS, HTML))
        if offer is HTML and description.page is not None:
            return await description.page(request)
        return await answer(request, offer)

    router.add_api_route(
        description.path, negotiated, methods=["GET", "HEAD"], name=description.path, description=description.summary
    )
    for offer in FORMATS:
        path = f"{description.path}.{offer.suffix}"
        router.add_api_route(
            path, _fixed(answer, offer, path), methods=["GET", "HEAD"], name=path, description=description.summary
        )
    return router


def _fixed(
    answer: Callable[[Request, Format, str], Awaitable[Response]], offer: Format, path: str
) -> Callable[[Request], Awaitable[Response]]:
    async def in_format(request: Request) -> Response:
        return await answer(request, offer, path)

    return in_format


def _page_number(asked: str, pages: int) -> int:
    if asked.isascii() and asked.isdigit() and len(asked) < _LONGEST and 1 <= int(asked) <= pages:
        return int(asked)
    raise RequestProblem(
        Problem(
            "not-found",
            Text("The catalogue has the pages 1 to {pages}.", pages=pages),
            {"pages": pages},
        )
    )


def _chosen(request: Request, offers: Sequence[Format]) -> Format:
    offer = choose(", ".join(request.headers.getlist("accept")), offers)
    if offer is None:
        raise not_acceptable([item.media_type for item in offers], [item.suffix for item in offers])
    return offer


def _links(description: Description, address: str) -> str:
    own = [
        f'<{address}{description.path}.{offer.suffix}>; rel="alternate"; type="{offer.media_type}"' for offer in FORMATS
    ]
    if description.page is not None:
        own.append(f'<{address}{description.path}.html>; rel="alternate"; type="{HTML.media_type}"')
    return ", ".join([*own, f'<{address}{description.see_also}>; rel="describedby"'])
