"""The search index of a release: a SQLite database with two FTS5 tables, one of words and one of parts of words.

In go the statements of a release, out comes the content of ``search.sqlite``. Everything of ours that has a name is an
entry; labels, names, designations, texts and quotes are what it is found by.

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
from typing import Final

import pyoxigraph

from interkommunal.release import names
from interkommunal.release.entries import IndexEntry, gather
from interkommunal.release.folding import folded, forms, words

NAME: Final = "search.sqlite"
# Raised when the tables change, so that a reader does not misread an older index.
FORMAT: Final = 2

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


def search_index(quads: Iterable[pyoxigraph.Quad]) -> bytes:
    """The content of ``search.sqlite`` for a release with these statements."""
    entries, labels = gather(quads, names.VALUED)
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


def _fill(database: sqlite3.Connection, entries: list[IndexEntry], known: dict[str, IndexEntry]) -> None:
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


def _terms(entries: list[IndexEntry], known: dict[str, IndexEntry]) -> list[tuple[str, str, str]]:
    """Classes and statuses with their labels, for headings and notes of a result."""
    used = {iri for entry in entries for iri in (entry.kind, *entry.statuses) if iri}
    found = {iri: known.get(iri) or IndexEntry(iri) for iri in used}
    return [(iri, found[iri].label("de"), found[iri].label("en")) for iri in sorted(used)]
