"""A query on its way through the pool, and the counts of how queries ended."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from interkommunal.engine.answers import IncomingAnswer
from interkommunal.errors import QueryError, QueryKilled, QueryTimeout, QueryTooLarge, QueueFull

if TYPE_CHECKING:
    from interkommunal.engine.pool import Pool
    from interkommunal.engine.worker_connection import WorkerConnection


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
        "id",
        "paused",
        "pool",
        "preempted",
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
        #: Since when the reader of its stream is behind; 0 if it is not.
        self.paused = 0.0
        self.reword: Callable[[QueryError], QueryError] | None = None
        #: Whether it was stopped once to make room for shorter ones.
        self.preempted = False
        self.streaming = False
        self.worker: WorkerConnection | None = None
        self.pool: Pool
        self.first: asyncio.Future[None]
        self.answer: IncomingAnswer

    def abandon(self) -> None:
        """The caller is gone."""
        self.pool.abandon(self)

    def resume(self) -> None:
        """The reader of a stream has caught up."""
        self.pool.resume(self)
