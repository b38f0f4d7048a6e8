"""What a release holds, counted once when it is frozen, and told in the Vocabulary of Interlinked Datasets (VoID).

In go the statements, out come counts over the union of all graphs, each triple once, as SPARQL counts in the default
graph. Out of them and the address of a server :func:`description` makes triples. https://www.w3.org/TR/void/
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pyoxigraph

from interkommunal.errors import ReleaseError
from interkommunal.namespaces import GENID, ID, IK, PREFIXES
from interkommunal.release import portal_terms as terms
from interkommunal.release.datasets import DATASETS, Words
from interkommunal.release.descriptions import Value, described, node, number
from interkommunal.release.dumps import MEDIA_TYPES, WHOLE
from interkommunal.release.quads import RDF_TYPE, in_reading_order
from interkommunal.release.release import Release
from interkommunal.release.tables import table_name

NAME: Final = "void.json"
MEDIA_TYPE: Final = "application/json"

# Those to whom we link, by prefix: what they are called, their home page.
TARGETS: Final = {
    "wd": ("Wikidata", "https://www.wikidata.org/"),
    "gnd": ("GND", "https://d-nb.info/gnd/"),
    "geonames": ("GeoNames", "https://www.geonames.org/"),
    "osm": ("OpenStreetMap", "https://www.openstreetmap.org/"),
    "nuts": ("NUTS", "http://data.europa.eu/nuts"),
}
# Classes whose first thing is an example.
_EXAMPLES: Final = ("City", "Agreement", "Cooperation", "Forum", "Publication")
_FORMATS: Final = ("Turtle", "N-Triples", "RDF_XML", "JSON-LD", "TriG", "N-Quads")
_W3C_FORMATS: Final = "http://www.w3.org/ns/formats/"


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts over the union of all graphs.

    Attributes:
        triples, subjects, objects, entities: numbers of different ones; entities are the subjects below ``id/``.
        classes: things by class. properties: triples by property.
        class_properties: triples by class of their subject and by property.
        links: triples by prefix of the target and by property, from things below ``id/``.
        examples: IRIs of some things.
    """

    triples: int
    subjects: int
    objects: int
    entities: int
    classes: Mapping[str, int]
    properties: Mapping[str, int]
    class_properties: Mapping[str, Mapping[str, int]]
    links: Mapping[str, Mapping[str, int]]
    examples: tuple[str, ...]

    def to_json(self) -> bytes:
        """The content of ``void.json``, the same bytes for the same counts."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        return (json.dumps(fields, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def count(quads: Iterable[pyoxigraph.Quad]) -> Statistics:
    """The counts of a release with these statements, which are in reading order."""
    classes: dict[object, list[str]] = defaultdict(list)
    triples = {quad.triple: None for quad in quads}
    for triple in triples:
        if triple.predicate == RDF_TYPE and isinstance(triple.object, pyoxigraph.NamedNode):
            classes[triple.subject].append(triple.object.value)
    by_property: Counter[str] = Counter()
    by_class: dict[str, Counter[str]] = defaultdict(Counter)
    links: dict[str, Counter[str]] = defaultdict(Counter)
    for subject, predicate, value in triples:
        by_property[predicate.value] += 1
        for class_ in classes.get(subject, ()):
            by_class[class_][predicate.value] += 1
        if isinstance(value, pyoxigraph.NamedNode) and str(subject).startswith(f"<{ID}"):
            for prefix in TARGETS:
                if value.value.startswith(PREFIXES[prefix]):
                    links[prefix][predicate.value] += 1
    subjects = {triple.subject for triple in triples}
    return Statistics(
        triples=len(triples),
        subjects=len(subjects),
        objects=len({triple.object for triple in triples}),
        entities=sum(str(subject).startswith(f"<{ID}") for subject in subjects),
        classes=dict(Counter(class_ for found in classes.values() for class_ in found)),
        properties=dict(by_property),
        class_properties={class_: dict(found) for class_, found in by_class.items()},
        links={prefix: dict(found) for prefix, found in links.items()},
        examples=tuple(_examples(classes)),
    )


def _examples(classes: Mapping[object, list[str]]) -> Iterator[str]:
    for name in _EXAMPLES:
        members = [str(thing)[1:-1] for thing, found in classes.items() if f"{IK}{name}" in found]
        yield from members[:1]


def read(release: Release) -> Statistics:
    """The counts of ``release``.

    Raises:
        ReleaseError: it has none, because an older program made it, or they are damaged.
    """
    try:
        fields: dict[str, Any] = json.loads((release.folder / NAME).read_bytes())
        return Statistics(**{**fields, "examples": tuple(fields["examples"])})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseError(f"{release.folder} has no usable {NAME}; build it again: interkommunal build") from error


def description(release: Release, address: str) -> list[pyoxigraph.Triple]:
    """The VoID description of ``release``, in reading order.

    Args:
        release: what is being served.
        address: public URL of the server, without a slash at the end.

    Raises:
        ReleaseError: the release has no counts.
    """
    counts = read(release)
    return in_reading_order(
        {*_dataset(release, counts, address), *_partitions(counts, address), *_links(counts, address)}
    )


def _dataset(release: Release, counts: Statistics, address: str) -> Iterator[pyoxigraph.Triple]:
    graph = DATASETS[0]
    yield from described(
        f"{address}/void",
        ["void:DatasetDescription"],
        {"dcterms:title": [graph.title], "foaf:primaryTopic": [node(graph.iri)]},
    )
    dumps = [f"{WHOLE}.{suffix}" for suffix in MEDIA_TYPES if f"{WHOLE}.{suffix}" in release.manifest.files]
    yield from described(
        graph.iri,
        ["void:Dataset"],
        {
            "dcterms:title": [graph.title],
            "dcterms:description": [graph.description],
            "dcterms:license": [node("https://creativecommons.org/publicdomain/zero/1.0/"), node(terms.LICENCE)],
            "dcterms:creator": [node(f"{address}/catalog#publisher")],
            "dcat:version": [release.identifier],
            "foaf:homepage": [node(f"{address}/")],
            "void:sparqlEndpoint": [node(f"{address}/sparql")],
            "void:dataDump": [node(f"{address}/dumps/{name}") for name in dumps],
            "void:uriSpace": [ID],
            "void:uriRegexPattern": [f"^{re.escape(ID)}"],
            "void:exampleResource": [node(iri) for iri in counts.examples],
            "void:vocabulary": [node(iri) for iri in _vocabularies(counts)],
            "void:feature": [node(f"{_W3C_FORMATS}{name}") for name in _FORMATS],
            "void:triples": [number(counts.triples)],
            "void:entities": [number(counts.entities)],
            "void:distinctSubjects": [number(counts.subjects)],
            "void:distinctObjects": [number(counts.objects)],
            "void:classes": [number(len(counts.classes))],
            "void:properties": [number(len(counts.properties))],
            "void:classPartition": [_part(address, class_) for class_ in counts.classes],
            "void:propertyPartition": [_part(address, property_) for property_ in counts.properties],
        },
    )
    yield from described(f"{address}/catalog#publisher", ["foaf:Agent"], {})


def _partitions(counts: Statistics, address: str) -> Iterator[pyoxigraph.Triple]:
    for class_, entities in counts.classes.items():
        inner = counts.class_properties[class_]
        yield from described(
            _part(address, class_).value,
            ["void:Dataset"],
            {
                "void:class": [node(class_)],
                "void:entities": [number(entities)],
                "void:propertyPartition": [_part(address, class_, property_) for property_ in inner],
            },
        )
        for property_, triples in inner.items():
            yield from _property(_part(address, class_, property_), property_, triples)
    for property_, triples in counts.properties.items():
        yield from _property(_part(address, property_), property_, triples)


def _property(part: pyoxigraph.NamedNode, property_: str, triples: int) -> Iterator[pyoxigraph.Triple]:
    properties: dict[str, list[Value]] = {"void:property": [node(property_)], "void:triples": [number(triples)]}
    yield from described(part.value, ["void:Dataset"], properties)


def _links(counts: Statistics, address: str) -> Iterator[pyoxigraph.Triple]:
    graph = DATASETS[0].iri
    for prefix, found in counts.links.items():
        name, home = TARGETS[prefix]
        target = f"{address}/void#{prefix}"
        yield from described(
            target,
            ["void:Dataset"],
            {"dcterms:title": [name], "foaf:homepage": [node(home)], "void:uriSpace": [PREFIXES[prefix]]},
        )
        for property_, triples in found.items():
            links = _part(address, prefix, property_)
            yield from described(
                links.value,
                ["void:Linkset"],
                {
                    "dcterms:title": [Words(f"Verknüpfungen mit {name}", f"Links to {name}")],
                    "void:subjectsTarget": [node(graph)],
                    "void:objectsTarget": [node(target)],
                    "void:linkPredicate": [node(property_)],
                    "void:triples": [number(triples)],
                },
            )
            yield pyoxigraph.Triple(node(graph), node(f"{PREFIXES['void']}subset"), links)


def _vocabularies(counts: Statistics) -> list[str]:
    """The namespaces of the list of prefixes that properties and classes are from; the longest that fits."""
    found = set()
    for iri in (*counts.properties, *counts.classes):
        fitting = [namespace for namespace in PREFIXES.values() if iri.startswith(namespace)]
        if fitting and not iri.startswith(GENID):
            found.add(max(fitting, key=len))
    return sorted(found)


def _part(address: str, *iris: str) -> pyoxigraph.NamedNode:
    """A name for a part of the dataset, made of the names of its class and its property."""
    return node(f"{address}/void#{'.'.join(iri if iri in TARGETS else _slug(iri) for iri in iris)}")


def _slug(iri: str) -> str:
    # As a table is called, but with the letters of the term, so that terms that differ in case have two names.
    local = re.split(r"[#/]", iri)[-1]
    return f"{table_name(iri).removesuffix(table_name(IK + local))}{local}"
