"""Catalogue and counts of a copy: without the services that only a server has."""

from __future__ import annotations

from typing import Final

import pyoxigraph
from pyoxigraph import RdfFormat, Triple

from interkommunal.graph.terms import named
from interkommunal.namespaces import CATALOGUE_PREFIXES
from interkommunal.release import formats

_TYPE: Final = named("rdf:type")
_SERVICE: Final = named("dcat:DataService")
_ENDPOINT: Final = named("void:sparqlEndpoint")
_FORMATS: Final = {
    "ttl": RdfFormat.TURTLE,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "nt": RdfFormat.N_TRIPLES,
}


def without_services(body: bytes, suffix: str) -> bytes:
    """A description in RDF without its data services and whatever points to them; others stay as they are."""
    if suffix not in _FORMATS:
        return body
    triples = [quad.triple for quad in pyoxigraph.parse(body, format=_FORMATS[suffix])]
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
