"""What a front process and a worker write to each other: a task one way, an answer in frames the other way.

Both ends are ours and of one version, so the layout is as flat as it can be: a fixed header and bytes. A task is one
frame. An answer is one ``COMPLETE`` frame, or ``CHUNK`` frames and an ``END``; ``ERROR`` can stand in for either end.
"""

from __future__ import annotations

import json
import struct
from functools import lru_cache
from typing import Final, NamedTuple

from interkommunal.engine.capabilities import MEDIA_TYPES
from interkommunal.engine.evaluation import Task
from interkommunal.errors import QueryError

# Length of the query and of the rest (JSON, mostly absent), CPU seconds, format, flags, limits of rows, bytes, memory.
_TASK: Final = struct.Struct("<IIfBBQQQ")
TASK_HEADER: Final = _TASK.size
_NONE: Final = (1 << 64) - 1
_PARTIAL: Final = 1
_LONGEST_REMEMBERED: Final = 4096
_FORMAT_NUMBERS: Final = {media_type: number for number, media_type in enumerate(MEDIA_TYPES)}

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
#: Says to a worker that the orders before, as far as it has not begun with them, are for others now. It answers each of
#: them with an ``END``, so that orders and answers keep step. No order looks like it: there is no such format.
REVOKE: Final = _TASK.pack(0, 0, 0.0, 255, 0, 0, 0, 0)


class Order(NamedTuple):
    """A task with the resources that a worker may use for it.

    ``cpu_seconds`` is a backstop: the front process watches the clock, and kills.
    """

    task: Task
    cpu_seconds: float
    memory_bytes: int


def pack_order(order: Order) -> bytes:
    """The frame of an order."""
    task = order.task
    query = task.query.encode()
    rest = b""
    if task.default_graphs is not None or task.named_graphs is not None or task.prefixes or task.base_iri:
        size = sum(map(len, task.default_graphs or ())) + sum(map(len, task.named_graphs or ()))
        size += len(query) if task.prefixes else 0
        pack = _pack_rest if size <= _LONGEST_REMEMBERED else _pack_rest.__wrapped__
        rest = pack(task.default_graphs, task.named_graphs, task.prefixes, task.base_iri)
    header = _TASK.pack(
        len(query),
        len(rest),
        order.cpu_seconds,
        _FORMAT_NUMBERS[task.media_type],
        _PARTIAL if task.partial else 0,
        _NONE if task.rows is None else task.rows,
        _NONE if task.body_bytes is None else task.body_bytes,
        order.memory_bytes,
    )
    return header + query + rest


_Rest = tuple[tuple[str, ...] | None, tuple[str, ...] | None, tuple[tuple[str, str], ...], str | None]


# Nearly all orders have the same rest, with nothing but the base IRI in it. A long one is not remembered.
@lru_cache(256)
def _pack_rest(
    default_graphs: tuple[str, ...] | None,
    named_graphs: tuple[str, ...] | None,
    prefixes: tuple[tuple[str, str], ...],
    base_iri: str | None,
) -> bytes:
    return json.dumps((default_graphs, named_graphs, prefixes, base_iri)).encode()


@lru_cache(256)
def _unpack_rest(rest: bytes) -> _Rest:
    if not rest:
        return None, None, (), None
    default, named, pairs, base_iri = json.loads(rest)
    return (
        None if default is None else tuple(default),
        None if named is None else tuple(named),
        tuple((prefix, iri) for prefix, iri in pairs),
        base_iri,
    )


def order_length(header: bytes) -> int:
    """Length of the whole frame that begins with these bytes; 0 if they are too few to tell."""
    if len(header) < TASK_HEADER:
        return 0
    query, rest, *_ = _TASK.unpack_from(header)
    return TASK_HEADER + int(query) + int(rest)


def unpack_order(frame: bytes) -> Order:
    """The order in a frame."""
    query_length, _, cpu_seconds, number, flags, rows, body_bytes, memory = _TASK.unpack_from(frame)
    end = TASK_HEADER + query_length
    rest = frame[end:]
    unpack = _unpack_rest if len(rest) <= _LONGEST_REMEMBERED else _unpack_rest.__wrapped__
    default_graphs, named_graphs, prefixes, base_iri = unpack(rest)
    task = Task(
        query=frame[TASK_HEADER:end].decode(),
        media_type=MEDIA_TYPES[number],
        default_graphs=default_graphs,
        named_graphs=named_graphs,
        rows=None if rows == _NONE else rows,
        body_bytes=None if body_bytes == _NONE else body_bytes,
        partial=bool(flags & _PARTIAL),
        base_iri=base_iri,
        prefixes=prefixes,
    )
    return Order(task, cpu_seconds, memory)


def answer_header(kind: int, length: int, rows: int = 0, flags: int = 0) -> bytes:
    """The header of an answer frame with a payload of ``length`` bytes."""
    return _ANSWER.pack(kind, flags, rows, length)


def unpack_answer_header(data: bytes | bytearray) -> tuple[int, int, int, int]:
    """Kind, flags, rows and payload length of the answer frame that ``data`` begins with."""
    kind, flags, rows, length = _ANSWER.unpack_from(data)
    return kind, flags, rows, length


def pack_error(error: QueryError) -> bytes:
    """The payload of an ``ERROR`` frame."""
    return json.dumps(error.packed()).encode()


def unpack_error(payload: bytes) -> QueryError:
    """The error in the payload of an ``ERROR`` frame."""
    return QueryError.unpacked(json.loads(payload))
