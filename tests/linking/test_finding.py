"""Candidates from a slice with traps: the right item for each thing, no namesake, nothing twice."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from tests.linking.conftest import EMPTY, WIKIDATA, asking
from tests.linking.wikidata import EXPECTED

from interkommunal.content import Content
from interkommunal.graph.mapping_set import ACCEPTED, MappingSet, parse_mapping_set, write_mapping_set
from interkommunal.linking.endpoint import Endpoint
from interkommunal.linking.finding import Findings, Proposal, find, to_row
from interkommunal.linking.journal import open_set, save_rows
from interkommunal.linking.things import KINDS, Thing


@pytest.fixture(scope="module")
def found(ours: list[Thing], slice_iri: str) -> Findings:
    """What is found when nothing is linked yet."""
    return find(ours, EMPTY, asking(slice_iri))


def test_nine_of_nine_cities_are_right_and_no_namesake_is_proposed(found: Findings) -> None:
    proposed = [(item.thing.curie, item.item.name) for item in found.proposals if item.thing.kind == "cities"]

    assert proposed == [
        ("city:bochum", "Q2103"),
        ("city:bottrop", "Q3069"),
        ("city:dortmund", "Q1295"),
        ("city:duisburg", "Q2100"),
        ("city:essen", "Q2066"),
        ("city:gelsenkirchen", "Q2765"),
        ("city:herne", "Q2904"),
        ("city:muelheim", "Q2899"),
        ("city:oberhausen", "Q2838"),
    ]


def test_keys_decide_for_cities_and_say_so(found: Findings) -> None:
    (essen,) = (item for item in found.proposals if item.thing.curie == "city:essen")

    assert essen.score.value == 0.99
    assert essen.score.explanation == (
        "regional key 051130000000 agrees; district key 05113 agrees; GND number 4015557-2 agrees; "
        "name “Essen” agrees; kind agrees; 0.0 km apart"
    )


def test_namesakes_are_not_even_asked_about_when_keys_are_known(found: Findings) -> None:
    seen = {proposal.item.name for proposal in (*found.proposals, *found.dropped)}

    assert seen & {"Q2009801", "Q571423", "Q900000021", "Q900000022", "Q900000023"} == set()


def test_without_keys_a_namesake_loses_by_its_place(ours: list[Thing], slice_iri: str) -> None:
    keyless = [
        Thing(thing.curie, thing.kind, thing.label, thing.names, (), thing.points)
        for thing in ours
        if thing.kind == "cities"
    ]
    found = find(keyless, EMPTY, asking(slice_iri))

    assert {item.thing.curie: item.item.name for item in found.proposals} == {
        curie: name for curie, name in EXPECTED.items() if curie.startswith("city:")
    }
    against = {item.item.name: item.score.against for item in found.dropped}
    assert against["Q2009801"] == ("424 km apart", "it lies outside North Rhine-Westphalia")
    assert against["Q571423"] == ("152 km apart", "it lies outside North Rhine-Westphalia")


def test_recall_and_precision_by_class(found: Findings, capsys: pytest.CaptureFixture[str]) -> None:
    best: dict[str, Proposal] = {}
    for proposal in found.proposals:
        best.setdefault(proposal.thing.curie, proposal)
    kinds = {thing.curie: thing.kind for thing in found.asked}
    wanted = Counter(kinds[curie] for curie in EXPECTED)
    proposed = Counter(item.thing.kind for item in best.values())
    right = Counter(item.thing.kind for curie, item in best.items() if EXPECTED.get(curie) == item.item.name)
    with capsys.disabled():
        print(f"\n{'class':14}{'in slice':>9}{'proposed':>9}{'right':>7}{'recall':>8}{'precision':>10}")
        for kind in KINDS:
            numbers = wanted[kind.slug], proposed[kind.slug], right[kind.slug]
            recall, precision = right[kind.slug] / wanted[kind.slug], right[kind.slug] / max(1, proposed[kind.slug])
            print(f"{kind.slug:14}{numbers[0]:9}{numbers[1]:9}{numbers[2]:7}{recall:8.2f}{precision:10.2f}")

    assert right == wanted
    assert proposed == wanted


def test_a_doubtful_thing_is_not_looked_for(found: Findings, ours: list[Thing]) -> None:
    doubtful = {thing.curie for thing in ours if thing.is_doubtful}

    assert "work:vielfalt-in-der-metropole-ruhr" in doubtful
    assert doubtful & {thing.curie for thing in found.asked} == set()


def test_a_second_run_proposes_nothing_new(found: Findings, ours: list[Thing], slice_iri: str) -> None:
    rows = [to_row(proposal, slice_iri, "2026-11-28") for proposal in found.proposals]
    again = find(ours, EMPTY.with_rows(rows), asking(slice_iri))

    assert again.proposals == ()


def test_a_rejected_candidate_is_never_proposed_again(found: Findings, ours: list[Thing], slice_iri: str) -> None:
    rows = [to_row(proposal, slice_iri, "2026-11-28") for proposal in found.proposals]
    rejected = [row.decided("rejected", "2026-11-28", "Redaktion") for row in rows]
    again = find(ours, EMPTY.with_rows(rejected), asking(slice_iri))

    assert again.proposals == ()


def test_what_is_matched_is_not_asked_about(ours: list[Thing], content: Content, endpoint: Endpoint) -> None:
    known = open_set(content, WIKIDATA)
    found = find(ours, known, endpoint)

    matched = {row.subject_id for row in known.of_state(ACCEPTED) if row.predicate_id == "skos:exactMatch"}
    assert len(matched) == 11
    assert matched & {thing.curie for thing in found.asked} == set()


def test_candidates_are_rows_that_the_reader_takes(found: Findings, slice_iri: str) -> None:
    rows = tuple(to_row(proposal, slice_iri, "2026-11-28") for proposal in found.proposals)
    text = write_mapping_set(MappingSet(WIKIDATA, rows))
    assert {row.pair for row in parse_mapping_set(text, Path("x"), WIKIDATA).rows} == {row.pair for row in rows}
    (herne,) = (row for row in rows if row.subject_id == "place:rathaus-herne")
    assert (herne.mapping_justification, herne.confidence, herne.match_string) == (
        "semapv:CompositeMatching",
        0.85,
        "Rathaus Herne",
    )


def test_saving_adds_to_what_is_there(found: Findings, unlinked: Content, slice_iri: str) -> None:
    rows = [to_row(proposal, slice_iri, "2026-11-28") for proposal in found.proposals]
    save_rows(unlinked, WIKIDATA, rows[:3])
    save_rows(unlinked, WIKIDATA, rows[3:])

    assert len(open_set(unlinked, WIKIDATA).rows) == len(rows)
    assert [path.name for path in (unlinked.data / "links").glob(".*")] == []
