"""Reads the CSV files that people write: UTF-8, commas, a first line with the names of the columns."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from interkommunal.errors import SyntaxProblem
from interkommunal.graph.parse import read_utf8


def read_table(path: Path, shown: Path, columns: tuple[str, ...]) -> Iterator[tuple[dict[str, str], int]]:
    """The rows of ``path`` by column, cells trimmed, each with the line in which it ends; blank lines are passed over.

    Raises:
        SourceError: if the file cannot be read.
        SyntaxProblem: for other columns, a row with another number of cells, or quotes that do not close.
    """
    # Spreadsheets begin a CSV file in UTF-8 with a byte order mark.
    text = read_utf8(path, shown).removeprefix("\ufeff")
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        if tuple(next(reader, ())) != columns:
            raise SyntaxProblem(f"the first line must be {','.join(columns)}", shown, 1)
        for cells in reader:
            if not cells:
                continue
            if len(cells) != len(columns):
                message = f"the row has {len(cells)} cells instead of {len(columns)}; quote cells that hold commas"
                raise SyntaxProblem(message, shown, reader.line_num)
            yield dict(zip(columns, (cell.strip() for cell in cells), strict=True)), reader.line_num
    except csv.Error as error:
        raise SyntaxProblem(f"not a CSV row: {error}", shown, reader.line_num) from None
