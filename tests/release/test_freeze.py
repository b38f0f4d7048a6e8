"""Freezing is all or nothing, and the same content gives the same bytes."""

from __future__ import annotations

import fcntl
import os
import resource
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from pyoxigraph import Literal, Quad
from tests.release.frozen import EDITORIAL, ESSEN, NAME, QUADS, assembly_of

from interkommunal.content import Content
from interkommunal.errors import ReleaseError
from interkommunal.release.freeze import freeze
from interkommunal.release.release import Release

# rdflib's own parsers use what rdflib deprecates.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")

# What Python tells of changes to the file system (the table of audit events in its documentation).
CHANGES = {"open", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink", "shutil.rmtree"}


def test_statements_in_any_order_give_the_same_bytes(tmp_path: Path, small_content: Content) -> None:
    first = freeze(assembly_of(*QUADS), small_content, tmp_path / "a")
    second = freeze(assembly_of(*reversed(QUADS)), small_content, tmp_path / "b")

    assert contents(first.folder) == contents(second.folder)


def test_freezing_the_same_content_again_changes_nothing(
    releases: Path, release: Release, small_content: Content
) -> None:
    before = stamps(releases)
    again = freeze(assembly_of(), small_content, releases)

    assert again == release
    assert stamps(releases) == before


def test_older_releases_stay(releases: Path, release: Release, small_content: Content) -> None:
    newer = freeze(assembly_of(*QUADS[:3]), small_content, releases)

    assert Release.open(release.folder) == release
    assert sorted(path.name for path in releases.iterdir()) == sorted(
        [".lock", "current", "history.sqlite", newer.identifier, release.identifier]
    )


def test_going_back_to_an_older_content_puts_its_release_in_force_again(
    releases: Path, release: Release, small_content: Content
) -> None:
    freeze(assembly_of(*QUADS[:3]), small_content, releases)
    freeze(assembly_of(), small_content, releases)

    assert Release.open(releases) == release


@pytest.mark.parametrize("name", ["graph.nq", "facts.rdf", "manifest.json"])
def test_damaged_release_is_mended_by_building_it_again(
    name: str, releases: Path, release: Release, small_content: Content
) -> None:
    whole = contents(release.folder)
    (release.folder / name).write_bytes(b"")

    freeze(assembly_of(), small_content, releases)

    assert contents(release.folder) == whole
    assert Release.open(releases) == release


def test_steps_are_told(releases: Path, small_content: Content) -> None:
    told: list[tuple[str, int, int]] = []
    freeze(assembly_of(), small_content, releases, lambda step, done, total: told.append((step, done, total)))

    # The whole and four parts in six formats, two documents in four; a text, a table, its description and packages, the
    # database, the counts, the index.
    assert told[:2] == [("sorting", 0, 1), ("graph.nq", 0, 45)]
    assert told[-1] == ("manifest.json", 45, 45)


def test_statement_with_a_blank_node_is_refused(releases: Path, small_content: Content) -> None:
    dataset = assembly_of().dataset
    dataset.parse(data=f"{ESSEN} {NAME} _:a {EDITORIAL} .", format="nquads")
    assembly = assembly_of()

    with pytest.raises(ReleaseError, match="a blank node stands in"):
        freeze(type(assembly)(dataset, assembly.origins), small_content, releases)


def test_statement_outside_every_graph_is_refused(releases: Path, small_content: Content) -> None:
    assembly = assembly_of()
    assembly.dataset.parse(data=f'{ESSEN} {NAME} "x" .', format="nquads")

    with pytest.raises(ReleaseError, match=r"city/essen> stands outside every named graph"):
        freeze(assembly, small_content, releases)


@pytest.mark.parametrize("character", ["\x00", "\x0c", "\r", "\x1f", "\uffff"])
def test_control_character_is_refused_because_xml_cannot_hold_it(
    character: str, releases: Path, small_content: Content
) -> None:
    assembly = assembly_of(Quad(ESSEN, NAME, Literal(f"a{character}b"), EDITORIAL))

    with pytest.raises(ReleaseError, match="a control character stands in"):
        freeze(assembly, small_content, releases)


def test_folder_that_cannot_be_made_is_named_in_one_line(tmp_path: Path, small_content: Content) -> None:
    (tmp_path / "file").write_text("no folder")

    with pytest.raises(ReleaseError) as caught:
        freeze(assembly_of(), small_content, tmp_path / "file" / "releases")

    assert str(caught.value) == (
        f"cannot write a release to {tmp_path}/file/releases: Not a directory; make room or rights there, "
        "or choose another folder with --releases or INTERKOMMUNAL_RELEASES"
    )


def test_second_build_at_the_same_time_is_refused(releases: Path, release: Release, small_content: Content) -> None:
    with (releases / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        with pytest.raises(ReleaseError, match="another build is writing to"):
            freeze(assembly_of(*QUADS[:3]), small_content, releases)

    assert Release.open(releases) == release


# Where room runs out: at the first file, in SQLite's files, in the middle of a table and of the last files.
@pytest.mark.parametrize("room", [1_000, 10_000, 20_000, 40_000, 80_000])
def test_full_disk_leaves_the_release_in_force_and_nothing_else(
    room: int, releases: Path, release: Release, small_content: Content
) -> None:
    before = stamps(releases)

    def freeze_with_little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
        with pytest.raises(ReleaseError, match="make room or rights there, or choose another folder"):
            freeze(assembly_of(*QUADS[:8]), small_content, releases)

    assert in_child(freeze_with_little_room) == 0
    assert stamps(releases) == before
    assert Release.open(releases) == release


def test_folder_without_rights_is_named_and_the_release_in_force_stays(
    releases: Path, release: Release, small_content: Content
) -> None:
    before = stamps(releases)
    for folder in (releases, *releases.resolve().parents):
        folder.chmod(folder.stat().st_mode | 0o055)

    def freeze_as_nobody() -> None:
        # Root may write anywhere.
        os.setuid(65534)
        with pytest.raises(ReleaseError, match="Permission denied; make room or rights there"):
            freeze(assembly_of(*QUADS[:8]), small_content, releases)

    assert in_child(freeze_as_nobody) == 0
    assert stamps(releases) == before
    assert Release.open(releases) == release


def test_failure_half_way_leaves_the_release_in_force_and_nothing_else(
    releases: Path, release: Release, small_content: Content
) -> None:
    before = stamps(releases)

    def fail(step: str, done: int, total: int) -> None:
        if step == "void.json":
            raise MemoryError

    with pytest.raises(MemoryError):
        freeze(assembly_of(*QUADS[:8]), small_content, releases, fail)

    assert stamps(releases) == before
    assert Release.open(releases) == release


@pytest.fixture
def quick_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where the system has one: syncing hundreds of files to a disk takes its time."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


@pytest.mark.parametrize("damaged", [False, True], ids=["beside the old release", "in place of a damaged one"])
def test_kill_at_any_step_leaves_a_whole_release_in_force(
    damaged: bool, quick_folder: Path, small_content: Content
) -> None:
    new = assembly_of(*QUADS[:3])
    start = quick_folder / "start"
    old = freeze(assembly_of(), small_content, start)
    expected = freeze(new, small_content, quick_folder / "expected")
    if damaged:
        # The new release is there and in force, but one of its files is not what the manifest says.
        path = freeze(new, small_content, start).path("facts.ttl")
        path.write_bytes(path.read_bytes().replace(b"goal", b"gaol"))

    # Files are written one like the other: a few of them will do. What comes after the last one is tried at each step.
    shutil.copytree(start, quick_folder / "counted", symlinks=True)
    total = changes_of(partial(freeze, new, small_content, quick_folder / "counted"), quick_folder / "total")
    assert total > 100
    for step in (*range(0, total - 40, 9), *range(total - 40, total + 1)):
        releases = quick_folder / str(step)
        shutil.copytree(start, releases, symlinks=True)

        status = in_child(partial(kill_at, step, partial(freeze, new, small_content, releases)))

        assert Release.open(releases).manifest in (old.manifest, expected.manifest)
        assert status == (0 if step == total else -signal.SIGKILL)
        freeze(new, small_content, releases).verify()
        assert Release.open(releases).manifest == expected.manifest
        assert [path.name for path in releases.iterdir() if path.name.startswith(".unfinished")] == []
        shutil.rmtree(releases)


def kill_at(step: int, work: Callable[[], object]) -> None:
    """Runs ``work`` and kills this process right before its ``step``-th change to the file system."""
    left = step

    def change() -> None:
        nonlocal left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1

    watch(change)
    work()


def changes_of(work: Callable[[], object], told: Path) -> int:
    """How many changes to the file system ``work`` makes; runs it in a forked process."""

    def run() -> None:
        made: list[None] = []
        watch(lambda: made.append(None))
        work()
        total = len(made)
        told.write_text(str(total))

    assert in_child(run) == 0
    return int(told.read_text())


def watch(change: Callable[[], object]) -> None:
    """Calls ``change`` before each change to the file system, for the rest of this process."""

    def seen(event: str, details: tuple[object, ...]) -> None:
        writes = event != "open" or (isinstance(details[1], str) and set(details[1]) & set("wx"))
        if event in CHANGES and writes:
            change()

    sys.addaudithook(seen)


def in_child(work: Callable[[], object]) -> int:
    """Runs ``work`` in a forked process. Returns 0, or the signal that ended it, negative."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """Inode and time of the last change of every name below ``folder``, the lock aside."""
    found = {path.relative_to(folder).as_posix(): path.lstat() for path in folder.rglob("*") if path.name != ".lock"}
    return {name: (status.st_ino, status.st_mtime_ns) for name, status in found.items()}
