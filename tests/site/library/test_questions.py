"""How a question is asked over HTTP: formats, values, parts, entity tags, errors."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from tests.serving import Serving

from interkommunal.graph.library import read_library

FORUMS = "/queries/forums-by-year-and-city"
ESSEN = "https%3A%2F%2Fw3id.org%2Finterkommunal%2Fid%2Fcity%2Fessen"


def cities(library: Serving, query: str) -> list[object]:
    rows = library.ask(f"{FORUMS}.json?{query}").json["rows"]
    assert isinstance(rows, list)
    return [(row["date"], row["city_label"]) for row in rows]


@pytest.mark.parametrize("typed", ["essen", "city:essen", ESSEN])
def test_thing_is_named_by_slug_prefixed_name_or_iri(typed: str, library: Serving) -> None:
    assert cities(library, f"city={typed}") == [("2009", "Essen"), ("2011", "Essen")]


def test_values_of_several_parameters_hold_together(library: Serving) -> None:
    assert cities(library, "city=essen&year=2011") == [("2011", "Essen")]
    assert cities(library, "city=essen&year=2014") == []


def test_empty_value_is_the_default(library: Serving) -> None:
    assert cities(library, "city=&year=2014") == [("2014", "Duisburg")]


def test_language_chooses_labels(library: Serving) -> None:
    german = library.ask("/queries/participants-by-role.json?lang=de").json["rows"]
    english = library.ask("/queries/participants-by-role.json?lang=en").json["rows"]
    preferred = library.ask("/queries/participants-by-role.json", headers={"Accept-Language": "en"}).json["rows"]

    assert isinstance(german, list)
    assert isinstance(english, list)
    assert german[0]["role_label"] != english[0]["role_label"]
    assert preferred == english


@pytest.mark.parametrize(
    "typed",
    [
        "%22%20%7D%20%23",
        "%3E%20%7D%20%3Fs%20%3Fp%20%3Fo%20.%20%7B%20%3Chttp%3A%2F%2Fa.example%2F",
        "http%3A%2F%2Fa.example%2F%3E",
        "UNDEF",
        "%3Fcity",
        "city%3Aessen%20city%3Aherne",
        "%00",
        "%0A",
        "atlantis",
        "a" * 3000,
    ],
)
def test_hostile_thing_is_refused(typed: str, library: Serving) -> None:
    reply = library.ask(f"{FORUMS}.json?city={typed}")

    assert reply.status == 422
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json["parameter"] == "city"


@pytest.mark.parametrize(
    "typed",
    [
        "%22%20%7D%20%23%20param",
        "%5C",
        "%22%40de",
        "%7D%20UNION%20%7B%20%3Fs%20%3Fp%20%3Fo",
        "%25",
        "%F0%9F%8F%99",
        "'",
    ],
)
def test_hostile_text_is_only_searched_for(typed: str, library: Serving) -> None:
    reply = library.ask(f"/queries/passages-with-a-word.json?text={typed}")

    assert reply.status == 200
    assert reply.json["rows"] == []


def test_a_parameter_with_two_values_is_400_and_the_same_value_twice_is_one(library: Serving) -> None:
    reply = library.ask(f"{FORUMS}.csv?city=essen&city=herne")
    assert (reply.status, reply.json["parameter"]) == (400, "city")
    once = library.ask(f"{FORUMS}.csv?city=essen")
    again = library.ask(f"{FORUMS}.csv?city=essen&city=&year=&limit=&town=&city=essen")
    assert (once.status, again.status) == (200, 200)
    assert once.body == again.body


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("year=abc", "year"),
        ("town=essen", "town"),
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=9999999999", "limit"),
        ("offset=x", "offset"),
        ("raw=perhaps", "raw"),
    ],
)
def test_wrong_parameter_is_refused_by_name(query: str, parameter: str, library: Serving) -> None:
    reply = library.ask(f"{FORUMS}.csv?{query}", headers={"Accept-Language": "en"})

    assert reply.status == 422
    assert reply.json["parameter"] == parameter
    assert parameter in str(reply.json["detail"])


def test_wrong_parameter_is_told_as_a_page_to_people(library: Serving) -> None:
    reply = library.ask(f"{FORUMS}?year=abc", headers={"Accept": "text/html", "Accept-Language": "de"})

    assert reply.status == 422
    assert "Der Parameter year braucht einen anderen Wert: ein Jahr mit vier Ziffern." in reply.text


@pytest.mark.parametrize("path", ["/queries/no-such-question", "/queries/forums-by-city.exe", "/queries.csv"])
def test_what_is_not_there_is_not_found(path: str, library: Serving) -> None:
    assert library.ask(path).status == 404


def test_format_that_there_is_not_is_not_acceptable(library: Serving) -> None:
    reply = library.ask(FORUMS, headers={"Accept": "image/png"})

    assert reply.status == 406
    assert "text/csv" in str(reply.json["available"])


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("text/html", "text/html; charset=utf-8"),
        ("application/json", "application/json"),
        ("text/csv", "text/csv; charset=utf-8; header=present"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("application/sparql-results+json", "application/sparql-results+json"),
        ("application/sparql-query", "application/sparql-query; charset=utf-8"),
        ("text/turtle", "text/turtle; charset=utf-8"),
        ("application/ld+json", "application/ld+json"),
    ],
)
def test_accept_chooses_the_format(accept: str, content_type: str, library: Serving) -> None:
    reply = library.ask(FORUMS, headers={"Accept": accept})

    assert reply.status == 200
    assert reply.headers["content-type"] == content_type


def test_parts_lead_to_each_other_and_make_up_the_whole(library: Serving) -> None:
    whole = library.ask(f"{FORUMS}.json?lang=de").json["rows"]
    assert isinstance(whole, list)
    first = library.ask(f"{FORUMS}.json?lang=de&limit=4")
    second = library.ask(f"{FORUMS}.json?lang=de&limit=4&offset=4")

    assert first.json["rows"] == whole[:4]
    assert second.json["rows"] == whole[4:8]
    following = f"https://data.example/ruhr{FORUMS}.json?lang=de&limit=4&offset=4"
    assert first.headers["link"] == f'<{following}>; rel="next"'
    assert first.json["next"] == following
    assert f'<https://data.example/ruhr{FORUMS}.json?lang=de&limit=4>; rel="prev"' in second.headers["link"]


def test_part_behind_the_end_is_empty(library: Serving) -> None:
    reply = library.ask(f"{FORUMS}.json?offset=1000")

    assert reply.json["rows"] == []
    assert "next" not in reply.json


@pytest.mark.parametrize("suffix", ["html", "json", "csv", "tsv", "xlsx", "parquet", "srj", "rq", "ttl"])
def test_every_answer_names_its_release_and_is_not_sent_twice(suffix: str, library: Serving) -> None:
    first = library.ask(f"{FORUMS}.{suffix}")
    again = library.ask(f"{FORUMS}.{suffix}", headers={"If-None-Match": first.headers["etag"]})

    assert first.status == 200
    assert first.headers["graph-release"] == (library.releases / "current").resolve().name
    assert again.status == 304
    assert again.body == b""


def test_other_values_have_another_entity_tag(library: Serving) -> None:
    tags = {
        library.ask(f"{FORUMS}.csv?{query}").headers["etag"] for query in ("", "city=essen", "year=2014", "raw=true")
    }

    assert len(tags) == 4


def test_csv_is_for_spreadsheets_unless_it_is_raw(library: Serving) -> None:
    made = library.ask(f"{FORUMS}.csv").body
    raw = library.ask(f"{FORUMS}.csv?raw=true").body

    assert made.startswith(b"\xef\xbb\xbfdate,forum,")
    assert raw.startswith(b"date,forum,")


def test_query_with_its_values_can_be_asked_as_it_stands(library: Serving) -> None:
    query = library.ask(f"{FORUMS}.rq?city=essen").body
    reply = library.ask(
        "/sparql", "POST", query, {"Content-Type": "application/sparql-query", "Accept": "application/json"}
    )

    assert b"VALUES ?city { <https://w3id.org/interkommunal/id/city/essen> }  # param" in query
    results = reply.json["results"]
    assert isinstance(results, dict)
    assert [row["date"]["value"] for row in results["bindings"]] == ["2009", "2011"]


def test_page_offers_the_things_of_the_class(library: Serving) -> None:
    page = library.ask(f"{FORUMS}?city=essen&lang=de").text

    assert '<input id="field-city" name="city" value="city:essen"' not in page
    assert 'name="city" value="essen"' in page
    assert '<option value="city:herne">Herne</option>' in page


def test_page_leads_to_things_and_to_passages_in_the_source(library: Serving) -> None:
    page = library.ask(f"{FORUMS}?city=essen&lang=de").text

    assert '<a href="/ruhr/doc/city/essen">Essen</a>' in page
    assert '<a href="/ruhr/sources/grundlagen?passage=L128#L128">Zeile 128</a>' in page
    assert "„2009 in Essen „Demografie—Personalentwicklung—kulturelle Vielfalt““" in page


def test_what_was_typed_is_escaped_on_the_page(library: Serving) -> None:
    page = library.ask("/queries/passages-with-a-word?text=%22%3E%3Cscript%3E").text

    assert "<script>" not in page
    assert 'value="&#34;&gt;&lt;script&gt;"' in page


def test_other_method_is_not_allowed(library: Serving) -> None:
    reply = library.ask(FORUMS, "POST", b"")

    assert reply.status == 405
    assert reply.headers["allow"] == "GET, HEAD, OPTIONS"


def test_head_has_the_header_and_no_body(library: Serving) -> None:
    reply = library.ask(f"{FORUMS}.csv", "HEAD")

    assert reply.status == 200
    assert reply.body == b""
    assert reply.headers["etag"] == library.ask(f"{FORUMS}.csv").headers["etag"]


@pytest.mark.parametrize("path", ["/queries", FORUMS, "/.well-known/sparql-examples"])
def test_address_with_very_many_parameters_is_refused(path: str, library: Serving) -> None:
    reply = library.ask(f"{path}?{'&'.join(['limit=1'] * 51)}", headers={"Accept-Language": "en"})

    assert reply.status == 400
    assert reply.json["detail"] == "An address may have at most 50 parameters here."


def test_list_with_a_slash_leads_to_the_list(library: Serving) -> None:
    reply = library.ask("/queries/")

    assert reply.status == 308
    assert reply.headers["location"] == "https://data.example/ruhr/queries"


LIBRARY = read_library(Path(__file__).resolve().parents[3] / "queries" / "library")
WRITTEN = [
    (question.name, parameter.name, word)
    for question in LIBRARY
    for parameter in question.parameters
    if parameter.kind == "text"
    for word in ("Städte", "Förderung", "Talent")
]


@pytest.mark.parametrize(("name", "parameter", "word"), WRITTEN)
def test_text_is_found_however_its_letters_are_encoded(name: str, parameter: str, word: str, library: Serving) -> None:
    def asked(text: str) -> object:
        reply = library.ask(f"/queries/{name}.json?{urlencode({parameter: text, 'lang': 'de'})}")
        assert reply.status == 200
        return reply.json

    middle = len(word) // 2
    spellings = [
        unicodedata.normalize("NFD", word),
        f"{word[:middle]}\u00ad{word[middle:]}",
        f"\ufeff{word}",
        f"{word[:middle]}\u200b{unicodedata.normalize('NFD', word[middle:])}\u2060",
    ]

    assert [asked(text) for text in spellings] == [asked(word)] * len(spellings)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("city=\ufeffessen", "city=essen"),
        ("city=city:es\u00adsen", "city=city:essen"),
        ("year=2011\u200b", "year=2011"),
        ("limit=2\ufeff", "limit=2"),
        ("city=\u00ad", "city="),
    ],
)
def test_invisible_characters_in_a_value_mean_nothing(typed: str, plain: str, library: Serving) -> None:
    found = library.ask(f"{FORUMS}.csv?{quote(typed, safe='=')}")

    assert found.status == 200
    assert found.body == library.ask(f"{FORUMS}.csv?{plain}").body


def test_word_of_the_source_is_found_in_both_normal_forms(library: Serving) -> None:
    totals = {
        form: library.ask(f"/queries/passages-with-a-word.json?text={quote(unicodedata.normalize(form, 'Städte'))}")
        for form in ("NFC", "NFD")
    }

    assert [reply.json["total"] for reply in totals.values()] == [23, 23]
