"""Sorts more records than memory holds: sorted runs on disk, merged when they are read (external merge sort).

In go records in any order, out they come in the order of their bytes, each once. Memory stays below the size of one run
and the buffers of as many files as there are runs; time grows with the number of records, and slowly with that of runs.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

# Bytes of records that are sorted at once; Python keeps about as much again beside them.
RUN: Final = 24 << 20
_BUFFER: Final = 256 << 10


class Sorter:
    """Takes records, gives them back in order.

    Args:
        path: where runs lie; their names begin with it. They are removed when the records have been read.
        run: bytes of records that are sorted at once.
    """

    def __init__(self, path: Path, run: int = RUN) -> None:
        self._path = path
        self._limit = run
        self._records: list[bytes] = []
        self._size = 0
        self._runs: list[Path] = []

    def add(self, records: Iterable[bytes]) -> None:
        """Takes records. A record ends with its only line feed.

        Raises:
            OSError: a run cannot be written.
        """
        for record in records:
            self._records.append(record)
            self._size += len(record)
            if self._size > self._limit:
                self._write_run()

    def read(self) -> Iterator[bytes]:
        """All records in the order of their bytes, equal ones once. Can be read one time.

        Raises:
            OSError: a run cannot be read.
        """
        self._records.sort()
        if not self._runs:
            yield from (record for record, _ in groupby(self._records))
            self._records = []
            return
        self._write_run()
        streams = [path.open("rb", buffering=_BUFFER) for path in self._runs]
        try:
            yield from (record for record, _ in groupby(heapq.merge(*streams)))
        finally:
            for stream, path in zip(streams, self._runs, strict=True):
                stream.close()
                path.unlink(missing_ok=True)

    def _write_run(self) -> None:
        self._records.sort()
        path = self._path.with_name(f"{self._path.name}-{len(self._runs)}")
        with path.open("xb", buffering=_BUFFER) as stream:
            stream.writelines(self._records)
        self._runs.append(path)
        self._records, self._size = [], 0
