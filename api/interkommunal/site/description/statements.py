"""Statements with the graphs they stand in, and quick ways to find one.

Subjects, properties and graphs are IRIs as text; a value is a term of pyoxigraph, because literals have a language or
datatype. One triple may stand in several graphs: several voices say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import pyoxigraph
from pyoxigraph import Literal, NamedNode

from interkommunal.namespaces import expand

Value = NamedNode | Literal


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
