"""People find data, sizes, checksums and the way to harvest; search engines find the same as schema.org."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime
from typing import Any

import pytest
from lxml import html
from tests.harvest.conftest import ADDRESS
from tests.serving import Reply, Serving

from interkommunal.harvest.listing import size_words
from interkommunal.release.release import Release

Kept = tuple[Release, Release]
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def words(reply: Reply) -> str:
    return " ".join(html.fromstring(reply.body).text_content().split())


def structured(reply: Reply) -> dict[str, Any]:
    (block,) = html.fromstring(reply.body).xpath("//script[@type='application/ld+json']/text()")
    found = json.loads(block)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    ("target", "accept"), [("/catalog.html", "*/*"), ("/catalog", BROWSER), ("/catalog", "text/html")]
)
def test_catalogue_is_a_page_for_who_asks_for_html(target: str, accept: str, harvested: Serving) -> None:
    reply = harvested.ask(f"{target}?lang=de", headers={"Accept": accept})

    assert (reply.status, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "Accept" in reply.headers["vary"]
    assert "script-src 'self'" in reply.headers["content-security-policy"]
    for part in (
        "Wissensgraph der Städtekooperation Integration.Interkommunal",
        "SPARQL-Endpunkt",
        f"{ADDRESS}/catalog",
        "CC0 1.0",
        "Stadt Essen",
        "daten@essen.example",
    ):
        assert part in words(reply)


def test_page_is_english_for_who_reads_english(harvested: Serving) -> None:
    reply = harvested.ask("/catalog.html", headers={"Accept-Language": "en"})

    assert reply.headers["content-language"] == "en"
    assert "Knowledge graph of the city cooperation Integration.Interkommunal" in words(reply)
    assert "SPARQL endpoint" in words(reply)


def test_page_that_one_has_is_not_sent_again(harvested: Serving) -> None:
    tag = harvested.ask("/catalog.html").headers["etag"]

    assert harvested.ask("/catalog.html", headers={"If-None-Match": tag}).status == 304


def test_page_of_a_dataset_names_each_file_with_its_checksum(harvested: Serving, kept: Kept) -> None:
    reply = harvested.ask("/dataset/graph?lang=de", headers={"Accept": BROWSER})
    text = words(reply)

    assert reply.status == 200
    for name in ("graph.nq", "graph.ttl", "facts.jsonld", "graph.nq.zst"):
        assert name in text
        assert hashlib.sha256(kept[1].path(name).read_bytes()).hexdigest() in text
    rows = html.fromstring(reply.body).xpath("//table//tbody/tr")
    # The whole first: it is what most people look for.
    assert rows[0].xpath("string(td[1])") == "graph.nq"


def test_page_of_the_tables_leads_to_each_table_in_each_format(harvested: Serving) -> None:
    page = html.fromstring(harvested.ask("/dataset/tables", headers={"Accept": BROWSER}).body)
    links = {link.removeprefix(ADDRESS) for link in page.xpath("//article//a/@href")}

    wanted = {f"/dumps/tables/goal.{suffix}" for suffix in ("csv", "jsonl", "parquet")}
    wanted |= {f"/dumps/{name}" for name in ("interkommunal.sqlite", "tables-csv.zip", "tables-parquet.zip")}
    assert wanted <= {re.sub(r"^/ruhr", "", link) for link in links}
    for target in wanted:
        assert harvested.ask(target, method="HEAD").status == 200


def test_search_engines_find_the_dataset_with_its_files(harvested: Serving) -> None:
    found = structured(harvested.ask("/dataset/graph?lang=de", headers={"Accept": BROWSER}))

    # What Google Dataset Search requires, and what it recommends.
    assert (found["@type"], found["name"]) == (
        "Dataset",
        "Wissensgraph der Städtekooperation Integration.Interkommunal",
    )
    assert 50 <= len(found["description"]) <= 5000
    assert found["sameAs"] == "https://w3id.org/interkommunal/dataset/graph"
    assert found["url"] == f"{ADDRESS}/dataset/graph"
    assert found["license"] == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert found["publisher"]["name"] == "Stadt Essen"
    assert found["creator"]["name"] == "interkommunal contributors"
    assert found["includedInDataCatalog"]["url"] == f"{ADDRESS}/catalog.html"
    assert found["isAccessibleForFree"] is True
    issued, modified = (datetime.fromisoformat(found[name]) for name in ("datePublished", "dateModified"))
    assert issued <= modified
    (file,) = (item for item in found["distribution"] if item["name"] == "graph.nq")
    assert (file["contentUrl"], file["encodingFormat"]) == (f"{ADDRESS}/dumps/graph.nq", "application/n-quads")


def test_machine_that_asks_for_a_dataset_gets_to_its_description(harvested: Serving) -> None:
    reply = harvested.ask("/dataset/graph", headers={"Accept": "text/turtle"})

    assert (reply.status, reply.headers["location"]) == (303, f"{ADDRESS}/catalog.ttl")


def test_dataset_that_there_is_not_is_missing(harvested: Serving) -> None:
    assert harvested.ask("/dataset/nothing", headers={"Accept": BROWSER}).status == 404


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1,0 kB"),
        (9960, "10 kB"),
        (999_499, "999 kB"),
        (999_600, "1,0 MB"),
        (3_295_916, "3,3 MB"),
    ],
)
def test_sizes_are_told_as_people_read_them(size: int, said: str) -> None:
    assert size_words(size, ",") == said
