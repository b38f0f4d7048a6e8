"""What holds for each statement of a release: the kind of its graph, its place in the reading order, what is refused.

The reading order is by graph, subject and predicate, numbers by their value, as a person looks for them. Its keys are
bytes, so that files of statements can be sorted by it. What one of the files could not hold stops the release here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

import pyoxigraph
import rdflib

from interkommunal import namespaces
from interkommunal.errors import ReleaseError
from interkommunal.graph.register import FIXED
from interkommunal.validation.store import quads

RDF_TYPE = pyoxigraph.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")

_FOLDERS = {
    namespaces.PASSAGE: "passage",
    namespaces.GRAPH_REFERENCE: "reference",
    namespaces.GRAPH_LINKS: "links",
    namespaces.GRAPH_DERIVED: "derived",
}

# Graphs that talk about the world; all others talk about texts, terms and graphs.
FACTS = frozenset({"passage", "editorial", "reference", "links", "derived"})

# Control characters other than tab and line feed, and the non-characters: XML 1.0 (section 2.2) cannot write them or,
# for the carriage return, does not give it back.
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_SLUG = re.compile(r"[a-z][a-z0-9-]*")
_DIGITS = re.compile(r"([0-9]{1,18})")

# Ends a field of a key: no text holds it, and it sorts before whatever a longer field goes on with.
_END = b"\x00\x00"


def release_quads(dataset: rdflib.Dataset) -> list[pyoxigraph.Quad]:
    """Every statement of ``dataset`` once, in reading order; for graphs that memory holds.

    Raises:
        ReleaseError: for a statement outside every named graph, with a blank node, or with a control character.
    """
    found = set(quads(dataset))
    for quad in found:
        refuse(quad)
    return sorted(found, key=lambda quad: b"".join(reading_key(quad)))


def in_reading_order(triples: Iterable[pyoxigraph.Triple]) -> list[pyoxigraph.Triple]:
    """``triples`` by subject and predicate, as a person looks for them."""
    return sorted(triples, key=lambda triple: reading_key(pyoxigraph.Quad(*triple))[1])


def graph_kind(name: object) -> str:
    """The slug of the kind of a named graph.

    A graph of ours that is not listed here is of the kind that the first step of its name says: ``links`` for
    ``graph/links/wikidata``. A graph of others is of the kind ``other``.
    """
    return kind_of(name.value if isinstance(name, pyoxigraph.NamedNode) else "")


@lru_cache(maxsize=1 << 16)
def kind_of(iri: str) -> str:
    """The slug of the kind of the named graph with this IRI."""
    if iri in FIXED:
        return FIXED[iri][0]
    for folder, kind in _FOLDERS.items():
        if iri.startswith(folder):
            return kind
    step = iri.removeprefix(namespaces.GRAPH).partition("/")[0]
    return step if iri.startswith(namespaces.GRAPH) and _SLUG.fullmatch(step) else "other"


def refuse(quad: pyoxigraph.Quad) -> None:
    """Stops what not every file can hold.

    Raises:
        ReleaseError: a statement outside every named graph, with a blank node, or with a control character.
    """
    if isinstance(quad.graph_name, pyoxigraph.DefaultGraph):
        raise ReleaseError(f"a statement about {quad.subject} stands outside every named graph; give it a graph")
    for term in (quad.subject, quad.object, quad.graph_name):
        if isinstance(term, pyoxigraph.BlankNode):
            raise ReleaseError(f"a blank node stands in {quad}; give it an IRI")
    if isinstance(quad.object, pyoxigraph.Literal) and _UNWRITABLE.search(quad.object.value):
        raise ReleaseError(f"a control character stands in {quad}; take it out")


def reading_key(quad: pyoxigraph.Quad) -> tuple[bytes, bytes]:
    """Two keys whose bytes sort as people read: that of the graph, that of the triple.

    Equal statements have equal keys, others other ones. No key holds a line feed.
    """
    graph, value = quad.graph_name, quad.object
    subject = quad.subject.value if isinstance(quad.subject, pyoxigraph.NamedNode) else ""
    if isinstance(value, pyoxigraph.Literal):
        ending = b"1%s%s\x00\x00%s\x00\x00" % (
            _natural_once(value.value),
            (value.language or "").encode(),
            value.datatype.value.encode(),
        )
    else:
        ending = b"0" + _natural(value.value if isinstance(value, pyoxigraph.NamedNode) else "")
    return (
        _natural(graph.value if isinstance(graph, pyoxigraph.NamedNode) else ""),
        _natural(subject) + _predicate(quad.predicate.value) + ending,
    )


@lru_cache(maxsize=1 << 12)
def _predicate(iri: str) -> bytes:
    # The class of a thing comes first.
    return (b"0" if iri == RDF_TYPE.value else b"1") + iri.encode() + _END


def _natural_once(text: str) -> bytes:
    """``text`` with its runs of digits as numbers: ``L19.2`` stands before ``L19.10``.

    A number is written with how many digits it has before its digits. Texts that differ only in leading zeros are told
    apart by the text itself at the end. A line feed becomes a character that no text holds and that sorts as it does.
    """
    parts = _DIGITS.split(text)
    for index in range(1, len(parts), 2):
        digits = str(int(parts[index]))
        parts[index] = f"\x00{chr(0x30 + len(digits))}{digits}"
    return f"{''.join(parts)}\x00\x00{text}\x00\x00".replace("\n", "\x0b").encode()


_natural = lru_cache(maxsize=1 << 16)(_natural_once)
