"""The rows of an answer as Parquet, with types, for pandas, Arrow, DuckDB and R.

A column gets the type that all its values have: whole numbers and years int64, decimals and doubles float64, days
date32, truth values bool. IRIs and texts are strings, and so are EDTF dates and columns in which types mix: a year is
no day, and nothing is made up. Nothing bound is null. Question and release stand in the metadata of the file.
https://parquet.apache.org/docs/file-format/
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph

from interkommunal.namespaces import PREFIXES
from interkommunal.site.library.rows import Answered, Term, plain

if TYPE_CHECKING:
    import pyarrow as pa

_XSD: Final = PREFIXES["xsd"]
_LARGEST: Final = 2**63
# By datatype: the kind of the column, and how a value of it is read.
_KINDS: Final[dict[str, tuple[str, Callable[[str], Any]]]] = {
    **{f"{_XSD}{name}": ("int64", int) for name in ("integer", "nonNegativeInteger", "positiveInteger", "int", "long")},
    **{f"{_XSD}{name}": ("float64", float) for name in ("decimal", "double", "float")},
    f"{_XSD}gYear": ("int64", int),
    f"{_XSD}date": ("date32", date.fromisoformat),
    f"{_XSD}boolean": ("bool", lambda text: text in ("true", "1")),
}


def parquet(answered: Answered, url: str) -> bytes:
    """The file.

    Args:
        answered: question and rows.
        url: where the answer comes from.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = [_column([row[index] for row in answered.rows]) for index in range(len(answered.columns))]
    query = answered.asked.query
    about: dict[bytes | str, bytes | str] = {
        "question": query.summary[answered.asked.language],
        "name": query.name,
        "release": answered.release,
        "address": url,
        **{f"parameter.{name}": plain(term) for name, term in answered.asked.terms.items()},
    }
    schema = pa.schema(
        [pa.field(name, column.type) for name, column in zip(answered.columns, columns, strict=True)], metadata=about
    )
    stream = io.BytesIO()
    pq.write_table(pa.table(columns, schema=schema), stream, compression="zstd")
    return stream.getvalue()


def _column(terms: Sequence[Term]) -> pa.Array[Any]:
    """The values as an array of the one type that fits all of them, else as strings."""
    import pyarrow as pa

    types = {"int64": pa.int64(), "float64": pa.float64(), "date32": pa.date32(), "bool": pa.bool_()}
    bound = [term for term in terms if term is not None]
    datatypes = {term.datatype.value if isinstance(term, pyoxigraph.Literal) else "" for term in bound}
    if len(datatypes) == 1 and (kind := _KINDS.get(datatypes.pop())) is not None:
        name, read = kind
        try:
            values = [None if term is None else read(plain(term)) for term in terms]
        except ValueError:  # an ill-formed value, or a day that the calendar does not have
            values = []
        if values and (name != "int64" or all(value is None or -_LARGEST <= value < _LARGEST for value in values)):
            return pa.array(values, types[name])
    return pa.array([None if term is None else plain(term) for term in terms], pa.string())
