"""Flat tables of a release: one a class, as CSV with one CSVW description of all, as JSON Lines and as Parquet.

In go the things, out come files. A row is a thing, a column a property, in each language a column of its own; several
values stand in one cell with a separator that the description names. Rows pass by one after the other and none is held.
https://www.w3.org/TR/tabular-metadata/
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Final

import orjson

from interkommunal.release.columns import Column, columns_of, table_name
from interkommunal.release.output import Folder, Output
from interkommunal.release.things import Things

FOLDER: Final = "tables"
# Where CSVW looks for the description of the tables in a folder (Model for Tabular Data, section 5.3).
DESCRIPTION: Final = f"{FOLDER}/csv-metadata.json"
# Of each table, by suffix.
FORMATS: Final = {
    "csv": "text/csv;charset=utf-8;header=present",
    "jsonl": "application/jsonl",
    "parquet": "application/vnd.apache.parquet",
}
DESCRIPTION_TYPE: Final = "application/csvm+json"
HOLDS: Final = "table"


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        name: of its files. class_: IRI of the class of its things. columns: without the identifier, which is first.
    """

    name: str
    class_: str
    columns: tuple[Column, ...]


def tables_of(things: Things) -> list[Table]:
    """The tables that these things fill, by name."""
    found = []
    for class_ in sorted(things.classes(), key=table_name):
        columns = columns_of(thing for _, thing in things.of(class_))
        found.append(Table(table_name(class_), class_, tuple(columns)))
    return found


def write_description(tables: Sequence[Table], folder: Folder) -> None:
    """Writes the description of the tables, as CSVW has it; none for no tables."""
    if tables:
        folder.add(DESCRIPTION, DESCRIPTION_TYPE, HOLDS, _group([_description(table) for table in tables]))


def write_table(table: Table, things: Things, folder: Folder) -> None:
    """Writes a table into ``folder``, in each format."""
    # Loading it takes longer than a small release; who only reads releases does not need it.
    from interkommunal.release.parquet import ParquetTable

    with ExitStack() as stack:
        as_csv, as_lines, as_parquet = (
            stack.enter_context(folder.new(f"{FOLDER}/{table.name}.{suffix}", media_type, HOLDS))
            for suffix, media_type in FORMATS.items()
        )
        parquet = stack.enter_context(ParquetTable(table.columns, as_parquet))
        _write_row(as_csv, ["id", *(column.name for column in table.columns)])
        for iri, thing in things.of(table.class_):
            values = [column.values(thing) for column in table.columns]
            pairs = list(zip(table.columns, values, strict=True))
            _write_row(as_csv, [iri, *(column.separator.join(found) for column, found in pairs)])
            as_lines.write(_json_line(iri, pairs))
            parquet.add(iri, thing)


def _write_row(output: Output, row: Sequence[str]) -> None:
    """RFC 4180: commas, CRLF."""
    text = io.StringIO(newline="")
    csv.writer(text).writerow(row)
    output.write(text.getvalue().encode())


def _json_line(iri: str, pairs: Sequence[tuple[Column, list[str]]]) -> bytes:
    """One object a line; what may have several values is a list, what has none is left out."""
    row: dict[str, str | list[str]] = {"id": iri}
    for column, values in pairs:
        if values:
            row[column.name] = values if column.separator else values[0]
    return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)


def _description(table: Table) -> dict[str, Any]:
    identifier = {"name": "id", "titles": "id", "datatype": "anyURI", "required": True, "suppressOutput": True}
    return {
        "url": f"{table.name}.csv",
        "dc:type": {"@id": table.class_},
        "tableSchema": {
            "aboutUrl": "{+id}",
            "primaryKey": "id",
            "columns": [identifier, *(_described(column) for column in table.columns)],
        },
    }


def _described(column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": column.name,
        "titles": column.name,
        "propertyUrl": column.predicate,
        "datatype": column.datatype if column.is_typed else "string",
    }
    if column.datatype == "anyURI" and not column.separator:
        found["valueUrl"] = f"{{+{column.name}}}"
    if column.language:
        found["lang"] = column.language
    if column.separator:
        found["separator"] = column.separator
    return found


def _group(described: Sequence[dict[str, Any]]) -> bytes:
    group = {
        "@context": "http://www.w3.org/ns/csvw",
        "dc:license": {"@id": "https://creativecommons.org/publicdomain/zero/1.0/"},
        "tables": described,
    }
    return (json.dumps(group, ensure_ascii=False, indent=1) + "\n").encode()
