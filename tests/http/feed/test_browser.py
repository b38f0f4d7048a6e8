"""Changes and releases in a real browser: Debian's Chromium, driven by Playwright; axe-core."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.graph.small import make_content
from tests.http.feed.conftest import FIRST, SECOND
from tests.http.serving import CHECKOUT, Serving, serving
from tests.release.frozen import assembly_of

from interkommunal.cli.building import cataloguer
from interkommunal.release.freeze import freeze
from interkommunal.release.history import History
from interkommunal.settings import load_settings

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from playwright.sync_api import Browser, sync_playwright  # noqa: E402

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
AXE = CHECKOUT / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as started:
        launched = started.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield launched
        launched.close()


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


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed (npm ci)")
@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1440, "dark")])
def test_pages_fit_and_shut_nobody_out(
    width: int, scheme: str, browser: Browser, published: tuple[Serving, dict[str, str]]
) -> None:
    server, pages = published
    context = browser.new_context(
        base_url=server.url,
        locale="de-DE",
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        bypass_csp=True,  # axe is put into the page from outside
    )
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    found, checked = [], 0
    for name, path in pages.items():
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is wider than {width} pixels"
        page.evaluate(AXE.read_text("utf-8"))
        report = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
        found += [(name, item["id"], item["nodes"][0]["html"][:200]) for item in report["violations"]]
        checked += sum(len(item["nodes"]) for item in report["passes"] if item["id"] == "color-contrast")
    context.close()

    assert found == []
    assert checked > 300
    assert [address for address in asked if not address.startswith(server.url)] == []


def test_two_releases_are_chosen_and_compared(browser: Browser, published: tuple[Serving, dict[str, str]]) -> None:
    server, pages = published
    page = browser.new_context(base_url=server.url, locale="de-DE").new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))

    page.goto("/")
    page.get_by_role("link", name="Ausgaben").click()
    page.get_by_role("button", name="Vergleichen").click()

    assert page.url == f"{server.url}{pages['difference']}"
    assert page.locator(".said.came").first.is_visible()
    page.get_by_role("link", name="Essen (Ruhr)").click()
    assert page.locator("h1").inner_text() == "Essen (Ruhr)"
    assert complaints == []
