import pytest
from hypothesis import given
from hypothesis import strategies as st

from interkommunal.web.formats import Format, choose, choose_token

JSON = Format("application/sparql-results+json", ("application/json", "text/json"))
XML = Format("application/sparql-results+xml", ("application/xml", "text/xml"))
CSV = Format("text/csv", parameters="; charset=utf-8; header=present")
HTML = Format("text/html")
OFFERS = (JSON, XML, CSV, HTML)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("*", JSON),
        ("text/csv", CSV),
        ("TEXT/CSV", CSV),
        ("text/*", CSV),
        ("application/*", JSON),
        ("application/json", JSON),
        ("application/xml", XML),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.8", XML),
        ("application/sparql-results+json;q=0, */*", XML),
        ("*/*;q=0.1, text/csv;q=0", JSON),
        ("application/sparql-results+json;q=0.3, application/*;q=0.9", XML),
        ("text/csv;charset=utf-8", CSV),
        ('text/csv; charset="UTF-8"', CSV),
        ("text/csv;q=0.9;ext=1", CSV),
        ("text/turtle, application/sparql-results+json,*/*;q=0.9", JSON),
        # What clients send: a browser, SPARQLWrapper for XML, YASGUI, Java's HttpURLConnection.
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", HTML),
        ("application/sparql-results+xml", XML),
        ("application/sparql-results+json,*/*;q=0.9", JSON),
        ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", HTML),
    ],
)
def test_the_most_wanted_offer_is_chosen(accept: str | None, expected: Format) -> None:
    assert choose(accept, OFFERS) is expected


@pytest.mark.parametrize(
    "accept",
    ["image/png", "text/turtle", "*/*;q=0", "text/csv;charset=iso-8859-1", "text/html;level=1", "text/csv;q=nan"],
)
def test_nothing_is_chosen_where_nothing_fits(accept: str) -> None:
    assert choose(accept, OFFERS) is None


def test_an_exact_name_says_more_about_an_offer_than_its_alias() -> None:
    assert choose("application/json;q=0.1, application/sparql-results+json;q=0.7, text/csv;q=0.5", OFFERS) is JSON


def test_a_profile_is_a_wish_that_may_be_passed_over() -> None:
    offer = Format("application/ld+json")
    assert choose('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted, x"', (offer,)) is offer


@pytest.mark.parametrize("accept", ["nonsense", ",,,", "/", "text/", "*/html", ";q=1"])
def test_a_field_that_says_nothing_is_as_none(accept: str) -> None:
    assert choose(accept, OFFERS) is JSON


@given(st.text(max_size=200))
def test_any_field_is_survived(accept: str) -> None:
    assert choose(accept, OFFERS) in (*OFFERS, None)
    assert choose_token(accept, ("gzip", "br")) in ("gzip", "br", None)


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (None, None),
        ("", None),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, deflate, br", "br"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("*", "zstd"),
        ("*;q=0.5, zstd;q=0", "br"),
        ("deflate", None),
        ("identity", None),
        ("br;q=0, gzip;q=0, *;q=0", None),
        ("GZIP", "gzip"),
    ],
)
def test_the_most_wanted_coding_is_chosen(field: str | None, expected: str | None) -> None:
    assert choose_token(field, ("zstd", "br", "gzip")) == expected


@pytest.mark.parametrize(
    ("field", "expected"),
    [("de-AT,de;q=0.9,en;q=0.8", "de"), ("en-GB", "en"), ("fr, en;q=0.3", "en"), ("fr", None), ("de;q=0.1, en", "en")],
)
def test_the_most_wanted_language_is_chosen(field: str, expected: str | None) -> None:
    assert choose_token(field, ("de", "en"), prefixes=True) == expected
