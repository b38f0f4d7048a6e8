"""From a batch of questions to candidates as JSON: names are looked up in the index, columns in the graph."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final, TypeVar

import orjson

from interkommunal.namespaces import IK
from interkommunal.reconcile.book import Book, Reader
from interkommunal.reconcile.evidence import compare, things_with, values_of
from interkommunal.reconcile.matching import (
    Candidate,
    Column,
    Question,
    Reference,
    Suspect,
    ranked,
    suspects,
)
from interkommunal.reconcile.names import Names
from interkommunal.release.names import SCHEMES
from interkommunal.site.description.graph_client import GraphClient
from interkommunal.texts import Language
from interkommunal.web.problems import Problem

T = TypeVar("T")
Suspected = dict[Question, list[Suspect]]

# Questions that the thread takes at a time. Looking up one takes about a millisecond.
_AT_ONCE: Final = 8


async def answered(
    reader: Reader, book: Book, client: GraphClient, batch: Mapping[str, Question | Problem], language: Language
) -> dict[str, Any]:
    """The candidates for each question, as JSON (Reconciliation API 0.2, §4.4).

    Args:
        reader: does the work that takes a processor.
        book: names and schema of the release.
        client: the way to the graph.
        batch: questions by their keys; equal ones are answered once. A problem has no candidates and says why.
        language: of labels.

    Raises:
        QueryError: the engine cannot answer, or too many requests wait.
    """
    questions = list(dict.fromkeys(item for item in batch.values() if isinstance(item, Question)))
    columned = [question for question in questions if question.columns]
    results: dict[Question, list[dict[str, Any]]] = {}
    for some in _slices([question for question in questions if not question.columns], _AT_ONCE):
        results |= await reader.work(partial(_all_shown, book, some, {}, language))
    found: Suspected = {}
    for some in _slices(columned, _AT_ONCE):
        found |= await reader.work(partial(_all_suspects, book.names, some))
    if columned:
        await _weigh(reader, book, client, found, columned)
    for some in _slices(columned, _AT_ONCE):
        results |= await reader.work(partial(_all_shown, book, some, found, language))
    return {
        key: {"result": results[item]}
        if isinstance(item, Question)
        else {"result": [], "error": orjson.Fragment(item.body(language))}
        for key, item in batch.items()
    }


def _all_suspects(names: Names, questions: Sequence[Question]) -> Suspected:
    return {question: _suspects(names, question) for question in _one_by_one(questions)}


def _all_shown(
    book: Book, questions: Sequence[Question], found: Suspected, language: Language
) -> dict[Question, list[dict[str, Any]]]:
    """Candidates of questions; those that were not weighed by columns are looked up now."""
    names = book.names
    return {
        question: [
            _shown(item, book, language)
            for item in ranked(
                names, question, found[question] if question in found else _suspects(names, question), language
            )
        ]
        for question in _one_by_one(questions)
    }


def _suspects(names: Names, question: Question) -> list[Suspect]:
    found = suspects(names, question) if question.text else []
    known = {item.entry for item in found}
    return found + [Suspect(entry) for entry in _identified(names, question) if entry not in known]


def _identified(names: Names, question: Question) -> list[int]:
    """Things that have an identifier which a column holds."""
    found: dict[int, None] = {}
    for column in question.columns:
        if not column.identifies:
            continue
        scheme = column.iri.removeprefix(IK)
        for value in column.values:
            text = _key(value)
            found |= dict.fromkeys(
                entry
                for entry, its, _ in names.identified(text, text.upper(), f"0{text}")
                if its == scheme and _fits(names, entry, question)
            )
    return list(found)


def _key(value: str | Reference) -> str:
    text = value.iri if isinstance(value, Reference) else value
    for namespace in SCHEMES.values():
        text = text.removeprefix(namespace)
    return text.strip("/").rpartition("/")[2].replace(" ", "")


def _fits(names: Names, entry: int, question: Question) -> bool:
    if not question.types or question.strictness == "should":
        return True
    asked, its = frozenset(question.types), names.classes(entry)
    return asked <= its if question.strictness == "all" else not asked.isdisjoint(its)


async def _weigh(
    reader: Reader, book: Book, client: GraphClient, found: Suspected, questions: Sequence[Question]
) -> None:
    """Compare the columns of questions; for questions without a name, find things by them."""
    names = book.names
    for question in questions:
        if not question.text:
            iris = await things_with(client, question.columns)
            found[question] = await reader.work(partial(_with, names, found[question], iris, question))
    numbers = list(dict.fromkeys(item.entry for question in questions for item in found[question]))
    things = await reader.work(partial(names.things, numbers, "de"))
    columns: list[Column] = [column for question in questions for column in question.columns]
    values = await values_of(
        client,
        [thing.iri for thing in things.values()],
        [column.iri for column in columns if column.iri not in SCHEMES],
        "de",
    )
    pairs = [(question, found[question]) for question in questions]
    for some in _slices(pairs, _AT_ONCE):
        await reader.work(partial(compare, names, some, values))


def _with(names: Names, found: Sequence[Suspect], iris: set[str], question: Question) -> list[Suspect]:
    """Things found already, and those that the graph found."""
    known = {item.entry for item in found}
    numbers = (names.number(iri) for iri in sorted(iris))
    fit = (entry for entry in numbers if entry is not None and entry not in known and _fits(names, entry, question))
    return [*found, *map(Suspect, fit)]


def _shown(candidate: Candidate, book: Book, language: Language) -> dict[str, Any]:
    thing = candidate.thing
    return {
        "id": thing.id,
        "name": thing.label,
        "description": thing.description,
        "type": book.schema.described(thing.classes, language),
        "score": candidate.score,
        "match": candidate.match,
        "features": [{"id": name, "value": value} for name, value in candidate.features],
    }


def _one_by_one(items: Iterable[T]) -> Iterator[T]:
    """The same, letting go of the interpreter lock in between: else the event loop gets it only after 5 ms."""
    for item in items:
        yield item
        time.sleep(0)


def _slices(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
