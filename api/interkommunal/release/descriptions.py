"""Triples about one thing, written down as a table of its properties.

What catalogues and other descriptions of a release are made of. No blank nodes: everything gets an IRI.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import pyoxigraph

from interkommunal.namespaces import PREFIXES
from interkommunal.release.datasets import Words

# Those of the project and those that only catalogues need.
CATALOGUE_PREFIXES: Final = {
    **PREFIXES,
    "adms": "http://www.w3.org/ns/adms#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dcatde": "http://dcat-ap.de/def/dcatde/",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
}

Value = str | Words | pyoxigraph.NamedNode | pyoxigraph.Literal


def described(
    subject: str, classes: Sequence[str], properties: Mapping[str, Iterable[Value]]
) -> Iterator[pyoxigraph.Triple]:
    """The triples about ``subject``; classes and properties are written with the prefixes of catalogues."""
    about = node(subject)
    for class_ in classes:
        yield pyoxigraph.Triple(about, _curie("rdf:type"), _curie(class_))
    for name, values in properties.items():
        for value in values:
            for term in _terms(value):
                yield pyoxigraph.Triple(about, _curie(name), term)


def _terms(value: Value) -> list[pyoxigraph.NamedNode | pyoxigraph.Literal]:
    if isinstance(value, Words):
        return [pyoxigraph.Literal(value.de, language="de"), pyoxigraph.Literal(value.en, language="en")]
    return [pyoxigraph.Literal(value) if isinstance(value, str) else value]


def _curie(name: str) -> pyoxigraph.NamedNode:
    prefix, _, local = name.partition(":")
    return node(f"{CATALOGUE_PREFIXES[prefix]}{local}")


def node(iri: str) -> pyoxigraph.NamedNode:
    """The node with this IRI."""
    return pyoxigraph.NamedNode(iri)


def number(value: int) -> pyoxigraph.Literal:
    """A count or a size."""
    return pyoxigraph.Literal(str(value), datatype=node(f"{PREFIXES['xsd']}nonNegativeInteger"))
