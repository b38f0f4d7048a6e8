"""Small questions to the graph, a bounded number of them, through the engine's one door.

What may be asked and how long is the caller's business; here a question more than allowed, one that takes too long, or
a time that is over ends the asking: :class:`Spent` is raised, and what was found until then is told.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import pyoxigraph

from interkommunal.errors import QueryError
from interkommunal.sparql.query import RESULTS_JSON, Limits, QueryRequest

#: The one door: answers a request with JSON results.
Ask = Callable[[QueryRequest], Awaitable[bytes]]
Row = Sequence[pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | pyoxigraph.Triple | None]

MOST_QUESTIONS: Final = 48
SECONDS: Final = 10.0
_SECONDS_EACH: Final = 4.0
_MOST_ROWS: Final = 5000
# Rows are counted up to here.
COUNTED: Final = 1000


class SpentError(Exception):
    """Nothing more may be asked."""


class Probe:
    """Asks for one explanation.

    Args:
        ask: the door.
        default_graphs, named_graphs: the dataset of the protocol, as the query itself has it.
    """

    def __init__(
        self, ask: Ask, default_graphs: tuple[str, ...] | None = None, named_graphs: tuple[str, ...] | None = None
    ) -> None:
        self._ask = ask
        self._datasets = (default_graphs, named_graphs)
        self._end = time.monotonic() + SECONDS
        self.left = MOST_QUESTIONS

    async def rows(self, query: str) -> list[Row]:
        """The rows of a SELECT.

        Raises:
            SpentError: nothing more may be asked, or the graph does not answer that.
        """
        seconds = min(_SECONDS_EACH, self._end - time.monotonic())
        if self.left == 0 or seconds <= 0:
            raise SpentError
        self.left -= 1
        request = QueryRequest(
            query, RESULTS_JSON, *self._datasets, Limits(seconds=seconds, rows=_MOST_ROWS, partial=True)
        )
        try:
            body = await self._ask(request)
        except QueryError as error:
            raise SpentError from error
        solutions = pyoxigraph.parse_query_results(body, format=pyoxigraph.QueryResultsFormat.JSON)
        assert isinstance(solutions, pyoxigraph.QuerySolutions), "only SELECT is asked here"
        return [tuple(solution) for solution in solutions]

    async def values(self, query: str) -> list[str]:
        """The texts or IRIs of the first column of a SELECT."""
        found = [row[0] for row in await self.rows(query)]
        return [term.value for term in found if isinstance(term, pyoxigraph.NamedNode | pyoxigraph.Literal)]

    async def count(self, head: str, dataset: str, where: str) -> int:
        """How many rows a group has, up to one more than :data:`COUNTED`."""
        inner = f"{{ SELECT * WHERE {{ {where} }} LIMIT {COUNTED + 1} }}"
        query = f"{head} SELECT (COUNT(*) AS ?n) {dataset} WHERE {{ {inner} }}"
        return int((await self.values(query))[0])
