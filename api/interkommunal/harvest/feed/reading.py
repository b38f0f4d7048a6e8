"""Changes as people read them: what a thing is called, which statements about it went and which came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import pyoxigraph
from pyoxigraph import Literal, NamedNode, RdfFormat

from interkommunal.harvest.feed.stream import Stream
from interkommunal.namespaces import curie
from interkommunal.release.comparison import Comparison
from interkommunal.release.history import Entry, Kind
from interkommunal.site.description.lexicon import Lexicon, name_in
from interkommunal.site.description.statements import Statement, Statements
from interkommunal.site.site import Site
from interkommunal.texts import Language, Text
from interkommunal.translator import translator

KINDS: Final = {Kind.CREATE: Text("new"), Kind.UPDATE: Text("changed"), Kind.DELETE: Text("deleted")}


class Said(NamedTuple):
    """A statement about something known, in words and with links; links are ``None`` where they would lead nowhere.

    ``term`` is the property as it is written in RDF.
    """

    property: str
    term: str
    property_href: str | None
    value: str
    value_href: str | None
    language: str | None
    graph: str
    graph_href: str | None


class Changed(NamedTuple):
    """What became of a thing.

    Attributes:
        name: what it is called. href: where its page is. iri: its IRI.
        kind: what became of it. removed, added: the statements that make the difference.
        data: where the change lies as data; empty if nowhere.
    """

    name: str
    href: str | None
    iri: str
    kind: Kind
    removed: list[Said]
    added: list[Said]
    data: str = ""


def changed(
    stream: Stream, entries: Iterable[Entry], site: Site, language: Language, lexicon: Lexicon | None = None
) -> list[Changed]:
    """Rows of the change table, compared with what was there before; ``lexicon`` names the terms in them."""
    found = []
    for entry in entries:
        before = b""
        if entry.kind is not Kind.CREATE:
            before = stream.history.before(stream.view, entry.entity, entry.sequence)
        old, new = set(before.splitlines(keepends=True)), set(entry.statements.splitlines(keepends=True))
        iri = stream.entity(entry)
        found.append(
            Changed(
                name(iri, stream.text(entry) or before, language),
                None if entry.kind is Kind.DELETE else href(iri, site),
                iri,
                entry.kind,
                list(said(sorted(old - new), site, language, lexicon)),
                list(said(sorted(new - old), site, language, lexicon)),
                site.address(f"{stream.base}/members/{entry.sequence}.trig"),
            )
        )
    return found


def compared(
    comparison: Comparison, start: int, number: int, site: Site, language: Language, lexicon: Lexicon | None = None
) -> list[Changed]:
    """Some of the entities in which two releases differ, from the position ``start`` on."""
    return [
        Changed(
            name(change.iri, b"".join(change.added or change.removed), language),
            None if change.is_gone else href(change.iri, site),
            change.iri,
            Kind.CREATE if change.is_new else Kind.DELETE if change.is_gone else Kind.UPDATE,
            list(said(change.removed, site, language, lexicon)),
            list(said(change.added, site, language, lexicon)),
        )
        for change in comparison.changes[start : start + number]
    ]


def name(iri: str, statements: bytes, language: Language) -> str:
    """What a thing is called, by its own statements; the end of its IRI in words if they do not say."""
    quads = pyoxigraph.parse(statements, format=RdfFormat.N_QUADS)
    told = Statements(
        Statement(iri, quad.predicate.value, quad.object, "")
        for quad in quads
        if quad.subject == NamedNode(iri) and isinstance(quad.object, NamedNode | Literal)
    )
    return name_in(iri, language, told).text


def said(lines: Iterable[bytes], site: Site, language: Language, lexicon: Lexicon | None = None) -> Iterator[Said]:
    """Canonical N-Quads for people; what neither the pages nor the ``lexicon`` has a word for stays a short IRI."""
    say = translator(language)

    def named(term: object) -> str:
        short = curie_or_iri(term)
        if say.has("property", short):
            return say.named("property", short)
        phrase = lexicon.name(term.value, language) if lexicon is not None and isinstance(term, NamedNode) else None
        # A name without a language is made of the IRI.
        return phrase.text if phrase is not None and phrase.language else short

    for quad in pyoxigraph.parse(b"".join(lines), format=RdfFormat.N_QUADS):
        value, graph = quad.object, quad.graph_name
        in_graph = isinstance(graph, NamedNode)
        yield Said(
            named(quad.predicate),
            curie_or_iri(quad.predicate),
            href(quad.predicate.value, site),
            value.value if isinstance(value, Literal) else named(value),
            href(value.value, site) if isinstance(value, NamedNode) else None,
            value.language if isinstance(value, Literal) else None,
            named(graph) if in_graph else "",
            href(graph.value, site) if in_graph else None,
        )


def curie_or_iri(term: object) -> str:
    """An IRI with a prefix of ours, else in full."""
    iri = term.value if isinstance(term, NamedNode) else str(term)
    return curie(iri) or iri


def href(iri: str, site: Site) -> str | None:
    """Where a link leads that names a thing; ``None``: nowhere."""
    return site.page(iri) or (iri if iri.startswith(("https://", "http://")) else None)
