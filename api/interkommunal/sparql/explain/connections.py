"""Which patterns of a group hang together, and which are only combined, each row with each (cartesian product)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from interkommunal.sparql.explain.model import Bind, Filter, Group, Nested, Select, Values

Kind = Literal["plain", "filtered"]


def disconnected(group: Group) -> Iterator[tuple[frozenset[str], frozenset[str], Kind]]:
    """Pairs of sets of variables that nothing connects: the first set of the group, and each further one.

    VALUES and subqueries that yield one row (aggregates without GROUP BY) multiply nothing and are left out, and
    patterns without a variable are only asked whether they hold.
    """
    clusters = [set(names) for names in _patterns(group) if names]
    joined = _joined(clusters)
    if len(joined) < 2:
        return
    # BIND and FILTER make no join, but one over both sides shows that they are meant together.
    filtered = _joined([*joined, *(part.expression.variables for part in group.parts if isinstance(part, Filter))])
    filtered = _joined([*filtered, *(_of_bind(part) for part in group.parts if isinstance(part, Bind))])
    first = joined[0]
    for other in joined[1:]:
        together = any(first & cluster and other & cluster for cluster in filtered)
        yield frozenset(first), frozenset(other), "filtered" if together else "plain"


def _of_bind(bind: Bind) -> set[str]:
    return bind.expression.variables | {bind.variable}


def _patterns(group: Group) -> Iterator[set[str]]:
    for triple in group.triples:
        # Blank nodes connect as variables do.
        yield {term.value for term in triple if term.kind in ("variable", "blank")}
    for part in group.parts:
        if isinstance(part, Nested):
            if part.kind == "MINUS":
                continue
            names = set().union(*(inner.binds() for inner in part.groups))
            if part.name is not None and part.name.is_variable:
                names = names | {part.name.value}
            if part.kind == "OPTIONAL":
                # A FILTER in an OPTIONAL may use what stands outside.
                for inner in part.groups[0].parts:
                    if isinstance(inner, Filter):
                        names = names | inner.expression.variables
            yield names
        elif isinstance(part, Select):
            one_row = not part.grouped and any("AGGREGATE" in e.name for b in part.binds for e in b.expression.walk())
            if not one_row:
                yield set(part.projected) if part.projected is not None else part.where.binds()
        elif isinstance(part, Values) and len(part.rows) > 1 and len(part.variables) > 1:
            yield set(part.variables)


def _joined(clusters: list[set[str]]) -> list[set[str]]:
    found: list[set[str]] = []
    for cluster in clusters:
        together = set(cluster)
        apart = []
        for other in found:
            if other & together:
                together |= other
            else:
                apart.append(other)
        found = [*apart, together]
    return found
