"""The service in a real browser: its page, its cards in somebody else's page, and a script of another site."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.http.serving import Serving, serving

from interkommunal.release.release import Release

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
AXE = Path(__file__).resolve().parents[3] / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PATHS = ("/reconcile", "/reconcile?name=welcome.ruhr", "/reconcile?name=xyzzy", "/reconcile/preview?id=city/essen")

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="there is no chromium on this machine (apt-get install chromium)")

ASK = """async address => {
    const body = new URLSearchParams({queries: JSON.stringify({q: {query: "Gelsenkrichen", type: "City"}})});
    const answer = await fetch(address + "/reconcile", {method: "POST", body});
    const refused = await fetch(address + "/reconcile?queries=%7B");
    return [(await answer.json()).q.result[0].id, refused.status, (await refused.json()).status];
}"""


@pytest.fixture(scope="module")
def here(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server that is reached where it says it is."""
    with serving(release.folder.parent, tmp_path_factory.mktemp("browser")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as started:
        launched = started.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="de-DE", viewport={"width": 1100, "height": 900})
    yield context.new_page()
    context.close()


def test_name_is_tried_on_the_page(page: Page, here: Serving) -> None:
    page.goto(f"{here.url}/reconcile")
    page.get_by_label("Name oder Kennung").fill("Muelheim a. d. Ruhr")
    page.get_by_label("Art").select_option("City")
    page.get_by_role("button", name="Abgleichen").click()

    row = page.locator(".reconcile-page tbody tr").first
    assert row.get_by_role("link").inner_text() == "Mülheim an der Ruhr"
    assert "heißt so, gebeugt oder abgekürzt" in row.inner_text()
    row.get_by_role("link").click()
    assert page.url == f"{here.url}/doc/city/muelheim"


def test_script_of_another_site_gets_answers_and_reasons(page: Page, here: Serving) -> None:
    # Another name of the machine is another origin; a text file has no policy of its own.
    page.goto(f"{here.url.replace('127.0.0.1', 'localhost')}/robots.txt")

    assert page.evaluate(ASK, here.url) == ["city/gelsenkirchen", 400, 400]


def test_preview_stands_in_the_frame_of_another_site(page: Page, here: Serving) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.set_content(
        f'<iframe width="430" height="300" src="{here.url}/reconcile/preview?id=city%2Fmuelheim"></iframe>'
    )

    heading = page.frame_locator("iframe").get_by_role("heading")
    heading.wait_for()
    assert heading.inner_text() == "Mülheim an der Ruhr"
    # The style was let through by its hash.
    assert heading.evaluate("element => getComputedStyle(element).marginTop") == "0px"
    assert complaints == []


@pytest.mark.parametrize("width", [320, 1440])
def test_pages_fit_and_ask_nobody_else(browser: Browser, here: Serving, width: int) -> None:
    context = browser.new_context(base_url=here.url, locale="de-DE", viewport={"width": width, "height": 900})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in PATHS:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    context.close()

    assert [address for address in asked if not address.startswith(here.url)] == []


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed (npm ci)")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_of_wcag_2_2_aa(browser: Browser, here: Serving, scheme: str) -> None:
    context = browser.new_context(
        base_url=here.url,
        locale="de-DE",
        color_scheme="dark" if scheme == "dark" else "light",
        bypass_csp=True,  # axe is put into the page from outside
    )
    page = context.new_page()
    found = []
    for path in PATHS:
        page.goto(path)
        page.evaluate(AXE.read_text("utf-8"))
        report = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
        found += [(path, item["id"], item["nodes"][0]["html"][:200]) for item in report["violations"]]
    context.close()

    assert found == []
