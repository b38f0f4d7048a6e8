"""What a release holds, counted once when it is frozen, and told in the Vocabulary of Interlinked Datasets (VoID).

In go the statements, out come counts over the union of all graphs, each triple once, as SPARQL counts in the default
graph. Out of them and the address of a server :func:`description` makes triples. https://www.w3.org/TR/void/
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import pyoxigraph

from interkommunal.errors import ReleaseError
from interkommunal.graph.reference import AUTHORITIES
from interkommunal.graph.terms import named
from interkommunal.namespaces import ID, IK, PREFIXES
from interkommunal.release import portal_terms as terms
from interkommunal.release.columns import table_name
from interkommunal.release.datasets import DATASETS
from interkommunal.release.descriptions import Value, described, node, number
from interkommunal.release.dumps import MEDIA_TYPES, WHOLE
from interkommunal.release.quads import RDF_TYPE, in_reading_order
from interkommunal.release.release import Release
from interkommunal.release.statements import Sorter, Statements
from interkommunal.texts import Text

NAME: Final = "void.json"
MEDIA_TYPE: Final = "application/json"

# Those to whom we link, by prefix.
TARGETS: Final = {authority.prefix: authority for authority in AUTHORITIES}
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


def count(statements: Statements, scratch: Path) -> Statistics:
    """The counts of a release with these statements.

    Args:
        statements: sorted.
        scratch: a folder for what memory does not hold.
    """
    found = _Tally(Sorter(scratch / "objects"))
    for subject, about in groupby(statements.triples(statements.kinds), key=lambda triple: triple.subject):
        found.take(subject, list(about))
    return Statistics(
        triples=found.by_property.total(),
        subjects=found.subjects,
        objects=sum(1 for _ in found.objects.read()),
        entities=found.entities,
        classes=dict(found.classes),
        properties=dict(found.by_property),
        class_properties={class_: dict(counted) for class_, counted in found.by_class.items()},
        links={prefix: dict(counted) for prefix, counted in found.links.items()},
        examples=tuple(found.examples[name] for name in _EXAMPLES if name in found.examples),
    )


class _Tally:
    """Counts, subject by subject."""

    def __init__(self, objects: Sorter) -> None:
        self.objects = objects
        self.subjects = self.entities = 0
        self.classes: Counter[str] = Counter()
        self.by_property: Counter[str] = Counter()
        self.by_class: dict[str, Counter[str]] = defaultdict(Counter)
        self.links: dict[str, Counter[str]] = defaultdict(Counter)
        self.examples: dict[str, str] = {}

    def take(self, subject: object, about: Sequence[pyoxigraph.Triple]) -> None:
        iri = subject.value if isinstance(subject, pyoxigraph.NamedNode) else ""
        ours = iri.startswith(ID)
        classes = [
            triple.object.value
            for triple in about
            if triple.predicate == RDF_TYPE and isinstance(triple.object, pyoxigraph.NamedNode)
        ]
        self.subjects += 1
        self.entities += ours
        self.classes.update(classes)
        for class_ in classes:
            self.examples.setdefault(class_.removeprefix(IK), iri)
        for _, predicate, value in about:
            self.by_property[predicate.value] += 1
            for class_ in classes:
                self.by_class[class_][predicate.value] += 1
            if ours and isinstance(value, pyoxigraph.NamedNode):
                for prefix in TARGETS:
                    if value.value.startswith(PREFIXES[prefix]):
                        self.links[prefix][predicate.value] += 1
        # A term in N-Triples holds no line feed.
        self.objects.add(b"%s\n" % str(triple.object).encode() for triple in about)


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
            "rdfs:seeAlso": [node(f"{address}/feed")],
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
        authority = TARGETS[prefix]
        name = authority.name
        target = f"{address}/void#{prefix}"
        yield from described(
            target,
            ["void:Dataset"],
            {"dcterms:title": [name], "foaf:homepage": [node(authority.home)], "void:uriSpace": [PREFIXES[prefix]]},
        )
        for property_, triples in found.items():
            links = _part(address, prefix, property_)
            yield from described(
                links.value,
                ["void:Linkset"],
                {
                    "dcterms:title": [Text("Links to {name}", name=name)],
                    "void:subjectsTarget": [node(graph)],
                    "void:objectsTarget": [node(target)],
                    "void:linkPredicate": [node(property_)],
                    "prov:wasDerivedFrom": [node(authority.mapping_set)],
                    "void:triples": [number(triples)],
                },
            )
            yield pyoxigraph.Triple(node(graph), named("void:subset"), links)


def _vocabularies(counts: Statistics) -> list[str]:
    """The namespaces of the list of prefixes that properties and classes are from; the longest that fits."""
    found = set()
    for iri in (*counts.properties, *counts.classes):
        fitting = [namespace for namespace in PREFIXES.values() if iri.startswith(namespace)]
        if fitting:
            found.add(max(fitting, key=len))
    return sorted(found)


def _part(address: str, *iris: str) -> pyoxigraph.NamedNode:
    """A name for a part of the dataset, made of the names of its class and its property."""
    return node(f"{address}/void#{'.'.join(iri if iri in TARGETS else _slug(iri) for iri in iris)}")


def _slug(iri: str) -> str:
    # As a table is called, but with the letters of the term, so that terms that differ in case have two names.
    local = re.split(r"[#/]", iri)[-1]
    return f"{table_name(iri).removesuffix(table_name(IK + local))}{local}"
