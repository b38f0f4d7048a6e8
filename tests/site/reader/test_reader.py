import httpx
import pyoxigraph
from tests.site.reading import page, words

from interkommunal.namespaces import GRAPH_PASSAGES
from interkommunal.release.release import Release


def test_the_whole_text_stands_there_as_printed(client: httpx.Client, release: Release) -> None:
    document = page(client.get("/sources/grundlagen"))
    shown = [line.text_content() for line in document.find_class("line-text")]
    text = release.path("sources/grundlagen.txt").read_text(encoding="utf-8")
    assert shown == [line for line in text.split("\n") if line.strip()]


def test_each_line_has_its_number_as_anchor(client: httpx.Client) -> None:
    document = page(client.get("/sources/grundlagen"))
    lines = document.find_class("line")
    assert [line.get("id") for line in lines] == [f"L{number:03d}" for number in range(1, len(lines) + 1)]
    assert document.get_element_by_id("L019").find_class("line-number")[0].get("aria-label") == "Zeile 19"


def test_every_passage_can_be_chosen_by_a_link(client: httpx.Client, store: pyoxigraph.Store) -> None:
    document = page(client.get("/sources/grundlagen"))
    text = document.find_class("text")[0]
    linked = {item.get("href").partition("passage=")[2].partition("#")[0] for item in text.iterfind(".//a[@href]")}
    query = f"""SELECT ?passage WHERE {{ GRAPH <{GRAPH_PASSAGES}> {{
        ?passage <http://www.w3.org/ns/oa#hasSource> <https://w3id.org/interkommunal/id/source/grundlagen> }} }}"""
    rows = store.query(query)
    assert isinstance(rows, pyoxigraph.QuerySolutions)
    assert {row["passage"].value.rpartition("/")[2] for row in rows} <= linked


def test_each_passage_is_one_stop_for_the_keyboard(client: httpx.Client) -> None:
    document = page(client.get("/sources/grundlagen"))
    stops = [
        item.get("href")
        for item in document.find_class("text")[0].find_class("passage")
        if item.get("tabindex") is None
    ]
    assert len(stops) == len(set(stops))


def test_the_chosen_passage_shows_what_was_read_from_it(client: httpx.Client) -> None:
    document = page(client.get("/sources/grundlagen?passage=L128"))
    panel = document.get_element_by_id("chosen")
    assert words(panel.find(".//mark")) == "2009 in Essen „Demografie—Personalentwicklung—kulturelle Vielfalt“"
    said = panel.find_class("said-of")[0]
    assert words(said.find("h4")) == "Interkommunales Forum Integration 2009"
    facts = {words(item.find("dt")): words(item.find("dd")) for item in said.iterfind("dl/div")}
    assert facts["Veranstaltungsort"] == "Essen"
    assert {item.text_content() for item in document.find_class("is-chosen")} == {
        "2009 in Essen „Demografie—Personalentwicklung—kulturelle Vielfalt“"
    }
    moves = {item.get("rel"): item.get("href") for item in panel.iterfind(".//a[@rel]")}
    assert moves["prev"] == "/sources/grundlagen?passage=L126.2#L126"
    assert moves["next"] == "/sources/grundlagen?passage=L130#L130"


def test_a_chosen_thing_lights_up_its_passages_only(client: httpx.Client) -> None:
    document = page(client.get("/sources/grundlagen?entity=city/oberhausen"))
    lit = {item.get("data-in").split()[0] for item in document.find_class("is-lit")}
    assert {"L138", "L019.3", "L061-L063"} <= lit
    assert "L128" not in lit
    assert "Oberhausen" in words(document.find_class("entity-note")[0])


def test_statuses_are_said_in_words_beside_their_line(client: httpx.Client) -> None:
    document = page(client.get("/sources/grundlagen"))
    margin = document.get_element_by_id("L019").find_class("margin")[0]
    assert words(margin) == "Im Widerspruch"
    legend = [words(item) for item in document.find_class("legend")[0]]
    assert legend == [
        "Text Behauptet",
        "Text Als Ziel genannt",
        "Text Im Widerspruch",
        "Text Beschädigt",
        "nicht modelliert",
    ]


def test_the_bare_text_is_there_too(client: httpx.Client, release: Release) -> None:
    answer = client.get("/sources/grundlagen.txt")
    assert answer.content == release.path("sources/grundlagen.txt").read_bytes()
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


def test_an_unknown_passage_is_as_none(client: httpx.Client) -> None:
    panel = page(client.get("/sources/grundlagen?passage=L999")).get_element_by_id("chosen")
    assert "has-choice" not in panel.get("class")


def test_the_sources_are_listed(client: httpx.Client) -> None:
    document = page(client.get("/sources/"))
    assert [item.get("href") for item in document.find_class("entries")[0].iterfind(".//a")] == ["/sources/grundlagen"]
    assert client.get("/sources").headers["location"] == "/sources/"
