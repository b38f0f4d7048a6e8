"""A release of a handful of statements, and the shipped one."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.release.frozen import assembly_of

from interkommunal.content import Content
from interkommunal.graph.assemble import Assembly
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


@pytest.fixture(scope="session")
def shipped(assembly: Assembly, content: Content, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The shipped graph as a release; tests must not change it."""
    return freeze(assembly, content, tmp_path_factory.mktemp("shipped"))
