"""The SQLite file answers what people ask, holds every statement, and is the same bytes each time."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad
from tests.release.frozen import EDITORIAL, ESSEN, GOAL_2, LABEL, NAME, QUADS, TYPE, tables_in

from interkommunal.graph.assemble import Assembly
from interkommunal.namespaces import IK, PREFIXES
from interkommunal.release.database import FORMAT
from interkommunal.release.database import NAME as DATABASE
from interkommunal.release.quads import release_quads
from interkommunal.release.release import Release

DOCS = Path(__file__).resolve().parents[2] / "docs" / "harvesting.md"
CITY = NamedNode(f"{IK}City")


def opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True)


@pytest.fixture(scope="module")
def database(shipped: Release) -> Iterator[sqlite3.Connection]:
    """The file of the shipped release."""
    with closing(opened(shipped.path(DATABASE))) as connection:
        yield connection


def test_every_statement_is_there_with_its_graph(database: sqlite3.Connection, assembly: Assembly) -> None:
    held = set(database.execute("SELECT graph, subject, predicate, object, language, datatype FROM statement"))

    expected = set()
    for subject, predicate, value, graph in release_quads(assembly.dataset):
        assert isinstance(subject, NamedNode)
        assert isinstance(graph, NamedNode)
        assert isinstance(value, NamedNode | Literal)
        literal = isinstance(value, Literal)
        language = value.language or "" if isinstance(value, Literal) else ""
        datatype = value.datatype.value if isinstance(value, Literal) and literal else ""
        expected.add((graph.value, subject.value, predicate.value, value.value, language, datatype))
    assert held == expected


def test_table_of_a_class_has_a_row_for_each_thing(database: sqlite3.Connection, shipped: Release) -> None:
    (cities,) = database.execute("SELECT count(*) FROM city").fetchone()

    assert cities == shipped.manifest.counts.classes[CITY.value]
    assert database.execute('SELECT DISTINCT typeof("end") FROM passage').fetchone() == ("integer",)


def test_view_reads_like_a_sentence_with_its_quote(database: sqlite3.Connection) -> None:
    row = database.execute(
        "SELECT topic, property, value, quote FROM statement_en "
        "WHERE subject = ? AND predicate = ? AND kind = 'passage' LIMIT 1",
        (f"{PREFIXES['event']}forum-2010", f"{PREFIXES['schema']}startDate"),
    ).fetchone()

    assert row is not None
    assert "Forum" in row[0]
    assert row[2:] == ("2010", "2010 in Bochum „Vielfalt ist Zukunft“")


@pytest.mark.parametrize("number", [0, 1, 2])
def test_query_of_the_documentation_finds_something(number: int, database: sqlite3.Connection) -> None:
    queries = re.findall(r"```sql\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)

    assert len(queries) == 3
    assert len(database.execute(queries[number]).fetchall()) > 3


def test_file_says_its_format_and_what_it_is_of(tmp_path: Path) -> None:
    folder = tables_in(tmp_path / "a", *QUADS)
    with closing(opened(folder.path / DATABASE)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (FORMAT,)
        assert connection.execute("SELECT value FROM about WHERE name = 'version'").fetchone() == ("1.2.3",)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_statements_in_any_order_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = tables_in(tmp_path / "a", *QUADS), tables_in(tmp_path / "b", *reversed(QUADS))

    assert first.files == second.files
    assert len(first.files) == 9


def test_names_that_sql_holds_for_equal_are_told_apart(tmp_path: Path) -> None:
    folder = tables_in(
        tmp_path / "a",
        Quad(ESSEN, TYPE, CITY, EDITORIAL),
        Quad(ESSEN, NamedNode("http://a.example/Size"), Literal("1"), EDITORIAL),
        Quad(ESSEN, NamedNode("http://a.example/size"), Literal("2"), EDITORIAL),
        # A class whose table would be called like one that every file has.
        Quad(GOAL_2, TYPE, NamedNode(f"{IK}Statement"), EDITORIAL),
    )
    with closing(opened(folder.path / DATABASE)) as connection:
        assert connection.execute('SELECT "Size", size_2 FROM city').fetchone() == ("1", "2")
        assert connection.execute("SELECT id FROM statement_2").fetchone() == (GOAL_2.value,)


def test_label_in_a_language_stands_before_one_in_none(tmp_path: Path) -> None:
    folder = tables_in(
        tmp_path / "a",
        Quad(ESSEN, LABEL, Literal("Stadt"), EDITORIAL),
        Quad(ESSEN, LABEL, Literal("Essen", language="de"), EDITORIAL),
        Quad(GOAL_2, NAME, Literal("x"), EDITORIAL),
    )
    with closing(opened(folder.path / DATABASE)) as connection:
        assert connection.execute("SELECT * FROM label").fetchall() == [(ESSEN.value, "Essen", "Stadt")]
