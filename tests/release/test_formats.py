"""The files of a release hold the statements, in bytes that hang on nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from tests.release.frozen import ESSEN, L9, NAME, QUADS, assembly_of

from interkommunal.release import formats
from interkommunal.release.quads import FACTS, graph_kind, in_reading_order, release_quads

# rdflib's own parsers use what rdflib deprecates.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")

EXPECTED = Path(__file__).parent / "expected"


def facts(quads: list[pyoxigraph.Quad]) -> list[pyoxigraph.Triple]:
    """What is said of the world, as the part of the dumps holds it."""
    return in_reading_order({quad.triple for quad in quads if graph_kind(quad.graph_name) in FACTS})


@pytest.fixture
def quads() -> list[pyoxigraph.Quad]:
    return release_quads(assembly_of().dataset)


def test_nquads_are_canonical(quads: list[pyoxigraph.Quad]) -> None:
    assert formats.nquads(quads) == (EXPECTED / "graph.nq").read_bytes()


def test_trig_reads_in_the_order_of_the_text(quads: list[pyoxigraph.Quad]) -> None:
    assert formats.trig(quads) == (EXPECTED / "graph.trig").read_bytes()


def test_json_ld_is_expanded_with_one_node_a_line(quads: list[pyoxigraph.Quad]) -> None:
    assert formats.json_ld(quads) == (EXPECTED / "graph.jsonld").read_bytes()


def test_turtle_holds_what_is_said_of_the_world_each_once(quads: list[pyoxigraph.Quad]) -> None:
    assert formats.turtle(facts(quads)) == (EXPECTED / "facts.ttl").read_bytes()


def test_rdf_xml_has_one_element_a_subject(quads: list[pyoxigraph.Quad]) -> None:
    assert formats.rdf_xml(facts(quads)) == (EXPECTED / "facts.rdf").read_bytes()


def test_nquads_escape_as_the_canonical_form_asks() -> None:
    text = "\x00\b\t\n\x0b\f\r\x1f\"'\\\x7f\x80ä\u2028\U0001d11e"
    quad = pyoxigraph.Quad(ESSEN, NAME, pyoxigraph.Literal(text), L9)

    written = formats.nquads([quad]).decode().split(" ", 2)[2].rpartition(" <")[0]

    assert written == r'"\u0000\b\t\n\u000B\f\r\u001F\"' + "'" + r"\\\u007F" + '\x80ä\u2028\U0001d11e"'


def test_json_ld_of_nothing_is_an_empty_array() -> None:
    assert json.loads(formats.json_ld([])) == []


@pytest.mark.parametrize(
    ("write", "name"), [(formats.nquads, "nquads"), (formats.trig, "trig"), (formats.json_ld, "json-ld")]
)
def test_graph_formats_hold_every_statement_in_its_graph(
    write: object, name: str, quads: list[pyoxigraph.Quad]
) -> None:
    assert callable(write)
    read = rdflib.Dataset()
    read.parse(data=write(quads), format=name)

    assert set(release_quads(read)) == set(QUADS)


@pytest.mark.parametrize(
    ("write", "name"), [(formats.ntriples, "nt"), (formats.turtle, "turtle"), (formats.rdf_xml, "xml")]
)
def test_fact_formats_hold_every_statement_about_the_world(
    write: object, name: str, quads: list[pyoxigraph.Quad]
) -> None:
    assert callable(write)
    read = rdflib.Graph().parse(data=write(facts(quads)), format=name)
    expected = rdflib.Graph()
    for graph in assembly_of(*(quad for quad in QUADS if "concepts" not in str(quad.graph_name))).dataset.graphs():
        expected += graph

    assert set(read) == set(expected)
