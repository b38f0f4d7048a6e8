"""Finds the quote of a passage in the text, or says why it is not there.

In: a text, the passage's name, the quote and sometimes the words directly before it. Out: a :class:`Quote` with its
positions. People write quotes and never offsets, so the messages here are what they work with: they name the nearest
line, the first character that differs, or the places between which an ``oa:prefix`` has to choose.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from interkommunal.errors import QuoteError
from interkommunal.graph.passages import PassageName
from interkommunal.graph.places import Place
from interkommunal.graph.text import SourceText

# Code points of context on each side of a quote in the released selector.
CONTEXT = 32
_SHOWN = 60


@dataclass(frozen=True)
class Quote:
    """A quote at its place: code points ``start`` (inclusive) to ``end`` (exclusive), with the text around it."""

    start: int
    end: int
    exact: str
    prefix: str
    suffix: str
    lines: range


def quote_at(text: SourceText, start: int, end: int) -> Quote:
    """The quote from ``start`` to ``end`` with :data:`CONTEXT` code points on each side."""
    body = text.text
    around = body[max(0, start - CONTEXT) : start], body[end : end + CONTEXT]
    return Quote(start, end, body[start:end], *around, text.lines_between(start, end))


def resolve(text: SourceText, name: PassageName, exact: str, prefix: str | None, place: Place) -> Quote:
    """The one place where ``exact`` (directly after ``prefix``, if given) stands in the lines that ``name`` names.

    Raises:
        QuoteError: if there is none or more than one; its file and line are those of ``place``.
    """
    if name.last > len(text.lines):
        message = f"{name.local} is beyond the text, which has {len(text.lines)} lines"
        raise QuoteError(message, place.file, place.line)
    if not exact.strip():
        raise QuoteError(f"{name.local}: the quote is empty; write the words it stands for", place.file, place.line)
    start, end = text.span(name.first, name.last)
    found = text.occurrences(exact, start, end)
    chosen = [at for at in found if prefix is None or text.text.endswith(prefix, 0, at)]
    if len(chosen) == 1:
        return quote_at(text, chosen[0], chosen[0] + len(exact))
    if len(chosen) > 1:
        message = _ambiguous(text, exact, chosen, prefix)
    elif found:
        message = _wrong_prefix(text, prefix or "", found)
    elif elsewhere := text.occurrences(exact):
        message = _elsewhere(text, exact, elsewhere)
    else:
        message = _nowhere(text, exact)
    raise QuoteError(f"{name.local}: {message}", place.file, place.line)


def _ambiguous(text: SourceText, exact: str, found: list[int], prefix: str | None) -> str:
    if prefix is not None:
        return f"the quote still stands {len(found)} times after oa:prefix {_shown(prefix)}; make the prefix longer"
    places = " or ".join(
        f"{at} (line {text.line_at(at)}) with oa:prefix {_shown(_telling_prefix(text, at, found))}" for at in found
    )
    return f"the quote {_shown(exact)} stands {len(found)} times there; choose one: position {places}"


def _telling_prefix(text: SourceText, at: int, found: list[int]) -> str:
    """The shortest text before ``at``, from a word's beginning, that no other occurrence has before it."""
    for length in range(1, at + 1):
        prefix = text.text[at - length : at]
        unique = not any(text.text.endswith(prefix, 0, other) for other in found if other != at)
        at_word = at == length or text.text[at - length - 1].isspace()
        if unique and at_word and not prefix.isspace():
            return prefix
    return text.text[:at]


def _wrong_prefix(text: SourceText, prefix: str, found: list[int]) -> str:
    befores = " or ".join(_shown(text.text[max(0, at - max(len(prefix), 20)) : at]) for at in found)
    return f"oa:prefix {_shown(prefix)} does not stand directly before the quote; there stands {befores}"


def _elsewhere(text: SourceText, exact: str, found: list[int]) -> str:
    names = []
    for at in found:
        lines = text.lines_between(at, at + len(exact))
        names.append(PassageName("x", lines[0], lines[-1]).lines_part)
    return f"the quote stands in other lines: {' and '.join(dict.fromkeys(names))}; name the passage after them"


def _nowhere(text: SourceText, exact: str) -> str:
    first, last, near = _nearest(text, exact)
    lines = f"line {first}" if first == last else f"lines {first} to {last}"
    difference = next(
        (step for step in Levenshtein.opcodes(exact, near) if step.tag != "equal"),
        None,
    )
    if difference is None:
        return f"the quote is not in the text; nearest is {lines}"
    here, there = difference.src_start, difference.dest_start
    return (
        f"the quote is not in the text. Nearest is {lines}; the first difference is at character {here + 1} of the "
        f"quote: it has {_character(exact, here)}, the text has {_character(near, there)}, "
        f"after {_shown(exact[max(0, here - 20) : here])}"
    )


def _nearest(text: SourceText, exact: str) -> tuple[int, int, str]:
    """First line, last line and the stretch of text that is most like ``exact``."""
    height = min(exact.count("\n") + 1, len(text.lines))
    windows = ["\n".join(text.lines[at : at + height]) for at in range(len(text.lines) - height + 1)]
    best = max(range(len(windows)), key=lambda at: _likeness(exact, windows[at]))
    window = windows[best]
    if len(window) > len(exact) and (aligned := fuzz.partial_ratio_alignment(exact, window)):
        window = window[aligned.dest_start : aligned.dest_end]
    return best + 1, best + height, window


def _likeness(exact: str, window: str) -> tuple[float, float]:
    """How like the quote a stretch is: the partial ratio finds a phrase inside a long line, but a line shorter than the
    quote would match by a part of it alone and counts for as much of the quote as it could cover.
    """
    covered = min(1.0, len(window.strip()) / len(exact))
    return fuzz.partial_ratio(exact, window) * covered, fuzz.ratio(exact, window)


def _character(text: str, at: int) -> str:
    if at >= len(text):
        return "nothing more"
    character = text[at]
    name = unicodedata.name(character, "control character").lower()
    return f"{character!r} (U+{ord(character):04X} {name})"


def _shown(text: str) -> str:
    """``text`` in TriG spelling, cut to a length for a message."""
    cut = text if len(text) <= _SHOWN else f"{text[: _SHOWN // 2]}…{text[-_SHOWN // 2 :]}"
    escaped = cut.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
