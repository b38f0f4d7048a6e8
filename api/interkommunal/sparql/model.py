"""A query as it was read: groups, patterns and expressions, each with its place in the text.

Made by :func:`interkommunal.sparql.parser.parse`. The parts of a group are slices of the text that can stand in a group
by themselves, so a part can be shown, and asked alone or with others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from interkommunal.sparql.query import Form
from interkommunal.sparql.tokens import Kind, Token, position, resolved, string_value

AGGREGATES: Final = frozenset(("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"))


class Place(NamedTuple):
    """Where something stands in a query: line and column, both from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a query.

    Attributes:
        kind: what it is; ``path`` for a property path that is no single property.
        value: name, IRI or lexical form.
        datatype: IRI of the datatype of a literal, empty where it has a language. language: its language tag.
        parts: of a path, the properties in it, in order.
        last: of a path, the property that its end is the value of, if that is only one.
        steps: of a path that is a sequence, its steps as written.
    """

    kind: Literal["variable", "iri", "literal", "blank", "path"]
    value: str
    datatype: str = ""
    language: str = ""
    parts: tuple[str, ...] = ()
    last: str = ""
    steps: tuple[str, ...] = ()

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
        return variables(part.term for part in self.walk())

    @property
    def aggregates(self) -> bool:
        """Whether an aggregate stands in it."""
        return any(part.name in AGGREGATES for part in self.walk())


Triple = tuple[Term, Term, Term]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a group. ``text`` can stand in a group by itself; ``start`` is where it begins in the query."""

    text: str
    start: int

    @property
    def shown(self) -> str:
        """The text on one line, not too long."""
        line = " ".join(self.text.split())
        return line if len(line) <= 160 else f"{line[:159]}…"


@dataclass(frozen=True, slots=True)
class Triples(Part):
    """One triple pattern, or several that hang together by brackets."""

    triples: tuple[Triple, ...]


@dataclass(frozen=True, slots=True)
class Filter(Part):
    """FILTER; a condition of HAVING, too."""

    expression: Expression


@dataclass(frozen=True, slots=True)
class Bind(Part):
    """BIND, or an expression of SELECT or GROUP BY with a name."""

    expression: Expression
    variable: str


@dataclass(frozen=True, slots=True)
class Values(Part):
    """VALUES; ``rows`` have ``None`` for UNDEF."""

    variables: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Nested(Part):
    """A group in a group: ``kind`` is the keyword before it; UNION has several groups, GRAPH and SERVICE a name.

    ``head`` is what stands before the first bracket.
    """

    kind: Literal["GROUP", "UNION", "OPTIONAL", "MINUS", "GRAPH", "SERVICE"]
    groups: tuple[Group, ...]
    name: Term | None = None
    head: str = ""


@dataclass(frozen=True, slots=True)
class Select(Part):
    """A SELECT, outermost or nested; other forms of query are one without a projection.

    Attributes:
        projected: variables of the answer, or of the template; ``None`` for ``*``. described: IRIs of DESCRIBE.
        binds: expressions with their names, of SELECT and of GROUP BY.
        where: its group.
        clause: SELECT and what it projects, as written. modifiers: GROUP BY and HAVING, as written.
        grouped: variables and expressions of GROUP BY. having: conditions of HAVING.
        values: VALUES behind it. offset: rows passed over, and where that is said.
    """

    projected: tuple[str, ...] | None
    binds: tuple[Bind, ...]
    where: Group
    clause: str = ""
    modifiers: str = ""
    grouped: tuple[Expression, ...] = ()
    having: tuple[Filter, ...] = ()
    values: Values | None = None
    offset: tuple[int, int] | None = None
    described: tuple[str, ...] = ()

    @property
    def yields_one_row(self) -> bool:
        """Whether it has aggregates over all rows together: it has one row then, even if there are no rows."""
        expressions = [bind.expression for bind in self.binds] + [condition.expression for condition in self.having]
        return not self.grouped and any(expression.aggregates for expression in expressions)

    @property
    def whole(self) -> Group:
        """Its group with the VALUES behind it."""
        return self.where if self.values is None else Group((*self.where.parts, self.values))

    @property
    def binds_all(self) -> set[str]:
        """Variables that have a value in it, projected or not."""
        return self.whole.binds() | {bind.variable for bind in self.binds}

    @property
    def yields(self) -> set[str]:
        """Variables that it hands on as a subquery."""
        return self.whole.binds() if self.projected is None else set(self.projected)


@dataclass(frozen=True, slots=True)
class Group:
    """A group: its parts in their order."""

    parts: tuple[Part, ...] = ()

    @property
    def triples(self) -> Iterator[Triple]:
        """Its triple patterns."""
        return (triple for part in self.parts if isinstance(part, Triples) for triple in part.triples)

    def groups(self, *, services: bool = True, exists: bool = True) -> Iterator[Group]:
        """The group and all groups in it, those of subqueries too; ``services`` and ``exists`` leave out theirs."""
        yield self
        inner: list[Group] = []
        for part in self.parts:
            if isinstance(part, Nested) and (services or part.kind != "SERVICE"):
                inner += part.groups
            elif isinstance(part, Select):
                inner.append(part.whole)
            elif isinstance(part, Filter | Bind) and exists:
                inner += [each.group for each in part.expression.walk() if each.group is not None]
        for group in inner:
            yield from group.groups(services=services, exists=exists)

    def all_parts(self, *, services: bool = True) -> Iterator[Part]:
        """The parts of the group and of all groups in it."""
        for group in self.groups(services=services):
            yield from group.parts

    def binds(self) -> set[str]:
        """Variables that may be bound by this group."""
        found = variables(term for triple in self.triples for term in triple)
        for part in self.parts:
            if isinstance(part, Bind):
                found.add(part.variable)
            elif isinstance(part, Values):
                found.update(part.variables)
            elif isinstance(part, Select):
                found |= part.yields
            elif isinstance(part, Nested) and part.kind != "MINUS":
                found |= variables([part.name]).union(*(group.binds() for group in part.groups))
        return found


def variables(terms: Iterable[Term | None]) -> set[str]:
    """The names of the variables among some terms."""
    return {term.value for term in terms if term is not None and term.is_variable}


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was read.

    Attributes:
        text: as it was written. tokens: of it.
        form: of the query. select: what it asks.
        prefixes: as it declares them.
        head: its prologue. dataset: its FROM clauses. Both belong to every question about a part of it.
    """

    text: str
    tokens: tuple[Token, ...]
    form: Form
    select: Select
    prefixes: dict[str, str] = field(default_factory=dict)
    head: str = ""
    dataset: str = ""

    def place(self, start: int) -> Place:
        """Line and column of an offset."""
        return Place(*position(self.text, start))

    def first(self, holds: Callable[[Token], bool]) -> Place | None:
        """Where the first token stands of which something holds."""
        return next((self.place(token.start) for token in self.tokens if holds(token)), None)

    def variable(self, name: str) -> Place | None:
        """Where a variable stands first."""
        return self.first(lambda token: token.kind is Kind.VARIABLE and token.text[1:] == name)

    def iri(self, iri: str) -> Place | None:
        """Where an IRI stands first, in full or with a prefix, declarations left out."""
        found = list(self.tokens)
        return self.first(lambda token: token.start >= len(self.head) and resolved(token, found) == iri)

    def string(self, value: str) -> Place | None:
        """Where a string stands first."""
        return self.first(lambda token: token.kind is Kind.STRING and string_value(token) == value)

    def keyword(self, *words: str) -> Place | None:
        """Where one of some keywords stands first."""
        return self.first(lambda token: token.keyword in words)

    def conditions(self) -> Iterator[Filter]:
        """Each FILTER and HAVING, those for other endpoints left out."""
        yield from self.select.having
        for part in self.select.whole.all_parts(services=False):
            if isinstance(part, Filter):
                yield part
            elif isinstance(part, Select):
                yield from part.having
