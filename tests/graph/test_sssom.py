"""The reference implementation of SSSOM accepts the mapping sets, and understands what is meant."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.environments import python_with

from interkommunal.content import Content
from interkommunal.graph.mapping_set import file_name, read_mapping_set, write_mapping_set
from interkommunal.graph.reference import AUTHORITIES, Authority

CLIENT = Path(__file__).parent / "sssom_client.py"


@pytest.fixture(scope="module")
def understood(content: Content, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the reference implementation makes of each set, by its file; it takes long to import, so once for all."""
    folder = tmp_path_factory.mktemp("sets")
    links = content.data / "links"
    of = AUTHORITIES[-1]
    published = folder / "published.sssom.tsv"
    whole = read_mapping_set(links / file_name(of), links / file_name(of), of)
    published.write_text(write_mapping_set(whole.published()), encoding="utf-8")
    wrong = folder / "wrong.sssom.tsv"
    text = (links / "gnd.sssom.tsv").read_text(encoding="utf-8")
    wrong.write_text(text.replace("semapv:BackgroundKnowledgeBasedMatching", "semapv:Guessing"), encoding="utf-8")
    files = [*(links / file_name(item) for item in AUTHORITIES), published, wrong]
    done = subprocess.run([python_with("sssom"), CLIENT, *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {Path(path).name: found for path, found in json.loads(done.stdout).items()}


@pytest.mark.parametrize("of", AUTHORITIES, ids=lambda of: of.slug)
def test_shipped_set_is_valid_and_has_the_same_rows_there(
    of: Authority, understood: dict[str, Any], content: Content
) -> None:
    path = content.data / "links" / file_name(of)
    found = understood[path.name]

    assert found["problems"] == []
    assert found["metadata"]["mapping_set_id"] == of.mapping_set
    assert {(row["subject_id"], row["predicate_id"], row["object_id"], row["confidence"]) for row in found["rows"]} == {
        (row.subject_id, row.predicate_id, row.object_id, row.confidence)
        for row in read_mapping_set(path, path, of).rows
    }


def test_rejected_rows_are_no_matches_there(understood: dict[str, Any]) -> None:
    rows = understood["wikidata.sssom.tsv"]["rows"]

    assert {row["object_id"] for row in rows if row["predicate_modifier"] == "Not"} == {
        "wd:Q1680188",
        "wd:Q1937023",
        "wd:Q28739263",
    }


def test_set_as_published_is_valid(understood: dict[str, Any]) -> None:
    assert understood["published.sssom.tsv"]["problems"] == []


def test_a_wrong_set_is_not_valid_there(understood: dict[str, Any]) -> None:
    assert any("semapv:Guessing" in problem for problem in understood["wrong.sssom.tsv"]["problems"])
