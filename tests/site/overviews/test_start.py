from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest
from tests.serving import write_release
from tests.site.overviews.house import frozen, served
from tests.site.overviews.reading import Element, read

from interkommunal.content import Content
from interkommunal.release.release import Release


@pytest.fixture(scope="module")
def start(client: httpx.Client) -> Element:
    return read(client.get("/").text)


def test_sentence_of_the_source_is_the_hero_with_line_voice_and_status(start: Element) -> None:
    hero = start.one("figure", "hero-quote")

    assert hero.one("blockquote").text == (
        "Die Grundlage der Zusammenarbeit der inzwischen neun Kommunen der Städtekooperation ist der Kontrakt "
        "„Interkulturelle Städteregion Ruhr“ von 2010"
    )
    assert hero.one("figcaption").text == "Zeile 19 Seitentext Behauptet"
    assert hero.links == ["/doc/passage/grundlagen/L019.1"]


def test_statements_read_from_it_stand_beside_it(start: Element) -> None:
    statements = [item.text for item in start.one("div", "read-from").all("li")]

    assert statements[0].endswith("beruht auf Kontrakt „Interkulturelle Städteregion Ruhr“ (2010)")
    assert "Kontrakt „Interkulturelle Städteregion Ruhr“ (2010) geschaffen am 2010" in statements


def test_page_leads_to_everything(start: Element) -> None:
    links = set(start.one("main").links)

    assert {
        "/overviews",
        "/overviews/map",
        "/overviews/timeline",
        "/overviews/discrepancies",
        "/lists",
        "/lists/city",
        "/sparql",
        "/ontology",
    } <= links
    assert len(start.one("ol", "questions").all("li")) == 3


def test_page_leads_to_the_other_rooms(start: Element) -> None:
    links = set(start.one("main").links)

    assert {"/catalog", "/feed", "/queries", "/reconcile"} <= links


def test_doubts_are_shown_not_hidden(start: Element) -> None:
    cards = [card.one("h3").text for card in start.all("li", "doubt-card")]

    assert cards == [
        "Sechs Kommunen oder neun Unterschriften",
        "Fassung vom 28.05.2010 und spätere Beitritte",
        "Neun Kommunen oder zwölf Städte",
    ]


def test_no_link_of_these_pages_is_dead(client: httpx.Client) -> None:
    pages = ["/", "/overviews", "/lists", "/lists/city", "/overviews/discrepancies", "/search?q=Essen"]
    elsewhere = ("/sparql",)

    links = {link.partition("#")[0] for path in pages for link in read(client.get(path).text).links}
    dead = [
        link
        for link in sorted(links)
        if link.startswith("/") and not link.startswith(elsewhere) and client.get(link).status_code != 200
    ]

    assert dead == []


def test_page_says_what_it_is_to_search_engines(start: Element) -> None:
    (block,) = [item for item in start.all("script") if item.attributes.get("type") == "application/ld+json"]
    described = json.loads(block.text)

    assert described["@type"] == "Dataset"
    assert described["license"] == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert described["inLanguage"] == "de"


def test_english_visitor_gets_english(client: httpx.Client) -> None:
    page = read(client.get("/", headers={"accept-language": "en"}).text)

    assert page.one("h1").text == "How cities work together"
    assert page.one("figure", "hero-quote").one("blockquote").attributes["lang"] == "de"


def test_links_lead_below_the_prefix_of_the_public_url(release: Release, content: Content) -> None:
    with (
        served(release, content, "https://data.example/ruhr") as url,
        httpx.Client(base_url=url, headers={"accept-language": "de"}) as client,
    ):
        page = read(client.get("/").text)
        drawing = client.get("/overviews/map.svg").text

    links = [link for link in page.links if link.startswith("/")]
    assert links
    assert all(link.startswith("/ruhr/") for link in links)
    styles = [item.attributes["href"] for item in page.all("link") if item.attributes.get("rel") == "stylesheet"]
    assert all(style.startswith("/ruhr/") for style in styles)
    assert page.one("form", "search-form").attributes["action"] == "/ruhr/search"
    assert 'href="https://data.example/ruhr/doc/city/essen"' in drawing


def test_release_without_boundaries_has_no_map_and_says_why(release: Release, content: Content, tmp_path: Path) -> None:
    name = "maps/ruhr-boundaries.geojson"
    with (
        served(frozen(tmp_path, release, name), content) as url,
        httpx.Client(base_url=url, headers={"accept-language": "de"}) as client,
    ):
        overview = read(client.get("/overviews/map").text)
        drawing = client.get("/overviews/map.svg")
        start = client.get("/")

    assert overview.all("svg") == []
    assert "Diese Ausgabe enthält keine Grenzen" in overview.text
    assert len(overview.one("table").all("tr")) == 10
    assert drawing.status_code == 404
    assert start.status_code == 200


def test_pages_stand_on_any_graph(content: Content, tmp_path: Path) -> None:
    quads = b'<https://w3id.org/interkommunal/id/goal/x> <http://a.example/p> "X"@de <http://a.example/g> .\n'
    paths = ["/", "/overviews", "/lists", "/lists/all", "/overviews/discrepancies", "/search?q=x"]
    paths += [f"/overviews/{key}" for key in ("map", "timeline", "agreements", "organisation", "publications")]

    with served(write_release(tmp_path, quads), content) as url, httpx.Client(base_url=url) as client:
        answers = {path: client.get(path).status_code for path in paths}

    assert answers == dict.fromkeys(paths, 200)
