"""What an endpoint has answered, on disk, so that an interrupted run goes on where it stopped.

One line of JSON an answer, written through to the disk before the run goes on. A line that an interruption
cut off is passed over. Answers older than a day are forgotten: people correct Wikidata every minute.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from pathlib import Path
from typing import Final

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
