"""The matrix: who takes part in what, in which role, since when, and what the signature block shows.

Rows are cities, columns are agreements and, hatched, the signature blocks of their texts. Each cell has a mark, the
word for the role and the date or bound beneath; a cell without anything says that the source does not name the city.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from interkommunal.site.figures.figure import Size, draw
from interkommunal.site.figures.lettering import wrap
from interkommunal.site.figures.marks import Entry, hatching, legend, mark, shape_of
from interkommunal.site.figures.svg import element, link, text
from interkommunal.texts import Language, Text

_TITLE: Final = Text("Städte und Vereinbarungen", "Cities and agreements")
_NOT_NAMED: Final = Text("nicht genannt", "not named")
_IN_BLOCK: Final = Text("Eintrag im Unterschriftenblock", "entry in the signature block")
_DOUBT: Final = Text("im Widerspruch", "in conflict")
_HEAD_SIZE: Final = 13.0
_WORD_SIZE: Final = 12.0
_TIME_SIZE: Final = 11.0
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


@dataclass(frozen=True, slots=True)
class _Grid:
    """Sizes of the matrix, in pixels, and what its cells need to know."""

    language: Language
    wide: bool
    left: float
    step: float
    row: float
    doubtful: str  # name of the pattern for what is in doubt


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
    grid = _Grid(language, wide, left, step, 54.0 if wide else 38.0, f"{identifier}-doubt")
    heads, top = _heads(columns, grid)
    bottom = top + len(lines) * grid.row
    cells = {(part.line, part.column): part for part in parts}
    body = [
        drawn
        for i, line in enumerate(lines)
        for drawn in _line(line, columns, cells, top + i * grid.row, size.value, grid)
    ]
    blocks = [
        element(
            "rect",
            x=left + j * step,
            y=0,
            width=step,
            height=bottom,
            fill=f"url(#{identifier}-block)",
            class_="matrix-block",
        )
        for j, column in enumerate(columns)
        if column.block
    ]
    closing = element("line", x1=0, y1=bottom, x2=size.value, y2=bottom, class_="matrix-rule")
    explained, taken = legend(_entries(parts, columns, lines, grid), 8, bottom + 26, size.value - 16)
    patterns = element(
        "defs", hatching(f"{identifier}-block"), element("g", hatching(grid.doubtful), class_="doubt-hatching")
    )
    description = Text(
        f"{len(lines)} Städte und {len(columns)} Spalten; {len(parts)} Felder sind belegt.",
        f"{len(lines)} cities and {len(columns)} columns; {len(parts)} cells are filled.",
    ).in_(language)
    return draw(
        identifier,
        _TITLE.in_(language),
        description,
        size.value,
        bottom + 26 + taken,
        [patterns, *blocks, *heads, *body, closing, *explained],
        links=True,
    )


def _heads(columns: Sequence[Column], grid: _Grid) -> tuple[list[Markup], float]:
    """The names of the columns, standing on one line, and where the first row begins."""
    wrapped = [wrap(column.name if grid.wide else column.short, grid.step - 14, _HEAD_SIZE) for column in columns]
    deepest = max((len(lines) for lines in wrapped), default=1)
    heads = []
    for j, (column, lines) in enumerate(zip(columns, wrapped, strict=True)):
        y = 18 + (deepest - len(lines)) * _LEADING
        words = text(lines, grid.left + j * grid.step + 10, y, leading=_LEADING, class_="matrix-head")
        label = None if grid.wide else f"{column.short}: {column.name}"
        heads.append(link(column.href, words, label=label, class_="matrix-column"))
    return heads, 18 + (deepest - 1) * _LEADING + 12


def _line(
    line: Line, columns: Sequence[Column], cells: dict[tuple[str, str], Part], y: float, right: float, grid: _Grid
) -> Iterator[Markup]:
    yield element("line", x1=0, y1=y, x2=right, y2=y, class_="matrix-rule")
    names = wrap(line.name, grid.left - 12, _HEAD_SIZE)
    first = y + grid.row / 2 + 4.5 - (len(names) - 1) * _LEADING / 2
    yield link(line.href, text(names, 4, first, leading=_LEADING, class_="matrix-name"), class_="matrix-line")
    for j, column in enumerate(columns):
        x = grid.left + j * grid.step
        part = cells.get((line.key, column.key))
        if part is None:
            yield mark("dash", x + 18, y + grid.row / 2)
            if grid.wide:
                yield text(_NOT_NAMED.in_(grid.language), x + 30, y + grid.row / 2 + 4, class_="matrix-empty")
        else:
            yield _cell(part, line, column, x, y, grid)


def _cell(part: Part, line: Line, column: Column, x: float, y: float, grid: _Grid) -> Markup:
    middle = y + grid.row / 2
    doubt = _DOUBT.in_(grid.language) if part.doubt else ""
    under = " · ".join(filter(None, (part.time, doubt)))
    spoken = ", ".join((" ".join(filter(None, (part.word, under))), line.name, column.name))
    shape = _shape(part, column.block)
    drawn = [element("rect", x=x, y=y, width=grid.step, height=grid.row, class_="matrix-cell")]
    if part.doubt:
        drawn.append(element("rect", x=x, y=y + 2, width=6, height=grid.row - 4, fill=f"url(#{grid.doubtful})"))
    if grid.wide:
        words = wrap(part.word, grid.step - 36, _WORD_SIZE, 2)
        below = wrap(under, grid.step - 36, _TIME_SIZE, 2) if under else ()
        first = middle + 4 - (len(words) + len(below) - 1) * 7
        drawn.append(mark(shape, x + 18, first - 4))
        drawn.append(text(words, x + 30, first, leading=14, class_="matrix-word"))
        if below:
            drawn.append(text(below, x + 30, first + len(words) * 14 + 1, leading=13, class_="matrix-time"))
    else:
        drawn.append(mark(shape, x + 18, middle))
        if part.doubt:
            drawn.append(mark("query", x + 34, middle, 8))
    return link(part.href, *drawn, label=spoken, class_="matrix-part")


def _shape(part: Part, block: bool) -> str:
    return "square" if block else shape_of(part.role)


def _entries(parts: Sequence[Part], columns: Sequence[Column], lines: Sequence[Line], grid: _Grid) -> list[Entry]:
    blocks = {column.key for column in columns if column.block}
    found: dict[str, str] = {}
    for part in parts:
        block = part.column in blocks
        found.setdefault(_shape(part, block), _IN_BLOCK.in_(grid.language) if block else part.word)
    entries = [Entry(mark(shape, 0, 0), word) for shape, word in found.items()]
    if any(part.doubt for part in parts):
        edge = element("rect", x=-3, y=-8, width=6, height=16, fill=f"url(#{grid.doubtful})")
        word = _DOUBT.in_(grid.language)
        entries.append(Entry(edge, word if grid.wide else f"? {word}"))
    if len(parts) < len(columns) * len(lines):
        entries.append(Entry(mark("dash", 0, 0), _NOT_NAMED.in_(grid.language)))
    return entries
