"""What all tests share: the content of this checkout, the graph assembled from it, a small content to break."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from playwright.sync_api import Browser, Page
from tests.chromium import chromium, window
from tests.graph.small import make_content
from tests.serving import QUADS, Serving, serving, write_release

from interkommunal.content import Content
from interkommunal.graph.assemble import Assembly, assemble
from interkommunal.release.freeze import freeze

# How many examples a property is tried on; a slow machine fails no test by its clock.
for name, examples in {"dev": 30, "ci": 200, "long": 2000}.items():
    hypothesis.settings.register_profile(name, max_examples=examples, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; it belongs to one module, for as long as it runs no other event loop can."""
    with chromium() as running:
        yield running


@pytest.fixture
def page(browser: Browser, url: str) -> Iterator[Page]:
    """A page of a window on its own; paths are opened below the ``url`` of the room."""
    with window(browser, url) as opened:
        yield opened.page


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A running server over :data:`QUADS` with default settings."""
    folder: Path = tmp_path_factory.mktemp("served")
    write_release(folder / "releases", QUADS)
    with serving(folder / "releases", folder, admin_token="a-token-of-enough-characters") as running:
        yield running


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory, assembly: Assembly, content: Content) -> Iterator[Serving]:
    """A running server over the shipped graph with its query library."""
    folder = tmp_path_factory.mktemp("library")
    freeze(assembly, content, folder / "releases")
    with serving(folder / "releases", folder, public_url="https://data.example/ruhr") as running:
        yield running
