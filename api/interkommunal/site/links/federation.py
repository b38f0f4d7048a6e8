"""Which endpoints a query may ask through SERVICE, and whether they can be reached.

A visit never asks an endpoint by itself: it shows what the last check found and, if that is old, starts one check in
the background. So there is at most one check in a quarter of an hour, however many visits there are.
"""

from __future__ import annotations

import asyncio
import datetime
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from interkommunal.engine.federation import Probed, probe
from interkommunal.release.library import LibraryQuery, open_federated
from interkommunal.site.context import page_headers
from interkommunal.site.overviews.context import OverviewContext
from interkommunal.web.representation import Representation
from interkommunal.web.responder import NO_STORE

#: Seconds for which what a check found is shown.
LASTS: Final = 900.0
#: Seconds that an endpoint may take to say that it is there.
PATIENCE: Final = 5.0
Probe = Callable[[str, float], Awaitable[Probed]]


@dataclass(frozen=True, slots=True)
class EndpointStatus:
    """What is known of an endpoint: ``probed`` at ``at``, or nothing yet."""

    service: str
    probed: Probed | None = None
    at: datetime.datetime | None = None


class Checker:
    """Checks endpoints, all at once, never more often than :data:`LASTS`.

    Args:
        services: their IRIs. probe: asks one. clock: seconds that only grow.
    """

    def __init__(
        self, services: tuple[str, ...], probe: Probe = probe, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._probe = probe
        self._clock = clock
        self._checked: float | None = None
        self._running: asyncio.Task[None] | None = None
        self.found = tuple(EndpointStatus(service) for service in services)

    @property
    def is_running(self) -> bool:
        """Whether a check is under way."""
        return self._running is not None and not self._running.done()

    def look(self) -> tuple[EndpointStatus, ...]:
        """What the last check found; starts another one if that is long ago. Called in the event loop."""
        is_old = self._checked is None or self._clock() - self._checked > LASTS
        if is_old and not self.is_running and self.found:
            self._running = asyncio.get_running_loop().create_task(self._check())
        return self.found

    async def done(self) -> None:
        """Waits until no check is under way."""
        if self._running is not None:
            await self._running

    async def _check(self) -> None:
        services = [status.service for status in self.found]
        answers = await asyncio.gather(*(self._probe(service, PATIENCE) for service in services))
        now = datetime.datetime.now(datetime.UTC)
        self.found = tuple(EndpointStatus(*pair, now) for pair in zip(services, answers, strict=True))
        self._checked = self._clock()


class FederationPage:
    """``/federation``."""

    def __init__(self, overview_context: OverviewContext, checker: Checker) -> None:
        self._overview_context = overview_context
        self._checker = checker

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD."""
        page_request = self._overview_context.page_request(request)
        release_view = await self._overview_context.editions.current()
        found = self._checker.look()
        known = [status for status in found if status.probed is not None]
        queries: tuple[LibraryQuery, ...] = open_federated(release_view.release) if release_view.release else ()
        body = self._overview_context.design.render(
            "federation.html",
            self._overview_context.frame(page_request, release_view, page_request.path),
            site=self._overview_context,
            found=found,
            offline=bool(known) and not any(status.probed and status.probed.reached for status in known),
            running=self._checker.is_running,
            queries=queries,
            minutes=int(LASTS // 60),
            language=page_request.language,
        )
        page = Representation(body, page_headers(page_request.language, NO_STORE))
        return await self._overview_context.sent(page_request, page)
