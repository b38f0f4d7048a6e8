"""The shelf: publications as spines, parts in the slipcase of their whole, other kinds as what they are.

In go works in the order of their list, out comes SVG. On a wide page the spines stand, on a narrow one they lie, so
that their titles can be read. Works that may be one and the same stand under one bracket, hatched.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from markupsafe import Markup

from interkommunal.site.figures.figure import Size, draw, hatching, identified
from interkommunal.site.figures.svg import element, link, number, text, wrap
from interkommunal.texts import Language, Text

_NAME: Final = "shelf"
_TITLE: Final = Text("Shelf of publications")
_ONE_OR_TWO: Final = Text("one title or two?")
_SIZE: Final = 13.0
_LEADING: Final = 16.0
_SPINE: Final = 300.0
_BOOKLET: Final = 236.0
_HEAD: Final = 34.0
_BOARD: Final = _HEAD + _SPINE


Bracket = Callable[[str, float, float], Markup]


class Work(NamedTuple):
    """A publication.

    Attributes:
        key: by which parts and doubts name it.
        name: its title.
        kind: word for what it is (``Heft``).
        href: address of its page.
        written: whether it is something written; anything else (a web page, a film) is no spine.
        position: number in its list or whole, or ``None``.
        whole: key of the work that it is a part of, or ``None``.
        twin: key of the work that it may be the same as, or ``None``.
    """

    key: str
    name: str
    kind: str
    href: str | None
    written: bool = True
    position: int | None = None
    whole: str | None = None
    twin: str | None = None

    @property
    def number(self) -> str:
        """Its number within a whole; a number in a list is not printed on it."""
        return str(self.position) if self.position is not None and self.whole else ""

    @property
    def label(self) -> str:
        """The name of its link: what is written on it, and what it is."""
        if not self.written:
            return f"{self.kind} {self.name}"
        return f"{self.number} {self.name}, {self.kind}".lstrip()


class ShelfGroup(NamedTuple):
    """What belongs together: one work, a whole with its parts, or works that may be one (``doubt``)."""

    works: tuple[Work, ...]
    parts: tuple[Work, ...] = ()
    doubt: bool = False


def arrange(works: Sequence[Work]) -> list[ShelfGroup]:
    """The works in groups, in their order; a part goes with its whole, a twin with its twin."""
    known = {work.key: work for work in works}
    groups: list[ShelfGroup] = []
    placed: set[str] = set()
    for work in works:
        if work.key in placed or (work.whole in known and work.whole != work.key):
            continue
        twins = [other for other in works if other.twin == work.key or other.key == work.twin]
        parts = [other for other in works if other.whole == work.key]
        group = (work, *(other for other in twins if other.key not in placed and other.key != work.key))
        placed.update(item.key for item in (*group, *parts))
        groups.append(ShelfGroup(group, tuple(parts), doubt=len(group) > 1))
    return groups


def draw_shelf(works: Sequence[Work], language: Language, size: Size, doubt_href: str | None = None) -> Markup:
    """The shelf as SVG.

    Args:
        works: in the order of the list.
        language: of title and notes.
        size: on a narrow page the books lie.
        doubt_href: address of the page that explains what may be one title.
    """
    groups = arrange(works)
    pattern = f"{identified(_NAME, size)}-hatching"

    def bracket(steps: str, x: float, y: float) -> Markup:
        """Around works that may be one, with a note above."""
        note = text(_ONE_OR_TWO.in_(language), x, y, class_="shelf-note")
        return link(doubt_href, element("path", d=steps, class_="shelf-bracket"), note, class_="shelf-doubt")

    parts, wide, high = (_standing if size is Size.WIDE else _lying)(groups, pattern, bracket)
    whole = max(wide, size.value)
    y, thick = (_BOARD, 8) if size is Size.WIDE else (high - 12, 6)
    board = element("rect", x=0, y=y, width=whole, height=thick, class_="shelf-board")
    description = "; ".join(", ".join(work.name for work in (*group.works, *group.parts)) for group in groups)
    drawn = [element("defs", hatching(pattern)), board, *parts]
    return draw(_NAME, size, _TITLE.in_(language), f"{description}.", high, drawn, whole=whole)


def _standing(groups: Sequence[ShelfGroup], pattern: str, bracket: Bracket) -> tuple[list[Markup], float, float]:
    """Spines side by side, and width and height of everything."""
    parts: list[Markup] = []
    x = 14.0
    for group in groups:
        start = x
        for work in group.works:
            hatched = pattern if group.doubt else ""
            drawn, thick = _spine(work, x, _SPINE, hatched) if work.written else _screen(work, x)
            parts.append(drawn)
            x += thick + 4
        inner = x
        for part in group.parts:
            drawn, thick = _spine(part, x, _BOOKLET)
            parts.append(drawn)
            x += thick + 4
        if group.parts:
            steps = f"M{number(inner - 3)} {number(_BOARD - _BOOKLET - 14)}H{number(x - 1)}V{number(_BOARD)}"
            parts.append(element("path", d=steps, class_="shelf-case"))
        if group.doubt:
            steps = f"M{number(start)} {number(_HEAD - 2)}v-6H{number(x - 4)}v6"
            parts.append(bracket(steps, start, _HEAD - 15))
        x += 18
    return parts, x + 14, _BOARD + 12


def _lying(groups: Sequence[ShelfGroup], pattern: str, bracket: Bracket) -> tuple[list[Markup], float, float]:
    """Spines in a pile, to be read without turning the head, and width and height of everything."""
    parts: list[Markup] = []
    y = 6.0
    for group in groups:
        y += 20 if group.doubt else 0
        start = y
        for work in (*group.works, *group.parts):
            is_part = work in group.parts
            left = 28.0 if is_part else 18.0 if group.doubt else 6.0
            wide, indent = Size.NARROW.value - left - 4, 30.0 if work.number else 12.0
            lines, kind = wrap(work.name, wide - indent - 10, _SIZE), 0 if work.written else 15
            box = {"x": left, "y": y, "width": wide, "height": len(lines) * _LEADING + 14 + kind}
            drawn = _ground(box, work, pattern if group.doubt and not is_part else "")
            if work.number:
                drawn.append(text(work.number, left + 15, y + 20, text_anchor="middle", class_="shelf-number"))
            if kind:
                drawn.append(text(work.kind, left + indent, y + 16, class_="shelf-kind"))
            title = "shelf-title" if work.written else "shelf-words"
            drawn.append(text(lines, left + indent, y + 20 + kind, leading=_LEADING, class_=title))
            parts.append(link(work.href, *drawn, label=work.label, class_="shelf-work"))
            y += box["height"] + 4
        if group.doubt:
            parts.append(bracket(f"M14 {number(start)}h-6V{number(y - 4)}h6", 8, start - 7))
        y += 10
    return parts, Size.NARROW.value, y + 6


def _ground(box: dict[str, float], work: Work, hatched: str) -> list[Markup]:
    """The ground of a spine or screen; ``hatched`` is the pattern of what is in doubt, or empty."""
    class_ = "shelf-screen" if not work.written else "shelf-spine shelf-part" if work.whole else "shelf-spine"
    parts = [element("rect", **box, rx=2 if work.written else 10, class_=class_)]
    return [*parts, element("rect", **box, rx=2, fill=f"url(#{hatched})")] if hatched else parts


def _spine(work: Work, x: float, height: float, hatched: str = "") -> tuple[Markup, float]:
    """A standing spine, and how thick it is."""
    lines = wrap(work.name, height - (58 if work.position else 34), _SIZE, 4)
    thick = max(len(lines) * _LEADING + 16, 30.0)
    top, middle = _BOARD - height, x + thick / 2
    parts = _ground({"x": x, "y": top, "width": thick, "height": height}, work, hatched)
    if work.number:
        parts.append(text(work.number, middle, top + 24, text_anchor="middle", class_="shelf-number"))
    # Read from top to bottom, as titles on spines printed in English are; a German reader tilts the head the other
    # way just as easily, and lying books read the same.
    turned = text(lines, 0, 0, leading=_LEADING, class_="shelf-title")
    across, start = middle + (len(lines) - 1) * _LEADING / 2 - 4.5, top + (40 if work.number else 16)
    parts.append(element("g", turned, transform=f"translate({number(across)} {number(start)}) rotate(90)"))
    parts.append(element("rect", x=x, y=_BOARD - 10, width=thick, height=3, class_="shelf-band"))
    return link(work.href, *parts, label=work.label, class_="shelf-work"), thick


def _screen(work: Work, x: float) -> tuple[Markup, float]:
    """Something other than a book, a frame leaning there; and how wide it is."""
    lines = wrap(work.name, 108, _SIZE)
    height = max(len(lines) * _LEADING + 62, 150.0)
    top = _BOARD - height
    frame = element("rect", x=x, y=top, width=128, height=height, rx=10, class_="shelf-screen")
    bar = element("path", d=f"M{number(x)} {number(top + 24)}h128", class_="shelf-screen")
    dots = [element("circle", cx=x + 14 + i * 11, cy=top + 12, r=3, class_="shelf-dot") for i in range(3)]
    kind = text(wrap(work.kind, 108, 11), x + 10, top + 42, leading=13, class_="shelf-kind")
    words = text(lines, x + 10, top + 72, leading=_LEADING, class_="shelf-words")
    return link(work.href, frame, bar, *dots, kind, words, label=work.label, class_="shelf-work"), 128
