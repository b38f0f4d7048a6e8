"""The lock of a folder of releases: one writer at a time, readers need none."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from interkommunal.errors import ReleaseError

_NAME: Final = ".lock"


@contextmanager
def only_writer(releases: Path) -> Iterator[None]:
    """Holds the lock of the folder; the system frees it when the process ends, however it ends.

    Raises:
        ReleaseError: somebody else holds it.
        OSError: the folder cannot be written.
    """
    with (releases / _NAME).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ReleaseError(f"another build is writing to {releases}; wait until it is done") from error
        yield
