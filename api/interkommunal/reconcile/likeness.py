"""How alike two names are, and of which kind the likeness is.

Names are compared word by word, without case, accents and order. A word may be inflected (``Essens``), abbreviated
(``a. d. Ruhr``) or misspelt; words without meaning of their own count little; a number is the same or another one,
never nearly the same. Compounds and hyphens are seen when both are compared without spaces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Final, NamedTuple

from rapidfuzz.distance import OSA, Prefix

from interkommunal.normal import normal_text
from interkommunal.release.folding import forms, spelt_out, words

# What is read of a name.
LONGEST: Final = 300
# Normal text may be shorter than what was pasted: a letter with its accents, invisible characters between.
_LONGEST_RAW: Final = 8 * LONGEST
_MOST_WORDS: Final = 30
# Articles, prepositions, conjunctions, and the word that says which right a city has; folded.
_LIGHT: Final = frozenset(
    (
        *("der", "die", "das", "des", "dem", "den", "ein", "eine", "einer", "eines", "einem", "einen", "und"),
        *("fur", "fuer", "in", "im", "an", "am", "auf", "zu", "zum", "zur", "von", "vom", "mit"),
        *("the", "of", "a", "and", "for", "on", "at", "to", "kreisfreie", "kreisfreien"),
    )
)
_LIGHT_WEIGHT: Final = 0.15
_INFLECTED: Final = 0.97
_ABBREVIATED: Final = 0.95
# Words that share less are other words.
_ALIKE: Final = 0.7
# German endings, and which of them one word may have where the other has none.
_ENDINGS: Final = frozenset(("", "e", "en", "er", "es", "em", "n", "s"))
_STEM: Final = 5
_LETTERS_OF_GENITIVE: Final = 4
# A name this short with a typing error may as well be another name: Herne and Werne, Bochum and Bockum.
_SHORTEST_MISSPELT: Final = 8
_LETTERS_AN_ERROR: Final = 8


class LikenessKind(IntEnum):
    """Kinds of likeness, the surest last."""

    PARTIAL = 0
    MISSPELT = 1
    INFLECTED = 2
    SAME = 3


class FoldedWord(NamedTuple):
    """A word, folded, and whether it ends in an abbreviation point."""

    form: str
    short: bool = False


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike: ``value`` from 0 to 1, and the kind."""

    value: float
    kind: LikenessKind


NOTHING: Final = Likeness(0.0, LikenessKind.PARTIAL)
_EQUAL: Final = Likeness(1.0, LikenessKind.SAME)


class ComparedName:
    """Words, made ready to be compared many times.

    Args:
        tokens: the words in their order.

    Attributes:
        text: the words with single spaces. joined: without. numbers: words with digits, sorted.
        weight: how much the words say together.
    """

    __slots__ = ("joined", "numbers", "text", "tokens", "weight", "words")

    def __init__(self, tokens: Sequence[FoldedWord]) -> None:
        self.tokens = tuple(tokens[:_MOST_WORDS])
        self.words = tuple(token.form for token in self.tokens)
        self.text = " ".join(self.words)
        self.joined = "".join(self.words)
        self.numbers = sorted(word for word in self.words if _is_number(word))
        self.weight = sum(map(_weight, self.words))


def read(text: str) -> ComparedName:
    """What somebody wrote."""
    text = spelt_out(normal_text(text[:_LONGEST_RAW])[:LONGEST])
    return ComparedName(
        [
            FoldedWord(form, text[word.end : word.end + 1] == "." and not word.text[-1].isdecimal())
            for word in words(text)
            if (form := forms(word.text)[0])
        ]
    )


def compared(key: str) -> ComparedName:
    """A name in the form in which :func:`interkommunal.release.folding.keys` gives it."""
    return ComparedName([FoldedWord(word) for word in key.split(" ")])


def likeness(asked: ComparedName, name: ComparedName) -> Likeness:
    """How alike what was asked and a name are."""
    if asked.text == name.text:
        return _EQUAL if asked.text else NOTHING
    if not asked.weight or not name.weight:
        return NOTHING
    pairs, left, missing = _aligned(asked.tokens, name.words)
    matched_asked = matched_name = 0.0
    for token, word, value in pairs:
        matched_asked += _weight(token.form) * value
        matched_name += _weight(word) * value
    covered = 0.6 * matched_asked / asked.weight + 0.4 * matched_name / name.weight
    numbers = asked.numbers == name.numbers
    # Two names with other numbers are alike by what they share, not by their letters.
    distance = OSA.distance(asked.joined, name.joined)
    longest = max(len(asked.joined), len(name.joined))
    value = max(covered, 1 - distance / longest) if numbers else min(covered, 0.8)
    kind = _kind(pairs, left, missing, distance, longest) if numbers else LikenessKind.PARTIAL
    return Likeness(0.99 if kind is LikenessKind.SAME else min(value, 0.99), kind)


def _aligned(
    asked: Sequence[FoldedWord], name: Sequence[str]
) -> tuple[list[tuple[FoldedWord, str, float]], list[FoldedWord], list[str]]:
    """Pairs of words that mean the same with how alike they are; words asked for, and of the name, without partner."""
    free = list(name)
    pairs: list[tuple[FoldedWord, str, float]] = []
    rest: list[FoldedWord] = []
    for token in asked:
        if token.form in free:
            free.remove(token.form)
            pairs.append((token, token.form, 1.0))
        else:
            rest.append(token)
    left: list[FoldedWord] = []
    for token in rest:
        best, word = 0.0, ""
        for other in free:
            if (value := _alike(token, other)) > best:
                best, word = value, other
        if word:
            free.remove(word)
            pairs.append((token, word, best))
        else:
            left.append(token)
    return pairs, left, free


def _kind(
    pairs: Sequence[tuple[FoldedWord, str, float]],
    left: Sequence[FoldedWord],
    missing: Sequence[str],
    distance: int,
    longest: int,
) -> LikenessKind:
    """The kind of likeness of two names that have the same numbers."""
    if distance == 0:
        return LikenessKind.SAME
    lone = max(
        sum(token.form not in _LIGHT for token in left),
        sum(word not in _LIGHT for word in missing),
    )
    if lone == 0:
        worst = min((value for token, _, value in pairs if token.form not in _LIGHT), default=0.0)
        if worst == 1:
            return LikenessKind.SAME
        # An abbreviation alone says nothing: some word must be there in full.
        if worst >= _ABBREVIATED and any(value >= _INFLECTED for _, _, value in pairs):
            return LikenessKind.INFLECTED
    # A word without partner is another word, unless it was only parted or joined.
    errors = longest // _LETTERS_AN_ERROR if lone == 0 else 1
    if longest >= _SHORTEST_MISSPELT and distance <= errors and not _other_words(pairs):
        return LikenessKind.MISSPELT
    return LikenessKind.PARTIAL


def _other_words(pairs: Sequence[tuple[FoldedWord, str, float]]) -> bool:
    """Whether a short word of a longer name differs, which may make it the name of something else."""
    return any(
        value < 1 and len(word) < _STEM and word not in _LIGHT for token, word, value in pairs if not token.short
    )


@lru_cache(maxsize=1 << 16)
def _alike(token: FoldedWord, word: str) -> float:
    form, short = token
    if form.isdecimal() or word.isdecimal():
        return 0.0
    if short and word.startswith(form):
        return _ABBREVIATED
    if _same_but_for_ending(form, word):
        return _INFLECTED
    if min(len(form), len(word)) < 3:
        return 0.0
    value = OSA.normalized_similarity(form, word)
    return min(value, _ABBREVIATED - 0.01) if value >= _ALIKE else 0.0


def _same_but_for_ending(one: str, other: str) -> bool:
    stem = Prefix.similarity(one, other)
    ends = {one[stem:], other[stem:]}
    if ends == {"", "s"}:
        return stem >= _LETTERS_OF_GENITIVE
    # ``Essener`` is not ``Essen``: with -er a name becomes another word.
    return stem >= _STEM and ends <= _ENDINGS and ends != {"", "er"}


def _weight(form: str) -> float:
    return _LIGHT_WEIGHT if form in _LIGHT else 1.0


def _is_number(form: str) -> bool:
    return not form.isalpha() and any(map(str.isdecimal, form))
