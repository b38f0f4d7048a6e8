"""How wide a text will be, and where to break it: SVG breaks no lines by itself.

The widths are those of Fira Sans, rounded up, so that a fallback font of usual width fits too.
"""

from __future__ import annotations

import re
from typing import Final

# Advance of a character in units of the font size, by group; all others count as a wide small letter.
_ADVANCE: Final = {
    **dict.fromkeys("ijl.,:;'’|!", 0.28),
    **dict.fromkeys('ftr()[]I „“”"·/-', 0.36),
    **dict.fromkeys("mwMW—…", 0.88),
    **dict.fromkeys("ABCDEFGHJKLNOPQRSTUVXYZÄÖÜ&", 0.65),
    **dict.fromkeys("sczkxvJ?", 0.51),
}
_USUAL: Final = 0.57
_ELLIPSIS: Final = "…"
# Where a word may be parted when it is too long for a line: after a hyphen or dash that it has.
_JOINT: Final = re.compile(r"(?<=[-–—/.+])(?=\w)")


def width(text: str, size: float) -> float:
    """Width of ``text`` on one line, in the unit of ``size``."""
    return sum(_ADVANCE.get(character, _USUAL) for character in text) * size


def wrap(text: str, limit: float, size: float, lines: int | None = None) -> tuple[str, ...]:
    """``text`` in lines of at most ``limit``.

    A word wider than that is parted at its hyphens, else letter by letter. With ``lines`` the rest is cut and an
    ellipsis says so.
    """
    rows: list[str] = []
    current = ""
    for word in text.split():
        for piece, glue in _pieces(word, limit, size):
            candidate = f"{current}{glue}{piece}" if current else piece
            if width(candidate, size) <= limit:
                current = candidate
            else:
                if current:
                    rows.append(current)
                current = piece
    rows.append(current)
    if lines is None or len(rows) <= lines:
        return tuple(rows)
    return (*rows[: lines - 1], _cut(rows[lines - 1], limit, size))


def _pieces(word: str, limit: float, size: float) -> list[tuple[str, str]]:
    """The parts of a word with what stands before each: a space before the first, nothing before the others."""
    if width(word, size) <= limit:
        return [(word, " ")]
    pieces: list[tuple[str, str]] = []
    for joint in _JOINT.split(word):
        rest = joint
        while width(rest, size) > limit and len(rest) > 1:
            count = next(i for i in range(len(rest), 0, -1) if i == 1 or width(rest[:i], size) <= limit)
            pieces.append((rest[:count], ""))
            rest = rest[count:]
        pieces.append((rest, ""))
    return [(pieces[0][0], " "), *pieces[1:]]


def _cut(text: str, limit: float, size: float) -> str:
    while text and width(f"{text}{_ELLIPSIS}", size) > limit:
        text = text[:-1]
    return f"{text.rstrip()}{_ELLIPSIS}"
