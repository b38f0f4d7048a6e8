"""Rows as CSV, TSV, JSON and workbook, with values that are hard on each of them."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from xml.etree import ElementTree

import pyarrow as pa
import pyarrow.parquet as pq
import pyoxigraph
import pytest

from interkommunal.namespaces import PREFIXES
from interkommunal.release.library import LibraryQuery
from interkommunal.site.library.formats import csv, defused, json, parquet, results, tsv, workbook
from interkommunal.site.library.questions import AnsweredQuestion, AskedQuestion
from interkommunal.texts import Label

XSD = PREFIXES["xsd"]
QUERY = LibraryQuery("hard", Label(de="Wer?", en="Who?"), "", ("a",), (), "table", ("a", "b"), "SELECT ?a ?b {}")


def answered(*rows: tuple[object, object], raw: bool = False) -> AnsweredQuestion:
    return AnsweredQuestion(AskedQuestion(QUERY, "de", {}, {}, raw=raw), "1.0.0-abc", rows, len(rows))  # type: ignore[arg-type]


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


SPACE = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def sheet_of(data: bytes, number: int) -> dict[str, tuple[str | None, str]]:
    """Type and text of each cell of a sheet, by its name."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    shared = [
        "".join(item.itertext())
        for item in ElementTree.fromstring(archive.read("xl/sharedStrings.xml")).iterfind("m:si", SPACE)
    ]
    sheet = ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml"))
    assert sheet.find(".//m:f", SPACE) is None, "there is a formula"
    assert sheet.find(".//m:hyperlink", SPACE) is None, "there is a link"
    cells = {}
    for cell in sheet.iterfind(".//m:c", SPACE):
        text = cell.findtext("m:v", default="", namespaces=SPACE)
        cells[str(cell.get("r"))] = (cell.get("t"), shared[int(text)] if cell.get("t") == "s" else text)
    return cells


@pytest.mark.parametrize("text", ["=1+1", "{=1+1}", "+49 234", "-2+3", "@SUM(A1)", "\t=1", "http://a.example/", "0042"])
def test_workbook_takes_no_text_for_anything_else(text: str) -> None:
    data = workbook(answered((pyoxigraph.Literal(text), None)), "https://a.example/q.xlsx")

    assert sheet_of(data, 1)["A2"] == ("s", text)


def test_workbook_has_texts_as_texts_and_numbers_as_numbers() -> None:
    rows = (pyoxigraph.Literal("=1+1\x0b & <ü>"), number("42")), (number("9" * 30), number("INF", "double"))
    cells = sheet_of(workbook(answered(*rows), "https://a.example/q.xlsx"), 1)

    assert cells == {
        "A1": ("s", "a"),
        "B1": ("s", "b"),
        "A2": ("s", "=1+1\ufffd & <ü>"),
        "B2": (None, "42"),
        "A3": ("s", "9" * 30),
        "B3": ("s", "INF"),
    }


def test_workbook_names_question_and_release() -> None:
    texts = [text for _, text in sheet_of(workbook(answered(), "https://a.example/q.xlsx"), 2).values()]

    assert texts == ["Frage", "Wer?", "Name", "hard", "Ausgabe", "1.0.0-abc", "Adresse", "https://a.example/q.xlsx"]


def test_same_rows_make_the_same_workbook() -> None:
    row = (number("1"), None)

    assert workbook(answered(row), "u") == workbook(answered(row), "u")


def test_parquet_has_a_type_a_column() -> None:
    rows = (number("3"), number("2010-06-01", "date")), (None, number("2011-12-31", "date"))
    table = pq.read_table(io.BytesIO(parquet(answered(*rows), "u")))

    assert table.schema.types == [pa.int64(), pa.date32()]
    assert table.to_pylist() == [{"a": 3, "b": date(2010, 6, 1)}, {"a": None, "b": date(2011, 12, 31)}]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (number("2010", "gYear"), number("2010-06-01", "date")),
        (number("[2016..]", "EDTF"), None),
        (pyoxigraph.NamedNode("http://a.example/"), pyoxigraph.Literal("ü", language="de")),
        (number("3"), pyoxigraph.Literal("3")),
        (number("9" * 30), number("1")),
        (number("2010-02-31", "date"), None),
        (number("1.5", "decimal"), number("1")),
    ],
)
def test_parquet_makes_up_no_type(first: object, second: object) -> None:
    table = pq.read_table(io.BytesIO(parquet(answered((first, None), (second, None)), "u")))

    assert table.schema.types == [pa.string(), pa.string()]
    texts = [None if term is None else term.value for term in (first, second)]  # type: ignore[attr-defined]
    assert table.column("a").to_pylist() == texts
    assert table.column("b").to_pylist() == [None, None]


def test_parquet_of_years_has_numbers() -> None:
    table = pq.read_table(io.BytesIO(parquet(answered((number("2010", "gYear"), number("1", "integer"))), "u")))

    assert table.schema.types == [pa.int64(), pa.int64()]
    assert table.to_pylist() == [{"a": 2010, "b": 1}]


def test_parquet_of_numbers_with_a_point_and_of_truth() -> None:
    rows = (number("51.5", "decimal"), number("true", "boolean")), (number("-0.25", "decimal"), number("0", "boolean"))
    table = pq.read_table(io.BytesIO(parquet(answered(*rows), "u")))

    assert table.to_pylist() == [{"a": 51.5, "b": True}, {"a": -0.25, "b": False}]


def test_parquet_names_question_and_release_also_without_rows() -> None:
    schema = pq.read_schema(io.BytesIO(parquet(answered(), "https://a.example/q.parquet")))

    assert schema.names == ["a", "b"]
    assert schema.metadata[b"question"] == b"Wer?"
    assert schema.metadata[b"release"] == b"1.0.0-abc"
    assert schema.metadata[b"address"] == b"https://a.example/q.parquet"


def test_same_rows_make_the_same_parquet() -> None:
    row = (number("1"), None)

    assert parquet(answered(row), "u") == parquet(answered(row), "u")
