"""What happened to each query: one log line, and the counters that Prometheus reads.

A line has time, outcome, status, rows, bytes, seconds, cache, format, a hash of the query and the network of the
client, never its whole address. Lines are written by a thread, many at once: a terminal or pipe that does not take them
must not hold up the server. If it takes none for long, lines are dropped and counted.
"""

from __future__ import annotations

import asyncio
import functools
import ipaddress
import time
from bisect import bisect_left
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import BinaryIO, Final, NamedTuple

import orjson

from interkommunal.web.protocol import Operation

_FLUSH_SECONDS: Final = 0.2
_MOST_LINES: Final = 50_000
BUCKETS: Final = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 30.0, 60.0)


class Outcome(NamedTuple):
    """The end of one query.

    Attributes:
        name: ``ok``, ``cut``, ``not-modified``, ``abandoned``, ``broken`` or the kind of the problem.
        status: HTTP status that was sent, 0 if none.
        seconds: from the request to the end of the answer.
        cache: ``hit`` or ``miss``; ``-`` where the cache had no say.
        media_type: of the answer, or ``-``.
        form: query form, or ``-``.
        rows, size: rows or triples, and bytes sent.
        digest: short hash of the query. client: address of the client; only its network is written.
        query: the text, for queries that went wrong.
    """

    name: str
    status: int
    seconds: float
    cache: str = "-"
    media_type: str = "-"
    form: str = "-"
    rows: int | None = None
    size: int = 0
    digest: str = ""
    client: str = ""
    query: str | None = None


@dataclass(slots=True)
class Trail:
    """What is known so far about a request that is being answered; at the end it becomes an :class:`Outcome`.

    Attributes:
        started: moment of arrival (``time.perf_counter``).
        operation: what was asked, once it has been read.
    """

    started: float
    name: str = "ok"
    cache: str = "-"
    media_type: str = "-"
    form: str = "-"
    rows: int | None = None
    digest: str = ""
    query: str | None = None
    operation: Operation = Operation(None)  # noqa: RUF009

    def note(self, query: str) -> None:
        """A query, which the log knows by its hash."""
        self.query = query
        self.digest = blake2b(query.encode(), digest_size=6).hexdigest()

    def outcome(self, status: int, size: int, client: str) -> Outcome:
        """The end: status and bytes that were sent, address of the client."""
        return Outcome(
            self.name,
            status,
            time.perf_counter() - self.started,
            self.cache,
            self.media_type,
            self.form,
            self.rows,
            size,
            self.digest,
            client,
            None if self.name in ("ok", "not-modified", "cut") else self.query,
        )


class QueryLog:
    """Counts outcomes and writes them. Belongs to one event loop.

    Args:
        stream: where lines go, or ``None`` for nowhere.
        as_json: JSON lines, or text for people.
    """

    def __init__(self, stream: BinaryIO | None, *, as_json: bool) -> None:
        self.outcomes: Counter[tuple[str, str, str]] = Counter()  # name, form, cache
        self.sizes = 0
        self.durations: dict[str, list[int]] = {}  # by cache: one count a bucket, the last beyond all
        self.seconds: dict[str, float] = {}
        self.dropped = 0
        self._stream = stream
        self._as_json = as_json
        self._lines: list[bytes] = []
        self._timer: asyncio.TimerHandle | None = None
        self._writer = ThreadPoolExecutor(1, "querylog") if stream else None
        self._writing: asyncio.Future[None] | None = None

    def add(self, outcome: Outcome) -> None:
        """Count and write the end of a query."""
        self.outcomes[outcome.name, outcome.form, outcome.cache] += 1
        self.sizes += outcome.size
        counts = self.durations.get(outcome.cache)
        if counts is None:
            counts = self.durations[outcome.cache] = [0] * (len(BUCKETS) + 1)
            self.seconds[outcome.cache] = 0.0
        counts[bisect_left(BUCKETS, outcome.seconds)] += 1
        self.seconds[outcome.cache] += outcome.seconds
        if self._stream is None:
            return
        if len(self._lines) >= _MOST_LINES:
            self.dropped += 1
            return
        self._lines.append(_json_line(outcome) if self._as_json else _text_line(outcome))
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_FLUSH_SECONDS, self._flush)

    async def close(self) -> None:
        """Write what is left."""
        if self._timer is not None:
            self._timer.cancel()
        if self._writing is not None:
            await self._writing
        if self._stream is not None and self._lines:
            self._stream.write(b"".join(self._lines))
            self._stream.flush()
            self._lines = []
        if self._writer is not None:
            self._writer.shutdown(wait=False)

    def _flush(self) -> None:
        self._timer = None
        if self._writer is None or not self._lines:
            return
        loop = asyncio.get_running_loop()
        if self._writing is not None and not self._writing.done():
            self._timer = loop.call_later(_FLUSH_SECONDS, self._flush)
            return
        lines, self._lines = self._lines, []
        self._writing = loop.run_in_executor(self._writer, self._write, b"".join(lines))

    def _write(self, data: bytes) -> None:
        assert self._stream is not None
        self._stream.write(data)
        self._stream.flush()


@functools.lru_cache(maxsize=1024)
def network(address: str) -> str:
    """The network of an address: the first 24 bits of IPv4, 48 of IPv6; empty for what is no address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    bits = 24 if parsed.version == 4 else 48
    return str(ipaddress.ip_network((parsed, bits), strict=False))


def _json_line(outcome: Outcome) -> bytes:
    line = {
        "time": datetime.now(UTC),
        "event": "query",
        "outcome": outcome.name,
        "status": outcome.status,
        "seconds": round(outcome.seconds, 6),
        "cache": outcome.cache,
        "form": outcome.form,
        "format": outcome.media_type,
        "rows": outcome.rows,
        "bytes": outcome.size,
        "query": outcome.digest,
        "client": network(outcome.client),
    }
    if outcome.query is not None:
        line["text"] = outcome.query[:2000]
    return orjson.dumps(line, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE)


def _text_line(outcome: Outcome) -> bytes:
    rows = "" if outcome.rows is None else f" {outcome.rows} rows"
    clock = time.strftime("%H:%M:%S")
    line = (
        f"{clock} {outcome.name} {outcome.status}{rows} {outcome.size} bytes {outcome.seconds * 1000:.1f} ms "
        f"{outcome.form} {outcome.media_type} cache={outcome.cache} query={outcome.digest} {network(outcome.client)}"
    )
    if outcome.query is not None:
        # A query may hold anything, also control sequences of a terminal.
        line += f" {' '.join(outcome.query[:300].split())!r}"
    return f"{line}\n".encode("utf-8", "backslashreplace")
