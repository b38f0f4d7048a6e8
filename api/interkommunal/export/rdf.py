"""What data in RDF say differently in a copy: catalogue and counts name no service, pages of a feed name files.

A page of a feed (TREE) names other pages by ``tree:node`` and ``tree:view``, without suffix. In a copy nobody
negotiates formats, so each format is a chain of files of its own: what ends in ``.trig`` leads to what ends in
``.trig``.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

import pyoxigraph
from pyoxigraph import NamedNode, RdfFormat, Triple

from interkommunal.graph.terms import named
from interkommunal.namespaces import CATALOGUE_PREFIXES
from interkommunal.release import formats

_TYPE: Final = named("rdf:type")
_SERVICE: Final = named("dcat:DataService")
_ENDPOINT: Final = named("void:sparqlEndpoint")
_DESCRIPTIONS: Final = {
    "ttl": RdfFormat.TURTLE,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "nt": RdfFormat.N_TRIPLES,
}
_TREE: Final = "https://w3id.org/tree#"
_LEADS: Final = frozenset({f"{_TREE}node", f"{_TREE}view"})
_MENTIONED: Final = re.compile(rb"tree(?:#|:)(?:node|view)\b")
_IRI: Final = re.compile(r'(?<=[<"])https?://[^<>"\s]+(?=[>"])')
_FEEDS: Final = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "nq": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "jsonld": RdfFormat.JSON_LD,
}


def without_services(body: bytes, suffix: str) -> bytes:
    """A description in RDF without its data services and whatever points to them; others stay as they are."""
    if suffix not in _DESCRIPTIONS:
        return body
    triples = [quad.triple for quad in pyoxigraph.parse(body, format=_DESCRIPTIONS[suffix])]
    services = {item.subject for item in triples if (item.predicate, item.object) == (_TYPE, _SERVICE)}
    kept = [item for item in triples if not _about(item, services)]
    return body if len(kept) == len(triples) else _written(kept, suffix)


def _about(triple: Triple, services: set[object]) -> bool:
    return triple.subject in services or triple.object in services or triple.predicate == _ENDPOINT


def _written(triples: list[Triple], suffix: str) -> bytes:
    if suffix == "ttl":
        return formats.turtle(triples, CATALOGUE_PREFIXES)
    if suffix == "rdf":
        return formats.rdf_xml(triples, CATALOGUE_PREFIXES)
    if suffix == "jsonld":
        return formats.json_ld_nodes(triples)
    return formats.ntriples(triples)


def nodes(body: bytes, suffix: str) -> set[str]:
    """The IRIs of the pages that a page of a feed names."""
    if suffix not in _FEEDS or not _MENTIONED.search(body):
        return set()
    return {
        quad.object.value
        for quad in pyoxigraph.parse(body, format=_FEEDS[suffix])
        if quad.predicate.value in _LEADS and isinstance(quad.object, NamedNode)
    }


def with_suffix(text: str, named: Collection[str], suffix: str) -> str:
    """A page of a feed that names the pages ``named`` by their files of the same format."""
    return _IRI.sub(lambda match: f"{match[0]}.{suffix}" if match[0] in named else match[0], text)
