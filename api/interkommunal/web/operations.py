"""Routes for operators: health, metrics for Prometheus, and the queries under way.

Metrics are made at the moment they are asked for, from counters that cost nothing in between.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from interkommunal.engine.engine import Engine, RunningQuery
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
        yield from self._queries()
        yield from self._of_cache()
        yield from self._of_engine()

    def _queries(self) -> Iterable[Metric]:
        queries = CounterMetricFamily(
            "interkommunal_queries", "Queries by outcome, form and cache", labels=["outcome", "form", "cache"]
        )
        for labels, number in self._log.outcomes.items():
            queries.add_metric(labels, number)
        yield queries
        yield CounterMetricFamily("interkommunal_answer_bytes", "Bytes of answers sent", value=self._log.sizes)
        yield CounterMetricFamily("interkommunal_log_lines_dropped", "Log lines dropped", value=self._log.dropped)
        seconds = HistogramMetricFamily(
            "interkommunal_query_seconds", "Time from request to end of answer", labels=["cache"]
        )
        for cache, counts in self._log.durations.items():
            total, buckets = 0, []
            for bound, number in zip((*map(str, BUCKETS), "+Inf"), counts, strict=True):
                total += number
                buckets.append((bound, float(total)))
            seconds.add_metric([cache], buckets, self._log.seconds[cache])
        yield seconds

    def _of_cache(self) -> Iterable[Metric]:
        yield GaugeMetricFamily("interkommunal_cache_bytes", "Memory of cached answers", value=self._cache.bytes)
        yield GaugeMetricFamily("interkommunal_cache_entries", "Number of cached answers", value=len(self._cache))

    def _of_engine(self) -> Iterable[Metric]:
        status = self._engine.status()
        release = GaugeMetricFamily("interkommunal_release", "The release being served", labels=["identifier"])
        release.add_metric([self._publication.identifier], 1)
        yield release
        for name, text in (
            ("workers", "Worker processes alive"),
            ("idle", "Workers without a query"),
            ("running", "Queries being worked on"),
            ("waiting", "Queries that wait for a worker"),
        ):
            yield GaugeMetricFamily(f"interkommunal_engine_{name}", text, value=getattr(status, name))
        for name, text in (
            ("answered", "Queries that ended well"),
            ("timeouts", "Queries that ran out of time"),
            ("too_large", "Queries beyond a limit"),
            ("refused_busy", "Queries refused because the queue was full"),
            ("abandoned", "Queries whose client went away"),
            ("failed", "Queries that failed otherwise"),
            ("killed", "Queries ended by an administrator"),
            ("started", "Worker processes ever started"),
            ("lost", "Worker processes that ended unexpectedly"),
        ):
            yield CounterMetricFamily(f"interkommunal_engine_{name}", text, value=getattr(status, name))


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
        routes += _admin_routes(engine, settings.admin_token.get_secret_value())
    return routes


def _admin_routes(engine: Engine, token: str) -> list[Route]:
    async def list_queries(request: Request) -> Response:
        """The queries under way and waiting, the oldest first."""
        _authorize(request, token)
        return JSONResponse({"queries": [_shown(item) for item in engine.running()]}, headers=_NO_STORE)

    async def end_query(request: Request, query_id: int) -> Response:
        """End a query; its client is told so."""
        _authorize(request, token)
        if not engine.kill(query_id):
            raise RequestProblem(
                Problem(
                    "not-found",
                    Text(
                        "There is no query with the number {query_id} under way; it has probably ended.",
                        query_id=query_id,
                    ),
                )
            )
        return Response(status_code=204, headers=_NO_STORE)

    return [
        route("/admin/queries", list_queries, [_JSON]),
        route("/admin/queries/{query_id}", end_query, [_JSON], method="DELETE"),
    ]


def _authorize(request: Request, token: str) -> None:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode("latin-1", "replace"), token.encode()):
        return
    raise RequestProblem(
        Problem(
            "unauthorized",
            Text("Send the token of INTERKOMMUNAL_ADMIN_TOKEN in the field Authorization: Bearer …"),
            headers=((b"www-authenticate", b'Bearer realm="interkommunal"'),),
        )
    )


def _shown(query: RunningQuery) -> dict[str, Any]:
    return {
        "id": query.id,
        "query": query.query,
        "since": datetime.fromtimestamp(query.since, UTC).isoformat(timespec="milliseconds"),
        "seconds": round(query.seconds, 3),
        "pid": query.pid,
        "streaming": query.streaming,
    }
