"""The page of a thing that changed leads to its earlier states; one that never changed says nothing of them."""

from __future__ import annotations

import json

import pytest
from lxml import html
from tests.harvest.feed.conftest import FIRST, SECOND, Publishing
from tests.harvest.feed.conftest import fed as fed
from tests.harvest.feed.conftest import proxy as proxy
from tests.harvest.feed.conftest import publishing as publishing
from tests.release.frozen import ESSEN
from tests.site.reading import words

from interkommunal.dates import moment_in_words
from interkommunal.release.history import GRAPH, Kind
from interkommunal.release.versions import remove
from interkommunal.site.entity.page import past_of
from interkommunal.site.site import Site

ADDRESS = "https://daten.example.org/ruhr"
GERMAN = {"Accept": "text/html", "Accept-Language": "de"}
ENGLISH = {"Accept": "text/html", "Accept-Language": "en"}


def past(publishing: Publishing, path: str, headers: dict[str, str]) -> html.HtmlElement | None:
    """The section on earlier versions of a page."""
    reply = publishing.server.ask(path, headers=headers)
    assert reply.status == 200, reply.text
    return html.fromstring(reply.text).find(".//section[@id='past']")


def shown(found: html.HtmlElement) -> list[str]:
    """What its rows say."""
    return [words(row) for row in found.iter("li")]


def test_a_changed_thing_shows_when_it_changed_and_what_it_was(fed: Publishing) -> None:
    first, second = fed.history.publications
    found = past(fed, "/doc/city/essen", GERMAN)

    assert found is not None
    assert words(found.find("h2")) == "Frühere Fassungen"
    assert words(found.find("p")) == (
        "Die Aussagen hierüber haben sich in einer Ausgabe geändert. Jede frühere Fassung bleibt abrufbar."
    )
    then, now = (moment_in_words(item.time, "de") for item in (first, second))
    assert shown(found) == [
        f"{now} geändert gilt jetzt Ausgabe {second.release} Was sich geändert hat ({now})",
        f"{then} neu Ausgabe {first.release} Was sich geändert hat ({then}) · Diese Fassung ansehen ({then})",
    ]


def test_its_links_lead_to_the_changes_and_to_the_version(fed: Publishing) -> None:
    first, _ = fed.history.publications
    _, changed = fed.history.changes(GRAPH, ESSEN.value)
    found = past(fed, "/doc/city/essen", ENGLISH)

    assert found is not None
    targets = [link.get("href") for link in found.iter("a")]
    assert targets[0] == f"/ruhr/feed/{fed.history.stream}/members/{changed.sequence}"
    assert targets[2] == f"/ruhr/release/{first.release}/doc/city/essen"
    pages = [fed.server.ask(target.removeprefix("/ruhr"), headers=ENGLISH) for target in targets]
    assert [page.status for page in pages] == [200, 200, 200]
    assert "Essen (Ruhr)" in pages[0].text
    assert "Essen (Ruhr)" not in pages[2].text


def test_its_head_says_when_it_changed_last(fed: Publishing) -> None:
    text = fed.server.ask("/doc/city/essen", headers=ENGLISH).text
    line = html.fromstring(text).find(".//header[@class='head']/p[@class='hint']/a")

    assert line.get("href") == "#past"
    day, _, _ = moment_in_words(fed.history.publications[1].time, "en").partition(",")
    assert words(line) == f"Last changed on {day}"


@pytest.mark.parametrize("thing", ["goal/ruhr-2", "goal/new"])
def test_what_never_changed_says_nothing_of_it(thing: str, fed: Publishing) -> None:
    reply = fed.server.ask(f"/doc/{thing}", headers=ENGLISH)

    assert reply.status == 200
    assert "past" not in reply.text
    assert "predecessor-version" not in reply.headers["link"]


def test_programs_find_the_version_before_in_every_format(fed: Publishing) -> None:
    first, _ = fed.history.publications
    old = f"{ADDRESS}/release/{first.release}/doc/city/essen"
    page = fed.server.ask("/doc/city/essen", headers=ENGLISH).headers["link"]
    turtle = fed.server.ask("/doc/city/essen.ttl").headers["link"]
    links = json.loads(fed.server.ask("/doc/city/essen.linkset.json").body)["linkset"]

    assert f'<{old}>; rel="predecessor-version"; type="text/html"' in page
    assert f'<{old}.ttl>; rel="predecessor-version"; type="text/turtle"' in turtle
    assert links[0]["predecessor-version"] == [{"href": old, "type": "text/html"}]
    assert fed.server.ask(f"{old.removeprefix(ADDRESS)}.ttl").status == 200
    # A table has no older version that is one.
    assert "predecessor-version" not in fed.server.ask("/doc/city/essen.csv").headers["link"]


def test_the_page_follows_the_releases_as_they_come_and_go(publishing: Publishing) -> None:
    assert past(publishing, "/doc/city/essen", GERMAN) is None

    publishing.publish(*SECOND)
    publishing.publish(*FIRST)
    found = past(publishing, "/doc/city/essen", GERMAN)
    assert found is not None
    assert [row.split(" UTC ")[1].split(" Ausgabe")[0] for row in shown(found)] == [
        "geändert gilt jetzt",
        "geändert",
        "neu",
    ]
    # One goal went with the second release and came back with the third: a deletion has no version to look at.
    goal = past(publishing, "/doc/goal/ruhr-10", GERMAN)
    assert goal is not None
    assert [(row.split(" UTC ")[1].split(" Ausgabe")[0], "ansehen" in row) for row in shown(goal)] == [
        ("neu gilt jetzt", False),
        ("gelöscht", False),
        ("neu", True),
    ]

    remove(publishing.releases, [publishing.history.publications[1].release])
    again = past(publishing, "/doc/city/essen", GERMAN)
    assert again is not None
    assert shown(again) == shown(found)
    (version,) = [
        link.get("href") for link in again.iter("a") if publishing.history.publications[1].release in link.get("href")
    ]
    assert publishing.server.ask(version, headers=GERMAN).status == 200


def test_what_the_table_tells_beyond_the_release_that_is_shown_is_left_out(fed: Publishing) -> None:
    first, second = fed.history.publications
    site = Site(ADDRESS)

    assert past_of(fed.history, first.release, ESSEN.value, "/doc/city/essen", site, "de") is None
    assert past_of(fed.history, "0.1.0-000000000000", ESSEN.value, "/doc/city/essen", site, "de") is None
    found = past_of(fed.history, second.release, ESSEN.value, "/doc/city/essen", site, "de")
    assert found is not None
    assert (found.changes, len(found.states)) == (1, 2)


def test_changes_are_the_versions_without_their_statements(fed: Publishing) -> None:
    versions = fed.history.versions(GRAPH, ESSEN.value)

    assert [(item.sequence, item.kind, item.publication) for item in versions] == fed.history.changes(
        GRAPH, ESSEN.value
    )
    assert [item.kind for item in versions] == [Kind.CREATE, Kind.UPDATE]
