"""A network of two sides, as cities and agreements: two columns of boxes with straight lines between them.

A tree would show most of such ties as loose curves across its boxes. What a tie says is told by the stroke of its line,
with a key below.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from interkommunal.site.figures.figure import Size, draw
from interkommunal.site.figures.lettering import wrap
from interkommunal.site.figures.network import Edge, Node
from interkommunal.site.figures.svg import element, link, number, text
from interkommunal.texts import Language, Text

_TITLE: Final = Text("Verbindungen", "Ties")
_NAME: Final = 13.0
_LEADING: Final = 15.0
_PADDING: Final = 10.0
_GAP: Final = 14.0
_LEFT: Final = 220.0
_RIGHT: Final = 330.0
_KEY: Final = 20.0
# Strokes that are told apart without colour, the commonest first.
_STROKES: Final = (None, "7 4", "2 3", "10 3 2 3", "1 5", "12 5")


def has_two_sides(edges: Sequence[Edge]) -> bool:
    """Whether ties lead from one set of nodes to another, and more of them than a tree has."""
    sources, targets = {edge.source for edge in edges}, {edge.target for edge in edges}
    ties = {(edge.source, edge.target) for edge in edges}
    words = {edge.word for edge in edges}
    return bool(edges) and not sources & targets and len(ties) >= len(sources | targets) and len(words) <= len(_STROKES)


def draw_pairs(nodes: Sequence[Node], edges: Sequence[Edge], title: str, language: Language) -> Markup:
    """The drawing for a wide page.

    Args:
        nodes: of both sides, in the order in which they stand.
        edges: from the left side to the right one; see :func:`has_two_sides`.
        title: what is shown.
        language: of the description.
    """
    sources = {edge.source for edge in edges}
    left = _column([node for node in nodes if node.key in sources], _LEFT)
    right = _column([node for node in nodes if node.key not in sources], _RIGHT)
    height = max(left[-1][1] + left[-1][2], right[-1][1] + right[-1][2])
    starts = _middles(left, height)
    ends = _middles(right, height)
    words = list(dict.fromkeys(edge.word for edge in edges))
    strokes = dict(zip(words, _STROKES, strict=False))
    edge_of_right = Size.WIDE.value - _RIGHT
    lines = [
        element(
            "path",
            d=f"M{number(_LEFT)} {number(starts[edge.source])}L{number(edge_of_right)} {number(ends[edge.target])}",
            stroke_dasharray=strokes[edge.word],
            class_="network-line",
        )
        for edge in edges
    ]
    boxes = [_box(item, 0, _LEFT, starts) for item in left] + [
        _box(item, edge_of_right, _RIGHT, ends) for item in right
    ]
    keys = [_key(word, strokes[word], height + _GAP + index * _KEY) for index, word in enumerate(words)]
    names = {node.key: node.name for node in nodes}
    told = "; ".join(f"{names[edge.source]} – {edge.word} – {names[edge.target]}" for edge in edges)
    return draw(
        "network-wide",
        f"{_TITLE.in_(language)}: {title}",
        told,
        Size.WIDE.value,
        height + _GAP + len(words) * _KEY + 6,
        [*lines, *boxes, *keys],
        links=any(node.href for node in nodes),
    )


Placed = tuple[Node, float, float, tuple[str, ...]]


def _column(nodes: Sequence[Node], width: float) -> list[Placed]:
    """Each node with its top, its height and the lines of its name."""
    found: list[Placed] = []
    top = 2.0
    for node in nodes:
        name = tuple(wrap(node.name, width - 2 * _PADDING, _NAME, 3))
        height = len(name) * _LEADING + 2 * _PADDING
        found.append((node, top, height, name))
        top += height + _GAP
    return found


def _middles(column: Sequence[Placed], height: float) -> dict[str, float]:
    """Where the middles of the boxes stand; the shorter column is spread over the height of the other."""
    bottom = column[-1][1] + column[-1][2]
    step = (height - bottom) / len(column)
    return {node.key: top + tall / 2 + step * (index + 0.5) for index, (node, top, tall, _) in enumerate(column)}


def _box(placed: Placed, x: float, width: float, middles: dict[str, float]) -> Markup:
    node, _, height, name = placed
    top = middles[node.key] - height / 2
    ground = element(
        "rect", x=x + 1, y=top, width=width - 2, height=height, rx=2, class_=f"network-box network-{node.shape}"
    )
    words = text(
        name, x + width / 2, top + _PADDING + 11, leading=_LEADING, text_anchor="middle", class_="network-name"
    )
    return link(node.href, ground, words, class_="network-node")


def _key(word: str, stroke: str | None, y: float) -> Markup:
    line = element("path", d=f"M2 {number(y + 8)}H42", stroke_dasharray=stroke, class_="network-line")
    return element("g", line, text(word, 52, y + 12, class_="network-tie"))
