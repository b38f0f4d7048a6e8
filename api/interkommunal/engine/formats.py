"""The formats of answers, as pyoxigraph and the service description name them.

In: a media type of ``interface.FORMATS``. Out: pyoxigraph's format for it, or the IRI of the W3C's list of formats.
"""

from __future__ import annotations

from typing import Final

from pyoxigraph import QueryResultsFormat, RdfFormat

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
