"""The service description of the endpoint (SPARQL 1.1 Service Description), generated from what the engine can do.

It is small on purpose: federated engines fetch it before each first query, and some stumble over a list of thousands of
named graphs. So it tells how many triples the default graph has, and leaves the graphs to a query.
"""

from __future__ import annotations

from typing import Final

import pyoxigraph
from pyoxigraph import Literal, NamedNode, QueryResultsFormat, RdfFormat, Triple

from interkommunal.engine.engine import EngineOptions
from interkommunal.release.release import Release
from interkommunal.sparql.query import FORMATS, Form
from interkommunal.web.formats import OFFERS, Format

SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_RDF_TYPE: Final = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_FORMAT: Final = "http://www.w3.org/ns/formats/"
_VOID: Final = "http://rdfs.org/ns/void#"
_DCTERMS: Final = "http://purl.org/dc/terms/"
_XSD_INTEGER: Final = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
_ENTAILMENT: Final = "http://www.w3.org/ns/entailment/Simple"

# The formats that the description itself comes in.
DESCRIPTION_OFFERS: Final = OFFERS[Form.CONSTRUCT]

_GEO: Final = "http://www.opengis.net/def/function/geosparql/"
_SIMPLE_FEATURES: Final = ("Contains", "Crosses", "Disjoint", "Equals", "Intersects", "Overlaps", "Touches", "Within")
_EGENHOFER: Final = ("Contains", "CoveredBy", "Covers", "Disjoint", "Equals", "Inside", "Meet", "Overlap")
_REGIONS: Final = ("dc", "ec", "eq", "ntpp", "ntppi", "po", "tpp", "tppi")
_GEOMETRY: Final = (
    *("area", "asGeoJSON", "centroid", "convexHull", "coordinateDimension", "difference", "dimension", "distance"),
    *("envelope", "getSRID", "intersection", "isEmpty", "isSimple", "length", "perimeter", "relate"),
    *("spatialDimension", "symDifference", "union"),
)
#: Functions beyond SPARQL 1.1 that pyoxigraph evaluates: GeoSPARQL 1.1 on WKT and GeoJSON literals.
OXIGRAPH_FUNCTIONS: Final = tuple(
    f"{_GEO}{name}"
    for name in (
        *_GEOMETRY,
        *(f"sf{relation}" for relation in _SIMPLE_FEATURES),
        *(f"eh{relation}" for relation in _EGENHOFER),
        *(f"rcc8{relation}" for relation in _REGIONS),
    )
)


def service_triples(endpoint: str, engine: EngineOptions, release: Release | None) -> list[Triple]:
    """The description as triples.

    Args:
        endpoint: public URL of the endpoint, exactly as clients use it.
        engine: how it runs.
        release: what is served, or ``None`` if that is another endpoint's business.
    """
    features = ("UnionDefaultGraph", *(("BasicFederatedQuery",) if engine.services else ()))
    formats = (
        *(QueryResultsFormat.from_media_type(media_type) for media_type in FORMATS[Form.SELECT]),
        *(RdfFormat.from_media_type(media_type) for media_type in FORMATS[Form.CONSTRUCT]),
    )
    functions = () if engine.tier == "remote" else OXIGRAPH_FUNCTIONS
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
        ("supportedLanguage", [f"{SD}SPARQL11Query"]),
        # pyoxigraph names JSON-LD by an IRI that the W3C's list does not have; the last part is right.
        ("resultFormat", [f"{_FORMAT}{item.iri.rpartition('/')[2]}" for item in formats if item is not None]),
        ("feature", [f"{SD}{feature}" for feature in features]),
        ("extensionFunction", functions),
    ):
        triples.extend(Triple(service, _sd(predicate), NamedNode(iri)) for iri in iris)
    triples.extend(Triple(NamedNode(iri), _RDF_TYPE, _sd("Function")) for iri in functions)
    if release is not None:
        count = Literal(str(release.manifest.counts.triples), datatype=_XSD_INTEGER)
        triples.append(Triple(graph, NamedNode(f"{_VOID}triples"), count))
        triples.append(Triple(dataset, NamedNode(f"{_DCTERMS}identifier"), Literal(release.identifier)))
    return triples


def write_triples(triples: list[Triple], file_format: Format) -> bytes:
    """The triples in one of :data:`DESCRIPTION_OFFERS`, except HTML."""
    prefixes = {"sd": SD, "void": _VOID, "dcterms": _DCTERMS, "format": _FORMAT}
    written = pyoxigraph.serialize(triples, format=RdfFormat.from_media_type(file_format.media_type), prefixes=prefixes)
    assert written is not None
    return written


def _sd(name: str) -> NamedNode:
    return NamedNode(f"{SD}{name}")
