"""What pyoxigraph can do: formats of answers, functions, and the service description made of them (SPARQL 1.1 SD §3).

In: a media type of ``sparql.query.FORMATS``. Out: pyoxigraph's format for it, or the IRI in the W3C's list of formats.
A test calls each function of the lists.
"""

from __future__ import annotations

from typing import Final

import pyoxigraph
from pyoxigraph import QueryResultsFormat, RdfFormat

from interkommunal.engine.interface import Description, EngineOptions
from interkommunal.sparql.query import (
    CSV,
    FORMATS,
    JSON_LD,
    N_QUADS,
    N_TRIPLES,
    RDF_XML,
    RESULTS_JSON,
    RESULTS_XML,
    TRIG,
    TSV,
    TURTLE,
    Form,
)

RESULT_FORMATS: Final = {
    RESULTS_JSON: QueryResultsFormat.JSON,
    RESULTS_XML: QueryResultsFormat.XML,
    CSV: QueryResultsFormat.CSV,
    TSV: QueryResultsFormat.TSV,
}
GRAPH_FORMATS: Final = {
    TURTLE: RdfFormat.TURTLE,
    N_TRIPLES: RdfFormat.N_TRIPLES,
    N_QUADS: RdfFormat.N_QUADS,
    TRIG: RdfFormat.TRIG,
    RDF_XML: RdfFormat.RDF_XML,
    JSON_LD: RdfFormat.JSON_LD,
}
#: All media types in a fixed order, so that a number can stand for one between processes.
MEDIA_TYPES: Final = (*RESULT_FORMATS, *GRAPH_FORMATS)
XML_TYPES: Final = frozenset((RESULTS_XML, RDF_XML))

_W3C: Final = "http://www.w3.org/ns/formats/"
#: IRIs for ``sd:resultFormat``, in the order of :data:`MEDIA_TYPES`.
FORMAT_IRIS: Final = tuple(
    f"{_W3C}{name}"
    for name in (
        "SPARQL_Results_JSON",
        "SPARQL_Results_XML",
        "SPARQL_Results_CSV",
        "SPARQL_Results_TSV",
        "Turtle",
        "N-Triples",
        "N-Quads",
        "TriG",
        "RDF_XML",
        "JSON-LD",
    )
)


def require_format(form: Form, media_type: str) -> None:
    """Make sure that a query of this form can be answered so.

    Raises:
        ValueError: it cannot; the caller should have negotiated.
    """
    if media_type not in FORMATS[form]:
        raise ValueError(f"{form.name} cannot be answered as {media_type}; it can as {', '.join(FORMATS[form])}")


_SD: Final = "http://www.w3.org/ns/sparql-service-description#"
SPARQL_11_QUERY: Final = f"{_SD}SPARQL11Query"
UNION_DEFAULT_GRAPH: Final = f"{_SD}UnionDefaultGraph"
BASIC_FEDERATED_QUERY: Final = f"{_SD}BasicFederatedQuery"

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


def describe(options: EngineOptions) -> Description:
    """What an engine with these options can do."""
    remote = options.tier == "remote"
    features = (UNION_DEFAULT_GRAPH, *((BASIC_FEDERATED_QUERY,) if options.services else ()))
    return Description(
        tier=options.tier,
        product=f"the endpoint {options.endpoint}" if remote else f"pyoxigraph {pyoxigraph.__version__}",
        languages=(SPARQL_11_QUERY,),
        features=features,
        result_formats=FORMAT_IRIS,
        extension_functions=() if remote else OXIGRAPH_FUNCTIONS,
        services=options.services,
    )
