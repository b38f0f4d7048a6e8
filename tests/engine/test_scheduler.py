"""The rules of the pool, told events and the time, without a process."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import pytest

from interkommunal.engine.scheduler import (
    DEPTH,
    FRESH_SECONDS,
    INTERACTIVE_SECONDS,
    LONGEST_AHEAD,
    LOOK_SECONDS,
    MOST_FEDERATED,
    RESERVED_SECONDS,
    SOON_SECONDS,
    TICK_SECONDS,
    Decision,
    Fail,
    Fork,
    Job,
    LetGo,
    Lower,
    Revoke,
    Run,
    Scheduler,
)
from interkommunal.errors import EngineFailed, QueryError, QueryFailed, QueryTimeout, QueueFull


class World:
    """A scheduler, a clock, and processes that do what they are told: fork at once, compute all the time.

    Args:
        ready: whether workers that are asked for are there at once.
        computing: share of a processor that a worker gets.
    """

    def __init__(
        self,
        workers: int = 8,
        queue: int = 64,
        *,
        cores: int = 1,
        computes: bool = True,
        ready: bool = True,
        computing: float = 1.0,
    ) -> None:
        self.now = 1000.0
        self.computing = computing
        self.scheduler = Scheduler(workers, queue, cores, computes=computes, stall_seconds=30.0)
        self.runs: list[tuple[int, int]] = []
        self.killed: list[int] = []
        self.released: list[int] = []
        self.lowered: list[int] = []
        self.revoked: list[int] = []
        self.forked: list[tuple[int, bool]] = []
        self.errors: dict[int, QueryError] = {}
        self._ready = ready
        self._pids = itertools.count(1)
        self._ids = itertools.count(1)
        self.carry_out(self.scheduler.start())

    def carry_out(self, decisions: Iterable[Decision]) -> None:
        for decision in decisions:
            match decision:
                case Run(worker, job):
                    self.runs.append((job.id, worker.pid))
                case LetGo(worker, kill):
                    (self.killed if kill else self.released).append(worker.pid)
                case Lower(worker):
                    self.lowered.append(worker.pid)
                case Revoke(worker):
                    self.revoked.append(worker.pid)
                case Fork(number, network):
                    self.forked.append((number, network))
                    for _ in range(number if self._ready else 0):
                        self.fork(network=network)
                case Fail(job, error):
                    self.errors[job.id] = error

    def fork(self, *, network: bool = False) -> None:
        self.carry_out(self.scheduler.worker_ready(next(self._pids), self.now, network=network))

    def submit(self, seconds: float = 30.0, *, federated: bool = False, order_bytes: int = 100) -> Job:
        job = Job(next(self._ids), seconds, self.now, order_bytes, federated)
        self.carry_out(self.scheduler.submit(job, self.now))
        return job

    def finish(self, job: Job, *, recycle: bool = False) -> None:
        assert job.worker is not None
        assert job.worker.job is job
        self.carry_out(self.scheduler.finished(job.worker.pid, self.now, recycle=recycle))

    def cpu(self, pid: int) -> float:
        return self.now * self.computing

    def wait(self, seconds: float) -> None:
        """Let time pass, and tell the scheduler when it wants to be told."""
        end = self.now + seconds
        while self.scheduler.timer <= end:
            self.now = self.scheduler.timer
            self.carry_out(self.scheduler.time_passed(self.now, self.cpu))
        self.now = end

    def worker_of(self, job: Job) -> int:
        assert job.worker is not None
        return job.worker.pid

    def make_queries_seem(self, seconds: float) -> None:
        for _ in range(100):
            job = self.submit()
            self.wait(seconds)
            self.finish(job)
        self.runs.clear()


def begun(*jobs: Job) -> int:
    """How many of the jobs are being worked on."""
    return sum(job.worker is not None and job.worker.job is job for job in jobs)


# Workers.


def test_a_few_workers_are_forked_ahead_and_more_when_these_are_taken() -> None:
    world = World(workers=4)
    assert world.forked == [(2, False)]
    world.submit()
    world.submit()
    world.wait(TICK_SECONDS)
    assert world.scheduler.sizes[:2] == (4, 2)


def test_there_are_never_more_workers_than_allowed() -> None:
    world = World(workers=3)
    jobs = [world.submit(order_bytes=LONGEST_AHEAD + 1) for _ in range(10)]
    world.wait(2.0)
    assert (world.scheduler.sizes[0], begun(*jobs)) == (3, 3)


def test_a_worker_that_has_grown_is_replaced_and_not_used_again() -> None:
    world = World(workers=2)
    job = world.submit()
    pid = world.worker_of(job)
    world.finish(job, recycle=True)
    assert world.released == [pid]
    assert pid not in world.scheduler.workers
    assert world.scheduler.sizes[:2] == (2, 2)


def test_a_worker_that_has_not_grown_is_used_again() -> None:
    world = World(workers=1)
    first = world.submit()
    world.finish(first)
    second = world.submit()
    assert world.worker_of(second) == world.worker_of(first)
    assert (world.released, world.killed) == ([], [])


def test_a_worker_that_has_grown_leaves_its_orders_ahead_to_others() -> None:
    world = World(workers=2)
    world.make_queries_seem(0.0001)
    first, second = world.submit(), world.submit()
    assert begun(first, second) == 1
    pid = world.worker_of(first)
    world.finish(first, recycle=True)
    assert world.killed == [pid]  # else it would go on with what it has
    assert begun(second) == 1
    assert world.worker_of(second) != pid


def test_a_worker_that_ends_of_itself_fails_its_job_and_no_other() -> None:
    world = World(workers=2)
    world.make_queries_seem(0.0001)
    first, second = world.submit(), world.submit()
    assert second.worker is first.worker
    world.carry_out(world.scheduler.worker_ended(world.worker_of(first), EngineFailed("it crashed"), world.now))
    assert list(world.errors) == [first.id]
    assert begun(second) == 1


# Long queries.


def test_a_long_query_lets_the_next_one_in_and_gets_a_low_priority() -> None:
    world = World(workers=8)
    long = [world.submit(order_bytes=LONGEST_AHEAD + 1) for _ in range(3)]
    assert begun(*long) == 2
    world.wait(INTERACTIVE_SECONDS - TICK_SECONDS)
    assert begun(*long) == 2
    world.wait(2 * TICK_SECONDS)
    assert begun(*long) == 3
    assert world.lowered == []
    world.wait(3 * INTERACTIVE_SECONDS)
    assert sorted(world.lowered) == sorted(world.worker_of(job) for job in long)


def test_a_query_that_waits_instead_of_computing_keeps_its_priority() -> None:
    world = World(computing=0.0)
    world.submit()
    world.wait(5.0)
    assert world.lowered == []


def test_a_query_that_another_endpoint_answers_keeps_its_priority() -> None:
    world = World(computes=False)
    world.submit()
    world.wait(5.0)
    assert world.lowered == []


def test_a_worker_whose_priority_was_lowered_is_replaced() -> None:
    world = World()
    job = world.submit()
    world.wait(1.0)
    pid = world.worker_of(job)
    assert world.lowered == [pid]
    world.finish(job)
    assert world.released == [pid]


def test_a_short_query_costs_no_priority() -> None:
    world = World()
    for _ in range(50):
        job = world.submit()
        world.wait(INTERACTIVE_SECONDS / 2)
        world.finish(job)
    assert (world.lowered, world.released, world.killed) == ([], [], [])


# Reserved workers.


def test_runaways_leave_a_quarter_of_the_workers_to_new_queries() -> None:
    world = World(workers=8)
    runaways = [world.submit() for _ in range(20)]
    world.wait(5.0)
    short = world.submit()
    world.wait(RESERVED_SECONDS + 2 * TICK_SECONDS)
    assert begun(short) == 1
    assert begun(*runaways) >= 6
    assert world.errors == {}


def test_a_query_is_preempted_only_on_a_reserved_worker_and_only_if_others_wait() -> None:
    world = World(workers=4)
    jobs = [world.submit() for _ in range(4)]
    world.wait(5.0)
    assert (begun(*jobs), world.killed) == (4, [])
    reserved = [job for job in jobs if job.worker and job.worker.reserved]
    assert len(reserved) == 1
    pid = world.worker_of(reserved[0])
    another = world.submit()
    world.wait(2 * TICK_SECONDS)
    assert world.killed == [pid]
    assert begun(another) == 1


def test_a_preempted_query_begins_again_when_a_worker_is_free_that_is_not_reserved() -> None:
    world = World(workers=4)
    jobs = [world.submit() for _ in range(5)]
    world.wait(1.0)
    waiting = [job for job in jobs if not begun(job)]
    assert len(waiting) == 1
    running = [job for job in jobs if begun(job)]
    world.finish(running[0])
    world.wait(2 * TICK_SECONDS)
    assert begun(*waiting) == 0  # only the reserved worker is free
    world.finish(running[1])
    world.wait(2 * TICK_SECONDS)
    assert begun(*waiting) == 1


def test_a_query_whose_answer_has_begun_to_leave_is_not_preempted() -> None:
    world = World(workers=4)
    jobs = [world.submit() for _ in range(4)]
    world.wait(1.0)
    for job in jobs:
        job.streaming = True
    world.submit()
    world.wait(1.0)
    assert world.killed == []


# Deadlines.


@pytest.mark.parametrize("computing", [1.0, 0.0])
def test_a_query_ends_at_its_deadline_whether_it_computes_or_waits(computing: float) -> None:
    world = World(computing=computing)
    job = world.submit(seconds=2.0)
    pid = world.worker_of(job)
    world.wait(1.99)
    assert (world.errors, world.killed) == ({}, [])
    world.wait(0.01 + TICK_SECONDS)
    assert isinstance(world.errors[job.id], QueryTimeout)
    assert world.killed == [pid]


def test_time_in_the_queue_counts() -> None:
    world = World(workers=1)
    world.submit()
    waiting = world.submit(seconds=1.0)
    world.wait(1.0 + TICK_SECONDS)
    error = world.errors[waiting.id]
    assert isinstance(error, QueueFull)
    assert error.retry_after >= 1


def test_time_in_which_the_reader_is_behind_does_not_count_up_to_a_bound() -> None:
    world = World()
    job = world.submit(seconds=1.0)
    job.streaming = True
    world.scheduler.pause(job, world.now)
    world.wait(20.0)
    world.scheduler.resume(job, world.now)
    world.wait(0.9)
    assert world.errors == {}
    world.scheduler.pause(job, world.now)
    world.wait(30.0 + TICK_SECONDS)
    assert isinstance(world.errors[job.id], QueryFailed)


def test_nothing_needs_to_be_told_the_time_when_there_is_nothing_to_do() -> None:
    world = World()
    world.finish(world.submit())
    world.wait(1.0)
    assert world.scheduler.timer > world.now + 1e9


# Callers that are gone.


def test_the_worker_of_a_caller_that_is_gone_is_killed_at_once() -> None:
    world = World()
    job = world.submit()
    pid = world.worker_of(job)
    world.carry_out(world.scheduler.end(job, world.now))
    assert world.killed == [pid]
    assert job not in world.scheduler.jobs


def test_a_caller_that_is_gone_from_the_queue_costs_no_worker() -> None:
    world = World(workers=1)
    running, waiting = world.submit(), world.submit(order_bytes=LONGEST_AHEAD + 1)
    world.carry_out(world.scheduler.end(waiting, world.now))
    world.finish(running)
    assert (world.killed, world.scheduler.sizes) == ([], (1, 1, 0, 0))


def test_a_worker_that_goes_on_with_an_order_whose_caller_is_gone_is_killed_if_that_is_long() -> None:
    world = World(workers=1)
    world.make_queries_seem(0.0001)
    first, gone = world.submit(), world.submit()
    pid = world.worker_of(gone)
    world.carry_out(world.scheduler.end(gone, world.now))
    assert world.killed == []
    world.finish(first)
    world.wait(INTERACTIVE_SECONDS + 3 * TICK_SECONDS)
    assert world.killed == [pid]


# Orders ahead.


def test_short_queries_wait_for_one_worker_rather_than_have_others_woken() -> None:
    world = World()
    world.make_queries_seem(0.0001)
    jobs = [world.submit() for _ in range(4)]
    assert len({pid for _, pid in world.runs}) == 1
    assert begun(*jobs) == 1
    for job in jobs:
        world.finish(job)


def test_queries_that_take_some_milliseconds_are_shared_among_workers() -> None:
    world = World(cores=2)
    world.make_queries_seem(3 * SOON_SECONDS)
    jobs = [world.submit() for _ in range(4)]
    assert begun(*jobs) == 4


def test_a_worker_gets_no_more_ahead_than_its_depth() -> None:
    world = World(workers=1)
    world.make_queries_seem(0.00001)
    for _ in range(DEPTH + 3):
        world.submit()
    assert len(world.runs) == DEPTH


def test_long_orders_and_orders_for_another_endpoint_are_not_given_ahead() -> None:
    world = World(workers=1)
    world.make_queries_seem(0.0001)
    world.submit()
    world.submit(order_bytes=LONGEST_AHEAD + 1)
    assert len(world.runs) == 1
    remote = World(workers=1, computes=False)
    remote.make_queries_seem(0.0001)
    remote.submit()
    remote.submit()
    assert len(remote.runs) == 1


def test_a_worker_that_has_worked_for_a_while_gets_nothing_ahead() -> None:
    world = World(workers=1)
    world.make_queries_seem(0.0001)
    world.submit()
    world.wait(FRESH_SECONDS)
    world.submit()
    assert len(world.runs) == 1


def test_orders_ahead_of_a_query_that_turns_out_long_are_revoked_and_go_to_others() -> None:
    world = World(cores=2)
    world.make_queries_seem(0.0001)
    long, *short = [world.submit() for _ in range(4)]
    assert begun(long, *short) == 1
    world.wait(3 * LOOK_SECONDS)
    assert world.revoked == [world.worker_of(long)]
    assert begun(*short) >= 1
    assert all(job.worker is not long.worker for job in short)


def test_orders_ahead_count_as_waiting() -> None:
    world = World(workers=1, queue=3)
    world.make_queries_seem(0.0001)
    jobs = [world.submit() for _ in range(10)]
    assert [isinstance(world.errors.get(job.id), QueueFull) for job in jobs] == [False] * 4 + [True] * 6


# Federated queries.


def test_each_federated_query_has_a_process_of_its_own_and_there_are_only_so_many() -> None:
    world = World()
    jobs = [world.submit(federated=True) for _ in range(MOST_FEDERATED + 2)]
    assert begun(*jobs) == MOST_FEDERATED
    assert len({world.worker_of(job) for job in jobs if begun(job)}) == MOST_FEDERATED
    pid = world.worker_of(jobs[0])
    world.finish(jobs[0])
    assert world.released == [pid]
    assert begun(*jobs[1:]) == MOST_FEDERATED


def test_federated_queries_take_no_worker_from_the_others() -> None:
    world = World(workers=2)
    for _ in range(MOST_FEDERATED):
        world.submit(federated=True)
    others = [world.submit(), world.submit()]
    world.wait(2 * TICK_SECONDS)
    assert begun(*others) == 2


# Releases.


def test_a_pool_that_is_drained_answers_what_it_has_and_lets_its_workers_go() -> None:
    world = World(workers=2)
    jobs = [world.submit(order_bytes=LONGEST_AHEAD + 1) for _ in range(3)]
    world.carry_out(world.scheduler.drain())
    for job in jobs:
        world.wait(0.01)
        world.finish(job)
    assert world.scheduler.jobs == set()
    assert world.scheduler.sizes == (0, 0, 0, 0)
    assert world.killed == []
