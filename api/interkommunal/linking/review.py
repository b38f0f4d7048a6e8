"""Asks people about candidates, one by one, in the terminal; each answer is on the disk before the next question.

In: a mapping set. Out: the same set with decisions. Whoever leaves in the middle loses nothing and is not asked again
about what was decided; what was put off comes again next time.

A page for reviewing candidates away from the terminal: one file, nothing loaded from elsewhere.

In: a mapping set. Out: HTML. People choose and press a button; the browser saves ``decisions.json``, which
``interkommunal link decide`` takes over. Without JavaScript the page is a list to print.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, StrictUndefined

from interkommunal.content import Content
from interkommunal.errors import SyntaxProblem
from interkommunal.graph.mapping_set import ACCEPTED, CANDIDATE, OPEN, REJECTED, MappingRow, MappingSet
from interkommunal.graph.reference import Authority
from interkommunal.linking.finding import LETTERS, PAGE, decimal, reasons_in
from interkommunal.linking.journal import open_set, save_rows
from interkommunal.texts import Language

#: Answers, and what they make of a row; the others are skip (``s``) and quit (``q``).
ANSWERS: Final = {"a": ACCEPTED, "r": REJECTED, "o": OPEN}


@dataclass(frozen=True, slots=True)
class Question:
    """One candidate: which it is of how many, and the row."""

    number: int
    total: int
    row: MappingRow


def review(
    content: Content,
    of: Authority,
    ask: Callable[[Question], str],
    reviewer: str,
    day: str,
    *,
    again: bool = False,
    language: Language = "en",
) -> dict[str, int]:
    """Asks about every candidate of a set.

    Args:
        content: where the set lies.
        of: whose set.
        ask: puts a question and gives what the person typed.
        reviewer: who decides.
        day: on which.
        again: ask about open questions too.
        language: in which the person answers; decides about the letters.

    Returns:
        How many were accepted, rejected, left open and skipped.

    Raises:
        SourceError: the set is wrong, cannot be written, or a decision contradicts another.
    """
    states = (CANDIDATE, OPEN) if again else (CANDIDATE,)
    rows = sorted(open_set(content, of).of_state(*states), key=lambda row: (row.subject_id, -row.confidence))
    counts = {ACCEPTED: 0, REJECTED: 0, OPEN: 0, "skipped": 0}
    for number, row in enumerate(rows, 1):
        answer = None
        while answer is None:
            letter, _, reason = ask(Question(number, len(rows), row)).strip().partition(" ")
            answer = LETTERS[language].get(letter.lower())
        if answer == "q":
            break
        if answer == "s":
            counts["skipped"] += 1
            continue
        state = ANSWERS[answer]
        decide(content, of, [row.decided(state, day, reviewer, reason.strip())])
        counts[state] += 1
    return counts


def decide(content: Content, of: Authority, rows: Iterable[MappingRow]) -> None:
    """Writes decisions.

    Raises:
        SourceError: a thing would be matched exactly twice, or the file cannot be written. Nothing is changed then.
    """
    decided = list(rows)
    merged = open_set(content, of).with_rows(decided)
    taken: dict[str, MappingRow] = {}
    for row in merged.of_state(ACCEPTED):
        if row.predicate_id != "skos:exactMatch":
            continue
        for end in row.pair:
            if (other := taken.setdefault(end, row)) is not row:
                raise SyntaxProblem(
                    f"{end} would be matched exactly twice, in {' and '.join(other.pair)} and in "
                    f"{' and '.join(row.pair)}; reject one of them first"
                )
    save_rows(content, of, decided)


def read_decisions(path: Path) -> Iterator[tuple[str, str, str, str]]:
    """Subject, object, answer and reason of each decision that a review page has saved.

    Raises:
        SyntaxProblem: the file is not one that a review page saves.
    """
    try:
        entries: Any = json.loads(path.read_bytes())
        for entry in entries["decisions"]:
            if entry["answer"] not in ANSWERS:
                raise SyntaxProblem(f"{entry['answer']!r} is no answer; use {', '.join(ANSWERS)}", path)
            yield str(entry["subject_id"]), str(entry["object_id"]), str(entry["answer"]), str(entry.get("reason", ""))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SyntaxProblem(f"no decisions that a review page has saved: {error}", path) from None


def apply_decisions(content: Content, of: Authority, path: Path, reviewer: str, day: str) -> int:
    """Takes the decisions of a review page over; returns how many.

    Raises:
        SourceError: a decision is about no row of the set, or see :func:`decide`.
    """
    rows = {row.pair: row for row in open_set(content, of).rows}
    decided = []
    for subject, object_, answer, reason in read_decisions(path):
        if (subject, object_) not in rows:
            raise SyntaxProblem(f"{subject} and {object_} stand in no row of the set", path)
        decided.append(rows[subject, object_].decided(ANSWERS[answer], day, reviewer, reason))
    decide(content, of, decided)
    return len(decided)


_TEMPLATE: Final = Path(__file__).with_name("review.html")


def review_page(mapping_set: MappingSet, language: Language = "en") -> str:
    """The page for the undecided rows of a set; what it saves is the same in each language."""
    rows = sorted(mapping_set.of_state(CANDIDATE, OPEN), key=lambda row: (row.subject_id, -row.confidence))
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_TEMPLATE.read_text("utf-8")).render(
        name=mapping_set.authority.name,
        slug=mapping_set.authority.slug,
        rows=rows,
        language=language,
        say={key: text.in_(language) for key, text in PAGE.items()},
        answers=tuple(ANSWERS),
        confidence=lambda row: decimal(str(row.confidence), language),
        reasons=lambda row: reasons_in(row.comment, language),
    )
