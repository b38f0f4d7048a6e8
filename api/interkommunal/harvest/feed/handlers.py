"""The handlers of the feeds: root, pages, members and publications, as data by negotiation or as pages for people."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from fastapi import Path as PathParameter
from starlette.requests import Request
from starlette.responses import Response

from interkommunal.dates import moment_in_words
from interkommunal.harvest.documents import Documents
from interkommunal.harvest.feed import atom
from interkommunal.harvest.feed.context import PER_PAGE, RDF, HistoryContext, chosen_form, data, links
from interkommunal.harvest.feed.document import shape
from interkommunal.harvest.feed.reading import changed
from interkommunal.harvest.feed.stream import Part, Stream
from interkommunal.release import formats
from interkommunal.release.history import CATALOGUE, GRAPH
from interkommunal.site.context import PageRequest, SiteContext
from interkommunal.site.errors import Missing
from interkommunal.sparql.query import JSON_LD, N_QUADS, TRIG, TURTLE
from interkommunal.texts import Text
from interkommunal.web.formats import HTML, Format
from interkommunal.web.problems import Problem, RequestProblem
from interkommunal.web.publication import ReleaseFiles
from interkommunal.web.representation import Representation, data_headers
from interkommunal.web.responder import FOREVER, redirect
from interkommunal.web.routing import Handler, Route, route

# How often it is worth to come back: releases are made by people.
POLLING: Final = 3600
# Where the change of the graph is told, and where that of a catalogue.
_PATHS: Final = {GRAPH: "/feed", CATALOGUE: "/catalog/feed"}
_STREAM: Final = re.compile(r"[0-9a-f]{8}")
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
# Our favourite first. Members have a graph of their own, so what has members comes only in formats that have named
# graphs; Turtle can hold the rest.
_WITH_MEMBERS: Final[tuple[Format, ...]] = (*(RDF[name] for name in (TRIG, N_QUADS, JSON_LD)), HTML)
_WITHOUT_MEMBERS: Final[tuple[Format, ...]] = (RDF[TURTLE], *_WITH_MEMBERS)
# What a kind of node comes in.
_OFFERS: Final[dict[str, tuple[Format, ...]]] = {
    "pages": _WITH_MEMBERS,
    "members": _WITH_MEMBERS,
    "indexes": _WITHOUT_MEMBERS[:-1],
    "publications": (HTML,),
}
# A member with each statement in its own graph.
_STATEMENTS: Final = Format(N_QUADS, suffix="statements.nq")


@dataclass(frozen=True)
class Feed(HistoryContext):
    """The feed of a view of the change table. Its handlers answer GET and HEAD.

    Attributes:
        view: which view. polling: seconds after which it is worth coming back.
    """

    view: str
    polling: int

    def stream(self, request: PageRequest, name: str | None = None) -> tuple[ReleaseFiles, Stream]:
        """The files of the release in force, and their stream.

        Raises:
            RequestProblem: 503, there is no change table; 410, a stream of this ``name`` was given up.
            Missing: it is no name of a stream.
        """
        files, history = self.history()
        stream = Stream(history, self.view, self.site_context.site.url, _PATHS[self.view], self.polling)
        if name not in (None, history.stream):
            if not _STREAM.fullmatch(name or ""):
                raise Missing(request.path)
            root = stream.root.value
            text = Text("There is no such stream of changes (any more). Begin again at {value}.", value=root)
            raise RequestProblem(Problem("gone", text, {"feed": root}))
        return files, stream

    async def root(self, request: Request) -> Response:
        """``/feed``: where harvesters begin, and for people the list of what was published."""
        page_request = self.site_context.page_request(request, ("page",))
        form = chosen_form(page_request, str(request.path_params.get("suffix", "")), _WITHOUT_MEMBERS)
        files, stream = self.stream(page_request)

        def make() -> Representation:
            if form is HTML:
                return self._publications(files, stream, page_request)
            own = stream.root.value
            further = links(own, _WITHOUT_MEMBERS)
            return data(stream.context(), form, self.site_context.cache_control, own, further)

        return await self.answer(page_request, files, ("feed", self.view), form, make)

    def _publications(self, files: ReleaseFiles, stream: Stream, page_request: PageRequest) -> Representation:
        site_context, language = self.site_context, page_request.language
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
        return site_context.page(
            "feed.html",
            site_context.framed(language, files.release, stream.path, page_request.parameters),
            rows=rows,
            page=page_request.page,
            pages=pages,
            stream=stream,
            is_graph=stream.view == GRAPH,
            formats=_WITHOUT_MEMBERS[:-1],
        )

    async def home(self, request: Request, stream: str) -> Response:
        """``/feed/{stream}``: the IRI of a stream leads to its root."""
        _, found = self.stream(self.site_context.page_request(request), stream)
        return redirect(found.root.value)

    def node(self, kind: str) -> Handler:
        """The handler of ``/feed/{stream}/{kind}/{number}``: pages, indexes, members, and publications for people."""

        async def node(request: Request, stream: StreamName, number: Number) -> Response:
            page_request = self.site_context.page_request(request, ("page",))
            files, found = self.stream(page_request, stream)
            plain, _, suffix = number.partition(".")
            suffix = suffix or str(request.path_params.get("suffix", ""))
            part = found.part(kind, int(plain)) if plain.isdecimal() and len(plain) <= 12 else None
            if part is None:
                raise Missing(page_request.path)
            form = HTML
            if kind == "members" and suffix == _STATEMENTS.suffix:
                form = _STATEMENTS
            elif kind != "publications":
                form = chosen_form(page_request, suffix, _OFFERS[kind])
            make = (
                await self._people(page_request, files, found, part) if form is HTML else self._data(found, part, form)
            )
            return await self.answer(page_request, files, (self.view, part), form, make)

        return node

    def _data(self, stream: Stream, part: Part, form: Format) -> Callable[[], Representation]:
        def make() -> Representation:
            if form is _STATEMENTS:
                (entry,) = stream.history.entries(stream.view, part.number, part.number)
                fields = data_headers(form.content_type, FOREVER)
                return Representation(stream.text(entry), fields, modified=entry.publication.moment)
            own = stream.node(part.kind, part.number).value
            lasting = FOREVER if part.complete else self.site_context.cache_control
            further = [*links(own, _WITH_MEMBERS), f'<{stream.root.value}>; rel="collection"']
            return data(stream.quads(part), form, lasting, own, further)

        return make

    async def _people(
        self, page_request: PageRequest, files: ReleaseFiles, stream: Stream, part: Part
    ) -> Callable[[], Representation]:
        site_context, language = self.site_context, page_request.language
        total = part.last - part.first + 1
        pages = page_request.pages(total, PER_PAGE)
        lexicon = await self.lexicon(HTML)

        def make() -> Representation:
            first = part.first + (page_request.page - 1) * PER_PAGE
            entries = stream.history.entries(stream.view, first, min(part.last, first + PER_PAGE - 1))
            title, told, patch = Text("Changes {first}–{last}", first=part.first, last=part.last), None, None
            if part.kind == "members":
                title, told = Text("Change {number}", number=part.number), entries[0].publication
            elif part.kind == "publications":
                told = stream.history.publications[part.number - 1]
                title = Text("Release {release}", release=told.release)
                # A difference is there while both releases are kept.
                if {told.release, told.before} <= {release.identifier for release in files.versions.kept}:
                    patch = f"/release/{told.release}/since/{told.before}"
            path = f"{stream.base}/{part.kind}/{part.number}"
            return site_context.page(
                "changes.html",
                site_context.framed(language, files.release, path, page_request.parameters),
                rows=changed(stream, entries, site_context.site, language, lexicon),
                total=total,
                page=page_request.page,
                pages=pages,
                path=path,
                title=title.in_(language),
                lead=moment_in_words(told.time, language) if told else "",
                crumb=(stream.path, Text("Changes").in_(language)),
                patch=patch,
            )

        return make

    async def shape(self, request: Request) -> Response:
        """``/feed/shape``: what a member looks like."""
        page_request, context = self.site_context.page_request(request), self.site_context

        async def make() -> Representation:
            fields = data_headers(RDF[TURTLE].content_type, context.cache_control)
            return Representation(formats.turtle(shape(context.site.url)), fields)

        return await context.kept(page_request, ("feed", "shape"), make)

    async def atom(self, request: Request) -> Response:
        """``/feed.atom``: for people who read feeds, in the language of ``lang`` or of the reader."""
        page_request, context = self.site_context.page_request(request), self.site_context
        files, stream = self.stream(page_request)
        language = page_request.language

        def make() -> Representation:
            body = atom.atom(stream, context.site, language, context.operator.name)
            content_type = f"{atom.MEDIA_TYPE}; charset=utf-8"
            fields = data_headers(content_type, context.cache_control, (b"content-language", language.encode()))
            return Representation(body, fields)

        return await self.documents.answer(page_request, ("atom", language), lambda _: make(), files)


def feed_routes(site_context: SiteContext, documents: Documents, polling: int) -> list[Route]:
    """The routes of the feeds.

    Args:
        site_context: what all pages share.
        documents: know the release in force.
        polling: seconds after which it is worth coming back.
    """
    site_context.design.add(Path(__file__).parent)

    def documented(path: str, handler: Handler, offers: Iterable[str], name: str, summary: str) -> Route:
        return route(path, handler, offers, summary=summary, tag="feed", name=name)

    graph = Feed(site_context, documents, GRAPH, polling)
    shape_summary, atom_summary = "What a change looks like, in SHACL", "The changes for people, as Atom (RFC 4287)"
    routes = [
        documented("/feed/shape", graph.shape, [TURTLE], "feed_shape", shape_summary),
        documented(atom.PATH, graph.atom, [atom.MEDIA_TYPE], "atom", atom_summary),
    ]
    for feed, of in ((graph, "the graph"), (Feed(site_context, documents, CATALOGUE, polling), "the catalogue")):
        path = _PATHS[feed.view]
        kinds = [form.media_type for form in _WITHOUT_MEMBERS]
        routes += [
            documented(path, feed.root, kinds, f"{feed.view}_feed", f"Root of the event stream of {of}"),
            route(f"{path}.{{suffix}}", feed.root),
            route(f"{path}/{{stream}}", feed.home),
        ]
        for kind, name, summary in (
            ("pages", f"{feed.view}_feed_page", f"A page of changes to {of}, with their payloads in named graphs"),
            ("members", f"{feed.view}_feed_member", f"One change to {of}"),
            ("indexes", "", ""),
            ("publications", "", ""),
        ):
            kinds = [form.media_type for form in _WITH_MEMBERS] if name else []
            below = f"{path}/{{stream}}/{kind}/{{number}}"
            routes += [
                documented(below, feed.node(kind), kinds, name, summary),
                route(f"{below}/{{suffix}}", feed.node(kind)),
            ]
    return routes
