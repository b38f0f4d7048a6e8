"""A query as the rooms hand it on: its form, its formats, its limits, and what its tokens tell before it runs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final, NamedTuple


class Form(Enum):
    """The four query forms of SPARQL 1.1 §16."""

    SELECT = "select"
    ASK = "ask"
    CONSTRUCT = "construct"
    DESCRIBE = "describe"

    @property
    def yields_graph(self) -> bool:
        """Whether the answer is RDF (CONSTRUCT, DESCRIBE) and not a result table or a truth value."""
        return self in (Form.CONSTRUCT, Form.DESCRIBE)


RESULTS_JSON: Final = "application/sparql-results+json"
RESULTS_XML: Final = "application/sparql-results+xml"
CSV: Final = "text/csv"
TSV: Final = "text/tab-separated-values"
TURTLE: Final = "text/turtle"
N_TRIPLES: Final = "application/n-triples"
N_QUADS: Final = "application/n-quads"
TRIG: Final = "application/trig"
RDF_XML: Final = "application/rdf+xml"
JSON_LD: Final = "application/ld+json"


# What each query form can be answered in, the default first. ``QueryRequest.media_type`` is one of these, without
# parameters; aliases such as ``application/json`` are the caller's business. SPARQL defines no CSV or TSV for ASK.
FORMATS: Final[dict[Form, tuple[str, ...]]] = {
    Form.SELECT: (RESULTS_JSON, RESULTS_XML, CSV, TSV),
    Form.ASK: (RESULTS_JSON, RESULTS_XML),
    Form.CONSTRUCT: (TURTLE, N_TRIPLES, N_QUADS, TRIG, RDF_XML, JSON_LD),
    Form.DESCRIBE: (TURTLE, N_TRIPLES, N_QUADS, TRIG, RDF_XML, JSON_LD),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may use. A caller may lower the server's limits for a query, never raise them.

    Attributes:
        seconds: time the engine may work, waiting in the queue included; time in which a slow reader makes it wait is
            not counted. Beyond it: ``QueryTimeout``.
        memory_bytes: memory that evaluation may take on top of the shared store. Beyond it:
            ``QueryTooLarge("memory")``.
        rows: rows (SELECT) or triples (CONSTRUCT, DESCRIBE) of the answer, ``None`` for no limit. Beyond it:
            ``QueryTooLarge("rows")``, or a cut that says so when ``partial`` is true.
        body_bytes: size of the serialised answer, ``None`` for no limit. Beyond it: ``QueryTooLarge("bytes")``.
        partial: cut the answer after ``rows`` rows instead of refusing it. The cut answer is well-formed.
    """

    seconds: float = 30.0
    memory_bytes: int = 1 << 30
    rows: int | None = None
    body_bytes: int | None = None
    partial: bool = False


class QueryRequest(NamedTuple):
    """One query to answer.

    Attributes:
        query: the SPARQL text, decoded.
        media_type: format of the answer, one of ``FORMATS[form]`` for the form of the query.
        default_graphs: IRIs of the graphs that make up the default graph (``default-graph-uri``).
        named_graphs: IRIs of the named graphs (``named-graph-uri``).
        limits: what the query may use.

    ``None`` and the empty tuple mean the same for the two datasets: the protocol named none. If both are empty,
    ``FROM`` and ``FROM NAMED`` of the query decide, and without those the default graph is the union of all graphs.
    If either is given, both replace what the query says (SPARQL 1.1 Protocol §2.1.4): named graphs alone leave the
    default graph empty.
    """

    query: str
    media_type: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    limits: Limits = Limits()


# The public endpoints of Wikidata, which a query may ask through SERVICE unless the settings say otherwise.
WIKIDATA_SERVICES: Final = (
    "https://query.wikidata.org/sparql",
    "https://query-main.wikidata.org/sparql",
    "https://query-scholarly.wikidata.org/sparql",
)


class Inspection(NamedTuple):
    """What the tokens of a query tell before it runs.

    Attributes:
        form: the query form, by which a caller negotiates the format.
        services: IRIs after ``SERVICE``, in order of appearance, each once; all of them are allowed ones.
        prefixes: prefix declarations of the prologue, without colon, as the query writes the IRI.
        has_dataset: whether the query has a ``FROM`` clause.
    """

    form: Form
    services: tuple[str, ...] = ()
    prefixes: tuple[tuple[str, str], ...] = ()
    has_dataset: bool = False

    @property
    def has_service(self) -> bool:
        """Whether answering reaches out to another endpoint. Such an answer changes without a new release."""
        return bool(self.services)
