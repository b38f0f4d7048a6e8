"""One table as Parquet: typed columns, groups of rows of a fixed size, the same bytes for the same rows.

In go columns and rows, out goes the file. A column that may have several values holds lists. No time and no name of a
machine is in the file; its bytes hang on the version of pyarrow. The IRI of the property stands in the metadata of each
column. https://parquet.apache.org/docs/file-format/
"""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import IO, Any, Final, cast

import pyarrow as pa
import pyarrow.parquet as pq

from interkommunal.release.columns import Cell, Column
from interkommunal.release.output import Output
from interkommunal.release.things import Thing

# Rows that are held, and that readers have to take at once.
GROUP: Final = 10_000

# By type in CSVW; what is not here is text.
_TYPES: Final[dict[str, pa.DataType]] = {
    "boolean": pa.bool_(),
    "integer": pa.int64(),
    "nonNegativeInteger": pa.int64(),
    "gYear": pa.int64(),
    "decimal": pa.decimal128(38, 18),
    "double": pa.float64(),
    "date": pa.date32(),
    "dateTime": pa.timestamp("us", tz="UTC"),
}


class ParquetTable:
    """Writes rows to ``output``; complete when its block ends.

    Args:
        columns: of the table, without the identifier, which comes first.
        output: where it goes.
    """

    def __init__(self, columns: Sequence[Column], output: Output) -> None:
        self._columns = columns
        self._schema = pa.schema([pa.field("id", pa.string(), nullable=False), *map(_field, columns)])
        self._writer = pq.ParquetWriter(
            cast(IO[bytes], output),
            self._schema,
            version="2.6",
            compression="zstd",
            compression_level=9,
            use_dictionary=True,
            write_statistics=True,
            data_page_version="1.0",
            store_schema=True,
        )
        self._rows: list[list[Any]] = []

    def __enter__(self) -> ParquetTable:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            self._write_group()
            self._writer.close()

    def add(self, iri: str, thing: Thing) -> None:
        """One row."""
        self._rows.append([iri, *(_cell(column, column.cells(thing)) for column in self._columns)])
        if len(self._rows) == GROUP:
            self._write_group()

    def _write_group(self) -> None:
        if self._rows:
            arrays = [
                pa.array(values, type=field.type)
                for values, field in zip(zip(*self._rows, strict=True), self._schema, strict=True)
            ]
            self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema), row_group_size=GROUP)
            self._rows = []


def _field(column: Column) -> pa.Field[Any]:
    kind = _TYPES.get(column.datatype, pa.string()) if column.is_typed else pa.string()
    said = {"property": column.predicate, **({"language": column.language} if column.language else {})}
    return pa.field(column.name, pa.list_(kind) if column.separator else kind, metadata=said)


def _cell(column: Column, cells: list[Cell]) -> object:
    if column.separator:
        return cells or None
    return cells[0] if cells else None
