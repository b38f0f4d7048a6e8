"""The same text as other programs write it: canonically equivalent, or with characters that nobody sees."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Final


def decomposed(text: str) -> str:
    """Letters apart from their accents, as file names of macOS and some PDF files have them."""
    return unicodedata.normalize("NFD", text)


def within_words(sign: str) -> Callable[[str], str]:
    """``sign`` inside every word."""
    return lambda text: re.sub(r"(?<=[^\W_])(?=[^\W_])", sign, text)


SPELLINGS: Final[dict[str, Callable[[str], str]]] = {
    "NFD": decomposed,
    "byte order mark": lambda text: f"\ufeff{text}\ufeff",
    "soft hyphens": within_words("\u00ad"),
    "zero-width spaces": within_words("\u200b"),
    "zero-width non-joiners": within_words("\u200c"),
    "zero-width joiners": within_words("\u200d"),
    "word joiners": within_words("\u2060"),
    "byte order marks in words": within_words("\ufeff"),
    "NFD and soft hyphens": lambda text: within_words("\u00ad")(decomposed(text)),
}
