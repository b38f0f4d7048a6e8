from __future__ import annotations

import csv
import io

import httpx
import pyoxigraph
from tests.site.overviews.reading import Element, read


def entries(client: httpx.Client, **parameters: str) -> list[Element]:
    return read(client.get("/overviews/discrepancies", params=parameters).text).all("section", "doubt-entry")


def test_every_discrepancy_is_on_one_of_the_pages(client: httpx.Client, store: pyoxigraph.Store) -> None:
    query = "SELECT DISTINCT ?x WHERE { ?x a <https://w3id.org/interkommunal/ontology#Discrepancy> }"
    found = store.query(query, use_default_graph_as_union=True)
    assert isinstance(found, pyoxigraph.QuerySolutions)
    expected = {str(row[0]).strip("<>").rpartition("/")[2] for row in found}

    shown = [entry.attributes["id"] for page in ("1", "2") for entry in entries(client, page=page)]

    assert sorted(shown) == sorted(expected)


def test_discrepancy_is_explained_with_its_passages_and_treatment(client: httpx.Client) -> None:
    entry = next(item for item in entries(client) if item.attributes["id"] == "neun-oder-zwoelf")

    assert entry.one("h2").text == "Neun Kommunen oder zwölf Städte"
    assert entry.one("p", "doubt-kind").text == "Widerspruch I04"
    assert [quote.text for quote in entry.all("blockquote")] == [
        "inzwischen neun Kommunen der Städtekooperation",
        "haben zwölf Städte aus der Städtekooperation Integration Interkommunal diesen Film gedreht.",
        "der neun beteiligten Kommunen",
    ]
    assert [place.text for place in entry.all("p", "standing")] == [
        "Zeile 19 Seitentext Im Widerspruch",
        "Zeile 156 Seitentext Im Widerspruch",
        "Zeile 206 Seitentext Im Widerspruch",
    ]
    assert entry.one("p", "treatment").text.startswith("So geht der Graph damit um: Beide Zahlen stehen")


def test_readings_say_what_they_would_hold_for(client: httpx.Client) -> None:
    entry = next(item for item in entries(client) if item.attributes["id"] == "fassung-und-spaetere-beitritte")

    readings = [item.text for item in entry.one("ol", "readings").all("li")]
    assert readings[0] == (
        "Der Block wurde später um die beigetretenen Städte ergänzt, die Datumszeile blieb stehen. "
        "Bezöge sich auf: Kontrakt „Interkulturelle Städteregion Ruhr“, Fassung vom 28. Mai 2010"
    )


def test_list_is_narrowed_by_kind_and_counts_are_right(client: httpx.Client) -> None:
    page = read(client.get("/overviews/discrepancies", params={"kind": "kind-contradiction"}).text)

    assert [item.one("span", "doubt-number").text for item in page.all("section", "doubt-entry")] == [
        "I01",
        "I02",
        "I04",
    ]
    chips = {item.text for item in page.one("ul", "chips").all("a")}
    assert {"alle 43", "Widerspruch 3", "Lücke 3"} <= chips


def test_kind_that_does_not_exist_shows_nothing_and_breaks_nothing(client: httpx.Client) -> None:
    answer = client.get("/overviews/discrepancies", params={"kind": "<script>"})

    assert answer.status_code == 200
    assert "Hier steht nichts." in answer.text
    assert "<script>alert" not in answer.text


def test_discrepancies_are_csv_with_one_row_a_passage(client: httpx.Client) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/overviews/discrepancies.csv?kind=kind-contradiction").text)))

    assert [row["identifier"] for row in rows].count("I04") == 3
    assert {row["kinds"] for row in rows} == {"kind-contradiction"}
