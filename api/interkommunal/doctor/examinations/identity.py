"""By what portals know the datasets again, and what would confuse them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Final

from pyoxigraph import BlankNode, NamedNode

from interkommunal.doctor.catalogue import Catalogue, Node, name_of
from interkommunal.doctor.finding import Finding, finding
from interkommunal.doctor.harvest import Harvest
from interkommunal.texts import Text

_DAY: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?(?:Z|[+-]\d{2}:\d{2})?")


def examine_identity(harvest: Harvest) -> Iterator[Finding]:
    """What is wrong with the identity of datasets."""
    catalogue = harvest.catalogue
    document = harvest.first.document
    # Of what could not be read nobody knows what is missing in it.
    if document.syntax is None or document.unread:
        return
    if not catalogue.datasets:
        yield finding("no-datasets", harvest.address)
    if not catalogue.typed("dcat:Catalog"):
        yield finding("no-catalog", harvest.address)
    for dataset in catalogue.datasets:
        yield from _dataset(catalogue, dataset)
    if harvest.end in ("end", "repeats-first"):
        for node in sorted(catalogue.linked - set(catalogue.datasets), key=str):
            if not any(node in catalogue.typed(name) for name in ("dcat:DatasetSeries", "dcat:Catalog")):
                yield finding("dataset-missing", name_of(catalogue, node))
    yield from _shared(catalogue)


def _dataset(catalogue: Catalogue, dataset: Node) -> Iterator[Finding]:
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
    yield from _modified(catalogue.text(dataset, "dct:modified"), name)


def _modified(modified: str, name: str) -> Iterator[Finding]:
    if not modified:
        yield finding("modified-missing", name)
        return
    match = _DAY.fullmatch(modified.strip())
    try:
        day = date.fromisoformat(match[1]) if match else None
    except ValueError:
        day = None
    if day is None:
        yield finding("modified-no-date", name, modified=modified)
    elif day > datetime.now(UTC).date():
        yield finding("modified-in-future", name, modified=modified)


def _shared(catalogue: Catalogue) -> Iterator[Finding]:
    """Identifiers that several datasets have."""
    owners: dict[str, list[Node]] = defaultdict(list)
    for dataset in catalogue.datasets:
        for value in catalogue.values(dataset, "dct:identifier"):
            if not isinstance(value, BlankNode):
                owners[value.value].append(dataset)
    for identifier, datasets in owners.items():
        if len(datasets) < 2:
            continue
        named = [node.value for node in datasets if isinstance(node, NamedNode)]
        subject = named[0] if named else name_of(catalogue, datasets[0])
        yield finding("identifier-not-unique", subject, count=len(datasets), identifier=identifier)
        days: dict[str, int] = defaultdict(int)
        for dataset in datasets:
            days[catalogue.text(dataset, "dct:modified")] += 1
        if max(days.values()) > 1:
            yield finding("duplicate", subject, count=max(days.values()), identifier=identifier)
