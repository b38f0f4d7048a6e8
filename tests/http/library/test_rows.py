"""Rows as CSV, TSV, JSON and workbook, with values that are hard on each of them."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree

import pyoxigraph
import pytest

from interkommunal.http.library.asking import Asked
from interkommunal.http.library.rows import Answered, csv, defused, json, results, tsv
from interkommunal.http.library.workbook import workbook
from interkommunal.namespaces import PREFIXES
from interkommunal.release.library import LibraryQuery

XSD = PREFIXES["xsd"]
QUERY = LibraryQuery("hard", {"de": "Wer?", "en": "Who?"}, "", ("a",), (), "table", ("a", "b"), "SELECT ?a ?b {}")


def answered(*rows: tuple[object, object], raw: bool = False) -> Answered:
    return Answered(Asked(QUERY, "de", {}, {}, raw=raw), "1.0.0-abc", ("a", "b"), rows, len(rows))  # type: ignore[arg-type]


def number(value: str, kind: str = "integer") -> pyoxigraph.Literal:
    return pyoxigraph.Literal(value, datatype=pyoxigraph.NamedNode(XSD + kind))


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+49 234", "'+49 234"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("＝1", "'＝1"),
        ("-3", "-3"),
        ("-0.5", "-0.5"),
        ("Mülheim", "Mülheim"),
        ("a=b", "a=b"),
        ("'", "'"),
        ("", ""),
    ],
)
def test_cell_that_looks_like_a_formula_is_defused(cell: str, safe: str) -> None:
    assert defused(cell) == safe


def test_csv_for_spreadsheets_has_a_mark_and_no_formulas() -> None:
    row = (pyoxigraph.Literal('=HYPERLINK("x")'), pyoxigraph.Literal("Mülheim, Ruhr"))

    assert csv(answered(row)) == '\ufeffa,b\r\n"\'=HYPERLINK(""x"")","Mülheim, Ruhr"\r\n'.encode()


def test_raw_csv_is_as_it_is_in_the_graph() -> None:
    row = (pyoxigraph.Literal("=1"), None)

    assert csv(answered(row, raw=True)) == b"a,b\r\n=1,\r\n"


def test_tsv_has_whole_terms() -> None:
    rows = (pyoxigraph.NamedNode("http://a.example/"), pyoxigraph.Literal("a\tb\n", language="de")), (None, number("1"))

    assert tsv(answered(*rows)).decode() == (f'?a\t?b\n<http://a.example/>\t"a\\tb\\n"@de\n\t"1"^^<{XSD}integer>\n')


def test_json_has_numbers_as_numbers_and_nothing_as_null() -> None:
    rows = (number("3"), number("1.5", "decimal")), (None, number("INF", "double")), (number("9" * 30), None)
    body = json(answered(*rows), {})

    assert b'"rows":[{"a":3,"b":1.5},{"a":null,"b":"INF"},{"a":"%s","b":null}]' % (b"9" * 30) in body


def test_results_keep_language_and_datatype() -> None:
    row = (pyoxigraph.Literal("Stadt", language="de"), number("3"))

    assert results(answered(row)) == (
        b'{"head":{"vars":["a","b"]},"results":{"bindings":[{"a":{"type":"literal","value":"Stadt","xml:lang":"de"},'
        b'"b":{"type":"literal","value":"3","datatype":"http://www.w3.org/2001/XMLSchema#integer"}}]}}'
    )


def test_workbook_has_texts_as_texts_and_numbers_as_numbers() -> None:
    data = workbook(answered((pyoxigraph.Literal("=1+1\x0b & <ü>"), number("42"))), "https://a.example/q.xlsx")
    archive = zipfile.ZipFile(io.BytesIO(data))
    sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    cells = {cell.get("r"): cell for cell in sheet.iterfind(".//m:c", space)}

    assert list(cells) == ["A1", "B1", "A2", "B2"]
    assert cells["A2"].get("t") == "inlineStr"
    assert cells["A2"].findtext("m:is/m:t", namespaces=space) == "=1+1\ufffd & <ü>"
    assert cells["B2"].get("t") == "n"
    assert cells["B2"].findtext("m:v", namespaces=space) == "42"
    assert sheet.find(".//m:f", space) is None


def test_workbook_names_question_and_release() -> None:
    archive = zipfile.ZipFile(io.BytesIO(workbook(answered(), "https://a.example/q.xlsx")))
    origin = archive.read("xl/worksheets/sheet2.xml").decode()

    assert "Wer?" in origin
    assert "1.0.0-abc" in origin
    assert "https://a.example/q.xlsx" in origin


def test_same_rows_make_the_same_workbook() -> None:
    row = (number("1"), None)

    assert workbook(answered(row), "u") == workbook(answered(row), "u")
