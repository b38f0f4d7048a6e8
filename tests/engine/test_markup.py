"""What XML cannot hold is refused, and nothing else; compared with a parser of XML."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, Triple, serialize
from tests.engine.conftest import EX

from interkommunal.engine.evaluation import Task, evaluate, require_xml_characters, require_xml_names
from interkommunal.engine.merging import MergingStore
from interkommunal.errors import AnswerUnfit
from interkommunal.sparql.query import JSON_LD, RDF_XML, RESULTS_XML

TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def answered(query: str, media_type: str) -> bytes:
    pieces: list[bytes] = []
    evaluate(MergingStore(Store()), Task(query, media_type), pieces.append)
    return b"".join(pieces)


def is_xml(data: bytes | None) -> bool:
    try:
        ElementTree.fromstring(data or b"")
    except ElementTree.ParseError:
        return False
    return True


@given(st.text(st.characters(exclude_categories=["Cs"])))
@example("\x00")
@example("a\x1f")
@example("\ufffe")
@example("\uffff")
@example("\t\n\r\x7f\x85\ufffd")
def test_characters_are_refused_that_a_parser_refuses(text: str) -> None:
    written = f"<a>{text.replace('&', '').replace('<', '').replace(']]>', '')}</a>".encode()
    try:
        require_xml_characters(written)
    except AnswerUnfit:
        assert not is_xml(written)
    else:
        assert is_xml(written)


IRIS = st.text(st.sampled_from("ab1_-.·é×/#:?=%()日\u0301"), max_size=8).map(lambda end: f"http://x.example/{end}")


@given(IRIS, st.booleans())
@example("http://x.example/1", False)
@example("http://x.example/1", True)
@example("http://x.example/", False)
@example("http://www.w3.org/1999/02/22-rdf-syntax-ns#li", True)
def test_names_are_refused_of_which_no_xml_can_be_made(iri: str, is_class: bool) -> None:
    try:
        node = NamedNode(iri)
    except ValueError:
        return  # no IRI
    subject = NamedNode("http://x.example/s")
    triple = Triple(subject, NamedNode(TYPE), node) if is_class else Triple(subject, node, Literal("x"))
    try:
        require_xml_names(triple)
    except AnswerUnfit:
        assert not is_xml(serialize([triple], format=RdfFormat.RDF_XML))
    else:
        assert is_xml(serialize([triple], format=RdfFormat.RDF_XML))


@pytest.mark.parametrize(
    ("query", "media_type", "message"),
    [
        (r'SELECT ("a\u0001b" AS ?x) {}', RESULTS_XML, "U\\+0001"),
        (rf'CONSTRUCT {{ <{EX}a> <{EX}b> "\u000B" }} {{}}', RDF_XML, "U\\+000B"),
        (f"CONSTRUCT {{ <{EX}a> <{EX}1> 1 }} {{}}", RDF_XML, f"property <{EX}1>"),
        (f"CONSTRUCT {{ <{EX}a> a <{EX}> }} {{}}", RDF_XML, f"class <{EX}>"),
        (f"CONSTRUCT {{ <{EX}a> <{EX}b> <<( <{EX}a> <{EX}1> 1 )>> }} {{}}", RDF_XML, f"property <{EX}1>"),
        (
            "PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> CONSTRUCT { rdf:a rdf:li 1 } {}",
            RDF_XML,
            "property <.*#li>",
        ),
        (f"CONSTRUCT {{ <{EX}a> <{EX}b> <<( <{EX}a> <{EX}b> 1 )>> }} {{}}", JSON_LD, "triple terms"),
    ],
)
def test_an_answer_that_its_format_cannot_hold_is_refused(query: str, media_type: str, message: str) -> None:
    with pytest.raises(AnswerUnfit, match=message):
        answered(query, media_type)


@pytest.mark.parametrize("missing", range(6))
def test_character_is_found_where_two_blocks_of_an_answer_meet(missing: int) -> None:
    # Blocks are of 256 KiB; what comes before the text takes some of the first one.
    whole = answered('SELECT ("" AS ?x) {}', RESULTS_XML)
    before = whole.index(b"</literal>") if b"</literal>" in whole else whole.index(b"<literal") + len(b"<literal>")
    long = "a" * ((1 << 18) - before - missing)
    with pytest.raises(AnswerUnfit, match="FFFF"):
        answered(f'SELECT ("{long}\uffff{long}" AS ?x) {{}}', RESULTS_XML)
    assert is_xml(answered(f'SELECT ("{long}\ufffd{long}" AS ?x) {{}}', RESULTS_XML))


def test_what_the_format_can_hold_is_answered() -> None:
    assert is_xml(answered(r'SELECT ("\r\n\té\uFFFD" AS ?x) {}', RESULTS_XML))
    assert is_xml(answered(f"CONSTRUCT {{ <{EX}a> a <{EX}B> ; <{EX}1/c> 1 }} {{}}", RDF_XML))
