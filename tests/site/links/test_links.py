"""Links for people and programs: pages, SSSOM files, exports for Wikidata, redirects from identifiers of others."""

from __future__ import annotations

import csv
import json
import re
from io import StringIO
from pathlib import Path

import pytest
from tests.serving import Reply, Serving

from interkommunal.graph.mapping_set import parse_mapping_set
from interkommunal.graph.reference import AUTHORITIES, Authority

PAGE = {"Accept": "text/html", "Accept-Language": "de"}


def table(reply: Reply) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(reply.text), delimiter="\t"))


def text_of(reply: Reply) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", reply.text).split())


@pytest.mark.parametrize(
    ("path", "thing"),
    [
        ("/wikidata/Q2066", "city/essen"),
        ("/wikidata/Q151993", "place/metropole-ruhr"),
        ("/gnd/4015557-2", "city/essen"),
        ("/gnd/16082567-2", "organisation/mais"),
        ("/geonames/3231904", "city/essen"),
        ("/geonames/2928810", "city/essen"),
        ("/openstreetmap/62396", "city/herne"),
        ("/nuts/DEA13", "city/essen"),
        ("/municipality-keys/districtKey/05117", "city/muelheim"),
    ],
)
def test_identifier_of_another_authority_leads_to_our_thing(path: str, thing: str, linked: Serving) -> None:
    reply = linked.ask(path)

    assert (reply.status, reply.headers["location"]) == (303, f"/ruhr/doc/{thing}")


def test_candidates_and_rejected_items_lead_nowhere(linked: Serving) -> None:
    assert linked.ask("/municipality-keys/municipalityKey/05113000").status == 404
    assert linked.ask("/wikidata/Q28739263").status == 404


def test_identifier_that_is_nearly_right_names_what_was_meant(linked: Serving) -> None:
    reply = linked.ask("/gnd/40155572", headers={"Accept": "application/json", "Accept-Language": "en"})

    assert reply.status == 404
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json["near"] == [
        {
            "iri": "https://w3id.org/interkommunal/id/city/essen",
            "label": "Essen",
            "link": "https://d-nb.info/gnd/4015557-2",
        }
    ]
    assert reply.json["detail"] == "Nothing of ours is linked to 40155572. Much like it: 4015557-2 (Essen)."


@pytest.mark.parametrize("identifier", ["Q999999999", "%3Cscript%3E", "Q2066%22%7D", "x" * 3000])
def test_hostile_and_unknown_identifiers_are_a_problem_and_no_more(identifier: str, linked: Serving) -> None:
    reply = linked.ask(f"/wikidata/{identifier}", headers=PAGE)

    assert reply.status == 404
    assert "<script>" not in reply.text.replace('<script src="', "")


@pytest.mark.parametrize("of", AUTHORITIES, ids=lambda of: of.slug)
def test_mapping_set_can_be_taken_along(of: Authority, linked: Serving) -> None:
    reply = linked.ask(f"/links/{of.slug}.sssom.tsv")
    rows = parse_mapping_set(reply.text, Path("set"), of).rows

    assert reply.headers["content-type"] == "text/tab-separated-values; charset=utf-8"
    assert reply.headers["access-control-allow-origin"] == "*"
    assert {row.review_state for row in rows} <= {"accepted", "rejected"}
    again = linked.ask(f"/links/{of.slug}.sssom.tsv", headers={"If-None-Match": reply.headers["etag"]})
    assert again.status == 304


def test_page_of_links_counts_the_sets_and_leads_to_all_files(linked: Serving) -> None:
    reply = linked.ask("/links", headers=PAGE)
    text = text_of(reply)

    assert "Wikidata 11 1 3 SSSOM (TSV) /wikidata/Q2066" in text
    assert "DCAT-AP.de 0 19 0 SSSOM (TSV)" in text
    for target in re.findall(r'href="/ruhr(/(?:links|federation|wikidata|gnd)[^"]*)"', reply.text):
        assert linked.ask(target, headers=PAGE).status in (200, 303), target
    assert 'id="review_state"' in reply.text


def test_page_of_a_set_says_why_each_link_is_believed(linked: Serving) -> None:
    reply = linked.ask("/links/wikidata", headers={**PAGE, "Accept-Language": "en"})
    text = text_of(reply)

    assert '<tr role="row" id="city-essen.Q2066">' in reply.text
    assert "Essen the same wd:Q2066 Essen 0.95 read in public data; verified: several sources 5 sources" in text
    assert "hbz/lobid-vocabs@dba084f:nwbib/nwbib-spatial.ttl" in text
    assert "not the same wd:Q28739263" in text
    assert linked.ask("/links/dbpedia", headers=PAGE).status == 404


def test_page_of_a_city_shows_its_links_with_confidence_and_where_they_are_explained(linked: Serving) -> None:
    reply = linked.ask("/doc/city/essen", headers=PAGE)
    text = text_of(reply)

    assert "Wikidata Q2066 (Verlässlichkeit 0,95; in öffentlichen Daten gelesen; Belege: 5)" in text
    assert "GeoNames 3231904 (Verlässlichkeit 0,8; in öffentlichen Daten gelesen; Belege: 1)" in text
    assert 'href="/ruhr/links/wikidata"' in reply.text
    assert "links/wikidata#city-essen" not in reply.text


def test_catalogue_for_mixnmatch_has_one_row_a_thing(linked: Serving) -> None:
    rows = table(linked.ask("/links/mixnmatch.tsv"))
    essen = next(row for row in rows if row["id"] == "city/essen")

    assert essen == {
        "id": "city/essen",
        "name": "Essen",
        "desc": "city in the Ruhr area, party to agreements on integration",
        "url": "https://w3id.org/interkommunal/id/city/essen",
        "type": "Q42744322",
        "q": "Q2066",
    }
    assert len({row["id"] for row in rows}) == len(rows) == 39
    assert sum(row["q"] != "" for row in rows) == 10
    # Two entries of a list that may be one title: nobody should match them.
    assert not {"work/vielfalt-in-der-metropole-ruhr", "work/zukunftsbilder-zukunftschancen"} & {r["id"] for r in rows}


def test_every_line_of_quickstatements_names_its_passage(linked: Serving) -> None:
    lines = linked.ask("/links/quickstatements.tsv").text.splitlines()
    passage = r"https://w3id\.org/interkommunal/id/passage/grundlagen/L[0-9.-]+[0-9L]*"

    assert len(lines) == 105
    for line in lines:
        if line.startswith("CREATE") or "\tLde\t" in line:
            assert re.search(rf"\t/\* {passage} \*/$", line), line
        else:
            assert re.fullmatch(rf'(?:LAST|Q\d+)\tP\d+\t[^\t]+\tS854\t"{passage}"(?:\tS1683\tde:"[^"\t]+")?', line), (
                line
            )


def test_quickstatements_have_the_six_first_signatories_and_the_eight_of_2003(linked: Serving) -> None:
    blocks = linked.ask("/links/quickstatements.tsv").text.split("CREATE\t")
    signatories = {
        block.split('"')[1]: sorted(re.findall(r"\tP1891\t(Q\d+)", block)) for block in blocks if "\tP1891\t" in block
    }

    assert signatories == {
        "Städtekooperationsvertrag": ["Q1295", "Q2066", "Q2100", "Q2103", "Q2765", "Q2838", "Q2899", "Q2904"],
        "Interkulturelle Städteregion Ruhr": ["Q1295", "Q2066", "Q2100", "Q2103", "Q2838", "Q2899"],
    }


def test_quickstatements_hold_nothing_that_is_doubtful_garbled_or_inferred(linked: Serving) -> None:
    text = linked.ask("/links/quickstatements.tsv").text
    query = """
        SELECT ?passage WHERE { ?passage ik:status ?status
            FILTER (?status IN (concept:status-conflict, concept:status-garbled, concept:status-goal)) }"""
    prefixes = (
        "PREFIX ik: <https://w3id.org/interkommunal/ontology#> "
        "PREFIX concept: <https://w3id.org/interkommunal/concept/> "
    )
    body = (prefixes + query).encode()
    headers = {"Content-Type": "application/sparql-query", "Accept": "application/sparql-results+json"}
    rows = json.loads(linked.ask("/sparql", "POST", body, headers).text)["results"]["bindings"]
    doubtful = {row["passage"]["value"] for row in rows}

    assert len(doubtful) == 45
    assert doubtful & set(re.findall(r"https://w3id\.org/interkommunal/id/passage/[\w./-]+", text)) == set()
    for name in ("Scholz", "Stoll", "Frank", "Witt", "Reinhold", "Zukunftsbilder.Zukunftschancen"):
        assert f'"{name}' not in text


def test_property_that_wikidata_would_need(linked: Serving) -> None:
    found = {row["what"]: row["value"] for row in table(linked.ask("/links/property.tsv"))}

    assert found["formatter URL"] == "https://w3id.org/interkommunal/id/$1"
    assert re.fullmatch(found["format as a regular expression"], "city/essen")
    catalogue = table(linked.ask("/links/mixnmatch.tsv"))
    assert all(re.fullmatch(found["format as a regular expression"], row["id"]) for row in catalogue)
