"""Documents about a release, each made once and kept until another release comes into force.

What makes a document may take a moment, so it works in a thread; who asks meanwhile waits for the same work.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import structlog
from fastapi import Request, Response

from interkommunal.errors import ReleaseError
from interkommunal.release.history import NAME, History
from interkommunal.release.release import Release
from interkommunal.release.versions import Versions
from interkommunal.texts import Text
from interkommunal.web.problems import Header, Problem, RequestProblem
from interkommunal.web.publication import Publication
from interkommunal.web.representation import CORS, Representation, matches

# A document that goes with one of several: whoever keeps it must know what it was chosen by.
VARY: Final[Header] = (b"vary", b"Accept, Accept-Encoding")


@dataclass(frozen=True)
class Shelf:
    """A release, the versions kept beside it, and the change table that tells of them.

    Attributes:
        release: what is being served.
        history: the change table; ``None`` if there is none, or none that can be read.
        changed: when something came into the folder of releases or went, in nanoseconds.
    """

    release: Release
    history: History | None = None
    changed: int = 0
    _opened: dict[str, Release] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def versions(self) -> Versions:
        """The kept releases, as they lay there when somebody first asked."""
        return replace(Versions.read(self.release.folder.parent), history=self.history)

    def find(self, name: str) -> Release:
        """The kept release that is called ``name``; checked when it is first asked for. Runs in a thread.

        Raises:
            ReleaseError: there is none, or it is damaged.
        """
        found = self._opened.get(name)
        if found is None:
            found = self.versions.find(name)
            self._opened[found.identifier] = found
        return found


class Documents:
    """The documents about the release in force. Belongs to one event loop.

    Args:
        publication: the release in force.
        max_age: seconds for which a client need not ask again; 0: it asks each time.
    """

    def __init__(self, publication: Publication, max_age: int) -> None:
        self._publication = publication
        self._cache_control = (f"public, max-age={max_age}" if max_age else "public, no-cache").encode()
        self._shelf: Shelf | None = None
        self._made: dict[str, asyncio.Task[Representation]] = {}
        self._fault = ""

    @property
    def shelf(self) -> Shelf:
        """What lies on the shelf now.

        Raises:
            RequestProblem: 404, because another endpoint has the data and there is no release here.
        """
        release = self._publication.release
        if release is None:
            raise RequestProblem(
                Problem(
                    "not-found",
                    Text(
                        "This server asks another endpoint and has no release of its own, hence neither catalogue nor "
                        "files."
                    ),
                )
            )
        # The change table follows the release a moment later, and may be made anew while the release stays.
        history = self._read_history(release)
        # An operator may remove old releases at any time.
        shelf = Shelf(release, history, _changed(release.folder.parent))
        if self._shelf != shelf:
            self._shelf, self._made = shelf, {}
        assert self._shelf is not None
        return self._shelf

    def _read_history(self, release: Release) -> History | None:
        known = self._shelf.history if self._shelf else None
        try:
            return History.open(release.folder.parent / NAME, known)
        except ReleaseError as error:
            # Everything that does not need it is answered all the same.
            if str(error) != self._fault:
                structlog.get_logger().error("history.refused", reason=str(error))
                self._fault = str(error)
            return None

    async def get(
        self, name: str, media_type: str, make: Callable[[Shelf], bytes], headers: Sequence[Header] = ()
    ) -> Representation:
        """The document ``name``, made by ``make`` if it is not there yet.

        Args:
            name: by which it is kept; another for each variant.
            media_type: value of ``Content-Type``.
            make: makes its bytes; runs in a thread.
            headers: further header fields.

        Raises:
            RequestProblem: there is no release.
        """
        return await self._kept(name, lambda shelf: self._make(shelf, media_type, make, headers))

    async def page(self, name: str, make: Callable[[Shelf], Representation]) -> Representation:
        """The page ``name`` for people, made by ``make`` in a thread if it is not there yet.

        Raises:
            RequestProblem: there is no release.
        """
        return await self._kept(name, lambda shelf: asyncio.to_thread(make, shelf))

    async def _kept(self, name: str, make: Callable[[Shelf], Coroutine[Any, Any, Representation]]) -> Representation:
        shelf = self.shelf
        if name not in self._made or _failed(self._made[name]):
            self._made[name] = asyncio.create_task(make(shelf))
        # A client that hangs up does not take the document from the others.
        return await asyncio.shield(self._made[name])

    async def _make(
        self, shelf: Shelf, media_type: str, make: Callable[[Shelf], bytes], headers: Sequence[Header]
    ) -> Representation:
        body = await asyncio.to_thread(make, shelf)
        fields = (
            (b"content-type", media_type.encode()),
            (b"cache-control", self._cache_control),
            (b"x-content-type-options", b"nosniff"),
            *CORS,
            *(headers or ((b"vary", b"Accept-Encoding"),)),
        )
        return Representation(body, fields)


async def respond(request: Request, document: Representation) -> Response:
    """The answer to a request for ``document``: 304 if the client has it."""
    variant = await document.variant(request.headers.get("accept-encoding"))
    known = matches(request.headers.get("if-none-match", "").encode("latin-1"), variant.tag)
    response = Response(b"" if known else variant.body, 304 if known else 200)
    response.raw_headers = list(variant.not_modified if known else variant.headers)
    return response


def kept_release(shelf: Shelf, name: str) -> Release:
    """The kept release that is called ``name``. Runs in a thread.

    Raises:
        RequestProblem: 404, or 410 if it was published once and is no longer kept; both say what is.
    """
    try:
        return shelf.find(name)
    except ReleaseError as error:
        kept = [release.identifier for release in shelf.versions.kept]
        published = shelf.history.publications if shelf.history else ()
        is_gone = any(item.release == name for item in published)
        raise RequestProblem(
            Problem(
                "gone" if is_gone else "not-found",
                Text(
                    "The release {name} is not kept here (any more). Kept are: {kept}.",
                    name=name[:100],
                    kept=", ".join(kept),
                ),
                {"kept": kept},
            )
        ) from error


def _changed(folder: Path) -> int:
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return 0


def _failed(task: asyncio.Task[Representation]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
