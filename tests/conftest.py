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


HERE = Path(__file__).resolve().parent
# By folder: modules that call programs of others (Java, Node, Virtuoso, nginx, curl), and those that take more than
# three seconds or serve the whole graph. ``--quick`` leaves both out, and all that opens a browser.
EXTERNAL = {
    "app": ("test_honesty",),
    "clients": ("test_comunica",),
    "engine": ("test_remote",),
    "graph": ("test_sssom",),
    "harvest/feed": ("test_client",),
    "harvest": ("test_portals",),
    "ontology": (
        "test_published",
        "test_reasoning",
    ),
    "web": ("test_connection",),
}
SLOW = {
    ".": (
        "test_cli",
        "test_cli_doctor",
        "test_cli_link",
        "test_cli_releases",
        "test_clone",
        "test_wheel",
    ),
    "app": (
        "test_fuzzing",
        "test_server",
    ),
    "clients": (
        "test_accept",
        "test_parameters",
        "test_rdflib",
        "test_tables",
    ),
    "docs": (
        "test_reconciliation",
        "test_tutorials",
    ),
    "doctor": (
        "test_faults",
        "test_limits",
        "test_return_visit",
    ),
    "engine": (
        "test_confinement",
        "test_federation",
        "test_pooled",
        "test_supervisor",
    ),
    "export": (
        "test_copy",
        "test_folder",
    ),
    "graph": (
        "test_derive",
        "test_edtf",
        "test_library",
    ),
    "harvest": (
        "test_catalogue",
        "test_crawling",
        "test_dumps",
    ),
    "harvest/feed": (
        "test_atom",
        "test_catalogue_feed",
        "test_reading",
        "test_releases",
        "test_stream",
    ),
    "linking": ("test_endpoint",),
    "queries": (
        "test_library_form",
        "test_library_rows",
        "test_parameters",
    ),
    "reconcile": (
        "test_clients",
        "test_index",
        "test_refusals",
        "test_service",
        "test_sheet",
        "test_spelling",
    ),
    "release": (
        "test_catalogue",
        "test_database",
        "test_dumps",
        "test_freeze",
        "test_gate",
        "test_search",
        "test_void",
    ),
    "site": (
        "test_crawl",
        "test_dereferencing",
        "test_notices",
        "test_odd_graphs",
        "test_past",
        "test_remote",
    ),
    "site/library": (
        "test_every_question",
        "test_list",
        "test_new_question",
    ),
    "site/links": (
        "test_federation",
        "test_links",
    ),
    "site/overviews": (
        "test_discrepancies",
        "test_lists",
        "test_overviews",
        "test_questions",
        "test_search",
        "test_search_pages",
        "test_start",
    ),
    "sparql": ("test_explanation",),
    "validation": (
        "test_invalid",
        "test_rules",
        "test_selection_of_shapes",
        "test_shapes",
    ),
    "web": (
        "test_caching",
        "test_http_rules",
        "test_operations",
    ),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--quick``: only what runs in a minute and needs Python alone."""
    parser.addoption("--quick", action="store_true", help="leave out browsers, programs of others and slow modules")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Whether a module is left out, before it is imported; ``None`` leaves that to others."""
    if not config.getoption("--quick") or not collection_path.name.startswith("test_"):
        return None
    room, module = collection_path.parent.relative_to(HERE).as_posix(), collection_path.stem
    dear = module == "test_browser" or module in (*EXTERNAL.get(room, ()), *SLOW.get(room, ()))
    return True if dear else None


@pytest.fixture(scope="session")
def content() -> Content:
    """The content of this checkout."""
    return Content(HERE.parent)


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
