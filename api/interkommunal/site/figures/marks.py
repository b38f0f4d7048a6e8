"""Small shapes that stand for a role or a state, each with its word: nothing is told by colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from interkommunal.site.figures.lettering import width
from interkommunal.site.figures.svg import element, number, path, text

# Shape of a role (slug of its concept), so that it can be told apart in black and white.
SHAPES: Final = {
    "role-first-signatory": "disc",
    "role-acceding-party": "ring",
    "role-party": "diamond",
    "role-signatory": "square",
    "role-negotiating-municipality": "triangle",
}
_OTHER: Final = "square"
_SIZE: Final = 12.5


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a legend: what is drawn (around the origin, 14 pixels wide) and what it means."""

    symbol: Markup
    word: str


def shape_of(role: str) -> str:
    """Name of the shape of a role."""
    return SHAPES.get(role, _OTHER)


def mark(shape: str, x: float, y: float, size: float = 6) -> Markup:
    """A shape around the point; ``size`` is half its width.

    Shapes: ``disc``, ``ring``, ``diamond``, ``square``, ``triangle``, ``dash``, ``query`` (something is in doubt).
    """
    class_ = f"shape shape-{shape}"
    if shape == "disc":
        return element("circle", cx=x, cy=y, r=size, class_=class_)
    if shape == "ring":
        return element("circle", cx=x, cy=y, r=size - 1, class_=class_)
    if shape == "dash":
        return element("line", x1=x - size / 2, y1=y, x2=x + size / 2, y2=y, class_=class_)
    if shape == "query":
        return element("text", "?", x=x, y=y + size * 0.75, text_anchor="middle", class_=class_, aria_hidden="true")
    corners = {
        "diamond": [(x, y - size), (x + size, y), (x, y + size), (x - size, y)],
        "triangle": [(x, y - size), (x + size, y + size * 0.8), (x - size, y + size * 0.8)],
    }.get(shape, [(x - size, y - size), (x + size, y - size), (x + size, y + size), (x - size, y + size)])
    return element("path", d=path(corners, closed=True), class_=class_)


def hatching(name: str) -> Markup:
    """A pattern of slanted lines, to be used as ``fill="url(#name)"``."""
    return element(
        "pattern",
        element("rect", width=6, height=6, class_="hatch-ground"),
        element("line", x1=0, y1=0, x2=0, y2=6, class_="hatch-line"),
        id=name,
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )


def legend(entries: Sequence[Entry], x: float, y: float, limit: float) -> tuple[list[Markup], float]:
    """The entries side by side, in as many lines as they need.

    Args:
        entries: what to explain.
        x: where the lines begin.
        y: baseline of the first line.
        limit: width of a line.

    Returns:
        the elements and the height that they take.
    """
    parts: list[Markup] = []
    left, line = x, y
    for entry in entries:
        needed = 24 + width(entry.word, _SIZE)
        if left > x and left + needed > x + limit:
            left, line = x, line + 22
        place = f"translate({number(left + 7)} {number(line - 4.5)})"
        parts.append(element("g", entry.symbol, transform=place))
        parts.append(text(entry.word, left + 22, line, class_="figure-legend"))
        left += needed + 20
    return parts, line - y + 22
