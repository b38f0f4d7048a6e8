"""The harvest itself: head, first page, the pages after it, and a second time, as portals do day after day.

The order of requests is that of CKAN's harvester, which asks for most; the others ask for a part of it.

A page of a catalogue as RDF: which syntax it is said to be, which it is, and its triples or why there are none.

Read leniently, so that one wrong IRI does not hide everything else; what is wrong is found by looking at the triples.
Nothing is loaded while reading: contexts of JSON-LD are fetched by our own client and put in their place, and XML that
declares entities is not read at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from urllib.parse import urljoin

import pyoxigraph
from pyoxigraph import Literal, NamedNode, RdfFormat

from interkommunal.doctor.catalogue import Catalogue, Node, iri
from interkommunal.doctor.client import Client, Reply

# What the parsers of harvesters (rdflib, Jena) take a media type for.
SYNTAXES: Final = {
    "text/turtle": RdfFormat.TURTLE,
    "application/x-turtle": RdfFormat.TURTLE,
    "text/n3": RdfFormat.N3,
    "text/rdf+n3": RdfFormat.N3,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/trig": RdfFormat.TRIG,
    "application/n-quads": RdfFormat.N_QUADS,
}
_HTML: Final = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_XML: Final = re.compile(rb"\s*(?:<\?xml\b|<rdf:RDF\b|<!DOCTYPE\s+rdf)", re.IGNORECASE)
_ENTITY: Final = re.compile(rb"<!ENTITY\b", re.IGNORECASE)
_CONTEXTS: Final = 5
_DEPTH: Final = 3
_LARGEST_CONTEXT: Final = 1024 * 1024

Fetch = Callable[[str], Reply]


@dataclass(frozen=True, slots=True)
class Document:
    """What a reply holds.

    Attributes:
        stated: the syntax that its media type says, ``None`` if that is none of RDF.
        syntax: the syntax that it was read in, ``None`` if in none.
        triples: what it says; without the names of graphs, which harvesters pass over.
        fault: why it cannot be read as stated, in words of the parser; empty if it can.
        html, entities: whether it is a web page; whether it is XML with entities of its own.
        remote, unread: contexts that it takes from elsewhere; those of them that cannot be had.
    """

    stated: RdfFormat | None
    syntax: RdfFormat | None = None
    triples: tuple[pyoxigraph.Triple, ...] = ()
    fault: str = ""
    html: bool = False
    entities: bool = False
    remote: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def read(reply: Reply, fetch: Fetch) -> Document:
    """Read the body of ``reply``; ``fetch`` gets the contexts that it names."""
    stated = SYNTAXES.get(reply.media_type)
    body = reply.body.removeprefix(b"\xef\xbb\xbf")
    if _HTML.match(body[:4096]):
        return Document(stated, html=True)
    is_xml, is_json = _XML.match(body[:4096]), body.lstrip()[:1] in (b"{", b"[")
    if is_xml and _ENTITY.search(body):
        return Document(stated, entities=True)
    remote: dict[str, Any] = {}
    if is_json:
        body = _with_contexts(body, reply.final, fetch, remote)
    unread = tuple(address for address, context in remote.items() if context is None)
    likely = RdfFormat.JSON_LD if is_json else RdfFormat.RDF_XML if is_xml else RdfFormat.TURTLE
    fault = ""
    # As stated, then as what it looks like.
    for syntax in (stated, likely if likely != stated else None):
        try:
            if syntax is not None:
                triples = tuple(_parse(body, syntax, reply.final))
                return Document(stated, syntax, triples, fault if stated else "", remote=tuple(remote), unread=unread)
        except (SyntaxError, ValueError) as error:
            fault = fault or " ".join(str(error).split())[:300]
    return Document(stated, fault=fault, remote=tuple(remote), unread=unread)


def _parse(body: bytes, syntax: RdfFormat, base: str) -> Iterator[pyoxigraph.Triple]:
    for quad in pyoxigraph.parse(body, format=syntax, base_iri=base, rename_blank_nodes=True, lenient=True):
        yield quad.triple if isinstance(quad, pyoxigraph.Quad) else quad


def _with_contexts(body: bytes, base: str, fetch: Fetch, remote: dict[str, Any]) -> bytes:
    """A document of JSON-LD with all contexts in their place; ``remote`` is filled: ``None`` for one not to be had."""

    def load(address: str, depth: int) -> Any:
        if address not in remote:
            remote[address] = None
            if len(remote) <= _CONTEXTS and depth < _DEPTH:
                reply = fetch(address)
                if reply.ok and not reply.cut and len(reply.body) <= _LARGEST_CONTEXT:
                    with suppress(ValueError, RecursionError, TypeError, KeyError):
                        remote[address] = in_place(json.loads(reply.body)["@context"], address, depth + 1)
        return remote[address] or {}

    def in_place(context: Any, at: str, depth: int) -> Any:
        if isinstance(context, str):
            return load(urljoin(at, context), depth)
        if isinstance(context, list):
            placed = (in_place(item, at, depth) for item in context)
            return [part for item in placed for part in (item if isinstance(item, list) else [item])]
        return context

    def walk(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: in_place(item, base, 0) if name == "@context" else walk(item) for name, item in value.items()}
        return [walk(item) for item in value] if isinstance(value, list) else value

    try:
        placed = walk(json.loads(body))
    except (ValueError, RecursionError):
        return body
    return json.dumps(placed).encode() if remote else body


# What CKAN, piveau and udata send for a catalogue: nothing that asks for RDF.
ANYTHING = {"Accept": "*/*"}


@dataclass(frozen=True)
class Page:
    """One page: its address, what came back, and what it says."""

    address: str
    reply: Reply
    document: Document

    @cached_property
    def catalogue(self) -> Catalogue:
        """What this page alone says."""
        return Catalogue(self.document.triples)

    @cached_property
    def views(self) -> list[Node]:
        """The nodes that lead to other pages, in the order in which CKAN looks for them."""
        typed = self.catalogue.typed
        return [*typed("hydra:PartialCollectionView"), *typed("hydra:PagedCollection")]

    @cached_property
    def nexts(self) -> list[NamedNode | Literal]:
        """Where the next page is said to be; harvesters take the first."""
        found = [
            value
            for node in self.views
            for name in ("hydra:next", "hydra:nextPage")
            for value in self.catalogue.values(node, name)
        ]
        return [value for value in dict.fromkeys(found) if isinstance(value, NamedNode | Literal)]

    @property
    def following(self) -> str | None:
        """Address of the next page."""
        return urljoin(self.reply.final, self.nexts[0].value) if self.nexts else None

    @property
    def totals(self) -> list[int]:
        """How many items the pages are said to have in all."""
        found = [
            triple.object.value
            for triple in self.document.triples
            if triple.predicate.value == iri("hydra:totalItems") and isinstance(triple.object, Literal)
        ]
        return [int(value) for value in found if value.isascii() and value.isdigit()]


@dataclass(frozen=True)
class Harvest:
    """What was seen in one harvest.

    Attributes:
        address: of the catalogue. head: answer to the first request.
        pages: in the order in which a harvester gets them.
        end: why it went no further: ``end`` (there is no next page), ``repeats-first``, ``cycle``, ``failed`` or
            ``most`` (as many pages as were allowed).
        again: answer to a request that names the tag of the first page, if it had one; else to a plain one.
        second: the first page when asked a second time.
    """

    address: str
    head: Reply
    pages: tuple[Page, ...]
    end: str
    again: Reply | None
    second: Page | None

    @cached_property
    def catalogue(self) -> Catalogue:
        """What all pages say."""
        return Catalogue(triple for page in self.pages for triple in page.document.triples)

    @property
    def first(self) -> Page:
        """The first page."""
        return self.pages[0]


def harvest(client: Client, address: str, most_pages: int) -> Harvest:
    """Harvest the catalogue at ``address``, following at most ``most_pages`` pages."""
    head = client.head(address, ANYTHING)
    pages, end = _walk(client, address, most_pages)
    first = pages[0].reply
    again = second = None
    if first.ok:
        tag = first.headers.get("etag")
        again = client.get(address, {**ANYTHING, "If-None-Match": tag} if tag else ANYTHING)
        second = _page(client, address, client.get(address, ANYTHING) if again.status == 304 else again)
    return Harvest(address, head, tuple(pages), end, again, second)


def _walk(client: Client, address: str, most: int) -> tuple[list[Page], str]:
    """The pages, and why there is no further one."""
    pages: list[Page] = []
    seen: set[str] = set()
    bodies: set[bytes] = set()
    place: str | None = address
    while place is not None:
        page = _page(client, place, client.get(place, ANYTHING))
        pages.append(page)
        seen.add(place)
        body, place = page.reply.body, page.following
        if not page.reply.ok or page.document.syntax is None:
            return pages, "failed"
        if len(pages) > 1 and body == pages[0].reply.body:
            return pages, "repeats-first"
        if place is not None and (place in seen or body in bodies):
            return pages, "cycle"
        if place is not None and len(seen) >= most:
            return pages, "most"
        bodies.add(body)
    return pages, "end"


def _page(client: Client, address: str, reply: Reply) -> Page:
    document = Document(None)
    if reply.ok and not reply.cut:
        document = read(reply, lambda place: client.get(place, {"Accept": "application/ld+json"}))
    return Page(address, reply, document)
