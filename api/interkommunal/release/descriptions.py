"""Triples about one thing, written down as a table of its properties.

What catalogues and other descriptions of a release are made of. No blank nodes: everything gets an IRI.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyoxigraph

from interkommunal.graph.terms import named
from interkommunal.texts import Label, Text

# Those of the project and those that only catalogues need.


Value = str | Text | Label | pyoxigraph.NamedNode | pyoxigraph.Literal


def described(
    subject: str, classes: Sequence[str], properties: Mapping[str, Iterable[Value]]
) -> Iterator[pyoxigraph.Triple]:
    """The triples about ``subject``; classes and properties are written with the prefixes of catalogues."""
    about = node(subject)
    for class_ in classes:
        yield pyoxigraph.Triple(about, named("rdf:type"), named(class_))
    for name, values in properties.items():
        for value in values:
            for term in _terms(value):
                yield pyoxigraph.Triple(about, named(name), term)


def _terms(value: Value) -> list[pyoxigraph.NamedNode | pyoxigraph.Literal]:
    if isinstance(value, Text | Label):
        return [pyoxigraph.Literal(value.in_(language), language=language) for language in ("de", "en")]
    return [pyoxigraph.Literal(value) if isinstance(value, str) else value]


def node(iri: str) -> pyoxigraph.NamedNode:
    """The node with this IRI."""
    return pyoxigraph.NamedNode(iri)


def number(value: int) -> pyoxigraph.Literal:
    """A count or a size."""
    return pyoxigraph.Literal(str(value), datatype=named("xsd:nonNegativeInteger"))
