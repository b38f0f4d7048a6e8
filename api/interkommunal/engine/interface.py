"""What the engine room offers to its callers: values and protocols, no behaviour.

A caller builds a :class:`QueryRequest`, awaits :meth:`Engine.answer` and gets an :class:`Answer`: either complete
(``body`` is set, so status, length and checksum are known before the first byte leaves) or a stream of chunks whose
failure raises. All errors are from the ``QueryError`` branch of :mod:`interkommunal.errors`. Every tier (memory, disk,
remote) keeps this interface.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from interkommunal.sparql.query import FORMATS, WIKIDATA_SERVICES, Form, Inspection, Limits, QueryRequest


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """How to run an engine; ``await open_engine(options, release)`` in ``engine.pooled`` takes it.

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


@dataclass(frozen=True, slots=True)
class RunningQuery:
    """A query under way, as an administrator sees it.

    Attributes:
        id: handle for :meth:`Engine.kill`, unique in the life of this engine.
        query: the SPARQL text.
        since: when it arrived, seconds since the epoch.
        seconds: how long it has been under way.
        pid: process that works on it, ``None`` while it waits in the queue or where another server works on it.
        streaming: whether bytes of the answer have left already.
    """

    id: int
    query: str
    since: float
    seconds: float
    pid: int | None
    streaming: bool


@dataclass(frozen=True, slots=True)
class Status:
    """Counters and gauges for metrics; counters only grow in the life of one engine.

    Attributes:
        release: what is being served (identifier of the release, folder name or endpoint IRI).
        workers: processes alive. idle: of these, free ones. running: queries being worked on. waiting: in the queue.
        answered: answers that ended well. timeouts, too_large, refused_busy, abandoned, failed, killed: queries that
            ended otherwise (deadline, a limit, queue full, caller gone, anything else, by an administrator).
        started: worker processes ever started. lost: of these, ended by anything but our order.
    """

    release: str
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


@dataclass(frozen=True, slots=True)
class Description:
    """What the engine can do, for the service description (SPARQL 1.1 Service Description §3).

    Attributes:
        tier: ``memory``, ``disk``, ``remote`` or ``local``.
        product: name and version of what evaluates, for people.
        languages: IRIs of ``sd:Language``. features: IRIs of ``sd:Feature``. result_formats: IRIs of
            ``http://www.w3.org/ns/formats/``. extension_functions, extension_aggregates: their IRIs.
        media_types: by query form, the default first.
        services: endpoints that ``SERVICE`` may name.
    """

    tier: str
    product: str
    languages: tuple[str, ...]
    features: tuple[str, ...]
    result_formats: tuple[str, ...]
    extension_functions: tuple[str, ...] = ()
    extension_aggregates: tuple[str, ...] = ()
    media_types: dict[Form, tuple[str, ...]] = field(default_factory=lambda: dict(FORMATS))
    services: tuple[str, ...] = ()


class Answer(Protocol):
    """The answer to one query.

    Exactly one way is open: ``body`` holds everything, or ``body`` is ``None`` and :meth:`chunks` yields it. A caller
    of a streamed answer must either read it to the end or call :meth:`aclose`, which frees the worker at once.
    """

    @property
    def form(self) -> Form:
        """The query form."""

    @property
    def media_type(self) -> str:
        """As requested, without parameters."""

    @property
    def body(self) -> bytes | None:
        """The complete answer, or ``None`` if it is streamed. At most about 1 MiB; larger answers are streamed."""

    def chunks(self) -> AsyncIterator[bytes]:
        """The answer in pieces, to be iterated once. Yields the one piece of a complete answer too.

        Raises:
            QueryError: from the iteration if the query fails after the first byte. What was yielded is then not an
                answer; the caller must make its own recipient notice.
        """

    @property
    def rows(self) -> int | None:
        """Rows or triples so far; final after the end. 1 for ASK. ``None`` where the format does not let us count."""

    @property
    def size(self) -> int:
        """Bytes so far; final after the end."""

    @property
    def cut(self) -> bool:
        """Whether rows were left out as ``Limits.partial`` allows. Of a stream it is known after the end."""

    @property
    def seconds(self) -> float:
        """Time from the request to now, or to the end."""

    @property
    def pid(self) -> int | None:
        """The process that works on it, for logs."""

    async def aclose(self) -> None:
        """Give up: the work stops at once. Harmless after the end and when called twice."""


class Engine(Protocol):
    """One door to the graph. Safe to use from many tasks of one event loop; not from several threads."""

    def inspect(self, query: str) -> Inspection:
        """Form and needs of a query, judged by the guard; remembered, so that asking twice is cheap.

        Raises:
            QueryRefused: the query uses a feature it may not use.
            QuerySyntaxError: it has no query form, or its tokens are broken.
            QueryTooLarge: it is longer or nested deeper than allowed (``limit`` is ``query``).
        """

    async def answer(self, request: QueryRequest) -> Answer:
        """Answer a query; returns once the answer is complete or its first chunk is there.

        Cancelling the call frees the worker at once.

        Raises:
            QueryError: see :meth:`inspect`; also ``QueryTimeout``, ``QueryTooLarge``, ``QueueFull``, ``QueryKilled``,
                ``QueryFailed``, ``AnswerUnfit`` and ``EngineUnavailable``.
            ValueError: ``media_type`` is not one that the query form can be answered in.
        """

    async def probe(self) -> None:
        """Run a real query the way every query runs, for readiness; raises ``QueryError`` if that fails."""

    async def open(self, release: Path) -> None:
        """Serve another release from now on; queries under way end on the old one, and none fails.

        Args:
            release: memory: file of N-Quads; disk: folder of the store. Nothing happens if it is served already.

        Raises:
            ReleaseError: it cannot be opened. The old one is served further on.
        """

    async def close(self) -> None:
        """Stop all work and every process that was started. Queries under way end with ``EngineUnavailable``."""

    def running(self) -> list[RunningQuery]:
        """Queries under way and waiting, the oldest first."""

    def kill(self, query_id: int) -> bool:
        """End a query; its caller gets ``QueryKilled``. Returns whether there was one with that id."""

    def status(self) -> Status:
        """Counters and gauges of this moment."""

    def describe(self) -> Description:
        """What the engine can do; constant while the engine lives."""
