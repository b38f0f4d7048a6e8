"""Positions and lines of a text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interkommunal.content import Content
from interkommunal.errors import SourceError
from interkommunal.graph.quotes import SourceText, read_text


def test_lines_are_counted_from_one_and_end_at_line_feeds() -> None:
    text = SourceText("eins\n\ndrei\n")
    assert text.lines == ("eins", "", "drei")
    assert text.line(3) == "drei"


def test_exotic_separators_end_no_line() -> None:
    text = SourceText("a\u2028b\x0cc\x85d\ne")
    assert text.lines == ("a\u2028b\x0cc\x85d", "e")


def test_span_leaves_out_the_last_line_feed() -> None:
    text = SourceText("eins\nzwei\ndrei\n")
    assert text.span(2, 2) == (5, 9)
    assert text.span(1, 2) == (0, 9)


def test_positions_count_code_points() -> None:
    text = SourceText("ä😀ö\nü")
    assert text.occurrences("ö") == [2]
    assert text.line_at(4) == 2


def test_a_line_feed_belongs_to_the_line_it_ends() -> None:
    text = SourceText("ab\ncd\n")
    assert [text.line_at(at) for at in range(6)] == [1, 1, 1, 2, 2, 2]


def test_occurrences_may_overlap() -> None:
    assert SourceText("aaaa").occurrences("aa") == [0, 1, 2]


def test_lines_between_names_every_line_touched() -> None:
    assert list(SourceText("ab\ncd\nef").lines_between(1, 7)) == [1, 2, 3]


@given(st.lists(st.text(alphabet="ab ä😀", max_size=5), min_size=1, max_size=8))
def test_every_span_gives_its_line_back(lines: list[str]) -> None:
    text = SourceText("\n".join(lines))
    for number, line in enumerate(text.lines, start=1):
        start, end = text.span(number, number)
        assert text.text[start:end] == line
        assert text.line_at(start) == number


def test_the_shipped_text_is_the_one_that_was_read(content: Content) -> None:
    text = read_text(content.data / "sources/grundlagen/text.txt")
    assert text.sha256 == "2b9c6707608aea0520f7fa9ccbfff502418bc335fcb56701828b859b7b3516d0"
    assert len(text.text) == 11154
    assert text.text.index("Bochum, 28.05.2010") == 3668
    assert text.line(39) == "Bochum, 28.05.2010"


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"eins\r\nzwei", "file.txt:1: the text has carriage returns; save it with line feeds (LF) only"),
        (b"\xff\xfe", "file.txt: the text is not UTF-8 (byte 0); save it as UTF-8"),
        (b"\xef\xbb\xbfeins", "file.txt:1: the text starts with a byte order mark; save it as UTF-8 without one"),
    ],
)
def test_a_text_that_would_shift_positions_is_refused(tmp_path: Path, raw: bytes, message: str) -> None:
    (tmp_path / "file.txt").write_bytes(raw)
    with pytest.raises(SourceError) as caught:
        read_text(tmp_path / "file.txt", Path("file.txt"))
    assert str(caught.value) == message


def test_a_missing_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"text\.txt: the text of the source is missing"):
        read_text(tmp_path / "text.txt", Path("text.txt"))
