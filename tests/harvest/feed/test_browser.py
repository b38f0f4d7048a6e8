"""Changes and releases in a real browser: Debian's Chromium, driven by Playwright; axe-core."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser
from tests.chromium import complaints, violations, window
from tests.graph.small import make_content
from tests.harvest.feed.conftest import FIRST, SECOND
from tests.release.frozen import assembly_of
from tests.serving import Serving, serving

from interkommunal.cli.building import cataloguer
from interkommunal.release.freeze import freeze
from interkommunal.release.history import History
from interkommunal.settings import load_settings


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Serving, dict[str, str]]]:
    """A server after two releases, and the pages to look at."""
    folder: Path = tmp_path_factory.mktemp("published")
    releases, content = folder / "releases", make_content(folder / "content")
    for quads in (FIRST, SECOND):
        freeze(assembly_of(*quads), content, releases, catalogue=cataloguer(releases, load_settings()))
    history = History.open(releases)
    assert history is not None
    (old, new), stream = (item.release for item in history.publications), history.stream
    pages = {
        "changes": "/feed",
        "changes of the catalogue": "/catalog/feed",
        "publication": f"/feed/{stream}/publications/2",
        "long publication": f"/feed/{stream}/publications/1?page=2",
        "page": f"/feed/{stream}/pages/3",
        "member": f"/feed/{stream}/members/605",
        "releases": "/release",
        "release": f"/release/{old}",
        "difference": f"/release/{new}/since/{old}",
        "old version": f"/release/{old}/doc/city/essen",
        "missing release": "/release/9.9.9",
    }
    with serving(releases, folder) as running:
        yield running, pages


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1440, "dark")])
def test_pages_fit_and_shut_nobody_out(
    width: int, scheme: Literal["light", "dark"], browser: Browser, published: tuple[Serving, dict[str, str]]
) -> None:
    server, pages = published
    found, measured = violations(browser, server.url, pages, width, scheme)

    assert complaints(browser, server.url, pages, width) == []
    assert found == []
    assert measured > 300


def test_two_releases_are_chosen_and_compared(browser: Browser, published: tuple[Serving, dict[str, str]]) -> None:
    server, pages = published
    with window(browser, server.url) as opened:
        page = opened.page
        page.goto("/")
        page.get_by_role("link", name="Ausgaben").click()
        page.get_by_role("button", name="Vergleichen").click()

        assert page.url == f"{server.url}{pages['difference']}"
        assert page.locator(".said.came").first.is_visible()
        page.get_by_role("link", name="Essen (Ruhr)").click()
        assert page.locator("h1").inner_text() == "Essen (Ruhr)"
    assert opened.complaints == []
