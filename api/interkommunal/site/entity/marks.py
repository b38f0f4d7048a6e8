"""The standing of statements in words: what a passage's status says, and what speaks against a thing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from interkommunal.site.description.passages import ASSERTED, CONFLICT, GARBLED, GOAL
from interkommunal.site.description.statements import term
from interkommunal.site.entity.dossier import Dossier
from interkommunal.site.entity.model import Doubt, Link, Mark

_KINDS: Final = {CONFLICT: "conflict", GARBLED: "garbled", GOAL: "goal", ASSERTED: "asserted"}
_AGAINST: Final = (
    (term("ik:contradicts"), "conflict", "doubt.contradicts"),
    (term("ik:possiblySameAs"), "open", "doubt.possibly-same"),
    (term("ik:undecidedBetween"), "open", "doubt.undecided"),
)
DOUBTING: Final = tuple(property_ for property_, _, _ in _AGAINST)


def status_marks(statuses: Iterable[str], dossier: Dossier) -> tuple[Mark, ...]:
    """The statuses of a passage in words."""
    return tuple(Mark(_KINDS.get(item, "other"), dossier.name(item).text) for item in statuses)


def doubtful_marks(graph: str, dossier: Dossier) -> tuple[Mark, ...]:
    """What is wrong with a passage, in words; nothing for other graphs."""
    passage = dossier.passages.get(graph)
    if passage is None or not passage.is_doubtful:
        return ()
    return tuple(mark for mark in status_marks(passage.statuses, dossier) if mark.kind in ("conflict", "garbled"))


def doubts(thing: str, dossier: Dossier) -> tuple[Doubt, ...]:
    """What the editors say against a thing, or leave open."""
    found = []
    for property_, kind, key in _AGAINST:
        others = [Link(*dossier.link(item)) for item in dossier.statements.resources(thing, property_)]
        if others:
            found.append(Doubt(Mark(kind, dossier.say(key)), tuple(others)))
    return tuple(found)
