"""What all tests share: the content of this checkout, the graph assembled from it, a small content to break."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.graph.small import make_content

from interkommunal.content import Content
from interkommunal.graph.assemble import Assembly, assemble


@pytest.fixture(scope="session")
def content() -> Content:
    """The content of this checkout."""
    return Content(Path(__file__).resolve().parent.parent)


@pytest.fixture(scope="session")
def assembly(content: Content) -> Assembly:
    """The shipped graph, assembled once a session; tests must not change it."""
    return assemble(content)


@pytest.fixture
def small_content(tmp_path: Path) -> Content:
    """A content with one source of five lines, complete and right; a test may change its files."""
    return make_content(tmp_path)
