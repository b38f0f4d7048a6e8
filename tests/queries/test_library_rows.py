"""Each question of the library gives the rows that were read against the text, the same ones in both engines."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from tests.queries.answers import ask_oxigraph, ask_rdflib, column, read_expected
from tests.queries.library import LibraryQuery, read_library

from interkommunal.graph.assemble import Assembly

ROOT = Path(__file__).resolve().parents[2]
EXPECTED = Path(__file__).resolve().parent / "expected"
LIBRARY = read_library(ROOT / "queries" / "library")


def _expected(query: LibraryQuery) -> Path:
    return EXPECTED / f"{query.name}.csv"


def test_every_question_has_expected_rows_and_every_file_of_rows_a_question() -> None:
    assert [path.stem for path in sorted(EXPECTED.iterdir())] == [query.name for query in LIBRARY]


@pytest.mark.parametrize("query", LIBRARY, ids=lambda query: query.name)
def test_both_engines_give_the_expected_rows(query: LibraryQuery, assembly: Assembly, store: ox.Store) -> None:
    of_oxigraph = ask_oxigraph(store, query.text)
    assert of_oxigraph.shown() == read_expected(_expected(query))
    assert of_oxigraph.columns == query.columns
    # Rows, order, languages and datatypes.
    assert ask_rdflib(assembly.dataset, query.text) == of_oxigraph


@pytest.mark.parametrize("query", LIBRARY, ids=lambda query: query.name)
def test_no_question_is_answered_by_nothing(query: LibraryQuery) -> None:
    assert read_expected(_expected(query))


@pytest.mark.parametrize("query", LIBRARY, ids=lambda query: query.name)
def test_the_order_of_the_rows_is_total(query: LibraryQuery) -> None:
    order = query.text[query.text.rindex("ORDER BY") :]
    rows = column(read_expected(_expected(query)), *re.findall(r"\?(\w+)", order))
    assert len(set(rows)) == len(rows)


@pytest.mark.parametrize("query", LIBRARY, ids=lambda query: query.name)
def test_quotes_are_the_words_of_the_text(query: LibraryQuery) -> None:
    text = (ROOT / "data" / "sources" / "grundlagen" / "text.txt").read_text(encoding="utf-8")
    quotes = [row[name] for row in read_expected(_expected(query)) for name in row if "quote" in name]
    assert [quote for quote in quotes if quote not in text] == []
