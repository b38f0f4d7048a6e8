"""Errors of Turtle and TriG name file and line."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from interkommunal.errors import SourceError, SyntaxProblem, TermError
from interkommunal.graph.dataset import Origins, Place
from interkommunal.graph.parse import parse_file, parse_text, refuse_blank_nodes

FILE = Path("data/x.trig")
HEAD = "@prefix city: <https://w3id.org/interkommunal/id/city/> .\n@prefix schema: <https://schema.org/> .\n"


def refusal(text: str) -> SourceError:
    with pytest.raises(SourceError) as caught:
        parse_text(text, FILE, ox.RdfFormat.TRIG)
    return caught.value


def test_a_file_is_read_with_the_lines_of_its_subjects() -> None:
    parsed = parse_text(f'{HEAD}\ncity:essen\n    schema:name "Essen"@de .\n', FILE, ox.RdfFormat.TRIG)
    assert [str(quad.object) for quad in parsed.quads] == ['"Essen"@de']
    assert parsed.line_of("https://w3id.org/interkommunal/id/city/essen") == 4


def test_a_repeated_triple_counts_once() -> None:
    assert len(parse_text(f"{HEAD}city:a schema:position 1 , 1 .", FILE, ox.RdfFormat.TRIG).quads) == 1


def test_a_syntax_error_has_file_line_and_column() -> None:
    error = refusal(f"{HEAD}city:a {{\n    city:a schema:name city:b city:c .\n}}\n")
    assert isinstance(error, SyntaxProblem)
    assert (error.file, error.line) == (FILE, 4)
    assert str(error) == "data/x.trig:4: A '}' or a '.' is expected at the end of a graph block (column 31)"


def test_an_unclosed_string_is_reported_where_it_begins() -> None:
    assert refusal(f'{HEAD}city:a schema:name "Essen .\n').line == 3


def test_an_undeclared_prefix_of_the_project_is_refused_with_its_declaration() -> None:
    error = refusal(f"{HEAD}city:a\n    a ik:City .\n")
    assert isinstance(error, TermError)
    assert str(error) == (
        "data/x.trig:4: prefix ik: is not declared; add @prefix ik: <https://w3id.org/interkommunal/ontology#> ."
    )


def test_an_undeclared_unknown_prefix_is_refused() -> None:
    error = refusal(f"{HEAD}city:a a xx:City .\n")
    assert str(error) == "data/x.trig:3: prefix xx: is not declared; check its spelling"


def test_a_prefix_with_another_namespace_is_refused() -> None:
    assert str(refusal("@prefix schema: <http://schema.org/> .\n")) == (
        "data/x.trig:1: prefix schema: stands for <https://schema.org/> here, not for <http://schema.org/>"
    )


def test_a_prefix_nobody_listed_is_refused() -> None:
    assert str(refusal("@prefix ex: <http://example.org/> .\n")) == (
        "data/x.trig:1: prefix ex: is not one of the project's; use a listed one or add it to namespaces.py"
    )


@pytest.mark.parametrize("blank", ["[]", "[ schema:name 1 ]", "( 1 )", "_:x"])
def test_blank_nodes_in_data_are_refused_with_their_line(blank: str) -> None:
    parsed = parse_text(f"{HEAD}city:a\n    schema:about {blank} .", FILE, ox.RdfFormat.TRIG)
    with pytest.raises(SyntaxProblem) as caught:
        refuse_blank_nodes(parsed)
    assert caught.value.line == 4


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.ttl").write_bytes(b"# \xe4\n")
    with pytest.raises(SourceError, match=r"x\.ttl: the file is not UTF-8 \(byte 2\)"):
        parse_file(tmp_path / "x.ttl", Path("x.ttl"))


def test_a_byte_order_mark_is_named_and_not_taken_for_a_missing_prefix() -> None:
    assert str(refusal(f"\ufeff{HEAD}")) == (
        "data/x.trig:1: the file starts with a byte order mark; save it as UTF-8 without one"
    )


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"x\.ttl: the file cannot be read: No such file"):
        parse_file(tmp_path / "x.ttl", Path("x.ttl"))


def test_origins_prefer_the_graph_that_is_asked_for() -> None:
    origins = Origins()
    origins.add_subject("n", "g1", Place(FILE, 1))
    origins.add_subject("n", "g2", Place(FILE, 2))
    origins.add_graph("g2", Place(FILE, 9))
    assert origins.locate("n", "g2") == Place(FILE, 2)
    assert origins.locate("n", "elsewhere") == Place(FILE, 1)
    assert origins.locate("n") == Place(FILE, 1)
    assert origins.locate("g2") == Place(FILE, 9)
    assert origins.locate("unknown") is None
    assert str(Place(FILE, 9)) == "data/x.trig:9"
