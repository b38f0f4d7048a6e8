"""Visits one address: asks for it, writes down every answer, and says what it leads to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from starlette.types import ASGIApp

from interkommunal.errors import ExportError
from interkommunal.export import links, tree
from interkommunal.export.addresses import Entry, Place, Site, has_suffix
from interkommunal.export.asking import Answer, ask
from interkommunal.export.description import without_services
from interkommunal.export.folder import write
from interkommunal.texts import LANGUAGES, Language

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


@dataclass(frozen=True, slots=True)
class Draft:
    """A file whose links are still those of the server.

    Attributes:
        name: of the file. kind: how its links are found. place: what it is a file for. language: of the file.
        suffix: of the pages that a page of a feed leads to.
    """

    name: str
    kind: Literal["page", "style", "map", "feed"]
    place: Place
    language: Language
    suffix: str = ""


@dataclass(slots=True)
class Visited:
    """What came of a visit.

    Attributes:
        place: what was asked for. entry: what became of it.
        drafts: files that it wrote whose links must be turned.
        onward: places to go on to, with their queries, and whether a reader is led there by a link.
        alike: places with a query that may give the same file as without it.
        nodes: the IRIs by which pages of feeds name each other.
    """

    place: Place
    entry: Entry
    drafts: list[Draft] = field(default_factory=list)
    onward: dict[tuple[Place, str], bool] = field(default_factory=dict)
    alike: set[tuple[Place, str]] = field(default_factory=set)
    nodes: set[str] = field(default_factory=set)


class Visitor:
    """Visits addresses of an application.

    Args:
        app: the application. site: its addresses. root: folder of the copy.
    """

    def __init__(self, app: ASGIApp, site: Site, root: Path) -> None:
        self._app = app
        self._site = site
        self._root = root

    async def visit(self, place: Place, query: str) -> Visited:
        """Ask for a place, and write down what comes back.

        Raises:
            ExportError: the application fails. OSError: a file cannot be written.
        """
        asked = "&".join(filter(None, [query, f"page={place.page}" if place.page else ""]))
        answer = await ask(self._app, place.path, asked, self._site.language)
        visited = Visited(place, Entry("server"))
        location = answer.headers.get("location", "")
        if answer.status in (301, 302, 303, 307, 308) and location:
            link = self._site.link(location, place)
            self._lead(visited, link.place if link else None)
        elif answer.status >= 500:
            raise ExportError(
                f"the page {place.path} cannot be made (status {answer.status}); try it on a server first"
            )
        elif answer.status == 410:
            self._gone(visited, answer)
        elif answer.status != 200:
            visited.entry = Entry("missing", status=answer.status)
        elif answer.media_type == _HTML and place.path.endswith(".html"):
            # The page by the name of its format.
            self._lead(visited, Place(place.path.removesuffix(".html"), place.page), query)
        elif answer.media_type == _HTML:
            await self._page(visited, asked, answer)
        elif place.page:
            pass  # data by pages is for harvesters that ask a server; the copy has it whole
        elif has_suffix(place.path):
            await self._file(visited, asked, answer)
        else:
            self._unnamed(visited, answer)
        return visited

    async def is_same(self, place: Place, query: str, file: str) -> bool:
        """Whether a query gives the same file as none: the usual order of a table, say."""
        answer = await ask(self._app, place.path, query, self._site.language)
        return answer.status == 200 and answer.body == (self._root / file).read_bytes()

    def _lead(self, visited: Visited, target: Place | None, query: str = "") -> None:
        if target is None:
            visited.entry = Entry("missing")
            return
        visited.entry = Entry("alias", target=target)
        visited.onward.setdefault((target, query), False)

    def _gone(self, visited: Visited, answer: Answer) -> None:
        """What was deleted: the copy has its last version instead, if the server knows it."""
        mementos = links.field_links(answer.headers.get("link", ""), "predecessor-version memento")
        link = next((self._site.link(target, visited.place) for target in mementos), None)
        self._lead(visited, link.place if link else None)
        visited.entry.status = answer.status

    async def _page(self, visited: Visited, asked: str, answer: Answer) -> None:
        place, site = visited.place, self._site
        visited.entry = Entry("page")
        for language in LANGUAGES:
            found = answer if language == site.language else await ask(self._app, place.path, asked, language)
            name = site.file(place, language, page=True)
            visited.entry.files[language] = name
            visited.drafts.append(Draft(name, "page", place, language))
            write(self._root, name, found.body)
            self._follow(visited, links.page_links(found.body.decode()))
            self._follow(visited, links.field_links(found.headers.get("link", "")))

    async def _file(self, visited: Visited, asked: str, answer: Answer) -> None:
        place, site = visited.place, self._site
        visited.entry = Entry("file")
        for language in LANGUAGES:
            found = answer
            if language != site.language:
                if answer.media_type in _ONE_LANGUAGE or "language" not in answer.headers.get("vary", "").lower():
                    continue
                found = await ask(self._app, place.path, asked, language)
                if found.body == answer.body:
                    continue
            name = site.file(place, language, page=False)
            visited.entry.files[language] = name
            body = found.body
            if place.path.startswith(tuple(f"{path}." for path in _DESCRIPTIONS)):
                body = without_services(body, place.path.rpartition(".")[2])
            write(self._root, name, body)
            self._feed(visited, name, language, body)
            if answer.media_type == _DRAWING:
                visited.drafts.append(Draft(name, "page", place, language))
                self._follow(visited, links.page_links(body.decode()))
            elif answer.media_type == _STYLE:
                visited.drafts.append(Draft(name, "style", place, site.language))
                self._follow(visited, links.style_links(body.decode()))
            elif place.path.startswith("/sitemap"):
                visited.drafts.append(Draft(name, "map", Place("/"), site.language))
                self._follow(visited, links.map_links(body.decode()))

    def _feed(self, visited: Visited, name: str, language: Language, body: bytes) -> None:
        """Go on along a feed, in the same format; from Turtle in TriG, for pages with members have no Turtle."""
        suffix = visited.place.path.rpartition(".")[2]
        named = tree.nodes(body, suffix)
        if named:
            following = "trig" if suffix == "ttl" else suffix
            visited.drafts.append(Draft(name, "feed", visited.place, language, following))
            visited.nodes |= named
            self._follow(visited, [f"{iri}.{following}" for iri in sorted(named)])

    def _unnamed(self, visited: Visited, answer: Answer) -> None:
        """An answer for programs at an address without suffix: the file with the suffix if there is one."""
        location = answer.headers.get("content-location", "")
        link = self._site.link(location, visited.place) if location else None
        if link is not None and link.place != visited.place and has_suffix(link.place.path):
            self._lead(visited, link.place)

    def _follow(self, visited: Visited, targets: Iterable[str]) -> None:
        for target in targets:
            link = self._site.link(target, visited.place)
            if link is None:
                continue
            if link.place.page:
                # What follows a page that is here; its order is that of the page.
                if link.place.path == visited.place.path:
                    visited.onward[link.place, link.query] = True
                continue
            suffixed = has_suffix(link.place.path)
            if not link.query or link.fragment or suffixed:
                visited.onward[link.place, ""] = True
            if link.query and suffixed:
                visited.alike.add((link.place, link.query))
