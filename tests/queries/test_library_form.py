"""Each file of the library keeps the convention of ``queries/README.md``, which pages and addresses are built from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rdflib.plugins.sparql import prepareQuery
from tests.queries.library import HEAD, PARAM_HEAD, PARAM_LINE, LibraryQuery, read_library

from interkommunal.namespaces import PREFIXES

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = read_library(ROOT / "queries" / "library")
RESULTS = {"table", "map", "timeline", "chart", "network"}
NEEDED = {"map": {"lat", "long"}, "timeline": {"date"}, "chart": {"count"}, "network": {"from", "to"}}
DEFAULTS = {
    "entity": r"[a-z]+:[\w-]+|UNDEF",
    "concept": r"concept:[\w-]+|UNDEF",
    "year": r"[0-9]{4}|UNDEF",
    "date": r'"[0-9]{4}-[0-9]{2}-[0-9]{2}"\^\^xsd:date|UNDEF',
    "language": r'"[a-z]{2}"',
    "text": r'"[^"]+"',
    "integer": r"[0-9]+|UNDEF",
}
KEYWORDS = frozenset(
    word
    for line in (
        "select distinct where values graph optional filter union bind exists not in as order by desc group",
        "having count sum min max prefix undef if coalesce bound str lang lcase ucase strlen substr",
        "strstarts strends strbefore strafter contains concat replace",
    )
    for word in line.split()
)


def _code(query: LibraryQuery) -> str:
    """The query without prefixes, comments, strings and IRIs."""
    text = re.sub(r"^(PREFIX|#).*$", "", query.text, flags=re.MULTILINE)
    return re.sub(r'"(?:[^"\\]|\\.)*"|<[^>\s]*>|#.*', "", text)


@pytest.mark.parametrize("query", LIBRARY, ids=lambda query: query.name)
def test_the_head_says_question_tags_result_and_columns_in_order(query: LibraryQuery) -> None:
    lines = query.text.splitlines()
    head = [line for line in lines if line.startswith("#+")]
    assert lines[: len(head)] == head
    assert all(HEAD.match(line) for line in head)
    keys = " ".join(key for key, _ in query.head)
    assert re.fullmatch(r"summary summary-de( question)? tags( param)* result columns", keys)
    assert query.value("result") in RESULTS
    assert re.fullmatch(r"[a-z-]+(, [a-z-]+)*", query.value("tags"))


@pytest.mark.parametrize("query", LIBRARY, ids=lambda query: query.name)
def test_questions_are_asked_in_both_languages(query: LibraryQuery) -> None:
    assert "?" in query.value("summary")
    assert "?" in query.value("summary-de")
    assert query.value("summary") != query.value("summary-de")


@pytest.mark.parametrize("query", LIBRARY, ids=lambda query: query.name)
def test_names_are_english_words_with_hyphens(query: LibraryQuery) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", query.name)


@pytest.mark.parametrize("query", LIBRARY, ids=lambda query: query.name)
def test_the_columns_are_those_of_the_query_and_fit_the_result(query: LibraryQuery) -> None:
    select = re.search(r"^SELECT DISTINCT (.*)$", query.text, re.MULTILINE)
    assert select
    assert tuple(select[1].replace("?", "").split()) == query.columns
    assert set(query.columns) >= NEEDED.get(query.value("result"), set())


@pytest.mark.parametrize("query", LIBRARY, ids=lambda query: query.name)
def test_each_parameter_of_the_head_is_one_line_with_its_default(query: LibraryQuery) -> None:
    assert len(query.parameters) == len(query.values("param"))
    lines = [(match[1], match[2]) for match in PARAM_LINE.finditer(query.text)]
    assert lines == [(parameter.name, parameter.default) for parameter in query.parameters]
    assert query.text.count("# param") == len(lines)
    for parameter in query.parameters:
        assert PARAM_HEAD.match(f"{parameter.name} {parameter.type} {parameter.default}")
        assert re.fullmatch(DEFAULTS[parameter.type.partition("(")[0]], parameter.default)


@pytest.mark.parametrize("query", LIBRARY, ids=lambda query: query.name)
def test_labels_can_be_asked_for_in_a_language(query: LibraryQuery) -> None:
    labelled = any(name.endswith("_label") for name in query.columns)
    assert not labelled or any(parameter.type == "language" for parameter in query.parameters)


@pytest.mark.parametrize("query", LIBRARY, ids=lambda query: query.name)
def test_only_the_prefixes_used_are_declared_and_they_are_the_projects(query: LibraryQuery) -> None:
    declared = dict(re.findall(r"^PREFIX ([a-z0-9]+): <([^>]+)>$", query.text, re.MULTILINE))
    assert declared == {name: PREFIXES[name] for name in declared}
    assert list(declared) == sorted(declared)
    assert set(re.findall(r"(?<![\w?])([a-z][a-z0-9]*):(?=[A-Za-z])", _code(query))) == set(declared)


@pytest.mark.parametrize("query", LIBRARY, ids=lambda query: query.name)
def test_keywords_are_upper_case_and_every_column_is_named(query: LibraryQuery) -> None:
    code = re.sub(r"[?^/|\w-]*[:?][\w-]+", "", _code(query))
    assert [word for word in re.findall(r"[A-Za-z]+", code) if word in KEYWORDS] == []
    assert not re.search(r"SELECT\s+(DISTINCT\s+)?\*", code)
    assert "ORDER BY" in code


@pytest.mark.parametrize("query", LIBRARY, ids=lambda query: query.name)
def test_the_query_is_sparql_that_runs_as_it_stands(query: LibraryQuery) -> None:
    prepareQuery(query.text)
    assert not re.search(r"\b(SERVICE|INSERT|DELETE|LOAD|FROM)\b", _code(query))


@pytest.mark.parametrize("query", LIBRARY, ids=lambda query: query.name)
def test_no_answer_is_written_into_the_query(query: LibraryQuery) -> None:
    # Cities, forums, signatures and lines come from the graph; a parameter may name one as its default.
    body = re.sub(r"^#.*$", "", PARAM_LINE.sub("", query.text), flags=re.MULTILINE)
    assert (
        re.findall(r"\b(?:city|event|signature|p|observation|discrepancy|reading|caption):[a-zA-Z][\w.-]*", body) == []
    )
