"""The matrix: who takes part in what, in which role, since when, and what the signature block shows.

Rows are cities, columns are agreements and, hatched, the signature blocks of their texts. Each cell has a mark, the
word for the role and the date or bound beneath; a cell without anything says that the source does not name the city.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from markupsafe import Markup

from interkommunal.site.figures.figure import LegendEntry, Size, draw, hatching, identified, legend, mark, shape_of
from interkommunal.site.figures.svg import element, link, text, wrap
from interkommunal.texts import Language, Text

_NAME: Final = "matrix"
_TITLE: Final = Text("Cities and agreements")
_DESCRIPTION: Final = Text("{cities} cities and {columns} columns; {cells} cells are filled.")
_NOT_NAMED: Final = Text("not named")
_IN_BLOCK: Final = Text("entry in the signature block")
_DOUBT: Final = Text("in conflict")
_HEAD_SIZE: Final = 13.0
_WORD_SIZE: Final = 12.0
_TIME_SIZE: Final = 11.0
_LEADING: Final = 15.0


class MatrixColumn(NamedTuple):
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


class MatrixLine(NamedTuple):
    """A city."""

    key: str
    name: str
    href: str | None


class MatrixCell(NamedTuple):
    """What a city is in an agreement.

    Attributes:
        line, column: keys.
        role: slug of the concept of the role, or ``entry`` in a signature block; ``word`` is the word for it.
        time: date or bound, in words; may be empty.
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
    columns: Sequence[MatrixColumn],
    lines: Sequence[MatrixLine],
    parts: Sequence[MatrixCell],
    language: Language,
    size: Size,
) -> Markup:
    """The matrix as SVG, rows and columns in the order given.

    Args:
        columns: agreements and signature blocks.
        lines: cities.
        parts: what is in the cells; at most one a cell.
        language: of title, legend and empty cells.
        size: a narrow page has short column names, and marks whose words are in the legend.
    """
    return _Matrix(columns, lines, parts, language, size).drawing()


class _Matrix:
    """Sizes of a matrix, in pixels, and how its pieces are drawn."""

    def __init__(
        self,
        columns: Sequence[MatrixColumn],
        lines: Sequence[MatrixLine],
        parts: Sequence[MatrixCell],
        language: Language,
        size: Size,
    ) -> None:
        self.columns, self.lines, self.parts, self.language, self.size = columns, lines, parts, language, size
        self.cells = {(part.line, part.column): part for part in parts}
        self.wide = size is Size.WIDE
        self.identifier = identified(_NAME, size)
        self.left = 160.0 if self.wide else 104.0
        self.step = (size.value - self.left) / max(len(columns), 1)
        self.row = 54.0 if self.wide else 38.0

    def drawing(self) -> Markup:
        heads, top = self.heads()
        bottom = top + len(self.lines) * self.row
        body = [drawn for i, line in enumerate(self.lines) for drawn in self.line(line, top + i * self.row)]
        fill = f"url(#{self.identifier}-block)"
        blocks = [
            element("rect", x=x, y=0, width=self.step, height=bottom, fill=fill, class_="matrix-block")
            for column, x in self.placed()
            if column.block
        ]
        explained, taken = legend(self.entries(), 8, bottom + 26, self.size.value - 16)
        doubtful = element("g", hatching(f"{self.identifier}-doubt"), class_="doubt-hatching")
        patterns = element("defs", hatching(f"{self.identifier}-block"), doubtful)
        description = _DESCRIPTION.in_(self.language).format(
            cities=len(self.lines), columns=len(self.columns), cells=len(self.parts)
        )
        drawn = [patterns, *blocks, *heads, *body, self.rule(bottom), *explained]
        return draw(_NAME, self.size, _TITLE.in_(self.language), description, bottom + 26 + taken, drawn)

    def placed(self) -> Iterator[tuple[MatrixColumn, float]]:
        """The columns with their left edges."""
        return ((column, self.left + j * self.step) for j, column in enumerate(self.columns))

    def rule(self, y: float) -> Markup:
        return element("line", x1=0, y1=y, x2=self.size.value, y2=y, class_="matrix-rule")

    def heads(self) -> tuple[list[Markup], float]:
        """The names of the columns, on a common last line, and where the first row begins."""
        wrapped = [wrap(item.name if self.wide else item.short, self.step - 14, _HEAD_SIZE) for item in self.columns]
        deepest = max(map(len, wrapped), default=1)
        heads = []
        for (column, x), lines in zip(self.placed(), wrapped, strict=True):
            y = 18 + (deepest - len(lines)) * _LEADING
            words = text(lines, x + 10, y, leading=_LEADING, class_="matrix-head")
            label = None if self.wide else f"{column.short}: {column.name}"
            heads.append(link(column.href, words, label=label, class_="matrix-column"))
        return heads, 18 + (deepest - 1) * _LEADING + 12

    def line(self, line: MatrixLine, y: float) -> Iterator[Markup]:
        """A row: the name of the city and its cells."""
        yield self.rule(y)
        names = wrap(line.name, self.left - 12, _HEAD_SIZE)
        middle = y + self.row / 2
        first = middle + 4.5 - (len(names) - 1) * _LEADING / 2
        yield link(line.href, text(names, 4, first, leading=_LEADING, class_="matrix-name"), class_="matrix-line")
        for column, x in self.placed():
            if part := self.cells.get((line.key, column.key)):
                yield self.cell(part, line, column, x, y)
            else:
                yield mark("dash", x + 18, middle)
                if self.wide:
                    yield text(_NOT_NAMED.in_(self.language), x + 30, middle + 4, class_="matrix-empty")

    def cell(self, part: MatrixCell, line: MatrixLine, column: MatrixColumn, x: float, y: float) -> Markup:
        middle = y + self.row / 2
        doubt = _DOUBT.in_(self.language) if part.doubt else ""
        under = " · ".join(filter(None, (part.time, doubt)))
        spoken = ", ".join((" ".join(filter(None, (part.word, under))), line.name, column.name))
        shape = self.shape(part, column)
        drawn = [element("rect", x=x, y=y, width=self.step, height=self.row, class_="matrix-cell")]
        if part.doubt:
            drawn.append(element("rect", x=x, y=y + 2, width=6, height=self.row - 4, fill=self.doubtful))
        if self.wide:
            words = wrap(part.word, self.step - 36, _WORD_SIZE, 2)
            below = wrap(under, self.step - 36, _TIME_SIZE, 2) if under else ()
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

    @property
    def doubtful(self) -> str:
        """The fill of what is in doubt."""
        return f"url(#{self.identifier}-doubt)"

    def shape(self, part: MatrixCell, column: MatrixColumn) -> str:
        return "square" if column.block else shape_of(part.role)

    def entries(self) -> list[LegendEntry]:
        """The legend: each shape once, doubt and what is not named if there is any."""
        columns = {column.key: column for column in self.columns}
        found: dict[str, str] = {}
        for part in self.parts:
            column = columns[part.column]
            found.setdefault(self.shape(part, column), _IN_BLOCK.in_(self.language) if column.block else part.word)
        entries = [LegendEntry(mark(shape, 0, 0), word) for shape, word in found.items()]
        if any(part.doubt for part in self.parts):
            edge = element("rect", x=-3, y=-8, width=6, height=16, fill=self.doubtful)
            word = _DOUBT.in_(self.language)
            entries.append(LegendEntry(edge, word if self.wide else f"? {word}"))
        if len(self.parts) < len(self.columns) * len(self.lines):
            entries.append(LegendEntry(mark("dash", 0, 0), _NOT_NAMED.in_(self.language)))
        return entries
