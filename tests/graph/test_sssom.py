"""The reference implementation of SSSOM accepts the mapping sets, and understands what is meant."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.environments import python_with

from interkommunal.content import Content
from interkommunal.graph.authorities import AUTHORITIES, Authority
from interkommunal.graph.mapping_set import file_name, read_mapping_set, write_mapping_set

CLIENT = Path(__file__).parent / "sssom_client.py"


@pytest.fixture(scope="session")
def sssom() -> Path:
    """Python in the environment of sssom."""
    return python_with("sssom")


def understood(sssom: Path, path: Path) -> dict[str, Any]:
    done = subprocess.run([sssom, CLIENT, path], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("of", AUTHORITIES, ids=lambda of: of.slug)
def test_shipped_set_is_valid_and_has_the_same_rows_there(of: Authority, sssom: Path, content: Content) -> None:
    path = content.data / "links" / file_name(of)
    found = understood(sssom, path)

    assert found["problems"] == []
    assert found["metadata"]["mapping_set_id"] == of.mapping_set
    assert {(row["subject_id"], row["predicate_id"], row["object_id"], row["confidence"]) for row in found["rows"]} == {
        (row.subject_id, row.predicate_id, row.object_id, row.confidence)
        for row in read_mapping_set(path, path, of).rows
    }


def test_rejected_rows_are_no_matches_there(sssom: Path, content: Content) -> None:
    found = understood(sssom, content.data / "links" / "wikidata.sssom.tsv")

    assert {row["object_id"] for row in found["rows"] if row["predicate_modifier"] == "Not"} == {
        "wd:Q1680188",
        "wd:Q1937023",
        "wd:Q28739263",
    }


def test_set_as_published_is_valid(sssom: Path, content: Content, tmp_path: Path) -> None:
    of = AUTHORITIES[-1]
    path = content.data / "links" / file_name(of)
    written = tmp_path / file_name(of)
    written.write_text(write_mapping_set(read_mapping_set(path, path, of).published()), encoding="utf-8")

    assert understood(sssom, written)["problems"] == []


def test_a_wrong_set_is_not_valid_there(sssom: Path, content: Content, tmp_path: Path) -> None:
    text = (content.data / "links" / "gnd.sssom.tsv").read_text(encoding="utf-8")
    wrong = tmp_path / "gnd.sssom.tsv"
    wrong.write_text(text.replace("semapv:BackgroundKnowledgeBasedMatching", "semapv:Guessing"), encoding="utf-8")

    assert any("semapv:Guessing" in problem for problem in understood(sssom, wrong)["problems"])
