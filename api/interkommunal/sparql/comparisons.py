"""FILTERs that can never hold, as far as the query alone shows it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Final

from interkommunal.sparql.findings import Finding
from interkommunal.sparql.model import Expression, Filter, Group, Place, Query, Term
from interkommunal.texts import Text

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_STRING: Final = f"{_XSD}string"
_NUMERIC: Final = "integer decimal double float int long short nonNegativeInteger positiveInteger"
_NUMBERS: Final = frozenset(f"{_XSD}{name}" for name in _NUMERIC.split())
# Functions by what they yield.
_YIELD_STRING: Final = frozenset(
    ("STR", "LANG", "LCASE", "UCASE", "CONCAT", "STRBEFORE", "STRAFTER", "SUBSTR", "REPLACE")
)
_YIELD_NUMBER: Final = frozenset(
    ("STRLEN", "YEAR", "MONTH", "DAY", "HOURS", "MINUTES", "SECONDS", "ABS", "CEIL", "FLOOR", "ROUND")
)
_YIELD_IRI: Final = frozenset(("DATATYPE", "IRI", "URI"))
_SWAPPED: Final = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "!=": "!="}

Positions = dict[str, set[str]]


def contradictions(group: Group, positions: Positions, query: Query) -> Iterator[Finding]:
    """What never holds among the FILTERs of a group: one by one, then together."""
    conditions: list[tuple[Expression, Place | None]] = []
    for part in group.parts:
        if isinstance(part, Filter):
            conditions += [(condition, query.place(part.start)) for condition in _conjuncts(part.expression)]
    for condition, place in conditions:
        yield from _alone(condition, positions, place)
    yield from _together(conditions)


def _conjuncts(expression: Expression) -> Iterator[Expression]:
    if expression.name == "&&":
        for argument in expression.arguments:
            yield from _conjuncts(argument)
    else:
        yield expression


def comparisons(expression: Expression) -> Iterator[tuple[Expression, str, Term]]:
    """Comparisons of something with a term that is no variable: left side, operator, term."""
    if expression.name in _SWAPPED and len(expression.arguments) == 2:
        left, right = expression.arguments
        if right.term is not None and not right.term.is_variable:
            yield left, expression.name, right.term
        elif left.term is not None and not left.term.is_variable:
            yield right, _SWAPPED[expression.name], left.term
    elif expression.name == "IN" and len(expression.arguments) == 2:
        for item in expression.arguments[1].arguments:
            if item.term is not None and not item.term.is_variable:
                yield expression.arguments[0], "=", item.term


def kind_of(expression: Expression, positions: Positions) -> str:
    """``string``, ``number``, ``iri`` or nothing where it is not known."""
    if expression.name in _YIELD_STRING:
        return "string"
    if expression.name in _YIELD_NUMBER:
        return "number"
    if expression.name in _YIELD_IRI:
        return "iri"
    if expression.term is not None and expression.term.is_variable:
        places = positions.get(expression.term.value, set())
        if places & {"property", "graph", "subject"} and "bound" not in places:
            return "iri"
    return ""


def kind_of_term(term: Term) -> str:
    """The same of a term that is no variable."""
    if term.kind == "iri":
        return "iri"
    if term.datatype in _NUMBERS:
        return "number"
    return "string" if term.datatype == _STRING or term.language else "other"


def _alone(condition: Expression, positions: Positions, place: Place | None) -> Iterator[Finding]:
    found = [item for item in comparisons(condition) if item[1] != "!="]
    if condition.name == "IN" and len(found) != len(condition.arguments[1].arguments):
        return
    for left, operator, term in found:
        kind, other = kind_of(left, positions), kind_of_term(term)
        if kind and other != kind:
            yield _types(left, term, kind, other, place)
        elif left.name in ("LCASE", "UCASE") and operator == "=" and not _in_case(left.name, term.value):
            case = term.value.lower() if left.name == "LCASE" else term.value.upper()
            yield Finding(
                "filter-case",
                "warning",
                Text(
                    "{name}(…) never equals “{value}”, because of its upper and lower case.",
                    name=left.name,
                    value=term.value,
                ),
                Text("Write “{case}”.", case=case),
                place,
            )
    if condition.name in _SWAPPED and len(condition.arguments) == 2:
        one, two = condition.arguments
        if one == two and one.term is not None and condition.name in ("!=", "<", ">"):
            yield _never(
                Text("Nothing differs from itself."),
                place,
            )
        elif condition.name == "=" and _are_different_constants(one.term, two.term):
            yield _never(
                Text("Two different constants are equated here."),
                place,
            )


def _are_different_constants(one: Term | None, two: Term | None) -> bool:
    if one is None or two is None or one.is_variable or two.is_variable:
        return False
    return one != two and kind_of_term(one) != "number"


def _in_case(function: str, value: str) -> bool:
    return value == (value.lower() if function == "LCASE" else value.upper())


_KINDS: Final = {
    "string": Text("text"),
    "number": Text("a number"),
    "iri": Text("an IRI"),
    "other": Text("of another datatype"),
}


def _types(left: Expression, term: Term, kind: str, other: str, place: Place | None) -> Finding:
    code = "filter-iri-text" if "iri" in (kind, other) else "filter-types"
    shown = f"<{term.value}>" if term.kind == "iri" else Text("“{value}”", value=term.value)
    what = f"?{left.term.value}" if left.term is not None else f"{left.name}(…)"
    mend: Text | None = None
    if (kind, other) == ("iri", "string"):
        mend = Text("Write STR({what}), or compare with <…>.", what=what)
    elif (kind, other) == ("string", "iri"):
        mend = Text('Compare with "{value}", or leave out {name}.', value=term.value, name=left.name)
    elif (kind, other) == ("number", "string"):
        mend = Text("Write the number without quotation marks.")
    elif (kind, other) == ("string", "number"):
        mend = Text('Write "{value}".', value=term.value)
    return Finding(
        code,
        "warning",
        Text(
            "{what} is {kind}, {shown} is {other}; they are never equal.",
            what=what,
            kind=_KINDS[kind],
            shown=shown,
            other=_KINDS[other],
        ),
        mend,
        place,
    )


def _together(conditions: list[tuple[Expression, Place | None]]) -> Iterator[Finding]:
    """Two equations with different values, or bounds that leave nothing between them."""
    equal: dict[Expression, Term] = {}
    lower: dict[Expression, tuple[Decimal, bool]] = {}
    upper: dict[Expression, tuple[Decimal, bool]] = {}
    for condition, place in conditions:
        if condition.name == "IN":
            continue
        for left, operator, term in comparisons(condition):
            if left.term is None and left.name not in _YIELD_STRING | _YIELD_NUMBER:
                continue
            if operator == "=":
                if (
                    left in equal
                    and equal[left] != term
                    and kind_of_term(term) == kind_of_term(equal[left]) != "number"
                ):
                    yield _never(
                        Text(
                            "The same is to be “{value}” and “{value2}” at once.",
                            value=equal[left].value,
                            value2=term.value,
                        ),
                        place,
                        Text("Join the conditions by || or IN."),
                    )
                equal.setdefault(left, term)
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
                    yield _never(
                        Text("No number is from {low} and up to {high} at once.", low=low, high=high),
                        place,
                    )


def _number(term: Term) -> Decimal | None:
    if term.datatype not in _NUMBERS:
        return None
    try:
        return Decimal(term.value)
    except InvalidOperation:
        return None


def _never(text: Text, place: Place | None, mend: Text | None = None) -> Finding:
    return Finding(
        "filter-contradiction",
        "warning",
        Text("{text} This FILTER lets nothing through.", text=text),
        mend,
        place,
    )
