"""What our passages say and Wikidata may not know yet, as commands for QuickStatements (version 1, tab-separated).

In: the rows of :data:`QUERY` over the graph. Out: text. Only what a passage states plainly is taken: nothing from a
passage that is garbled, contradictory or a goal, nothing that an editor or a rule concluded, nothing about things whose
identity is in doubt, no vague date. Every line names its passage: statements by reference URL (P854) and quotation
(P1683), lines that cannot have a reference (CREATE and labels) in the comment at their end.
https://www.wikidata.org/wiki/Help:QuickStatements
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph

from interkommunal.namespaces import PREFIXES, expand, prologue

NAME: Final = "quickstatements.tsv"
MEDIA_TYPE: Final = "text/tab-separated-values; charset=utf-8"
Row = Sequence[object]

_WANTED: Final = ("concept", "cv", "dcterms", "ik", "oa", "schema", "skos", "wd", "xsd")
#: Subject, its item if it has one, property, value or item, passage, quote.
QUERY: Final = prologue(_WANTED) + (
    """
SELECT DISTINCT ?subject ?item ?property ?value ?passage ?quote
WHERE {
    ?passage a ik:Passage ;
        ik:status concept:status-asserted ;
        oa:hasSelector ?selector .
    ?selector oa:exact ?quote .
    FILTER NOT EXISTS {
        ?passage ik:status ?status .
        FILTER (?status != concept:status-asserted)
    }
    {
        VALUES (?class ?value) {
            (ik:Agreement wd:Q321839)
            (ik:Forum wd:Q1656682)
            (ik:Publication wd:Q732577)
            (schema:Movie wd:Q11424)
        }
        GRAPH ?passage { ?subject a ?class . }
        BIND ("P31" AS ?property)
    }
    UNION {
        GRAPH ?passage { ?subject schema:name ?value . }
        BIND ("P1476" AS ?property)
    }
    UNION {
        GRAPH ?passage { ?subject dcterms:created ?value . }
        FILTER (DATATYPE(?value) IN (xsd:gYear, xsd:date))
        BIND ("P571" AS ?property)
    }
    UNION {
        GRAPH ?passage { ?subject schema:startDate ?value . }
        FILTER (DATATYPE(?value) IN (xsd:gYear, xsd:date))
        BIND ("P585" AS ?property)
    }
    UNION {
        GRAPH ?passage { ?subject schema:location ?place . }
        ?place skos:exactMatch ?value .
        BIND ("P276" AS ?property)
    }
    UNION {
        GRAPH ?passage {
            ?participation cv:hasParticipant ?party ;
                cv:role ?role .
        }
        FILTER (?role IN (concept:role-first-signatory, concept:role-party))
        ?subject cv:hasParticipation ?participation .
        ?party skos:exactMatch ?value .
        FILTER NOT EXISTS { ?participation ik:contradicts ?other . }
        BIND ("P1891" AS ?property)
    }
    FILTER (!ISIRI(?value) || STRSTARTS(STR(?value), STR(wd:)))
    FILTER EXISTS {
        ?subject a ?kind .
        FILTER (?kind IN (ik:Agreement, ik:Forum, ik:Publication, schema:Movie))
    }
    FILTER NOT EXISTS { ?subject ik:contradicts|ik:possiblySameAs|ik:undecidedBetween ?doubt . }
    OPTIONAL {
        ?subject skos:exactMatch ?item .
        FILTER (STRSTARTS(STR(?item), STR(wd:)))
    }
}
ORDER BY ?subject ?property ?passage ?value
"""
)
# In this order the statements of a thing are written.
_ORDER: Final = ("P31", "P1476", "P571", "P585", "P276", "P1891")


@dataclass(frozen=True, slots=True)
class _Statement:
    property: str
    value: str
    passage: str
    quote: str


def quickstatements(rows: Iterable[Row]) -> str:
    """The commands; a thing without an item, a printed name and a class is left out.

    Args:
        rows: of :data:`QUERY`.
    """
    items: dict[str, str | None] = {}
    statements: dict[str, list[_Statement]] = defaultdict(list)
    for subject, item, property_, value, passage, quote in rows:
        iri = _iri(subject)
        items[iri] = _iri(item).removeprefix(PREFIXES["wd"]) if item is not None else None
        found = _Statement(_text(property_), _value(value), _iri(passage), _text(quote))
        # One line holds one reference; the first passage is enough.
        if found.value and not any(_key(one) == _key(found) for one in statements[iri]):
            statements[iri].append(found)
    lines: list[str] = []
    for iri, about in statements.items():
        lines += _commands(items[iri], sorted(about, key=lambda one: _ORDER.index(one.property)))
    return "".join(f"{line}\n" for line in lines)


def _key(statement: _Statement) -> tuple[str, str]:
    """What makes two statements the same."""
    return statement.property, statement.value


def _commands(item: str | None, about: Sequence[_Statement]) -> Iterator[str]:
    named = [one for one in about if one.property == "P1476"]
    if item is None:
        classes = [one for one in about if one.property == "P31"]
        if not named or not classes:
            return
        yield f"CREATE\t/* {classes[0].passage} */"
        yield f"LAST\tLde\t{named[0].value.removeprefix('de:')}\t/* {named[0].passage} */"
    for one in about:
        reference = f'S854\t"{one.passage}"'
        if '"' not in one.quote and len(one.quote) <= 1500:
            reference += f'\tS1683\tde:"{one.quote}"'
        yield f"{item or 'LAST'}\t{one.property}\t{one.value}\t{reference}"


def _value(value: object) -> str:
    """A value as QuickStatements writes it: item, title with language, or time with precision (9: year, 11: day)."""
    if isinstance(value, pyoxigraph.NamedNode):
        return value.value.removeprefix(PREFIXES["wd"])
    if not isinstance(value, pyoxigraph.Literal):
        return ""
    if value.datatype.value == expand("xsd:gYear"):
        return f"+{value.value}-00-00T00:00:00Z/9"
    if value.datatype.value == expand("xsd:date"):
        return f"+{value.value}T00:00:00Z/11"
    text = " ".join(value.value.split())
    return f'{value.language or "de"}:"{text}"' if '"' not in text else ""


def _iri(term: object) -> str:
    return term.value if isinstance(term, pyoxigraph.NamedNode) else ""


def _text(term: object) -> str:
    return " ".join(term.value.split()) if isinstance(term, pyoxigraph.Literal) else ""
