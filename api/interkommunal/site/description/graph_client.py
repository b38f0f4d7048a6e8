"""The one way from pages to the store: a SELECT goes in, rows of RDF terms come out."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping, Sequence
from typing import Final

import pyoxigraph
from cachetools import LRUCache

from interkommunal.engine.engine import Engine
from interkommunal.site.description.statements import Statement, Statements
from interkommunal.sparql.query import RESULTS_JSON, Limits, QueryRequest

# A page asks small questions; one that takes longer is better refused than waited for.
_LIMITS: Final = Limits(seconds=15.0)
_MOST_REMEMBERED: Final = 256

Row = Sequence[pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | pyoxigraph.Triple | None]


class GraphClient:
    """Asks an engine on behalf of a page.

    Args:
        engine: the engine room.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._remembered: MutableMapping[tuple[str, ...], asyncio.Task[Statements]] | None = None

    def remember(self) -> None:
        """From now on remember the last answers; only for an engine that will never serve another release.

        All formats of a thing, written one after the other, need the same answers.
        """
        self._remembered = LRUCache(_MOST_REMEMBERED)

    async def rows(self, query: str) -> list[Row]:
        """The rows of a SELECT, each with its values in the order of the variables.

        Raises:
            QueryError: the engine cannot answer.
        """
        answer = await self._engine.answer(QueryRequest(query, RESULTS_JSON, limits=_LIMITS))
        body = answer.body
        if body is None:
            body = b"".join([chunk async for chunk in answer.chunks()])
        solutions = pyoxigraph.parse_query_results(body, format=pyoxigraph.QueryResultsFormat.JSON)
        assert isinstance(solutions, pyoxigraph.QuerySolutions), "a page only asks SELECT"
        return [tuple(solution) for solution in solutions]

    async def statements(self, *questions: str) -> Statements:
        """What SELECTs of ``?graph ?subject ?property ?value`` yield together; they are asked at the same time.

        Raises:
            QueryError: the engine cannot answer.
        """
        if self._remembered is None:
            return await self._ask(questions)
        asked = self._remembered.get(questions)
        if asked is None:
            asked = self._remembered[questions] = asyncio.ensure_future(self._ask(questions))
        return await asyncio.shield(asked)

    async def _ask(self, questions: tuple[str, ...]) -> Statements:
        answers = await asyncio.gather(*(self.rows(query) for query in questions))
        return Statements(statement(row) for rows in answers for row in rows)


def statement(row: Row) -> Statement:
    """A row of graph, subject, property and value as a statement; a release holds no blank nodes."""
    graph, subject, property_, value = row[:4]
    assert isinstance(graph, pyoxigraph.NamedNode)
    assert isinstance(subject, pyoxigraph.NamedNode)
    assert isinstance(property_, pyoxigraph.NamedNode)
    assert isinstance(value, pyoxigraph.NamedNode | pyoxigraph.Literal)
    return Statement(subject.value, property_.value, value, graph.value)
