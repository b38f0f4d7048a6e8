"""The terms that the build itself reads or writes, as nodes of the parser's library."""

from __future__ import annotations

from typing import Final

from pyoxigraph import Literal, NamedNode

from interkommunal.namespaces import CONCEPT, IK, PREFIXES

RDF_TYPE: Final = NamedNode(f"{PREFIXES['rdf']}type")
RDFS_LABEL: Final = NamedNode(f"{PREFIXES['rdfs']}label")
RDFS_COMMENT: Final = NamedNode(f"{PREFIXES['rdfs']}comment")

OA_EXACT: Final = NamedNode(f"{PREFIXES['oa']}exact")
OA_PREFIX: Final = NamedNode(f"{PREFIXES['oa']}prefix")
OA_SUFFIX: Final = NamedNode(f"{PREFIXES['oa']}suffix")
OA_START: Final = NamedNode(f"{PREFIXES['oa']}start")
OA_END: Final = NamedNode(f"{PREFIXES['oa']}end")
OA_HAS_SOURCE: Final = NamedNode(f"{PREFIXES['oa']}hasSource")
OA_HAS_SELECTOR: Final = NamedNode(f"{PREFIXES['oa']}hasSelector")
OA_TEXT_POSITION: Final = NamedNode(f"{PREFIXES['oa']}TextPositionSelector")
OA_TEXT_QUOTE: Final = NamedNode(f"{PREFIXES['oa']}TextQuoteSelector")

IK_PASSAGE: Final = NamedNode(f"{IK}Passage")
IK_NOT_MODELLED: Final = NamedNode(f"{IK}NotModelledLine")
IK_STATEMENT_GRAPH: Final = NamedNode(f"{IK}StatementGraph")
IK_LINE: Final = NamedNode(f"{IK}line")
IK_GRAPH_KIND: Final = NamedNode(f"{IK}graphKind")
IK_CERTAINTY: Final = NamedNode(f"{IK}certainty")

DCTERMS_SOURCE: Final = NamedNode(f"{PREFIXES['dcterms']}source")
SCHEMA_SHA256: Final = NamedNode(f"{PREFIXES['schema']}sha256")

_XSD = PREFIXES["xsd"]


def concept(slug: str) -> NamedNode:
    """The concept with that slug."""
    return NamedNode(f"{CONCEPT}{slug}")


def integer(number: int) -> Literal:
    """``number`` as xsd:integer."""
    return Literal(str(number), datatype=NamedNode(f"{_XSD}integer"))
