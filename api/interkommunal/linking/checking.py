"""Whether accepted links still hold: items are merged, deleted, made into something else, renamed and moved.

In: the accepted rows about Wikidata, our things, an endpoint. Out: findings, each with the way to mend it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from interkommunal.graph.mapping_set import ACCEPTED, CLOSE, EXACT, REJECTED, MappingRow, MappingSet
from interkommunal.linking.endpoint import Endpoint
from interkommunal.linking.items import Item, Tell, by_keys, describe
from interkommunal.linking.scoring import FAR, KEY_NAMES, nearest
from interkommunal.linking.things import Thing, kind


@dataclass(frozen=True, slots=True)
class LinkFinding:
    """Something wrong with a link.

    Attributes:
        problem: ``merged``, ``deleted``, ``retyped``, ``drifted``, ``moved``, ``duplicate``.
        subject_id, object_id: the row. message: what is wrong. mend: what to do.
        place: file and line of the row.
    """

    problem: str
    subject_id: str
    object_id: str
    message: str
    mend: str
    place: str


def check_links(
    things: Sequence[Thing],
    known: MappingSet,
    endpoint: Endpoint,
    tell: Tell = lambda step, done, total: None,
) -> list[LinkFinding]:
    """Findings about the accepted rows of ``known``, in the order of the rows.

    Raises:
        UnreachableError: the endpoint does not answer.
    """
    rows = known.of_state(ACCEPTED)
    ours = {thing.curie: thing for thing in things}
    items = describe(endpoint, [_name(row) for row in rows], tell)
    keys = sorted({key for row in rows if row.subject_id in ours for key in ours[row.subject_id].keys})
    holders = by_keys(endpoint, keys, tell) if keys else {}
    found: list[LinkFinding] = []
    for row in rows:
        item = items[_name(row)]
        gone = _gone(row, item, known)
        if gone is not None:
            found.append(gone)
            continue
        thing = ours.get(row.subject_id)
        if thing is not None and row.predicate_id == EXACT:
            found += _changed(row, thing, item)
            found += _duplicates(row, thing, holders, known)
        if row.object_label and row.object_label not in item.names:
            now = item.labels.get("de") or item.labels.get("en") or "without a name"
            message = f"the item was called “{row.object_label}” and is now “{now}”"
            mend = f"look whether it is still the same thing, then write {now!r} into object_label"
            found.append(_finding("drifted", row, message, mend))
    return found + list(_shared(rows))


def _gone(row: MappingRow, item: Item, known: MappingSet) -> LinkFinding | None:
    if item.merged_into:
        target = f"wd:{item.merged_into}"
        message = f"{row.object_id} was merged into {target}"
        if (row.subject_id, target) in {other.pair for other in known.rows}:
            return _finding("merged", row, message, f"delete this row; one about {target} is there already")
        return _finding("merged", row, message, f"write {target} into object_id")
    if not item.exists:
        mend = f"set review_state to {REJECTED} and predicate_modifier to Not, then run: interkommunal link"
        return _finding("deleted", row, f"nothing is said of {row.object_id} any more", mend)
    return None


def _changed(row: MappingRow, thing: Thing, item: Item) -> Iterator[LinkFinding]:
    if not item.classes & set(kind(thing.kind).items):
        now = ", ".join(sorted(item.statements.get("P31", ()))) or "nothing"
        message = f"the item is none of the classes for {thing.kind}; P31 is {now}"
        yield _finding("retyped", row, message, f"look at the item; if it fits only nearly, use {CLOSE}")
    distance = nearest(thing, item)
    if distance is not None and distance > FAR:
        message = f"the item lies {distance:.0f} km from our point"
        yield _finding("moved", row, message, "correct the coordinates there, or reject the row")


def _duplicates(
    row: MappingRow, thing: Thing, holders: dict[tuple[str, str], set[str]], known: MappingSet
) -> Iterator[LinkFinding]:
    rejected = {other.object_id for other in known.of_state(REJECTED) if other.subject_id == row.subject_id}
    for property_, value in thing.keys:
        for name in sorted(holders.get((property_, value), set())):
            other = f"wd:{name}"
            if other != row.object_id and other not in rejected:
                message = f"{other} has the {KEY_NAMES[property_]} {value} as well"
                yield _finding("duplicate", row, message, f"merge the items there, or reject {other} in the set")


def _shared(rows: Sequence[MappingRow]) -> Iterator[LinkFinding]:
    """Two of our things with one item: exact matches are refused when the set is read, close ones are told here."""
    first: dict[str, MappingRow] = {}
    for row in rows:
        if (other := first.setdefault(row.object_id, row)) is not row:
            message = f"{other.subject_id} is linked to {row.object_id} as well"
            yield _finding("duplicate", row, message, "unite our things, or reject one of the rows")


def _finding(problem: str, row: MappingRow, message: str, mend: str) -> LinkFinding:
    return LinkFinding(problem, row.subject_id, row.object_id, message, mend, str(row.place or ""))


def _name(row: MappingRow) -> str:
    return row.object_id.partition(":")[2]
