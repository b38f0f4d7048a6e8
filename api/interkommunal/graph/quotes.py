"""Finds the quote of a passage in the text, or says why it is not there.

In: a text, the passage's name, the quote and sometimes the words directly before it. Out: a :class:`Quote` with its
positions. People write quotes and never offsets, so the messages here are what they work with: they name the nearest
line, the first character that differs, or the places between which an ``oa:prefix`` has to choose.

The text of a source: evidence that is never edited.

Positions are code points, start inclusive and end exclusive, as the Web Annotation model counts them; lines are
1-based and end at line feeds alone, so that no exotic line separator shifts a number.

The Web Annotation selector of a quote: position and quote in one node, so that each checks the other.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from interkommunal.errors import QuoteError, SourceError
from interkommunal.graph.dataset import Place
from interkommunal.graph.passages import PassageName
from interkommunal.graph.terms import about, integer, named


@dataclass(frozen=True)
class SourceText:
    """A text and the arithmetic of its positions and lines."""

    text: str

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the UTF-8 bytes, in lower-case hexadecimal digits."""
        return sha256(self.text.encode()).hexdigest()

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines without their line feeds; line 1 is ``lines[0]``."""
        lines = self.text.split("\n")
        if lines[-1] == "":
            lines.pop()
        return tuple(lines)

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        starts = [0]
        for line in self.lines:
            starts.append(starts[-1] + len(line) + 1)
        return tuple(starts)

    def line(self, number: int) -> str:
        """Line ``number`` without its line feed."""
        return self.lines[number - 1]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Start and end position of the lines ``first`` to ``last``, without the last line feed."""
        return self._starts[first - 1], self._starts[last] - 1

    def line_at(self, position: int) -> int:
        """Number of the line that holds ``position``."""
        return min(bisect_right(self._starts, position), len(self.lines))

    def lines_between(self, start: int, end: int) -> range:
        """Numbers of the lines that the positions ``start`` (inclusive) to ``end`` (exclusive) touch."""
        return range(self.line_at(start), self.line_at(max(start, end - 1)) + 1)

    def occurrences(self, quote: str, start: int = 0, end: int | None = None) -> list[int]:
        """Start positions of ``quote`` between ``start`` and ``end``, overlapping ones included."""
        limit = len(self.text) if end is None else end
        found: list[int] = []
        position = self.text.find(quote, start, limit)
        while position >= 0:
            found.append(position)
            position = self.text.find(quote, position + 1, limit)
        return found


def read_text(path: Path, shown: Path | None = None) -> SourceText:
    """The text in the file ``path``; ``shown`` is its name in messages.

    Raises:
        SourceError: if it is missing, is not UTF-8, or has carriage returns (positions would differ by platform).
    """
    name = shown or path
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise SourceError("the text of the source is missing; put it there as UTF-8 with line feeds", name) from None
    except UnicodeDecodeError as error:
        raise SourceError(f"the text is not UTF-8 (byte {error.start}); save it as UTF-8", name) from None
    if "\r" in text:
        line = text.count("\n", 0, text.index("\r")) + 1
        raise SourceError("the text has carriage returns; save it with line feeds (LF) only", name, line)
    if text.startswith("\ufeff"):
        raise SourceError("the text starts with a byte order mark; save it as UTF-8 without one", name, 1)
    return SourceText(text)


# Code points of context on each side of a quote in the released selector.
CONTEXT = 32
# Characters of a quote shown in a message, and of what stands before a difference.
_SHOWN = 60
_BEFORE = 20
# A shared beginning of this length is no accident.
_TELLING = 5


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
        raise QuoteError(message, *place)
    if not exact.strip():
        raise QuoteError(f"{name.local}: the quote is empty; write the words it stands for", *place)
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
        message = _other_white_space(text, exact) or _nowhere(text, exact)
    raise QuoteError(f"{name.local}: {message}", *place)


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


def _other_white_space(text: SourceText, exact: str) -> str | None:
    match = re.search(r"\s+".join(re.escape(word) for word in exact.split()), text.text)
    if not match:
        return None
    quote, stands = exact.strip(), match.group()
    at = next((at for at, pair in enumerate(zip(quote, stands, strict=False)) if pair[0] != pair[1]), None)
    lines = text.lines_between(*match.span())
    where = PassageName("x", lines[0], lines[-1]).lines_part
    if at is None:
        return f"the quote stands in {where} without the white space around it; leave that out"
    return (
        f"the quote stands in {where} with other white space: after {_shown(stands[max(0, at - _BEFORE) : at])} it has "
        f"{_character(quote, at)}, the text has {_character(stands, at)}; a line break is written \\n"
    )


def _nowhere(text: SourceText, exact: str) -> str:
    first, last, window = _nearest(text, exact)
    lines = f"line {first}" if first == last else f"lines {first} to {last}"
    here, there = _first_difference(exact, window)
    behind = f", after {_shown(exact[max(0, here - _BEFORE) : here])}" if here else ""
    return (
        f"the quote is not in the text. Nearest is {lines}; the first difference is at character {here + 1} of the "
        f"quote: it has {_character(exact, here)}, the text has {_character(window, there)}{behind}"
    )


def _nearest(text: SourceText, exact: str) -> tuple[int, int, str]:
    """First line, last line and text of the lines that are most like ``exact``."""
    height = min(exact.count("\n") + 1, len(text.lines))
    windows = ["\n".join(text.lines[at : at + height]) for at in range(len(text.lines) - height + 1)]
    best = max(range(len(windows)), key=lambda at: _likeness(exact, windows[at]))
    return best + 1, best + height, windows[best]


def _first_difference(exact: str, window: str) -> tuple[int, int]:
    """Positions in the quote and in the lines at which the two part."""
    shared = bisect_left(range(1, len(exact) + 1), True, key=lambda length: exact[:length] not in window)
    if shared >= _TELLING:
        return shared, window.index(exact[:shared]) + shared
    # The quote is wrong from its beginning; where it would begin, only an alignment can say.
    aligned = fuzz.partial_ratio_alignment(exact, window)
    begin = aligned.dest_start if aligned and len(window) > len(exact) else 0
    near = window[begin : begin + len(exact)]
    step = next((step for step in Levenshtein.opcodes(exact, near) if step.tag != "equal"), None)
    return (step.src_start, begin + step.dest_start) if step else (len(near), begin + len(near))


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


def selector_quads(node: str, source: str, quote: Quote, graph: str) -> Iterator[Quad]:
    """The statements that tie ``node`` (a passage or a line) to its place in ``source``."""
    selector = f"{node}-selector"
    yield from about(
        node,
        graph,
        ("oa:hasSource", NamedNode(source)),
        ("oa:hasSelector", NamedNode(selector)),
        *(("ik:line", integer(line)) for line in quote.lines),
    )
    yield from about(
        selector,
        graph,
        ("rdf:type", named("oa:TextPositionSelector")),
        ("rdf:type", named("oa:TextQuoteSelector")),
        # Web Annotation says xsd:nonNegativeInteger; stores such as Oxigraph keep that as xsd:integer, and a dump and
        # an answer must agree.
        ("oa:start", integer(quote.start)),
        ("oa:end", integer(quote.end)),
        ("oa:exact", Literal(quote.exact)),
        ("oa:prefix", Literal(quote.prefix)),
        ("oa:suffix", Literal(quote.suffix)),
    )
