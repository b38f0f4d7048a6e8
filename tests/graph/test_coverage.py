"""What became of each line of a text."""

from __future__ import annotations

from tests.graph.small import IGNORED, PASSAGES, turtle, write

from interkommunal.content import Content
from interkommunal.graph.assemble import Assembly, assemble
from interkommunal.namespaces import PASSAGE


def statuses(content: Content) -> dict[int, str]:
    return {line.line: line.status for line in assemble(content).coverage}


def test_empty_lines_are_not_asked_about(small_content: Content) -> None:
    assert statuses(small_content) == {1: "covered", 3: "covered", 4: "covered", 6: "ignored"}


def test_a_line_nobody_mentions_is_missing(small_content: Content) -> None:
    (small_content.data / "sources/grundlagen/ignored.csv").unlink()
    assert statuses(small_content)[6] == "missing"


def test_a_passage_without_facts_covers_nothing(small_content: Content) -> None:
    start, end = PASSAGES.index("    cooperation:bund"), PASSAGES.index("}\n\np:L003")
    write(small_content, "data/sources/grundlagen/01-all.trig", turtle(PASSAGES[:start] + PASSAGES[end:]))
    assert statuses(small_content)[1] == "missing"


def test_a_line_that_is_modelled_and_listed_is_both(small_content: Content) -> None:
    write(small_content, "data/sources/grundlagen/ignored.csv", IGNORED + "1,Titel,Title\n")
    assert statuses(small_content)[1] == "both"


def test_a_line_says_where_it_is_written(small_content: Content) -> None:
    write(small_content, "data/sources/grundlagen/ignored.csv", IGNORED + "1,Titel,Title\n")
    lines = {line.line: line for line in assemble(small_content).coverage}
    both = lines[1]
    assert (both.file.as_posix(), both.file_line) == ("data/sources/grundlagen/ignored.csv", 3)
    assert (both.reason_de, both.reason_en) == ("Titel", "Title")
    assert both.passages == (f"{PASSAGE}grundlagen/L001",)
    assert (lines[3].file.as_posix(), lines[3].file_line) == ("data/sources/grundlagen/text.txt", 3)
    assert lines[3].text == "Essen und Herne haben 2010 den Vertrag geschlossen."


def test_a_passage_over_several_lines_covers_each(small_content: Content) -> None:
    quote = "Essen und Herne haben 2010 den Vertrag geschlossen."
    body = PASSAGES.replace("p:L003", "p:L003-L004").replace(quote, quote + "\\nEssen lud ein")
    body = body[: body.index("p:L004.1")]
    write(small_content, "data/sources/grundlagen/01-all.trig", turtle(body))
    lines = {line.line: line for line in assemble(small_content).coverage}
    assert lines[3].passages == lines[4].passages == (f"{PASSAGE}grundlagen/L003-L004",)


def test_the_shipped_text_is_read_to_the_last_line(assembly: Assembly) -> None:
    assert [line for line in assembly.coverage if line.status in ("missing", "both")] == []
    assert len(assembly.coverage) == 116
