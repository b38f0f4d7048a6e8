"""Candidates at other authorities by way of the items that our things are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.linking.conftest import WIKIDATA

from interkommunal.content import Content
from interkommunal.graph.mapping_set import MappingSet
from interkommunal.graph.reference import authority
from interkommunal.linking.chaining import chain
from interkommunal.linking.endpoint import Endpoint
from interkommunal.linking.journal import open_set


@pytest.fixture
def gnd() -> MappingSet:
    of = authority("gnd")
    assert of is not None
    return MappingSet(of, ())


def test_numbers_of_items_are_candidates(gnd: MappingSet, content: Content, endpoint: Endpoint) -> None:
    rows = chain(open_set(content, WIKIDATA), gnd, endpoint, "2026-11-28")

    assert len(rows) == 10
    (essen,) = (row for row in rows if row.subject_id == "city:essen")
    assert (essen.object_id, essen.predicate_id, essen.review_state) == (
        "gnd:4015557-2",
        "skos:exactMatch",
        "candidate",
    )
    assert (essen.mapping_justification, essen.confidence) == ("semapv:MappingChaining", 0.9)
    assert essen.comment == "wd:Q2066, which is city:essen, has P227 4015557-2"


def test_what_is_decided_is_not_proposed(gnd: MappingSet, content: Content, endpoint: Endpoint) -> None:
    items = open_set(content, WIKIDATA)
    rows = chain(items, gnd, endpoint, "2026-11-28")
    (essen,) = (row for row in rows if row.subject_id == "city:essen")
    rejected = gnd.with_rows([replace(essen, review_state="rejected", predicate_modifier="Not")])
    accepted = gnd.with_rows([replace(essen, object_id="gnd:4007328-2", review_state="accepted")])

    assert "city:essen" not in {row.subject_id for row in chain(items, rejected, endpoint, "2026-11-28")}
    # Essen has its match, and its match is no candidate for anything else.
    assert {row.subject_id for row in rows} - {row.subject_id for row in chain(items, accepted, endpoint, "x")} == {
        "city:essen",
        "city:bochum",
    }
    assert chain(items, gnd.with_rows(rows), endpoint, "2026-11-28") == []


def test_shipped_set_of_the_gnd_lacks_nothing(content: Content, endpoint: Endpoint) -> None:
    of = authority("gnd")
    assert of is not None

    assert chain(open_set(content, WIKIDATA), open_set(content, of), endpoint, "2026-11-28") == []
