"""Routes for operators: health, metrics, and the queries under way."""

from __future__ import annotations

import asyncio
import hmac
from datetime import UTC, datetime
from typing import Any, Final

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from interkommunal.engine.engine import Engine, RunningQuery
from interkommunal.errors import EngineUnavailable, QueryError
from interkommunal.settings import Settings
from interkommunal.texts import Text
from interkommunal.web.metrics import CONTENT_TYPE, Metrics
from interkommunal.web.problems import Problem, RequestProblem
from interkommunal.web.publication import Publication
from interkommunal.web.routing import Route, route

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
