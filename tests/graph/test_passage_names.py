"""What a passage IRI says."""

from __future__ import annotations

import pytest

from interkommunal.graph.passages import PassageName, parse_passage

BASE = "https://w3id.org/interkommunal/id/passage/"


@pytest.mark.parametrize(
    ("iri", "name"),
    [
        ("grundlagen/L019", PassageName("grundlagen", 19, 19)),
        ("grundlagen/L041-L043", PassageName("grundlagen", 41, 43)),
        ("grundlagen/L156.2", PassageName("grundlagen", 156, 156, 2)),
        ("grundlagen/L041-L043.10", PassageName("grundlagen", 41, 43, 10)),
        ("bericht-2024/L1234", PassageName("bericht-2024", 1234, 1234)),
    ],
)
def test_an_iri_names_source_lines_and_number(iri: str, name: PassageName) -> None:
    assert parse_passage(BASE + iri) == name
    assert name.iri == BASE + iri


@pytest.mark.parametrize(
    "iri",
    [
        "grundlagen/L19",
        "grundlagen/L0019",
        "grundlagen/L000",
        "grundlagen/L043-L041",
        "grundlagen/L041-L041",
        "grundlagen/L019.0",
        "grundlagen/L019.01",
        "grundlagen/L019-selector",
        "grundlagen/19",
        "grundlagen",
        "Grundlagen/L019",
        "grundlagen/L01٩",
    ],
)
def test_any_other_spelling_is_refused(iri: str) -> None:
    with pytest.raises(ValueError, match=r"names no lines|counts wrong|must be spelt"):
        parse_passage(BASE + iri)


def test_another_iri_is_no_passage() -> None:
    with pytest.raises(
        ValueError, match=r"is no passage; a passage starts with https://w3id\.org/interkommunal/id/passage/"
    ):
        parse_passage("https://w3id.org/interkommunal/graph/editorial")


def test_labels_name_the_source_the_lines_and_the_place() -> None:
    assert PassageName("x", 19, 19, 1).label("de", "Bund") == "Bund, Zeile 19, Stelle 1"
    assert PassageName("x", 19, 19, 1).label("en", "League") == "League, line 19, passage 1"
    assert PassageName("x", 41, 43).label("de", "Bund") == "Bund, Zeilen 41–43"
    assert PassageName("x", 41, 43).label("en", "League") == "League, lines 41–43"
