"""Mapping sets: what a file may say, what is refused with file and line, and its one form."""

from __future__ import annotations

import csv
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from interkommunal.content import Content
from interkommunal.errors import SyntaxProblem
from interkommunal.graph.mapping_set import (
    ACCEPTED,
    CANDIDATE,
    MappingRow,
    MappingSet,
    file_name,
    parse_mapping_set,
    read_mapping_set,
    write_mapping_set,
)
from interkommunal.graph.reference import AUTHORITIES, Authority, authority, authority_of

SHOWN = Path("data/links/wikidata.sssom.tsv")
WIKIDATA = AUTHORITIES[0]
ESSEN = MappingRow(
    "city:essen",
    "skos:exactMatch",
    "wd:Q2066",
    "semapv:LexicalMatching",
    "2026-11-23",
    0.95,
    ("a/list@1:x.csv", "b"),
    ACCEPTED,
    certainty="verified",
)


def written(*rows: MappingRow) -> str:
    return write_mapping_set(MappingSet(WIKIDATA, rows))


def changed(column: str, value: str) -> str:
    """The text of a set with one row in which a cell has another value."""
    head, _, table = written(replace(ESSEN, predicate_modifier="", comment="c", review_date="")).rpartition(
        "\nsubject_id"
    )
    (row,) = csv.DictReader(StringIO(f"subject_id{table}"), delimiter="\t")
    row[column] = value
    out = StringIO()
    writer = csv.DictWriter(out, list(row), delimiter="\t", lineterminator="\n")
    writer.writeheader()
    writer.writerow(row)
    return f"{head}\n{out.getvalue()}"


def refusal(text: str) -> SyntaxProblem:
    with pytest.raises(SyntaxProblem) as caught:
        parse_mapping_set(text, SHOWN, WIKIDATA)
    return caught.value


def test_a_row_survives_being_written_and_read() -> None:
    row = replace(
        ESSEN,
        comment='name „Essen“ "alike",\tkey the same',
        reviewer_label="Redaktion",
        review_date="2026-11-24",
        subject_match_field="ik:municipalityKey",
        object_match_field="wdt:P439",
        match_string="05113000",
        mapping_tool="interkommunal link",
        mapping_tool_version="0.1.0",
    )

    (again,) = parse_mapping_set(written(row), SHOWN, WIKIDATA).rows
    assert again == row


def test_rows_are_sorted_and_columns_that_are_empty_are_left_out() -> None:
    herne = replace(ESSEN, subject_id="city:herne", object_id="wd:Q2904", certainty="")
    bochum = replace(ESSEN, subject_id="city:bochum", object_id="wd:Q2103", certainty="")
    table = [line for line in written(herne, bochum).splitlines() if not line.startswith("#")]

    assert table[0].split("\t") == [
        "subject_id",
        "predicate_id",
        "object_id",
        "mapping_justification",
        "mapping_date",
        "confidence",
        "evidence",
        "review_state",
    ]
    assert [line.split("\t")[0] for line in table[1:]] == ["city:bochum", "city:herne"]


def test_head_names_the_set_its_licence_and_the_prefixes_that_it_uses() -> None:
    head = [line for line in written(ESSEN).splitlines() if line.startswith("#")]

    assert head[:2] == ["#sssom_version: '1.1'", "#curie_map:"]
    assert "#  city: https://w3id.org/interkommunal/id/city/" in head
    assert "#  wd: http://www.wikidata.org/entity/" in head
    assert not any("gnd" in line for line in head)
    assert "#mapping_set_id: https://w3id.org/interkommunal/links/wikidata" in head
    assert "#license: https://creativecommons.org/publicdomain/zero/1.0/" in head


@pytest.mark.parametrize("of", AUTHORITIES, ids=lambda of: of.slug)
def test_shipped_set_is_in_its_form(of: Authority, content: Content) -> None:
    path = content.data / "links" / file_name(of)
    text = path.read_text(encoding="utf-8")
    assert write_mapping_set(parse_mapping_set(text, path, of)) == text


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("subject_id", "essen", "'essen' is no thing of ours; write type:slug, for example city:essen"),
        ("subject_id", "town:essen", "'town:essen' is no thing of ours; write type:slug, for example city:essen"),
        ("object_id", "wd:2066", "'wd:2066' is no thing of Wikidata; write it like wd:Q2066"),
        ("object_id", "gnd:4015557-2", "'gnd:4015557-2' is no thing of Wikidata; write it like wd:Q2066"),
        ("predicate_id", "owl:sameAs", "predicate_id is 'owl:sameAs'; use skos:exactMatch, skos:closeMatch"),
        ("review_state", "done", "review_state is 'done'; use accepted, candidate, open, rejected"),
        ("review_state", "rejected", "a rejected row, and no other, has Not in the column predicate_modifier"),
        ("review_state", "", "the cell review_state is empty"),
        ("evidence", "", "the cell evidence is empty"),
        ("certainty", "sure", "certainty is 'sure'; use verified, seen once"),
        ("confidence", "95 %", "confidence is '95 %'; write a number from 0 to 1, for example 0.95"),
        ("confidence", "1.2", "confidence is '1.2'; write a number from 0 to 1, for example 0.95"),
        ("mapping_date", "23.11.2026", "mapping_date is '23.11.2026'; write a day like 2026-11-23"),
        ("mapping_date", "2026-02-30", "mapping_date is '2026-02-30'; write a day like 2026-11-23"),
    ],
)
def test_a_wrong_cell_is_refused_with_file_and_line(column: str, value: str, message: str) -> None:
    error = refusal(changed(column, value))

    assert error.message == message
    assert (error.file, error.line) == (SHOWN, len(written(ESSEN).splitlines()))


def test_justification_is_a_term_of_semapv() -> None:
    message = refusal(changed("mapping_justification", "semapv:Guessing")).message
    assert message.startswith("mapping_justification is 'semapv:Guessing'; use semapv:Background")


def test_a_pair_stands_in_one_row() -> None:
    text = written(ESSEN)
    row = text.splitlines()[-1]
    line = len(text.splitlines())
    error = refusal(f"{text}{row}\n")

    assert (error.message, error.line) == (f"city:essen and wd:Q2066 stand in line {line} already", line + 1)


def test_a_thing_has_one_exact_match_in_both_directions() -> None:
    first = len(written(ESSEN).splitlines())
    two_items = written(ESSEN, replace(ESSEN, object_id="wd:Q571423"))
    two_cities = written(ESSEN, replace(ESSEN, subject_id="city:herne"))

    message = "{} is matched exactly in line {} already; accept one, or use skos:closeMatch"
    assert refusal(two_items).message == message.format("city:essen", first)
    assert refusal(two_cities).message == message.format("wd:Q2066", first)


def test_candidates_may_compete() -> None:
    other = replace(ESSEN, object_id="wd:Q571423", review_state=CANDIDATE)

    assert len(parse_mapping_set(written(ESSEN, other), SHOWN, WIKIDATA).rows) == 2


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("#license: https://creativecommons.org/publicdomain/zero/1.0/\n", "", "the head needs license: https://"),
        ("links/wikidata\n", "links/gnd\n", "the head needs mapping_set_id: https://w3id.org/interkommunal/links/wiki"),
        ("http://www.wikidata.org/entity/", "https://www.wikidata.org/entity/", "the prefix wd is not one of the proj"),
        ("#curie_map:", "#curie_map: [", "the head is not YAML: "),
        ("\tobject_id", "\tobject", "unknown column 'object'; use subject_id, "),
        ("\tmapping_date", "\tcomment", "the column mapping_date is missing"),
        ("\taccepted", "\taccepted\tx", "the row has 10 cells instead of 9; cells are separated by tabs"),
    ],
)
def test_a_wrong_head_or_table_is_refused(old: str, new: str, message: str) -> None:
    text = written(ESSEN)
    assert old in text
    assert refusal(text.replace(old, new)).message.startswith(message)


def test_a_file_without_a_head_is_refused() -> None:
    table = "".join(line for line in written(ESSEN).splitlines(keepends=True) if not line.startswith("#"))
    assert refusal(table).message == "the file begins without its head: lines of YAML, each after a #"


def test_published_sets_have_no_row_that_nobody_decided(content: Content) -> None:
    of = authority("municipality-keys")
    assert of is not None
    path = content.data / "links" / file_name(of)
    mapping_set = read_mapping_set(path, path, of)

    assert len(mapping_set.of_state(CANDIDATE)) == 9
    assert {row.review_state for row in mapping_set.published().rows} == {"accepted"}
    assert "municipalityKey" not in write_mapping_set(mapping_set.published())


def test_a_decision_keeps_the_row_and_says_who_made_it_when() -> None:
    candidate = replace(ESSEN, review_state=CANDIDATE)
    rejected = candidate.decided("rejected", "2026-11-28", "Redaktion", "a namesake")

    assert (rejected.predicate_modifier, rejected.review_state, rejected.comment) == ("Not", "rejected", "a namesake")
    assert (rejected.reviewer_label, rejected.review_date, rejected.confidence) == ("Redaktion", "2026-11-28", 0.95)
    assert rejected.decided("accepted", "2026-11-29", "Redaktion").predicate_modifier == ""


@pytest.mark.parametrize(
    ("iri", "slug", "identifier"),
    [
        ("http://www.wikidata.org/entity/Q2066", "wikidata", "Q2066"),
        ("https://d-nb.info/gnd/4015557-2", "gnd", "4015557-2"),
        ("https://sws.geonames.org/3231904/", "geonames", "3231904"),
        ("https://www.openstreetmap.org/relation/62713", "openstreetmap", "62713"),
        ("http://data.europa.eu/nuts/code/DEA13", "nuts", "DEA13"),
        ("http://dcat-ap.de/def/politicalGeocoding/districtKey/05113", "municipality-keys", "districtKey/05113"),
    ],
)
def test_iris_of_authorities_and_their_identifiers(iri: str, slug: str, identifier: str) -> None:
    of = authority_of(iri)

    assert of is not None
    assert (of.slug, of.identifier(iri), of.iri(identifier)) == (slug, identifier, iri)


def test_iris_that_are_nearly_right_are_not_of_the_authority() -> None:
    assert WIKIDATA.identifier("http://www.wikidata.org/entity/P31") is None
    assert WIKIDATA.identifier("https://www.wikidata.org/wiki/Q2066") is None
    assert authority_of("https://www.wikidata.org/wiki/Q2066") is None
    assert AUTHORITIES[2].identifier("https://sws.geonames.org/3231904") is None
