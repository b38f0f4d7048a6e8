"""What of a text matches a search, and which piece of a long text to show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from interkommunal.release.folding import forms, words

_LONGEST: Final = 260
_BEFORE: Final = 90
# Inside a word only as much counts as the index can find there.
_PART: Final = 3


class Segment(NamedTuple):
    """A piece of a text, and whether it matches."""

    text: str
    match: bool


def highlighted(text: str, wanted: Sequence[Sequence[str]]) -> tuple[Segment, ...]:
    """The text in pieces; whole words match if they contain one of the wanted forms."""
    segments: list[Segment] = []
    end = 0
    for word in words(text):
        its = forms(word.text)
        if any(_fits(form, mine) for alternatives in wanted for form in alternatives for mine in its):
            if word.start > end:
                segments.append(Segment(text[end : word.start], False))
            segments.append(Segment(word.text, True))
            end = word.end
    if end < len(text):
        segments.append(Segment(text[end:], False))
    return tuple(segments)


def excerpt(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """The piece of a long text around its first match, with an ellipsis where something is left out."""
    if sum(len(segment.text) for segment in segments) <= _LONGEST:
        return tuple(segments)
    first = next((i for i, segment in enumerate(segments) if segment.match), 0)
    kept: list[Segment] = []
    if first > 0:
        before = segments[first - 1].text
        whole = first == 1 and len(before) <= _BEFORE
        kept.append(Segment(before if whole else f"… {_from_word(before[-_BEFORE:])}", False))
    room = _LONGEST - sum(len(segment.text) for segment in kept)
    for segment in segments[first:]:
        if len(segment.text) > room:
            kept.append(Segment(f"{_to_word(segment.text[: max(room, 0)])} …", False))
            return tuple(kept)
        kept.append(segment)
        room -= len(segment.text)
    return tuple(kept)


def _fits(form: str, mine: str) -> bool:
    return mine.startswith(form) or (len(form) >= _PART and form in mine)


def _from_word(text: str) -> str:
    return text.partition(" ")[2] or text


def _to_word(text: str) -> str:
    return text.rpartition(" ")[0] or text
