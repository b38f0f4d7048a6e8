"""Rules that ask the graph: terms that are not there, languages and datatypes that never fit.

In: a query as it was read, and a :class:`~interkommunal.sparql.emptiness.Probe`. Each rule needs one question or a
few; they share what they learn about the values of a property.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterable
from itertools import pairwise
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode
from rapidfuzz import fuzz, process

from interkommunal.namespaces import PREFIXES, expand, in_turtle
from interkommunal.normal import normal_text
from interkommunal.release.folding import keys
from interkommunal.sparql.datatypes import comparing
from interkommunal.sparql.emptiness import Probe
from interkommunal.sparql.findings import Finding
from interkommunal.sparql.model import Filter, Nested, Query, Term, Values
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
    known = set(
        await probe.values(
            f"SELECT DISTINCT ?g {{ VALUES ?g {{ {listed} }} FILTER EXISTS {{ GRAPH ?g {{ ?s ?p ?o }} }} }}"
        )
    )
    for _, iri in named:
        if iri not in known:
            text = Text("There is no graph {iri}, so it gives nothing.", iri=in_turtle(iri))
            yield Finding("unknown-graph", "warning", text, None, query.iri(iri))
    if all(is_named for is_named, _ in named) and not any(
        isinstance(part, Nested) and part.kind == "GRAPH"
        for group in query.select.whole.groups(services=False)
        for part in group.parts
    ):
        text = Text("FROM NAMED alone leaves the default graph empty; write GRAPH ?g { … } around the patterns.")
        yield Finding("empty-default-graph", "warning", text, None, None)


async def unknown_terms(query: Query, probe: Probe) -> AsyncIterator[Finding]:
    """IRIs that the graph does not know at all, with what may have been meant."""
    used = _iris(query)
    if not used:
        return
    listed = " ".join(f"<{iri}>" for iri in used)
    # Over all graphs: what FROM leaves out is not unknown.
    dataset = ""
    known = set(
        await probe.values(
            f"SELECT DISTINCT ?iri WHERE {{ VALUES ?iri {{ {listed} }} FILTER (EXISTS {{ ?iri ?p1 ?o1 }} || "
            "EXISTS { ?s2 ?iri ?o2 } || EXISTS { ?s3 ?p3 ?iri } || EXISTS { GRAPH ?iri { ?s4 ?p4 ?o4 } }) }"
        )
    )
    unknown = [iri for iri in used if iri not in known]
    vocabularies: dict[str, _Vocabulary] = {}
    for index, iri in enumerate(unknown):
        namespace = _namespace(iri)
        if namespace not in vocabularies and len(vocabularies) < _MOST_NAMESPACES:
            vocabularies[namespace] = await _vocabulary(namespace, dataset, probe)
        vocabulary = vocabularies.get(namespace, _Vocabulary([], []))
        # By meaning before letters: what a term is called says more than how its name is spelt.
        near = _called(iri, vocabulary.labels) or _nearest(iri, vocabulary.terms)
        if not near and index < _MOST_ELSEWHERE:
            near = await _elsewhere(iri, dataset, probe)
        shown = ", ".join(in_turtle(item) for item in near)
        yield Finding(
            "unknown-term",
            "warning",
            Text("{iri} does not occur in the graph.", iri=in_turtle(iri)),
            Text("Is {shown} meant?", shown=shown) if near else None,
            query.iri(iri),
        )


def _iris(query: Query) -> list[str]:
    """The IRIs of patterns, VALUES and comparisons, those for other endpoints left out."""
    found: dict[str, None] = dict.fromkeys(query.select.described)

    def add(term: Term | None) -> None:
        if term is not None and term.kind == "iri":
            found[term.value] = None
        elif term is not None and term.kind == "path":
            found.update(dict.fromkeys(term.parts))

    for group in query.select.whole.groups(services=False):
        for triple in group.triples:
            for term in triple:
                add(term)
        for part in group.parts:
            if isinstance(part, Nested) and part.kind == "GRAPH":
                add(part.name)
            elif isinstance(part, Values):
                for row in part.rows:
                    for value in row:
                        add(value)
            elif isinstance(part, Filter):
                for expression in part.expression.walk():
                    # A namespace in STRSTARTS(STR(?x), STR(city:)) is no term.
                    if expression.term is not None and not expression.term.value.endswith(("/", "#")):
                        add(expression.term)
    # Datatypes and functions are named like terms, too.
    return [iri for iri in found if iri not in _BUILT_IN and _is_plain(iri) and ":" in iri][:_MOST_TERMS]


def _is_plain(iri: str) -> bool:
    try:
        return str(NamedNode(iri)) == f"<{iri}>" and not iri.startswith(PREFIXES["xsd"])
    except ValueError:
        return False


class _Vocabulary(NamedTuple):
    """The terms of a namespace, and what they are called: pairs of term and label or alternative label."""

    terms: list[str]
    labels: list[tuple[str, str]]


async def _vocabulary(namespace: str, dataset: str, probe: Probe) -> _Vocabulary:
    is_term = f"FILTER (ISIRI(?term) && STRSTARTS(STR(?term), {Literal(namespace)}))"
    terms = await probe.values(
        f"SELECT DISTINCT ?term {dataset} WHERE {{ {{ ?term ?p1 ?o1 }} UNION {{ ?s2 ?term ?o2 }} "
        f"UNION {{ ?s3 a ?term }} {is_term} }} ORDER BY ?term LIMIT 4000"
    )
    labels = await probe.rows(
        f"SELECT DISTINCT ?term ?label {dataset} WHERE {{ VALUES ?by {{ {_LABELS} }} ?term ?by ?label {is_term} }} "
        "ORDER BY ?term ?label LIMIT 4000"
    )
    return _Vocabulary(
        terms,
        [
            (term.value, label.value)
            for term, label in labels
            if isinstance(term, NamedNode) and isinstance(label, Literal)
        ],
    )


def _called(iri: str, labels: list[tuple[str, str]]) -> list[str]:
    """Terms that are called as ``iri`` is named: ``FirstSignatory`` is “first signatory”, in any language."""
    name = iri.removeprefix(_namespace(iri))
    wanted = set(keys(_CAMEL.sub(" ", name).replace("_", " ").replace("-", " ")))
    found = list(dict.fromkeys(term for term, label in labels if wanted & set(keys(label))))
    alike = [term for term in found if term.removeprefix(_namespace(term))[:1].isupper() == name[:1].isupper()]
    return (alike or found)[:3]


def _nearest(iri: str, candidates: Iterable[str]) -> list[str]:
    local = {candidate: candidate.removeprefix(_namespace(candidate)) for candidate in candidates}
    # A property was not meant where a class stands, and the other way round: the first letter tells them apart.
    name = iri.removeprefix(_namespace(iri))
    ranked = process.extract(
        name.lower(), {key: value.lower() for key, value in local.items()}, scorer=fuzz.ratio, limit=3
    )
    found = [(score + (5 if local[key][:1] == name[:1] else 0), key) for _, score, key in ranked if score >= _LIKE]
    found.sort(key=lambda item: (-item[0], item[1]))
    return [key for score, key in found if score >= found[0][0] - 8]


async def _elsewhere(iri: str, dataset: str, probe: Probe) -> list[str]:
    """The same name or label in another namespace, as ``http://schema.org/`` for ``https://schema.org/``."""
    local = iri.removeprefix(_namespace(iri))
    if not local:
        return []
    listed = " ".join(f"<{namespace}{local}>" for namespace in PREFIXES.values() if _is_plain(namespace + local))
    found = await probe.values(
        f"SELECT DISTINCT ?iri {dataset} WHERE {{ VALUES ?iri {{ {listed} }} "
        "FILTER (EXISTS { ?iri ?p1 ?o1 } || EXISTS { ?s2 ?iri ?o2 }) } ORDER BY ?iri LIMIT 10"
    )
    if not found:
        label = Literal(_CAMEL.sub(" ", local).lower())
        found = await probe.values(
            f"SELECT DISTINCT ?iri {dataset} WHERE {{ VALUES ?by {{ {_LABELS} }} ?iri ?by ?label "
            f"FILTER (ISIRI(?iri) && LCASE(STR(?label)) = {label}) }} ORDER BY ?iri LIMIT 10"
        )
    alike = [item for item in found if fuzz.ratio(_namespace(item), _namespace(iri)) >= _SAME_NAMESPACE]
    return alike or found[:3]


def _namespace(iri: str) -> str:
    return iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]


async def misspelt_literals(query: Query, probe: Probe) -> AsyncIterator[Finding]:
    """Literals in patterns that only another language tag, datatype or case keeps from being found."""
    wanted: list[tuple[str, Term]] = []
    for group in query.select.whole.groups(services=False):
        for _, property_, value in group.triples:
            iri = property_.value if property_.kind == "iri" else property_.last
            if iri and value.kind == "literal" and (iri, value) not in wanted:
                wanted.append((iri, value))
    for iri, value in wanted[:10]:
        text = Literal(value.value)
        rows = await probe.rows(
            f"SELECT DISTINCT ?o {query.dataset} WHERE {{ ?s <{iri}> ?o FILTER (ISLITERAL(?o) && "
            f"LCASE(STR(?o)) IN (LCASE({text}), LCASE({Literal(normal_text(value.value))}))) }} ORDER BY ?o LIMIT 20"
        )
        found = [row[0] for row in rows if isinstance(row[0], Literal)]
        if not found or any(_is_same(item, value) for item in found):
            continue
        same_text = [item for item in found if item.value == value.value]
        looks_alike = [item for item in found if normal_text(item.value) == normal_text(value.value)]
        if looks_alike and not same_text:
            yield Finding(
                "literal-form",
                "warning",
                Text("This looks like {shown}, but is made up of other characters.", shown=_written(looks_alike[0])),
                Text("Write the letters themselves, without escapes."),
                query.string(value.value),
            )
            continue
        code = (
            "literal-case"
            if not same_text
            else "literal-language"
            if _has_language(same_text, value)
            else "literal-type"
        )
        shown = ", ".join(_written(item) for item in (same_text or found)[:3])
        yield Finding(
            code,
            "warning",
            Text("{value} does not occur as a value of {iri}.", value=_written_term(value), iri=in_turtle(iri)),
            Text("In the graph it is {shown}.", shown=shown),
            query.string(value.value),
        )


def _is_same(item: Literal, value: Term) -> bool:
    if item.value != value.value:
        return False
    return (item.language or "") == value.language.lower() and (
        bool(value.language) or item.datatype.value == value.datatype
    )


def _has_language(found: list[Literal], value: Term) -> bool:
    return bool(value.language) or any(item.language for item in found)


def _written(item: Literal) -> str:
    if item.language or item.datatype.value == expand("xsd:string"):
        return str(item)
    return f"{Literal(item.value)}^^{in_turtle(item.datatype.value)}"


def _written_term(value: Term) -> str:
    if value.language:
        return str(Literal(value.value, language=value.language))
    return _written(Literal(value.value, datatype=NamedNode(value.datatype)))


async def broken_patterns(query: Query, probe: Probe) -> AsyncIterator[Finding]:
    """Regular expressions that the engine cannot read, so that their condition is an error in each row."""
    calls = [part for condition in query.conditions() for part in condition.expression.walk()]
    for call in [part for part in calls if part.name in ("REGEX", "REPLACE")][:5]:
        constants = [argument.term for argument in call.arguments[1:]]
        if not constants or any(term is None or term.kind != "literal" for term in constants):
            continue
        given = ", ".join(str(Literal(term.value)) for term in constants if term is not None)
        if await probe.rows(f'SELECT ?read {{ BIND ({call.name}("", {given}) AS ?read) FILTER (!BOUND(?read)) }}'):
            pattern = constants[0].value if constants[0] is not None else ""
            yield Finding(
                "regex-broken",
                "warning",
                Text(
                    "“{pattern}” is no regular expression, so {name} fails in each row.",
                    pattern=pattern,
                    name=call.name,
                ),
                Text("Put \\\\ before a character that stands for itself, such as ( or +."),
                query.string(pattern),
            )


FACT_RULES: Final[dict[str, FactRule]] = {
    "unknown-graph": unknown_graphs,
    "unknown-term": unknown_terms,
    "literal-language": misspelt_literals,
    "date-precision": comparing,
    "regex-broken": broken_patterns,
}
