"""Routes of a document in RDF: one address that negotiates, and one with a suffix for each format.

Harvesters send ``Accept: */*`` or nothing and mean RDF, so Turtle is the default.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph
from fastapi import APIRouter, Request, Response

from interkommunal.engine.interface import Form
from interkommunal.http.formats import HTML, OFFERS, Format
from interkommunal.http.harvesting.documents import VARY, Documents, Shelf, respond
from interkommunal.http.negotiation import choose
from interkommunal.http.problems import not_acceptable
from interkommunal.release import formats
from interkommunal.release.descriptions import CATALOGUE_PREFIXES

_WRITERS: Final[dict[str, Callable[[list[pyoxigraph.Triple]], bytes]]] = {
    "ttl": lambda triples: formats.turtle(triples, CATALOGUE_PREFIXES),
    "rdf": lambda triples: formats.rdf_xml(triples, CATALOGUE_PREFIXES),
    "jsonld": formats.json_ld_nodes,
    "nt": formats.ntriples,
}
_OFFERED: Final = {offer.suffix: offer for offer in OFFERS[Form.CONSTRUCT]}
# Our favourite first.
FORMATS: Final = tuple(_OFFERED[suffix] for suffix in _WRITERS)


@dataclass(frozen=True, slots=True)
class Description:
    """A document in RDF.

    Attributes:
        path: its address without suffix, for example ``/catalog``.
        summary: what it is, for the description of the interface.
        triples: makes its triples; runs in a thread.
        see_also: path of a document that describes this one.
        page: the same for people, for who asks for HTML and nothing else as much.
    """

    path: str
    summary: str
    triples: Callable[[Shelf], list[pyoxigraph.Triple]]
    see_also: str
    page: Callable[[Request], Awaitable[Response]] | None = None


def description_routes(description: Description, documents: Documents, address: str) -> APIRouter:
    """The routes of ``description``, below the public URL ``address``."""
    router = APIRouter()

    async def answer(request: Request, offer: Format) -> Response:
        def make(shelf: Shelf) -> bytes:
            return _WRITERS[offer.suffix](description.triples(shelf))

        name = f"{description.path}.{offer.suffix}"
        headers = (
            VARY,
            (b"content-location", f"{address}{name}".encode()),
            (b"link", _links(description, address).encode()),
        )
        return await respond(request, await documents.get(name, offer.content_type, make, headers))

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
            path, _fixed(answer, offer), methods=["GET", "HEAD"], name=path, description=description.summary
        )
    return router


def _fixed(
    answer: Callable[[Request, Format], Awaitable[Response]], offer: Format
) -> Callable[[Request], Awaitable[Response]]:
    async def in_format(request: Request) -> Response:
        return await answer(request, offer)

    return in_format


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
