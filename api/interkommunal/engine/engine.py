"""The engine: a guard before a pool of worker processes, whatever these get their answers from.

In: a :class:`QueryRequest`. Out: an :class:`Answer`, either complete (``body`` is set, so status, length and checksum
are known before the first byte leaves) or a stream of chunks whose failure raises. All errors are from the
``QueryError`` branch of :mod:`interkommunal.errors`. Every tier (memory, disk, remote) is asked in this way. Opening
another release builds a second pool beside the first, and only then switches.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import os
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from interkommunal.engine.evaluation import make_task
from interkommunal.engine.federation import Gateway
from interkommunal.engine.messages import pack_task
from interkommunal.engine.pool import Answer, Pool, Status
from interkommunal.engine.scheduler import Job, Scheduler
from interkommunal.engine.supervisor import SupervisorProcess
from interkommunal.errors import EngineUnavailable, InterkommunalError, QueryError, ReleaseError, SettingsError
from interkommunal.namespaces import IK
from interkommunal.net import AddressTest, is_public
from interkommunal.sparql.guard import Guard
from interkommunal.sparql.query import CSV, RESULTS_JSON, WIKIDATA_SERVICES, Inspection, Limits, QueryRequest

_log: Final = logging.getLogger(__name__)
# Prefixes of Virtuoso's functions, some of which fetch or run what they are told.
FOREIGN_FUNCTIONS: Final = ("bif", "sql", "xpf")
_PROBE: Final = f"SELECT ?agreement {{ ?agreement a <{IK}Agreement> }} LIMIT 1"
_PROBE_SECONDS: Final = 20.0
_REOPEN_SECONDS: Final = (0.0, 0.5, 2.0, 5.0)
_CORES: Final = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """How to run an engine; ``await open_engine(options, release)`` takes it.

    Attributes:
        tier: ``memory``, ``disk`` or ``remote``.
        workers: queries worked on at the same time by this front process.
        queue: queries that may wait for a worker; one more raises ``QueueFull``.
        services: exact IRIs that ``SERVICE`` may name; empty refuses every ``SERVICE``.
        service_seconds: deadline of a query that uses ``SERVICE``, if lower than its own limit.
        query_chars: longest query, in characters.
        base_iri: what relative IRIs of a query are resolved against; ``None`` makes them an error.
        supervisor: socket of a supervisor that several front processes share; ``None`` starts one for this engine.
        ceiling: upper bound of the limits that a request may ask for (also what forked workers are built for).
        stall_seconds: how long a streamed answer waits for its reader before it is given up.
        endpoint: IRI of the SPARQL endpoint (remote only).
    """

    tier: str = "memory"
    workers: int = 4
    queue: int = 64
    services: tuple[str, ...] = WIKIDATA_SERVICES
    service_seconds: float = 20.0
    query_chars: int = 1 << 20
    base_iri: str | None = None
    supervisor: Path | None = None
    ceiling: Limits = field(default_factory=Limits)
    stall_seconds: float = 30.0
    endpoint: str | None = None


class Engine:
    """One door to the graph. Safe to use from many tasks of one event loop; not from several threads.

    Make one with :func:`open_engine`.

    Args:
        options: limits and numbers.
        allows: which IP addresses ``SERVICE`` may reach.
    """

    def __init__(self, options: EngineOptions, allows: AddressTest = is_public) -> None:
        self.options = options
        self._gateway = Gateway(options.services, options.service_seconds, allows)
        self._is_remote = options.tier == "remote"
        refused = FOREIGN_FUNCTIONS if self._is_remote else ()
        self._guard = Guard(options.services, options.query_chars, refused)
        self._counters = Status()
        self._supervisor: SupervisorProcess | None = None
        self._pool: Pool | None = None
        self._old: list[Pool] = []
        self._location: str | None = None
        self._numbers = itertools.count(1)
        self._opening = asyncio.Lock()
        self._reopening: asyncio.Task[None] | None = None
        self._closed = False
        self._asked = self._granted = options.ceiling

    # Releases.

    async def open(self, release: Path) -> None:
        """Serve another release from now on; queries under way end on the old one, and none fails.

        Args:
            release: memory: file of N-Quads; disk: folder of the store. Nothing happens if it is served already.

        Raises:
            ReleaseError: it cannot be opened. The old one is served further on.
        """
        if not self._is_remote:
            await self._switch(str(release.resolve()))

    async def open_endpoint(self) -> None:
        """Serve the endpoint of the options, if it looks like ours.

        Raises:
            ReleaseError: it does not answer, or its default graph holds no agreement.
            SettingsError: the options name none.
        """
        if not self.options.endpoint:
            raise SettingsError("the remote engine needs an endpoint; set INTERKOMMUNAL_REMOTE_ENDPOINT to its IRI")
        await self._switch(self.options.endpoint)
        try:
            answer = await self.answer(QueryRequest(_PROBE, CSV, limits=Limits(seconds=_PROBE_SECONDS)))
        except QueryError as error:
            raise ReleaseError(f"{self.options.endpoint} cannot be used: {error}") from None
        if answer.rows == 0:
            raise ReleaseError(
                f"the default graph of {self.options.endpoint} holds no agreement; load a release into it, and make "
                "the default graph the union of all graphs"
            )

    async def _switch(self, location: str) -> None:
        async with self._opening:
            if self._pool is not None and location == self._location:
                return
            pool = await self._new_pool(location)
            old, self._pool, self._location = self._pool, pool, location
            if old is not None:
                self._old = [other for other in self._old if other.queries]
                self._old.append(old)
                old.drain()

    async def _new_pool(self, location: str) -> Pool:
        options = self.options
        scheduler = Scheduler(
            options.workers,
            options.queue,
            _CORES,
            computes=not self._is_remote,
            stall_seconds=options.stall_seconds,
        )
        pool = Pool(scheduler, self._counters, lambda: self._lost(pool))
        await pool.open(await self._address(), options.tier, location)
        return pool

    async def _address(self) -> Path:
        if self.options.supervisor is not None:
            return self.options.supervisor
        if self._supervisor is None or not self._supervisor.alive:
            if self._supervisor is not None:
                self._supervisor.stop()
            self._supervisor = await asyncio.to_thread(SupervisorProcess.start)
        return self._supervisor.address

    def _lost(self, pool: Pool) -> None:
        """The zygote of a pool has died. If it is the pool in use, get another one."""
        if pool is self._pool and not self._closed:
            self._pool = None
            _log.error("the process that holds %s has ended; starting another", self._location)
            self._reopening = asyncio.get_running_loop().create_task(self._reopen())

    async def _reopen(self) -> None:
        for attempt in itertools.count():
            await asyncio.sleep(_REOPEN_SECONDS[min(attempt, len(_REOPEN_SECONDS) - 1)])
            if self._closed or self._pool is not None or self._location is None:
                return
            try:
                async with self._opening:
                    self._pool = await self._new_pool(self._location)
            except (InterkommunalError, OSError) as error:
                _log.error("cannot open %s again: %s", self._location, error)
            else:
                return

    async def close(self) -> None:
        """Stop all work and every process that was started. Queries under way end with ``EngineUnavailable``."""
        self._closed = True
        if self._reopening is not None:
            self._reopening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._reopening
        for pool in (*self._old, self._pool):
            if pool is not None:
                pool.close(EngineUnavailable("the engine is closing"))
        self._pool = None
        await self._gateway.close()
        if self._supervisor is not None:
            await asyncio.to_thread(self._supervisor.stop)

    # Queries.

    def inspect(self, query: str) -> Inspection:
        """Form and needs of a query, judged by the guard; remembered, so that asking twice is cheap.

        Raises:
            QueryRefused: the query uses a feature it may not use.
            QuerySyntaxError: it has no query form, or its tokens are broken.
            QueryTooLarge: it is longer or nested deeper than allowed (``limit`` is ``query``).
        """
        return self._guard.judge(query).inspection

    async def answer(self, request: QueryRequest) -> Answer:
        """Answer a query; returns once the answer is complete or its first chunk is there.

        Cancelling the call frees the worker at once.

        Raises:
            QueryError: see :meth:`inspect`; also ``QueryTimeout``, ``QueryTooLarge``, ``QueueFull``, ``QueryKilled``,
                ``QueryFailed``, ``AnswerUnfit``, ``EngineFailed`` and ``EngineUnavailable``.
            ValueError: ``media_type`` is not one that the query form can be answered in.
        """
        verdict = self._guard.judge(request.query)
        inspection = verdict.inspection
        limits = self._lowered(request.limits)
        text, seconds = None, limits.seconds
        federated = bool(inspection.services) and not self._is_remote
        if federated:
            seconds = min(seconds, self.options.service_seconds)
            text = await self._gateway.rewrite(verdict.text, inspection.services)
        # Beyond its deadline the front process ends a query; the worker itself does so a second later.
        task = make_task(request, verdict, limits, base_iri=self.options.base_iri, text=text, cpu_seconds=seconds + 1.0)
        frame = pack_task(task)
        job = Job(next(self._numbers), seconds, time.monotonic(), len(frame), federated)
        pool = self._pool
        if pool is None:
            raise EngineUnavailable("the store is being loaded", retry_after=2)
        reword = self._gateway.reword if federated else None
        return await pool.run(Answer(pool, job, request.query, inspection.form, request.media_type, frame, reword))

    def _lowered(self, asked: Limits) -> Limits:
        """The limits asked for, none above the ceiling; most requests ask for the same object."""
        if asked is not self._asked:
            self._asked, self._granted = asked, lower(asked, self.options.ceiling)
        return self._granted

    async def probe(self) -> None:
        """Run a real query the way every query runs, for readiness; raises ``QueryError`` if that fails."""
        answer = await self.answer(QueryRequest("ASK { ?s ?p ?o }", RESULTS_JSON, limits=Limits(seconds=5.0)))
        await answer.aclose()

    # Operations.

    def running(self) -> list[Answer]:
        """Queries under way and waiting, the oldest first; their jobs have the handles for :meth:`kill`."""
        return sorted((query for pool in self._pools() for query in pool.queries.values()), key=lambda it: it.job.id)

    def kill(self, query_id: int) -> bool:
        """End a query; its caller gets ``QueryKilled``. Returns whether there was one with that id."""
        return any(pool.kill(query_id) for pool in self._pools())

    def status(self) -> Status:
        """Counters and gauges of this moment."""
        sizes = [pool.sizes for pool in self._pools()]
        workers, idle, running, waiting = (sum(column) for column in zip(*sizes, strict=True)) if sizes else (0,) * 4
        return replace(
            self._counters,
            release=str(self._location),
            workers=workers,
            idle=idle,
            running=running,
            waiting=waiting,
        )

    def _pools(self) -> list[Pool]:
        return [pool for pool in (*self._old, self._pool) if pool is not None]


def lower(asked: Limits, ceiling: Limits) -> Limits:
    """The limits asked for, none above the ceiling."""
    return Limits(
        seconds=min(asked.seconds, ceiling.seconds),
        memory_bytes=min(asked.memory_bytes, ceiling.memory_bytes),
        rows=min((rows for rows in (asked.rows, ceiling.rows) if rows is not None), default=None),
        body_bytes=min((size for size in (asked.body_bytes, ceiling.body_bytes) if size is not None), default=None),
        partial=asked.partial,
    )


async def open_engine(options: EngineOptions, release: Path) -> Engine:
    """An engine that answers queries over ``release``.

    Args:
        options: which tier, and its limits.
        release: memory: file of N-Quads; disk: folder of the store; remote: ignored.

    Raises:
        ReleaseError: the release cannot be opened.
        SettingsError: there is no such tier.
    """
    if options.tier not in ("memory", "disk", "remote"):
        raise SettingsError(f"the engine must be memory, disk or remote, not {options.tier!r}")
    engine = Engine(options)
    try:
        if options.tier == "remote":
            await engine.open_endpoint()
        else:
            await engine.open(release)
    except BaseException:
        await engine.close()
        raise
    return engine
