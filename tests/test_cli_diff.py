"""``interkommunal diff`` compares kept releases."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.serving import write_release

OLD = b'<http://a.example/a> <http://a.example/p> "1" <http://a.example/g> .\n'
NEW = b'<http://a.example/a> <http://a.example/p> "2" <http://a.example/g> .\n'


def diff(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "interkommunal", "diff", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def test_release_in_force_is_compared_with_the_one_before(tmp_path: Path) -> None:
    old, new = write_release(tmp_path, OLD, "1.0.0"), write_release(tmp_path, NEW, "1.1.0")

    done = diff("--releases", tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"{old.identifier} → {new.identifier}",
        "",
        "<http://a.example/a>",
        '  - <http://a.example/p> "1"  in <http://a.example/g>',
        '  + <http://a.example/p> "2"  in <http://a.example/g>',
        "",
        "1 entities differ: 1 statements removed, 1 added",
    ]


def test_patch_is_written_as_it_is(tmp_path: Path) -> None:
    write_release(tmp_path, OLD, "1.0.0"), write_release(tmp_path, NEW, "1.1.0")

    done = diff("1.0.0", "1.1.0", "--format", "patch", "--releases", tmp_path)

    assert done.stdout.splitlines()[2:] == ["TX .", f"D {OLD.decode()}"[:-1], f"A {NEW.decode()}"[:-1], "TC ."]


def test_only_release_has_nothing_to_be_compared_with(tmp_path: Path) -> None:
    only = write_release(tmp_path, OLD)

    done = diff("--releases", tmp_path)

    assert done.returncode == 1
    assert done.stderr == (
        f"interkommunal: no release before {only.identifier} is kept in {tmp_path}; say which to compare\n"
    )
