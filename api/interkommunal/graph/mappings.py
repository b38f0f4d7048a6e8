"""Reads the mapping sets of ``data/links`` into the graph.

In: the SSSOM files, one an authority. Out: for each accepted row its link, in the graph of the links to that authority,
and in the register of mappings (``graph/mappings``) why it is believed: justification, confidence, day, evidence. What
is a candidate, open or rejected stays in the files.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad

from interkommunal.content import Content
from interkommunal.errors import SourceError
from interkommunal.graph import terms
from interkommunal.graph.dataset import Origins, Place, written_files
from interkommunal.graph.mapping_set import (
    ACCEPTED,
    LICENCE,
    SUFFIX,
    MappingRow,
    MappingSet,
    file_name,
    read_mapping_set,
)
from interkommunal.graph.reference import AUTHORITIES, Authority
from interkommunal.graph.register import GraphEntry
from interkommunal.namespaces import GRAPH_MAPPINGS, PREFIXES, expand

_REGISTER = NamedNode(GRAPH_MAPPINGS)
_DCTERMS, _SSSOM, _XSD = PREFIXES["dcterms"], PREFIXES["sssom"], PREFIXES["xsd"]


@dataclass(frozen=True)
class LinkGraph:
    """The links to one authority: its graph, and what the register says of it and of each link."""

    entry: GraphEntry
    file: str
    quads: tuple[Quad, ...]


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


def read_links(content: Content, origins: Origins) -> tuple[LinkGraph, ...]:
    """The graphs of links of the content.

    Raises:
        SourceError: see :func:`read_mapping_sets`.
    """
    return tuple(_link_graph(mapping_set, content, origins) for mapping_set in read_mapping_sets(content))


def _link_graph(mapping_set: MappingSet, content: Content, origins: Origins) -> LinkGraph:
    of = mapping_set.authority
    path = content.shown(content.data / "links" / file_name(of))
    graph = NamedNode(of.graph)
    quads: list[Quad] = []
    accepted = mapping_set.of_state(ACCEPTED)
    for row in accepted:
        place = row.place or Place(path, 1)
        origins.add_graph(of.graph, place)
        origins.add_subject(row.subject, of.graph, place)
        origins.add_subject(f"{of.mapping_set}#{row.fragment}", GRAPH_MAPPINGS, place)
        quads.append(Quad(NamedNode(row.subject), NamedNode(row.predicate), NamedNode(row.object), graph))
        quads += _mapping(row, of)
    if accepted:
        quads += _set(of)
    return LinkGraph(_entry(of, path.as_posix()), path.as_posix(), tuple(quads))


def _set(of: Authority) -> Iterator[Quad]:
    node = NamedNode(of.mapping_set)
    yield Quad(node, terms.RDF_TYPE, NamedNode(f"{_SSSOM}MappingSet"), _REGISTER)
    yield Quad(node, terms.RDFS_LABEL, Literal(f"Verknüpfungen mit {of.name}", language="de"), _REGISTER)
    yield Quad(node, terms.RDFS_LABEL, Literal(f"Links to {of.name}", language="en"), _REGISTER)
    yield Quad(node, NamedNode(f"{_DCTERMS}license"), NamedNode(LICENCE), _REGISTER)


def _mapping(row: MappingRow, of: Authority) -> Iterator[Quad]:
    node = NamedNode(f"{of.mapping_set}#{row.fragment}")
    yield Quad(NamedNode(of.mapping_set), NamedNode(f"{_SSSOM}mappings"), node, _REGISTER)
    yield Quad(node, terms.RDF_TYPE, NamedNode(f"{_SSSOM}Mapping"), _REGISTER)
    for name, iri in (("subject_id", row.subject), ("predicate_id", row.predicate), ("object_id", row.object)):
        yield Quad(node, NamedNode(f"{_SSSOM}{name}"), NamedNode(iri), _REGISTER)
    justification = expand(row.mapping_justification)
    yield Quad(node, NamedNode(f"{_SSSOM}mapping_justification"), NamedNode(justification), _REGISTER)
    confidence = Literal(f"{row.confidence:.3f}".rstrip("0").rstrip("."), datatype=NamedNode(f"{_XSD}decimal"))
    yield Quad(node, NamedNode(f"{_SSSOM}confidence"), confidence, _REGISTER)
    for name, day in (("mapping_date", row.mapping_date), ("review_date", row.review_date)):
        if day:
            yield Quad(node, NamedNode(f"{_SSSOM}{name}"), Literal(day, datatype=NamedNode(f"{_XSD}date")), _REGISTER)
    for name, text in (
        ("author_label", row.author_label),
        ("reviewer_label", row.reviewer_label),
        ("mapping_tool", row.mapping_tool),
        ("comment", row.comment),
    ):
        if text:
            yield Quad(node, NamedNode(f"{_SSSOM}{name}"), Literal(text), _REGISTER)
    for source in row.evidence:
        yield Quad(node, terms.DCTERMS_SOURCE, Literal(source), _REGISTER)
    if row.certainty:
        yield Quad(node, terms.IK_CERTAINTY, terms.concept(f"certainty-{row.certainty.replace(' ', '-')}"), _REGISTER)


def _entry(of: Authority, file: str) -> GraphEntry:
    labels = {"de": f"Verknüpfungen mit {of.name}", "en": f"Links to {of.name}"}
    comments = {
        "de": "Welche unserer Sachen welcher Eintrag dort ist, Zeile für Zeile geprüft, mit Begründung und Belegen.",
        "en": "Which of our things is which entry there, reviewed row by row, with justification and evidence.",
    }
    return GraphEntry(of.graph, "links", labels, comments, sources=(file,))


__all__ = ["SUFFIX", "LinkGraph", "read_links", "read_mapping_sets"]
