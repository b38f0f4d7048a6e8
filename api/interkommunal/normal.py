"""The normal form of text that people type or paste, and how characters that nobody sees are shown to them.

Two texts that look the same should be the same. Keyboards, PDF files and the file names of macOS write ``ö`` as ``o``
and combining dots (NFD); editors put a byte order mark at the begin of a file; web pages and word processors leave soft
hyphens and zero-width characters inside words. :func:`normal_text` takes such differences away (UAX #15, NFC) and keeps
the invisible characters by which scripts and emoji are joined (UAX #31 §2.3).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Soft hyphen, grapheme and word joiner, zero-width space, invisible operators, byte order mark: none of
# them is part of a word.
_NOTHING: Final = "\u00ad\u034f\u200b\u2060-\u2064\ufeff"
# Variation selectors: they choose the shape of symbols, digits in boxes and letters of some scripts, not of Latin ones.
_VARIATIONS: Final = "\ufe00-\ufe0f"
# Zero-width non-joiner and joiner: they shape letters of some scripts, and make one emoji of several.
_JOINERS: Final = "\u180e\u200c\u200d"
# Marks of the direction of writing: they change nothing in a text that runs from left to right throughout.
_DIRECTIONS: Final = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVISIBLE: Final = re.compile(f"[{_NOTHING}{_JOINERS}{_DIRECTIONS}{_VARIATIONS}]")
_IS_NOTHING: Final = re.compile(f"[{_NOTHING}]")
_IS_VARIATION: Final = re.compile(f"[{_VARIATIONS}]")
_FROM_RIGHT: Final = frozenset(("R", "AL", "AN"))
# Arabic to Mongolian, the Indic and Arabic blocks of the later planes: where letters join.
_JOINED: Final = re.compile(
    "[\u0600-\u109f\u1700-\u18af\u1900-\u1c4f\ua800-\uabff\ufb50-\ufdff\ufe70-\ufefc\U00010a00-\U00011fff\U0001e900-\U0001e95f]"
)
_EMOJI_MARK: Final = "\ufe0f"


def normal_text(text: str) -> str:
    """``text`` in NFC, without the invisible characters that change nothing; the same again for its own result.

    Soft hyphens, zero-width spaces, word joiners and byte order marks go. Zero-width joiners and non-joiners stay
    beside a letter of a script that joins letters (Arabic, Indic …) and between two emoji. Marks of direction stay in a
    text that has letters written from right to left.
    """
    if text.isascii():
        return text
    if _INVISIBLE.search(text):
        text = _without_invisible(text)
    return unicodedata.normalize("NFC", text)


def _without_invisible(text: str) -> str:
    both_ways = any(unicodedata.bidirectional(sign) in _FROM_RIGHT for sign in text if sign not in "\u061c\u200f")
    kept: list[str] = []
    for place, sign in enumerate(text):
        if not _INVISIBLE.match(sign):
            kept.append(sign)
        elif sign in _JOINERS:
            if _joins(kept[-1] if kept else "", text[place + 1 : place + 2]):
                kept.append(sign)
        elif _IS_VARIATION.match(sign):
            if kept and not _is_latin(kept[-1]):
                kept.append(sign)
        elif not _IS_NOTHING.match(sign) and both_ways:
            kept.append(sign)
    return "".join(kept)


def _joins(before: str, after: str) -> bool:
    """Whether a zero-width joiner or non-joiner between two characters (or the end of the text) changes anything."""
    return any(sign and _JOINED.match(sign) for sign in (before, after)) or (_is_emoji(before) and _is_emoji(after))


def _is_latin(sign: str) -> bool:
    return sign.isspace() or unicodedata.name(sign, "").startswith(("LATIN", "COMBINING"))


def _is_emoji(sign: str) -> bool:
    # Skin colours are modifier symbols (Sk).
    return sign == _EMOJI_MARK or (sign != "" and unicodedata.category(sign) in ("So", "Sk") and not sign.isascii())


def visible(text: str) -> str:
    """``text`` for a message: what cannot be seen in it (control characters too) by its code point, ``U+FEFF``."""
    return "".join(
        sign if sign == " " or (sign.isprintable() and not _INVISIBLE.match(sign)) else f"U+{ord(sign):04X}"
        for sign in text
    )
