"""The timeline: exact days as points, years as bars of a year, open bounds as bars that fade.

In go lanes with their datings, out comes SVG. The axis begins with the first year of the data and ends a while after
the last one if something is open at its end, so that there is room to fade; nothing is drawn where nothing is known.
"""

from __future__ import annotations

import calendar
import math
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

from markupsafe import Markup

from interkommunal.dates import date_in_words
from interkommunal.graph.edtf import Bounds, Form
from interkommunal.site.figures.figure import Size, draw, identified, legend, mark
from interkommunal.site.figures.svg import element, link, text, width, wrap
from interkommunal.texts import Language, Text

_BAR: Final = 12.0
_NAME_SIZE: Final = 13.0
_WORDS_SIZE: Final = 11.5
_LEADING: Final = 16.0
_STEPS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500)
# How long a bar with an approximate bound takes to fade, in pixels.
_ABOUT: Final = 16.0

_TITLE: Final = Text("Timeline")
_DESCRIPTION: Final = Text("{count} entries, from “{first}” ({first_date}) to “{last}” ({last_date}).")
_INFERRED: Final = Text("inferred")


class TimelineMark(NamedTuple):
    """A time in a lane, and whether it is stated or inferred by the editors."""

    dating: Bounds
    inferred: bool = False


class Lane(NamedTuple):
    """One thing in time.

    Attributes:
        name: what it is called.
        href: address of its page.
        marks: its times; two if two passages are not equally exact.
    """

    name: str
    href: str | None
    marks: tuple[TimelineMark, ...]

    def in_words(self, language: Language) -> str:
        """Its times for people, each with a note if it is inferred."""
        note = f" ({_INFERRED.in_(language)})"
        return "; ".join(
            date_in_words(dating.written, language) + (note if inferred else "") for dating, inferred in self.marks
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

    def start(self, day: date | None) -> float:
        """Where a day begins; an open beginning is the left end."""
        return self.left if day is None else self._at(day, 0)

    def end(self, day: date | None) -> float:
        """Where a day ends; an open end is the right one."""
        return self.right if day is None else self._at(day, 1)

    def _at(self, day: date, more: int) -> float:
        passed = ((day - date(day.year, 1, 1)).days + more) / (366 if calendar.isleap(day.year) else 365)
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
        size: on a narrow page the name is above its bar, not beside it.
        name: unique on the page.
    """
    wide = size is Size.WIDE
    identifier = identified(name, size)
    names = 300.0 if wide else 0.0
    axis = Axis(*axis_years(lanes), names + 8, size.value - 8)
    parts: list[Markup] = []
    y = 30.0
    for lane in lanes:
        lines = wrap(lane.name, names - 16 if wide else size.value - 16, _NAME_SIZE)
        block = len(lines) * _LEADING
        words_x, place = _place(lane, axis, language)
        below = 14.0 if place == "below" else 0.0
        height = max(block, 18.0 + below) + 14 if wide else block + 30 + below
        middle = y + (height - below) / 2 if wide else y + block + 13
        x, first_line, anchor = (names - 8, y + (height - block) / 2 + 12.5, "end") if wide else (8.0, y + 14, None)
        named = text(lines, x, first_line, leading=_LEADING, text_anchor=anchor, class_="timeline-name")
        marks = [
            drawn
            for item in sorted(lane.marks, key=lambda item: item.dating.form is Form.DAY)
            for drawn in _mark(item, axis, middle, identifier)
        ]
        drop, anchor = (20.0, None) if below else (4.0, "end" if place == "left" else None)
        words = text(lane.in_words(language), words_x, middle + drop, text_anchor=anchor, class_="timeline-words")
        parts.append(link(lane.href, named, *marks, words, class_="timeline-lane"))
        y += height
    grid = []
    for year in axis.ticks():
        x = axis.left + (year - axis.first) * axis.year
        late = x + width(str(year), _WORDS_SIZE) > axis.right
        grid.append(element("line", x1=x, y1=24, x2=x, y2=y, class_="timeline-grid"))
        anchor = "end" if late else None
        grid.append(text(str(year), axis.right if late else x, 16, text_anchor=anchor, class_="timeline-year"))
    # The gradients: from nothing to full and back, for what is stated and for what is inferred.
    fades = []
    for kind in ("", "-inferred"):
        for fade, ends in (("fall", ("full", "none")), ("rise", ("none", "full"))):
            stops = (element("stop", offset=str(i), class_=f"fade-{end}{kind}") for i, end in enumerate(ends))
            fades.append(element("linearGradient", *stops, id=f"{identifier}-{fade}{kind}"))
    explained, taken = legend(_entries(lanes, language, identifier), 8, y + 26, size.value - 16)
    first, last = lanes[0], lanes[-1]
    description = _DESCRIPTION.in_(language).format(
        count=len(lanes),
        first=first.name,
        first_date=first.in_words(language),
        last=last.name,
        last_date=last.in_words(language),
    )
    drawn = [element("defs", *fades), *grid, *parts, *explained]
    return draw(name, size, _TITLE.in_(language), description, y + 26 + taken, drawn)


def _place(lane: Lane, axis: Axis, language: Language) -> tuple[float, str]:
    """The place of the words of a lane: ``right`` or ``left`` of its marks, or ``below`` if neither has room."""
    extents = [
        (axis.start(dating.earliest) - around, axis.end(dating.latest) + around)
        for dating, _ in lane.marks
        for around in (6 if dating.form is Form.DAY else 0,)
    ]
    first, last = min(left for left, _ in extents), max(right for _, right in extents)
    needed = width(lane.in_words(language), _WORDS_SIZE)
    if last + 8 + needed <= axis.right:
        return last + 8, "right"
    if first - 8 - needed >= axis.left:
        return first - 8, "left"
    return max(min(first, axis.right - needed), axis.left), "below"


def _mark(item: TimelineMark, axis: Axis, y: float, identifier: str) -> Iterator[Markup]:
    dating = item.dating
    state, kind = ("timeline-inferred", "-inferred") if item.inferred else ("timeline-stated", "")
    left, right = axis.start(dating.earliest), axis.end(dating.latest)

    def bar(start: float, end: float, class_: str, **more: str | float) -> Markup:
        high = {"y": y - _BAR / 2, "width": max(end - start, 2), "height": _BAR}
        return element("rect", x=start, **high, **more, class_=class_)

    if dating.form is Form.DAY:
        yield mark("disc", (left + right) / 2, y, 5.5)
        return
    start = 0.0 if dating.earliest is None else _ABOUT if dating.about_start else None
    end = 0.0 if dating.latest is None else _ABOUT if dating.about_end else None
    if start is None and end is None:
        yield bar(left, right, f"timeline-bar {state}", rx=3)
        return
    inner_left, inner_right = left, right
    if start is not None:
        inner_left = (left + right) / 2 if start == 0 else min(left + _ABOUT, right)
        yield bar(left - start, inner_left, state, fill=f"url(#{identifier}-rise{kind})")
    if end is not None:
        inner_right = left if end == 0 and dating.form is Form.MOMENT else max(right - _ABOUT, inner_left)
        yield bar(inner_right, right, state, fill=f"url(#{identifier}-fall{kind})")
    if inner_right > inner_left:
        yield bar(inner_left, inner_right, f"timeline-bar {state}")
    if (dating.earliest is None) != (dating.latest is None):  # the one bound that is known, if it is exact
        about, x = (dating.about_end, right) if dating.earliest is None else (dating.about_start, left)
        if not about:
            yield element("line", x1=x, y1=y - 9, x2=x, y2=y + 9, class_="timeline-bound")


def _entries(lanes: Sequence[Lane], language: Language, identifier: str) -> list[tuple[Markup, str]]:
    marks = [item for lane in lanes for item in lane.marks]
    forms = {item.dating.form for item in marks}
    is_open = any(
        None in (dating.earliest, dating.latest) or dating.about_start or dating.about_end for dating, _ in marks
    )

    def box(class_: str, **more: str | float) -> Markup:
        return element("rect", x=-8, y=-5, height=10, **more, class_=class_)

    stated, inferred = "timeline-bar timeline-stated", "timeline-bar timeline-inferred"
    fade = box("timeline-stated", width=20, fill=f"url(#{identifier}-fall)")
    entries = (
        (Form.DAY in forms, mark("disc", 0, 0, 5), Text("exact day")),
        (Form.SPAN in forms, box(stated, width=11, rx=2), Text("some time in that year")),
        (Form.PERIOD in forms, box(stated, width=18, rx=2), Text("period")),
        (is_open, fade, Text("bound open or approximate")),
        (any(item.inferred for item in marks), box(inferred, width=18), Text("inferred, not stated")),
    )
    return [(symbol, word.in_(language)) for needed, symbol, word in entries if needed]
