"""``/metrics`` for Prometheus, made at the moment it is asked for from counters that cost nothing in between."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from interkommunal.engine.engine import Engine
from interkommunal.web.cache import AnswerCache
from interkommunal.web.publication import Publication
from interkommunal.web.querylog import BUCKETS, QueryLog

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
