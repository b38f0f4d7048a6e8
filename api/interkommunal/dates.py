"""Dates and numbers in words: what people read, formed by Babel and never more exact than the data.

In go lexical forms (``xsd:date``, ``xsd:gYear``, ``xsd:gYearMonth``, EDTF of ISO 8601-2:2019 levels 0 and 1, of level 2
the one-of set with a range) and numbers, out come words in a language. Which days a date allows is told by
:mod:`interkommunal.graph.edtf`. https://www.loc.gov/standards/datetime/
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Final

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal

from interkommunal.texts import Language, Text

_RANGE: Final = re.compile(r"\[([^\[\],]*?)\.\.([^\[\],]*)\]")
_POINT: Final = re.compile(
    r"(?P<year>-?\d{4,}|\d{3}X|\d{2}XX)(?:-(?P<month>\d\d|XX))?(?:-(?P<day>\d\d|XX))?"
    r"(?P<qualifier>[?~%]?)(?:Z|[+-]\d\d:\d\d)?",
    re.ASCII,
)
# Uncertain is not approximate: ``?`` doubts the date, ``~`` says that it is near, ``%`` both.
_QUALIFIERS: Final = {
    "~": Text("about {date}"),
    "?": Text("perhaps {date}"),
    "%": Text("perhaps about {date}"),
}
_BETWEEN: Final = Text("between {start} and {end}")
_OR_LATER: Final = Text("{start} or later")
_OR_EARLIER: Final = Text("{end} or earlier")
_FROM_TO: Final = Text("{start} to {end}")
_SINCE: Final = Text("since {start}")
_FROM: Final = Text("from {start} on")
_UNTIL: Final = Text("until {end}")
_MOMENT: Final = Text("{day}, {clock} UTC")
# Babel spells out no numbers (CLDR's RBNF).
_SMALL_NUMBERS: Final = Text("zero one two three four five six seven eight nine ten eleven twelve")


@cache
def locale(language: Language) -> Locale:
    """The conventions of a language; English is written as in Britain (day before month)."""
    return Locale.parse("en_GB" if language == "en" else language)


def date_in_words(lexical: str, language: Language) -> str:
    """A date, year, month or EDTF expression for people; what is not understood stays as it is written.

    An interval that goes on (``2016/..``) is "since 2016", one whose end nobody knows (``2016/``) "from 2016 on".
    """
    one_of = _RANGE.fullmatch(lexical)
    if one_of:
        start, end = one_of.groups()
        forms = _BETWEEN, _OR_LATER, _OR_EARLIER
    elif "/" in lexical:
        start, _, end = lexical.partition("/")
        forms = _FROM_TO, _SINCE if end == ".." else _FROM, _UNTIL
        start, end = start.removeprefix(".."), end.removeprefix("..")
    else:
        return _point_in_words(lexical, language) or lexical
    first, last = (_point_in_words(point, language) if point else "" for point in (start, end))
    if first is None or last is None or not (first or last):
        return lexical
    form = forms[0] if first and last else forms[1] if first else forms[2]
    return form.in_(language).format(start=first, end=last)


def day_in_words(time: str, language: Language) -> str:
    """The day of a moment (``xsd:dateTime`` in UTC)."""
    return format_date(datetime.fromisoformat(time).date(), "long", locale(language))


def moment_in_words(time: str, language: Language) -> str:
    """A moment (``xsd:dateTime`` in UTC) to the minute."""
    clock = f"{datetime.fromisoformat(time):%H:%M}"
    return _MOMENT.in_(language).format(day=day_in_words(time, language), clock=clock)


def number_in_figures(number: int, language: Language) -> str:
    """A number in figures, in groups of three from 10,000 on."""
    return format_decimal(number, locale=locale(language), group_separator=abs(number) >= 10_000)


def number_in_words(number: int, language: Language) -> str:
    """A number up to twelve as a word, a larger one in figures."""
    words = _SMALL_NUMBERS.in_(language).split()
    return words[number] if 0 <= number < len(words) else number_in_figures(number, language)


def decimal_point(language: Language) -> str:
    """What separates the whole from its tenths."""
    return str(locale(language).number_symbols["latn"]["decimal"])


def listed(items: Sequence[str], language: Language) -> str:
    """Several things in a row: a, b and c."""
    return format_list(items, locale=locale(language))


def _point_in_words(text: str, language: Language) -> str | None:
    """A year, month or day with its qualifier, ``None`` if it is of another form or there is no such day."""
    found = _POINT.fullmatch(text)
    if found is None:
        return None
    year, month, day, qualifier = (part or "XX" for part in found.groups())  # what is not given or unspecified
    words = year
    if month != "XX":
        try:
            first = date(int(year), int(month), 1 if day == "XX" else int(day))
        except ValueError:
            return None
        if day == "XX":
            words = format_skeleton("yMMMM", first, locale=locale(language))
        else:
            words = format_date(first, "long", locale(language))
    return _QUALIFIERS[qualifier].in_(language).format(date=words) if qualifier in _QUALIFIERS else words
