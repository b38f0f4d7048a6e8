"""Whether what the catalogue leads to answers, and is as large and the same as stated.

Each address is asked once, with HEAD, and with GET where HEAD is not answered. Small files are fetched to compare their
checksums: at most :data:`COMPARED` of a dataset, the smallest, none larger than :data:`SMALL`.

By what portals know the datasets again, and what would confuse them.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from interkommunal.doctor.catalogue import MEDIA_TYPES, Catalogue, Node, name_of
from interkommunal.doctor.client import Client, Reply
from interkommunal.doctor.examinations.transport import why
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


SMALL: Final = 4 * 1024 * 1024
COMPARED: Final = 3
_PROPERTIES: Final = ("dcat:accessURL", "dcat:downloadURL")
# Where HEAD is not answered, a GET of which nearly nothing is read tells.
_A_BIT: Final = 1024
# What says nothing about the content.
_ANY_TYPE: Final = ("", "application/octet-stream", "binary/octet-stream")


@dataclass
class Reached:
    """What the addresses of distributions answered, by address; ``None`` where nobody was asked."""

    replies: dict[str, Reply] = field(default_factory=dict)

    def alive(self, address: str) -> bool | None:
        """Whether an address answers; ``None``: nobody knows."""
        reply = self.replies.get(address)
        return None if reply is None or reply.kind == "budget" else reply.ok


def examine_links(
    harvest: Harvest, client: Client, reached: Reached, tell: Callable[[int, int], None]
) -> Iterator[Finding]:
    """What is wrong with the addresses of distributions; fills in ``reached``."""
    catalogue = harvest.catalogue
    distributions = [(dataset, node) for dataset in catalogue.datasets for node in catalogue.distributions(dataset)]
    done: set[Node] = set()
    for number, (_, distribution) in enumerate(distributions):
        tell(number, len(distributions))
        if distribution in done:
            continue
        done.add(distribution)
        for name in _PROPERTIES:
            for address in catalogue.addresses(distribution, name):
                if address not in reached.replies:
                    yield from _ask(client, reached, address, f"{name} <{address}>", name_of(catalogue, distribution))
        yield from _stated(catalogue, distribution, reached)
    yield from _compared(catalogue, client, reached)


def _ask(client: Client, reached: Reached, address: str, what: str, subject: str) -> Iterator[Finding]:
    head = client.head(address)
    reply = head
    if not head.ok and head.status in (400, 403, 404, 405, 500, 501):
        got = client.get(address, most=_A_BIT)
        if got.ok:
            yield finding("link-without-head", subject, property=what, status=head.status)
        reply = got
    reached.replies[address] = reply
    if reply.kind == "private":
        yield finding("link-private", subject, property=what)
    elif not reply.ok and reply.kind != "budget":
        yield finding("link-dead", subject, property=what, why=why(reply))


def _stated(catalogue: Catalogue, distribution: Node, reached: Reached) -> Iterator[Finding]:
    """Whether size and media type are as stated, by the header."""
    name = name_of(catalogue, distribution)
    for address in catalogue.addresses(distribution, "dcat:downloadURL"):
        reply = reached.replies.get(address)
        if reply is None or not reply.ok or "content-encoding" in reply.headers:
            continue
        size = catalogue.text(distribution, "dcat:byteSize")
        if size and reply.length is not None and _number(size) != reply.length and not reply.body:
            yield finding("size-differs", name, stated=size, served=reply.length)
        kinds = {
            value.value.removeprefix(MEDIA_TYPES).lower()
            for name_ in ("dcat:mediaType", "dcat:compressFormat", "dcat:packageFormat")
            for value in catalogue.values(distribution, name_)
            if isinstance(value, NamedNode | Literal)
        }
        media_type = catalogue.text(distribution, "dcat:mediaType").removeprefix(MEDIA_TYPES)
        if media_type and reply.media_type not in (*_ANY_TYPE, *kinds):
            yield finding("media-type-differs", name, stated=media_type, served=reply.media_type)


def _compared(catalogue: Catalogue, client: Client, reached: Reached) -> Iterator[Finding]:
    for dataset in catalogue.datasets:
        small: list[tuple[int, str, Node, str, str]] = []
        for distribution in catalogue.distributions(dataset):
            for checksum in catalogue.values(distribution, "spdx:checksum"):
                algorithm = catalogue.text(checksum, "spdx:algorithm").rpartition("_")[2].lower().replace("-", "")
                stated = catalogue.text(checksum, "spdx:checksumValue").lower()
                for address in catalogue.addresses(distribution, "dcat:downloadURL"):
                    reply = reached.replies.get(address)
                    size = (reply.length if reply is not None and reply.ok else None) or 0
                    if stated and algorithm in hashlib.algorithms_guaranteed and 0 < size <= SMALL:
                        small.append((size, address, distribution, algorithm, stated))
        for _, address, distribution, algorithm, stated in sorted(small, key=lambda item: item[:2])[:COMPARED]:
            reply = client.get(address, most=SMALL)
            if reply.ok and not reply.cut and _digest(algorithm, reply.body) != stated:
                yield finding("checksum-differs", name_of(catalogue, distribution), algorithm=algorithm)


def _digest(algorithm: str, body: bytes) -> str:
    digest = hashlib.new(algorithm, body, usedforsecurity=False)
    # Those of variable length are not used for files.
    return digest.hexdigest() if digest.digest_size else ""


def _number(text: str) -> int | None:
    try:
        return int(float(text))
    except (ValueError, OverflowError):
        return None
