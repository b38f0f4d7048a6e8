"""The handlers of the feeds: root, pages, members and publications, as data by negotiation or as pages for people."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from pyoxigraph import Quad
from starlette.requests import Request
from starlette.responses import Response

from interkommunal.dates import moment_in_words
from interkommunal.harvest.documents import Shelf
from interkommunal.harvest.feed import atom
from interkommunal.harvest.feed.context import FOREVER, PER_PAGE, FeedContext, chosen_form, data, headers, links
from interkommunal.harvest.feed.formats import SHAPE, WITH_MEMBERS, WITHOUT_MEMBERS
from interkommunal.harvest.feed.reading import changed
from interkommunal.harvest.feed.shape import shape
from interkommunal.harvest.feed.stream import Part, Stream
from interkommunal.release import formats
from interkommunal.release.history import GRAPH, Publication
from interkommunal.site.answers import redirect
from interkommunal.site.errors import Missing
from interkommunal.site.page_request import PageRequest
from interkommunal.texts import Text
from interkommunal.web.formats import HTML, Format
from interkommunal.web.problems import Problem, RequestProblem
from interkommunal.web.representation import Representation

_STREAM: Final = re.compile(r"[0-9a-f]{8}")
_N_QUADS: Final = "application/n-quads"


class Root:
    """``/feed``: where harvesters begin, and for people the list of what was published."""

    def __init__(self, feed_context: FeedContext) -> None:
        self._feed_context = feed_context

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD."""
        feed_context = self._feed_context
        page_request = feed_context.site_context.page_request(request, ("page",))
        form = chosen_form(page_request, str(request.path_params.get("suffix", "")), WITHOUT_MEMBERS)
        shelf, stream = feed_context.stream()
        if form is HTML:
            meaning = ("root", form.suffix, page_request.language, page_request.page)
            return await feed_context.answer(
                page_request, shelf, meaning, lambda: self._page(shelf, stream, page_request)
            )

        def make() -> Representation:
            further = links(stream.root.value, WITHOUT_MEMBERS)
            return data(stream.context(), form, feed_context.site_context.cache_control, stream.root.value, further)

        return await feed_context.answer(page_request, shelf, ("root", form.suffix), make)

    def _page(self, shelf: Shelf, stream: Stream, page_request: PageRequest) -> Representation:
        site_context, language = self._feed_context.site_context, page_request.language
        counts = stream.history.counts(stream.view)
        newest = list(reversed(stream.history.publications))
        pages = max(1, -(-len(newest) // PER_PAGE))
        if page_request.page > pages:
            raise Missing(page_request.path)
        kept = {release.identifier for release in shelf.versions.kept}
        rows = [
            {
                "time": publication.time,
                "moment": moment_in_words(publication.time, language),
                "release": publication.release,
                "is_kept": publication.release in kept,
                "summary": atom.counted(counts.get(publication.number, {}), language),
                "href": site_context.address(f"{stream.base}/publications/{publication.number}"),
            }
            for publication in newest[(page_request.page - 1) * PER_PAGE : page_request.page * PER_PAGE]
        ]
        frame = site_context.framed(language, shelf.release, f"{stream.path}", page_request.parameters)
        return site_context.page(
            "feed.html",
            frame,
            rows=rows,
            page=page_request.page,
            pages=pages,
            stream=stream,
            is_graph=stream.view == GRAPH,
            formats=[form for form in WITHOUT_MEMBERS if form is not HTML],
        )


class Node:
    """``/feed/{stream}/{kind}/{number}``: pages, indexes, members, and publications for people."""

    def __init__(self, feed_context: FeedContext) -> None:
        self._feed_context = feed_context

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD.

        Raises:
            Missing: 404. RequestProblem: 406; 410 for a stream that was given up.
        """
        feed_context = self._feed_context
        page_request = feed_context.site_context.page_request(request, ("page",))
        shelf, stream = feed_context.stream()
        kind, number, suffix = (str(request.path_params[name]) for name in ("kind", "number", "suffix"))
        _check(str(request.path_params["stream"]), stream, page_request)
        if not number.isdecimal() or len(number) > 12:
            raise Missing(page_request.path)
        makers = {"pages": self._page, "indexes": self._index, "members": self._member}
        if kind == "publications":
            return await self._publication(page_request, shelf, stream, int(number))
        if kind not in makers:
            raise Missing(page_request.path)
        return await makers[kind](page_request, shelf, stream, int(number), suffix)

    async def _page(
        self, page_request: PageRequest, shelf: Shelf, stream: Stream, number: int, suffix: str
    ) -> Response:
        page = stream.page(number)
        if page is None:
            raise Missing(page_request.path)
        form = chosen_form(page_request, suffix, WITH_MEMBERS)
        if form is HTML:
            return await self._people(page_request, shelf, stream, page, None)
        return await self._data(page_request, shelf, stream, page, form, lambda: stream.of_page(page))

    async def _index(
        self, page_request: PageRequest, shelf: Shelf, stream: Stream, number: int, suffix: str
    ) -> Response:
        index = stream.index(number)
        if index is None:
            raise Missing(page_request.path)
        offers = tuple(form for form in WITHOUT_MEMBERS if form is not HTML)
        form = chosen_form(page_request, suffix, offers)
        return await self._data(page_request, shelf, stream, index, form, lambda: stream.of_index(index))

    async def _member(
        self, page_request: PageRequest, shelf: Shelf, stream: Stream, number: int, suffix: str
    ) -> Response:
        if not 1 <= number <= stream.length:
            raise Missing(page_request.path)
        part = Part("members", number, number, number, True)
        if suffix == "statements.nq":
            return await self._statements(page_request, shelf, stream, part)
        form = chosen_form(page_request, suffix, WITH_MEMBERS)
        if form is HTML:
            return await self._people(page_request, shelf, stream, part, None)

        def quads() -> Iterable[Quad]:
            (entry,) = stream.history.entries(stream.view, number, number)
            return stream.of_member(entry)

        return await self._data(page_request, shelf, stream, part, form, quads)

    async def _statements(self, page_request: PageRequest, shelf: Shelf, stream: Stream, part: Part) -> Response:
        def make() -> Representation:
            (entry,) = stream.history.entries(stream.view, part.number, part.number)
            return Representation(stream.text(entry), headers(_N_QUADS, FOREVER))

        return await self._feed_context.answer(page_request, shelf, ("statements", part.number), make)

    async def _data(
        self,
        page_request: PageRequest,
        shelf: Shelf,
        stream: Stream,
        part: Part,
        form: Format,
        quads: Callable[[], Iterable[Quad]],
    ) -> Response:
        own = stream.node(part.kind, part.number).value
        lasting = FOREVER if part.complete else self._feed_context.site_context.cache_control
        further = [*links(own, WITH_MEMBERS), f'<{stream.root.value}>; rel="collection"']
        return await self._feed_context.answer(
            page_request, shelf, (part, form.suffix), lambda: data(quads(), form, lasting, own, further)
        )

    async def _publication(self, page_request: PageRequest, shelf: Shelf, stream: Stream, number: int) -> Response:
        if not 1 <= number <= len(stream.history.publications):
            raise Missing(page_request.path)
        publication = stream.history.publications[number - 1]
        span = stream.history.span(stream.view, publication) or (1, 0)
        return await self._people(page_request, shelf, stream, Part("publications", number, *span, True), publication)

    async def _people(
        self, page_request: PageRequest, shelf: Shelf, stream: Stream, part: Part, publication: Publication | None
    ) -> Response:
        site_context, language = self._feed_context.site_context, page_request.language
        pages = max(1, -(-(part.last - part.first + 1) // PER_PAGE))
        if page_request.page > pages:
            raise Missing(page_request.path)
        lexicon = (await site_context.editions.current()).lexicon

        def make() -> Representation:
            first = part.first + (page_request.page - 1) * PER_PAGE
            entries = stream.history.entries(stream.view, first, min(part.last, first + PER_PAGE - 1))
            path = f"{stream.base}/{part.kind}/{part.number}"
            told = publication or (entries[0].publication if part.kind == "members" else None)
            return site_context.page(
                "changes.html",
                site_context.framed(language, shelf.release, path, page_request.parameters),
                rows=changed(stream, entries, site_context.site, language, lexicon),
                total=part.last - part.first + 1,
                page=page_request.page,
                pages=pages,
                path=path,
                title=_title(part, told, language),
                lead=moment_in_words(told.time, language) if told else "",
                crumb=(stream.path, Text("Changes").in_(language)),
                patch=_patch(shelf, told) if publication else None,
            )

        return await self._feed_context.answer(page_request, shelf, (part, "html", language, page_request.page), make)


class Shape:
    """``/feed/shape``: what a member looks like."""

    def __init__(self, feed_context: FeedContext) -> None:
        self._feed_context = feed_context

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD."""
        site_context, page_request = (
            self._feed_context.site_context,
            self._feed_context.site_context.page_request(request),
        )

        async def make() -> Representation:
            body = formats.turtle(shape(site_context.site.url))
            return Representation(body, headers(SHAPE.content_type, site_context.cache_control))

        return await site_context.kept.answer(page_request, ("feed", "shape"), make, site_context.site.prefix)


class Atom:
    """``/feed.atom``: for people who read feeds, in the language of ``lang`` or of the reader."""

    def __init__(self, feed_context: FeedContext) -> None:
        self._feed_context = feed_context

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD."""
        feed_context = self._feed_context
        page_request = feed_context.site_context.page_request(request)
        shelf, stream = feed_context.stream()

        def make() -> Representation:
            body = atom.atom(
                stream, feed_context.site_context.site, page_request.language, feed_context.site_context.operator.name
            )
            vary = (b"vary", b"Accept-Language, Accept-Encoding, Cookie")
            language = (b"content-language", page_request.language.encode())
            fields = headers(
                f"{atom.MEDIA_TYPE}; charset=utf-8", feed_context.site_context.cache_control, vary, language
            )
            return Representation(body, fields)

        return await feed_context.answer(page_request, shelf, ("atom", page_request.language), make)


class Home:
    """``/feed/{stream}``: the IRI of a stream leads to its root."""

    def __init__(self, feed_context: FeedContext) -> None:
        self._feed_context = feed_context

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD."""
        _, stream = self._feed_context.stream()
        _check(str(request.path_params["stream"]), stream, self._feed_context.site_context.page_request(request))
        return redirect(stream.root.value)


def _check(given: str, stream: Stream, page_request: PageRequest) -> None:
    if given == stream.history.stream:
        return
    if not _STREAM.fullmatch(given):
        raise Missing(page_request.path)
    raise RequestProblem(
        Problem(
            "gone",
            Text("There is no such stream of changes (any more). Begin again at {value}.", value=stream.root.value),
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
