"""These pages in a real browser: Debian's Chromium, driven by Playwright; axe-core from the folder of npm packages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright  # noqa: E402

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
AXE = Path(__file__).resolve().parents[3] / "node_modules/axe-core/axe.min.js"
PATHS = {
    "start": "/",
    "overviews": "/overviews",
    "map": "/overviews/map",
    "timeline": "/overviews/timeline",
    "agreements": "/overviews/agreements",
    "organisation": "/overviews/organisation",
    "publications": "/overviews/publications",
    "discrepancies": "/overviews/discrepancies",
    "lists": "/lists",
    "list": "/lists/all?year=2011",
    "search": "/search?q=M%C3%BClhiem",
    "error": "/overviews/nothing",
}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="there is no chromium on this machine (apt-get install chromium)")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as started:
        launched = started.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser, url: str) -> Iterator[Page]:
    context = browser.new_context(base_url=url, locale="de-DE", viewport={"width": 1440, "height": 900})
    yield context.new_page()
    context.close()


def context_of(browser: Browser, url: str, width: int, *, scripts: bool = True) -> BrowserContext:
    return browser.new_context(
        base_url=url, locale="de-DE", viewport={"width": width, "height": 900}, java_script_enabled=scripts
    )


@pytest.mark.parametrize("width", [320, 1440])
def test_pages_fit_ask_nobody_else_and_complain_about_nothing(browser: Browser, url: str, width: int) -> None:
    context = context_of(browser, url, width)
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for name, path in PATHS.items():
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is wider than {width} pixels"
    context.close()

    assert [address for address in asked if not address.startswith(url)] == []
    assert [text for text in complaints if "404" not in text] == []


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed (npm ci)")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1440])
def test_axe_finds_no_violation_of_wcag_2_2_aa(browser: Browser, url: str, width: int, scheme: str) -> None:
    context = browser.new_context(
        base_url=url,
        locale="de-DE",
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        bypass_csp=True,  # axe is put into the page from outside
    )
    page = context.new_page()
    found = []
    for name, path in PATHS.items():
        page.goto(path)
        page.evaluate(AXE.read_text("utf-8"))
        report = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
        found += [(name, item["id"], item["nodes"][0]["html"][:200]) for item in report["violations"]]
    context.close()

    assert found == []


def test_each_width_has_its_own_drawing(browser: Browser, url: str) -> None:
    for width, shown, hidden in ((1440, "wide", "narrow"), (320, "narrow", "wide")):
        context = context_of(browser, url, width)
        page = context.new_page()
        page.goto("/overviews/timeline")
        assert page.locator(f".figure-{shown} svg").is_visible()
        assert not page.locator(f".figure-{hidden} svg").is_visible()
        context.close()


def test_suggestions_come_as_one_types_and_lead_to_the_page(page: Page) -> None:
    page.goto("/")
    field = page.get_by_role("combobox", name="Suchen")
    field.press_sequentially("Mül")
    options = page.get_by_role("option")
    options.first.wait_for()

    assert field.get_attribute("aria-expanded") == "true"
    assert (options.first.text_content() or "").startswith("Mülheim an der Ruhr")
    field.press("ArrowDown")
    assert options.first.get_attribute("aria-selected") == "true"
    assert field.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    field.press("Enter")
    page.wait_for_url("**/doc/city/muelheim")


def test_escape_closes_the_suggestions_and_keeps_what_was_typed(page: Page) -> None:
    page.goto("/")
    field = page.get_by_role("combobox", name="Suchen")
    field.press_sequentially("Ess")
    page.get_by_role("option").first.wait_for()
    field.press("Escape")

    assert page.get_by_role("option").count() == 0
    assert field.get_attribute("aria-expanded") == "false"
    assert field.input_value() == "Ess"


def test_enter_without_a_choice_searches(page: Page) -> None:
    page.goto("/")
    field = page.get_by_role("combobox", name="Suchen")
    field.press_sequentially("Muelheim")
    field.press("Enter")
    page.wait_for_url("**/search?q=Muelheim")

    assert page.locator(".hit-name").first.text_content() == "Mülheim an der Ruhr"


def test_everything_works_without_scripts(browser: Browser, url: str) -> None:
    context = context_of(browser, url, 1440, scripts=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("searchbox", name="Suchen").fill("Mülhiem")
    page.get_by_role("button", name="Suchen").click()
    page.wait_for_url("**/search?q=**")
    assert page.locator(".hit-name").first.text_content() == "Mülheim an der Ruhr"
    page.goto("/lists/forum")
    page.locator(".facets").get_by_role("link", name="Essen").click()
    assert page.locator(".item").count() == 2
    context.close()


def test_cities_on_the_map_are_reached_with_the_keyboard(page: Page) -> None:
    page.goto("/overviews/map")
    page.locator("#content").focus()
    for _ in range(30):
        page.keyboard.press("Tab")
        reached = page.evaluate("document.activeElement.getAttribute('aria-label') || ''")
        if reached.startswith("Essen"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/doc/city/essen")
