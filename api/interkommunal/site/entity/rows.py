"""Rows of a group: properties of the thing itself, or other things with what is said of them.

A path leads from the thing to others: ``cv:hasParticipation`` forward, ``^cv:hasParticipant`` backward, steps joined by
a slash. A :class:`Listing` says which things a group lists and what stands in its columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from interkommunal.site.description.passages import is_passage
from interkommunal.site.description.statements import term
from interkommunal.site.entity.dossier import Dossier
from interkommunal.site.entity.marks import doubts
from interkommunal.site.entity.model import Link, Row, Value

_POSITION: Final = term("schema:position")
_PART_OF: Final = term("dcterms:isPartOf")
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


def follow(start: Found, path: str, dossier: Dossier) -> list[Found]:
    """What lies at the end of a path."""
    if not path:
        return [start]
    here = [start]
    for step in path.split("/"):
        property_ = term(step.removeprefix("^"))
        following: dict[str, tuple[str, ...]] = {}
        for found in here:
            for item in _step(found.iri, property_, backward=step.startswith("^"), dossier=dossier):
                following.setdefault(item.iri, item.graphs)
        here = [Found(iri, graphs) for iri, graphs in following.items()]
    return here


def listed(listing: Listing, dossier: Dossier) -> list[Row]:
    """The rows of a listing."""
    things: dict[str, Found] = {}
    for path in listing.path:
        for found in follow(Found(dossier.iri, ()), path, dossier):
            things.setdefault(found.iri, found)
    kept = [found for found in things.values() if _belongs(found.iri, listing, dossier)]
    kept.sort(key=lambda found: _order(found.iri, listing, dossier))
    rows: list[Row] = []
    for found in kept[:MOST_ROWS]:
        rows.append(_row(found, listing, 0, dossier))
        if listing.parts:
            rows.extend(_part_rows(found.iri, listing, 1, dossier))
    return rows


def count_listed(listing: Listing, dossier: Dossier) -> int:
    """How many things a listing has, shown or not."""
    things = {found.iri for path in listing.path for found in follow(Found(dossier.iri, ()), path, dossier)}
    return sum(1 for iri in things if _belongs(iri, listing, dossier))


def facts(properties: Iterable[str], dossier: Dossier) -> list[Row]:
    """A row for each value of the properties of the thing, in their order."""
    rows: list[Row] = []
    for property_ in properties:
        head = dossier.term_link(property_)
        values = dossier.values(dossier.iri, property_)[:MOST_VALUES]
        rows.extend(Row(((value,),), value.graphs, head=head) for value in values)
    return rows


def pointing(property_: str, subjects: Iterable[str], dossier: Dossier) -> list[Row]:
    """A row for each of the things that point here by a property."""
    head = dossier.term_link(property_)
    rows = []
    for subject in subjects:
        graphs = _graphs(subject, property_, dossier.iri, dossier)
        rows.append(Row(((_thing(subject, graphs, dossier),),), graphs, head=head, inverse=True))
    return rows


def first_steps(listing: Listing, dossier: Dossier) -> set[tuple[str, bool, str]]:
    """What a listing shows of the thing's own statements: property, whether it points here, and the other end."""
    found = set()
    for path in listing.path:
        step, _, rest = path.partition("/")
        for item in follow(Found(dossier.iri, ()), step, dossier):
            if rest or _belongs(item.iri, listing, dossier):
                found.add((term(step.removeprefix("^")), step.startswith("^"), item.iri))
    return found


def _row(found: Found, listing: Listing, depth: int, dossier: Dossier) -> Row:
    cells = tuple(_cell(found, column, dossier) for column in listing.columns)
    graphs = _stated(found, cells)
    number = dossier.statements.number(found.iri, _POSITION) if listing.numbered else None
    slug, _, fragment = found.iri.rpartition("/")[2].partition("#")
    return Row(
        cells=cells,
        graphs=graphs,
        doubts=doubts(found.iri, dossier),
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


def _part_rows(whole: str, listing: Listing, depth: int, dossier: Dossier) -> list[Row]:
    rows = []
    parts = [Found(iri, _graphs(iri, _PART_OF, whole, dossier)) for iri in dossier.statements.pointing(whole, _PART_OF)]
    for part in sorted(parts, key=lambda found: _order(found.iri, listing, dossier)):
        if _belongs(part.iri, listing, dossier):
            rows.append(_row(part, listing, depth, dossier))
            if depth < 4:
                rows.extend(_part_rows(part.iri, listing, depth + 1, dossier))
    return rows


def _cell(found: Found, column: Column, dossier: Dossier) -> tuple[Value, ...]:
    for path in column.paths:
        values: list[Value] = []
        if not path:
            values.append(_thing(found.iri, found.graphs, dossier))
        else:
            before, _, last = path.rpartition("/")
            for middle in follow(found, before, dossier):
                values.extend(_ends(middle.iri, last, dossier))
        if values and column.linked:
            page = dossier.site.page(found.iri)
            values = [replace(value, href=page) if value.href is None else value for value in values]
        if values:
            return tuple(values[:MOST_VALUES])
    return ()


def _ends(iri: str, step: str, dossier: Dossier) -> Iterable[Value]:
    property_ = term(step.removeprefix("^"))
    if not step.startswith("^"):
        return dossier.values(iri, property_)
    return [
        _thing(subject, _graphs(subject, property_, iri, dossier), dossier)
        for subject in dossier.statements.pointing(iri, property_)
    ]


def _thing(iri: str, graphs: tuple[str, ...], dossier: Dossier) -> Value:
    link = dossier.link(iri)
    return Value(link.text, link.language, link.href, external=not dossier.site.page(iri), graphs=graphs)


def _step(iri: str, property_: str, *, backward: bool, dossier: Dossier) -> list[Found]:
    statements = dossier.statements
    if backward:
        return [Found(item, _graphs(item, property_, iri, dossier)) for item in statements.pointing(iri, property_)]
    return [Found(item, _graphs(iri, property_, item, dossier)) for item in statements.resources(iri, property_)]


def _graphs(subject: str, property_: str, value: str, dossier: Dossier) -> tuple[str, ...]:
    return dossier.statements.graphs_of(subject, property_, NamedNode(value))


def _belongs(iri: str, listing: Listing, dossier: Dossier) -> bool:
    if not listing.classes and not listing.without:
        return True
    own = set(dossier.statements.types(iri))
    if listing.without and own & {term(name) for name in listing.without}:
        return False
    return not listing.classes or bool(own & {term(name) for name in listing.classes})


def _order(iri: str, listing: Listing, dossier: Dossier) -> tuple[object, ...]:
    keys: list[object] = []
    for name in listing.order:
        literal = dossier.statements.literal(iri, term(name))
        keys.append(literal.value if literal else "~")
    position = dossier.statements.number(iri, _POSITION)
    return (*keys, position is None, position or 0, dossier.name(iri).text.casefold(), iri)


def kinds_of(iri: str, dossier: Dossier) -> tuple[Link, ...]:
    """What a thing is: its classes, each leading to its definition."""
    return tuple(dossier.term_link(item) for item in dossier.types(iri))
