"""The rows of an answer, and how they leave as CSV, TSV, JSON or results in JSON.

CSV is made for spreadsheets unless somebody wants it raw: it begins with a byte order mark, by which Excel knows UTF-8,
and a cell that a spreadsheet would take for a formula begins with an apostrophe.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
import pyoxigraph

from interkommunal.namespaces import PREFIXES
from interkommunal.site.description.graph_client import Row
from interkommunal.site.figures.figure import write_csv
from interkommunal.site.library.asking import Asked

Term = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | pyoxigraph.Triple | None

_XSD: Final = PREFIXES["xsd"]
# What spreadsheets take for the beginning of a formula (OWASP, CSV injection), full width forms included.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_MARK: Final = "\ufeff"
_INTEGERS: Final = f"{_XSD}integer"
_DECIMALS: Final = frozenset({f"{_XSD}decimal", f"{_XSD}double", f"{_XSD}float"})


@dataclass(frozen=True)
class Answered:
    """A question with its answer.

    Attributes:
        asked: the question.
        release: identifier of the release that answered.
        columns: variables. rows: those of this part of the answer. total: number of all rows.
    """

    asked: Asked
    release: str
    columns: tuple[str, ...]
    rows: Sequence[Row]
    total: int

    @property
    def next_offset(self) -> int | None:
        """Where the next part begins, if there is one."""
        end = self.asked.offset + len(self.rows)
        return end if self.rows and end < self.total else None

    @property
    def previous_offset(self) -> int | None:
        """Where the part before begins, if there is one."""
        asked = self.asked
        return max(0, asked.offset - (asked.limit or asked.offset)) if asked.offset else None


def plain(term: Term) -> str:
    """IRI or lexical form; empty for nothing."""
    return term.value if isinstance(term, pyoxigraph.NamedNode | pyoxigraph.Literal) else ""


def csv(answered: Answered) -> bytes:
    """The rows as CSV, for spreadsheets or raw (SPARQL 1.1 Query Results CSV §3)."""
    rows = [[plain(term) for term in row] for row in answered.rows]
    if answered.asked.raw:
        return write_csv(answered.columns, rows).encode()
    return (_MARK + write_csv(answered.columns, [[defused(cell) for cell in row] for row in rows])).encode()


def defused(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if cell.startswith(_FORMULA) and not _is_number(cell):
        return f"'{cell}"
    return cell


def _is_number(cell: str) -> bool:
    return cell[:1] in "+-" and cell[1:].replace(".", "", 1).isdecimal() and cell.isascii()


def tsv(answered: Answered) -> bytes:
    """The rows as TSV, whole terms (SPARQL 1.1 Query Results TSV §4)."""
    head = "\t".join(f"?{name}" for name in answered.columns)
    lines = ("\t".join("" if term is None else _escaped(str(term)) for term in row) for row in answered.rows)
    return "".join(f"{line}\n" for line in (head, *lines)).encode()


def _escaped(term: str) -> str:
    return term.replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def json(answered: Answered, links: Mapping[str, str]) -> bytes:
    """The rows as objects, with the question and the release; ``links`` are URLs by relation."""
    asked = answered.asked
    return orjson.dumps(
        {
            "name": asked.query.name,
            "question": asked.query.summary[asked.language],
            "release": answered.release,
            "language": asked.language,
            "parameters": {name: plain(term) for name, term in asked.terms.items()},
            "columns": answered.columns,
            "total": answered.total,
            "offset": asked.offset,
            **links,
            "rows": [
                {name: _value(term) for name, term in zip(answered.columns, row, strict=True)} for row in answered.rows
            ],
        }
    )


def _value(term: Term) -> object:
    """Text, number or nothing; numbers of SPARQL that JSON cannot hold stay text."""
    if isinstance(term, pyoxigraph.Literal) and term.datatype.value == _INTEGERS:
        return int(term.value) if len(term.value) < 16 else term.value
    if isinstance(term, pyoxigraph.Literal) and term.datatype.value in _DECIMALS:
        number = float(term.value)
        return number if number - number == 0 else term.value
    return None if term is None else plain(term)


def results(answered: Answered) -> bytes:
    """The rows in the JSON results format (SPARQL 1.1 Query Results JSON §3)."""
    bindings = [
        {name: _binding(term) for name, term in zip(answered.columns, row, strict=True) if term is not None}
        for row in answered.rows
    ]
    return orjson.dumps({"head": {"vars": answered.columns}, "results": {"bindings": bindings}})


def _binding(term: Term) -> dict[str, Any]:
    if isinstance(term, pyoxigraph.Literal):
        binding = {"type": "literal", "value": term.value}
        if term.language:
            binding["xml:lang"] = term.language
        elif term.datatype.value != f"{_XSD}string":
            binding["datatype"] = term.datatype.value
        return binding
    return {"type": "uri" if isinstance(term, pyoxigraph.NamedNode) else "bnode", "value": getattr(term, "value", "")}
