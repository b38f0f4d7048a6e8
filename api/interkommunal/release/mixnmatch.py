"""Our things as a catalogue for Mix'n'match, and what a property of Wikidata for our identifiers would need.

In: the rows of :data:`QUERY` over the graph. Out: TSV with a first line of names. The identifier is the end of the IRI
(``city/essen``), which never changes. https://mix-n-match.toolforge.org/
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Final

import pyoxigraph

from interkommunal.namespaces import ID, PREFIXES, prologue

NAME: Final = "mixnmatch.tsv"
PROPERTIES_NAME: Final = "property.tsv"
MEDIA_TYPE: Final = "text/tab-separated-values; charset=utf-8"
COLUMNS: Final = ("id", "name", "desc", "url", "type", "q")
Row = Sequence[object]

# Class: kind for people, class of Wikidata. A thing is of the first that fits.
KINDS: Final = {
    "ik:City": ("city in the Ruhr area, party to agreements on integration", "Q42744322"),
    "ik:Agreement": ("agreement between cities of the Ruhr area", "Q321839"),
    "ik:Cooperation": ("cooperation of cities of the Ruhr area", "Q43229"),
    "ik:Forum": ("forum on integration in the Ruhr area", "Q1656682"),
    "ik:Initiative": ("initiative in North Rhine-Westphalia", "Q170584"),
    "ik:Publication": ("publication of a cooperation of cities", "Q732577"),
    "schema:Movie": ("film of cities in North Rhine-Westphalia", "Q11424"),
    "cv:PublicOrganisation": ("public body in North Rhine-Westphalia", "Q43229"),
    "schema:Event": ("event in the Ruhr area", "Q1656682"),
    "schema:Place": ("place in the Ruhr area", "Q82794"),
}
_WANTED: Final = ("cv", "ik", "rdfs", "schema", "skos", "wd")
#: Thing, its label, rank of its class, year, item.
QUERY: Final = prologue(_WANTED) + (
    """
SELECT ?thing ?label (MIN(?rank) AS ?kind) (MIN(?its_year) AS ?year) (MIN(?match) AS ?item)
WHERE {
    VALUES (?class ?rank) {
"""
    + "".join(f"        ({class_} {rank})\n" for rank, class_ in enumerate(KINDS))
    + """    }
    ?thing a ?class ;
        rdfs:label ?label .
    FILTER (LANG(?label) = "de")
    FILTER NOT EXISTS { ?thing ik:possiblySameAs|ik:undecidedBetween ?doubt . }
    OPTIONAL { ?thing ik:year ?its_year . }
    OPTIONAL {
        ?thing skos:exactMatch ?match .
        FILTER (STRSTARTS(STR(?match), STR(wd:)))
    }
}
GROUP BY ?thing ?label
ORDER BY ?thing
"""
)
# What a proposal for a property asks for.
PROPERTY: Final = (
    ("label", "interkommunal ID"),
    ("description", "identifier of a city, agreement, event, body or publication in the interkommunal knowledge graph"),
    ("data type", "external identifier"),
    ("formatter URL", f"{ID}$1"),
    (
        "format as a regular expression",
        "(?:agreement|city|cooperation|event|initiative|organisation|place|work)/[a-z0-9-]+",
    ),
    ("example", "Essen (Q2066) → city/essen"),
    ("source", "https://w3id.org/interkommunal/"),
    ("domain", "cities, agreements, cooperations, events, initiatives, public bodies, places, publications"),
    ("single-value constraint", "yes"),
    ("distinct-values constraint", "yes"),
    ("planned use", "links from items to the passages that speak of them"),
    ("licence of the data", "CC0-1.0"),
)


def mixnmatch(rows: Iterable[Row]) -> str:
    """The catalogue.

    Args:
        rows: of :data:`QUERY`.
    """
    kinds = list(KINDS.values())
    table = []
    for thing, label, kind, year, item in rows:
        iri = _text(thing)
        if not iri.startswith(ID):
            continue
        description, type_ = kinds[int(_text(kind))]
        when = f", {_text(year)}" if _text(year) else ""
        match = _text(item).removeprefix(PREFIXES["wd"])
        table.append((iri.removeprefix(ID), _text(label), f"{description}{when}", iri, type_, match))
    return _tsv(COLUMNS, table)


def property_table() -> str:
    """What a proposal for a property of Wikidata would say."""
    return _tsv(("what", "value"), PROPERTY)


def _tsv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    out = StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    writer.writerow(columns)
    writer.writerows([" ".join(cell.split()) for cell in row] for row in rows)
    return out.getvalue()


def _text(term: object) -> str:
    return term.value if isinstance(term, pyoxigraph.NamedNode | pyoxigraph.Literal) else ""
