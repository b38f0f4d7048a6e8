"""Dates and numbers in words."""

from __future__ import annotations

import pytest

from interkommunal.dates import (
    date_in_words,
    day_in_words,
    listed,
    moment_in_words,
    number_in_figures,
    number_in_words,
)


@pytest.mark.parametrize(
    ("lexical", "german", "english"),
    [
        ("2010-05-28", "28. Mai 2010", "28 May 2010"),
        ("2010-05-28Z", "28. Mai 2010", "28 May 2010"),
        ("2010-05-08", "8. Mai 2010", "8 May 2010"),
        ("2010", "2010", "2010"),
        ("2011-09", "September 2011", "September 2011"),
        ("2012-03", "März 2012", "March 2012"),
        ("2010-XX", "2010", "2010"),
        ("2010-05-XX", "Mai 2010", "May 2010"),
        ("[2016..]", "2016 oder später", "2016 or later"),
        ("[2010-05-28..]", "28. Mai 2010 oder später", "28 May 2010 or later"),
        ("[..2010]", "2010 oder früher", "2010 or earlier"),
        ("[2010..2012]", "zwischen 2010 und 2012", "between 2010 and 2012"),
        ("2008/2016", "2008 bis 2016", "2008 to 2016"),
        ("2008~/2010-05-28", "etwa 2008 bis 28. Mai 2010", "about 2008 to 28 May 2010"),
        ("2016/..", "seit 2016", "since 2016"),
        ("2016/", "ab 2016", "from 2016 on"),
        ("../2016", "bis 2016", "until 2016"),
        ("/2016", "bis 2016", "until 2016"),
        ("2011?", "vielleicht 2011", "perhaps 2011"),
        ("2010-06~", "etwa Juni 2010", "about June 2010"),
        ("2010-06?", "vielleicht Juni 2010", "perhaps June 2010"),
        ("2010-06%", "vielleicht etwa Juni 2010", "perhaps about June 2010"),
    ],
)
def test_a_date_is_said_as_exactly_as_it_is_known(lexical: str, german: str, english: str) -> None:
    assert date_in_words(lexical, "de") == german
    assert date_in_words(lexical, "en") == english


@pytest.mark.parametrize(
    "lexical",
    ["", "..", "/", "[..]", "irgendwann", "2010-13-01", "2010-02-30", "2010/2010-13", "201X", "[2010]", "[2010,2012]"],
)
def test_what_is_not_understood_stays_as_it_is(lexical: str) -> None:
    assert date_in_words(lexical, "de") == lexical


def test_a_moment_is_said_to_the_minute() -> None:
    assert day_in_words("2026-11-23T09:05:59Z", "de") == "23. November 2026"
    assert moment_in_words("2026-11-23T09:05:59Z", "de") == "23. November 2026, 09:05 Uhr UTC"
    assert moment_in_words("2026-11-23T09:05:59Z", "en") == "23 November 2026, 09:05 UTC"


def test_numbers_are_words_up_to_twelve_and_grouped_figures_beyond() -> None:
    found = [number_in_words(number, "de") for number in (2, 12, 13, 2010, 5_250_000)]
    assert found == ["zwei", "zwölf", "13", "2010", "5.250.000"]
    assert number_in_figures(5_250_000, "en") == "5,250,000"


def test_things_are_listed_with_a_word_before_the_last() -> None:
    assert listed(["a", "b", "c"], "de") == "a, b und c"
    assert listed(["a", "b"], "en") == "a and b"
    assert listed(["a"], "de") == "a"
    assert listed([], "de") == ""
