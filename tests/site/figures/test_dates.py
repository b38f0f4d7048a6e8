from __future__ import annotations

from datetime import date

import pytest

from interkommunal.site.figures.dates import Dating, Form, read_date
from interkommunal.texts import Language


@pytest.mark.parametrize(
    ("written", "form", "earliest", "latest"),
    [
        ("2010-05-28", Form.DAY, date(2010, 5, 28), date(2010, 5, 28)),
        ("2003", Form.SPAN, date(2003, 1, 1), date(2003, 12, 31)),
        ("2012-02", Form.SPAN, date(2012, 2, 1), date(2012, 2, 29)),
        ("201X", Form.SPAN, date(2010, 1, 1), date(2019, 12, 31)),
        ("2010-XX", Form.SPAN, date(2010, 1, 1), date(2010, 12, 31)),
        ("2008/2016", Form.PERIOD, date(2008, 1, 1), date(2016, 12, 31)),
        ("2016/..", Form.PERIOD, date(2016, 1, 1), None),
        ("/2016", Form.PERIOD, None, date(2016, 12, 31)),
        ("[2010-05-28..]", Form.MOMENT, date(2010, 5, 28), None),
        ("[..2016]", Form.MOMENT, None, date(2016, 12, 31)),
        ("[2010..2012]", Form.MOMENT, date(2010, 1, 1), date(2012, 12, 31)),
    ],
)
def test_date_is_as_exact_as_it_is_written(
    written: str, form: Form, earliest: date | None, latest: date | None
) -> None:
    dating = read_date(written)

    assert dating is not None
    assert (dating.form, dating.earliest, dating.latest) == (form, earliest, latest)


@pytest.mark.parametrize(
    "written", ["", "..", "gestern", "2010-13", "2010-02-30", "[2010]", "a/b", "/", "[..]", "20100"]
)
def test_what_is_no_date_is_not_guessed(written: str) -> None:
    assert read_date(written) is None


def test_qualifier_makes_only_its_own_bound_approximate() -> None:
    dating = read_date("2008~/2010-05-28")

    assert dating is not None
    assert (dating.about_start, dating.about_end) == (True, False)


@pytest.mark.parametrize(
    ("written", "language", "words"),
    [
        ("2010-05-28", "de", "28. Mai 2010"),
        ("2010-05-28", "en", "28 May 2010"),
        ("2003", "de", "2003"),
        ("2012-03", "de", "März 2012"),
        ("2008/2016", "en", "2008 to 2016"),
        ("2008~/2010-05-28", "de", "etwa 2008 bis 28. Mai 2010"),
        ("2016/..", "de", "ab 2016"),
        ("/2016", "en", "until 2016"),
        ("[2010-05-28..]", "de", "28. Mai 2010 oder später"),
        ("[2016..]", "en", "2016 or later"),
        ("[..2016]", "de", "2016 oder früher"),
        ("[2010..2012]", "en", "between 2010 and 2012"),
    ],
)
def test_date_in_words_is_not_more_exact_than_the_date(written: str, language: Language, words: str) -> None:
    dating = read_date(written)

    assert dating is not None
    assert dating.in_words(language) == words


def test_dates_are_ordered_by_beginning_then_by_end_and_open_ends_come_last() -> None:
    written = ["[2010-05-28..]", "2010-05-28", "2010", "2009", "[..2009]"]
    datings = [dating for dating in map(read_date, written) if isinstance(dating, Dating)]

    assert [dating.written for dating in sorted(datings, key=lambda dating: dating.order)] == [
        "[..2009]",
        "2009",
        "2010",
        "2010-05-28",
        "[2010-05-28..]",
    ]
