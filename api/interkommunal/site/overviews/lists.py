"""Lists of things: one for each class, and one for all that the text speaks of; narrowed, sorted, page by page.

:func:`read_classes` tells which lists there are, :func:`read_list` gives one page of one. A list is narrowed by facets
(kind, year, city, status and voice), each a pattern from an entry to its value. All questions are plain SPARQL; only
terms that were checked get into them: a value in an address is the last part of its IRI; anything else finds nothing.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from interkommunal.namespaces import BASE, CONCEPT, GENID, ID, curie, with_prologue
from interkommunal.site.description.statements import GraphClient
from interkommunal.site.figures.figure import write_csv
from interkommunal.site.overviews.classes import class_name, class_slug
from interkommunal.site.overviews.overview import text, texts
from interkommunal.site.site import Site
from interkommunal.texts import Language, Text, label_language

PER_PAGE: Final = 50
ALL: Final = "all"
# Values of a facet that are offered; beyond these only what is chosen is shown.
_MOST_VALUES: Final = 40
_ALL_NAME: Final = Text("Everything the text speaks of")
_PLAIN: Final = f"{CONCEPT}status-asserted"
# Kinds of names by which German sorts: umlauts as their vowels, quotation marks not at all.
_SORTED: Final = (("ä", "a"), ("ö", "o"), ("ü", "u"), ("ß", "ss"), ('[„“”\\"«»]', ""))
SORTS: Final = {
    "label": Text("by name"),
    "text": Text("as in the text"),
    "year": Text("by year"),
    "mentions": Text("by number of passages"),
}
_ORDERS: Final = {
    "label": "?key ?item",
    "text": "(!BOUND(?start)) ?start ?key ?item",
    "year": "(!BOUND(?year)) ?year ?key ?item",
    "mentions": "DESC(?passages) ?key ?item",
}
_AGGREGATES: Final = {
    "year": "MIN(?dated)",
    "passages": "COUNT(DISTINCT ?passage)",
    "statuses": 'GROUP_CONCAT(DISTINCT STR(?status); SEPARATOR=" ")',
    "start": "MIN(?position)",
}


_SLUG: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_YEAR: Final = re.compile(r"-?[0-9]{1,6}")


@dataclass(frozen=True, slots=True)
class Facet:
    """One way to narrow a list.

    Attributes:
        key: name of the parameter in an address.
        name: heading.
        pattern: from ``?item`` to ``?value``, as SPARQL.
        namespace: of the values; empty for numbers.
        note: what has to be known to read it right, or ``None``.
    """

    key: str
    name: Text
    pattern: str
    namespace: str
    note: Text | None = None

    def term(self, value: str) -> NamedNode | Literal | None:
        """The value of an address as a term, or ``None`` if it cannot be one."""
        if not self.namespace:
            return Literal(int(value)) if _YEAR.fullmatch(value) else None
        return NamedNode(self.namespace + value) if _SLUG.fullmatch(value) else None

    def slug(self, iri: str) -> str:
        """A value as it stands in an address."""
        return iri.removeprefix(self.namespace)


_SAID: Final = Text("Meant are the passages that name the entry.")
FACETS: Final = (
    Facet("type", Text("Kind"), "?item dcterms:type ?value .", CONCEPT),
    Facet("year", Text("Year"), "?item ik:year ?value .", ""),
    Facet(
        "city",
        Text("City"),
        "?item ik:inCity|ik:party|ik:signedFor|cv:hasParticipant|ik:hostedBy|org:postIn ?value . ?value a ik:City .",
        f"{ID}city/",
    ),
    Facet("status", Text("Status"), "?item ik:mentionedIn?/ik:status ?value .", CONCEPT, _SAID),
    Facet("voice", Text("Voice"), "?item ik:mentionedIn?/ik:voice ?value .", CONCEPT, _SAID),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen value of each facet, as it stands in the address."""

    values: Mapping[str, str]

    def patterns(self, without: str | None = None) -> list[str] | None:
        """The patterns that hold the chosen values; ``None`` if one of them cannot be found.

        Args:
            without: key of a facet whose choice is left out, to count its alternatives.
        """
        patterns = []
        for facet in FACETS:
            chosen = self.values.get(facet.key)
            if chosen is None or facet.key == without:
                continue
            value = facet.term(chosen)
            if value is None:
                return None
            patterns.append(facet.pattern.replace("?value", str(value)))
        return patterns


def choice(parameters: Mapping[str, str]) -> Choice:
    """The choice that an address makes."""
    return Choice({facet.key: parameters[facet.key] for facet in FACETS if parameters.get(facet.key)})


@dataclass(frozen=True, slots=True)
class Class:
    """A class with members of ours.

    Attributes:
        iri: the class. slug: how it is called in addresses. name: its label.
        count: how many members it has.
        spoken: whether passages speak of them; if not, the graph itself needs them.
    """

    iri: str
    slug: str
    name: str
    count: int
    spoken: bool


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a list.

    Attributes:
        iri: the thing. href: address of its page. name: its label.
        year: its year, if there is one.
        passages: how many passages name it.
        statuses: IRIs of the statuses of these passages other than the plain one.
        quote: the first sentence that names it, if there is one.
        lines: where that stands.
    """

    iri: str
    href: str | None
    name: str
    year: str
    passages: int
    statuses: tuple[str, ...]
    quote: str = ""
    line: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """A value that a facet offers."""

    slug: str
    name: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """A facet with its values."""

    facet: Facet
    values: tuple[Value, ...]
    cut: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list.

    Attributes:
        name: heading. slug: of the class, or ``all``.
        items: those of this page. total: how many there are on all pages.
        page: number of this page, from 1. pages: how many there are, at least 1.
        sort: key of the order.
        offers: facets that have something to offer.
        choice: what is chosen.
        query: the question that lists all, as SPARQL.
    """

    name: str
    slug: str
    items: tuple[Item, ...]
    total: int
    page: int
    sort: str
    offers: tuple[Offer, ...]
    choice: Choice
    query: str

    @property
    def pages(self) -> int:
        """Number of pages."""
        return max(1, -(-self.total // PER_PAGE))


async def read_classes(client: GraphClient, language: Language) -> list[Class]:
    """All classes with members of ours, by name."""
    rows = await client.rows(
        with_prologue(
            f"""SELECT ?class (MIN(STR(?label)) AS ?name) (COUNT(DISTINCT ?item) AS ?count)
    (COUNT(DISTINCT ?told) AS ?spoken)
WHERE {{
    ?item a ?class .
    {_OURS}
    OPTIONAL {{
        ?class rdfs:label ?label .
        FILTER (LANG(?label) = "{label_language(language)}")
    }}
    OPTIONAL {{
        ?item ik:mentionedIn ?passage .
        BIND (?item AS ?told)
    }}
}}
GROUP BY ?class
ORDER BY ?class"""
        )
    )
    classes = [
        Class(iri, class_slug(iri), class_name(iri, name, language), int(count), spoken != "0")
        for iri, name, count, spoken in map(texts, rows)
    ]
    return sorted(classes, key=lambda item: (_sort_key(item.name), item.iri))


async def read_list(
    client: GraphClient,
    site: Site,
    language: Language,
    of: Class | None,
    choice: Choice,
    sort: str | None,
    page: int,
) -> Listing:
    """One page of a list.

    Args:
        client: to the graph.
        site: for links.
        language: of labels.
        of: the class, or ``None`` for all that the text speaks of.
        choice: values of facets.
        sort: key in :data:`SORTS`; the usual order if there is no such key.
        page: from 1; beyond the last page the list is empty.
    """
    chosen_sort = sort if sort in SORTS else "text" if of is not None and of.slug == "passage" else "label"
    patterns = choice.patterns()
    name = of.name if of else _ALL_NAME.in_(language)
    slug = of.slug if of else ALL
    whole = listing_query(of, patterns or [], language, chosen_sort)
    if patterns is None:  # a value that nothing can have
        offers = await _offers(client, language, of, choice)
        return Listing(name, slug, (), 0, 1, chosen_sort, offers, choice, whole)
    total, rows, offers = await asyncio.gather(
        client.rows(with_prologue(f"SELECT (COUNT(DISTINCT ?item) AS ?total) WHERE {{\n{_members(of, patterns)}\n}}")),
        client.rows(f"{_window(of, patterns, language, chosen_sort)}\nLIMIT {PER_PAGE} OFFSET {(page - 1) * PER_PAGE}"),
        _offers(client, language, of, choice),
    )
    items = await _items(client, site, [(values[0], values[1]) for values in map(texts, rows)])
    return Listing(name, slug, items, int(text(total[0][0])), page, chosen_sort, offers, choice, whole)


async def list_csv(client: GraphClient, language: Language, of: Class | None, choice: Choice, sort: str | None) -> str:
    """The whole list as CSV: IRI, label, year, number of passages, statuses, position of the first passage."""
    columns = ("item", "label", "year", "passages", "statuses", "start")
    patterns = choice.patterns()
    if patterns is None:
        return write_csv(columns, [])
    rows = await client.rows(listing_query(of, patterns, language, sort if sort in SORTS else "label"))
    return write_csv(columns, [texts(row)[:6] for row in rows])


_OURS: Final = f'FILTER (STRSTARTS(STR(?item), "{BASE}") && !STRSTARTS(STR(?item), "{GENID}"))'


def _members(of: Class | None, patterns: Sequence[str]) -> str:
    first = "?item ik:mentionedIn ?any ." if of is None else f"?item a {NamedNode(of.iri)} ."
    return "\n".join(f"        {line}" for line in (first, *patterns, _OURS))


def listing_query(of: Class | None, patterns: Sequence[str], language: Language, sort: str) -> str:
    """The question that lists all members with everything that a list says of them."""
    return _sorted(of, patterns, language, sort, ("year", "passages", "statuses", "start"))


def _window(of: Class | None, patterns: Sequence[str], language: Language, sort: str) -> str:
    """The question that lists all members with what they are sorted by and no more, as only one page of it is shown."""
    return _sorted(of, patterns, language, sort, {"text": ("start",), "mentions": ("passages",)}.get(sort, (sort,)))


def _sorted(of: Class | None, patterns: Sequence[str], language: Language, sort: str, wanted: Sequence[str]) -> str:
    key = "LCASE(COALESCE(?label, STR(?item)))"
    for found, put in _SORTED:
        key = f'REPLACE({key}, "{found}", "{put}")'
    columns = [name for name in _AGGREGATES if name in wanted]
    aggregates = "".join(f"\n            ({_AGGREGATES[name]} AS ?{name})" for name in columns)
    dated = """
            OPTIONAL {
                ?item ik:year ?dated .
            }"""
    told = """
            OPTIONAL {
                ?item ik:mentionedIn? ?passage .
                ?passage oa:hasSelector/oa:start ?position .
                OPTIONAL {
                    ?passage ik:status ?status .
                }
            }"""
    further = (dated if "year" in columns else "") + (told if set(columns) - {"year"} else "")
    return with_prologue(
        f"""SELECT {" ".join(f"?{name}" for name in ("item", "label", *columns))}
WHERE {{
    {{
        SELECT ?item (MIN(STR(?name)) AS ?label){aggregates}
        WHERE {{
            {{
                SELECT DISTINCT ?item
                WHERE {{
{_members(of, patterns)}
                }}
            }}
            OPTIONAL {{
                ?item rdfs:label ?name .
                FILTER (LANG(?name) = "{label_language(language)}")
            }}{further}
        }}
        GROUP BY ?item
    }}
    BIND ({key} AS ?key)
}}
ORDER BY {_ORDERS[sort]}"""
    )


async def _offers(client: GraphClient, language: Language, of: Class | None, choice: Choice) -> tuple[Offer, ...]:
    offers = await asyncio.gather(*(_offer(client, language, of, choice, facet) for facet in FACETS))
    return tuple(filter(None, offers))


async def _offer(
    client: GraphClient, language: Language, of: Class | None, choice: Choice, facet: Facet
) -> Offer | None:
    """What a facet offers within all other choices; ``None`` if that is nothing to choose from."""
    patterns = choice.patterns(without=facet.key)
    if patterns is None:
        return None
    query = with_prologue(
        f"""SELECT ?value (MIN(STR(?label)) AS ?name) (COUNT(DISTINCT ?item) AS ?count)
WHERE {{
    {{
        SELECT DISTINCT ?item ?value
        WHERE {{
{_members(of, [*patterns, facet.pattern])}
        }}
    }}
    OPTIONAL {{
        ?value rdfs:label ?label .
        FILTER (LANG(?label) = "{label_language(language)}")
    }}
}}
GROUP BY ?value"""
    )
    chosen = choice.values.get(facet.key)
    found = [
        Value(facet.slug(iri), name or facet.slug(iri), int(count), facet.slug(iri) == chosen)
        for iri, name, count in map(texts, await client.rows(query))
        if iri.startswith(facet.namespace)
    ]
    if facet.namespace:
        found.sort(key=lambda value: (-value.count, _sort_key(value.name), value.slug))
    else:
        found.sort(key=lambda value: int(value.slug))
    if len(found) < 2 and chosen is None:
        return None
    if chosen is not None and not any(value.chosen for value in found):
        found.append(Value(chosen, chosen, 0, chosen=True))
    shown = [value for i, value in enumerate(found) if i < _MOST_VALUES or value.chosen]
    return Offer(facet, tuple(shown), len(shown) < len(found))


async def _items(client: GraphClient, site: Site, named: Sequence[tuple[str, str]]) -> tuple[Item, ...]:
    """The entries of one page, from their IRIs and labels, with the first sentence that names each."""
    if not named:
        return ()
    nodes = " ".join(str(NamedNode(iri)) for iri, _ in named)
    rows = await client.rows(
        with_prologue(
            f"""SELECT DISTINCT ?item ?year ?passage ?start ?status ?quote ?line
WHERE {{
    VALUES ?item {{ {nodes} }}
    OPTIONAL {{
        ?item ik:year ?year .
    }}
    OPTIONAL {{
        ?item ik:mentionedIn? ?passage .
        ?passage oa:hasSelector ?selector .
        ?selector oa:start ?start ;
            oa:exact ?quote .
        OPTIONAL {{
            ?passage ik:status ?status .
        }}
        OPTIONAL {{
            ?passage ik:line ?line .
        }}
    }}
}}
ORDER BY ?item ?year ?start ?line ?status"""
        )
    )
    years: dict[str, str] = {}
    passages: dict[str, dict[str, tuple[str, str]]] = {iri: {} for iri, _ in named}
    statuses: dict[str, set[str]] = {iri: set() for iri, _ in named}
    for iri, year, passage, _, status, quote, line in map(texts, rows):
        years.setdefault(iri, year)
        if passage:
            passages[iri].setdefault(passage, (quote, line))
        if status and status != _PLAIN:
            statuses[iri].add(status)
    return tuple(
        Item(
            iri,
            site.page(iri),
            label or curie(iri) or iri,
            years.get(iri, ""),
            len(passages[iri]),
            tuple(sorted(statuses[iri])),
            *next(iter(passages[iri].values()), ("", "")),
        )
        for iri, label in named
    )


def _sort_key(name: str) -> str:
    key = name.lower()
    for found, put in _SORTED:
        key = re.sub(found, put, key)
    return key
