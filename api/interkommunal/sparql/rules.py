"""Rules that need only the query: each looks at it and tells what it finds.

``RULES`` is the table of them, by the code of their findings. They warn only where a query does something else than its
author can have meant, and they stay silent where that cannot be known without the graph.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Final

from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

from interkommunal.namespaces import PREFIXES, expand
from interkommunal.sparql.findings import Finding
from interkommunal.sparql.model import (
    AGGREGATES,
    Bind,
    Expression,
    Filter,
    Group,
    Nested,
    Place,
    Query,
    Select,
    Term,
    Values,
    variables,
)
from interkommunal.texts import Text

Rule = Callable[[Query], Iterator[Finding]]


def namespace(query: Query) -> Iterator[Finding]:
    """A prefix of the project stands for another namespace than here."""
    for prefix, iri in query.prefixes.items():
        ours = PREFIXES.get(prefix, iri)
        if ours != iri and fuzz.ratio(ours, iri) >= 80:
            message = Text("The prefix {prefix}: stands for <{iri}> here.", prefix=prefix, iri=iri)
            place = next((query.place(token.start) for token in query.tokens if token.text == f"<{iri}>"), None)
            yield Finding("namespace", message, place, Text("In this graph it is <{ours}>.", ours=ours))


def unbound_projection(query: Query) -> Iterator[Finding]:
    """A variable of the answer that nothing binds."""
    for select in _selects(query.select):
        bound = select.binds_all.union(*(item.variables for item in select.grouped))
        for name in select.projected or ():
            if name not in bound:
                message = Text(
                    "?{name} is part of the answer, but no pattern binds it, so it is always empty.", name=name
                )
                yield Finding("variable-unbound", message, query.variable(name), _meant(name, bound))


def unbound_in_expression(query: Query) -> Iterator[Finding]:
    """FILTER or BIND asks for a variable that nothing binds there, and so always fails."""
    outer = _everything(query.select)
    for part in query.select.whole.all_parts():
        if not isinstance(part, Filter | Bind):
            continue
        unbound = part.expression.variables - outer
        is_filter = isinstance(part, Filter)
        if not unbound or not (_never_true if is_filter else _always_fails)(part.expression, unbound):
            continue
        for name in sorted(unbound):
            message = (
                Text("No pattern binds ?{name}; this FILTER lets nothing through.", name=name)
                if is_filter
                else Text("No pattern binds ?{name}; this BIND yields nothing.", name=name)
            )
            code = "filter-unbound" if is_filter else "bind-unbound"
            yield Finding(code, message, query.variable(name), _meant(name, outer))


def _never_true(expression: Expression, unbound: set[str]) -> bool:
    """Whether an expression is false or an error whatever the other variables are (§17.2)."""
    if expression.name in ("&&", "||"):
        holds = any if expression.name == "&&" else all
        return holds(_never_true(argument, unbound) for argument in expression.arguments)
    return _always_fails(expression, unbound)


def _always_fails(expression: Expression, unbound: set[str]) -> bool:
    """Whether an expression is an error whatever the other variables are."""
    if expression.term is not None:
        return expression.term.is_variable and expression.term.value in unbound
    if expression.name in ("BOUND", "EXISTS", "NOTEXISTS", "LIST") or expression.name in AGGREGATES:
        return False
    fails = [_always_fails(argument, unbound) for argument in expression.arguments]
    if expression.name in ("&&", "||", "COALESCE"):
        return bool(fails) and all(fails)
    return any(fails[:1] if expression.name == "IF" else fails)


def used_once(query: Query) -> Iterator[Finding]:
    """A variable that stands only once and looks much like another."""
    counts = Counter(token.text[1:] for token in query.tokens if token.text[0] in "?$" and len(token.text) > 1)
    # A name given by AS is often for the answer alone.
    named = {bind.variable for select in _selects(query.select) for bind in select.binds}
    named |= {part.variable for part in query.select.whole.all_parts() if isinstance(part, Bind)}
    bound = _everything(query.select)
    for name, number in counts.items():
        if number > 1 or name not in bound - named or len(name) < 3:
            continue
        others = [other for other in counts if other != name and other in bound]
        cutoff = 2 if len(name) > 7 else 1
        near = process.extractOne(name, others, scorer=DamerauLevenshtein.distance, score_cutoff=cutoff)
        # ?city and ?city2 are meant to differ.
        if near and name.rstrip("0123456789") != near[0].rstrip("0123456789"):
            message = Text("?{name} stands only once and connects nothing.", name=name)
            yield Finding("variable-once", message, query.variable(name), Text("Is ?{near} meant?", near=near[0]))


def cartesian(query: Query) -> Iterator[Finding]:
    """Patterns that share no variable: each row of one is combined with each row of the other.

    VALUES and subqueries that yield one row (aggregates without GROUP BY) multiply nothing and are left out, and
    patterns without a variable are only asked whether they hold.
    """
    # In EXISTS the variables outside are constants, which may connect what looks apart.
    for group in query.select.whole.groups(exists=False):
        joined = _joined([set(names) for names in _patterns(group) if names])
        # BIND and FILTER make no join, but one over both sides shows that they are meant together.
        filtered = _joined([*joined, *(part.expression.variables for part in group.parts if isinstance(part, Filter))])
        binds = [part for part in group.parts if isinstance(part, Bind)]
        filtered = _joined([*filtered, *(bind.expression.variables | {bind.variable} for bind in binds)])
        for other in joined[1:]:
            values = {"one": _listed(joined[0]), "two": _listed(other)}
            place = query.variable(min(other))
            if any(joined[0] & cluster and other & cluster for cluster in filtered):
                message = Text(
                    "The patterns with {one} and those with {two} share no variable; each row of the first is combined "
                    "with each of the second, and only a FILTER sorts out.",
                    **values,
                )
                yield Finding("cartesian-product", message, place, severity="hint")
            else:
                message = Text(
                    "The patterns with {one} and those with {two} share no variable; each row of the first is combined "
                    "with each of the second.",
                    **values,
                )
                mend = Text("Connect the patterns by a variable that they share.")
                yield Finding("cartesian-product", message, place, mend)


def _listed(names: set[str]) -> str:
    shown = sorted(name for name in names if name.isidentifier() or name[:1].isdigit()) or ["…"]
    return ", ".join(f"?{name}" for name in shown[:3]) + (" …" if len(shown) > 3 else "")


def _patterns(group: Group) -> Iterator[set[str]]:
    """The variables of each pattern of a group that multiplies rows; blank nodes connect as variables do."""
    for triple in group.triples:
        yield {term.value for term in triple if term.kind in ("variable", "blank")}
    for part in group.parts:
        # Without a triple pattern a group multiplies no more than VALUES does.
        if isinstance(part, Nested) and part.kind != "MINUS" and _has_triples(part):
            names = variables([part.name]).union(*(inner.binds() for inner in part.groups))
            if part.kind == "OPTIONAL":
                # A FILTER in an OPTIONAL may use what stands outside.
                filters = (inner for inner in part.groups[0].parts if isinstance(inner, Filter))
                names = names.union(*(inner.expression.variables for inner in filters))
            yield names
        elif isinstance(part, Select) and not part.yields_one_row:
            yield part.yields
        elif isinstance(part, Values) and len(part.rows) > 1 and len(part.variables) > 1:
            yield set(part.variables)


def _has_triples(part: Nested) -> bool:
    return any(any(each.triples) for inner in part.groups for each in inner.groups())


def _joined(clusters: list[set[str]]) -> list[set[str]]:
    """Sets that share a member, made one."""
    found: list[set[str]] = []
    for cluster in clusters:
        together = cluster.union(*(other for other in found if other & cluster))
        found = [*(other for other in found if not other & cluster), together]
    return found


def nothing_asked(query: Query) -> Iterator[Finding]:
    """LIMIT 0."""
    for word, number in pairwise(query.tokens):
        if word.keyword == "LIMIT" and number.text.strip("0") == "":
            message, mend = Text("LIMIT 0 leaves no row."), Text("Put in a larger number.")
            yield Finding("limit-zero", message, query.place(word.start), mend)


def _selects(select: Select) -> Iterator[Select]:
    """The outermost SELECT and all others, each once: ``groups`` goes through subqueries by itself."""
    yield select
    yield from (part for part in select.whole.all_parts() if isinstance(part, Select))


def _everything(select: Select) -> set[str]:
    """Variables that anything in the query may bind."""
    names = (part.name for part in select.whole.all_parts() if isinstance(part, Nested))
    bound = [each.binds_all for each in _selects(select)] + [group.binds() for group in select.whole.groups()]
    return variables(names).union(*bound)


def _meant(name: str, known: set[str]) -> Text | None:
    near = process.extractOne(name, sorted(known), scorer=fuzz.ratio, score_cutoff=70)
    return Text("Is ?{near} meant?", near=near[0]) if near else None


# FILTERs that can never hold, as far as the query alone shows it.

_NUMERIC: Final = ("integer", "decimal", "double", "float", "int", "long", "short")
_NUMBERS: Final = frozenset(expand(f"xsd:{name}") for name in (*_NUMERIC, "nonNegativeInteger", "positiveInteger"))
# Functions by what they yield.
_STRINGS: Final = ("STR", "LANG", "LCASE", "UCASE", "CONCAT", "STRBEFORE", "STRAFTER", "SUBSTR", "REPLACE")
_OF_DATES: Final = ("YEAR", "MONTH", "DAY", "HOURS", "MINUTES", "SECONDS")
_YIELD: Final = (
    dict.fromkeys(_STRINGS, "string")
    | dict.fromkeys(("STRLEN", "ABS", "CEIL", "FLOOR", "ROUND", *_OF_DATES), "number")
    | dict.fromkeys(("DATATYPE", "IRI", "URI"), "iri")
)
_SWAPPED: Final = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "!=": "!="}
_KINDS: Final = {
    "string": Text("text"),
    "number": Text("a number"),
    "iri": Text("an IRI"),
    "other": Text("of another datatype"),
}


def never_holds(query: Query) -> Iterator[Finding]:
    """FILTERs that contradict themselves or each other, or compare what is never equal."""
    iris = _iri_variables(query.select)
    for group in query.select.whole.groups():
        conditions = [
            (condition, query.place(part.start))
            for part in group.parts
            if isinstance(part, Filter)
            for condition in _conjuncts(part.expression)
        ]
        for condition, place in conditions:
            yield from _alone(condition, iris, place)
        yield from _together(conditions)


RULES: Final[dict[str, Rule]] = {
    "namespace": namespace,
    "variable-unbound": unbound_projection,
    "filter-unbound": unbound_in_expression,
    "variable-once": used_once,
    "cartesian-product": cartesian,
    "never-holds": never_holds,
    "limit-zero": nothing_asked,
}


def _iri_variables(select: Select) -> set[str]:
    """Variables that are an IRI (or a blank node) wherever they have a value, because of where they stand."""
    places: dict[str, set[str]] = defaultdict(set)
    for group in select.whole.groups():
        for subject, property_, _ in group.triples:
            places["iri"] |= variables((subject, property_))
        for part in group.parts:
            if isinstance(part, Nested):
                places["iri"] |= variables([part.name])
            elif isinstance(part, Bind):
                places["bound"].add(part.variable)
            elif isinstance(part, Values):
                places["bound"].update(part.variables)
            elif isinstance(part, Select):
                places["bound"].update(bind.variable for bind in part.binds)
    return places["iri"] - places["bound"]


def _conjuncts(expression: Expression) -> Iterator[Expression]:
    if expression.name == "&&":
        for argument in expression.arguments:
            yield from _conjuncts(argument)
    else:
        yield expression


def comparisons(expression: Expression) -> Iterator[tuple[Expression, str, Term]]:
    """Comparisons of something with a term that is no variable: left side, operator, term."""
    if len(expression.arguments) != 2:
        return
    left, right = expression.arguments
    if expression.name in _SWAPPED:
        if right.term is not None and not right.term.is_variable:
            yield left, expression.name, right.term
        elif left.term is not None and not left.term.is_variable:
            yield right, _SWAPPED[expression.name], left.term
    elif expression.name == "IN":
        for item in right.arguments:
            if item.term is not None and not item.term.is_variable:
                yield left, "=", item.term


def kind_of_term(term: Term) -> str:
    """``string``, ``number``, ``iri`` or ``other``: what a term is that is no variable."""
    if term.kind == "iri":
        return "iri"
    if term.datatype in _NUMBERS:
        return "number"
    return "string" if term.datatype == expand("xsd:string") or term.language else "other"


def _alone(condition: Expression, iris: set[str], place: Place | None) -> Iterator[Finding]:
    found = [item for item in comparisons(condition) if item[1] != "!="]
    if condition.name == "IN" and len(found) != len(condition.arguments[1].arguments):
        return
    for left, operator, term in found:
        is_iri = left.term is not None and left.term.is_variable and left.term.value in iris
        kind, other = _YIELD.get(left.name, "iri" if is_iri else ""), kind_of_term(term)
        cased = {"LCASE": term.value.lower(), "UCASE": term.value.upper()}.get(left.name, term.value)
        if kind and other != kind:
            yield _types(left, term, kind, other, place)
        elif operator == "=" and cased != term.value:
            message = Text(
                "{name}(…) never equals “{value}”, because of its upper and lower case.",
                name=left.name,
                value=term.value,
            )
            yield Finding("filter-case", message, place, Text("Write “{case}”.", case=cased))
    if condition.name in _SWAPPED and len(condition.arguments) == 2:
        one, two = condition.arguments[0].term, condition.arguments[1].term
        if one is None or two is None:
            return
        if one == two and condition.name in ("!=", "<", ">"):
            yield _never(Text("Nothing differs from itself."), place)
        elif (
            condition.name == "="
            and not (one.is_variable or two.is_variable or one == two)
            and kind_of_term(one) != "number"
        ):
            yield _never(Text("Two different constants are equated here."), place)


def _types(left: Expression, term: Term, kind: str, other: str, place: Place | None) -> Finding:
    what = f"?{left.term.value}" if left.term is not None else f"{left.name}(…)"
    mends = {
        ("iri", "string"): Text("Write STR({what}), or compare with <…>.", what=what),
        ("string", "iri"): Text('Compare with "{value}", or leave out {name}.', value=term.value, name=left.name),
        ("number", "string"): Text("Write the number without quotation marks."),
        ("string", "number"): Text('Write "{value}".', value=term.value),
    }
    message = Text(
        "{what} is {kind}, {shown} is {other}; they are never equal.",
        what=what,
        kind=_KINDS[kind],
        shown=shown_term(term),
        other=_KINDS[other],
    )
    code = "filter-iri-text" if "iri" in (kind, other) else "filter-types"
    return Finding(code, message, place, mends.get((kind, other)))


def shown_term(term: Term) -> Text | str:
    """A term as a message shows it: an IRI in angle brackets, anything else in quotes."""
    return f"<{term.value}>" if term.kind == "iri" else Text("“{value}”", value=term.value)


def _together(conditions: list[tuple[Expression, Place]]) -> Iterator[Finding]:
    """Two equations with different values, or bounds that leave nothing between them."""
    equal: dict[Expression, Term] = {}
    lower: dict[Expression, tuple[Decimal, bool]] = {}
    upper: dict[Expression, tuple[Decimal, bool]] = {}
    compared = [
        (*comparison, place)
        for condition, place in conditions
        if condition.name != "IN"
        for comparison in comparisons(condition)
    ]
    for left, operator, term, place in compared:
        if left.term is None and _YIELD.get(left.name, "iri") == "iri":
            continue
        if operator == "=":
            before = equal.setdefault(left, term)
            if before != term and kind_of_term(term) == kind_of_term(before) != "number":
                message = Text(
                    "The same is to be “{value}” and “{value2}” at once.", value=before.value, value2=term.value
                )
                yield _never(message, place, Text("Join the conditions by || or IN."))
        number = _number(term)
        if number is None:
            continue
        if operator in (">", ">=", "=") and (left not in lower or number > lower[left][0]):
            lower[left] = (number, operator == ">")
        if operator in ("<", "<=", "=") and (left not in upper or number < upper[left][0]):
            upper[left] = (number, operator == "<")
        if left in lower and left in upper:
            (low, above), (high, below) = lower[left], upper[left]
            if low > high or (low == high and (above or below)):
                yield _never(Text("No number is from {low} and up to {high} at once.", low=low, high=high), place)


def _number(term: Term) -> Decimal | None:
    try:
        return Decimal(term.value) if term.datatype in _NUMBERS else None
    except InvalidOperation:
        return None


def _never(text: Text, place: Place | None, mend: Text | None = None) -> Finding:
    message = Text("{text} This FILTER lets nothing through.", text=text)
    return Finding("filter-contradiction", message, place, mend)
