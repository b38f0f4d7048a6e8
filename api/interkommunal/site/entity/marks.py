"""The standing of statements in words: what a passage's status says, and what speaks against a thing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from interkommunal.namespaces import expand
from interkommunal.site.description.passages import ASSERTED, CONFLICT, GARBLED, GOAL
from interkommunal.site.entity.context import EntityContext
from interkommunal.site.entity.model import Doubt, Link, Mark

_KINDS: Final = {CONFLICT: "conflict", GARBLED: "garbled", GOAL: "goal", ASSERTED: "asserted"}
_AGAINST: Final = (
    (expand("ik:contradicts"), "conflict", "doubt.contradicts"),
    (expand("ik:possiblySameAs"), "open", "doubt.possibly-same"),
    (expand("ik:undecidedBetween"), "open", "doubt.undecided"),
)
DOUBTING: Final = tuple(property_ for property_, _, _ in _AGAINST)


def status_marks(statuses: Iterable[str], entity_context: EntityContext) -> tuple[Mark, ...]:
    """The statuses of a passage in words."""
    return tuple(Mark(_KINDS.get(item, "other"), entity_context.name(item).text) for item in statuses)


def doubtful_marks(graph: str, entity_context: EntityContext) -> tuple[Mark, ...]:
    """What is wrong with a passage, in words; nothing for other graphs."""
    passage = entity_context.passages.get(graph)
    if passage is None or not passage.is_doubtful:
        return ()
    return tuple(
        mark for mark in status_marks(passage.statuses, entity_context) if mark.kind in ("conflict", "garbled")
    )


def doubts(thing: str, entity_context: EntityContext) -> tuple[Doubt, ...]:
    """What the editors say against a thing, or leave open."""
    found = []
    for property_, kind, key in _AGAINST:
        others = [Link(*entity_context.link(item)) for item in entity_context.statements.resources(thing, property_)]
        if others:
            found.append(Doubt(Mark(kind, entity_context.say(key)), tuple(others)))
    return tuple(found)
