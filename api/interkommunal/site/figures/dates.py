"""Dates as exact as the source gives them: days, years, periods, and moments of which only bounds are known.

In goes a literal (``xsd:date``, ``xsd:gYear`` or EDTF, ISO 8601-2:2019 levels 0 to 2 as far as the graph uses them),
out comes a :class:`Dating` that can be drawn and put into words without becoming more precise than it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from interkommunal.graph.edtf import Bounds, Form, read_bounds
from interkommunal.texts import Language, Text

__all__ = ("Dating", "Form", "read_date")


@dataclass(frozen=True, slots=True)
class Dating(Bounds):
    """Bounds that can be drawn and put into words."""

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
    found = read_bounds(lexical)
    if found is None:
        return None
    return Dating(
        found.form,
        found.earliest,
        found.latest,
        found.about_start,
        found.about_end,
        found.written,
        found.start,
        found.end,
    )


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
