"""A query as the rules see it: groups of patterns and expressions, free of the parser that read them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a query.

    Attributes:
        kind: what it is; ``path`` for a property path that is no single property.
        value: name, IRI or lexical form.
        datatype: IRI of the datatype of a literal, empty where it has a language. language: its language tag.
        parts: of a path, the properties in it, in order.
        last: of a path, the property that its end is the value of, if that is only one.
    """

    kind: Literal["variable", "iri", "literal", "blank", "path"]
    value: str
    datatype: str = ""
    language: str = ""
    parts: tuple[str, ...] = ()
    last: str = ""

    @property
    def is_variable(self) -> bool:
        """Whether it is a variable."""
        return self.kind == "variable"


@dataclass(frozen=True, slots=True)
class Expression:
    """An operator or function in upper case with its arguments; ``TERM`` holds a term, ``EXISTS`` a group."""

    name: str
    arguments: tuple[Expression, ...] = ()
    term: Term | None = None
    group: Group | None = None

    def walk(self) -> Iterator[Expression]:
        """The expression and all in it."""
        yield self
        for argument in self.arguments:
            yield from argument.walk()

    @property
    def variables(self) -> set[str]:
        """Variables in it, those of EXISTS left out."""
        return {part.term.value for part in self.walk() if part.term is not None and part.term.is_variable}


Triple = tuple[Term, Term, Term]


@dataclass(frozen=True, slots=True)
class Filter:
    """``number`` counts the FILTERs of the query in their order."""

    expression: Expression
    number: int


@dataclass(frozen=True, slots=True)
class Bind:
    """BIND, or an expression of SELECT with a name."""

    expression: Expression
    variable: str


@dataclass(frozen=True, slots=True)
class Values:
    """VALUES; ``rows`` have ``None`` for UNDEF."""

    variables: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Nested:
    """A group in a group: ``kind`` is the keyword before it; UNION has several groups, GRAPH and SERVICE a name."""

    kind: Literal["GROUP", "UNION", "OPTIONAL", "MINUS", "GRAPH", "SERVICE"]
    groups: tuple[Group, ...]
    name: Term | None = None


@dataclass(frozen=True, slots=True)
class Select:
    """A SELECT, outermost or nested; other forms of query are one without a projection.

    Attributes:
        projected: variables of the answer; ``None`` for ``*``.
        binds: expressions with their names.
        where: its group.
        grouped: variables and expressions of GROUP BY. ordered: expressions of ORDER BY and HAVING.
    """

    projected: tuple[str, ...] | None
    binds: tuple[Bind, ...]
    where: Group
    grouped: tuple[Expression, ...] = ()
    ordered: tuple[Expression, ...] = ()


Part = Filter | Bind | Values | Nested | Select


@dataclass(frozen=True, slots=True)
class Group:
    """A group: its triple patterns, and the other parts in their order."""

    triples: tuple[Triple, ...] = ()
    parts: tuple[Part, ...] = ()

    def groups(self, *, services: bool = True) -> Iterator[Group]:
        """The group and all groups in it, those of subqueries and EXISTS too."""
        yield self
        for part in self.parts:
            if isinstance(part, Nested) and (services or part.kind != "SERVICE"):
                for group in part.groups:
                    yield from group.groups(services=services)
            elif isinstance(part, Select):
                yield from part.where.groups(services=services)
            elif isinstance(part, Filter | Bind):
                for expression in part.expression.walk():
                    if expression.group is not None:
                        yield from expression.group.groups(services=services)

    def binds(self) -> set[str]:
        """Variables that may be bound by this group."""
        found = {term.value for triple in self.triples for term in triple if term.is_variable}
        for part in self.parts:
            found |= _bound(part)
        return found


def _bound(part: Part) -> set[str]:
    if isinstance(part, Bind):
        return {part.variable}
    if isinstance(part, Values):
        return set(part.variables)
    if isinstance(part, Select):
        if part.projected is None:
            return part.where.binds()
        return set(part.projected)
    if isinstance(part, Nested) and part.kind != "MINUS":
        named = {part.name.value} if part.name is not None and part.name.is_variable else set()
        return named.union(*(group.binds() for group in part.groups))
    return set()


@dataclass(frozen=True, slots=True)
class Reading:
    """A query that was read.

    Attributes:
        form: ``SELECT``, ``ASK``, ``CONSTRUCT`` or ``DESCRIBE``.
        select: what it asks.
        prefixes: as it declares them.
    """

    form: str
    select: Select
    prefixes: dict[str, str] = field(default_factory=dict)
