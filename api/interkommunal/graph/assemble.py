"""Puts the whole graph together.

In: a :class:`~interkommunal.content.Content`. Out: an :class:`Assembly`: the dataset of all named graphs, where each
subject is written, and what became of each line of the texts. The same files give the same dataset. Next in the flow:
``validation`` checks it, ``release`` freezes it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Triple
from rdflib import Dataset, Graph

from interkommunal.content import Content
from interkommunal.graph.coverage import CoveredLine, coverage
from interkommunal.graph.dataset import to_dataset, to_graph
from interkommunal.graph.derive import DeriveQuery, derive, read_queries
from interkommunal.graph.editorial import editorial_files, read_editorial
from interkommunal.graph.examples import example_iri, examples
from interkommunal.graph.folders import source_folders
from interkommunal.graph.library import LibraryQuery, read_library
from interkommunal.graph.mappings import read_links
from interkommunal.graph.partitions import partitions
from interkommunal.graph.places import Origins, Place
from interkommunal.graph.reference import read_reference
from interkommunal.graph.register import GraphEntry, derived_entry, fixed_entry, register_quads
from interkommunal.graph.sources import Source, read_source
from interkommunal.graph.vocabulary import read_vocabulary, shapes_document, vocabulary_files
from interkommunal.namespaces import (
    GRAPH_EDITORIAL,
    GRAPH_EXAMPLES,
    GRAPH_GRAPHS,
    GRAPH_MAPPINGS,
    GRAPH_PARTITIONS,
    GRAPH_PASSAGES,
    GRAPH_SOURCES,
)

# Called with what is being done, how many steps are done, and how many there are.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Assembly:
    """The whole graph.

    Attributes:
        dataset: named graphs only; its default graph is their union.
        origins: where each subject is written. coverage: what became of each line of the texts.
        shapes: the SHACL shapes as they are published, with their blank nodes, which the dataset leaves out.
    """

    dataset: Dataset
    origins: Origins
    coverage: tuple[CoveredLine, ...] = ()
    shapes: Graph = field(default_factory=Graph)


def assemble(content: Content, progress: Progress | None = None) -> Assembly:
    """The graph of everything below ``content``.

    Raises:
        SourceError: at the first file that is wrong, with file, line and the way to mend it.
    """
    return _Assembler(content, progress).run()


@dataclass
class _Assembler:
    content: Content
    progress: Progress | None
    origins: Origins = field(default_factory=Origins)
    quads: list[Quad] = field(default_factory=list)
    entries: list[GraphEntry] = field(default_factory=list)
    files: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    done: int = 0
    steps: int = 0

    def run(self) -> Assembly:
        vocabulary = vocabulary_files(self.content)
        folders = source_folders(self.content)
        editorial = editorial_files(self.content)
        queries = read_queries(self.content)
        library = read_library(self.content.queries / "library", self.content)
        # The release carries these too, so what is wrong with them is said here.
        read_library(self.content.queries / "federated", self.content)
        self.steps = len(vocabulary) + len(folders) + len(editorial) + len(queries) + 4
        for path, graph, quads in read_vocabulary(self.content, self.origins):
            self._tell(path)
            self.quads += quads
            self._made_from(graph, path)
        sources = [self._source(folder) for folder in folders]
        for path in editorial:
            self._tell(path)
            self.quads += read_editorial(path, self.content, self.origins)
            self._made_from(GRAPH_EDITORIAL, path)
        self._reference()
        self._links()
        self._register(queries, library)
        for derivation in derive(self.quads, queries, lambda query: self._tell(query.file)):
            # The list has been read into the store of ``derive`` by now.
            self.quads += derivation.quads
        self._tell(Path("self-description"))
        # After the rules: what the release says of itself is nothing to reason about.
        self._add(GRAPH_PARTITIONS, partitions(self.quads))
        self._add(GRAPH_EXAMPLES, examples(library))
        self._tell(Path("dataset"))
        return Assembly(
            to_dataset(self.quads), self.origins, coverage(sources), to_graph(shapes_document(self.content).triples)
        )

    def _source(self, folder: Path) -> Source:
        self._tell(folder)
        source = read_source(folder, self.content, self.origins)
        self.quads += source.quads
        for file in source.files:
            self.files[GRAPH_PASSAGES if file.suffix == ".trig" else GRAPH_SOURCES].append(file.as_posix())
        return source

    def _reference(self) -> None:
        self._tell(self.content.data / "reference")
        for graph in read_reference(self.content, self.origins):
            self.quads += graph.quads
            self.entries.append(graph.entry)

    def _links(self) -> None:
        self._tell(self.content.data / "links")
        for graph in read_links(self.content, self.origins):
            self.quads += graph.quads
            self.entries.append(graph.entry)
            self.files[GRAPH_MAPPINGS].append(graph.file)

    def _register(self, queries: Sequence[DeriveQuery], library: Sequence[LibraryQuery]) -> None:
        """Describe all graphs, before the derive queries run, so that they can ask about graphs as well."""
        self.files.setdefault(GRAPH_GRAPHS, [])
        self.files.setdefault(GRAPH_PARTITIONS, [])
        folder = self.content.queries / "library"
        if library:
            self._made_from(GRAPH_EXAMPLES, folder)
        for question in library:
            place = Place(self.content.shown(folder / f"{question.name}.rq"), 1)
            self.origins.add_subject(example_iri(question.name), GRAPH_EXAMPLES, place)
        for query in queries:
            self.origins.add_subject(query.graph, GRAPH_GRAPHS, Place(query.file, 1))
        self.entries += [fixed_entry(graph, files) for graph, files in self.files.items()]
        self.entries += [derived_entry(query) for query in queries]
        self.quads += register_quads(self.entries)

    def _add(self, graph: str, triples: Iterable[Triple]) -> None:
        name = NamedNode(graph)
        self.quads += [Quad(triple.subject, triple.predicate, triple.object, name) for triple in triples]

    def _made_from(self, graph: str, path: Path) -> None:
        self.files[graph].append(self.content.shown(path).as_posix())

    def _tell(self, what: Path) -> None:
        if self.progress:
            self.progress(self.content.shown(what).as_posix(), self.done, self.steps)
        self.done += 1
