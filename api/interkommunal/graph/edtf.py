"""Bounds of the dates in the graph, and whether something held on a day: certainly, certainly not, or undecided.

In goes the lexical form of an ``xsd:date``, ``xsd:gYear``, ``xsd:gYearMonth`` or EDTF literal (ISO 8601-2:2019 levels 0
and 1, and of level 2 the one-of set with an open or a closed range, ``[2010-05-28..]``). Out come the first and the
last day that are possible. https://www.loc.gov/standards/datetime/
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final, Literal

Held = Literal["in", "out", "undecided"]


class Form(Enum):
    """How much of a time is known."""

    DAY = "day"  # one day
    SPAN = "span"  # a year or month: one moment in it, or all of it
    PERIOD = "period"  # from a beginning to an end
    MOMENT = "moment"  # one moment that must lie between bounds


@dataclass(frozen=True, slots=True)
class Bounds:
    """When something was.

    Attributes:
        form: what is known.
        earliest, latest: first and last day that are possible (a period: that it covers); ``None`` where it is open.
        about_start, about_end: whether the bound is approximate or uncertain (EDTF ``~``, ``?``, ``%``).
        written: the literal; :func:`interkommunal.dates.date_in_words` puts it into words.
    """

    form: Form
    earliest: date | None
    latest: date | None
    about_start: bool = False
    about_end: bool = False
    written: str = ""

    @property
    def order(self) -> tuple[date, date, str]:
        """Sorts by beginning, then by end; an open beginning comes first, an open end last."""
        return (self.earliest or date.min, self.latest or date.max, self.written)

    @property
    def surely_from(self) -> date | None:
        """The first possible day, if it is certain; an approximate bound bounds nothing for sure."""
        return None if self.about_start else self.earliest

    @property
    def surely_until(self) -> date | None:
        """The last possible day, if it is certain."""
        return None if self.about_end else self.latest


_POINT: Final = re.compile(
    r"(?P<year>\d{3}X|\d{2}XX|\d{4})(?:-(?P<month>\d\d|XX))?(?:-(?P<day>\d\d|XX))?(?P<about>[~?%]?)"
)


def read_bounds(lexical: str) -> Bounds | None:
    """The bounds that a literal gives, or ``None`` if it is of a form that is not understood."""
    text = lexical.strip()
    if text.startswith("[") and text.endswith("]") and ".." in text:
        start, _, end = text[1:-1].partition("..")
        return _between(Form.MOMENT, start, end, text)
    if "/" in text:
        start, _, end = text.partition("/")
        return _between(Form.PERIOD, start.removesuffix(".."), end.removeprefix(".."), text)
    point = _point(text)
    if point is None:
        return None
    first, last, about = point
    form = Form.DAY if first == last else Form.SPAN
    return Bounds(form, first, last, about, about, text)


def held(begin: Bounds | None, end: Bounds | None, day: date) -> Held:
    """Whether what began within ``begin`` and ended within ``end`` held on ``day``.

    Args:
        begin: when it began; ``None`` if nothing is known of it.
        end: when it ended, its last day counted in; ``None`` if no end is stated, so that it is taken to go on.
        day: the day that is asked for.

    Returns:
        ``in`` if every reading of the bounds says so, ``out`` if none does, else ``undecided``. A bound that is
        approximate or uncertain decides nothing.
    """
    begins, ends = begin.surely_from if begin else None, end.surely_until if end else None
    if (begins is not None and day < begins) or (ends is not None and ends < day):
        return "out"
    has_begun = begin is not None and begin.surely_until is not None and begin.surely_until <= day
    goes_on = end is None or (end.surely_from is not None and day <= end.surely_from)
    return "in" if has_begun and goes_on else "undecided"


def _between(form: Form, start: str, end: str, written: str) -> Bounds | None:
    first, last = _point(start), _point(end)
    if (start and first is None) or (end and last is None) or not (first or last):
        return None
    return Bounds(
        form,
        first[0] if first else None,
        last[1] if last else None,
        bool(first and first[2]),
        bool(last and last[2]),
        written,
    )


def _point(text: str) -> tuple[date, date, bool] | None:
    """First and last day of a year, month or day, and whether it is approximate."""
    found = _POINT.fullmatch(text)
    if found is None:
        return None
    years = [int(found["year"].replace("X", digit)) for digit in "09"]
    month, day = found["month"], found["day"]
    months = [1, 12] if month in (None, "XX") else [int(month), int(month)]
    if years[0] == 0 or not 1 <= months[0] <= 12:
        return None
    last_day = calendar.monthrange(years[1], months[1])[1]
    days = [1, last_day] if day in (None, "XX") else [int(day), int(day)]
    if not 1 <= days[1] <= last_day:
        return None
    return date(years[0], months[0], days[0]), date(years[1], months[1], days[1]), bool(found["about"])
