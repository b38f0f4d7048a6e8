"""Google Dataset Search: reads no catalogue but the pages of datasets, with the descriptions in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from interkommunal.doctor.catalogue import Record
from interkommunal.doctor.examinations.crawling import Seen
from interkommunal.doctor.finding import Finding
from interkommunal.doctor.portals.portal import Action, Portal, Verdict, takes_all
from interkommunal.texts import Text


def guid(record: Record, address: str) -> str | None:
    """None: it knows pages, not datasets of a catalogue."""
    return None


GOOGLE: Final = Portal(
    key="google",
    name="Google Dataset Search",
    how=Text("no catalogue but the pages of datasets (dcat:landingPage) with their schema.org description."),
    guid=guid,
    passes_over=takes_all,
    always_updates=False,
    keeps="all",
)


def judge_pages(seen: Seen, findings: Sequence[Finding]) -> Verdict:
    """What it lists of the pages that were ``seen``."""
    own = tuple(item for item in findings if GOOGLE.key in item.rule.portals)
    stops = tuple(item for item in own if GOOGLE.key in item.rule.stops)
    actions = tuple(Action("create", page, name) for page, name in seen.listed.items())
    return Verdict(GOOGLE, bool(actions) and not stops, actions, own, stops)
