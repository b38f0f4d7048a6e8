"""Walks through the site, in this process, and writes down every answer: pages in both languages, files once.

The walk starts at what the application and the release name (routes without parameters, every IRI, the site map) and
goes on along links. Pages are written as they come; their links are turned into those of files when all is known.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from starlette.types import ASGIApp

from interkommunal.errors import ExportError
from interkommunal.export import links, tree
from interkommunal.export.addresses import Entry, Place, Site, has_suffix, needs_server
from interkommunal.export.asking import Answer, ask
from interkommunal.export.description import without_services
from interkommunal.export.folder import write
from interkommunal.http.language import LANGUAGES, Language

_AT_ONCE: Final = 4
_HTML: Final = "text/html"
_DRAWING: Final = "image/svg+xml"
_STYLE: Final = "text/css"
# The same whoever reads it.
_ONE_LANGUAGE: Final = frozenset(
    {
        "application/ld+json",
        "application/linkset+json",
        "application/n-quads",
        "application/n-triples",
        "application/rdf+xml",
        "application/trig",
        "application/gzip",
        "application/zstd",
        "text/turtle",
        "text/css",
        "text/javascript",
        "font/woff2",
    }
)
_DESCRIPTIONS: Final = ("/catalog", "/void")

Tell = Callable[[str, int, int], None]


@dataclass
class Copy:
    """What has been written so far.

    Attributes:
        root: folder of the copy. site: its addresses. entries: what became of each place.
        drawings, styles, pages: names of files whose links are still those of the server, with their places.
        maps: names of site maps. came_from: a page that leads to each place, for messages.
        feeds: suffixes of pages of feeds by name of file; nodes: the IRIs by which they name each other.
        same: places with a query that gives the same file as without it.
    """

    root: Path
    site: Site
    entries: dict[Place, Entry] = field(default_factory=dict)
    pages: dict[str, tuple[Place, Language]] = field(default_factory=dict)
    styles: dict[str, Place] = field(default_factory=dict)
    maps: list[str] = field(default_factory=list)
    came_from: dict[Place, str] = field(default_factory=dict)
    feeds: dict[str, str] = field(default_factory=dict)
    nodes: set[str] = field(default_factory=set)
    same: set[tuple[Place, str]] = field(default_factory=set)

    @property
    def missing(self) -> list[tuple[Place, int, str]]:
        """Places that some page leads to and that the server does not have: place, status, and who leads there."""
        return [
            (place, entry.status, self.came_from.get(place, ""))
            for place, entry in self.entries.items()
            if entry.kind == "missing" and place in self.came_from
        ]

    def resolved(self, place: Place) -> tuple[Place, Entry] | None:
        """What a place stands for in the end."""
        for _ in range(5):
            entry = self.entries.get(place)
            if entry is None or entry.kind != "alias" or entry.target is None:
                return None if entry is None else (place, entry)
            place = entry.target
        return None


class Walk:
    """A walk through an application.

    Args:
        app: the application. copy: what to fill. tell: told the path, how many are done, and of how many.
    """

    def __init__(self, app: ASGIApp, copy: Copy, tell: Tell) -> None:
        self._app = app
        self._copy = copy
        self._tell = tell
        self._waiting: asyncio.Queue[tuple[Place, str]] = asyncio.Queue()
        self._alike: set[tuple[Place, str]] = set()
        self._seen: set[Place] = set()
        self._done = 0

    async def run(self, seeds: Iterable[str]) -> None:
        """Walk from the paths ``seeds``.

        Raises:
            ExportError: the application fails, or a file cannot be written.
        """
        for path in seeds:
            self._add(Place(path), "", "")
        workers = [asyncio.create_task(self._work()) for _ in range(_AT_ONCE)]
        finished = asyncio.create_task(self._waiting.join())
        try:
            await asyncio.wait([finished, *workers], return_when=asyncio.FIRST_COMPLETED)
            for worker in workers:
                if worker.done():
                    worker.result()
            await self._compare()
        finally:
            for task in (finished, *workers):
                task.cancel()
            await asyncio.gather(finished, *workers, return_exceptions=True)

    async def _compare(self) -> None:
        """Find the queries that give the same file as none: the usual order of a table, say."""
        for place, query in sorted(self._alike):
            entry = self._copy.entries.get(place)
            if entry is None or entry.kind != "file":
                continue
            answer = await ask(self._app, place.path, query, self._copy.site.language)
            file = self._copy.root / entry.files[self._copy.site.language]
            if answer.status == 200 and answer.body == file.read_bytes():
                self._copy.same.add((place, query))

    async def _work(self) -> None:
        while True:
            place, query = await self._waiting.get()
            await self._visit(place, query)
            self._done += 1
            self._tell(place.path, self._done, len(self._seen))
            self._waiting.task_done()

    def _add(self, place: Place, query: str, source: str) -> None:
        if source:
            self._copy.came_from.setdefault(place, source)
        if place in self._seen:
            return
        self._seen.add(place)
        if needs_server(place.path):
            self._copy.entries[place] = Entry("server")
        else:
            self._waiting.put_nowait((place, query))

    async def _visit(self, place: Place, query: str) -> None:
        copy, site = self._copy, self._copy.site
        asked = "&".join(filter(None, [query, f"page={place.page}" if place.page else ""]))
        answer = await ask(self._app, place.path, asked, site.language)
        location = answer.headers.get("location", "")
        if answer.status in (301, 302, 303, 307, 308) and location:
            link = site.link(location, place)
            copy.entries[place] = Entry("alias" if link else "missing", target=link.place if link else None)
            if link:
                self._add(link.place, "", "")
            return
        if answer.status >= 500:
            raise ExportError(
                f"the page {place.path} cannot be made (status {answer.status}); try it on a server first"
            )
        if answer.status != 200:
            copy.entries[place] = Entry("missing", status=answer.status)
            return
        if answer.media_type == _HTML and place.path.endswith(".html"):
            # The page by the name of its format.
            named = Place(place.path.removesuffix(".html"), place.page)
            copy.entries[place] = Entry("alias", target=named)
            self._add(named, query, "")
        elif answer.media_type == _HTML:
            await self._page(place, asked, answer)
        elif place.page:
            # Data by pages is for harvesters that ask a server; the copy has it whole.
            copy.entries[place] = Entry("server")
        elif has_suffix(place.path):
            await self._file(place, asked, answer)
        else:
            self._unnamed(place, answer)

    async def _page(self, place: Place, asked: str, answer: Answer) -> None:
        copy, site = self._copy, self._copy.site
        entry = Entry("page")
        for language in LANGUAGES:
            found = answer if language == site.language else await ask(self._app, place.path, asked, language)
            name = site.file(place, language, page=True)
            entry.files[language] = name
            copy.pages[name] = (place, language)
            write(copy.root, name, found.body)
            self._follow(links.page_links(found.body.decode()), place)
            self._follow(links.field_links(found.headers.get("link", "")), place)
        copy.entries[place] = entry

    async def _file(self, place: Place, asked: str, answer: Answer) -> None:
        copy, site = self._copy, self._copy.site
        entry = Entry("file")
        for language in LANGUAGES:
            found = answer
            if language != site.language:
                if answer.media_type in _ONE_LANGUAGE or "language" not in answer.headers.get("vary", "").lower():
                    continue
                found = await ask(self._app, place.path, asked, language)
                if found.body == answer.body:
                    continue
            name = site.file(place, language, page=False)
            entry.files[language] = name
            body = found.body
            if place.path.startswith(tuple(f"{path}." for path in _DESCRIPTIONS)):
                body = without_services(body, place.path.rpartition(".")[2])
            write(copy.root, name, body)
            self._feed(name, place, body)
            if answer.media_type == _DRAWING:
                copy.pages[name] = (place, language)
                self._follow(links.page_links(body.decode()), place)
            elif answer.media_type == _STYLE:
                copy.styles[name] = place
                self._follow(links.style_links(body.decode()), place)
            elif place.path.startswith("/sitemap"):
                copy.maps.append(name)
                self._follow(links.map_links(body.decode()), place)
        copy.entries[place] = entry

    def _feed(self, name: str, place: Place, body: bytes) -> None:
        """Go on along a feed, in the same format; from Turtle in TriG, for pages with members have no Turtle."""
        suffix = place.path.rpartition(".")[2]
        named = tree.nodes(body, suffix)
        if named:
            following = "trig" if suffix == "ttl" else suffix
            self._copy.feeds[name] = following
            self._copy.nodes |= named
            self._follow([f"{iri}.{following}" for iri in sorted(named)], place)

    def _unnamed(self, place: Place, answer: Answer) -> None:
        """An answer for programs at an address without suffix: the file with the suffix if there is one."""
        location = answer.headers.get("content-location", "")
        link = self._copy.site.link(location, place) if location else None
        if link is not None and link.place != place and has_suffix(link.place.path):
            self._copy.entries[place] = Entry("alias", target=link.place)
            self._add(link.place, "", "")
        else:
            self._copy.entries[place] = Entry("server")

    def _follow(self, targets: Iterable[str], place: Place) -> None:
        for target in targets:
            link = self._copy.site.link(target, place)
            if link is None:
                continue
            if link.place.page:
                # What follows a page that is here; its order is that of the page.
                if link.place.path == place.path:
                    self._add(link.place, link.query, place.path)
                continue
            suffixed = has_suffix(link.place.path)
            if not link.query or link.fragment or suffixed:
                self._add(link.place, "", place.path)
            if link.query and suffixed:
                self._alike.add((link.place, link.query))
