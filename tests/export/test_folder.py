"""Where the copy goes: nothing foreign is overwritten, nothing is left half-written, the old copy stays to the end."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from tests.export.conftest import Copied, run
from tests.patience import patient
from tests.serving import CHECKOUT

from interkommunal.errors import ExportError
from interkommunal.export import render
from interkommunal.export.addresses import MARK, Place, file_name, link, unmarked
from interkommunal.export.folder import CHECKSUMS, MANIFEST, check, replacing, write
from interkommunal.release.release import Release


@pytest.fixture
def settled(small: Release, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("INTERKOMMUNAL_RELEASES", str(small.folder.parent))
    monkeypatch.setenv("INTERKOMMUNAL_CONTENT", str(CHECKOUT))
    return monkeypatch


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_folder_with_other_things_is_refused_and_stays_as_it_is(
    tmp_path: Path, settled: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "letter.txt").write_text("dear")

    assert run(str(tmp_path / "site"), monkeypatch=settled) == 1
    assert "is not empty and holds no copy of a site; name another folder, or say --force" in capsys.readouterr().err
    assert names(tmp_path / "site") == ["letter.txt"]


def test_file_is_refused(tmp_path: Path, settled: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "site").write_text("dear")

    assert run(str(tmp_path / "site"), "--force", monkeypatch=settled) == 1
    assert "is no folder" in capsys.readouterr().err


def test_folder_that_one_stands_in_is_refused_even_by_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)

    for folder in (below, tmp_path / "a", tmp_path):
        with pytest.raises(ExportError, match="you stand in it"):
            check(folder, force=True)


def test_empty_folder_and_older_copy_are_replaced(copied: Copied, tmp_path: Path, settled: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    site.mkdir()
    assert run(str(site), "--url", copied.url, monkeypatch=settled) == 0
    (site / "left-over.html").write_text("old")

    assert run(str(site), "--url", copied.url, monkeypatch=settled) == 0
    assert not (site / "left-over.html").exists()
    assert names(tmp_path) == ["site"]


def test_force_replaces_other_things(copied: Copied, tmp_path: Path, settled: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "letter.txt").write_text("dear")

    assert run(str(site), "--force", "--url", copied.url, monkeypatch=settled) == 0
    assert (site / MANIFEST).is_file()
    assert not (site / "letter.txt").exists()


def test_copy_that_fails_half_way_leaves_the_old_one(
    copied: Copied, tmp_path: Path, settled: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    site = tmp_path / "site"
    shutil.copytree(copied.folder, site)
    before = (site / CHECKSUMS).read_bytes()
    written = 0

    def full(root: Path, name: str, body: bytes) -> None:
        nonlocal written
        written += 1
        if written == 30:
            raise OSError(28, "No space left on device")
        write(root, name, body)

    settled.setattr(render, "write", full)

    assert run(str(site), monkeypatch=settled) == 1
    assert "No space left on device); what was there is still there" in capsys.readouterr().err
    assert (site / CHECKSUMS).read_bytes() == before
    assert names(tmp_path) == ["site"]


def test_nothing_is_left_behind_by_an_interruption(tmp_path: Path) -> None:
    def interrupted() -> None:
        with replacing(tmp_path / "site") as root:
            write(root, "a/b.html", b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert names(tmp_path) == []


def test_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(ExportError, match="nothing can be written there"), replacing(tmp_path / "file" / "site"):
        pass


def test_without_release_there_is_no_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("INTERKOMMUNAL_CONTENT", str(CHECKOUT))

    assert run(str(tmp_path / "site"), "--releases", str(tmp_path / "none"), monkeypatch=monkeypatch) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert names(tmp_path) == []


@pytest.mark.parametrize("path", ["/doc/../../etc/passwd", "/doc/a\x00b", "/doc/a\\b", f"/doc/{'a' * 300}"])
def test_path_that_cannot_be_a_file_is_refused(path: str) -> None:
    with pytest.raises(ExportError, match="cannot be the name of a file"):
        file_name(Place(path), "", page=True)


@pytest.mark.parametrize(
    ("place", "language", "page", "expected"),
    [
        (Place("/"), "de", True, "index.html"),
        (Place("/"), "en", True, "index.en.html"),
        (Place("/doc/city/essen"), "de", True, "doc/city/essen/index.html"),
        (Place("/doc/passage/grundlagen/L019.1"), "en", True, "doc/passage/grundlagen/L019.1/index.en.html"),
        (Place("/lists/passage", 2), "en", True, "lists/passage/page-2.en.html"),
        (Place("/sources/"), "de", True, "sources/index.html"),
        (Place("/doc/city/essen.ttl"), "de", False, "doc/city/essen.ttl"),
        (Place("/overviews/map.svg"), "en", False, "overviews/map.en.svg"),
    ],
)
def test_names_of_files(place: Place, language: str, page: bool, expected: str) -> None:
    assert file_name(place, "" if language == "de" else language, page=page) == expected


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (f"/ruhr/{MARK}/doc/city/essen", ("/doc/city/essen", 0, None, "", "", False)),
        (
            f"https://data.example.org/ruhr/{MARK}/doc/city/essen?lang=en#facts",
            ("/doc/city/essen", 0, "en", "", "facts", True),
        ),
        (f"/{MARK}/lists/passage?sort=text&page=2", ("/lists/passage", 2, None, "sort=text", "", False)),
        (f"/{MARK}/doc/a%20b", ("/doc/a b", 0, None, "", "", False)),
        (f"https://data.example.org/{MARK}", ("/", 0, None, "", "", True)),
        (f"/{MARK}?lang=en", ("/", 0, "en", "", "", False)),
        (f"/{MARK}-and-more/doc", None),
        ("#facts", None),
        ("", None),
        ("/elsewhere", None),
        ("https://www.essen.de/", None),
        ("mailto:a@b.example", None),
        ("http://[nonsense", None),
    ],
)
def test_links_of_the_site_are_told_from_others(target: str, expected: tuple[object, ...] | None) -> None:
    found = link(target)

    assert (
        None
        if found is None
        else (found.place.path, found.place.page, found.language, found.query, found.fragment, found.absolute)
    ) == expected


def test_no_file_of_a_copy_bears_the_mark_packed_or_not(copied: Copied) -> None:
    bodies = {}
    for path in copied.folder.rglob("*"):
        if path.is_file():
            bodies[path.name] = path.read_bytes()
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as packed:
                    bodies |= {f"{path.name}: {name}": packed.read(name) for name in packed.namelist()}

    assert [name for name, body in bodies.items() if MARK.encode() in body] == []
    assert (
        unmarked(f"https%3A%2F%2Fdata.example.org%2F{MARK}%2Fdoc".encode()) == b"https%3A%2F%2Fdata.example.org%2Fdoc"
    )


@pytest.fixture
def sockets() -> Iterator[Path]:
    """A folder whose name is short enough for sockets in it, as that of a test among many is not."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_nothing_is_left_behind_by_an_export_that_is_ended(
    number: signal.Signals, status: int, small: Release, tmp_path: Path, sockets: Path
) -> None:
    given = {"RELEASES": small.folder.parent, "CONTENT": CHECKOUT}
    environment = {
        **os.environ,
        **{f"INTERKOMMUNAL_{name}": str(path) for name, path in given.items()},
        "PYTHONPATH": str(CHECKOUT / "api"),
        "TMPDIR": str(sockets),
    }
    started = subprocess.Popen(
        [sys.executable, "-m", "interkommunal", "export", tmp_path / "copies" / "site"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        # As a terminal does, Ctrl-C goes to the whole group.
        start_new_session=True,
    )
    processes: list[psutil.Process] = []
    try:
        end = time.monotonic() + patient(60)
        while not list((tmp_path / "copies").glob(".site.*/doc/*/*/index.html")):
            assert started.poll() is None
            assert time.monotonic() < end
            time.sleep(0.01)
        processes = psutil.Process(started.pid).children(recursive=True)
        if number is signal.SIGINT:
            os.killpg(started.pid, number)
        else:
            started.send_signal(number)
        _, told = started.communicate(timeout=patient(30))
    finally:
        started.kill()
        started.wait()

    assert (started.returncode, told) == (status, b"")
    assert len(processes) > 2
    assert psutil.wait_procs(processes, timeout=patient(10))[1] == []
    assert names(tmp_path / "copies") == []
    assert names(sockets) == []
