"""The slice of Wikidata that is kept: what an endpoint says today, as reference data with the day."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

from rdflib import RDFS, XSD, Literal, URIRef
from tests.linking.conftest import WIKIDATA

from interkommunal.content import Content
from interkommunal.graph.assemble import assemble
from interkommunal.linking.endpoint import Endpoint
from interkommunal.linking.items import save_slice, slice_rows
from interkommunal.linking.journal import open_set
from interkommunal.namespaces import GRAPH_REFERENCE, PREFIXES

ESSEN = URIRef(f"{PREFIXES['wd']}Q2066")


def test_slice_has_labels_classes_coordinates_and_population_with_the_day(
    content: Content, endpoint: Endpoint, slice_iri: str
) -> None:
    rows = slice_rows(open_set(content, WIKIDATA), endpoint, "2026-11-28")

    source = f"{slice_iri} (retrieved 2026-11-28)"
    assert [row for row in rows if row[0] == "wd:Q2066"] == [
        ("wd:Q2066", "label_de", "Essen", source, "verified"),
        ("wd:Q2066", "label_en", "Essen", source, "verified"),
        ("wd:Q2066", "instance_of", "Q1549591", source, "verified"),
        ("wd:Q2066", "instance_of", "Q42744322", source, "verified"),
        ("wd:Q2066", "instance_of", "Q85635630", source, "verified"),
        ("wd:Q2066", "coordinates", "Point(7.013055555 51.450833333)", source, "verified"),
        ("wd:Q2066", "population", "591032", source, "verified"),
    ]
    assert {row[0] for row in rows} >= {"wd:Q1198", "wd:Q49849", "wd:Q2904"}


def test_slice_becomes_a_graph_of_reference_data(content: Content, endpoint: Endpoint, tmp_path: Path) -> None:
    for folder in ("ontology", "data", "shapes", "queries"):
        shutil.copytree(content.root / folder, tmp_path / folder)
    copy = Content(tmp_path)
    save_slice(copy, slice_rows(open_set(copy, WIKIDATA), endpoint, "2026-11-28"))
    dataset = assemble(copy).dataset
    population = URIRef(f"{PREFIXES['wdt']}P1082")
    ((_, _, value, graph),) = dataset.quads((ESSEN, population, None, None))

    assert value == Literal("591032", datatype=XSD.integer)
    assert str(graph).startswith(GRAPH_REFERENCE)
    assert {str(label) for label in dataset.objects(graph, RDFS.label)} == {
        "Referenzdaten: 127.0.0.1 (bestätigt)",
        "Reference data: 127.0.0.1 (verified)",
    }


def test_shipped_slice_says_nothing_of_items_that_are_not_linked(content: Content) -> None:
    with (content.data / "reference" / "wikidata-slice.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    linked = {row.object_id for row in open_set(content, WIKIDATA).of_state("accepted")}

    assert len(rows) == 60
    assert {row["entity"] for row in rows} <= linked
    assert {row["property"] for row in rows} == {"label_de", "label_en", "instance_of", "coordinates"}
