"""Routes of a document in RDF: one address that negotiates, and one with a suffix for each format.

Harvesters send ``Accept: */*`` or nothing and mean RDF, so Turtle is the default.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

import pyoxigraph
from fastapi import Request, Response

from interkommunal.harvest.documents import Documents
from interkommunal.namespaces import CATALOGUE_PREFIXES
from interkommunal.release import formats, paging
from interkommunal.sparql.query import Form
from interkommunal.web.formats import HTML, OFFERS, Format
from interkommunal.web.problems import not_acceptable
from interkommunal.web.publication import ReleaseFiles
from interkommunal.web.representation import Representation, data_headers
from interkommunal.web.request import ClientRequest, Parameters, page_count, page_number
from interkommunal.web.routing import Route, route

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
        page: the same for people, for clients that prefer HTML.
        frozen: takes it from the release instead, in the format of a suffix; for what has blank nodes.
        in_pages: whether it is a catalogue that can be asked for piece by piece.
    """

    path: str
    summary: str
    triples: Callable[[ReleaseFiles], list[pyoxigraph.Triple]] | None
    see_also: str
    page: Callable[[Request, ClientRequest], Awaitable[Response]] | None = None
    frozen: Callable[[ReleaseFiles, str], bytes] | None = None
    in_pages: bool = False


def description_routes(description: Description, documents: Documents, address: str) -> list[Route]:
    """The routes of ``description``, below the public URL ``address``."""

    async def answer(request: ClientRequest, offer: Format) -> Response:
        asked = Parameters(request.query_string).one(paging.PARAMETER) if description.in_pages else None
        page = "" if asked is None else f"?{paging.PARAMETER}={quote(asked[:_LONGEST])}"
        name = f"{description.path}.{offer.suffix}{page}"
        headers = data_headers(
            offer.content_type,
            documents.responder.cache_control,
            (b"content-location", f"{address}{name}".encode()),
            (b"link", _links(description, address, page).encode()),
        )

        def make(files: ReleaseFiles) -> Representation:
            if description.frozen is not None:
                return Representation(description.frozen(files, offer.suffix), headers)
            assert description.triples is not None, "what is not frozen is made"
            triples = description.triples(files)
            if asked is not None:
                number = page_number(asked)
                page_count(paging.pages(triples), 1, number)
                catalogue = f"{address}{description.path}"
                triples = paging.page_of(triples, catalogue, number, f"{catalogue}.{offer.suffix}")
            return Representation(_WRITERS[offer.suffix](triples), headers)

        return await documents.answer(request, (name,), make)

    async def negotiated(request: Request) -> Response:
        asked = documents.request(request)
        offers = FORMATS if description.page is None else (*FORMATS, HTML)
        offer = asked.choose(offers)
        if offer is None:
            raise not_acceptable([item.media_type for item in offers], [item.suffix for item in offers])
        if offer is HTML and description.page is not None:
            return await description.page(request, asked)
        return await answer(asked, offer)

    def fixed(offer: Format) -> Route:
        async def in_format(request: Request) -> Response:
            return await answer(documents.request(request), offer)

        path = f"{description.path}.{offer.suffix}"
        return route(path, in_format, [offer.media_type], summary=description.summary)

    kinds = [offer.media_type for offer in (*FORMATS, HTML)]
    return [
        route(description.path, negotiated, kinds, summary=description.summary),
        *map(fixed, FORMATS),
    ]


def _links(description: Description, address: str, page: str) -> str:
    """The ``Link`` field; ``page`` is the query of the part of the catalogue that is shown."""
    own = [
        f'<{address}{description.path}.{offer.suffix}{page}>; rel="alternate"; type="{offer.media_type}"'
        for offer in FORMATS
    ]
    if description.page is not None and not page:
        own.append(f'<{address}{description.path}.html>; rel="alternate"; type="{HTML.media_type}"')
    return ", ".join([*own, f'<{address}{description.see_also}>; rel="describedby"'])
