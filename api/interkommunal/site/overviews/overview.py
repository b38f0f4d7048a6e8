"""An overview: a figure, the table that says the same, its data as CSV, and the questions that were asked for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyoxigraph
from markupsafe import Markup

from interkommunal.site.description.graph_client import Row
from interkommunal.site.figures.figure import Cell, Table, write_csv
from interkommunal.site.site import Site
from interkommunal.texts import Language, Text

Value = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | pyoxigraph.Triple | None


@dataclass(frozen=True, slots=True)
class Order:
    """A way to sort; ``key`` is the value of ``sort`` in the URL."""

    key: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything that the page of an overview shows.

    Attributes:
        key: last part of its path.
        title: heading.
        lead: what there is to see, in a sentence or two.
        wide, narrow: the figure for each width; empty if there is nothing to draw.
        caption: title of the table.
        table: the same in rows.
        columns, rows: the data as CSV, with IRIs and literals as they are in the graph.
        queries: the questions that were asked.
        notes: what has to be known to read it right.
        orders: ways to sort, if there are any.
    """

    key: str
    title: str
    lead: str
    wide: Markup
    narrow: Markup
    caption: str
    table: Table
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    queries: tuple[str, ...]
    notes: tuple[str, ...] = ()
    orders: tuple[Order, ...] = ()

    @property
    def csv(self) -> str:
        """The data as CSV."""
        return write_csv(self.columns, self.rows)


def text(value: Value) -> str:
    """The IRI or the lexical form of a term; empty for none."""
    return value.value if isinstance(value, pyoxigraph.NamedNode | pyoxigraph.Literal) else ""


def texts(row: Row) -> list[str]:
    """All values of a row as text."""
    return [text(value) for value in row]


def slug(iri: str) -> str:
    """The last part of an IRI."""
    return iri.rstrip("/").rpartition("/")[2].rpartition("#")[2]


def raw(rows: Sequence[Row]) -> tuple[tuple[str, ...], ...]:
    """Rows as they go into a CSV file."""
    return tuple(tuple(texts(row)) for row in rows)


def source_cell(passage: str, lines: Sequence[int], site: Site, language: Language) -> Cell:
    """Where a statement stands: a link to the passage, named by its lines."""
    name = named_lines(lines, language)
    return Cell(name or Text("Redaktion", "editors").in_(language), site.page(passage) if passage else None)


def quote_cell(quote: str) -> Cell:
    """The sentence of the source, in its language."""
    return Cell(f"„{quote}“" if quote else "", language="de")


def named_lines(lines: Sequence[int], language: Language) -> str:
    """``Zeile 19`` or ``Zeilen 41–43``; empty without lines."""
    if not lines:
        return ""
    first, last = min(lines), max(lines)
    if first == last:
        return Text(f"Zeile {first}", f"line {first}").in_(language)
    return Text(f"Zeilen {first}–{last}", f"lines {first}–{last}").in_(language)


def merged(rows: Sequence[Row], line: int) -> list[tuple[list[str], list[int]]]:
    """Rows that differ only in the column ``line`` as one, with all its lines.

    Args:
        rows: in the order of the question.
        line: number of the column that holds the line.
    """
    found: dict[tuple[str, ...], list[int]] = {}
    for row in rows:
        values = texts(row)
        number = values[line]
        values[line] = ""
        lines = found.setdefault(tuple(values), [])
        if number:
            lines.append(int(number))
    return [(list(values), lines) for values, lines in found.items()]
