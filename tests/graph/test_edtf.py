"""Bounds of dates, and whether something held on a day; the pattern in the documentation finds the same bounds."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from rdflib import Literal
from tests.queries.answers import ask_oxigraph, ask_rdflib, to_store

from interkommunal.graph.assemble import Assembly
from interkommunal.graph.edtf import Form, held, read_bounds
from interkommunal.namespaces import PREFIXES

ROOT = Path(__file__).resolve().parents[2]
DATES = {f"{PREFIXES['xsd']}date", f"{PREFIXES['xsd']}gYear", f"{PREFIXES['edtf']}EDTF"}

# Every date in the graph that is no plain day: first and last possible day, and whether they are approximate.
EXPECTED = {
    "2003": (date(2003, 1, 1), date(2003, 12, 31), False),
    "2008": (date(2008, 1, 1), date(2008, 12, 31), False),
    "2009": (date(2009, 1, 1), date(2009, 12, 31), False),
    "2010": (date(2010, 1, 1), date(2010, 12, 31), False),
    "2011": (date(2011, 1, 1), date(2011, 12, 31), False),
    "2012": (date(2012, 1, 1), date(2012, 12, 31), False),
    "2013": (date(2013, 1, 1), date(2013, 12, 31), False),
    "2014": (date(2014, 1, 1), date(2014, 12, 31), False),
    "2016": (date(2016, 1, 1), date(2016, 12, 31), False),
    "2008/2016": (date(2008, 1, 1), date(2016, 12, 31), False),
    "2008~/2010-05-28": (date(2008, 1, 1), date(2010, 5, 28), True),
    "[2010-05-28..]": (date(2010, 5, 28), None, False),
    "[2016..]": (date(2016, 1, 1), None, False),
}


def dates(assembly: Assembly) -> Iterator[str]:
    for value in set(assembly.dataset.objects()):
        if isinstance(value, Literal) and str(value.datatype) in DATES:
            yield str(value)


def test_every_date_in_the_graph_has_its_bounds(assembly: Assembly) -> None:
    found = set(dates(assembly))
    days = {text for text in found if re.fullmatch(r"\d{4}-\d\d-\d\d", text)}

    assert found - days == set(EXPECTED)
    for text in days:
        bounds = read_bounds(text)
        assert bounds is not None
        assert (bounds.form, bounds.earliest, bounds.latest) == (
            Form.DAY,
            date.fromisoformat(text),
            date.fromisoformat(text),
        )
    for text, (first, last, about) in EXPECTED.items():
        bounds = read_bounds(text)
        assert bounds is not None
        assert (bounds.earliest, bounds.latest, bounds.about_start or bounds.about_end) == (first, last, about)


def documented(language: str) -> str:
    page = (ROOT / "docs" / "queries.md").read_text("utf-8")
    section = page[page.index("## Dates with bounds") : page.index("## Citing and caching")]
    (found,) = re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)
    return str(found)


def test_the_documented_pattern_finds_the_same_bounds_on_both_engines(assembly: Assembly) -> None:
    query = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("edtf", "xsd")) + documented("sparql")
    of_oxigraph = ask_oxigraph(to_store(assembly.dataset), query)

    rows = {row["when"]: row for row in of_oxigraph.shown()}
    assert set(rows) == set(dates(assembly))
    for text, row in rows.items():
        bounds = read_bounds(text)
        assert bounds is not None
        first, last = (day.isoformat() if day else "" for day in (bounds.earliest, bounds.latest))
        about = "true" if bounds.about_start or bounds.about_end else "false"
        assert (row["not_before"], row["not_after"], row["is_about"]) == (first, last, about)
    assert ask_rdflib(assembly.dataset, query).shown() == of_oxigraph.shown()


def test_the_documented_python_says_what_it_says() -> None:
    code = documented("python")
    space: dict[str, object] = {}
    exec(code, space)
    told = [line.partition("  # ") for line in code.splitlines() if "  # " in line]
    assert len(told) == 3
    for expression, _, value in told:
        assert repr(eval(expression, space)) == value


@pytest.mark.parametrize(
    ("begin", "end", "day", "answer"),
    [
        ("2010", None, "2009-12-31", "out"),
        ("2010", None, "2010-01-01", "undecided"),
        ("2010", None, "2010-12-30", "undecided"),
        ("2010", None, "2010-12-31", "in"),
        ("2010-05-28", None, "2010-05-27", "out"),
        ("2010-05-28", None, "2010-05-28", "in"),
        ("[2010-05-28..]", None, "2010-05-27", "out"),
        ("[2010-05-28..]", None, "2026-01-01", "undecided"),
        ("[..2010]", None, "1990-01-01", "undecided"),
        ("[..2010]", None, "2011-01-01", "in"),
        # About 2008 excludes no day before it; that it had begun on 28 May 2010 is certain.
        ("2008~/2010-05-28", None, "2005-01-01", "undecided"),
        ("2008~/2010-05-28", None, "2010-05-28", "in"),
        ("2008?", None, "2020-01-01", "undecided"),
        (None, None, "2020-01-01", "undecided"),
        ("2010", "2012", "2011-06-01", "in"),
        ("2010", "2012", "2012-01-01", "in"),
        ("2010", "2012", "2012-01-02", "undecided"),
        ("2010", "2012", "2013-01-01", "out"),
        (None, "2012", "2013-01-01", "out"),
        ("2010", "[2012..]", "2030-01-01", "undecided"),
    ],
)
def test_what_held_on_a_day_is_certain_excluded_or_undecided(
    begin: str | None, end: str | None, day: str, answer: str
) -> None:
    first, last = (None if text is None else read_bounds(text) for text in (begin, end))

    assert held(first, last, date.fromisoformat(day)) == answer


def test_the_question_of_the_library_decides_as_the_function_does() -> None:
    with (ROOT / "tests" / "queries" / "expected" / "membership-at-a-date.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["at"] == "2010-06-01"]

    assert len(rows) == 9
    for row in rows:
        begin = read_bounds(f"[{row['begin_not_before']}..{row['begin_not_after']}]")
        assert held(begin, None, date(2010, 6, 1)) == row["membership"]
