"""The log: one event a line, text on a terminal and JSON elsewhere, on standard error; and what happened to each query.

A query is one line, and counters that Prometheus reads. The line has time, outcome, status, rows, bytes, seconds,
cache, format, a hash of the query and the network of the client, never its whole address. Lines are written by a
thread, many at once: a terminal or pipe that does not take them must not hold up the server. If it takes none for long,
lines are dropped and counted.
"""

from __future__ import annotations

import asyncio
import functools
import ipaddress
import logging
import sys
import time
from bisect import bisect_left
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import BinaryIO, Final

import orjson
import structlog

from interkommunal.settings import Settings
from interkommunal.web.protocol import Operation


def wants_json(settings: Settings, stream: BinaryIO) -> bool:
    """Whether lines are JSON: as set, else unless people are looking."""
    if settings.log_format == "auto":
        return not stream.isatty()
    return settings.log_format == "json"


def configure(settings: Settings) -> None:
    """Send events of this process to standard error, in the form and from the level that the settings say."""
    stream = sys.stderr
    as_json = wants_json(settings, stream.buffer)
    # The renderer's own tracebacks show every variable and take a second to draw.
    text = structlog.dev.ConsoleRenderer(
        colors=stream.isatty(), pad_event_to=0, exception_formatter=structlog.dev.plain_traceback
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper("iso" if as_json else "%H:%M:%S", utc=as_json),
            *([structlog.processors.format_exc_info] if as_json else []),
            structlog.processors.JSONRenderer() if as_json else text,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(settings.log_level.upper())),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    # asyncio and the server below us report to the standard library.
    logging.basicConfig(stream=stream, level=logging.WARNING, format="%(message)s")


_FLUSH_SECONDS: Final = 0.2
_MOST_LINES: Final = 50_000
BUCKETS: Final = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 30.0, 60.0)


@dataclass(slots=True)
class QueryRecord:
    """What is known of a request: open while it is being answered, closed by :meth:`close` at its end.

    Attributes:
        started: moment of arrival (``time.perf_counter``).
        outcome: ``ok``, ``cut``, ``not-modified``, ``abandoned``, ``broken`` or the kind of the problem.
        cache: ``hit``, ``miss`` or ``joined``; ``-`` where the cache had no say.
        media_type: of the answer, or ``-``. form: query form, or ``-``.
        rows, size: rows or triples, and bytes sent.
        digest: short hash of the query. query: its text, which is written only if it went wrong.
        operation: what was asked, once it has been read.
        status: HTTP status that was sent, 0 if none. seconds: from the request to the end of the answer.
        client: address of the client; only its network is written.
    """

    started: float
    outcome: str = "ok"
    cache: str = "-"
    media_type: str = "-"
    form: str = "-"
    rows: int | None = None
    digest: str = ""
    query: str | None = None
    operation: Operation = Operation(None)  # noqa: RUF009
    status: int = 0
    seconds: float = 0.0
    size: int = 0
    client: str = ""

    def note(self, query: str) -> None:
        """A query, which the log knows by its hash."""
        self.query = query
        self.digest = blake2b(query.encode(), digest_size=6).hexdigest()

    def close(self, status: int, size: int, client: str) -> QueryRecord:
        """The end: status and bytes that were sent, address of the client."""
        self.seconds = time.perf_counter() - self.started
        self.status, self.size, self.client = status, size, client
        return self

    @property
    def text(self) -> str | None:
        """The query, if something went wrong with it."""
        return None if self.outcome in ("ok", "not-modified", "cut") else self.query


class QueryLog:
    """Counts outcomes and writes them. Belongs to one event loop.

    Args:
        stream: where lines go, or ``None`` for nowhere.
        as_json: JSON lines, or text for people.
    """

    def __init__(self, stream: BinaryIO | None, *, as_json: bool) -> None:
        self.outcomes: Counter[tuple[str, str, str]] = Counter()  # name, form, cache
        self.sizes = 0
        # By cache: one count a bucket, the last beyond all; and seconds together.
        self.durations: dict[str, list[int]] = defaultdict(lambda: [0] * (len(BUCKETS) + 1))
        self.seconds: dict[str, float] = defaultdict(float)
        self.dropped = 0
        self._stream = stream
        self._as_json = as_json
        self._lines: list[bytes] = []
        self._timer: asyncio.TimerHandle | None = None
        self._writer = ThreadPoolExecutor(1, "querylog")
        self._writing: asyncio.Future[None] | None = None

    def add(self, record: QueryRecord) -> None:
        """Count and write the end of a query."""
        self.outcomes[record.outcome, record.form, record.cache] += 1
        self.sizes += record.size
        self.durations[record.cache][bisect_left(BUCKETS, record.seconds)] += 1
        self.seconds[record.cache] += record.seconds
        if self._stream is None:
            return
        if len(self._lines) >= _MOST_LINES:
            self.dropped += 1
            return
        self._lines.append(_json_line(record) if self._as_json else _text_line(record))
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_FLUSH_SECONDS, self._flush)

    async def close(self) -> None:
        """Write what is left."""
        if self._timer is not None:
            self._timer.cancel()
        if self._writing is not None:
            await self._writing
        if self._stream is not None and self._lines:
            self._write(self._stream, self._taken())
        self._writer.shutdown(wait=False)

    def _flush(self) -> None:
        loop = asyncio.get_running_loop()
        self._timer = None
        if self._writing is not None and not self._writing.done():
            self._timer = loop.call_later(_FLUSH_SECONDS, self._flush)
        elif self._stream is not None and self._lines:
            self._writing = loop.run_in_executor(self._writer, self._write, self._stream, self._taken())

    def _taken(self) -> bytes:
        lines, self._lines = self._lines, []
        return b"".join(lines)

    @staticmethod
    def _write(stream: BinaryIO, data: bytes) -> None:
        stream.write(data)
        stream.flush()


@functools.lru_cache(maxsize=1024)
def network(address: str) -> str:
    """The network of an address: the first 24 bits of IPv4, 48 of IPv6; empty for what is no address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    return str(ipaddress.ip_network((parsed, 24 if parsed.version == 4 else 48), strict=False))


def _json_line(record: QueryRecord) -> bytes:
    line = {
        "time": datetime.now(UTC),
        "event": "query",
        "outcome": record.outcome,
        "status": record.status,
        "seconds": round(record.seconds, 6),
        "cache": record.cache,
        "form": record.form,
        "format": record.media_type,
        "rows": record.rows,
        "bytes": record.size,
        "query": record.digest,
        "client": network(record.client),
    }
    if record.text is not None:
        line["text"] = record.text[:2000]
    return orjson.dumps(line, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE)


def _text_line(record: QueryRecord) -> bytes:
    rows = "" if record.rows is None else f" {record.rows} rows"
    clock = time.strftime("%H:%M:%S")
    line = (
        f"{clock} {record.outcome} {record.status}{rows} {record.size} bytes {record.seconds * 1000:.1f} ms "
        f"{record.form} {record.media_type} cache={record.cache} query={record.digest} {network(record.client)}"
    )
    if record.text is not None:
        # A query may hold anything, also control sequences of a terminal.
        line += f" {' '.join(record.text[:300].split())!r}"
    return f"{line}\n".encode("utf-8", "backslashreplace")
