"""The rows of an answer as a workbook, the same bytes for the same rows.

Two sheets: the rows, and what they answer. Texts are written as texts, whatever they look like, so no cell is a
formula or a link; dates stay texts, because a year is none for a spreadsheet.
"""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from typing import Final

import pyoxigraph

from interkommunal.namespaces import expand
from interkommunal.site.library.rows import Answered, Term, plain

_NUMBERS: Final = frozenset(expand(f"xsd:{name}") for name in ("integer", "decimal", "double", "nonNegativeInteger"))
# What XML cannot hold (XML 1.0 §2.2).
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# The most that a cell and a sheet hold (Excel specifications and limits), and the digits that a number keeps.
_LONGEST: Final = 32_767
_MOST_ROWS: Final = 1_048_575
_DIGITS: Final = 15
# A workbook says when it was made; the same rows are to be the same bytes.
_WHEN: Final = datetime(1980, 1, 1, tzinfo=UTC)
_WIDTH: Final = 24


def workbook(answered: Answered, url: str) -> bytes:
    """The workbook.

    Args:
        answered: question and rows.
        url: where the answer comes from.
    """
    from xlsxwriter import Workbook  # type: ignore[import-untyped]

    german, query = answered.asked.language == "de", answered.asked.query
    about = [
        ("Frage" if german else "Question", query.summary[answered.asked.language]),
        ("Name", query.name),
        *((name, plain(term)) for name, term in answered.asked.terms.items()),
        ("Ausgabe" if german else "Release", answered.release),
        ("Adresse" if german else "Address", url),
    ]
    stream = io.BytesIO()
    book = Workbook(stream, {"in_memory": True})
    book.set_properties({"created": _WHEN, "title": query.summary[answered.asked.language]})
    bold = book.add_format({"bold": True})
    sheet, origin = (book.add_worksheet(name) for name in (("Antwort", "Herkunft") if german else ("Answer", "Origin")))
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(0, len(answered.columns) - 1), _WIDTH)
    for column, name in enumerate(answered.columns):
        sheet.write_string(0, column, name, bold)
    for number, row in enumerate(answered.rows[:_MOST_ROWS], 1):
        for column, term in enumerate(row):
            value = _number(term)
            if value is None:
                sheet.write_string(number, column, _text(plain(term)))
            else:
                sheet.write_number(number, column, value)
    origin.set_column(0, 1, _WIDTH)
    for number, (key, text) in enumerate(about):
        origin.write_string(number, 0, key, bold)
        origin.write_string(number, 1, _text(text))
    book.close()
    return stream.getvalue()


def _number(term: Term) -> float | None:
    if not isinstance(term, pyoxigraph.Literal) or term.datatype.value not in _NUMBERS or len(term.value) > _DIGITS:
        return None
    try:
        value = float(term.value)
    except ValueError:
        return None
    return value if value - value == 0 else None


def _text(value: str) -> str:
    return _FORBIDDEN.sub("\ufffd", value)[:_LONGEST]
