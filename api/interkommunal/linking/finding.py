"""Finds candidates: first by keys, then by names, and writes them into the mapping set for people to decide.

In: our things, the mapping set as it is, an endpoint. Out: new rows. A pair that stands in the set, in whatever state,
is never proposed again, nor is anything for a thing that is matched exactly already.

Mapping sets carry reasons in English, as they go out into the world. :func:`reasons_in` words those that the search
wrote in another language; what a person wrote stays as it is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from babel.numbers import get_decimal_symbol

from interkommunal import __version__
from interkommunal.graph.mapping_set import ACCEPTED, CANDIDATE, CREATOR, EXACT, MappingRow, MappingSet
from interkommunal.linking.endpoint import Endpoint
from interkommunal.linking.items import Item, Tell, by_keys, by_names, describe
from interkommunal.linking.scoring import KEY_NAMES, LEAST, REASONS, Score, score
from interkommunal.linking.things import GND, KEYS, Thing
from interkommunal.texts import Language, Text

#: What people type, and the answer that it stands for, by which decisions are written down. In German r is none: it
#: might be meant for right as well as for reject.
LETTERS: Final[dict[Language, dict[str, str]]] = {
    "de": {"a": "a", "v": "r", "o": "o", "s": "s", "b": "q", "q": "q"},
    "en": {letter: letter for letter in "arosq"},
}
HELP: Final = Text("a accept · r reject · o open question · s skip · q quit; a reason may follow: r a namesake")
PROMPT: Final = Text("a/r/o/s/q? ")
OF: Final = Text("{} of {}")
LEFT: Final = Text("Left; what was decided is written.")
STATES: Final = {
    "accepted": Text("accepted"),
    "rejected": Text("rejected"),
    "open": Text("open"),
    "skipped": Text("skipped"),
}
WRITTEN: Final = Text("written: {}")
#: What a search tells: the columns of its table, what it found, and what it left out.
COLUMNS: Final = (
    Text("thing"),
    Text("item"),
    Text("score"),
    Text("why"),
)
FOUND: Final = Text("{} things looked for in {} requests: {} new candidates, {} namesakes and weak ones left out")
NOT_THE_SAME: Final = Text("{} is not {}")

#: The words of the review page.
PAGE: Final = {
    "title": Text("Candidates for {name}"),
    "one": Text("One to decide."),
    "several": Text("{number} to decide."),
    "how": Text("Choose, then save. Take the decisions over with"),
    "decision": Text("Decision"),
    "a": Text("accept"),
    "r": Text("reject"),
    "o": Text("open question"),
    "reason": Text("Reason"),
    "none": Text("Nothing to decide."),
    "save": Text("Save decisions"),
}

_PLACES: Final = {"key": "|".join(KEY_NAMES.values()), "kilometres": r"[\d.]+", "year": r"\S+"}


def _pattern(message: str) -> re.Pattern[str]:
    """What fits the sentences of a reason, with its values by their names."""
    return re.compile(
        re.sub(r"\\{(\w+)\\}", lambda place: f"(?P<{place[1]}>{_PLACES.get(place[1], '.+')})", re.escape(message))
    )


_PATTERNS: Final = tuple((_pattern(message), message) for message in REASONS.values())


def taken_over(number: int, language: Language) -> str:
    """How many decisions of a page were taken over."""
    return Text.counted("{n} decision taken over", "{n} decisions taken over", number).in_(language)


def decimal(value: str, language: Language) -> str:
    """A number as it is written in a language."""
    return value.replace(".", get_decimal_symbol(language))


def reasons_in(comment: str, language: Language) -> str:
    """Why a candidate is one, as the search wrote it down; parts that it did not write stay as they are."""
    return "; ".join(_reason(part, language) for part in comment.split("; "))


def _reason(words: str, language: Language) -> str:
    if words.startswith("but "):
        return Text("but {reason}", reason=_reason(words.removeprefix("but "), language)).in_(language)
    for pattern, message in _PATTERNS:
        if found := pattern.fullmatch(words):
            values: dict[str, Any] = found.groupdict()
            if "key" in values:
                values["key"] = Text(values["key"])
            if "kilometres" in values:
                values["kilometres"] = decimal(values["kilometres"], language)
            return Text(message, **values).in_(language)
    return words


TOOL: Final = "interkommunal link"
_OUR_KEYS: Final = {theirs: f"ik:{ours.rpartition('#')[2]}" for ours, theirs in KEYS.items()} | {GND: "skos:exactMatch"}


@dataclass(frozen=True, slots=True)
class Proposal:
    """An item that may be one of our things."""

    thing: Thing
    item: Item
    score: Score


@dataclass(frozen=True, slots=True)
class Findings:
    """What a search found.

    Attributes:
        proposals: the candidates, best first for each thing. dropped: those that something contradicts, or whose score
            is too low. asked: things that were looked for.
    """

    proposals: tuple[Proposal, ...]
    dropped: tuple[Proposal, ...]
    asked: tuple[Thing, ...]


def find(
    things: Sequence[Thing], known: MappingSet, endpoint: Endpoint, tell: Tell = lambda step, done, total: None
) -> Findings:
    """Candidates for ``things`` that are not decided yet.

    Raises:
        UnreachableError: the endpoint does not answer.
    """
    matched = {row.subject_id for row in known.of_state(ACCEPTED) if row.predicate_id == EXACT}
    pairs = {row.pair for row in known.rows}
    asked = [thing for thing in things if thing.curie not in matched and not thing.is_doubtful]
    keys = sorted({key for thing in asked for key in thing.keys})
    holders = by_keys(endpoint, keys, tell) if keys else {}
    candidates: dict[str, set[str]] = defaultdict(set)
    for thing in asked:
        for key in thing.keys:
            candidates[thing.curie] |= holders.get(key, set())
    # Keys first: who is found by a key is not looked for among its namesakes.
    nameless = [thing for thing in asked if not candidates[thing.curie]]
    names = sorted({name for thing in nameless for name in thing.names})
    called = by_names(endpoint, names, tell) if names else {}
    for thing in nameless:
        for name in thing.names:
            candidates[thing.curie] |= called.get(name, set())
    items = describe(endpoint, {name for found in candidates.values() for name in found}, tell)
    proposals: list[Proposal] = []
    dropped: list[Proposal] = []
    for thing in asked:
        for name in sorted(candidates[thing.curie], key=lambda name: (len(name), name)):
            if (thing.curie, f"wd:{name}") in pairs:
                continue
            proposal = Proposal(thing, items[name], score(thing, items[name]))
            (proposals if proposal.score.value >= LEAST else dropped).append(proposal)
    return Findings(tuple(_best_first(proposals)), tuple(dropped), tuple(asked))


def to_row(proposal: Proposal, endpoint: str, day: str) -> MappingRow:
    """The candidate as a row of the mapping set."""
    found = proposal.score
    return MappingRow(
        subject_id=proposal.thing.curie,
        subject_label=proposal.thing.label,
        predicate_id=EXACT,
        object_id=f"wd:{proposal.item.name}",
        object_label=proposal.item.labels.get("de") or proposal.item.labels.get("en", ""),
        mapping_justification="semapv:LexicalMatching" if found.key else "semapv:CompositeMatching",
        author_label=CREATOR,
        mapping_tool=TOOL,
        mapping_tool_version=__version__,
        mapping_date=day,
        confidence=found.value,
        subject_match_field=_OUR_KEYS.get(found.key, "rdfs:label"),
        object_match_field=f"wdt:{found.key}" if found.key else "rdfs:label",
        match_string=found.matched,
        comment=found.explanation,
        evidence=(f"{endpoint} ({day})",),
        review_state=CANDIDATE,
    )


def _best_first(proposals: Iterable[Proposal]) -> list[Proposal]:
    order: dict[str, int] = {}
    for proposal in proposals:
        order.setdefault(proposal.thing.curie, len(order))
    return sorted(proposals, key=lambda item: (order[item.thing.curie], -item.score.value, item.item.name))
