"""Describes every named graph that is no passage, so that people can ask who speaks in it (``graph/graphs``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pyoxigraph import Literal, Quad

from interkommunal import namespaces as ns
from interkommunal.graph.derive import DeriveQuery
from interkommunal.graph.terms import about, concept, named

#: Slug of the kind (a concept ``graph-kind-…``), label in German and in English of each graph that is no passage.
FIXED = {
    ns.GRAPH_PASSAGES: ("passage-register", "Verzeichnis der Textstellen", "Register of passages"),
    ns.GRAPH_SOURCES: ("source-description", "Beschreibung der Quellen", "Description of the sources"),
    ns.GRAPH_EDITORIAL: ("editorial", "Aussagen der Redaktion", "Editorial statements"),
    ns.GRAPH_ONTOLOGY: ("vocabulary", "Ontologie", "Ontology"),
    ns.GRAPH_CONCEPTS: ("vocabulary", "Begriffslisten", "Concept schemes"),
    ns.GRAPH_REUSED: ("vocabulary", "Nachgenutzte Begriffe", "Reused terms"),
    ns.GRAPH_ALIGNMENTS: ("vocabulary", "Entsprechungen zu anderen Vokabularen", "Alignments with other vocabularies"),
    ns.GRAPH_SHAPES: ("shapes", "Prüfregeln (SHACL)", "Shapes (SHACL)"),
    ns.GRAPH_MAPPINGS: ("mapping-register", "Verzeichnis der Verknüpfungen", "Register of mappings"),
    ns.GRAPH_GRAPHS: ("register", "Verzeichnis der Graphen", "Register of graphs"),
    ns.GRAPH_EXAMPLES: ("self-description", "Fragen an den Graphen", "Questions to the graph"),
    ns.GRAPH_PARTITIONS: ("self-description", "Klassen und ihre Eigenschaften", "Classes and their properties"),
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
    for entry in entries:
        certainty = [("ik:certainty", concept(f"certainty-{entry.certainty}"))] if entry.certainty else []
        yield from about(
            entry.iri,
            ns.GRAPH_GRAPHS,
            ("rdf:type", named("ik:StatementGraph")),
            ("ik:graphKind", concept(f"graph-kind-{entry.kind}")),
            ("rdfs:label", entry.labels),
            ("rdfs:comment", entry.comments),
            *(("dcterms:source", Literal(source)) for source in entry.sources),
            *certainty,
        )
