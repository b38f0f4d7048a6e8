"""Notices clients that hang up while their answer is being worked on, and cancels that work.

Listening costs a task, and most answers are there within a millisecond. So one timer looks at all requests under way
and lets only those listen that have lasted for a moment.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

from starlette.types import Receive

# Between two looks; a client's going away is noticed at most two looks after the request has begun.
_LOOK_SECONDS: Final = 0.02


class Watch:
    """One request under way. ``gone`` says whether its client has hung up; its task is cancelled then."""

    __slots__ = ("_listener", "_owner", "_receive", "gone", "seen")

    def __init__(self, receive: Receive, owner: asyncio.Task[Any]) -> None:
        self.gone = False
        self.seen = False
        self._receive = receive
        self._owner = owner
        self._listener: asyncio.Task[None] | None = None

    def listen(self) -> None:
        """Wait for the client going away, from now on."""
        if self._listener is None:
            self._listener = asyncio.get_running_loop().create_task(self._listen())

    def stop(self) -> None:
        """Wait no longer."""
        if self._listener is not None:
            self._listener.cancel()

    async def _listen(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.gone = True
        self._owner.cancel()


class Hangups:
    """Watches the requests of one event loop."""

    def __init__(self) -> None:
        self._watches: set[Watch] = set()
        self._timer: asyncio.TimerHandle | None = None

    def watch(self, receive: Receive, owner: asyncio.Task[Any]) -> Watch:
        """Cancel ``owner`` if the client of ``receive`` hangs up, until :meth:`forget`."""
        watch = Watch(receive, owner)
        self._watches.add(watch)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_LOOK_SECONDS, self._look)
        return watch

    def forget(self, watch: Watch) -> None:
        """The work has ended."""
        self._watches.discard(watch)
        watch.stop()

    def _look(self) -> None:
        for watch in self._watches:
            if watch.seen:
                watch.listen()
            watch.seen = True
        again = bool(self._watches)
        self._timer = asyncio.get_running_loop().call_later(_LOOK_SECONDS, self._look) if again else None
