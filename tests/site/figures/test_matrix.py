from __future__ import annotations

from tests.site.figures.drawings import classed, links, texts

from interkommunal.site.figures.figure import Size
from interkommunal.site.figures.matrix import MatrixCell, MatrixHead, draw_matrix

COLUMNS = [
    MatrixHead("vertrag", "Vertrag (2003)", "2003", "/doc/vertrag"),
    MatrixHead("kontrakt", "Kontrakt (2010)", "2010", "/doc/kontrakt"),
    MatrixHead("block", "Unterschriftenblock", "Block 2010", "/doc/text", block=True),
]
LINES = [
    MatrixHead("essen", "Essen", "Essen", "/doc/essen"),
    MatrixHead("bottrop", "Bottrop", "Bottrop", "/doc/bottrop"),
]
PARTS = [
    MatrixCell("essen", "vertrag", "role-party", "Vertragspartei", "2003", "/doc/p1"),
    MatrixCell("essen", "kontrakt", "role-first-signatory", "Erstunterzeichnerin", "2010", "/doc/p2"),
    MatrixCell(
        "bottrop", "kontrakt", "role-acceding-party", "Beigetretene", "28. Mai 2010 oder später", "/doc/p3", doubt=True
    ),
    MatrixCell("bottrop", "block", "entry", "Eintrag 9", "", "/doc/s9", doubt=True),
]


def test_cells_have_mark_word_and_date() -> None:
    drawn = draw_matrix(COLUMNS, LINES, PARTS, "de", Size.WIDE)

    assert texts(drawn, "matrix-word") == ["Vertragspartei", "Erstunterzeichnerin", "Beigetretene", "Eintrag 9"]
    assert texts(drawn, "matrix-time") == [
        "2003",
        "2010",
        "28. Mai 2010 oder später · im Widerspruch",
        "im Widerspruch",
    ]
    shapes = [name for part in classed(drawn, "matrix-part") for item in part for name in item.get("class", "").split()]
    assert [name for name in shapes if name.startswith("shape-")] == [
        "shape-diamond",
        "shape-disc",
        "shape-ring",
        "shape-square",
    ]


def test_city_that_is_not_named_is_said_to_be_not_named() -> None:
    drawn = draw_matrix(COLUMNS, LINES, PARTS, "en", Size.WIDE)

    assert texts(drawn, "matrix-empty") == ["not named", "not named"]


def test_only_the_signature_block_is_hatched() -> None:
    drawn = draw_matrix(COLUMNS, LINES, PARTS, "de", Size.WIDE)

    (block,) = classed(drawn, "matrix-block")
    assert block.get("fill") == "url(#matrix-wide-block)"
    assert block.get("x") == "640"


def test_cell_in_conflict_has_a_hatched_edge() -> None:
    drawn = draw_matrix(COLUMNS, LINES, PARTS, "de", Size.WIDE)

    doubtful = [
        item for part in classed(drawn, "matrix-part") for item in part if item.get("fill") == "url(#matrix-wide-doubt)"
    ]
    assert len(doubtful) == 2


def test_every_name_and_cell_leads_somewhere_and_says_what_it_is() -> None:
    drawn = draw_matrix(COLUMNS, LINES, PARTS, "de", Size.WIDE)

    named = "Beigetretene 28. Mai 2010 oder später · im Widerspruch, Bottrop, Kontrakt (2010)"
    assert links(drawn)[named] == "/doc/p3"
    assert links(drawn)["Essen"] == "/doc/essen"
    assert links(drawn)["Unterschriftenblock"] == "/doc/text"


def test_narrow_matrix_has_short_names_and_explains_its_marks() -> None:
    drawn = draw_matrix(COLUMNS, LINES, PARTS, "de", Size.NARROW)

    assert texts(drawn, "matrix-head") == ["2003", "2010", "Block 2010"]
    assert texts(drawn, "matrix-word") == []
    assert texts(drawn, "shape-query") == ["?", "?"]
    assert texts(drawn, "figure-legend") == [
        "Vertragspartei",
        "Erstunterzeichnerin",
        "Beigetretene",
        "Eintrag im Unterschriftenblock",
        "? im Widerspruch",
        "nicht genannt",
    ]


def test_rows_stand_in_the_order_given() -> None:
    drawn = draw_matrix(COLUMNS, LINES[::-1], PARTS, "de", Size.WIDE)

    assert texts(drawn, "matrix-name") == ["Bottrop", "Essen"]
