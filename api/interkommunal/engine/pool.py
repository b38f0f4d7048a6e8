"""The workers of one front process over one store, and who gets one when.

In: jobs. Out: their answers, in time or not at all. Workers are forked ahead by the holder; one that exceeds a limit,
or whose caller is gone, is killed and replaced. Short queries stay fast whatever else runs:

- only :data:`_YOUNG` queries run at the same time at first; one that runs longer than
  :data:`_YOUNG_SECONDS` gets a low CPU priority and lets the next one in,
- the last quarter of the workers is kept for queries that are new; one that runs there for :data:`_EXPRESS_SECONDS`
  while others wait is stopped and begins again later, when another worker is free.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from interkommunal.engine import control
from interkommunal.engine.answers import IncomingAnswer
from interkommunal.engine.frames import (
    ANSWER_HEADER,
    CHUNK,
    COMPLETE,
    CUT,
    END,
    WORN,
    unpack_answer_header,
    unpack_error,
)
from interkommunal.engine.interface import EngineOptions, Form
from interkommunal.errors import (
    EngineUnavailable,
    QueryError,
    QueryFailed,
    QueryKilled,
    QueryTimeout,
    QueryTooLarge,
    QueueFull,
    ReleaseError,
)

_CORES: Final = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
_YOUNG: Final = 2 * _CORES
#: How many workers are kept free.
_AHEAD: Final = _YOUNG
_YOUNG_SECONDS: Final = 0.05
_EXPRESS_SECONDS: Final = 0.25
_NICENESS: Final = 10
#: How often running queries are looked at; a query ends at most so much after its deadline.
_TICK_SECONDS: Final = 0.02
# Queries with SERVICE that run at the same time. Each gets a process of its own that may use the network.
_FEDERATED: Final = 4
# What is read from a worker at once, into one buffer for all: a buffer for each read costs more than the read.
_READ_BYTES: Final = 1 << 18
# Seconds to wait for a store to be loaded: a hundred million quads.
_OPEN_SECONDS: Final = 600.0


@dataclass(slots=True)
class Counters:
    """What :class:`~interkommunal.engine.interface.Status` counts; shared by the pools of one engine."""

    answered: int = 0
    timeouts: int = 0
    too_large: int = 0
    refused_busy: int = 0
    abandoned: int = 0
    failed: int = 0
    killed: int = 0
    started: int = 0
    lost: int = 0

    def count(self, error: QueryError) -> None:
        """Count how a query ended otherwise than well."""
        if isinstance(error, QueryTimeout):
            self.timeouts += 1
        elif isinstance(error, QueryTooLarge):
            self.too_large += 1
        elif isinstance(error, QueueFull):
            self.refused_busy += 1
        elif isinstance(error, QueryKilled):
            self.killed += 1
        else:
            self.failed += 1


class Job:
    """One query on its way.

    Args:
        number: its handle.
        query: the SPARQL text, for people.
        frame: the order as a worker reads it.
        seconds: its deadline, from now.
        federated: whether it needs a process of its own that may use the network.
    """

    __slots__ = (
        "answer",
        "arrived",
        "deadline",
        "federated",
        "first",
        "frame",
        "heavy",
        "id",
        "paused",
        "pool",
        "query",
        "reword",
        "seconds",
        "started",
        "streaming",
        "worker",
    )

    def __init__(self, number: int, query: str, frame: bytes, seconds: float, *, federated: bool = False) -> None:
        self.id = number
        self.query = query
        self.frame = frame
        self.seconds = seconds
        self.federated = federated
        self.arrived = time.monotonic()
        self.deadline = self.arrived + seconds
        self.started = 0.0
        self.paused = 0.0
        self.reword: Callable[[QueryError], QueryError] | None = None
        self.heavy = False
        self.streaming = False
        self.worker: Worker | None = None
        self.pool: Pool
        self.first: asyncio.Future[None]
        self.answer: IncomingAnswer

    def abandon(self) -> None:
        """The caller is gone."""
        self.pool.abandon(self)

    def resume(self) -> None:
        """The reader of a stream has caught up."""
        self.pool.resume(self)


class Worker:
    """A worker process, seen from here."""

    __slots__ = (
        "connection",
        "descriptor",
        "express",
        "handle",
        "head",
        "job",
        "kind",
        "missing",
        "network",
        "old",
        "parts",
        "pid",
        "reading",
        "rows_flags",
        "unsent",
    )

    def __init__(self, pid: int, connection: socket.socket, handle: int, *, network: bool) -> None:
        self.pid = pid
        self.connection = connection
        self.descriptor = connection.fileno()
        self.handle = handle
        self.network = network
        self.job: Job | None = None
        self.old = False
        self.express = False
        self.reading = False
        self.head = b""
        self.kind = 0
        self.rows_flags = (0, 0)
        self.missing = 0
        self.parts: list[bytes] = []
        self.unsent = b""

    def kill(self) -> None:
        """End the process, whatever it does."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.handle, signal.SIGKILL)

    def close(self) -> None:
        """Let go of socket and handle. A worker that is idle ends by this."""
        self.connection.close()
        if self.handle >= 0:
            os.close(self.handle)
            self.handle = -1


@dataclass(slots=True)
class Pool:
    """Workers over one store.

    Args:
        options: how many, how long a queue.
        counters: where to count.
        on_loss: called when the holder is gone, and with it all workers.
    """

    options: EngineOptions
    counters: Counters
    on_loss: Callable[[], None]
    jobs: dict[int, Job] = field(default_factory=dict)
    _workers: dict[int, Worker] = field(default_factory=dict)
    _idle: list[Worker] = field(default_factory=list)
    _waiting: deque[Job] = field(default_factory=deque)
    _heavy: deque[Job] = field(default_factory=deque)
    _federated: deque[Job] = field(default_factory=deque)
    _starting: int = 0
    _starting_network: int = 0
    _young: int = 0
    _ticking: bool = False
    _draining: bool = False
    _closed: bool = False
    _holder: socket.socket | None = None
    _loop: asyncio.AbstractEventLoop = field(init=False)
    _first_worker: asyncio.Future[None] | None = None
    _buffer: memoryview = field(default_factory=lambda: memoryview(bytearray(_READ_BYTES)))
    _networked: int = 0

    # Opening and closing.

    async def open(self, keeper: Path, location: str) -> None:
        """Connect to the holder of what is at ``location`` and wait until a worker is ready.

        Raises:
            ReleaseError: it cannot be opened, or the keeper is gone.
        """
        self._loop = asyncio.get_running_loop()
        holder = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        holder.setblocking(False)
        try:
            holder.connect(str(keeper))
            control.send(holder, {"open": location, "tier": self.options.tier})
            self._holder = holder
            async with asyncio.timeout(_OPEN_SECONDS):
                await self._greeting(holder, location)
                self._first_worker = self._loop.create_future()
                self._loop.add_reader(holder.fileno(), self._hear)
                self._provide()
                await self._first_worker
        except BaseException as error:
            self.close(EngineUnavailable("the engine did not start"))
            holder.close()
            if isinstance(error, TimeoutError):
                raise ReleaseError(f"{location} was not loaded within {_OPEN_SECONDS:g} s") from None
            if isinstance(error, OSError):
                raise ReleaseError(f"the process that keeps the store cannot be reached: {error}") from None
            raise

    async def _greeting(self, holder: socket.socket, location: str) -> None:
        readable = asyncio.Event()
        self._loop.add_reader(holder.fileno(), readable.set)
        try:
            await readable.wait()
        finally:
            self._loop.remove_reader(holder.fileno())
        received = control.receive(holder)
        if received is None:
            raise ReleaseError(f"the process that loads {location} ended; is there enough memory?")
        if "error" in received[0]:
            raise ReleaseError(str(received[0]["error"]))

    def drain(self) -> None:
        """Take no more jobs; close when the last one has ended."""
        self._draining = True
        self._thin_out()

    def _thin_out(self) -> None:
        """While draining: let go of workers that have nothing left to do, at last of all."""
        if not self._draining or self._closed:
            return
        if not self.jobs:
            self.close(EngineUnavailable("the engine is closing"))
        elif not self._waiting and not self._heavy:
            for worker in list(self._idle):
                self._dismiss(worker)

    def close(self, error: QueryError) -> None:
        """End all jobs with ``error`` and all workers."""
        self._closed = True
        for job in list(self.jobs.values()):
            self._end(job, error)
        for worker in list(self._workers.values()):
            worker.kill()
            self._dismiss(worker)
        if self._holder is not None:
            self._loop.remove_reader(self._holder.fileno())
            self._holder.close()
            self._holder = None
        if self._first_worker is not None and not self._first_worker.done():
            self._first_worker.set_exception(ReleaseError("the process that holds the store ended"))

    @property
    def _computes(self) -> bool:
        """Whether workers use the CPU, and do not just wait for another endpoint."""
        return self.options.tier != "remote"

    @property
    def sizes(self) -> tuple[int, int, int, int]:
        """Workers alive, idle, running, and jobs waiting."""
        waiting = len(self._waiting) + len(self._heavy) + len(self._federated)
        return len(self._workers), len(self._idle), len(self._workers) - len(self._idle), waiting

    # Jobs.

    async def run(self, job: Job, form: Form, media_type: str) -> IncomingAnswer:
        """Have ``job`` answered; returns when the answer is complete or begins to stream.

        Raises:
            QueryError: it is not answered.
        """
        if self._draining or self._closed:
            raise EngineUnavailable("the engine is closing")
        job.first = self._loop.create_future()
        job.pool = self
        job.answer = IncomingAnswer(form, media_type, job)
        self.jobs[job.id] = job
        self._enqueue(job)
        try:
            await job.first
        except asyncio.CancelledError:
            self.abandon(job)
            raise
        return job.answer

    def kill(self, number: int) -> bool:
        """End a job for an administrator."""
        job = self.jobs.get(number)
        if job is None:
            return False
        self._end(job, QueryKilled("the query was ended by an administrator"))
        return True

    def _enqueue(self, job: Job) -> None:
        if not job.federated and self._idle and not self._waiting and self._young < _YOUNG:
            self._assign(self._idle.pop(), job)
            return
        queue = self._federated if job.federated else self._waiting
        if len(queue) >= self.options.queue:
            self._end(job, QueueFull("too many queries wait already; try again shortly", retry_after=1))
            return
        queue.append(job)
        self._dispatch()
        self._tick_later()

    def _dispatch(self) -> None:
        """Give free workers to waiting jobs, and ask for workers that are missing."""
        while self._waiting and self._idle and self._young < _YOUNG:
            self._assign(self._idle.pop(), self._waiting.popleft())
        while self._heavy and self._idle and not self._waiting and self._unreserved > 0:
            self._assign(self._idle.pop(), self._heavy.popleft())
        if len(self._idle) < _AHEAD or self._federated:
            self._provide()

    @property
    def _unreserved(self) -> int:
        """How many more jobs can run before those workers are used that are kept for short queries."""
        workers = self.options.workers
        return workers - workers // 4 - (len(self._workers) - len(self._idle))

    def _assign(self, worker: Worker, job: Job) -> None:
        worker.job = job
        worker.express = not job.federated and self._unreserved < 0
        job.worker = worker
        job.answer.pid = worker.pid
        job.started = time.monotonic()
        if not worker.network:
            self._young += 1
        try:
            sent = worker.connection.send(job.frame)
        except BlockingIOError:
            sent = 0
        except OSError:
            # It has died just now; word of it is on its way.
            return
        if sent < len(job.frame):
            worker.unsent = job.frame[sent:]
            self._loop.add_writer(worker.descriptor, self._writable, worker)
        self._tick_later()

    def _writable(self, worker: Worker) -> None:
        try:
            sent = worker.connection.send(worker.unsent)
        except BlockingIOError:
            return
        except OSError:
            sent = len(worker.unsent)
        worker.unsent = worker.unsent[sent:]
        if not worker.unsent:
            self._loop.remove_writer(worker.descriptor)

    def _end(self, job: Job, error: QueryError | None) -> None:
        """A job is over: well, with an error, or (``None``, its worker still at work) given up."""
        if self.jobs.pop(job.id, None) is None:
            return
        worker = job.worker
        if worker is None:
            for queue in (self._waiting, self._heavy, self._federated):
                with contextlib.suppress(ValueError):
                    queue.remove(job)
        elif worker.job is job:
            worker.kill()
            self._dismiss(worker)
        if error is not None:
            self.counters.count(error)
            job.answer.fail(error)
            if not job.first.done():
                job.first.set_exception(error)
        self._dispatch()
        self._thin_out()

    def abandon(self, job: Job) -> None:
        """The caller is gone."""
        if job.id in self.jobs:
            self.counters.abandoned += 1
            self._end(job, None)

    def resume(self, job: Job) -> None:
        """The reader of a stream has caught up."""
        worker = job.worker
        if job.paused and worker is not None and worker.job is job:
            job.deadline += time.monotonic() - job.paused
            job.paused = 0.0
            self._listen(worker)

    # Workers.

    def _provide(self) -> None:
        """Ask the holder for workers: a few ahead, and one for each job that waits for want of one."""
        if self._closed or self._holder is None:
            return
        ahead = len(self._waiting) + len(self._heavy) if self._draining else _AHEAD
        wanted = ahead - len(self._idle) - self._starting
        alive = len(self._workers) - self._networked + self._starting
        missing = min(wanted, self.options.workers - alive)
        federated = self._networked + self._starting_network
        missing_network = min(len(self._federated) - self._starting_network, _FEDERATED - federated)
        try:
            if missing > 0:
                control.send(self._holder, {"fork": missing})
                self._starting += missing
            if missing_network > 0:
                control.send(self._holder, {"fork": missing_network, "network": True})
                self._starting_network += missing_network
        except OSError:
            self._loop.call_soon(self._lose)

    def _hear(self) -> None:
        """Word from the holder: a new worker, or the end of one."""
        while self._holder is not None:
            try:
                received = control.receive(self._holder)
            except BlockingIOError:
                return
            if received is None:
                self._lose()
                return
            message, descriptors = received
            if "worker" in message:
                connection = socket.socket(fileno=descriptors[0])
                connection.setblocking(False)
                worker = Worker(int(message["worker"]), connection, descriptors[1], network=bool(message["network"]))
                self._greet(worker)
            elif "gone" in message:
                self._gone(int(message["gone"]), int(message["status"]))

    def _greet(self, worker: Worker) -> None:
        self._workers[worker.pid] = worker
        self.counters.started += 1
        self._listen(worker)
        if worker.network:
            self._networked += 1
            self._starting_network -= 1
            if self._federated:
                self._assign(worker, self._federated.popleft())
            else:
                self._dismiss(worker)
            return
        self._starting -= 1
        self._idle.append(worker)
        if self._first_worker is not None and not self._first_worker.done():
            self._first_worker.set_result(None)
        self._dispatch()

    def _listen(self, worker: Worker) -> None:
        worker.reading = True
        self._loop.add_reader(worker.descriptor, self._readable, worker)

    def _deafen(self, worker: Worker) -> None:
        if worker.reading:
            worker.reading = False
            self._loop.remove_reader(worker.descriptor)

    def _dismiss(self, worker: Worker) -> None:
        """Let go of a worker. If it is idle it ends by itself, else it must have been killed."""
        if self._workers.pop(worker.pid, None) is None:
            return
        self._networked -= worker.network
        self._deafen(worker)
        if worker.unsent:
            self._loop.remove_writer(worker.descriptor)
        self._free(worker)
        if worker in self._idle:
            self._idle.remove(worker)
        worker.close()

    def _free(self, worker: Worker) -> None:
        """The worker has no job any more."""
        if worker.job is not None:
            worker.job = None
            if not worker.old and not worker.network:
                self._young -= 1

    def _gone(self, pid: int, status: int) -> None:
        """A process has ended. If we ended it, or let it go, there is nothing left to do."""
        worker = self._workers.get(pid)
        if worker is None:
            return
        # What it wrote before is still to be read; its answer may be complete.
        while worker.pid in self._workers and self._readable(worker):
            pass
        if self._workers.get(pid) is not worker:
            return
        self.counters.lost += 1
        job = worker.job
        self._dismiss(worker)
        if job is not None:
            job.worker = None
            self._end(job, _verdict(status, job))
        self._dispatch()

    def _lose(self) -> None:
        """The holder is gone, and its workers with it."""
        if not self._closed:
            self.close(EngineUnavailable("the store is being loaded again", retry_after=2))
            self.on_loss()

    # What workers write.

    def _readable(self, worker: Worker) -> bool:
        """Read what a worker has written; returns whether there was anything."""
        try:
            size = worker.connection.recv_into(self._buffer)
        except BlockingIOError:
            return False
        except OSError:
            size = 0
        if not size:
            # How it ended, the holder tells.
            self._deafen(worker)
            return False
        data = bytes(self._buffer[:size])
        # Nearly all answers: one frame, complete.
        if not worker.missing and not worker.head and len(data) >= ANSWER_HEADER:
            kind, flags, rows, length = unpack_answer_header(data)
            if kind == COMPLETE and len(data) == ANSWER_HEADER + length:
                self._complete(worker, data[ANSWER_HEADER:], rows, flags)
                return True
        self._take(worker, data)
        return True

    def _take(self, worker: Worker, data: bytes) -> None:
        """Take frames that come in pieces."""
        while data and worker.job is not None:
            if not worker.missing:
                head = worker.head + data
                if len(head) < ANSWER_HEADER:
                    worker.head = head
                    return
                data, worker.head = head[ANSWER_HEADER:], b""
                worker.kind, flags, rows, worker.missing = unpack_answer_header(head)
                worker.rows_flags = (rows, flags)
            part, data = data[: worker.missing], data[worker.missing :]
            worker.missing -= len(part)
            if worker.kind == CHUNK:
                self._stream(worker, part)
            else:
                worker.parts.append(part)
                if not worker.missing:
                    self._finish(worker)

    def _stream(self, worker: Worker, chunk: bytes) -> None:
        job = worker.job
        if job is None or not chunk:
            return
        if not job.streaming:
            job.streaming = True
            if not job.first.done():
                job.first.set_result(None)
        if job.answer.put(chunk):
            self._deafen(worker)
            job.paused = time.monotonic()

    def _finish(self, worker: Worker) -> None:
        """The last frame of an answer is there."""
        payload = b"".join(worker.parts)
        worker.parts.clear()
        rows, flags = worker.rows_flags
        if worker.kind == COMPLETE:
            self._complete(worker, payload, rows, flags)
            return
        job = worker.job
        self._release(worker, flags)
        if job is None:
            return
        if worker.kind == END:
            self.counters.answered += 1
            self.jobs.pop(job.id, None)
            job.answer.finish(rows, cut=bool(flags & CUT))
        else:
            error = unpack_error(payload)
            self._end(job, job.reword(error) if job.reword else error)
        self._thin_out()

    def _complete(self, worker: Worker, body: bytes, rows: int, flags: int) -> None:
        job = worker.job
        self._release(worker, flags)
        if job is None:
            return
        self.counters.answered += 1
        self.jobs.pop(job.id, None)
        job.answer.complete(body, rows, cut=bool(flags & CUT))
        if not job.first.done():
            job.first.set_result(None)
        self._thin_out()

    def _release(self, worker: Worker, flags: int) -> None:
        """A worker has done its job: it gets the next one, or goes if it is worn."""
        self._free(worker)
        # Only the superuser can raise a priority again, so a worker whose priority was lowered is replaced.
        lowered = worker.old and self._computes
        if lowered or worker.network or flags & WORN or self._closed:
            self._dismiss(worker)
        else:
            worker.express = worker.old = False
            self._idle.append(worker)
        if self._waiting or self._heavy or self._federated or worker.pid not in self._workers:
            self._dispatch()

    # The clock.

    def _tick_later(self) -> None:
        if not self._ticking:
            self._ticking = True
            self._loop.call_later(_TICK_SECONDS, self._tick)

    def _tick(self) -> None:
        """Look at all jobs: end those out of time, slow down long ones, make room for new ones."""
        self._ticking = False
        now = time.monotonic()
        for worker in list(self._workers.values()):
            if worker.job is not None:
                self._watch(worker, worker.job, now)
        for job in [*self._waiting, *self._heavy, *self._federated]:
            if now >= job.deadline:
                text = f"no worker was free within {job.seconds:g} s; try again later"
                self._end(job, QueueFull(text, retry_after=5))
        if self._waiting and not self._idle:
            self._preempt(now)
        self._dispatch()
        if self.jobs:
            self._tick_later()

    def _watch(self, worker: Worker, job: Job, now: float) -> None:
        if job.paused:
            if now - job.paused >= self.options.stall_seconds:
                text = f"nobody read the answer for {self.options.stall_seconds:g} s"
                self._end(job, QueryFailed(text))
        elif now >= job.deadline:
            self._end(job, QueryTimeout(f"the query ran longer than {job.seconds:g} s", job.seconds))
        elif not worker.old and not worker.network and now - job.started >= _YOUNG_SECONDS:
            worker.old = True
            self._young -= 1
            if self._computes:
                with contextlib.suppress(OSError):
                    os.setpriority(os.PRIO_PROCESS, worker.pid, _NICENESS)

    def _preempt(self, now: float) -> None:
        """Stop the longest query that runs on a worker kept for short ones, and put it back."""
        if len(self._workers) + self._starting < self.options.workers:
            return
        candidates = [
            worker
            for worker in self._workers.values()
            if worker.express
            and worker.job is not None
            and not worker.job.streaming
            and now - worker.job.started >= _EXPRESS_SECONDS
        ]
        if not candidates:
            return
        worker = min(candidates, key=lambda worker: worker.job.started if worker.job else now)
        job = worker.job
        worker.kill()
        self._dismiss(worker)
        if job is not None:
            job.worker = None
            job.heavy = True
            self._heavy.append(job)


def _verdict(status: int, job: Job) -> QueryError:
    """What the exit status of a process says about the query that it worked on."""
    if status in (-signal.SIGABRT, -signal.SIGKILL):
        return QueryTooLarge("the query needs more memory than it may take", limit="memory")
    if status in (-signal.SIGSEGV, -signal.SIGBUS):
        return QueryTooLarge("the query is nested too deep, or its parts are too many", limit="query")
    if status == -signal.SIGPROF:
        return QueryTimeout(f"the query ran longer than {job.seconds:g} s", job.seconds)
    return QueryFailed(f"the process that evaluated the query ended with status {status}")
