"""How the main classes hang together: boxes with set places, and an arrow where the data holds such links.

A vocabulary changes rarely, so a reader finds the boxes again; arrows follow the data.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from markupsafe import Markup

from interkommunal.namespaces import expand
from interkommunal.site.description.lexicon import Lexicon
from interkommunal.site.figures.network import Edge, Node, draw_grid
from interkommunal.site.site import Site
from interkommunal.texts import Language

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


class Diagram(NamedTuple):
    """The drawing, and the same as a list: class, property, class and the number of such links."""

    drawing: Markup
    ties: tuple[tuple[str, str, str, int], ...]


def diagram(links: Mapping[tuple[str, str, str], int], lexicon: Lexicon, site: Site, language: Language) -> Diagram:
    """The drawing for a release.

    Args:
        links: how often things of one class are linked with things of another (class, property, class).
        lexicon: names.
        site: where boxes lead.
        language: of the names.
    """

    def name(of: str) -> str:
        return lexicon.name(expand(of), language).text

    found = [(link, links.get((expand(link[0]), expand(link[1]), expand(link[2])), 0)) for link in _LINKS]
    drawn = [(link, number) for link, number in found if number]
    nodes = [Node(place, name(place), "", "class", site.page(expand(place)) or "#reused") for place in _PLACES]
    edges = [Edge(start, end, name(property_)) for (start, property_, end), _ in drawn]
    return Diagram(
        draw_grid(nodes, edges, _PLACES, "diagram-heading"),
        tuple((name(start), name(property_), name(end), number) for (start, property_, end), number in drawn),
    )
