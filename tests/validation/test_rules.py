"""Every rule is made so that people can name it, read it in their language, and see how bad it is."""

from __future__ import annotations

from rdflib import RDF, SH, Graph, URIRef
from tests.validation.world import World, rules

from interkommunal.namespaces import SHAPE
from interkommunal.validation.findings import SEVERITIES


def test_the_shapes_hold_against_the_shapes_of_shacl(world: World) -> None:
    from interkommunal.validation.shacl import validate_shapes

    assert list(validate_shapes(world.shapes)) == []


def test_every_shacl_term_used_exists(world: World) -> None:
    from interkommunal.validation.shacl import unknown_terms

    assert list(unknown_terms(world.shapes)) == []


def test_every_property_shape_and_constraint_of_a_named_shape_has_an_iri_of_ours(world: World) -> None:
    shapes = {shape for shape in world.shapes.subjects(RDF.type, SH.NodeShape) if isinstance(shape, URIRef)}
    parts = {
        part for shape in shapes for link in (SH.property, SH.sparql) for part in world.shapes.objects(shape, link)
    }

    assert sorted(str(part) for part in parts | shapes if not str(part).startswith(SHAPE)) == []


def test_every_rule_has_a_message_in_german_and_english(world: World) -> None:
    lacking = [rule for rule in rules(world.shapes) if _languages(world.shapes, rule) != ["de", "en"]]

    assert sorted(lacking) == []


def test_every_property_shape_has_a_severity(world: World) -> None:
    parts = {part for part in world.shapes.objects(None, SH.property) if isinstance(part, URIRef)}

    assert sorted(part for part in parts if world.shapes.value(part, SH.severity) is None) == []


def test_every_check_query_has_messages_that_differ_by_language(world: World) -> None:
    for check in world.checks:
        assert check.message["de"] != check.message["en"], check.name
        assert check.severity in SEVERITIES


def test_the_shipped_graph_has_no_violation(world: World) -> None:
    assert world.violations == ()


def _languages(shapes: Graph, rule: str) -> list[str]:
    return sorted(str(message.language) for message in shapes.objects(URIRef(rule), SH.message))  # type: ignore[attr-defined]
