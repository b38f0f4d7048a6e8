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
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from interkommunal.engine.messages import COMPLETE, CUT, ERROR, RECYCLE, REVOKE, describe, error_of, unpack_error
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
#: Of long queries. Short ones beside them take no longer than at 15, and these get on faster.
NICENESS: Final = 10

_log: Final = logging.getLogger(__name__)


@dataclass(slots=True)
class Status:
    """Counters and gauges for metrics; counters only grow in the life of one engine, whose pools share them.

    Attributes:
        release: what is being served (identifier of the release, folder name or endpoint IRI).
        workers: processes alive. idle: of these, free ones. running: queries being worked on. waiting: in the queue.
        answered: answers that ended well. timeouts, too_large, refused_busy, abandoned, failed, killed: queries that
            ended otherwise (deadline, a limit, queue full, caller gone, anything else, by an administrator).
        started: worker processes ever started. lost: of these, ended by anything but our order.
    """

    release: str = ""
    workers: int = 0
    idle: int = 0
    running: int = 0
    waiting: int = 0
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
        match error:
            case QueryTimeout():
                self.timeouts += 1
            case QueryTooLarge():
                self.too_large += 1
            case QueueFull():
                self.refused_busy += 1
            case QueryKilled():
                self.killed += 1
            case _:
                self.failed += 1


class Answer:
    """The answer to one query, which a pool completes or feeds.

    Exactly one way is open: ``body`` holds everything, or ``body`` is ``None`` and :meth:`chunks` yields it. A caller
    of a streamed answer must either read it to the end or call :meth:`aclose`, which frees the worker at once.

    Args:
        pool: whose workers answer it.
        job: what the scheduler knows of the query.
        query: the SPARQL text, for people.
        form: the query form. media_type: as requested, without parameters.
        frame: the task as a worker reads it.
        reword: what an error of the query becomes.

    Attributes:
        body: the complete answer, at most about 1 MiB, or ``None`` if it is streamed.
        rows: rows or triples; 1 for ASK. ``None`` before the end of a stream.
        size: bytes so far.
        cut: whether rows were left out as ``Limits.partial`` allows. Of a stream it is known after the end.
        first: done when the answer is complete or begins to stream.
    """

    def __init__(
        self,
        pool: Pool,
        job: Job,
        query: str,
        form: Form,
        media_type: str,
        frame: bytes,
        reword: Callable[[QueryError], QueryError] | None = None,
    ) -> None:
        self.job = job
        self.query = query
        self.form = form
        self.media_type = media_type
        self.frame = frame
        self.body: bytes | None = None
        self.rows: int | None = None
        self.size = 0
        self.cut = False
        self.first = asyncio.get_running_loop().create_future()
        self._pool = pool
        self._reword = reword
        self._ended_at = 0.0
        self._chunks: deque[bytes] = deque()
        self._buffered = 0
        self._error: QueryError | None = None
        self._waiter: asyncio.Future[None] | None = None

    @property
    def seconds(self) -> float:
        """Time from the request to now, or to the end."""
        return (self._ended_at or time.monotonic()) - self.job.arrived

    @property
    def pid(self) -> int | None:
        """The process that works on it, ``None`` while it waits in the queue."""
        return self.job.worker.pid if self.job.worker else None

    def complete(self, body: bytes | None, rows: int | None, *, cut: bool) -> None:
        """The whole answer is there; ``None`` is the good end of a stream."""
        if body is not None:
            self.body = body
            self.size = len(body)
        self.rows = rows
        self.cut = cut
        self._end()
        self._begin()

    def put(self, chunk: bytes) -> bool:
        """Append to a stream. Returns whether the source should pause until the reader has caught up."""
        self._chunks.append(chunk)
        self._buffered += len(chunk)
        self.size += len(chunk)
        self._begin()
        self._wake()
        return self._buffered > _HIGH_WATER

    def fail(self, error: QueryError) -> None:
        """There is no answer, or no end of it."""
        if self._reword is not None:
            error = self._reword(error)
        if not self._ended_at:
            self._error = error
            self._end()
        if not self.first.done():
            self.first.set_exception(error)

    async def chunks(self) -> AsyncIterator[bytes]:
        """The answer in pieces, to be iterated once; the one piece of a complete answer too.

        Raises:
            QueryError: from the iteration if the query fails after the first byte. What was yielded is then not an
                answer; the caller must make its own recipient notice.
        """
        if self.body is not None:
            yield self.body
            return
        try:
            while True:
                while self._chunks and self._error is None:
                    chunk = self._chunks.popleft()
                    before = self._buffered
                    self._buffered -= len(chunk)
                    if not self._ended_at and before > _LOW_WATER >= self._buffered:
                        self._pool.resume(self)
                    yield chunk
                if self._error is not None:
                    raise self._error
                if self._ended_at:
                    return
                self._waiter = asyncio.get_running_loop().create_future()
                await self._waiter
        finally:
            await self.aclose()

    async def whole(self) -> bytes:
        """The complete answer, also if it is streamed; raises as :meth:`chunks` does."""
        return self.body if self.body is not None else b"".join([chunk async for chunk in self.chunks()])

    async def aclose(self) -> None:
        """Give up: the work stops at once. Harmless after the end and when called twice."""
        if not self._ended_at:
            self._end()
            self._pool.abandon(self)

    def _begin(self) -> None:
        if not self.first.done():
            self.first.set_result(None)

    def _end(self) -> None:
        self._ended_at = time.monotonic()
        self._wake()

    def _wake(self) -> None:
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_result(None)


class Pool:
    """Workers over one store.

    Args:
        scheduler: decides who works on what.
        counters: where to count.
        on_loss: called when the zygote is gone, and with it all workers.
    """

    def __init__(self, scheduler: Scheduler, counters: Status, on_loss: Callable[[], None]) -> None:
        #: Queries that are not answered yet, by their handles.
        self.queries: dict[int, Answer] = {}
        self._scheduler = scheduler
        self._counters = counters
        self._on_loss = on_loss
        self._closed = False
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._workers = WorkerSet(self)

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

    async def run(self, query: Answer) -> Answer:
        """Have ``query`` answered; returns when the answer is complete or begins to stream.

        Raises:
            QueryError: it is not answered.
        """
        if self._closed or self._scheduler.draining:
            raise EngineUnavailable("the engine is closing")
        self.queries[query.job.id] = query
        self._carry_out(self._scheduler.submit(query.job, time.monotonic()))
        try:
            await query.first
        except asyncio.CancelledError:
            self.abandon(query)
            raise
        return query

    def kill(self, number: int) -> bool:
        """End a query for an administrator."""
        query = self.queries.get(number)
        if query is None:
            return False
        self._fail(query, QueryKilled("the query was ended by an administrator"))
        self._carry_out(self._scheduler.end(query.job, time.monotonic()))
        return True

    def abandon(self, query: Answer) -> None:
        """The caller is gone."""
        if self.queries.pop(query.job.id, None) is not None:
            self._counters.abandoned += 1
            self._carry_out(self._scheduler.end(query.job, time.monotonic()))

    def resume(self, query: Answer) -> None:
        """The reader of a stream has caught up."""
        worker = query.job.worker
        if query.job.paused and worker is not None and worker.job is query.job:
            self._scheduler.resume(query.job, time.monotonic())
            self._workers.connections[worker.pid].resume()

    def _fail(self, query: Answer, error: QueryError) -> None:
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
                    connections[worker.pid].send(self.queries[job.id].frame)
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

    # What workers do; see ``worker_set.Callbacks``.

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
        if query.put(chunk) and connection.pause():
            self._scheduler.pause(job, time.monotonic())

    def completed(self, connection: WorkerConnection, kind: int, payload: bytes, rows: int | None, flags: int) -> None:
        """The last frame of an answer has come."""
        job = self._scheduler.workers[connection.pid].job
        query = None if job is None else self.queries.get(job.id)
        connection.resume()  # the reader of a stream may be behind yet
        if query is not None:
            if kind == ERROR:
                self._fail(query, unpack_error(payload))
            else:
                self._counters.answered += 1
                del self.queries[query.job.id]
                query.complete(payload if kind == COMPLETE else None, rows, cut=bool(flags & CUT))
        recycle = bool(flags & RECYCLE)
        self._carry_out(self._scheduler.finished(connection.pid, time.monotonic(), recycle=recycle))
