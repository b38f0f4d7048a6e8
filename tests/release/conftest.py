"""A release of a handful of statements."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.release.frozen import assembly_of

from interkommunal.content import Content
from interkommunal.release.freeze import freeze
from interkommunal.release.release import Release


@pytest.fixture
def releases(tmp_path: Path) -> Path:
    """A folder of releases that is not there yet."""
    return tmp_path / "releases"


@pytest.fixture
def release(releases: Path, small_content: Content) -> Release:
    """The release in force in ``releases``."""
    return freeze(assembly_of(), small_content, releases)
