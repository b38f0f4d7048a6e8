"""A bar chart: one bar a row, its name before it and its number behind it, in the order of the answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from markupsafe import Markup

from interkommunal.site.figures.figure import Size, draw
from interkommunal.site.figures.svg import element, link, text, wrap

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
        height = max(_BAR, len(names) * _LEADING) if wide else _BAR
        length = max(1.0, room * max(0.0, bar.value) / most)
        if wide:
            first = y + height / 2 + _LETTERS * 0.36 - (len(names) - 1) * _LEADING / 2
            label = text(names, left - 10, first, leading=_LEADING, text_anchor="end", class_="chart-name")
        else:
            label = text(names, 0, y + _LETTERS, leading=_LEADING, class_="chart-name")
            y += len(names) * _LEADING + 3
        top = y + (height - _BAR) / 2
        rectangle = element("rect", x=left, y=top, width=length, height=_BAR, class_="chart-bar")
        number = text(bar.shown, left + length + 6, top + _BAR * 0.72, class_="chart-number")
        parts.append(link(bar.href, label, rectangle, number, class_="chart-row"))
        y += height + _GAP
    words = "; ".join(f"{bar.name}: {bar.shown}" for bar in bars)
    return draw("chart", size, title, words, y, parts)
