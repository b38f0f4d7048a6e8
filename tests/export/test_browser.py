"""The copy in a real browser, from a plain web server and from a disk."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from tests.chromium import window
from tests.export.conftest import Copied

PAGES = ("index.html", "index.en.html", "doc/city/essen/index.html", "lists/index.html", "needs-server/index.html")


@pytest.mark.parametrize("name", PAGES)
def test_page_of_the_copy_shows_without_complaint(name: str, browser: Browser, copied: Copied) -> None:
    with window(browser) as opened:
        answer = opened.page.goto(f"{copied.url}/{name}", wait_until="networkidle")

        assert answer is not None
        assert answer.status == 200
        # The style has come: the skip link is out of sight, text has the font of the site.
        assert "Fira Sans" in opened.page.evaluate("getComputedStyle(document.body).fontFamily")
    assert opened.complaints == []
    assert opened.failed == []
    assert [address for address in opened.asked if not address.startswith(copied.url)] == []
    assert [address for address in opened.asked if address.endswith(".css")] != []


def test_one_can_walk_through_the_copy_in_one_language(browser: Browser, copied: Copied) -> None:
    with window(browser) as opened:
        page = opened.page
        page.goto(f"{copied.url}/doc/city/essen/")
        assert page.locator("html").get_attribute("lang") == "de"

        page.locator("a[hreflang=en]").first.click()
        assert page.url == f"{copied.url}/doc/city/essen/index.en.html"
        assert page.locator("html").get_attribute("lang") == "en"

        page.locator("header a[href$='lists/index.en.html']").first.click()
        assert page.url == f"{copied.url}/lists/index.en.html"


def test_copy_opens_from_a_disk_with_its_style(browser: Browser, copied: Copied) -> None:
    with window(browser) as opened:
        opened.page.goto((copied.folder / "doc" / "city" / "essen" / "index.html").as_uri())

        assert "Fira Sans" in opened.page.evaluate("getComputedStyle(document.body).fontFamily")
        assert opened.page.locator("h1").inner_text() == "Essen"
