"""Statements with the graphs they are in, quick ways to find one, and the one way from pages to the store.

Subjects, properties and graphs are IRIs as text; a value is a term of pyoxigraph, because literals have a language or
datatype. One triple may be in several graphs: several voices say the same. :class:`GraphClient` sends a SELECT and gets
rows of RDF terms.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from typing import Final, NamedTuple

import pyoxigraph
from cachetools import LRUCache
from pyoxigraph import Literal, NamedNode

from interkommunal.engine.engine import Engine
from interkommunal.namespaces import PASSAGE, expand, with_prologue
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
        solutions = pyoxigraph.parse_query_results(await answer.whole(), format=pyoxigraph.QueryResultsFormat.JSON)
        assert isinstance(solutions, pyoxigraph.QuerySolutions), "a page only asks SELECT"
        return [tuple(solution) for solution in solutions]

    async def texts(self, query: str) -> list[list[str]]:
        """The rows of a SELECT without prologue, each value as its text; empty where there is none.

        Raises:
            QueryError: the engine cannot answer.
        """
        return [
            [value.value if isinstance(value, NamedNode | Literal) else "" for value in row]
            for row in await self.rows(with_prologue(query))
        ]

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


Value = NamedNode | Literal


def is_passage(graph: str) -> bool:
    """Whether a graph or IRI is a passage (not a selector)."""
    return graph.startswith(PASSAGE) and not graph.endswith("-selector")


class Statement(NamedTuple):
    """One statement of a release."""

    subject: str
    predicate: str
    value: Value
    graph: str

    @property
    def quad(self) -> pyoxigraph.Quad:
        """The statement for a serialiser."""
        return pyoxigraph.Quad(NamedNode(self.subject), NamedNode(self.predicate), self.value, NamedNode(self.graph))


class Statements:
    """An index of statements; immutable after construction.

    Values, subjects and graphs come out sorted: values by what people expect (IRIs and texts by code point, numbers by
    size), so that a page is the same for the same release.
    """

    def __init__(self, statements: Iterable[Statement]) -> None:
        self._forward: dict[str, dict[str, dict[Value, list[str]]]] = {}
        self._backward: dict[str, dict[str, dict[str, None]]] = {}
        self.graphs: set[str] = set()
        self.count = 0
        for item in sorted(set(statements), key=_order):
            self.count += 1
            self.graphs.add(item.graph)
            by_property = self._forward.setdefault(item.subject, {})
            by_property.setdefault(item.predicate, {}).setdefault(item.value, []).append(item.graph)
            if isinstance(item.value, NamedNode):
                by_value = self._backward.setdefault(item.value.value, {})
                by_value.setdefault(item.predicate, {})[item.subject] = None

    def __iter__(self) -> Iterator[Statement]:
        for subject, properties in self._forward.items():
            for property_, values in properties.items():
                for value, graphs in values.items():
                    for graph in graphs:
                        yield Statement(subject, property_, value, graph)

    def __contains__(self, subject: str) -> bool:
        return subject in self._forward

    def subjects(self) -> Iterable[str]:
        """Everything that something is said of, sorted."""
        return self._forward.keys()

    @property
    def named(self) -> set[str]:
        """Everything that is named, as subject or value; selectors of passages have no name and are left out."""
        found = self._forward.keys() | self._backward.keys()
        return {iri for iri in found if not iri.endswith("-selector")}

    @property
    def passages(self) -> set[str]:
        """The graphs among :attr:`graphs` that are passages."""
        return set(filter(is_passage, self.graphs))

    def properties(self, subject: str) -> Iterable[str]:
        """The properties that ``subject`` has, sorted."""
        return self._forward.get(subject, {}).keys()

    def values(self, subject: str, property_: str) -> list[Value]:
        """The values of a property, sorted."""
        return list(self._forward.get(subject, {}).get(property_, ()))

    def resources(self, subject: str, property_: str) -> list[str]:
        """The IRIs among the values of a property."""
        return [value.value for value in self.values(subject, property_) if isinstance(value, NamedNode)]

    def literals(self, subject: str, property_: str) -> list[Literal]:
        """The literals among the values of a property."""
        return [value for value in self.values(subject, property_) if isinstance(value, Literal)]

    def resource(self, subject: str, property_: str) -> str | None:
        """The first IRI of a property."""
        return next(iter(self.resources(subject, property_)), None)

    def literal(self, subject: str, property_: str) -> Literal | None:
        """The first literal of a property."""
        return next(iter(self.literals(subject, property_)), None)

    def text(self, subject: str, property_: str, language: str) -> str | None:
        """A literal of a property in ``language``, else in any."""
        found = self.literals(subject, property_)
        return next((item.value for item in found if item.language == language), found[0].value if found else None)

    def number(self, subject: str, property_: str) -> int | None:
        """The first integer of a property."""
        for item in self.literals(subject, property_):
            if item.value.lstrip("+-").isdecimal():
                return int(item.value)
        return None

    def graphs_of(self, subject: str, property_: str, value: Value) -> tuple[str, ...]:
        """The graphs that state a triple, sorted."""
        return tuple(self._forward.get(subject, {}).get(property_, {}).get(value, ()))

    def pointing(self, value: str, property_: str) -> list[str]:
        """The subjects that have ``value`` for a property, sorted."""
        return list(self._backward.get(value, {}).get(property_, ()))

    def pointing_properties(self, value: str) -> Iterable[str]:
        """The properties by which something points to ``value``, sorted."""
        return sorted(self._backward.get(value, ()))

    def types(self, subject: str) -> list[str]:
        """The classes of a subject."""
        return self.resources(subject, RDF_TYPE)

    def in_order(self, things: Iterable[str]) -> list[str]:
        """``things`` by the position (``schema:position``) that the source gives them."""
        return sorted(things, key=lambda item: (self.number(item, expand("schema:position")) or 0, item))

    def joined(self, other: Statements) -> Statements:
        """All statements of both."""
        return Statements([*self, *other])


RDF_TYPE: Final = expand("rdf:type")


def _order(statement: Statement) -> tuple[object, ...]:
    value = statement.value
    if isinstance(value, NamedNode):
        key: tuple[object, ...] = (0, 0, value.value, "", "")
    elif value.value.isdecimal():
        key = (1, int(value.value), value.value, value.datatype.value, "")
    else:
        key = (2, 0, value.value, value.datatype.value, value.language or "")
    return (statement.subject, statement.predicate, key, statement.graph)
