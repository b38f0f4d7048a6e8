"""A zygote process: holds one store, or the name of an endpoint, and forks workers from it, which share its memory.

It has a single thread, always, so that a fork is safe at any time. In: connections of front processes, handed over by
the supervisor. Out: to each front as many workers as it asks for, each with a socket of its own, and word of their
ends.
A worker lives no longer than the zygote and no longer than the front it works for.
"""

from __future__ import annotations

import contextlib
import gc
import os
import re
import resource
import selectors
import signal
import socket
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from interkommunal.engine import confinement, messages
from interkommunal.engine.sources import SOURCES
from interkommunal.engine.worker import serve

#: Seconds that a zygote stays without a front, in case one comes back.
GRACE_SECONDS: Final = 2.0
# A front that does not take its messages for so long is given up.
_SEND_SECONDS: Final = 5.0
# What is passed on of the last words of a worker; the cause comes first.
_LAST_WORDS: Final = 2000


@dataclass(slots=True)
class _Front:
    connection: socket.socket
    #: By process: where its standard error can be read.
    workers: dict[int, int] = field(default_factory=dict)


class Zygote:
    """One source of answers and the workers forked from it.

    Args:
        tier, location: what to hold; see ``engine.sources``.
        supervisor: socket over which fronts are handed over; when it closes, the zygote ends.
    """

    def __init__(self, tier: str, location: str, supervisor: socket.socket) -> None:
        self._source = SOURCES[tier](location)
        self._location = location
        self._supervisor = supervisor
        self._error: str | None = None
        self._seconds = 0.0
        self._oom_kills = _count_oom_kills()
        self._fronts: dict[int, _Front] = {}
        self._selector = selectors.DefaultSelector()
        self._ended = False

    def run(self) -> None:
        """Load, then serve fronts until none is left or the supervisor ends."""
        confinement.name_process("ik-zygote")
        self._prepare()
        self._selector.register(self._supervisor, selectors.EVENT_READ, self._accept)
        wake, notify = socket.socketpair()
        wake.setblocking(False)
        notify.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(notify.fileno(), warn_on_full_buffer=False)
        self._selector.register(wake, selectors.EVENT_READ, self._reap)
        while not self._ended:
            events = self._selector.select(None if self._fronts else GRACE_SECONDS)
            if not events and not self._fronts:
                break
            for key, _ in events:
                key.data(key.fileobj)

    def _prepare(self) -> None:
        started = time.monotonic()
        try:
            self._source.prepare()
        except (OSError, ValueError, SyntaxError) as error:
            self._error = f"cannot open {self._location}: {error}"
        self._seconds = time.monotonic() - started
        # What exists now is never garbage; freezing keeps the collector from touching, and so copying, shared pages.
        gc.collect()
        gc.freeze()

    def _accept(self, supervisor: socket.socket) -> None:
        received = messages.receive(supervisor)
        if received is None:
            self._ended = True
            return
        _, descriptors = received
        for descriptor in descriptors:
            connection = socket.socket(fileno=descriptor)
            connection.settimeout(_SEND_SECONDS)
            self._fronts[descriptor] = _Front(connection)
            self._selector.register(connection, selectors.EVENT_READ, self._hear)
            greeting = {"ready": self._seconds} if self._error is None else {"error": self._error}
            self._tell(self._fronts[descriptor], greeting)
        if self._error is not None:
            self._ended = True

    def _hear(self, connection: socket.socket) -> None:
        front = self._fronts.get(connection.fileno())
        if front is None:
            return
        received = messages.receive(connection)
        if received is None:
            self._drop(front)
            return
        message, _ = received
        for _ in range(int(message.get("fork", 0))):
            if connection.fileno() < 0:
                return
            self._fork(front, network=bool(message.get("network")))

    def _drop(self, front: _Front) -> None:
        """A front is gone: so are its workers."""
        if self._fronts.pop(front.connection.fileno(), None) is None:
            return
        self._selector.unregister(front.connection)
        front.connection.close()
        for pid, errors in front.workers.items():
            os.close(errors)
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _fork(self, front: _Front, *, network: bool) -> None:
        near, far = socket.socketpair()
        # A worker that writes more than the pipe holds loses the rest, but does not wait.
        errors, writing = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._become_worker(parent, far, writing, network=network)
        far.close()
        os.close(writing)
        front.workers[pid] = errors
        handle = os.pidfd_open(pid)
        self._tell(front, {"worker": pid, "network": network}, [near.fileno(), handle])
        os.close(handle)
        near.close()

    def _become_worker(self, parent: int, connection: socket.socket, errors: int, *, network: bool) -> None:
        """The life of a worker; never returns."""
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            confinement.die_with_parent(parent)
            confinement.name_process("ik-worker")
            confinement.offer_to_oom_killer()
            confinement.redirect_streams(errors)
            _close_all_but(connection.fileno())
            confinement.limit_resources(self._source.files)
            evaluate = self._source.evaluator()
            confinement.deny_system_calls(network=network or self._source.network)
            serve(evaluate, connection)
            status = 0
        finally:
            os._exit(status)

    def _reap(self, wake: socket.socket) -> None:
        with contextlib.suppress(BlockingIOError):
            wake.recv(4096)
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            for front in list(self._fronts.values()):
                if pid in front.workers:
                    exit_status = os.waitstatus_to_exitcode(status)
                    words = self._last_words(front.workers.pop(pid), exit_status)
                    self._tell(front, {"gone": pid, "status": exit_status, "words": words})

    def _last_words(self, errors: int, status: int) -> str:
        """What a worker that has ended wrote to standard error, or what the kernel counts tell of it."""
        with os.fdopen(errors, "rb", buffering=0) as stream:
            words = (stream.read(_LAST_WORDS) or b"").decode(errors="replace")
        if status == -signal.SIGKILL:
            before, self._oom_kills = self._oom_kills, _count_oom_kills()
            if self._oom_kills > before:
                words += messages.OUT_OF_MEMORY
        return " ".join(words.split())

    def _tell(self, front: _Front, message: dict[str, Any], descriptors: list[int] | None = None) -> None:
        try:
            messages.send(front.connection, message, descriptors)
        except OSError:
            self._drop(front)


def _count_oom_kills() -> int:
    """How many processes the kernel has killed for want of memory; 0 where it does not tell."""
    with contextlib.suppress(OSError):
        match = re.search(r"^oom_kill (\d+)$", Path("/proc/vmstat").read_text(encoding="ascii"), re.MULTILINE)
        return int(match[1]) if match else 0
    return 0


def _close_all_but(descriptor: int) -> None:
    """Close what was inherited: other workers' sockets would keep those workers from noticing that a front is gone."""
    os.closerange(3, descriptor)
    os.closerange(descriptor + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
