"""What an endpoint has answered, on disk, so that an interrupted run goes on where it stopped.

One line of JSON an answer, written through to the disk before the run goes on. A line that an interruption
cut off is passed over. Answers older than a day are forgotten: people correct Wikidata every minute.

Writes mapping sets in one step, so that an interruption leaves the old file or the new one, never half of one.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from interkommunal.content import Content
from interkommunal.errors import SourceError
from interkommunal.files import replace_file
from interkommunal.graph.mapping_set import MappingRow, MappingSet, file_name, read_mapping_set, write_mapping_set
from interkommunal.graph.reference import Authority


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
    try:
        replace_file(path, text.encode())
    except OSError as error:
        raise SourceError(f"cannot be written: {error.strerror}", path) from error


def _path(content: Content, of: Authority) -> Path:
    return content.data / "links" / file_name(of)


_DAY: Final = 86_400.0


class Journal:
    """The journal in the file ``path``, which need not exist yet.

    Args:
        path: of the file. now: seconds since 1970; a test may set it.
    """

    def __init__(self, path: Path, now: float | None = None) -> None:
        self.path = path
        self._now = time.time() if now is None else now
        self._answers: dict[str, list[dict[str, str]]] = {}
        if path.exists():
            for line in path.read_bytes().split(b"\n"):
                self._read(line)

    def __len__(self) -> int:
        """How many answers it has."""
        return len(self._answers)

    def answer(self, query: str) -> list[dict[str, str]] | None:
        """The rows of ``query`` if they are known."""
        return self._answers.get(_name(query))

    def keep(self, query: str, rows: list[dict[str, str]]) -> None:
        """Write an answer down; it is on the disk when this returns."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps({"query": _name(query), "at": self._now, "rows": rows}, ensure_ascii=False)
        with self.path.open("ab") as file:
            # A line that was cut off before must not swallow this one.
            file.write(f"\n{line}".encode())
            file.flush()
            os.fsync(file.fileno())
        self._answers[_name(query)] = rows

    def forget(self) -> None:
        """Take the file away: all it knows has reached a mapping set."""
        self.path.unlink(missing_ok=True)
        self._answers.clear()

    def _read(self, line: bytes) -> None:
        try:
            entry = json.loads(line)
            if 0 <= self._now - entry["at"] < _DAY:
                self._answers[entry["query"]] = entry["rows"]
        except (ValueError, KeyError, TypeError):
            return


def _name(query: str) -> str:
    return hashlib.sha256(query.encode()).hexdigest()
