"""The handlers of the feeds: root, pages, members and publications, as data by negotiation or as pages for people."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from pyoxigraph import Quad
from starlette.requests import Request
from starlette.responses import Response

from interkommunal.harvest.documents import Shelf
from interkommunal.harvest.feed import atom
from interkommunal.harvest.feed.desk import FOREVER, PER_PAGE, Desk, chosen_form, data, headers, links
from interkommunal.harvest.feed.formats import SHAPE, WITH_MEMBERS, WITHOUT_MEMBERS
from interkommunal.harvest.feed.reading import changed
from interkommunal.harvest.feed.shape import shape
from interkommunal.harvest.feed.stream import Part, Stream
from interkommunal.release import formats
from interkommunal.release.history import GRAPH, Publication
from interkommunal.site.answers import redirect
from interkommunal.site.dates import moment_in_words
from interkommunal.site.errors import Missing
from interkommunal.site.visit import Visit
from interkommunal.texts import Text
from interkommunal.web.formats import HTML, Format
from interkommunal.web.problems import Problem, RequestProblem
from interkommunal.web.representation import Representation

_STREAM: Final = re.compile(r"[0-9a-f]{8}")
_N_QUADS: Final = "application/n-quads"


class Root:
    """``/feed``: where harvesters begin, and for people the list of what was published."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD."""
        desk = self._desk
        visit = desk.house.visit(request, ("page",))
        form = chosen_form(visit, str(request.path_params.get("suffix", "")), WITHOUT_MEMBERS)
        shelf, stream = desk.stream()
        if form is HTML:
            meaning = ("root", form.suffix, visit.language, visit.page)
            return await desk.answer(visit, shelf, meaning, lambda: self._page(shelf, stream, visit))

        def make() -> Representation:
            further = links(stream.root.value, WITHOUT_MEMBERS)
            return data(stream.context(), form, desk.house.cache_control, stream.root.value, further)

        return await desk.answer(visit, shelf, ("root", form.suffix), make)

    def _page(self, shelf: Shelf, stream: Stream, visit: Visit) -> Representation:
        house, language = self._desk.house, visit.language
        counts = stream.history.counts(stream.view)
        newest = list(reversed(stream.history.publications))
        pages = max(1, -(-len(newest) // PER_PAGE))
        if visit.page > pages:
            raise Missing(visit.path)
        kept = {release.identifier for release in shelf.versions.kept}
        rows = [
            {
                "time": publication.time,
                "moment": moment_in_words(publication.time, language),
                "release": publication.release,
                "is_kept": publication.release in kept,
                "summary": atom.counted(counts.get(publication.number, {}), language),
                "href": house.address(f"{stream.base}/publications/{publication.number}"),
            }
            for publication in newest[(visit.page - 1) * PER_PAGE : visit.page * PER_PAGE]
        ]
        frame = house.framed(language, shelf.release, f"{stream.path}", visit.parameters)
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
        form = chosen_form(visit, suffix, WITH_MEMBERS)
        if form is HTML:
            return await self._people(visit, shelf, stream, page, None)
        return await self._data(visit, shelf, stream, page, form, lambda: stream.of_page(page))

    async def _index(self, visit: Visit, shelf: Shelf, stream: Stream, number: int, suffix: str) -> Response:
        index = stream.index(number)
        if index is None:
            raise Missing(visit.path)
        offers = tuple(form for form in WITHOUT_MEMBERS if form is not HTML)
        form = chosen_form(visit, suffix, offers)
        return await self._data(visit, shelf, stream, index, form, lambda: stream.of_index(index))

    async def _member(self, visit: Visit, shelf: Shelf, stream: Stream, number: int, suffix: str) -> Response:
        if not 1 <= number <= stream.length:
            raise Missing(visit.path)
        part = Part("members", number, number, number, True)
        if suffix == "statements.nq":
            return await self._statements(visit, shelf, stream, part)
        form = chosen_form(visit, suffix, WITH_MEMBERS)
        if form is HTML:
            return await self._people(visit, shelf, stream, part, None)

        def quads() -> Iterable[Quad]:
            (entry,) = stream.history.entries(stream.view, number, number)
            return stream.of_member(entry)

        return await self._data(visit, shelf, stream, part, form, quads)

    async def _statements(self, visit: Visit, shelf: Shelf, stream: Stream, part: Part) -> Response:
        def make() -> Representation:
            (entry,) = stream.history.entries(stream.view, part.number, part.number)
            return Representation(stream.text(entry), headers(_N_QUADS, FOREVER))

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
        further = [*links(own, WITH_MEMBERS), f'<{stream.root.value}>; rel="collection"']
        return await self._desk.answer(
            visit, shelf, (part, form.suffix), lambda: data(quads(), form, lasting, own, further)
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
        pages = max(1, -(-(part.last - part.first + 1) // PER_PAGE))
        if visit.page > pages:
            raise Missing(visit.path)
        lexicon = (await house.editions.current()).lexicon

        def make() -> Representation:
            first = part.first + (visit.page - 1) * PER_PAGE
            entries = stream.history.entries(stream.view, first, min(part.last, first + PER_PAGE - 1))
            path = f"{stream.base}/{part.kind}/{part.number}"
            told = publication or (entries[0].publication if part.kind == "members" else None)
            return house.page(
                "changes.html",
                house.framed(language, shelf.release, path, visit.parameters),
                rows=changed(stream, entries, house.site, language, lexicon),
                total=part.last - part.first + 1,
                page=visit.page,
                pages=pages,
                path=path,
                title=_title(part, told, language),
                lead=moment_in_words(told.time, language) if told else "",
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
            return Representation(body, headers(SHAPE.content_type, house.cache_control))

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
            fields = headers(f"{atom.MEDIA_TYPE}; charset=utf-8", desk.house.cache_control, vary, language)
            return Representation(body, fields)

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
            "gone",
            Text(
                f"Diesen Strom von Änderungen gibt es nicht (mehr). Beginnen Sie neu bei {stream.root.value}.",
                f"There is no such stream of changes (any more). Begin again at {stream.root.value}.",
            ),
            {"feed": stream.root.value},
        )
    )


def _title(part: Part, publication: Publication | None, language: str) -> str:
    german = language == "de"
    if part.kind == "publications" and publication:
        return f"{'Ausgabe' if german else 'Release'} {publication.release}"
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
