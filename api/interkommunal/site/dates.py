"""Dates as people read them: days, years and the vague dates of EDTF, never more exact than the data."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from interkommunal.site.description.statements import term
from interkommunal.site.messages import Messages, messages_in
from interkommunal.texts import Language

EDTF: Final = term("edtf:EDTF")
DATES: Final = frozenset((EDTF, term("xsd:date"), term("xsd:gYear"), term("xsd:gYearMonth")))

_DAY: Final = re.compile(r"(-?[0-9]{4,})(?:-([0-9]{2}))?(?:-([0-9]{2}))?([?~%]?)(?:Z|[+-][0-9]{2}:[0-9]{2})?")
_AFTER: Final = re.compile(r"\[([^\[\],]+)\.\.\]")
_BEFORE: Final = re.compile(r"\[\.\.([^\[\],]+)\]")


def date_in_words(lexical: str, messages: Messages) -> str:
    """A date, year or EDTF expression (levels 0 to 2 as far as the data uses them); what is unknown stays as it is."""
    for pattern, key in ((_AFTER, "date.or-later"), (_BEFORE, "date.or-earlier")):
        found = pattern.fullmatch(lexical)
        if found:
            day = _day(found[1], messages)
            return lexical if day is None else messages(key, date=day)
    start, slash, end = lexical.partition("/")
    if slash:
        return _interval(start, end, messages) or lexical
    return _day(lexical, messages) or lexical


def moment_in_words(time: str, language: Language) -> str:
    """A moment (``xsd:dateTime`` in UTC) to the minute."""
    clock = f"{datetime.fromisoformat(time):%H:%M}"
    return f"{day_in_words(time, language)}, {clock} {'Uhr UTC' if language == 'de' else 'UTC'}"


def day_in_words(time: str, language: Language) -> str:
    """The day of a moment (``xsd:dateTime`` in UTC)."""
    say, at = messages_in(language), datetime.fromisoformat(time)
    return say("date.day", day=at.day, month=say.months[at.month - 1], year=at.year)


def _interval(start: str, end: str, messages: Messages) -> str | None:
    first, last = _day(start, messages), _day(end, messages)
    if first and last:
        return messages("date.from-to", start=first, end=last)
    if first and end in ("", ".."):
        return messages("date.since" if end == ".." else "date.or-later", date=first)
    if last and start in ("", ".."):
        return messages("date.until", date=last)
    return None


def _day(text: str, messages: Messages) -> str | None:
    found = _DAY.fullmatch(text)
    if not found:
        return None
    year, month, day, qualifier = found.groups()
    if month and not 1 <= int(month) <= 12:
        return None
    if day:
        words = messages("date.day", day=int(day), month=messages.months[int(month) - 1], year=year)
    elif month:
        words = messages("date.month", month=messages.months[int(month) - 1], year=year)
    else:
        words = year
    key = {"~": "date.about", "?": "date.uncertain", "%": "date.about-uncertain"}.get(qualifier)
    return messages(key, date=words) if key else words
