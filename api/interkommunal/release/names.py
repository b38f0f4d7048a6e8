"""What reconciliation asks of a release: names, identifiers and descriptions of things, and the words of the schema.

In go the entries of the search index, out come further tables of ``search.sqlite``. A thing is known by its labels and
names, and by what stated rules make of them; nothing else is a name. The edition's own apparatus (passages, readings,
discrepancies and so on) is not reconciled: it has no names but only line numbers.

Tables: ``name`` (id, entry, text, rule) with its ``name_key`` (key, name) and the index ``name_part`` (FTS5 of trigrams
without content; rowid is that of ``name_key``), ``class_of`` (entry, class), ``identifier`` (value, scheme, entry,
exact), ``described`` (entry, de, en), ``schema_term`` (iri, role, label_de, label_en, definition_de, definition_en,
entries) and ``schema_use`` (class, property, entries).
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from interkommunal.namespaces import ID, IK, PREFIXES, expand
from interkommunal.release.entries import IndexEntry
from interkommunal.release.folding import keys

TABLE: Final = "name_part"
SCHEMA: Final = """
CREATE TABLE name (id INTEGER PRIMARY KEY, entry INTEGER NOT NULL, text TEXT NOT NULL, rule TEXT NOT NULL);
CREATE TABLE name_key (id INTEGER PRIMARY KEY, key TEXT NOT NULL, name INTEGER NOT NULL);
CREATE INDEX name_key_key ON name_key (key);
CREATE TABLE class_of (entry INTEGER NOT NULL, class TEXT NOT NULL, PRIMARY KEY (entry, class)) WITHOUT ROWID;
CREATE TABLE identifier (value TEXT NOT NULL, scheme TEXT NOT NULL, entry INTEGER NOT NULL, exact INTEGER NOT NULL,
    PRIMARY KEY (value, scheme, entry)) WITHOUT ROWID;
CREATE TABLE described (entry INTEGER PRIMARY KEY, de TEXT NOT NULL, en TEXT NOT NULL);
CREATE TABLE schema_term (iri TEXT PRIMARY KEY, role TEXT NOT NULL, label_de TEXT NOT NULL, label_en TEXT NOT NULL,
    definition_de TEXT NOT NULL, definition_en TEXT NOT NULL, entries INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE schema_use (class TEXT NOT NULL, property TEXT NOT NULL, entries INTEGER NOT NULL,
    PRIMARY KEY (class, property)) WITHOUT ROWID;
CREATE VIRTUAL TABLE name_part USING fts5(key, content='', detail=none, tokenize='trigram');
"""

_LABEL: Final = expand("rdfs:label")
_CITY: Final = f"{IK}City"
# Other names than these are quotes of what somebody else wrote, such as an ik:attestedName.
_NAMES: Final = tuple(
    map(
        expand,
        (
            *("rdfs:label", "skos:prefLabel", "dcterms:title"),
            *("schema:name", "schema:alternateName", "schema:legalName", "skos:altLabel"),
        ),
    )
)
_APPARATUS: Final = frozenset(
    f"{IK}{name}"
    for name in ("Passage", "Reading", "Inference", "Discrepancy", "NotModelledLine", "Section", "Caption")
)
_PLACES: Final = frozenset(map(expand, ("ik:City", "schema:City", "schema:Place", "schema:AdministrativeArea")))

# Keys that stand as they are, and the links whose last part is a key of another register.
_KEYS: Final = {expand(f"ik:{name}"): name for name in ("municipalityKey", "districtKey", "regionalKey", "nutsCode")}
SCHEMES: Final = {
    "wikidata": PREFIXES["wd"],
    "gnd": PREFIXES["gnd"],
    "geonames": PREFIXES["geonames"],
    "openstreetmap": PREFIXES["osm"],
    "nuts": PREFIXES["nuts"],
}
_LINKS: Final = {expand("skos:exactMatch"): True, expand("skos:closeMatch"): False}
EXACT_MATCH, CLOSE_MATCH = _LINKS
_YEARS: Final = tuple(
    map(expand, ("schema:startDate", "dcterms:date", "dcterms:created", "schema:foundingDate", "ik:year"))
)
_CITIES: Final = (expand("ik:inCity"), expand("schema:location"), expand("schema:containedInPlace"))
# The properties whose values are needed here.
VALUED: Final = frozenset((*_KEYS, *_LINKS, *_YEARS, *_CITIES))
# Not for a column of a spreadsheet: markup of the edition, shapes of areas, and what says nothing to people.
_UNUSED: Final = frozenset(
    map(
        expand,
        ("rdf:type", "ik:mentionedIn", "geo:hasGeometry", "skos:exactMatch", "skos:closeMatch", "schema:sha256"),
    )
)

# Rules. ``Regionalverband Ruhr (RVR)``: what stands before the bracket, and what is in it if it is an abbreviation.
_BRACKET: Final = re.compile(r"^(?P<before>[^()]*\w[^()]*?)\s*\((?P<inside>[^()]+)\)$")
_ABBREVIATION: Final = re.compile(r"^(?=(?:[^A-ZÄÖÜ]*[A-ZÄÖÜ]){2})[A-Za-zÄÖÜäöü]{2,12}$")
# ``Film „Deine Zukunft findet STADT“``: one word for its kind, and its name in quotation marks.
_QUOTED: Final = re.compile(r"^[\w-]+ [„“\"](?P<inside>[^„“”\"]+)[“”\"](?: \([^()]*\))?$")
# ``Mülheim an der Ruhr``: a place and the water that it lies on.
_SITUATED: Final = re.compile(r"^(?P<before>\w[\w-]*) (?:an der|am|an dem|in der|im|ob der|vor der) [\w-]+$")


def variants(text: str, *, place: bool = False, city: bool = False) -> Iterator[tuple[str, str]]:
    """What else a label is understood as, and the rule that says so.

    Rules: ``bracket`` (without the bracket at its end), ``abbreviation`` (what is in that bracket), ``quoted`` (what
    stands in quotation marks after one word for the kind), ``title`` (a city with its title), ``place`` (a place
    without the water that it lies on).

    Args:
        text: a label.
        place: whether it is that of a place.
        city: whether it is that of a city.
    """
    if found := _BRACKET.match(text):
        yield found["before"], "bracket"
        if _ABBREVIATION.match(found["inside"]):
            yield found["inside"], "abbreviation"
    if found := _QUOTED.match(text):
        yield found["inside"], "quoted"
    if city:
        yield from ((f"{title} {text}", "title") for title in ("Stadt", "City of"))
    if place and (found := _SITUATED.match(text)):
        yield found["before"], "place"


def fill(database: sqlite3.Connection, entries: Sequence[IndexEntry], known: Mapping[str, IndexEntry]) -> None:
    """Write the tables.

    Args:
        database: with the tables of :data:`SCHEMA`, empty.
        entries: in the order of their number, which begins with 1.
        known: everything that the release says something about.
    """
    classes: Counter[str] = Counter()
    uses: Counter[tuple[str, str]] = Counter()
    properties: Counter[str] = Counter()
    name = key = 0
    for number, entry in enumerate(entries, 1):
        if not entry.iri.startswith(ID) or "#" in entry.iri or entry.classes & _APPARATUS:
            continue
        for text, rule in _names(entry):
            name += 1
            database.execute("INSERT INTO name VALUES (?, ?, ?, ?)", (name, number, text, rule))
            for form in keys(text):
                key += 1
                database.execute("INSERT INTO name_key VALUES (?, ?, ?)", (key, form, name))
                # Spaces at both ends make trigrams that know where a word begins and ends.
                database.execute(f"INSERT INTO {TABLE} (rowid, key) VALUES (?, ?)", (key, f" {form} "))
        described = (_description(entry, known, "de"), _description(entry, known, "en"))
        database.execute("INSERT INTO described VALUES (?, ?, ?)", (number, *described))
        database.executemany("INSERT INTO class_of VALUES (?, ?)", [(number, item) for item in sorted(entry.classes)])
        database.executemany(
            "INSERT OR REPLACE INTO identifier VALUES (?, ?, ?, ?)",
            [(value, scheme, number, exact) for value, scheme, exact in sorted(_identifiers(entry))],
        )
        used = entry.properties - _UNUSED
        classes.update(entry.classes)
        properties.update(used)
        uses.update((class_, property_) for class_ in entry.classes for property_ in used)
    terms = [(iri, "class", count) for iri, count in classes.items()]
    terms += [(iri, "property", count) for iri, count in properties.items() if iri not in classes]
    database.executemany(
        "INSERT INTO schema_term VALUES (?, ?, ?, ?, ?, ?, ?)",
        [_schemaexpand(known, iri, role, count) for iri, role, count in sorted(terms)],
    )
    database.executemany(
        "INSERT INTO schema_use VALUES (?, ?, ?)", [(*pair, count) for pair, count in sorted(uses.items())]
    )


def _names(entry: IndexEntry) -> list[tuple[str, str]]:
    """Names, and what rules make of them; each once, those that the graph says first."""
    own = {name: {text for _, text in entry.labels.get(name, ())} for name in _NAMES}
    found = dict.fromkeys(sorted(set().union(*own.values())), "")
    place, city = bool(entry.classes & _PLACES), _CITY in entry.classes
    for text in sorted(own[_LABEL]):
        for variant, rule in variants(text, place=place, city=city):
            found.setdefault(variant, rule)
    return list(found.items())


def _identifiers(entry: IndexEntry) -> Iterator[tuple[str, str, bool]]:
    """Value, scheme, and whether it identifies this very thing."""
    for property_, scheme in _KEYS.items():
        for value in entry.values.get(property_, ()):
            yield value, scheme, True
    for property_, exact in _LINKS.items():
        for value in entry.values.get(property_, ()):
            for scheme, namespace in SCHEMES.items():
                if value.startswith(namespace):
                    yield value.removeprefix(namespace).strip("/"), scheme, exact


def _description(entry: IndexEntry, known: Mapping[str, IndexEntry], language: str) -> str:
    """What tells it from its namesakes: class, date, city."""
    parts = [known[entry.kind].label(language)] if entry.kind in known else []
    dates = sorted(value for property_ in _YEARS for value in entry.values.get(property_, ()) if value[:4].isdecimal())
    parts += [max(dates, key=len)] if dates else []
    for property_ in _CITIES:
        places = sorted(value for value in entry.values.get(property_, ()) if value in known)
        if places:
            parts.append(known[places[0]].label(language))
            break
    parts += sorted(entry.values.get(expand("ik:municipalityKey"), ()))
    return ", ".join(parts)


def _schemaexpand(
    known: Mapping[str, IndexEntry], iri: str, role: str, entries: int
) -> tuple[str, str, str, str, str, str, int]:
    term = known.get(iri)
    if term is None:
        name = re.split(r"[/#]", iri)[-1]
        return iri, role, name, name, "", "", entries
    said = term.definitions
    return iri, role, term.label("de"), term.label("en"), said.get("de", ""), said.get("en", ""), entries
