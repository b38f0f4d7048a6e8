"""The workers of one front process over one store: carries out what the scheduler decides.

In: queries. Out: their answers, in time or not at all. Worker processes are forked ahead by the zygote; one that
exceeds a limit, or whose caller is gone, is killed and replaced. Who works on what ``scheduler`` decides; here are the
event loop, the connections to workers, and the answers.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import os
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from interkommunal.engine.ending import describe, error_of
from interkommunal.engine.frames import COMPLETE, CUT, ERROR, RECYCLE, REVOKE, unpack_error
from interkommunal.engine.interface import EngineOptions
from interkommunal.engine.scheduler import Decision, Fail, Fork, Job, LetGo, Lower, Revoke, Run, Scheduler
from interkommunal.engine.worker_set import WorkerConnection, WorkerSet
from interkommunal.errors import (
    EngineFailed,
    EngineUnavailable,
    QueryError,
    QueryKilled,
    QueryTimeout,
    QueryTooLarge,
    QueueFull,
)
from interkommunal.sparql.query import Form

# A stream stops taking from its source when so many bytes wait for the reader, and goes on when few are left.
_HIGH_WATER: Final = 1 << 19
_LOW_WATER: Final = 1 << 17


class Origin(Protocol):
    """Where an answer comes from."""

    def abandon(self) -> None:
        """The caller gives the answer up before its end."""

    def resume(self) -> None:
        """The reader has caught up after :meth:`IncomingAnswer.put` asked to pause."""


class IncomingAnswer:
    """An answer that its origin completes or feeds.

    Args:
        form: query form.
        media_type: format.
        origin: where it comes from. Let go of when the answer has ended.
    """

    __slots__ = (
        "_began",
        "_buffered",
        "_chunks",
        "_ended",
        "_error",
        "_origin",
        "_seconds",
        "_waiter",
        "body",
        "cut",
        "form",
        "media_type",
        "pid",
        "rows",
        "size",
    )

    def __init__(self, form: Form, media_type: str, origin: Origin) -> None:
        self.form = form
        self.media_type = media_type
        self.body: bytes | None = None
        self.rows: int | None = None
        self.size = 0
        self.cut = False
        self.pid: int | None = None
        self._origin: Origin | None = origin
        self._began = time.monotonic()
        self._seconds: float | None = None
        self._chunks: deque[bytes] | None = None
        self._buffered = 0
        self._ended = False
        self._error: QueryError | None = None
        self._waiter: asyncio.Future[None] | None = None

    @property
    def seconds(self) -> float:
        """Time from the request to now, or to the end."""
        return time.monotonic() - self._began if self._seconds is None else self._seconds

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self._ended

    def complete(self, body: bytes, rows: int | None, *, cut: bool) -> None:
        """The whole answer is there."""
        self.body = body
        self.size = len(body)
        self.rows = rows
        self.cut = cut
        self._end()

    def put(self, chunk: bytes) -> bool:
        """Append to a stream. Returns whether the source should pause until ``resume`` is called."""
        if self._chunks is None:
            self._chunks = deque()
        self._chunks.append(chunk)
        self._buffered += len(chunk)
        self.size += len(chunk)
        self._wake()
        return self._buffered > _HIGH_WATER

    def finish(self, rows: int | None, *, cut: bool) -> None:
        """The stream has ended well."""
        self.rows = rows
        self.cut = cut
        self._end()

    def fail(self, error: QueryError) -> None:
        """The stream has failed; its reader gets ``error``."""
        if not self._ended:
            self._error = error
            self._end()

    async def chunks(self) -> AsyncIterator[bytes]:
        """The answer in pieces; raises the error with which the stream failed."""
        if self.body is not None:
            yield self.body
            return
        try:
            while True:
                while self._chunks and self._error is None:
                    chunk = self._chunks.popleft()
                    before = self._buffered
                    self._buffered -= len(chunk)
                    if self._origin is not None and before > _LOW_WATER >= self._buffered:
                        self._origin.resume()
                    yield chunk
                if self._error is not None:
                    raise self._error
                if self._ended:
                    return
                self._waiter = asyncio.get_running_loop().create_future()
                await self._waiter
        finally:
            self._give_up()

    async def aclose(self) -> None:
        """Give up: the work stops at once."""
        self._give_up()

    def _give_up(self) -> None:
        origin = self._origin
        if not self._ended and origin is not None:
            self._end()
            origin.abandon()

    def _end(self) -> None:
        self._ended = True
        self._origin = None
        self._seconds = time.monotonic() - self._began
        self._wake()

    def _wake(self) -> None:
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_result(None)


_log: Final = logging.getLogger(__name__)
_CORES: Final = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
#: Of long queries. Short ones beside them take no longer than at 15, and these get on faster.
NICENESS: Final = 10


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


@dataclass(slots=True)
class PooledQuery:
    """A query in a pool, and where its answer comes from (see ``answers.Origin``).

    Attributes:
        job: what the scheduler knows of it.
        query: the SPARQL text, for people. frame: the order as a worker reads it.
        reword: what an error of it becomes.
        first: done when the answer is complete or begins to stream.
    """

    job: Job
    query: str
    frame: bytes
    reword: Callable[[QueryError], QueryError] | None = None
    answer: IncomingAnswer = field(init=False)
    first: asyncio.Future[None] = field(init=False)
    _pool: Pool = field(init=False)

    def join(self, pool: Pool, form: Form, media_type: str) -> None:
        """Be answered by ``pool``."""
        self._pool = pool
        self.first = asyncio.get_running_loop().create_future()
        self.answer = IncomingAnswer(form, media_type, self)

    def begin(self) -> None:
        """The answer is complete or begins to stream."""
        if not self.first.done():
            self.first.set_result(None)

    def fail(self, error: QueryError) -> None:
        """There is no answer, or no end of it."""
        self.answer.fail(error)
        if not self.first.done():
            self.first.set_exception(error)

    def abandon(self) -> None:
        """The caller is gone."""
        self._pool.abandon(self)

    def resume(self) -> None:
        """The reader of a stream has caught up."""
        self._pool.resume(self)


class Pool:
    """Workers over one store.

    Args:
        options: how many, how long a queue.
        counters: where to count.
        on_loss: called when the zygote is gone, and with it all workers.
    """

    def __init__(self, options: EngineOptions, counters: Counters, on_loss: Callable[[], None]) -> None:
        #: Queries that are not answered yet, by their handles.
        self.queries: dict[int, PooledQuery] = {}
        self._counters = counters
        self._on_loss = on_loss
        self._closed = False
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._workers = WorkerSet(self)
        self._scheduler = Scheduler(
            options.workers,
            options.queue,
            _CORES,
            computes=options.tier != "remote",
            stall_seconds=options.stall_seconds,
        )

    # Opening and closing.

    async def open(self, supervisor: Path, tier: str, location: str) -> None:
        """Connect to the zygote of what is at ``location`` and wait until a worker is ready.

        Raises:
            ReleaseError: it cannot be opened, or the supervisor is gone.
        """
        try:
            await self._workers.open(supervisor, tier, location)
            self._carry_out(self._scheduler.start())
            await self._workers.first()
        except BaseException:
            self.close(EngineUnavailable("the engine did not start"))
            raise

    def drain(self) -> None:
        """Take no more queries; close when the last one has ended."""
        self._carry_out(self._scheduler.drain())

    def close(self, error: QueryError) -> None:
        """End all queries with ``error``, and all workers."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        for query in list(self.queries.values()):
            self._fail(query, error)
        self._workers.close()

    @property
    def sizes(self) -> tuple[int, int, int, int]:
        """Workers alive, idle, running, and queries waiting."""
        return (0, 0, 0, 0) if self._closed else self._scheduler.sizes

    # Queries.

    async def run(self, query: PooledQuery, form: Form, media_type: str) -> IncomingAnswer:
        """Have ``query`` answered; returns when the answer is complete or begins to stream.

        Raises:
            QueryError: it is not answered.
        """
        if self._closed or self._scheduler.draining:
            raise EngineUnavailable("the engine is closing")
        query.join(self, form, media_type)
        self.queries[query.job.id] = query
        self._carry_out(self._scheduler.submit(query.job, time.monotonic()))
        try:
            await query.first
        except asyncio.CancelledError:
            self.abandon(query)
            raise
        return query.answer

    def kill(self, number: int) -> bool:
        """End a query for an administrator."""
        query = self.queries.get(number)
        if query is None:
            return False
        self._fail(query, QueryKilled("the query was ended by an administrator"))
        self._carry_out(self._scheduler.end(query.job, time.monotonic()))
        return True

    def abandon(self, query: PooledQuery) -> None:
        """The caller is gone."""
        if self.queries.pop(query.job.id, None) is not None:
            self._counters.abandoned += 1
            self._carry_out(self._scheduler.end(query.job, time.monotonic()))

    def resume(self, query: PooledQuery) -> None:
        """The reader of a stream has caught up."""
        worker = query.job.worker
        if query.job.paused and worker is not None and worker.job is query.job:
            self._scheduler.resume(query.job, time.monotonic())
            self._workers.connections[worker.pid].resume()

    def _fail(self, query: PooledQuery, error: QueryError) -> None:
        if self.queries.pop(query.job.id, None) is not None:
            self._counters.count(error)
            query.fail(error)

    # Decisions.

    def _carry_out(self, decisions: list[Decision]) -> None:
        if self._closed:
            return
        connections = self._workers.connections
        for decision in decisions:
            match decision:
                case Run(worker, job):
                    query = self.queries[job.id]
                    query.answer.pid = worker.pid
                    connections[worker.pid].send(query.frame)
                case Revoke(worker):
                    connections[worker.pid].send(REVOKE)
                case Lower(worker):
                    with contextlib.suppress(OSError):
                        os.setpriority(os.PRIO_PROCESS, worker.pid, NICENESS)
                case LetGo(worker, kill):
                    self._workers.let_go(worker.pid, kill=kill)
                case Fork(number, network):
                    self._workers.fork(number, network=network)
                case Fail(job, error):
                    if job.id in self.queries:
                        self._fail(self.queries[job.id], error)
        if self._scheduler.draining and not self.queries:
            self.close(EngineUnavailable("the engine is closing"))
        elif self._scheduler.timer != math.inf and self._timer is None:
            self._timer = self._loop.call_at(self._scheduler.timer, self._time_passed)

    def _time_passed(self) -> None:
        self._timer = None
        self._carry_out(self._scheduler.time_passed(time.monotonic(), self._workers.cpu_seconds))

    # What workers do; see ``worker_set.WorkerCallbacks``.

    def worker_came(self, connection: WorkerConnection) -> None:
        """A new worker is ready."""
        self._counters.started += 1
        now = time.monotonic()
        self._carry_out(self._scheduler.worker_ready(connection.pid, now, network=connection.network))

    def worker_ended(self, connection: WorkerConnection, status: int, words: str) -> None:
        """A worker has ended before it was let go of."""
        self._counters.lost += 1
        job = self._scheduler.workers[connection.pid].job
        error: QueryError = EngineFailed("the process ended while it had nothing to do")
        if job is not None:
            error = error_of(status, words, self.queries[job.id].query, job.seconds)
        if isinstance(error, EngineFailed):
            _log.error("worker %d ended with %s: %s", connection.pid, describe(status), words or "no word")
        self._carry_out(self._scheduler.worker_ended(connection.pid, error, time.monotonic()))

    def workers_lost(self) -> None:
        """The zygote is gone, and its workers with it."""
        if not self._closed:
            self.close(EngineUnavailable("the store is being loaded again", retry_after=2))
            self._on_loss()

    def streams(self, connection: WorkerConnection, chunk: bytes) -> None:
        """A piece of a stream has come."""
        job = self._scheduler.workers[connection.pid].job
        query = None if job is None else self.queries.get(job.id)
        if job is None or query is None:
            return
        job.streaming = True
        query.begin()
        if query.answer.put(chunk) and connection.pause():
            self._scheduler.pause(job, time.monotonic())

    def completed(self, connection: WorkerConnection, kind: int, payload: bytes, rows: int | None, flags: int) -> None:
        """The last frame of an answer has come."""
        job = self._scheduler.workers[connection.pid].job
        query = None if job is None else self.queries.get(job.id)
        connection.resume()  # the reader of a stream may be behind yet
        if query is not None:
            if kind == ERROR:
                error = unpack_error(payload)
                self._fail(query, query.reword(error) if query.reword else error)
            else:
                self._counters.answered += 1
                del self.queries[query.job.id]
                if kind == COMPLETE:
                    query.answer.complete(payload, rows, cut=bool(flags & CUT))
                    query.begin()
                else:
                    query.answer.finish(rows, cut=bool(flags & CUT))
        recycle = bool(flags & RECYCLE)
        self._carry_out(self._scheduler.finished(connection.pid, time.monotonic(), recycle=recycle))
