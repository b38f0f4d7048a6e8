from __future__ import annotations

import csv
import io

import httpx
import pyoxigraph
import pytest
from tests.serving import write_release
from tests.site.overviews.house import served
from tests.site.overviews.reading import Element, read

from interkommunal.content import Content
from interkommunal.namespaces import BASE, IK, PREFIXES, with_prologue
from interkommunal.site.overviews.classes import class_slug
from interkommunal.site.overviews.lists import FACETS, choice

PATTERNS = {facet.key: facet.pattern for facet in FACETS}


def page(client: httpx.Client, path: str, **parameters: str) -> Element:
    answer = client.get(path, params=parameters)
    assert answer.status_code == 200, answer.text[:500]
    return read(answer.text)


def names(listing: Element) -> list[str]:
    return [item.one("p", "item-name").all("a")[0].text for item in listing.all("li", "item")]


def facets(listing: Element) -> dict[str, dict[str, int]]:
    """Heading of each facet, and how many entries each of its values has."""
    found: dict[str, dict[str, int]] = {}
    for section in listing.one("nav", "facets").all("section"):
        values = [item for item in section.all("li") if item.all("span", "count")]
        found[section.one("h2").text] = {item.all("a")[0].text: int(item.one("span", "count").text) for item in values}
    return found


def counted(store: pyoxigraph.Store, member: str, pattern: str) -> dict[str, int]:
    """How many entries have each value, asked of another store."""
    query = with_prologue(
        f"SELECT ?value (COUNT(DISTINCT ?item) AS ?n) WHERE {{ {member} {pattern} "
        f'FILTER (STRSTARTS(STR(?item), "{BASE}")) }} GROUP BY ?value'
    )
    found = store.query(query, use_default_graph_as_union=True)
    assert isinstance(found, pyoxigraph.QuerySolutions)
    return {row[0].value: int(row[1].value) for row in found}


def label(store: pyoxigraph.Store, iri: str) -> str:
    query = with_prologue(f'SELECT ?label WHERE {{ <{iri}> rdfs:label ?label FILTER (LANG(?label) = "de") }}')
    found = store.query(query, use_default_graph_as_union=True)
    assert isinstance(found, pyoxigraph.QuerySolutions)
    return str(next(iter(found))[0].value)


def test_class_has_a_readable_address() -> None:
    assert class_slug(f"{IK}AgreementText") == "agreement-text"
    assert class_slug(f"{PREFIXES['org']}OrganizationalUnit") == "org-organizational-unit"


def test_every_class_with_entries_of_ours_has_a_list(client: httpx.Client, store: pyoxigraph.Store) -> None:
    found = store.query(
        f'SELECT DISTINCT ?class WHERE {{ ?x a ?class FILTER (STRSTARTS(STR(?x), "{BASE}")) }}',
        use_default_graph_as_union=True,
    )
    assert isinstance(found, pyoxigraph.QuerySolutions)
    expected = {f"/lists/{class_slug(row[0].value)}" for row in found}

    links = set(page(client, "/lists").one("article").links)

    assert expected <= links
    for link in sorted(expected):
        assert client.get(link).status_code == 200, link


def test_list_of_cities_is_sorted_as_germans_sort(client: httpx.Client) -> None:
    listing = page(client, "/lists/city")

    assert names(listing) == [
        "Bochum",
        "Bottrop",
        "Dortmund",
        "Duisburg",
        "Essen",
        "Gelsenkirchen",
        "Herne",
        "Mülheim an der Ruhr",
        "Oberhausen",
    ]
    assert listing.one("p", "lead").text.startswith("9 Einträge")


def test_umlauts_sort_as_their_vowels(client: httpx.Client) -> None:
    classes = [item.all("a")[0].text for item in page(client, "/lists").all("ul", "class-list")[0].all("li")]

    assert classes.index("Öffentliche Stelle") < classes.index("Ort")


@pytest.mark.parametrize("slug", ["city", "discrepancy", "passage", "forum", "publication", "participation", "all"])
def test_counts_of_facets_equal_those_of_sparql(client: httpx.Client, store: pyoxigraph.Store, slug: str) -> None:
    member = "?item ik:mentionedIn ?any ." if slug == "all" else f"?item a ik:{slug.title()} ."
    shown = facets(page(client, f"/lists/{slug}"))

    for facet in FACETS:
        expected = counted(store, member, facet.pattern)
        if facet.namespace:
            expected = {label(store, iri): count for iri, count in expected.items()}
        if len(expected) < 2:
            assert facet.name.in_("de") not in shown
        else:
            assert shown[facet.name.in_("de")] == expected


def test_chosen_values_narrow_the_list_and_the_counts_of_all_other_facets(
    client: httpx.Client, store: pyoxigraph.Store
) -> None:
    listing = page(client, "/lists/all", year="2011", status="status-asserted")

    member = "?item ik:mentionedIn ?any . ?item ik:year 2011 ."
    others = counted(
        store, f"{member} {PATTERNS['status'].replace('?value', 'concept:status-asserted')}", PATTERNS["voice"]
    )
    assert facets(listing)["Stimme"] == {label(store, iri): count for iri, count in others.items()}
    # Its own facet keeps the alternatives.
    assert set(facets(listing)["Jahr"]) >= {"2009", "2010", "2011"}
    assert "Interkommunales Forum Integration 2011" in names(listing)


def test_chosen_value_is_taken_back_by_its_own_link(client: httpx.Client) -> None:
    listing = page(client, "/lists/forum", city="essen")

    assert names(listing) == ["Interkommunales Forum Integration 2009", "Interkommunales Forum Integration 2011"]
    (chosen,) = [link for link in listing.one("nav", "facets").all("a") if link.attributes.get("aria-current")]
    assert chosen.text == "Essen"
    assert chosen.attributes["href"] == "/lists/forum?sort=label"


@pytest.mark.parametrize("value", ["atlantis", "../x", '"> <script>', "a b", "x" * 5000])
def test_value_that_nothing_has_finds_nothing_and_does_no_harm(client: httpx.Client, value: str) -> None:
    answer = client.get("/lists/forum", params={"city": value, "year": value})

    assert answer.status_code == 200
    assert "Dazu gibt es keinen Eintrag." in answer.text
    assert "<script>" not in answer.text.replace("<script type", "")


def test_passages_stand_as_in_the_text(client: httpx.Client) -> None:
    first, second = (page(client, "/lists/passage", page=number) for number in ("1", "2"))

    def lines(listing: Element) -> list[int]:
        hints = [item.one("span", "hint").text for item in listing.all("li", "item")]
        return [int(hint.split()[1].rstrip(",")) for hint in hints]

    assert len(lines(first)) == 50
    assert lines(first) == sorted(lines(first))
    assert lines(first)[-1] <= lines(second)[0]


def test_list_as_csv_is_whole(client: httpx.Client) -> None:
    answer = client.get("/lists/passage.csv")

    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) > 100
    assert set(rows[0]) == {"item", "label", "year", "passages", "statuses", "start"}
    forums = list(csv.DictReader(io.StringIO(client.get("/lists/forum.csv?city=bochum").text)))
    assert [row["year"] for row in forums] == ["2010", "2012"]


def test_entries_in_doubt_say_so_in_words(client: httpx.Client) -> None:
    listing = page(client, "/lists/signature-entry")

    words = {
        item.one("p", "item-name").all("a")[0].text: item.one("p", "item-name").text
        for item in listing.all("li", "item")
    }
    assert "Im Widerspruch" in words["Unterschriftseintrag für Herne (Kontrakt 2010)"]
    assert "Im Widerspruch" not in words["Unterschriftseintrag für Essen (Kontrakt 2010)"]


def test_list_of_thousands_is_read_page_by_page(content: Content, tmp_path_factory: pytest.TempPathFactory) -> None:
    graph = f"<{BASE}graph/editorial>"
    quads = "".join(
        f"<{BASE}id/goal/ziel-{number}> <{PREFIXES['rdf']}type> <{IK}Goal> {graph} .\n"
        f'<{BASE}id/goal/ziel-{number}> <{PREFIXES["rdfs"]}label> "Ziel {number:04}"@de {graph} .\n'
        for number in range(2500)
    )
    release = write_release(tmp_path_factory.mktemp("many"), quads.encode())

    with served(release, content) as url, httpx.Client(base_url=url, headers={"accept-language": "de"}) as client:
        first, last = (page(client, "/lists/goal", page=number) for number in ("1", "50"))
        beyond = client.get("/lists/goal", params={"page": "51"})
        whole = client.get("/lists/goal.csv").text

    assert (len(names(first)), names(last)[-1], beyond.status_code) == (50, "Ziel 2499", 404)
    assert first.one("nav", "pager").text == "Seite 1 von 50 Nächste Seite"
    assert last.one("nav", "pager").text == "Vorige Seite Seite 50 von 50"
    assert whole.count("\r\n") == 2501


def test_choice_knows_only_facets() -> None:
    assert choice({"city": "essen", "year": "", "other": "x"}) == {"city": "essen"}
