"""Rows counted, and answers cut, in the bytes that pyoxigraph writes, compared with parsers of the formats."""

from __future__ import annotations

import csv
import io
import json
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, QueryResultsFormat, QuerySolutions, Store

from interkommunal.engine.counting import JsonRows, RowCounter, row_counter
from interkommunal.errors import QueryTooLarge
from interkommunal.sparql.query import CSV, FORMATS, RESULTS_JSON, RESULTS_XML, TSV, Form

# What could be taken for markup.
PIECES = st.sampled_from(
    [
        *('}},{"', "}},{", '"v0":', "{}", ",{},", "}", "{", ":{", '"bindings":[', '{"', '",', "]}}"),
        *("\\", '"', '\\"', "'", "\n", "\r\n", "\t", ",", "<result>", "</results>", "é", "x"),
    ]
)
VALUES = st.one_of(st.none(), st.lists(PIECES, max_size=5).map("".join))
TABLES = st.integers(0, 3).flatmap(lambda width: st.lists(st.tuples(*[VALUES] * width), max_size=6).map(list))


def written(rows: list[tuple[str | None, ...]], media_type: str) -> bytes:
    """A table as pyoxigraph writes it."""
    width = len(rows[0]) if rows else 1
    names = " ".join(f"?v{number}" for number in range(width))
    lines = " ".join(
        "(" + " ".join("UNDEF" if value is None else str(Literal(value)) for value in row) + ")" for row in rows
    )
    results = Store().query(f"SELECT * {{ VALUES ({names}) {{ {lines} }} }}")
    assert isinstance(results, QuerySolutions)
    return results.serialize(format=QueryResultsFormat.from_media_type(media_type)) or b""


def rows_in(body: bytes, media_type: str) -> int:
    """Rows as a parser of the format finds them."""
    if media_type == RESULTS_JSON:
        return len(json.loads(body)["results"]["bindings"])
    if media_type == RESULTS_XML:
        return len(ElementTree.fromstring(body).findall(".//{*}result"))
    if media_type == CSV:
        return len(list(csv.reader(io.StringIO(body.decode(), newline="")))) - 1
    return body.count(b"\n") - 1


def fed(counter: RowCounter, body: bytes, sizes: list[int]) -> bytes:
    """What a counter gives back for a body that comes in blocks of these sizes, over and over."""
    given_back, offset, turn = b"", 0, 0
    while offset < len(body) and not counter.exceeded:
        end = offset + sizes[turn % len(sizes)]
        given_back += counter.feed(body[offset:end])
        offset, turn = end, turn + 1
    given_back += b"" if counter.exceeded else counter.feed(b"", is_last=True)
    return given_back + counter.ending if counter.exceeded else given_back


@pytest.mark.parametrize("media_type", FORMATS[Form.SELECT])
@given(rows=TABLES, sizes=st.lists(st.integers(1, 60), min_size=1, max_size=4))
def test_all_rows_are_counted_and_all_bytes_given_back(
    media_type: str, rows: list[tuple[str | None, ...]], sizes: list[int]
) -> None:
    body = written(rows, media_type)
    counter = row_counter(media_type, None)

    assert fed(counter, body, sizes) == body
    assert counter.rows == len(rows)
    assert not counter.exceeded


@pytest.mark.parametrize("media_type", FORMATS[Form.SELECT])
@given(rows=TABLES, limit=st.none() | st.integers(0, 4))
def test_an_answer_as_a_whole_is_treated_as_one_in_blocks(
    media_type: str, rows: list[tuple[str | None, ...]], limit: int | None
) -> None:
    body = written(rows, media_type)
    whole, blocks = row_counter(media_type, limit), row_counter(media_type, limit)

    given_back = whole.feed(body, is_last=True)
    assert given_back + (whole.ending if whole.exceeded else b"") == fed(blocks, body, [7])
    assert (whole.rows, whole.exceeded) == (blocks.rows, blocks.exceeded)


@pytest.mark.parametrize("media_type", FORMATS[Form.SELECT])
@given(rows=TABLES, sizes=st.lists(st.integers(1, 60), min_size=1, max_size=4), limit=st.integers(0, 4))
def test_a_cut_answer_is_well_formed_and_has_as_many_rows_as_allowed(
    media_type: str, rows: list[tuple[str | None, ...]], sizes: list[int], limit: int
) -> None:
    counter = row_counter(media_type, limit)
    answer = fed(counter, written(rows, media_type), sizes)

    allowed = min(limit, len(rows))
    assert counter.exceeded == (len(rows) > limit)
    assert counter.rows == allowed
    # The csv module reads a line without any character as a row only if it is not the only column's.
    if not (media_type == CSV and rows and len(rows[0]) == 0):
        assert rows_in(answer, media_type) == allowed


@pytest.mark.parametrize(
    ("media_type", "cut"),
    [
        (RESULTS_JSON, b'{"head":{"vars":["v0"]},"results":{"bindings":[{"v0":{"type":"literal","value":"a"}}]}}'),
        (CSV, b"v0\r\na\r\n"),
        (TSV, b'?v0\n"a"\n'),
    ],
)
def test_the_second_row_is_cut_off(media_type: str, cut: bytes) -> None:
    assert fed(row_counter(media_type, 1), written([("a",), ("b",)], media_type), [1000]) == cut


def test_a_row_that_is_too_long_to_wait_for_its_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(JsonRows, "MAX_ROW", 1 << 20)
    body = written([("x" * (1 << 21),)], RESULTS_JSON)
    with pytest.raises(QueryTooLarge) as caught:
        fed(JsonRows(), body, [1 << 16])
    assert caught.value.limit == "bytes"
