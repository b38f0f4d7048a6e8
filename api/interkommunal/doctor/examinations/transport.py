"""How the catalogue is served: HEAD, media type, syntax, size, encoding, IRIs, tags; and how its pages are linked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from interkommunal.doctor.catalogue import iri, name_of
from interkommunal.doctor.client import LARGEST
from interkommunal.doctor.finding import Finding, finding
from interkommunal.doctor.harvest import Harvest, Page
from interkommunal.texts import Text

# Characters that no IRI may have (RFC 3987, section 2.2), as rdflib and Jena refuse them.
ILLEGAL: Final = re.compile(r"[\x00-\x20<>\"{}|\\^`\x7f]")
_MEGABYTE: Final = 1024 * 1024
# From this size on a page will soon be too large.
_NEARLY: Final = 40 * _MEGABYTE
_MOST_IRIS: Final = 20


def examine_transport(harvest: Harvest) -> Iterator[Finding]:
    """What is wrong with how the pages are served."""
    yield from _head(harvest)
    for page in harvest.pages:
        yield from _page(page)
    yield from _iris(harvest)
    yield from _tags(harvest)


def _head(harvest: Harvest) -> Iterator[Finding]:
    head, get, address = harvest.head, harvest.first.reply, harvest.address
    if not get.ok:
        return
    if get.hops:
        yield finding("redirected", address, target=get.final)
    if head.status in (400, 405):
        yield finding("head-fallback", address, status=head.status)
    elif not head.ok:
        yield finding("head-fails", address, why=head.why)
    else:
        name = "content-type"
        if head.headers.get(name) != get.headers.get(name):
            stated = {"head": head.headers.get(name, "–"), "get": get.headers.get(name, "–")}
            yield finding("head-differs", address, what="Content-Type", **stated)
        is_whole = not get.cut and "content-encoding" not in get.headers
        if is_whole and head.length not in (None, len(get.body)):
            yield finding("head-differs", address, what="Content-Length", head=head.length, get=len(get.body))


def _page(page: Page) -> Iterator[Finding]:
    address, reply, document = page.address, page.reply, page.document
    if not reply.ok:
        yield finding("get-fails", address, why=reply.why)
        return
    if reply.cut or (reply.length or 0) > LARGEST:
        yield finding("too-large", address)
        return
    if len(reply.body) > _NEARLY:
        yield finding("nearly-too-large", address, size=round(len(reply.body) / _MEGABYTE))
    try:
        reply.body.decode("utf-8")
    except UnicodeDecodeError as error:
        yield finding("not-utf8", address, byte=error.start)
    if document.html or document.entities:
        yield finding("html-by-default" if document.html else "xml-entities", address)
        return
    code = "context-unreadable" if document.unread else "context-remote"
    for context in document.unread or document.remote:
        yield finding(code, context)
    if document.syntax is None:
        yield finding("not-parsed", address, why=document.fault)
    elif not reply.media_type:
        yield finding("content-type-missing", address)
    elif document.stated is None:
        yield finding("content-type-unknown", address, stated=reply.media_type)
    elif document.stated != document.syntax:
        yield finding("content-type-wrong", address, stated=reply.media_type, found=document.syntax.name)


def _iris(harvest: Harvest) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for page in harvest.pages:
        for triple in page.document.triples:
            for illegal in illegal_iris(triple):
                seen[illegal] = " ".join(
                    f"U+{ord(character):04X}" for character in sorted(set(ILLEGAL.findall(illegal)))
                )
    for illegal, characters in list(seen.items())[:_MOST_IRIS]:
        yield finding("iri-illegal", illegal, characters=characters)


def illegal_iris(triple: Triple) -> Iterator[str]:
    """The IRIs of a triple, datatypes among them, that rdflib and Jena refuse."""
    for term in (triple.subject, triple.predicate, triple.object):
        if isinstance(term, Literal):
            term = term.datatype
        if isinstance(term, NamedNode) and ILLEGAL.search(term.value):
            yield term.value


def _tags(harvest: Harvest) -> Iterator[Finding]:
    first, address = harvest.first.reply, harvest.address
    if not first.ok or harvest.again is None:
        return
    tag = first.headers.get("etag")
    if not tag and "last-modified" not in first.headers:
        yield finding("no-etag", address)
    second = harvest.second.reply if harvest.second is not None else None
    if second is None or not second.ok:
        return
    if second.body != first.body:
        yield finding("unstable", address, what=Text("the content"))
    elif second.headers.get("etag") != tag:
        yield finding("unstable", address, what=Text("the ETag"))
    elif tag and harvest.again.status != 304:
        yield finding("not-304", address, status=harvest.again.status or harvest.again.why)


def examine_paging(harvest: Harvest) -> Iterator[Finding]:
    """How the pages lead to each other, and whether all of them together are the catalogue."""
    last, address = harvest.pages[-1], harvest.address
    if harvest.end == "cycle":
        yield finding("paging-cycle", last.address, page=last.address, target=last.following or "")
    elif harvest.end == "repeats-first":
        yield finding("paging-repeats-first", last.address, page=last.address)
    elif harvest.end == "most":
        yield finding("paging-most", address, pages=len(harvest.pages))
    nexts = (iri("hydra:next"), iri("hydra:nextPage"))
    for page in harvest.pages:
        if len(page.nexts) > 1:
            yield finding("paging-several-next", page.address, count=len(page.nexts))
        if page.nexts and isinstance(page.nexts[0], Literal):
            yield finding("paging-next-text", page.address)
        if not page.nexts and any(triple.predicate.value in nexts for triple in page.document.triples):
            yield finding("paging-untyped", page.address)
    paged = [page for page in harvest.pages if page.views] if harvest.end == "end" else []
    if not all(page.totals for page in paged):
        yield finding("paging-total-missing", address)
    found = len(harvest.catalogue.datasets)
    for stated in sorted({total for page in paged for total in page.totals} - {found}):
        yield finding("paging-total-differs", address, stated=stated, found=found)
    described = Counter(
        dataset
        for page in harvest.pages
        for dataset in page.catalogue.datasets
        if isinstance(dataset, NamedNode) and page.catalogue.values(dataset, "dct:title")
    )
    for dataset, count in described.items():
        if count > 1 and harvest.end not in ("cycle", "repeats-first"):
            yield finding("dataset-on-two-pages", name_of(harvest.catalogue, dataset))
    if harvest.second is not None and harvest.second.document.syntax is not None:
        before = {node for node in harvest.first.catalogue.datasets if isinstance(node, NamedNode)}
        if gone := before - set(harvest.second.catalogue.datasets):
            yield finding("datasets-vanish", address, count=len(gone))
