"""The service in a real browser: its page, its cards in somebody else's page, and a script of another site."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page
from tests.chromium import complaints, violations
from tests.serving import serving

from interkommunal.release.release import Release

PATHS = {
    "service": "/reconcile",
    "found": "/reconcile?name=welcome.ruhr",
    "not found": "/reconcile?name=xyzzy",
    "preview": "/reconcile/preview?id=city/essen",
}

ASK = """async address => {
    const body = new URLSearchParams({queries: JSON.stringify({q: {query: "Gelsenkrichen", type: "City"}})});
    const answer = await fetch(address + "/reconcile", {method: "POST", body});
    const refused = await fetch(address + "/reconcile?queries=%7B");
    return [(await answer.json()).q.result[0].id, refused.status, (await refused.json()).status];
}"""


@pytest.fixture(scope="module")
def url(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server that is reached where it says it is."""
    with serving(release.folder.parent, tmp_path_factory.mktemp("browser")) as running:
        yield running.url


def test_name_is_tried_on_the_page(page: Page, url: str) -> None:
    page.goto(f"{url}/reconcile")
    page.get_by_label("Name oder Kennung").fill("Muelheim a. d. Ruhr")
    page.get_by_label("Art").select_option("City")
    page.get_by_role("button", name="Abgleichen").click()

    row = page.locator(".reconcile-page tbody tr").first
    assert row.get_by_role("link").inner_text() == "Mülheim an der Ruhr"
    assert "heißt so, gebeugt oder abgekürzt" in row.inner_text()
    row.get_by_role("link").click()
    assert page.url == f"{url}/doc/city/muelheim"


def test_script_of_another_site_gets_answers_and_reasons(page: Page, url: str) -> None:
    # Another name of the machine is another origin; a text file has no policy of its own.
    page.goto(f"{url.replace('127.0.0.1', 'localhost')}/robots.txt")

    assert page.evaluate(ASK, url) == ["city/gelsenkirchen", 400, 400]


def test_preview_stands_in_the_frame_of_another_site(page: Page, url: str) -> None:
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.set_content(f'<iframe width="430" height="300" src="{url}/reconcile/preview?id=city%2Fmuelheim"></iframe>')

    heading = page.frame_locator("iframe").get_by_role("heading")
    heading.wait_for()
    assert heading.inner_text() == "Mülheim an der Ruhr"
    # The style was let through by its hash.
    assert heading.evaluate("element => getComputedStyle(element).marginTop") == "0px"
    assert told == []


@pytest.mark.parametrize("width", [320, 1440])
def test_pages_fit_and_ask_nobody_else(browser: Browser, url: str, width: int) -> None:
    assert complaints(browser, url, PATHS, width) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_of_wcag_2_2_aa(browser: Browser, url: str, scheme: Literal["light", "dark"]) -> None:
    assert violations(browser, url, PATHS, 1280, scheme)[0] == []
