"""Nodes of the parser's library, and statements about one of them, for what the build itself reads or writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from pyoxigraph import Literal, NamedNode, Quad, Triple

from interkommunal.namespaces import CONCEPT, expand


@lru_cache(maxsize=1024)
def named(name: str) -> NamedNode:
    """The node of a prefixed name such as ``oa:exact``."""
    return NamedNode(expand(name))


def concept(slug: str) -> NamedNode:
    """The concept with that slug."""
    return NamedNode(f"{CONCEPT}{slug}")


def integer(number: int) -> Literal:
    """``number`` as xsd:integer."""
    return Literal(str(number), datatype=named("xsd:integer"))


def in_graph(triples: Iterable[Triple], graph: str) -> Iterator[Quad]:
    """The statements in the graph with that IRI."""
    name = NamedNode(graph)
    return (Quad(said.subject, said.predicate, said.object, name) for said in triples)


def about(node: str, graph: str, *said: tuple[str, NamedNode | Literal | dict[str, str]]) -> Iterator[Quad]:
    """Statements about ``node`` in ``graph``.

    Args:
        node: its IRI.
        graph: its IRI.
        said: a property as a prefixed name and its value; texts by language are one statement each.
    """
    for name, value in said:
        texts = [Literal(text, language=tag) for tag, text in value.items()] if isinstance(value, dict) else [value]
        for item in texts:
            yield Quad(NamedNode(node), named(name), item, NamedNode(graph))
