"""Where the rows of a query run out: counts them after each pattern, and finds the fewest patterns that find nothing.

In: a query as it was read, and a :class:`Probe`, which asks the graph. Out: the steps, and at most one finding.
OPTIONAL and BIND take no row away, so they are passed by; FILTERs come last, as SPARQL has it (§5.2.2), and behind them
what is done with the rows of a whole SELECT: VALUES, HAVING, OFFSET (§18.2.4, §18.2.5).
"""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

import pyoxigraph

from interkommunal.errors import QueryError, QueryRefused, QuerySyntaxError, UnknownFunction
from interkommunal.sparql.findings import Finding, Step
from interkommunal.sparql.model import Bind, Filter, Nested, Part, Query, Select, Triples
from interkommunal.sparql.query import FORMATS, N_TRIPLES, RESULTS_JSON, Form, Limits, QueryRequest
from interkommunal.texts import Text

#: The one door: answers a request.
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


class Answered(NamedTuple):
    """What the query itself is answered with: whether that is empty, and which variables have a value in a row."""

    is_empty: bool
    bound: frozenset[str] = frozenset()


class Probe:
    """Asks small questions for one explanation, a bounded number of them.

    Args:
        ask: the door; what may be asked and how long is the caller's business.
        default_graphs, named_graphs: the dataset of the protocol, as the query itself has it.
    """

    def __init__(
        self, ask: Ask, default_graphs: tuple[str, ...] | None = None, named_graphs: tuple[str, ...] | None = None
    ) -> None:
        self._ask = ask
        self._datasets = (default_graphs, named_graphs)
        self._end = time.monotonic() + SECONDS
        self.left = MOST_QUESTIONS

    async def answered(self, query: str, form: Form) -> Answered:
        """What the query itself is answered with.

        Raises:
            QuerySyntaxError, UnknownFunction, QueryRefused: the engine refuses it.
            SpentError: it takes too long, or fails.
        """
        media_type = N_TRIPLES if form.yields_graph else FORMATS[form][0]
        body = await self._body(query, media_type)
        if form.yields_graph:
            return Answered(not body.strip())
        results = json.loads(body)
        if "boolean" in results:
            return Answered(not results["boolean"])
        rows = results["results"]["bindings"]
        return Answered(not rows, frozenset().union(*rows))

    async def rows(self, query: str) -> list[Row]:
        """The rows of a SELECT.

        Raises:
            QuerySyntaxError: that cannot be asked.
            SpentError: nothing more may be asked, or the graph does not answer that.
        """
        solutions = pyoxigraph.parse_query_results(
            await self._body(query, RESULTS_JSON), format=pyoxigraph.QueryResultsFormat.JSON
        )
        assert isinstance(solutions, pyoxigraph.QuerySolutions), "only SELECT is asked here"
        return [tuple(solution) for solution in solutions]

    async def _body(self, query: str, media_type: str) -> bytes:
        seconds = min(_SECONDS_EACH, self._end - time.monotonic())
        if self.left == 0 or seconds <= 0:
            raise SpentError
        self.left -= 1
        limits = Limits(seconds=seconds, rows=_MOST_ROWS, partial=True)
        try:
            return await self._ask(QueryRequest(query, media_type, *self._datasets, limits))
        except (QuerySyntaxError, UnknownFunction, QueryRefused):
            raise
        except QueryError as error:
            raise SpentError from error

    async def values(self, query: str) -> list[str]:
        """The texts or IRIs of the first column of a SELECT."""
        found = [row[0] for row in await self.rows(query)]
        return [term.value for term in found if isinstance(term, pyoxigraph.NamedNode | pyoxigraph.Literal)]

    async def count(self, head: str, dataset: str, where: str) -> int:
        """How many rows a group has, up to one more than :data:`COUNTED`."""
        inner = f"{{ SELECT * WHERE {{ {where} }} LIMIT {COUNTED + 1} }}"
        query = f"{head} SELECT (COUNT(*) AS ?n) {dataset} WHERE {{ {inner} }}"
        return int((await self.values(query))[0])


class _Context(NamedTuple):
    """What stands around patterns that are counted.

    Attributes:
        before, after: with the patterns that came before them.
        heads: brackets alone, such as ``GRAPH ?g {``, for what is asked by itself.
    """

    before: str = ""
    after: str = ""
    heads: str = ""

    def where(self, parts: Sequence[Part]) -> str:
        """A group of some parts in their context."""
        return " ".join((self.before, *(part.text for part in parts), self.after))

    def alone(self, text: str) -> str:
        """A group of some text by itself."""
        return f"{self.heads} {text} {self.after}"


@dataclass
class Emptiness:
    """Looks for the pattern after which nothing is left.

    Attributes:
        query: as it was read. probe: asks the graph.
        steps: patterns and the rows left after them, as far as it came.
    """

    query: Query
    probe: Probe
    steps: list[Step] = field(default_factory=list)

    async def find(self) -> Finding | None:
        """Why the query finds nothing, or ``None`` if its patterns find something and nothing takes that away.

        Raises:
            SpentError: it took too many questions.
        """
        return await self._of_select(self.query.select, _Context(), _Context())

    async def _of_select(self, select: Select, within: _Context, around: _Context) -> Finding | None:
        """What empties a SELECT: its patterns, asked ``within``, or what is done with their rows, asked ``around``."""
        found = await self._descend(select.where.parts, within)
        if found is None or not select.yields_one_row:
            return found or await self._behind(select, around)
        # Aggregates over all rows give an answer, but it counts nothing.
        message = Text("Nothing is aggregated here. {message}", message=found.message)
        return await self._behind(select, around) or replace(
            found, code="aggregate-of-nothing", severity="hint", message=message
        )

    async def _count(self, where: str) -> int | None:
        """Rows of a group; ``None`` if it cannot be asked by itself."""
        try:
            return await self.probe.count(self.query.head, self.query.dataset, where)
        except QuerySyntaxError:
            return None

    async def _descend(self, parts: Sequence[Part], context: _Context) -> Finding | None:
        kept: list[Part] = []
        for part in sorted(parts, key=lambda part: isinstance(part, Filter)):
            earlier = list(kept)
            kept.append(part)
            if isinstance(part, Bind) or _is_optional(part):
                continue
            rows = await self._count(context.where(kept))
            if rows is None:
                continue
            if not rows:
                inner = await self._within(part, earlier, context)
                if inner is not None:
                    return inner
            self.steps.append(Step(part.shown, self.query.place(part.start), min(rows, COUNTED), rows > COUNTED))
            if not rows:
                return await self._blame(part, earlier, context)
        return None

    async def _within(self, part: Part, earlier: list[Part], context: _Context) -> Finding | None:
        """What empties a group or subquery from within."""
        if isinstance(part, Nested) and part.kind in ("GROUP", "GRAPH"):
            before = context.where(earlier).removesuffix(context.after)
            heads, after = f"{context.heads} {part.head} {{", f"}} {context.after}"
            return await self._descend(part.groups[0].parts, _Context(f"{before} {part.head} {{", after, heads))
        if isinstance(part, Select) and await self._count(context.alone(part.text)) == 0:
            outer = f"{context.heads} {{ {_projection(part)} WHERE {{"
            steps = len(self.steps)
            inner = _Context(outer, f"}} }} {context.after}", outer)
            found = await self._of_select(part, inner, context._replace(before=context.heads))
            del self.steps[steps:]
            return found
        return None

    async def _behind(self, select: Select, context: _Context) -> Finding | None:
        """What empties a SELECT whose patterns find something: VALUES, HAVING or OFFSET."""
        where = " ".join(part.text for part in select.where.parts)
        clause = select.clause if select.clause.upper().startswith("SELECT") else "SELECT *"
        whole, rows = f"{clause} WHERE {{ {where} }} {select.modifiers}", None
        if select.having:
            rows = await self._count(context.alone(f"{{ {whole} }}"))
            if rows == 0:
                message = Text("There are groups, but this HAVING lets none of them through.")
                return Finding("empty-having", message, self.query.place(select.having[0].start))
        if select.values is not None:
            rows = await self._count(context.alone(f"{{ {whole} {select.values.text} }}"))
            if rows == 0:
                message = Text("There are rows up to here, but none of them fits these VALUES.")
                return Finding("empty-values", message, self.query.place(select.values.start))
        if select.offset is not None:
            offset, start = select.offset
            rows = await self._count(context.alone(f"{{ {whole} }}")) if rows is None else rows
            if rows is not None and 0 < rows <= min(COUNTED, offset):
                message = Text("OFFSET {offset} passes over all {rows} rows.", offset=offset, rows=rows)
                return Finding("offset-beyond", message, self.query.place(start))
        return None

    async def _blame(self, part: Part, earlier: list[Part], context: _Context) -> Finding:
        """The finding for ``part``, with which nothing is left of what ``earlier`` found."""
        place, mend = self.query.place(part.start), None
        if isinstance(part, Filter):
            code = "empty-filter"
            message = Text("There are rows up to here, but this FILTER lets none of them through.")
        elif isinstance(part, Nested) and part.kind == "MINUS":
            code = "empty-minus"
            message = Text("There are rows up to here, but this MINUS takes all of them away.")
        elif not await self._count(context.where([part])):
            code, mend = "empty-pattern", await self._broken_path(part, context)
            message = (
                Text("This pattern finds nothing in its place: {shown}", shown=part.shown)
                if context.before.strip()
                else Text("This pattern finds nothing even by itself: {shown}", shown=part.shown)
            )
        else:
            code = "empty-together"
            fewest = await self._fewest(part, [item for item in earlier if not _is_optional(item)], context)
            message = Text(
                "Each pattern finds something, but together with “{others}” no row is left at “{shown}”.",
                others="; ".join(item.shown for item in fewest),
                shown=part.shown,
            )
        return Finding(code, message, place, mend)

    async def _broken_path(self, part: Part, context: _Context) -> Text | None:
        """Of a path that finds nothing, the step at which it breaks off."""
        if not isinstance(part, Triples) or len(part.triples) != 1:
            return None
        subject, path, _ = part.triples[0]
        written = {"variable": f"?{subject.value}", "iri": f"<{subject.value}>"}.get(subject.kind, part.text.split()[0])
        for number, step in enumerate(path.steps[:-1] if self.probe.left > len(path.steps) else (), 1):
            so_far = "/".join(path.steps[:number])
            if await self._count(context.alone(f"{written} {so_far} ?explained_end .")) == 0:
                return Text("The path breaks off already at {step}.", step=step)
        return None

    async def _fewest(self, part: Part, earlier: list[Part], context: _Context) -> list[Part]:
        """Earlier parts without which there would be rows: the others are taken away one by one."""
        kept = list(earlier)
        for item in earlier:
            if self.probe.left <= 1:
                break
            fewer = [other for other in kept if other is not item]
            if isinstance(item, Bind) or await self._count(context.where([*fewer, part])) == 0:
                kept = fewer
        return kept or earlier


def _is_optional(part: Part) -> bool:
    return isinstance(part, Nested) and part.kind == "OPTIONAL"


def _projection(select: Select) -> str:
    """A SELECT of the variables that a subquery hands on, as far as its patterns bind them."""
    if select.projected is None:
        return "SELECT *"
    bound = select.where.binds()
    names = [f"?{name}" for name in select.projected if name in bound]
    return f"SELECT {' '.join(names)}" if names else "SELECT (1 AS ?explained_row)"
