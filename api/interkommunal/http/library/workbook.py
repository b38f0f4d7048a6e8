"""The rows of an answer as a workbook (Office Open XML, ECMA-376 Part 1, §18), the same bytes for the same rows.

Two sheets: the rows, and what they answer. Every text is an inline string, so no cell can be a formula.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr

import pyoxigraph

from interkommunal.http.library.rows import Answered, Term, plain
from interkommunal.namespaces import PREFIXES

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NUMBERS: Final = frozenset(
    f"{PREFIXES['xsd']}{name}" for name in ("integer", "decimal", "double", "nonNegativeInteger")
)
# What XML cannot hold (XML 1.0 §2.2).
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# The most that a cell and a sheet hold (Excel specifications and limits).
_LONGEST: Final = 32_767
_MOST_ROWS: Final = 1_048_575
# The first day that a ZIP file knows.
_WHEN: Final = (1980, 1, 1, 0, 0, 0)

_STATIC: Final = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    + "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        for number in (1, 2)
    )
    + "</Types>",
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    + "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in (1, 2)
    )
    + "</Relationships>",
}


def workbook(answered: Answered, url: str) -> bytes:
    """The workbook.

    Args:
        answered: question and rows.
        url: where the answer comes from.
    """
    german = answered.asked.language == "de"
    query = answered.asked.query
    about = [
        ("Frage" if german else "Question", query.summary[answered.asked.language]),
        ("Name", query.name),
        *((name, plain(term)) for name, term in answered.asked.terms.items()),
        ("Ausgabe" if german else "Release", answered.release),
        ("Adresse" if german else "Address", url),
    ]
    names = ("Antwort", "Herkunft") if german else ("Answer", "Origin")
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>' for number, name in enumerate(names, 1)
    )
    rows = [[_text(name) for name in answered.columns], *([_cell(term) for term in row] for row in answered.rows)]
    parts = {
        **_STATIC,
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{sheets}</sheets></workbook>',
        "xl/worksheets/sheet1.xml": _sheet(rows[: _MOST_ROWS + 1], freeze=True),
        "xl/worksheets/sheet2.xml": _sheet([[_text(key), _text(value)] for key, value in about], freeze=False),
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, _WHEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, _DECLARATION + text)
    return stream.getvalue()


def _sheet(rows: Sequence[Sequence[str]], *, freeze: bool) -> str:
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' if freeze else ""
    view = f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
    body = "".join(_row(number, cells) for number, cells in enumerate(rows, 1))
    return f'<worksheet xmlns="{_MAIN}">{view}<sheetData>{body}</sheetData></worksheet>'


def _row(number: int, cells: Sequence[str]) -> str:
    placed = (
        cell.replace("<c ", f'<c r="{column}{number}" ', 1) for column, cell in zip(_columns(), cells, strict=False)
    )
    return f'<row r="{number}">{"".join(placed)}</row>'


def _columns() -> Iterator[str]:
    """A, B, …, Z, AA, AB, …, ZZ: more columns than any question has."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    yield from letters
    for first in letters:
        yield from (first + second for second in letters)


def _cell(term: Term) -> str:
    if isinstance(term, pyoxigraph.Literal) and term.datatype.value in _NUMBERS and len(term.value) < 16:
        try:
            return f'<c t="n"><v>{float(term.value):.15g}</v></c>'
        except ValueError:
            return _text(term.value)
    return _text(plain(term))


def _text(value: str) -> str:
    if not value:
        return '<c t="inlineStr"><is><t/></is></c>'
    kept = escape(_FORBIDDEN.sub("\ufffd", value)[:_LONGEST])
    return f'<c t="inlineStr"><is><t xml:space="preserve">{kept}</t></is></c>'
