"""Rows of a group, put beside their sources: those that share a passage are together, the passage is shown once.

A path leads from the thing to others, written as in SPARQL: ``cv:hasParticipation`` forward, ``^cv:hasParticipant``
backward, steps joined by a slash, alternatives by a bar. A :class:`Listing` says which things a group lists and what
its columns show. Each row goes to the passage that says most of what the group says, so that few quotes carry many
facts; whatever else states a value is named beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from interkommunal.namespaces import (
    CONCEPT,
    GRAPH_DERIVED,
    GRAPH_EDITORIAL,
    GRAPH_LINKS,
    GRAPH_REFERENCE,
    ID,
    curie,
    expand,
)
from interkommunal.site.description.passages import Finding, Passage, without_text
from interkommunal.site.description.statements import is_passage
from interkommunal.site.entity.context import EntityContext
from interkommunal.site.entity.model import MOST_SIGLA, Cluster, Evidence, Link, Mark, Note, Row, Siglum, Value
from interkommunal.texts import gettext_noop

_POSITION: Final = expand("schema:position")
# Values of one property that are shown; the rest is looked at page by page.
MOST_VALUES: Final = 40
# How far parts of parts are listed.
_MOST_DEPTH: Final = 4


class Found(NamedTuple):
    """A thing at the end of a path, and the graphs that state the last step."""

    iri: str
    graphs: tuple[str, ...] = ()


class Column(NamedTuple):
    """A column of a listing.

    Attributes:
        key: its heading, in English.
        path: step to its values; the first alternative that leads somewhere counts. An empty one is the listed thing.
        linked: whether literals lead to the page of the listed thing, because they say what it says.
    """

    key: str
    path: str = ""
    linked: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A group that lists things.

    Attributes:
        key: name of the group.
        path: ways to the things, all of them.
        columns: what is shown of each. layout: how.
        order: property by which rows are sorted, before the position that the source gives.
        parts: whether what is part of a listed thing is listed below it.
        classes: only things of these classes.
        numbered: whether the place in the source's list is shown.
    """

    key: str
    path: str
    columns: tuple[Column, ...]
    layout: str = "table"
    order: str = ""
    parts: bool = False
    classes: tuple[str, ...] = ()
    numbered: bool = False

    def things(self, start: Found, context: EntityContext) -> list[Found]:
        """The things that it lists for ``start``, in its order."""
        return self._kept(follow(start, self.path, context), context)

    def rows(self, things: Sequence[Found], context: EntityContext, depth: int = 0) -> Iterable[Row]:
        """The rows of things, each with its parts below it if the listing shows them."""
        for found in things:
            cells = tuple(_cell(found, column, context) for column in self.columns)
            # A row is stated by the passages that tie the thing to this page, or else by those of its first value.
            stated = (found.graphs, *(value.graphs for cell in cells for value in cell))
            passages = (tuple(filter(is_passage, graphs)) for graphs in stated)
            slug, _, fragment = found.iri.rpartition("/")[2].partition("#")
            yield Row(
                cells=cells,
                graphs=next(filter(None, passages), found.graphs),
                doubts=context.doubts(found.iri),
                depth=depth,
                number=context.statements.number(found.iri, _POSITION) if self.numbered else None,
                anchor=fragment or f"{self.key}-{slug}",
            )
            if self.parts and depth < _MOST_DEPTH:
                parts = self._kept(follow(found, "^dcterms:isPartOf", context), context)
                yield from self.rows(parts, context, depth + 1)

    def shown(self, context: EntityContext) -> Iterable[tuple[str, bool, str]]:
        """What it shows of the thing's own statements: property, whether it points here, and the other end."""
        for path in self.path.split("|"):
            step, _, rest = path.partition("/")
            for item in follow(Found(context.iri), step, context):
                if rest or self._lists(item.iri, context):
                    yield expand(step.removeprefix("^")), step.startswith("^"), item.iri

    def _lists(self, iri: str, context: EntityContext) -> bool:
        return not self.classes or not set(map(expand, self.classes)).isdisjoint(context.statements.types(iri))

    def _kept(self, things: Iterable[Found], context: EntityContext) -> list[Found]:
        def key(found: Found) -> tuple[object, ...]:
            literal = context.statements.literal(found.iri, expand(self.order)) if self.order else None
            position, name = context.statements.number(found.iri, _POSITION), context.name(found.iri).text.casefold()
            return (literal.value if literal else "~", position is None, position or 0, name, found.iri)

        return sorted((found for found in things if self._lists(found.iri, context)), key=key)


def follow(start: Found, path: str, context: EntityContext) -> list[Found]:
    """What lies at the end of a path, each thing once."""
    ends: dict[str, Found] = {}
    for way in path.split("|"):
        here = [start]
        for step in way.split("/"):
            here = [item for found in here for item in _step(found.iri, step, context)]
        for item in here:
            ends.setdefault(item.iri, item)
    return list(ends.values())


def facts(properties: Iterable[str], context: EntityContext) -> list[Row]:
    """A row for each value of the properties of the thing, in their order."""
    return [
        Row(((value,),), value.graphs, head=context.term_link(property_))
        for property_ in properties
        for value in context.values(context.iri, property_)[:MOST_VALUES]
    ]


def _step(iri: str, step: str, context: EntityContext) -> list[Found]:
    """What one step of a path leads to."""
    property_, statements = expand(step.removeprefix("^")), context.statements
    if step.startswith("^"):
        subjects, here = statements.pointing(iri, property_), NamedNode(iri)
        return [Found(item, statements.graphs_of(item, property_, here)) for item in subjects]
    values = statements.resources(iri, property_)
    return [Found(item, statements.graphs_of(iri, property_, NamedNode(item))) for item in values]


def _cell(found: Found, column: Column, context: EntityContext) -> tuple[Value, ...]:
    for step in column.path.split("|"):
        if not step:
            values: Sequence[Value] = (context.shown(*found),)
        elif step.startswith("^"):
            values = [context.shown(*item) for item in _step(found.iri, step, context)]
        else:
            values = context.values(found.iri, expand(step))
        if values and column.linked:
            page = context.site.page(found.iri)
            values = [replace(value, href=page) if value.href is None else value for value in values]
        if values:
            return tuple(values[:MOST_VALUES])
    return ()


_COMMENT: Final = expand("rdfs:comment")
_FINDINGS: Final = frozenset((expand("ik:Discrepancy"), expand("ik:Reading")))
# Kinds of discrepancy that leave something wrong or open; the others warn of misreadings.
_HARD: Final = frozenset(f"{CONCEPT}kind-{name}" for name in ("contradiction", "garbled", "gap", "ambiguity"))
# How graphs are called beside a value.
_SHORT: Final = {
    GRAPH_EDITORIAL: gettext_noop("Editors"),
    GRAPH_REFERENCE: gettext_noop("reference data"),
    GRAPH_LINKS: gettext_noop("link"),
    GRAPH_DERIVED: gettext_noop("derived"),
}


@dataclass(frozen=True)
class Clusters:
    """Makes the clusters of one page; a discrepancy is explained where it comes first and named after that.

    Attributes:
        context: of the thing. notes: all discrepancies of the page so far, by IRI, in its order.
    """

    context: EntityContext
    notes: dict[str, Note] = field(default_factory=dict)

    def of(self, rows: Sequence[Row]) -> tuple[Cluster, ...]:
        """``rows`` in clusters, in the order in which their sources come first; what is only derived comes last."""
        context, homes = self.context, self._homes(rows)
        found = []
        for graph in sorted(dict.fromkeys(homes), key=lambda graph: (graph or "").startswith(GRAPH_DERIVED)):
            together = tuple(
                replace(row, cells=tuple(tuple(_beside(value, graph, context) for value in cell) for cell in row.cells))
                for row, home in zip(rows, homes, strict=True)
                if home == graph
            )
            evidence = None if graph is None else evidence_of(graph, context)
            found.append(Cluster(together, evidence, self._notes(graph, together)))
        return tuple(found)

    def about(self, passage: str) -> tuple[Note, ...]:
        """The discrepancies about a passage that is itself the thing of the page."""
        found = [item for item in self.context.findings.values() if passage in item.targets]
        self.notes.update((item.iri, note_of(item, self.context)) for item in found)
        return tuple(self.notes[item.iri] for item in found)

    def _homes(self, rows: Sequence[Row]) -> list[str | None]:
        """The graph under which each row stands: the one that states most rows of those left, passages first."""
        homes: list[str | None] = [None] * len(rows)
        left = {index for index, row in enumerate(rows) if row.graphs}
        while left:
            counts = Counter(graph for index in left for graph in rows[index].graphs)
            ranks = {graph: _rank(graph, self.context) for graph in counts}
            best = min(counts, key=lambda graph: (ranks[graph][0], -counts[graph], ranks[graph]))
            for index in [index for index in left if best in rows[index].graphs]:
                homes[index] = best
                left.discard(index)
        return homes

    def _notes(self, graph: str | None, rows: Sequence[Row]) -> tuple[Note, ...]:
        """Discrepancies about the source of a cluster, and about damaged or contested passages beside it."""
        context = self.context
        if not context.iri.startswith(ID) or _FINDINGS.intersection(context.types(context.iri)):
            return ()  # what is in doubt about the uses of a term, or besides a finding, is told where it stands
        beside = {other for row in rows for cell in row.cells for value in cell for other in value.graphs}
        about = {graph, *(item for item in beside & context.passages.keys() if context.passages[item].is_doubtful)}
        found = []
        for finding in context.findings.values():
            if about.intersection(finding.targets):
                is_known = finding.iri in self.notes
                if not is_known:
                    self.notes[finding.iri] = note_of(finding, context)
                found.append(replace(self.notes[finding.iri], full=not is_known))
        return tuple(sorted(found, key=lambda note: (not note.full, not note.hard)))


def note_of(finding: Finding, context: EntityContext) -> Note:
    """A discrepancy in words."""

    def text(iri: str, name: str) -> str:
        return context.records.text(iri, expand(name), context.language) or ""

    return Note(
        identifier=finding.identifier,
        kind=context.name(finding.kind).text if finding.kind else "",
        title=context.name(finding.iri).text,
        href=context.site.page(finding.iri),
        explanation=text(finding.iri, "rdfs:comment"),
        treatment=text(finding.iri, "ik:resolution"),
        readings=tuple(
            (
                Link(context.say("Reading {number}", number=number), context.site.page(reading)),
                text(reading, "rdfs:comment"),
            )
            for number, reading in enumerate(finding.readings, 1)
        ),
        anchor=f"finding-{finding.iri.rpartition('/')[2]}",
        hard=finding.kind in _HARD,
    )


def evidence_of(graph: str, context: EntityContext) -> Evidence:
    """A graph as a source: a passage with its quote, or another graph with what it is."""
    if graph in context.passages:
        return passage_evidence(context.passages[graph], context)
    statements = context.lexicon.statements
    kind, certainty = (statements.resource(graph, expand(name)) for name in ("ik:graphKind", "ik:certainty"))
    is_derived, name = graph.startswith(GRAPH_DERIVED), context.lexicon.name(graph, context.language).text
    return Evidence(
        kind=kind.removeprefix(f"{CONCEPT}graph-kind-") if kind else "graph",
        iri=graph,
        title=context.say("Derived by a rule") if is_derived else name,
        href=_page_of(graph, context),
        marks=(Mark("certainty", context.name(certainty).text),) if certainty else (),
        comment=statements.text(graph, _COMMENT, context.language) or "",
    )


def _page_of(graph: str, context: EntityContext) -> str | None:
    """The page of a graph; links have one that tells why each is believed, where a release is served."""
    if graph.startswith(GRAPH_LINKS) and context.release_view.release is not None:
        return context.site.address(f"/links/{graph.removeprefix(GRAPH_LINKS)}")
    return context.site.page(graph)


def passage_evidence(passage: Passage, context: EntityContext) -> Evidence:
    """A passage as a source: its quote in its sentence, its voice, date and standing."""
    text = context.release_view.text(passage.slug)
    details = [context.link(passage.voice)] if passage.voice else []
    if passage.as_of is not None:
        words = context.value(passage.iri, expand("ik:asOf"), passage.as_of).text
        details.append(Link(context.say("As of {date}", date=words)))
    return Evidence(
        kind="passage",
        iri=passage.iri,
        title=line_title(passage, context),
        href=context.site.page(passage.iri),
        reader=context.reader(passage),
        quote=(text.in_context(passage) if text else None) or without_text(passage),
        details=tuple(details),
        marks=context.marks(passage.statuses),
    )


def line_title(passage: Passage, context: EntityContext) -> str:
    """``Line 19`` or ``Lines 41 to 43``."""
    if passage.first == passage.last:
        return context.say("Line {line}", line=passage.first)
    return context.say("Lines {first} to {last}", first=passage.first, last=passage.last)


def siglum(graph: str, context: EntityContext) -> Siglum:
    """The short reference to a graph."""
    passage = context.passages.get(graph)
    if passage is not None:
        key = gettext_noop("l. {first}") if passage.first == passage.last else gettext_noop("l. {first}–{last}")
        text = context.say(key, first=passage.first, last=passage.last)
        return Siglum(text, context.reader(passage), passage.exact, context.doubtful_marks(graph))
    name = context.lexicon.name(graph, context.language).text
    short = next((context.say(word) for start, word in _SHORT.items() if graph.startswith(start)), "")
    return Siglum(short or name, _page_of(graph, context), name if short else curie(graph) or graph)


def _beside(value: Value, home: str | None, context: EntityContext) -> Value:
    """A value with what else states it, and the marks that are common to all that state it if none is at hand."""
    others = sorted((graph for graph in value.graphs if graph != home), key=lambda graph: _rank(graph, context))
    doubtful = [] if home in value.graphs else [context.doubtful_marks(graph) for graph in value.graphs]
    return replace(
        value,
        sigla=tuple(siglum(graph, context) for graph in others[:MOST_SIGLA]),
        more=max(0, len(others) - MOST_SIGLA),
        marks=(*value.marks, *(doubtful[0] if doubtful and all(doubtful) else ())),
    )


def _rank(graph: str, context: EntityContext) -> tuple[object, ...]:
    """Passages in the order of the text, then what editors say, reference data, and other graphs."""
    if graph in context.passages:
        return (0, *context.passages[graph].place)
    return (1 if graph == GRAPH_EDITORIAL else 2 if graph.startswith(GRAPH_REFERENCE) else 3, graph)
