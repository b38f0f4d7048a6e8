"""What one language says: the texts of the catalogue with their places filled, numbers and lists as it writes them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from interkommunal import dates
from interkommunal.texts import Language, Text, catalogue, filled


class Translator:
    """Says messages in one language; pages and their templates get one.

    Args:
        language: tag of the language.
    """

    def __init__(self, language: Language) -> None:
        self.language = language
        self._catalogue = catalogue(language)

    def __call__(self, message: str | Text, /, **values: Any) -> str:
        """A message, in English or as a :class:`Text`, in this language."""
        if isinstance(message, Text):
            return message.in_(self.language)
        return filled(self._catalogue.gettext(message), values, self.language)

    def counted(self, one: str, other: str, number: int, /, **values: Any) -> str:
        """A message about ``number`` things: ``{n}`` in words up to twelve, ``{figure}`` in figures."""
        worded = self._catalogue.ngettext(one, other, number)
        return filled(worded, {**self._numbers(number), **values}, self.language)

    def named(self, context: str, name: str, /, number: int | None = None, **values: Any) -> str:
        """The text of a name from the data, of ``number`` of them if that is given; see :meth:`has`."""
        if number is None:
            return filled(self._catalogue.pgettext(context, name), values, self.language)
        worded = self._catalogue.npgettext(context, name, name, number)
        return filled(worded, {**self._numbers(number), **values}, self.language)

    def has(self, context: str, name: str) -> bool:
        """Whether a catalogue words a name."""
        return self._catalogue.pgettext(context, name) != name

    @property
    def decimal(self) -> str:
        """The decimal point."""
        return dates.decimal_point(self.language)

    def number(self, number: int) -> str:
        """A number in figures, in groups of three from 10,000 on."""
        return dates.number_in_figures(number, self.language)

    def listed(self, items: Sequence[str]) -> str:
        """Several things in a row: a, b and c."""
        return dates.listed(items, self.language)

    @property
    def in_templates(self) -> dict[str, Any]:
        """What templates call: ``_`` of ``jinja2.ext.i18n`` asks for ``gettext``."""
        return {
            "gettext": self,
            "counted": self.counted,
            "named": self.named,
            "number": self.number,
            "decimal": self.decimal,
        }

    def _numbers(self, number: int) -> dict[str, str]:
        return {"n": dates.number_in_words(number, self.language), "figure": self.number(number)}


@cache
def translator(language: Language) -> Translator:
    """The translator of a language."""
    return Translator(language)
