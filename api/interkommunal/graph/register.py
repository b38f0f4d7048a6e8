"""Describes every named graph that is no passage, so that people can ask who speaks in it (``graph/graphs``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Quad

from interkommunal.graph import terms
from interkommunal.graph.derive import DeriveQuery
from interkommunal.namespaces import (
    GRAPH_ALIGNMENTS,
    GRAPH_CONCEPTS,
    GRAPH_EDITORIAL,
    GRAPH_EXAMPLES,
    GRAPH_GRAPHS,
    GRAPH_MAPPINGS,
    GRAPH_ONTOLOGY,
    GRAPH_PARTITIONS,
    GRAPH_PASSAGES,
    GRAPH_REUSED,
    GRAPH_SHAPES,
    GRAPH_SOURCES,
)

#: Slug of the kind (a concept ``graph-kind-…``), label in German and in English of each graph that is no passage.
FIXED = {
    GRAPH_PASSAGES: ("passage-register", "Verzeichnis der Textstellen", "Register of passages"),
    GRAPH_SOURCES: ("source-description", "Beschreibung der Quellen", "Description of the sources"),
    GRAPH_EDITORIAL: ("editorial", "Aussagen der Redaktion", "Editorial statements"),
    GRAPH_ONTOLOGY: ("vocabulary", "Ontologie", "Ontology"),
    GRAPH_CONCEPTS: ("vocabulary", "Begriffslisten", "Concept schemes"),
    GRAPH_REUSED: ("vocabulary", "Nachgenutzte Begriffe", "Reused terms"),
    GRAPH_ALIGNMENTS: ("vocabulary", "Entsprechungen zu anderen Vokabularen", "Alignments with other vocabularies"),
    GRAPH_SHAPES: ("shapes", "Prüfregeln (SHACL)", "Shapes (SHACL)"),
    GRAPH_MAPPINGS: ("mapping-register", "Verzeichnis der Verknüpfungen", "Register of mappings"),
    GRAPH_GRAPHS: ("register", "Verzeichnis der Graphen", "Register of graphs"),
    GRAPH_EXAMPLES: ("self-description", "Fragen an den Graphen", "Questions to the graph"),
    GRAPH_PARTITIONS: ("self-description", "Klassen und ihre Eigenschaften", "Classes and their properties"),
}


@dataclass(frozen=True)
class GraphEntry:
    """One named graph: its kind (slug after ``graph-kind-``), labels and comments by language, where it comes from.

    ``sources`` are the files or public places its statements were read from; ``certainty`` is the slug after
    ``certainty-`` for reference data.
    """

    iri: str
    kind: str
    labels: dict[str, str]
    comments: dict[str, str] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    certainty: str | None = None


def fixed_entry(graph: str, files: Iterable[str]) -> GraphEntry:
    """The entry of a graph that every release has, made from ``files``."""
    kind, german, english = FIXED[graph]
    return GraphEntry(graph, kind, {"de": german, "en": english}, sources=tuple(files))


def derived_entry(query: DeriveQuery) -> GraphEntry:
    """The entry of the graph that a derive query fills."""
    labels = {"de": f"Abgeleitet: {query.title_de}", "en": f"Derived: {query.title}"}
    comments = {"de": query.summary_de, "en": query.summary}
    return GraphEntry(query.graph, "derived", labels, comments, (query.file.as_posix(),))


def register_quads(entries: Iterable[GraphEntry]) -> Iterator[Quad]:
    """The statements of the register about ``entries``."""
    graph = NamedNode(GRAPH_GRAPHS)
    for entry in entries:
        node = NamedNode(entry.iri)
        yield Quad(node, terms.RDF_TYPE, terms.IK_STATEMENT_GRAPH, graph)
        yield Quad(node, terms.IK_GRAPH_KIND, terms.concept(f"graph-kind-{entry.kind}"), graph)
        for language, label in entry.labels.items():
            yield Quad(node, terms.RDFS_LABEL, Literal(label, language=language), graph)
        for language, comment in entry.comments.items():
            yield Quad(node, terms.RDFS_COMMENT, Literal(comment, language=language), graph)
        for source in entry.sources:
            yield Quad(node, terms.DCTERMS_SOURCE, Literal(source), graph)
        if entry.certainty:
            yield Quad(node, terms.IK_CERTAINTY, terms.concept(f"certainty-{entry.certainty}"), graph)
