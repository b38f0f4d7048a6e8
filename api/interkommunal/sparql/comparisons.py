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
                    f"{left.name}(…) ist nie gleich „{term.value}“: Groß- und Kleinschreibung passen nicht.",
                    f"{left.name}(…) never equals “{term.value}”, because of its upper and lower case.",
                ),
                Text(f"Schreiben Sie „{case}“.", f"Write “{case}”."),
                place,
            )
    if condition.name in _SWAPPED and len(condition.arguments) == 2:
        one, two = condition.arguments
        if one == two and one.term is not None and condition.name in ("!=", "<", ">"):
            yield _never(
                "Etwas ist nie ungleich sich selbst.",
                "Nothing differs from itself.",
                place,
            )
        elif condition.name == "=" and _are_different_constants(one.term, two.term):
            yield _never(
                "Hier werden zwei verschiedene feste Werte gleichgesetzt.",
                "Two different constants are equated here.",
                place,
            )


def _are_different_constants(one: Term | None, two: Term | None) -> bool:
    if one is None or two is None or one.is_variable or two.is_variable:
        return False
    return one != two and kind_of_term(one) != "number"


def _in_case(function: str, value: str) -> bool:
    return value == (value.lower() if function == "LCASE" else value.upper())


def _types(left: Expression, term: Term, kind: str, other: str, place: Place | None) -> Finding:
    code = "filter-iri-text" if "iri" in (kind, other) else "filter-types"
    shown = f"<{term.value}>" if term.kind == "iri" else f"“{term.value}”"
    german = {"string": "Text", "number": "eine Zahl", "iri": "eine IRI", "other": "ein anderer Datentyp"}
    english = {"string": "text", "number": "a number", "iri": "an IRI", "other": "of another datatype"}
    what = f"?{left.term.value}" if left.term is not None else f"{left.name}(…)"
    mend: Text | None = None
    if (kind, other) == ("iri", "string"):
        mend = Text(
            f"Schreiben Sie STR({what}) oder vergleichen Sie mit <…>.", f"Write STR({what}), or compare with <…>."
        )
    elif (kind, other) == ("string", "iri"):
        mend = Text(
            f'Vergleichen Sie mit "{term.value}", oder lassen Sie {left.name} weg.',
            f'Compare with "{term.value}", or leave out {left.name}.',
        )
    elif (kind, other) == ("number", "string"):
        mend = Text("Schreiben Sie die Zahl ohne Anführungszeichen.", "Write the number without quotation marks.")
    elif (kind, other) == ("string", "number"):
        mend = Text(f'Schreiben Sie "{term.value}".', f'Write "{term.value}".')
    return Finding(
        code,
        "warning",
        Text(
            f"{what} ist {german[kind]}, {shown.replace('“', '„', 1)} ist {german[other]}; das ist nie gleich.",
            f"{what} is {english[kind]}, {shown} is {english[other]}; they are never equal.",
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
                        f"Dasselbe soll zugleich „{equal[left].value}“ und „{term.value}“ sein.",
                        f"The same is to be “{equal[left].value}” and “{term.value}” at once.",
                        place,
                        Text("Verbinden Sie die Bedingungen mit || oder IN.", "Join the conditions by || or IN."),
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
                        f"Keine Zahl ist zugleich ab {low} und bis {high}.",
                        f"No number is from {low} and up to {high} at once.",
                        place,
                    )


def _number(term: Term) -> Decimal | None:
    if term.datatype not in _NUMBERS:
        return None
    try:
        return Decimal(term.value)
    except InvalidOperation:
        return None


def _never(de: str, en: str, place: Place | None, mend: Text | None = None) -> Finding:
    return Finding(
        "filter-contradiction",
        "warning",
        Text(f"{de} Dieser FILTER lässt nichts durch.", f"{en} This FILTER lets nothing through."),
        mend,
        place,
    )
