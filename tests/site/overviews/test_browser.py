"""These pages in a real browser: Debian's Chromium, driven by Playwright; axe-core from the folder of npm packages."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Browser, Page
from tests.chromium import complaints, violations, window

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


@pytest.mark.parametrize("width", [320, 1440])
def test_pages_fit_ask_nobody_else_and_complain_about_nothing(browser: Browser, url: str, width: int) -> None:
    assert complaints(browser, url, PATHS, width) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1440])
def test_axe_finds_no_violation_of_wcag_2_2_aa(
    browser: Browser, url: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    found, measured = violations(browser, url, PATHS, width, scheme)

    assert found == []
    assert measured > 300


def test_each_width_has_its_own_drawing(browser: Browser, url: str) -> None:
    for width, shown, hidden in ((1440, "wide", "narrow"), (320, "narrow", "wide")):
        with window(browser, url, width=width) as opened:
            opened.page.goto("/overviews/timeline")
            assert opened.page.locator(f".figure-{shown} svg").is_visible()
            assert not opened.page.locator(f".figure-{hidden} svg").is_visible()


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
    with window(browser, url, scripts=False) as opened:
        page = opened.page
        page.goto("/")
        page.get_by_role("searchbox", name="Suchen").fill("Mülhiem")
        page.get_by_role("button", name="Suchen").click()
        page.wait_for_url("**/search?q=**")
        assert page.locator(".hit-name").first.text_content() == "Mülheim an der Ruhr"
        page.goto("/lists/forum")
        page.locator(".facets").get_by_role("link", name="Essen").click()
        page.wait_for_url("**city=essen**")
        assert page.locator(".item").count() == 2


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
