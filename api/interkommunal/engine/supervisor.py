"""The supervisor process: one address under which front processes find the zygote of each release.

:class:`SupervisorProcess` starts and stops it, for whoever runs a server; its address, a socket in a private folder,
is what each front gets as ``EngineOptions.supervisor``. It runs as ``python -m interkommunal.engine.supervisor
DESCRIPTOR`` with a listening socket, so that it inherits no thread and no memory of a web server. For each store it is
asked for, it forks one zygote, however many fronts ask; a new release gets a zygote of its own, the old one ends when
its last front has left. It ends when its standard input closes, that is with whoever started it.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

import interkommunal
from interkommunal.engine import confinement, messages
from interkommunal.engine.sources import identify
from interkommunal.engine.zygote import Zygote
from interkommunal.errors import ServerError

# Seconds in which a front that connects must say what it wants.
_HELLO_SECONDS: Final = 5.0


class Supervisor:
    """Accepts fronts on ``listener`` and hands each to the zygote of the store that it asks for."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._zygotes: dict[tuple[str, ...], socket.socket] = {}
        self._selector = selectors.DefaultSelector()

    def run(self) -> None:
        """Serve until standard input closes."""
        confinement.name_process("ik-supervisor")
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(sys.stdin.fileno(), selectors.EVENT_READ)
        # Zygotes that have ended need no farewell; the system forgets them.
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is not self._listener:
                    return
                self._welcome()

    def _welcome(self) -> None:
        front, _ = self._listener.accept()
        with front:
            front.settimeout(_HELLO_SECONDS)
            with contextlib.suppress(TimeoutError, ValueError, KeyError):
                received = messages.receive(front)
                if received is not None:
                    self._hand_over(front, str(received[0]["tier"]), str(received[0]["open"]))

    def _hand_over(self, front: socket.socket, tier: str, location: str) -> None:
        try:
            key = identify(tier, location)
        except OSError as error:
            with contextlib.suppress(OSError):
                messages.send(front, {"error": f"cannot open {location}: {error.strerror}"})
            return
        for _ in range(2):
            zygote = self._zygotes.get(key) or self._start(key, tier, location)
            try:
                messages.send(zygote, {}, [front.fileno()])
                return
            except OSError:
                # It has ended since; another takes its place.
                zygote.close()
                del self._zygotes[key]

    def _start(self, key: tuple[str, ...], tier: str, location: str) -> socket.socket:
        near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        parent = os.getpid()
        if os.fork() == 0:
            self._become_zygote(parent, tier, location, far)
        far.close()
        self._zygotes[key] = near
        return near

    def _become_zygote(self, parent: int, tier: str, location: str, connection: socket.socket) -> None:
        """The life of a zygote; never returns."""
        status = 1
        try:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            confinement.die_with_parent(parent)
            self._selector.close()
            self._listener.close()
            for zygote in self._zygotes.values():
                zygote.close()
            # The pipe of the supervisor's own life; a copy here would not hurt, but is not needed.
            null = os.open(os.devnull, os.O_RDONLY)
            os.dup2(null, 0)
            os.close(null)
            Zygote(tier, location, connection).run()
            status = 0
        finally:
            os._exit(status)


def main() -> None:
    """Keep stores for fronts that connect to the socket whose descriptor is the first argument."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Supervisor(socket.socket(fileno=int(sys.argv[1]))).run()


if __name__ == "__main__":
    main()


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

    def __exit__(self, *_: object) -> None:
        self.stop()
