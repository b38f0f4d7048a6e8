"""What changed since a visit before: what moved without reason, what did not move with one, what is gone."""

from __future__ import annotations

from collections.abc import Iterator

from interkommunal.doctor.catalogue import Record
from interkommunal.doctor.finding import Finding, finding
from interkommunal.doctor.harvest import Harvest
from interkommunal.doctor.state import State


def examine_return(harvest: Harvest, before: State | None) -> Iterator[Finding]:
    """What a portal that comes back would notice."""
    if before is None or harvest.end not in ("end", "repeats-first"):
        return
    now = {_key(record): record for record in harvest.catalogue.records}
    by_identifier = {record.identifier: record for record in harvest.catalogue.records if record.identifier}
    gone = []
    for record in before.records:
        same = now.get(_key(record))
        if same is not None:
            yield from _compared(record, same)
            continue
        renamed = by_identifier.get(record.identifier) if record.identifier else None
        if renamed is not None and renamed.iri != record.iri:
            yield finding("iri-changed", renamed.iri, identifier=record.identifier, before=record.iri or "[]")
        else:
            gone.append(record)
            yield finding("dataset-gone", record.iri or record.title)
    if len(gone) * 2 > len(before.records):
        yield finding("most-datasets-gone", harvest.address, gone=len(gone), before=len(before.records))


def _compared(before: Record, now: Record) -> Iterator[Finding]:
    name = now.iri or now.title
    if before.content == now.content and before.modified != now.modified:
        yield finding("modified-moved", name, before=before.modified or "–", after=now.modified or "–")
    elif before.content != now.content and before.modified == now.modified and now.modified:
        yield finding("modified-stuck", name, modified=now.modified)


def _key(record: Record) -> str:
    return record.iri or f"\n{record.identifier or record.title}"
