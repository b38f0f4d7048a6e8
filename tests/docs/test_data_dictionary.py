"""The data dictionary in docs/ is the one that ontology and shapes give."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys

import pytest
from tests.docs.blocks import DOCS

from interkommunal.cli.describing import markdown, table
from interkommunal.graph.assemble import Assembly
from interkommunal.validation.dictionary import dictionary


@pytest.mark.parametrize(("name", "language"), [("data-dictionary.md", "en"), ("data-dictionary.de.md", "de")])
def test_page_is_up_to_date(name: str, language: str, assembly: Assembly) -> None:
    made = markdown(dictionary(assembly.dataset, assembly.shapes), language)

    assert (DOCS / name).read_text(encoding="utf-8") == made, "write it anew: make dictionary"


def test_table_has_a_row_for_each_property_and_no_formulas(assembly: Assembly) -> None:
    found = dictionary(assembly.dataset, assembly.shapes)
    rows = list(csv.DictReader(io.StringIO(table(found, "de"))))

    assert len(rows) == sum(len(entry.fields) for entry in found.entries)
    assert [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))] == []
    assert {"class": "ik:Forum", "property": "schema:location"}.items() <= next(
        row for row in rows if row["class"] == "ik:Forum" and row["property"] == "schema:location"
    ).items()


def test_command_writes_json_for_programs() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "interkommunal", "dictionary", "--format", "json"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert {"entries", "code_lists"} == set(json.loads(done.stdout))
