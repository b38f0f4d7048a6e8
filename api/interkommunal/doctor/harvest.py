"""The harvest itself: head, first page, the pages after it, and a second time, as portals do day after day.

The order of requests is that of CKAN's harvester, which asks for most; the others ask for a part of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urljoin

from pyoxigraph import Literal, NamedNode

from interkommunal.doctor.catalogue import Catalogue, Node
from interkommunal.doctor.client import Client, Reply
from interkommunal.doctor.document import Document, read
from interkommunal.doctor.terms import iri

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
        return [
            node
            for name in ("hydra:PartialCollectionView", "hydra:PagedCollection")
            for node in self.catalogue.typed(name)
        ]

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
    pages: list[Page] = []
    end = "end"
    for page, why in _walk(client, address, most_pages):
        pages.append(page)
        end = why
    first = pages[0].reply
    again = second = None
    if first.ok:
        tag = first.headers.get("etag")
        again = client.get(address, {**ANYTHING, "If-None-Match": tag} if tag else ANYTHING)
        if again.status == 304 or not tag:
            second = _page(client, address, again if not tag else client.get(address, ANYTHING))
        else:
            second = _page(client, address, again)
    return Harvest(address, head, tuple(pages), end, again, second)


def _walk(client: Client, address: str, most: int) -> Iterator[tuple[Page, str]]:
    """The pages, and after each why there is no further one."""
    seen: set[str] = set()
    bodies: set[bytes] = set()
    first: bytes | None = None
    place: str | None = address
    while place is not None:
        page = _page(client, place, client.get(place, ANYTHING))
        seen.add(place)
        following = page.following
        if not page.reply.ok or page.document.syntax is None:
            yield page, "failed"
            return
        if first is not None and page.reply.body == first:
            yield page, "repeats-first"
            return
        if following is not None and (following in seen or page.reply.body in bodies):
            yield page, "cycle"
            return
        first = page.reply.body if first is None else first
        bodies.add(page.reply.body)
        if following is not None and len(seen) >= most:
            yield page, "most"
            return
        yield page, "end"
        place = following


def _page(client: Client, address: str, reply: Reply) -> Page:
    usable = reply.ok and not reply.cut
    document = read(reply, lambda place: client.get(place, {"Accept": "application/ld+json"})) if usable else _NOTHING
    return Page(address, reply, document)


_NOTHING = Document(None, None)
