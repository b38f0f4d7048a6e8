"""The formats of the library: what ``/queries/{name}`` and its answers can be, by suffix or by ``Accept``."""

from __future__ import annotations

from typing import Final

from interkommunal.sparql.query import CSV, JSON_LD, N_TRIPLES, RDF_XML, RESULTS_JSON, TSV, TURTLE, Form
from interkommunal.web.formats import HTML, OFFERS, Format

_ROWS: Final = {item.media_type: item for item in OFFERS[Form.SELECT]}
_GRAPHS: Final = {item.media_type: item for item in OFFERS[Form.CONSTRUCT]}

JSON: Final = Format("application/json", ("text/json",), "", "json", "JSON", ("json",))
RESULTS: Final = Format(RESULTS_JSON, (), "", "srj", "SPARQL JSON", ("srj",))
XLSX: Final = Format(
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (), "", "xlsx", "Excel", ("xlsx",)
)
PARQUET: Final = Format("application/vnd.apache.parquet", (), "", "parquet", "Parquet", ("parquet",))
TEXT: Final = Format("application/sparql-query", (), "; charset=utf-8", "rq", "SPARQL", ("rq",))
ROWS_CSV: Final = _ROWS[CSV]
ROWS_TSV: Final = _ROWS[TSV]
RDF: Final[tuple[Format, ...]] = tuple(_GRAPHS[name] for name in (TURTLE, JSON_LD, N_TRIPLES, RDF_XML))

# What one question is answered in; for whoever does not care, the page. RDF describes the question, not its rows.
ANSWERS: Final[tuple[Format, ...]] = (HTML, JSON, ROWS_CSV, ROWS_TSV, XLSX, PARQUET, RESULTS, TEXT, *RDF)
# What the list of all questions comes in.
LISTS: Final[tuple[Format, ...]] = (HTML, JSON, *RDF)
BY_SUFFIX: Final = {item.suffix: item for item in ANSWERS}
