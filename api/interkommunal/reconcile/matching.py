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

from interkommunal.namespaces import ID, IK
from interkommunal.reconcile.likeness import NOTHING, Kind, Likeness, likeness, read
from interkommunal.reconcile.names import Names, Thing
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
_CLOSE: Final = 80.0
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
_CURIE: Final = re.compile(rf"(?:{'|'.join(('wd', 'gnd', 'geonames', 'osm', 'nuts'))}):(\S+)")
_LONGEST_IDENTIFIER: Final = 100


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
        return self.iri in SCHEMES or self.iri in _IDENTIFYING


@dataclass(frozen=True, slots=True)
class Reference:
    """A value that has been reconciled before."""

    iri: str
    name: str = ""


_IDENTIFYING: Final = frozenset(f"{IK}{name}" for name in ("municipalityKey", "districtKey", "regionalKey", "nutsCode"))


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


@dataclass(slots=True)
class Suspect:
    """A thing that may be meant, before other columns are compared.

    Attributes:
        entry: its number. likeness: of the name that is most like it, and ``rule`` that made that name.
        identified: 1 if it has the identifier that was asked for, 0.8 if it is close to what has, else 0.
        agreement: of each column, from 0 to 1, by the identifier of its property; none where nothing is known.
    """

    entry: int
    likeness: Likeness = NOTHING
    rule: str = ""
    identified: float = 0.0
    agreement: dict[str, float | None] = field(default_factory=dict)

    def grade(self, *, typed: bool) -> int:
        """How sure: 0 not at all, 5 by identifier."""
        if self.identified == 1:
            return 5
        kind = self.likeness.kind
        # Many places are called Mülheim.
        if self.rule == "place" and not typed:
            return 0
        if kind is Kind.SAME:
            return 3 if self.rule else 4
        return int(kind)


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


def suspects(names: Names, question: Question) -> list[Suspect]:
    """Things that may be meant by the text of a question, the most likely first.

    Args:
        names: of the release.
        question: with a text.
    """
    wanted: frozenset[int] | None = None
    if question.types and question.strictness != "should":
        wanted = names.of_classes(question.types, every=question.strictness == "all")
        if not wanted:
            return []
    found: dict[int, Suspect] = {}
    for entry, exact in _identified(names, question.text):
        if wanted is None or entry in wanted:
            found.setdefault(entry, Suspect(entry, identified=1.0 if exact else _CLOSE / 100))
    asked = read(question.text)
    if asked.text:
        for key in names.similar(asked.text, wanted, question.limit * _KEYS_A_THING):
            its = likeness(asked, key.wording)
            if key.rule:
                its = Likeness(its.value * _RULED, its.kind)
            if its.value < _LEAST:
                continue
            suspect = found.setdefault(key.entry, Suspect(key.entry))
            if _rank(its, key.rule) > _rank(suspect.likeness, suspect.rule):
                suspect.likeness, suspect.rule = its, key.rule
    ranked = sorted(found.values(), key=lambda item: (-item.identified, -item.likeness.value, item.entry))
    return ranked[: question.limit + _RIVALS]


def _rank(its: Likeness, rule: str) -> tuple[Kind, bool, float]:
    """Of several names of a thing the surest counts; of equally sure ones, rather one that the graph says."""
    return its.kind, its.kind is not Kind.PARTIAL and not rule, its.value


def _identified(names: Names, text: str) -> list[tuple[int, bool]]:
    """Things that have the text as an identifier, and whether it is theirs alone."""
    text = text.strip()
    if not text or len(text) > _LONGEST_IDENTIFIER:
        return []
    if text.startswith(ID) or ("/" in text and "://" not in text):
        number = names.number(text if text.startswith(ID) else ID + text)
        return [] if number is None else [(number, True)]
    if found := _URL.match(text) or _CURIE.fullmatch(text):
        text = found[1]
    if text.replace(" ", "").isdecimal():
        text = text.replace(" ", "")
    if len(text.split()) > 1:
        return []
    best: dict[int, bool] = {}
    # Spreadsheets take zeros from the front of a key.
    for entry, _, exact in names.identified(text, text.upper(), f"0{text}"):
        best[entry] = best.get(entry, False) or exact
    return sorted(best.items(), key=lambda item: (not item[1], item[0]))


def ranked(names: Names, question: Question, suspected: Sequence[Suspect], language: Language) -> list[Candidate]:
    """Candidates, the most likely first.

    Args:
        names: of the release.
        question: what was asked.
        suspected: things that may be meant, with the agreement of columns.
        language: of labels.
    """
    things = names.things([item.entry for item in suspected], language)
    types = frozenset(question.types)
    scored = sorted(
        (
            (-_score(item, question, names), -things[item.entry].mentions, things[item.entry].id, item)
            for item in suspected
            if item.entry in things
        ),
        key=lambda item: item[:3],
    )
    scored = [item for item in scored if -item[0] >= _LEAST_SCORE]
    if not scored:
        return []
    order = [item for *_, item in scored]
    sure, alone, match = _decide(order, question, names)
    found = []
    for negative, _, _, item in scored[: question.limit]:
        first = item is order[0]
        features = [("name", round(100 * item.likeness.value, 1))] if question.text else []
        flags: list[tuple[str, bool | float]] = [*features]
        if item.identified:
            flags.append(("identifier", item.identified == 1))
        if item.likeness.kind is not Kind.PARTIAL:
            flags.append((item.likeness.kind.name.lower(), True))
        if item.rule:
            flags.append((f"rule-{item.rule}", True))
        if types:
            flags.append(("type", not types.isdisjoint(names.classes(item.entry))))
        flags += [(f"property-{name}", round(value, 2)) for name, value in item.agreement.items() if value is not None]
        if first and sure:
            flags.append(("unambiguous", alone))
        found.append(Candidate(things[item.entry], round(-negative, 1), first and match, tuple(flags)))
    return found


def _score(item: Suspect, question: Question, names: Names) -> float:
    score = 100 * max(item.likeness.value, item.identified)
    if question.strictness == "should" and question.types:
        score *= 1.0 if not names.classes(item.entry).isdisjoint(question.types) else _OTHER_TYPE
    if not question.columns:
        return score
    agreed = [_UNKNOWN if value is None else value for value in item.agreement.values()]
    if not question.text:
        score, share = 0.0, 1.0
    else:
        share = min(_ALL_COLUMNS, _A_COLUMN * len(agreed))
    score = score * (1 - share) + 100 * share * sum(agreed) / max(1, len(agreed))
    for column in question.columns:
        value = item.agreement.get(column.id) if column.identifies else None
        if value == 1:
            score = max(score, _IDENTIFIED)
        elif value == 0:
            score = max(0.0, score - _WRONG_IDENTIFIER)
    return score


def _decide(order: Sequence[Suspect], question: Question, names: Names) -> tuple[bool, bool, bool]:
    """Whether the first goes by this very name, whether no other is as likely, and whether it is meant for sure."""
    best = order[0]
    typed = bool(question.types) and question.strictness != "should"
    grades = [_grade(item, question, typed=typed) for item in order]
    alone = not any(_rivals(other, best, grade, grades[0]) for other, grade in zip(order[1:], grades[1:], strict=True))
    contradicted = any(value is not None and value < _CONTRADICTED for value in best.agreement.values())
    of_type = not question.types or not names.classes(best.entry).isdisjoint(question.types)
    sure = grades[0] > 0
    return sure, alone, sure and alone and not contradicted and of_type


def _grade(item: Suspect, question: Question, *, typed: bool) -> int:
    for column in question.columns:
        if (
            column.identifies
            and item.agreement.get(column.id) == 1
            and (not question.text or item.likeness.value > 0.5)
        ):
            return 5
    if not question.text:
        known = list(item.agreement.values())
        return 4 if known and all(value is not None and value >= _CONFIRMED for value in known) else 0
    return item.grade(typed=typed)


def _rivals(other: Suspect, best: Suspect, grade: int, best_grade: int) -> bool:
    """Whether the other may as well be meant."""
    if best.agreement and _against(other) and not _against(best):
        return False
    if best_grade > 1 or not best.likeness.value:
        return grade >= best_grade
    return grade >= best_grade or other.likeness.value > best.likeness.value - _MARGIN


def _against(item: Suspect) -> bool:
    return any(value is not None and value < _CONTRADICTED for value in item.agreement.values())
