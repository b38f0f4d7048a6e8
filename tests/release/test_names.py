from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pyoxigraph
import pytest

from interkommunal.namespaces import PREFIXES
from interkommunal.release.names import variants
from interkommunal.release.search import search_index

TRIG = (
    "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
    + """
graph:editorial {
    city:muelheim a ik:City ; rdfs:label "Mülheim an der Ruhr"@de, "Mülheim an der Ruhr"@en ;
        ik:municipalityKey "05117000" ; skos:exactMatch wd:Q2899, <https://sws.geonames.org/3204963/> ;
        skos:closeMatch <https://www.openstreetmap.org/relation/62728> .
    organisation:rvr a cv:PublicOrganisation ; rdfs:label "Regionalverband Ruhr (RVR)"@de .
    event:forum a ik:Forum ; rdfs:label "Forum 2012"@de ; schema:startDate "2012"^^xsd:gYear ; ik:inCity city:muelheim .
    signature:x a ik:SignatureEntry ; rdfs:label "Unterschrift"@de ; ik:attestedName "Mülheim" .
    p:L019 a ik:Passage ; rdfs:label "Zeile 19"@de .
}
graph:ontology {
    ik:City rdfs:label "Stadt"@de, "City"@en ; skos:definition "Eine Gemeinde."@de, "A municipality."@en .
    ik:Forum rdfs:label "Forum"@de, "Forum"@en .
}
"""
)


@pytest.fixture(scope="module")
def index() -> Iterator[sqlite3.Connection]:
    database = sqlite3.connect(":memory:")
    quads = pyoxigraph.parse(TRIG.encode(), format=pyoxigraph.RdfFormat.TRIG)
    database.deserialize(search_index(list(quads)))
    yield database
    database.close()


def names(index: sqlite3.Connection, local: str) -> list[tuple[str, str]]:
    rows = index.execute(
        "SELECT text, rule FROM name JOIN entry ON entry.id = entry WHERE iri LIKE ? ORDER BY name.id",
        (f"%/id/{local}",),
    )
    return rows.fetchall()


def test_city_is_known_by_its_name_and_by_what_rules_make_of_it(index: sqlite3.Connection) -> None:
    assert names(index, "city/muelheim") == [
        ("Mülheim an der Ruhr", ""),
        ("Stadt Mülheim an der Ruhr", "title"),
        ("City of Mülheim an der Ruhr", "title"),
        ("Mülheim", "place"),
    ]


def test_body_is_known_by_the_abbreviation_in_its_label(index: sqlite3.Connection) -> None:
    assert names(index, "organisation/rvr") == [
        ("Regionalverband Ruhr (RVR)", ""),
        ("Regionalverband Ruhr", "bracket"),
        ("RVR", "abbreviation"),
    ]


def test_what_a_source_prints_as_a_signature_is_no_name_and_passages_have_none(index: sqlite3.Connection) -> None:
    assert names(index, "signature/x") == [("Unterschrift", "")]
    assert names(index, "passage/grundlagen/L019") == []


def test_names_are_kept_in_both_spellings(index: sqlite3.Connection) -> None:
    rows = index.execute("SELECT key FROM name_key WHERE key LIKE 'm%' ORDER BY key").fetchall()

    assert rows == [("muelheim",), ("muelheim an der ruhr",), ("mulheim",), ("mulheim an der ruhr",)]
    found = index.execute("SELECT rowid FROM name_part WHERE name_part MATCH '\" mu\"'").fetchall()
    assert len(found) == 8  # also behind Stadt and City of


def test_keys_and_exact_links_identify_and_close_ones_do_not(index: sqlite3.Connection) -> None:
    assert index.execute("SELECT value, scheme, exact FROM identifier ORDER BY value").fetchall() == [
        ("05117000", "municipalityKey", 1),
        ("3204963", "geonames", 1),
        ("62728", "openstreetmap", 0),
        ("Q2899", "wikidata", 1),
    ]


def test_description_tells_namesakes_apart(index: sqlite3.Connection) -> None:
    rows = index.execute("SELECT de, en FROM described JOIN entry ON entry.id = entry ORDER BY iri").fetchall()

    assert rows == [
        ("Stadt, 05117000", "City, 05117000"),
        ("Forum, 2012, Mülheim an der Ruhr", "Forum, 2012, Mülheim an der Ruhr"),
        ("", ""),
        ("", ""),
    ]


def test_schema_says_what_classes_and_properties_mean_and_where_they_are_used(index: sqlite3.Connection) -> None:
    city = "https://w3id.org/interkommunal/ontology#City"

    row = index.execute(
        "SELECT role, label_de, label_en, definition_de, entries FROM schema_term WHERE iri = ?", (city,)
    )
    assert row.fetchone() == ("class", "Stadt", "City", "Eine Gemeinde.", 1)
    used = index.execute("SELECT property FROM schema_use WHERE class = ? ORDER BY property", (city,)).fetchall()
    assert used == [
        ("http://www.w3.org/2000/01/rdf-schema#label",),
        ("https://w3id.org/interkommunal/ontology#municipalityKey",),
    ]


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Film „Deine Zukunft“", [("Deine Zukunft", "quoted")]),
        ("Kontrakt „Städteregion“ (2010)", [("Kontrakt „Städteregion“", "bracket"), ("Städteregion", "quoted")]),
        ("Herne: beteiligt an „Städteregion“", []),
        ("Ziel (Leitinitiativen)", [("Ziel", "bracket")]),
        ("(RVR)", []),
        ("", []),
    ],
)
def test_rules_make_of_a_label_only_what_they_state(label: str, expected: list[tuple[str, str]]) -> None:
    assert list(variants(label)) == expected
