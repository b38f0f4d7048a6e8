"""Imprint and privacy page: what the operator states, what the server does, and honesty where nothing is stated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from lxml import html
from tests.serving import Serving, serving, write_release
from tests.site.reading import words

from interkommunal.errors import SettingsError
from interkommunal.settings import load_settings
from interkommunal.site.frame import operator_of
from interkommunal.site.router import own_words
from interkommunal.translator import translator

QUADS = b'<http://a.example/bochum> <http://a.example/name> "Bochum"@de <http://a.example/g1> .\n'

Start = Callable[..., Serving]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a server with settings."""
    write_release(tmp_path / "releases", QUADS)
    with ExitStack() as stack:
        yield lambda **settings: stack.enter_context(serving(tmp_path / "releases", tmp_path, **settings))


def text(served: Serving, path: str, language: str = "de") -> str:
    """The words of a page."""
    reply = served.ask(path, headers={"accept": "text/html", "accept-language": language})
    assert reply.status == 200, reply.text
    return words(html.document_fromstring(reply.text).xpath("//main")[0])


def test_unset_pages_say_that_nothing_is_stated_and_what_the_server_does(start: Start) -> None:
    served = start()

    assert "Wer dieses Angebot betreibt, ist hier nicht angegeben." in text(served, "/imprint")
    assert "Who operates this service is not stated here." in text(served, "/imprint", "en")
    privacy = text(served, "/privacy")
    assert "Es heißt „lang“" in privacy
    assert "nie die vollständige Adresse" in privacy
    assert "hat hier nichts weiter angegeben" in privacy
    assert "https://query.wikidata.org/sparql" in privacy


def test_name_and_addresses_of_the_settings_stand_on_the_imprint(start: Start) -> None:
    served = start(operator_name="Amt für <Daten>", operator_email="daten@a.example", operator_url="https://a.example/")
    page = html.document_fromstring(served.ask("/imprint", headers={"accept": "text/html"}).text)

    assert [words(item) for item in page.xpath("//main//dd")] == [
        "Amt für <Daten>",
        "daten@a.example",
        "https://a.example/",
    ]
    assert page.xpath("//main//dd/a/@href") == ["mailto:daten@a.example", "https://a.example/"]


def test_files_of_the_operator_are_shown_in_the_language_of_the_page(start: Start, tmp_path: Path) -> None:
    (tmp_path / "imprint.de.txt").write_text(
        "# Anschrift\nRathausplatz 1\n12345 Musterstadt\n\n<b>Zweiter</b> Absatz\n"
    )
    (tmp_path / "imprint.en.txt").write_text("# Address\n\nSee https://a.example/contact\n")
    (tmp_path / "privacy.txt").write_text("Der vorgeschaltete Server hält nichts fest.\n")
    served = start(imprint=tmp_path / "imprint.{language}.txt", privacy=tmp_path / "privacy.txt")

    german = html.document_fromstring(served.ask("/imprint?lang=de", headers={"accept": "text/html"}).text)
    assert [words(item) for item in german.xpath("//main//h2")] == ["Anschrift"]
    assert [words(item) for item in german.xpath("//main//p[@class='paragraph']")] == [
        "Rathausplatz 1 12345 Musterstadt",
        "<b>Zweiter</b> Absatz",
    ]
    english = html.document_fromstring(served.ask("/imprint?lang=en", headers={"accept": "text/html"}).text)
    assert english.xpath("//main//p[@class='paragraph']/a/@href") == ["https://a.example/contact"]
    privacy = html.document_fromstring(served.ask("/privacy?lang=en", headers={"accept": "text/html"}).text)
    assert words(privacy.xpath("//main//p[@lang='de']")[0]) == "Der vorgeschaltete Server hält nichts fest."
    assert "stated nothing further" not in words(privacy)


def test_pages_elsewhere_are_linked_in_the_footer_and_redirected_to(start: Start) -> None:
    served = start(imprint="https://a.example/imprint", privacy="https://a.example/privacy")
    reply = served.ask("/imprint")
    footer = html.document_fromstring(served.ask("/", headers={"accept": "text/html"}).text).xpath("//footer//a/@href")

    assert (reply.status, reply.headers["location"]) == (302, "https://a.example/imprint")
    assert footer[-2:] == ["https://a.example/imprint", "https://a.example/privacy"]


def test_privacy_page_follows_the_settings() -> None:
    settings = load_settings(
        log_level="warning", metrics=False, services="", admin_token="a-token-of-enough-characters"
    )
    privacy = " ".join(item.text for item in own_words(settings, translator("de")))

    assert "Der Server protokolliert nur Fehler" in privacy
    assert "kann die Betreuung des Servers ihren Text sehen" in privacy
    assert "SERVICE" not in privacy
    assert "zählt der Server" not in privacy


def test_what_the_privacy_page_says_of_the_log_is_true(start: Start) -> None:
    served = start()
    for path in ("/", "/imprint", "/search?q=geheim"):
        served.ask(path, headers={"accept": "text/html"})
    served.ask("/sparql?query=ASK%7B%7D")
    served.ask("/sparql?query=ASK%7B%3Cgeheim")
    (failed,) = served.wait_for("query", outcome="query-syntax")

    assert {line["client"] for line in served.lines("query")} == {"127.0.0.0/24"}
    assert failed["text"] == "ASK{<geheim"
    assert len(served.lines("query")) == 2
    assert "/search" not in served.log.read_text()
    assert '127.0.0.1"' not in "".join(line for line in served.log.read_text().splitlines() if '"query"' in line)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (None, r"^INTERKOMMUNAL_IMPRINT: .*/imprint\.txt cannot be read \(No such file or directory\)$"),
        (b"Stra\xdfe", r"^INTERKOMMUNAL_IMPRINT: .*/imprint\.txt is not UTF-8$"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line_that_names_the_setting(
    tmp_path: Path, written: bytes | None, message: str
) -> None:
    file = tmp_path / "imprint.txt"
    if written is not None:
        file.write_bytes(written)

    with pytest.raises(SettingsError, match=message):
        operator_of(load_settings(imprint=str(file)))
