"""``interkommunal releases`` lists what was published and what is kept, and removes what may go."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.serving import write_release

from interkommunal.release import recording
from interkommunal.release.release import Release

LINE = '<http://a.example/a> <http://a.example/p> "{}" <http://a.example/g> .\n'


@pytest.fixture
def three(tmp_path: Path) -> list[Release]:
    """Three published releases."""
    made = []
    for number in range(3):
        release = write_release(tmp_path, LINE.format(number).encode(), f"1.{number}.0")
        recording.prepare(tmp_path, release)
        recording.settle(tmp_path)
        made.append(release)
    return made


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "interkommunal", *arguments, "--releases", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def test_list_tells_what_is_kept_and_what_was_removed(tmp_path: Path, three: list[Release]) -> None:
    assert run(tmp_path, "releases", "remove", "1.0.0").stdout == f"removed {three[0].identifier}\n"

    rows = json.loads(run(tmp_path, "releases", "--format", "json").stdout)

    assert [(row["identifier"], row["state"]) for row in rows] == [
        (three[0].identifier, "removed"),
        (three[1].identifier, "kept"),
        (three[2].identifier, "in force"),
    ]
    assert rows[0]["statements"] is None
    assert rows[2]["statements"] == 1
    assert rows[0]["published"] < rows[1]["published"] < rows[2]["published"]


def test_list_comes_as_csv_and_as_a_table(tmp_path: Path, three: list[Release]) -> None:
    rows = list(csv.DictReader(run(tmp_path, "releases", "--format", "csv").stdout.splitlines()))
    lines = run(tmp_path, "releases").stdout.splitlines()

    assert [row["identifier"] for row in rows] == [release.identifier for release in three]
    assert [line.split()[0] for line in lines[2:]] == [release.identifier for release in three]


def test_prune_says_what_went(tmp_path: Path, three: list[Release]) -> None:
    done = run(tmp_path, "releases", "prune", "--keep", "1")

    assert done.stdout.splitlines() == [f"removed {release.identifier}" for release in three[:2]]
    assert run(tmp_path, "releases", "prune", "--keep", "1").stdout == "There was nothing to remove.\n"


def test_what_must_stay_is_refused_in_one_line(tmp_path: Path, three: list[Release]) -> None:
    done = run(tmp_path, "releases", "remove", "current")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"interkommunal: {three[2].identifier} is in force and stays; put another one in force first\n"
    )


def test_damaged_table_is_set_aside_and_made_anew(tmp_path: Path, three: list[Release]) -> None:
    (tmp_path / "history.sqlite").write_bytes(b"nonsense" * 500)
    refused = run(tmp_path, "releases")

    assert refused.returncode == 1
    assert "interkommunal releases rebuild" in refused.stderr
    done = run(tmp_path, "releases", "rebuild")

    assert done.returncode == 0, done.stderr
    assert "set aside as history-set-aside-" in done.stdout
    rows = json.loads(run(tmp_path, "releases", "--format", "json").stdout)
    assert [row["identifier"] for row in rows] == [release.identifier for release in three]


def test_difference_is_one_page_that_loads_nothing(tmp_path: Path, three: list[Release]) -> None:
    done = run(tmp_path, "diff", "1.0.0", "1.2.0", "--format", "html", "--lang", "de")

    assert done.returncode == 0, done.stderr
    assert '<html lang="de">' in done.stdout
    assert f"{three[0].identifier} → {three[2].identifier}" in done.stdout
    assert "1 Aussagen entfallen, 1 hinzugekommen" in done.stdout
    assert "<script" not in done.stdout
    assert "stylesheet" not in done.stdout
    assert "url(" not in done.stdout
