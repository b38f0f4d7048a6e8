"""What every figure is: a drawing for wide and for narrow pages, and the table that says the same."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from markupsafe import Markup

from interkommunal.site.figures.svg import NAMESPACE, element


class Size(Enum):
    """For which page a figure is drawn. The value is the width in CSS pixels at which letters have their size."""

    WIDE = 880
    NARROW = 300


@dataclass(frozen=True, slots=True)
class Cell:
    """A value in the table of a figure.

    Attributes:
        text: what stands there.
        href: address of the page about it, or ``None``.
        language: language of the text if it is not that of the page (a quote).
    """

    text: str
    href: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The same as the drawing, in rows.

    Attributes:
        columns: name for people and name in the CSV file, for each column.
        rows: the cells.
    """

    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Cell, ...], ...]


def draw(
    name: str, title: str, description: str, width: float, height: float, parts: Sequence[Markup], *, links: bool
) -> Markup:
    """A drawing with its name and description for those who do not see it.

    Args:
        name: unique on the page; ids are made from it.
        title: short name.
        description: what there is to see, in one or two sentences.
        width: width of the drawing, in pixels.
        height: height of the drawing, in pixels.
        parts: what is drawn.
        links: whether there are links in it. Then it is a group: what stands in an image is out of reach for a
            screen reader (WAI-ARIA 1.2, "children presentational").
    """
    return element(
        "svg",
        element("title", title, id=f"{name}-title"),
        element("desc", description, id=f"{name}-description"),
        *parts,
        xmlns=NAMESPACE,
        viewBox=f"0 0 {width:g} {height:g}",
        width=width,
        height=height,
        class_=f"figure-drawing figure-{name.partition('-')[0]}",
        role="group" if links else "img",
        aria_labelledby=f"{name}-title {name}-description",
    )


def write_csv(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows as CSV (RFC 4180): a header, CRLF at the end of each line, quotes only where they are needed."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return stream.getvalue()
