from interkommunal.site.description.passages import Passage, QuoteInContext, SourceText, without_text

TEXT = (
    "Erste Zeile.\n"
    "\n"
    "Am 20. September 2011 kam Dr. Scholz nach Bochum. Der Kontrakt vom 28.05.2010 gilt. Danach nichts.\n"
    "Witt\n"
    "Stadt Herne\n"
)
SOURCE = SourceText(TEXT)


def passage(exact: str, start: int | None = None) -> Passage:
    begin = TEXT.index(exact) if start is None else start
    return Passage(
        iri="https://w3id.org/interkommunal/id/passage/x/L003",
        source="https://w3id.org/interkommunal/id/source/x",
        name="L003",
        first=3,
        last=3,
        start=begin,
        end=begin + len(exact),
        exact=exact,
        before="davor\nkurz davor ",
        after=" gleich danach\nweiter",
        voice=None,
        statuses=(),
        as_of=None,
        section=None,
    )


def test_a_quote_is_shown_within_its_sentence() -> None:
    assert SOURCE.in_context(passage("Kontrakt")) == QuoteInContext("Der ", "Kontrakt", " vom 28.05.2010 gilt.")


def test_dates_and_titles_do_not_end_a_sentence() -> None:
    assert SOURCE.in_context(passage("kam")) == QuoteInContext(
        "Am 20. September 2011 ", "kam", " Dr. Scholz nach Bochum."
    )


def test_a_quote_that_is_a_whole_sentence_has_nothing_around_it() -> None:
    assert SOURCE.in_context(passage("Danach nichts.")) == QuoteInContext("", "Danach nichts.", "")


def test_a_quote_over_two_lines_keeps_its_line_break() -> None:
    assert SOURCE.in_context(passage("Witt\nStadt Herne")) == QuoteInContext("", "Witt\nStadt Herne", "")


def test_a_quote_that_the_text_does_not_hold_there_has_no_context() -> None:
    assert SOURCE.in_context(passage("Kontrakt", start=0)) is None


def test_without_the_text_the_selector_gives_what_it_has_of_the_line() -> None:
    assert without_text(passage("Kontrakt")) == QuoteInContext("…kurz davor ", "Kontrakt", " gleich danach…")


def test_lines_begin_and_end_where_the_text_breaks() -> None:
    assert SOURCE.lines == 5
    assert [TEXT[slice(*SOURCE.span(number))] for number in (1, 2, 5)] == ["Erste Zeile.", "", "Stadt Herne"]
    assert SOURCE.line_at(TEXT.index("Witt")) == 4


def test_a_long_sentence_is_cut_at_words() -> None:
    long = SourceText("wort " * 300 + "hier" + " wort" * 300)
    begin = long.text.index("hier")
    found = long.in_context(Passage("i", "s", "n", 1, 1, begin, begin + 4, "hier", "", "", None, (), None, None))
    assert found is not None
    assert found.before.startswith("…wort ")
    assert found.after.endswith(" wort…")
    assert len(found.before) < 330
