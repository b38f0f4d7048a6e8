"""Which things a name may mean, how likely, and whether one of them is meant for sure.

In goes a question, out come candidates with a score from 0 to 100 that is explained by features. A candidate is a
*match* only if it is known under this very name (whatever its inflection, or with a typing error in a long name), no
other candidate is as likely, and nothing that was asked besides contradicts it. A name that only shares words with what
was asked never is one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from interkommunal.namespaces import ID, expand
from interkommunal.reconcile.index import NameIndex, Thing
from interkommunal.reconcile.likeness import NOTHING, Likeness, LikenessKind, likeness, read
from interkommunal.release.names import SCHEMES
from interkommunal.texts import Language

Strictness = Literal["any", "all", "should"]

# Things that are looked at besides those that are shown, so that a rival is not overlooked.
_RIVALS: Final = 8
# Names that are compared for each thing that is shown: most things have a label in two languages and a name or two.
_KEYS_A_THING: Final = 6
# A name that is less alike is not offered. Each that has all words that were asked for reaches it. Measured on the
# sheet of 200 names, what is meant reaches 0.85, and what is less alike than 0.6 was never meant.
_LEAST: Final = 0.6
# Nor is a candidate that further columns push below this.
_LEAST_SCORE: Final = 40.0
# How likely a thing is that is linked to another register's thing, but is not the same.
_CLOSE: Final = 0.8
_OTHER_TYPE: Final = 0.8
# Share of the score that further columns decide: each, and all together. One that a thing has no value for is neither
# for it nor against it.
_A_COLUMN: Final = 0.15
_ALL_COLUMNS: Final = 0.45
_UNKNOWN: Final = 0.5
_CONTRADICTED: Final = 0.5
_CONFIRMED: Final = 0.95
_IDENTIFIED: Final = 95.0
_WRONG_IDENTIFIER: Final = 40.0
_RULED: Final = 0.99
# How much less a rival must be like a misspelt name.
_MARGIN: Final = 0.05
_URL: Final = re.compile(
    r"https?://(?:www\.)?(?:wikidata\.org/(?:wiki|entity)/|d-nb\.info/gnd/|(?:sws\.|www\.)?geonames\.org/|"
    r"openstreetmap\.org/relation/|data\.europa\.eu/nuts/code/)([^/?#]+)"
)
_CURIE: Final = re.compile(r"(?:wd|gnd|geonames|osm|nuts):(\S+)")
_LONGEST_IDENTIFIER: Final = 100
_IDENTIFYING: Final = frozenset(
    map(expand, ("ik:municipalityKey", "ik:districtKey", "ik:regionalKey", "ik:nutsCode"))
) | frozenset(SCHEMES)


@dataclass(frozen=True, slots=True)
class Reference:
    """A value that has been reconciled before."""

    iri: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """Something else that is known of what is meant.

    Attributes:
        id: of the property, as clients write it. iri: of the property, or a scheme of identifiers.
        values: one of which it should have.
    """

    id: str
    iri: str
    values: tuple[str | Reference, ...]

    @property
    def identifies(self) -> bool:
        """Whether equal values mean the same thing."""
        return self.iri in _IDENTIFYING


@dataclass(frozen=True, slots=True)
class Question:
    """One query of a batch.

    Attributes:
        text: a name or an identifier; empty if only ``columns`` say what is meant.
        types: IRIs of classes; ``strictness`` whether any or all must be those of the thing, or rather should.
        limit: most candidates.
        columns: what else is known.
    """

    text: str
    types: tuple[str, ...] = ()
    strictness: Strictness = "any"
    limit: int = 5
    columns: tuple[Column, ...] = ()

    @property
    def typed(self) -> bool:
        """Whether things of other types are out of the question."""
        return bool(self.types) and self.strictness != "should"


@dataclass(slots=True)
class Suspect:
    """A thing that may be meant, before other columns are compared.

    Attributes:
        entry: its number. likeness: of the name that is most like it, and ``rule`` that made that name.
        identified: 1 if it has the identifier that was asked for, 0.8 if it is close to what has, else 0.
        agreement: of each column, from 0 to 1, by the identifier of its property; ``None`` where nothing is known.
    """

    entry: int
    likeness: Likeness = NOTHING
    rule: str = ""
    identified: float = 0.0
    agreement: dict[str, float | None] = field(default_factory=dict)

    @property
    def contradicted(self) -> bool:
        """Whether a column speaks against it."""
        return any(value is not None and value < _CONTRADICTED for value in self.agreement.values())


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thing that may be meant.

    Attributes:
        thing: what it is. score: from 0 to 100. match: whether it is meant for sure.
        features: what score and match come from.
    """

    thing: Thing
    score: float
    match: bool
    features: tuple[tuple[str, bool | float], ...]


def suspects(index: NameIndex, question: Question) -> list[Suspect]:
    """Things that may be meant by the text of a question, the most likely first.

    Args:
        index: of the release.
        question: with a text.
    """
    wanted: frozenset[int] | None = None
    if question.typed:
        wanted = index.of_classes(question.types, every=question.strictness == "all")
        if not wanted:
            return []
    found: dict[int, Suspect] = {}
    for entry, exact in _identified(index, question.text):
        if wanted is None or entry in wanted:
            found.setdefault(entry, Suspect(entry, identified=1.0 if exact else _CLOSE))
    asked = read(question.text)
    if asked.text:
        for key in index.similar(asked.text, wanted, question.limit * _KEYS_A_THING):
            its = likeness(asked, key.name)
            if key.rule:
                its = Likeness(its.value * _RULED, its.kind)
            if its.value < _LEAST:
                continue
            suspect = found.setdefault(key.entry, Suspect(key.entry))
            if _rank(its, key.rule) > _rank(suspect.likeness, suspect.rule):
                suspect.likeness, suspect.rule = its, key.rule
    ranked = sorted(found.values(), key=lambda item: (-item.identified, -item.likeness.value, item.entry))
    return ranked[: question.limit + _RIVALS]


def _rank(its: Likeness, rule: str) -> tuple[LikenessKind, bool, float]:
    """Of several names of a thing the surest counts; of equally sure ones, rather one that the graph says."""
    return its.kind, its.kind is not LikenessKind.PARTIAL and not rule, its.value


def _identified(index: NameIndex, text: str) -> list[tuple[int, bool]]:
    """Things that have the text as an identifier, and whether it is theirs alone."""
    text = text.strip()
    if not text or len(text) > _LONGEST_IDENTIFIER:
        return []
    if text.startswith(ID) or ("/" in text and "://" not in text):
        number = index.number(text if text.startswith(ID) else ID + text)
        return [] if number is None else [(number, True)]
    if found := _URL.match(text) or _CURIE.fullmatch(text):
        text = found[1]
    if text.replace(" ", "").isdecimal():
        text = text.replace(" ", "")
    if len(text.split()) > 1:
        return []
    best: dict[int, bool] = {}
    # Spreadsheets take zeros from the front of a key.
    for entry, _, exact in index.identified(text, text.upper(), f"0{text}"):
        best[entry] = best.get(entry, False) or exact
    return sorted(best.items(), key=lambda item: (not item[1], item[0]))


def ranked(index: NameIndex, question: Question, suspected: Sequence[Suspect], language: Language) -> list[Candidate]:
    """Candidates, the most likely first.

    Args:
        index: of the release.
        question: what was asked.
        suspected: things that may be meant, with the agreement of columns.
        language: of labels.
    """
    things = index.things([item.entry for item in suspected], language)
    scored = [(_score(item, question, index), things[item.entry], item) for item in suspected if item.entry in things]
    scored = [item for item in scored if item[0] >= _LEAST_SCORE]
    scored.sort(key=lambda item: (-item[0], -item[1].mentions, item[1].id))
    if not scored:
        return []
    best, *others = (item for _, _, item in scored)
    sure = _grade(best, question)
    alone = not any(_rivals(other, best, _grade(other, question), sure) for other in others)
    of_type = not question.types or not index.classes(best.entry).isdisjoint(question.types)
    match = sure > 0 and alone and not best.contradicted and of_type
    found = []
    for score, thing, item in scored[: question.limit]:
        features = _features(item, question, index)
        if item is best and sure:
            features.append(("unambiguous", alone))
        found.append(Candidate(thing, round(score, 1), item is best and match, tuple(features)))
    return found


def _features(item: Suspect, question: Question, index: NameIndex) -> list[tuple[str, bool | float]]:
    """What score and match of a candidate come from, in words of the service."""
    found: list[tuple[str, bool | float]] = []
    if question.text:
        found.append(("name", round(100 * item.likeness.value, 1)))
    if item.identified:
        found.append(("identifier", item.identified == 1))
    if item.likeness.kind is not LikenessKind.PARTIAL:
        found.append((item.likeness.kind.name.lower(), True))
    if item.rule:
        found.append((f"rule-{item.rule}", True))
    if question.types:
        found.append(("type", not index.classes(item.entry).isdisjoint(question.types)))
    return found + [
        (f"property-{name}", round(value, 2)) for name, value in item.agreement.items() if value is not None
    ]


def _score(item: Suspect, question: Question, index: NameIndex) -> float:
    score = 100 * max(item.likeness.value, item.identified)
    if question.strictness == "should" and question.types:
        score *= 1.0 if not index.classes(item.entry).isdisjoint(question.types) else _OTHER_TYPE
    if not question.columns:
        return score
    agreed = [_UNKNOWN if value is None else value for value in item.agreement.values()]
    share = min(_ALL_COLUMNS, _A_COLUMN * len(agreed)) if question.text else 1.0
    score = score * (1 - share) + 100 * share * sum(agreed) / max(1, len(agreed))
    for column in question.columns:
        value = item.agreement.get(column.id) if column.identifies else None
        if value == 1:
            score = max(score, _IDENTIFIED)
        elif value == 0:
            score = max(0.0, score - _WRONG_IDENTIFIER)
    return score


def _grade(item: Suspect, question: Question) -> int:
    """How sure: 0 not at all, 5 by identifier."""
    named = not question.text or item.likeness.value > 0.5
    if named and any(column.identifies and item.agreement.get(column.id) == 1 for column in question.columns):
        return 5
    if not question.text:
        known = list(item.agreement.values())
        return 4 if known and all(value is not None and value >= _CONFIRMED for value in known) else 0
    if item.identified == 1:
        return 5
    # Many places are called Mülheim.
    if item.rule == "place" and not question.typed:
        return 0
    if item.likeness.kind is LikenessKind.SAME:
        return 3 if item.rule else 4
    return int(item.likeness.kind)


def _rivals(other: Suspect, best: Suspect, grade: int, best_grade: int) -> bool:
    """Whether the other may as well be meant."""
    if best.agreement and other.contradicted and not best.contradicted:
        return False
    if best_grade > 1 or not best.likeness.value:
        return grade >= best_grade
    return grade >= best_grade or other.likeness.value > best.likeness.value - _MARGIN
