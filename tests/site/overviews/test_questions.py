from __future__ import annotations

import re
from pathlib import Path
from typing import cast

import pyoxigraph
import pytest
from pyoxigraph import Literal, NamedNode

from interkommunal.namespaces import PREFIXES
from interkommunal.site.description.statements import GraphClient
from interkommunal.site.overviews.overview import Questions
from interkommunal.texts import LANGUAGES

FOLDER = Path(__file__).resolve().parents[3] / "queries" / "overviews"
FILES = sorted(FOLDER.glob("*.rq"))
# They are worded here and asked elsewhere.
QUESTIONS = Questions(cast(GraphClient, None), FOLDER)


def test_value_of_a_parameter_is_put_in_as_a_term() -> None:
    asked = QUESTIONS.query("readings", "en", discrepancy=[NamedNode("http://a.example/x"), Literal('d"e')])

    assert '    VALUES ?lang { "en" }  # param' in asked
    assert '    VALUES ?discrepancy { <http://a.example/x> "d\\"e" }  # param' in asked


def test_parameter_without_a_value_stays_as_it_is_written() -> None:
    assert "    VALUES ?discrepancy { UNDEF }  # param" in QUESTIONS.query("readings", "en")


def test_unknown_parameter_is_refused() -> None:
    with pytest.raises(KeyError, match="no parameter colour"):
        QUESTIONS.query("readings", "en", colour=[Literal("red")])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_query_says_what_it_asks_and_uses_the_prefixes_of_the_project(path: Path) -> None:
    query = path.read_text("utf-8")

    assert query.startswith("#+ summary: ")
    assert "\n#+ summary-de: " in query
    declared = dict(re.findall(r"^PREFIX (\w+): <(.+)>$", query, re.MULTILINE))
    assert declared == {prefix: PREFIXES[prefix] for prefix in declared}
    body = query.partition("SELECT")[2]
    assert [prefix for prefix in declared if f"{prefix}:" not in body] == []
    assert "\nORDER BY " in query


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_query_finds_something_in_the_shipped_graph_in_both_languages(path: Path, store: pyoxigraph.Store) -> None:
    counts = []
    for language in LANGUAGES:
        found = store.query(QUESTIONS.query(path.stem, language), use_default_graph_as_union=True)
        assert isinstance(found, pyoxigraph.QuerySolutions)
        counts.append(len(list(found)))

    assert counts[0] == counts[1] > 0
