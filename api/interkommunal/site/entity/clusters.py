"""Rows put beside their sources: those that share a passage stand together, the passage is shown once.

Each row goes to the passage that says most of what the group says, so that few quotes carry many facts. Whatever else
states a value is named beside it in short.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from interkommunal.namespaces import CONCEPT, GRAPH_DERIVED, GRAPH_EDITORIAL, GRAPH_LINKS, GRAPH_REFERENCE, ID
from interkommunal.site.description.lexicon import shortened
from interkommunal.site.description.passages import Finding, Passage
from interkommunal.site.description.statements import term
from interkommunal.site.description.text import without_text
from interkommunal.site.entity.dossier import Dossier
from interkommunal.site.entity.marks import doubtful_marks, status_marks
from interkommunal.site.entity.model import (
    MOST_SIGLA,
    Cluster,
    Evidence,
    Link,
    Mark,
    Note,
    Reading,
    Row,
    Siglum,
    Value,
)

_GRAPH_KIND: Final = term("ik:graphKind")
_CERTAINTY: Final = term("ik:certainty")
_COMMENT: Final = term("rdfs:comment")
_RESOLUTION: Final = term("ik:resolution")
_CANDIDATE: Final = term("ik:candidate")
_FINDINGS: Final = frozenset((term("ik:Discrepancy"), term("ik:Reading")))
# Kinds of discrepancy that leave something wrong or open; the others warn of misreadings.
_HARD: Final = frozenset(f"{CONCEPT}kind-{name}" for name in ("contradiction", "garbled", "gap", "ambiguity"))


class Clusters:
    """Makes the clusters of one page; a discrepancy is explained where it comes first and named after that."""

    def __init__(self, dossier: Dossier) -> None:
        self._dossier = dossier
        self._explained: dict[str, Note] = {}

    @property
    def notes(self) -> tuple[Note, ...]:
        """All discrepancies of the page so far, in its order."""
        return tuple(self._explained.values())

    def of(self, rows: Sequence[Row]) -> tuple[Cluster, ...]:
        """``rows`` in clusters, in the order in which their sources come first; what is only derived comes last."""
        homes = self._homes(rows)
        found = []
        for graph in sorted(dict.fromkeys(homes), key=_is_derived):
            together = tuple(
                _with_sigla(row, graph, self._dossier) for row, home in zip(rows, homes, strict=True) if home == graph
            )
            evidence = None if graph is None else evidence_of(graph, self._dossier)
            found.append(Cluster(together, evidence, self._notes(graph, together)))
        return tuple(found)

    def about(self, passage: str) -> tuple[Note, ...]:
        """The discrepancies about a passage that is itself the thing of the page."""
        found = [item for item in self._dossier.findings.values() if passage in item.targets]
        notes = [note_of(item, self._dossier) for item in found]
        self._explained.update((finding.iri, note) for finding, note in zip(found, notes, strict=True))
        return tuple(notes)

    def _homes(self, rows: Sequence[Row]) -> list[str | None]:
        """The graph under which each row stands: the one that states most rows of those left, passages first."""
        homes: list[str | None] = [None] * len(rows)
        left = {index for index, row in enumerate(rows) if row.graphs}
        while left:
            counts = Counter(graph for index in left for graph in rows[index].graphs)
            best = min(
                counts, key=lambda graph: (_rank(graph, self._dossier), -counts[graph], _place(graph, self._dossier))
            )
            for index in [index for index in left if best in rows[index].graphs]:
                homes[index] = best
                left.discard(index)
        return homes

    def _notes(self, graph: str | None, rows: Sequence[Row]) -> tuple[Note, ...]:
        """Discrepancies about the source of a cluster, and about damaged or contested passages beside it."""
        dossier = self._dossier
        if not dossier.iri.startswith(ID) or _FINDINGS.intersection(dossier.types(dossier.iri)):
            return ()  # what is in doubt about the uses of a term, or besides a finding, is told where it stands
        about = {graph}
        about.update(
            other
            for row in rows
            for cell in row.cells
            for value in cell
            for other in value.graphs
            if other in dossier.passages and dossier.passages[other].is_doubtful
        )
        found = []
        for finding in dossier.findings.values():
            if about.intersection(finding.targets):
                known = self._explained.get(finding.iri)
                note = known or note_of(finding, dossier)
                self._explained.setdefault(finding.iri, note)
                found.append(replace(note, full=known is None))
        return tuple(sorted(found, key=lambda note: (not note.full, not note.hard)))


def note_of(finding: Finding, dossier: Dossier) -> Note:
    """A discrepancy in words."""
    records, language = dossier.records, dossier.language
    readings = tuple(
        Reading(
            title=dossier.say("reading.title", number=number),
            text=records.text(reading, _COMMENT, language) or "",
            href=dossier.site.page(reading),
            candidates=tuple(dossier.link(item) for item in records.resources(reading, _CANDIDATE)),
        )
        for number, reading in enumerate(finding.readings, 1)
    )
    slug = finding.iri.rpartition("/")[2]
    return Note(
        identifier=finding.identifier,
        kind=dossier.name(finding.kind).text if finding.kind else "",
        title=dossier.name(finding.iri).text,
        href=dossier.site.page(finding.iri),
        explanation=records.text(finding.iri, _COMMENT, language) or "",
        treatment=records.text(finding.iri, _RESOLUTION, language) or "",
        readings=readings,
        anchor=f"finding-{slug}",
        hard=finding.kind in _HARD,
    )


def evidence_of(graph: str, dossier: Dossier) -> Evidence:
    """A graph as a source: a passage with its quote, or another graph with what it is."""
    passage = dossier.passages.get(graph)
    if passage is not None:
        return passage_evidence(passage, dossier)
    lexicon, language = dossier.lexicon, dossier.language
    kind = lexicon.statements.resource(graph, _GRAPH_KIND)
    certainty = lexicon.statements.resource(graph, _CERTAINTY)
    marks = (Mark("certainty", dossier.name(certainty).text),) if certainty else ()
    comment = lexicon.statements.text(graph, _COMMENT, language) or ""
    short = kind.removeprefix(f"{CONCEPT}graph-kind-") if kind else "graph"
    return Evidence(
        kind=short,
        iri=graph,
        title=dossier.say("evidence.derived") if _is_derived(graph) else lexicon.name(graph, language).text,
        href=_page_of(graph, dossier),
        marks=marks,
        comment=comment,
    )


def _page_of(graph: str, dossier: Dossier) -> str | None:
    """The page of a graph; links have one that tells why each is believed, where a release is served."""
    if graph.startswith(GRAPH_LINKS) and dossier.edition.release is not None:
        return dossier.site.address(f"/links/{graph.removeprefix(GRAPH_LINKS)}")
    return dossier.site.page(graph)


def passage_evidence(passage: Passage, dossier: Dossier) -> Evidence:
    """A passage as a source: its quote in its sentence, its voice, date and standing."""
    text = dossier.edition.text(passage.slug)
    context = text.in_context(passage) if text else None
    details = []
    if passage.voice:
        details.append(dossier.link(passage.voice))
    if passage.as_of is not None:
        words = dossier.value(passage.iri, term("ik:asOf"), passage.as_of).text
        details.append(Link(dossier.say("evidence.as-of", date=words)))
    return Evidence(
        kind="passage",
        iri=passage.iri,
        title=line_title(passage, dossier),
        href=dossier.site.page(passage.iri),
        reader=dossier.reader(passage),
        quote=context or without_text(passage),
        details=tuple(details),
        marks=status_marks(passage.statuses, dossier),
    )


def line_title(passage: Passage, dossier: Dossier) -> str:
    """``Line 19`` or ``Lines 41 to 43``."""
    if passage.first == passage.last:
        return dossier.say("evidence.line", line=passage.first)
    return dossier.say("evidence.lines", first=passage.first, last=passage.last)


def siglum(graph: str, dossier: Dossier) -> Siglum:
    """The short reference to a graph."""
    passage = dossier.passages.get(graph)
    if passage is not None:
        key = "siglum.line" if passage.first == passage.last else "siglum.lines"
        text = dossier.say(key, first=passage.first, last=passage.last)
        return Siglum(text, dossier.reader(passage), passage.exact, doubtful_marks(graph, dossier))
    name = dossier.lexicon.name(graph, dossier.language).text
    if graph == GRAPH_EDITORIAL:
        return Siglum(dossier.say("siglum.editorial"), dossier.site.page(graph), name)
    if graph.startswith(GRAPH_REFERENCE):
        return Siglum(dossier.say("siglum.reference"), dossier.site.page(graph), name)
    if graph.startswith(GRAPH_LINKS):
        return Siglum(dossier.say("siglum.links"), _page_of(graph, dossier), name)
    if graph.startswith(GRAPH_DERIVED):
        return Siglum(dossier.say("siglum.derived"), dossier.site.page(graph), name)
    return Siglum(name, dossier.site.page(graph), shortened(graph) or graph)


def _with_sigla(row: Row, home: str | None, dossier: Dossier) -> Row:
    return row.with_cells(tuple(tuple(_beside(value, home, dossier) for value in cell) for cell in row.cells))


def _beside(value: Value, home: str | None, dossier: Dossier) -> Value:
    others = sorted(
        (graph for graph in value.graphs if graph != home),
        key=lambda graph: (_rank(graph, dossier), _place(graph, dossier)),
    )
    marks = () if home in value.graphs else _shared_marks(value.graphs, dossier)
    sigla = tuple(siglum(graph, dossier) for graph in others[:MOST_SIGLA])
    return replace(value, sigla=sigla, more=max(0, len(others) - MOST_SIGLA), marks=(*value.marks, *marks))


def _shared_marks(graphs: tuple[str, ...], dossier: Dossier) -> tuple[Mark, ...]:
    """Marks of a value that no sound passage states."""
    marks = [doubtful_marks(graph, dossier) for graph in graphs]
    return marks[0] if marks and all(marks) else ()


def _is_derived(graph: str | None) -> bool:
    return graph is not None and graph.startswith(GRAPH_DERIVED)


def _rank(graph: str, dossier: Dossier) -> int:
    if graph in dossier.passages:
        return 0
    return 1 if graph == GRAPH_EDITORIAL else 2 if graph.startswith(GRAPH_REFERENCE) else 3


def _place(graph: str, dossier: Dossier) -> tuple[object, ...]:
    passage = dossier.passages.get(graph)
    return passage.place if passage else ("~", 0, 0, graph)
