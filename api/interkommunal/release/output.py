"""The files of a release while they are being written: streamed to disk, hashed and counted on the way.

In go pieces of bytes, out come files on disk, synced, with what the manifest says of each.

The lock of a folder of releases: one writer at a time, readers need none.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from interkommunal.errors import ReleaseError
from interkommunal.release.manifest import File

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


_PIECE: Final = 1 << 20


class Output(io.RawIOBase):
    """A new file that knows its size and its hash when the last piece is written.

    Attributes:
        bytes: how many were written.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        path.parent.mkdir(exist_ok=True, parents=True)
        self._stream = path.open("xb", buffering=_PIECE)
        self._digest = hashlib.sha256()
        self.bytes = 0

    def writable(self) -> bool:
        """It can be written to, and not read."""
        return True

    def write(self, data: object) -> int:
        """Writes all of ``data``."""
        assert isinstance(data, bytes | bytearray | memoryview)
        self._stream.write(data)
        self._digest.update(data)
        self.bytes += len(data)
        return len(data)

    def close(self) -> None:
        """Puts the content on disk."""
        if not self.closed:
            with self._stream:
                self._stream.flush()
                os.fsync(self._stream.fileno())
        super().close()

    @property
    def sha256(self) -> str:
        """Hash of what was written, lower-case hex."""
        return self._digest.hexdigest()


class Folder:
    """The folder of a release that is being written.

    Attributes:
        path: where it lies. scratch: a folder below it for what is needed only meanwhile.
        files: what was written, by name.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.scratch = path / ".scratch"
        self.scratch.mkdir()
        self.files: dict[str, File] = {}

    @contextmanager
    def new(self, name: str, media_type: str, holds: str) -> Iterator[Output]:
        """A file to write to; it belongs to the release when the block ends.

        Raises:
            OSError: it cannot be written.
        """
        with Output(self.path / name) as output:
            yield output
        self.files[name] = File(media_type, output.bytes, output.sha256, holds)

    def add(self, name: str, media_type: str, holds: str, content: bytes) -> None:
        """A small file with this content."""
        with self.new(name, media_type, holds) as output:
            output.write(content)

    def take(self, name: str, media_type: str, holds: str) -> None:
        """Takes in a file that a library has written under this name."""
        path = self.path / name
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            os.fsync(stream.fileno())
        self.files[name] = File(media_type, path.stat().st_size, digest, holds)
