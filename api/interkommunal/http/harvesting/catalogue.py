"""The routes of the catalogue: ``/catalog`` and, with a suffix for the format, ``/catalog.ttl`` and others.

Harvesters send ``Accept: */*`` or nothing and mean RDF, so Turtle is the default.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pyoxigraph
from fastapi import APIRouter, Request, Response

from interkommunal.engine.interface import Form
from interkommunal.http.formats import OFFERS, Format
from interkommunal.http.harvesting.documents import VARY, Documents, Shelf, respond
from interkommunal.http.negotiation import choose
from interkommunal.http.problems import RequestProblem, not_acceptable
from interkommunal.release import formats
from interkommunal.release.catalogue import Operator, catalogue
from interkommunal.release.descriptions import CATALOGUE_PREFIXES

PATH: Final = "/catalog"
WRITERS: Final[dict[str, Callable[[list[pyoxigraph.Triple]], bytes]]] = {
    "ttl": lambda triples: formats.turtle(triples, CATALOGUE_PREFIXES),
    "rdf": lambda triples: formats.rdf_xml(triples, CATALOGUE_PREFIXES),
    "jsonld": formats.json_ld_nodes,
    "nt": formats.ntriples,
}
_OFFERED: Final = {offer.suffix: offer for offer in OFFERS[Form.CONSTRUCT] if offer.suffix in WRITERS}
# Our favourite first.
FORMATS: Final = tuple(_OFFERED[suffix] for suffix in WRITERS)


def chosen(request: Request) -> Format:
    """The format in which the client wants triples.

    Raises:
        RequestProblem: 406, it wants none of ours.
    """
    offer = choose(", ".join(request.headers.getlist("accept")), FORMATS)
    if offer is None:
        raise _unacceptable()
    return offer


def suffixed(suffix: str) -> Format | None:
    """The format with this suffix, if there is one."""
    return _OFFERED.get(suffix)


def catalogue_routes(documents: Documents, address: str, operator: Operator) -> APIRouter:
    """The routes of the catalogue.

    Args:
        documents: keeps what was made.
        address: public URL of the server.
        operator: who publishes it.
    """
    router = APIRouter()

    def make(suffix: str) -> Callable[[Shelf], bytes]:
        return lambda shelf: WRITERS[suffix](catalogue(shelf.release, shelf.versions, address, operator))

    async def answer(request: Request, offer: Format) -> Response:
        others = ", ".join(
            f'<{address}{PATH}.{item.suffix}>; rel="alternate"; type="{item.media_type}"' for item in FORMATS
        )
        headers = (
            VARY,
            (b"content-location", f"{PATH}.{offer.suffix}".encode()),
            (b"link", f'{others}, <{address}/.well-known/void>; rel="describedby"'.encode()),
        )
        name = f"catalog.{offer.suffix}"
        return await respond(request, await documents.get(name, offer.content_type, make(offer.suffix), headers))

    @router.api_route(PATH, methods=["GET", "HEAD"])
    async def negotiated(request: Request) -> Response:
        """The catalogue for portals, by DCAT-AP.de 3.0, in the format that the client likes best."""
        return await answer(request, chosen(request))

    for offer in FORMATS:
        router.add_api_route(
            f"{PATH}.{offer.suffix}", _fixed(offer, answer), methods=["GET", "HEAD"], name=f"catalogue as {offer.label}"
        )
    return router


def _fixed(offer: Format, answer: Callable[..., object]) -> Callable[..., object]:
    async def in_format(request: Request) -> Response:
        """The catalogue in one format."""
        return await answer(request, offer)  # type: ignore[misc, no-any-return]

    return in_format


def _unacceptable() -> RequestProblem:
    return not_acceptable([offer.media_type for offer in FORMATS], [offer.suffix for offer in FORMATS])
