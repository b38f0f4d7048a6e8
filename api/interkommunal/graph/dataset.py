"""From the parser's quads to rdflib, the data structure of everything that checks and freezes.

Literals keep their spelling: rdflib would otherwise rewrite ``05`` as ``5`` and a quote could no longer be compared.

Where things are written: file and line of subjects and graphs.

The readers fill an :class:`Origins` while they read; ``validation`` asks it, so that a finding about a node can name
the file and the line a person has to edit.

Lists the files of a folder that people write, and refuses those that nobody would read.

A file with a wrong suffix or in the wrong place would otherwise be missing from the graph without a word.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TypeVar

import pyoxigraph as ox
from rdflib import BNode, Dataset, Graph, Literal, URIRef
from rdflib.term import Node

from interkommunal.content import Content
from interkommunal.errors import SourceError
from interkommunal.namespaces import PREFIXES

# What may lie anywhere: notes for people.
_NOTES = (".md",)


def written_files(folder: Path, content: Content, suffix: str, others: tuple[str, ...] = ()) -> list[Path]:
    """The files in ``folder`` with ``suffix``, by name; ``others`` are names that somebody else reads.

    Raises:
        SourceError: for any other file or folder there, hidden ones and notes (``.md``) left aside.
    """
    found = []
    for path in sorted(folder.glob("*")):
        if path.name in others or path.name.startswith(".") or (path.is_file() and path.suffix in _NOTES):
            continue
        if path.is_dir() or path.suffix != suffix:
            known = ", ".join((f"*{suffix}", *others))
            raise SourceError(f"nothing reads this; files here are {known} and notes (*.md)", content.shown(path))
        found.append(path)
    return found


def source_folders(content: Content) -> list[Path]:
    """The folders of the sources, by name.

    Raises:
        SourceError: for a file beside them, notes left aside.
    """
    folders = []
    for path in sorted((content.data / "sources").glob("*")):
        if path.is_dir():
            folders.append(path)
        elif path.suffix not in _NOTES and not path.name.startswith("."):
            raise SourceError("nothing reads this; each source has a folder of its own here", content.shown(path))
    return folders


class Place(NamedTuple):
    """A line in a file; ``file`` is relative to the content root, ``line`` is 1-based."""

    file: Path
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass
class Origins:
    """Where each subject, each graph and each pair of them is written first.

    Nodes and graphs are IRIs as plain strings, so that any RDF library's terms can be looked up.
    """

    _pairs: dict[tuple[str, str], Place] = field(default_factory=dict)
    _nodes: dict[str, Place] = field(default_factory=dict)
    _graphs: dict[str, Place] = field(default_factory=dict)

    def add_subject(self, node: str, graph: str, place: Place) -> None:
        """Remember that ``node`` is described in ``graph`` at ``place``; the first place stays."""
        self._pairs.setdefault((node, graph), place)
        self._nodes.setdefault(node, place)

    def add_graph(self, graph: str, place: Place) -> None:
        """Remember that ``graph`` begins at ``place``; the first place stays."""
        self._graphs.setdefault(graph, place)

    def locate(self, node: URIRef | str, graph: URIRef | str | None = None) -> Place | None:
        """Where ``node`` is written: as a subject in ``graph``, else as a graph, else as a subject anywhere.

        Returns ``None`` for a node that no file describes, for example one that only a derive query made.
        """
        if graph is not None and (place := self._pairs.get((str(node), str(graph)))):
            return place
        return self._graphs.get(str(node)) or self._nodes.get(str(node))


_Graph = TypeVar("_Graph", bound=Graph)
_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"


@contextmanager
def quiet() -> Iterator[None]:
    """Rdflib logs every ill-typed literal with a traceback; meanwhile it does not, the findings say it."""
    logger = logging.getLogger("rdflib.term")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


@quiet()
def to_dataset(quads: Iterable[ox.Quad]) -> Dataset:
    """An rdflib dataset of ``quads`` whose default graph is the union of all graphs, with the project's prefixes.

    Raises:
        TypeError: for a quad outside every named graph; the readers let none through.
    """
    dataset = _with_prefixes(Dataset(default_union=True))
    term, graph_of = lru_cache(maxsize=None)(_term), lru_cache(maxsize=None)(dataset.graph)
    for quad in quads:
        if not isinstance(quad.graph_name, ox.NamedNode):
            raise TypeError(f"{quad} is in no named graph")
        graph_of(URIRef(quad.graph_name.value)).add((term(quad.subject), term(quad.predicate), term(quad.object)))
    return dataset


@quiet()
def to_graph(triples: Iterable[ox.Triple]) -> Graph:
    """An rdflib graph of ``triples``, with the project's prefixes."""
    graph, term = _with_prefixes(Graph()), lru_cache(maxsize=None)(_term)
    for triple in triples:
        graph.add(tuple(map(term, triple)))  # type: ignore[arg-type]
    return graph


def _with_prefixes(graph: _Graph) -> _Graph:
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace, replace=True)
    return graph


def _term(term: object) -> Node:
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.Literal):
        if term.language:
            return Literal(term.value, lang=term.language)
        datatype = term.datatype.value
        return Literal(term.value, datatype=None if datatype == _XSD_STRING else URIRef(datatype), normalize=False)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    raise TypeError(f"{term!r} is no term of RDF 1.1")
