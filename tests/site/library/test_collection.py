"""Names of things as they stand in forms, short, and read back as the same thing."""

from __future__ import annotations

import pytest

from interkommunal.namespaces import prefixed_name
from interkommunal.release.library import Parameter
from interkommunal.release.values import read_value

THING = Parameter("thing", "entity", "rdfs:Resource", "UNDEF")
BASE = "https://w3id.org/interkommunal/"


@pytest.mark.parametrize(
    ("iri", "short"),
    [
        (f"{BASE}id/city/essen", "city:essen"),
        (f"{BASE}ontology#City", "ik:City"),
        (f"{BASE}concept/role-party", "concept:role-party"),
        ("http://www.wikidata.org/entity/Q2066", "wd:Q2066"),
        (f"{BASE}id/city/essen#point-wikidata", f"{BASE}id/city/essen#point-wikidata"),
        (f"{BASE}id/city/", f"{BASE}id/city/"),
        ("https://a.example/x", "https://a.example/x"),
        ("", ""),
    ],
)
def test_name_is_shortened_where_a_prefix_fits(iri: str, short: str) -> None:
    assert prefixed_name(iri) == short


@pytest.mark.parametrize("local", ["id/city/essen", "concept/role-party", "id/city/essen#point", "id/passage/a/L019.1"])
def test_short_name_is_read_back_as_the_same_thing(local: str) -> None:
    assert read_value(THING, prefixed_name(BASE + local)).value == BASE + local
