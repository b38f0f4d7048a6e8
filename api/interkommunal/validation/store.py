"""The assembled graph in pyoxigraph, where check queries, SHACL and the release read it.

In goes the rdflib dataset, out come its statements as pyoxigraph quads, or a store that holds them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import pyoxigraph
import rdflib
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.term import Node

Term = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal


def quads(dataset: rdflib.Dataset) -> Iterator[pyoxigraph.Quad]:
    """The statements of ``dataset``; those outside every named graph are in pyoxigraph's default graph."""
    term = lru_cache(maxsize=None)(term_of)
    for subject, predicate, value, graph in dataset.quads():
        name = pyoxigraph.DefaultGraph() if graph in (None, DATASET_DEFAULT_GRAPH_ID) else term(graph)
        yield pyoxigraph.Quad(term(subject), term(predicate), term(value), name)  # type: ignore[arg-type]


def load_store(dataset: rdflib.Dataset) -> pyoxigraph.Store:
    """A store in memory with the statements of ``dataset``."""
    store = pyoxigraph.Store()
    store.bulk_extend(quads(dataset))
    return store


def term_of(node: Node) -> Term:
    """``node`` as a term of pyoxigraph."""
    if isinstance(node, rdflib.URIRef):
        return pyoxigraph.NamedNode(str(node))
    if isinstance(node, rdflib.BNode):
        return pyoxigraph.BlankNode(str(node))
    if isinstance(node, rdflib.Literal):
        if node.language:
            return pyoxigraph.Literal(str(node), language=node.language)
        if node.datatype is not None:
            return pyoxigraph.Literal(str(node), datatype=pyoxigraph.NamedNode(str(node.datatype)))
        return pyoxigraph.Literal(str(node))
    raise TypeError(f"no RDF 1.1 term: {node!r}")
