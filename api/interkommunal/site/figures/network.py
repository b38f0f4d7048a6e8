"""Networks: what is tied to what, as boxes and lines, laid out as a tree, as two columns or on a grid.

In go nodes and edges, out comes SVG; the same input always gives the same drawing. A tree grows from its root (breadth
first, in the order given), and an edge that is not part of it is a dashed curve; on a narrow page it is an indented
list. Two columns show ties between two sides, of which a tree would show most as curves across its boxes. On a grid,
boxes have set places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from markupsafe import Markup

from interkommunal.site.figures.figure import Size, draw
from interkommunal.site.figures.svg import element, link, number, path, text, width, wrap

_NAME: Final = "network"
_NAME_SIZE: Final = 13.0
_TIE_SIZE: Final = 11.0
_LEADING: Final = 15.0
# Of a tree: padding in a box, gap between boxes, gutter between columns, indent on a narrow page.
_PADDING: Final = 9.0
_GAP: Final = 12.0
_GUTTER: Final = 26.0
_INDENT: Final = 16.0
# Of two columns: padding and gap, widths of both sides, height of a line of the key.
_SIDE_PADDING: Final = 10.0
_SIDE_GAP: Final = 14.0
_LEFT: Final = 220.0
_RIGHT: Final = 330.0
_KEY: Final = 20.0
# Strokes that are told apart without colour, the commonest first.
_STROKES: Final = (None, "7 4", "2 3", "10 3 2 3", "1 5", "12 5")
# Of a grid: a box, the distance of two columns and of two rows, the margin.
_CELL: Final = (176.0, 50.0)
_STEP: Final = (322.0, 132.0)
_MARGIN: Final = 14.0


class NetworkNode(NamedTuple):
    """What is tied to others: a body, a city, a class.

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


class NetworkEdge(NamedTuple):
    """``source`` is tied to ``target``; ``word`` says how (``wird gesteuert durch``)."""

    source: str
    target: str
    word: str


@dataclass
class Box:
    """A node with its place in the drawing, and in the tree if it is in one."""

    node: NetworkNode
    depth: int = 0
    ties: tuple[str, ...] = ()  # words of the edges to the parent, with the direction
    children: list[Box] = field(default_factory=list)
    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    height: float = 0.0
    name: tuple[str, ...] = ()
    padding: float = _PADDING

    @property
    def middle(self) -> float:
        """Height of the middle of the box."""
        return self.y + self.height / 2

    @property
    def centre(self) -> float:
        """Middle between its sides."""
        return self.x + self.width / 2

    @property
    def over(self) -> float:
        """What the words above the box take."""
        return len(self.ties) * 13.0 + (3 if self.ties else 0)

    def walk(self) -> Iterator[Box]:
        """The box and all below it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()

    def drawn(self) -> Markup:
        """The box with its kind and name, a link to its page, below the words of its ties."""
        shape = self.node.shape
        ground = element(
            "rect",
            x=self.x,
            y=self.y,
            width=self.width,
            height=self.height,
            rx=self.height / 2 if shape == "post" else 10 if shape == "role" else 2,
            class_=f"network-box network-{shape}",
        )
        first = self.y + self.height - self.padding - len(self.name) * _LEADING + 11
        name = text(self.name, self.centre, first, leading=_LEADING, text_anchor="middle", class_="network-name")
        above = self.y + self.padding + 9
        kind = text(self.node.kind, self.centre, above, text_anchor="middle", class_="network-kind")
        node = link(self.node.href, ground, *([kind] if self.node.kind else []), name, class_="network-node")
        if not self.ties:
            return node
        return element("g", text(self.ties, self.x, self.y - self.over + 9, leading=13, class_="network-tie"), node)


def grow(nodes: Sequence[NetworkNode], edges: Sequence[NetworkEdge]) -> tuple[list[Box], list[NetworkEdge]]:
    """The nodes as trees, and the edges that are not part of one.

    The first cooperation is the first root; what cannot be reached from it gets a root of its own.
    """
    known = {node.key: node for node in nodes}
    edges = [edge for edge in edges if edge.source in known and edge.target in known]
    trees: list[Box] = []
    placed: set[str] = set()
    used: set[NetworkEdge] = set()
    for start in sorted(nodes, key=lambda node: node.shape != "cooperation"):
        if start.key in placed:
            continue
        queue = [Box(start)]
        trees.append(queue[0])
        placed.add(start.key)
        for box in queue:  # it grows while it is walked through
            here = box.node.key
            ties: dict[str, list[str]] = {}
            for edge in edges:
                if here in (edge.source, edge.target):
                    other, sign = (edge.target, "▸") if edge.source == here else (edge.source, "◂")
                    if other not in placed:
                        ties.setdefault(other, []).append(f"{sign} {edge.word}")
                        used.add(edge)
            box.children = [Box(known[key], box.depth + 1, tuple(words)) for key, words in ties.items()]
            placed.update(ties)
            queue += box.children
    return trees, [edge for edge in edges if edge not in used]


def draw_network(nodes: Sequence[NetworkNode], edges: Sequence[NetworkEdge], title: str, size: Size) -> Markup:
    """A network as a tree.

    Args:
        nodes: in the order in which they should appear.
        edges: those between nodes that are not given are left out.
        title: what is linked.
        size: a narrow page gets an indented list.
    """
    trees, loose = grow(nodes, edges)
    wide = size is Size.WIDE
    boxes = {box.node.key: box for tree in trees for box in tree.walk()}
    columns = _columns(list(boxes.values()), size.value)
    bottom = 4.0
    for tree in trees:
        for box in tree.walk():
            left = box.depth * _INDENT + 2
            box.x, box.width = columns[box.depth] if wide else (left, size.value - left - 2)
            box.name = wrap(box.node.name, box.width - 2 * _PADDING, _NAME_SIZE)
            box.ties = tuple(line for tie in box.ties for line in wrap(tie, box.width, _TIE_SIZE))
            box.height = len(box.name) * _LEADING + 14 + 2 * _PADDING
            if not wide:
                box.y = bottom + box.over
                bottom = box.y + box.height + _GAP
        if wide:
            bottom = _spread(tree, bottom) + _GAP
    parts = []
    for box in boxes.values():
        for child in box.children:
            x, y, end = box.x + box.width, box.middle, f"V{number(child.middle)}H{number(child.x)}"
            if wide:
                steps = f"M{number(x)} {number(y)}H{number(x + (child.x - x) / 2)}{end}"
            else:
                steps = f"M{number(box.x + _INDENT / 2)} {number(box.y + box.height)}{end}"
            parts.append(element("path", d=steps, class_="network-line"))
    for edge in loose:
        source, target = boxes[edge.source], boxes[edge.target]
        x1, x2, bend = source.centre, target.centre, min(source.y, target.y) - 20
        curve = f"Q{number((x1 + x2) / 2)} {number(bend)} {number(x2)} {number(target.y)}"
        steps = f"M{number(x1)} {number(source.y)}{curve}"
        parts.append(element("path", d=steps, class_="network-line network-loose"))
    parts += [box.drawn() for box in boxes.values()]
    return draw(_NAME, size, title, f"{_told(nodes, edges, ' ')}.", bottom, parts)


def has_two_sides(edges: Sequence[NetworkEdge]) -> bool:
    """Whether ties lead from one set of nodes to another, and more of them than a tree has."""
    sources, targets = {edge.source for edge in edges}, {edge.target for edge in edges}
    ties = {(edge.source, edge.target) for edge in edges}
    words = {edge.word for edge in edges}
    return bool(edges) and not sources & targets and len(ties) >= len(sources | targets) and len(words) <= len(_STROKES)


def draw_two_sides(nodes: Sequence[NetworkNode], edges: Sequence[NetworkEdge], title: str) -> Markup:
    """A network as two columns for a wide page, the word of a tie told by the stroke of its line, with a key below.

    Args:
        nodes: of both sides, from top to bottom.
        edges: from the left side to the right one; see :func:`has_two_sides`.
        title: what is shown.
    """
    sources = {edge.source for edge in edges}
    edge_of_right = Size.WIDE.value - _RIGHT
    sides: list[list[Box]] = []
    for left, wide, is_left in ((0.0, _LEFT, True), (edge_of_right, _RIGHT, False)):
        sides.append([])
        top = 2.0
        for node in nodes:
            if (node.key in sources) is is_left:
                name = wrap(node.name, wide - 2 * _SIDE_PADDING, _NAME_SIZE, 3)
                high = len(name) * _LEADING + 2 * _SIDE_PADDING
                box = Box(node, x=left + 1, y=top, width=wide - 2, height=high, name=name, padding=_SIDE_PADDING)
                sides[-1].append(box)
                top += high + _SIDE_GAP
    height = max(side[-1].y + side[-1].height for side in sides)
    for side in sides:  # the shorter one is spread over the height of the other
        step = (height - side[-1].y - side[-1].height) / len(side)
        for index, box in enumerate(side):
            box.y += step * (index + 0.5)
    boxes = {box.node.key: box for side in sides for box in side}
    words = list(dict.fromkeys(edge.word for edge in edges))
    strokes = dict(zip(words, _STROKES, strict=False))
    parts = []
    for edge in edges:
        line = path([(_LEFT, boxes[edge.source].middle), (edge_of_right, boxes[edge.target].middle)])
        parts.append(element("path", d=line, stroke_dasharray=strokes[edge.word], class_="network-line"))
    parts += [box.drawn() for box in boxes.values()]
    for index, word in enumerate(words):
        y = height + _SIDE_GAP + index * _KEY
        sample = element("path", d=f"M2 {number(y + 8)}H42", stroke_dasharray=strokes[word], class_="network-line")
        parts.append(element("g", sample, text(word, 52, y + 12, class_="network-tie")))
    bottom = height + _SIDE_GAP + len(words) * _KEY + 6
    return draw(_NAME, Size.WIDE, title, _told(nodes, edges, " – "), bottom, parts)


def draw_grid(
    nodes: Sequence[NetworkNode], edges: Sequence[NetworkEdge], places: Mapping[str, tuple[int, int]], named_by: str
) -> Markup:
    """A network on a grid, with arrows that are named beside their middle.

    Args:
        nodes: in the order of their drawing.
        edges: between neighbours: in the same row, or between two rows.
        places: column and row of each node, by key.
        named_by: id of the heading that names the drawing.
    """
    boxes = {
        node.key: Box(
            node, x=_MARGIN + places[node.key][0] * _STEP[0], y=_MARGIN + places[node.key][1] * _STEP[1],
            width=_CELL[0], height=_CELL[1],
        )
        for node in nodes
    }  # fmt: skip
    arrows = [part for edge in edges for part in _arrow(boxes[edge.source], boxes[edge.target], edge.word)]
    drawn = []
    for box in boxes.values():
        ground = element("rect", x=box.x, y=box.y, width=box.width, height=box.height, rx=4)
        name = text(box.node.name, box.centre, box.middle + 6, text_anchor="middle")
        drawn.append(element("a", ground, name, href=box.node.href))
    wide = max(box.x for box in boxes.values()) + _CELL[0] + _MARGIN
    high = max(box.y for box in boxes.values()) + _CELL[1] + _MARGIN
    tip = element(
        "marker", element("path", d="M0 0L10 5L0 10z"), id="tip", viewBox="0 0 10 10", refX=9, refY=5,
        markerWidth=8, markerHeight=8, orient="auto-start-reverse",
    )  # fmt: skip
    return element(
        "svg", element("defs", tip), *arrows, *drawn, class_="diagram", viewBox=f"0 0 {wide:g} {high:g}",
        width=wide, height=high, role="group", aria_labelledby=named_by,
    )  # fmt: skip


def _told(nodes: Sequence[NetworkNode], edges: Sequence[NetworkEdge], glue: str) -> str:
    """All edges in words, for screen readers."""
    names = {node.key: node.name for node in nodes}
    known = [edge for edge in edges if edge.source in names and edge.target in names]
    return "; ".join(glue.join((names[edge.source], edge.word, names[edge.target])) for edge in known)


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
    if not box.children:
        box.y = top + box.over
        return box.y + box.height + _GAP
    bottom = top
    for child in box.children:
        bottom = _spread(child, bottom)
    box.y = (box.children[0].middle + box.children[-1].middle - box.height) / 2
    lack = max(0.0, top + box.over - box.y)
    for below in box.walk() if lack else ():  # the parent is taller than its children: all move down
        below.y += lack
    return max(bottom + lack, box.y + box.height + _GAP)


def _arrow(start: Box, end: Box, word: str) -> tuple[Markup, Markup]:
    """A straight arrow between the nearest sides of two boxes, and its name."""
    across, down = (end.x > start.x) - (end.x < start.x), (end.y > start.y) - (end.y < start.y)
    if down:  # a slanted arrow leaves beside the middle, so that two of them do not meet
        x1, y1 = start.centre + across * 30, start.middle + down * start.height / 2
        x2, y2 = end.centre - across * 30, end.middle - down * end.height / 2
        x, y, anchor = (x1 + x2) / 2 + 10, (y1 + y2) / 2 + 5, "start"
    else:
        x1, y1 = start.centre + across * start.width / 2, start.middle
        x2, y2 = end.centre - across * end.width / 2, y1
        x, y, anchor = (x1 + x2) / 2, y1 - 8, "middle"
    name = text(word, x, y, class_="edge", text_anchor=anchor, aria_hidden="true")
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, marker_end="url(#tip)"), name
