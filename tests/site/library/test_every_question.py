"""Every question of the library, asked over HTTP, gives its expected rows; its page and its other formats are there."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pyoxigraph
import pytest
from tests.queries.answers import read_expected, shown
from tests.serving import Serving

EXPECTED = Path(__file__).resolve().parents[2] / "queries" / "expected"
QUESTIONS = sorted((Path(__file__).resolve().parents[3] / "queries" / "library").glob("*.rq"))
NAMES = [path.stem for path in QUESTIONS]


def term(value: object) -> tuple[str, str, str] | None:
    if isinstance(value, pyoxigraph.NamedNode):
        return ("iri", value.value, "")
    if isinstance(value, pyoxigraph.Literal):
        return ("literal", value.value, "")
    assert value is None
    return None


@pytest.mark.parametrize("name", NAMES)
def test_question_gives_its_expected_rows(name: str, library: Serving) -> None:
    reply = library.ask(f"/queries/{name}.srj?lang=de")

    assert reply.status == 200
    solutions = pyoxigraph.parse_query_results(reply.body, format=pyoxigraph.QueryResultsFormat.JSON)
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    columns = [variable.value for variable in solutions.variables]
    rows = [dict(zip(columns, (shown(term(value)) for value in row), strict=True)) for row in solutions]
    assert rows == read_expected(EXPECTED / f"{name}.csv")


@pytest.mark.parametrize("name", NAMES)
def test_csv_tsv_and_json_hold_the_same_rows(name: str, library: Serving) -> None:
    number = len(read_expected(EXPECTED / f"{name}.csv"))
    table = library.ask(f"/queries/{name}.csv?raw=true&lang=de")
    tabbed = library.ask(f"/queries/{name}.tsv?lang=de")
    objects = library.ask(f"/queries/{name}.json?lang=de").json

    assert len(list(csv.DictReader(io.StringIO(table.text)))) == number
    parsed = pyoxigraph.parse_query_results(tabbed.body, format=pyoxigraph.QueryResultsFormat.TSV)
    assert isinstance(parsed, pyoxigraph.QuerySolutions)
    assert len(list(parsed)) == number
    assert objects["total"] == number
    assert isinstance(objects["rows"], list)
    assert len(objects["rows"]) == number


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_page_shows_question_query_and_code(name: str, language: str, library: Serving) -> None:
    page = library.ask(f"/queries/{name}?lang={language}", headers={"Accept": "text/html"})

    assert page.status == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert f'<html lang="{language}">' in page.text
    assert "SELECT DISTINCT" in page.text
    assert "/sparql?query=" in page.text
    for label in ("curl", "Python (pandas)", "Python (SPARQLWrapper)", "R", "JavaScript"):
        assert f"<summary>{label}</summary>" in page.text


DRAWN = {
    path.stem: kind
    for path in QUESTIONS
    for kind in ("map", "timeline", "chart", "network")
    if f"#+ result: {kind}\n" in path.read_text("utf-8")
}


@pytest.mark.parametrize("name", DRAWN)
def test_page_draws_what_the_head_promises(name: str, library: Serving) -> None:
    page = library.ask(f"/queries/{name}")

    assert page.text.count(f'class="figure-drawing figure-{DRAWN[name]}"') == 2
