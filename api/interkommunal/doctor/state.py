"""What a visit leaves behind for the next one, a small JSON file, and what the next one finds changed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from interkommunal.doctor.catalogue import Record
from interkommunal.doctor.finding import Finding, finding
from interkommunal.doctor.harvest import Harvest
from interkommunal.errors import StateError
from interkommunal.files import replace_file

_FORM: Final = "interkommunal doctor 1"


@dataclass(frozen=True)
class State:
    """A visit: the address of the catalogue and its datasets."""

    address: str
    records: tuple[Record, ...]


def load_state(path: Path) -> State:
    """The state that a visit left at ``path``.

    Raises:
        StateError: there is none, or it is not one of ours.
    """
    try:
        found: Any = json.loads(path.read_bytes())
        if found["form"] != _FORM:
            raise StateError(f"{path} has another form than this version writes; make a new one with --save")
        records = [Record(**{name: str(value) for name, value in item.items()}) for item in found["datasets"]]
        return State(str(found["address"]), tuple(records))
    except OSError as error:
        raise StateError(f"{path}: the state of the last visit cannot be read ({error.strerror})") from error
    except (ValueError, RecursionError, TypeError, KeyError, AttributeError) as error:
        raise StateError(f"{path} is no state of a visit; make one with --save") from error


def save_state(path: Path, address: str, records: Sequence[Record]) -> None:
    """Leave a state at ``path``, in one step.

    Raises:
        StateError: it cannot be written.
    """
    document = {"form": _FORM, "address": address, "datasets": [asdict(record) for record in records]}
    try:
        replace_file(path, (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode())
    except OSError as error:
        raise StateError(f"{path}: the state of the visit cannot be written ({error.strerror})") from error


def examine_return(harvest: Harvest, before: State | None) -> Iterator[Finding]:
    """What a portal that comes back would notice: what moved without reason or stayed despite one, what is gone."""
    if before is None or harvest.end not in ("end", "repeats-first"):
        return
    now = {_key(record): record for record in harvest.catalogue.records}
    by_identifier = {record.identifier: record for record in harvest.catalogue.records if record.identifier}
    gone = 0
    for old in before.records:
        renamed = by_identifier.get(old.identifier)
        if (new := now.get(_key(old))) is not None:
            if old.content == new.content and old.modified != new.modified:
                days = {"before": old.modified or "–", "after": new.modified or "–"}
                yield finding("modified-moved", new.iri or new.title, **days)
            elif old.content != new.content and old.modified == new.modified and new.modified:
                yield finding("modified-stuck", new.iri or new.title, modified=new.modified)
        elif renamed is not None and renamed.iri != old.iri:
            yield finding("iri-changed", renamed.iri, identifier=old.identifier, before=old.iri or "[]")
        else:
            gone += 1
            yield finding("dataset-gone", old.iri or old.title)
    if gone * 2 > len(before.records):
        yield finding("most-datasets-gone", harvest.address, gone=gone, before=len(before.records))


def _key(record: Record) -> str:
    return record.iri or f"\n{record.identifier or record.title}"
