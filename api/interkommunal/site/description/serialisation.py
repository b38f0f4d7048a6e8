"""Descriptions as bytes in each format, the same bytes for the same release."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from interkommunal.namespaces import GRAPH_ALIGNMENTS, GRAPH_CONCEPTS, GRAPH_ONTOLOGY, GRAPH_REUSED, expand
from interkommunal.release import formats
from interkommunal.site.description.context import Context
from interkommunal.site.description.description import Description
from interkommunal.site.description.framing import framed
from interkommunal.site.description.passages import read_passages
from interkommunal.site.description.statements import RDF_TYPE, Statement
from interkommunal.sparql.query import CSV, JSON_LD, N_TRIPLES, RDF_XML, TRIG, TURTLE

COLUMNS: Final = (
    "subject",
    "subject_label",
    "property",
    "property_label",
    "value",
    "value_label",
    "language",
    "datatype",
    "graph",
    "line",
    "quote",
    "voice",
    "status",
)
_VOCABULARY: Final = frozenset((GRAPH_ONTOLOGY, GRAPH_CONCEPTS, GRAPH_REUSED, GRAPH_ALIGNMENTS))


def serialise(description: Description, media_type: str, context: Context, language: str) -> bytes:
    """A description in one of the formats of :data:`WRITERS`.

    Args:
        description: what to write.
        media_type: key of :data:`WRITERS`.
        context: names for JSON-LD.
        language: of the labels in the table; RDF has them in all languages.
    """
    if media_type == JSON_LD:
        return framed(description.iri, _triples(description), context)
    if media_type == CSV:
        return table(description, language)
    return WRITERS[media_type](description)


def _turtle(description: Description) -> bytes:
    return formats.turtle(_triples(description))


def _ntriples(description: Description) -> bytes:
    return formats.ntriples(_triples(description))


def _rdf_xml(description: Description) -> bytes:
    return formats.rdf_xml(_triples(description))


def _trig(description: Description) -> bytes:
    order = _order(description)
    quads = sorted(description.statements, key=lambda item: (item.graph, *order(item)))
    return formats.trig([item.quad for item in quads])


def table(description: Description, language: str) -> bytes:
    """A table for spreadsheets and data frames (RFC 4180): a row a statement and graph, passages with their quote."""
    statements = description.statements
    passages = read_passages(statements)
    label = expand("rdfs:label")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    order = _order(description)
    for item in sorted(statements, key=lambda item: (*order(item), item.graph)):
        value = item.value
        passage = passages.get(item.graph)
        literal = value if isinstance(value, Literal) else None
        writer.writerow(
            (
                item.subject,
                statements.text(item.subject, label, language) or "",
                item.predicate,
                statements.text(item.predicate, label, language) or "",
                value.value,
                "" if literal else statements.text(value.value, label, language) or "",
                (literal.language if literal else None) or "",
                literal.datatype.value if literal else "",
                item.graph,
                passage.first if passage else "",
                passage.exact if passage else "",
                (passage.voice or "") if passage else "",
                " ".join(passage.statuses) if passage else "",
            )
        )
    return out.getvalue().encode("utf-8")


def _triples(description: Description) -> list[Triple]:
    order = _order(description)
    triples = dict.fromkeys(
        Triple(NamedNode(item.subject), NamedNode(item.predicate), item.value)
        for item in sorted(description.statements, key=order)
    )
    return list(triples)


def _order(description: Description) -> Callable[[Statement], tuple[object, ...]]:
    """The resource itself first, then what belongs to it, terms of the vocabulary last; types before all else."""
    focus = description.iri

    def key(item: Statement) -> tuple[object, ...]:
        rank = 0 if item.subject == focus else 1 if not _is_term(item) else 2
        language = item.value.language or "" if isinstance(item.value, Literal) else ""
        return (rank, item.subject, item.predicate != RDF_TYPE, item.predicate, language, str(item.value))

    return key


def _is_term(item: Statement) -> bool:
    return item.graph in _VOCABULARY


WRITERS: Final[dict[str, Callable[[Description], bytes]]] = {
    TURTLE: _turtle,
    N_TRIPLES: _ntriples,
    RDF_XML: _rdf_xml,
    TRIG: _trig,
}
