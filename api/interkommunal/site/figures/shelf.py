"""The shelf: publications as spines, parts in the slipcase of their whole, other kinds as what they are.

In go works in the order of their list, out comes SVG. On a wide page the spines stand, on a narrow one they lie, so
that their titles can be read. Works that may be one and the same stand under one bracket, hatched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    shelf = (_Standing if size is Size.WIDE else _Lying)(language, f"{identified(_NAME, size)}-hatching", doubt_href)
    parts = [part for group in groups for part in shelf.place(group)]
    width, height = shelf.extent()
    whole = max(width, size.value)
    description = "; ".join(", ".join(work.name for work in (*group.works, *group.parts)) for group in groups)
    drawn = [element("defs", hatching(shelf.pattern)), shelf.board(whole), *parts]
    return draw(_NAME, size, _TITLE.in_(language), f"{description}.", height, drawn, whole=whole)


class _Shelf:
    """How spines are placed and drawn; ``pattern`` is the hatching of what is in doubt."""

    def __init__(self, language: Language, pattern: str, doubt_href: str | None) -> None:
        self.language, self.pattern, self.doubt_href = language, pattern, doubt_href
        self.x, self.y = 14.0, 6.0

    def covered(self, box: dict[str, float], work: Work, *, hatched: bool) -> list[Markup]:
        """The ground of a spine or screen."""
        class_ = "shelf-screen" if not work.written else "shelf-spine shelf-part" if work.whole else "shelf-spine"
        parts = [element("rect", **box, rx=2 if work.written else 10, class_=class_)]
        return [*parts, element("rect", **box, rx=2, fill=f"url(#{self.pattern})")] if hatched else parts

    def bracket(self, steps: str, left: float, y: float) -> Markup:
        """The bracket around works that may be one, with a note above."""
        note = text(_ONE_OR_TWO.in_(self.language), left, y, class_="shelf-note")
        return link(self.doubt_href, element("path", d=steps, class_="shelf-bracket"), note, class_="shelf-doubt")


class _Standing(_Shelf):
    """Spines side by side on a board."""

    def extent(self) -> tuple[float, float]:
        """Width and height of everything."""
        return self.x + 14, _BOARD + 12

    def board(self, width: float) -> Markup:
        """The board."""
        return element("rect", x=0, y=_BOARD, width=width, height=8, class_="shelf-board")

    def place(self, group: ShelfGroup) -> Iterator[Markup]:
        """The spines of a group."""
        start = self.x
        for work in group.works:
            yield self._spine(work, _SPINE, hatched=group.doubt) if work.written else self._screen(work)
        if group.parts:
            inner = self.x
            for part in group.parts:
                yield self._spine(part, _BOOKLET)
            steps = f"M{number(inner - 3)} {number(_BOARD - _BOOKLET - 14)}H{number(self.x - 1)}V{number(_BOARD)}"
            yield element("path", d=steps, class_="shelf-case")
        if group.doubt:
            steps = f"M{number(start)} {number(_HEAD - 2)}v-6H{number(self.x - 4)}v6"
            yield self.bracket(steps, start, _HEAD - 15)
        self.x += 18

    def _spine(self, work: Work, height: float, *, hatched: bool = False) -> Markup:
        lines = wrap(work.name, height - (58 if work.position else 34), _SIZE, 4)
        thick = max(len(lines) * _LEADING + 16, 30.0)
        top = _BOARD - height
        box = {"x": self.x, "y": top, "width": thick, "height": height}
        parts = self.covered(box, work, hatched=hatched)
        middle = self.x + thick / 2
        if work.number:
            parts.append(text(work.number, middle, top + 24, text_anchor="middle", class_="shelf-number"))
        # Read from top to bottom, as titles on spines printed in English are; a German reader tilts the head the other
        # way just as easily, and lying books read the same.
        turned = text(lines, 0, 0, leading=_LEADING, class_="shelf-title")
        across, start = middle + (len(lines) - 1) * _LEADING / 2 - 4.5, top + (40 if work.number else 16)
        parts.append(element("g", turned, transform=f"translate({number(across)} {number(start)}) rotate(90)"))
        parts.append(element("rect", x=self.x, y=_BOARD - 10, width=thick, height=3, class_="shelf-band"))
        self.x += thick + 4
        return link(work.href, *parts, label=work.label, class_="shelf-work")

    def _screen(self, work: Work) -> Markup:
        """Something other than a book: a frame leaning there."""
        lines = wrap(work.name, 108, _SIZE)
        height = max(len(lines) * _LEADING + 62, 150.0)
        top = _BOARD - height
        frame = element("rect", x=self.x, y=top, width=128, height=height, rx=10, class_="shelf-screen")
        bar = element("path", d=f"M{number(self.x)} {number(top + 24)}h128", class_="shelf-screen")
        dots = [element("circle", cx=self.x + 14 + i * 11, cy=top + 12, r=3, class_="shelf-dot") for i in range(3)]
        kind = text(wrap(work.kind, 108, 11), self.x + 10, top + 42, leading=13, class_="shelf-kind")
        words = text(lines, self.x + 10, top + 72, leading=_LEADING, class_="shelf-words")
        self.x += 132
        return link(work.href, frame, bar, *dots, kind, words, label=work.label, class_="shelf-work")


class _Lying(_Shelf):
    """Spines in a pile, to be read without turning the head."""

    def extent(self) -> tuple[float, float]:
        """Width and height of everything."""
        return float(Size.NARROW.value), self.y + 6

    def board(self, width: float) -> Markup:
        """The board."""
        return element("rect", x=0, y=self.y - 6, width=width, height=6, class_="shelf-board")

    def place(self, group: ShelfGroup) -> Iterator[Markup]:
        """The spines of a group, one on the other."""
        if group.doubt:
            self.y += 20
        start = self.y
        for work in group.works:
            yield self._spine(work, 6 if not group.doubt else 18, hatched=group.doubt)
        for part in group.parts:
            yield self._spine(part, 28)
        if group.doubt:
            steps = f"M14 {number(start)}h-6V{number(self.y - 4)}h6"
            yield self.bracket(steps, 8, start - 7)
        self.y += 10

    def _spine(self, work: Work, left: float, *, hatched: bool = False) -> Markup:
        width = Size.NARROW.value - left - 4
        indent = 30.0 if work.number else 12.0
        lines = wrap(work.name, width - indent - 10, _SIZE)
        kind = 0 if work.written else 15
        box = {"x": left, "y": self.y, "width": width, "height": len(lines) * _LEADING + 14 + kind}
        parts = self.covered(box, work, hatched=hatched)
        if work.number:
            parts.append(text(work.number, left + 15, self.y + 20, text_anchor="middle", class_="shelf-number"))
        if kind:
            parts.append(text(work.kind, left + indent, self.y + 16, class_="shelf-kind"))
        title = "shelf-title" if work.written else "shelf-words"
        parts.append(text(lines, left + indent, self.y + 20 + kind, leading=_LEADING, class_=title))
        self.y += box["height"] + 4
        return link(work.href, *parts, label=work.label, class_="shelf-work")
