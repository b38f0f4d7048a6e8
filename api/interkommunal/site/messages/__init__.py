"""Every word that pages say, in German and English: one module a language, the same keys in both.

:func:`messages_in` gives the words of a language; a test compares the keys and their placeholders.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import interkommunal.site.messages.english as english
import interkommunal.site.messages.german as german
from interkommunal import dates
from interkommunal.texts import Language


@dataclass(frozen=True)
class Messages:
    """The words of one language.

    Attributes:
        language: ``de`` or ``en``.
        texts: by key.
    """

    language: Language
    texts: Mapping[str, str]

    def __call__(self, key: str, /, **values: object) -> str:
        """The text of a key with its placeholders filled."""
        return self.texts[key].format(**values) if values else self.texts[key]

    def has(self, key: str) -> bool:
        """Whether there is a text for a key."""
        return key in self.texts

    def count(self, key: str, number: int, /, **values: object) -> str:
        """The text for one (``key.one``) or several (``key.other``).

        ``{n}`` is the number, in words up to twelve; ``{figure}`` is the number in figures.
        """
        text = self.texts[f"{key}.{dates.locale(self.language).plural_form(number)}"]
        return text.format(n=self.number_in_words(number), figure=self.number(number), **values)

    @property
    def decimal(self) -> str:
        """The decimal point."""
        return dates.decimal_point(self.language)

    def number_in_words(self, number: int) -> str:
        """A small number as a word, a larger one in figures."""
        return dates.number_in_words(number, self.language)

    def number(self, number: int) -> str:
        """A number in figures, in groups of three from 10,000 on."""
        return dates.number_in_figures(number, self.language)

    def listed(self, items: Sequence[str]) -> str:
        """Several things in a row: a, b and c."""
        return dates.listed(items, self.language)


@cache
def messages_in(language: Language) -> Messages:
    """The words of a language."""
    source = german if language == "de" else english
    return Messages(language, source.TEXTS)
