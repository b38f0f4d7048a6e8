"""The terms that the build itself reads or writes, as nodes of the parser's library."""

from __future__ import annotations

from typing import Final

from pyoxigraph import Literal, NamedNode

from interkommunal.namespaces import CONCEPT, expand


def named(name: str) -> NamedNode:
    """The node of a prefixed name such as ``oa:exact``."""
    return NamedNode(expand(name))


RDF_TYPE: Final = named("rdf:type")
RDFS_LABEL: Final = named("rdfs:label")
RDFS_COMMENT: Final = named("rdfs:comment")

OA_EXACT: Final = named("oa:exact")
OA_PREFIX: Final = named("oa:prefix")
OA_SUFFIX: Final = named("oa:suffix")
OA_START: Final = named("oa:start")
OA_END: Final = named("oa:end")
OA_HAS_SOURCE: Final = named("oa:hasSource")
OA_HAS_SELECTOR: Final = named("oa:hasSelector")
OA_TEXT_POSITION: Final = named("oa:TextPositionSelector")
OA_TEXT_QUOTE: Final = named("oa:TextQuoteSelector")

IK_PASSAGE: Final = named("ik:Passage")
IK_NOT_MODELLED: Final = named("ik:NotModelledLine")
IK_STATEMENT_GRAPH: Final = named("ik:StatementGraph")
IK_LINE: Final = named("ik:line")
IK_GRAPH_KIND: Final = named("ik:graphKind")
IK_CERTAINTY: Final = named("ik:certainty")

DCTERMS_SOURCE: Final = named("dcterms:source")
SCHEMA_SHA256: Final = named("schema:sha256")


def concept(slug: str) -> NamedNode:
    """The concept with that slug."""
    return NamedNode(f"{CONCEPT}{slug}")


def integer(number: int) -> Literal:
    """``number`` as xsd:integer."""
    return Literal(str(number), datatype=named("xsd:integer"))
