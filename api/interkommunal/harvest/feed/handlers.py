"""The handlers of the feeds: root, pages, members and publications, as data by negotiation or as pages for people."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Final

from fastapi import Path as PathParameter
from pyoxigraph import Quad
from starlette.requests import Request
from starlette.responses import Response

from interkommunal.dates import moment_in_words
from interkommunal.harvest.documents import Documents
from interkommunal.harvest.feed import atom
from interkommunal.harvest.feed.context import (
    PATHS,
    PER_PAGE,
    SHAPE,
    WITH_MEMBERS,
    WITHOUT_MEMBERS,
    FeedContext,
    chosen_form,
    data,
    links,
)
from interkommunal.harvest.feed.document import shape
from interkommunal.harvest.feed.reading import changed
from interkommunal.harvest.feed.stream import Part, Stream
from interkommunal.release import formats
from interkommunal.release.history import GRAPH, Publication
from interkommunal.site.context import PageRequest, SiteContext
from interkommunal.site.errors import Missing
from interkommunal.texts import Text
from interkommunal.web.formats import HTML, Format
from interkommunal.web.problems import Problem, RequestProblem
from interkommunal.web.publication import ReleaseFiles
from interkommunal.web.representation import Representation, data_headers
from interkommunal.web.responder import FOREVER, redirect
from interkommunal.web.routing import Handler, Route, route

_STREAM: Final = re.compile(r"[0-9a-f]{8}")
# How often it is worth to come back: releases are made by people.
POLLING: Final = 3600
StreamName = Annotated[
    str,
    PathParameter(
        description="Name of the stream, as its root tells it.", json_schema_extra={"pattern": _STREAM.pattern}
    ),
]
# With the suffix of a format, if that is not negotiated.
Number = Annotated[
    str,
    PathParameter(
        description="1 for the first.", json_schema_extra={"type": "integer", "minimum": 1, "maximum": 10**12 - 1}
    ),
]
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
        files, stream = feed_context.stream()
        if form is HTML:
            key = ("root", form.suffix, page_request.language, page_request.page)
            return await feed_context.answer(page_request, files, key, lambda: self._page(files, stream, page_request))

        def make() -> Representation:
            further = links(stream.root.value, WITHOUT_MEMBERS)
            return data(stream.context(), form, feed_context.site_context.cache_control, stream.root.value, further)

        return await feed_context.answer(page_request, files, ("root", form.suffix), make)

    def _page(self, files: ReleaseFiles, stream: Stream, page_request: PageRequest) -> Representation:
        site_context, language = self._feed_context.site_context, page_request.language
        counts = stream.history.counts(stream.view)
        newest = list(reversed(stream.history.publications))
        pages = page_request.pages(len(newest), PER_PAGE)
        kept = {release.identifier for release in files.versions.kept}
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
        frame = site_context.framed(language, files.release, f"{stream.path}", page_request.parameters)
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

    def answers(self, kind: str) -> Handler:
        """The handler of one kind of node.

        Args:
            kind: ``pages``, ``indexes``, ``members`` or ``publications``.
        """

        async def node(request: Request, stream: StreamName, number: Number) -> Response:
            plain, _, suffix = number.partition(".")
            return await self._answer(request, kind, stream, plain, suffix or request.path_params.get("suffix", ""))

        return node

    async def _answer(self, request: Request, kind: str, name: str, number: str, suffix: str) -> Response:
        """GET or HEAD.

        Raises:
            Missing: 404. RequestProblem: 406; 410 for a stream that was given up.
        """
        feed_context = self._feed_context
        page_request = feed_context.site_context.page_request(request, ("page",))
        files, stream = feed_context.stream()
        _check(name, stream, page_request)
        if not number.isdecimal() or len(number) > 12:
            raise Missing(page_request.path)
        if kind == "publications":
            return await self._publication(page_request, files, stream, int(number))
        makers = {"pages": self._page, "indexes": self._index, "members": self._member}
        return await makers[kind](page_request, files, stream, int(number), suffix)

    async def _page(
        self, page_request: PageRequest, files: ReleaseFiles, stream: Stream, number: int, suffix: str
    ) -> Response:
        page = stream.page(number)
        if page is None:
            raise Missing(page_request.path)
        form = chosen_form(page_request, suffix, WITH_MEMBERS)
        if form is HTML:
            return await self._people(page_request, files, stream, page, None)
        return await self._data(page_request, files, stream, page, form, lambda: stream.of_page(page))

    async def _index(
        self, page_request: PageRequest, files: ReleaseFiles, stream: Stream, number: int, suffix: str
    ) -> Response:
        index = stream.index(number)
        if index is None:
            raise Missing(page_request.path)
        offers = tuple(form for form in WITHOUT_MEMBERS if form is not HTML)
        form = chosen_form(page_request, suffix, offers)
        return await self._data(page_request, files, stream, index, form, lambda: stream.of_index(index))

    async def _member(
        self, page_request: PageRequest, files: ReleaseFiles, stream: Stream, number: int, suffix: str
    ) -> Response:
        if not 1 <= number <= stream.length:
            raise Missing(page_request.path)
        part = Part("members", number, number, number, True)
        if suffix == "statements.nq":
            return await self._statements(page_request, files, stream, part)
        form = chosen_form(page_request, suffix, WITH_MEMBERS)
        if form is HTML:
            return await self._people(page_request, files, stream, part, None)

        def quads() -> Iterable[Quad]:
            (entry,) = stream.history.entries(stream.view, number, number)
            return stream.of_member(entry)

        return await self._data(page_request, files, stream, part, form, quads)

    async def _statements(self, page_request: PageRequest, files: ReleaseFiles, stream: Stream, part: Part) -> Response:
        def make() -> Representation:
            (entry,) = stream.history.entries(stream.view, part.number, part.number)
            return Representation(
                stream.text(entry), data_headers(_N_QUADS, FOREVER), modified=entry.publication.moment
            )

        return await self._feed_context.answer(page_request, files, ("statements", part.number), make)

    async def _data(
        self,
        page_request: PageRequest,
        files: ReleaseFiles,
        stream: Stream,
        part: Part,
        form: Format,
        quads: Callable[[], Iterable[Quad]],
    ) -> Response:
        own = stream.node(part.kind, part.number).value
        lasting = FOREVER if part.complete else self._feed_context.site_context.cache_control
        further = [*links(own, WITH_MEMBERS), f'<{stream.root.value}>; rel="collection"']
        return await self._feed_context.answer(
            page_request, files, (part, form.suffix), lambda: data(quads(), form, lasting, own, further)
        )

    async def _publication(
        self, page_request: PageRequest, files: ReleaseFiles, stream: Stream, number: int
    ) -> Response:
        if not 1 <= number <= len(stream.history.publications):
            raise Missing(page_request.path)
        publication = stream.history.publications[number - 1]
        span = stream.history.span(stream.view, publication) or (1, 0)
        return await self._people(page_request, files, stream, Part("publications", number, *span, True), publication)

    async def _people(
        self,
        page_request: PageRequest,
        files: ReleaseFiles,
        stream: Stream,
        part: Part,
        publication: Publication | None,
    ) -> Response:
        site_context, language = self._feed_context.site_context, page_request.language
        pages = page_request.pages(part.last - part.first + 1, PER_PAGE)
        lexicon = (await site_context.editions.current()).lexicon

        def make() -> Representation:
            first = part.first + (page_request.page - 1) * PER_PAGE
            entries = stream.history.entries(stream.view, first, min(part.last, first + PER_PAGE - 1))
            path = f"{stream.base}/{part.kind}/{part.number}"
            told = publication or (entries[0].publication if part.kind == "members" else None)
            return site_context.page(
                "changes.html",
                site_context.framed(language, files.release, path, page_request.parameters),
                rows=changed(stream, entries, site_context.site, language, lexicon),
                total=part.last - part.first + 1,
                page=page_request.page,
                pages=pages,
                path=path,
                title=_title(part, told, language),
                lead=moment_in_words(told.time, language) if told else "",
                crumb=(stream.path, Text("Changes").in_(language)),
                patch=_patch(files, told) if publication else None,
            )

        return await self._feed_context.answer(page_request, files, (part, "html", language, page_request.page), make)


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
            return Representation(body, data_headers(SHAPE.content_type, site_context.cache_control))

        return await site_context.kept(page_request, ("feed", "shape"), make)


class Atom:
    """``/feed.atom``: for people who read feeds, in the language of ``lang`` or of the reader."""

    def __init__(self, feed_context: FeedContext) -> None:
        self._feed_context = feed_context

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD."""
        feed_context = self._feed_context
        page_request = feed_context.site_context.page_request(request)
        files, stream = feed_context.stream()

        def make() -> Representation:
            body = atom.atom(
                stream, feed_context.site_context.site, page_request.language, feed_context.site_context.operator.name
            )
            language = (b"content-language", page_request.language.encode())
            fields = data_headers(
                f"{atom.MEDIA_TYPE}; charset=utf-8", feed_context.site_context.cache_control, language
            )
            return Representation(body, fields)

        return await feed_context.answer(page_request, files, ("atom", page_request.language), make)


class Home:
    """``/feed/{stream}``: the IRI of a stream leads to its root."""

    def __init__(self, feed_context: FeedContext) -> None:
        self._feed_context = feed_context

    async def __call__(self, request: Request, stream: str) -> Response:
        """GET or HEAD."""
        _, found = self._feed_context.stream()
        _check(stream, found, self._feed_context.site_context.page_request(request))
        return redirect(found.root.value)


def feed_routes(site_context: SiteContext, documents: Documents, polling: int) -> list[Route]:
    """The routes of the feeds.

    Args:
        site_context: what all pages share.
        documents: know the release in force.
        polling: seconds after which it is worth coming back.
    """
    site_context.design.add(Path(__file__).parent)
    routes = []
    for view, path in PATHS.items():
        feed_context = FeedContext(site_context, documents, view, polling)
        of = "the graph" if view == "graph" else "the catalogue"
        if view == "graph":
            routes += [
                route(
                    "/feed/shape",
                    Shape(feed_context).__call__,
                    [SHAPE.media_type],
                    summary="What a change looks like, in SHACL",
                    tag="feed",
                    name="feed_shape",
                ),
                route(
                    atom.PATH,
                    Atom(feed_context).__call__,
                    [atom.MEDIA_TYPE],
                    summary="The changes for people, as Atom (RFC 4287)",
                    tag="feed",
                    name="atom",
                ),
            ]
        root, node = Root(feed_context), Node(feed_context)
        summary = f"Root of the event stream of {of}"
        routes += [
            route(path, root.__call__, _kinds(WITHOUT_MEMBERS), summary=summary, tag="feed", name=f"{view}_feed"),
            route(f"{path}.{{suffix}}", root.__call__),
            route(f"{path}/{{stream}}", Home(feed_context).__call__),
        ]
        for kind, name, summary in (
            ("pages", f"{view}_feed_page", f"A page of changes to {of}, with their payloads in named graphs"),
            ("members", f"{view}_feed_member", f"One change to {of}"),
            ("indexes", "", ""),
            ("publications", "", ""),
        ):
            kinds, there = _kinds(WITH_MEMBERS) if name else [], f"{path}/{{stream}}/{kind}/{{number}}"
            routes += [
                route(there, node.answers(kind), kinds, summary=summary, tag="feed", name=name),
                route(f"{there}/{{suffix}}", node.answers(kind)),
            ]
    return routes


def _kinds(offers: Iterable[Format]) -> list[str]:
    return [form.media_type for form in offers]


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
    if part.kind == "publications" and publication:
        return Text("Release {release}", release=publication.release).in_(language)
    if part.kind == "members":
        return Text("Change {number}", number=part.number).in_(language)
    return Text("Changes {first}–{last}", first=part.first, last=part.last).in_(language)


def _patch(files: ReleaseFiles, publication: Publication | None) -> str | None:
    """Path of the difference as a patch, while both releases are kept."""
    if publication is None or publication.before is None:
        return None
    kept = {release.identifier for release in files.versions.kept}
    if {publication.release, publication.before} <= kept:
        return f"/release/{publication.release}/since/{publication.before}"
    return None
