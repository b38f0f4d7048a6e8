from interkommunal.site.description.passages import Passage, SourceText
from interkommunal.site.reader import marked

TEXT = "eins zwei drei\n\nvier fünf\nsechs\n"


def passage(name: str, exact: str, start: int | None = None) -> Passage:
    begin = TEXT.index(exact) if start is None else start
    return Passage(
        f"https://x/{name}", "https://x/s", name, 1, 1, begin, begin + len(exact), exact, "", "",
        None, (), None, None,
    )  # fmt: skip


def pieces(*passages: Passage) -> list[list[tuple[str, str, bool]]]:
    lines = marked(SourceText(TEXT), passages)
    return [
        [(item.text, " ".join(found.name for found in item.passages), item.opens) for item in line.stretches]
        for line in lines
    ]


def test_every_line_is_there_also_an_empty_one() -> None:
    assert pieces() == [[("eins zwei drei", "", False)], [], [("vier fünf", "", False)], [("sechs", "", False)]]
    lines = marked(SourceText(TEXT), ())
    assert [line.is_empty for line in lines] == [False, True, False, False]
    assert [line.anchor for line in lines] == ["L001", "L002", "L003", "L004"]


def test_a_passage_is_cut_out_of_its_line() -> None:
    assert pieces(passage("a", "zwei"))[0] == [("eins ", "", False), ("zwei", "a", True), (" drei", "", False)]


def test_a_nested_passage_comes_first_and_the_outer_one_goes_on_around_it() -> None:
    assert pieces(passage("out", "eins zwei drei"), passage("in", "zwei"))[0] == [
        ("eins ", "out", True),
        ("zwei", "in out", True),
        (" drei", "out", False),
    ]


def test_overlapping_passages_share_a_piece() -> None:
    assert pieces(passage("a", "eins zwei"), passage("b", "zwei drei"))[0] == [
        ("eins ", "a", True),
        ("zwei", "b a", True),
        (" drei", "b", False),
    ]


def test_a_passage_over_two_lines_is_opened_once() -> None:
    found = pieces(passage("a", "fünf\nsechs"))
    assert found[2] == [("vier ", "", False), ("fünf", "a", True)]
    assert found[3] == [("sechs", "a", False)]


def test_of_two_equal_passages_one_is_led_to_by_the_margin() -> None:
    lines = marked(SourceText(TEXT), (passage("a", "sechs"), passage("b", "sechs")))
    assert [item.name for item in lines[3].hidden] == ["b"]


def test_a_passage_that_the_text_does_not_hold_is_left_out() -> None:
    assert pieces(passage("a", "zwei", start=0))[0] == [("eins zwei drei", "", False)]
