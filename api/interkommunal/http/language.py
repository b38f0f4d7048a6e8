"""German or English: which one a request gets, and texts that exist in both."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from interkommunal.http.negotiation import choose_token

Language = Literal["de", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("de", "en")


class Text(NamedTuple):
    """The same sentence in both languages."""

    de: str
    en: str

    def in_(self, language: Language) -> str:
        """The text in one language."""
        return self.de if language == "de" else self.en


def choose_language(wish: str | None, accept_language: str | None, default: Language) -> Language:
    """The language of an answer for people.

    Args:
        wish: value of ``lang=`` in the URL, which comes first; one that we do not have is passed over.
        accept_language: value of the ``Accept-Language`` field.
        default: for whoever prefers neither.
    """
    for language in LANGUAGES:
        if wish == language:
            return language
    offers = (default, *(item for item in LANGUAGES if item != default))
    chosen = choose_token(accept_language, offers, prefixes=True)
    return default if chosen is None else "de" if chosen == "de" else "en"
