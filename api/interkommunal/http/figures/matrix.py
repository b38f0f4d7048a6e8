"""The matrix: who takes part in what, in which role, since when, and what the signature block shows.

Rows are cities, columns are agreements and, hatched, the signature blocks of their texts. Each cell has a mark, the
word for the role and the date or bound beneath; a cell without anything says that the source does not name the city.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from interkommunal.http.figures.figure import Size, draw
from interkommunal.http.figures.lettering import wrap
from interkommunal.http.figures.marks import Entry, hatching, legend, mark, shape_of
from interkommunal.http.figures.svg import element, link, text
from interkommunal.http.language import Language, Text

_TITLE: Final = Text("Städte und Vereinbarungen", "Cities and agreements")
_NOT_NAMED: Final = Text("nicht genannt", "not named")
_DOUBT: Final = Text("im Widerspruch", "in conflict")
_HEAD_SIZE: Final = 13.0
_WORD_SIZE: Final = 12.0
_LEADING: Final = 15.0


@dataclass(frozen=True, slots=True)
class Column:
    """An agreement, or the signature block of its text (``block``).

    Attributes:
        key: by which cells name it.
        name: full name; ``short`` is what a narrow page shows (``2010``).
        href: address of its page.
        block: whether it is a signature block.
    """

    key: str
    name: str
    short: str
    href: str | None
    block: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A city."""

    key: str
    name: str
    href: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """What a city is in an agreement.

    Attributes:
        line, column: keys.
        role: slug of the concept of the role, or ``entry`` in a signature block; ``word`` is the word for it.
        time: date or bound, in words; empty if there is none.
        href: address of the participation or signature entry.
        doubt: whether the passage is in conflict with another.
    """

    line: str
    column: str
    role: str
    word: str
    time: str
    href: str | None
    doubt: bool = False


def draw_matrix(
    columns: Sequence[Column],
    lines: Sequence[Line],
    parts: Sequence[Part],
    language: Language,
    size: Size,
    name: str = "matrix",
) -> Markup:
    """The matrix as SVG, rows and columns in the order given.

    Args:
        columns: agreements and signature blocks.
        lines: cities.
        parts: what stands in the cells; at most one a cell.
        language: of title, legend and empty cells.
        size: a narrow page has short column names, and marks whose words stand in the legend.
        name: unique on the page.
    """
    wide = size is Size.WIDE
    identifier = f"{name}-{size.name.lower()}"
    left = 160.0 if wide else 104.0
    step = (size.value - left) / max(len(columns), 1)
    cells = {(part.line, part.column): part for part in parts}
    heads, top = _heads(columns, left, step, wide=wide)
    row = 54.0 if wide else 38.0
    body: list[Markup] = []
    for i, line in enumerate(lines):
        y = top + i * row
        body.append(element("line", x1=0, y1=y, x2=size.value, y2=y, class_="matrix-rule"))
        name_lines = wrap(line.name, left - 12, _HEAD_SIZE)
        first = y + row / 2 + 4.5 - (len(name_lines) - 1) * _LEADING / 2
        body.append(
            link(line.href, text(name_lines, 4, first, leading=_LEADING, class_="matrix-name"), class_="matrix-line")
        )
        for j, column in enumerate(columns):
            x = left + j * step
            part = cells.get((line.key, column.key))
            body.append(_cell(part, line, column, x, y, step, row, language, wide=wide))
    bottom = top + len(lines) * row
    grounds = [
        element("rect", x=left + j * step, y=0, width=step, height=bottom, fill=f"url(#{identifier}-hatching)",
                class_="matrix-block")
        for j, column in enumerate(columns)
        if column.block
    ]  # fmt: skip
    closing = element("line", x1=0, y1=bottom, x2=size.value, y2=bottom, class_="matrix-rule")
    explained, taken = legend(_entries(parts, columns, lines, language), 8, bottom + 26, size.value - 16)
    description = Text(
        f"{len(lines)} Städte und {len(columns)} Spalten; {len(parts)} Felder sind belegt.",
        f"{len(lines)} cities and {len(columns)} columns; {len(parts)} cells are filled.",
    ).in_(language)
    return draw(
        identifier, _TITLE.in_(language), description, size.value, bottom + 26 + taken,
        [element("defs", hatching(f"{identifier}-hatching")), *grounds, *heads, *body, closing, *explained],
        links=True,
    )  # fmt: skip


def _heads(columns: Sequence[Column], left: float, step: float, *, wide: bool) -> tuple[list[Markup], float]:
    wrapped = [wrap(column.name if wide else column.short, step - 14, _HEAD_SIZE) for column in columns]
    deepest = max((len(lines) for lines in wrapped), default=1)
    heads = []
    for j, (column, lines) in enumerate(zip(columns, wrapped, strict=True)):
        x = left + j * step + 8
        y = 18 + (deepest - len(lines)) * _LEADING
        words = text(lines, x, y, leading=_LEADING, class_="matrix-head")
        heads.append(link(column.href, words, label=column.name, class_="matrix-column"))
    return heads, 18 + (deepest - 1) * _LEADING + 12


def _cell(
    part: Part | None,
    line: Line,
    column: Column,
    x: float,
    y: float,
    step: float,
    row: float,
    language: Language,
    *,
    wide: bool,
) -> Markup:
    middle = y + row / 2
    if part is None:
        words = [text(_NOT_NAMED.in_(language), x + 26, middle + 4.5, class_="matrix-empty")] if wide else []
        return element("g", mark("dash", x + 14, middle), *words)
    spoken = ", ".join(
        filter(None, (line.name, column.name, part.word, part.time, _DOUBT.in_(language) if part.doubt else ""))
    )
    shape = "square" if column.block else shape_of(part.role)
    drawn = [mark(shape, x + 14, middle - (8 if wide else 0))]
    if part.doubt:
        drawn.append(element("path", d=_zigzag(x + 2, y + 3, row - 6), class_="matrix-doubt"))
    if wide:
        lines = wrap(part.word, step - 32, _WORD_SIZE, 2)
        first = middle - 4 - (len(lines) - 1) * 7
        drawn.append(text(lines, x + 26, first, leading=14, class_="matrix-word"))
        under = part.time if not part.doubt else " · ".join(filter(None, (part.time, _DOUBT.in_(language))))
        below = wrap(under, step - 32, 11, 2) if under else ()
        if below:
            drawn.append(text(below, x + 26, first + len(lines) * 14 + 1, leading=13, class_="matrix-time"))
    elif part.doubt:
        drawn.append(mark("query", x + 30, middle, 8))
    area = element("rect", x=x, y=y, width=step, height=row, class_="matrix-cell")
    return link(part.href, area, *drawn, label=spoken, class_="matrix-part")


def _zigzag(x: float, y: float, height: float) -> str:
    """A jagged edge down the side of a cell in conflict."""
    steps = max(int(height // 6), 1)
    points = [(x + (3.0 if i % 2 else 0.0), y + i * height / steps) for i in range(steps + 1)]
    return "M" + "L".join(f"{px:.1f} {py:.1f}" for px, py in points)


def _entries(
    parts: Sequence[Part], columns: Sequence[Column], lines: Sequence[Line], language: Language
) -> list[Entry]:
    blocks = {column.key for column in columns if column.block}
    found: dict[str, str] = {}
    for part in parts:
        found.setdefault("square" if part.column in blocks else shape_of(part.role), part.word)
    entries = [Entry(mark(shape, 0, 0), word) for shape, word in found.items()]
    if any(part.doubt for part in parts):
        entries.append(
            Entry(element("path", d=_zigzag(-3, -8, 16), class_="matrix-doubt"), f"? {_DOUBT.in_(language)}")
        )
    if len(parts) < len(columns) * len(lines):
        entries.append(Entry(mark("dash", 0, 0), _NOT_NAMED.in_(language)))
    return entries
