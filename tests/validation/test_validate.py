"""Findings of shapes and checks name file, line and rule, in German and English."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.graph.small import FIRST_LINE, PASSAGES, sparql, turtle, write

from interkommunal.content import Content
from interkommunal.errors import SyntaxProblem
from interkommunal.graph.assemble import assemble
from interkommunal.namespaces import PREFIXES, SHAPE
from interkommunal.validation.findings import Finding
from interkommunal.validation.validate import validate

ESSEN = f"{PREFIXES['city']}essen"


@pytest.fixture
def bare(small_content: Content) -> Content:
    """A small content without shapes."""
    for path in small_content.shapes.glob("*.ttl"):
        path.unlink()
    return small_content


def found(content: Content) -> tuple[Finding, ...]:
    return validate(assemble(content), content)


def line_of(text: str, nth: int = 1) -> int:
    """Line in the passages file of the ``nth`` line that is ``text``."""
    numbers = [number for number, line in enumerate(PASSAGES.splitlines()) if line.strip() == text]
    return FIRST_LINE + numbers[nth - 1]


def test_property_shape_finds_a_missing_value_where_the_thing_is_first_written(bare: Content) -> None:
    write(
        bare,
        "shapes/city.ttl",
        turtle("""\
shape:City
    a sh:NodeShape ;
    sh:targetClass ik:City ;
    sh:property shape:City-slogan .

shape:City-slogan
    a sh:PropertyShape ;
    sh:path schema:slogan ;
    sh:minCount 1 ;
    sh:severity sh:Warning ;
    sh:message
        "Der Stadt fehlt ein Motto; ergänzen Sie es."@de,
        "The city lacks a slogan; add one."@en .
"""),
    )

    assert found(bare) == (
        Finding(
            severity="warning",
            message={"de": "Der Stadt fehlt ein Motto; ergänzen Sie es.", "en": "The city lacks a slogan; add one."},
            focus=ESSEN,
            path="https://schema.org/slogan",
            rule=f"{SHAPE}City-slogan",
            file=Path("data/sources/grundlagen/01-all.trig"),
            line=line_of("city:essen", 1),
        ),
    )


def test_property_shape_finds_a_wrong_value_where_it_is_written(bare: Content) -> None:
    write(
        bare,
        "shapes/city.ttl",
        turtle("""\
shape:City
    a sh:NodeShape ;
    sh:targetClass ik:City ;
    sh:property shape:City-name .

shape:City-name
    a sh:PropertyShape ;
    sh:path schema:name ;
    sh:minLength 6 ;
    sh:message
        "Der Name ist zu kurz."@de,
        "The name is too short."@en .
"""),
    )

    assert [(finding.severity, finding.line) for finding in found(bare)] == [("violation", line_of("city:essen", 2))]


def test_path_that_is_an_expression_is_not_taken_for_a_property(bare: Content) -> None:
    write(
        bare,
        "shapes/passage.ttl",
        turtle("""\
shape:Source
    a sh:NodeShape ;
    sh:targetClass foaf:Document ;
    sh:property shape:Source-passages .

shape:Source-passages
    a sh:PropertyShape ;
    sh:path [ sh:inversePath oa:hasSource ] ;
    sh:minCount 4 ;
    sh:maxCount 4 ;
    sh:message
        "Drei Textstellen und eine Zeile ohne."@de,
        "Three passages and a line without."@en .
"""),
    )

    assert found(bare) == ()


def test_sparql_constraint_fills_its_message_in_both_languages_and_is_named_by_its_iri(bare: Content) -> None:
    write(
        bare,
        "shapes/city.ttl",
        turtle("""\
shape:City
    a sh:NodeShape ;
    sh:targetClass ik:City ;
    sh:sparql shape:City-not-essen .

shape:City-not-essen
    a sh:SPARQLConstraint ;
    sh:message
        "{?name} ist Essen."@de,
        "{?name} is Essen."@en ;
    sh:select \"\"\"
        SELECT $this ?name
        WHERE {
            $this <https://schema.org/name> ?name .
        }
    \"\"\" .
"""),
    )

    (finding,) = found(bare)

    assert finding.message == {"de": "Essen ist Essen.", "en": "Essen is Essen."}
    assert finding.rule == f"{SHAPE}City-not-essen"
    assert finding.focus == ESSEN


def test_misspelt_shacl_term_is_found_where_it_is_written(bare: Content) -> None:
    write(
        bare,
        "shapes/city.ttl",
        turtle("""\
shape:City-name
    a sh:PropertyShape ;
    sh:path schema:name ;
    sh:dataType xsd:string .
"""),
    )

    assert found(bare) == (
        Finding(
            severity="violation",
            message={
                "de": "SHACL hat keinen Begriff sh:dataType; prüfen Sie die Schreibweise.",
                "en": "SHACL has no term sh:dataType; check its spelling.",
            },
            focus=f"{SHAPE}City-name",
            path=None,
            rule="shacl-terms",
            file=Path("shapes/city.ttl"),
            line=FIRST_LINE,
        ),
    )


def test_misspelt_shacl_term_of_a_nested_shape_is_found_at_the_shape_around_it(bare: Content) -> None:
    write(
        bare,
        "shapes/city.ttl",
        turtle("""\
shape:City-name
    a sh:PropertyShape ;
    sh:path schema:name ;
    sh:or ( [ sh:minlength 2 ] ) .
"""),
    )

    assert [finding.focus for finding in found(bare) if finding.rule == "shacl-terms"] == [f"{SHAPE}City-name"]


def test_shape_that_shacl_itself_forbids_is_a_violation(bare: Content) -> None:
    write(
        bare,
        "shapes/city.ttl",
        turtle("""\
shape:City-name
    a sh:PropertyShape ;
    sh:path schema:name ;
    sh:minCount "one" .
"""),
    )

    findings = found(bare)

    assert {finding.severity for finding in findings} == {"violation"}
    assert {(finding.focus, finding.line) for finding in findings} == {(f"{SHAPE}City-name", FIRST_LINE)}


def test_check_query_finds_rows_where_they_are_written(bare: Content) -> None:
    write(
        bare,
        "queries/checks/short-name.rq",
        sparql("""\
#+ summary: “{?name}” of {?focus} in {?graph} is short.
#+ summary-de: „{?name}“ von {?focus} in {?graph} ist kurz.
#+ severity: info
SELECT ?focus ?graph ?name
WHERE { GRAPH ?graph { ?focus schema:name ?name } FILTER (STRLEN(?name) < 6) }
"""),
    )

    assert found(bare) == (
        Finding(
            severity="info",
            message={
                "de": "„Essen“ von city:essen in p:L004.1 ist kurz.",
                "en": "“Essen” of city:essen in p:L004.1 is short.",
            },
            focus=ESSEN,
            path=None,
            rule="short-name",
            file=Path("data/sources/grundlagen/01-all.trig"),
            line=line_of("city:essen", 2),
        ),
    )


def test_node_that_is_only_pointed_to_is_found_where_something_points_to_it(bare: Content) -> None:
    write(
        bare,
        "data/editorial/more.trig",
        turtle("graph:editorial {\n    agreement:vertrag\n        ik:party city:hernee .\n}\n"),
    )
    write(
        bare,
        "queries/checks/untyped.rq",
        sparql("""\
#+ summary: What is {?focus}?
#+ summary-de: Was ist {?focus}?
SELECT ?focus
WHERE { ?agreement ik:party ?focus FILTER NOT EXISTS { ?focus a ?class } }
"""),
    )

    (finding,) = found(bare)

    assert (finding.file, finding.line) == (Path("data/editorial/more.trig"), FIRST_LINE + 1)


def test_violations_come_before_warnings_and_notes(bare: Content) -> None:
    for number, severity in enumerate(["info", "violation", "warning"]):
        write(
            bare,
            f"queries/checks/check-{number}.rq",
            sparql(f"""\
#+ summary: Found.
#+ summary-de: Gefunden.
#+ severity: {severity}
SELECT ?focus WHERE {{ ?focus a ik:City }}
"""),
        )

    assert [finding.severity for finding in found(bare)] == ["violation", "warning", "info"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT ?focus WHERE { }", "queries/checks/bad.rq:1: the head lacks a line '#+ summary: …'"),
        ("#+ summary: a\nSELECT ?focus WHERE { }", "queries/checks/bad.rq:1: the head lacks a line '#+ summary-de: …'"),
        (
            "#+ summary: a\n#+ summary-de: b\n#+ severity: error\nSELECT ?focus WHERE { }",
            "queries/checks/bad.rq:1: no severity error; write one of violation, warning, info",
        ),
        (
            "#+ summary: a\n#+ summary-de: b\nSELECT ?focus\nWHERE { ?focus a }",
            "queries/checks/bad.rq:4: the query does not parse: ",
        ),
        (
            "#+ summary: a\n#+ summary-de: b\nSELECT ?city WHERE { ?city a ?class }",
            "queries/checks/bad.rq: a check is a SELECT with a column ?focus",
        ),
        (
            "#+ summary: a\n#+ summary-de: b\nASK { ?focus a ?class }",
            "queries/checks/bad.rq: a check is a SELECT with a column ?focus",
        ),
    ],
)
def test_check_query_that_is_wrong_is_named_with_file_and_line(text: str, message: str, bare: Content) -> None:
    write(bare, "queries/checks/bad.rq", text)

    with pytest.raises(SyntaxProblem) as caught:
        found(bare)

    assert str(caught.value).startswith(message)


def test_shape_that_cannot_be_used_is_named(bare: Content) -> None:
    write(
        bare,
        "shapes/city.ttl",
        turtle("""\
shape:City
    a sh:NodeShape ;
    sh:targetClass ik:City ;
    sh:property shape:City-name .

shape:City-name
    a sh:PropertyShape ;
    sh:message
        "Der Pfad fehlt."@de,
        "The path is missing."@en .
"""),
    )

    with pytest.raises(SyntaxProblem, match=r"shapes: a shape cannot be used: .*sh:path"):
        found(bare)


def test_steps_are_told(bare: Content) -> None:
    write(
        bare,
        "queries/checks/city.rq",
        sparql("#+ summary: a\n#+ summary-de: b\nSELECT ?focus WHERE { ?focus a ik:Nothing }"),
    )
    told: list[tuple[str, int, int]] = []
    validate(assemble(bare), bare, lambda step, done, total: told.append((step, done, total)))

    assert told == [("shapes", 0, 3), ("data", 1, 3), ("queries/checks/city.rq", 2, 3)]
