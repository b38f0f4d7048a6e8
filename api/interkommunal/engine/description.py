"""What an engine can do, for the service description (SPARQL 1.1 Service Description §3).

The lists of functions are pyoxigraph's; a test calls each of them.
"""

from __future__ import annotations

from typing import Final

import pyoxigraph

from interkommunal.engine.formats import FORMAT_IRIS
from interkommunal.engine.interface import Description, EngineOptions

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
