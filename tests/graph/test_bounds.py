from __future__ import annotations

from datetime import date

import pytest

from interkommunal.graph.edtf import Bounds, Form, read_bounds


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
    dating = read_bounds(written)

    assert dating is not None
    assert (dating.form, dating.earliest, dating.latest) == (form, earliest, latest)


@pytest.mark.parametrize(
    "written", ["", "..", "gestern", "2010-13", "2010-02-30", "[2010]", "a/b", "/", "[..]", "20100"]
)
def test_what_is_no_date_is_not_guessed(written: str) -> None:
    assert read_bounds(written) is None


def test_qualifier_makes_only_its_own_bound_approximate() -> None:
    dating = read_bounds("2008~/2010-05-28")

    assert dating is not None
    assert (dating.about_start, dating.about_end) == (True, False)


def test_dates_are_ordered_by_beginning_then_by_end_and_open_ends_come_last() -> None:
    written = ["[2010-05-28..]", "2010-05-28", "2010", "2009", "[..2009]"]
    datings = [dating for dating in map(read_bounds, written) if isinstance(dating, Bounds)]

    assert [dating.written for dating in sorted(datings, key=lambda dating: dating.order)] == [
        "[..2009]",
        "2009",
        "2010",
        "2010-05-28",
        "[2010-05-28..]",
    ]
