"""Mapping sets in the graph: accepted rows become links, with the reasons beside them; nothing else gets in."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rdflib import RDF, RDFS, SKOS, XSD, Dataset, Literal, URIRef
from tests.graph.small import write

from interkommunal.content import Content
from interkommunal.errors import SourceError
from interkommunal.graph.assemble import Assembly, assemble
from interkommunal.graph.mapping_set import MappingRow, MappingSet, write_mapping_set
from interkommunal.graph.reference import AUTHORITIES
from interkommunal.namespaces import CONCEPT, GRAPH, GRAPH_MAPPINGS, ID, IK, PREFIXES

WIKIDATA = AUTHORITIES[0]
FILE = "data/links/wikidata.sssom.tsv"
ROW = MappingRow(
    "city:essen",
    "skos:exactMatch",
    "wd:Q2066",
    "semapv:LexicalMatching",
    "2026-11-23",
    0.95,
    ("a/list@1:x.csv", "b"),
    "accepted",
    certainty="seen once",
    author_label="interkommunal",
)
ESSEN = URIRef(f"{ID}city/essen")
ITEM = URIRef("http://www.wikidata.org/entity/Q2066")
LINKS = URIRef(f"{GRAPH}links/wikidata")
MAPPING = URIRef("https://w3id.org/interkommunal/links/wikidata#city-essen.Q2066")
SSSOM = PREFIXES["sssom"]


def with_rows(content: Content, *rows: MappingRow) -> Assembly:
    write(content, FILE, write_mapping_set(MappingSet(WIKIDATA, rows)))
    return assemble(content)


def register(dataset: Dataset, node: URIRef) -> set[tuple[str, str]]:
    graph = dataset.graph(URIRef(GRAPH_MAPPINGS))
    return {(str(key).removeprefix(SSSOM), str(value)) for key, value in graph.predicate_objects(node)}


def test_an_accepted_row_becomes_a_link_and_its_reasons(small_content: Content) -> None:
    dataset = with_rows(small_content, ROW).dataset

    assert set(dataset.graph(LINKS)) == {(ESSEN, SKOS.exactMatch, ITEM)}
    assert register(dataset, MAPPING) == {
        (str(RDF.type), f"{SSSOM}Mapping"),
        ("subject_id", str(ESSEN)),
        ("predicate_id", str(SKOS.exactMatch)),
        ("object_id", str(ITEM)),
        ("mapping_justification", "https://w3id.org/semapv/vocab/LexicalMatching"),
        ("confidence", "0.95"),
        ("mapping_date", "2026-11-23"),
        ("author_label", "interkommunal"),
        (f"{PREFIXES['dcterms']}source", "a/list@1:x.csv"),
        (f"{PREFIXES['dcterms']}source", "b"),
        (f"{IK}certainty", f"{CONCEPT}certainty-seen-once"),
    }
    assert (MAPPING, URIRef(f"{SSSOM}confidence"), Literal("0.95", datatype=XSD.decimal)) in dataset.graph(
        URIRef(GRAPH_MAPPINGS)
    )


def test_a_set_says_what_belongs_to_it(small_content: Content) -> None:
    dataset = with_rows(small_content, ROW).dataset

    assert register(dataset, URIRef(WIKIDATA.mapping_set)) == {
        (str(RDF.type), f"{SSSOM}MappingSet"),
        (str(RDFS.label), "Verknüpfungen mit Wikidata"),
        (str(RDFS.label), "Links to Wikidata"),
        (f"{PREFIXES['dcterms']}license", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("mappings", str(MAPPING)),
    }


@pytest.mark.parametrize("state", ["candidate", "open", "rejected"])
def test_what_is_not_accepted_stays_out_of_the_graph(state: str, small_content: Content) -> None:
    row = replace(ROW, review_state=state, predicate_modifier="Not" if state == "rejected" else "")
    dataset = with_rows(small_content, row).dataset

    assert len(dataset.graph(LINKS)) == 0
    assert len(dataset.graph(URIRef(GRAPH_MAPPINGS))) == 0
    assert not list(dataset.quads((None, None, ITEM, None)))


def test_the_graph_of_links_says_who_speaks_in_it(small_content: Content) -> None:
    dataset = with_rows(small_content, ROW).dataset
    described = dict(dataset.graph(URIRef(f"{GRAPH}graphs")).predicate_objects(LINKS))

    assert described[URIRef(f"{IK}graphKind")] == URIRef(f"{CONCEPT}graph-kind-links")
    assert described[URIRef(f"{PREFIXES['dcterms']}source")] == Literal(FILE)


def test_a_link_is_found_where_it_is_written(small_content: Content) -> None:
    origins = with_rows(small_content, ROW).origins
    line = len(write_mapping_set(MappingSet(WIKIDATA, (ROW,))).splitlines())

    assert str(origins.locate(str(ESSEN), str(LINKS))) == f"{FILE}:{line}"
    assert str(origins.locate(str(MAPPING), GRAPH_MAPPINGS)) == f"{FILE}:{line}"


def test_a_set_of_no_authority_is_refused(small_content: Content) -> None:
    write(small_content, "data/links/dbpedia.sssom.tsv", "#\n")
    with pytest.raises(SourceError) as caught:
        assemble(small_content)

    assert caught.value.message.startswith("no authority has a mapping set of this name; use wikidata.sssom.tsv, gnd.")


def test_shipped_links_by_authority(assembly: Assembly) -> None:
    found = {
        of.slug: (
            len(list(assembly.dataset.graph(URIRef(of.graph)).triples((None, SKOS.exactMatch, None)))),
            len(list(assembly.dataset.graph(URIRef(of.graph)).triples((None, SKOS.closeMatch, None)))),
        )
        for of in AUTHORITIES
    }

    assert found == {
        "wikidata": (11, 1),
        "gnd": (11, 1),
        "geonames": (10, 9),
        "openstreetmap": (0, 10),
        "nuts": (0, 10),
        "municipality-keys": (0, 19),
    }


def test_nine_cities_are_nine_items(assembly: Assembly) -> None:
    graph = assembly.dataset.graph(LINKS)
    found = {
        str(city).rpartition("/")[2]: str(item).rpartition("/")[2]
        for city, item in graph.subject_objects(SKOS.exactMatch)
        if str(city).startswith(f"{ID}city/")
    }

    assert found == {
        "bochum": "Q2103",
        "bottrop": "Q3069",
        "dortmund": "Q1295",
        "duisburg": "Q2100",
        "essen": "Q2066",
        "gelsenkirchen": "Q2765",
        "herne": "Q2904",
        "muelheim": "Q2899",
        "oberhausen": "Q2838",
    }


def test_the_region_is_only_close_to_what_others_call_ruhrgebiet(assembly: Assembly) -> None:
    region = URIRef(f"{ID}place/metropole-ruhr")
    found = {
        (str(graph).rpartition("/")[2], predicate, str(value))
        for _, predicate, value, graph in assembly.dataset.quads((region, None, None, None))
        if str(graph).startswith(f"{GRAPH}links/")
    }

    assert found == {
        ("wikidata", SKOS.closeMatch, "http://www.wikidata.org/entity/Q151993"),
        ("gnd", SKOS.closeMatch, "https://d-nb.info/gnd/4050926-6"),
    }
