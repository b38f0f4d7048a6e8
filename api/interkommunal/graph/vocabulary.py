"""Reads the ontology and the shapes, the only files that may hold blank nodes (paths and RDF lists).

Two things come of them. The *documents* say everything in standard form, with blank nodes where OWL and SHACL demand
them; validation uses the same shapes that a release publishes. The *graph* of a release has no blank nodes, so it
leaves out what cannot be said without them: an axiom over a list, a constraint with a list, a property shape whose path
is an expression. What stays of a shape demands the same or less than the whole, and points to the document.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from interkommunal.content import Content
from interkommunal.errors import SourceError
from interkommunal.graph.dataset import Origins, written_files
from interkommunal.graph.parse import ParsedFile, parse_file
from interkommunal.graph.terms import in_graph, named
from interkommunal.namespaces import (
    GRAPH_ALIGNMENTS,
    GRAPH_CONCEPTS,
    GRAPH_ONTOLOGY,
    GRAPH_REUSED,
    GRAPH_SHAPES,
    PREFIXES,
    SHAPES,
)

ONTOLOGY_FILES: Final = {
    "interkommunal.ttl": GRAPH_ONTOLOGY,
    "concepts.ttl": GRAPH_CONCEPTS,
    "reused.ttl": GRAPH_REUSED,
    "datatypes.ttl": GRAPH_REUSED,
    "alignments.ttl": GRAPH_ALIGNMENTS,
}
# OWL 2 DL wants the datatypes of the data declared; OWL 2 RL has no such datatypes and no axiom of ours needs them.
_DATA_ONLY: Final = ("datatypes.ttl",)

_PREFIX_LINE: Final = re.compile(r"^@prefix [^\n]*\n", re.MULTILINE)
_SH: Final = PREFIXES["sh"]
# Constraints are a conjunction, so without one of these a shape demands less. Without anything else, a path or the
# properties that a closed shape ignores, it would demand something else.
_WEAKENING: Final = frozenset(named(f"sh:{name}") for name in ("and", "in", "languageIn", "not", "or", "xone"))
# Refer to a shape: what demands less there makes this demand less, or more.
_WITH_IT: Final = frozenset((named("sh:node"), named("sh:property")))
_AGAINST_IT: Final = frozenset((named("sh:not"), named("sh:qualifiedValueShape")))
# What describes a shape for people and makes no shape of it (SHACL, sections 2.1 and 2.3.2).
_DESCRIBING: Final = frozenset(
    named(f"sh:{name}") for name in ("description", "group", "message", "name", "order", "severity")
)


@dataclass(frozen=True)
class Document:
    """A part of the vocabulary in standard form.

    Attributes:
        name: ``ontology`` or ``shapes``.
        turtle: as people wrote it, all files under one list of prefixes.
        triples: the same, sorted; blank nodes have their canonical labels (RDFC-1.0).
    """

    name: str
    turtle: str
    triples: tuple[ox.Triple, ...]


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


def read_vocabulary(content: Content, origins: Origins) -> Iterator[tuple[Path, str, tuple[ox.Quad, ...]]]:
    """Each file of the vocabulary: its path, the graph it goes to, and what it says there.

    Raises:
        SourceError: a file is missing, superfluous or wrong.
    """
    files = [(path, graph, parse_file(path, content.shown(path))) for path, graph in vocabulary_files(content).items()]
    shapes = _Shapes(_triples(parsed for _, _, parsed in files))
    for path, graph, parsed in files:
        parsed.remember(origins, graph)
        yield path, graph, tuple(in_graph(shapes.left_of(_triples([parsed])), graph))


def documents(content: Content) -> tuple[Document, ...]:
    """The ontology and the shapes as documents.

    Raises:
        SourceError: a file is missing, superfluous or wrong.
    """
    files = vocabulary_files(content)
    ontology = [path for path, graph in files.items() if graph != GRAPH_SHAPES and path.name not in _DATA_ONLY]
    return _document("ontology", ontology, content), shapes_document(content)


def shapes_document(content: Content) -> Document:
    """The shapes as a document.

    Raises:
        SourceError: a file is superfluous or wrong.
    """
    return _document("shapes", written_files(content.shapes, content, ".ttl"), content)


class _Shapes:
    """What can be said of shapes where there are no blank nodes.

    No shape that is left reports what the whole shapes do not report. Of what is no shape, every statement is left that
    has no blank node.
    """

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        about: dict[object, list[ox.Triple]] = defaultdict(list)
        for triple in triples:
            if isinstance(triple.subject, ox.NamedNode) and triple.predicate.value.startswith(_SH):
                about[triple.subject].append(triple)
        # Those that demand less than before, and those of them that are described only.
        self._weaker: set[object] = set()
        self._reduced: set[object] = set()
        size = -1
        while size < (size := len(self._weaker) + len(self._reduced)):
            for subject, said in about.items():
                if any(self._is_lost(triple) for triple in said):
                    self._weaker.add(subject)
                if any(self._is_lost(triple) and triple.predicate not in _WEAKENING | _WITH_IT for triple in said):
                    self._reduced.add(subject)

    def left_of(self, triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
        """Those of ``triples`` that are left, and where the whole of a shape is that lost something."""
        pointed = set()
        for triple in triples:
            if isinstance(triple.subject, ox.BlankNode):
                continue
            if not isinstance(triple.object, ox.BlankNode) and self._is_left(triple):
                yield triple
            elif triple.subject in self._weaker and triple.subject not in pointed:
                pointed.add(triple.subject)
                yield ox.Triple(triple.subject, named("rdfs:isDefinedBy"), ox.NamedNode(SHAPES))

    def _is_lost(self, triple: ox.Triple) -> bool:
        """Whether a constraint is weaker, is not said or is turned around."""
        if triple.predicate in _WITH_IT | _AGAINST_IT:
            return isinstance(triple.object, ox.BlankNode) or triple.object in self._weaker
        return isinstance(triple.object, ox.BlankNode)

    def _is_left(self, triple: ox.Triple) -> bool:
        if triple.predicate in _WITH_IT and triple.object in self._reduced:
            return False
        if triple.predicate in _AGAINST_IT and triple.object in self._weaker:
            return False
        if triple.subject not in self._reduced or triple.predicate in _DESCRIBING:
            return True
        of_shacl = triple.object if triple.predicate == named("rdf:type") else triple.predicate
        return not (isinstance(of_shacl, ox.NamedNode) and of_shacl.value.startswith(_SH))


def _document(name: str, files: Iterable[Path], content: Content) -> Document:
    paths = list(files)
    parsed = [parse_file(path, content.shown(path)) for path in paths]
    dataset = ox.Dataset(ox.Quad(*triple) for triple in _triples(parsed))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    triples = sorted((quad.triple for quad in dataset), key=lambda triple: [str(term) for term in triple])
    used = {prefix: namespace for file in parsed for prefix, namespace in file.outline.prefixes.items()}
    return Document(name, _turtle(paths, used), tuple(triples))


def _turtle(paths: Iterable[Path], prefixes: Mapping[str, str]) -> str:
    head = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in sorted(prefixes.items()))
    bodies = (_PREFIX_LINE.sub("", path.read_text(encoding="utf-8")).strip("\n") for path in paths)
    return "\n".join([head, *(f"{body}\n" for body in bodies if body)])


def _triples(parsed: Iterable[ParsedFile]) -> Iterator[ox.Triple]:
    return (quad.triple for file in parsed for quad in file.quads)
