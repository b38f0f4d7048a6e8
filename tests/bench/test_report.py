"""The page of figures keeps what did not run again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import report

PAGE = """# Title

<!-- figures: python -m bench --document -->

Measured on a machine.

### lookups: old

| a |

### soak: minutes

| b |

<!-- end of figures -->
The end.
"""


def test_scenarios_that_did_not_run_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("pyoxigraph", "oxigraph", "uvicorn", "rdflib", "processors", "memory", "system", "python")
    figure = {"what": "rate", "server": "ours", "unit": "/s", "values": [2.0], "median": 2.0, "aim": None, "met": None}
    record = {"scenario": "lookups", "title": "new", "conditions": {"rounds": 3}, "figures": [{**figure, "note": ""}]}
    (tmp_path / "lookups.json").write_text(json.dumps({**record, "machine": dict.fromkeys(names, "1")}))
    page = tmp_path / "page.md"
    page.write_text(PAGE)
    monkeypatch.setattr(report, "RESULTS", tmp_path)
    monkeypatch.setattr(report, "DOCUMENT", page)
    monkeypatch.setattr(report, "PLOT", tmp_path / "plot.svg")
    monkeypatch.setattr(report, "draw", lambda records: "<svg/>")

    report.write()

    text = page.read_text()
    assert "### lookups: new" in text
    assert "### lookups: old" not in text
    assert "| rate | ours | 2 /s |" in text
    assert "### soak: minutes\n\n| b |" in text
    assert text.endswith("<!-- end of figures -->\nThe end.\n")
