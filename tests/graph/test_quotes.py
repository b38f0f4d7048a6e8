"""Quotes are found, or the message says how to mend them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interkommunal.errors import QuoteError
from interkommunal.graph.dataset import Place
from interkommunal.graph.passages import PassageName
from interkommunal.graph.quotes import Quote, SourceText, quote_at, resolve

TEXT = SourceText(
    "Grundlagen\n"
    "\n"
    "Der Kontrakt „Interkulturelle Städteregion“ gilt.\n"
    "Witt\n"
    "Witt\n"
    "Oberbürgermeister Stadt Essen\n"
    "Essen lud ein, Essen zahlte.\n"
)
PLACE = Place(Path("data/x.trig"), 12)


def find(lines: tuple[int, int], exact: str, prefix: str | None = None) -> Quote:
    return resolve(TEXT, PassageName("x", *lines), exact, prefix, PLACE)


def refusal(lines: tuple[int, int], exact: str, prefix: str | None = None) -> str:
    with pytest.raises(QuoteError) as caught:
        find(lines, exact, prefix)
    assert (caught.value.file, caught.value.line) == (PLACE.file, PLACE.line)
    return caught.value.message


def test_a_quote_gets_its_positions_and_what_stands_around_it() -> None:
    quote = find((3, 3), "Kontrakt")
    assert quote == Quote(16, 24, "Kontrakt", "Grundlagen\n\nDer ", " „Interkulturelle Städteregion“ ", range(3, 4))


def test_a_quote_may_span_lines() -> None:
    quote = find((4, 6), "Witt\nWitt\nOberbürgermeister Stadt Essen")
    assert list(quote.lines) == [4, 5, 6]


def test_a_quote_at_the_end_has_no_suffix() -> None:
    assert quote_at(SourceText("abc"), 0, 3).suffix == ""


def test_the_lines_named_choose_between_equal_quotes() -> None:
    assert find((4, 4), "Witt").start < find((5, 5), "Witt").start


def test_a_prefix_chooses_between_equal_quotes_in_one_line() -> None:
    assert find((7, 7), "Essen", "ein, ").start == TEXT.text.index("Essen zahlte")


def test_a_prefix_may_reach_into_the_line_before() -> None:
    assert find((7, 7), "Essen", "Stadt Essen\n").start == TEXT.text.index("Essen lud")


def test_an_ambiguous_quote_is_refused_with_the_places_and_prefixes_to_choose_by() -> None:
    first, second = TEXT.text.index("Essen lud"), TEXT.text.index("Essen zahlte")
    assert refusal((7, 7), "Essen") == (
        'L007: the quote "Essen" stands 2 times there; choose one: '
        f'position {first} (line 7) with oa:prefix "Essen\\n" or {second} (line 7) with oa:prefix "ein, "'
    )


def test_the_proposed_prefixes_work() -> None:
    assert find((7, 7), "Essen", "Essen\n").start == TEXT.text.index("Essen lud")
    assert find((7, 7), "Essen", "ein, ").start == TEXT.text.index("Essen zahlte")


def test_a_prefix_that_does_not_choose_is_refused() -> None:
    assert refusal((4, 5), "Witt", "") == (
        'L004-L005: the quote still stands 2 times after oa:prefix ""; make the prefix longer'
    )


def test_a_prefix_that_stands_elsewhere_is_refused_with_what_stands_there() -> None:
    assert refusal((3, 3), "Kontrakt", "Ein ") == (
        'L003: oa:prefix "Ein " does not stand directly before the quote; there stands "Grundlagen\\n\\nDer "'
    )


def test_a_quote_in_other_lines_is_refused_with_those_lines() -> None:
    assert refusal((3, 3), "Witt") == (
        "L003: the quote stands in other lines: L004 and L005; name the passage after them"
    )
    assert refusal((4, 5), "Witt\nOberbürgermeister Stadt Essen") == (
        "L004-L005: the quote stands in other lines: L005-L006; name the passage after them"
    )


def test_a_quote_with_another_quotation_mark_is_refused_with_the_character_that_differs() -> None:
    assert refusal((3, 3), 'Der Kontrakt „Interkulturelle Städteregion" gilt.') == (
        "L003: the quote is not in the text. Nearest is line 3; the first difference is at character 43 of the quote: "
        "it has '\"' (U+0022 quotation mark), the text has '“' (U+201C left double quotation mark), "
        'after "turelle Städteregion"'
    )


def test_a_quote_that_goes_on_where_the_line_ends_is_refused() -> None:
    assert refusal((6, 6), "Oberbürgermeister Stadt Essen!") == (
        "L006: the quote is not in the text. Nearest is line 6; the first difference is at character 30 of the quote: "
        "it has '!' (U+0021 exclamation mark), the text has nothing more, "
        'after "rmeister Stadt Essen"'
    )


def test_a_quote_that_lacks_a_letter_is_refused_where_the_letter_is_missing() -> None:
    assert refusal((3, 3), "Interkulturelle Städtregion") == (
        "L003: the quote is not in the text. Nearest is line 3; the first difference is at character 22 of the quote: "
        "it has 'r' (U+0072 latin small letter r), the text has 'e' (U+0065 latin small letter e), "
        'after "nterkulturelle Städt"'
    )


def test_a_quote_that_is_wrong_from_its_beginning_is_refused_at_its_first_character() -> None:
    assert refusal((6, 6), "Bberbürgermeister Stadt") == (
        "L006: the quote is not in the text. Nearest is line 6; the first difference is at character 1 of the quote: "
        "it has 'B' (U+0042 latin capital letter b), the text has 'O' (U+004F latin capital letter o)"
    )


def test_a_line_break_written_as_a_blank_is_refused_with_its_place() -> None:
    assert refusal((5, 6), "Witt Oberbürgermeister Stadt Essen") == (
        "L005-L006: the quote stands in L005-L006 with other white space: after \"Witt\" it has ' ' (U+0020 space), "
        "the text has '\\n' (U+000A control character); a line break is written \\n"
    )


def test_white_space_around_a_quote_is_refused() -> None:
    assert refusal((6, 6), " Oberbürgermeister  ") == (
        "L006: the quote stands in L006 without the white space around it; leave that out"
    )


def test_a_misspelt_quote_of_several_lines_is_refused_with_the_nearest_lines() -> None:
    message = refusal((4, 6), "Witt\nWitte\nOberbürgermeister Stadt Essen")
    assert message.startswith("L004-L006: the quote is not in the text. Nearest is lines 4 to 6; the first difference")


def test_words_far_from_the_text_still_name_a_line() -> None:
    assert "Nearest is line" in refusal((1, 1), "Etwas ganz anderes, das nirgends steht")


def test_an_empty_quote_is_refused() -> None:
    assert refusal((1, 1), " ") == "L001: the quote is empty; write the words it stands for"


def test_lines_beyond_the_text_are_refused() -> None:
    assert refusal((9, 9), "x") == "L009 is beyond the text, which has 7 lines"


@given(st.text(alphabet="ab \n", min_size=1, max_size=30), st.data())
def test_a_quote_is_the_text_at_its_position_or_refused(body: str, data: st.DataObject) -> None:
    text = SourceText(body)
    start = data.draw(st.integers(0, len(body) - 1))
    end = data.draw(st.integers(start + 1, len(body)))
    lines = text.lines_between(start, end)
    name = PassageName("x", lines[0], lines[-1])
    try:
        quote = resolve(text, name, body[start:end], body[:start], PLACE)
    except QuoteError:
        return
    assert text.text[quote.start : quote.end] == quote.exact == body[start:end]
    assert text.text.endswith(quote.prefix, 0, quote.start)
