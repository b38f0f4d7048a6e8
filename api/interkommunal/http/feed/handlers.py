"""The handlers of the feeds: root, pages, members and publications, as data by negotiation or as pages for people."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Quad
from starlette.requests import Request
from starlette.responses import Response

from interkommunal.http.feed import atom
from interkommunal.http.feed.formats import SHAPE, WITH_MEMBERS, WITHOUT_MEMBERS, write
from interkommunal.http.feed.reading import changed, moment
from interkommunal.http.feed.shape import shape
from interkommunal.http.feed.stream import Part, Stream
from interkommunal.http.formats import HTML, Format
from interkommunal.http.harvesting.documents import VARY, Documents, Shelf
from interkommunal.http.language import Text
from interkommunal.http.negotiation import choose
from interkommunal.http.pages.answers import redirect
from interkommunal.http.pages.errors import Missing
from interkommunal.http.pages.house import House
from interkommunal.http.pages.visit import Visit
from interkommunal.http.problems import Header, Problem, RequestProblem, not_acceptable
from interkommunal.http.representation import CORS, Representation
from interkommunal.release import formats
from interkommunal.release.history import GRAPH, Publication

FOREVER: Final = "public, max-age=31536000, immutable"
# Where the change of a catalogue is told, and where that of the graph.
PATHS: Final = {"graph": "/feed", "catalogue": "/catalog/feed"}
_PER_PAGE: Final = 50
_STREAM: Final = re.compile(r"[0-9a-f]{8}")
_N_QUADS: Final = "application/n-quads"


@dataclass(frozen=True)
class Desk:
    """What these handlers share.

    Attributes:
        house: what all pages share. documents: know what lies on the shelf.
        view: which view of the change table. polling: seconds after which it is worth coming back.
    """

    house: House
    documents: Documents
    view: str
    polling: int

    @property
    def path(self) -> str:
        """Of the root node."""
        return PATHS[self.view]

    def stream(self) -> tuple[Shelf, Stream]:
        """The shelf and its stream.

        Raises:
            RequestProblem: there is no change table.
        """
        shelf = self.documents.shelf
        if shelf.history is None:
            raise RequestProblem(_NO_HISTORY)
        return shelf, Stream(shelf.history, self.view, self.house.site.url, self.path, self.polling)

    async def answer(
        self, visit: Visit, shelf: Shelf, meaning: tuple[object, ...], make: Callable[[], Representation]
    ) -> Response:
        """The answer that ``meaning`` stands for while this is on the shelf; made in a thread."""
        assert shelf.history is not None
        key = ("feed", self.view, shelf.release.identifier, shelf.history.stamp, *meaning)
        return await self.house.kept.answer(visit, key, lambda: asyncio.to_thread(make), self.house.site.prefix)


class Root:
    """``/feed``: where harvesters begin, and for people the list of what was published."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD."""
        desk = self._desk
        visit = desk.house.visit(request, ("page",))
        form = _form(visit, str(request.path_params.get("suffix", "")), WITHOUT_MEMBERS)
        shelf, stream = desk.stream()
        if form is HTML:
            meaning = ("root", form.suffix, visit.language, visit.page)
            return await desk.answer(visit, shelf, meaning, lambda: self._page(shelf, stream, visit))

        def make() -> Representation:
            links = _links(stream.root.value, WITHOUT_MEMBERS)
            return _data(stream.context(), form, desk.house.cache_control, stream.root.value, links)

        return await desk.answer(visit, shelf, ("root", form.suffix), make)

    def _page(self, shelf: Shelf, stream: Stream, visit: Visit) -> Representation:
        house, language = self._desk.house, visit.language
        counts = stream.history.counts(stream.view)
        newest = list(reversed(stream.history.publications))
        pages = max(1, -(-len(newest) // _PER_PAGE))
        if visit.page > pages:
            raise Missing(visit.path)
        kept = {release.identifier for release in shelf.versions.kept}
        rows = [
            {
                "time": publication.time,
                "moment": moment(publication.time, language),
                "release": publication.release,
                "is_kept": publication.release in kept,
                "summary": atom.counted(counts.get(publication.number, {}), language),
                "href": house.address(f"{stream.base}/publications/{publication.number}"),
            }
            for publication in newest[(visit.page - 1) * _PER_PAGE : visit.page * _PER_PAGE]
        ]
        frame = house.framed(language, shelf.release, f"{stream.path}.html", visit.parameters)
        return house.page(
            "feed.html",
            frame,
            rows=rows,
            page=visit.page,
            pages=pages,
            stream=stream,
            is_graph=stream.view == GRAPH,
            formats=[form for form in WITHOUT_MEMBERS if form is not HTML],
        )


class Node:
    """``/feed/{stream}/{kind}/{number}``: pages, indexes, members, and publications for people."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD.

        Raises:
            Missing: 404. RequestProblem: 406; 410 for a stream that was given up.
        """
        desk = self._desk
        visit = desk.house.visit(request, ("page",))
        shelf, stream = desk.stream()
        kind, number, suffix = (str(request.path_params[name]) for name in ("kind", "number", "suffix"))
        _check(str(request.path_params["stream"]), stream, visit)
        if not number.isdecimal() or len(number) > 12:
            raise Missing(visit.path)
        makers = {"pages": self._page, "indexes": self._index, "members": self._member}
        if kind == "publications":
            return await self._publication(visit, shelf, stream, int(number))
        if kind not in makers:
            raise Missing(visit.path)
        return await makers[kind](visit, shelf, stream, int(number), suffix)

    async def _page(self, visit: Visit, shelf: Shelf, stream: Stream, number: int, suffix: str) -> Response:
        page = stream.page(number)
        if page is None:
            raise Missing(visit.path)
        form = _form(visit, suffix, WITH_MEMBERS)
        if form is HTML:
            return await self._people(visit, shelf, stream, page, None)
        return await self._data(visit, shelf, stream, page, form, lambda: stream.of_page(page))

    async def _index(self, visit: Visit, shelf: Shelf, stream: Stream, number: int, suffix: str) -> Response:
        index = stream.index(number)
        if index is None:
            raise Missing(visit.path)
        offers = tuple(form for form in WITHOUT_MEMBERS if form is not HTML)
        form = _form(visit, suffix, offers)
        return await self._data(visit, shelf, stream, index, form, lambda: stream.of_index(index))

    async def _member(self, visit: Visit, shelf: Shelf, stream: Stream, number: int, suffix: str) -> Response:
        if not 1 <= number <= stream.length:
            raise Missing(visit.path)
        part = Part("members", number, number, number, True)
        if suffix == "statements.nq":
            return await self._statements(visit, shelf, stream, part)
        form = _form(visit, suffix, WITH_MEMBERS)
        if form is HTML:
            return await self._people(visit, shelf, stream, part, None)

        def quads() -> Iterable[Quad]:
            (entry,) = stream.history.entries(stream.view, number, number)
            return stream.of_member(entry)

        return await self._data(visit, shelf, stream, part, form, quads)

    async def _statements(self, visit: Visit, shelf: Shelf, stream: Stream, part: Part) -> Response:
        def make() -> Representation:
            (entry,) = stream.history.entries(stream.view, part.number, part.number)
            return Representation(stream.text(entry), _headers(_N_QUADS, FOREVER))

        return await self._desk.answer(visit, shelf, ("statements", part.number), make)

    async def _data(
        self,
        visit: Visit,
        shelf: Shelf,
        stream: Stream,
        part: Part,
        form: Format,
        quads: Callable[[], Iterable[Quad]],
    ) -> Response:
        own = stream.node(part.kind, part.number).value
        lasting = FOREVER if part.complete else self._desk.house.cache_control
        links = [*_links(own, WITH_MEMBERS), f'<{stream.root.value}>; rel="collection"']
        return await self._desk.answer(
            visit, shelf, (part, form.suffix), lambda: _data(quads(), form, lasting, own, links)
        )

    async def _publication(self, visit: Visit, shelf: Shelf, stream: Stream, number: int) -> Response:
        if not 1 <= number <= len(stream.history.publications):
            raise Missing(visit.path)
        publication = stream.history.publications[number - 1]
        span = stream.history.span(stream.view, publication) or (1, 0)
        return await self._people(visit, shelf, stream, Part("publications", number, *span, True), publication)

    async def _people(
        self, visit: Visit, shelf: Shelf, stream: Stream, part: Part, publication: Publication | None
    ) -> Response:
        house, language = self._desk.house, visit.language
        pages = max(1, -(-(part.last - part.first + 1) // _PER_PAGE))
        if visit.page > pages:
            raise Missing(visit.path)

        def make() -> Representation:
            first = part.first + (visit.page - 1) * _PER_PAGE
            entries = stream.history.entries(stream.view, first, min(part.last, first + _PER_PAGE - 1))
            path = f"{stream.base}/{part.kind}/{part.number}"
            told = publication or (entries[0].publication if part.kind == "members" else None)
            return house.page(
                "changes.html",
                house.framed(language, shelf.release, path, visit.parameters),
                rows=changed(stream, entries, house.site, language),
                total=part.last - part.first + 1,
                page=visit.page,
                pages=pages,
                path=path,
                title=_title(part, told, language),
                lead=moment(told.time, language) if told else "",
                crumb=(stream.path, Text("Änderungen", "Changes").in_(language)),
                patch=_patch(shelf, told) if publication else None,
            )

        return await self._desk.answer(visit, shelf, (part, "html", language, visit.page), make)


class Shape:
    """``/feed/shape``: what a member looks like."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD."""
        house, visit = self._desk.house, self._desk.house.visit(request)

        async def make() -> Representation:
            body = formats.turtle(shape(house.site.url))
            return Representation(body, _headers(SHAPE.content_type, house.cache_control))

        return await house.kept.answer(visit, ("feed", "shape"), make, house.site.prefix)


class Atom:
    """``/feed.atom``: for people who read feeds, in the language of ``lang`` or of the reader."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD."""
        desk = self._desk
        visit = desk.house.visit(request)
        shelf, stream = desk.stream()

        def make() -> Representation:
            body = atom.atom(stream, desk.house.site, visit.language, desk.house.operator.name)
            vary = (b"vary", b"Accept-Language, Accept-Encoding, Cookie")
            language = (b"content-language", visit.language.encode())
            headers = _headers(f"{atom.MEDIA_TYPE}; charset=utf-8", desk.house.cache_control, vary, language)
            return Representation(body, headers)

        return await desk.answer(visit, shelf, ("atom", visit.language), make)


class Home:
    """``/feed/{stream}``: the IRI of a stream leads to its root."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD."""
        _, stream = self._desk.stream()
        _check(str(request.path_params["stream"]), stream, self._desk.house.visit(request))
        return redirect(stream.root.value)


def _check(given: str, stream: Stream, visit: Visit) -> None:
    if given == stream.history.stream:
        return
    if not _STREAM.fullmatch(given):
        raise Missing(visit.path)
    raise RequestProblem(
        Problem(
            "not-found",
            Text(
                f"Diesen Strom von Änderungen gibt es nicht (mehr). Beginnen Sie neu bei {stream.root.value}.",
                f"There is no such stream of changes (any more). Begin again at {stream.root.value}.",
            ),
            {"feed": stream.root.value},
            status_given=410,
        )
    )


def _form(visit: Visit, suffix: str, offers: tuple[Format, ...]) -> Format:
    if suffix:
        found = next((form for form in offers if form.suffix == suffix), None)
        if found is None:
            raise Missing(visit.path)
        return found
    form = choose(visit.accept, offers)
    if form is None:
        raise not_acceptable([item.media_type for item in offers], [item.suffix for item in offers])
    return form


def _data(quads: Iterable[Quad], form: Format, lasting: str, own: str, links: list[str]) -> Representation:
    location = (b"content-location", f"{own}.{form.suffix}".encode())
    headers = _headers(form.content_type, lasting, VARY, location, (b"link", ", ".join(links).encode()))
    return Representation(write(quads, form), headers)


def _headers(content_type: str, lasting: str, *further: Header) -> tuple[Header, ...]:
    vary = () if any(name == b"vary" for name, _ in further) else ((b"vary", b"Accept-Encoding"),)
    return (
        (b"content-type", content_type.encode()),
        (b"cache-control", lasting.encode()),
        (b"x-content-type-options", b"nosniff"),
        *CORS,
        *vary,
        *further,
    )


def _links(own: str, offers: tuple[Format, ...]) -> list[str]:
    return [f'<{own}.{form.suffix}>; rel="alternate"; type="{form.media_type}"' for form in offers]


def _title(part: Part, publication: Publication | None, language: str) -> str:
    german = language == "de"
    if part.kind == "publications" and publication:
        return f"{'Veröffentlichung' if german else 'Release'} {publication.release}"
    if part.kind == "members":
        return f"{'Änderung' if german else 'Change'} {part.number}"
    return f"{'Änderungen' if german else 'Changes'} {part.first}–{part.last}"


def _patch(shelf: Shelf, publication: Publication | None) -> str | None:
    """Path of the difference as a patch, while both releases are kept."""
    if publication is None or publication.before is None:
        return None
    kept = {release.identifier for release in shelf.versions.kept}
    if {publication.release, publication.before} <= kept:
        return f"/release/{publication.release}/since/{publication.before}"
    return None


_NO_HISTORY: Final = Problem(
    "unavailable",
    Text(
        "Dieser Server hat noch keine lesbare Änderungstabelle; „interkommunal build“ legt sie an, "
        "„interkommunal releases rebuild“ legt eine beschädigte neu an.",
        "This server has no readable change table yet; interkommunal build makes one, interkommunal releases rebuild "
        "makes a damaged one anew.",
    ),
)
