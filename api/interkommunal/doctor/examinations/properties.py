"""What must and should be said by DCAT-AP 3.0.1 and DCAT-AP.de 3.0: properties, titles, licences, vocabularies.

And by what portals know the datasets again, and what would confuse them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from interkommunal.doctor.catalogue import CONTRIBUTORS, LICENCES, VOCABULARIES, Catalogue, Node, codes, iri, name_of
from interkommunal.doctor.finding import Finding, finding
from interkommunal.doctor.harvest import Harvest
from interkommunal.texts import Text

_DAY: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?(?:Z|[+-]\d{2}:\d{2})?")


def examine_identity(harvest: Harvest) -> Iterator[Finding]:
    """What is wrong with the identity of datasets."""
    catalogue, document = harvest.catalogue, harvest.first.document
    # Of what could not be read nobody knows what is missing in it.
    if document.syntax is None or document.unread:
        return
    if not catalogue.datasets:
        yield finding("no-datasets", harvest.address)
    if not catalogue.typed("dcat:Catalog"):
        yield finding("no-catalog", harvest.address)
    for dataset in catalogue.datasets:
        yield from _identity(catalogue, dataset)
    if harvest.end in ("end", "repeats-first"):
        others = {*catalogue.datasets, *catalogue.typed("dcat:DatasetSeries"), *catalogue.typed("dcat:Catalog")}
        for node in sorted(catalogue.linked - others, key=str):
            yield finding("dataset-missing", name_of(catalogue, node))
    owners: dict[str, list[Node]] = defaultdict(list)
    for dataset in catalogue.datasets:
        for value in catalogue.values(dataset, "dct:identifier"):
            if not isinstance(value, BlankNode):
                owners[value.value].append(dataset)
    for identifier, datasets in owners.items():
        if len(datasets) > 1:
            named = [node.value for node in datasets if isinstance(node, NamedNode)]
            subject = named[0] if named else name_of(catalogue, datasets[0])
            yield finding("identifier-not-unique", subject, count=len(datasets), identifier=identifier)
            same = max(Counter(catalogue.text(dataset, "dct:modified") for dataset in datasets).values())
            if same > 1:
                yield finding("duplicate", subject, count=same, identifier=identifier)


def _identity(catalogue: Catalogue, dataset: Node) -> Iterator[Finding]:
    name = name_of(catalogue, dataset)
    identifiers = catalogue.values(dataset, "dct:identifier")
    if isinstance(dataset, BlankNode):
        text = catalogue.text(dataset, "dct:identifier") or catalogue.text(dataset, "dct:title")
        yield finding("dataset-blank", name, guid=text or Text("nothing"))
    if catalogue.typed("dcat:Catalog") and dataset not in catalogue.linked:
        yield finding("dataset-unlinked", name)
    if not identifiers:
        yield finding("identifier-missing", name)
    elif len(identifiers) > 1:
        yield finding("identifier-several", name, count=len(identifiers))
    if any(isinstance(value, BlankNode) for value in catalogue.values(dataset, "adms:identifier")):
        yield finding("adms-identifier-blank", name)
    modified = catalogue.text(dataset, "dct:modified")
    match = _DAY.fullmatch(modified.strip())
    try:
        day = date.fromisoformat(match[1]) if match else None
    except ValueError:
        day = None
    if not modified:
        yield finding("modified-missing", name)
    elif day is None:
        yield finding("modified-no-date", name, modified=modified)
    elif day > datetime.now(UTC).date():
        yield finding("modified-in-future", name, modified=modified)


# The tables of DCAT-AP 3.0.1; publisher of datasets and services is mandatory by DCAT-AP.de 3.0. Titles, licences and
# distributions have rules of their own.
MANDATORY: Final = {
    "dcat:Catalog": "dct:title dct:description dct:publisher",
    "dcat:Dataset": "dct:description dct:publisher",
    "dcat:DatasetSeries": "dct:title dct:description",
    "dcat:Distribution": "dcat:accessURL",
    "dcat:DataService": "dct:title dcat:endpointURL dct:publisher",
    "dcat:CatalogRecord": "foaf:primaryTopic dct:modified",
    "spdx:Checksum": "spdx:algorithm spdx:checksumValue",
    "foaf:Agent": "foaf:name",
}
RECOMMENDED: Final = {
    "dcat:Catalog": "dct:issued dct:modified dct:language dct:license dct:spatial foaf:homepage dcat:themeTaxonomy",
    "dcat:Dataset": "dcat:contactPoint dcat:keyword dcat:theme dct:spatial dct:temporal",
    "dcat:Distribution": "dct:description dct:format dcatap:availability",
    "dcat:DataService": "dcat:endpointDescription dcat:servesDataset dcat:contactPoint",
}
ONCE: Final = {
    "dcat:Catalog": "dct:publisher dct:issued dct:modified dct:license foaf:homepage",
    "dcat:Dataset": "dct:publisher dct:issued dct:modified dct:accrualPeriodicity dct:accessRights",
    "dcat:Distribution": (
        "dct:license dct:format dcat:mediaType dcat:byteSize dct:issued dct:modified dcatap:availability adms:status "
        "spdx:checksum"
    ),
}


def examine_properties(harvest: Harvest) -> Iterator[Finding]:
    """What is missing, too much, or not from the vocabulary that it must be from."""
    catalogue = harvest.catalogue
    for class_ in MANDATORY:
        label = class_.partition(":")[2]
        for node in dict.fromkeys(catalogue.typed(class_)):
            name = name_of(catalogue, node)
            for table, code in ((MANDATORY, "property-mandatory"), (RECOMMENDED, "property-recommended")):
                for property_ in table.get(class_, "").split():
                    if not catalogue.values(node, property_):
                        yield finding(code, name, class_=label, property=property_)
            for property_ in ONCE.get(class_, "").split():
                if (count := len(catalogue.values(node, property_))) > 1:
                    yield finding("too-many-values", name, class_=label, property=property_, count=count)
    for dataset in catalogue.datasets:
        yield from _dataset(catalogue, dataset)
    for distribution in catalogue.all_distributions:
        name, licences = name_of(catalogue, distribution), catalogue.values(distribution, "dct:license")
        if catalogue.describes(distribution) and not licences:
            yield finding("licence-missing", name)
        for licence in licences:
            value = "[]" if isinstance(licence, BlankNode) else licence.value
            if not value.startswith(LICENCES) or value.removeprefix(LICENCES) not in codes("licences"):
                yield finding("licence-not-listed", name, licence=value)
    yield from _vocabularies(catalogue)


def _dataset(catalogue: Catalogue, dataset: Node) -> Iterator[Finding]:
    name = name_of(catalogue, dataset)
    titles = [value for value in catalogue.values(dataset, "dct:title") if isinstance(value, Literal)]
    languages = Counter(title.language or "" for title in titles)
    if not any(title.value.strip() for title in titles):
        yield finding("title-missing", name)
    else:
        for language, count in languages.items():
            if count > 1:
                yield finding("title-twice", name, language=language or "–")
        if "" in languages:
            yield finding("title-without-language", name)
        elif not any(language.startswith("de") for language in languages):
            yield finding("title-not-german", name)
    contributors = catalogue.values(dataset, "dcatde:contributorID")
    if not contributors:
        yield finding("contributor-missing", name)
    elif len(contributors) > 1:
        yield finding("contributor-several", name, count=len(contributors))
    for value in contributors:
        if not isinstance(value, NamedNode) or not value.value.startswith(CONTRIBUTORS):
            yield finding("contributor-not-listed", name, contributor=getattr(value, "value", ""))
    if (places := len(catalogue.values(dataset, "dct:spatial"))) > 1:
        yield finding("spatial-several", name, count=places)
    if not catalogue.distributions(dataset):
        yield finding("distribution-none", name)
    for distribution in catalogue.distributions(dataset):
        if not catalogue.describes(distribution):
            yield finding("distribution-missing", name, distribution=name_of(catalogue, distribution))


def _vocabularies(catalogue: Catalogue) -> Iterator[Finding]:
    """Terms that are foreign to their vocabulary, and terms that nobody describes."""
    foreign: set[tuple[str, str]] = set()
    used: dict[str, str] = {}
    distributions = set(catalogue.typed("dcat:Distribution"))
    for name, vocabulary in VOCABULARIES.items():
        for triple in catalogue.triples:
            # Other things than distributions have a status too, by other vocabularies.
            if triple.predicate.value != iri(name) or (name == "adms:status" and triple.subject not in distributions):
                continue
            value = "[]" if isinstance(triple.object, BlankNode) else str(getattr(triple.object, "value", ""))
            if isinstance(triple.object, NamedNode) and value.startswith(vocabulary):
                used.setdefault(value, name)
            elif (name, value) not in foreign:
                foreign.add((name, value))
                place = triple.subject.value if isinstance(triple.subject, NamedNode) else ""
                yield finding("term-foreign", place, property=name, value=value, vocabulary=vocabulary)
    for value, name in used.items():
        node = NamedNode(value)
        # Media types are classes of their own and stand in no scheme.
        placed = catalogue.values(node, "skos:inScheme") or name == "dcat:mediaType"
        if not placed or not catalogue.values(node, "rdf:type"):
            yield finding("term-not-typed", value, value=value)
