"""The whole release in one SQLite file, for people who would rather ask SQL.

In go the statements and the tables of classes, out comes ``interkommunal.sqlite``: a table for each class, all
statements with the graph that says them, labels, and views that read like sentences. Rows go in one after the other and
in a fixed order, so the same statements give the same bytes with the same version of SQLite.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from typing import Final

import pyoxigraph

from interkommunal.namespaces import expand
from interkommunal.release.columns import Cell, Column
from interkommunal.release.output import Folder
from interkommunal.release.quads import graph_kind
from interkommunal.release.statements import Statements
from interkommunal.release.tables import HOLDS, Table
from interkommunal.release.things import Thing, Things

NAME: Final = "interkommunal.sqlite"
MEDIA_TYPE: Final = "application/vnd.sqlite3"
# Raised when the tables change, so that a reader does not misread an older file.
FORMAT: Final = 1

# Kibibytes of the file that are kept in memory, as SQLite counts them.
_CACHE: Final = -32_768
_LABELS: Final = (expand("rdfs:label"), expand("skos:prefLabel"))
_QUOTE: Final = expand("oa:exact")
# By type in CSVW; what is not here is text.
_TYPES: Final = {
    "boolean": "INTEGER",
    "integer": "INTEGER",
    "nonNegativeInteger": "INTEGER",
    "gYear": "INTEGER",
    "decimal": "REAL",
    "double": "REAL",
}

_SCHEMA: Final = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE term (id INTEGER PRIMARY KEY, text TEXT NOT NULL, language TEXT NOT NULL, datatype TEXT NOT NULL,
    UNIQUE (text, language, datatype));
CREATE TABLE stated (graph INTEGER NOT NULL, subject INTEGER NOT NULL, predicate INTEGER NOT NULL,
    object INTEGER NOT NULL);
CREATE TABLE graph (iri TEXT PRIMARY KEY, kind TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE label (iri TEXT PRIMARY KEY, de TEXT, en TEXT) WITHOUT ROWID;
CREATE TABLE quote (passage TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
CREATE VIEW statement AS
    SELECT g.text AS graph, s.text AS subject, p.text AS predicate, o.text AS object, o.language, o.datatype
    FROM stated JOIN term g ON g.id = graph JOIN term s ON s.id = subject JOIN term p ON p.id = predicate
        JOIN term o ON o.id = object;
CREATE VIEW statement_de AS
    SELECT coalesce(ls.de, ls.en, subject) AS thema, coalesce(lp.de, lp.en, predicate) AS eigenschaft,
        coalesce(lo.de, lo.en, object) AS wert, kind AS art, text AS zitat, subject, predicate, object, graph
    FROM statement LEFT JOIN label ls ON ls.iri = subject LEFT JOIN label lp ON lp.iri = predicate
        LEFT JOIN label lo ON lo.iri = object AND datatype = '' LEFT JOIN graph g ON g.iri = graph
        LEFT JOIN quote ON passage = graph;
CREATE VIEW statement_en AS
    SELECT coalesce(ls.en, ls.de, subject) AS topic, coalesce(lp.en, lp.de, predicate) AS property,
        coalesce(lo.en, lo.de, object) AS value, kind, text AS quote, subject, predicate, object, graph
    FROM statement LEFT JOIN label ls ON ls.iri = subject LEFT JOIN label lp ON lp.iri = predicate
        LEFT JOIN label lo ON lo.iri = object AND datatype = '' LEFT JOIN graph g ON g.iri = graph
        LEFT JOIN quote ON passage = graph;
"""
# Made when all rows are there: that is faster, and the pages of a table lie side by side.
_INDEXES: Final = """
CREATE INDEX stated_subject ON stated (subject, predicate);
CREATE INDEX stated_object ON stated (object, predicate);
CREATE INDEX stated_graph ON stated (graph);
"""
_OURS: Final = frozenset(
    {"about", "term", "stated", "graph", "label", "quote", "statement", "statement_de", "statement_en"}
)


def write_database(
    statements: Statements, things: Things, tables: Iterable[Table], about: dict[str, str], folder: Folder
) -> None:
    """Writes the file into ``folder``.

    Args:
        statements: all of the release.
        things: what the rows of the tables are about.
        tables: those of classes.
        about: what the file says of itself, by name.
        folder: where it goes.

    Raises:
        sqlite3.Error: it cannot be written.
    """
    database = sqlite3.connect(folder.path / NAME, isolation_level=None)
    try:
        for setting in (
            "page_size = 4096",
            "encoding = 'UTF-8'",
            "auto_vacuum = NONE",
            "journal_mode = OFF",
            "synchronous = OFF",
            f"cache_size = {_CACHE}",
            f"user_version = {FORMAT}",
        ):
            database.execute(f"PRAGMA {setting}")
        database.execute("BEGIN")
        _make(database, _SCHEMA)
        database.executemany("INSERT INTO about VALUES (?, ?)", sorted(about.items()))
        names = _Names(_OURS)
        for table in tables:
            _fill_table(database, names.new(table.name), table, things)
        database.executemany("INSERT INTO label VALUES (?, ?, ?)", _labels(statements))
        _fill_statements(database, statements)
        _make(database, _INDEXES)
        database.execute("COMMIT")
    finally:
        database.close()
    folder.take(NAME, MEDIA_TYPE, HOLDS)


class _Names:
    """Names in SQL: SQLite does not tell upper from lower case, and likes no hyphens."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)

    def new(self, wanted: str) -> str:
        """A name like ``wanted`` that is not taken."""
        name = re.sub(r"\W", "_", wanted)
        number = 1
        while name.lower() in self._taken:
            number += 1
            name = f"{re.sub(r'[^0-9A-Za-z_]', '_', wanted)}_{number}"
        self._taken.add(name.lower())
        return name


def _make(database: sqlite3.Connection, script: str) -> None:
    # executescript would commit first.
    for statement in script.split(";\n"):
        if statement.strip():
            database.execute(statement)


def _fill_table(database: sqlite3.Connection, name: str, table: Table, things: Things) -> None:
    names = _Names(("id",))
    columns = [f'"{names.new(column.name)}" {_type(column)}' for column in table.columns]
    # A row without a rowid lies where its identifier says.
    database.execute(f'CREATE TABLE "{name}" ({", ".join(["id TEXT PRIMARY KEY", *columns])}) WITHOUT ROWID')
    places = ", ".join("?" * (1 + len(columns)))
    rows = ([iri, *(_value(column, thing) for column in table.columns)] for iri, thing in things.of(table.class_))
    database.executemany(f'INSERT INTO "{name}" VALUES ({places})', rows)
    quotes = ((iri, thing[_QUOTE][0].text) for iri, thing in things.of(table.class_) if _QUOTE in thing)
    if any(column.predicate == _QUOTE for column in table.columns):
        database.executemany("INSERT OR IGNORE INTO quote VALUES (?, ?)", quotes)


def _type(column: Column) -> str:
    return "TEXT" if column.separator or not column.is_typed else _TYPES.get(column.datatype, "TEXT")


def _value(column: Column, thing: Thing) -> str | int | float | None:
    """What stands in a cell; several values with the separator between them, as in CSV."""
    if column.separator:
        return column.separator.join(column.values(thing)) or None
    cells = column.cells(thing)
    return _plain(cells[0], column.values(thing)[0]) if cells else None


def _plain(cell: Cell, text: str) -> str | int | float:
    if isinstance(cell, Decimal):
        return float(cell)
    # SQLite has no days; their spelling sorts as they do.
    return text if isinstance(cell, date | datetime) else cell


def _labels(statements: Statements) -> Iterator[tuple[str, str | None, str | None]]:
    """IRI, German and English label of everything that has one."""
    for subject, about in groupby(statements.triples(statements.kinds), key=lambda triple: triple.subject):
        found: dict[tuple[str, str], str] = {}
        for _, predicate, value in about:
            if predicate.value in _LABELS and isinstance(value, pyoxigraph.Literal):
                found.setdefault((predicate.value, value.language or ""), value.value)
        if found and isinstance(subject, pyoxigraph.NamedNode):
            german, english = (
                next((found[name, tag] for tag in (language, "") for name in _LABELS if (name, tag) in found), None)
                for language in ("de", "en")
            )
            yield subject.value, german, english


def _fill_statements(database: sqlite3.Connection, statements: Statements) -> None:
    def number(text: str, language: str, datatype: str) -> int:
        row = (text, language, datatype)
        found = database.execute("SELECT id FROM term WHERE (text, language, datatype) = (?, ?, ?)", row).fetchone()
        if found is None:
            return int(
                database.execute("INSERT INTO term (text, language, datatype) VALUES (?, ?, ?)", row).lastrowid or 0
            )
        return int(found[0])

    # Graphs, subjects and properties come again and again, one after the other.
    known = lru_cache(maxsize=1 << 14)(number)

    def numbers() -> Iterator[tuple[int, int, int, int]]:
        graph = None
        for quad in statements.quads(statements.kinds):
            if quad.graph_name != graph:
                graph = quad.graph_name
                kind = graph_kind(graph)
                database.execute("INSERT INTO graph VALUES (?, ?)", (_iri(graph), kind))
            yield (
                known(_iri(quad.graph_name), "", ""),
                known(_iri(quad.subject), "", ""),
                known(quad.predicate.value, "", ""),
                known(*_parts(quad.object)),
            )

    database.executemany("INSERT INTO stated VALUES (?, ?, ?, ?)", numbers())


def _parts(term: object) -> tuple[str, str, str]:
    """Text, language and data type; no data type for a resource."""
    if isinstance(term, pyoxigraph.Literal):
        return term.value, term.language or "", term.datatype.value
    return _iri(term), "", ""


def _iri(term: object) -> str:
    assert isinstance(term, pyoxigraph.NamedNode), "a release has no blank nodes"
    return term.value
