"""What became of a thing from release to release, and where each of its states stands.

In goes the change table, out come the states of one thing, the latest first. Only the rows about the thing are looked
at, by an index and without any statement, so that a page costs the same after a thousand releases.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from interkommunal.dates import day_in_words, moment_in_words
from interkommunal.release.history import GRAPH, Change, History, Kind
from interkommunal.site.messages import messages_in
from interkommunal.site.site import Site
from interkommunal.texts import Language

_SAFE: Final = "/:@!$&'()*+,;=~-._"
# States that a page shows; the older ones are reached from one to the one before.
_MOST: Final = 50
_KINDS: Final = {Kind.CREATE: "past.create", Kind.UPDATE: "past.update", Kind.DELETE: "past.delete"}


@dataclass(frozen=True, slots=True)
class State:
    """A state of a thing, from one release on.

    Attributes:
        kind: what the release did to the thing, in words. release: its identifier.
        time: when it came into force (``xsd:dateTime``). moment: the same in words.
        change: where it stands what changed. version: where the thing stands as it was then; empty if that is the page
            itself, or if it was deleted.
    """

    kind: str
    release: str
    time: str
    moment: str
    change: str
    version: str


@dataclass(frozen=True, slots=True)
class Past:
    """The states of a thing that has changed.

    Attributes:
        states: the latest first, the oldest left out where there are too many. changes: how often it changed.
        day: of the last change, in words. before: absolute URL of the state before this one, without a suffix for its
            format; empty if it was deleted then.
        is_there: whether the first of the states is that of the page.
    """

    states: tuple[State, ...]
    changes: int
    day: str
    before: str
    is_there: bool


def past_of(history: History, release: str, iri: str, path: str, site: Site, language: Language) -> Past | None:
    """The past of a thing; ``None`` if it never changed, or if the table does not know the release yet.

    Args:
        history: the change table.
        release: identifier of the one that is shown; what came later is left out.
        iri: the thing.
        path: of its description, decoded and without suffix.
        site: where links lead.
        language: of the words.

    Raises:
        ReleaseError: the table is damaged.
    """
    shown = next((item.number for item in reversed(history.publications) if item.release == release), 0)
    found = [change for change in history.changes(GRAPH, iri) if change.publication.number <= shown]
    if len(found) < 2:
        return None
    found.reverse()
    is_there = found[0].kind is not Kind.DELETE
    own = quote(path, safe=_SAFE)
    say = messages_in(language)

    def state(change: Change) -> State:
        is_page = is_there and change is found[0]
        name = change.publication.release
        has_version = change.kind is not Kind.DELETE and not is_page
        return State(
            say(_KINDS[change.kind]),
            name,
            change.publication.time,
            moment_in_words(change.publication.time, language),
            site.address(f"/feed/{history.stream}/members/{change.sequence}"),
            site.address(f"/release/{name}{own}") if has_version else "",
        )

    previous = found[1]
    before = "" if previous.kind is Kind.DELETE else site.absolute(f"/release/{previous.publication.release}{own}")
    day = day_in_words(found[0].publication.time, language)
    return Past(tuple(map(state, found[:_MOST])), len(found) - 1, day, before, is_there)
