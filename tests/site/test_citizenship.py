"""What machines find: signposts, citations, structured data, safe header fields."""

import json
import re

import httpx
import pytest
from tests.site.reading import doc, page

from interkommunal.release.release import Release

ESSEN = "https://w3id.org/interkommunal/id/city/essen"


def links(answer: httpx.Response) -> list[tuple[str, str, str]]:
    """Target, relation and media type of each link in the header."""
    found = re.findall(r'<([^>]*)>; rel="([^"]*)"(?:; type="([^"]*)")?', answer.headers["link"])
    return [(target, relation, kind) for target, relation, kind in found]


def test_a_page_says_how_to_cite_it_what_it_is_and_where_its_data_lie(client: httpx.Client, url: str) -> None:
    found = links(client.get(doc("city/essen")))
    assert (ESSEN, "cite-as", "") in found
    assert ("https://schema.org/AboutPage", "type", "") in found
    assert ("https://schema.org/City", "type", "") in found
    assert ("https://creativecommons.org/publicdomain/zero/1.0/", "license", "") in found
    assert (f"{url}/imprint", "author", "") in found
    assert (f"{url}/doc/city/essen.ttl", "describedby", "text/turtle") in found
    assert (f"{url}/doc/city/essen.trig", "item", "application/trig") in found
    assert (f"{url}/doc/city/essen.linkset.json", "linkset", "application/linkset+json") in found


def test_a_file_leads_back_to_the_page(client: httpx.Client, url: str) -> None:
    assert (f"{url}/doc/city/essen", "describes", "text/html") in links(client.get("/doc/city/essen.ttl"))
    assert (f"{url}/doc/city/essen", "collection", "text/html") in links(client.get("/doc/city/essen.trig"))


def test_the_link_set_holds_the_links_of_the_page_and_of_its_files(client: httpx.Client, url: str) -> None:
    answer = client.get("/doc/city/essen.linkset.json")
    assert answer.headers["content-type"] == "application/linkset+json"
    contexts = {item["anchor"]: item for item in answer.json()["linkset"]}
    assert contexts[f"{url}/doc/city/essen"]["cite-as"] == [{"href": ESSEN}]
    assert contexts[f"{url}/doc/city/essen.nt"]["describes"] == [{"href": f"{url}/doc/city/essen", "type": "text/html"}]
    assert len(contexts) == 7


def test_a_citation_names_the_release(client: httpx.Client, release: Release) -> None:
    bibtex = client.get("/doc/city/essen.bib").text
    assert bibtex.startswith("@misc{interkommunal-city-essen,\n  title     = {Essen},\n")
    assert f"version   = {{{release.identifier}}}" in bibtex
    assert "  year      = {2026},\n  date      = {2026-11-23},\n" in bibtex
    assert f"content SHA-256 {release.content_hash}" in bibtex
    assert f"url       = {{{ESSEN}}}" in bibtex
    item = client.get("/doc/city/essen.csl.json").json()[0]
    assert (item["title"], item["URL"], item["version"]) == ("Essen", ESSEN, release.identifier)
    assert item["issued"] == {"date-parts": [[2026, 11, 23]]}
    ris = client.get("/doc/city/essen.ris").content.decode()
    assert ris.startswith("TY  - DATA\r\nTI  - Essen\r\n")
    assert "\r\nPY  - 2026\r\nDA  - 2026/11/23\r\n" in ris
    sentence = page(client.get(doc("city/essen"))).find_class("citation")[0].text
    assert sentence == f"Essen. In: interkommunal, Ausgabe {release.identifier} vom 23. November 2026. {ESSEN}"
    assert ris.endswith("\r\nER  - \r\n")


@pytest.mark.parametrize(
    ("thing", "kind"),
    [
        ("city/essen", "City"),
        ("event/forum-2012", "Event"),
        ("work/vielfalt-schafft-zukunft", "Book"),
        ("cooperation/integration-interkommunal", "Organization"),
        ("agreement/staedteregion-ruhr", "CreativeWork"),
        ("goal/ruhr-2", "Thing"),
    ],
)
def test_structured_data_tell_what_a_page_is_about(client: httpx.Client, thing: str, kind: str) -> None:
    document = page(client.get(doc(thing)))
    data = json.loads(document.find(".//script[@type='application/ld+json']").text)
    assert data["@type"] == "WebPage"
    assert data["mainEntity"]["@type"] == kind
    assert data["mainEntity"]["@id"] == f"https://w3id.org/interkommunal/id/{thing}"
    assert data["mainEntity"]["name"] == data["name"]
    assert 20 < len(data["description"]) < 5000
    assert data["isPartOf"]["@type"] == "Dataset"


def test_structured_data_name_the_same_thing_elsewhere(client: httpx.Client) -> None:
    document = page(client.get(doc("city/essen")))
    data = json.loads(document.find(".//script[@type='application/ld+json']").text)
    assert "http://www.wikidata.org/entity/Q2066" in data["mainEntity"]["sameAs"]


def test_pages_run_nothing_from_elsewhere_and_nothing_inline(client: httpx.Client) -> None:
    for path in (doc("city/essen"), "/sources/grundlagen", "/ontology", "/doc/city/nirgends", "/imprint"):
        answer = client.get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert " style=" not in answer.text
        assert not re.search(r"<script(?![^>]*(src=|application/ld\+json))", answer.text)
        assert not re.search(r"\son[a-z]+=", answer.text)


def test_style_is_small_and_kept_by_browsers(client: httpx.Client) -> None:
    document = page(client.get(doc("city/essen")))
    sheets = [item.get("href") for item in document.iterfind(".//link[@rel='stylesheet']")]
    answers = [client.get(address) for address in sheets]
    assert sum(len(answer.content) for answer in answers) < 40_000
    assert {answer.headers["cache-control"] for answer in answers} == {"public, max-age=31536000, immutable"}
    assert {answer.headers["content-type"] for answer in answers} == {"text/css; charset=utf-8"}


def test_licences_of_fonts_and_colours_are_served_beside_them(client: httpx.Client) -> None:
    folder = page(client.get(doc("city/essen"))).find(".//link[@rel='icon']").get("href").rpartition("/")[0]
    for name in ("fonts/fira-sans-LICENSE.txt", "fonts/source-serif-4-LICENSE.txt", "kern-LICENSE.txt"):
        assert client.get(f"{folder}/{name}").status_code == 200
    assert client.get(f"{folder}/../page.py").status_code == 404


def test_descriptions_for_previews_are_there(client: httpx.Client, url: str) -> None:
    document = page(client.get(doc("city/essen")))
    found = {item.get("property"): item.get("content") for item in document.iterfind(".//meta[@property]")}
    assert found["og:title"] == "Essen – interkommunal"
    assert found["og:url"] == f"{url}/doc/city/essen?lang=de"
    assert found["og:description"].startswith("Essen ist eine Stadt")
