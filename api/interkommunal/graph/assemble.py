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
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pyoxigraph import NamedNode, Quad
from rdflib import Dataset, Graph

from interkommunal import namespaces as ns
from interkommunal.content import Content
from interkommunal.errors import TermError
from interkommunal.graph.dataset import Origins, Place, source_folders, to_dataset, to_graph, written_files
from interkommunal.graph.derive import derive, read_queries
from interkommunal.graph.examples import example_iri, examples
from interkommunal.graph.library import read_library
from interkommunal.graph.mappings import read_links
from interkommunal.graph.parse import parse_file, refuse_blank_nodes
from interkommunal.graph.reference import read_reference
from interkommunal.graph.register import derived_entry, fixed_entry, register_quads
from interkommunal.graph.sources import Source, read_source
from interkommunal.graph.terms import about, integer, named
from interkommunal.graph.vocabulary import read_vocabulary, shapes_document, vocabulary_files

Status = Literal["covered", "ignored", "missing", "both"]
# Called with what is being done, how many steps are done, and how many there are.
Progress = Callable[[str, int, int], None]


def partitions(quads: Iterable[Quad]) -> Iterator[Quad]:
    """The partitions of the things that ``quads`` are about, by class, then by property."""
    triples = {
        quad.triple for quad in quads if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(ns.ID)
    }
    classes: dict[object, list[str]] = defaultdict(list)
    for triple in triples:
        if triple.predicate == named("rdf:type") and isinstance(triple.object, NamedNode):
            classes[triple.subject].append(triple.object.value)
    entities = Counter(class_ for found in classes.values() for class_ in found)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for triple in triples:
        for class_ in classes[triple.subject]:
            counts[class_][triple.predicate.value] += 1
    graph, whole = ns.GRAPH_PARTITIONS, f"{ns.GRAPH_PARTITIONS}#things"
    if counts:
        yield from about(whole, graph, ("rdf:type", named("void:Dataset")))
    for class_, properties in counts.items():
        part = f"{graph}#{_name(class_)}"
        yield from about(whole, graph, ("void:classPartition", NamedNode(part)))
        yield from about(part, graph, ("void:class", NamedNode(class_)), ("void:entities", integer(entities[class_])))
        for property_, count in properties.items():
            inner = f"{part}.{_name(property_)}"
            yield from about(part, graph, ("void:propertyPartition", NamedNode(inner)))
            yield from about(inner, graph, ("void:property", NamedNode(property_)), ("void:triples", integer(count)))


def _name(iri: str) -> str:
    """``ik-City``: prefix and local name; of a namespace without a prefix the whole IRI, without what ends a name."""
    prefix, local = ns.split(iri)
    return f"{prefix}-{local}" if prefix else "".join(sign if sign.isalnum() else "-" for sign in local)


def _read_editorial(path: Path, content: Content, origins: Origins) -> tuple[Quad, ...]:
    """The quads of one editorial file.

    Raises:
        SourceError: if it does not parse, or holds anything but blocks ``graph:editorial { … }``.
    """
    parsed = parse_file(path, content.shown(path))
    refuse_blank_nodes(parsed)
    for name, line in parsed.outline.blocks:
        if name != ns.GRAPH_EDITORIAL:
            message = f"<{name}> is no graph for editors; every block here is graph:editorial {{ … }}"
            raise TermError(message, parsed.file, line)
    parsed.refuse_outside("a statement outside every block; put it into graph:editorial { … }")
    parsed.remember(origins)
    return parsed.quads


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


def _coverage(source: Source) -> Iterator[CoveredLine]:
    """Every non-empty line of a source, in order."""
    touching: dict[int, list[str]] = defaultdict(list)
    for passage in source.passages:
        for line in passage.quote.lines if passage.facts else ():
            touching[line].append(passage.name.iri)
    ignored = {line.line: line for line in source.ignored}
    for number, text in enumerate(source.text.lines, start=1):
        if text.strip():
            listed, passages = ignored.get(number), tuple(touching[number])
            status: Status = ("both" if passages else "ignored") if listed else ("covered" if passages else "missing")
            german, english = (listed.reason_de, listed.reason_en) if listed else (None, None)
            place = listed.place if listed else Place(source.text_file, number)
            yield CoveredLine(source.slug, number, text, status, passages, german, english, *place)


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
    origins, quads, files = Origins(), list[Quad](), defaultdict[str, list[str]](list)
    folders, queries = source_folders(content), read_queries(content)
    editorial = written_files(content.data / "editorial", content, ".trig")
    library = read_library(content.queries / "library", content)
    # The release carries these too, so what is wrong with them is said here.
    read_library(content.queries / "federated", content)
    steps = len(vocabulary_files(content)) + len(folders) + len(editorial) + len(queries) + 4
    done = 0

    def tell(what: Path) -> None:
        nonlocal done
        if progress:
            progress(content.shown(what).as_posix(), done, steps)
        done += 1

    for path, graph, read in read_vocabulary(content, origins):
        tell(path)
        quads += read
        files[graph].append(content.shown(path).as_posix())
    sources = []
    for folder in folders:
        tell(folder)
        sources.append(source := read_source(folder, content, origins))
        quads += source.quads
        for file in source.files:
            files[ns.GRAPH_PASSAGES if file.suffix == ".trig" else ns.GRAPH_SOURCES].append(file.as_posix())
    for path in editorial:
        tell(path)
        quads += _read_editorial(path, content, origins)
        files[ns.GRAPH_EDITORIAL].append(content.shown(path).as_posix())
    tell(content.data / "reference")
    entries = []
    for entry, said in read_reference(content, origins):
        quads += said
        entries.append(entry)
    tell(content.data / "links")
    for entry, said in read_links(content, origins):
        quads += said
        entries.append(entry)
        files[ns.GRAPH_MAPPINGS] += entry.sources
    # All graphs are described before the derive queries run, so that they can ask about graphs as well.
    files |= {ns.GRAPH_GRAPHS: [], ns.GRAPH_PARTITIONS: []}
    questions = content.shown(content.queries / "library")
    if library:
        files[ns.GRAPH_EXAMPLES].append(questions.as_posix())
    for question in library:
        origins.add_subject(example_iri(question.name), ns.GRAPH_EXAMPLES, Place(questions / f"{question.name}.rq", 1))
    for query in queries:
        origins.add_subject(query.graph, ns.GRAPH_GRAPHS, Place(query.file, 1))
    entries += [fixed_entry(graph, made_from) for graph, made_from in files.items()]
    quads += register_quads([*entries, *map(derived_entry, queries)])
    for derived in derive(quads, queries, lambda query: tell(query.file)):
        # The list has been read into the store of ``derive`` by now.
        quads += derived
    tell(Path("self-description"))
    # After the rules: what the release says of itself is nothing to reason about.
    quads += [*partitions(quads), *examples(library)]
    tell(Path("dataset"))
    coverage = tuple(line for source in sources for line in _coverage(source))
    return Assembly(to_dataset(quads), origins, coverage, to_graph(shapes_document(content).triples))
