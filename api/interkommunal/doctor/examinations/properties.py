"""What must and should be said by DCAT-AP 3.0.1 and DCAT-AP.de 3.0: properties, titles, licences, vocabularies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from interkommunal.doctor.catalogue import (
    CONTRIBUTORS,
    LICENCES,
    SCHEMELESS,
    VOCABULARIES,
    Catalogue,
    Node,
    codes,
    iri,
    name_of,
)
from interkommunal.doctor.finding import Finding, finding
from interkommunal.doctor.harvest import Harvest

# The tables of DCAT-AP 3.0.1; publisher of datasets and services is mandatory by DCAT-AP.de 3.0. Titles, licences and
# distributions have rules of their own.
MANDATORY: Final = {
    "dcat:Catalog": ("dct:title", "dct:description", "dct:publisher"),
    "dcat:Dataset": ("dct:description", "dct:publisher"),
    "dcat:DatasetSeries": ("dct:title", "dct:description"),
    "dcat:Distribution": ("dcat:accessURL",),
    "dcat:DataService": ("dct:title", "dcat:endpointURL", "dct:publisher"),
    "dcat:CatalogRecord": ("foaf:primaryTopic", "dct:modified"),
    "spdx:Checksum": ("spdx:algorithm", "spdx:checksumValue"),
    "foaf:Agent": ("foaf:name",),
}
RECOMMENDED: Final = {
    "dcat:Catalog": (
        "dct:issued",
        "dct:modified",
        "dct:language",
        "dct:license",
        "dct:spatial",
        "foaf:homepage",
        "dcat:themeTaxonomy",
    ),
    "dcat:Dataset": ("dcat:contactPoint", "dcat:keyword", "dcat:theme", "dct:spatial", "dct:temporal"),
    "dcat:Distribution": ("dct:description", "dct:format", "dcatap:availability"),
    "dcat:DataService": ("dcat:endpointDescription", "dcat:servesDataset", "dcat:contactPoint"),
}
ONCE: Final = {
    "dcat:Catalog": ("dct:publisher", "dct:issued", "dct:modified", "dct:license", "foaf:homepage"),
    "dcat:Dataset": ("dct:publisher", "dct:issued", "dct:modified", "dct:accrualPeriodicity", "dct:accessRights"),
    "dcat:Distribution": (
        "dct:license",
        "dct:format",
        "dcat:mediaType",
        "dcat:byteSize",
        "dct:issued",
        "dct:modified",
        "dcatap:availability",
        "adms:status",
        "spdx:checksum",
    ),
}
_SHORT: Final = {
    "dcat:Catalog": "Catalog",
    "dcat:Dataset": "Dataset",
    "dcat:DatasetSeries": "DatasetSeries",
    "dcat:Distribution": "Distribution",
    "dcat:DataService": "DataService",
    "dcat:CatalogRecord": "CatalogRecord",
    "spdx:Checksum": "Checksum",
    "foaf:Agent": "Agent",
}


def examine_properties(harvest: Harvest) -> Iterator[Finding]:
    """What is missing, too much, or not from the vocabulary that it must be from."""
    catalogue = harvest.catalogue
    yield from _counted(catalogue)
    for dataset in catalogue.datasets:
        yield from _titles(catalogue, dataset)
        yield from _contributor(catalogue, dataset)
        yield from _dataset(catalogue, dataset)
    for distribution in dict.fromkeys(
        node for dataset in catalogue.datasets for node in catalogue.distributions(dataset)
    ):
        if catalogue.describes(distribution):
            yield from _licence(catalogue, distribution)
    yield from _vocabularies(catalogue)


def _counted(catalogue: Catalogue) -> Iterator[Finding]:
    for class_, label in _SHORT.items():
        for node in dict.fromkeys(catalogue.typed(class_)):
            name = name_of(catalogue, node)
            for name_, code in (
                *((item, "property-mandatory") for item in MANDATORY.get(class_, ())),
                *((item, "property-recommended") for item in RECOMMENDED.get(class_, ())),
            ):
                if not catalogue.values(node, name_):
                    yield finding(code, name, class_=label, property=name_)
            for name_ in ONCE.get(class_, ()):
                count = len(catalogue.values(node, name_))
                if count > 1:
                    yield finding("too-many-values", name, class_=label, property=name_, count=count)


def _titles(catalogue: Catalogue, dataset: Node) -> Iterator[Finding]:
    name = name_of(catalogue, dataset)
    titles = [value for value in catalogue.values(dataset, "dct:title") if isinstance(value, Literal)]
    if not any(title.value.strip() for title in titles):
        yield finding("title-missing", name)
        return
    languages = Counter(title.language or "" for title in titles)
    for language, count in languages.items():
        if count > 1:
            yield finding("title-twice", name, language=language or "–")
    if "" in languages:
        yield finding("title-without-language", name)
    elif not any(language.startswith("de") for language in languages):
        yield finding("title-not-german", name)


def _contributor(catalogue: Catalogue, dataset: Node) -> Iterator[Finding]:
    name = name_of(catalogue, dataset)
    found = catalogue.values(dataset, "dcatde:contributorID")
    if not found:
        yield finding("contributor-missing", name)
    elif len(found) > 1:
        yield finding("contributor-several", name, count=len(found))
    for value in found:
        if not isinstance(value, NamedNode) or not value.value.startswith(CONTRIBUTORS):
            yield finding("contributor-not-listed", name, contributor=getattr(value, "value", ""))


def _dataset(catalogue: Catalogue, dataset: Node) -> Iterator[Finding]:
    name = name_of(catalogue, dataset)
    places = len(catalogue.values(dataset, "dct:spatial"))
    if places > 1:
        yield finding("spatial-several", name, count=places)
    distributions = catalogue.distributions(dataset)
    if not distributions:
        yield finding("distribution-none", name)
    for distribution in distributions:
        if not catalogue.describes(distribution):
            yield finding("distribution-missing", name, distribution=name_of(catalogue, distribution))


def _licence(catalogue: Catalogue, distribution: Node) -> Iterator[Finding]:
    name = name_of(catalogue, distribution)
    licences = catalogue.values(distribution, "dct:license")
    if not licences:
        yield finding("licence-missing", name)
    for licence in licences:
        value = "[]" if isinstance(licence, BlankNode) else licence.value
        if not value.startswith(LICENCES) or value.removeprefix(LICENCES) not in codes("licences"):
            yield finding("licence-not-listed", name, licence=value)


def _vocabularies(catalogue: Catalogue) -> Iterator[Finding]:
    """Terms that are foreign to their vocabulary, and terms that nobody describes."""
    foreign: set[tuple[str, str]] = set()
    used: dict[str, str] = {}
    distributions = set(catalogue.typed("dcat:Distribution"))
    for name, vocabulary in VOCABULARIES.items():
        for triple in catalogue.triples:
            if triple.predicate.value != iri(name):
                continue
            # Other things than distributions have a status too, by other vocabularies.
            if name == "adms:status" and triple.subject not in distributions:
                continue
            value = "[]" if isinstance(triple.object, BlankNode) else str(getattr(triple.object, "value", ""))
            if isinstance(triple.object, NamedNode) and value.startswith(vocabulary):
                used.setdefault(value, name)
            elif (name, value) not in foreign:
                foreign.add((name, value))
                subject = triple.subject if isinstance(triple.subject, NamedNode) else None
                place = subject.value if subject else ""
                yield finding("term-foreign", place, property=name, value=value, vocabulary=vocabulary)
    for value, name in used.items():
        node = NamedNode(value)
        typed = catalogue.values(node, "rdf:type")
        placed = catalogue.values(node, "skos:inScheme") or name in SCHEMELESS
        if not typed or not placed:
            yield finding("term-not-typed", value, value=value)
