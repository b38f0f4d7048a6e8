"""Rules that need only the query: each looks at it and tells what it finds.

``RULES`` is the table of them, by the code of their findings. They warn only where a query does something else than its
author can have meant, and they stay silent where that cannot be known without the graph.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

from interkommunal.namespaces import PREFIXES
from interkommunal.sparql.comparisons import contradictions
from interkommunal.sparql.findings import Finding
from interkommunal.sparql.model import (
    AGGREGATES,
    Bind,
    Expression,
    Filter,
    Group,
    Nested,
    Query,
    Select,
    Term,
    Values,
)
from interkommunal.texts import Text

_LIKE: Final = 70.0


Rule = Callable[[Query], Iterator[Finding]]


def namespace(query: Query) -> Iterator[Finding]:
    """A prefix of the project stands for another namespace than here."""
    for prefix, iri in query.prefixes.items():
        ours = PREFIXES.get(prefix)
        if ours is not None and ours != iri and _same_but_spelling(ours, iri):
            yield Finding(
                "namespace",
                "warning",
                Text("The prefix {prefix}: stands for <{iri}> here.", prefix=prefix, iri=iri),
                Text("In this graph it is <{ours}>.", ours=ours),
                query.place_of(next((token for token in query.tokens if token.text == f"<{iri}>"), None)),
            )


def _same_but_spelling(one: str, other: str) -> bool:
    return fuzz.ratio(one, other) >= 80


def unbound_projection(query: Query) -> Iterator[Finding]:
    """A variable of the answer that nothing binds."""
    for select in _selects(query.select):
        bound = select.binds_all
        bound |= {name for item in select.grouped for name in item.variables}
        for name in select.projected or ():
            if name not in bound:
                yield Finding(
                    "variable-unbound",
                    "warning",
                    Text("?{name} is part of the answer, but no pattern binds it, so it is always empty.", name=name),
                    _meant(name, bound),
                    query.variable(name),
                )


def unbound_in_expression(query: Query) -> Iterator[Finding]:
    """FILTER or BIND asks for a variable that nothing binds there, and so always fails."""
    outer = _everything(query.select)
    for group in query.select.whole.groups():
        for part in group.parts:
            if not isinstance(part, Filter | Bind):
                continue
            unbound = part.expression.variables - outer
            is_filter = isinstance(part, Filter)
            fails = _never_true if is_filter else _always_fails
            if not unbound or not fails(part.expression, unbound):
                continue
            for name in sorted(unbound):
                yield Finding(
                    "filter-unbound" if is_filter else "bind-unbound",
                    "warning",
                    Text("No pattern binds ?{name}; this FILTER lets nothing through.", name=name)
                    if is_filter
                    else Text("No pattern binds ?{name}; this BIND yields nothing.", name=name),
                    _meant(name, outer),
                    query.variable(name),
                )


def _never_true(expression: Expression, unbound: set[str]) -> bool:
    """Whether an expression is false or an error whatever the other variables are (§17.2)."""
    if expression.name == "&&":
        return any(_never_true(argument, unbound) for argument in expression.arguments)
    if expression.name == "||":
        return all(_never_true(argument, unbound) for argument in expression.arguments)
    return _always_fails(expression, unbound)


def _always_fails(expression: Expression, unbound: set[str]) -> bool:
    """Whether an expression is an error whatever the other variables are."""
    if expression.term is not None:
        return expression.term.is_variable and expression.term.value in unbound
    if expression.name in ("&&", "||", "COALESCE"):
        return bool(expression.arguments) and all(_always_fails(item, unbound) for item in expression.arguments)
    if expression.name in ("BOUND", "EXISTS", "NOTEXISTS", "LIST") or expression.name in AGGREGATES:
        return False
    if expression.name == "IF":
        return _always_fails(expression.arguments[0], unbound)
    return any(_always_fails(item, unbound) for item in expression.arguments)


def used_once(query: Query) -> Iterator[Finding]:
    """A variable that stands only once and looks much like another."""
    counts: dict[str, int] = {}
    for token in query.tokens:
        if token.text[0] in "?$" and len(token.text) > 1:
            counts[token.text[1:]] = counts.get(token.text[1:], 0) + 1
    # A name given by AS is often for the answer alone.
    named = {bind.variable for bind in _binds(query.select)}
    bound = _everything(query.select)
    for name, number in counts.items():
        others = [other for other in counts if other != name and other in bound]
        if number > 1 or name not in bound - named or len(name) < 3:
            continue
        near = process.extractOne(
            name, others, scorer=DamerauLevenshtein.distance, score_cutoff=2 if len(name) > 7 else 1
        )
        # ?city and ?city2 are meant to differ.
        if near and name.rstrip("0123456789") != near[0].rstrip("0123456789"):
            yield Finding(
                "variable-once",
                "warning",
                Text("?{name} stands only once and connects nothing.", name=name),
                Text("Is ?{near} meant?", near=near[0]),
                query.variable(name),
            )


def cartesian(query: Query) -> Iterator[Finding]:
    """Patterns that share no variable: each row of one is combined with each row of the other."""
    # In EXISTS the variables outside are constants, which may connect what looks apart.
    for group in query.select.whole.groups(exists=False):
        for names, other, filtered in _disconnected(group):
            one, two = _listed(names), _listed(other)
            mend = Text("Connect the patterns by a variable that they share.")
            yield Finding(
                "cartesian-product",
                "hint" if filtered else "warning",
                Text(
                    "The patterns with {one} and those with {two} share no variable; each row of the first is combined "
                    "with each of the second, and only a FILTER sorts out.",
                    one=one,
                    two=two,
                )
                if filtered
                else Text(
                    "The patterns with {one} and those with {two} share no variable; each row of the first is combined "
                    "with each of the second.",
                    one=one,
                    two=two,
                ),
                None if filtered else mend,
                query.variable(min(other)),
            )


def _listed(names: frozenset[str]) -> str:
    shown = sorted(name for name in names if name.isidentifier() or name[:1].isdigit()) or ["…"]
    return ", ".join(f"?{name}" for name in shown[:3]) + (" …" if len(shown) > 3 else "")


def never_holds(query: Query) -> Iterator[Finding]:
    """FILTERs that contradict themselves or each other, or compare what is never equal."""
    for group in query.select.whole.groups():
        yield from contradictions(group, _positions(query.select), query)


def nothing_asked(query: Query) -> Iterator[Finding]:
    """LIMIT 0."""
    words = query.tokens
    for word, number in pairwise(words):
        if word.keyword == "LIMIT" and number.text.strip("0") == "":
            yield Finding(
                "limit-zero",
                "warning",
                Text("LIMIT 0 leaves no row."),
                Text("Put in a larger number."),
                query.place_of(word),
            )


RULES: Final[dict[str, Rule]] = {
    "namespace": namespace,
    "variable-unbound": unbound_projection,
    "filter-unbound": unbound_in_expression,
    "variable-once": used_once,
    "cartesian-product": cartesian,
    "never-holds": never_holds,
    "limit-zero": nothing_asked,
}


def _selects(select: Select) -> Iterator[Select]:
    """The outermost SELECT and all others, each once: ``groups`` goes through subqueries by itself."""
    yield select
    for group in select.whole.groups():
        yield from (part for part in group.parts if isinstance(part, Select))


def _binds(select: Select) -> Iterator[Bind]:
    """All expressions that a name is given to."""
    for each in _selects(select):
        yield from each.binds
    for group in select.whole.groups():
        yield from (part for part in group.parts if isinstance(part, Bind))


def _everything(select: Select) -> set[str]:
    """Variables that anything in the query may bind."""
    found = select.binds_all
    for group in select.whole.groups():
        found |= group.binds()
        for part in group.parts:
            if isinstance(part, Select):
                found |= part.binds_all
            elif isinstance(part, Nested) and part.name is not None and part.name.is_variable:
                found.add(part.name.value)
    return found


def _positions(select: Select) -> dict[str, set[str]]:
    """Where variables stand: ``subject``, ``property``, ``value``, ``graph``, ``bound`` by anything else."""
    found: dict[str, set[str]] = {}

    def add(term: Term, place: str) -> None:
        if term.is_variable:
            found.setdefault(term.value, set()).add(place)

    for group in select.whole.groups():
        for subject, property_, value in group.triples:
            add(subject, "subject")
            add(property_, "property")
            add(value, "value")
        for part in group.parts:
            if isinstance(part, Nested) and part.name is not None:
                add(part.name, "graph")
            elif isinstance(part, Bind):
                found.setdefault(part.variable, set()).add("bound")
            elif isinstance(part, Values):
                for name in part.variables:
                    found.setdefault(name, set()).add("bound")
            elif isinstance(part, Select):
                for bind in part.binds:
                    found.setdefault(bind.variable, set()).add("bound")
    return found


def _meant(name: str, known: set[str]) -> Text | None:
    near = process.extractOne(name, sorted(known), scorer=fuzz.ratio, score_cutoff=_LIKE)
    return Text("Is ?{near} meant?", near=near[0]) if near else None


def _disconnected(group: Group) -> Iterator[tuple[frozenset[str], frozenset[str], bool]]:
    """Pairs of sets of variables that nothing connects: the first set of the group, and each further one.

    The third is whether a FILTER or BIND over both shows that they are meant together.

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
        yield frozenset(first), frozenset(other), together


def _of_bind(bind: Bind) -> set[str]:
    return bind.expression.variables | {bind.variable}


def _patterns(group: Group) -> Iterator[set[str]]:
    for triple in group.triples:
        # Blank nodes connect as variables do.
        yield {term.value for term in triple if term.kind in ("variable", "blank")}
    for part in group.parts:
        if isinstance(part, Nested):
            # Without a triple pattern a group multiplies no more than VALUES does.
            if part.kind == "MINUS" or not any(any(each.triples) for inner in part.groups for each in inner.groups()):
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
            if not part.yields_one_row:
                yield part.whole.binds() if part.projected is None else set(part.projected)
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
