"""What the processes of an engine write to each other, and what a worker's last words mean.

Between front and worker, on a stream: a task one way, as one frame, the answer the other way. An answer is one
``COMPLETE`` frame, or ``CHUNK`` frames and an ``END``; an ``ERROR`` may take the place of either.

Between supervisor, zygotes and fronts, on sockets of type SEQPACKET: JSON with file descriptors attached. These
messages are few: per worker, not per query.

front → supervisor   ``{"open": PATH, "tier": TIER}``: hand me to the zygote of this store
zygote → front   ``{"ready": SECONDS}`` or ``{"error": MESSAGE}``
front → zygote   ``{"fork": COUNT, "network": BOOL}``
zygote → front   ``{"worker": PID, "network": BOOL}`` with its socket and pidfd
zygote → front   ``{"gone": PID, "status": EXIT STATUS, "words": WHAT IT WROTE TO STANDARD ERROR}``
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import struct
from typing import Any, Final

import orjson

from interkommunal.engine.evaluation import Task
from interkommunal.errors import EngineFailed, QueryError, QueryTimeout, QueryTooLarge

# Length of what follows.
_TASK: Final = struct.Struct("<I")
TASK_HEADER: Final = _TASK.size
#: Tells a worker that the tasks before, as far as it has not begun with them, are for others now. It answers each of
#: them with an ``END``, so that tasks and answers keep step.
REVOKE: Final = _TASK.pack(0)

# Kind, flags, rows, length of the payload.
_ANSWER: Final = struct.Struct("<BBQI")
ANSWER_HEADER: Final = _ANSWER.size
COMPLETE: Final = 1
CHUNK: Final = 2
END: Final = 3
ERROR: Final = 4
#: Flags of an answer: rows were left out; the worker should be replaced.
CUT: Final = 1
RECYCLE: Final = 2

_PACKET: Final = 1 << 16
#: Last words of a process that the kernel killed for want of memory.
OUT_OF_MEMORY: Final = "Out of memory"
# What Rust, C++, Python and the C library write when the address space is used up.
_NO_MEMORY: Final = re.compile(
    rf"memory allocation of \d+ bytes failed|std::bad_alloc|\bMemoryError\b|Cannot allocate memory|{OUT_OF_MEMORY}"
)
# A shorter query cannot overflow the stack: its 8 MiB hold 6,000 nested operators, of one character or more each.
_LONG_CHARS: Final = 4096


def pack_task(task: Task) -> bytes:
    """The frame of a task."""
    payload = orjson.dumps(tuple(task))
    return _TASK.pack(len(payload)) + payload


def task_length(header: bytes) -> int:
    """Length of the whole frame that begins with these bytes; 0 if they are too few to tell."""
    return TASK_HEADER + int(_TASK.unpack_from(header)[0]) if len(header) >= TASK_HEADER else 0


def unpack_task(frame: bytes) -> Task:
    """The task in a frame."""
    return Task._make(map(_frozen, orjson.loads(frame[TASK_HEADER:])))


def _frozen(value: Any) -> Any:
    """Lists as the tuples that they were."""
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def answer_header(kind: int, length: int, rows: int = 0, flags: int = 0) -> bytes:
    """The header of an answer frame with a payload of ``length`` bytes."""
    return _ANSWER.pack(kind, flags, rows, length)


def unpack_answer_header(data: bytes) -> tuple[int, int, int, int]:
    """Kind, flags, rows and payload length of the answer frame that ``data`` begins with."""
    kind, flags, rows, length = _ANSWER.unpack_from(data)
    return kind, flags, rows, length


def pack_error(error: QueryError) -> bytes:
    """The payload of an ``ERROR`` frame."""
    return json.dumps(error.packed()).encode()


def unpack_error(payload: bytes) -> QueryError:
    """The error in the payload of an ``ERROR`` frame."""
    return QueryError.unpacked(json.loads(payload))


def send(connection: socket.socket, message: dict[str, Any], descriptors: list[int] | None = None) -> None:
    """Send one packet; the descriptors arrive as copies.

    Raises:
        OSError: the other end is gone or does not read.
    """
    socket.send_fds(connection, [json.dumps(message).encode()], descriptors or [])


def receive(connection: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    """The next packet with its descriptors, which the caller must close; ``None`` when the other end is gone.

    Raises:
        BlockingIOError: nothing is there, on a socket that does not block.
    """
    try:
        data, descriptors, _, _ = socket.recv_fds(connection, _PACKET, 4)
    except ConnectionError:
        return None
    for descriptor in descriptors:
        os.set_inheritable(descriptor, False)
    return (json.loads(data), descriptors) if data else None


def error_of(status: int, words: str, query: str, seconds: float) -> QueryError:
    """The error of a query whose worker has ended.

    An engine that fails is told from a query that takes too much by its words, and not by the signal: Rust ends a
    process by SIGABRT for a panic and for want of memory.

    Args:
        status: its exit status, negative for a signal.
        words: what it wrote to standard error, see ``zygote``.
        query: what it worked on.
        seconds: the deadline of the query.
    """
    if _NO_MEMORY.search(words):
        return QueryTooLarge("the query needs more memory than it may take", limit="memory")
    if status == -signal.SIGPROF:
        return QueryTimeout(f"the query ran longer than {seconds:g} s", seconds)
    if status in (-signal.SIGSEGV, -signal.SIGBUS) and len(query) >= _LONG_CHARS:
        return QueryTooLarge("the query is nested too deep, or its parts are too many", limit="query")
    return EngineFailed(f"the process that evaluated the query ended with {describe(status)}")


def describe(status: int) -> str:
    """An exit status in words, for example ``SIGABRT`` or ``status 1``."""
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"status {status}"
