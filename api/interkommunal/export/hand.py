"""What each process of a crew does: with an application of its own it visits, compares and turns as it is told."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from interkommunal.app.application import Application, create_app
from interkommunal.engine.interface import EngineOptions
from interkommunal.engine.pooled import open_engine
from interkommunal.errors import InterkommunalError
from interkommunal.export.addresses import Entry, Place, Site
from interkommunal.export.crawl import Copy, Visit
from interkommunal.export.folder import write
from interkommunal.export.note import NOTE, note
from interkommunal.export.seeds import seeds
from interkommunal.export.turning import turn
from interkommunal.export.visiting import Draft, Visited, Visitor
from interkommunal.release.release import Release
from interkommunal.settings import Settings
from interkommunal.texts import LANGUAGES

# While the store answers one visit, the others go on.
_AT_ONCE: Final = 4


@dataclass(frozen=True)
class Hand:
    """What a process of a crew does with its end of the pipe: takes orders until the other end closes.

    Attributes:
        settings: of the server. release: what is copied. options: of the engine. source: what it opens.
        root: folder of the copy.
    """

    settings: Settings
    release: Release
    options: EngineOptions
    source: Path
    root: Path

    def __call__(self, pipe: Connection) -> None:
        """Work; errors that a person can do something about are sent instead of results."""
        asyncio.run(self._work(pipe))

    async def _work(self, pipe: Connection) -> None:
        engine = await open_engine(self.options, self.source)
        try:
            app = create_app(self.settings, engine, self.release)
            app.site_context.client.remember()
            tasks = _Tasks(app, self.release, self.root)
            # Nothing else is under way while this waits; and who waits no longer for the result has gone.
            with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
                while True:
                    task, things = pipe.recv()
                    pipe.send(await tasks.do(task, things))
        finally:
            await engine.close()


class _Tasks:
    """The tasks, each by its name."""

    def __init__(self, app: Application, release: Release, root: Path) -> None:
        self._app = app
        self._release = release
        self._root = root
        self._site = Site(app.settings.address, app.settings.language)
        self._visitor = Visitor(app, self._site, root)
        self._copy = Copy(self._site)

    async def do(self, task: str, things: Sequence[object]) -> object:
        """Do a task; gives what came of it, or what went wrong."""
        try:
            return await getattr(self, task)(things)
        except (InterkommunalError, OSError) as error:
            return error

    async def begin(self, _: Sequence[object]) -> tuple[list[str], Visited]:
        """Write the note on what needs the server, and find out where the walk begins."""
        written = Visited(NOTE, Entry("page"))
        for language in LANGUAGES:
            name = self._site.file(NOTE, language, page=True)
            text = await note(self._app, self._site, self._release.identifier, language)
            write(self._root, name, text.encode())
            written.entry.files[language] = name
            written.drafts.append(Draft(name, "page", NOTE, language))
        return await seeds(self._app, self._release), written

    async def visit(self, visits: Sequence[Visit]) -> list[Visited]:
        """Visit places."""
        free = asyncio.Semaphore(_AT_ONCE)

        async def one(place: Place, query: str) -> Visited:
            async with free:
                return await self._visitor.visit(place, query)

        return await asyncio.gather(*(one(*visit) for visit in visits))

    async def compare(self, visits: Sequence[tuple[Place, str, str]]) -> list[Visit]:
        """Those of the queries that give the same as the file."""
        return [(place, query) for place, query, file in visits if await self._visitor.is_same(place, query, file)]

    async def learn(self, copies: Sequence[Copy]) -> None:
        """Remember what became of all places."""
        (self._copy,) = copies

    async def turn(self, drafts: Sequence[Draft]) -> int:
        """Turn the links of files."""
        for draft in drafts:
            turn(self._root, self._copy, draft)
        return len(drafts)
