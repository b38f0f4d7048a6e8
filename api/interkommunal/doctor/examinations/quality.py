"""The points that data.europa.eu would give: its Metadata Quality Assessment, 405 in all.

Each indicator gives its points in proportion to the datasets or distributions that have it. Whether addresses answer is
known only if they were asked. https://data.europa.eu/mqa/methodology

What the official shapes of DCAT-AP 3.0.1 and DCAT-AP.de 3.0 find: those that our own catalogue must pass too.

A result comes out unless a rule here has said the same in plainer words.
"""

from __future__ import annotations

import typing
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from interkommunal.doctor.catalogue import (
    ACCESS_RIGHTS,
    FILE_TYPES,
    LICENCES,
    MEDIA_TYPES,
    Catalogue,
    Node,
    codes,
    short,
)
from interkommunal.doctor.client import Reply
from interkommunal.doctor.examinations.transport import illegal_iris
from interkommunal.doctor.finding import Finding, finding
from interkommunal.doctor.harvest import Harvest
from interkommunal.release import gate
from interkommunal.texts import Text

# pySHACL takes about five seconds for half of it.
MOST_TRIPLES: Final = 200_000
_CODES: Final = {"Violation": "shape-violated", "Warning": "shape-warns"}


def examine_shapes(harvest: Harvest, said: Collection[tuple[str, str]]) -> Iterator[Finding]:
    """What the shapes find, but for what is ``said`` already: pairs of node and property."""
    triples = harvest.catalogue.triples
    if len(triples) > MOST_TRIPLES:
        yield finding("shapes-not-run", harvest.address, triples=len(triples))
        return
    told: set[tuple[str, str, str]] = set()
    # rdflib does not read illegal IRIs, which have been told of.
    legal = [triple for triple in triples if not any(illegal_iris(triple))]
    for result in gate.findings(legal) if triples else ():
        code, path = _CODES.get(result.severity, ""), short(result.property)
        if not code or (result.thing, path) in said or (result.thing, path, code) in told:
            continue
        told.add((result.thing, path, code))
        value = f" ({short(result.value)})" if result.value and result.value != result.thing else ""
        message = f"{path}: {result.message}{value}" if path else f"{result.message}{value}"
        yield finding(code, result.thing, profile=result.profile, path=path, message=message)


Dimension = typing.Literal["findability", "accessibility", "interoperability", "reusability", "contextuality"]
DIMENSIONS: Final[dict[Dimension, Text]] = {
    "findability": Text("Findability"),
    "accessibility": Text("Accessibility"),
    "interoperability": Text("Interoperability"),
    "reusability": Text("Reusability"),
    "contextuality": Text("Contextuality"),
}
# From so many points on (methodology, section "Scoring").
RATINGS: Final = (
    (351, Text("excellent")),
    (221, Text("good")),
    (121, Text("sufficient")),
    (0, Text("bad")),
)
# Whether a node has what an indicator counts; ``None``: nobody knows.
Test = Callable[[Node], bool | None]
_EU_LICENCES: Final = "http://publications.europa.eu/resource/authority/licence/"


@dataclass(frozen=True, slots=True)
class Points:
    """An indicator: the most points it gives, those won, and how many of how many have it; ``of`` 0: nobody knows."""

    dimension: Dimension
    indicator: Text
    most: int
    won: float
    have: int
    of: int


def assess(catalogue: Catalogue, replies: Mapping[str, Reply], conforms: bool) -> list[Points]:
    """The points of a catalogue.

    Args:
        catalogue: to be assessed.
        replies: what its addresses answered; empty if they were not asked.
        conforms: whether it keeps the mandatory rules of DCAT-AP.
    """
    data, files = catalogue.datasets, catalogue.all_distributions

    def has(name: str) -> Test:
        return lambda node: bool(catalogue.values(node, name))

    def vocabulary(name: str, start: str) -> Test:
        return lambda node: any(
            isinstance(value, NamedNode) and value.value.startswith(start) for value in catalogue.values(node, name)
        )

    def code(name: str) -> Test:
        return lambda node: catalogue.text(node, "dct:format").removeprefix(FILE_TYPES).upper() in codes(name)

    def answers(name: str) -> Test:
        def test(node: Node) -> bool | None:
            found = [replies.get(address) for address in catalogue.addresses(node, name)]
            if any(reply is None or reply.kind == "budget" for reply in found):
                return None
            return any(reply.ok for reply in found if reply is not None)

        return test

    def listed(node: Node) -> bool:
        of_format = vocabulary("dct:format", FILE_TYPES)(node)
        return bool(of_format and vocabulary("dcat:mediaType", MEDIA_TYPES)(node))

    def licensed(node: Node) -> bool:
        return catalogue.text(node, "dct:license").startswith((LICENCES, _EU_LICENCES))

    rights = vocabulary("dct:accessRights", ACCESS_RIGHTS)
    table: dict[Dimension, tuple[tuple[Text, int, Sequence[Node], Test], ...]] = {
        "findability": (
            (Text("keywords"), 30, data, has("dcat:keyword")),
            (Text("themes"), 30, data, has("dcat:theme")),
            (Text("spatial coverage"), 20, data, has("dct:spatial")),
            (Text("temporal coverage"), 20, data, has("dct:temporal")),
        ),
        "accessibility": (
            (Text("accessURL answers"), 50, files, answers("dcat:accessURL")),
            (Text("downloadURL given"), 20, files, has("dcat:downloadURL")),
            (Text("downloadURL answers"), 30, files, answers("dcat:downloadURL")),
        ),
        "interoperability": (
            (Text("format"), 20, files, has("dct:format")),
            (Text("media type"), 10, files, has("dcat:mediaType")),
            (Text("format and media type from the vocabularies"), 10, files, listed),
            (Text("non-proprietary format"), 20, files, code("non_proprietary")),
            (Text("machine-readable"), 20, files, code("machine_readable")),
            (Text("conforms to DCAT-AP"), 30, data, lambda _: conforms),
        ),
        "reusability": (
            (Text("licence"), 20, files, has("dct:license")),
            (Text("licence from a vocabulary"), 10, files, licensed),
            (Text("access rights"), 10, data, has("dct:accessRights")),
            (Text("access rights from the vocabulary"), 5, data, rights),
            (Text("contact point"), 20, data, has("dcat:contactPoint")),
            (Text("publisher"), 10, data, has("dct:publisher")),
        ),
        "contextuality": (
            (Text("rights"), 5, files, has("dct:rights")),
            (Text("size"), 5, files, has("dcat:byteSize")),
            (Text("day of issue"), 5, data, has("dct:issued")),
            (Text("day of change"), 5, data, has("dct:modified")),
        ),
    }
    points = []
    for dimension, indicators in table.items():
        for indicator, most, nodes, test in indicators:
            known = [state for node in nodes if (state := test(node)) is not None]
            won = most * sum(known) / len(known) if known else 0
            points.append(Points(dimension, indicator, most, won, sum(known), len(known)))
    return points


def rating(points: Sequence[Points]) -> Text:
    """The word for the points in all."""
    won = sum(item.won for item in points)
    return next(text for least, text in RATINGS if won >= least)
