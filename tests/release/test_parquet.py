"""Parquet tables hold what CSV holds, in columns of the types that the graph says."""

from __future__ import annotations

import csv
import json
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyoxigraph import Literal, NamedNode, Quad
from tests.release.frozen import EDITORIAL, ESSEN, GOAL_2, GOAL_10, NAME, QUADS, TYPE, tables_in

from interkommunal.namespaces import IK, PREFIXES
from interkommunal.release.release import Release

GOAL = NamedNode(f"{IK}Goal")


def typed(text: str, name: str) -> Literal:
    return Literal(text, datatype=NamedNode(f"{PREFIXES['xsd']}{name}"))


def property_(name: str) -> NamedNode:
    return NamedNode(f"http://a.example/{name}")


@pytest.mark.parametrize(
    ("text", "name", "kind", "value"),
    [
        ("7", "integer", pa.int64(), 7),
        ("2016", "gYear", pa.int64(), 2016),
        ("2010-06-01", "date", pa.date32(), date(2010, 6, 1)),
        ("true", "boolean", pa.bool_(), True),
        ("51.4556", "decimal", pa.decimal128(38, 18), Decimal("51.4556")),
        ("1.5E0", "double", pa.float64(), 1.5),
        ("2010-06", "gYearMonth", pa.string(), "2010-06"),
        # What is no value of its type stays as it is written.
        ("2010-06-31", "date", pa.string(), "2010-06-31"),
        ("99999999999999999999", "integer", pa.string(), "99999999999999999999"),
    ],
)
def test_column_has_the_type_of_its_values(
    text: str, name: str, kind: pa.DataType, value: object, tmp_path: Path
) -> None:
    folder = tables_in(
        tmp_path / "a", Quad(GOAL_2, TYPE, GOAL, EDITORIAL), Quad(GOAL_2, property_("x"), typed(text, name), EDITORIAL)
    )
    table = pq.read_table(folder.path / "tables" / "goal.parquet")

    assert table.schema.field("x").type == kind
    assert table.column("x").to_pylist() == [value]
    description = json.loads((folder.path / "tables" / "csv-metadata.json").read_bytes())
    (_, _, column) = description["tables"][0]["tableSchema"]["columns"]
    assert (column["datatype"] == "string") == (kind == pa.string() and name != "gYearMonth")


def test_column_with_several_values_holds_lists_and_names_its_property(tmp_path: Path) -> None:
    folder = tables_in(
        tmp_path / "a",
        Quad(GOAL_2, TYPE, GOAL, EDITORIAL),
        Quad(GOAL_10, TYPE, GOAL, EDITORIAL),
        Quad(GOAL_2, NAME, Literal("b", language="de"), EDITORIAL),
        Quad(GOAL_2, NAME, Literal("a", language="de"), EDITORIAL),
    )
    table = pq.read_table(folder.path / "tables" / "goal.parquet")

    assert table.column("name_de").to_pylist() == [["a", "b"], None]
    assert table.schema.field("name_de").metadata == {b"property": NAME.value.encode(), b"language": b"de"}


def test_every_shipped_table_has_the_rows_of_its_csv(shipped: Release) -> None:
    names = [name for name in shipped.manifest.files if name.startswith("tables/") and name.endswith(".csv")]

    assert len(names) > 40
    for name in names:
        with shipped.path(name).open(newline="", encoding="utf-8") as stream:
            identifiers = [row["id"] for row in csv.DictReader(stream)]
        table = pq.read_table(shipped.path(name.replace(".csv", ".parquet")))
        assert table.column("id").to_pylist() == identifiers


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_archive_holds_every_table_of_its_format(suffix: str, shipped: Release) -> None:
    with zipfile.ZipFile(shipped.path(f"tables-{suffix}.zip")) as archive:
        held = {item.filename: archive.read(item) for item in archive.infolist()}
        assert archive.testzip() is None
        assert {item.date_time for item in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}

    files = [name for name in shipped.manifest.files if name.startswith("tables/") and name.endswith(f".{suffix}")]
    wanted = [*files, "tables/csv-metadata.json"] if suffix == "csv" else files
    assert held == {name: shipped.path(name).read_bytes() for name in wanted}


def test_no_time_is_in_a_parquet_file(tmp_path: Path) -> None:
    folders = [tables_in(tmp_path / name, *QUADS, Quad(ESSEN, TYPE, GOAL, EDITORIAL)) for name in ("a", "b")]
    first, second = (folder.files["tables/goal.parquet"] for folder in folders)

    assert first == second
