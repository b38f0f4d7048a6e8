"""Atom for people: valid by RFC 4287, with ids that stay, in German and English."""

from __future__ import annotations

from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from tests.harvest.feed.conftest import SECOND, Publishing

ADDRESS = "https://daten.example.org/ruhr"
ATOM = "{http://www.w3.org/2005/Atom}"


def read(publishing: Publishing, target: str = "/feed.atom?lang=en") -> Element:
    reply = publishing.server.ask(target)
    assert (reply.status, reply.headers["content-type"]) == (200, "application/atom+xml; charset=utf-8")
    return ElementTree.fromstring(reply.body)


def test_feed_and_entries_have_what_rfc_4287_demands(fed: Publishing) -> None:
    feed = read(fed)

    assert feed.tag == f"{ATOM}feed"
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        # Sections 4.1.1 and 4.1.2: exactly one of each.
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1
        assert str(element.findtext(f"{ATOM}id")).startswith("urn:uuid:")
    assert len(feed.findall(f"{ATOM}author/{ATOM}name")) == 1
    links = [(link.get("rel"), link.get("hreflang"), link.get("href")) for link in feed.findall(f"{ATOM}link")]
    assert ("self", None, f"{ADDRESS}/feed.atom?lang=en") in links
    # Section 4.1.1: no two alternates of one type and language.
    alternates = [(link.get("type"), link.get("hreflang")) for link in feed.findall(f"{ATOM}link[@rel='alternate']")]
    assert len(alternates) == len(set(alternates))


def test_each_release_is_an_entry_and_the_latest_comes_first(fed: Publishing) -> None:
    feed = read(fed)
    first, second = fed.history.publications

    assert [entry.findtext(f"{ATOM}updated") for entry in feed.findall(f"{ATOM}entry")] == [second.time, first.time]
    assert feed.findtext(f"{ATOM}updated") == second.time
    assert feed.findtext(f"{ATOM}entry/{ATOM}title") == f"Release {second.release}: 1 new, 1 changed, 1 deleted"


def test_entry_names_things_and_leads_to_their_pages(fed: Publishing) -> None:
    content = ElementTree.fromstring(f"<div>{read(fed).findtext(f'{ATOM}entry/{ATOM}content')}</div>")

    said = ["".join(item.itertext()) for item in content.iter("li")]
    assert "Essen (new)" not in said
    assert {"Essen (changed)", "New (new)", "Ruhr 10 (deleted)"} == set(said)
    assert [link.get("href") for link in content.iter("a")] == [f"{ADDRESS}/doc/city/essen", f"{ADDRESS}/doc/goal/new"]


def test_long_list_says_how_many_more_there_are(fed: Publishing) -> None:
    last = read(fed).findall(f"{ATOM}entry")[-1]

    assert "<li>and 564 more</li>" in str(last.findtext(f"{ATOM}content"))


@pytest.mark.parametrize(
    ("target", "language", "words"),
    [("/feed.atom?lang=de", "de", "1 neu, 1 geändert, 1 gelöscht"), ("/feed.atom?lang=en", "en", "1 new, 1 changed")],
)
def test_feed_is_in_the_language_that_is_asked_for(target: str, language: str, words: str, fed: Publishing) -> None:
    feed = read(fed, target)

    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == language
    assert words in str(feed.findtext(f"{ATOM}entry/{ATOM}title"))


def test_reader_gets_its_language_without_asking(fed: Publishing) -> None:
    reply = fed.server.ask("/feed.atom", headers={"Accept-Language": "en-GB"})

    assert reply.headers["content-language"] == "en"
    assert "Accept-Language" in reply.headers["vary"]


def test_ids_stay_when_there_is_more(publishing: Publishing) -> None:
    (before,) = (entry.findtext(f"{ATOM}id") for entry in read(publishing).findall(f"{ATOM}entry"))
    publishing.publish(*SECOND)

    ids = [entry.findtext(f"{ATOM}id") for entry in read(publishing).findall(f"{ATOM}entry")]

    assert ids[1] == before
    assert ids[0] != before


def test_pages_announce_the_feed(fed: Publishing) -> None:
    link = '<link rel="alternate" type="application/atom+xml" href="/ruhr/feed.atom?lang=en"'
    for target in ("/", "/doc/city/essen", "/feed.html", "/queries"):
        page = fed.server.ask(target, headers={"Accept": "text/html", "Accept-Language": "en"})
        assert link in page.text, target
