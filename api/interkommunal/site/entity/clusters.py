"""Rows of a group, put beside their sources: those that share a passage are together, the passage is shown once.

A path leads from the thing to others: ``cv:hasParticipation`` forward, ``^cv:hasParticipant`` backward, steps joined by
a slash. A :class:`Listing` says which things a group lists and what its columns show. Each row goes to the passage that
says most of what the group says, so that few quotes carry many facts; whatever else states a value is named beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
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
from interkommunal.site.description.passages import Finding, Passage, is_passage, without_text
from interkommunal.site.entity.context import EntityContext
from interkommunal.site.entity.model import MOST_SIGLA, Cluster, Evidence, Link, Mark, Note, Reading, Row, Siglum, Value
from interkommunal.texts import gettext_noop

_POSITION: Final = expand("schema:position")
_PART_OF: Final = "^dcterms:isPartOf"
# Rows and values of one property that are shown; the rest is looked at page by page.
MOST_ROWS: Final = 60
MOST_VALUES: Final = 40
# How far parts of parts are listed.
_MOST_DEPTH: Final = 4


class Found(NamedTuple):
    """A thing at the end of a path, and the graphs that state the last step."""

    iri: str
    graphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a listing.

    Attributes:
        key: name of its heading among the messages.
        paths: where its values come from; the first that leads somewhere counts. An empty one is the listed thing.
        linked: whether literals lead to the page of the listed thing, because they stand for it.
    """

    key: str
    paths: tuple[str, ...]
    linked: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A group that lists things.

    Attributes:
        key: name of the group. path: ways to the things, all of them.
        columns: what is shown of each. layout: how.
        order: properties by which rows are sorted, after the position that the source gives.
        parts: whether what is part of a listed thing is listed below it.
        classes: only things of these classes. without: no things of these.
        numbered: whether the place in the source's list is shown.
    """

    key: str
    path: tuple[str, ...]
    columns: tuple[Column, ...]
    layout: str = "table"
    order: tuple[str, ...] = ()
    parts: bool = False
    classes: tuple[str, ...] = ()
    numbered: bool = False
    without: tuple[str, ...] = ()


def follow(start: Found, path: str, context: EntityContext) -> list[Found]:
    """What lies at the end of a path."""
    here = [start]
    for step in path.split("/") if path else ():
        following: dict[str, Found] = {}
        for found in here:
            for item in _step(found.iri, step, context):
                following.setdefault(item.iri, item)
        here = list(following.values())
    return here


def things_listed(listing: Listing, context: EntityContext) -> list[Found]:
    """The things of a listing, in its order."""
    things: dict[str, Found] = {}
    for path in listing.path:
        for found in follow(Found(context.iri, ()), path, context):
            things.setdefault(found.iri, found)
    kept = [found for found in things.values() if _belongs(found.iri, listing, context)]
    return sorted(kept, key=lambda found: _order(found.iri, listing, context))


def listed(listing: Listing, things: Sequence[Found], context: EntityContext, depth: int = 0) -> list[Row]:
    """The rows of things in a listing, each with its parts below it where the listing shows them."""
    rows: list[Row] = []
    for found in things:
        rows.append(_row(found, listing, depth, context))
        if listing.parts and depth < _MOST_DEPTH:
            parts = [item for item in _step(found.iri, _PART_OF, context) if _belongs(item.iri, listing, context)]
            parts.sort(key=lambda item: _order(item.iri, listing, context))
            rows.extend(listed(listing, parts, context, depth + 1))
    return rows


def facts(properties: Iterable[str], context: EntityContext) -> list[Row]:
    """A row for each value of the properties of the thing, in their order."""
    rows: list[Row] = []
    for property_ in properties:
        head = context.term_link(property_)
        values = context.values(context.iri, property_)[:MOST_VALUES]
        rows.extend(Row(((value,),), value.graphs, head=head) for value in values)
    return rows


def pointing(property_: str, subjects: Iterable[str], context: EntityContext) -> list[Row]:
    """A row for each of the things that point here by a property."""
    head, here = context.term_link(property_), NamedNode(context.iri)
    stated = ((subject, context.statements.graphs_of(subject, property_, here)) for subject in subjects)
    return [Row(((context.shown(subject, graphs),),), graphs, head=head, inverse=True) for subject, graphs in stated]


def first_steps(listing: Listing, context: EntityContext) -> set[tuple[str, bool, str]]:
    """What a listing shows of the thing's own statements: property, whether it points here, and the other end."""
    found = set()
    for path in listing.path:
        step, _, rest = path.partition("/")
        for item in _step(context.iri, step, context):
            if rest or _belongs(item.iri, listing, context):
                found.add((expand(step.removeprefix("^")), step.startswith("^"), item.iri))
    return found


def _step(iri: str, step: str, context: EntityContext) -> list[Found]:
    """What one step of a path leads to."""
    property_, stated = expand(step.removeprefix("^")), context.statements.graphs_of
    if step.startswith("^"):
        subjects, here = context.statements.pointing(iri, property_), NamedNode(iri)
        return [Found(item, stated(item, property_, here)) for item in subjects]
    values = context.statements.resources(iri, property_)
    return [Found(item, stated(iri, property_, NamedNode(item))) for item in values]


def _row(found: Found, listing: Listing, depth: int, context: EntityContext) -> Row:
    cells = tuple(_cell(found, column, context) for column in listing.columns)
    slug, _, fragment = found.iri.rpartition("/")[2].partition("#")
    return Row(
        cells=cells,
        graphs=_stated(found, cells),
        doubts=context.doubts(found.iri),
        depth=depth,
        number=context.statements.number(found.iri, _POSITION) if listing.numbered else None,
        anchor=fragment or f"{listing.key}-{slug}",
    )


def _stated(found: Found, cells: Sequence[Sequence[Value]]) -> tuple[str, ...]:
    """The passages that state a row: those that tie the thing to this page, or else those of its first value."""
    stated = (found.graphs, *(value.graphs for cell in cells for value in cell))
    passages = (tuple(filter(is_passage, graphs)) for graphs in stated)
    return next(filter(None, passages), found.graphs)


def _cell(found: Found, column: Column, context: EntityContext) -> tuple[Value, ...]:
    for path in column.paths:
        before, _, last = path.rpartition("/")
        values = [] if path else [context.shown(found.iri, found.graphs)]
        for middle in follow(found, before, context) if path else ():
            values.extend(_ends(middle.iri, last, context))
        if values and column.linked:
            page = context.site.page(found.iri)
            values = [replace(value, href=page) if value.href is None else value for value in values]
        if values:
            return tuple(values[:MOST_VALUES])
    return ()


def _ends(iri: str, step: str, context: EntityContext) -> Iterable[Value]:
    if not step.startswith("^"):
        return context.values(iri, expand(step))
    return [context.shown(item.iri, item.graphs) for item in _step(iri, step, context)]


def _belongs(iri: str, listing: Listing, context: EntityContext) -> bool:
    if not listing.classes and not listing.without:
        return True
    own = set(context.statements.types(iri))
    if own.intersection(map(expand, listing.without)):
        return False
    return not listing.classes or bool(own.intersection(map(expand, listing.classes)))


def _order(iri: str, listing: Listing, context: EntityContext) -> tuple[object, ...]:
    literals = (context.statements.literal(iri, expand(name)) for name in listing.order)
    position = context.statements.number(iri, _POSITION)
    keys = [literal.value if literal else "~" for literal in literals]
    return (*keys, position is None, position or 0, context.name(iri).text.casefold(), iri)


_GRAPH_KIND: Final = expand("ik:graphKind")
_CERTAINTY: Final = expand("ik:certainty")
_COMMENT: Final = expand("rdfs:comment")
_RESOLUTION: Final = expand("ik:resolution")
_CANDIDATE: Final = expand("ik:candidate")
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


class Clusters:
    """Makes the clusters of one page; a discrepancy is explained where it comes first and named after that."""

    def __init__(self, context: EntityContext) -> None:
        self._context = context
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
                _with_sigla(row, graph, self._context) for row, home in zip(rows, homes, strict=True) if home == graph
            )
            evidence = None if graph is None else evidence_of(graph, self._context)
            found.append(Cluster(together, evidence, self._notes(graph, together)))
        return tuple(found)

    def about(self, passage: str) -> tuple[Note, ...]:
        """The discrepancies about a passage that is itself the thing of the page."""
        found = [item for item in self._context.findings.values() if passage in item.targets]
        notes = [note_of(item, self._context) for item in found]
        self._explained.update((finding.iri, note) for finding, note in zip(found, notes, strict=True))
        return tuple(notes)

    def _homes(self, rows: Sequence[Row]) -> list[str | None]:
        """The graph under which each row stands: the one that states most rows of those left, passages first."""
        homes: list[str | None] = [None] * len(rows)
        left = {index for index, row in enumerate(rows) if row.graphs}
        while left:
            counts = Counter(graph for index in left for graph in rows[index].graphs)
            best = min(
                counts, key=lambda graph: (_rank(graph, self._context), -counts[graph], _place(graph, self._context))
            )
            for index in [index for index in left if best in rows[index].graphs]:
                homes[index] = best
                left.discard(index)
        return homes

    def _notes(self, graph: str | None, rows: Sequence[Row]) -> tuple[Note, ...]:
        """Discrepancies about the source of a cluster, and about damaged or contested passages beside it."""
        context = self._context
        if not context.iri.startswith(ID) or _FINDINGS.intersection(context.types(context.iri)):
            return ()  # what is in doubt about the uses of a term, or besides a finding, is told where it stands
        about = {graph}
        about.update(
            other
            for row in rows
            for cell in row.cells
            for value in cell
            for other in value.graphs
            if other in context.passages and context.passages[other].is_doubtful
        )
        found = []
        for finding in context.findings.values():
            if about.intersection(finding.targets):
                known = self._explained.get(finding.iri)
                note = known or note_of(finding, context)
                self._explained.setdefault(finding.iri, note)
                found.append(replace(note, full=known is None))
        return tuple(sorted(found, key=lambda note: (not note.full, not note.hard)))


def note_of(finding: Finding, context: EntityContext) -> Note:
    """A discrepancy in words."""
    records, language = context.records, context.language
    readings = tuple(
        Reading(
            title=context.say("Reading {number}", number=number),
            text=records.text(reading, _COMMENT, language) or "",
            href=context.site.page(reading),
            candidates=tuple(context.link(item) for item in records.resources(reading, _CANDIDATE)),
        )
        for number, reading in enumerate(finding.readings, 1)
    )
    slug = finding.iri.rpartition("/")[2]
    return Note(
        identifier=finding.identifier,
        kind=context.name(finding.kind).text if finding.kind else "",
        title=context.name(finding.iri).text,
        href=context.site.page(finding.iri),
        explanation=records.text(finding.iri, _COMMENT, language) or "",
        treatment=records.text(finding.iri, _RESOLUTION, language) or "",
        readings=readings,
        anchor=f"finding-{slug}",
        hard=finding.kind in _HARD,
    )


def evidence_of(graph: str, context: EntityContext) -> Evidence:
    """A graph as a source: a passage with its quote, or another graph with what it is."""
    passage = context.passages.get(graph)
    if passage is not None:
        return passage_evidence(passage, context)
    lexicon, statements = context.lexicon, context.lexicon.statements
    kind, certainty = statements.resource(graph, _GRAPH_KIND), statements.resource(graph, _CERTAINTY)
    name = lexicon.name(graph, context.language).text
    return Evidence(
        kind=kind.removeprefix(f"{CONCEPT}graph-kind-") if kind else "graph",
        iri=graph,
        title=context.say("Derived by a rule") if _is_derived(graph) else name,
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
    quote = text.in_context(passage) if text else None
    details = []
    if passage.voice:
        details.append(context.link(passage.voice))
    if passage.as_of is not None:
        words = context.value(passage.iri, expand("ik:asOf"), passage.as_of).text
        details.append(Link(context.say("As of {date}", date=words)))
    return Evidence(
        kind="passage",
        iri=passage.iri,
        title=line_title(passage, context),
        href=context.site.page(passage.iri),
        reader=context.reader(passage),
        quote=quote or without_text(passage),
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


def _with_sigla(row: Row, home: str | None, context: EntityContext) -> Row:
    return replace(row, cells=tuple(tuple(_beside(value, home, context) for value in cell) for cell in row.cells))


def _beside(value: Value, home: str | None, context: EntityContext) -> Value:
    others = sorted(
        (graph for graph in value.graphs if graph != home),
        key=lambda graph: (_rank(graph, context), _place(graph, context)),
    )
    marks = () if home in value.graphs else _shared_marks(value.graphs, context)
    sigla = tuple(siglum(graph, context) for graph in others[:MOST_SIGLA])
    return replace(value, sigla=sigla, more=max(0, len(others) - MOST_SIGLA), marks=(*value.marks, *marks))


def _shared_marks(graphs: tuple[str, ...], context: EntityContext) -> tuple[Mark, ...]:
    """Marks of a value that no sound passage states."""
    marks = [context.doubtful_marks(graph) for graph in graphs]
    return marks[0] if marks and all(marks) else ()


def _is_derived(graph: str | None) -> bool:
    return graph is not None and graph.startswith(GRAPH_DERIVED)


def _rank(graph: str, context: EntityContext) -> int:
    if graph in context.passages:
        return 0
    return 1 if graph == GRAPH_EDITORIAL else 2 if graph.startswith(GRAPH_REFERENCE) else 3


def _place(graph: str, context: EntityContext) -> tuple[object, ...]:
    passage = context.passages.get(graph)
    return passage.place if passage else ("~", 0, 0, graph)
