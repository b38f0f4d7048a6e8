"""The normal form of typed text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interkommunal.normal import normal_text, visible

INVISIBLE = "\u00ad\u034f\u180e\u200b\u200c\u200d\u2060\u2063\ufe0f\ufeff\u200e\u200f\u202a\u202c"


@pytest.mark.parametrize("sign", INVISIBLE, ids=lambda sign: f"U+{ord(sign):04X}")
@pytest.mark.parametrize("place", [0, 2, 5])
def test_an_invisible_character_in_a_word_of_latin_letters_goes(sign: str, place: int) -> None:
    assert normal_text("Essen"[:place] + sign + "Essen"[place:]) == "Essen"


def test_canonically_equivalent_texts_become_the_same() -> None:
    assert normal_text("Fo\u0308rderung") == normal_text("F\u00f6rderung") == "F\u00f6rderung"


def test_an_invisible_character_between_letter_and_accent_does_not_part_them() -> None:
    assert normal_text("Fo\u00ad\u0308rderung") == "F\u00f6rderung"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", id="Persian with a non-joiner"),
        pytest.param("\u0915\u094d\u200d\u0937", id="Devanagari with a joiner after the virama"),
        pytest.param("\u0dc1\u0dca\u200d\u0dbb\u0dd3", id="Sinhala"),
        pytest.param("\U0001f469\u200d\U0001f4bb", id="one emoji of two"),
        pytest.param("\u2764\ufe0f\u200d\U0001f525", id="emoji with a selector"),
        pytest.param("\U0001f44b\U0001f3fd\u200d\u2642\ufe0f", id="emoji with a skin colour"),
        pytest.param("\u05e9\u05dc\u05d5\u05dd\u200e (Essen)", id="Hebrew with a mark of direction"),
    ],
)
def test_invisible_characters_that_mean_something_stay(text: str) -> None:
    assert normal_text(text) == text


def test_a_joiner_goes_where_only_one_side_is_an_emoji() -> None:
    assert normal_text("Essen\u200d\U0001f469") == "Essen\U0001f469"


@given(st.text(st.one_of(st.characters(), st.sampled_from(INVISIBLE + "o\u0308\u0645\u0915\u094d\U0001f469\ufe0f"))))
def test_normal_form_is_stable_and_composed(text: str) -> None:
    once = normal_text(text)

    assert normal_text(once) == once
    assert unicodedata.is_normalized("NFC", once)


def test_what_nobody_sees_is_named_in_messages() -> None:
    assert visible("\ufeffSELECT\u00a0*\t") == "U+FEFFSELECTU+00A0*U+0009"
    assert visible("Städte im Ruhrgebiet") == "Städte im Ruhrgebiet"
