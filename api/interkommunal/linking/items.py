"""What an endpoint says of items of Wikidata: names, classes, keys, places, points.

In: an endpoint and names of items. Out: :class:`Item` by name. Asked in batches with VALUES, so that hundreds of items
cost a few requests. https://www.mediawiki.org/wiki/Wikibase/Indexing/RDF_Dump_Format

Keeps a slice of Wikidata about the items that our things are linked to, so that questions need no network.

In: the accepted rows about Wikidata, an endpoint. Out: rows of reference data (label, class, coordinates, population),
each with the endpoint and the day as its source. The file is replaced in one step.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Final

import pyoxigraph

from interkommunal.content import Content
from interkommunal.graph.mapping_set import ACCEPTED, MappingSet
from interkommunal.graph.reference import COLUMNS
from interkommunal.linking.endpoint import Endpoint
from interkommunal.linking.journal import write_in_one_step
from interkommunal.linking.things import KINDS, point_of
from interkommunal.namespaces import PREFIXES, expand

BATCH: Final = 50
_WD, _WDT = PREFIXES["wd"], PREFIXES["wdt"]
_KEYS: Final = ("P439", "P440", "P1388", "P227")
_ABOUT: Final = (
    *_KEYS,
    "P31",
    "P131",
    "P17",
    "P625",
    "P571",
    "P585",
    "P577",
    "P580",
    "P576",
    "P1082",
    "P1566",
    "P402",
    "P605",
)
Tell = Callable[[str, int, int], None]


@dataclass(slots=True)
class Item:
    """An item, as far as it was asked about.

    Attributes:
        name: ``Q2066``. labels: by language. aliases: in German and English.
        statements: values by property, truthy ones; items by their names.
        classes: those of our kinds that it belongs to. within: administrative units it lies in, all the way up.
        merged_into: the item it was merged into, or empty.
    """

    name: str
    labels: dict[str, str] = field(default_factory=dict)
    aliases: set[str] = field(default_factory=set)
    statements: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    classes: set[str] = field(default_factory=set)
    within: set[str] = field(default_factory=set)
    merged_into: str = ""

    @property
    def exists(self) -> bool:
        """Whether anything is said of it."""
        return bool(self.labels or self.statements)

    @property
    def names(self) -> set[str]:
        """Labels and aliases."""
        return {*self.labels.values(), *self.aliases}

    @property
    def points(self) -> tuple[tuple[float, float], ...]:
        """Longitude and latitude of its coordinates."""
        return tuple(sorted(point for text in self.statements.get("P625", ()) if (point := point_of(text))))


def batches(values: Iterable[str], size: int = BATCH) -> Iterator[tuple[str, ...]]:
    """``values`` in pieces."""
    rest = iter(values)
    while piece := tuple(islice(rest, size)):
        yield piece


def by_keys(endpoint: Endpoint, keys: Sequence[tuple[str, str]], tell: Tell) -> dict[tuple[str, str], set[str]]:
    """Names of the items that have each of these pairs of property and value."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for number, piece in enumerate(pieces := [keys[i : i + BATCH] for i in range(0, len(keys), BATCH)]):
        tell("keys", number, len(pieces))
        pairs = " ".join(f"(wdt:{property_} {_text(value)})" for property_, value in piece)
        query = f"SELECT DISTINCT ?item ?property ?value WHERE {{ VALUES (?property ?value) {{ {pairs} }} "
        for row in endpoint.rows(f"{query}?item ?property ?value }} ORDER BY ?item ?property ?value"):
            found[row["property"].removeprefix(_WDT), row["value"]].add(row["item"].removeprefix(_WD))
    return found


def by_names(endpoint: Endpoint, names: Sequence[str], tell: Tell) -> dict[str, set[str]]:
    """Names of the items that are called so in German or English, as label or alias, letter for letter."""
    found: dict[str, set[str]] = defaultdict(set)
    for number, piece in enumerate(pieces := list(batches(names))):
        tell("names", number, len(pieces))
        values = " ".join(_text(name, language) for name in piece for language in ("de", "en"))
        query = f"SELECT DISTINCT ?item ?name WHERE {{ VALUES ?name {{ {values} }} "
        for row in endpoint.rows(f"{query}?item rdfs:label|skos:altLabel ?name }} ORDER BY ?item ?name"):
            if _is_item(row["item"]):
                found[row["name"]].add(row["item"].removeprefix(_WD))
    return found


def describe(endpoint: Endpoint, names: Iterable[str], tell: Tell) -> dict[str, Item]:
    """What is said of these items; an item of which nothing is said does not exist any more."""
    wanted = sorted(set(names), key=lambda name: (len(name), name))
    found = {name: Item(name) for name in wanted}
    classes = sorted({item for kind in KINDS for item in kind.items})
    for number, piece in enumerate(pieces := list(batches(wanted))):
        tell("items", number, len(pieces))
        values = " ".join(f"wd:{name}" for name in piece)
        about = " ".join(f"wdt:{property_}" for property_ in _ABOUT)
        for row in endpoint.rows(
            f"SELECT ?item ?property ?value WHERE {{ VALUES ?item {{ {values} }} VALUES ?property {{ {about} }} "
            "?item ?property ?value } ORDER BY ?item ?property ?value"
        ):
            value = row["value"].removeprefix(_WD)
            found[row["item"].removeprefix(_WD)].statements[row["property"].removeprefix(_WDT)].add(value)
        for row in endpoint.rows(
            f"SELECT ?item ?kind ?name ?language WHERE {{ VALUES ?item {{ {values} }} "
            "VALUES ?kind { rdfs:label skos:altLabel owl:sameAs } ?item ?kind ?name BIND(LANG(?name) AS ?language) "
            'FILTER(!BOUND(?language) || ?language IN ("", "de", "en")) } ORDER BY ?item ?kind ?language ?name'
        ):
            _name(found[row["item"].removeprefix(_WD)], row)
        for path, values_of in (("wdt:P31/wdt:P279*", classes), ("wdt:P131*", ["Q1198", "Q183"])):
            targets = " ".join(f"wd:{name}" for name in values_of)
            for row in endpoint.rows(
                f"SELECT DISTINCT ?item ?target WHERE {{ VALUES ?item {{ {values} }} VALUES ?target {{ {targets} }} "
                f"?item {path} ?target }} ORDER BY ?item ?target"
            ):
                item = found[row["item"].removeprefix(_WD)]
                (item.classes if "P31" in path else item.within).add(row["target"].removeprefix(_WD))
    return found


def _name(item: Item, row: dict[str, str]) -> None:
    if row["kind"] == expand("owl:sameAs"):
        item.merged_into = row["name"].removeprefix(_WD)
    elif row["kind"].endswith("#label"):
        item.labels[row.get("language", "")] = row["name"]
    else:
        item.aliases.add(row["name"])


def _is_item(iri: str) -> bool:
    return iri.startswith(f"{_WD}Q")


def _text(value: str, language: str | None = None) -> str:
    """``value`` as a term of SPARQL, written by a serialiser: names come from files and may hold anything."""
    return str(pyoxigraph.Literal(value, language=language) if language else pyoxigraph.Literal(value))


NAME: Final = "wikidata-slice.csv"
Row = tuple[str, str, str, str, str]


def slice_rows(
    known: MappingSet, endpoint: Endpoint, day: str, tell: Tell = lambda step, done, total: None
) -> list[Row]:
    """Rows of reference data about all linked items, in the order of the items.

    Raises:
        UnreachableError: the endpoint does not answer.
    """
    names = {row.object_id.partition(":")[2] for row in known.of_state(ACCEPTED)}
    source = f"{endpoint.iri} (retrieved {day})"
    items = describe(endpoint, names, tell)
    return [
        (f"wd:{item.name}", property_, value, source, "verified")
        for item in items.values()
        for property_, value in _statements(item)
    ]


def save_slice(content: Content, rows: Sequence[Row]) -> Path:
    """Writes the slice; returns its path.

    Raises:
        SourceError: it cannot be written.
    """
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    path = content.data / "reference" / NAME
    write_in_one_step(path, out.getvalue())
    return path


def _statements(item: Item) -> list[tuple[str, str]]:
    found = [(f"label_{language}", item.labels[language]) for language in ("de", "en") if item.labels.get(language)]
    found += [("instance_of", value) for value in sorted(item.statements["P31"])]
    found += [("coordinates", f"Point({longitude} {latitude})") for longitude, latitude in item.points]
    found += [("population", str(int(float(value)))) for value in sorted(item.statements["P1082"])]
    return found
