"""The catalogue over HTTP: RDF for whoever does not ask for something else, and never sent twice in vain."""

from __future__ import annotations

import pytest
from rdflib import Graph, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, FOAF, RDF
from tests.harvest.conftest import ADDRESS
from tests.release import official
from tests.serving import Serving

# rdflib's own parsers use what rdflib deprecates.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")

SUFFIXES = {
    "ttl": ("text/turtle; charset=utf-8", "turtle"),
    "rdf": ("application/rdf+xml", "xml"),
    "jsonld": ("application/ld+json", "json-ld"),
    "nt": ("application/n-triples", "nt"),
}


@pytest.mark.parametrize("accept", [None, "*/*", "text/turtle", "text/html;q=0.1, */*;q=0.5"])
def test_catalogue_is_turtle_for_harvesters(accept: str | None, harvested: Serving) -> None:
    reply = harvested.ask("/catalog", headers={} if accept is None else {"Accept": accept})

    assert reply.status == 200
    assert reply.headers["content-type"] == "text/turtle; charset=utf-8"
    assert reply.headers["content-location"] == f"{ADDRESS}/catalog.ttl"
    assert reply.headers["vary"] == "Accept, Accept-Encoding"


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_catalogue_has_an_address_in_each_format(suffix: str, harvested: Serving) -> None:
    media_type, syntax = SUFFIXES[suffix]
    turtle = Graph().parse(data=harvested.ask("/catalog.ttl").text, format="turtle")

    reply = harvested.ask(f"/catalog.{suffix}")

    assert (reply.status, reply.headers["content-type"]) == (200, media_type)
    assert isomorphic(Graph().parse(data=reply.text, format=syntax), turtle)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_format_is_negotiated(suffix: str, harvested: Serving) -> None:
    media_type = SUFFIXES[suffix][0]
    reply = harvested.ask("/catalog", headers={"Accept": media_type.partition(";")[0]})

    assert (reply.status, reply.headers["content-type"]) == (200, media_type)


def test_format_that_there_is_not_is_refused_with_those_that_there_are(harvested: Serving) -> None:
    reply = harvested.ask("/catalog", headers={"Accept": "image/png"})

    assert reply.status == 406
    assert reply.json["available"] == [
        "text/turtle",
        "application/rdf+xml",
        "application/ld+json",
        "application/n-triples",
        "text/html",
    ]


def test_head_has_the_header_of_get_and_no_body(harvested: Serving) -> None:
    get, head = harvested.ask("/catalog"), harvested.ask("/catalog", method="HEAD")

    assert (head.status, head.body) == (200, b"")
    assert {name: head.headers[name] for name in ("etag", "content-type", "content-length")} == {
        "etag": get.headers["etag"],
        "content-type": get.headers["content-type"],
        "content-length": str(len(get.body)),
    }


@pytest.mark.parametrize("target", ["/catalog", "/catalog.rdf", "/dumps", "/release"])
def test_harvester_that_comes_back_gets_304(target: str, harvested: Serving) -> None:
    tag = harvested.ask(target).headers["etag"]
    again = harvested.ask(target, headers={"If-None-Match": tag})

    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)


def test_served_catalogue_passes_the_official_shapes(harvested: Serving) -> None:
    data = Graph().parse(data=harvested.ask("/catalog").text, format="turtle")

    assert official.results(data, official.DE) == []
    assert {item.severity for item in official.results(data, official.EU)} == {"Warning"}


def test_addresses_come_from_the_settings_not_from_the_request(harvested: Serving) -> None:
    data = Graph().parse(data=harvested.ask("/catalog", headers={"X-Forwarded-Host": "evil.example"}).text)

    assert list(data.subjects(RDF.type, DCAT.Catalog)) == [URIRef(f"{ADDRESS}/catalog")]
    assert all(str(url).startswith(f"{ADDRESS}/dumps/") for url in data.objects(None, DCAT.downloadURL))
    assert sorted(map(str, data.objects(None, FOAF.name))) == ["Stadt Essen", "interkommunal contributors"]


def test_every_distribution_can_be_downloaded_and_is_as_large_as_stated(harvested: Serving) -> None:
    data = Graph().parse(data=harvested.ask("/catalog").text)
    distributions = list(data.subjects(RDF.type, DCAT.Distribution))

    # The whole, the facts and the terms in six formats, N-Quads packed twice; two tables, their description, three
    # archives and the database, plain and packed.
    assert len(distributions) == 28
    for distribution in distributions:
        target = str(data.value(distribution, DCAT.downloadURL)).removeprefix(ADDRESS)
        reply = harvested.ask(target, method="HEAD")
        assert (reply.status, reply.headers["content-length"]) == (200, str(data.value(distribution, DCAT.byteSize)))


def test_pages_together_say_what_the_whole_says_and_each_conforms(harvested: Serving) -> None:
    whole = set(Graph().parse(data=harvested.ask("/catalog.ttl").text))
    hydra = "http://www.w3.org/ns/hydra/core#"
    together = set()
    for number in (1, 2, 3):
        page = Graph().parse(data=harvested.ask(f"/catalog.ttl?page={number}").text)
        assert len(list(page.subjects(RDF.type, DCAT.Dataset))) == 1
        assert [item for item in official.results(page, official.DE) if item.severity == "Violation"] == []
        view = URIRef(f"{ADDRESS}/catalog.ttl?page={number}")
        assert (view, RDF.type, URIRef(f"{hydra}PartialCollectionView")) in page
        following = page.value(view, URIRef(f"{hydra}next"))
        assert following == (URIRef(f"{ADDRESS}/catalog.ttl?page={number + 1}") if number < 3 else None)
        together |= {triple for triple in page if triple[0] != view}

    # Whom a service serves is told on the page of that dataset.
    assert together == whole


@pytest.mark.parametrize("page", ["4", "999999999"])
def test_page_that_there_is_not_is_refused_with_how_many_there_are(page: str, harvested: Serving) -> None:
    reply = harvested.ask(f"/catalog?page={page}")

    assert (reply.status, reply.json["pages"]) == (404, 3)
