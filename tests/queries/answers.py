"""Rows of a query from the two engines, in one form that can be compared, and as people read them.

In: a query and the dataset or store. Out: an :class:`Answer`: the columns, and rows of terms as (kind, text, datatype
or language), empty where nothing is bound. ``shown`` writes a term as the files in ``expected/`` have it: prefixed name
or plain text.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pyoxigraph as ox
from rdflib import BNode, Dataset, Literal, URIRef
from rdflib.query import ResultRow

from interkommunal.namespaces import PREFIXES

XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
Term = tuple[str, str, str] | None
NAMESPACES = sorted(((namespace, prefix) for prefix, namespace in PREFIXES.items()), key=lambda pair: -len(pair[0]))


@dataclass(frozen=True)
class Answer:
    """The rows of an answer in their order."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Term, ...], ...]

    def shown(self) -> list[dict[str, str]]:
        """The rows as people read them, by column."""
        return [dict(zip(self.columns, map(shown, row), strict=True)) for row in self.rows]

    def csv(self) -> str:
        """The rows as a file of ``expected/`` holds them."""
        out = StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(map(shown, row) for row in self.rows)
        return out.getvalue()


def ask_rdflib(dataset: Dataset, query: str) -> Answer:
    """The answer of rdflib over the union of all graphs."""
    result = dataset.query(query)
    columns = tuple(map(str, result.vars or ()))
    rows = [row for row in result if isinstance(row, ResultRow)]
    return Answer(columns, tuple(tuple(_rdflib_term(term) for term in row) for row in rows))


def ask_oxigraph(store: ox.Store, query: str) -> Answer:
    """The answer of Oxigraph over the union of all graphs."""
    result = store.query(query)
    if not isinstance(result, ox.QuerySolutions):
        raise TypeError("the library holds SELECT queries only")
    columns = tuple(variable.value for variable in result.variables)
    return Answer(columns, tuple(tuple(_oxigraph_term(term) for term in solution) for solution in result))


def to_store(dataset: Dataset) -> ox.Store:
    """An Oxigraph store with the quads of an rdflib dataset."""
    store = ox.Store()
    store.bulk_extend(
        ox.Quad(ox.NamedNode(str(subject)), ox.NamedNode(str(predicate)), _to_oxigraph(value), ox.NamedNode(str(graph)))
        for subject, predicate, value, graph in dataset.quads((None, None, None, None))
    )
    # The default graph is the union as a set; pyoxigraph's own union mode is a bag.
    store.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }")
    return store


def read_expected(path: Path) -> list[dict[str, str]]:
    """The rows of a file in ``expected/``, by column."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def shown(term: Term) -> str:
    """A term as people read it: prefixed name, plain text, or nothing."""
    if term is None:
        return ""
    kind, text, _ = term
    if kind == "iri":
        for namespace, prefix in NAMESPACES:
            if text.startswith(namespace):
                return f"{prefix}:{text.removeprefix(namespace)}"
    return text


def column(rows: Sequence[dict[str, str]], *names: str) -> list[tuple[str, ...]]:
    """The rows reduced to some columns."""
    return [tuple(row[name] for name in names) for row in rows]


def _rdflib_term(term: object) -> Term:
    if term is None:
        return None
    if isinstance(term, Literal):
        return ("literal", str(term), term.language or str(term.datatype or XSD_STRING))
    if isinstance(term, URIRef):
        return ("iri", str(term), "")
    raise TypeError(f"{term!r} is no term of the graph" + (": a blank node" if isinstance(term, BNode) else ""))


def _oxigraph_term(term: object) -> Term:
    if term is None:
        return None
    if isinstance(term, ox.Literal):
        return ("literal", term.value, term.language or term.datatype.value)
    if isinstance(term, ox.NamedNode):
        return ("iri", term.value, "")
    raise TypeError(f"{term!r} is no term of the graph")


def _to_oxigraph(term: object) -> ox.NamedNode | ox.Literal:
    if isinstance(term, Literal):
        if term.language:
            return ox.Literal(str(term), language=term.language)
        return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype or XSD_STRING)))
    return ox.NamedNode(str(term))
