"""The gate for text: what it refuses whatever property it stands on, where it says it is, and what it lets pass."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode
from tests.graph.small import IGNORED, PASSAGES, YEAR_QUERY, sparql, turtle, write

from interkommunal.content import Content
from interkommunal.graph.assemble import assemble
from interkommunal.graph.edtf import read_bounds
from interkommunal.namespaces import expand
from interkommunal.validation.findings import Finding
from interkommunal.validation.literals import literal_faults, literal_findings
from interkommunal.validation.store import load_store


def rules(text: str, datatype: str = "xsd:string") -> list[str]:
    return [fault.rule for fault in literal_faults(Literal(text, datatype=NamedNode(expand(datatype))))]


def found(content: Content) -> list[Finding]:
    assembly = assemble(content)
    return list(literal_findings(assembly, content, load_store(assembly.dataset)))


def line(content: Content, file: str, text: str) -> int:
    lines = (content.root / file).read_text(encoding="utf-8").split("\n")
    return next(number for number, written in enumerate(lines, 1) if text in written)


def test_small_content_has_nothing_wrong_with_its_text(small_content: Content) -> None:
    assert found(small_content) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "text-empty"),
        ("  \n", "text-empty"),
        ("Fo\u0308rderung", "text-not-composed"),
        ("Es\u00adsen", "text-invisible"),
        ("Es\u200bsen", "text-invisible"),
        ("\ufeffEssen", "text-invisible"),
        ("Essen\u2060", "text-invisible"),
        ("Es\u200csen", "text-invisible"),
        ("Es\u200esen", "text-invisible"),
        ("Es\x07sen", "text-control"),
        ("Es\rsen", "text-control"),
        ("Es\x85sen", "text-control"),
        ("Es\uffffsen", "text-control"),
    ],
)
def test_text_is_refused(text: str, rule: str) -> None:
    assert rules(text) == [rule]


@pytest.mark.parametrize("text", ["Förderung", "a\tb\nc", "0", "می\u200cخواهم", "👩\u200d💻", "עברית \u200fabc"])
def test_text_passes(text: str) -> None:
    assert rules(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "2012-13",
        "2012-99",
        "2012-02-30",
        "2012-21",
        "/",
        "../..",
        "[2010,2012]",
        "{2010,2012}",
        "May 2010",
        "[..]",
        " 2012",
    ],
)
def test_date_that_cannot_be_read_is_refused(text: str) -> None:
    assert rules(text, "edtf:EDTF") == ["date-unreadable"]


@pytest.mark.parametrize(
    "text", ["2016/2012", "[2012..2010]", "2012-05/2012-03", "2012-05-02/2012-05-01", "2016~/2012?"]
)
def test_date_that_ends_before_it_begins_is_refused(text: str) -> None:
    assert rules(text, "edtf:EDTF") == ["date-reversed"]


READ = (
    "2012 201X 19XX 2012-05 2012-XX 2012-05-XX 2012-02-29 2010-06? 2012~/2016 2008/.. 2008/ ../2008 /2008 [2016..] "
    "[..2010-12] [2010-05-28..2012] 2012/2012 2012/2012-03"
)


@pytest.mark.parametrize("text", READ.split())
def test_whatever_we_read_passes(text: str) -> None:
    assert read_bounds(text) is not None
    assert rules(text, "edtf:EDTF") == []


@pytest.mark.parametrize(
    ("text", "datatype"),
    [
        ("2012-02-30", "xsd:date"),
        ("2012-2-3", "xsd:date"),
        ("12", "xsd:gYear"),
        ("2012-13", "xsd:gYearMonth"),
        ("2012-01-01T25:00:00", "xsd:dateTime"),
        ("five", "xsd:integer"),
        ("5.0", "xsd:integer"),
        ("-1", "xsd:nonNegativeInteger"),
        ("1e5", "xsd:decimal"),
        ("NaN", "xsd:decimal"),
        ("yes", "xsd:boolean"),
        ("TRUE", "xsd:boolean"),
        ("http://a b", "xsd:anyURI"),
        ("POINT(7 51", "geo:wktLiteral"),
        ("7, 51", "geo:wktLiteral"),
    ],
)
def test_value_that_does_not_fit_its_type_is_refused(text: str, datatype: str) -> None:
    assert rules(text, datatype) == ["ill-typed"]


@pytest.mark.parametrize(
    ("text", "datatype"),
    [
        ("2012-02-29", "xsd:date"),
        ("2012", "xsd:gYear"),
        ("2012-12", "xsd:gYearMonth"),
        ("2012-01-01T05:00:00Z", "xsd:dateTime"),
        ("05", "xsd:integer"),
        ("0.50", "xsd:decimal"),
        ("1e5", "xsd:double"),
        ("false", "xsd:boolean"),
        ("https://a.example/ä", "xsd:anyURI"),
        ("POINT(7.0 51.5)", "geo:wktLiteral"),
        ("MULTIPOLYGON (((7 51, 8 51, 8 52, 7 51)))", "geo:wktLiteral"),
    ],
)
def test_value_that_fits_its_type_passes(text: str, datatype: str) -> None:
    assert rules(text, datatype) == []


def _passage(text: str) -> str:
    return turtle(PASSAGES.replace('"Essen"@de .', f'"Essen"@de ;\n        {text} .'))


SOURCE = "data/sources/grundlagen"
PASSAGE = f"{SOURCE}/01-all.trig"
LABELS = "data/editorial/labels.trig"
RULE = "queries/derive/10-year.rq"


@pytest.mark.parametrize(
    ("file", "text", "written", "rule"),
    [
        (PASSAGE, _passage('schema:slogan "Fo\\u0308rderung"@de'), "schema:slogan", "text-not-composed"),
        (PASSAGE, _passage('schema:slogan "a\\u00ADb"@de'), "p:L004.1 {", "text-invisible"),
        (PASSAGE, _passage('ik:dateBounds "2012-13"^^edtf:EDTF'), "2012-13", "date-unreadable"),
        (f"{SOURCE}/ignored.csv", IGNORED.replace("number", "num\u00adber"), "Seitenzahl", "text-invisible"),
        (LABELS, turtle('graph:editorial { city:essen rdfs:label ""@de . }'), "rdfs:label", "text-empty"),
        ("ontology/concepts.ttl", turtle('concept:x rdfs:label "a\u200bb"@de .'), "concept:x", "text-invisible"),
        ("shapes/city.ttl", turtle('shape:City sh:in ( "a" "b\u200b" ) .'), "shape:City", "text-invisible"),
        (RULE, sparql(YEAR_QUERY.replace("Jahre", "Ja\u00adhre")), "title-de", "text-invisible"),
        ("queries/checks/a.rq", "#+ summary: ok\n#+ summary-de: u\u0308ber\n", "-de", "text-not-composed"),
    ],
)
def test_finding_names_file_and_line(small_content: Content, file: str, text: str, written: str, rule: str) -> None:
    write(small_content, file, text)
    findings = found(small_content)
    assert {(str(item.file), item.rule) for item in findings} == {(file, rule)}
    (finding,) = findings
    # An escape is not found as it stands: the line is then that of its subject.
    near = line(small_content, file, written)
    assert finding.line is not None
    assert near - 8 <= finding.line <= near + 8
    assert finding.message["de"] != finding.message["en"]


def test_line_is_that_of_the_text_itself(small_content: Content) -> None:
    file = f"{SOURCE}/01-all.trig"
    write(small_content, file, _passage('schema:slogan\n            "gut"@de,\n            "Es\u200bsen"@en'))
    (finding,) = found(small_content)
    assert finding.line == line(small_content, file, "Es\u200bsen")


def test_byte_order_mark_and_line_ends_of_other_systems_in_a_table_are_no_text(small_content: Content) -> None:
    path = small_content.root / SOURCE / "ignored.csv"
    path.write_bytes(b"\xef\xbb\xbf" + IGNORED.replace("\n", "\r\n").encode())
    assert found(small_content) == []


def test_library_logs_nothing_between_the_findings(small_content: Content, caplog: pytest.LogCaptureFixture) -> None:
    write(small_content, f"{SOURCE}/01-all.trig", _passage('dcterms:created "2012-02-30"^^xsd:date'))
    with caplog.at_level(logging.DEBUG):
        assert {item.rule for item in found(small_content)} == {"ill-typed"}
    assert [record.name for record in caplog.records if record.name.startswith("rdflib")] == []


def test_broken_head_of_a_federated_query_is_said_when_the_graph_is_read(small_content: Content) -> None:
    from interkommunal.errors import SyntaxProblem

    write(small_content, "queries/federated/a.rq", "#+ summary: a\nSELECT * {}")
    with pytest.raises(SyntaxProblem) as caught:
        assemble(small_content)
    assert caught.value.file == Path("queries/federated/a.rq")
