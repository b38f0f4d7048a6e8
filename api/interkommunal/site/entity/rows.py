"""Rows of a group: properties of the thing itself, or other things with what is said of them.

A path leads from the thing to others: ``cv:hasParticipation`` forward, ``^cv:hasParticipant`` backward, steps joined by
a slash. A :class:`Listing` says which things a group lists and what stands in its columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from interkommunal.namespaces import expand
from interkommunal.site.description.passages import is_passage
from interkommunal.site.entity.context import EntityContext
from interkommunal.site.entity.model import Row, Value

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
