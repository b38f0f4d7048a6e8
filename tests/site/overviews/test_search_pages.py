from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from tests.site.overviews.house import frozen, served
from tests.site.overviews.reading import read
from tests.spelling import SPELLINGS

from interkommunal.content import Content
from interkommunal.release.release import Release


def test_search_page_works_as_a_plain_form(client: httpx.Client) -> None:
    page = read(client.get("/search").text)

    form = page.one("form", "search-form")
    assert (form.attributes["action"], form.attributes["method"], form.attributes["role"]) == (
        "/search",
        "get",
        "search",
    )
    field = form.one("input")
    assert field.attributes["name"] == "q"
    assert [item.attributes["for"] for item in form.all("label")] == [field.attributes["id"]]


def test_result_is_grouped_by_kind_with_the_sentence_marked(client: httpx.Client) -> None:
    page = read(client.get("/search", params={"q": "Willkomenskultur"}).text)

    assert "„Willkomenskultur“ kommt nicht vor. Gesucht wurde nach „Willkommenskultur“." in page.text
    assert [section.one("h2").text for section in page.all("section", "group")] == [
        "Begriff 1",
        "Ziel 1",
        "Textstelle 1",
    ]
    assert {mark.text for mark in page.all("mark")} == {"Willkommenskultur"}


def test_what_was_typed_is_shown_as_text(client: httpx.Client) -> None:
    typed = '"><script>alert(1)</script>'

    answer = client.get("/search", params={"q": typed})

    assert "<script>alert" not in answer.text
    assert read(answer.text).one("form", "search-form").one("input").attributes["value"] == typed


def test_input_that_is_too_long_is_cut_and_that_is_said(client: httpx.Client) -> None:
    answer = client.get("/search", params={"q": "Essen " + "x" * 10_000})

    assert answer.status_code == 200
    assert "Die Eingabe ist zu lang." in answer.text


def test_kind_is_followed_page_by_page(client: httpx.Client) -> None:
    page = read(client.get("/search", params={"q": "Städtekooperation", "kind": "passage", "page": "2"}).text)

    assert len(page.all("section", "group")) == 1
    assert page.one("nav", "pager").text.startswith("Vorige Seite Seite 2 von")
    assert page.all("li", "hit")


def test_suggestions_are_json_with_names_kinds_and_addresses(client: httpx.Client) -> None:
    answer = client.get("/search/suggest", params={"q": "muelh"})

    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["query"] == "muelh"
    assert answer.json()["suggestions"][0] == {
        "label": "Mülheim an der Ruhr",
        "kind": "Stadt",
        "iri": "https://w3id.org/interkommunal/id/city/muelheim",
        "href": "/doc/city/muelheim",
    }


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_search_and_suggestions_do_not_depend_on_how_a_word_is_spelt(client: httpx.Client, spelling: str) -> None:
    for text in ("Mülheim", "Förderung", "Städtekooperation", "Essen"):
        spelt = SPELLINGS[spelling](text)
        pages = [read(client.get("/search", params={"q": typed}).text) for typed in (text, spelt)]
        suggestions = [client.get("/search/suggest", params={"q": typed}).json() for typed in (text, spelt)]

        shown = [[group.text for group in page.all("section", "group")] for page in pages]
        assert shown[0] == shown[1] != []
        assert suggestions[0]["suggestions"] == suggestions[1]["suggestions"] != []


def test_release_without_index_says_so_and_leads_to_the_lists(
    release: Release, content: Content, tmp_path: Path
) -> None:
    with (
        served(frozen(tmp_path, release, "search.sqlite"), content) as url,
        httpx.Client(base_url=url, headers={"accept-language": "de"}) as client,
    ):
        page = client.get("/search", params={"q": "Essen"})
        suggestions = client.get("/search/suggest", params={"q": "Essen"})
        start = client.get("/")

    assert page.status_code == 200
    assert "Diese Ausgabe hat keinen Suchindex." in page.text
    assert suggestions.status_code == 503
    assert "retry-after" in suggestions.headers
    assert 'class="search-form' not in start.text


@pytest.mark.parametrize("q", ["Kontrakt", "Mülhiem", "xyzzyqw"])
def test_result_speaks_english_too(client: httpx.Client, q: str) -> None:
    page = read(client.get("/search", params={"q": q}, headers={"accept-language": "en"}).text)

    assert page.one("html").attributes["lang"] == "en"
    assert page.one("h1").text == "Search"
