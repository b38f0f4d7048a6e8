"""The text of a source, with its lines, and the sentence around a quote.

Positions are code points; lines are 1-based and end before their line break.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from interkommunal.site.description.passages import Passage

# A full stop ends a sentence if white space and a capital follow, unless a number, an initial or a title stands before
# it (28.05.2010, 9. Juli, Dr. Scholz).
_END: Final = re.compile(
    r"(?<![0-9])(?<!\bDr)(?<!\bProf)(?<!\bSt)(?<!\b[A-Z])[.!?:][“”\"»)*]*(?=\s+[„“\"»(*]*[A-ZÄÖÜ])"
)
# Longest stretch of context shown on either side of a quote.
_MOST_CONTEXT: Final = 320


class QuoteInContext(NamedTuple):
    """A quote and the rest of its sentence; ``before`` and ``after`` may be empty."""

    before: str
    quote: str
    after: str


@dataclass(frozen=True)
class SourceText:
    """A text as the release holds it.

    Attributes:
        text: the whole text, letter for letter.
        starts: position at which each line begins.
    """

    text: str
    starts: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        starts = [0, *(match.end() for match in re.finditer("\n", self.text))]
        if starts[-1] == len(self.text) and len(starts) > 1:
            starts.pop()
        object.__setattr__(self, "starts", tuple(starts))

    @property
    def lines(self) -> int:
        """How many lines there are."""
        return len(self.starts)

    def span(self, line: int) -> tuple[int, int]:
        """Positions at which a line begins and ends."""
        start = self.starts[line - 1]
        end = self.starts[line] - 1 if line < len(self.starts) else len(self.text.rstrip("\n"))
        return start, max(start, end)

    def line_at(self, position: int) -> int:
        """The line that holds a position."""
        return bisect_right(self.starts, position)

    def in_context(self, passage: Passage) -> QuoteInContext | None:
        """A quote within its sentence; ``None`` if the text does not hold it there."""
        if self.text[passage.start : passage.end] != passage.exact or not passage.exact:
            return None
        first, _ = self.span(self.line_at(passage.start))
        _, last = self.span(self.line_at(passage.end - 1))
        before = _last_sentence(self.text[first : passage.start])
        after = _first_sentence(passage.exact, self.text[passage.end : last])
        return QuoteInContext(_cut_start(before), passage.exact, _cut_end(after))


def without_text(passage: Passage) -> QuoteInContext:
    """The best context there is where the text itself is not at hand: that of the selector, within the line."""
    before = passage.before.rpartition("\n")[2]
    after = passage.after.partition("\n")[0]
    return QuoteInContext(f"…{before}" if before.strip() else "", passage.exact, f"{after}…" if after.strip() else "")


def _last_sentence(before: str) -> str:
    ends = list(_END.finditer(f"{before}X"))
    return before[ends[-1].end() :].lstrip() if ends else before.lstrip()


def _first_sentence(quote: str, after: str) -> str:
    if re.search(r"[.!?]\W*$", quote) and re.match(r"\s+[„“\"»(*]*[A-ZÄÖÜ]", after):
        return ""
    found = _END.search(after)
    return after[: found.end()] if found else after.rstrip()


def _cut_start(text: str) -> str:
    return text if len(text) <= _MOST_CONTEXT else "…" + text[-_MOST_CONTEXT:].partition(" ")[2]


def _cut_end(text: str) -> str:
    return text if len(text) <= _MOST_CONTEXT else text[:_MOST_CONTEXT].rpartition(" ")[0] + "…"
