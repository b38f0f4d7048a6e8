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
from interkommunal.site.entity.marks import doubts
from interkommunal.site.entity.model import Link, Row, Value

_POSITION: Final = expand("schema:position")
_PART_OF: Final = expand("dcterms:isPartOf")
# Rows and values of one property that are shown; the rest is looked at page by page.
MOST_ROWS: Final = 60
MOST_VALUES: Final = 40


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


def follow(start: Found, path: str, entity_context: EntityContext) -> list[Found]:
    """What lies at the end of a path."""
    if not path:
        return [start]
    here = [start]
    for step in path.split("/"):
        property_ = expand(step.removeprefix("^"))
        following: dict[str, tuple[str, ...]] = {}
        for found in here:
            for item in _step(found.iri, property_, backward=step.startswith("^"), entity_context=entity_context):
                following.setdefault(item.iri, item.graphs)
        here = [Found(iri, graphs) for iri, graphs in following.items()]
    return here


def listed(listing: Listing, entity_context: EntityContext) -> list[Row]:
    """The rows of a listing."""
    things: dict[str, Found] = {}
    for path in listing.path:
        for found in follow(Found(entity_context.iri, ()), path, entity_context):
            things.setdefault(found.iri, found)
    kept = [found for found in things.values() if _belongs(found.iri, listing, entity_context)]
    kept.sort(key=lambda found: _order(found.iri, listing, entity_context))
    rows: list[Row] = []
    for found in kept[:MOST_ROWS]:
        rows.append(_row(found, listing, 0, entity_context))
        if listing.parts:
            rows.extend(_part_rows(found.iri, listing, 1, entity_context))
    return rows


def count_listed(listing: Listing, entity_context: EntityContext) -> int:
    """How many things a listing has, shown or not."""
    things = {
        found.iri for path in listing.path for found in follow(Found(entity_context.iri, ()), path, entity_context)
    }
    return sum(1 for iri in things if _belongs(iri, listing, entity_context))


def facts(properties: Iterable[str], entity_context: EntityContext) -> list[Row]:
    """A row for each value of the properties of the thing, in their order."""
    rows: list[Row] = []
    for property_ in properties:
        head = entity_context.term_link(property_)
        values = entity_context.values(entity_context.iri, property_)[:MOST_VALUES]
        rows.extend(Row(((value,),), value.graphs, head=head) for value in values)
    return rows


def pointing(property_: str, subjects: Iterable[str], entity_context: EntityContext) -> list[Row]:
    """A row for each of the things that point here by a property."""
    head = entity_context.term_link(property_)
    rows = []
    for subject in subjects:
        graphs = _graphs(subject, property_, entity_context.iri, entity_context)
        rows.append(Row(((_thing(subject, graphs, entity_context),),), graphs, head=head, inverse=True))
    return rows


def first_steps(listing: Listing, entity_context: EntityContext) -> set[tuple[str, bool, str]]:
    """What a listing shows of the thing's own statements: property, whether it points here, and the other end."""
    found = set()
    for path in listing.path:
        step, _, rest = path.partition("/")
        for item in follow(Found(entity_context.iri, ()), step, entity_context):
            if rest or _belongs(item.iri, listing, entity_context):
                found.add((expand(step.removeprefix("^")), step.startswith("^"), item.iri))
    return found


def _row(found: Found, listing: Listing, depth: int, entity_context: EntityContext) -> Row:
    cells = tuple(_cell(found, column, entity_context) for column in listing.columns)
    graphs = _stated(found, cells)
    number = entity_context.statements.number(found.iri, _POSITION) if listing.numbered else None
    slug, _, fragment = found.iri.rpartition("/")[2].partition("#")
    return Row(
        cells=cells,
        graphs=graphs,
        doubts=doubts(found.iri, entity_context),
        depth=depth,
        number=number,
        anchor=fragment or f"{listing.key}-{slug}",
    )


def _stated(found: Found, cells: Sequence[Sequence[Value]]) -> tuple[str, ...]:
    """The graphs that state a row: those that tie the thing to this page, or else those of its first value."""
    passages = tuple(graph for graph in found.graphs if is_passage(graph))
    if passages:
        return passages
    for cell in cells:
        for value in cell:
            own = tuple(graph for graph in value.graphs if is_passage(graph))
            if own:
                return own
    return found.graphs


def _part_rows(whole: str, listing: Listing, depth: int, entity_context: EntityContext) -> list[Row]:
    rows = []
    parts = [
        Found(iri, _graphs(iri, _PART_OF, whole, entity_context))
        for iri in entity_context.statements.pointing(whole, _PART_OF)
    ]
    for part in sorted(parts, key=lambda found: _order(found.iri, listing, entity_context)):
        if _belongs(part.iri, listing, entity_context):
            rows.append(_row(part, listing, depth, entity_context))
            if depth < 4:
                rows.extend(_part_rows(part.iri, listing, depth + 1, entity_context))
    return rows


def _cell(found: Found, column: Column, entity_context: EntityContext) -> tuple[Value, ...]:
    for path in column.paths:
        values: list[Value] = []
        if not path:
            values.append(_thing(found.iri, found.graphs, entity_context))
        else:
            before, _, last = path.rpartition("/")
            for middle in follow(found, before, entity_context):
                values.extend(_ends(middle.iri, last, entity_context))
        if values and column.linked:
            page = entity_context.site.page(found.iri)
            values = [replace(value, href=page) if value.href is None else value for value in values]
        if values:
            return tuple(values[:MOST_VALUES])
    return ()


def _ends(iri: str, step: str, entity_context: EntityContext) -> Iterable[Value]:
    property_ = expand(step.removeprefix("^"))
    if not step.startswith("^"):
        return entity_context.values(iri, property_)
    return [
        _thing(subject, _graphs(subject, property_, iri, entity_context), entity_context)
        for subject in entity_context.statements.pointing(iri, property_)
    ]


def _thing(iri: str, graphs: tuple[str, ...], entity_context: EntityContext) -> Value:
    link = entity_context.link(iri)
    return Value(link.text, link.language, link.href, external=not entity_context.site.page(iri), graphs=graphs)


def _step(iri: str, property_: str, *, backward: bool, entity_context: EntityContext) -> list[Found]:
    statements = entity_context.statements
    if backward:
        return [
            Found(item, _graphs(item, property_, iri, entity_context)) for item in statements.pointing(iri, property_)
        ]
    return [Found(item, _graphs(iri, property_, item, entity_context)) for item in statements.resources(iri, property_)]


def _graphs(subject: str, property_: str, value: str, entity_context: EntityContext) -> tuple[str, ...]:
    return entity_context.statements.graphs_of(subject, property_, NamedNode(value))


def _belongs(iri: str, listing: Listing, entity_context: EntityContext) -> bool:
    if not listing.classes and not listing.without:
        return True
    own = set(entity_context.statements.types(iri))
    if listing.without and own & {expand(name) for name in listing.without}:
        return False
    return not listing.classes or bool(own & {expand(name) for name in listing.classes})


def _order(iri: str, listing: Listing, entity_context: EntityContext) -> tuple[object, ...]:
    keys: list[object] = []
    for name in listing.order:
        literal = entity_context.statements.literal(iri, expand(name))
        keys.append(literal.value if literal else "~")
    position = entity_context.statements.number(iri, _POSITION)
    return (*keys, position is None, position or 0, entity_context.name(iri).text.casefold(), iri)


def kinds_of(iri: str, entity_context: EntityContext) -> tuple[Link, ...]:
    """What a thing is: its classes, each leading to its definition."""
    return tuple(entity_context.term_link(item) for item in entity_context.types(iri))
