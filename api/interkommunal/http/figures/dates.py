"""Dates as exact as the source gives them: days, years, periods, and moments of which only bounds are known.

In goes a literal (``xsd:date``, ``xsd:gYear`` or EDTF, ISO 8601-2:2019 levels 0 to 2 as far as the graph uses them),
out comes a :class:`Dating` that can be drawn and put into words without becoming more precise than it was.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from interkommunal.http.language import Language, Text


class Form(Enum):
    """How much of a time is known."""

    DAY = "day"  # one day
    SPAN = "span"  # a year or month: one moment in it, or all of it
    PERIOD = "period"  # from a beginning to an end
    MOMENT = "moment"  # one moment that must lie between bounds


@dataclass(frozen=True, slots=True)
class Dating:
    """When something was.

    Attributes:
        form: what is known.
        earliest, latest: first and last day that are possible (a period: that it covers); ``None`` where it is open.
        about_start, about_end: whether the bound is approximate (EDTF ``~``, ``?``, ``%``).
        written: the literal.
        start, end: the bounds as they are written, without qualifiers; empty where it is open.
    """

    form: Form
    earliest: date | None
    latest: date | None
    about_start: bool = False
    about_end: bool = False
    written: str = ""
    start: str = ""
    end: str = ""

    @property
    def order(self) -> tuple[date, date, str]:
        """Sorts by beginning, then by end; an open beginning comes first, an open end last."""
        return (self.earliest or date.min, self.latest or date.max, self.written)

    def in_words(self, language: Language) -> str:
        """The dating for people, for example ``28. Mai 2010 oder später``."""
        german = language == "de"
        start = _named(self.start, language, self.about_start)
        end = _named(self.end, language, self.about_end)
        if self.form in (Form.DAY, Form.SPAN):
            return start
        if self.form is Form.PERIOD:
            if not end:
                return f"ab {start}" if german else f"from {start} on"
            if not start:
                return f"bis {end}" if german else f"until {end}"
            return f"{start} bis {end}" if german else f"{start} to {end}"
        if not end:
            return f"{start} oder später" if german else f"{start} or later"
        if not start:
            return f"{end} oder früher" if german else f"{end} or earlier"
        return f"zwischen {start} und {end}" if german else f"between {start} and {end}"


_POINT: Final = re.compile(
    r"(?P<year>\d{3}X|\d{2}XX|\d{4})(?:-(?P<month>\d\d|XX))?(?:-(?P<day>\d\d|XX))?(?P<about>[~?%]?)"
)
_MONTHS: Final = (
    Text("Januar", "January"),
    Text("Februar", "February"),
    Text("März", "March"),
    Text("April", "April"),
    Text("Mai", "May"),
    Text("Juni", "June"),
    Text("Juli", "July"),
    Text("August", "August"),
    Text("September", "September"),
    Text("Oktober", "October"),
    Text("November", "November"),
    Text("Dezember", "December"),
)


def read_date(lexical: str) -> Dating | None:
    """The dating that a literal gives, or ``None`` if it is of a form that is not understood."""
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
    return Dating(form, first, last, about, about, text, text.rstrip("~?%"), text.rstrip("~?%"))


def _between(form: Form, start: str, end: str, written: str) -> Dating | None:
    first, last = _point(start), _point(end)
    if (start and first is None) or (end and last is None) or not (first or last):
        return None
    return Dating(
        form,
        first[0] if first else None,
        last[1] if last else None,
        bool(first and first[2]),
        bool(last and last[2]),
        written,
        start.rstrip("~?%"),
        end.rstrip("~?%"),
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


def _named(point: str, language: Language, about: bool) -> str:
    if not point:
        return ""
    parts = [part for part in point.split("-") if part != "XX"]
    name = parts[0]
    if len(parts) > 1:
        name = f"{_MONTHS[int(parts[1]) - 1].in_(language)} {name}"
    if len(parts) > 2:
        day = int(parts[2])
        name = f"{day}. {name}" if language == "de" else f"{day} {name}"
    if about:
        name = f"etwa {name}" if language == "de" else f"about {name}"
    return name
