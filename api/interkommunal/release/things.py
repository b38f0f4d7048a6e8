"""The things of a release with what is said of them, one after the other, out of a file that memory need not hold.

In go sorted statements, out come the classes and, for each, its things in reading order. Things are those that the
graph says something about, not the terms it says it with. A selector is no thing: where a passage stands goes to the
passage.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple

import orjson
import pyoxigraph

from interkommunal.namespaces import ID, expand
from interkommunal.release.quads import RDF_TYPE
from interkommunal.release.statements import Kinds, Statements

# Graphs that talk about terms and graphs.
_NO_THINGS: Final = frozenset({"vocabulary", "shapes", "register"})
_SELECTOR: Final = expand("oa:hasSelector")
_TYPE: Final = RDF_TYPE.value
# Kibibytes of the file that are kept in memory, as SQLite counts them.
_CACHE: Final = -16_384

_SCHEMA: Final = """
CREATE TABLE thing (position INTEGER PRIMARY KEY, iri TEXT NOT NULL, said BLOB NOT NULL);
CREATE TABLE selector (iri TEXT PRIMARY KEY, owner TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE member (class TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (class, position)) WITHOUT ROWID;
"""


class Value(NamedTuple):
    """A value: its text, its language or nothing, its data type or nothing for a resource."""

    text: str
    language: str
    datatype: str


# Values by property, in reading order.
Thing = dict[str, list[Value]]


def kinds_with_things(kinds: Kinds) -> Kinds:
    """Those of these kinds of graphs that talk about things."""
    return kinds - _NO_THINGS


class Things:
    """The things of a release. To be closed.

    Args:
        statements: sorted.
        scratch: a folder for the file.
    """

    def __init__(self, statements: Statements, scratch: Path) -> None:
        self._path = scratch / "things.sqlite"
        self._database = sqlite3.connect(self._path, isolation_level=None)
        for setting in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = {_CACHE}"):
            self._database.execute(f"PRAGMA {setting}")
        self._database.executescript(_SCHEMA)
        self._database.execute("BEGIN")
        self._fill(statements)
        self._database.execute("CREATE INDEX things ON thing (iri)")
        self._database.execute("COMMIT")

    def close(self) -> None:
        """Gives up the file."""
        self._database.close()
        self._path.unlink(missing_ok=True)

    def classes(self) -> list[str]:
        """The IRIs of all classes."""
        return [row[0] for row in self._database.execute("SELECT DISTINCT class FROM member ORDER BY class")]

    def of(self, class_: str) -> Iterator[tuple[str, Thing]]:
        """The things of a class, in reading order: IRI and what is said."""
        query = "SELECT iri, said FROM member JOIN thing USING (position) WHERE class = ? ORDER BY position"
        with closing(self._database.execute(query, (class_,))) as rows:
            for iri, said in rows:
                yield iri, self._with_selectors(_thing(said))

    def _fill(self, statements: Statements) -> None:
        wanted = kinds_with_things(statements.kinds)
        by_subject = groupby(statements.triples(wanted), key=lambda triple: triple.subject)
        for position, (subject, about) in enumerate(by_subject):
            assert isinstance(subject, pyoxigraph.NamedNode), "a release has no blank nodes"
            said: dict[str, list[tuple[str, str, str]]] = {}
            for _, predicate, value in about:
                said.setdefault(predicate.value, []).append(_value(value))
            self._database.execute("INSERT INTO thing VALUES (?, ?, ?)", (position, subject.value, orjson.dumps(said)))
            for selector, _, _ in said.get(_SELECTOR, ()):
                self._database.execute("INSERT OR IGNORE INTO selector VALUES (?, ?)", (selector, subject.value))
            if subject.value.startswith(ID):
                rows = [(class_, position) for class_, _, _ in said.get(_TYPE, ())]
                self._database.executemany("INSERT OR IGNORE INTO member VALUES (?, ?)", rows)
        # A selector may have come before its passage.
        self._database.execute(
            "DELETE FROM member WHERE position IN (SELECT position FROM thing JOIN selector USING (iri))"
        )

    def _with_selectors(self, thing: Thing) -> Thing:
        for selector in thing.pop(_SELECTOR, ()):
            for (said,) in self._database.execute("SELECT said FROM thing WHERE iri = ?", (selector.text,)):
                for predicate, values in _thing(said).items():
                    if predicate != _TYPE:
                        thing.setdefault(predicate, []).extend(values)
        return thing


def _thing(said: bytes) -> Thing:
    return {predicate: [Value(*value) for value in values] for predicate, values in orjson.loads(said).items()}


def _value(term: object) -> tuple[str, str, str]:
    if isinstance(term, pyoxigraph.Literal):
        return term.value, term.language or "", term.datatype.value
    assert isinstance(term, pyoxigraph.NamedNode), "a release has no blank nodes"
    return term.value, "", ""
