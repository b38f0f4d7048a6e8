"""Every word that pages say, in German and English: one module a language, the same keys in both.

:func:`messages_in` gives the words of a language; a test compares the keys and their placeholders.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import interkommunal.site.messages.english as english
import interkommunal.site.messages.german as german
from interkommunal.texts import Language


@dataclass(frozen=True)
class Messages:
    """The words of one language.

    Attributes:
        language: ``de`` or ``en``.
        texts: by key. numbers: words for 0 to 12. months: January first.
        thousands: what stands between groups of three digits. last: the word before the last of a list.
    """

    language: Language
    texts: Mapping[str, str]
    numbers: Sequence[str]
    months: Sequence[str]
    thousands: str
    decimal: str
    last: str

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
        form = "one" if number == 1 else "other"
        text = self.texts[f"{key}.{form}"]
        return text.format(n=self.number_in_words(number), figure=self.number(number), **values)

    def number_in_words(self, number: int) -> str:
        """A small number as a word, a larger one in figures."""
        return self.numbers[number] if 0 <= number < len(self.numbers) else self.number(number)

    def number(self, number: int) -> str:
        """A number in figures with groups of three."""
        return f"{number:,}".replace(",", self.thousands) if abs(number) >= 10_000 else str(number)

    def listed(self, items: Sequence[str]) -> str:
        """Several things in a row: a, b and c."""
        if len(items) < 2:
            return "".join(items)
        return f"{', '.join(items[:-1])} {self.last} {items[-1]}"


@cache
def messages_in(language: Language) -> Messages:
    """The words of a language."""
    source = german if language == "de" else english
    return Messages(
        language, source.TEXTS, source.NUMBERS, source.MONTHS, source.THOUSANDS, source.DECIMAL, source.LAST
    )
