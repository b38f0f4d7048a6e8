"""A worker at its socket: orders in, answers out, in step whatever comes between."""

from __future__ import annotations

import os
import socket
import time

from tests.patience import patient

from interkommunal.engine.evaluation import Outcome, Sink, Task
from interkommunal.engine.messages import (
    ANSWER_HEADER,
    COMPLETE,
    END,
    RECYCLE,
    REVOKE,
    pack_task,
    unpack_answer_header,
)
from interkommunal.engine.worker import serve
from interkommunal.sparql.query import CSV


def order(query: str) -> bytes:
    return pack_task(Task(query, CSV, cpu_seconds=60.0))


def echo(task: Task, sink: Sink) -> Outcome:
    """Answers a query with itself, takes time for one that is ``long`` and memory for one that is ``large``."""
    time.sleep(0.01 if task.query.startswith("long") else 0.0)
    if task.query.startswith("large"):
        bytearray(96 << 20)
        time.sleep(0.02)
    sink(task.query.encode())
    return Outcome(1)


def answers(orders: bytes, number: int, late: bytes = b"") -> list[tuple[int, bytes]]:
    """Kind and payload of each answer of a worker to ``orders``; ``late`` comes when so many are answered."""
    return split(written(orders, number, late))


def flags_of(data: bytes) -> list[int]:
    """The flags of each answer."""
    found = []
    while data:
        _, flags, _, length = unpack_answer_header(data)
        found.append(flags)
        data = data[ANSWER_HEADER + length :]
    return found


def written(orders: bytes, number: int, late: bytes = b"") -> bytes:
    """All that a worker writes."""
    near, far = socket.socketpair()
    with near, far:
        near.sendall(orders)
        pid = os.fork()
        if pid == 0:
            try:
                near.close()
                serve(echo, far)
            finally:
                os._exit(0)
        far.close()
        near.settimeout(patient(10))
        data = b""
        while len(split(data)) < number:
            data += near.recv(1 << 16)
        near.sendall(late)
        near.shutdown(socket.SHUT_WR)
        while piece := near.recv(1 << 16):
            data += piece
    os.waitpid(pid, 0)
    return data


def split(data: bytes) -> list[tuple[int, bytes]]:
    found = []
    while data:
        kind, _, _, length = unpack_answer_header(data)
        found.append((kind, data[ANSWER_HEADER : ANSWER_HEADER + length]))
        data = data[ANSWER_HEADER + length :]
    return found


def test_a_worker_that_has_grown_says_so_and_one_that_has_not_does_not() -> None:
    data = written(order("long a") + order("b"), 2)
    assert flags_of(data) == [0, 0]
    data = written(order("long a") + order("large b") + order("long c"), 3)
    assert flags_of(data) == [0, RECYCLE, RECYCLE]


def test_orders_that_were_taken_back_are_answered_but_not_worked_on() -> None:
    sent = order("long a") + order("b") + order("c") + REVOKE + order("d")
    assert answers(sent, 4) == [(COMPLETE, b"long a"), (END, b""), (END, b""), (COMPLETE, b"d")]


def test_taking_back_means_all_orders_before_however_often_it_is_said() -> None:
    sent = order("long a") + order("b") + REVOKE + order("c") + REVOKE
    assert answers(sent, 3) == [(COMPLETE, b"long a"), (END, b""), (END, b"")]


def test_taking_back_what_is_answered_already_changes_nothing() -> None:
    found = answers(order("long a") + order("b"), 2, late=REVOKE + order("c"))
    assert found == [(COMPLETE, b"long a"), (COMPLETE, b"b"), (COMPLETE, b"c")]
