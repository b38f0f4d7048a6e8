"""Processes that make the copy together: orders go out by pipes, results come back.

A process ends when its pipe closes, that is also when the one that gives the orders has died.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Final

from interkommunal.errors import ExportError

# More processes than this would wait for the one that gives the orders.
_MOST: Final = 8
# Orders that a process has at once: when it is done with one, the next lies there already.
_AHEAD: Final = 2
_STOP_SECONDS: Final = 5.0


class Crew:
    """Running processes; :func:`crew` starts and ends them."""

    def __init__(self, pipes: Sequence[Connection]) -> None:
        self._pipes = tuple(pipes)

    def __len__(self) -> int:
        return len(self._pipes)

    def work(self, task: str, take: Callable[[int], Sequence[Any]], done: Callable[[Any], None]) -> None:
        """Give orders until there are no more.

        Args:
            task: what to do.
            take: gives the things to do next for the process of this number, none if there are none just now.
            done: told each result.

        Raises:
            ExportError: a page cannot be made, or a process has died. OSError: a file cannot be written.
        """
        pending = dict.fromkeys(self._pipes, 0)
        while True:
            for number, pipe in enumerate(self._pipes):
                while pending[pipe] < _AHEAD and (things := take(number)):
                    _give(pipe, task, things)
                    pending[pipe] += 1
            if not any(pending.values()):
                return
            ready = wait([pipe for pipe, orders in pending.items() if orders])
            for pipe in self._pipes:
                if pipe in ready:
                    pending[pipe] -= 1
                    done(_result(pipe))

    def tell(self, task: str, *told: Any) -> None:
        """Tell every process the same."""
        for pipe in self._pipes:
            _give(pipe, task, told)
        for pipe in self._pipes:
            _result(pipe)


@contextmanager
def crew(run: Callable[[Connection], None]) -> Iterator[Crew]:
    """A process for each processor, forked from this one; ``run`` is what each does with its end of the pipe."""
    forking = multiprocessing.get_context("fork")
    processes: list[BaseProcess] = []
    pipes: list[Connection] = []
    try:
        for _ in range(min(len(os.sched_getaffinity(0)), _MOST)):
            ours, theirs = forking.Pipe()
            processes.append(forking.Process(target=_run, args=(run, theirs, ours), daemon=True))
            pipes.append(ours)
            processes[-1].start()
            theirs.close()
        yield Crew(pipes)
    except BaseException:
        # Nobody waits for what they are doing.
        for process in processes:
            if process.pid is not None:
                process.terminate()
        raise
    finally:
        for pipe in pipes:
            pipe.close()
        for process in processes:
            if process.pid is not None:
                _await_end(process)


def _run(run: Callable[[Connection], None], pipe: Connection, other: Connection) -> None:
    other.close()
    # A Ctrl-C in the terminal is for the process that gives the orders.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    run(pipe)


def _await_end(process: BaseProcess) -> None:
    process.join(_STOP_SECONDS)
    if process.is_alive():
        process.kill()
        process.join()


def _give(pipe: Connection, task: str, things: Sequence[Any]) -> None:
    try:
        pipe.send((task, things))
    except OSError as error:
        raise ExportError(_DIED) from error


def _result(pipe: Connection) -> Any:
    try:
        result = pipe.recv()
    except (EOFError, OSError) as error:
        raise ExportError(_DIED) from error
    if isinstance(result, Exception):
        raise result
    return result


_DIED: Final = "a process that makes pages has ended before its time; if memory is short, try again with more of it"
