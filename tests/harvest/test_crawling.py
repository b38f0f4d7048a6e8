"""Crawlers find everything from the addresses that they know, with the time at which it last changed."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import RDF, RDFS, VOID
from tests.harvest.conftest import ADDRESS
from tests.serving import Serving, serving, write_release

from interkommunal.harvest import crawling
from interkommunal.release import recording
from interkommunal.release.history import History
from interkommunal.release.release import Release
from interkommunal.web.publication import ReleaseFiles

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ID = "https://w3id.org/interkommunal/id"


def listed(xml: bytes) -> dict[str, str | None]:
    return {str(url.findtext(f"{MAP}loc")): url.findtext(f"{MAP}lastmod") for url in ElementTree.fromstring(xml)}


def test_robots_find_the_site_map(harvested: Serving) -> None:
    reply = harvested.ask("/robots.txt")

    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    assert reply.text.splitlines() == [
        "User-agent: *",
        "Disallow: /sparql?",
        "Disallow: /admin/",
        "Disallow: /feed/",
        "Disallow: /release/",
        "Allow: /",
        "",
        f"Sitemap: {ADDRESS}/sitemap.xml",
    ]


def test_site_map_lists_pages_that_are_there(harvested: Serving) -> None:
    reply = harvested.ask("/sitemap.xml")
    pages = listed(reply.body)
    history = History.open(harvested.releases)
    assert history is not None
    first, second = (publication.time for publication in history.publications)

    assert reply.headers["content-type"] == "application/xml"
    assert pages == {
        f"{ADDRESS}/": second,
        f"{ADDRESS}/doc/city/essen": second,
        f"{ADDRESS}/doc/goal/ruhr-10": first,
        f"{ADDRESS}/doc/goal/ruhr-2": first,
        f"{ADDRESS}/feed": second,
        f"{ADDRESS}/release": second,
    }
    for page in pages:
        assert harvested.ask(page.removeprefix(ADDRESS), headers={"Accept": "text/html"}).status == 200


def version(releases: Path, number: str, second: int, *values: str) -> Release:
    """A release published in that second of 2027 with one thing a value: ``a=1`` says 1 of a."""
    lines = [f'<{ID}/{{}}> <{ID}/p> "{{}}" <{ID}/g> .\n'.format(*value.split("=")) for value in sorted(values)]
    release = write_release(releases, "".join(lines).encode(), number)
    moment = datetime(2027, 1, 1, 0, 0, second, tzinfo=UTC)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recording, "_clock", lambda: moment)
        if recording.prepare(releases, release):
            recording.settle(releases)
    return release


def files(release: Release) -> ReleaseFiles:
    return ReleaseFiles(release, History.open(release.folder.parent))


def test_page_has_the_time_of_the_release_that_last_changed_it(tmp_path: Path) -> None:
    version(tmp_path, "1.0.0", 1, "city/a=1", "city/b=1")
    version(tmp_path, "1.1.0", 2, "city/a=2", "city/b=1", "city/c=1")
    last = version(tmp_path, "1.2.0", 3, "city/a=2", "city/b=1", "city/c=1", "city/c#point=1")

    found = listed(crawling._first(files(last), ADDRESS))

    assert found == {
        f"{ADDRESS}/": "2027-01-01T00:00:03.000Z",
        f"{ADDRESS}/doc/city/a": "2027-01-01T00:00:02.000Z",
        f"{ADDRESS}/doc/city/b": "2027-01-01T00:00:01.000Z",
        f"{ADDRESS}/doc/city/c": "2027-01-01T00:00:03.000Z",
        f"{ADDRESS}/feed": "2027-01-01T00:00:03.000Z",
        f"{ADDRESS}/release": "2027-01-01T00:00:03.000Z",
    }


def test_release_that_changes_nothing_moves_no_time(tmp_path: Path) -> None:
    version(tmp_path, "1.0.0", 1, "city/a=1")
    last = version(tmp_path, "1.1.0", 2, "city/a=1")

    assert listed(crawling._first(files(last), ADDRESS))[f"{ADDRESS}/doc/city/a"] == "2027-01-01T00:00:01.000Z"


def test_times_stay_when_the_operator_removes_an_old_release(tmp_path: Path) -> None:
    first = version(tmp_path, "1.0.0", 1, "city/a=1")
    last = version(tmp_path, "1.1.0", 2, "city/a=1", "city/b=1")
    shutil.rmtree(first.folder)

    assert listed(crawling._first(files(last), ADDRESS))[f"{ADDRESS}/doc/city/a"] == "2027-01-01T00:00:01.000Z"


def test_site_map_without_a_change_table_claims_no_time(tmp_path: Path) -> None:
    release = write_release(tmp_path, f'<{ID}/city/a> <{ID}/p> "1" <{ID}/g> .\n'.encode())

    assert listed(crawling._first(files(release), ADDRESS)) == {f"{ADDRESS}/": None, f"{ADDRESS}/doc/city/a": None}


def test_many_pages_are_listed_in_several_maps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crawling, "PAGE", 2)
    last = version(tmp_path, "1.0.0", 1, "city/a=1", "city/b=1", "city/c=1")

    assert list(listed(crawling._first(files(last), ADDRESS))) == [
        f"{ADDRESS}/sitemap-1.xml",
        f"{ADDRESS}/sitemap-2.xml",
    ]


def test_map_that_there_is_not_is_404(harvested: Serving) -> None:
    assert harvested.ask("/sitemap-2.xml").status == 404
    assert harvested.ask("/sitemap-0.xml").status == 404


def test_well_known_void_leads_to_the_description(harvested: Serving) -> None:
    reply = harvested.ask("/.well-known/void")
    assert (reply.status, reply.headers["location"]) == (303, f"{ADDRESS}/void")

    described = Graph().parse(data=harvested.ask("/void").text, format="turtle")
    dataset = URIRef("https://w3id.org/interkommunal/dataset/graph")
    assert (dataset, RDF.type, VOID.Dataset) in described
    assert described.value(dataset, RDFS.seeAlso) == URIRef(f"{ADDRESS}/feed")
    assert described.value(dataset, VOID.sparqlEndpoint) == URIRef(f"{ADDRESS}/sparql")


@pytest.mark.parametrize("target", ["/void.rdf", "/sitemap.xml", "/robots.txt", "/.well-known/api-catalog"])
def test_crawler_that_comes_back_gets_304(target: str, harvested: Serving) -> None:
    tag = harvested.ask(target).headers["etag"]

    assert harvested.ask(target, headers={"If-None-Match": tag}).status == 304


def test_api_catalog_names_the_interfaces(harvested: Serving) -> None:
    reply = harvested.ask("/.well-known/api-catalog")
    (catalog, sparql, reconciliation, feed, catalogue_feed, _) = json.loads(reply.body)["linkset"]

    # RFC 9727, section 4.2 and 4.3.
    assert reply.headers["content-type"] == (
        'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"'
    )
    assert {"href": f"{ADDRESS}/sparql"} in catalog["item"]
    assert sparql["service-desc"] == [{"href": f"{ADDRESS}/sparql", "type": "text/turtle"}]
    assert {"href": f"{ADDRESS}/reconcile"} in catalog["item"]
    assert reconciliation["service-desc"] == [{"href": f"{ADDRESS}/reconcile", "type": "application/json"}]
    assert {"href": f"{ADDRESS}/feed"} in catalog["item"]
    assert feed["alternate"] == [{"href": f"{ADDRESS}/feed.atom", "type": "application/atom+xml"}]
    assert catalogue_feed["anchor"] == f"{ADDRESS}/catalog/feed"
    for item in catalog["item"]:
        assert harvested.ask(item["href"].removeprefix(ADDRESS)).status == 200


def test_release_that_counted_nothing_says_how_to_get_counts(tmp_path: Path) -> None:
    write_release(tmp_path / "releases", b"")
    with serving(tmp_path / "releases", tmp_path) as running:
        reply = running.ask("/void", headers={"Accept-Language": "en"})

        assert (reply.status, reply.headers["content-type"]) == (404, "application/problem+json")
        assert "interkommunal build" in str(reply.json["detail"])
        assert running.ask("/catalog").status == 200
