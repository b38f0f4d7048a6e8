"""Comparisons that the values in the graph never let hold: languages, datatypes, years against days."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Final

from interkommunal.namespaces import PREFIXES, expand
from interkommunal.sparql.comparisons import comparisons, kind_of_term
from interkommunal.sparql.emptiness import Probe
from interkommunal.sparql.findings import Finding
from interkommunal.sparql.model import Expression, Group, Place, Query, Term, Triples
from interkommunal.texts import Text

_XSD: Final = PREFIXES["xsd"]
_DATES: Final = {
    f"{_XSD}date": Text("days"),
    f"{_XSD}gYear": Text("years"),
    f"{_XSD}gYearMonth": Text("months"),
    f"{_XSD}dateTime": Text("points in time"),
    expand("edtf:EDTF"): Text("intervals and bounds in EDTF"),
}
# The datatypes of which the engine tells year, month and day.
_READABLE: Final = {
    "YEAR": {f"{_XSD}{name}" for name in ("date", "dateTime", "gYear", "gYearMonth")},
    "MONTH": {f"{_XSD}{name}" for name in ("date", "dateTime", "gYearMonth", "gMonth", "gMonthDay")},
    "DAY": {f"{_XSD}{name}" for name in ("date", "dateTime", "gDay", "gMonthDay")},
}
# Where they are in the lexical form.
_PLACES: Final = {"YEAR": "1, 4", "MONTH": "6, 2", "DAY": "9, 2"}
_TEXT_FUNCTIONS: Final = frozenset(("CONTAINS", "STRSTARTS", "STRENDS", "REGEX"))
_ORDER: Final = frozenset(("<", ">", "<=", ">="))
_MOST_PROPERTIES: Final = 8


async def comparing(query: Query, probe: Probe) -> AsyncIterator[Finding]:
    """Looks at each FILTER and HAVING in the light of what the values of a property are."""
    properties = _properties_of(query)
    learned: dict[str, frozenset[str]] = {}
    for part in query.conditions():
        for name in sorted(part.expression.variables & set(properties)):
            for iri in properties[name]:
                if iri not in learned and len(learned) < _MOST_PROPERTIES:
                    learned[iri] = frozenset(
                        await probe.values(
                            f"SELECT DISTINCT ?kind {query.dataset} WHERE {{ ?s <{iri}> ?o BIND (IF(ISIRI(?o), "
                            '"iri", IF(LANG(?o) != "", CONCAT("@", LCASE(LANG(?o))), STR(DATATYPE(?o)))) AS ?kind) '
                            "} LIMIT 30"
                        )
                    )
        kinds = {
            name: frozenset().union(*(learned.get(iri, frozenset()) for iri in iris))
            for name, iris in properties.items()
            if all(iri in learned for iri in iris)
        }
        for finding in _of_filter(part.expression, kinds, query.place(part.start)):
            yield finding


def _properties_of(query: Query) -> dict[str, set[str]]:
    """By variable, the properties that it is a value of; without those that something else may bind too."""
    found: dict[str, set[str]] = {}
    other: set[str] = set()
    for group in query.select.whole.groups(services=False):
        for subject, property_, value in group.triples:
            other |= {term.value for term in (subject, property_) if term.is_variable}
            if value.is_variable:
                iri = property_.value if property_.kind == "iri" else property_.last
                if iri:
                    found.setdefault(value.value, set()).add(iri)
                else:
                    other.add(value.value)
        inner = Group(tuple(part for part in group.parts if not isinstance(part, Triples)))
        other |= inner.binds() - _nested_values(inner)
    return {name: iris for name, iris in found.items() if name not in other}


def _nested_values(group: Group) -> set[str]:
    """Variables that are only bound in groups within, which are looked at themselves."""
    inner = group.groups()
    next(inner)
    return {term.value for one in inner for triple in one.triples for term in triple if term.is_variable}


def _of_filter(expression: Expression, kinds: dict[str, frozenset[str]], place: Place | None) -> Iterator[Finding]:
    for part in expression.walk():
        yield from _of_language(part, kinds, place)
        yield from _of_function(part, kinds, place)
        for left, operator, term in comparisons(part):
            name = _name(left)
            if name in kinds and kinds[name] and operator != "!=":
                yield from _of_comparison(name, kinds[name], operator, term, place)
        if part.name in _ORDER | {"="} and len(part.arguments) == 2:
            one, two = (_name(argument) for argument in part.arguments)
            dates = [{kind for kind in kinds.get(name, ()) if kind in _DATES} for name in (one, two)]
            if all(dates) and len(dates[0] | dates[1]) > 1:
                yield _mixed_dates(f"?{one}", dates[0] | dates[1], place, f"STR(?{one}) … STR(?{two})")


def _name(expression: Expression) -> str:
    """The variable that an expression is, or of whose values an aggregate gives one."""
    if expression.name in ("SAMPLE", "MIN", "MAX") and expression.arguments:
        return _name(expression.arguments[0])
    return expression.term.value if expression.term is not None and expression.term.is_variable else ""


def _of_language(part: Expression, kinds: dict[str, frozenset[str]], place: Place | None) -> Iterator[Finding]:
    wanted: list[tuple[str, str]] = []
    for left, operator, term in comparisons(part):
        if left.name == "LANG" and operator == "=":
            # LANG gives lower case; only LANGMATCHES passes over case.
            wanted.append((_name(left.arguments[0]), term.value))
    if part.name == "LANGMATCHES" and part.arguments[0].name == "LANG" and part.arguments[1].term is not None:
        wanted.append((_name(part.arguments[0].arguments[0]), part.arguments[1].term.value.lower()))
    for name, language in wanted:
        there = kinds.get(name)
        if not there or language == "*":
            continue
        languages = sorted(kind[1:] for kind in there if kind.startswith("@"))
        fits = any(
            item == language or (part.name == "LANGMATCHES" and item.startswith(f"{language}-")) for item in languages
        )
        if language == "":
            fits = any(not kind.startswith("@") and kind != "iri" for kind in there)
        if not fits:
            listed = ", ".join(f'"{item}"' for item in languages)
            yield Finding(
                "filter-language",
                "warning",
                Text("No value of ?{name} is in the language “{language}”.", name=name, language=language),
                Text("There are {listed}.", listed=listed) if languages else Text("The values have no language."),
                place,
            )


def _of_function(part: Expression, kinds: dict[str, frozenset[str]], place: Place | None) -> Iterator[Finding]:
    if part.name in _TEXT_FUNCTIONS and part.arguments:
        name = _name(part.arguments[0])
        there = kinds.get(name)
        if there and all(kind == "iri" or kind in _DATES for kind in there):
            yield Finding(
                "filter-iri-text" if "iri" in there else "filter-types",
                "warning",
                Text("{function} needs text; ?{name} is an IRI.", function=part.name, name=name)
                if "iri" in there
                else Text("{function} needs text; ?{name} is a date.", function=part.name, name=name),
                Text("Write {name}(STR(?{name2}), …).", name=part.name, name2=name),
                place,
            )
    if part.name in ("YEAR", "MONTH", "DAY") and part.arguments:
        name = _name(part.arguments[0])
        others = {kind for kind in kinds.get(name, ()) if kind in _DATES} - _READABLE[part.name]
        if others:
            yield _mixed_dates(
                f"?{name}", set(kinds[name]) & set(_DATES), place, f"SUBSTR(STR(?{name}), {_PLACES[part.name]})"
            )


def _of_comparison(
    name: str, there: frozenset[str], operator: str, term: Term, place: Place | None
) -> Iterator[Finding]:
    if term.datatype in _DATES:
        dates = {kind for kind in there if kind in _DATES}
        if dates and (dates != {term.datatype}):
            yield _mixed_dates(f"?{name}", dates | {term.datatype}, place, f'STR(?{name}) {operator} "{term.value}"')
        return
    wanted = kind_of_term(term)
    classes = {_class(kind) for kind in there}
    if (wanted == "string" and classes == {"date"}) or (wanted == "number" and classes == {"date"}):
        yield _never_equal(name, term, Text("a date"), f'STR(?{name}) {operator} "{term.value}"', place)
    elif wanted == "string" and not term.language and classes == {"language"} and operator == "=":
        yield Finding(
            "literal-language",
            "warning",
            Text("The values of ?{name} have a language; a text without one never equals them.", name=name),
            Text('Write STR(?{name}) = "{value}".', name=name, value=term.value),
            place,
        )
    elif term.language and classes == {"string"}:
        yield Finding(
            "literal-language",
            "warning",
            Text("The values of ?{name} have no language.", name=name),
            Text('Write "{value}" without @{language}.', value=term.value, language=term.language),
            place,
        )
    elif wanted == "string" and classes == {"iri"}:
        yield _never_equal(name, term, Text("an IRI"), f'STR(?{name}) = "{term.value}"', place, "filter-iri-text")
    elif wanted == "iri" and "iri" not in classes:
        yield _never_equal(name, term, Text("no IRI"), f'STR(?{name}) = "{term.value}"', place, "filter-iri-text")
    elif wanted == "number" and classes <= {"string", "language"}:
        yield _never_equal(name, term, Text("text"), f'?{name} = "{term.value}"', place)


def _class(kind: str) -> str:
    if kind in _DATES:
        return "date"
    if kind.startswith("@"):
        return "language"
    if kind == "iri":
        return "iri"
    return "string" if kind == f"{_XSD}string" else "other"


def _never_equal(
    name: str, term: Term, what: Text, mend: str, place: Place | None, code: str = "filter-types"
) -> Finding:
    return Finding(
        code,
        "warning",
        Text("?{name} is {what}; it never compares with {shown}.", name=name, what=what, shown=_shown(term)),
        Text("Write {mend}.", mend=mend),
        place,
    )


def _shown(term: Term) -> Text | str:
    return f"<{term.value}>" if term.kind == "iri" else Text("“{value}”", value=term.value)


def _mixed_dates(what: str, kinds: set[str], place: Place | None, mend: str) -> Finding:
    first, *others = (words for kind, words in _DATES.items() if kind in kinds)
    for other in others:
        first = Text("{first} and {other}", first=first, other=other)
    return Finding(
        "date-precision",
        "warning",
        Text("Here {kinds} meet ({what}); they do not compare, and rows are dropped.", kinds=first, what=what),
        Text("Compare as text: {mend}.", mend=mend),
        place,
    )
