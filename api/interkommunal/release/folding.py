"""How words are compared in the search: without case, accents and the choice between ä, ae and a.

The index and the search field use the same functions, so that what was written one way is found the other way. A word
has up to two forms: ``Mülheim`` is ``mulheim`` and ``muelheim``, ``Straße`` is ``strasse``, ``Dezernent*innen`` is
``dezernentinnen``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from interkommunal.normal import normal_text

# Letters and digits; the signs that German writes inside a word to name all genders belong to it.
_WORD: Final = re.compile(r"[^\W_]+(?:[*:·](?=[a-zäöü])[^\W_]+)*")
# Signs and abbreviations that stand for a word which does not begin like them.
_SPELT_OUT: Final = ((re.compile(r"\bSt\.(?=[\s-]*\w)", re.IGNORECASE), "Sankt "), (re.compile(r"\s*&\s*"), " und "))
_INNER: Final = str.maketrans("", "", "*:·")
# German spelling without umlauts, and the ligatures that NFKD keeps.
_SPELT: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "æ": "ae", "œ": "oe", "ø": "oe", "å": "aa"})
_PLAIN: Final = str.maketrans({"æ": "a", "œ": "o", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})


class Word(NamedTuple):
    """A word in a text: as written, and where it begins and ends."""

    text: str
    start: int
    end: int


def words(text: str) -> Iterator[Word]:
    """The words of a text that is in its normal form (:func:`interkommunal.normal.normal_text`)."""
    for found in _WORD.finditer(text):
        yield Word(found.group(), found.start(), found.end())


@lru_cache(maxsize=1 << 14)
def forms(word: str) -> tuple[str, ...]:
    """The forms of a word: without accents, and, where it differs, with ``ae`` for ``ä``; never empty for a word."""
    lowered = unicodedata.normalize("NFC", word).casefold().translate(_INNER)
    plain = _without_marks(lowered.translate(_PLAIN))
    spelt = _without_marks(lowered.translate(_SPELT))
    return (plain,) if plain == spelt else (plain, spelt)


def spelt_out(text: str) -> str:
    """A text with ``Sankt`` for ``St.`` and ``und`` for ``&``."""
    for short, long in _SPELT_OUT:
        text = short.sub(long, text)
    return text


def keys(text: str) -> tuple[str, ...]:
    """A whole text to be compared with others: its words in one form each, parted by single spaces.

    Like a word it has up to two: ``mulheim an der ruhr`` and ``muelheim an der ruhr``; empty if it has no words.
    """
    both = [forms(word.text) for word in words(spelt_out(normal_text(text)))]
    plain, spelt = (" ".join(form[place] for form in both) for place in (0, -1))
    return tuple(dict.fromkeys(key for key in (plain, spelt) if key))


def folded(text: str) -> str:
    """All forms of all words of a text, in its order, for an index."""
    return " ".join(form for word in words(normal_text(text)) for form in forms(word.text))


def _without_marks(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
