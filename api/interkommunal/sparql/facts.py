"""Rules that ask the graph: terms that are not there, languages, datatypes and dates that never fit.

In: a query as it was read, and a :class:`~interkommunal.sparql.emptiness.Probe`. Out: findings. Each rule needs one
question or a few; ``FACT_RULES`` is the table of them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from itertools import pairwise
from typing import Final

from pyoxigraph import Literal, NamedNode
from rapidfuzz import fuzz, process

from interkommunal.namespaces import PREFIXES, expand, in_turtle
from interkommunal.normal import normal_text
from interkommunal.release.folding import keys
from interkommunal.sparql.emptiness import Probe
from interkommunal.sparql.findings import Finding
from interkommunal.sparql.model import Expression, Filter, Group, Nested, Place, Query, Term, Triples, Values, variables
from interkommunal.sparql.rules import comparisons, kind_of_term, shown_term
from interkommunal.sparql.tokens import Kind, resolved
from interkommunal.texts import Text

# What ``a`` and brackets stand for.
_BUILT_IN: Final = frozenset(expand(f"rdf:{name}") for name in ("type", "first", "rest", "nil"))
_NAMED_BY: Final = ("rdfs:label", "skos:prefLabel", "skos:altLabel", "skos:hiddenLabel", "schema:alternateName")
_LABELS: Final = " ".join(f"<{expand(name)}>" for name in _NAMED_BY)
# Where a name goes on with a new word.
_CAMEL: Final = re.compile(r"(?<=[a-zäöüß0-9])(?=[A-ZÄÖÜ])")
_LIKE: Final = 65.0
_SAME_NAMESPACE: Final = 85.0
_MOST_TERMS: Final = 100
_MOST_NAMESPACES: Final = 3
_MOST_ELSEWHERE: Final = 4
_MOST_PROPERTIES: Final = 8

FactRule = Callable[[Query, Probe], AsyncIterator[Finding]]


async def unknown_graphs(query: Query, probe: Probe) -> AsyncIterator[Finding]:
    """Graphs of FROM and FROM NAMED that are not there, and FROM NAMED that leaves the default graph empty."""
    words = list(query.tokens)
    named = dict.fromkeys(
        (before.keyword == "NAMED", resolved(token, words) or "")
        for before, token in pairwise(words)
        if before.keyword in ("FROM", "NAMED") and token.kind in (Kind.IRI, Kind.PREFIXED_NAME)
    )
    if not named:
        return
    listed = " ".join(f"<{iri}>" for _, iri in named)
    known = await probe.values(
        f"SELECT DISTINCT ?g {{ VALUES ?g {{ {listed} }} FILTER EXISTS {{ GRAPH ?g {{ ?s ?p ?o }} }} }}"
    )
    for _, iri in named:
        if iri not in known:
            text = Text("There is no graph {iri}, so it gives nothing.", iri=in_turtle(iri))
            yield Finding("unknown-graph", text, query.iri(iri))
    parts = query.select.whole.all_parts(services=False)
    if all(is_named for is_named, _ in named) and not any(
        isinstance(part, Nested) and part.kind == "GRAPH" for part in parts
    ):
        text = Text("FROM NAMED alone leaves the default graph empty; write GRAPH ?g { … } around the patterns.")
        yield Finding("empty-default-graph", text)


async def unknown_terms(query: Query, probe: Probe) -> AsyncIterator[Finding]:
    """IRIs that the graph does not know at all, with what may have been meant; what FROM leaves out is not unknown."""
    used = _iris(query)
    if not used:
        return
    listed = " ".join(f"<{iri}>" for iri in used)
    known = await probe.values(
        f"SELECT DISTINCT ?iri WHERE {{ VALUES ?iri {{ {listed} }} FILTER (EXISTS {{ ?iri ?p1 ?o1 }} || "
        "EXISTS { ?s2 ?iri ?o2 } || EXISTS { ?s3 ?p3 ?iri } || EXISTS { GRAPH ?iri { ?s4 ?p4 ?o4 } }) }"
    )
    vocabularies: dict[str, tuple[list[str], list[tuple[str, str]]]] = {}
    for index, iri in enumerate(iri for iri in used if iri not in known):
        namespace, _ = _cut(iri)
        if namespace not in vocabularies and len(vocabularies) < _MOST_NAMESPACES:
            vocabularies[namespace] = await _vocabulary(namespace, probe)
        terms, labels = vocabularies.get(namespace, ([], []))
        # By meaning before letters: what a term is called says more than how its name is spelt.
        near = _called(iri, labels) or _nearest(iri, terms)
        if not near and index < _MOST_ELSEWHERE:
            near = await _elsewhere(iri, probe)
        shown = ", ".join(map(in_turtle, near))
        message = Text("{iri} does not occur in the graph.", iri=in_turtle(iri))
        yield Finding("unknown-term", message, query.iri(iri), Text("Is {shown} meant?", shown=shown) if near else None)


def _iris(query: Query) -> list[str]:
    """The IRIs of patterns, VALUES and comparisons, those for other endpoints left out."""
    terms = [Term("iri", iri) for iri in query.select.described]
    for group in query.select.whole.groups(services=False):
        terms += [term for triple in group.triples for term in triple]
        for part in group.parts:
            if isinstance(part, Nested) and part.kind == "GRAPH" and part.name is not None:
                terms.append(part.name)
            elif isinstance(part, Values):
                terms += [value for row in part.rows for value in row if value is not None]
            elif isinstance(part, Filter):
                compared = (expression.term for expression in part.expression.walk())
                # A namespace in STRSTARTS(STR(?x), STR(city:)) is no term.
                terms += [term for term in compared if term is not None and not term.value.endswith(("/", "#"))]
    found = dict.fromkeys(
        iri
        for term in terms
        for iri in ((term.value,) if term.kind == "iri" else term.parts if term.kind == "path" else ())
    )
    # Datatypes and functions are named like terms, too.
    return [iri for iri in found if iri not in _BUILT_IN and _is_plain(iri) and ":" in iri][:_MOST_TERMS]


def _is_plain(iri: str) -> bool:
    try:
        return str(NamedNode(iri)) == f"<{iri}>" and not iri.startswith(PREFIXES["xsd"])
    except ValueError:
        return False


async def _vocabulary(namespace: str, probe: Probe) -> tuple[list[str], list[tuple[str, str]]]:
    """The terms of a namespace, and what they are called: pairs of term and label or alternative label."""
    is_term = f"FILTER (ISIRI(?term) && STRSTARTS(STR(?term), {Literal(namespace)}))"
    terms = await probe.values(
        "SELECT DISTINCT ?term WHERE { { ?term ?p1 ?o1 } UNION { ?s2 ?term ?o2 } UNION { ?s3 a ?term } "
        f"{is_term} }} ORDER BY ?term LIMIT 4000"
    )
    labels = await probe.rows(
        f"SELECT DISTINCT ?term ?label WHERE {{ VALUES ?by {{ {_LABELS} }} ?term ?by ?label {is_term} }} "
        "ORDER BY ?term ?label LIMIT 4000"
    )
    is_label = [row for row in labels if isinstance(row[0], NamedNode) and isinstance(row[1], Literal)]
    return terms, [(term.value, label.value) for term, label in is_label]  # type: ignore[union-attr]


def _called(iri: str, labels: list[tuple[str, str]]) -> list[str]:
    """Terms that are called as ``iri`` is named: ``FirstSignatory`` is “first signatory”, in any language."""
    _, name = _cut(iri)
    wanted = set(keys(_CAMEL.sub(" ", name).replace("_", " ").replace("-", " ")))
    found = list(dict.fromkeys(term for term, label in labels if wanted & set(keys(label))))
    alike = [term for term in found if _cut(term)[1][:1].isupper() == name[:1].isupper()]
    return (alike or found)[:3]


def _nearest(iri: str, candidates: Iterable[str]) -> list[str]:
    local = {candidate: _cut(candidate)[1] for candidate in candidates}
    # A property was not meant where a class stands, and the other way round: the first letter tells them apart.
    _, name = _cut(iri)
    lower = {key: value.lower() for key, value in local.items()}
    ranked = process.extract(name.lower(), lower, scorer=fuzz.ratio, limit=3, score_cutoff=_LIKE)
    found = [(score + (5 if local[key][:1] == name[:1] else 0), key) for _, score, key in ranked]
    found.sort(key=lambda item: (-item[0], item[1]))
    return [key for score, key in found if score >= found[0][0] - 8]


async def _elsewhere(iri: str, probe: Probe) -> list[str]:
    """The same name or label in another namespace, as ``http://schema.org/`` for ``https://schema.org/``."""
    namespace, local = _cut(iri)
    if not local:
        return []
    listed = " ".join(f"<{other}{local}>" for other in PREFIXES.values() if _is_plain(other + local))
    found = await probe.values(
        f"SELECT DISTINCT ?iri WHERE {{ VALUES ?iri {{ {listed} }} "
        "FILTER (EXISTS { ?iri ?p1 ?o1 } || EXISTS { ?s2 ?iri ?o2 }) } ORDER BY ?iri LIMIT 10"
    ) or await probe.values(
        f"SELECT DISTINCT ?iri WHERE {{ VALUES ?by {{ {_LABELS} }} ?iri ?by ?label FILTER (ISIRI(?iri) && "
        f"LCASE(STR(?label)) = {Literal(_CAMEL.sub(' ', local).lower())}) }} ORDER BY ?iri LIMIT 10"
    )
    alike = [item for item in found if fuzz.ratio(_cut(item)[0], namespace) >= _SAME_NAMESPACE]
    return alike or found[:3]


def _cut(iri: str) -> tuple[str, str]:
    """Namespace and local name."""
    end = max(iri.rfind("/"), iri.rfind("#")) + 1
    return iri[:end], iri[end:]


async def misspelt_literals(query: Query, probe: Probe) -> AsyncIterator[Finding]:
    """Literals in patterns that only another language tag, datatype or case keeps from being found."""
    wanted = dict.fromkeys(
        (iri, value)
        for group in query.select.whole.groups(services=False)
        for _, property_, value in group.triples
        if value.kind == "literal" and (iri := _property(property_))
    )
    for iri, value in list(wanted)[:10]:
        rows = await probe.rows(
            f"SELECT DISTINCT ?o {query.dataset} WHERE {{ ?s <{iri}> ?o FILTER (ISLITERAL(?o) && LCASE(STR(?o)) IN "
            f"(LCASE({Literal(value.value)}), LCASE({Literal(normal_text(value.value))}))) }} ORDER BY ?o LIMIT 20"
        )
        found = [row[0] for row in rows if isinstance(row[0], Literal)]
        if not found or any(_is_same(item, value) for item in found):
            continue
        same_text = [item for item in found if item.value == value.value]
        looks_alike = [item for item in found if normal_text(item.value) == normal_text(value.value)]
        if looks_alike and not same_text:
            message = Text(
                "This looks like {shown}, but is made up of other characters.", shown=_written(looks_alike[0])
            )
            mend = Text("Write the letters themselves, without escapes.")
            yield Finding("literal-form", message, query.string(value.value), mend)
            continue
        by_language = value.language or any(item.language for item in same_text)
        code = "literal-case" if not same_text else "literal-language" if by_language else "literal-type"
        here = Literal(value.value, language=value.language) if value.language else None
        shown = _written(here or Literal(value.value, datatype=NamedNode(value.datatype)))
        message = Text("{value} does not occur as a value of {iri}.", value=shown, iri=in_turtle(iri))
        mend = Text("In the graph it is {shown}.", shown=", ".join(map(_written, (same_text or found)[:3])))
        yield Finding(code, message, query.string(value.value), mend)


def _property(term: Term) -> str:
    """The property that a value has, by what stands before it; nothing where that is not one."""
    return term.value if term.kind == "iri" else term.last


def _is_same(item: Literal, value: Term) -> bool:
    is_typed = bool(value.language) or item.datatype.value == value.datatype
    return item.value == value.value and (item.language or "") == value.language.lower() and is_typed


def _written(item: Literal) -> str:
    if item.language or item.datatype.value == expand("xsd:string"):
        return str(item)
    return f"{Literal(item.value)}^^{in_turtle(item.datatype.value)}"


async def broken_patterns(query: Query, probe: Probe) -> AsyncIterator[Finding]:
    """Regular expressions that the engine cannot read, so that their condition is an error in each row."""
    calls = [part for condition in query.conditions() for part in condition.expression.walk()]
    for call in [part for part in calls if part.name in ("REGEX", "REPLACE")][:5]:
        constants = [item.term for item in call.arguments[1:] if item.term is not None and item.term.kind == "literal"]
        if not constants or len(constants) < len(call.arguments) - 1:
            continue
        given = ", ".join(str(Literal(term.value)) for term in constants)
        if await probe.rows(f'SELECT ?read {{ BIND ({call.name}("", {given}) AS ?read) FILTER (!BOUND(?read)) }}'):
            pattern = constants[0].value
            message = Text(
                "“{pattern}” is no regular expression, so {name} fails in each row.", pattern=pattern, name=call.name
            )
            mend = Text("Put \\\\ before a character that stands for itself, such as ( or +.")
            yield Finding("regex-broken", message, query.string(pattern), mend)


# Comparisons that the values in the graph never let hold: languages, datatypes, years against days.

_DATES: Final = {
    expand("xsd:date"): Text("days"),
    expand("xsd:gYear"): Text("years"),
    expand("xsd:gYearMonth"): Text("months"),
    expand("xsd:dateTime"): Text("points in time"),
    expand("edtf:EDTF"): Text("intervals and bounds in EDTF"),
}
# The datatypes of which the engine tells year, month and day, and where these are in the lexical form.
_READABLE: Final = {
    function: ({expand(f"xsd:{name}") for name in names.split()}, place)
    for function, names, place in (
        ("YEAR", "date dateTime gYear gYearMonth", "1, 4"),
        ("MONTH", "date dateTime gYearMonth gMonth gMonthDay", "6, 2"),
        ("DAY", "date dateTime gDay gMonthDay", "9, 2"),
    )
}

#: What the values of variables are: ``iri``, ``@`` with a language, or the IRI of a datatype.
Kinds = dict[str, frozenset[str]]


async def comparing(query: Query, probe: Probe) -> AsyncIterator[Finding]:
    """Looks at each FILTER and HAVING in the light of what the values of a property are."""
    properties = _properties_of(query)
    learned: Kinds = {}
    for part in query.conditions():
        for iri in [iri for name in sorted(part.expression.variables & set(properties)) for iri in properties[name]]:
            if iri not in learned and len(learned) < _MOST_PROPERTIES:
                found = await probe.values(
                    f"SELECT DISTINCT ?kind {query.dataset} WHERE {{ ?s <{iri}> ?o BIND (IF(ISIRI(?o), "
                    '"iri", IF(LANG(?o) != "", CONCAT("@", LCASE(LANG(?o))), STR(DATATYPE(?o)))) AS ?kind) '
                    "} LIMIT 30"
                )
                learned[iri] = frozenset(found)
        kinds = {
            name: frozenset().union(*(learned[iri] for iri in iris))
            for name, iris in properties.items()
            if iris <= learned.keys()
        }
        for expression in part.expression.walk():
            for finding in _of_expression(expression, kinds, query.place(part.start)):
                yield finding


def _properties_of(query: Query) -> dict[str, set[str]]:
    """By variable, the properties that it is a value of; without those that something else may bind too."""
    found: dict[str, set[str]] = defaultdict(set)
    other: set[str] = set()
    for group in query.select.whole.groups(services=False):
        for subject, property_, value in group.triples:
            other |= variables((subject, property_))
            if value.is_variable and (iri := _property(property_)):
                found[value.value].add(iri)
            else:
                other |= variables([value])
        inner = Group(tuple(part for part in group.parts if not isinstance(part, Triples)))
        # Variables that are bound by triples in groups within are looked at there.
        other |= inner.binds() - variables(term for one in inner.groups() for triple in one.triples for term in triple)
    return {name: iris for name, iris in found.items() if name not in other}


def _of_expression(part: Expression, kinds: Kinds, place: Place | None) -> Iterator[Finding]:
    yield from _of_language(part, kinds, place)
    yield from _of_function(part, kinds, place)
    for left, operator, term in comparisons(part):
        name = _name(left)
        if kinds.get(name) and operator != "!=":
            yield from _of_comparison(name, kinds[name], operator, term, place)
    if part.name in ("<", ">", "<=", ">=", "=") and len(part.arguments) == 2:
        one, two = map(_name, part.arguments)
        dates = [kinds.get(name, frozenset()) & _DATES.keys() for name in (one, two)]
        if all(dates) and len(dates[0] | dates[1]) > 1:
            yield _mixed_dates(one, dates[0] | dates[1], place, f"STR(?{one}) … STR(?{two})")


def _name(expression: Expression) -> str:
    """The variable that an expression is, or of whose values an aggregate gives one."""
    if expression.name in ("SAMPLE", "MIN", "MAX") and expression.arguments:
        return _name(expression.arguments[0])
    return expression.term.value if expression.term is not None and expression.term.is_variable else ""


def _of_language(part: Expression, kinds: Kinds, place: Place | None) -> Iterator[Finding]:
    # LANG gives lower case; only LANGMATCHES passes over case.
    wanted = [(left, term.value) for left, operator, term in comparisons(part) if operator == "="]
    if is_range := part.name == "LANGMATCHES" and part.arguments[1].term is not None:
        wanted = [(part.arguments[0], part.arguments[1].term.value.lower())]
    for left, language in wanted:
        there = kinds.get(_name(left.arguments[0])) if left.name == "LANG" else None
        if not there or language == "*":
            continue
        languages = sorted(kind[1:] for kind in there if kind.startswith("@"))
        if language == "":
            fits = any(not kind.startswith("@") and kind != "iri" for kind in there)
        else:
            fits = any(item == language or (is_range and item.startswith(f"{language}-")) for item in languages)
        if not fits:
            name = _name(left.arguments[0])
            listed = ", ".join(f'"{item}"' for item in languages)
            message = Text("No value of ?{name} is in the language “{language}”.", name=name, language=language)
            mend = Text("There are {listed}.", listed=listed) if languages else Text("The values have no language.")
            yield Finding("filter-language", message, place, mend)


def _of_function(part: Expression, kinds: Kinds, place: Place | None) -> Iterator[Finding]:
    name = _name(part.arguments[0]) if part.arguments else ""
    there = kinds.get(name)
    if not there:
        return
    if part.name in ("CONTAINS", "STRSTARTS", "STRENDS", "REGEX") and there <= {"iri", *_DATES}:
        mend = Text("Write {name}(STR(?{name2}), …).", name=part.name, name2=name)
        if "iri" in there:
            message = Text("{function} needs text; ?{name} is an IRI.", function=part.name, name=name)
            yield Finding("filter-iri-text", message, place, mend)
        else:
            message = Text("{function} needs text; ?{name} is a date.", function=part.name, name=name)
            yield Finding("filter-types", message, place, mend)
    if part.name in _READABLE:
        readable, digits = _READABLE[part.name]
        if (dates := there & _DATES.keys()) - readable:
            yield _mixed_dates(name, dates, place, f"SUBSTR(STR(?{name}), {digits})")


def _of_comparison(
    name: str, there: frozenset[str], operator: str, term: Term, place: Place | None
) -> Iterator[Finding]:
    dates = there & _DATES.keys()
    as_text = f'STR(?{name}) {operator} "{term.value}"'
    if term.datatype in _DATES:
        if dates and dates != {term.datatype}:
            yield _mixed_dates(name, dates | {term.datatype}, place, as_text)
        return
    wanted = kind_of_term(term)
    classes = {_class(kind) for kind in there}
    equal = f'STR(?{name}) = "{term.value}"'
    never: tuple[str, Text, str] | None = None
    if wanted in ("string", "number") and classes == {"date"}:
        never = "filter-types", Text("a date"), as_text
    elif wanted == "string" and not term.language and classes == {"language"} and operator == "=":
        message = Text("The values of ?{name} have a language; a text without one never equals them.", name=name)
        mend = Text('Write STR(?{name}) = "{value}".', name=name, value=term.value)
        yield Finding("literal-language", message, place, mend)
    elif term.language and classes == {"string"}:
        message = Text("The values of ?{name} have no language.", name=name)
        mend = Text('Write "{value}" without @{language}.', value=term.value, language=term.language)
        yield Finding("literal-language", message, place, mend)
    elif wanted == "string" and classes == {"iri"}:
        never = "filter-iri-text", Text("an IRI"), equal
    elif wanted == "iri" and "iri" not in classes:
        never = "filter-iri-text", Text("no IRI"), equal
    elif wanted == "number" and classes <= {"string", "language"}:
        never = "filter-types", Text("text"), f'?{name} = "{term.value}"'
    if never is not None:
        code, what, better = never
        message = Text(
            "?{name} is {what}; it never compares with {shown}.", name=name, what=what, shown=shown_term(term)
        )
        yield Finding(code, message, place, Text("Write {mend}.", mend=better))


def _class(kind: str) -> str:
    if kind in _DATES:
        return "date"
    if kind.startswith("@"):
        return "language"
    return {"iri": "iri", expand("xsd:string"): "string"}.get(kind, "other")


def _mixed_dates(name: str, kinds: Iterable[str], place: Place | None, mend: str) -> Finding:
    first, *others = (words for kind, words in _DATES.items() if kind in kinds)
    for other in others:
        first = Text("{first} and {other}", first=first, other=other)
    message = Text(
        "Here {kinds} meet ({what}); they do not compare, and rows are dropped.", kinds=first, what=f"?{name}"
    )
    return Finding("date-precision", message, place, Text("Compare as text: {mend}.", mend=mend))


FACT_RULES: Final[dict[str, FactRule]] = {
    "unknown-graph": unknown_graphs,
    "unknown-term": unknown_terms,
    "literal-language": misspelt_literals,
    "date-precision": comparing,
    "regex-broken": broken_patterns,
}
