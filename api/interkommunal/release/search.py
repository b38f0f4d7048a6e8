"""The search index of a release: a SQLite database with two FTS5 tables, one of words and one of parts of words.

In go the statements of a release, out comes the content of ``search.sqlite``. Everything of ours that has a name is an
entry; labels, names, designations, texts and quotes are what it is found by, all in the normal form of text.

The same statements give the same bytes with the same version of SQLite: rows go in in a fixed order, pages have a fixed
size, the index is merged into one segment and the file is vacuumed. Another version of SQLite may lay out FTS5 segments
or the file header differently, so that bytes are promised only for one version, and what is found for all.

Tables: ``entry`` (id, iri, class, statuses, label_de, label_en, mentions), ``wording`` (entry, position, field,
language, text), ``mention`` (entry, passage), ``term`` (iri, label_de, label_en), ``word`` (form, spelling, entries),
``words`` and ``parts`` (FTS5 without content; rowid is ``entry.id``). Those that reconciliation asks for are described
in :mod:`interkommunal.release.names`.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

import pyoxigraph

from interkommunal.namespaces import BASE, IK, expand
from interkommunal.normal import normal_text
from interkommunal.release import names
from interkommunal.release.folding import folded, forms, words
from interkommunal.release.quads import graph_kind

NAME: Final = "search.sqlite"
# Raised when the tables change, so that a reader does not misread an older index.
FORMAT: Final = 2

Field = Literal["label", "name", "note", "text"]

# What an entry is found by. The first three of a row are looked at in this order for a label.
FIELDS: Final[dict[str, Field]] = {
    **{expand(name): "label" for name in ("rdfs:label", "skos:prefLabel", "dcterms:title")},
    **{
        expand(name): "name"
        for name in (
            "schema:name",
            "schema:alternateName",
            "schema:legalName",
            "skos:altLabel",
            "ik:attestedName",
            "ik:attestedSignature",
        )
    },
    **{
        expand(name): "note"
        for name in (
            "ik:designation",
            "ik:attestedRole",
            "ik:attestedAddress",
            "ik:municipalityKey",
            "ik:districtKey",
            "ik:regionalKey",
            "ik:nutsCode",
            "dcterms:identifier",
            "skos:notation",
            "schema:slogan",
        )
    },
    **{
        expand(name): "text"
        for name in ("schema:text", "schema:headline", "rdfs:comment", "skos:definition", "ik:resolution", "oa:exact")
    },
}
_LABELS: Final = [name for name, kind in FIELDS.items() if kind == "label"]
_NAMES: Final = [name for name, kind in FIELDS.items() if kind == "name"]
_TYPE: Final = expand("rdf:type")
_DEFINITION: Final = expand("skos:definition")
_SELECTOR: Final = expand("oa:hasSelector")
_STATUS: Final = expand("ik:status")
_MENTIONED: Final = expand("ik:mentionedIn")
# Nobody looks for these by words: positions in the text and points on the globe.
_UNNAMED: Final = frozenset(map(expand, ("oa:TextQuoteSelector", "oa:TextPositionSelector", "geo:Geometry")))

# Says little of what a thing is; another class of the same thing says more.
_GENERAL: Final = frozenset(map(expand, ("prov:Entity", "foaf:Agent", "schema:CreativeWork")))

_COLUMNS: Final = "label, name, note, text, told"
_SCHEMA: Final = """
CREATE TABLE entry (id INTEGER PRIMARY KEY, iri TEXT NOT NULL, class TEXT NOT NULL, statuses TEXT NOT NULL,
    label_de TEXT NOT NULL, label_en TEXT NOT NULL, mentions INTEGER NOT NULL);
CREATE TABLE wording (entry INTEGER NOT NULL, position INTEGER NOT NULL, field TEXT NOT NULL, language TEXT NOT NULL,
    text TEXT NOT NULL, PRIMARY KEY (entry, position)) WITHOUT ROWID;
CREATE TABLE mention (entry INTEGER NOT NULL, passage INTEGER NOT NULL, PRIMARY KEY (entry, passage)) WITHOUT ROWID;
CREATE TABLE term (iri TEXT PRIMARY KEY, label_de TEXT NOT NULL, label_en TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE word (form TEXT PRIMARY KEY, spelling TEXT NOT NULL, entries INTEGER NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(label, name, note, text, told, content='', prefix='2 3',
    tokenize='unicode61 remove_diacritics 0');
CREATE VIRTUAL TABLE parts USING fts5(label, name, note, text, told, content='', tokenize='trigram');
"""


@dataclass(frozen=True, slots=True, order=True)
class Wording:
    """A text by which an entry is found; ``language`` is empty where it belongs to none."""

    field: str
    language: str
    text: str


@dataclass(slots=True)
class Entry:
    """Something that has a name. There are as many as subjects, so that each must be small.

    Attributes:
        passages, wordings: with as many repetitions as there are statements.
    """

    iri: str
    classes: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    passages: list[str] = field(default_factory=list)
    wordings: list[Wording] = field(default_factory=list)
    labels: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    definitions: dict[str, str] = field(default_factory=dict)
    properties: frozenset[str] = frozenset()
    values: dict[str, set[str]] = field(default_factory=dict)

    def label(self, language: str) -> str:
        """Its label in a language, else in another, else its name, else the end of its IRI."""
        for property_ in (*_LABELS, *_NAMES):
            found = sorted(self.labels.get(property_, ()))
            chosen = [text for tag, text in found if tag == language] or [text for _, text in found]
            if chosen:
                return chosen[0]
        return self.iri.rpartition("/")[2].rpartition("#")[2].replace("-", " ") or self.iri

    @property
    def kind(self) -> str:
        """Its class; of several, one of ours, rather a special one, then the first by name. Empty if it has none."""
        return min(self.classes, key=lambda name: (not name.startswith(IK), name in _GENERAL, name), default="")


class _Shared:
    """One copy of what stands in many entries: IRIs, and sets of them."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._sets: dict[frozenset[str], frozenset[str]] = {}

    def text(self, text: str) -> str:
        """The text, always the same object."""
        return self._texts.setdefault(text, text)

    def joined(self, known: frozenset[str], text: str) -> frozenset[str]:
        """The set with one more element, always the same object."""
        if text in known:
            return known
        more = known | {self.text(text)}
        return self._sets.setdefault(more, more)


def search_index(quads: Iterable[pyoxigraph.Quad]) -> bytes:
    """The content of ``search.sqlite`` for a release with these statements."""
    entries, labels = _gather(quads)
    # In memory there is no journal and no change counter to differ; isolation_level=None leaves VACUUM to us.
    database = sqlite3.connect(":memory:", isolation_level=None)
    try:
        database.execute("PRAGMA page_size = 4096")
        database.execute("PRAGMA encoding = 'UTF-8'")
        database.execute("PRAGMA auto_vacuum = NONE")
        database.execute(f"PRAGMA user_version = {FORMAT}")
        database.execute("BEGIN")
        for statement in (_SCHEMA + names.SCHEMA).split(";\n"):
            database.execute(statement)
        _fill(database, entries, labels)
        names.fill(database, entries, labels)
        for table in ("words", "parts", names.TABLE):
            database.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
        database.execute("COMMIT")
        database.execute("VACUUM")
        return database.serialize()
    finally:
        database.close()


def _gather(quads: Iterable[pyoxigraph.Quad]) -> tuple[list[Entry], dict[str, Entry]]:
    """Everything of ours that has a name, in the order of the IRIs; and all there is, for the labels of classes."""
    found: dict[str, Entry] = {}
    selectors: dict[str, str] = {}
    shared = _Shared()
    for quad in quads:
        subject, property_, value = quad.subject, shared.text(quad.predicate.value), quad.object
        # What the release says of itself is nothing of the world; questions have a list of their own.
        if not isinstance(subject, pyoxigraph.NamedNode) or graph_kind(quad.graph_name) == "self-description":
            continue
        iri = shared.text(subject.value)
        entry = found.get(iri)
        if entry is None:
            entry = found[iri] = Entry(iri)
        entry.properties = shared.joined(entry.properties, property_)
        if property_ in names.VALUED and isinstance(value, pyoxigraph.NamedNode | pyoxigraph.Literal):
            entry.values.setdefault(property_, set()).add(shared.text(normal_text(value.value)))
        if isinstance(value, pyoxigraph.Literal):
            _take(entry, property_, value, shared)
        elif isinstance(value, pyoxigraph.NamedNode):
            if property_ == _TYPE:
                entry.classes = shared.joined(entry.classes, value.value)
            elif property_ == _SELECTOR:
                selectors[shared.text(value.value)] = iri
            elif property_ == _STATUS:
                entry.statuses = shared.joined(entry.statuses, value.value)
            elif property_ == _MENTIONED:
                entry.passages.append(shared.text(value.value))
    for selector, owner in selectors.items():
        quotes = found.pop(selector).wordings if selector in found else ()
        found[owner].wordings += [Wording("quote", "", item.text) for item in quotes]
    ours = [found[iri] for iri in sorted(found) if iri.startswith(BASE)]
    return [entry for entry in ours if entry.wordings and not entry.classes & _UNNAMED], found


def _take(entry: Entry, property_: str, value: pyoxigraph.Literal, shared: _Shared) -> None:
    kind = FIELDS.get(property_)
    text = " ".join(normal_text(value.value).split())
    if kind is None or not text:
        return
    language = shared.text(value.language or "")
    entry.wordings.append(Wording(kind, language, text))
    if property_ == _DEFINITION:
        entry.definitions[language] = text
    if kind in ("label", "name"):
        entry.labels.setdefault(property_, []).append((language, text))


def _fill(database: sqlite3.Connection, entries: list[Entry], known: dict[str, Entry]) -> None:
    ids = {entry.iri: number for number, entry in enumerate(entries, 1)}
    quotes = {
        ids[entry.iri]: folded(item.text) for entry in entries for item in entry.wordings if item.field == "quote"
    }
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for entry in entries:
        number = ids[entry.iri]
        passages = sorted({ids[iri] for iri in entry.passages if iri in ids})
        statuses = " ".join(sorted(entry.statuses))
        row = (number, entry.iri, entry.kind, statuses, entry.label("de"), entry.label("en"), len(passages))
        database.execute("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        ordered = sorted(set(entry.wordings))
        database.executemany(
            "INSERT INTO wording VALUES (?, ?, ?, ?, ?)",
            [(number, place, item.field, item.language, item.text) for place, item in enumerate(ordered)],
        )
        database.executemany("INSERT INTO mention VALUES (?, ?)", [(number, passage) for passage in passages])
        columns: dict[str, list[str]] = defaultdict(list)
        for item in ordered:
            columns["text" if item.field == "quote" else item.field].append(folded(item.text))
        columns["told"] = [quotes[passage] for passage in passages if passage in quotes]
        indexed = (number, *("\n".join(columns[name]) for name in ("label", "name", "note", "text", "told")))
        for table in ("words", "parts"):
            database.execute(f"INSERT INTO {table} (rowid, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", indexed)
        for spelling in sorted({word.text for item in ordered for word in words(item.text)}):
            for form in forms(spelling):
                spellings[form][spelling] += 1
    database.executemany(
        "INSERT INTO word VALUES (?, ?, ?)",
        [(form, _usual(counted), sum(counted.values())) for form, counted in sorted(spellings.items())],
    )
    database.executemany("INSERT INTO term VALUES (?, ?, ?)", _terms(entries, known))


def _usual(counted: Counter[str]) -> str:
    """The spelling of a word that most entries have; of equals, the first by letters."""
    return min(counted, key=lambda spelling: (-counted[spelling], spelling))


def _terms(entries: list[Entry], known: dict[str, Entry]) -> list[tuple[str, str, str]]:
    """Classes and statuses with their labels, for headings and notes of a result."""
    used = {iri for entry in entries for iri in (entry.kind, *entry.statuses) if iri}
    found = {iri: known.get(iri) or Entry(iri) for iri in used}
    return [(iri, found[iri].label("de"), found[iri].label("en")) for iri in sorted(used)]
