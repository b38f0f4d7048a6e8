"""The points that data.europa.eu would give: its Metadata Quality Assessment, 405 in all.

Each indicator gives its points in proportion to the datasets or distributions that have it. Whether addresses answer is
known only if they were asked. https://data.europa.eu/mqa/methodology

What the official shapes of DCAT-AP 3.0.1 and DCAT-AP.de 3.0 find: those that our own catalogue must pass too.

A result comes out unless a rule here has said the same in plainer words.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph
from pyoxigraph import Literal, NamedNode

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
from interkommunal.doctor.examinations.links import Reached
from interkommunal.doctor.finding import Finding, finding
from interkommunal.doctor.harvest import Harvest
from interkommunal.release import gate
from interkommunal.texts import Text

# pySHACL takes about five seconds for half of it.
MOST_TRIPLES: Final = 200_000
_ILLEGAL: Final = re.compile(r"[\x00-\x20<>\"{}|\\^`\x7f]")
_CODES: Final = {"Violation": "shape-violated", "Warning": "shape-warns"}


def examine_shapes(harvest: Harvest, said: Collection[tuple[str, str]]) -> Iterator[Finding]:
    """What the shapes find, but for what is ``said`` already: pairs of node and property."""
    triples = harvest.catalogue.triples
    if len(triples) > MOST_TRIPLES:
        yield finding("shapes-not-run", harvest.address, triples=len(triples))
        return
    told: set[tuple[str, str, str]] = set()
    for result in gate.findings(_legal(triples)) if triples else ():
        code, path = _CODES.get(result.severity), short(result.property)
        if code is None or (result.thing, path) in said or (result.thing, path, code) in told:
            continue
        told.add((result.thing, path, code))
        value = f" ({short(result.value)})" if result.value and result.value != result.thing else ""
        message = f"{path}: {result.message}{value}" if path else f"{result.message}{value}"
        yield finding(code, result.thing, profile=result.profile, path=path, message=message)


def _legal(triples: Sequence[pyoxigraph.Triple]) -> list[pyoxigraph.Triple]:
    """Without those with illegal IRIs, which have been told of and which rdflib does not read."""
    return [triple for triple in triples if not any(_ILLEGAL.search(iri) for iri in _iris(triple))]


def _iris(triple: pyoxigraph.Triple) -> Iterator[str]:
    for term in (triple.subject, triple.predicate, triple.object):
        if isinstance(term, NamedNode):
            yield term.value
        elif isinstance(term, Literal):
            yield term.datatype.value


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


def assess(catalogue: Catalogue, reached: Reached, conforms: bool) -> list[Points]:
    """The points of a catalogue; ``conforms`` says whether it keeps the mandatory rules of DCAT-AP."""
    datasets = catalogue.datasets
    distributions = list(dict.fromkeys(node for item in datasets for node in catalogue.distributions(item)))
    return list(_Assessment(catalogue, reached, conforms, datasets, distributions).points())


@dataclass(frozen=True)
class _Assessment:
    catalogue: Catalogue
    reached: Reached
    conforms: bool
    datasets: Sequence[Node]
    distributions: Sequence[Node]

    def points(self) -> Iterator[Points]:
        has, vocabulary = self._has, self._from
        data, files = self.datasets, self.distributions
        find: Dimension = "findability"
        yield _share(find, Text("keywords"), 30, data, has("dcat:keyword"))
        yield _share(find, Text("themes"), 30, data, has("dcat:theme"))
        yield _share(find, Text("spatial coverage"), 20, data, has("dct:spatial"))
        yield _share(find, Text("temporal coverage"), 20, data, has("dct:temporal"))
        yield self._alive(Text("accessURL answers"), 50, "dcat:accessURL")
        yield _share("accessibility", Text("downloadURL given"), 20, files, has("dcat:downloadURL"))
        yield self._alive(Text("downloadURL answers"), 30, "dcat:downloadURL")
        work: Dimension = "interoperability"
        listed = Text("format and media type from the vocabularies")
        both = vocabulary("dct:format", FILE_TYPES), vocabulary("dcat:mediaType", MEDIA_TYPES)
        yield _share(work, Text("format"), 20, files, has("dct:format"))
        yield _share(work, Text("media type"), 10, files, has("dcat:mediaType"))
        yield _share(work, listed, 10, files, lambda node: all(test(node) for test in both))
        yield _share(work, Text("non-proprietary format"), 20, files, self._code("non_proprietary"))
        yield _share(work, Text("machine-readable"), 20, files, self._code("machine_readable"))
        yield _share(work, Text("conforms to DCAT-AP"), 30, data, lambda _: self.conforms)
        use: Dimension = "reusability"
        yield _share(use, Text("licence"), 20, files, has("dct:license"))
        yield _share(use, Text("licence from a vocabulary"), 10, files, self._licence)
        yield _share(use, Text("access rights"), 10, data, has("dct:accessRights"))
        rights = vocabulary("dct:accessRights", ACCESS_RIGHTS)
        yield _share(use, Text("access rights from the vocabulary"), 5, data, rights)
        yield _share(use, Text("contact point"), 20, data, has("dcat:contactPoint"))
        yield _share(use, Text("publisher"), 10, data, has("dct:publisher"))
        about: Dimension = "contextuality"
        yield _share(about, Text("rights"), 5, files, has("dct:rights"))
        yield _share(about, Text("size"), 5, files, has("dcat:byteSize"))
        yield _share(about, Text("day of issue"), 5, data, has("dct:issued"))
        yield _share(about, Text("day of change"), 5, data, has("dct:modified"))

    def _has(self, name: str) -> Callable[[Node], bool]:
        return lambda node: bool(self.catalogue.values(node, name))

    def _from(self, name: str, vocabulary: str) -> Callable[[Node], bool]:
        return lambda node: any(
            isinstance(value, NamedNode) and value.value.startswith(vocabulary)
            for value in self.catalogue.values(node, name)
        )

    def _code(self, name: str) -> Callable[[Node], bool]:
        listed = codes(name)
        return lambda node: self.catalogue.text(node, "dct:format").removeprefix(FILE_TYPES).upper() in listed

    def _licence(self, node: Node) -> bool:
        return self.catalogue.text(node, "dct:license").startswith((LICENCES, _EU_LICENCES))

    def _alive(self, indicator: Text, most: int, name: str) -> Points:
        states = []
        for node in self.distributions:
            addresses = self.catalogue.addresses(node, name)
            known = [self.reached.alive(address) for address in addresses]
            if not addresses:
                states.append(False)
            elif None not in known:
                states.append(any(known))
        have = sum(states)
        return Points("accessibility", indicator, most, most * have / len(states) if states else 0, have, len(states))


def _share(
    dimension: Dimension, indicator: Text, most: int, nodes: Sequence[Node], test: Callable[[Node], bool]
) -> Points:
    have = sum(1 for node in nodes if test(node))
    return Points(dimension, indicator, most, most * have / len(nodes) if nodes else 0, have, len(nodes))


def rating(points: Sequence[Points]) -> Text:
    """The word for the points in all."""
    won = sum(item.won for item in points)
    return next(text for least, text in RATINGS if won >= least)
