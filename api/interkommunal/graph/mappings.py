"""Reads the mapping sets of ``data/links`` into the graph.

In: the SSSOM files, one an authority. Out: for each accepted row its link, in the graph of the links to that authority,
and in the register of mappings (``graph/mappings``) why it is believed: justification, confidence, day, evidence. What
is a candidate, open or rejected stays in the files.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from interkommunal.content import Content
from interkommunal.errors import SourceError
from interkommunal.graph.dataset import Origins, Place, written_files
from interkommunal.graph.mapping_set import ACCEPTED, LICENCE, MappingRow, MappingSet, file_name, read_mapping_set
from interkommunal.graph.reference import AUTHORITIES
from interkommunal.graph.register import GraphEntry
from interkommunal.graph.terms import about, concept, named
from interkommunal.namespaces import GRAPH_MAPPINGS


def read_mapping_sets(content: Content) -> tuple[MappingSet, ...]:
    """The mapping sets of the content, in the order of the authorities; those without a file are left out.

    Raises:
        SourceError: with file and line, for a row that is wrong, or a file that belongs to no authority.
    """
    folder = content.data / "links"
    known = {file_name(of): of for of in AUTHORITIES}
    for path in written_files(folder, content, ".tsv"):
        if path.name not in known:
            names = ", ".join(known)
            raise SourceError(f"no authority has a mapping set of this name; use {names}", content.shown(path))
    return tuple(
        read_mapping_set(folder / name, content.shown(folder / name), of)
        for name, of in known.items()
        if (folder / name).is_file()
    )


def read_links(content: Content, origins: Origins) -> Iterator[tuple[GraphEntry, list[Quad]]]:
    """For each authority with a mapping set: what the register of graphs says of its links (their file is the source),
    and the statements about them.

    Raises:
        SourceError: see :func:`read_mapping_sets`.
    """
    for mapping_set in read_mapping_sets(content):
        of = mapping_set.authority
        file = content.shown(content.data / "links" / file_name(of))
        quads: list[Quad] = []
        accepted = mapping_set.of_state(ACCEPTED)
        for row in accepted:
            place = row.place or Place(file, 1)
            node = f"{of.mapping_set}#{row.fragment}"
            origins.add_graph(of.graph, place)
            origins.add_subject(row.subject, of.graph, place)
            origins.add_subject(node, GRAPH_MAPPINGS, place)
            quads += about(row.subject, of.graph, (row.predicate_id, NamedNode(row.object)))
            quads += about(of.mapping_set, GRAPH_MAPPINGS, ("sssom:mappings", NamedNode(node)))
            quads += _mapping(row, node)
        labels = {"de": f"Verknüpfungen mit {of.name}", "en": f"Links to {of.name}"}
        comments = {
            "de": "Welche unserer Sachen welcher Eintrag dort ist, Zeile für Zeile geprüft, mit Begründung und "
            "Belegen.",
            "en": "Which of our things is which entry there, reviewed row by row, with justification and evidence.",
        }
        if accepted:
            quads += about(
                of.mapping_set,
                GRAPH_MAPPINGS,
                ("rdf:type", named("sssom:MappingSet")),
                ("rdfs:label", labels),
                ("dcterms:license", NamedNode(LICENCE)),
            )
        yield GraphEntry(of.graph, "links", labels, comments, sources=(file.as_posix(),)), quads


def _mapping(row: MappingRow, node: str) -> Iterator[Quad]:
    yield from about(
        node,
        GRAPH_MAPPINGS,
        ("rdf:type", named("sssom:Mapping")),
        ("sssom:subject_id", NamedNode(row.subject)),
        ("sssom:predicate_id", NamedNode(row.predicate)),
        ("sssom:object_id", NamedNode(row.object)),
        ("sssom:mapping_justification", named(row.mapping_justification)),
        ("sssom:confidence", Literal(row.confidence_written, datatype=named("xsd:decimal"))),
        *(("dcterms:source", Literal(source)) for source in row.evidence),
    )
    for column in ("mapping_date", "review_date"):
        if day := getattr(row, column):
            yield from about(node, GRAPH_MAPPINGS, (f"sssom:{column}", Literal(day, datatype=named("xsd:date"))))
    for column in ("author_label", "reviewer_label", "mapping_tool", "comment"):
        if text := getattr(row, column):
            yield from about(node, GRAPH_MAPPINGS, (f"sssom:{column}", Literal(text)))
    if row.certainty:
        certainty = concept(f"certainty-{row.certainty.replace(' ', '-')}")
        yield from about(node, GRAPH_MAPPINGS, ("ik:certainty", certainty))
