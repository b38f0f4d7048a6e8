"""The supervisor process: one address under which front processes find the zygote of each release.

Started as ``python -m interkommunal.engine.supervisor DESCRIPTOR`` with a listening Unix socket, so that it inherits no
thread and no memory of a web server. For each store it is asked for, it forks one zygote, however many fronts ask; a
new release gets a zygote of its own and the old one ends when its last front has left. It ends when its standard input
closes, that is with whoever started it.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import socket
import sys
from dataclasses import dataclass
from typing import Final

from interkommunal.engine import confinement, control
from interkommunal.engine.sources import identify
from interkommunal.engine.zygote import Zygote

# Seconds in which a front that connects must say what it wants.
_HELLO_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class _RunningZygote:
    pid: int
    connection: socket.socket


class Supervisor:
    """Accepts fronts on ``listener`` and hands each to the zygote of the store that it asks for."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._zygotes: dict[tuple[str, ...], _RunningZygote] = {}
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
                received = control.receive(front)
                if received is not None:
                    self._hand_over(front, str(received[0]["tier"]), str(received[0]["open"]))

    def _hand_over(self, front: socket.socket, tier: str, location: str) -> None:
        try:
            key = identify(tier, location)
        except OSError as error:
            with contextlib.suppress(OSError):
                control.send(front, {"error": f"cannot open {location}: {error.strerror}"})
            return
        for _ in range(2):
            held = self._zygotes.get(key) or self._start(key, tier, location)
            try:
                control.send(held.connection, {}, [front.fileno()])
                return
            except OSError:
                # It has ended since; another takes its place.
                held.connection.close()
                del self._zygotes[key]

    def _start(self, key: tuple[str, ...], tier: str, location: str) -> _RunningZygote:
        near, far = control.pair()
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._become_zygote(parent, tier, location, far)
        far.close()
        held = _RunningZygote(pid, near)
        self._zygotes[key] = held
        return held

    def _become_zygote(self, parent: int, tier: str, location: str, connection: socket.socket) -> None:
        """The life of a zygote; never returns."""
        status = 1
        try:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            confinement.die_with_parent(parent)
            self._selector.close()
            self._listener.close()
            for held in self._zygotes.values():
                held.connection.close()
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
