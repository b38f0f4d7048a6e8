"""What we know of our own things that helps to recognise them elsewhere: names, kind, keys, place, point.

In: the assembled graph. Out: one :class:`Thing` for each city, body, agreement, event, initiative, publication
and place.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from rdflib import RDF, RDFS, SKOS, Dataset, Literal, URIRef
from rdflib.term import Node

from interkommunal.namespaces import ID, IK, PREFIXES, expand

SCHEMA, CV, GEO = PREFIXES["schema"], PREFIXES["cv"], PREFIXES["geo"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of things.

    Attributes:
        slug: for people and options. classes: of ours. items: classes of Wikidata that fit, with all below them.
    """

    slug: str
    classes: tuple[str, ...]
    items: tuple[str, ...]


# In this order: a thing is of the first kind that one of its classes belongs to. Classes of Wikidata: municipality of
# Germany, urban municipality, urban district of North Rhine-Westphalia, independent city; organization; agreement;
# event; project, organization; publication, film, work; state, region, building, town hall and the like.
KINDS: Final = (
    Kind("cities", (f"{IK}City",), ("Q262166", "Q42744322", "Q85635630", "Q22865")),
    Kind("bodies", (f"{CV}PublicOrganisation", expand("org:Organization"), f"{IK}Cooperation"), ("Q43229",)),
    Kind("agreements", (f"{IK}Agreement",), ("Q321839",)),
    Kind("events", (f"{IK}Forum", f"{SCHEMA}Event", f"{SCHEMA}EventSeries"), ("Q1656682",)),
    Kind("initiatives", (f"{IK}Initiative", expand("foaf:Project")), ("Q170584", "Q43229")),
    Kind("publications", (f"{IK}Publication", f"{SCHEMA}CreativeWork", f"{SCHEMA}Movie"), ("Q732577", "Q386724")),
    Kind("places", (f"{SCHEMA}AdministrativeArea", f"{SCHEMA}Place"), ("Q1221156", "Q82794", "Q41176", "Q56061")),
)
# Our key, the property of Wikidata with the same value.
KEYS: Final = {
    f"{IK}municipalityKey": "P439",
    f"{IK}districtKey": "P440",
    f"{IK}regionalKey": "P1388",
}
GND: Final = "P227"
_NAMES: Final = tuple(
    URIRef(iri) for iri in (f"{SCHEMA}name", f"{SCHEMA}alternateName", f"{SCHEMA}legalName", str(SKOS.altLabel))
)
_POINT: Final = re.compile(r"POINT\(([-\d.]+) ([-\d.]+)\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Thing:
    """One of our things.

    Attributes:
        curie: ``city:essen``. kind: slug of its kind. label: in German.
        names: all names in which it may be known elsewhere, labels included.
        keys: values by property of Wikidata. points: longitude and latitude.
        year: in which it was, began or was made, if exactly one is stated.
        exact: IRIs that it is matched with exactly already.
        is_doubtful: whether the editors doubt what it is, so that it should not be linked.
    """

    curie: str
    kind: str
    label: str
    names: tuple[str, ...]
    keys: tuple[tuple[str, str], ...]
    points: tuple[tuple[float, float], ...] = ()
    year: str = ""
    exact: tuple[str, ...] = ()
    is_doubtful: bool = False


def kind(slug: str) -> Kind:
    """The kind with that slug."""
    return next(item for item in KINDS if item.slug == slug)


def point_of(text: str) -> tuple[float, float] | None:
    """Longitude and latitude of a WKT point; Wikidata writes ``Point(7.01 51.45)``."""
    match = _POINT.fullmatch(text.strip())
    return (float(match[1]), float(match[2])) if match else None


def things(dataset: Dataset) -> list[Thing]:
    """All things of the graph that may be linked, in the order of the kinds and by name."""
    classes: dict[Node, set[str]] = defaultdict(set)
    for subject, _, value, _ in dataset.quads((None, RDF.type, None, None)):
        if str(subject).startswith(ID):
            classes[subject].add(str(value))
    found = []
    for node, its in classes.items():
        fitting = next((item for item in KINDS if its & set(item.classes)), None)
        if fitting is not None:
            found.append(_thing(dataset, URIRef(str(node)), fitting.slug))
    order = [item.slug for item in KINDS]
    return sorted(found, key=lambda thing: (order.index(thing.kind), thing.curie))


def _thing(dataset: Dataset, node: URIRef, slug: str) -> Thing:
    labels = {value.language: str(value) for value in dataset.objects(node, RDFS.label) if isinstance(value, Literal)}
    names = dict.fromkeys([labels.get("de", ""), labels.get("en", "")])
    for property_ in _NAMES:
        names.update(dict.fromkeys(sorted(str(value) for value in dataset.objects(node, property_))))
    keys = [(theirs, str(value)) for ours, theirs in KEYS.items() for value in dataset.objects(node, URIRef(ours))]
    exact = sorted(str(value) for value in dataset.objects(node, SKOS.exactMatch))
    gnd = [(GND, iri.removeprefix(PREFIXES["gnd"])) for iri in exact if iri.startswith(PREFIXES["gnd"])]
    points = [
        point
        for geometry in dataset.objects(node, URIRef(f"{GEO}hasGeometry"))
        for text in dataset.objects(geometry, URIRef(f"{GEO}asWKT"))
        if (point := point_of(str(text)))
    ]
    years = {str(value)[:4] for value in dataset.objects(node, URIRef(f"{IK}year"))}
    doubt = ("possiblySameAs", "undecidedBetween", "contradicts")
    return Thing(
        curie=":".join(str(node).removeprefix(ID).split("/", 1)),
        kind=slug,
        label=labels.get("de", ""),
        names=tuple(name for name in names if name and len(name) < 250),
        keys=tuple(sorted(set(keys))) + tuple(gnd),
        points=tuple(sorted(set(points))),
        year=years.pop() if len(years) == 1 else "",
        exact=tuple(exact),
        is_doubtful=any(True for name in doubt for _ in dataset.objects(node, URIRef(f"{IK}{name}"))),
    )
