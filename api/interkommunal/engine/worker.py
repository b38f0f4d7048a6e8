"""A worker process: takes one order after the other from its socket, evaluates it, writes the answer back.

It is forked from a zygote and shares the zygote's store, if there is one. It knows no deadline: who gave the order
kills it. When its socket closes it ends. An answer of up to :data:`COMPLETE_BYTES` goes back in one frame; a larger one
as it comes.
"""

from __future__ import annotations

import contextlib
import resource
import signal
import socket
import time
from typing import Final

from interkommunal.engine.confinement import address_space, limit_address_space
from interkommunal.engine.evaluation import Evaluate, Task
from interkommunal.engine.messages import (
    CHUNK,
    COMPLETE,
    CUT,
    END,
    ERROR,
    RECYCLE,
    REVOKE,
    answer_header,
    pack_error,
    task_length,
    unpack_task,
)
from interkommunal.errors import EngineFailed, QueryError

#: Answers up to this size are held back until they are complete.
COMPLETE_BYTES: Final = 1 << 20
# What is read at once. Most orders are far smaller.
_BUFFER_BYTES: Final = 1 << 16
# A worker whose memory has grown by this much beyond the shared store is replaced.
_RECYCLE_BYTES: Final = 64 << 20
_SHORT_SECONDS: Final = 0.01
# Orders that came ahead are taken back when one takes longer than most; so only then is it worth looking for that.
_REVOKED_SECONDS: Final = 0.001


class _Reply:
    """Takes the answer of one evaluation: holds a small one back, sends a large one."""

    __slots__ = ("_connection", "_held", "_size", "_streaming")

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._held: list[bytes] = []
        self._size = 0
        self._streaming = False

    def __call__(self, block: bytes) -> None:
        """Hold ``block``, or send it with all that was held once that is too much to hold."""
        self._size += len(block)
        if self._streaming:
            send_all(self._connection, [answer_header(CHUNK, len(block)), block])
            return
        self._held.append(block)
        if self._size > COMPLETE_BYTES:
            self._streaming = True
            send_all(self._connection, [answer_header(CHUNK, self._size), *self._held])
            self._held.clear()

    def end(self, rows: int, flags: int) -> None:
        """Send what is held as the complete answer, or the end of the stream."""
        kind, length = (END, 0) if self._streaming else (COMPLETE, self._size)
        send_all(self._connection, [answer_header(kind, length, rows, flags), *self._held])


def send_all(connection: socket.socket, parts: list[bytes]) -> None:
    """Write all parts, in few system calls."""
    remaining = memoryview(b"".join(parts)) if len(parts) > 512 else None
    if remaining is None:
        total = sum(map(len, parts))
        sent = connection.sendmsg(parts)
        if sent == total:
            return
        remaining = memoryview(b"".join(parts))[sent:]
    connection.sendall(remaining)


def serve(evaluate: Evaluate, connection: socket.socket) -> None:
    """Answer orders until the socket closes."""
    worker = _Worker(evaluate, connection)
    try:
        while (task := worker.next_task()) is not None:
            worker.work(task)
    except (BrokenPipeError, ConnectionError):
        return


class _Worker:
    def __init__(self, evaluate: Evaluate, connection: socket.socket) -> None:
        self._evaluate = evaluate
        self._connection = connection
        self._buffer = memoryview(bytearray(_BUFFER_BYTES))
        self._received = b""
        self._memory_bytes = -1
        self._base_space = address_space()
        self._base_rss = _peak_memory()
        self._began = 0.0

    def next_task(self) -> Task | None:
        """Wait for the next order; ``None`` if there is no one to give one."""
        received = self._received
        if received and time.monotonic() - self._began >= _REVOKED_SECONDS:
            received = self._drop_revoked(received)
        while True:
            length = task_length(received) if received else 0
            while not length or len(received) < length:
                size = self._connection.recv_into(self._buffer)
                if not size:
                    return None
                received += self._buffer[:size]
                length = task_length(received)
            frame, received = received[:length], received[length:]
            if frame != REVOKE:  # which may come when the orders that it means are done
                break
        # Orders may come ahead.
        self._received = received
        return unpack_task(frame)

    def _drop_revoked(self, received: bytes) -> bytes:
        """What is left of the orders that have come, without those that were taken back; these are answered."""
        with contextlib.suppress(BlockingIOError):
            received += self._buffer[: self._connection.recv_into(self._buffer, 0, socket.MSG_DONTWAIT)]
        offset = orders = end = dropped = 0
        while (length := task_length(received[offset:])) and len(received) >= offset + length:
            frame = received[offset : offset + length]
            offset += length
            if frame == REVOKE:
                end, dropped = offset, orders
            else:
                orders += 1
        if dropped:
            send_all(self._connection, [answer_header(END, 0)] * dropped)
        return received[end:]

    def work(self, task: Task) -> None:
        """Evaluate one order and reply."""
        if task.memory_bytes != self._memory_bytes:
            self._memory_bytes = task.memory_bytes
            if self._base_space:
                limit_address_space(self._base_space + task.memory_bytes)
        # The default action of SIGPROF ends the process.
        signal.setitimer(signal.ITIMER_PROF, task.cpu_seconds)
        self._began = time.monotonic()
        reply = _Reply(self._connection)
        try:
            outcome = self._evaluate(task, reply)
        except QueryError as error:
            self._fail(error)
        except (BrokenPipeError, ConnectionError):
            raise
        except BaseException as error:
            # A panic of the evaluator is a BaseException.
            self._fail(EngineFailed(f"the engine failed: {type(error).__name__}: {error}"))
        else:
            reply.end(outcome.rows, self._recycle_flag() | (CUT if outcome.cut else 0))

    def _fail(self, error: QueryError) -> None:
        payload = pack_error(error)
        send_all(self._connection, [answer_header(ERROR, len(payload), flags=self._recycle_flag()), payload])

    def _recycle_flag(self) -> int:
        """Whether this process has grown so much that it should go. No short query can make it, so none pays for it."""
        if time.monotonic() - self._began < _SHORT_SECONDS:
            return 0
        return RECYCLE if _peak_memory() - self._base_rss > _RECYCLE_BYTES else 0


def _peak_memory() -> int:
    """Largest resident size of this process so far, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
