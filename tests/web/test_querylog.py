from __future__ import annotations

import io
import json

import pytest

from interkommunal.web.logs import QueryLog, QueryRecord, network


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("unix", ""),
        ("", ""),
    ],
)
def test_only_the_network_of_a_client_is_known(address: str, expected: str) -> None:
    assert network(address) == expected


async def test_a_line_says_what_happened_and_not_who_it_was() -> None:
    stream = io.BytesIO()
    log = QueryLog(stream, as_json=True)
    log.add(
        QueryRecord(
            0,
            "ok",
            "miss",
            "text/csv",
            "select",
            3,
            "abc",
            status=200,
            seconds=0.0123456,
            size=120,
            client="192.0.2.77",
        )
    )
    await log.close()
    line = json.loads(stream.getvalue())
    assert line.pop("time").endswith("Z")
    assert line == {
        "event": "query",
        "outcome": "ok",
        "status": 200,
        "seconds": 0.012346,
        "cache": "miss",
        "form": "select",
        "format": "text/csv",
        "rows": 3,
        "bytes": 120,
        "query": "abc",
        "client": "192.0.2.0/24",
    }


async def test_a_query_that_went_wrong_is_quoted_without_control_characters() -> None:
    stream = io.BytesIO()
    log = QueryLog(stream, as_json=False)
    log.add(QueryRecord(0, "query-timeout", query="SELECT *\n{\x1b[31m ?s ?p '\ud800' }", status=504, seconds=30.0))
    await log.close()
    line = stream.getvalue().decode()
    assert line.count("\n") == 1
    assert "\x1b" not in line
    assert "query-timeout 504" in line


async def test_lines_that_nobody_takes_are_dropped_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("interkommunal.web.logs._MOST_LINES", 10)
    log = QueryLog(io.BytesIO(), as_json=True)
    for _ in range(15):
        log.add(QueryRecord(0, status=200, seconds=0.001))
    assert log.dropped == 5
    assert log.outcomes["ok", "-", "-"] == 15
    await log.close()


async def test_outcomes_are_counted_without_a_stream() -> None:
    log = QueryLog(None, as_json=True)
    log.add(QueryRecord(0, "ok", "hit", status=200, seconds=0.004, size=10))
    log.add(QueryRecord(0, "ok", "hit", status=200, seconds=0.4, size=10))
    log.add(QueryRecord(0, "query-timeout", status=504, seconds=99.0))
    await log.close()
    assert log.sizes == 20
    assert log.durations["hit"] == [0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    assert log.durations["-"][-1] == 1
    assert log.seconds["hit"] == pytest.approx(0.404)
