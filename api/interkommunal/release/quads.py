"""The statements of a release, in the order in which people read them.

In goes the assembled dataset, out come pyoxigraph quads in reading order (graph, subject, predicate, numbers by their
value, as a person looks for them). What one of the files could not hold stops the release here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

import pyoxigraph
import rdflib

from interkommunal import namespaces
from interkommunal.errors import ReleaseError
from interkommunal.validation.store import quads

RDF_TYPE = pyoxigraph.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")

# Kinds of the single graphs that are no passages; the slugs are those of the concepts ``graph-kind-…``.
_KINDS = {
    namespaces.GRAPH_PASSAGES: "passage-register",
    namespaces.GRAPH_SOURCES: "source-description",
    namespaces.GRAPH_EDITORIAL: "editorial",
    namespaces.GRAPH_ONTOLOGY: "vocabulary",
    namespaces.GRAPH_CONCEPTS: "vocabulary",
    namespaces.GRAPH_REUSED: "vocabulary",
    namespaces.GRAPH_ALIGNMENTS: "vocabulary",
    namespaces.GRAPH_SHAPES: "shapes",
    namespaces.GRAPH_GRAPHS: "register",
}
_FOLDERS = {
    namespaces.PASSAGE: "passage",
    namespaces.GRAPH_REFERENCE: "reference",
    namespaces.GRAPH_DERIVED: "derived",
}

# Graphs that talk about the world; all others talk about texts, terms and graphs.
FACTS = frozenset({"passage", "editorial", "reference", "derived"})

# Control characters other than tab and line feed, and the non-characters: XML 1.0 (section 2.2) cannot write them or,
# for the carriage return, does not give it back.
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_DIGITS = re.compile(r"([0-9]{1,18})")

Natural = tuple[tuple[str | int, ...], str]
ReadingKey = tuple[Natural, Natural, bool, str, bool, Natural, str, str]


def release_quads(dataset: rdflib.Dataset) -> list[pyoxigraph.Quad]:
    """Every statement of ``dataset`` once, in reading order.

    Raises:
        ReleaseError: for a statement outside every named graph, with a blank node, or with a control character.
    """
    found = set(quads(dataset))
    for quad in found:
        _refuse(quad)
    return sorted(found, key=_reading_key)


def in_reading_order(triples: Iterable[pyoxigraph.Triple]) -> list[pyoxigraph.Triple]:
    """``triples`` by subject and predicate, as a person looks for them."""
    return sorted(triples, key=lambda triple: _reading_key(pyoxigraph.Quad(*triple)))


def graph_kind(name: object) -> str:
    """The slug of the kind of a named graph; ``other`` for a graph that has no place in a release."""
    iri = name.value if isinstance(name, pyoxigraph.NamedNode) else ""
    if iri in _KINDS:
        return _KINDS[iri]
    return next((kind for folder, kind in _FOLDERS.items() if iri.startswith(folder)), "other")


def _refuse(quad: pyoxigraph.Quad) -> None:
    if isinstance(quad.graph_name, pyoxigraph.DefaultGraph):
        raise ReleaseError(f"a statement about {quad.subject} stands outside every named graph; give it a graph")
    for term in (quad.subject, quad.object, quad.graph_name):
        if isinstance(term, pyoxigraph.BlankNode):
            raise ReleaseError(f"a blank node stands in {quad}; give it an IRI")
    if isinstance(quad.object, pyoxigraph.Literal) and _UNWRITABLE.search(quad.object.value):
        raise ReleaseError(f"a control character stands in {quad}; take it out")


def _reading_key(quad: pyoxigraph.Quad) -> ReadingKey:
    value = quad.object
    literal = isinstance(value, pyoxigraph.Literal)
    return (
        _natural(_text(quad.graph_name)),
        _natural(_text(quad.subject)),
        quad.predicate != RDF_TYPE,
        quad.predicate.value,
        literal,
        _natural(_text(value)),
        (value.language or "") if isinstance(value, pyoxigraph.Literal) else "",
        value.datatype.value if isinstance(value, pyoxigraph.Literal) else "",
    )


def _text(term: object) -> str:
    return term.value if isinstance(term, pyoxigraph.NamedNode | pyoxigraph.Literal) else ""


@lru_cache(maxsize=1 << 16)
def _natural(text: str) -> Natural:
    """``text`` with its runs of digits as numbers: ``L19.2`` stands before ``L19.10``.

    Texts that differ only in leading zeros are told apart by the text itself at the end.
    """
    parts = _DIGITS.split(text)
    return tuple(int(part) if index % 2 else part for index, part in enumerate(parts)), text
