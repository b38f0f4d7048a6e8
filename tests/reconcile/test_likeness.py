from __future__ import annotations

import pytest

from interkommunal.reconcile.likeness import LikenessKind, compared, likeness, read
from interkommunal.release.folding import keys


def kind(asked: str, name: str) -> LikenessKind:
    return max(likeness(read(asked), compared(key)).kind for key in keys(name))


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("MUELHEIM an der Ruhr", "Mülheim an der Ruhr"),
        ("Mülheim/Ruhr", "Mülheim an der Ruhr"),
        ("Essen (Stadt)", "Stadt Essen"),
        ("kreisfreie Stadt Essen", "Stadt Essen"),
        ("Bestpractice Beispiele", "Best-Practice-Beispiele"),
        ("St. Marien", "Sankt Marien"),
        ("Kultur & Sport", "Kultur und Sport"),
        ("Dezernentinnen", "Dezernent*innen"),
        ("Strasse", "Straße"),
    ],
)
def test_spelling_order_and_light_words_make_no_other_name(asked: str, name: str) -> None:
    assert kind(asked, name) is LikenessKind.SAME


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("Mülheim a. d. Ruhr", "Mülheim an der Ruhr"),
        ("Mülheim a.d.R.", "Mülheim an der Ruhr"),
        ("Essens", "Essen"),
        ("des Regionalverbandes Ruhr", "Regionalverband Ruhr"),
        ("interkomm. Forum Integration 2012", "Interkommunales Forum Integration 2012"),
        ("Interkommunale Foren", "Interkommunalen Foren"),
    ],
)
def test_inflected_and_abbreviated_words_are_recognised(asked: str, name: str) -> None:
    assert kind(asked, name) is LikenessKind.INFLECTED


@pytest.mark.parametrize(
    ("asked", "name"), [("Gelsenkrichen", "Gelsenkirchen"), ("Regionalverbnad Ruhr", "Regionalverband Ruhr")]
)
def test_long_name_may_have_a_typing_error(asked: str, name: str) -> None:
    assert kind(asked, name) is LikenessKind.MISSPELT


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("Werne", "Herne"),
        ("Herten", "Herne"),
        ("Essener", "Essen"),
        ("Essen (Oldenburg)", "Essen"),
        ("Geilenkirchen", "Gelsenkirchen"),
        ("Mülheim an der Rur", "Mülheim an der Ruhr"),
        ("Interkulturelle Städteregion Rhein", "Interkulturelle Städteregion Ruhr"),
        ("Interkommunales Forum Integration 2013", "Interkommunales Forum Integration 2012"),
        ("Heft 3", "Heft 4"),
        ("M. a. d. R.", "Mülheim an der Ruhr"),
        ("der die das", "und"),
    ],
)
def test_what_may_be_another_name_is_none_of_these(asked: str, name: str) -> None:
    assert kind(asked, name) is LikenessKind.PARTIAL


def test_number_is_the_same_or_another_one() -> None:
    same = likeness(read("Forum 2012"), compared("interkommunales forum integration 2012"))
    other = likeness(read("Forum 2012"), compared("interkommunales forum integration 2013"))

    assert (round(same.value, 2), round(other.value, 2)) == (0.8, 0.4)


@pytest.mark.parametrize("text", ["", " ", "!!!", "\0", "„“", "a" * 100_000, "x " * 50_000])
def test_anything_can_be_read(text: str) -> None:
    assert 0 <= likeness(read(text), compared("essen")).value <= 0.99
