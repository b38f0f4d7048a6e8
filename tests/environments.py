"""Python environments of clients that are not ours, below ``.cache``, each made from its own pinned requirements."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

_CHECKOUT = Path(__file__).resolve().parent.parent


def python_with(name: str) -> Path:
    """Python in the environment of ``requirements/<name>.txt``, set up if it is missing or its requirements changed.

    Where it cannot be installed the test skips, but in CI, where nothing may skip, it fails.
    """
    requirements = _CHECKOUT / "requirements" / f"{name}.txt"
    environment = _CHECKOUT / ".cache" / name
    python, stamp = environment / "venv" / "bin" / "python", environment / "requirements.sha256"
    wanted = sha256(requirements.read_bytes()).hexdigest()
    if not python.exists() or not stamp.exists() or stamp.read_text() != wanted:
        environment.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", environment / "venv"], check=True)
        pip: list[str | Path] = [python, "-m", "pip", "install", "--quiet", "--require-hashes"]
        done = subprocess.run([*pip, "--requirement", requirements], capture_output=True, text=True, check=False)
        if done.returncode:
            told = f"{name} cannot be installed here: {done.stderr.strip().splitlines()[-1]}"
            pytest.fail(told) if os.environ.get("CI") else pytest.skip(told)
        stamp.write_text(wanted)
    return python
