"""A network of two sides: boxes in two columns that do not overlap, a line a tie, a key of the words."""

from __future__ import annotations

import itertools
from xml.etree import ElementTree

from tests.site.figures.drawings import SVG

from interkommunal.site.figures.network import NetworkEdge, NetworkNode, draw_two_sides, has_two_sides

NODES = [
    *(NetworkNode(name, name, "", "city", f"/{name}") for name in ("Bochum", "Essen", "Herne")),
    NetworkNode("k", "Kontrakt „Interkulturelle Städteregion Ruhr“, Fassung vom 28. Mai 2010", "", "other", None),
    NetworkNode("v", "Städtekooperationsvertrag (2003)", "", "other", None),
]
EDGES = [
    NetworkEdge("Bochum", "k", "Erstunterzeichnerin"),
    NetworkEdge("Essen", "k", "Erstunterzeichnerin"),
    NetworkEdge("Herne", "k", "Beigetretene"),
    NetworkEdge("Bochum", "v", "Vertragspartei"),
    NetworkEdge("Essen", "v", "Vertragspartei"),
]


def test_two_sides_with_more_ties_than_a_tree_are_told_from_other_networks() -> None:
    assert has_two_sides(EDGES)
    assert not has_two_sides(EDGES[:4])
    assert not has_two_sides([*EDGES, NetworkEdge("k", "v", "folgt auf")])
    assert not has_two_sides([])


def test_boxes_of_a_column_stand_apart_and_each_tie_is_a_line() -> None:
    drawing = ElementTree.fromstring(draw_two_sides(NODES, EDGES, "Wer mit wem?"))
    boxes = sorted(
        tuple(float(box.attrib[name]) for name in ("x", "y", "height")) for box in drawing.iter(f"{SVG}rect")
    )

    assert len(boxes) == len(NODES)
    for (x, y, height), (other_x, other_y, _) in itertools.pairwise(boxes):
        assert other_x != x or other_y >= y + height
    ties = [line for line in drawing.iter(f"{SVG}path") if not line.attrib["d"].startswith("M2 ")]
    assert len(ties) == len(EDGES)
    assert [line.get("stroke-dasharray") for line in ties] == [None, None, "7 4", "2 3", "2 3"]


def test_key_and_description_tell_the_words() -> None:
    drawing = ElementTree.fromstring(draw_two_sides(NODES, EDGES, "Wer mit wem?"))
    texts = ["".join(item.itertext()) for item in drawing.iter(f"{SVG}text")]

    assert texts[-3:] == ["Erstunterzeichnerin", "Beigetretene", "Vertragspartei"]
    description = drawing.findtext(f"{SVG}desc") or ""
    assert "Herne – Beigetretene – Kontrakt „Interkulturelle Städteregion Ruhr“" in description
    assert [item.attrib["href"] for item in drawing.iter(f"{SVG}a")] == ["/Bochum", "/Essen", "/Herne"]
