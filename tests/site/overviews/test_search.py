from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.spelling import SPELLINGS

from interkommunal.errors import QueryTimeout, ReleaseError
from interkommunal.namespaces import ID, IK
from interkommunal.release.release import Release
from interkommunal.site.overviews.search import (
    SearchIndex,
    SearchResult,
    Segment,
    excerpt,
    highlighted,
    open_search_index,
)

MUELHEIM = f"{ID}city/muelheim"


@pytest.fixture(scope="module")
def index(release: Release) -> Iterator[SearchIndex]:
    opened = SearchIndex(release.path("search.sqlite"))
    yield opened
    opened.close()


def irs(found: SearchResult) -> list[str]:
    return [hit.iri for group in found.groups for hit in group.hits]


def shown(segments: tuple[Segment, ...]) -> str:
    """Text with its matches in brackets."""
    return "".join(f"[{text}]" if match else text for text, match in segments)


@pytest.mark.parametrize(
    "typed",
    ["Mülheim", "mülheim", "MÜLHEIM", "Muelheim", "Mulheim", "Mülhiem", "Mühlheim", "Muehlheim", "mülh", "lheim"],
)
def test_city_is_found_however_it_is_typed(index: SearchIndex, typed: str) -> None:
    found = index.find(typed, "de")

    assert found.groups[0].hits[0].iri == MUELHEIM
    assert found.groups[0].name == "Stadt"


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_name_of_the_index_is_found_however_it_is_spelt(
    index: SearchIndex, release: Release, spelling: str
) -> None:
    with sqlite3.connect(release.path("search.sqlite")) as database:
        names = [text for (text,) in database.execute("SELECT DISTINCT text FROM name ORDER BY text")]
    # Every name in one of the spellings, and those with umlauts in all.
    turn = list(SPELLINGS).index(spelling)
    chosen = [text for i, text in enumerate(names) if i % len(SPELLINGS) == turn or not text.isascii()][:150]
    assert len(chosen) == 150

    for text in chosen:
        spelt = SPELLINGS[spelling](text)
        found = index.find(spelt, "de")
        assert found == index.find(text, "de"), ascii(spelt)
        assert found.total > 0
        assert index.suggest(spelt, "de") == index.suggest(text, "de"), ascii(spelt)


def test_corrected_word_is_named(index: SearchIndex) -> None:
    assert index.find("Mülhiem", "de").corrections == {"Mülhiem": "Mülheim"}
    assert index.find("Mülheim", "de").corrections == {}


@pytest.mark.parametrize(
    "typed", ["Städtekooperation", "staedtekooperation", "Staedtekoop", "stadtekoop", "tekooperat"]
)
def test_part_of_a_compound_finds_it(index: SearchIndex, typed: str) -> None:
    assert f"{ID}cooperation/integration-interkommunal" in irs(index.find(typed, "de"))


@pytest.mark.parametrize("typed", ["Willkomenskultur", "Wilkommenskultur", "Willkommenskulturr"])
def test_typing_error_is_forgiven(index: SearchIndex, typed: str) -> None:
    found = index.find(typed, "de")

    assert "[Willkommenskultur]" in shown(found.groups[0].hits[0].label)


def test_sharp_s_and_double_s_are_the_same(index: SearchIndex) -> None:
    assert irs(index.find("feste Größe", "de")) == irs(index.find("feste Groesse", "de")) != []
    assert irs(index.find("feste Grosse", "de")) == irs(index.find("feste Größe", "de"))


def test_signs_of_gender_are_no_obstacle(index: SearchIndex) -> None:
    found = index.find("Dezernentinnen", "de")

    assert f"{ID}role/dezernent-in" in irs(found)
    assert "[Dezernent*innen]" in shown(found.groups[0].hits[0].sentence)


def test_words_may_stand_in_the_name_and_in_a_sentence_about_it(index: SearchIndex) -> None:
    found = index.find("Essen Forum", "de")

    assert {f"{ID}event/forum-2009", f"{ID}event/forum-2011"} <= set(irs(found))
    assert f"{ID}event/forum-2010" not in irs(found)


def test_compound_that_nobody_wrote_is_parted(index: SearchIndex) -> None:
    assert f"{ID}event/forum-2010" in irs(index.find("Vielfaltsforum", "de"))


def test_hit_shows_the_sentence_that_matches(index: SearchIndex) -> None:
    found = index.find("inzwischen neun Kommunen", "de")

    hits = {hit.iri: hit for group in found.groups for hit in group.hits}
    sentence = hits[f"{ID}passage/grundlagen/L019.2"].sentence
    assert shown(sentence) == "[inzwischen] [neun] [Kommunen] der Städtekooperation"


def test_status_of_a_passage_is_told(index: SearchIndex) -> None:
    found = index.find("Frank Frank", "de", lambda class_: class_ == f"{IK}Passage", most=20)

    statuses = {name for hit in found.groups[0].hits for _, name in hit.statuses}
    assert "Beschädigt" in statuses


def test_labels_are_in_the_language_of_the_page(index: SearchIndex) -> None:
    assert index.find("Essen", "en").groups[0].name == "City"
    assert f"{ID}unit/regiegruppe" in irs(index.find("steering group", "en"))


def test_official_key_finds_its_city(index: SearchIndex) -> None:
    assert irs(index.find("05911", "de")) == [f"{ID}city/bochum"]


def test_some_words_are_enough_if_no_entry_has_all_and_that_is_said(index: SearchIndex) -> None:
    found = index.find("Kontrakt Xyzzyqw", "de")

    assert found.loose
    assert found.total > 0
    assert not index.find("Kontrakt 2010", "de").loose


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        '"',
        '"""',
        "*",
        "NEAR(",
        "NEAR(Essen Bochum, 2)",
        "Essen AND",
        "OR OR",
        "NOT",
        "label:Essen",
        "-Essen",
        "^Essen",
        "{label} : Essen",
        "Essen*",
        '"Essen',
        "'; DROP TABLE entry; --",
        "(((((",
        "\x00",
        "Essen\x00Bochum",
        "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
        "א ש",
        "%_",
        "a" * 10_000,
        "Essen " * 5_000,
    ],
)
def test_hostile_input_is_only_words(index: SearchIndex, typed: str) -> None:
    found = index.find(typed, "de")
    suggestions = index.suggest(typed, "de")

    assert len(suggestions) <= 8
    assert found.cut == (len(typed) > 200)


@pytest.mark.parametrize("typed", ["Essen*", '"Essen', "-Essen", "^Essen", "(Essen)", "Essen;"])
def test_signs_around_a_word_do_not_matter(index: SearchIndex, typed: str) -> None:
    assert index.find(typed, "de") == index.find("Essen", "de")


def test_nothing_typed_finds_nothing(index: SearchIndex) -> None:
    assert index.find("", "de") == SearchResult(0, ())
    assert index.suggest("", "de") == []


def test_word_that_resembles_nothing_finds_nothing(index: SearchIndex) -> None:
    assert index.find("Xyzzyqw", "de").total == 0


def test_suggestions_are_names_that_go_on_like_this(index: SearchIndex) -> None:
    suggestions = index.suggest("Mül", "de")

    assert (suggestions[0].label, suggestions[0].kind, suggestions[0].iri) == ("Mülheim an der Ruhr", "Stadt", MUELHEIM)
    assert index.suggest("muel", "de")[0].iri == MUELHEIM
    assert "Willkommenskultur" in index.suggest("Willkomenskult", "de")[0].label


def test_result_is_read_page_by_page(index: SearchIndex) -> None:
    def passages(first: int) -> list[str]:
        return irs(index.find("Städtekooperation", "de", lambda class_: class_ == f"{IK}Passage", first, 10))

    assert len(passages(0)) == 10
    assert not set(passages(0)) & set(passages(10))


def test_index_is_opened_for_reading_only(index: SearchIndex) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        index._database.execute("DELETE FROM entry")


def test_search_that_takes_too_long_is_given_up(release: Release) -> None:
    hurried = SearchIndex(release.path("search.sqlite"), seconds=-1.0)

    with pytest.raises(QueryTimeout):
        hurried.find("a b c d e f g h i j k l", "de")
    hurried.close()


def test_file_that_is_no_index_is_refused(tmp_path: Path) -> None:
    (tmp_path / "search.sqlite").write_bytes(b"not a database, but long enough to be looked at" * 100)

    with pytest.raises(ReleaseError):
        SearchIndex(tmp_path / "search.sqlite")
    assert open_search_index(tmp_path / "search.sqlite") is None
    assert open_search_index(tmp_path / "nothing") is None


def test_index_of_another_format_is_refused(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "search.sqlite")
    other.execute("PRAGMA user_version = 99")
    other.execute("CREATE TABLE entry (id)")
    other.close()

    with pytest.raises(ReleaseError, match="format 99"):
        SearchIndex(tmp_path / "search.sqlite")


def test_whole_words_are_marked_where_a_part_matches() -> None:
    assert shown(highlighted("Die interkulturelle Kultur in Köln", [("kultur",), ("koln", "koeln")])) == (
        "Die [interkulturelle] [Kultur] in [Köln]"
    )
    assert shown(highlighted("in der Innenstadt", [("in",)])) == "[in] der [Innenstadt]"
    assert shown(highlighted("Berlin", [("in",)])) == "Berlin"


def test_long_text_is_cut_around_its_first_match() -> None:
    text = "Anfang " * 50 + "Treffer und " + "Ende " * 80

    cut = "".join(segment.text for segment in excerpt(highlighted(text, [("treffer",)])))

    assert cut.startswith("… Anfang")
    assert "Treffer und" in cut
    assert cut.endswith(" …")
    assert len(cut) < 300


def test_short_text_is_shown_whole() -> None:
    assert shown(excerpt(highlighted("Ein Satz.", [("satz",)]))) == "Ein [Satz]."
