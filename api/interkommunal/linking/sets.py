"""Writes mapping sets in one step, so that an interruption leaves the old file or the new one, never half of one."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from interkommunal.content import Content
from interkommunal.errors import SourceError
from interkommunal.graph.authorities import Authority
from interkommunal.graph.mapping_set import MappingRow, MappingSet, file_name, read_mapping_set, write_mapping_set


def open_set(content: Content, of: Authority) -> MappingSet:
    """The mapping set of an authority; empty if there is no file yet.

    Raises:
        SourceError: the file is wrong.
    """
    path = _path(content, of)
    return read_mapping_set(path, content.shown(path), of) if path.is_file() else MappingSet(of, ())


def save_rows(content: Content, of: Authority, rows: Iterable[MappingRow]) -> MappingSet:
    """Adds rows to the set, or puts them in place of those about the same pair; what others wrote meanwhile stays.

    Raises:
        SourceError: the file is wrong, or cannot be written.
    """
    changed = open_set(content, of).with_rows(rows)
    write_in_one_step(_path(content, of), write_mapping_set(changed))
    return changed


def write_in_one_step(path: Path, text: str) -> None:
    """Replaces the file ``path``; it is on the disk when this returns.

    Raises:
        SourceError: it cannot be written.
    """
    fresh = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with fresh.open("wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        raise SourceError(f"cannot be written: {error.strerror}", path) from error


def _path(content: Content, of: Authority) -> Path:
    return content.data / "links" / file_name(of)
