"""HTTP as RFC 9110 has it, at every address: each rule is asked of all addresses, and all routes have one."""

from __future__ import annotations

import json
import re
from email.utils import formatdate, parsedate_to_datetime
from typing import Final
from urllib.parse import quote

import pytest
from tests.serving import Reply, Serving

PUBLIC: Final = "https://data.example/ruhr"
ASK: Final = "/sparql?query=ASK%7B%7D"
# Fixed in their format and without a language: nothing but the coding is chosen.
FIXED: Final = (
    "/catalog.ttl",
    "/catalog.rdf?page=2",
    "/catalog.jsonld",
    "/catalog.nt",
    "/void.ttl",
    "/void.rdf",
    "/void.jsonld",
    "/void.nt",
    "/shapes.ttl",
    "/shapes.rdf",
    "/shapes.jsonld",
    "/shapes.nt",
    "/ontology.ttl",
    "/doc/city/essen.ttl",
    "/doc/city/essen.trig",
    "/doc/city/essen.nt",
    "/doc/city/essen.rdf",
    "/doc/city/essen.jsonld",
    "/sources/grundlagen.txt",
    "/queries.ttl",
    "/queries/forums-by-city.ttl",
    "/.well-known/sparql-examples.ttl",
    "/links/wikidata.sssom.tsv",
    "/robots.txt",
    "/sitemap.xml",
    "/sitemap-1.xml",
    "/.well-known/api-catalog",
    "/dumps",
    "/dumps/graph.nq",
    "/feed.ttl",
    "/feed/shape",
    "/catalog/feed.trig",
    "/release.json",
    *(f"/release/current/doc/city/essen.{suffix}" for suffix in ("ttl", "trig", "nt", "nq", "rdf", "jsonld")),
    "/openapi.json",
)
# Chosen by Accept or in a language.
CHOSEN: Final = (
    "/",
    "/catalog",
    "/catalog?page=1",
    "/catalog.html",
    "/dataset/graph",
    "/void",
    "/shapes",
    "/ontology",
    "/ontology/City",
    "/doc/city/essen",
    "/doc/city/essen.html",
    "/doc/city/essen?list=to",
    "/doc/city/essen.csv",
    "/sources/",
    "/sources/grundlagen",
    "/overviews",
    "/overviews/map",
    "/overviews/map.svg",
    "/overviews/discrepancies",
    "/overviews/discrepancies.csv",
    "/lists",
    "/lists/city",
    "/search?q=Essen",
    "/search/suggest?q=Ess",
    "/queries",
    "/queries/forums-by-city",
    "/queries/forums-by-city.csv",
    "/.well-known/sparql-examples",
    "/links",
    "/links/wikidata",
    "/imprint",
    "/privacy",
    "/feed",
    "/feed.atom",
    "/catalog/feed",
    "/release",
    "/release/current",
)
# What is asked of a service has a tag, but no time of its own.
ASKED: Final = (
    ASK,
    "/sparql/explain?query=ASK%7B%7D",
    "/reconcile",
    "/reconcile/preview?id=city/essen",
    "/reconcile/suggest/entity?prefix=Ess",
    "/reconcile/suggest/type?prefix=St",
    "/reconcile/suggest/property?prefix=N",
    "/reconcile/flyout/entity?id=city/essen",
    "/reconcile/flyout/type?id=City",
    "/reconcile/flyout/property?id=wikidata",
    "/reconcile/extend/propose",
)
TIMED: Final = FIXED + CHOSEN
EVERY: Final = TIMED + ASKED
# What the release of the fixture does not tell, or leads elsewhere, or is about this very moment.
ELSEWHERE: Final = ("/health/live", "/health/ready", "/metrics", "/.well-known/void", "/release/current/dumps/graph.nq")


@pytest.fixture(params=EVERY)
def address(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def present(library: Serving, address: str, **headers: str) -> Reply:
    """The answer to GET, which is there."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    reply = library.ask(address, headers=given)
    assert reply.status == 200, (address, reply.status, reply.text[:300])
    return reply


def test_every_operation_has_an_address_here(library: Serving) -> None:
    paths = json.loads(library.ask("/openapi.json").body)["paths"]
    known = {item.partition("?")[0] for item in (*EVERY, *ELSEWHERE)}
    described = {
        path
        for path in paths
        if not any(re.fullmatch(re.sub(r"{\w+}", r"[^/]+", path).replace(".", r"\."), item) for item in known)
    }
    questions = {path for path in described if path.startswith("/queries/")}
    parts = {path for path in described if path.startswith(("/feed/{", "/catalog/feed/{", "/release/{"))}

    assert described - questions - parts == set()


def test_client_that_has_an_answer_gets_304_and_any_other_tag_does_not_match(library: Serving, address: str) -> None:
    tag = present(library, address).headers["etag"]

    assert library.ask(address, headers={"if-none-match": tag}).status == 304
    assert library.ask(address, headers={"if-none-match": '"another"'}).status == 200
    assert library.ask(address, headers={"if-match": tag}).status == 200
    assert library.ask(address, headers={"if-match": "*"}).status == 200
    assert library.ask(address, headers={"if-match": '"another"'}).status == 412


@pytest.mark.parametrize("address", TIMED)
def test_everything_that_has_a_time_can_be_asked_for_by_time(library: Serving, address: str) -> None:
    reply = present(library, address)
    time = parsedate_to_datetime(reply.headers["last-modified"]).timestamp()
    at, before = reply.headers["last-modified"], formatdate(time - 1, usegmt=True)

    assert library.ask(address, headers={"if-modified-since": at}).status == 304
    assert library.ask(address, headers={"if-modified-since": before}).status == 200
    assert library.ask(address, headers={"if-modified-since": "yesterday"}).status == 200
    assert library.ask(address, headers={"if-unmodified-since": at}).status == 200
    assert library.ask(address, headers={"if-unmodified-since": before}).status == 412
    # The tag is the better of two conditions (section 13.1.3).
    assert library.ask(address, headers={"if-none-match": '"another"', "if-modified-since": at}).status == 200
    assert (
        library.ask(address, headers={"if-match": reply.headers["etag"], "if-unmodified-since": before}).status == 200
    )


@pytest.mark.parametrize("address", FIXED)
def test_what_is_fixed_varies_by_nothing_but_the_coding(library: Serving, address: str) -> None:
    assert present(library, address).headers["vary"] == "Accept-Encoding"


def test_what_varies_says_by_what(library: Serving, address: str) -> None:
    reply = present(library, address)
    vary = {name.strip() for name in reply.headers["vary"].split(",")}
    for name, values in {"Accept": ("text/html", "text/turtle"), "Accept-Language": ("de", "en")}.items():
        answers = [library.ask(address, headers={name: value}) for value in values]
        if len({(answer.status, answer.body) for answer in answers}) > 1:
            assert name in vary, address


def test_head_is_get_without_a_body_and_knows_no_ranges(library: Serving, address: str) -> None:
    got = present(library, address)
    for headers in ({}, {"range": "bytes=0-9"}):
        head = library.ask(address, "HEAD", headers=headers)
        assert (head.status, head.body) == (200, b"")
        assert head.headers["content-length"] == str(len(got.body))
        assert "content-range" not in head.headers


@pytest.mark.parametrize("parameter", ["version=1.2", "profile=x", "charset=utf-8"])
def test_parameters_of_media_types_that_change_nothing_are_passed_over(
    library: Serving, address: str, parameter: str
) -> None:
    reply = present(library, address)
    media_type = reply.headers["content-type"].partition(";")[0]
    again = library.ask(address, headers={"accept": f"{media_type};{parameter}"})

    assert again.status == 200
    assert again.headers["content-type"] == reply.headers["content-type"]


def test_content_location_leads_to_the_same_bytes(library: Serving, address: str) -> None:
    reply = present(library, address)
    location = reply.headers.get("content-location")
    if location is not None:
        path = location.removeprefix(PUBLIC).removeprefix("/ruhr")
        assert present(library, path).headers["etag"] == reply.headers["etag"]


def test_options_and_other_methods_name_what_there_is(library: Serving, address: str) -> None:
    options = library.ask(address, "OPTIONS")
    refused = library.ask(address, "DELETE")

    assert options.status == 204
    assert {"GET", "HEAD", "OPTIONS"} <= set(options.headers["allow"].split(", "))
    assert (refused.status, refused.headers["allow"]) == (405, options.headers["allow"])


def test_no_address_answers_in_two_languages_at_once(library: Serving, address: str) -> None:
    mark = "&" if "?" in address else "?"

    assert library.ask(f"{address}{mark}lang=de&lang=en").status == 400
    assert library.ask(f"{address}{mark}lang=de&lang=de&lang=").status == 200


PAGED: Final = (
    "/catalog.ttl",
    "/catalog",
    "/lists/city",
    "/search?q=Essen",
    "/search?q=Essen&kind=City",
    "/overviews/discrepancies",
    "/doc/city/essen?list=to",
    "/feed",
)


@pytest.mark.parametrize("address", PAGED)
@pytest.mark.parametrize(
    ("number", "status"),
    [("", 200), ("1", 200), ("01", 200), ("0", 400), ("-1", 400), ("1.5", 400), ("x", 400), ("٣", 400), ("99999", 404)],
)
def test_number_of_a_page_is_read_alike_everywhere(library: Serving, address: str, number: str, status: int) -> None:
    mark = "&" if "?" in address else "?"
    accept = {"accept": "text/turtle" if address == "/catalog" else "text/html, */*;q=0.1"}

    assert library.ask(f"{address}{mark}page={quote(number)}", headers=accept).status == status


MISSING: Final = ("/doc/city/none", "/id/city/none", "/nowhere", "/lists/none", "/overviews/none", "/dumps/none.nq")


@pytest.mark.parametrize("address", [*EVERY, "/id/city/essen", "/sparql", *MISSING])
def test_a_slash_at_the_end_leads_to_what_is_there_or_nowhere_at_once(library: Serving, address: str) -> None:
    path, mark, query = address.partition("?")
    reply = library.ask(f"{path.rstrip('/')}/{mark}{query}")
    if path in ("/", "/sources/") or path.startswith(("/sparql", "/reconcile")):
        assert reply.status == 200 or path not in ("/", "/sources/", "/sparql", "/reconcile")
    elif address in MISSING:
        assert reply.status == 404
    else:
        assert (reply.status, reply.headers["location"]) == (308, f"{PUBLIC}{address}")


def test_a_query_posted_to_an_address_with_a_slash_is_answered(library: Serving) -> None:
    headers = {"content-type": "application/sparql-query", "accept": "text/csv"}

    assert library.ask("/sparql/", "POST", b"SELECT (1 AS ?n) {}", headers).body == b"n\r\n1\r\n"


def test_range_goes_on_only_where_it_is_still_the_same_file(library: Serving) -> None:
    whole = present(library, "/dumps/graph.nq")
    for condition, status in (
        (whole.headers["etag"], 206),
        (whole.headers["last-modified"], 206),
        ('"another"', 200),
        (formatdate(0, usegmt=True), 200),
    ):
        assert library.ask("/dumps/graph.nq", headers={"range": "bytes=0-9", "if-range": condition}).status == status


@pytest.mark.parametrize("page", [1, 2, 3])
@pytest.mark.parametrize("accept", ["text/turtle", "application/rdf+xml", "application/ld+json"])
def test_page_of_the_catalogue_leads_to_itself_in_other_formats(library: Serving, page: int, accept: str) -> None:
    reply = present(library, f"/catalog?page={page}", accept=accept)
    alternates = re.findall(r'<([^>]*)>; rel="alternate"', reply.headers["link"])

    assert reply.headers["content-location"].endswith(f"?page={page}")
    assert len(alternates) == 4
    assert all(item.endswith(f"?page={page}") for item in alternates)


@pytest.mark.parametrize("slug", ["graph", "tables", "ontology"])
def test_page_of_a_dataset_signposts_its_files(library: Serving, slug: str) -> None:
    links = re.findall(
        r'<([^>]*)>; rel="([^"]*)"', present(library, f"/dataset/{slug}", accept="text/html").headers["link"]
    )
    relations = {relation for _, relation in links}

    assert {"cite-as", "describedby", "item", "author", "license", "type"} <= relations
    assert (f"https://w3id.org/interkommunal/dataset/{slug}", "cite-as") in links
    for target, relation in links:
        if relation in ("item", "describedby"):
            assert library.ask(target.removeprefix(PUBLIC), "HEAD").status == 200
