from __future__ import annotations

import pytest
from tests.spelling import SPELLINGS

from interkommunal.release.folding import Word, folded, forms, keys, words


@pytest.mark.parametrize(
    ("word", "its"),
    [
        ("Essen", ("essen",)),
        ("Mülheim", ("mulheim", "muelheim")),
        ("MÜLHEIM", ("mulheim", "muelheim")),
        ("Muelheim", ("muelheim",)),
        ("Straße", ("strasse",)),
        ("STRASSE", ("strasse",)),
        ("Größe", ("grosse", "groesse")),
        ("Öffnung", ("offnung", "oeffnung")),
        ("Dezernent*innen", ("dezernentinnen",)),
        ("Café", ("cafe",)),
        ("Łódź", ("lodz", "łodz")),
        ("2010", ("2010",)),
    ],
)
def test_word_has_a_form_without_accents_and_one_in_german_spelling(word: str, its: tuple[str, ...]) -> None:
    assert forms(word) == its


def test_umlaut_of_two_signs_is_the_same_as_one() -> None:
    assert forms("Mu\u0308lheim") == forms("M\u00fclheim")


def test_words_are_found_with_their_places() -> None:
    assert list(words("Die „Stadt“ welcome.ruhr, Vertreter*innen")) == [
        Word("Die", 0, 3),
        Word("Stadt", 5, 10),
        Word("welcome", 12, 19),
        Word("ruhr", 20, 24),
        Word("Vertreter*innen", 26, 41),
    ]


def test_sign_that_is_in_no_word_counts_for_nothing() -> None:
    assert list(words('* " ( ) NEAR/2 _ - ´')) == [Word("NEAR", 8, 12), Word("2", 13, 14)]


def test_colon_between_words_parts_them_unless_it_names_a_gender() -> None:
    assert [word.text for word in words("label:Essen Dezernent:innen")] == ["label", "Essen", "Dezernent:innen"]


def test_text_is_folded_with_all_forms_in_its_order() -> None:
    assert folded("Städte im Ruhrgebiet") == "stadte staedte im ruhrgebiet"


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_text_is_the_same_however_it_is_spelt(spelling: str) -> None:
    text = "Förderung der St. Städte & Dezernent*innen"

    assert folded(SPELLINGS[spelling](text)) == folded(text)
    assert keys(SPELLINGS[spelling](text)) == keys(text)
