"""Texts in German and English."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

Language = Literal["de", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("de", "en")


class Text(NamedTuple):
    """The same sentence in both languages."""

    de: str
    en: str

    def in_(self, language: Language) -> str:
        """The text in one language."""
        return self.de if language == "de" else self.en
