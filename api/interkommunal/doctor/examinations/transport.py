"""How the catalogue is served: HEAD, media type, syntax, size, encoding, IRIs, tags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat

from interkommunal.doctor.client import LARGEST, Reply
from interkommunal.doctor.finding import Finding, finding
from interkommunal.doctor.harvest import Harvest, Page
from interkommunal.texts import Text

# Characters that no IRI may have (RFC 3987, section 2.2), as rdflib and Jena refuse them.
_ILLEGAL: Final = re.compile(r"[\x00-\x20<>\"{}|\\^`\x7f]")
# From this size on a page will soon be too large.
_NEARLY: Final = 40 * 1024 * 1024
_MEGABYTE: Final = 1024 * 1024
_MOST_IRIS: Final = 20
_NAMES: Final = {
    RdfFormat.TURTLE: "Turtle",
    RdfFormat.N3: "N3",
    RdfFormat.N_TRIPLES: "N-Triples",
    RdfFormat.RDF_XML: "RDF/XML",
    RdfFormat.JSON_LD: "JSON-LD",
    RdfFormat.TRIG: "TriG",
    RdfFormat.N_QUADS: "N-Quads",
}


def examine_transport(harvest: Harvest) -> Iterator[Finding]:
    """What is wrong with how the pages are served."""
    yield from _head(harvest)
    for page in harvest.pages:
        yield from _page(page)
    yield from _iris(harvest)
    yield from _tags(harvest)


def why(reply: Reply) -> str:
    """Why a reply is no good, in a word."""
    return reply.failure or f"HTTP {reply.status}"


def _head(harvest: Harvest) -> Iterator[Finding]:
    head, get = harvest.head, harvest.first.reply
    if harvest.first.reply.hops and get.ok:
        yield finding("redirected", harvest.address, target=get.final)
    if not get.ok:
        return
    if head.status in (400, 405):
        yield finding("head-fallback", harvest.address, status=head.status)
    elif not head.ok:
        yield finding("head-fails", harvest.address, why=why(head))
    else:
        if head.headers.get("content-type") != get.headers.get("content-type"):
            stated = [reply.headers.get("content-type", "–") for reply in (head, get)]
            yield finding("head-differs", harvest.address, what="Content-Type", head=stated[0], get=stated[1])
        if (
            head.length is not None
            and not get.cut
            and head.length != len(get.body)
            and "content-encoding" not in get.headers
        ):
            yield finding("head-differs", harvest.address, what="Content-Length", head=head.length, get=len(get.body))


def _page(page: Page) -> Iterator[Finding]:
    reply, document = page.reply, page.document
    if not reply.ok:
        yield finding("get-fails", page.address, why=why(reply))
        return
    if reply.cut or (reply.length or 0) > LARGEST:
        yield finding("too-large", page.address)
        return
    if len(reply.body) > _NEARLY:
        yield finding("nearly-too-large", page.address, size=round(len(reply.body) / _MEGABYTE))
    try:
        reply.body.decode("utf-8")
    except UnicodeDecodeError as error:
        yield finding("not-utf8", page.address, byte=error.start)
    if document.html:
        yield finding("html-by-default", page.address)
        return
    if document.entities:
        yield finding("xml-entities", page.address)
        return
    if document.unread:
        for address in document.unread:
            yield finding("context-unreadable", address)
    else:
        for address in document.remote:
            yield finding("context-remote", address)
    yield from _syntax(page)


def _syntax(page: Page) -> Iterator[Finding]:
    document, stated = page.document, page.reply.media_type
    if document.syntax is None:
        yield finding("not-parsed", page.address, why=document.fault)
    elif not stated:
        yield finding("content-type-missing", page.address)
    elif document.stated is None:
        yield finding("content-type-unknown", page.address, stated=stated)
    elif document.stated != document.syntax:
        yield finding("content-type-wrong", page.address, stated=stated, found=_NAMES[document.syntax])


def _iris(harvest: Harvest) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for page in harvest.pages:
        for triple in page.document.triples:
            for term in (triple.subject, triple.predicate, triple.object):
                iri = term.value if isinstance(term, NamedNode) else ""
                if isinstance(term, Literal):
                    iri = term.datatype.value
                if iri not in seen and (wrong := sorted(set(_ILLEGAL.findall(iri)))):
                    seen[iri] = " ".join(f"U+{ord(character):04X}" for character in wrong)
    for iri, characters in list(seen.items())[:_MOST_IRIS]:
        yield finding("iri-illegal", iri, characters=characters)


def _tags(harvest: Harvest) -> Iterator[Finding]:
    first = harvest.first.reply
    if not first.ok or harvest.again is None:
        return
    tag = first.headers.get("etag")
    if not tag and "last-modified" not in first.headers:
        yield finding("no-etag", harvest.address)
    second = harvest.second.reply if harvest.second is not None else None
    if second is None or not second.ok:
        return
    if second.body != first.body:
        yield finding("unstable", harvest.address, what=Text("the content"))
    elif second.headers.get("etag") != tag:
        yield finding("unstable", harvest.address, what=Text("the ETag"))
    elif tag and harvest.again.status != 304:
        yield finding("not-304", harvest.address, status=harvest.again.status or why(harvest.again))
