"""Lists of things: one for each class, and one for all that the text speaks of; narrowed, sorted, page by page.

:func:`read_classes` tells which lists there are, :class:`ListQuery` reads one. A list is narrowed by facets (kind,
year, city, status and voice), each a pattern from an entry to its value. All questions are plain SPARQL; only terms
that were checked get into them: a value in an address is the last part of its IRI; anything else finds nothing.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from interkommunal.namespaces import BASE, CONCEPT, GENID, ID, curie, with_prologue
from interkommunal.site.description.statements import GraphClient
from interkommunal.site.figures.figure import write_csv
from interkommunal.site.overviews.classes import class_name, class_slug
from interkommunal.site.overviews.overview import texts
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
_OURS: Final = f'FILTER (STRSTARTS(STR(?item), "{BASE}") && !STRSTARTS(STR(?item), "{GENID}"))'
_SLUG: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_YEAR: Final = re.compile(r"-?[0-9]{1,6}")


class Facet(NamedTuple):
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


def choice(parameters: Mapping[str, str]) -> dict[str, str]:
    """The chosen value of each facet, as it stands in the address."""
    return {facet.key: parameters[facet.key] for facet in FACETS if parameters.get(facet.key)}


def _label(of: str, name: str, language: Language) -> str:
    """The pattern from a variable to its label."""
    return f"""OPTIONAL {{
        {of} rdfs:label {name} .
        FILTER (LANG({name}) = "{label_language(language)}")
    }}"""


async def read_classes(client: GraphClient, language: Language) -> list[Class]:
    """All classes with members of ours, by name."""
    query = f"""SELECT ?class (MIN(STR(?label)) AS ?name) (COUNT(DISTINCT ?item) AS ?count)
    (COUNT(DISTINCT ?told) AS ?spoken)
WHERE {{
    ?item a ?class .
    {_OURS}
    {_label("?class", "?label", language)}
    OPTIONAL {{
        ?item ik:mentionedIn ?passage .
        BIND (?item AS ?told)
    }}
}}
GROUP BY ?class
ORDER BY ?class"""
    classes = [
        Class(iri, class_slug(iri), class_name(iri, name, language), int(count), spoken != "0")
        for iri, name, count, spoken in map(texts, await client.rows(with_prologue(query)))
    ]
    return sorted(classes, key=lambda item: (_sort_key(item.name), item.iri))


class ListQuery:
    """A list, narrowed and sorted.

    Args:
        client: to the graph.
        language: of labels.
        of: the class, or ``None`` for all that the text speaks of.
        chosen: values of facets, as they stand in the address.
        sort: key in :data:`SORTS`; the usual order if there is no such key.

    Attributes:
        name: heading. slug: of the class, or ``all``. sort: key of the order.
        query: the question that lists all members with everything that a list says of them, as SPARQL.
    """

    def __init__(
        self, client: GraphClient, language: Language, of: Class | None, chosen: dict[str, str], sort: str | None
    ) -> None:
        self._client, self._language, self._of, self._wished, self.chosen = client, language, of, sort, chosen
        self.name, self.slug = (of.name, of.slug) if of else (_ALL_NAME.in_(language), ALL)
        self.sort = sort if sort in SORTS else "text" if self.slug == "passage" else "label"
        self._patterns = self._chosen_patterns()
        self.query = self._sorted(self.sort, tuple(_AGGREGATES))

    async def read(self, page: int) -> tuple[int, list[dict[str, Any]]]:
        """How many members there are, and those of one page (from 1; beyond the last page none).

        Each has IRI, name, year, how many passages name it, the IRIs of the statuses of these other than the plain one,
        and quote and line of the first.
        """
        if self._patterns is None:
            return 0, []
        # Only one page is shown, so no more is asked for than they are sorted by.
        wanted = {"text": ("start",), "mentions": ("passages",)}.get(self.sort, (self.sort,))
        count = f"SELECT (COUNT(DISTINCT ?item) AS ?total) WHERE {{\n{self._members(self._patterns)}\n}}"
        window = f"{self._sorted(self.sort, wanted)}\nLIMIT {PER_PAGE} OFFSET {(page - 1) * PER_PAGE}"
        total, rows = await asyncio.gather(self._client.rows(with_prologue(count)), self._client.rows(window))
        return int(texts(total[0])[0]), await self._items({values[0]: values[1] for values in map(texts, rows)})

    async def csv(self) -> str:
        """The whole list as CSV: IRI, label, year, number of passages, statuses, position of the first passage."""
        query = self._sorted(self._wished if self._wished in SORTS else "label", tuple(_AGGREGATES))
        rows = [] if self._patterns is None else await self._client.rows(query)
        return write_csv(("item", "label", *_AGGREGATES), [texts(row) for row in rows])

    async def offers(self) -> list[dict[str, Any]]:
        """The facets that have something to choose from within all other choices.

        Each with its choices (slug, name, and number of members), and whether there are more of these.
        """
        return [offer for offer in await asyncio.gather(*map(self._offer, FACETS)) if offer]

    def _chosen_patterns(self, without: str = "") -> list[str] | None:
        """The patterns that hold the chosen values but that of one facet; ``None`` if nothing can have one of them."""
        patterns = []
        for facet in FACETS:
            if facet.key in self.chosen and facet.key != without:
                value = facet.term(self.chosen[facet.key])
                if value is None:
                    return None
                patterns.append(facet.pattern.replace("?value", str(value)))
        return patterns

    def _members(self, patterns: Sequence[str]) -> str:
        first = "?item ik:mentionedIn ?any ." if self._of is None else f"?item a {NamedNode(self._of.iri)} ."
        return "\n".join(f"        {line}" for line in (first, *patterns, _OURS))

    def _sorted(self, sort: str, wanted: Sequence[str]) -> str:
        columns = [name for name in _AGGREGATES if name in wanted]
        key = "LCASE(COALESCE(?label, STR(?item)))"
        for found, put in _SORTED:
            key = f'REPLACE({key}, "{found}", "{put}")'
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
        further = (dated if "year" in columns else "") + (told if {*columns} - {"year"} else "")
        return with_prologue(
            f"""SELECT {" ".join(f"?{name}" for name in ("item", "label", *columns))}
WHERE {{
    {{
        SELECT ?item (MIN(STR(?name)) AS ?label){aggregates}
        WHERE {{
            {{
                SELECT DISTINCT ?item
                WHERE {{
{self._members(self._patterns or [])}
                }}
            }}
            OPTIONAL {{
                ?item rdfs:label ?name .
                FILTER (LANG(?name) = "{label_language(self._language)}")
            }}{further}
        }}
        GROUP BY ?item
    }}
    BIND ({key} AS ?key)
}}
ORDER BY {_ORDERS[sort]}"""
        )

    async def _offer(self, facet: Facet) -> dict[str, Any] | None:
        patterns = self._chosen_patterns(without=facet.key)
        if patterns is None:
            return None
        query = f"""SELECT ?value (MIN(STR(?label)) AS ?name) (COUNT(DISTINCT ?item) AS ?count)
WHERE {{
    {{
        SELECT DISTINCT ?item ?value
        WHERE {{
{self._members([*patterns, facet.pattern])}
        }}
    }}
    {_label("?value", "?label", self._language)}
}}
GROUP BY ?value"""
        found = []
        for iri, name, count in map(texts, await self._client.rows(with_prologue(query))):
            if iri.startswith(facet.namespace):
                slug = iri.removeprefix(facet.namespace)
                found.append((slug, name or slug, int(count)))
        found.sort(key=lambda item: (-item[2], _sort_key(item[1]), item[0]) if facet.namespace else int(item[0]))
        chosen = self.chosen.get(facet.key)
        if chosen is None and len(found) < 2:
            return None
        if chosen is not None and chosen not in (slug for slug, _, _ in found):
            found.append((chosen, chosen, 0))
        shown = [item for i, item in enumerate(found) if i < _MOST_VALUES or item[0] == chosen]
        return {"facet": facet, "choices": shown, "cut": len(shown) < len(found)}

    async def _items(self, named: Mapping[str, str]) -> list[dict[str, Any]]:
        if not named:
            return []
        query = f"""SELECT DISTINCT ?item ?year ?passage ?start ?status ?quote ?line
WHERE {{
    VALUES ?item {{ {" ".join(str(NamedNode(iri)) for iri in named)} }}
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
        years: dict[str, str] = {}
        passages: dict[str, dict[str, tuple[str, str]]] = {iri: {} for iri in named}
        statuses: dict[str, set[str]] = {iri: set() for iri in named}
        for iri, year, passage, _, status, quote, line in map(texts, await self._client.rows(with_prologue(query))):
            years.setdefault(iri, year)
            if passage:
                passages[iri].setdefault(passage, (quote, line))
            if status and status != _PLAIN:
                statuses[iri].add(status)
        items = []
        for iri, label in named.items():
            quote, line = next(iter(passages[iri].values()), ("", ""))
            items.append(
                {
                    "iri": iri,
                    "name": label or curie(iri) or iri,
                    "year": years.get(iri, ""),
                    "passages": len(passages[iri]),
                    "statuses": sorted(statuses[iri]),
                    "quote": quote,
                    "line": line,
                }
            )
        return items


def _sort_key(name: str) -> str:
    key = name.lower()
    for found, put in _SORTED:
        key = re.sub(found, put, key)
    return key
