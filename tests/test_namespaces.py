"""Names written with prefixes, read and written back."""

from __future__ import annotations

import pytest

from interkommunal.namespaces import (
    BASE,
    CATALOGUE_PREFIXES,
    PREFIXES,
    curie,
    expand,
    in_turtle,
    prefixed_name,
    prologue,
    with_prologue,
)


@pytest.mark.parametrize(
    ("given", "readable", "writable"),
    [
        (f"{BASE}id/city/essen", "city:essen", "city:essen"),
        (f"{BASE}ontology#City", "ik:City", "ik:City"),
        (f"{BASE}id/passage/grundlagen/L019", "p:L019", "p:L019"),
        (f"{BASE}id/passage/other/L019", "passage:other/L019", ""),
        (f"{BASE}graph/links/gnd", "graph:links/gnd", ""),
        (f"{BASE}id/city/essen#point-wikidata", "city:essen#point-wikidata", ""),
        (f"{BASE}id/city/", None, ""),
        ("http://www.wikidata.org/entity/Q2066", "wd:Q2066", "wd:Q2066"),
        ("https://a.example/x", None, ""),
    ],
)
def test_an_iri_is_shortened_by_its_longest_namespace(given: str, readable: str | None, writable: str) -> None:
    assert curie(given) == readable
    assert prefixed_name(given) == (writable or given)
    assert in_turtle(given) == (writable or f"<{given}>")
    assert readable is None or expand(readable) == given


@pytest.mark.parametrize("prefix", PREFIXES)
def test_every_prefix_is_read_back(prefix: str) -> None:
    assert curie(expand(f"{prefix}:x-1")) == prefixed_name(expand(f"{prefix}:x-1")) == f"{prefix}:x-1"


def test_prefixes_of_catalogues_are_for_those_who_ask_for_them() -> None:
    assert curie(expand("spdx:checksum")) is None
    assert curie(expand("spdx:checksum"), CATALOGUE_PREFIXES) == "spdx:checksum"
    with pytest.raises(KeyError):
        expand("nothing:known")


def test_a_query_gets_the_declarations_that_it_needs_and_no_more() -> None:
    query = 'SELECT ?x { ?x ik:a/skos:b|^(rdfs:c) <http://x/city:y> , "org:z \\" oa:z"@en , "1"^^xsd:date }'

    assert with_prologue(query) == prologue(("ik", "rdfs", "skos", "xsd")) + query
    assert with_prologue("ASK {}") == "ASK {}"
