"""The Web Annotation selector of a quote: position and quote in one node, so that each checks the other."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from interkommunal.graph import terms
from interkommunal.graph.quotes import Quote


def selector_quads(node: NamedNode, source: NamedNode, quote: Quote, graph: NamedNode) -> Iterator[Quad]:
    """The statements that tie ``node`` (a passage or a line) to its place in ``source``."""
    selector = NamedNode(f"{node.value}-selector")
    yield Quad(node, terms.OA_HAS_SOURCE, source, graph)
    yield Quad(node, terms.OA_HAS_SELECTOR, selector, graph)
    for line in quote.lines:
        yield Quad(node, terms.IK_LINE, terms.integer(line), graph)
    yield Quad(selector, terms.RDF_TYPE, terms.OA_TEXT_POSITION, graph)
    yield Quad(selector, terms.RDF_TYPE, terms.OA_TEXT_QUOTE, graph)
    # Web Annotation says xsd:nonNegativeInteger; stores such as Oxigraph keep that as xsd:integer, and a dump and an
    # answer must agree.
    yield Quad(selector, terms.OA_START, terms.integer(quote.start), graph)
    yield Quad(selector, terms.OA_END, terms.integer(quote.end), graph)
    yield Quad(selector, terms.OA_EXACT, Literal(quote.exact), graph)
    yield Quad(selector, terms.OA_PREFIX, Literal(quote.prefix), graph)
    yield Quad(selector, terms.OA_SUFFIX, Literal(quote.suffix), graph)
