"""The engine: a guard before a pool of worker processes, whatever these get their answers from.

In: requests. Out: answers. Opening another release builds a second pool beside the first, and only then switches.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import time
from pathlib import Path
from typing import Final

from interkommunal.engine.capabilities import describe, require_format
from interkommunal.engine.evaluation import make_task
from interkommunal.engine.federation import Gateway
from interkommunal.engine.frames import Order, pack_order
from interkommunal.engine.interface import Answer, Description, Engine, EngineOptions, RunningQuery, Status
from interkommunal.engine.pool import Counters, Pool, PooledQuery
from interkommunal.engine.scheduler import Job
from interkommunal.engine.supervisor import SupervisorProcess
from interkommunal.errors import EngineUnavailable, InterkommunalError, QueryError, ReleaseError, SettingsError
from interkommunal.namespaces import IK
from interkommunal.net import AddressTest, is_public
from interkommunal.sparql.guard import Guard
from interkommunal.sparql.query import CSV, RESULTS_JSON, Inspection, Limits, QueryRequest

_log: Final = logging.getLogger(__name__)
# Prefixes of Virtuoso's functions, some of which fetch or run what they are told.
FOREIGN_FUNCTIONS: Final = ("bif", "sql", "xpf")
_PROBE: Final = f"SELECT ?agreement {{ ?agreement a <{IK}Agreement> }} LIMIT 1"
_PROBE_SECONDS: Final = 20.0
_REOPEN_SECONDS: Final = (0.0, 0.5, 2.0, 5.0)


class PooledEngine:
    """See :class:`interkommunal.engine.interface.Engine`. Make one with ``open_engine``.

    Args:
        options: limits and numbers.
        allows: which IP addresses ``SERVICE`` may reach.
    """

    def __init__(self, options: EngineOptions, allows: AddressTest = is_public) -> None:
        self._options = options
        self._gateway = Gateway(options.services, options.service_seconds, allows)
        self._is_remote = options.tier == "remote"
        refused = FOREIGN_FUNCTIONS if self._is_remote else ()
        self._guard = Guard(options.services, options.query_chars, refused)
        self._counters = Counters()
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
        """Serve another store from now on; queries under way end on the old one."""
        if not self._is_remote:
            await self._switch(str(release.resolve()))

    async def open_endpoint(self) -> None:
        """Serve the endpoint of the options, if it looks like ours.

        Raises:
            ReleaseError: it does not answer, or its default graph holds no agreement.
            SettingsError: the options name none.
        """
        if not self._options.endpoint:
            raise SettingsError("the remote engine needs an endpoint; set INTERKOMMUNAL_REMOTE_ENDPOINT to its IRI")
        await self._switch(self._options.endpoint)
        try:
            answer = await self.answer(QueryRequest(_PROBE, CSV, limits=Limits(seconds=_PROBE_SECONDS)))
        except QueryError as error:
            raise ReleaseError(f"{self._options.endpoint} cannot be used: {error}") from None
        if answer.rows == 0:
            raise ReleaseError(
                f"the default graph of {self._options.endpoint} holds no agreement; load a release into it, and make "
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
        pool = Pool(self._options, self._counters, lambda: self._lost(pool))
        await pool.open(await self._address(), self._options.tier, location)
        return pool

    async def _address(self) -> Path:
        if self._options.supervisor is not None:
            return self._options.supervisor
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
        """Stop all work and every process that was started."""
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
        """Form and needs of a query, judged by the guard."""
        return self._guard.judge(query).inspection

    async def answer(self, request: QueryRequest) -> Answer:
        """Answer a query; returns once the answer is complete or its first chunk is there."""
        verdict = self._guard.judge(request.query)
        inspection = verdict.inspection
        require_format(inspection.form, request.media_type)
        limits = self._lowered(request.limits)
        text, seconds = None, limits.seconds
        federated = bool(inspection.services) and not self._is_remote
        if federated:
            seconds = min(seconds, self._options.service_seconds)
            text = await self._gateway.rewrite(verdict.text, inspection.services)
        task = make_task(request, verdict, limits, self._options.base_iri, text)
        frame = pack_order(Order(task, seconds + 1.0, limits.memory_bytes))
        job = Job(next(self._numbers), seconds, time.monotonic(), len(frame), federated)
        query = PooledQuery(job, request.query, frame, self._gateway.reword if federated else None)
        pool = self._pool
        if pool is None:
            raise EngineUnavailable("the store is being loaded", retry_after=2)
        return await pool.run(query, inspection.form, request.media_type)

    def _lowered(self, asked: Limits) -> Limits:
        """The limits asked for, none above the ceiling; most requests ask for the same object."""
        if asked is not self._asked:
            self._asked, self._granted = asked, lower(asked, self._options.ceiling)
        return self._granted

    async def probe(self) -> None:
        """Run a real query through a worker."""
        answer = await self.answer(QueryRequest("ASK { ?s ?p ?o }", RESULTS_JSON, limits=Limits(seconds=5.0)))
        await answer.aclose()

    # Operations.

    def running(self) -> list[RunningQuery]:
        """Queries under way and waiting, the oldest first."""
        now, clock = time.monotonic(), time.time()
        queries = sorted(
            (query for pool in self._pools() for query in pool.queries.values()), key=lambda query: query.job.id
        )
        return [
            RunningQuery(
                id=query.job.id,
                query=query.query,
                since=clock - (now - query.job.arrived),
                seconds=now - query.job.arrived,
                pid=query.job.worker.pid if query.job.worker else None,
                streaming=query.job.streaming,
            )
            for query in queries
        ]

    def kill(self, query_id: int) -> bool:
        """End a query."""
        return any(pool.kill(query_id) for pool in self._pools())

    def status(self) -> Status:
        """Counters and gauges of this moment."""
        sizes = [pool.sizes for pool in self._pools()]
        workers, idle, running, waiting = (sum(column) for column in zip(*sizes, strict=True)) if sizes else (0,) * 4
        counters = self._counters
        return Status(
            release=str(self._location),
            workers=workers,
            idle=idle,
            running=running,
            waiting=waiting,
            answered=counters.answered,
            timeouts=counters.timeouts,
            too_large=counters.too_large,
            refused_busy=counters.refused_busy,
            abandoned=counters.abandoned,
            failed=counters.failed,
            killed=counters.killed,
            started=counters.started,
            lost=counters.lost,
        )

    def describe(self) -> Description:
        """What the engine can do."""
        return describe(self._options)

    def _pools(self) -> list[Pool]:
        return [pool for pool in (*self._old, self._pool) if pool is not None]


def lower(asked: Limits, ceiling: Limits) -> Limits:
    """The limits asked for, none above the ceiling."""
    return Limits(
        seconds=min(asked.seconds, ceiling.seconds),
        memory_bytes=min(asked.memory_bytes, ceiling.memory_bytes),
        rows=_lower(asked.rows, ceiling.rows),
        body_bytes=_lower(asked.body_bytes, ceiling.body_bytes),
        partial=asked.partial,
    )


def _lower(asked: int | None, ceiling: int | None) -> int | None:
    if asked is None or ceiling is None:
        return ceiling if asked is None else asked
    return min(asked, ceiling)


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
    engine = PooledEngine(options)
    try:
        if options.tier == "remote":
            await engine.open_endpoint()
        else:
            await engine.open(release)
    except BaseException:
        await engine.close()
        raise
    return engine
