"""The service description of the endpoint (SPARQL 1.1 Service Description), generated from what the engine can do.

It is small on purpose: federated engines fetch it before each first query, and some stumble over a list of thousands of
named graphs. So it tells how many triples the default graph has, and leaves the graphs to a query.
"""

from __future__ import annotations

from typing import Final

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Triple

from interkommunal.engine.interface import Description
from interkommunal.release.release import Release
from interkommunal.sparql.query import Form
from interkommunal.web.formats import OFFERS, Format

SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_RDF_TYPE: Final = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_VOID: Final = "http://rdfs.org/ns/void#"
_DCTERMS: Final = "http://purl.org/dc/terms/"
_XSD_INTEGER: Final = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
_ENTAILMENT: Final = "http://www.w3.org/ns/entailment/Simple"

# The formats that the description itself comes in.
DESCRIPTION_OFFERS: Final = OFFERS[Form.CONSTRUCT]

_WRITERS: Final = {
    "ttl": pyoxigraph.RdfFormat.TURTLE,
    "nt": pyoxigraph.RdfFormat.N_TRIPLES,
    "nq": pyoxigraph.RdfFormat.N_QUADS,
    "trig": pyoxigraph.RdfFormat.TRIG,
    "rdf": pyoxigraph.RdfFormat.RDF_XML,
    "jsonld": pyoxigraph.RdfFormat.JSON_LD,
}


def service_triples(endpoint: str, engine: Description, release: Release | None) -> list[Triple]:
    """The description as triples.

    Args:
        endpoint: public URL of the endpoint, exactly as clients use it.
        engine: what the engine can do.
        release: what is served, or ``None`` if that is another endpoint's business.
    """
    service, dataset, graph = (NamedNode(f"{endpoint}#{name}") for name in ("service", "dataset", "default-graph"))
    triples = [
        Triple(service, _RDF_TYPE, _sd("Service")),
        Triple(service, _sd("endpoint"), NamedNode(endpoint)),
        Triple(service, _sd("defaultEntailmentRegime"), NamedNode(_ENTAILMENT)),
        Triple(service, _sd("defaultDataset"), dataset),
        Triple(dataset, _RDF_TYPE, _sd("Dataset")),
        Triple(dataset, _sd("defaultGraph"), graph),
        Triple(graph, _RDF_TYPE, _sd("Graph")),
    ]
    for predicate, iris in (
        ("supportedLanguage", engine.languages),
        ("resultFormat", engine.result_formats),
        ("feature", engine.features),
        ("extensionFunction", engine.extension_functions),
        ("extensionAggregate", engine.extension_aggregates),
    ):
        triples.extend(Triple(service, _sd(predicate), NamedNode(iri)) for iri in iris)
    for kind, iris in (("Function", engine.extension_functions), ("Aggregate", engine.extension_aggregates)):
        triples.extend(Triple(NamedNode(iri), _RDF_TYPE, _sd(kind)) for iri in iris)
    if release is not None:
        count = Literal(str(release.manifest.counts.triples), datatype=_XSD_INTEGER)
        triples.append(Triple(graph, NamedNode(f"{_VOID}triples"), count))
        triples.append(Triple(dataset, NamedNode(f"{_DCTERMS}identifier"), Literal(release.identifier)))
    return triples


def write_triples(triples: list[Triple], file_format: Format) -> bytes:
    """The triples in one of :data:`DESCRIPTION_OFFERS`, except HTML."""
    prefixes = {"sd": SD, "void": _VOID, "dcterms": _DCTERMS, "format": "http://www.w3.org/ns/formats/"}
    written = pyoxigraph.serialize(triples, format=_WRITERS[file_format.suffix], prefixes=prefixes)
    assert written is not None
    return written


def _sd(name: str) -> NamedNode:
    return NamedNode(f"{SD}{name}")
