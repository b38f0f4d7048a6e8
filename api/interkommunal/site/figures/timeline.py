"""The timeline: exact days as points, years as bars of a year, open bounds as bars that fade.

In go lanes with their datings, out comes SVG. The axis begins with the first year of the data and ends a while after
the last one if something is open at its end, so that there is room to fade; nothing is drawn where nothing is known.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from markupsafe import Markup

from interkommunal.dates import date_in_words
from interkommunal.graph.edtf import Bounds, Form
from interkommunal.site.figures.figure import Size, draw
from interkommunal.site.figures.lettering import width, wrap
from interkommunal.site.figures.marks import Entry, legend, mark
from interkommunal.site.figures.svg import element, link, text
from interkommunal.texts import Language, Text

_BAR: Final = 12.0
_NAME_SIZE: Final = 13.0
_WORDS_SIZE: Final = 11.5
_LEADING: Final = 16.0
_STEPS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500)
# How long a bar with an approximate bound takes to fade, in pixels.
_ABOUT: Final = 16.0

_TITLE: Final = Text("Zeitleiste", "Timeline")
_INFERRED: Final = Text("erschlossen", "inferred")
_LEGEND: Final = (
    ("day", Text("genauer Tag", "exact day")),
    ("span", Text("irgendwann in dem Jahr", "some time in that year")),
    ("period", Text("Zeitraum", "period")),
    ("open", Text("Grenze offen oder ungefähr", "bound open or approximate")),
    ("inferred", Text("erschlossen, nicht gesagt", "inferred, not stated")),
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A time in a lane, and whether it is stated or inferred by the editors."""

    dating: Bounds
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """One thing in time.

    Attributes:
        name: what it is called.
        kind: word for what it is (``Forum``).
        href: address of its page.
        marks: its times; two if two passages say it differently exactly.
    """

    name: str
    kind: str
    href: str | None
    marks: tuple[Mark, ...]

    def in_words(self, language: Language) -> str:
        """Its times for people, each with a note if it is inferred."""
        return "; ".join(
            date_in_words(item.dating.written, language) + (f" ({_INFERRED.in_(language)})" if item.inferred else "")
            for item in self.marks
        )


class Axis:
    """Days to pixels.

    Args:
        first: the year it begins with.
        last: the year it ends with, included.
        left: where it begins.
        right: where it ends.
    """

    def __init__(self, first: int, last: int, left: float, right: float) -> None:
        self.first, self.last, self.left, self.right = first, last, left, right
        self.year = (right - left) / (last - first + 1)

    def start(self, day: date) -> float:
        """Where a day begins."""
        passed = (day - date(day.year, 1, 1)).days / (366 if _leap(day.year) else 365)
        return min(max(self.left + (day.year - self.first + passed) * self.year, self.left), self.right)

    def end(self, day: date) -> float:
        """Where a day ends."""
        passed = ((day - date(day.year, 1, 1)).days + 1) / (366 if _leap(day.year) else 365)
        return min(max(self.left + (day.year - self.first + passed) * self.year, self.left), self.right)

    def ticks(self) -> Iterator[int]:
        """The years that are named, far enough apart to be read."""
        step = next((step for step in _STEPS if step * self.year >= 40), _STEPS[-1])
        yield from range(self.first, self.last + 1, step)


def axis_years(lanes: Sequence[Lane]) -> tuple[int, int]:
    """First and last year of the axis.

    If something is open at its end, the axis goes on for half as long as the known time: long enough to fade.
    """
    days = [day for lane in lanes for item in lane.marks for day in (item.dating.earliest, item.dating.latest) if day]
    first, last = min(days).year, max(days).year
    if any(item.dating.latest is None for lane in lanes for item in lane.marks):
        last += max(2, math.ceil((last - first) / 2))
    return first, last


def draw_timeline(lanes: Sequence[Lane], language: Language, size: Size, name: str = "timeline") -> Markup:
    """The timeline as SVG.

    Args:
        lanes: from top to bottom; at least one.
        language: of title, legend and dates.
        size: on a narrow page the name stands above its bar, not beside it.
        name: unique on the page.
    """
    wide = size is Size.WIDE
    identifier = f"{name}-{size.name.lower()}"
    names = 300.0 if wide else 0.0
    axis = Axis(*axis_years(lanes), names + 8, size.value - 8)
    parts: list[Markup] = []
    y = 30.0
    for lane in lanes:
        lines = wrap(lane.name, names - 16 if wide else size.value - 16, _NAME_SIZE)
        block = len(lines) * _LEADING
        below = 14.0 if _place(lane, axis, language)[1] == "below" else 0.0
        height = max(block, 18.0 + below) + 14 if wide else block + 30 + below
        middle = y + (height - below) / 2 if wide else y + block + 13
        first_line = y + (height - block) / 2 + 12.5 if wide else y + 14
        drawn = [
            text(lines, names - 8 if wide else 8, first_line, leading=_LEADING,
                 text_anchor="end" if wide else None, class_="timeline-name"),
            *_marks(lane, axis, middle, language, identifier),
        ]  # fmt: skip
        parts.append(link(lane.href, *drawn, class_="timeline-lane"))
        y += height
    explained, taken = legend(_entries(lanes, language, identifier), 8, y + 26, size.value - 16)
    first, last = lanes[0].in_words(language), lanes[-1].in_words(language)
    description = Text(
        f"{len(lanes)} Einträge, von „{lanes[0].name}“ ({first}) bis „{lanes[-1].name}“ ({last}).",
        f"{len(lanes)} entries, from “{lanes[0].name}” ({first}) to “{lanes[-1].name}” ({last}).",
    ).in_(language)
    grid = _grid(axis, y)
    return draw(
        identifier, _TITLE.in_(language), description, size.value, y + 26 + taken,
        [_fades(identifier), *grid, *parts, *explained], links=True,
    )  # fmt: skip


def _marks(lane: Lane, axis: Axis, y: float, language: Language, identifier: str) -> Iterator[Markup]:
    for item in sorted(lane.marks, key=lambda item: item.dating.form is Form.DAY):
        yield from _mark(item, axis, y, identifier)
    x, place = _place(lane, axis, language)
    drop, anchor = (20.0, None) if place == "below" else (4.0, "end" if place == "left" else None)
    yield text(lane.in_words(language), x, y + drop, text_anchor=anchor, class_="timeline-words")


def _place(lane: Lane, axis: Axis, language: Language) -> tuple[float, str]:
    """Where the words of a lane stand: ``right`` or ``left`` of its marks, or ``below`` them where neither has room."""
    extents = [_extent(item.dating, axis) for item in lane.marks]
    first, last = min(left for left, _ in extents), max(right for _, right in extents)
    needed = width(lane.in_words(language), _WORDS_SIZE)
    if last + 8 + needed <= axis.right:
        return last + 8, "right"
    if first - 8 - needed >= axis.left:
        return first - 8, "left"
    return max(min(first, axis.right - needed), axis.left), "below"


def _extent(dating: Bounds, axis: Axis) -> tuple[float, float]:
    left = axis.start(dating.earliest) if dating.earliest else axis.left
    right = axis.end(dating.latest) if dating.latest else axis.right
    return (left - 6, right + 6) if dating.form is Form.DAY else (left, right)


def _mark(item: Mark, axis: Axis, y: float, identifier: str) -> Iterator[Markup]:
    dating = item.dating
    class_ = "timeline-inferred" if item.inferred else "timeline-stated"
    kind = "-inferred" if item.inferred else ""
    left = axis.start(dating.earliest) if dating.earliest else axis.left
    right = axis.end(dating.latest) if dating.latest else axis.right
    if dating.form is Form.DAY:
        yield mark("disc", (left + right) / 2, y, 5.5)
        return
    start = 0.0 if dating.earliest is None else _ABOUT if dating.about_start else None
    end = 0.0 if dating.latest is None else _ABOUT if dating.about_end else None
    if start is None and end is None:
        yield _bar(left, right, y, f"timeline-bar {class_}", radius=3)
        return
    inner_left, inner_right = left, right
    if start is not None:
        inner_left = (left + right) / 2 if start == 0 else min(left + _ABOUT, right)
        yield _bar(left - (_ABOUT if start else 0), inner_left, y, class_, fill=f"url(#{identifier}-rise{kind})")
    if end is not None:
        inner_right = left if end == 0 and dating.form is Form.MOMENT else max(right - _ABOUT, inner_left)
        yield _bar(inner_right, right, y, class_, fill=f"url(#{identifier}-fall{kind})")
    if inner_right > inner_left:
        yield _bar(inner_left, inner_right, y, f"timeline-bar {class_}")
    if dating.earliest and not dating.about_start and dating.latest is None:
        yield element("line", x1=left, y1=y - 9, x2=left, y2=y + 9, class_="timeline-bound")
    if dating.latest and not dating.about_end and dating.earliest is None:
        yield element("line", x1=right, y1=y - 9, x2=right, y2=y + 9, class_="timeline-bound")


def _bar(
    left: float, right: float, y: float, class_: str, *, fill: str | None = None, radius: float | None = None
) -> Markup:
    return element(
        "rect", x=left, y=y - _BAR / 2, width=max(right - left, 2), height=_BAR, rx=radius, fill=fill, class_=class_
    )


def _grid(axis: Axis, bottom: float) -> list[Markup]:
    parts = []
    for year in axis.ticks():
        x = axis.left + (year - axis.first) * axis.year
        parts.append(element("line", x1=x, y1=24, x2=x, y2=bottom, class_="timeline-grid"))
        late = x + width(str(year), _WORDS_SIZE) > axis.right
        anchor = "end" if late else None
        parts.append(text(str(year), axis.right if late else x, 16, text_anchor=anchor, class_="timeline-year"))
    return parts


def _fades(identifier: str) -> Markup:
    """The gradients: from nothing to full and back, for what is stated and for what is inferred."""
    gradients = []
    for kind in ("", "-inferred"):
        none = f"fade-none{kind}"
        full = f"fade-full{kind}"
        for name, first, last in (("fall", full, none), ("rise", none, full)):
            stops = (element("stop", offset="0", class_=first), element("stop", offset="1", class_=last))
            gradients.append(element("linearGradient", *stops, id=f"{identifier}-{name}{kind}"))
    return element("defs", *gradients)


def _entries(lanes: Sequence[Lane], language: Language, identifier: str) -> list[Entry]:
    datings = [item.dating for lane in lanes for item in lane.marks]
    forms = {dating.form for dating in datings}
    opened = any(
        dating.earliest is None or dating.latest is None or dating.about_start or dating.about_end for dating in datings
    )
    needed = {
        "day": Form.DAY in forms,
        "span": Form.SPAN in forms,
        "period": Form.PERIOD in forms,
        "open": opened,
        "inferred": any(item.inferred for lane in lanes for item in lane.marks),
    }
    box = {"x": -8.0, "y": -5.0, "height": 10.0}
    symbols = {
        "day": mark("disc", 0, 0, 5),
        "span": element("rect", **box, width=11, rx=2, class_="timeline-bar timeline-stated"),
        "period": element("rect", **box, width=18, rx=2, class_="timeline-bar timeline-stated"),
        "open": element("rect", **box, width=20, fill=f"url(#{identifier}-fall)", class_="timeline-stated"),
        "inferred": element("rect", **box, width=18, class_="timeline-bar timeline-inferred"),
    }
    return [Entry(symbols[key], word.in_(language)) for key, word in _LEGEND if needed[key]]


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
