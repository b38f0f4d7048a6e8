"""Whether what the catalogue leads to answers, and is as large and the same as stated.

Each address is asked once, with HEAD, and with GET where HEAD is not answered. Small files are fetched to compare their
checksums: at most :data:`COMPARED` of a dataset, the smallest, none larger than :data:`SMALL`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Final

from pyoxigraph import BlankNode

from interkommunal.doctor.catalogue import MEDIA_TYPES, Catalogue, Node, name_of
from interkommunal.doctor.client import Client, Reply
from interkommunal.doctor.finding import Finding, finding
from interkommunal.doctor.harvest import Harvest

SMALL: Final = 4 * 1024 * 1024
COMPARED: Final = 3
_PROPERTIES: Final = ("dcat:accessURL", "dcat:downloadURL")
# Where HEAD is not answered, a GET of which nearly nothing is read tells.
_A_BIT: Final = 1024
# What says nothing about the content.
_ANY_TYPE: Final = ("", "application/octet-stream", "binary/octet-stream")


def examine_links(
    harvest: Harvest, client: Client, replies: dict[str, Reply], tell: Callable[[int, int], None]
) -> Iterator[Finding]:
    """What is wrong with the addresses of distributions.

    Args:
        harvest: what was seen.
        client: asks further.
        replies: filled with what the addresses answered, by address.
        tell: told how many distributions are done, of how many.
    """
    catalogue = harvest.catalogue
    for number, distribution in enumerate(catalogue.all_distributions):
        tell(number, len(catalogue.all_distributions))
        subject = name_of(catalogue, distribution)
        for name in _PROPERTIES:
            for address in catalogue.addresses(distribution, name):
                if address not in replies:
                    reply = head = client.head(address)
                    what = f"{name} <{address}>"
                    if head.status in (400, 403, 404, 405, 500, 501):
                        reply = client.get(address, most=_A_BIT)
                        if reply.ok:
                            yield finding("link-without-head", subject, property=what, status=head.status)
                    replies[address] = reply
                    if reply.kind == "private":
                        yield finding("link-private", subject, property=what)
                    elif not reply.ok and reply.kind != "budget":
                        yield finding("link-dead", subject, property=what, why=reply.why)
        yield from _stated(catalogue, distribution, replies)
    for dataset in catalogue.datasets:
        yield from _checksums(catalogue, dataset, client, replies)


def _stated(catalogue: Catalogue, distribution: Node, replies: dict[str, Reply]) -> Iterator[Finding]:
    """Whether size and media type are as stated, by the header."""
    name = name_of(catalogue, distribution)
    for address in catalogue.addresses(distribution, "dcat:downloadURL"):
        reply = replies[address]
        if not reply.ok or "content-encoding" in reply.headers:
            continue
        size = catalogue.text(distribution, "dcat:byteSize")
        if size and reply.length is not None and _number(size) != reply.length and not reply.body:
            yield finding("size-differs", name, stated=size, served=reply.length)
        kinds = {
            value.value.removeprefix(MEDIA_TYPES).lower()
            for name_ in ("dcat:mediaType", "dcat:compressFormat", "dcat:packageFormat")
            for value in catalogue.values(distribution, name_)
            if not isinstance(value, BlankNode)
        }
        media_type = catalogue.text(distribution, "dcat:mediaType").removeprefix(MEDIA_TYPES)
        if media_type and reply.media_type not in (*_ANY_TYPE, *kinds):
            yield finding("media-type-differs", name, stated=media_type, served=reply.media_type)


def _checksums(catalogue: Catalogue, dataset: Node, client: Client, replies: dict[str, Reply]) -> Iterator[Finding]:
    small: list[tuple[int, str, Node, str, str]] = []
    for distribution in catalogue.distributions(dataset):
        for checksum in catalogue.values(distribution, "spdx:checksum"):
            algorithm = catalogue.text(checksum, "spdx:algorithm").rpartition("_")[2].lower().replace("-", "")
            stated = catalogue.text(checksum, "spdx:checksumValue").lower()
            for address in catalogue.addresses(distribution, "dcat:downloadURL"):
                size = (replies[address].ok and replies[address].length) or 0
                if stated and algorithm in hashlib.algorithms_guaranteed and 0 < size <= SMALL:
                    small.append((size, address, distribution, algorithm, stated))
    for _, address, distribution, algorithm, stated in sorted(small, key=lambda item: item[:2])[:COMPARED]:
        reply = client.get(address, most=SMALL)
        digest = hashlib.new(algorithm, reply.body, usedforsecurity=False)
        # Those of variable length are not used for files.
        if reply.ok and not reply.cut and (not digest.digest_size or digest.hexdigest() != stated):
            yield finding("checksum-differs", name_of(catalogue, distribution), algorithm=algorithm)


def _number(text: str) -> int | None:
    try:
        return int(float(text))
    except (ValueError, OverflowError):
        return None
