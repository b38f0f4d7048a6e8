"""From a batch of questions to candidates as JSON: names are looked up in the index, columns in the graph."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final, TypeVar

import orjson

from interkommunal.errors import EngineUnavailable, QueryError, QueueFull
from interkommunal.namespaces import IK
from interkommunal.reconcile.evidence import bare_key, compare, things_with, values_of
from interkommunal.reconcile.index import IndexThread, NameIndex
from interkommunal.reconcile.matching import Candidate, Question, Suspect, ranked, suspects
from interkommunal.site.description.statements import GraphClient
from interkommunal.texts import Language
from interkommunal.web.problems import Problem, problem_of

T = TypeVar("T")

# Questions that the thread takes at a time. Looking one up takes about a third of a millisecond.
_AT_ONCE: Final = 16


class Answering:
    """Answers batches.

    Args:
        thread: looks names up.
        client: the way to the graph.
    """

    def __init__(self, thread: IndexThread, client: GraphClient) -> None:
        self._thread = thread
        self._client = client

    async def candidates(
        self, index: NameIndex, batch: Mapping[str, Question | Problem], language: Language
    ) -> dict[str, Any]:
        """The candidates for each question, as JSON (Reconciliation API 0.2, §4.4).

        Args:
            index: of the release.
            batch: questions by their keys; equal ones are answered once. A problem has no candidates and says why.
            language: of labels.

        Raises:
            QueryError: the engine cannot answer, or too many requests wait.
        """
        questions = list(dict.fromkeys(item for item in batch.values() if isinstance(item, Question)))
        found = await self._each(questions, lambda question: _suspects(index, question))
        failed = await self._weigh(index, {question: found[question] for question in questions if question.columns})

        def shown(question: Question) -> list[dict[str, Any]]:
            return [_shown(item, index, language) for item in ranked(index, question, found[question], language)]

        results = await self._each(questions, shown)
        answers: dict[str, Any] = {}
        for key, item in batch.items():
            problem = item if isinstance(item, Problem) else failed.get(item)
            if problem is not None:
                answers[key] = {"result": [], "error": orjson.Fragment(problem.body(language))}
            elif isinstance(item, Question):
                answers[key] = {"result": results[item]}
        return answers

    async def _each(self, questions: Sequence[Question], task: Callable[[Question], T]) -> dict[Question, T]:
        """What ``task`` makes of each question, a few at a time."""
        found: dict[Question, T] = {}

        def work(some: Sequence[Question]) -> None:
            for question in some:
                found[question] = task(question)
                # Lets go of the interpreter lock: else the event loop gets it only after 5 ms.
                time.sleep(0)

        for some in _slices(questions):
            await self._thread.work(partial(work, some))
        return found

    async def _weigh(self, index: NameIndex, found: Mapping[Question, list[Suspect]]) -> dict[Question, Problem]:
        """Compare the columns of questions; for those without a name, find things by them.

        Returns what went wrong with which question.
        """
        failed: dict[Question, Problem] = {}
        for question, items in found.items():
            if question.text:
                continue
            try:
                iris = await things_with(self._client, question.columns)
            except (EngineUnavailable, QueueFull):
                raise
            except QueryError as error:
                failed[question] = problem_of(error)
                continue
            items += await self._thread.work(partial(_further, index, question, items, iris))
        numbers = list(dict.fromkeys(item.entry for items in found.values() for item in items))
        things = await self._thread.work(lambda: index.things(numbers, "de"))
        columns = [column.iri for question in found for column in question.columns]
        values = await values_of(self._client, [thing.iri for thing in things.values()], columns, "de")
        await self._each(list(found), lambda question: compare(index, [(question, found[question])], values))
        return failed


def _suspects(index: NameIndex, question: Question) -> list[Suspect]:
    """Things that may be meant by the name, and those that have an identifier which a column holds."""
    found = {item.entry: item for item in (suspects(index, question) if question.text else ())}
    for column in question.columns:
        scheme = column.iri.removeprefix(IK)
        for text in map(bare_key, column.values) if column.identifies else ():
            for entry, its, _ in index.identified(text, text.upper(), f"0{text}"):
                if its == scheme and _fits(index, entry, question):
                    found.setdefault(entry, Suspect(entry))
    return list(found.values())


def _further(index: NameIndex, question: Question, known: Sequence[Suspect], iris: set[str]) -> list[Suspect]:
    """Things that the graph found, but those that are known already."""
    numbers = {number: None for iri in sorted(iris) if (number := index.number(iri)) is not None}
    entries = {item.entry for item in known}
    return [Suspect(entry) for entry in numbers if entry not in entries and _fits(index, entry, question)]


def _fits(index: NameIndex, entry: int, question: Question) -> bool:
    if not question.typed:
        return True
    asked, its = frozenset(question.types), index.classes(entry)
    return asked <= its if question.strictness == "all" else not asked.isdisjoint(its)


def _shown(candidate: Candidate, index: NameIndex, language: Language) -> dict[str, Any]:
    thing = candidate.thing
    return {
        "id": thing.id,
        "name": thing.label,
        "description": thing.description,
        "type": index.schema.described(thing.classes, language),
        "score": candidate.score,
        "match": candidate.match,
        "features": [{"id": name, "value": value} for name, value in candidate.features],
    }


def _slices(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]
