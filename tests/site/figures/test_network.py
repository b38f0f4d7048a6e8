from __future__ import annotations

from tests.site.figures.drawings import classed, links, texts, tree

from interkommunal.site.figures.figure import Size
from interkommunal.site.figures.network import NetworkEdge, NetworkNode, draw_grid, draw_network, grow

NODES = [
    NetworkNode("regie", "Regiegruppe", "Einheit", "unit", "/doc/regie"),
    NetworkNode("koop", "Städtekooperation", "Kooperation", "cooperation", "/doc/koop"),
    NetworkNode("sprecher", "Sprecherfunktion", "Amt", "post", "/doc/sprecher"),
    NetworkNode("essen", "Essen", "Stadt", "city", None),
]
EDGES = [
    NetworkEdge("koop", "regie", "wird gesteuert durch"),
    NetworkEdge("regie", "koop", "ist Einheit von"),
    NetworkEdge("sprecher", "regie", "ist Amt in"),
]


def test_tree_grows_from_the_cooperation() -> None:
    trees, loose = grow(NODES, EDGES)

    assert [(box.node.key, box.depth) for tree_ in trees for box in tree_.walk()] == [
        ("koop", 0),
        ("regie", 1),
        ("sprecher", 2),
        ("essen", 0),
    ]
    assert loose == []


def test_ties_say_what_they_mean_and_in_which_direction() -> None:
    drawn = draw_network(NODES, EDGES, "Gremien", Size.WIDE)

    assert texts(drawn, "network-tie") == ["▸ wird gesteuert durch ◂ ist Einheit von", "◂ ist Amt in"]


def test_edge_that_closes_a_circle_is_drawn_dashed() -> None:
    circle = [*EDGES, NetworkEdge("koop", "sprecher", "nennt"), NetworkEdge("sprecher", "koop", "spricht für")]

    trees, loose = grow(NODES[:3], circle)

    assert [box.node.key for box in trees[0].walk()] == ["koop", "regie", "sprecher"]
    assert loose == [NetworkEdge("sprecher", "regie", "ist Amt in")]
    assert len(classed(draw_network(NODES[:3], circle, "Gremien", Size.WIDE), "network-loose")) == 1


def test_boxes_do_not_overlap_on_wide_pages_nor_on_narrow_ones() -> None:
    many = [
        *NODES,
        *(NetworkNode(f"n{i}", f"Funktion Nummer {i} mit langem Namen", "Funktion", "role", None) for i in range(9)),
    ]
    edges = [
        *EDGES,
        *(NetworkEdge("regie" if i % 2 else "sprecher", f"n{i}", "setzt sich zusammen aus") for i in range(9)),
    ]

    for size in Size:
        boxes = [
            tuple(float(item.get(key, "0")) for key in ("x", "y", "width", "height"))
            for item in classed(draw_network(many, edges, "Gremien", size), "network-box")
        ]
        for i, (x, y, w, h) in enumerate(boxes):
            assert x >= 0
            assert x + w <= size.value
            for other_x, other_y, other_w, other_h in boxes[i + 1 :]:
                assert x + w <= other_x or other_x + other_w <= x or y + h <= other_y or other_y + other_h <= y


def test_nodes_lead_to_their_pages_and_one_without_page_is_no_link() -> None:
    assert links(draw_network(NODES, EDGES, "Gremien", Size.NARROW)) == {
        "Kooperation Städtekooperation": "/doc/koop",
        "Einheit Regiegruppe": "/doc/regie",
        "Amt Sprecherfunktion": "/doc/sprecher",
    }


def test_description_says_all_edges() -> None:
    described = next(
        item
        for item in tree(draw_network(NODES, EDGES, "Gremien", Size.WIDE))
        if item.get("id") == "network-wide-description"
    )

    assert described.text == (
        "Städtekooperation wird gesteuert durch Regiegruppe; Regiegruppe ist Einheit von Städtekooperation; "
        "Sprecherfunktion ist Amt in Regiegruppe."
    )


def test_same_rows_give_the_same_drawing() -> None:
    assert draw_network(NODES, EDGES, "Gremien", Size.WIDE) == draw_network(
        list(NODES), list(EDGES), "Gremien", Size.WIDE
    )


def test_arrows_of_a_grid_touch_the_boxes_that_they_tie_and_have_their_word_beside_them() -> None:
    nodes = [NetworkNode(key, key.title(), "", "class", f"/{key}") for key in ("forum", "city", "series")]
    edges = [NetworkEdge("forum", "series", "gehört zu"), NetworkEdge("forum", "city", "liegt in")]
    drawn = tree(draw_grid(nodes, edges, {"forum": (0, 0), "series": (1, 0), "city": (0, 1)}, "heading"))

    boxes = {
        item.get("href", "")[1:]: [float(item[0].get(key, "0")) for key in ("x", "y", "width", "height")]
        for item in drawn.iter("a")
    }
    lines = [[float(item.get(key, "0")) for key in ("x1", "y1", "x2", "y2")] for item in drawn.iter("line")]
    x, y, width, height = boxes["forum"]
    assert lines == [
        [x + width, y + height / 2, boxes["series"][0], y + height / 2],
        [x + width / 2, y + height, x + width / 2, boxes["city"][1]],
    ]
    assert [item.text for item in drawn.iter("text") if item.get("class") == "edge"] == ["gehört zu", "liegt in"]
    assert drawn.get("aria-labelledby") == "heading"
