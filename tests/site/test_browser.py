"""Pages of things, reader and vocabulary in a real browser: Debian's Chromium, driven by Playwright; axe-core."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Browser, Page
from tests.chromium import complaints, violations, window

PATHS = {
    "contract": "/doc/agreement/staedteregion-ruhr",
    "wording": "/doc/text/staedteregion-ruhr-2010-05-28",
    "city": "/doc/city/herne",
    "cooperation": "/doc/cooperation/integration-interkommunal",
    "forum": "/doc/event/forum-2012",
    "publication": "/doc/work/vielfalt-schafft-zukunft",
    "goal": "/doc/goal/mehr-migranten-im-oeffentlichen-dienst",
    "figure": "/doc/observation/bevoelkerung-metropolregion",
    "discrepancy": "/doc/discrepancy/fassung-und-spaetere-beitritte",
    "inference": "/doc/inference/bildunterschrift-konferenz",
    "passage": "/doc/passage/grundlagen/L019.4",
    "source": "/doc/source/grundlagen",
    "concept": "/doc/concept/role-acceding-party",
    "shape": "/doc/shape/Agreement-name",
    "graph": "/doc/graph/editorial",
    "statements": "/doc/graph/editorial?list=in&page=2",
    "ontology": "/ontology",
    "class": "/ontology/City",
    "property": "/ontology/party",
    "sources": "/sources/",
    "reader": "/sources/grundlagen?passage=L053-L055",
    "lit": "/sources/grundlagen?entity=city/herne",
    "missing": "/doc/city/nirgends",
    "privacy": "/privacy",
    "imprint": "/imprint",
    "questions": "/queries",
    "question": "/queries/forums-by-year-and-city",
    "query": "/sparql",
    "answer": "/sparql?query=SELECT%20*%20%7B%20%3Fs%20a%20%3Ftype%20%7D%20LIMIT%205",
    "malformed": "/sparql?query=SELECT%20*%20%7B%20%3Fs",
}


@pytest.mark.parametrize("width", [320, 1440])
def test_pages_fit_ask_nobody_else_and_complain_about_nothing(browser: Browser, url: str, width: int) -> None:
    assert complaints(browser, url, PATHS, width) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1440])
def test_axe_finds_no_violation_of_wcag_2_2_aa(
    browser: Browser, url: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    found, measured = violations(browser, url, PATHS, width, scheme, "best-practice")

    assert found == []
    assert measured > 1000  # the contrast of texts was really measured


def test_the_keyboard_reaches_the_content_first_and_then_every_link(page: Page) -> None:
    page.goto("/doc/city/essen")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Zum Inhalt"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('nav').getAttribute('aria-label')") == "Sie sind hier"


def test_the_focus_can_be_seen(page: Page) -> None:
    page.goto("/sources/grundlagen")
    page.locator("[data-in~='L019.1']").first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    style = "getComputedStyle(document.activeElement)"
    assert page.evaluate(f"{style}.outlineStyle") == "solid"
    assert page.evaluate(f"parseFloat({style}.outlineWidth)") >= 2


def test_a_passage_is_chosen_without_loading_the_page_again(page: Page) -> None:
    page.goto("/sources/grundlagen")
    page.evaluate("window.same = true")
    page.locator("[data-in~='L128']").first.click()
    page.locator("#chosen .said-of").first.wait_for()

    assert page.evaluate("window.same") is True
    assert "passage=L128" in page.url
    assert page.locator(".is-chosen").all_text_contents() == [
        "2009 in Essen „Demografie—Personalentwicklung—kulturelle Vielfalt“"
    ]
    page.get_by_role("link", name="Nächste Stelle").click()
    page.locator("#chosen mark", has_text="2010 in Bochum").wait_for()
    page.go_back()
    page.locator("#chosen mark", has_text="2009 in Essen").wait_for()


def test_a_passage_is_chosen_with_the_keyboard_and_left_with_escape(page: Page) -> None:
    page.goto("/sources/grundlagen")
    page.locator("[data-in~='L130']").first.focus()
    page.keyboard.press("Enter")
    page.locator("#chosen mark", has_text="Vielfalt ist Zukunft").wait_for()
    page.keyboard.press("Escape")
    page.locator("#chosen", has_text="Noch ist keine Stelle gewählt").wait_for()
    assert page.locator(".is-chosen").count() == 0


def test_everything_works_without_scripts(browser: Browser, url: str) -> None:
    with window(browser, url, scripts=False) as opened:
        page = opened.page
        page.goto("/sources/grundlagen")
        page.locator("[data-in~='L128']").first.click()
        page.wait_for_url("**/sources/grundlagen?passage=L128#L128")
        assert page.locator("#chosen .said-of").count() >= 1
        page.locator("#chosen h4 a").first.click()
        page.wait_for_url("**/doc/event/forum-2009")
        page.get_by_role("link", name="English").click()
        page.wait_for_url("**/doc/event/forum-2009?lang=en")
        assert page.locator("html").get_attribute("lang") == "en"
        page.get_by_text("Python", exact=True).click()
        assert page.get_by_text("import pandas as pd").is_visible()


def test_the_data_block_for_search_engines_is_there_and_does_not_run(page: Page) -> None:
    page.goto("/doc/event/forum-2012")
    data = page.evaluate("JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)")
    assert data["mainEntity"]["@type"] == "Event"
    assert data["mainEntity"]["startDate"] == "2012"
    assert data["mainEntity"]["location"]["name"] == "Bochum"


def test_the_query_is_copied_with_one_click(page: Page, url: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=url)
    page.goto("/doc/city/essen")
    page.locator("pre.code + .copy").first.click()
    assert page.evaluate("navigator.clipboard.readText()").startswith("PREFIX oa:")


def test_a_query_is_asked_in_the_editor_and_answered_with_evidence(page: Page) -> None:
    page.goto("/sparql")
    page.locator(".yasqe_queryButton").click()
    page.locator(".yasr_results table tbody tr").first.wait_for()
    tabs = [item.strip() for item in page.locator(".yasr_btnGroup").first.inner_text().splitlines() if item.strip()]
    page.get_by_role("button", name="Belege").click()
    quote = page.locator(".evidence blockquote").first
    quote.wait_for()

    assert tabs[:2] == ["Tabelle", "Rohdaten"]
    assert "mit den Erstunterzeichnerinnen" in quote.inner_text()
    assert "/id/passage/grundlagen/L019" in str(quote.locator("a").get_attribute("href"))


def test_the_keyboard_leaves_the_text_of_the_query(page: Page) -> None:
    page.goto("/sparql")
    field = page.locator(".yasqe textarea")
    field.focus()
    before = page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()")
    page.keyboard.press("Tab")

    assert page.evaluate(
        "document.activeElement.closest('.CodeMirror') === null || document.activeElement.tagName"
    ) != ("TEXTAREA")
    assert page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()") == before


def test_the_plain_form_can_be_had_and_keeps_the_query(page: Page) -> None:
    page.goto("/sparql?query=ASK%20%7B%7D")
    page.get_by_role("button", name="Einfaches Formular").click()

    assert page.locator("#query").input_value() == "ASK {}"
    page.get_by_role("button", name="Abfrage ausführen").click()
    assert page.locator(".boolean").inner_text() == "Ja"


def test_the_language_is_remembered_when_it_was_switched(page: Page) -> None:
    page.goto("/sparql")
    assert page.context.cookies() == []
    page.get_by_role("link", name="English").click()
    page.goto("/doc/city/essen")

    assert page.locator("html").get_attribute("lang") == "en"
    assert [(item["name"], item["value"]) for item in page.context.cookies()] == [("lang", "en")]
