"""The load generator: a fixed number of connections, each with one request under way at a time.

It runs in processes of its own (``python -m bench.load``, a job as JSON on the standard input) on raw sockets and
epoll, so that it costs a small part of what the server costs; what it can do at most is measured against a responder
that does nothing else (:func:`ceiling`). Every process reports the time of every request.
"""

from __future__ import annotations

import json
import select
import socket
import subprocess
import sys
import time
from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from itertools import count
from pathlib import Path
from typing import Final
from urllib.parse import quote

from bench.numbers import percentile
from bench.places import ROOT
from bench.processes import processor_time, spent
from bench.servers import Server
from bench.wire import connect, get

_MARK: Final = "@@"
_LAST_CHUNK: Final = b"\r\n0\r\n\r\n"
_PATIENCE: Final = 30.0
# Beyond this many uses of a subject another number of rows is asked for: no two queries are ever the same.
_LIMIT: Final = 1000


@dataclass(frozen=True)
class Job:
    """What one process of the generator does.

    Attributes:
        port: of the server on 127.0.0.1.
        before, middle, after: text of the request around a subject and a number.
        subjects: file with one subject a line; empty to send the same request again and again.
        first, step: which requests of the endless sequence this process sends.
        connections: open at the same time.
        seconds: how long.
    """

    port: int
    before: str
    middle: str
    after: str
    subjects: str
    first: int
    step: int
    connections: int
    seconds: float


@dataclass(frozen=True)
class Outcome:
    """What a run of the generator saw.

    Attributes:
        requests: answered ones. seconds: how long it took. per_second: requests a second.
        median, p95, p99: milliseconds from request to end of the answer.
        statuses: answers by HTTP status.
        bytes: received.
        processor: share of one processor that the generator used.
        cost: microseconds that a request took on the processors in all processes of the server. It depends less than
            the rate on what else the machine does.
        last: number of the last request sent, so that the next run asks something else.
    """

    requests: int
    seconds: float
    per_second: float
    median: float
    p95: float
    p99: float
    statuses: dict[int, int]
    bytes: int
    processor: float
    last: int
    cost: float = 0.0

    @property
    def failed(self) -> int:
        """Answers that are not 200."""
        return self.requests - self.statuses.get(200, 0)


@dataclass(frozen=True)
class Lookups:
    """An endless sequence of different point lookups: everything stated about one subject.

    Attributes:
        subjects: file of subjects.
    """

    subjects: Path

    @staticmethod
    def query(subject: str, number: int = _LIMIT) -> str:
        """One lookup as text."""
        return f"SELECT ?p ?o WHERE {{ <{subject}> ?p ?o }} LIMIT {number}"


def run_lookups(
    server: Server, lookups: Lookups, seconds: float, connections: int, first: int = 0, processes: int = 1
) -> Outcome:
    """Send lookups, each different from all with a smaller number, starting with number ``first``."""
    text = get(server.port, server.path, Lookups.query(_MARK, 0)).decode()
    before, after = text.split(quote(_MARK))
    middle, after = after.split("LIMIT%200")
    job = Job(server.port, before, f"{middle}LIMIT%20", after, str(lookups.subjects), first, 1, connections, seconds)
    return _measured(server, job, processes)


def run_same(server: Server, query: str, seconds: float, connections: int, processes: int = 1) -> Outcome:
    """Send one query again and again."""
    text = get(server.port, server.path, query).decode()
    return _measured(server, Job(server.port, text, "", "", "", 0, 1, connections, seconds), processes)


def ceiling(seconds: float, connections: int) -> Outcome:
    """What the generator reaches against a responder that sends the same kilobyte to whoever writes."""
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
        responder = subprocess.Popen(
            [sys.executable, "-m", "bench.load", "respond", str(listener.fileno()), str(connections)],
            cwd=ROOT,
            pass_fds=[listener.fileno()],
            stdin=subprocess.DEVNULL,
        )
        try:
            port = int(listener.getsockname()[1])
            request = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
            return _run(Job(port, request, "", "", "", 0, 1, connections, seconds), 1)
        finally:
            responder.kill()
            responder.wait()


def _measured(server: Server, job: Job, processes: int) -> Outcome:
    before = processor_time(server.pid)
    outcome = _run(job, processes)
    seconds = spent(before, processor_time(server.pid))
    return replace(outcome, cost=seconds / max(1, outcome.requests) * 1e6)


def _run(job: Job, processes: int) -> Outcome:
    if job.connections % processes:
        raise ValueError(f"{job.connections} connections cannot be shared by {processes} processes")
    jobs = [
        {
            **asdict(job),
            "first": job.first + number,
            "step": processes,
            "connections": job.connections // processes,
        }
        for number in range(processes)
    ]
    started = [
        subprocess.Popen([sys.executable, "-m", "bench.load"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in jobs
    ]
    try:
        for process, fields in zip(started, jobs, strict=True):
            assert process.stdin is not None
            process.stdin.write(json.dumps(fields).encode())
            process.stdin.close()
        reports = [_report(process) for process in started]
    finally:
        for process in started:
            process.kill()
            process.wait()
    return _merge(reports)


@dataclass(frozen=True)
class _Report:
    """What one process of the generator saw: figures by name, answers by status, seconds of each request."""

    figures: dict[str, float]
    statuses: dict[int, int]
    latencies: array[float]


def _report(process: subprocess.Popen[bytes]) -> _Report:
    assert process.stdout is not None
    output = process.stdout.read()
    head, found, latencies = output.partition(b"\n")
    if not found:
        raise RuntimeError("the load generator failed; its message stands above")
    fields = json.loads(head)
    statuses = {int(status): number for status, number in fields.pop("statuses").items()}
    return _Report(fields, statuses, array("d", latencies))


def _merge(reports: list[_Report]) -> Outcome:
    statuses: Counter[int] = Counter()
    times: list[float] = []
    for report in reports:
        statuses.update(report.statuses)
        times.extend(report.latencies)
    times.sort()
    figures = [report.figures for report in reports]
    return Outcome(
        requests=len(times),
        seconds=max(each["seconds"] for each in figures),
        per_second=sum(len(report.latencies) / report.figures["seconds"] for report in reports),
        median=percentile(times, 50) * 1000,
        p95=percentile(times, 95) * 1000,
        p99=percentile(times, 99) * 1000,
        statuses=dict(statuses),
        bytes=int(sum(each["bytes"] for each in figures)),
        processor=sum(each["processor"] for each in figures),
        last=int(max(each["last"] for each in figures)),
    )


def _requests(job: Job) -> Iterator[bytes]:
    if not job.subjects:
        request = job.before.encode()
        while True:
            yield request
    encoded = [quote(line, safe="").encode() for line in Path(job.subjects).read_text(encoding="utf-8").splitlines()]
    before, middle, after = job.before.encode(), job.middle.encode(), job.after.encode()
    size = len(encoded)
    for number in count(job.first, job.step):
        yield b"%b%b%b%d%b" % (before, encoded[number % size], middle, _LIMIT + number // size, after)


def _work(job: Job) -> None:
    """Sends the requests of a job and writes the report: a line of JSON, then the latencies in seconds."""
    source = _requests(job)
    following: Callable[[], bytes] = source.__next__
    waiting = following()
    poll = select.epoll()
    sockets: dict[int, socket.socket] = {}
    for _ in range(job.connections):
        connection = connect(job.port, _PATIENCE)
        connection.setblocking(False)
        sockets[connection.fileno()] = connection
        poll.register(connection.fileno(), select.EPOLLIN)
    # Per connection: when its request left, what came so far, and how long the answer will be (-1: chunked or unknown).
    left: dict[int, float] = {}
    parts: dict[int, bytes] = {}
    latencies: array[float] = array("d")
    statuses: Counter[bytes] = Counter()
    received, sent = 0, 0
    now = time.perf_counter
    spent, began = time.process_time(), now()
    end = began + job.seconds
    for number, connection in sockets.items():
        left[number] = now()
        connection.send(waiting)
        waiting, sent = following(), sent + 1
    open_ones = len(sockets)
    while open_ones:
        ready = poll.poll(_PATIENCE)
        if not ready:
            raise TimeoutError(f"the server was silent for {_PATIENCE:g} seconds")
        for number, _ in ready:
            connection = sockets[number]
            data = connection.recv(262144)
            if not data:
                raise ConnectionError("the server closed a connection in the middle of an answer")
            received += len(data)
            if number in parts:
                data = parts.pop(number) + data
            if not _whole(data):
                parts[number] = data
                continue
            moment = now()
            latencies.append(moment - left[number])
            statuses[data[9:12]] += 1
            if moment < end:
                left[number] = moment
                connection.send(waiting)
                waiting, sent = following(), sent + 1
            else:
                poll.unregister(number)
                connection.close()
                open_ones -= 1
    took = now() - began
    fields = {
        "seconds": took,
        "bytes": received,
        "processor": (time.process_time() - spent) / took,
        "last": job.first + sent * job.step,
        "statuses": {status.decode(): total for status, total in statuses.items()},
    }
    sys.stdout.buffer.write(json.dumps(fields).encode() + b"\n" + latencies.tobytes())


def _whole(data: bytes) -> bool:
    """Whether an answer has arrived to its end."""
    if data.endswith(_LAST_CHUNK):
        return True
    body = data.find(b"\r\n\r\n")
    if body < 0:
        return False
    head = data[:body].lower()
    field = head.find(b"content-length:")
    if field < 0:
        return False
    stop = head.find(b"\r\n", field)
    length = int(head[field + 15 : stop if stop >= 0 else None])
    return len(data) - body - 4 >= length


def _run_responder(listener: socket.socket, connections: int) -> None:
    """Answers every piece that arrives with the same kilobyte."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"x" * 1000
    poll = select.epoll()
    sockets: dict[int, socket.socket] = {}
    for _ in range(connections):
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sockets[connection.fileno()] = connection
        poll.register(connection.fileno(), select.EPOLLIN)
    while sockets:
        for number, _ in poll.poll():
            if sockets[number].recv(65536):
                sockets[number].send(answer)
            else:
                poll.unregister(number)
                sockets.pop(number).close()


def main(arguments: list[str]) -> None:
    """A process of the generator, or its responder."""
    if arguments[:1] == ["respond"]:
        _run_responder(socket.socket(fileno=int(arguments[1])), int(arguments[2]))
    else:
        _work(Job(**json.load(sys.stdin)))


if __name__ == "__main__":
    main(sys.argv[1:])
