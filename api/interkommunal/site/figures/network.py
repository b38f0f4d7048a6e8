"""The network: bodies, posts and who hosts them, as a tree that grows from the cooperation.

In go nodes and edges, out comes SVG. The layout is deterministic: each node stands beside the nearest one it is tied to
(breadth first, in the order given); an edge that is not part of the tree is drawn as a dashed curve. On a narrow page
the tree is an indented list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from markupsafe import Markup

from interkommunal.site.figures.figure import Size, draw
from interkommunal.site.figures.lettering import width, wrap
from interkommunal.site.figures.svg import element, link, number, text
from interkommunal.texts import Language, Text

_TITLE: Final = Text("Gremien und Ämter", "Bodies and posts")
_NAME_SIZE: Final = 13.0
_KIND_SIZE: Final = 11.0
_LEADING: Final = 15.0
_PADDING: Final = 9.0
_GAP: Final = 12.0
_GUTTER: Final = 26.0
_INDENT: Final = 16.0


@dataclass(frozen=True, slots=True)
class Node:
    """A body, post, role, organisation or city.

    Attributes:
        key: by which edges name it.
        name: what it is called; ``kind`` is the word for what it is.
        shape: ``cooperation``, ``unit``, ``post``, ``role``, ``city`` or ``other``; decides how the box looks.
        href: address of its page.
    """

    key: str
    name: str
    kind: str
    shape: str
    href: str | None


@dataclass(frozen=True, slots=True)
class Edge:
    """``source`` is tied to ``target``; ``word`` says how (``wird gesteuert durch``)."""

    source: str
    target: str
    word: str


@dataclass
class Box:
    """A node with its place in the tree and in the drawing."""

    node: Node
    depth: int
    ties: tuple[str, ...]  # words of the edges to the parent, with the direction
    children: list[Box] = field(default_factory=list)
    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    height: float = 0.0
    name: tuple[str, ...] = ()
    tie: tuple[str, ...] = ()

    @property
    def middle(self) -> float:
        """Height of the middle of the box."""
        return self.y + self.height / 2

    @property
    def over(self) -> float:
        """What the words above the box take."""
        return len(self.tie) * 13.0 + (3 if self.tie else 0)

    def walk(self) -> Iterator[Box]:
        """The box and all below it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()


def grow(nodes: Sequence[Node], edges: Sequence[Edge]) -> tuple[list[Box], list[Edge]]:
    """The nodes as trees, and the edges that are no part of one.

    The first cooperation is the first root; what cannot be reached from it gets a root of its own.
    """
    waiting = {node.key: node for node in nodes}
    trees: list[Box] = []
    placed: set[str] = set()
    used: set[int] = set()
    order = sorted(nodes, key=lambda node: node.shape != "cooperation")
    for start in order:
        if start.key in placed:
            continue
        root = Box(start, 0, ())
        trees.append(root)
        placed.add(start.key)
        queue = [root]
        while queue:
            box = queue.pop(0)
            for key in _neighbours(box.node.key, edges, waiting):
                if key in placed:
                    continue
                between = [i for i, edge in enumerate(edges) if {edge.source, edge.target} == {box.node.key, key}]
                used.update(between)
                placed.add(key)
                ties = tuple(
                    f"▸ {edges[i].word}" if edges[i].source == box.node.key else f"◂ {edges[i].word}" for i in between
                )
                child = Box(waiting[key], box.depth + 1, ties)
                box.children.append(child)
                queue.append(child)
    loose = [
        edge for i, edge in enumerate(edges) if i not in used and edge.source in waiting and edge.target in waiting
    ]
    return trees, loose


def _neighbours(key: str, edges: Sequence[Edge], known: dict[str, Node]) -> list[str]:
    found: dict[str, None] = {}
    for edge in edges:
        if edge.source == key and edge.target in known:
            found[edge.target] = None
        elif edge.target == key and edge.source in known:
            found[edge.source] = None
    return list(found)


def draw_network(
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    language: Language,
    size: Size,
    name: str = "network",
    title: str | None = None,
) -> Markup:
    """The network as SVG.

    Args:
        nodes: in the order in which they should appear.
        edges: those between nodes that are not given are left out.
        language: of the title.
        size: a narrow page gets an indented list.
        name: unique on the page.
        title: what is linked, if it is not bodies and posts.
    """
    wide = size is Size.WIDE
    identifier = f"{name}-{size.name.lower()}"
    trees, loose = grow(nodes, edges)
    columns = _columns([box for tree in trees for box in tree.walk()], size.value)
    bottom = 4.0
    for tree in trees:
        for box in tree.walk():
            box.x, box.width = columns[box.depth] if wide else (box.depth * _INDENT + 2, 0.0)
            if not wide:
                box.width = size.value - box.x - 2
            box.name = wrap(box.node.name, box.width - 2 * _PADDING, _NAME_SIZE)
            box.tie = tuple(line for tie in box.ties for line in wrap(tie, box.width, _KIND_SIZE))
            box.height = len(box.name) * _LEADING + 14 + 2 * _PADDING
        bottom = (_spread(tree, bottom) if wide else _stack(tree, bottom)) + (_GAP if wide else 0)
    boxes = {box.node.key: box for tree in trees for box in tree.walk()}
    lines = [_line(box, child, wide=wide) for box in boxes.values() for child in box.children]
    curves = [_curve(boxes[edge.source], boxes[edge.target]) for edge in loose]
    drawn = [_box(box) for box in boxes.values()]
    names = {node.key: node.name for node in nodes}
    said = "; ".join(f"{names[edge.source]} {edge.word} {names[edge.target]}" for edge in edges if
                     edge.source in names and edge.target in names)  # fmt: skip
    heading = title or _TITLE.in_(language)
    return draw(identifier, heading, f"{said}.", size.value, bottom, [*lines, *curves, *drawn], links=True)


def _columns(boxes: Sequence[Box], whole: float) -> list[tuple[float, float]]:
    """Left edge and width of the boxes at each depth: as wide as the longest word needs, and the rest shared out."""
    depth = 1 + max((box.depth for box in boxes), default=0)
    needs = [0.0] * depth
    for box in boxes:
        longest = max(width(word, _NAME_SIZE) for word in re.split(r"(?<=[-–—/.+])|\s", box.node.name) if word)
        needs[box.depth] = max(needs[box.depth], longest + 2 * _PADDING + 4)
    room = whole - 4 - _GUTTER * (depth - 1)
    spare = (room - sum(needs)) / depth
    widths = [need + spare for need in needs] if spare >= 0 else [room / depth] * depth
    lefts = [2 + sum(widths[:i]) + i * _GUTTER for i in range(depth)]
    return list(zip(lefts, widths, strict=True))


def _spread(box: Box, top: float) -> float:
    """Places a tree from left to right; returns where it ends."""
    needed = box.over + box.height
    if not box.children:
        box.y = top + box.over
        return top + needed + _GAP
    bottom = top
    for child in box.children:
        bottom = _spread(child, bottom)
    middle = (box.children[0].middle + box.children[-1].middle) / 2
    box.y = middle - box.height / 2
    lack = max(0.0, top + box.over - box.y)
    for below in box.walk() if lack else ():  # the parent is taller than its children: all move down
        below.y += lack
    return max(bottom + lack, box.y + box.height + _GAP)


def _stack(box: Box, top: float) -> float:
    """Places a tree as an indented list; returns where it ends."""
    box.y = top + box.over
    bottom = box.y + box.height + _GAP
    for child in box.children:
        bottom = _stack(child, bottom)
    return bottom


def _line(parent: Box, child: Box, *, wide: bool) -> Markup:
    if wide:
        start = parent.x + parent.width
        bend = start + (child.x - start) / 2
        steps = f"M{number(start)} {number(parent.middle)}H{number(bend)}V{number(child.middle)}H{number(child.x)}"
    else:
        rail = parent.x + _INDENT / 2
        steps = f"M{number(rail)} {number(parent.y + parent.height)}V{number(child.middle)}H{number(child.x)}"
    return element("path", d=steps, class_="network-line")


def _curve(source: Box, target: Box) -> Markup:
    x1, x2 = source.x + source.width / 2, target.x + target.width / 2
    bend = min(source.y, target.y) - 20
    steps = f"M{number(x1)} {number(source.y)}Q{number((x1 + x2) / 2)} {number(bend)} {number(x2)} {number(target.y)}"
    return element("path", d=steps, class_="network-line network-loose")


def _box(box: Box) -> Markup:
    round_ = box.height / 2 if box.node.shape == "post" else 10 if box.node.shape == "role" else 2
    ground = element(
        "rect", x=box.x, y=box.y, width=box.width, height=box.height, rx=round_,
        class_=f"network-box network-{box.node.shape}",
    )  # fmt: skip
    centre = box.x + box.width / 2
    kind = text(box.node.kind, centre, box.y + _PADDING + 9, text_anchor="middle", class_="network-kind")
    first = box.y + _PADDING + 25
    words = text(box.name, centre, first, leading=_LEADING, text_anchor="middle", class_="network-name")
    node = link(box.node.href, ground, kind, words, class_="network-node")
    if not box.tie:
        return node
    above = text(box.tie, box.x, box.y - box.over + 9, leading=13, class_="network-tie")
    return element("g", above, node)
