"""Which worker answers which query, and when one has to go: decisions, without any process, socket or clock.

In: what happened, and the time. Out: decisions, which ``pool`` carries out; so the rules can be tested without waiting,
as those of HTTP in h11. Short queries stay fast whatever else runs:

- at first only a few queries run at the same time; one that runs longer than :data:`INTERACTIVE_SECONDS` lets the next
  one in, and gets a low CPU priority if it used the CPU meanwhile,
- a worker that has just begun with a query gets further orders ahead, at most :data:`DEPTH`. If queries are so short
  that their turn comes soon, this is done before another worker is woken, else only where no other is free. If the
  query turns out to be long, the orders behind it are revoked and go to others,
- the last quarter of the workers is reserved for new queries; one that runs there for :data:`RESERVED_SECONDS` while
  others wait is preempted, and begins again when a worker is free that is not reserved.

Times are seconds on a monotonic clock. Figures in the notes on constants: lookups of ten rows in a graph of 200,000
statements, 8 workers, 2 processors.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from interkommunal.errors import QueryError, QueryFailed, QueryTimeout, QueueFull
from interkommunal.texts import Text

#: After this time a query is no longer taken for a short one. A thousand times as long as the engine needs for a lookup
#: (45 µs), and still below what a person notices (0.1 s).
INTERACTIVE_SECONDS: Final = 0.05
#: Short queries that run at the same time, a processor. One more than there are processors for keeps these busy.
INTERACTIVE_A_CORE: Final = 2
#: For so long a query may run on a reserved worker while others wait: five times what makes a query long.
RESERVED_SECONDS: Final = 0.25
#: Orders that a worker has at most, the one it works on included. With 32 clients a lookup costs 145 µs of processor
#: time; without orders ahead, where a worker is woken for each, 223.
DEPTH: Final = 16
#: A worker that has worked on an order for less than this gets others ahead. Ten times the time of a lookup with
#: all that a busy machine adds; at 0 a lookup costs 206 µs again.
FRESH_SECONDS: Final = 0.003
#: A query waits behind others, rather than having another worker woken, if its turn likely comes within this. With four
#: clients a lookup costs 155 µs then, else 200.
SOON_SECONDS: Final = 0.002
#: Weight of the last query in the mean that tells how long queries take: about the last 16 count.
NEWEST: Final = 1 / 16
#: How often orders ahead are looked at: longer than nearly every short query, a tenth of what makes a query long.
LOOK_SECONDS: Final = 0.005
#: Longest order that is given ahead: all must fit into the socket of a worker that is not reading (208 KiB).
LONGEST_AHEAD: Final = 1 << 12
#: How often running queries are looked at; a query ends at most so much after its deadline.
TICK_SECONDS: Final = 0.02
#: Workers with the network that are there at the same time, each for one query with SERVICE.
MOST_FEDERATED: Final = 4


@dataclass(slots=True, eq=False)
class Job:
    """One query, as far as it matters for when and where it is worked on.

    Attributes:
        id: its handle. seconds: how long it may take. arrived: when it came.
        order_bytes: length of its order.
        federated: whether it needs a process of its own that may use the network.
        streaming: whether a part of its answer has left already; set by whoever hands that on.
        worker: who works on it or has its order. started: since when.
        paused: since when its reader is behind; 0 if it is not.
    """

    id: int
    seconds: float
    arrived: float
    order_bytes: int = 0
    federated: bool = False
    streaming: bool = False
    worker: Worker | None = None
    started: float = 0.0
    paused: float = 0.0
    deadline: float = field(init=False)

    def __post_init__(self) -> None:
        self.deadline = self.arrived + self.seconds


@dataclass(slots=True, eq=False)
class Worker:
    """A process that answers one query after the other.

    Attributes:
        pid: its process. network: whether it may use the network.
        job: what it works on; busy without a job, it works on something that nobody waits for any more.
        began: since when it has worked on that.
        pending: jobs whose orders it has already, in order; ``None`` for one that nobody waits for.
        long_running: whether it has worked on its job for long, so that others are let in beside it.
        lowered: whether its priority was lowered. reserved: whether it is one of those for short queries.
    """

    pid: int
    network: bool = False
    job: Job | None = None
    busy: bool = False
    began: float = 0.0
    pending: deque[Job | None] = field(default_factory=deque)
    long_running: bool = False
    lowered: bool = False
    reserved: bool = False
    _cpu_since: float = -1.0
    _cpu_before: float = 0.0

    def worked(self, cpu: Cpu) -> float:
        """CPU seconds it has surely spent on what it works on: those since this was first asked meanwhile.

        On a machine that has more to do than it can, time goes by without any work done.
        """
        total = cpu(self.pid)
        if self._cpu_since != self.began:
            self._cpu_since, self._cpu_before = self.began, total
        return total - self._cpu_before


#: CPU seconds that a process has used so far; not a number if it is gone.
Cpu = Callable[[int], float]


class Run(NamedTuple):
    """Write the order of a job to a worker."""

    worker: Worker
    job: Job


class Revoke(NamedTuple):
    """Tell a worker that the orders it has not begun with are for others now."""

    worker: Worker


class Lower(NamedTuple):
    """Lower the CPU priority of a worker."""

    worker: Worker


class LetGo(NamedTuple):
    """Let go of a worker: an idle one ends by itself, one that works has to be killed."""

    worker: Worker
    kill: bool


class Fork(NamedTuple):
    """Have workers forked."""

    number: int
    network: bool


class Fail(NamedTuple):
    """End a job with an error."""

    job: Job
    error: QueryError


Decision = Run | Revoke | Lower | LetGo | Fork | Fail


class Scheduler:
    """Workers and jobs over one store. Each event returns the decisions that follow from it, in order.

    Args:
        workers: how many at most, not counting those with the network. queue: how many jobs may wait.
        cores: how many processors there are.
        computes: whether workers use the CPU, and do not just wait for another endpoint.
        stall_seconds: how long a stream waits for its reader.
    """

    def __init__(
        self, workers: int, queue: int, cores: int, *, computes: bool = True, stall_seconds: float = 30.0
    ) -> None:
        self.workers: dict[int, Worker] = {}
        self.jobs: set[Job] = set()
        self.draining = False
        self._most = workers
        self._queue = queue
        self._slots = INTERACTIVE_A_CORE * cores
        self._computes = computes
        self._stall_seconds = stall_seconds
        self._idle: list[Worker] = []
        self._waiting: deque[Job] = deque()
        self._preempted: deque[Job] = deque()
        self._federated: deque[Job] = deque()
        self._interactive = 0
        self._networked = 0
        self._starting = self._starting_network = 0
        # Seconds that queries took lately, on the average; long ones, which are dealt with otherwise, count as a tick.
        self._pace = SOON_SECONDS
        self._look_at = self._tick_at = math.inf
        self._decisions: list[Decision] = []

    @property
    def timer(self) -> float:
        """When :meth:`time_passed` must be called, if nothing else happens; infinite if it need not."""
        return min(self._look_at, self._tick_at)

    @property
    def sizes(self) -> tuple[int, int, int, int]:
        """Workers alive, idle, running, and jobs waiting."""
        waiting = len(self._waiting) + len(self._preempted) + len(self._federated)
        alive, idle = len(self.workers), len(self._idle)
        return alive, idle, alive - idle, waiting + self._ahead

    # Events of jobs.

    def submit(self, job: Job, now: float) -> list[Decision]:
        """A query has come."""
        self.jobs.add(job)
        if not job.federated and not self._waiting:
            # The first is enough nearly always, and costs less.
            has_room = len(self.jobs) <= self._queue or self._ahead < self._queue
            if has_room and self._order_ahead(job, now, SOON_SECONDS):
                return self._decided()
            if self._idle and self._interactive < self._slots:
                self._assign(self._idle.pop(), job, now)
                return self._decided()
            if has_room and self._order_ahead(job, now):
                return self._decided()
        queue = self._federated if job.federated else self._waiting
        if len(queue) + (0 if job.federated else self._ahead) >= self._queue:
            self._fail(job, QueueFull("too many queries wait already; try again shortly", retry_after=1), now)
        else:
            queue.append(job)
            self._dispatch(now)
            self._tick_at = min(self._tick_at, now + TICK_SECONDS)
        return self._decided()

    def end(self, job: Job, now: float) -> list[Decision]:
        """Nobody waits for a job any more: its caller is gone, or an administrator ended it."""
        self._end(job, now)
        return self._decided()

    def pause(self, job: Job, now: float) -> None:
        """The reader of a stream is behind; from now on its time does not count."""
        job.paused = job.paused or now

    def resume(self, job: Job, now: float) -> None:
        """The reader of a stream has caught up."""
        if job.paused:
            job.deadline += now - job.paused
            job.paused = 0.0

    # Events of workers.

    def start(self) -> list[Decision]:
        """Workers can be forked now."""
        self._provide()
        return self._decided()

    def worker_ready(self, pid: int, now: float, *, network: bool) -> list[Decision]:
        """A new worker is there."""
        worker = self.workers[pid] = Worker(pid, network)
        if not network:
            self._starting -= 1
            self._idle.append(worker)
            self._dispatch(now)
        else:
            self._starting_network -= 1
            self._networked += 1
            if self._federated:
                self._assign(worker, self._federated.popleft(), now)
            else:
                self._let_go(worker)
        return self._decided()

    def worker_ended(self, pid: int, error: QueryError, now: float) -> list[Decision]:
        """A worker has ended of itself; ``error`` says what that means for its job."""
        worker = self.workers[pid]
        job = worker.job
        self._let_go(worker)
        if job is not None:
            job.worker = None
            self._fail(job, error, now)
        self._dispatch(now)
        return self._decided()

    def finished(self, pid: int, now: float, *, recycle: bool) -> list[Decision]:
        """A worker has written the end of an answer. It gets the next job, or goes if it has to be replaced."""
        worker = self.workers[pid]
        job = worker.job
        if job is not None:  # an order that was revoked takes no time
            self._pace += (min(now - worker.began, TICK_SECONDS) - self._pace) * NEWEST
            self.jobs.discard(job)
        # Only the superuser can raise a priority again, so a worker whose priority was lowered is replaced.
        recycle = recycle or worker.network or worker.lowered
        if worker.pending and not recycle:
            worker.job = worker.pending.popleft()
            worker.began = now
            if worker.job is not None:
                worker.job.started = now
            if self._waiting:
                self._dispatch(now)
        else:
            self._free(worker)
            if recycle:
                self._let_go(worker)
            else:
                worker.reserved = worker.long_running = False
                self._idle.append(worker)
            if recycle or self._waiting or self._preempted or self._federated:
                self._dispatch(now)
        if self.draining:
            self._thin_out()
        return self._decided()

    def drain(self) -> list[Decision]:
        """No more jobs will come: let go of workers that have nothing left to do."""
        self.draining = True
        self._thin_out()
        return self._decided()

    def time_passed(self, now: float, cpu: Cpu) -> list[Decision]:
        """The time of :attr:`timer` has come."""
        if now >= self._look_at:
            self._look_ahead(now, cpu)
        if now >= self._tick_at:
            self._tick(now, cpu)
        return self._decided()

    # Orders ahead.

    @property
    def _ahead(self) -> int:
        """Jobs whose orders workers have ahead."""
        return sum(
            len(worker.pending) - worker.pending.count(None) for worker in self.workers.values() if worker.pending
        )

    def _order_ahead(self, job: Job, now: float, within: float = math.inf) -> bool:
        """Give a job to a worker that will be free within so many seconds, if there is one."""
        if job.order_bytes > LONGEST_AHEAD or not self._computes:
            return False
        most = int(min(DEPTH - 1, within / self._pace))
        for worker in self.workers.values():
            head = worker.job
            if head is None or worker.network or worker.long_running or head.streaming or len(worker.pending) >= most:
                continue
            if now - head.started < FRESH_SECONDS:
                worker.pending.append(job)
                job.worker = worker
                self._decisions.append(Run(worker, job))
                self._look_at = min(self._look_at, now + LOOK_SECONDS)
                return True
        return False

    def _look_ahead(self, now: float, cpu: Cpu) -> None:
        """Revoke the orders of workers whose query is not as short as most."""
        self._look_at = math.inf
        for worker in self.workers.values():
            if not worker.pending:
                continue
            if worker.worked(cpu) >= LOOK_SECONDS / 2 or now - worker.began >= RESERVED_SECONDS:
                if self._requeue(worker):
                    self._decisions.append(Revoke(worker))
            else:
                self._look_at = now + LOOK_SECONDS
        if self._waiting:
            self._dispatch(now)
            self._tick_at = min(self._tick_at, now + TICK_SECONDS)

    def _requeue(self, worker: Worker) -> bool:
        """What a worker has ahead is for others now; returns whether there was anything."""
        jobs = [job for job in worker.pending if job is not None]
        if not jobs:
            return False
        worker.pending = deque([None] * len(worker.pending))
        for job in reversed(jobs):
            job.worker = None
            self._waiting.appendleft(job)
        return True

    # Jobs and workers.

    def _dispatch(self, now: float) -> None:
        """Give free workers to waiting jobs, and ask for workers that are missing."""
        while self._waiting and self._idle and self._interactive < self._slots:
            self._assign(self._idle.pop(), self._waiting.popleft(), now)
        while self._waiting and self._order_ahead(self._waiting[0], now):
            self._waiting.popleft()
        while self._preempted and self._idle and not self._waiting and self._unreserved > 0:
            self._assign(self._idle.pop(), self._preempted.popleft(), now)
        if len(self._idle) < self._slots or self._federated:
            self._provide()

    @property
    def _unreserved(self) -> int:
        """How many more jobs can run before those workers are used that are reserved for short queries."""
        return self._most - self._most // 4 - (len(self.workers) - self._networked - len(self._idle))

    def _assign(self, worker: Worker, job: Job, now: float) -> None:
        worker.job = job
        worker.busy = True
        worker.reserved = not job.federated and self._unreserved < 0
        job.worker = worker
        job.started = worker.began = now
        if not worker.network:
            self._interactive += 1
        self._decisions.append(Run(worker, job))
        self._tick_at = min(self._tick_at, now + TICK_SECONDS)

    def _end(self, job: Job, now: float) -> None:
        if job not in self.jobs:
            return
        self.jobs.discard(job)
        worker = job.worker
        if worker is None:
            for queue in (self._waiting, self._preempted, self._federated):
                if job in queue:
                    queue.remove(job)
        elif worker.job is job:
            self._let_go(worker, kill=True)
        elif job in worker.pending:
            worker.pending[worker.pending.index(job)] = None
        self._dispatch(now)
        if self.draining:
            self._thin_out()

    def _fail(self, job: Job, error: QueryError, now: float) -> None:
        self._decisions.append(Fail(job, error))
        self._end(job, now)

    def _let_go(self, worker: Worker, *, kill: bool = False) -> None:
        del self.workers[worker.pid]
        self._networked -= worker.network
        self._free(worker)
        # With its job it may have ended already, and would go on with these.
        kill = kill or bool(worker.pending)
        self._requeue(worker)
        if worker in self._idle:
            self._idle.remove(worker)
        self._decisions.append(LetGo(worker, kill))

    def _free(self, worker: Worker) -> None:
        """A worker has no job any more."""
        worker.job = None
        if worker.busy:
            worker.busy = False
            self._interactive -= not worker.long_running and not worker.network

    def _provide(self) -> None:
        """Have workers forked: a few ahead, and one for each job that waits for want of one."""
        ahead = len(self._waiting) + len(self._preempted) if self.draining else self._slots
        alive = len(self.workers) - self._networked + self._starting
        missing = min(ahead - len(self._idle) - self._starting, self._most - alive)
        if missing > 0:
            self._starting += missing
            self._decisions.append(Fork(missing, network=False))
        alive = self._networked + self._starting_network
        missing = min(len(self._federated) - self._starting_network, MOST_FEDERATED - alive)
        if missing > 0:
            self._starting_network += missing
            self._decisions.append(Fork(missing, network=True))

    def _thin_out(self) -> None:
        if not self._waiting and not self._preempted:
            for worker in list(self._idle):
                self._let_go(worker)

    # The clock.

    def _tick(self, now: float, cpu: Cpu) -> None:
        """Look at all jobs: end those out of time, slow down long ones, make room for new ones."""
        self._tick_at = math.inf
        for worker in list(self.workers.values()):
            if worker.job is not None:
                self._watch(worker, worker.job, now, cpu)
            elif worker.busy and worker.worked(cpu) >= INTERACTIVE_SECONDS:
                self._let_go(worker, kill=True)
        for job in self._not_begun():
            if now >= job.deadline:
                text = f"no worker was free within {job.seconds:g} s; try again later"
                self._fail(job, QueueFull(text, retry_after=5), now)
        if self._waiting and not self._idle:
            self._preempt(now)
        self._dispatch(now)
        # A worker may be busy with an order that nobody waits for any more.
        if self.jobs or any(worker.busy for worker in self.workers.values()):
            self._tick_at = now + TICK_SECONDS

    def _not_begun(self) -> Iterable[Job]:
        ahead = [job for worker in self.workers.values() for job in worker.pending if job is not None]
        return [*ahead, *self._waiting, *self._preempted, *self._federated]

    def _watch(self, worker: Worker, job: Job, now: float, cpu: Cpu) -> None:
        if job.paused:
            if now - job.paused >= self._stall_seconds:
                text = Text("nobody read the answer for {seconds} s", seconds=f"{self._stall_seconds:g}")
                self._fail(job, QueryFailed(text), now)
        elif now >= job.deadline:
            self._fail(job, QueryTimeout(f"the query ran longer than {job.seconds:g} s", job.seconds), now)
        elif not worker.long_running and not worker.network and now - job.started >= INTERACTIVE_SECONDS:
            worker.long_running = True
            self._interactive -= 1
        elif (
            worker.long_running
            and not worker.lowered
            and self._computes
            and worker.worked(cpu) >= INTERACTIVE_SECONDS / 2
        ):
            worker.lowered = True
            self._decisions.append(Lower(worker))

    def _preempt(self, now: float) -> None:
        """Stop the longest query that runs on a reserved worker, once there can be no more workers, and put it back."""
        if len(self.workers) - self._networked + self._starting < self._most:
            return
        candidates = [
            job
            for worker in self.workers.values()
            if worker.reserved and (job := worker.job) is not None and not job.streaming
        ]
        job = min(candidates, key=lambda job: job.started, default=None)
        if job is None or job.worker is None or now - job.started < RESERVED_SECONDS:
            return
        self._let_go(job.worker, kill=True)
        job.worker = None
        self._preempted.append(job)

    def _decided(self) -> list[Decision]:
        decisions, self._decisions = self._decisions, []
        return decisions
