"""Sources are read passage by passage, or refused with file and line."""

from __future__ import annotations

import pytest
from rdflib import Dataset, Literal, URIRef
from rdflib.namespace import RDF
from tests.graph.small import FIRST_LINE, PASSAGES, TEXT, source_description, turtle, write

from interkommunal.content import Content
from interkommunal.errors import QuoteError, SourceError, SyntaxProblem, TermError
from interkommunal.graph.assemble import Assembly, assemble
from interkommunal.namespaces import GRAPH_PASSAGES, GRAPH_SOURCES, IK, PASSAGE, PREFIXES, SOURCE

OA = PREFIXES["oa"]
XSD = PREFIXES["xsd"]
FILE = "data/sources/grundlagen/01-all.trig"
L003 = URIRef(f"{PASSAGE}grundlagen/L003")
L004 = URIRef(f"{PASSAGE}grundlagen/L004.1")
EXACT = 'oa:exact "Bund der Städte"'
REGISTER = URIRef(GRAPH_PASSAGES)


def values(dataset: Dataset, graph: str, subject: str, predicate: str) -> list[str]:
    return sorted(str(o) for o in dataset.graph(URIRef(graph)).objects(URIRef(subject), URIRef(predicate)))


def refusal(content: Content, kind: type[SourceError]) -> SourceError:
    with pytest.raises(kind) as caught:
        assemble(content)
    assert type(caught.value) is kind
    return caught.value


def change(content: Content, old: str, new: str) -> None:
    assert old in PASSAGES
    write(content, FILE, turtle(PASSAGES.replace(old, new)))


def line_of(text: str, body: str = PASSAGES) -> int:
    return FIRST_LINE + body[: body.index(text)].count("\n")


def test_facts_stand_in_the_graph_of_their_passage(small_content: Content) -> None:
    dataset = assemble(small_content).dataset
    facts = set(dataset.graph(L003))
    agreement = URIRef("https://w3id.org/interkommunal/id/agreement/vertrag")
    assert facts == {
        (agreement, RDF.type, URIRef(f"{IK}Agreement")),
        (agreement, URIRef(f"{PREFIXES['dcterms']}created"), Literal("2010", datatype=URIRef(f"{XSD}gYear"))),
        (URIRef("https://w3id.org/interkommunal/id/city/essen"), RDF.type, URIRef(f"{IK}City")),
    }


def test_a_quote_becomes_a_selector_in_the_register(small_content: Content) -> None:
    dataset = assemble(small_content).dataset
    register = dataset.graph(REGISTER)
    selector = URIRef(f"{L004}-selector")
    start = TEXT.index("Essen zahlte")
    assert set(register.predicate_objects(selector)) == {
        (RDF.type, URIRef(f"{OA}TextPositionSelector")),
        (RDF.type, URIRef(f"{OA}TextQuoteSelector")),
        (URIRef(f"{OA}start"), Literal(str(start), datatype=URIRef(f"{XSD}integer"))),
        (URIRef(f"{OA}end"), Literal(str(start + 5), datatype=URIRef(f"{XSD}integer"))),
        (URIRef(f"{OA}exact"), Literal("Essen")),
        (URIRef(f"{OA}prefix"), Literal(TEXT[start - 32 : start])),
        (URIRef(f"{OA}suffix"), Literal(" zahlte.\n\nSeite 1\n")),
    }


def test_a_passage_is_described_in_the_register_alone(small_content: Content) -> None:
    dataset = assemble(small_content).dataset
    assert set(dataset.graph(REGISTER).predicate_objects(L004)) == {
        (RDF.type, URIRef(f"{IK}Passage")),
        (URIRef(f"{IK}voice"), URIRef(f"{PREFIXES['concept']}voice-page-text")),
        (URIRef(f"{IK}status"), URIRef(f"{PREFIXES['concept']}status-asserted")),
        (URIRef(f"{OA}hasSource"), URIRef(f"{SOURCE}grundlagen")),
        (URIRef(f"{OA}hasSelector"), URIRef(f"{L004}-selector")),
        (URIRef(f"{IK}line"), Literal("4", datatype=URIRef(f"{XSD}integer"))),
        (URIRef(f"{PREFIXES['rdfs']}label"), Literal("Bund, Zeile 4, Stelle 1", lang="de")),
        (URIRef(f"{PREFIXES['rdfs']}label"), Literal("League, line 4, passage 1", lang="en")),
    }
    assert {graph for _, _, _, graph in dataset.quads((L004, None, None, None))} == {REGISTER}


def test_a_passage_without_facts_has_a_description_and_no_graph(small_content: Content) -> None:
    start, end = PASSAGES.index("    cooperation:bund"), PASSAGES.index("}\n\np:L003")
    change(small_content, PASSAGES[start:end], "")
    dataset = assemble(small_content).dataset
    passage = URIRef(f"{PASSAGE}grundlagen/L001")
    assert len(dataset.graph(passage)) == 0
    assert (passage, RDF.type, URIRef(f"{IK}Passage")) in dataset.graph(REGISTER)


def test_a_label_of_the_author_stays_the_only_one(small_content: Content) -> None:
    change(small_content, 'oa:exact "Bund der Städte" ;', 'oa:exact "Bund der Städte" ; rdfs:label "Titel"@de ;')
    dataset = assemble(small_content).dataset
    assert values(dataset, GRAPH_PASSAGES, f"{PASSAGE}grundlagen/L001", f"{PREFIXES['rdfs']}label") == ["Titel"]


def test_lines_left_out_are_described_with_their_reasons(small_content: Content) -> None:
    dataset = assemble(small_content).dataset
    line = f"{SOURCE}grundlagen/L006"
    assert values(dataset, GRAPH_SOURCES, line, str(RDF.type)) == [f"{IK}NotModelledLine"]
    assert values(dataset, GRAPH_SOURCES, line, f"{IK}line") == ["6"]
    assert values(dataset, GRAPH_SOURCES, f"{line}-selector", f"{OA}exact") == ["Seite 1"]
    assert values(dataset, GRAPH_SOURCES, line, f"{PREFIXES['rdfs']}comment") == [
        "Page number, no statement",
        "Seitenzahl, keine Aussage",
    ]


def test_places_name_the_block_and_the_subject(small_content: Content) -> None:
    origins = assemble(small_content).origins
    place = origins.locate(L003)
    assert place is not None
    assert (place.file.as_posix(), place.line) == (FILE, line_of("p:L003 {"))
    city = URIRef("https://w3id.org/interkommunal/id/city/essen")
    in_graph = origins.locate(city, L004)
    assert in_graph is not None
    assert (in_graph.file.as_posix(), in_graph.line) == (FILE, line_of("city:essen\n        schema:name"))
    assert origins.locate(URIRef(f"{L003}-selector"), REGISTER) == place


def test_a_wrong_quote_is_refused_at_the_line_of_its_block(small_content: Content) -> None:
    change(small_content, "Essen und Herne haben", "Essen und Hern haben")
    error = refusal(small_content, QuoteError)
    assert error.file is not None
    assert (error.file.as_posix(), error.line) == (FILE, line_of("p:L003 {"))
    assert "it has ' ' (U+0020 space), the text has 'e'" in error.message


def test_a_statement_outside_every_block_is_refused(small_content: Content) -> None:
    body = PASSAGES + "\ncity:herne\n    a ik:City .\n"
    write(small_content, FILE, turtle(body))
    error = refusal(small_content, SyntaxProblem)
    assert error.message == "a statement outside every block; put it into the block of the passage that says it"
    assert error.line == line_of("city:herne", body)


def test_a_blank_node_is_refused(small_content: Content) -> None:
    change(small_content, 'schema:name "Essen"@de', "schema:about [ ]")
    assert refusal(small_content, SyntaxProblem).line == line_of('schema:name "Essen"@de')


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ("graph:editorial", "a block of a source is named by its passage: <https://w3id.org/interkommunal/graph/"),
        ("p:L3", f"a block of a source is named by its passage: <{PASSAGE}grundlagen/L3> must be spelt L003: three"),
        (f"<{PASSAGE}anderer/L003>", "the passage is of the source anderer, the folder of grundlagen"),
    ],
)
def test_a_block_that_is_no_passage_of_the_source_is_refused(small_content: Content, block: str, message: str) -> None:
    change(small_content, "p:L003", block)
    error = refusal(small_content, TermError)
    assert error.message.startswith(message)
    assert error.line == line_of("p:L003 {")


def test_two_blocks_of_one_passage_are_refused_over_files(small_content: Content) -> None:
    write(small_content, FILE.replace("01-all", "02-more"), turtle(PASSAGES))
    error = refusal(small_content, TermError)
    assert error.message == (
        f"the passage L001 has a block already, at {FILE}:{line_of('p:L001 {')}; give this quote a number of its own"
    )
    assert error.file is not None
    assert error.file.name == "02-more.trig"


def test_two_blocks_of_one_passage_are_refused_in_one_file(small_content: Content) -> None:
    body = PASSAGES + "\np:L001 { p:L001 ik:asOf 1 . }\n"
    write(small_content, FILE, turtle(body))
    assert refusal(small_content, TermError).line == line_of("p:L001 { p:L001 ik", body)


def test_another_passage_is_described_in_its_own_block(small_content: Content) -> None:
    change(small_content, "city:essen\n        a ik:City .", "p:L001 ik:timeMarker 1 .")
    error = refusal(small_content, TermError)
    assert error.message == "describe the passage L001 in its own block, not in L003"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (EXACT, "ik:asOf 1", "L001: a passage has one oa:exact and at most one oa:prefix; this one has 0 and 0"),
        (
            EXACT,
            'oa:exact "B", "S"',
            "L001: a passage has one oa:exact and at most one oa:prefix; this one has 2 and 0",
        ),
        (EXACT, f"{EXACT}@de", "L001: oa:exact is a plain string without language or type"),
        ('oa:prefix "lud ein, "', "oa:prefix 1", "L004.1: oa:prefix is a plain string without language or type"),
    ],
)
def test_a_quote_in_another_form_is_refused(small_content: Content, old: str, new: str, message: str) -> None:
    change(small_content, old, new)
    assert refusal(small_content, QuoteError).message == message


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ("oa:hasSource source:grundlagen", "L001: hasSource is written by the build; write oa:exact only"),
        ("ik:line 1", "L001: line is written by the build; write oa:exact only"),
    ],
)
def test_what_the_build_writes_is_refused(small_content: Content, new: str, message: str) -> None:
    change(small_content, EXACT, f"{new} ; {EXACT}")
    assert refusal(small_content, TermError).message == message


def test_a_block_that_does_not_say_that_it_is_a_passage_is_refused(small_content: Content) -> None:
    change(small_content, "p:L001\n        a ik:Passage ;", "p:L001")
    assert refusal(small_content, TermError).message == (
        'the block must say what L001 is: L001 a ik:Passage ; oa:exact "…" ; …'
    )


def test_a_changed_text_is_noticed(small_content: Content) -> None:
    write(small_content, "data/sources/grundlagen/text.txt", TEXT + "mehr\n")
    error = refusal(small_content, SourceError)
    assert error.message.startswith("the text has the SHA-256 ")
    assert error.message.endswith("; state that as schema:sha256, or restore the text")
    assert error.line == FIRST_LINE


def test_a_source_without_description_is_refused(small_content: Content) -> None:
    (small_content.data / "sources/grundlagen/source.ttl").unlink()
    assert refusal(small_content, SourceError).message == (
        "the description of the source is missing; describe it there in Turtle"
    )


def test_a_source_may_have_no_labels_and_no_lines_left_out(small_content: Content) -> None:
    (small_content.data / "sources/grundlagen/ignored.csv").unlink()
    description = source_description(TEXT)
    start, end = description.index("    rdfs:label"), description.index("    schema:sha256")
    write(small_content, "data/sources/grundlagen/source.ttl", description[:start] + description[end:])
    dataset = assemble(small_content).dataset
    assert values(dataset, GRAPH_PASSAGES, str(L003), f"{PREFIXES['rdfs']}label") == [
        "grundlagen, Zeile 3",
        "grundlagen, line 3",
    ]


@pytest.mark.parametrize(
    ("csv", "line", "message"),
    [
        ("line,reason\n6,x\n", 1, "the first line must be line,reason_de,reason_en"),
        ("line,reason_de,reason_en\n6,a\n", 2, "the row has 2 cells instead of 3; quote cells that hold commas"),
        ("line,reason_de,reason_en\n6,a,b,c\n", 2, "the row has 4 cells instead of 3; quote cells that hold commas"),
        ("line,reason_de,reason_en\nsechs,a,b\n", 2, "'sechs' is no line of the text, which has 6 lines"),
        ("line,reason_de,reason_en\n7,a,b\n", 2, "'7' is no line of the text, which has 6 lines"),
        ("line,reason_de,reason_en\n0,a,b\n", 2, "'0' is no line of the text, which has 6 lines"),
        ("line,reason_de,reason_en\n2,a,b\n", 2, "line 2 is empty; only lines with text are listed"),
        ("line,reason_de,reason_en\n6,a,\n", 2, "line 6 needs a reason in German and in English"),
        ("line,reason_de,reason_en\n6,a,b\n6,c,d\n", 3, "line 6 is listed twice, first in line 2 of this file"),
        ('line,reason_de,reason_en\n6,"a"b,c\n', 2, "not a CSV row: ',' expected after '\"'"),
    ],
)
def test_a_wrong_list_of_lines_left_out_is_refused(small_content: Content, csv: str, line: int, message: str) -> None:
    write(small_content, "data/sources/grundlagen/ignored.csv", csv)
    error = refusal(small_content, SyntaxProblem)
    assert (error.line, error.message) == (line, message)


def test_every_shipped_quote_is_the_text_at_its_position(assembly: Assembly, content: Content) -> None:
    text = (content.data / "sources/grundlagen/text.txt").read_text(encoding="utf-8")
    register = assembly.dataset.graph(REGISTER)
    selectors = set(register.subjects(RDF.type, URIRef(f"{OA}TextQuoteSelector")))
    assert len(selectors) > 100
    for selector in selectors:
        start, end = (int(str(register.value(selector, URIRef(f"{OA}{key}")))) for key in ("start", "end"))
        assert text[start:end] == str(register.value(selector, URIRef(f"{OA}exact")))
