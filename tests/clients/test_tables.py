"""Readers of tables that know nothing but an address: pandas, pyarrow, DuckDB."""

from __future__ import annotations

import io
import urllib.request
from pathlib import Path
from urllib.parse import urlencode

import duckdb
import pandas as pd
import pyarrow.parquet
import pytest
from tests.serving import Serving

TABLES = ("city", "schema-event", "participation", "passage", "discrepancy")
QUESTION = "/queries/forums-by-year-and-city"
SELECT = "SELECT ?city ?name { ?city a <ontology#City> ; <http://www.w3.org/2000/01/rdf-schema#label> ?name }"


@pytest.mark.parametrize("table", TABLES)
def test_one_csv_and_one_parquet_address_are_the_same_table(library: Serving, table: str) -> None:
    address = f"{library.url}/dumps/tables/{table}"
    text = pd.read_csv(f"{address}.csv", dtype=str)
    typed = pd.read_parquet(f"{address}.parquet")
    lines = pd.read_json(f"{address}.jsonl", lines=True)
    assert len(text) == len(typed) == len(lines) > 5
    assert list(text.columns) == list(typed.columns)
    assert list(text.iloc[:, 0]) == list(typed.iloc[:, 0])
    assert set(lines.columns) <= set(typed.columns)


def test_a_question_is_the_same_table_as_csv_tsv_parquet_and_json(library: Serving) -> None:
    address = library.url + QUESTION
    text = pd.read_csv(f"{address}.csv?raw=true&lang=de", dtype=str)
    tabs = pd.read_csv(f"{address}.tsv?lang=de", sep="\t", dtype=str)
    typed = pd.read_parquet(f"{address}.parquet?lang=de")
    with urllib.request.urlopen(f"{address}.json?lang=de") as answer:
        rows = pd.read_json(io.StringIO(answer.read().decode()), typ="series")["rows"]
    assert list(text.columns) == list(typed.columns) == list(tabs.columns.str.removeprefix("?"))
    assert len(text) == len(tabs) == len(typed) == len(rows) > 5
    assert list(text["title"]) == list(typed["title"]) == [row["title"] for row in rows]


@pytest.mark.parametrize("query", [SELECT, SELECT.replace("?city ?name {", "?name ?city {", 1)])
def test_a_query_is_a_table_by_its_address_with_columns_in_its_order(library: Serving, query: str) -> None:
    address = f"{library.url}/sparql?{urlencode({'query': query, 'format': 'csv'})}"
    table = pd.read_csv(address)
    assert list(table.columns) == (["city", "name"] if query is SELECT else ["name", "city"])
    assert table["city"].nunique() == 9


def test_the_columns_of_all_variables_come_in_the_order_of_the_query(library: Serving) -> None:
    query = "SELECT * { ?zeta <http://www.w3.org/2000/01/rdf-schema#label> ?alpha . ?zeta a ?middle }"
    table = pd.read_csv(f"{library.url}/sparql?{urlencode({'query': f'{query} LIMIT 3', 'format': 'csv'})}")
    assert list(table.columns) == ["zeta", "alpha", "middle"]


def test_parquet_is_read_in_ranges_after_a_look_at_its_length(library: Serving) -> None:
    # As DuckDB's httpfs does: HEAD, the last bytes, the footer.
    path = "/dumps/tables/passage.parquet"
    head = library.ask(path, "HEAD")
    size = int(head.headers["content-length"])
    assert head.headers["accept-ranges"] == "bytes"
    end = library.ask(path, headers={"range": f"bytes={size - 8}-{size - 1}"})
    assert (end.status, end.body[4:]) == (206, b"PAR1")
    footer = int.from_bytes(end.body[:4], "little") + 8
    piece = library.ask(path, headers={"range": f"bytes={size - footer}-{size - 1}"}).body
    assert pyarrow.parquet.read_metadata(io.BytesIO(b"PAR1" + piece)).num_columns > 3


@pytest.mark.parametrize("address", [*(f"/dumps/tables/{table}" for table in TABLES), QUESTION])
def test_duckdb_reads_the_same_table_from_csv_and_parquet(library: Serving, address: str, tmp_path: Path) -> None:
    # DuckDB fetches addresses with an extension that it would load from elsewhere, so it reads what we fetched.
    for suffix in ("csv", "parquet"):
        (tmp_path / f"table.{suffix}").write_bytes(library.ask(f"{address}.{suffix}?lang=de").body)
    with duckdb.connect() as database:
        text, typed = (database.sql(f"SELECT * FROM '{tmp_path / name}'") for name in ("table.csv", "table.parquet"))
        assert text.columns == typed.columns
        first = typed.columns[0]
        rows = typed.filter(f'"{first}" IS NOT NULL').aggregate(f'list("{first}")').fetchall()
        assert rows == text.filter(f'"{first}" IS NOT NULL').aggregate(f'list("{first}")').fetchall()
        assert len(rows[0][0]) > 5


@pytest.mark.parametrize("accept", [None, "*/*", "text/html,application/xhtml+xml,*/*;q=0.8", "application/json"])
@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/dumps/tables/city.csv", "text/csv"),
        ("/dumps/tables/city.parquet", "application/vnd.apache.parquet"),
        (f"{QUESTION}.csv", "text/csv"),
        (f"{QUESTION}.parquet", "application/vnd.apache.parquet"),
    ],
)
def test_an_address_with_a_suffix_gives_its_format_to_every_client(
    library: Serving, path: str, kind: str, accept: str | None
) -> None:
    reply = library.ask(path, headers={} if accept is None else {"accept": accept})
    assert reply.status == 200
    assert reply.headers["content-type"].partition(";")[0] == kind
