"""A clone on a machine that changes line ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.patience import patient

ROOT = Path(__file__).resolve().parent.parent


def test_clone_with_autocrlf_has_the_bytes_of_the_repository_and_passes_the_check(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "-c", "core.autocrlf=true", ROOT, clone], check=True, timeout=patient(600))

    changed = subprocess.run(
        ["git", "grep", "-lI", "-e", "\r$"], cwd=clone, capture_output=True, text=True, check=False
    ).stdout
    done = subprocess.run(
        [sys.executable, "-m", "interkommunal", "check"],
        cwd=clone,
        env={"PYTHONPATH": str(clone / "api"), "PATH": "/usr/bin:/bin", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=patient(600),
    )

    assert changed == ""
    assert done.returncode == 0, done.stdout + done.stderr
