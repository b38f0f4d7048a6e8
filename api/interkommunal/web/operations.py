"""Routes for operators: health, metrics for Prometheus, and the queries under way.

Metrics are made at the moment they are asked for, from counters that cost nothing in between.
"""

from __future__ import annotations

import asyncio
import hmac
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import accumulate
from typing import Any, Final

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from interkommunal.engine.engine import Engine
from interkommunal.engine.pool import Answer
from interkommunal.errors import EngineUnavailable, QueryError
from interkommunal.settings import Settings
from interkommunal.texts import Text
from interkommunal.web.cache import AnswerCache
from interkommunal.web.logs import BUCKETS, QueryLog
from interkommunal.web.problems import Problem, RequestProblem
from interkommunal.web.publication import Publication
from interkommunal.web.routing import Route, route

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


class Metrics(Collector):
    """Reads the counters of log, cache and engine."""

    def __init__(self, log: QueryLog, cache: AnswerCache, engine: Engine, publication: Publication) -> None:
        self._log = log
        self._cache = cache
        self._engine = engine
        self._publication = publication
        self._registry = CollectorRegistry()
        self._registry.register(self)
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)

    def text(self) -> bytes:
        """All metrics in the text format of Prometheus."""
        return generate_latest(self._registry)

    def collect(self) -> Iterable[Metric]:
        """The metric families (called by prometheus-client)."""
        log, status = self._log, self._engine.status()
        busy = status.refused_busy
        queries = CounterMetricFamily(
            "interkommunal_queries", "Queries by outcome, form and cache", labels=["outcome", "form", "cache"]
        )
        for labels, number in log.outcomes.items():
            queries.add_metric(labels, number)
        yield queries
        seconds = HistogramMetricFamily(
            "interkommunal_query_seconds", "Time from request to end of answer", labels=["cache"]
        )
        for cache, counts in log.durations.items():
            buckets = zip((*map(str, BUCKETS), "+Inf"), map(float, accumulate(counts)), strict=True)
            seconds.add_metric([cache], list(buckets), log.seconds[cache])
        yield seconds
        release = GaugeMetricFamily("interkommunal_release", "The release being served", labels=["identifier"])
        release.add_metric([self._publication.identifier], 1)
        yield release
        for family, name, text, value in (
            (CounterMetricFamily, "answer_bytes", "Bytes of answers sent", log.sizes),
            (CounterMetricFamily, "log_lines_dropped", "Log lines dropped", log.dropped),
            (GaugeMetricFamily, "cache_bytes", "Memory of cached answers", self._cache.bytes),
            (GaugeMetricFamily, "cache_entries", "Number of cached answers", len(self._cache)),
            (GaugeMetricFamily, "engine_workers", "Worker processes alive", status.workers),
            (GaugeMetricFamily, "engine_idle", "Workers without a query", status.idle),
            (GaugeMetricFamily, "engine_running", "Queries being worked on", status.running),
            (GaugeMetricFamily, "engine_waiting", "Queries that wait for a worker", status.waiting),
            (CounterMetricFamily, "engine_answered", "Queries that ended well", status.answered),
            (CounterMetricFamily, "engine_timeouts", "Queries that ran out of time", status.timeouts),
            (CounterMetricFamily, "engine_too_large", "Queries beyond a limit", status.too_large),
            (CounterMetricFamily, "engine_refused_busy", "Queries refused because the queue was full", busy),
            (CounterMetricFamily, "engine_abandoned", "Queries whose client went away", status.abandoned),
            (CounterMetricFamily, "engine_failed", "Queries that failed otherwise", status.failed),
            (CounterMetricFamily, "engine_killed", "Queries ended by an administrator", status.killed),
            (CounterMetricFamily, "engine_started", "Worker processes ever started", status.started),
            (CounterMetricFamily, "engine_lost", "Worker processes that ended unexpectedly", status.lost),
        ):
            yield family(f"interkommunal_{name}", text, value=value)


_JSON: Final = "application/json"
_PROBE_SECONDS: Final = 5.0
_NO_STORE: Final = {"cache-control": "no-store"}


def operations_routes(settings: Settings, engine: Engine, publication: Publication, metrics: Metrics) -> list[Route]:
    """The routes below ``/health``, ``/metrics`` and ``/admin``."""

    async def live() -> Response:
        """The process answers."""
        return JSONResponse({"status": "live"}, headers=_NO_STORE)

    async def ready() -> Response:
        """Queries work: one has just been answered the way every query is."""
        try:
            async with asyncio.timeout(_PROBE_SECONDS):
                await engine.probe()
        except TimeoutError:
            message = f"A trivial query was not answered within {_PROBE_SECONDS:g} seconds."
            raise EngineUnavailable(message, retry_after=5) from None
        except QueryError as error:
            raise EngineUnavailable(str(error), retry_after=5) from error
        return JSONResponse({"status": "ready", "release": publication.identifier}, headers=_NO_STORE)

    async def read_metrics() -> Response:
        """Metrics in the text format of Prometheus."""
        return Response(metrics.text(), media_type=None, headers={"content-type": CONTENT_TYPE, **_NO_STORE})

    routes = [route("/health/live", live, [_JSON]), route("/health/ready", ready, [_JSON])]
    if settings.metrics:
        routes.append(route("/metrics", read_metrics, ["text/plain", "application/openmetrics-text"]))
    if settings.admin_token is not None:
        routes += _admin_routes(engine, settings.admin_token.get_secret_value().encode())
    return routes


def _admin_routes(engine: Engine, token: bytes) -> list[Route]:
    def authorize(request: Request) -> None:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode("latin-1", "replace"), token):
            text = Text("Send the token of INTERKOMMUNAL_ADMIN_TOKEN in the field Authorization: Bearer …")
            challenge = (b"www-authenticate", b'Bearer realm="interkommunal"')
            raise RequestProblem(Problem("unauthorized", text, headers=(challenge,)))

    async def list_queries(request: Request) -> Response:
        """The queries under way and waiting, the oldest first."""
        authorize(request)
        return JSONResponse({"queries": [_shown(item) for item in engine.running()]}, headers=_NO_STORE)

    async def end_query(request: Request, query_id: int) -> Response:
        """End a query; its client is told so."""
        authorize(request)
        if not engine.kill(query_id):
            text = Text(
                "There is no query with the number {query_id} under way; it has probably ended.", query_id=query_id
            )
            raise RequestProblem(Problem("not-found", text))
        return Response(status_code=204, headers=_NO_STORE)

    return [
        route("/admin/queries", list_queries, [_JSON]),
        route("/admin/queries/{query_id}", end_query, [_JSON], method="DELETE"),
    ]


def _shown(query: Answer) -> dict[str, Any]:
    since = datetime.fromtimestamp(time.time() - query.seconds, UTC)
    return {
        "id": query.job.id,
        "query": query.query,
        "since": since.isoformat(timespec="milliseconds"),
        "seconds": round(query.seconds, 3),
        "pid": query.pid,
        "streaming": query.job.streaming,
    }
