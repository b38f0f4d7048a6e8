"""What every figure is: a drawing for wide and for narrow pages with its legend, and the table that says the same.

A role or a state has a shape with its word beside it, so that nothing is told by colour alone.

A bar chart: one bar a row, its name before it and its number behind it, in the order of the answer.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from typing import Final, NamedTuple

from markupsafe import Markup

from interkommunal.site.figures.svg import NAMESPACE, element, link, number, path, text, width, wrap

# Shape of a role (slug of its concept), so that it can be told apart in black and white.
SHAPES: Final = {
    "role-first-signatory": "disc",
    "role-acceding-party": "ring",
    "role-party": "diamond",
    "role-signatory": "square",
    "role-negotiating-municipality": "triangle",
}
# Corners of the shapes that have any, in units of half their width.
_CORNERS: Final = {
    "diamond": ((0, -1), (1, 0), (0, 1), (-1, 0)),
    "triangle": ((0, -1), (1, 0.8), (-1, 0.8)),
    "square": ((-1, -1), (1, -1), (1, 1), (-1, 1)),
}
_LEGEND_SIZE: Final = 12.5


class Size(Enum):
    """For which page a figure is drawn. The value is the width in CSS pixels at which letters have their size."""

    WIDE = 880
    NARROW = 300


class Picture(NamedTuple):
    """A drawing for each width; empty where there is nothing to draw."""

    wide: Markup = Markup("")
    narrow: Markup = Markup("")

    @classmethod
    def of(cls, draw: Callable[[Size], Markup]) -> Picture:
        """What a function draws for each width."""
        return cls(draw(Size.WIDE), draw(Size.NARROW))


class TableCell(NamedTuple):
    """A value in the table of a figure.

    Attributes:
        text: what is shown.
        href: address of the page about it, or ``None``.
        language: language of the text if it is not that of the page (a quote).
    """

    text: str
    href: str | None = None
    language: str | None = None


def draw(
    name: str,
    size: Size,
    title: str,
    description: str,
    height: float,
    parts: Sequence[Markup],
    *,
    whole: float | None = None,
) -> Markup:
    """A drawing with its name and description for screen readers.

    With links in it, it is a group: the children of an image are out of reach for a screen reader (WAI-ARIA 1.2,
    "children presentational").

    Args:
        name: unique on the page; ids are made from it and the size.
        size: decides the width.
        title: short name.
        description: what there is to see, in one or two sentences.
        height: height of the drawing, in pixels.
        parts: what is drawn.
        whole: width of the drawing in pixels, if it is not that of the page.
    """
    identifier = identified(name, size)
    wide = size.value if whole is None else whole
    return element(
        "svg",
        element("title", title, id=f"{identifier}-title"),
        element("desc", description, id=f"{identifier}-description"),
        *parts,
        xmlns=NAMESPACE,
        viewBox=f"0 0 {wide:g} {height:g}",
        width=wide,
        height=height,
        class_=f"figure-drawing figure-{name}",
        role="group" if any("<a " in part for part in parts) else "img",
        aria_labelledby=f"{identifier}-title {identifier}-description",
    )


def identified(name: str, size: Size) -> str:
    """The beginning of all ids in a drawing: both widths are on one page."""
    return f"{name}-{size.name.lower()}"


def shape_of(role: str) -> str:
    """Name of the shape of a role."""
    return SHAPES.get(role, "square")


def mark(shape: str, x: float, y: float, size: float = 6) -> Markup:
    """A shape around the point; ``size`` is half its width.

    Shapes: ``disc``, ``ring``, ``diamond``, ``square``, ``triangle``, ``dash``, ``query`` (something is in doubt).
    """
    class_ = f"shape shape-{shape}"
    if shape in ("disc", "ring"):
        return element("circle", cx=x, cy=y, r=size - (shape == "ring"), class_=class_)
    if shape == "dash":
        return element("line", x1=x - size / 2, y1=y, x2=x + size / 2, y2=y, class_=class_)
    if shape == "query":
        return element("text", "?", x=x, y=y + size * 0.75, text_anchor="middle", class_=class_, aria_hidden="true")
    corners = _CORNERS.get(shape, _CORNERS["square"])
    return element("path", d=path(((x + size * i, y + size * j) for i, j in corners), closed=True), class_=class_)


def hatching(name: str) -> Markup:
    """A pattern of slanted lines, to be used as ``fill="url(#name)"``."""
    ground = element("rect", width=6, height=6, class_="hatch-ground")
    line = element("line", x1=0, y1=0, x2=0, y2=6, class_="hatch-line")
    turned = {"patternUnits": "userSpaceOnUse", "patternTransform": "rotate(45)"}
    return element("pattern", ground, line, id=name, width=6, height=6, **turned)


def legend(entries: Iterable[tuple[Markup, str]], x: float, y: float, limit: float) -> tuple[list[Markup], float]:
    """The entries side by side, in as many lines as they need.

    Args:
        entries: what is drawn (around the origin, 14 pixels wide) and what it means.
        x: where the lines begin.
        y: baseline of the first line.
        limit: width of a line.

    Returns:
        the elements and the height that they take.
    """
    parts: list[Markup] = []
    left, line = x, y
    for symbol, word in entries:
        needed = 24 + width(word, _LEGEND_SIZE)
        if left > x and left + needed > x + limit:
            left, line = x, line + 22
        parts.append(element("g", symbol, transform=f"translate({number(left + 7)} {number(line - 4.5)})"))
        parts.append(text(word, left + 22, line, class_="figure-legend"))
        left += needed + 20
    return parts, line - y + 22


def write_csv(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows as CSV (RFC 4180): a header, CRLF at the end of each line, quotes only where they are needed."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return stream.getvalue()


_LETTERS: Final = 13.0
_LEADING: Final = 16.0
_GAP: Final = 10.0
_BAR: Final = 18.0
# What the longest number behind a bar takes.
_NUMBER: Final = 52.0


class Bar(NamedTuple):
    """``name`` is ``value`` high; ``href`` is the address of its page."""

    name: str
    value: float
    shown: str
    href: str | None = None


def draw_chart(bars: Sequence[Bar], title: str, size: Size) -> Markup:
    """The chart as SVG; bars begin at zero.

    Args:
        bars: from top to bottom.
        title: what is counted.
        size: on a narrow page names stand above their bars.
    """
    wide = size is Size.WIDE
    left = size.value * 0.38 if wide else 0.0
    room = size.value - left - _NUMBER
    most = max((bar.value for bar in bars), default=0) or 1
    parts: list[Markup] = []
    y = 4.0
    for bar in bars:
        names = wrap(bar.name, (left - 12) if wide else size.value, _LETTERS, 3)
        block = len(names) * _LEADING
        height = max(_BAR, block) if wide else _BAR
        x, first, anchor = (
            (left - 10, y + (height - block + _LEADING) / 2 + _LETTERS * 0.36, "end")
            if wide
            else (0.0, y + _LETTERS, None)
        )
        label = text(names, x, first, leading=_LEADING, text_anchor=anchor, class_="chart-name")
        y += 0 if wide else block + 3
        length, top = max(1.0, room * max(0.0, bar.value) / most), y + (height - _BAR) / 2
        rectangle = element("rect", x=left, y=top, width=length, height=_BAR, class_="chart-bar")
        count = text(bar.shown, left + length + 6, top + _BAR * 0.72, class_="chart-number")
        parts.append(link(bar.href, label, rectangle, count, class_="chart-row"))
        y += height + _GAP
    words = "; ".join(f"{bar.name}: {bar.shown}" for bar in bars)
    return draw("chart", size, title, words, y, parts)
