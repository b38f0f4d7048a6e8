"""The copy in a real browser, from a plain web server and from a disk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from tests.export.conftest import Copied

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from playwright.sync_api import Browser, ConsoleMessage, Request, sync_playwright  # noqa: E402

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
PAGES = ("index.html", "index.en.html", "doc/city/essen/index.html", "lists/index.html", "needs-server/index.html")

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="there is no chromium on this machine (apt-get install chromium)")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as started:
        launched = started.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield launched
        launched.close()


@pytest.mark.parametrize("name", PAGES)
def test_page_of_the_copy_shows_without_complaint(name: str, browser: Browser, copied: Copied) -> None:
    context = browser.new_context(locale="de-DE")
    page = context.new_page()
    told: list[ConsoleMessage] = []
    asked: list[Request] = []
    failed: list[Request] = []
    page.on("console", lambda item: told.append(item))
    page.on("request", lambda item: asked.append(item))
    page.on("requestfailed", lambda item: failed.append(item))
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    answer = page.goto(f"{copied.url}/{name}", wait_until="networkidle")

    assert answer is not None
    assert answer.status == 200
    assert [message.text for message in told if message.type in ("error", "warning")] == []
    assert failed == []
    assert [request.url for request in asked if not request.url.startswith(copied.url)] == []
    assert len([request for request in asked if request.url.endswith(".css")]) > 0
    # The style has come: the skip link is out of sight, text has the font of the site.
    assert "Fira Sans" in page.evaluate("getComputedStyle(document.body).fontFamily")
    context.close()


def test_one_can_walk_through_the_copy_in_one_language(browser: Browser, copied: Copied) -> None:
    page = browser.new_context(locale="de-DE").new_page()
    page.goto(f"{copied.url}/doc/city/essen/")
    assert page.locator("html").get_attribute("lang") == "de"

    page.locator("a[hreflang=en]").first.click()
    assert page.url == f"{copied.url}/doc/city/essen/index.en.html"
    assert page.locator("html").get_attribute("lang") == "en"

    page.locator("header a[href$='lists/index.en.html']").first.click()
    assert page.url == f"{copied.url}/lists/index.en.html"
    page.context.close()


def test_copy_opens_from_a_disk_with_its_style(browser: Browser, copied: Copied) -> None:
    page = browser.new_context(locale="de-DE").new_page()
    page.goto((copied.folder / "doc" / "city" / "essen" / "index.html").as_uri())

    assert "Fira Sans" in page.evaluate("getComputedStyle(document.body).fontFamily")
    assert page.locator("h1").inner_text() == "Essen"
    page.context.close()
