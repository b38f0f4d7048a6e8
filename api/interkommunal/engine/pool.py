"""The workers of one front process over one store, and who gets one when.

In: jobs. Out: their answers, in time or not at all. Workers are forked ahead by the holder; one that exceeds a limit,
or whose caller is gone, is killed and replaced. Short queries stay fast whatever else runs:

- only :data:`_YOUNG` queries run at the same time at first; one that runs longer than
  :data:`_YOUNG_SECONDS` lets the next one in, and gets a low CPU priority if it used the CPU meanwhile,
- a worker that has just begun with a query gets the next orders ahead (:data:`_DEPTH`). As long as queries are so short
  that its turn comes soon (:data:`_SOON_SECONDS`), this is done before another worker is woken, which costs as much as
  a short query; else only where no other is free. If a query is not that short, those behind it are taken back,
- the last quarter of the workers is kept for queries that are new; one that runs there for :data:`_EXPRESS_SECONDS`
  while others wait is stopped and begins again later, when another worker is free.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import signal
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from interkommunal.engine.answers import IncomingAnswer
from interkommunal.engine.crew import Crew
from interkommunal.engine.frames import COMPLETE, CUT, ERROR, TAKE_BACK, WORN, unpack_error
from interkommunal.engine.interface import EngineOptions
from interkommunal.engine.jobs import Counters, Job
from interkommunal.engine.links import Link
from interkommunal.errors import (
    EngineUnavailable,
    QueryError,
    QueryFailed,
    QueryKilled,
    QueryTimeout,
    QueryTooLarge,
    QueueFull,
)
from interkommunal.sparql.query import Form

_CORES: Final = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
_YOUNG: Final = 2 * _CORES
#: How many workers are kept free.
_AHEAD: Final = _YOUNG
_YOUNG_SECONDS: Final = 0.05
_EXPRESS_SECONDS: Final = 0.25
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
        on_loss: called when the holder is gone, and with it all workers.
    """

    options: EngineOptions
    counters: Counters
    on_loss: Callable[[], None]
    jobs: dict[int, Job] = field(default_factory=dict)
    _idle: list[Link] = field(default_factory=list)
    _waiting: deque[Job] = field(default_factory=deque)
    _heavy: deque[Job] = field(default_factory=deque)
    _federated: deque[Job] = field(default_factory=deque)
    _young: int = 0
    # Seconds that queries took lately, on the average; long ones, which are dealt with otherwise, count as a tick.
    _pace: float = _SOON_SECONDS
    _ticking: bool = False
    _looking_ahead: bool = False
    _draining: bool = False
    _closed: bool = False
    _loop: asyncio.AbstractEventLoop = field(init=False)
    _crew: Crew = field(init=False)

    # Opening and closing.

    async def open(self, keeper: Path, location: str) -> None:
        """Connect to the holder of what is at ``location`` and wait until a worker is ready.

        Raises:
            ReleaseError: it cannot be opened, or the keeper is gone.
        """
        self._loop = asyncio.get_running_loop()
        self._crew = Crew(self.options, self.counters, self)
        try:
            await self._crew.open(keeper, location)
            self._provide()
            await self._crew.first()
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
        elif not self._waiting and not self._heavy:
            for link in list(self._idle):
                self._dismiss(link)

    def close(self, error: QueryError) -> None:
        """End all jobs with ``error`` and all workers."""
        self._closed = True
        for job in list(self.jobs.values()):
            self._end(job, error)
        for link in list(self._crew.links.values()):
            link.kill()
            self._dismiss(link)
        self._crew.close()

    @property
    def _computes(self) -> bool:
        """Whether workers use the CPU, and do not just wait for another endpoint."""
        return self.options.tier != "remote"

    @property
    def sizes(self) -> tuple[int, int, int, int]:
        """Workers alive, idle, running, and jobs waiting."""
        waiting = len(self._waiting) + len(self._heavy) + len(self._federated)
        return len(self._crew.links), len(self._idle), len(self._crew.links) - len(self._idle), waiting + self._ahead

    @property
    def _ahead(self) -> int:
        """Jobs whose orders workers have ahead."""
        return sum(len(link.pending) - link.pending.count(None) for link in self._crew.links.values() if link.pending)

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
            if self._idle and self._young < _YOUNG:
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
        for link in self._crew.links.values():
            head = link.job
            if head is None or link.network or link.old or head.streaming or len(link.pending) >= most:
                continue
            if now - head.started < _FRESH_SECONDS:
                link.pending.append(job)
                job.link = link
                job.answer.pid = link.pid
                link.send(job.frame)
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
        for link in self._crew.links.values():
            if not link.pending:
                continue
            if link.worked() >= _AHEAD_SECONDS / 2 or now - link.began >= _EXPRESS_SECONDS:
                if self._take_back(link):
                    link.send(TAKE_BACK)
            else:
                self._look_ahead_later()
        if self._waiting:
            self._dispatch()
            self._tick_later()

    def _dispatch(self) -> None:
        """Give free workers to waiting jobs, and ask for workers that are missing."""
        while self._waiting and self._idle and self._young < _YOUNG:
            self._assign(self._idle.pop(), self._waiting.popleft())
        while self._waiting and self._order_ahead(self._waiting[0]):
            self._waiting.popleft()
        while self._heavy and self._idle and not self._waiting and self._unreserved > 0:
            self._assign(self._idle.pop(), self._heavy.popleft())
        if len(self._idle) < _AHEAD or self._federated:
            self._provide()

    @property
    def _unreserved(self) -> int:
        """How many more jobs can run before those workers are used that are kept for short queries."""
        workers = self.options.workers
        return workers - workers // 4 - (len(self._crew.links) - len(self._idle))

    def _assign(self, link: Link, job: Job) -> None:
        link.job = job
        link.busy = True
        link.express = not job.federated and self._unreserved < 0
        job.link = link
        job.answer.pid = link.pid
        job.started = link.began = time.monotonic()
        if not link.network:
            self._young += 1
        link.send(job.frame)
        if not self._ticking:
            self._tick_later()

    def _end(self, job: Job, error: QueryError | None) -> None:
        """A job is over: well, with an error, or (``None``, its worker still at work) given up."""
        if self.jobs.pop(job.id, None) is None:
            return
        link = job.link
        if link is None:
            for queue in (self._waiting, self._heavy, self._federated):
                with contextlib.suppress(ValueError):
                    queue.remove(job)
        elif link.job is job:
            link.kill()
            self._dismiss(link)
        elif job in link.pending:
            link.pending[link.pending.index(job)] = None
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
        link = job.link
        if job.paused and link is not None and link.job is job:
            job.deadline += time.monotonic() - job.paused
            job.paused = 0.0
            link.resume()

    # Workers.

    def _provide(self) -> None:
        """Ask the holder for workers: a few ahead, and one for each job that waits for want of one."""
        if not self._closed:
            ahead = len(self._waiting) + len(self._heavy) if self._draining else _AHEAD
            self._crew.provide(ahead - len(self._idle), len(self._federated))

    def worker_came(self, link: Link) -> None:
        """A new worker is ready."""
        if not link.network:
            self._idle.append(link)
            self._dispatch()
        elif self._federated:
            self._assign(link, self._federated.popleft())
        else:
            self._dismiss(link)

    def _dismiss(self, link: Link) -> None:
        """Let go of a worker. If it is idle it ends by itself, else it must have been killed."""
        if not self._crew.remove(link):
            return
        self._free(link)
        if link.pending:
            link.kill()  # it may have ended its job, and would go on with these
            self._take_back(link)
        if link in self._idle:
            self._idle.remove(link)
        link.close()

    def _free(self, link: Link) -> None:
        """The worker has no job any more."""
        link.job = None
        if link.busy:
            link.busy = False
            if not link.old and not link.network:
                self._young -= 1

    def _take_back(self, link: Link) -> bool:
        """Orders that a worker has ahead are for others now; returns whether there were any."""
        jobs = [job for job in link.pending if job is not None]
        if not jobs:
            return False
        link.pending = deque([None] * len(link.pending))
        for job in reversed(jobs):
            job.link = None
            self._waiting.appendleft(job)
        return True

    def link_lost(self, link: Link) -> None:
        """A worker's socket has closed."""
        self._crew.hear_end(link)

    def worker_ended(self, link: Link) -> None:
        """A worker has ended before it was let go of."""
        self.counters.lost += 1
        job, status = link.job, link.status or 0
        self._dismiss(link)
        if job is not None:
            job.link = None
            self._end(job, _verdict(status, job))
        self._dispatch()

    def workers_lost(self) -> None:
        """The holder is gone, and its workers with it."""
        if not self._closed:
            self.close(EngineUnavailable("the store is being loaded again", retry_after=2))
            self.on_loss()

    # What workers write.

    def link_streams(self, link: Link, chunk: bytes) -> None:
        """A piece of a stream has come."""
        job = link.job
        if job is None:
            return
        if not job.streaming:
            job.streaming = True
            if not job.first.done():
                job.first.set_result(None)
        if job.answer.put(chunk) and link.status is None:
            link.pause()
            job.paused = job.paused or time.monotonic()

    def link_completed(self, link: Link, kind: int, payload: bytes, rows: int | None, flags: int) -> None:
        """The last frame of an answer has come."""
        job = link.job
        now = time.monotonic()
        if job is not None:  # what was taken back takes no time
            self._pace += (min(now - link.began, _TICK_SECONDS) - self._pace) * _NEWEST
        self._release(link, flags, now)
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

    def _release(self, link: Link, flags: int, now: float) -> None:
        """A worker has done its job: it gets the next one, or goes if it is worn."""
        # Only the superuser can raise a priority again, so a worker whose priority was lowered is replaced.
        worn = link.network or flags & WORN or self._closed or link.nice
        link.resume()  # the reader of a stream may be behind yet
        if link.pending and not worn:
            following = link.pending.popleft()
            link.job = following
            link.began = now
            if following is not None:
                following.started = link.began
            if self._waiting:
                self._dispatch()
            return
        self._free(link)
        if worn:
            self._dismiss(link)
        else:
            link.express = link.old = False
            self._idle.append(link)
        if worn or self._waiting or self._heavy or self._federated:
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
        for link in list(self._crew.links.values()):
            if link.job is not None:
                self._watch(link, link.job, now)
            elif link.busy and link.worked() >= _YOUNG_SECONDS:
                link.kill()
                self._dismiss(link)
        ahead = [job for link in self._crew.links.values() for job in link.pending if job is not None]
        for job in [*ahead, *self._waiting, *self._heavy, *self._federated]:
            if now >= job.deadline:
                text = f"no worker was free within {job.seconds:g} s; try again later"
                self._end(job, QueueFull(text, retry_after=5))
        if self._waiting and not self._idle:
            self._preempt(now)
        self._dispatch()
        # A worker may be busy with an order that nobody waits for any more.
        if self.jobs or any(link.busy for link in self._crew.links.values()):
            self._tick_later()

    def _watch(self, link: Link, job: Job, now: float) -> None:
        if job.paused:
            if now - job.paused >= self.options.stall_seconds:
                text = f"nobody read the answer for {self.options.stall_seconds:g} s"
                self._end(job, QueryFailed(text))
        elif now >= job.deadline:
            self._end(job, QueryTimeout(f"the query ran longer than {job.seconds:g} s", job.seconds))
        elif not link.old and not link.network and now - job.started >= _YOUNG_SECONDS:
            link.old = True
            self._young -= 1
        elif link.old and not link.nice and self._computes and link.worked() >= _YOUNG_SECONDS / 2:
            link.nice = True
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, link.pid, _NICENESS)

    def _preempt(self, now: float) -> None:
        """Stop the longest query that runs on a worker kept for short ones, and put it back."""
        if not self._crew.is_full:
            return
        candidates = [
            (link.job.started, link)
            for link in self._crew.links.values()
            if link.express
            and link.job is not None
            and not link.job.streaming
            and now - link.job.started >= _EXPRESS_SECONDS
        ]
        if not candidates:
            return
        _, link = min(candidates, key=lambda candidate: candidate[0])
        job = link.job
        link.kill()
        self._dismiss(link)
        if job is not None:
            job.link = None
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
