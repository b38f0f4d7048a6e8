"""How the main classes hang together, drawn as SVG: boxes on a grid, and an arrow where the data holds such links.

Boxes have set places, because a vocabulary changes rarely and a reader finds them again; arrows follow the data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from interkommunal.namespaces import expand
from interkommunal.site.description.lexicon import Lexicon
from interkommunal.site.site import Site
from interkommunal.texts import Language

_WIDTH, _HEIGHT = 176, 50
_ACROSS, _DOWN = 322, 132
_MARGIN = 14

# Class: column and row.
_PLACES: Final = {
    "ik:Forum": (0, 0),
    "schema:EventSeries": (1, 0),
    "ik:Goal": (2, 0),
    "ik:Principle": (3, 0),
    "ik:City": (0, 1),
    "ik:Participation": (1, 1),
    "ik:Agreement": (2, 1),
    "ik:AgreementText": (3, 1),
    "org:OrganizationalUnit": (0, 2),
    "ik:Cooperation": (1, 2),
    "ik:JointProject": (2, 2),
    "ik:SignatureEntry": (3, 2),
    "ik:Publication": (1, 3),
    "ik:Outcome": (2, 3),
    "ik:Discrepancy": (0, 4),
    "ik:Passage": (1, 4),
    "foaf:Document": (2, 4),
}
_LINKS: Final = (
    ("ik:Forum", "schema:superEvent", "schema:EventSeries"),
    ("ik:Forum", "schema:location", "ik:City"),
    ("ik:Participation", "cv:hasParticipant", "ik:City"),
    ("ik:Agreement", "cv:hasParticipation", "ik:Participation"),
    ("ik:Agreement", "ik:hasGoal", "ik:Goal"),
    ("ik:Agreement", "ik:hasPrinciple", "ik:Principle"),
    ("ik:AgreementText", "dcterms:isVersionOf", "ik:Agreement"),
    ("ik:SignatureEntry", "ik:signatureIn", "ik:AgreementText"),
    ("ik:City", "org:memberOf", "ik:Cooperation"),
    ("ik:Cooperation", "ik:basedOn", "ik:Agreement"),
    ("org:OrganizationalUnit", "org:unitOf", "ik:Cooperation"),
    ("ik:Outcome", "ik:outcomeOf", "ik:JointProject"),
    ("ik:Publication", "ik:resultOf", "ik:Outcome"),
    ("ik:Discrepancy", "oa:hasTarget", "ik:Passage"),
    ("ik:Passage", "oa:hasSource", "foaf:Document"),
)


@dataclass(frozen=True, slots=True)
class Box:
    """A class: its name, page and place (left, top, width, height)."""

    name: str
    href: str | None
    left: int
    top: int
    width: int = _WIDTH
    height: int = _HEIGHT


@dataclass(frozen=True, slots=True)
class Arrow:
    """A property between two classes.

    Attributes:
        start, end: names of the classes. name: of the property. number: how many such links there are.
        line: from and to (x, y, x, y). label: place of the name (x, y). anchor: how it is aligned there.
    """

    start: str
    end: str
    name: str
    number: int
    line: tuple[float, float, float, float]
    label: tuple[float, float]
    anchor: str


@dataclass(frozen=True)
class Diagram:
    """Boxes and arrows, and the size of the drawing."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    width: int
    height: int


def diagram(links: Mapping[tuple[str, str, str], int], lexicon: Lexicon, site: Site, language: Language) -> Diagram:
    """The drawing for a release.

    Args:
        links: how often things of one class are linked with things of another (class, property, class).
        lexicon: names.
        site: where boxes lead.
        language: of the names.
    """
    boxes = {
        name: Box(
            lexicon.name(expand(name), language).text,
            site.page(expand(name)),
            _MARGIN + column * _ACROSS,
            _MARGIN + row * _DOWN,
        )
        for name, (column, row) in _PLACES.items()
    }
    arrows = []
    for start, property_, end in _LINKS:
        number = links.get((expand(start), expand(property_), expand(end)), 0)
        if number:
            arrows.append(_arrow(boxes[start], boxes[end], lexicon.name(expand(property_), language).text, number))
    columns = max(column for column, _ in _PLACES.values())
    rows = max(row for _, row in _PLACES.values())
    return Diagram(
        tuple(boxes.values()),
        tuple(arrows),
        2 * _MARGIN + columns * _ACROSS + _WIDTH,
        2 * _MARGIN + rows * _DOWN + _HEIGHT,
    )


def _arrow(start: Box, end: Box, name: str, number: int) -> Arrow:
    across, down = end.left - start.left, end.top - start.top
    middle_start = (start.left + start.width / 2, start.top + start.height / 2)
    middle_end = (end.left + end.width / 2, end.top + end.height / 2)
    if not down:
        side = 1 if across > 0 else -1
        line = (
            middle_start[0] + side * start.width / 2,
            middle_start[1],
            middle_end[0] - side * end.width / 2,
            middle_end[1],
        )
        label, anchor = ((line[0] + line[2]) / 2, line[1] - 8), "middle"
    else:
        side = 1 if down > 0 else -1
        line = (
            middle_start[0] + (across and (30 if across > 0 else -30)),
            middle_start[1] + side * start.height / 2,
            middle_end[0] - (across and (30 if across > 0 else -30)),
            middle_end[1] - side * end.height / 2,
        )
        label, anchor = ((line[0] + line[2]) / 2 + 10, (line[1] + line[3]) / 2 + 5), "start"
    return Arrow(start.name, end.name, name, number, line, label, anchor)
