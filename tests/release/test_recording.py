"""The change table has a row for exactly what a release changed, and survives whatever happens while it is written."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad
from tests.release.frozen import EDITORIAL, ESSEN, GOAL_10, L10, LABEL, QUADS, TYPE, assembly_of
from tests.serving import write_release

from interkommunal.content import Content
from interkommunal.errors import ReleaseError
from interkommunal.namespaces import IK
from interkommunal.release import freeze as freezing
from interkommunal.release import history, recording
from interkommunal.release.comparison import compare
from interkommunal.release.freeze import freeze
from interkommunal.release.history import CATALOGUE, GRAPH, History
from interkommunal.release.output import only_writer
from interkommunal.release.release import Release

CITY = Quad(ESSEN, TYPE, NamedNode(f"{IK}City"), EDITORIAL)
NEW = Quad(NamedNode(f"{GOAL_10.value}-new"), TYPE, NamedNode(f"{IK}Goal"), L10)


def opened(releases: Path) -> History:
    found = History.open(releases)
    assert found is not None
    return found


def rows(found: History, view: str = GRAPH) -> list[tuple[int, str, str, str | None, str]]:
    return [
        (row.sequence, row.entity.rpartition("/")[2], row.kind.value, row.publication.before, row.publication.release)
        for row in found.entries(view, 1, found.length(view))
    ]


def line(name: str, value: str) -> bytes:
    return f'<http://a.example/{name}> <http://a.example/p> "{value}" <http://a.example/g> .\n'.encode()


def publish(releases: Path, quads: bytes, version: str = "1.0.0") -> Release:
    """As a build does, for a release of these statements."""
    old = (releases / "current").readlink() if (releases / "current").is_symlink() else None
    release = write_release(releases, quads, version)
    (releases / "current").unlink()
    if old:
        (releases / "current").symlink_to(old)
    recorded = recording.prepare(releases, release)
    (releases / "current").unlink(missing_ok=True)
    (releases / "current").symlink_to(release.folder.name)
    if recorded:
        recording.settle(releases)
    return release


def test_first_release_creates_everything_in_it(releases: Path, release: Release) -> None:
    found = opened(releases)

    assert rows(found) == [
        (1, "topic-x", "create", None, release.identifier),
        (2, "essen", "create", None, release.identifier),
        (3, "ruhr-10", "create", None, release.identifier),
        (4, "ruhr-2", "create", None, release.identifier),
    ]


def test_next_release_has_rows_for_exactly_what_was_edited(
    releases: Path, release: Release, small_content: Content
) -> None:
    edited = [quad for quad in QUADS if quad.subject != GOAL_10]

    newer = freeze(assembly_of(*edited, CITY, NEW), small_content, releases)

    assert rows(opened(releases))[4:] == [
        (5, "essen", "update", release.identifier, newer.identifier),
        (6, "ruhr-10-new", "create", release.identifier, newer.identifier),
        (7, "ruhr-10", "delete", release.identifier, newer.identifier),
    ]


def test_rows_are_what_comparing_the_two_releases_finds(
    releases: Path, release: Release, small_content: Content
) -> None:
    edited = [quad for quad in QUADS if quad.subject != GOAL_10]
    newer = freeze(assembly_of(*edited, CITY, NEW), small_content, releases)

    found = opened(releases)
    kinds = {True: "create", False: "update"}
    assert {row.entity: row.kind for row in found.entries(GRAPH, 5, 99)} == {
        change.iri: "delete" if change.is_gone else kinds[change.is_new] for change in compare(release, newer).changes
    }


def test_building_again_without_edits_adds_nothing(releases: Path, release: Release, small_content: Content) -> None:
    before = (releases / history.NAME).stat()

    freeze(assembly_of(), small_content, releases)

    after = (releases / history.NAME).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert not (releases / recording.NEXT).exists()


def test_playing_the_table_back_gives_every_statement_of_the_release(
    releases: Path, release: Release, small_content: Content
) -> None:
    freeze(assembly_of(*QUADS[2:], CITY, NEW), small_content, releases)
    last = freeze(assembly_of(*QUADS[1:], NEW), small_content, releases)

    there: dict[str, bytes] = {}
    found = opened(releases)
    for row in found.entries(GRAPH, 1, found.length(GRAPH)):
        there[row.entity] = row.statements
    played = b"".join(there.values()).splitlines(keepends=True)
    assert b"".join(sorted(played)) == last.quads.read_bytes()


def test_shipped_release_is_played_back_to_the_last_statement(shipped: Release) -> None:
    found = opened(shipped.folder.parent)

    entries = found.entries(GRAPH, 1, found.length(GRAPH))

    assert b"".join(entry.statements for entry in entries) == shipped.quads.read_bytes()
    assert found.entries(GRAPH, 700, 700) == entries[699:700]


def test_going_back_to_older_content_is_a_change_like_any_other(releases: Path, small_content: Content) -> None:
    first = freeze(assembly_of(), small_content, releases)
    second = freeze(assembly_of(*QUADS, CITY), small_content, releases)
    freeze(assembly_of(), small_content, releases)

    found = opened(releases)
    assert [item.release for item in found.publications] == [first.identifier, second.identifier, first.identifier]
    assert rows(found)[-1] == (6, "essen", "update", second.identifier, first.identifier)


def test_table_outlives_the_releases_it_tells_of(releases: Path, release: Release, small_content: Content) -> None:
    newer = freeze(assembly_of(*QUADS, CITY), small_content, releases)
    shutil.rmtree(release.folder)

    freeze(assembly_of(*QUADS, CITY, NEW), small_content, releases)

    found = opened(releases)
    assert [item.kind.value for item in found.versions(GRAPH, ESSEN.value)] == ["create", "update"]
    assert f"<{IK}City>".encode() not in found.entries(GRAPH, 2, 2)[0].statements
    assert rows(found)[-1][2:4] == ("create", newer.identifier)


def test_iris_that_begin_alike_are_told_apart_in_the_order_of_n_quads(tmp_path: Path) -> None:
    publish(tmp_path, b"".join(sorted(line(name, "1") for name in ("a", "a-b", "a/b", "aa", "ä"))))
    publish(tmp_path, b"".join(sorted([line("a", "2"), line("a-b", "1"), line("aa", "1"), line("ä", "1")])))

    assert [row[1:3] for row in rows(opened(tmp_path))[5:]] == [("b", "delete"), ("a", "update")]


def test_release_of_equal_content_is_published_without_rows(tmp_path: Path) -> None:
    publish(tmp_path, line("a", "1"), "1.0.0")
    publish(tmp_path, line("a", "1"), "1.0.1")

    found = opened(tmp_path)
    assert [item.release[:5] for item in found.publications] == ["1.0.0", "1.0.1"]
    assert found.length(GRAPH) == 1


def test_many_entities_are_read_from_any_place(tmp_path: Path) -> None:
    publish(tmp_path, b"".join(line(f"{number:04}", "x") for number in range(1001)))

    found = opened(tmp_path)
    assert [row.entity[-4:] for row in found.entries(GRAPH, 249, 252)] == ["0248", "0249", "0250", "0251"]
    assert found.entries(GRAPH, 1001, 2000)[0].statements == line("1000", "x")


def test_times_are_moments_in_utc(releases: Path, release: Release) -> None:
    (time,) = (item.time for item in opened(releases).publications)

    moment = datetime.fromisoformat(time)
    assert time.endswith("Z")
    assert moment.utcoffset() == timedelta(0)
    assert abs(datetime.now(UTC) - moment) < timedelta(minutes=5)


def test_clock_that_goes_back_does_not_take_time_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for second, value in ((30, "1"), (10, "2"), (40, "3")):
        monkeypatch.setattr(recording, "_clock", lambda second=second: datetime(2027, 1, 1, 0, 0, second, tzinfo=UTC))
        publish(tmp_path, line("a", value))

    assert [item.time for item in opened(tmp_path).publications] == [
        "2027-01-01T00:00:30.000Z",
        "2027-01-01T00:00:30.001Z",
        "2027-01-01T00:00:40.000Z",
    ]


def test_releases_that_lie_there_already_are_taken_in_first(tmp_path: Path) -> None:
    old = [write_release(tmp_path, line("a", value), version) for value, version in (("1", "0.8.0"), ("2", "0.9.0"))]
    for day, release in enumerate(old, 1):
        written = datetime(2026, 1, day, tzinfo=UTC).timestamp()
        os.utime(release.folder / "manifest.json", (written, written))

    publish(tmp_path, line("a", "3"))

    found = opened(tmp_path)
    assert [item.time[:10] for item in found.publications][:2] == ["2026-01-01", "2026-01-02"]
    assert [row[2] for row in rows(found)] == ["create", "update", "update"]


def test_catalogue_is_a_view_of_its_own(tmp_path: Path) -> None:
    release = write_release(tmp_path, line("a", "1"))
    described = {f"{history.ADDRESS}/b": b"<b> <p> <o> .\n", f"{history.ADDRESS}/a": b"<a> <p> <o> .\n"}

    recording.prepare(tmp_path, release, lambda *_: described)
    recording.settle(tmp_path)
    again = recording.prepare(tmp_path, release, lambda *_: described)
    recording.prepare(tmp_path, release, lambda *_: {**described, f"{history.ADDRESS}/b": b"<b> <p> <x> .\n"})
    recording.settle(tmp_path)

    assert not again
    found = opened(tmp_path)
    assert [row[1:3] for row in rows(found, CATALOGUE)] == [("a", "create"), ("b", "create"), ("b", "update")]
    assert rows(found, GRAPH) == [(1, "a", "create", None, release.identifier)]
    found.verify()


def test_files_have_the_day_of_the_publication_that_changed_them(tmp_path: Path) -> None:
    made = [publish(tmp_path, line("a", value), version) for value, version in (("1", "1.0.0"), ("2", "1.0.1"))]
    again = publish(tmp_path, line("a", "2"), "1.0.2")
    shutil.rmtree(made[1].folder)

    assert opened(tmp_path).unchanged_since(again.manifest)["graph.nq"].release == made[1].identifier


def test_crash_before_the_release_is_in_force_leaves_the_old_table(
    releases: Path, release: Release, small_content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows(opened(releases))

    def crash(link: Path, folder: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(freezing, "_point", crash)
    with pytest.raises(ReleaseError, match="No space left"):
        freeze(assembly_of(*QUADS, CITY), small_content, releases)
    monkeypatch.undo()

    assert rows(opened(releases)) == before
    assert Release.open(releases) == release
    newer = freeze(assembly_of(*QUADS, NEW), small_content, releases)
    assert [row[1:] for row in rows(opened(releases))[4:]] == [
        ("ruhr-10-new", "create", release.identifier, newer.identifier)
    ]


def test_crash_after_the_release_is_in_force_is_made_up_for_by_the_next_build(
    releases: Path, release: Release, small_content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(_: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(recording, "settle", crash)
    with pytest.raises(KeyboardInterrupt):
        freeze(assembly_of(*QUADS, CITY), small_content, releases)
    monkeypatch.undo()
    newer = Release.open(releases)
    assert opened(releases).length(GRAPH) == 4

    freeze(assembly_of(*QUADS, CITY), small_content, releases)

    assert rows(opened(releases))[4:] == [(5, "essen", "update", release.identifier, newer.identifier)]


def test_table_that_was_altered_stops_the_build_and_says_what_to_do(
    releases: Path, release: Release, small_content: Content
) -> None:
    path = releases / history.NAME
    connection = sqlite3.connect(path)
    connection.execute("UPDATE publication SET time = '2020-01-01T00:00:00.000Z'")
    connection.commit()
    connection.close()

    with pytest.raises(ReleaseError, match=r"history\.sqlite is damaged .*interkommunal releases rebuild"):
        freeze(assembly_of(*QUADS, CITY), small_content, releases)

    assert Release.open(releases) == release


@pytest.mark.parametrize("damage", ["cut", "flipped", "nonsense"])
def test_damaged_table_is_recognised(damage: str, tmp_path: Path) -> None:
    publish(tmp_path, b"".join(line(f"{number:04}", sha256(b"%d" % number).hexdigest()) for number in range(2000)))
    path = tmp_path / history.NAME
    data = bytearray(path.read_bytes())
    block = data.rindex(b"\x28\xb5\x2f\xfd")  # how zstd begins
    for offset in range(block + 20, block + 40):
        data[offset] ^= 0xFF
    path.write_bytes({"cut": bytes(data[:9000]), "flipped": bytes(data), "nonsense": b"x" * 5000}[damage])

    with pytest.raises(ReleaseError, match=r"damaged|format None"):
        opened(tmp_path).verify()


def test_rebuilt_table_is_another_stream_and_the_old_one_is_set_aside(
    releases: Path, release: Release, small_content: Content
) -> None:
    newer = freeze(assembly_of(*QUADS, CITY), small_content, releases)
    before = opened(releases)
    old = before.stream
    (releases / history.NAME).write_bytes(b"not a table")

    aside = recording.rebuild(releases)

    assert aside is not None
    assert aside.read_bytes() == b"not a table"
    found = opened(releases)
    found.verify()
    assert found.stream != old
    assert rows(found)[-1] == (5, "essen", "update", release.identifier, newer.identifier)


def test_second_build_is_told_to_wait(releases: Path, release: Release, small_content: Content) -> None:
    with (
        only_writer(releases),
        pytest.raises(ReleaseError, match="another build is writing"),
    ):
        freeze(assembly_of(*QUADS, CITY), small_content, releases)

    assert opened(releases).length(GRAPH) == 4


LIMITED = """
import resource, sys
from pathlib import Path
from interkommunal.errors import ReleaseError
from interkommunal.release import recording
from interkommunal.release.release import Release
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
try:
    recording.prepare(Path(sys.argv[1]), Release.open(Path(sys.argv[2])))
except ReleaseError as error:
    print(error)
"""


def test_full_disk_leaves_the_old_table_and_one_line(tmp_path: Path) -> None:
    publish(tmp_path, line("a", "1"))
    before = (tmp_path / history.NAME).read_bytes()
    noise = b"".join(line(f"{number:06}", os.urandom(60).hex()) for number in range(3000))
    newer = write_release(tmp_path / "other", noise).folder.rename(tmp_path / "1.0.0-noise")

    done = subprocess.run(
        [sys.executable, "-c", LIMITED, tmp_path, newer, str(200_000)], capture_output=True, text=True, check=True
    )

    assert "cannot write the change table" in done.stdout
    assert "the release in force stays" in done.stdout
    assert (tmp_path / history.NAME).read_bytes() == before
    assert not (tmp_path / recording.NEXT).exists()
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


def test_labels_in_rows_are_those_of_their_version(releases: Path, release: Release, small_content: Content) -> None:
    changed = Quad(ESSEN, LABEL, Literal("Essen (Ruhr)", language="de"), EDITORIAL)
    freeze(assembly_of(*(quad for quad in QUADS if quad != QUADS[5]), changed), small_content, releases)

    old, new = opened(releases).versions(GRAPH, ESSEN.value)

    assert b'"Essen"@de' in old.statements
    assert b"Essen (Ruhr)" not in old.statements
    assert b'"Essen (Ruhr)"@de' in new.statements
