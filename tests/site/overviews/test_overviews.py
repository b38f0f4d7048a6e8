from __future__ import annotations

import csv
import io
from xml.etree import ElementTree

import httpx
import pytest
from tests.site.overviews.reading import Element, read

KEYS = ["map", "timeline", "agreements", "organisation", "publications"]


def page(client: httpx.Client, path: str) -> Element:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text[:500]
    return read(answer.text)


def rows(client: httpx.Client, path: str) -> list[dict[str, str]]:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    return list(csv.DictReader(io.StringIO(answer.text)))


def cells(overview: Element) -> list[list[Element]]:
    return [row.all("td") for row in overview.one("table", "data-table").one("tbody").all("tr")]


def table(overview: Element) -> list[list[str]]:
    return [[cell.text for cell in row] for row in cells(overview)]


def linked(cell: Element) -> str:
    """Type and slug of the thing that a cell leads to."""
    return cell.one("a").attributes["href"].removeprefix("/doc/")


@pytest.mark.parametrize("key", KEYS)
def test_overview_has_a_drawing_for_wide_and_for_narrow_pages_and_a_table(client: httpx.Client, key: str) -> None:
    overview = page(client, f"/overviews/{key}")

    assert len(overview.one("div", "figure-wide").all("svg")) == 1
    assert len(overview.one("div", "figure-narrow").all("svg")) == 1
    assert table(overview)
    assert f"/overviews/{key}.csv" in overview.links
    assert f"/overviews/{key}.svg" in overview.links
    assert any(link.startswith("/sparql?query=") for link in overview.links)


@pytest.mark.parametrize("key", KEYS)
def test_ids_on_a_page_are_unique(client: httpx.Client, key: str) -> None:
    ids = [item.attributes["id"] for item in page(client, f"/overviews/{key}").all() if "id" in item.attributes]

    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("key", KEYS)
def test_drawing_as_a_file_stands_alone(client: httpx.Client, url: str, key: str) -> None:
    answer = client.get(f"/overviews/{key}.svg")

    assert answer.headers["content-type"] == "image/svg+xml"
    assert "'unsafe-inline'" not in answer.headers["content-security-policy"]
    drawing = ElementTree.fromstring(answer.content)
    assert drawing[0].tag == "{http://www.w3.org/2000/svg}style"
    links = [item.get("href", "") for item in drawing.iter("{http://www.w3.org/2000/svg}a")]
    assert links
    assert all(link.startswith(f"{url}/doc/") for link in links)


def test_map_shows_the_nine_cities_with_their_role_in_the_contract(client: httpx.Client) -> None:
    first, acceding = "Erstunterzeichnerin", "Beigetretene"

    assert table(page(client, "/overviews/map")) == [
        ["Bochum", first, "2003", "", "05911"],
        ["Bottrop", acceding, "", "Angabe im Widerspruch", "05512"],
        ["Dortmund", first, "2003", "", "05913"],
        ["Duisburg", first, "2003", "", "05112"],
        ["Essen", first, "2003", "", "05113"],
        ["Gelsenkirchen", acceding, "2003", "Angabe im Widerspruch", "05513"],
        ["Herne", acceding, "2003", "Angabe im Widerspruch", "05916"],
        ["Mülheim an der Ruhr", first, "2003", "", "05117"],
        ["Oberhausen", first, "2003", "", "05119"],
    ]


def test_map_names_its_source_of_boundaries(client: httpx.Client) -> None:
    credits = page(client, "/overviews/map").all("text", "figure-credit")

    assert [item.text for item in credits] == ["© GeoBasis-DE / BKG (Daten verändert)"] * 2


def test_timeline_runs_from_the_first_year_to_where_open_bounds_have_faded(client: httpx.Client) -> None:
    drawing = page(client, "/overviews/timeline").one("div", "figure-wide")

    years = [item.text for item in drawing.all("text", "timeline-year")]
    assert (years[0], years[-1]) == ("2003", "2023")


def test_timeline_says_of_every_date_what_the_source_says_and_no_more(client: httpx.Client) -> None:
    said = {(linked(row[1]), row[0].text) for row in cells(page(client, "/overviews/timeline"))}

    assert said >= {
        ("agreement/staedtekooperationsvertrag", "2003"),
        ("agreement/staedteregion-ruhr", "2010"),
        ("text/staedteregion-ruhr-2010-05-28", "28. Mai 2010"),
        ("cooperation/integration-interkommunal", "2008"),
        ("participation/ruhr-bottrop", "28. Mai 2010 oder später (erschlossen)"),
        ("event/beratungen-der-sechs-kommunen", "etwa 2008 bis 28. Mai 2010 (erschlossen)"),
        ("event/beitritt-landesinitiative-2013", "9. Juli 2013"),
        ("project/praxisbezogene-projekte", "2008 bis 2016"),
        ("event/forum-2016", "2016"),
        ("source/grundlagen", "2016 oder später"),
    }


def test_captions_are_not_on_the_timeline(client: httpx.Client) -> None:
    things = [linked(row[1]) for row in cells(page(client, "/overviews/timeline"))]

    assert not any(thing.startswith("caption/") for thing in things)


def test_matrix_keeps_roles_and_signature_block_apart(client: httpx.Client) -> None:
    found = [(row[0], row[2], row[3], row[4]) for row in table(page(client, "/overviews/agreements"))]

    assert [entry for entry in found if entry[0] in ("Bochum", "Bottrop")] == [
        ("Bochum", "Vertragspartei", "2003", ""),
        ("Bochum", "Erstunterzeichnerin", "2010", ""),
        ("Bochum", "Eintrag 1", "", ""),
        ("Bottrop", "Beigetretene", "28. Mai 2010 oder später", "im Widerspruch"),
        ("Bottrop", "Eintrag 9", "", "im Widerspruch"),
    ]


def test_matrix_says_that_the_agreement_of_2011_names_no_city(client: httpx.Client) -> None:
    overview = page(client, "/overviews/agreements")

    assert [note.text for note in overview.all("p", "figure-note")] == [
        "Vereinbarung „Ein Zeichen für Vielfalt und Talente“ (2011): Als Unterzeichnende nennt der Text keine Stadt, "
        "sondern Gruppen: Kommunen, Wirtschaft, Wissenschaft, Verbände, Institutionen, Vereine."
    ]


@pytest.mark.parametrize(
    ("sort", "cities"),
    [
        ("city", ["Bochum", "Bottrop", "Dortmund"]),
        ("staedteregion-ruhr", ["Bochum", "Dortmund", "Duisburg"]),
        ("block-staedteregion-ruhr-2010-05-28", ["Bochum", "Duisburg", "Dortmund"]),
        ("count", ["Bochum", "Dortmund", "Duisburg"]),
        ("'; DROP", ["Bochum", "Bottrop", "Dortmund"]),
    ],
)
def test_matrix_is_sorted_through_links(client: httpx.Client, sort: str, cities: list[str]) -> None:
    overview = read(client.get("/overviews/agreements", params={"sort": sort}).text)

    names = [item.text for item in overview.one("div", "figure-wide").all("text", "matrix-name")]
    assert names[:3] == cities
    assert names[-1] == {
        "staedteregion-ruhr": "Herne",
        "block-staedteregion-ruhr-2010-05-28": "Bottrop",
        "count": "Bottrop",
    }.get(sort, "Oberhausen")
    chosen = [item.text for item in overview.one("nav", "orders").all("a") if item.attributes.get("aria-current")]
    assert len(chosen) == 1


def test_network_shows_bodies_posts_roles_and_who_hosts_them(client: httpx.Client) -> None:
    said = {(linked(row[0]), linked(row[2])) for row in cells(page(client, "/overviews/organisation"))}

    assert {
        ("cooperation/integration-interkommunal", "unit/regiegruppe"),
        ("unit/regiegruppe", "role/dezernent-in"),
        ("unit/projektgruppe", "role/mitarbeit-integrationsbuero"),
        ("post/sprecherfunktion", "unit/regiegruppe"),
        ("post/sprecherfunktion", "post/integrationsdezernent-muelheim"),
        ("unit/geschaeftsbuero", "city/essen"),
    } <= said
    kinds = {item.text for item in page(client, "/overviews/organisation").all("text", "network-kind")}
    assert kinds == {"Kooperation", "Organisationseinheit", "Amt", "Funktion", "Stadt", "Gruppe"}


def test_shelf_shows_what_the_source_lists_and_leaves_open_what_it_leaves_open(client: httpx.Client) -> None:
    overview = page(client, "/overviews/publications")
    wide = overview.one("div", "figure-wide")

    assert [item.text for item in wide.all("text", "shelf-number")] == ["1", "2", "3", "4", "5", "6"]
    assert [item.text for item in wide.all("text", "shelf-note")] == ["ein Titel oder zwei?"]
    assert "/doc/discrepancy/ein-titel-oder-zwei" in wide.links
    assert [item.text for item in wide.all("text", "shelf-kind")] == ["Social-Media-Auftritt"]
    assert overview.one("p", "figure-note").text == (
        "In der Liste stehen 6 Einträge; 2 davon sind vielleicht ein einziger Titel."
    )


def test_data_of_an_overview_is_csv_with_iris(client: httpx.Client) -> None:
    found = rows(client, "/overviews/agreements.csv")

    assert {row["statement"] for row in found if row["city_label"] == "Bottrop"} == {
        "https://w3id.org/interkommunal/id/participation/ruhr-bottrop",
        "https://w3id.org/interkommunal/id/signature/ruhr-bottrop",
    }
    assert {row["date_or_bounds"] for row in found} == {"2003", "2010", "[2010-05-28..]", ""}


# The map sums up what the matrix shows with its sources.
@pytest.mark.parametrize("key", [key for key in KEYS if key != "map"])
def test_every_row_of_a_table_names_its_place_in_the_text(client: httpx.Client, key: str) -> None:
    overview = page(client, f"/overviews/{key}")
    places = overview.all("td", "column-line")

    assert places
    assert all(place.text.startswith("Zeile") or place.text == "Redaktion" for place in places)
    assert all(place.all("a") for place in places)


def test_overview_speaks_english_too(client: httpx.Client) -> None:
    overview = read(client.get("/overviews/map", headers={"accept-language": "en"}).text)

    assert overview.one("h1").text == "The cities on the map"
    assert overview.one("html").attributes["lang"] == "en"


@pytest.mark.parametrize(
    "path", ["/overviews/nothing", "/overviews/map.png", "/overviews/map.csv.csv", "/lists/nothing"]
)
def test_page_that_is_not_there_says_so(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404
    problem = client.get(path, headers={"accept": "application/json"})
    assert problem.status_code == 404
    assert problem.headers["content-type"].startswith("application/problem+json")


def test_answer_that_is_known_is_not_sent_again(client: httpx.Client) -> None:
    first = client.get("/overviews/map")

    again = client.get("/overviews/map", headers={"if-none-match": first.headers["etag"]})

    assert again.status_code == 304
    assert again.content == b""


def test_only_get_and_head_are_answered(client: httpx.Client) -> None:
    assert client.post("/overviews/map").status_code == 405
    head = client.head("/overviews/map")
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) > 1000


def test_index_leads_to_every_overview(client: httpx.Client) -> None:
    links = page(client, "/overviews").links

    assert {f"/overviews/{key}" for key in [*KEYS, "discrepancies"]} <= set(links)
