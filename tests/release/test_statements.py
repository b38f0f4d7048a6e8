"""Statements sorted on disk are those that were sorted in memory, in the same order, in runs as short as one likes."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pyoxigraph
import pytest
from pyoxigraph import Literal, NamedNode, Quad
from tests.release.frozen import EDITORIAL, ESSEN, LABEL, NAME, QUADS, TYPE, sorted_in

from interkommunal.errors import ReleaseError
from interkommunal.graph.assemble import Assembly
from interkommunal.namespaces import GRAPH, IK, PREFIXES
from interkommunal.release import formats
from interkommunal.release.manifest import Counts
from interkommunal.release.quads import FACTS, graph_kind, in_reading_order, reading_key, release_quads
from interkommunal.release.statements import Sorter

XSD = PREFIXES["xsd"]


@pytest.mark.parametrize("run", [100, 1 << 20], ids=["a run for each statement", "all in one run"])
def test_sorted_in_any_number_of_runs_they_are_the_same(run: int, assembly: Assembly, tmp_path: Path) -> None:
    every = release_quads(assembly.dataset)[:400]
    shuffled = [*every, *every[:50]]
    Random(7).shuffle(shuffled)

    statements, _ = sorted_in(tmp_path / "a", shuffled, run)

    assert list(statements.quads(statements.kinds)) == every
    assert list(statements.triples(statements.kinds)) == in_reading_order({quad.triple for quad in every})
    assert b"".join(statements.nquads(statements.kinds)) == formats.nquads(every)
    assert b"".join(statements.ntriples(statements.kinds)) == formats.ntriples({quad.triple for quad in every})


def test_part_is_what_stands_in_its_graphs(assembly: Assembly, tmp_path: Path) -> None:
    every = [quad for quad in release_quads(assembly.dataset) if graph_kind(quad.graph_name) in FACTS]
    statements, _ = sorted_in(tmp_path / "a", release_quads(assembly.dataset))

    assert len(every) > 1000
    assert list(statements.quads(FACTS)) == every
    assert b"".join(statements.ntriples(FACTS)) == formats.ntriples({quad.triple for quad in every})


def test_statements_graphs_and_things_are_counted(tmp_path: Path) -> None:
    statements, _ = sorted_in(tmp_path / "a", QUADS, run=1)

    assert statements.counts == Counts(10, 9, {"editorial": 1, "vocabulary": 1, "passage": 2}, {f"{IK}Goal": 2})


def test_text_that_looks_like_a_class_is_not_counted(tmp_path: Path) -> None:
    quads = [Quad(ESSEN, NAME, Literal(f"a {TYPE} <b>"), EDITORIAL), Quad(ESSEN, TYPE, NamedNode("x:C"), EDITORIAL)]

    assert sorted_in(tmp_path / "a", quads)[0].counts.classes == {"x:C": 1}


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ("L9", "L10"),
        ("L009", "L10"),
        ("L9", "L9.1"),
        ("L9.2", "L9.10"),
        ("L9", "L9-selector"),
        ("L09", "L9"),
        ("a", "a1"),
        ("a1", "aa"),
        ("a\nb", "a b"),
        ("a\tb", "a\nb"),
        ("1", "12345678901234567890"),
        ("Z", "a"),
        ("z", "ä"),
    ],
)
def test_texts_sort_as_people_look_for_them(less: str, more: str) -> None:
    def key(text: str) -> bytes:
        return reading_key(Quad(ESSEN, NAME, Literal(text), EDITORIAL))[1]

    assert key(less) < key(more)
    assert b"\n" not in key(less)


def test_values_that_differ_in_language_or_type_only_have_different_keys() -> None:
    values: list[Literal | NamedNode] = [
        Literal("a"),
        Literal("a", language="de"),
        Literal("a", language="en"),
        Literal("a", datatype=NamedNode(f"{XSD}token")),
        NamedNode("x:a"),
    ]

    assert len({reading_key(Quad(ESSEN, NAME, value, EDITORIAL)) for value in values}) == 5


def test_class_of_a_thing_comes_before_its_other_properties(tmp_path: Path) -> None:
    quads = [Quad(ESSEN, NamedNode("a:a"), Literal("x"), EDITORIAL), Quad(ESSEN, TYPE, NamedNode("x:C"), EDITORIAL)]
    statements, _ = sorted_in(tmp_path / "a", quads)

    assert [triple.predicate for triple in statements.triples(statements.kinds)] == [TYPE, NamedNode("a:a")]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (f"{GRAPH}links/wikidata", "links"),
        (f"{GRAPH}queries", "queries"),
        (f"{GRAPH}Odd%20one", "other"),
        ("http://a.example/g", "other"),
    ],
)
def test_graph_that_is_not_listed_is_of_the_kind_that_its_name_says(name: str, kind: str) -> None:
    assert graph_kind(NamedNode(name)) == kind


def test_statement_that_no_file_could_hold_stops_the_sorting(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="a blank node stands in"):
        sorted_in(tmp_path / "a", [Quad(pyoxigraph.BlankNode("b"), LABEL, Literal("x"), EDITORIAL)])


def test_runs_are_gone_when_the_records_have_been_read(tmp_path: Path) -> None:
    sorter = Sorter(tmp_path / "run", 3)
    sorter.add([b"b\n", b"a\n", b"c\n", b"a\n"])

    assert len(list(tmp_path.iterdir())) == 2
    assert list(sorter.read()) == [b"a\n", b"b\n", b"c\n"]
    assert list(tmp_path.iterdir()) == []
