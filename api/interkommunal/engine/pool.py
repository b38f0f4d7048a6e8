"""The workers of one front process over one store, and who gets one when.

In: jobs. Out: their answers, in time or not at all. Workers are forked ahead by the zygote; one that exceeds a limit,
or whose caller is gone, is killed and replaced. Short queries stay fast whatever else runs:

- only :data:`_INTERACTIVE` queries run at the same time at first; one that runs longer than
  :data:`_INTERACTIVE_SECONDS` lets the next one in, and gets a low CPU priority if it used the CPU meanwhile,
- a worker that has just begun with a query gets the next orders ahead (:data:`_DEPTH`). As long as queries are so short
  that its turn comes soon (:data:`_SOON_SECONDS`), this is done before another worker is woken, which costs as much as
  a short query; else only where no other is free. If a query is not that short, those behind it are taken back,
- the last quarter of the workers is kept for queries that are new; one that runs there for :data:`_RESERVED_SECONDS`
  while others wait is stopped and begins again later, when another worker is free.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import os
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from interkommunal.engine.answers import IncomingAnswer
from interkommunal.engine.ending import describe, error_of
from interkommunal.engine.frames import COMPLETE, CUT, ERROR, RECYCLE, REVOKE, unpack_error
from interkommunal.engine.interface import EngineOptions
from interkommunal.engine.jobs import Counters, Job
from interkommunal.engine.worker_connection import WorkerConnection
from interkommunal.engine.worker_set import WorkerSet
from interkommunal.errors import (
    EngineFailed,
    EngineUnavailable,
    QueryError,
    QueryFailed,
    QueryKilled,
    QueryTimeout,
    QueueFull,
)
from interkommunal.sparql.query import Form
from interkommunal.texts import Text

_log: Final = logging.getLogger(__name__)
_CORES: Final = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
_INTERACTIVE: Final = 2 * _CORES
#: How many workers are kept free.
_AHEAD: Final = _INTERACTIVE
_INTERACTIVE_SECONDS: Final = 0.05
_RESERVED_SECONDS: Final = 0.25
#: Orders that a worker has at most, and for how long it may have worked on one to get another one ahead.
_DEPTH: Final = 16
_FRESH_SECONDS: Final = 0.003
#: A query waits for its turn behind others rather than having another worker woken, if the wait is likely this short.
_SOON_SECONDS: Final = 0.002
# How much the last query counts in the mean that tells how long a query takes.
_NEWEST: Final = 1 / 16
#: How often orders that are ahead are looked at, and what a query in their way may have worked meanwhile.
_AHEAD_SECONDS: Final = 0.005
# Longer orders might not fit into the socket of a worker that is not reading.
_LONGEST_AHEAD: Final = 1 << 12
_NICENESS: Final = 10
#: How often running queries are looked at; a query ends at most so much after its deadline.
_TICK_SECONDS: Final = 0.02


@dataclass(slots=True)
class Pool:
    """Workers over one store.

    Args:
        options: how many, how long a queue.
        counters: where to count.
        on_loss: called when the zygote is gone, and with it all workers.
    """

    options: EngineOptions
    counters: Counters
    on_loss: Callable[[], None]
    jobs: dict[int, Job] = field(default_factory=dict)
    _idle: list[WorkerConnection] = field(default_factory=list)
    _waiting: deque[Job] = field(default_factory=deque)
    _preempted: deque[Job] = field(default_factory=deque)
    _federated: deque[Job] = field(default_factory=deque)
    _interactive: int = 0
    # Seconds that queries took lately, on the average; long ones, which are dealt with otherwise, count as a tick.
    _pace: float = _SOON_SECONDS
    _ticking: bool = False
    _looking_ahead: bool = False
    _draining: bool = False
    _closed: bool = False
    _loop: asyncio.AbstractEventLoop = field(init=False)
    _worker_set: WorkerSet = field(init=False)

    # Opening and closing.

    async def open(self, supervisor: Path, location: str) -> None:
        """Connect to the zygote of what is at ``location`` and wait until a worker is ready.

        Raises:
            ReleaseError: it cannot be opened, or the supervisor is gone.
        """
        self._loop = asyncio.get_running_loop()
        self._worker_set = WorkerSet(self.options, self.counters, self)
        try:
            await self._worker_set.open(supervisor, location)
            self._provide()
            await self._worker_set.first()
        except BaseException:
            self.close(EngineUnavailable("the engine did not start"))
            raise

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
        elif not self._waiting and not self._preempted:
            for worker in list(self._idle):
                self._dismiss(worker)

    def close(self, error: QueryError) -> None:
        """End all jobs with ``error`` and all workers."""
        self._closed = True
        for job in list(self.jobs.values()):
            self._end(job, error)
        for worker in list(self._worker_set.connections.values()):
            worker.kill()
            self._dismiss(worker)
        self._worker_set.close()

    @property
    def _computes(self) -> bool:
        """Whether workers use the CPU, and do not just wait for another endpoint."""
        return self.options.tier != "remote"

    @property
    def sizes(self) -> tuple[int, int, int, int]:
        """Workers alive, idle, running, and jobs waiting."""
        waiting = len(self._waiting) + len(self._preempted) + len(self._federated)
        return (
            len(self._worker_set.connections),
            len(self._idle),
            len(self._worker_set.connections) - len(self._idle),
            waiting + self._ahead,
        )

    @property
    def _ahead(self) -> int:
        """Jobs whose orders workers have ahead."""
        return sum(
            len(worker.pending) - worker.pending.count(None)
            for worker in self._worker_set.connections.values()
            if worker.pending
        )

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
        if not job.federated and not self._waiting:
            # The first is enough nearly always, and costs less.
            has_room = len(self.jobs) <= self.options.queue or self._ahead < self.options.queue
            if has_room and self._order_ahead(job, _SOON_SECONDS):
                return
            if self._idle and self._interactive < _INTERACTIVE:
                self._assign(self._idle.pop(), job)
                return
            if has_room and self._order_ahead(job):
                return
        queue = self._federated if job.federated else self._waiting
        ahead = 0 if job.federated else self._ahead
        if len(queue) + ahead >= self.options.queue:
            self._end(job, QueueFull("too many queries wait already; try again shortly", retry_after=1))
            return
        queue.append(job)
        self._dispatch()
        self._tick_later()

    def _order_ahead(self, job: Job, within: float = math.inf) -> bool:
        """Give the order to a worker that will soon be free, ``within`` so many seconds, if there is one."""
        if len(job.frame) > _LONGEST_AHEAD or not self._computes:
            return False
        now = time.monotonic()
        most = int(min(_DEPTH - 1, within / self._pace))
        for worker in self._worker_set.connections.values():
            head = worker.job
            if head is None or worker.network or worker.long_running or head.streaming or len(worker.pending) >= most:
                continue
            if now - head.started < _FRESH_SECONDS:
                worker.pending.append(job)
                job.worker = worker
                job.answer.pid = worker.pid
                worker.send(job.frame)
                self._look_ahead_later()
                return True
        return False

    def _look_ahead_later(self) -> None:
        if not self._looking_ahead:
            self._looking_ahead = True
            self._loop.call_later(_AHEAD_SECONDS, self._look_ahead)

    def _look_ahead(self) -> None:
        """Take orders back from workers whose query is not as short as most."""
        self._looking_ahead = False
        now = time.monotonic()
        for worker in self._worker_set.connections.values():
            if not worker.pending:
                continue
            if worker.worked() >= _AHEAD_SECONDS / 2 or now - worker.began >= _RESERVED_SECONDS:
                if self._revoke(worker):
                    worker.send(REVOKE)
            else:
                self._look_ahead_later()
        if self._waiting:
            self._dispatch()
            self._tick_later()

    def _dispatch(self) -> None:
        """Give free workers to waiting jobs, and ask for workers that are missing."""
        while self._waiting and self._idle and self._interactive < _INTERACTIVE:
            self._assign(self._idle.pop(), self._waiting.popleft())
        while self._waiting and self._order_ahead(self._waiting[0]):
            self._waiting.popleft()
        while self._preempted and self._idle and not self._waiting and self._unreserved > 0:
            self._assign(self._idle.pop(), self._preempted.popleft())
        if len(self._idle) < _AHEAD or self._federated:
            self._provide()

    @property
    def _unreserved(self) -> int:
        """How many more jobs can run before those workers are used that are kept for short queries."""
        workers = self.options.workers
        return workers - workers // 4 - (len(self._worker_set.connections) - len(self._idle))

    def _assign(self, worker: WorkerConnection, job: Job) -> None:
        worker.job = job
        worker.busy = True
        worker.reserved = not job.federated and self._unreserved < 0
        job.worker = worker
        job.answer.pid = worker.pid
        job.started = worker.began = time.monotonic()
        if not worker.network:
            self._interactive += 1
        worker.send(job.frame)
        if not self._ticking:
            self._tick_later()

    def _end(self, job: Job, error: QueryError | None) -> None:
        """A job is over: well, with an error, or (``None``, its worker still at work) given up."""
        if self.jobs.pop(job.id, None) is None:
            return
        worker = job.worker
        if worker is None:
            for queue in (self._waiting, self._preempted, self._federated):
                with contextlib.suppress(ValueError):
                    queue.remove(job)
        elif worker.job is job:
            worker.kill()
            self._dismiss(worker)
        elif job in worker.pending:
            worker.pending[worker.pending.index(job)] = None
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
            worker.resume()

    # Workers.

    def _provide(self) -> None:
        """Ask the zygote for workers: a few ahead, and one for each job that waits for want of one."""
        if not self._closed:
            ahead = len(self._waiting) + len(self._preempted) if self._draining else _AHEAD
            self._worker_set.provide(ahead - len(self._idle), len(self._federated))

    def worker_came(self, worker: WorkerConnection) -> None:
        """A new worker is ready."""
        if not worker.network:
            self._idle.append(worker)
            self._dispatch()
        elif self._federated:
            self._assign(worker, self._federated.popleft())
        else:
            self._dismiss(worker)

    def _dismiss(self, worker: WorkerConnection) -> None:
        """Let go of a worker. If it is idle it ends by itself, else it must have been killed."""
        if not self._worker_set.remove(worker):
            return
        self._free(worker)
        if worker.pending:
            worker.kill()  # it may have ended its job, and would go on with these
            self._revoke(worker)
        if worker in self._idle:
            self._idle.remove(worker)
        worker.close()

    def _free(self, worker: WorkerConnection) -> None:
        """The worker has no job any more."""
        worker.job = None
        if worker.busy:
            worker.busy = False
            if not worker.long_running and not worker.network:
                self._interactive -= 1

    def _revoke(self, worker: WorkerConnection) -> bool:
        """Orders that a worker has ahead are for others now; returns whether there were any."""
        jobs = [job for job in worker.pending if job is not None]
        if not jobs:
            return False
        worker.pending = deque([None] * len(worker.pending))
        for job in reversed(jobs):
            job.worker = None
            self._waiting.appendleft(job)
        return True

    def disconnected(self, worker: WorkerConnection) -> None:
        """A worker's socket has closed."""
        self._worker_set.hear_end(worker)

    def worker_ended(self, worker: WorkerConnection) -> None:
        """A worker has ended before it was let go of."""
        self.counters.lost += 1
        job, status = worker.job, worker.status or 0
        self._dismiss(worker)
        if job is not None:
            job.worker = None
            error = error_of(status, worker.words, job.query, job.seconds)
            if isinstance(error, EngineFailed):
                _log.error("worker %d ended with %s: %s", worker.pid, describe(status), worker.words or "no word")
            self._end(job, error)
        self._dispatch()

    def workers_lost(self) -> None:
        """The zygote is gone, and its workers with it."""
        if not self._closed:
            self.close(EngineUnavailable("the store is being loaded again", retry_after=2))
            self.on_loss()

    # What workers write.

    def streams(self, worker: WorkerConnection, chunk: bytes) -> None:
        """A piece of a stream has come."""
        job = worker.job
        if job is None:
            return
        if not job.streaming:
            job.streaming = True
            if not job.first.done():
                job.first.set_result(None)
        if job.answer.put(chunk) and worker.status is None:
            worker.pause()
            job.paused = job.paused or time.monotonic()

    def completed(self, worker: WorkerConnection, kind: int, payload: bytes, rows: int | None, flags: int) -> None:
        """The last frame of an answer has come."""
        job = worker.job
        now = time.monotonic()
        if job is not None:  # what was taken back takes no time
            self._pace += (min(now - worker.began, _TICK_SECONDS) - self._pace) * _NEWEST
        self._release(worker, flags, now)
        if job is None:
            return
        if kind == ERROR:
            error = unpack_error(payload)
            self._end(job, job.reword(error) if job.reword else error)
            return
        self.counters.answered += 1
        self.jobs.pop(job.id, None)
        if kind == COMPLETE:
            job.answer.complete(payload, rows, cut=bool(flags & CUT))
            if not job.first.done():
                job.first.set_result(None)
        else:
            job.answer.finish(rows, cut=bool(flags & CUT))
        if self._draining:
            self._thin_out()

    def _release(self, worker: WorkerConnection, flags: int, now: float) -> None:
        """A worker has done its job: it gets the next one, or goes if it is recycle."""
        # Only the superuser can raise a priority again, so a worker whose priority was lowered is replaced.
        recycle = worker.network or flags & RECYCLE or self._closed or worker.lowered
        worker.resume()  # the reader of a stream may be behind yet
        if worker.pending and not recycle:
            following = worker.pending.popleft()
            worker.job = following
            worker.began = now
            if following is not None:
                following.started = worker.began
            if self._waiting:
                self._dispatch()
            return
        self._free(worker)
        if recycle:
            self._dismiss(worker)
        else:
            worker.reserved = worker.long_running = False
            self._idle.append(worker)
        if recycle or self._waiting or self._preempted or self._federated:
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
        for worker in list(self._worker_set.connections.values()):
            if worker.job is not None:
                self._watch(worker, worker.job, now)
            elif worker.busy and worker.worked() >= _INTERACTIVE_SECONDS:
                worker.kill()
                self._dismiss(worker)
        ahead = [job for worker in self._worker_set.connections.values() for job in worker.pending if job is not None]
        for job in [*ahead, *self._waiting, *self._preempted, *self._federated]:
            if now >= job.deadline:
                text = f"no worker was free within {job.seconds:g} s; try again later"
                self._end(job, QueueFull(text, retry_after=5))
        if self._waiting and not self._idle:
            self._preempt(now)
        self._dispatch()
        # A worker may be busy with an order that nobody waits for any more.
        if self.jobs or any(worker.busy for worker in self._worker_set.connections.values()):
            self._tick_later()

    def _watch(self, worker: WorkerConnection, job: Job, now: float) -> None:
        if job.paused:
            if now - job.paused >= self.options.stall_seconds:
                seconds = f"{self.options.stall_seconds:g}"
                text = Text("nobody read the answer for {seconds} s", seconds=seconds)
                self._end(job, QueryFailed(text))
        elif now >= job.deadline:
            self._end(job, QueryTimeout(f"the query ran longer than {job.seconds:g} s", job.seconds))
        elif not worker.long_running and not worker.network and now - job.started >= _INTERACTIVE_SECONDS:
            worker.long_running = True
            self._interactive -= 1
        elif (
            worker.long_running
            and not worker.lowered
            and self._computes
            and worker.worked() >= _INTERACTIVE_SECONDS / 2
        ):
            worker.lowered = True
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, worker.pid, _NICENESS)

    def _preempt(self, now: float) -> None:
        """Stop the longest query that runs on a worker kept for short ones, and put it back."""
        if not self._worker_set.is_full:
            return
        candidates = [
            (worker.job.started, worker)
            for worker in self._worker_set.connections.values()
            if worker.reserved
            and worker.job is not None
            and not worker.job.streaming
            and now - worker.job.started >= _RESERVED_SECONDS
        ]
        if not candidates:
            return
        _, worker = min(candidates, key=lambda candidate: candidate[0])
        job = worker.job
        worker.kill()
        self._dismiss(worker)
        if job is not None:
            job.worker = None
            job.preempted = True
            self._preempted.append(job)
