"""Kept releases are found by what people call them, and compared statement by statement."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import Literal, Quad
from tests.release.frozen import EDITORIAL, ESSEN, LABEL, QUADS, assembly_of
from tests.serving import write_release

from interkommunal.content import Content
from interkommunal.errors import ReleaseError
from interkommunal.release import recording
from interkommunal.release.comparison import compare
from interkommunal.release.freeze import freeze
from interkommunal.release.history import History
from interkommunal.release.release import Release
from interkommunal.release.versions import Versions


def line(name: str, value: str) -> bytes:
    return f'<http://a.example/{name}> <http://a.example/p> "{value}" <http://a.example/g> .\n'.encode()


@pytest.fixture
def three(tmp_path: Path) -> tuple[Release, Release, Release]:
    """Versions 0.9.0, 0.10.0 and 1.0.0-rc.1 of a graph, written in another order, one item more each."""
    releases = tmp_path / "releases"
    last = write_release(releases, line("a", "1") + line("b", "1") + line("c", "1"), "1.0.0-rc.1")
    first = write_release(releases, line("a", "1"), "0.9.0")
    return first, write_release(releases, line("a", "1") + line("b", "1"), "0.10.0"), last


def test_versions_are_listed_by_number_not_by_letters(three: tuple[Release, ...]) -> None:
    versions = Versions.read(three[0].folder.parent)

    assert [release.version for release in versions.kept] == ["0.9.0", "0.10.0", "1.0.0-rc.1"]


def test_a_version_comes_after_its_candidates(three: tuple[Release, ...]) -> None:
    write_release(three[0].folder.parent, line("a", "1"), "1.0.0")

    assert [release.version for release in Versions.read(three[0].folder.parent).kept][-2:] == ["1.0.0-rc.1", "1.0.0"]


def test_releases_of_one_version_are_listed_as_they_were_written(tmp_path: Path) -> None:
    made = [write_release(tmp_path, line("a", value)) for value in "321"]
    for seconds, release in enumerate(made):
        os.utime(release.folder / "manifest.json", (seconds, seconds))

    assert list(Versions.read(tmp_path).kept) == made


def test_previous_and_next_lead_along_the_versions(three: tuple[Release, Release, Release]) -> None:
    first, middle, last = three
    versions = Versions.read(first.folder.parent)

    assert (versions.previous(first), versions.next(first)) == (None, middle)
    assert (versions.previous(middle), versions.next(middle)) == (first, last)
    assert (versions.previous(last), versions.next(last)) == (middle, None)


def test_release_is_found_by_identifier_version_hash_or_as_current(three: tuple[Release, Release, Release]) -> None:
    first, middle, _ = three
    versions = Versions.read(first.folder.parent)

    assert versions.find(first.identifier) == first
    assert versions.find("0.9.0") == first
    assert versions.find(first.content_hash[:9].upper()) == first
    assert versions.find("current") == middle  # written last


def test_release_that_is_not_kept_is_refused_with_those_that_are(three: tuple[Release, ...]) -> None:
    versions = Versions.read(three[0].folder.parent)
    kept = ", ".join(release.identifier for release in versions.kept)

    with pytest.raises(ReleaseError, match=rf"no release 7\.0\.0 is kept in .*; there are: {kept}"):
        versions.find("7.0.0")


def test_hash_that_two_releases_have_is_refused_with_both(tmp_path: Path) -> None:
    first, second = (write_release(tmp_path, line("a", "1"), version) for version in ("1.0.0", "1.0.1"))

    with pytest.raises(ReleaseError, match=f"may be {first.identifier}, {second.identifier}; say which"):
        Versions.read(tmp_path).find(first.content_hash[:8])


def test_leftovers_copies_and_half_written_releases_are_passed_over(three: tuple[Release, ...]) -> None:
    releases = three[0].folder.parent
    shutil.copytree(three[0].folder, releases / ".unfinished-1")
    shutil.copytree(three[0].folder, releases / "backup")
    (releases / "note.txt").write_text("a file")
    (three[2].folder / "manifest.json").unlink()

    assert list(Versions.read(releases).kept) == [three[0], three[1]]


def test_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match=f"cannot read the releases in {tmp_path}/none: No such file or directory"):
        Versions.read(tmp_path / "none")


def test_without_a_change_table_a_file_has_the_day_of_the_first_version_that_has_it_alike(tmp_path: Path) -> None:
    texts = [("1.0.0", "x"), ("1.0.1", "y"), ("1.0.2", "y")]
    for (version, value), day in zip(texts, ("2027-01-01", "2027-02-02", "2027-03-03"), strict=True):
        release = write_release(tmp_path, line("a", value), version)
        (release.folder / "manifest.json").write_bytes(replace(release.manifest, released=day).to_json())
    versions = Versions.read(tmp_path)

    assert [versions.modified(item) for item in versions.kept] == [
        {"graph.nq": "2027-01-01"},
        {"graph.nq": "2027-02-02"},
        {"graph.nq": "2027-02-02"},
    ]
    assert versions.issued(versions.kept[-1]) == "2027-01-01"


def test_change_table_tells_when_a_file_changed_after_old_releases_are_gone(tmp_path: Path) -> None:
    for second, value in ((1, "x"), (2, "y"), (3, "y")):
        release = write_release(tmp_path, line("a", value), f"1.0.{second}")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(recording, "_clock", lambda second=second: datetime(2027, 1, 1, 0, 0, second, tzinfo=UTC))
            recording.prepare(tmp_path, release)
        recording.settle(tmp_path)
    for older in Versions.read(tmp_path).kept[:-1]:
        shutil.rmtree(older.folder)

    versions = replace(Versions.read(tmp_path), history=History.open(tmp_path))

    assert versions.modified(release) == {"graph.nq": "2027-01-01T00:00:02.000Z"}
    assert versions.issued(release) == "2027-01-01T00:00:01.000Z"


def test_release_that_is_being_made_changes_files_at_the_moment_it_comes_into_force(tmp_path: Path) -> None:
    old = write_release(tmp_path, line("a", "1"), "1.0.0")
    recording.prepare(tmp_path, old)
    recording.settle(tmp_path)
    new = write_release(tmp_path, line("a", "2"), "1.0.1")

    versions = replace(Versions.read(tmp_path), history=History.open(tmp_path), moment="2099-01-01T00:00:00.000Z")

    assert versions.modified(new) == {"graph.nq": "2099-01-01T00:00:00.000Z"}
    assert versions.modified(old)["graph.nq"] < "2099"


def test_difference_is_told_by_entity_with_what_is_new_and_gone(tmp_path: Path) -> None:
    old = write_release(tmp_path, line("a", "1") + line("b", "1") + line("c", "1"))
    new = write_release(tmp_path, line("a", "1") + line("b", "1") + line("b", "2") + line("d", "1"))

    changes = compare(old, new).changes

    assert [(item.iri[-1], item.removed, item.added, item.is_new, item.is_gone) for item in changes] == [
        ("b", (), (line("b", "2"),), False, False),
        ("c", (line("c", "1"),), (), False, True),
        ("d", (), (line("d", "1"),), True, False),
    ]


def test_equal_releases_do_not_differ(tmp_path: Path) -> None:
    release = write_release(tmp_path, line("a", "1"))

    assert compare(release, release).changes == ()


def test_difference_reads_as_turtle_with_the_graph(releases: Path, release: Release, small_content: Content) -> None:
    changed = Quad(ESSEN, LABEL, Literal("Essen (Ruhr)", language="de"), EDITORIAL)
    newer = freeze(assembly_of(*(quad for quad in QUADS if quad != QUADS[5]), changed), small_content, releases)

    assert list(compare(release, newer).text()) == [
        f"{release.identifier} → {newer.identifier}",
        "",
        "city:essen",
        '  - rdfs:label "Essen"@de  in graph:editorial',
        '  + rdfs:label "Essen (Ruhr)"@de  in graph:editorial',
        "",
        "1 entities differ: 1 statements removed, 1 added",
    ]


def test_patch_makes_the_older_release_into_the_newer(tmp_path: Path) -> None:
    old = write_release(tmp_path, line("a", "1") + line("c", "1"))
    new = write_release(tmp_path, line("a", "1") + line("b", "ü"))

    lines = b"".join(compare(old, new).patch()).splitlines(keepends=True)

    assert lines[0].startswith(b"H id <ni:///sha-256;")
    assert lines[2:] == [b"TX .\n", b"D " + line("c", "1"), b"A " + line("b", "ü"), b"TC .\n"]
    patched = set(old.quads.read_bytes().splitlines(keepends=True))
    patched -= {item[2:] for item in lines if item.startswith(b"D ")}
    patched |= {item[2:] for item in lines if item.startswith(b"A ")}
    assert b"".join(sorted(patched)) == new.quads.read_bytes()


def test_patch_names_releases_by_the_hash_of_their_content(tmp_path: Path) -> None:
    empty = write_release(tmp_path, b"")
    new = write_release(tmp_path, line("a", "1"))

    header = b"".join(compare(empty, new).patch()).decode().splitlines()[:2]

    # The example of RFC 6920 has the same shape; this is the SHA-256 of nothing.
    assert header[1] == "H prev <ni:///sha-256;47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU> ."
    assert pyoxigraph.NamedNode(header[0][6:-3]).value.startswith("ni:///sha-256;")
