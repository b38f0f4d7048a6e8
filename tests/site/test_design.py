"""Templates and files of all rooms: one fingerprint, whoever asks first and from whichever thread."""

from __future__ import annotations

import threading
from hashlib import blake2b
from pathlib import Path

import pytest

from interkommunal.site.frame import Design


def test_fingerprint_changes_with_the_files_of_a_room(tmp_path: Path) -> None:
    room = tmp_path / "room"
    (room / "static").mkdir(parents=True)
    (room / "templates").mkdir()
    (room / "static" / "room.css").write_text("p { margin: 0 }")
    design = Design()
    before = design.path

    design.add(room)

    assert design.path != before
    assert design.files["room.css"] == b"p { margin: 0 }"


def test_thread_that_comes_while_files_are_read_gets_the_fingerprint_of_these_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = tmp_path / "room"
    (room / "static").mkdir(parents=True)
    (room / "templates").mkdir()
    (room / "static" / "room.css").write_text("p { margin: 0 }")
    design = Design()
    assert design.path
    design.add(room)
    reached, go_on = threading.Event(), threading.Event()
    place = "interkommunal.site.frame.blake2b"

    def slow(digest_size: int) -> blake2b:
        reached.set()
        go_on.wait(10)
        return blake2b(digest_size=digest_size)

    paths: list[str] = []
    first = threading.Thread(target=lambda: paths.append(design.path))
    with monkeypatch.context() as patch:
        patch.setattr(place, slow)
        first.start()
        assert reached.wait(10)
        patch.setattr(place, blake2b)
        paths.append(design.path)
        go_on.set()
        first.join(10)

    assert len(paths) == 2
    assert len(set(paths)) == 1
