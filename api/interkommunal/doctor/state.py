"""What a visit leaves behind for the next one: a small JSON file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from interkommunal.doctor.catalogue import Record
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
    except OSError as error:
        raise StateError(f"{path}: the state of the last visit cannot be read ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        raise StateError(f"{path} is no state of a visit; make one with --save") from error
    try:
        if found["form"] != _FORM:
            raise StateError(f"{path} has another form than this version writes; make a new one with --save")
        return State(
            str(found["address"]), tuple(Record(**{k: str(v) for k, v in item.items()}) for item in found["datasets"])
        )
    except (TypeError, KeyError, AttributeError) as error:
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
