"""Puts the whole graph together.

In: a :class:`~interkommunal.content.Content`. Out: an :class:`Assembly`: the dataset of all named graphs, where each
subject is written, and what became of each line of the texts. The same files give the same dataset. Next in the flow:
``validation`` checks it, ``release`` freezes it.

Which lines of the texts are read into facts, which are left out on purpose, which are forgotten.

Reads what the editors say: labels, findings, inferences (``data/editorial/*.trig``), all in ``graph/editorial``.

Which classes have which properties, in the graph itself (VoID, section 4.5), for whoever knows only the endpoint.

In go all statements, out come partitions of the things below ``id/`` by class and property, with counts over the union
of all graphs. Editors and planners of federated queries ask for them; they say nothing about the world. What a release
holds altogether, with its links and files, is told at ``/void``. https://www.w3.org/TR/void/
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from pyoxigraph import DefaultGraph, NamedNode, Quad, Triple
from rdflib import Dataset, Graph

from interkommunal.content import Content
from interkommunal.errors import SyntaxProblem, TermError
from interkommunal.graph.dataset import Origins, Place, source_folders, to_dataset, to_graph, written_files
from interkommunal.graph.derive import DeriveQuery, derive, read_queries
from interkommunal.graph.examples import example_iri, examples
from interkommunal.graph.library import LibraryQuery, read_library
from interkommunal.graph.mappings import read_links
from interkommunal.graph.parse import parse_file, refuse_blank_nodes
from interkommunal.graph.reference import read_reference
from interkommunal.graph.register import GraphEntry, derived_entry, fixed_entry, register_quads
from interkommunal.graph.sources import Source, read_source
from interkommunal.graph.terms import RDF_TYPE, integer, named
from interkommunal.graph.vocabulary import read_vocabulary, shapes_document, vocabulary_files
from interkommunal.namespaces import (
    GRAPH_EDITORIAL,
    GRAPH_EXAMPLES,
    GRAPH_GRAPHS,
    GRAPH_MAPPINGS,
    GRAPH_PARTITIONS,
    GRAPH_PASSAGES,
    GRAPH_SOURCES,
    ID,
    split,
)

_WHOLE: Final = f"{GRAPH_PARTITIONS}#things"


def partitions(quads: Iterable[Quad]) -> Iterator[Triple]:
    """The partitions of the things that ``quads`` are about, by class, then by property."""
    triples = {
        quad.triple for quad in quads if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(ID)
    }
    classes: dict[object, list[str]] = defaultdict(list)
    for triple in triples:
        if triple.predicate == RDF_TYPE and isinstance(triple.object, NamedNode):
            classes[triple.subject].append(triple.object.value)
    entities = Counter(class_ for found in classes.values() for class_ in found)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for triple in triples:
        for class_ in classes[triple.subject]:
            counts[class_][triple.predicate.value] += 1
    whole = NamedNode(_WHOLE)
    if counts:
        yield Triple(whole, RDF_TYPE, named("void:Dataset"))
    for class_ in sorted(counts):
        part = NamedNode(f"{GRAPH_PARTITIONS}#{_name(class_)}")
        yield Triple(whole, named("void:classPartition"), part)
        yield Triple(part, named("void:class"), NamedNode(class_))
        yield Triple(part, named("void:entities"), integer(entities[class_]))
        for property_, count in sorted(counts[class_].items()):
            inner = NamedNode(f"{part.value}.{_name(property_)}")
            yield Triple(part, named("void:propertyPartition"), inner)
            yield Triple(inner, named("void:property"), NamedNode(property_))
            yield Triple(inner, named("void:triples"), integer(count))


def _name(iri: str) -> str:
    """``ik-City``: prefix and local name; of a namespace without a prefix the whole IRI, without what ends a name."""
    prefix, local = split(iri)
    return f"{prefix}-{local}" if prefix else "".join(sign if sign.isalnum() else "-" for sign in local)


def editorial_files(content: Content) -> list[Path]:
    """The editorial files in the order of their names."""
    return written_files(content.data / "editorial", content, ".trig")


def read_editorial(path: Path, content: Content, origins: Origins) -> Iterator[Quad]:
    """The quads of one editorial file.

    Raises:
        SourceError: if it does not parse, or holds anything but blocks ``graph:editorial { … }``.
    """
    parsed = parse_file(path, content.shown(path))
    refuse_blank_nodes(parsed)
    for block in parsed.outline.blocks:
        if block.name != GRAPH_EDITORIAL:
            message = f"<{block.name}> is no graph for editors; every block here is graph:editorial {{ … }}"
            raise TermError(message, parsed.file, block.line)
    if any(isinstance(quad.graph_name, DefaultGraph) for quad in parsed.quads):
        line = next((line for _, graph, line in parsed.outline.subjects if graph is None), None)
        raise SyntaxProblem("a statement outside every block; put it into graph:editorial { … }", parsed.file, line)
    parsed.remember(origins)
    yield from parsed.quads


Status = Literal["covered", "ignored", "missing", "both"]


@dataclass(frozen=True)
class CoveredLine:
    """A non-empty line of a text and what became of it.

    ``status`` is ``covered`` (a passage with facts touches it), ``ignored`` (listed with reasons), ``missing``
    (neither) or ``both``; the last two are errors. ``passages`` are the IRIs of those passages.
    ``file`` is the text (or, for a listed line, ``ignored.csv``) and ``file_line`` the line there.
    """

    slug: str
    line: int
    text: str
    status: Status
    passages: tuple[str, ...]
    reason_de: str | None
    reason_en: str | None
    file: Path
    file_line: int


def coverage(sources: Iterable[Source]) -> tuple[CoveredLine, ...]:
    """Every non-empty line of every source, in order."""
    return tuple(line for source in sources for line in _of_source(source))


def _of_source(source: Source) -> Iterable[CoveredLine]:
    touching: dict[int, list[str]] = defaultdict(list)
    for passage in source.passages:
        if passage.facts:
            for line in passage.quote.lines:
                touching[line].append(passage.name.iri)
    ignored = {line.line: line for line in source.ignored}
    for number, content in enumerate(source.text.lines, start=1):
        if not content.strip():
            continue
        listed = ignored.get(number)
        yield CoveredLine(
            source.slug,
            number,
            content,
            _status(bool(touching[number]), listed is not None),
            tuple(touching[number]),
            listed.reason_de if listed else None,
            listed.reason_en if listed else None,
            listed.place.file if listed else source.text_file,
            listed.place.line if listed else number,
        )


def _status(touched: bool, listed: bool) -> Status:
    if listed:
        return "both" if touched else "ignored"
    return "covered" if touched else "missing"


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
