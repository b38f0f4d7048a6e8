"""Reads the ontology and the shapes, the only files that may hold blank nodes (RDF lists).

Out: quads without blank nodes. Each one gets an IRI below ``.well-known/genid/`` (RDF 1.1 Concepts, section 3.5) from
the name of its file and its label in the canonical form of the file (RDFC-1.0), so that it stays the same wherever the
release is built.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pyoxigraph as ox

from interkommunal.content import Content
from interkommunal.errors import SourceError
from interkommunal.graph.folders import written_files
from interkommunal.graph.parse import ParsedFile, parse_file
from interkommunal.graph.places import Origins
from interkommunal.namespaces import (
    GENID,
    GRAPH_ALIGNMENTS,
    GRAPH_CONCEPTS,
    GRAPH_ONTOLOGY,
    GRAPH_REUSED,
    GRAPH_SHAPES,
)

_Node = TypeVar("_Node", ox.NamedNode | ox.BlankNode, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple)

ONTOLOGY_FILES = {
    "interkommunal.ttl": GRAPH_ONTOLOGY,
    "concepts.ttl": GRAPH_CONCEPTS,
    "reused.ttl": GRAPH_REUSED,
    "alignments.ttl": GRAPH_ALIGNMENTS,
}


def vocabulary_files(content: Content) -> dict[Path, str]:
    """The files of the ontology and the shapes, and the graph each goes to.

    Raises:
        SourceError: if a file of the ontology is missing, or there is one that no graph is for.
    """
    found = {path.name for path in content.ontology.glob("*.ttl")}
    for name in sorted(found ^ set(ONTOLOGY_FILES)):
        if name in found:
            message = "no graph is made for this file; put its terms into interkommunal.ttl, concepts.ttl or reused.ttl"
        else:
            message = "this file of the ontology is missing"
        raise SourceError(message, content.shown(content.ontology / name))
    files = {content.ontology / name: graph for name, graph in ONTOLOGY_FILES.items()}
    return files | dict.fromkeys(written_files(content.shapes, content, ".ttl"), GRAPH_SHAPES)


def read_vocabulary(path: Path, graph: str, content: Content, origins: Origins) -> Iterator[ox.Quad]:
    """The quads of one file in ``graph``."""
    parsed = parse_file(path, content.shown(path))
    parsed.remember(origins, graph)
    name = ox.NamedNode(graph)
    for quad in skolemised(parsed):
        yield ox.Quad(quad.subject, quad.predicate, quad.object, name)


def skolemised(parsed: ParsedFile) -> Iterator[ox.Quad]:
    """The quads of a file with an IRI in place of each blank node."""
    if not parsed.outline.blank_lines:
        yield from parsed.quads
        return
    dataset = ox.Dataset(parsed.quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    for quad in dataset:
        yield ox.Quad(
            _named(quad.subject, parsed.file), quad.predicate, _named(quad.object, parsed.file), quad.graph_name
        )


def _named(term: _Node, file: Path) -> _Node:
    if isinstance(term, ox.BlankNode):
        return ox.NamedNode(f"{GENID}{'-'.join(file.with_suffix('').parts)}-{term.value}")
    return term
