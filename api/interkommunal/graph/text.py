"""The text of a source: evidence that is never edited.

Positions are code points, start inclusive and end exclusive, as the Web Annotation model counts them; lines are
1-based and end at line feeds alone, so that no exotic line separator shifts a number.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from interkommunal.errors import SourceError


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
