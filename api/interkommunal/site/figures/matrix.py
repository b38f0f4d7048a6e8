"""The matrix: who takes part in what, in which role, since when, and what the signature block shows.

Rows are cities, columns are agreements and, hatched, the signature blocks of their texts. Each cell has a mark, the
word for the role and the date or bound beneath; a cell without anything says that the source does not name the city.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from markupsafe import Markup

from interkommunal.site.figures.figure import Size, draw, hatching, identified, legend, mark, shape_of
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


class MatrixHead(NamedTuple):
    """What heads a row or a column: a city, an agreement, or the signature block of its text (``block``).

    Attributes:
        key: by which cells name it.
        name: full name; ``short`` is what a narrow page shows of a column (``2010``).
        href: address of its page.
        block: whether it is a signature block.
    """

    key: str
    name: str
    short: str
    href: str | None
    block: bool = False


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
    columns: Sequence[MatrixHead],
    lines: Sequence[MatrixHead],
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
    wide, identifier = size is Size.WIDE, identified(_NAME, size)
    hatched, doubtful = f"{identifier}-block", f"{identifier}-doubt"
    doubt_word, not_named = _DOUBT.in_(language), _NOT_NAMED.in_(language)
    left, row = (160.0, 54.0) if wide else (104.0, 38.0)
    step = (size.value - left) / max(len(columns), 1)
    placed = [(column, left + j * step) for j, column in enumerate(columns)]
    cells = {(part.line, part.column): part for part in parts}

    def rule(y: float) -> Markup:
        return element("line", x1=0, y1=y, x2=size.value, y2=y, class_="matrix-rule")

    # The names of the columns, on a common last line.
    wrapped = [wrap(item.name if wide else item.short, step - 14, _HEAD_SIZE) for item in columns]
    deepest = max(map(len, wrapped), default=1)
    heads = []
    for (column, x), names in zip(placed, wrapped, strict=True):
        titled = text(names, x + 10, 18 + (deepest - len(names)) * _LEADING, leading=_LEADING, class_="matrix-head")
        label = None if wide else f"{column.short}: {column.name}"
        heads.append(link(column.href, titled, label=label, class_="matrix-column"))
    y = 18 + (deepest - 1) * _LEADING + 12
    body = []
    for line in lines:
        names, middle = wrap(line.name, left - 12, _HEAD_SIZE), y + row / 2
        first = middle + 4.5 - (len(names) - 1) * _LEADING / 2
        city = text(names, 4, first, leading=_LEADING, class_="matrix-name")
        body += [rule(y), link(line.href, city, class_="matrix-line")]
        for column, x in placed:
            if part := cells.get((line.key, column.key)):
                doubt = doubt_word if part.doubt else ""
                under = " · ".join(filter(None, (part.time, doubt)))
                spoken = ", ".join((" ".join(filter(None, (part.word, under))), line.name, column.name))
                drawn = [element("rect", x=x, y=y, width=step, height=row, class_="matrix-cell")]
                if doubt:
                    drawn.append(element("rect", x=x, y=y + 2, width=6, height=row - 4, fill=f"url(#{doubtful})"))
                shape = _shape(part, column)
                if wide:
                    words = wrap(part.word, step - 36, _WORD_SIZE, 2)
                    below = wrap(under, step - 36, _TIME_SIZE, 2) if under else ()
                    first = middle + 4 - (len(words) + len(below) - 1) * 7
                    drawn.append(mark(shape, x + 18, first - 4))
                    drawn.append(text(words, x + 30, first, leading=14, class_="matrix-word"))
                    if below:
                        first += len(words) * 14 + 1
                        drawn.append(text(below, x + 30, first, leading=13, class_="matrix-time"))
                else:
                    drawn.append(mark(shape, x + 18, middle))
                    if doubt:
                        drawn.append(mark("query", x + 34, middle, 8))
                body.append(link(part.href, *drawn, label=spoken, class_="matrix-part"))
            else:
                body.append(mark("dash", x + 18, middle))
                if wide:
                    body.append(text(not_named, x + 30, middle + 4, class_="matrix-empty"))
        y += row
    blocks = [
        element("rect", x=x, y=0, width=step, height=y, fill=f"url(#{hatched})", class_="matrix-block")
        for column, x in placed
        if column.block
    ]
    # The legend: each shape once, doubt and what is not named if there is any.
    known = {column.key: column for column in columns}
    found: dict[str, str] = {}
    for part in parts:
        column = known[part.column]
        found.setdefault(_shape(part, column), _IN_BLOCK.in_(language) if column.block else part.word)
    entries = [(mark(shape, 0, 0), word) for shape, word in found.items()]
    if any(part.doubt for part in parts):
        edge = element("rect", x=-3, y=-8, width=6, height=16, fill=f"url(#{doubtful})")
        entries.append((edge, doubt_word if wide else f"? {doubt_word}"))
    if len(parts) < len(columns) * len(lines):
        entries.append((mark("dash", 0, 0), not_named))
    explained, taken = legend(entries, 8, y + 26, size.value - 16)
    patterns = element("defs", hatching(hatched), element("g", hatching(doubtful), class_="doubt-hatching"))
    description = _DESCRIPTION.in_(language).format(cities=len(lines), columns=len(columns), cells=len(parts))
    drawn = [patterns, *blocks, *heads, *body, rule(y), *explained]
    return draw(_NAME, size, _TITLE.in_(language), description, y + 26 + taken, drawn)


def _shape(part: MatrixCell, column: MatrixHead) -> str:
    return "square" if column.block else shape_of(part.role)
