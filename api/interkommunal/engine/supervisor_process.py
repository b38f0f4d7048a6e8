"""Starts and stops the supervisor process, for whoever runs a server.

In: nothing. Out: the address, a Unix socket in a private folder, for ``EngineOptions.supervisor`` of each front. The
supervisor and all it started end when this handle is closed, and also when the process that holds it dies.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Final

import interkommunal
from interkommunal.errors import ServerError

_STOP_SECONDS: Final = 5.0
# With its defaults glibc gives memory back to the system after each query and merges free chunks on each larger
# allocation, which costs a short query a third of its time. These are read when a process starts.
_MALLOC: Final = ":".join(
    f"glibc.malloc.{name}={value}"
    for name, value in (
        ("trim_threshold", 64 << 20),
        ("top_pad", 1 << 20),
        ("mmap_threshold", 1 << 20),
        ("mxfast", 0),
        ("tcache_max", 1 << 16),
        ("tcache_count", 127),
    )
)


class SupervisorProcess:
    """A running supervisor. Use it as a context manager, or call :meth:`stop`."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        self._process = process
        self._folder = folder

    @classmethod
    def start(cls) -> SupervisorProcess:
        """Start one. It takes connections at once; stores are opened when a front asks for them.

        Raises:
            ServerError: the system refuses.
        """
        folder: Path | None = None
        try:
            folder = Path(tempfile.mkdtemp(prefix="interkommunal-"))
            listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with listener:
                listener.bind(str(folder / "supervisor"))
                listener.listen(64)
                package_root = str(Path(interkommunal.__file__).resolve().parents[1])
                search_path = os.pathsep.join(filter(None, (package_root, os.environ.get("PYTHONPATH"))))
                tunables = ":".join(filter(None, (_MALLOC, os.environ.get("GLIBC_TUNABLES"))))
                process = subprocess.Popen(
                    [sys.executable, "-m", "interkommunal.engine.supervisor", str(listener.fileno())],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    pass_fds=[listener.fileno()],
                    # The first line of a panic says what it was; the stack behind it would drown that.
                    env=os.environ | {"PYTHONPATH": search_path, "GLIBC_TUNABLES": tunables, "RUST_BACKTRACE": "0"},
                    # A Ctrl-C in the terminal is for the server, which then shuts down in order.
                    start_new_session=True,
                )
        except OSError as error:
            if folder is not None:
                shutil.rmtree(folder, ignore_errors=True)
            raise ServerError(f"cannot start the process that keeps the store: {error}") from None
        return cls(process, folder)

    @property
    def address(self) -> Path:
        """The socket on which it takes connections."""
        return self._folder / "supervisor"

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def stop(self) -> None:
        """End it and all it started. Harmless when called twice."""
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> SupervisorProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
