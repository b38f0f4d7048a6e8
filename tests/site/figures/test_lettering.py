from __future__ import annotations

from interkommunal.site.figures.svg import width, wrap


def test_wide_letters_take_more_room_than_narrow_ones() -> None:
    assert width("MMM", 10) > width("aaa", 10) > width("iii", 10)
    assert width("", 10) == 0


def test_text_is_broken_between_words() -> None:
    assert wrap("Kontrakt Interkulturelle Städteregion Ruhr", 120, 12) == (
        "Kontrakt",
        "Interkulturelle",
        "Städteregion Ruhr",
    )


def test_no_line_is_wider_than_allowed() -> None:
    text = "Mitarbeiterin oder Mitarbeiter eines Kommunalen Integrationszentrums " + "x" * 80

    assert all(width(line, 13) <= 90 for line in wrap(text, 90, 13))
    assert "".join(wrap(text, 90, 13)).replace(" ", "") == text.replace(" ", "")


def test_long_word_is_parted_at_its_hyphen_and_keeps_it() -> None:
    assert wrap("Ennepe-Ruhr-Kreis", 60, 12) == ("Ennepe-", "Ruhr-Kreis")


def test_text_beyond_the_last_line_is_cut_visibly() -> None:
    lines = wrap("eins zwei drei vier fünf sechs sieben", 60, 12, lines=2)

    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert width(lines[-1], 12) <= 60


def test_empty_text_is_one_empty_line() -> None:
    assert wrap("", 50, 12) == ("",)
