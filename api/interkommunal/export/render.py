"""Renders addresses of the application into files: both languages, and whatever of the same thing they lead to."""

from __future__ import annotations

import asyncio
import json
import posixpath
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import quote

import httpx
from fastapi import Request, Response
from markupsafe import Markup
from starlette.routing import Route

from interkommunal.app.application import Application
from interkommunal.errors import ExportError
from interkommunal.export import links, rdf
from interkommunal.export.addresses import Entry, Link, Place, file_name, has_suffix, link, unmarked
from interkommunal.export.folder import write
from interkommunal.export.inventory import Draft, Rendered
from interkommunal.release.release import Release
from interkommunal.site.entity.model import Link as Crumb
from interkommunal.site.router import Block
from interkommunal.texts import LANGUAGES, Language, Text
from interkommunal.web.routing import Handler

_HTML: Final = "text/html"
_DRAWING: Final = "image/svg+xml"
_STYLE: Final = "text/css"
_DESCRIPTIONS: Final = ("/catalog.", "/void.")
# The mark cannot be taken out of these.
_PACKED: Final = (".parquet", ".xlsx")
# A page if there is one, else whatever there is.
_ACCEPT: Final = "text/html, */*;q=0.1"

_TITLE: Final = Text("This needs the server")
_WAY: Final = Text(
    "All data lie here as files. With them any SPARQL program answers the same questions; how to "
    "start the server yourself stands in the manual of the project."
)
_DATA: Final = Text("the whole graph")
_WHOLE: Final = "/dumps/graph.nq"


class Renderer:
    """Renders addresses of an application.

    Args:
        app: the application, with a public URL that bears the mark.
        plain: the application with the real one, for files that pack their text.
        root: folder of the copy.
        runner: the event loop that the engine of the application belongs to.
    """

    def __init__(self, app: Application, plain: Application, root: Path, runner: asyncio.Runner) -> None:
        self._app = app
        self._root = root
        self._runner = runner
        self._language = app.settings.language
        self._transport = httpx.ASGITransport(app)
        self._plain = httpx.ASGITransport(plain)

    def known_paths(self) -> list[str]:
        """Paths of routes without parameters, and of every dump."""
        listing = json.loads(self._runner.run(self._get(Place("/dumps"))).content)
        dumps = [found.place.path for item in listing["files"] if (found := link(item["url"]))]
        routes = [item.path for item in self._app.routes.routes if isinstance(item, Route) and "{" not in item.path]
        return [*routes, *dumps]

    def render(self, group: Mapping[Place, str]) -> list[Rendered]:
        """Render places of one stem, with their queries, and whatever of this stem they lead to.

        Raises:
            ExportError: the application fails. OSError: a file cannot be written.
        """
        return self._runner.run(self._group(dict(group)))

    async def _group(self, waiting: dict[Place, str]) -> list[Rendered]:
        done: dict[Place, Rendered] = {}
        while waiting:
            place, query = next(iter(waiting.items()))
            done[place] = rendered = await self._place(place, query)
            waiting |= {other: asked for other, asked in rendered.needed.items() if other.stem == place.stem}
            waiting = {other: asked for other, asked in waiting.items() if other not in done}
        for rendered in done.values():
            for place, query in rendered.alike:
                # The usual order of a table, say.
                if place in done and (file := done[place].entry.files.get(self._language)):
                    answer = await self._get(place, query)
                    if answer.status_code == 200 and unmarked(answer.content) == (self._root / file).read_bytes():
                        rendered.same.add((place, query))
        return list(done.values())

    async def _get(self, place: Place, query: str = "", language: Language | None = None) -> httpx.Response:
        """The answer that a browser gets; redirects are not followed."""
        asked = "&".join(filter(None, [query, f"page={place.page}" if place.page else ""]))
        headers = {"accept": _ACCEPT, "accept-language": language or self._language, "accept-encoding": "identity"}
        transport = self._plain if place.path.endswith(_PACKED) else self._transport
        url = f"http://localhost{quote(place.path)}" + (f"?{asked}" if asked else "")
        answer = await transport.handle_async_request(httpx.Request("GET", url, headers=headers))
        await answer.aread()
        return answer

    async def _place(self, place: Place, query: str) -> Rendered:
        answer = await self._get(place, query)
        status, fields = answer.status_code, answer.headers
        media_type = fields.get("content-type", "").partition(";")[0]
        rendered = Rendered(place, Entry("server"))
        if answer.has_redirect_location:
            _lead(rendered, link(fields["location"]))
        elif status >= 500:
            raise ExportError(f"the page {place.path} cannot be made (status {status}); try it on a server first")
        elif status == 410:
            # What was deleted: the copy has its last version instead, if the server knows it.
            _lead(rendered, next(links.field_links(answer, "predecessor-version memento"), None))
            rendered.entry.status = status
        elif status != 200:
            rendered.entry = Entry("missing", status=status)
        elif media_type == _HTML and place.path.endswith(".html"):
            # The page by the name of its format.
            rendered.entry = Entry("alias", target=Place(place.path.removesuffix(".html"), place.page))
            rendered.onward[Place(place.path.removesuffix(".html"), place.page), query] = False
        elif media_type == _HTML:
            rendered.entry = Entry("page")
            await self._write(rendered, query, answer)
        elif place.page:
            pass  # data by pages is for harvesters that ask a server; the copy has it whole
        elif has_suffix(place.path):
            rendered.entry = Entry("file")
            await self._write(rendered, query, answer)
        elif (located := link(fields.get("content-location", ""))) and has_suffix(located.place.path):
            # An answer for programs at an address without suffix: the file with the suffix if there is one.
            _lead(rendered, located)
        return rendered

    async def _write(self, rendered: Rendered, query: str, answer: httpx.Response) -> None:
        """Write what a place has in each language, one file if that is the same."""
        place, page = rendered.place, rendered.entry.kind == "page"
        for language in LANGUAGES:
            found = answer
            if language != self._language:
                if "language" not in answer.headers.get("vary", "").lower():
                    continue
                found = await self._get(place, query, language)
                if found.content == answer.content and not page:
                    continue
            name = file_name(place, "" if language == self._language else language, page=page)
            rendered.entry.files[language] = name
            write(self._root, name, self._body(rendered, Draft(name, "page", language), found))

    def _body(self, rendered: Rendered, draft: Draft, answer: httpx.Response) -> bytes:
        """What is written of an answer at first; notes where it leads."""
        path, body = rendered.place.path, answer.content
        media_type, suffix = answer.headers.get("content-type", "").partition(";")[0], path.rpartition(".")[2]
        if media_type in (_HTML, _DRAWING) or path.startswith("/sitemap"):
            draft.kind = "map" if path.startswith("/sitemap") else "page"
            rendered.drafts.append(draft)
            _follow(rendered, links.found_links(answer.text))
            if media_type == _HTML:
                _follow(rendered, links.field_links(answer))
            return body
        if nodes := rdf.nodes(body, suffix):
            # Along a feed in the same format; from Turtle in TriG, for pages with members have no Turtle.
            draft.kind, draft.suffix = "feed", "trig" if suffix == "ttl" else suffix
            rendered.drafts.append(draft)
            rendered.nodes |= nodes
            _follow(rendered, (found for iri in sorted(nodes) if (found := link(f"{iri}.{draft.suffix}"))))
            return body
        if media_type == _STYLE:
            # Style sheets name what they load by relative paths.
            for target in links.style_links(answer.text):
                rendered.onward[Place(posixpath.normpath(posixpath.join(posixpath.dirname(path), target))), ""] = True
        body = unmarked(body)
        return rdf.without_services(body, suffix) if path.startswith(_DESCRIPTIONS) else body


def note_page(app: Application, release: Release) -> Handler:
    """The page of a copy that says what needs the server."""
    context = app.site_context

    async def answer(request: Request) -> Response:
        asked = context.page_request(request)
        frame = context.frame(asked, await context.editions.current())
        title = _TITLE.in_(asked.language)
        text = Text(
            "This is a copy of the web site as files, as of release {release}. Search, filters, other "
            "orders, the SPARQL endpoint and questions with values of your own are computed for each "
            "request, and earlier releases are not part of the copy; for these you need the server.",
            release=release.identifier,
        )
        whole = Markup('<a href="{}">{}</a> (N-Quads)').format(frame.address(_WHOLE), _DATA.in_(asked.language))
        page = context.page(
            "notice.html",
            frame,
            name="needs-server",
            title=title,
            operator=(),
            blocks=[Block(text.in_(asked.language)), Block(_WAY.in_(asked.language)), Block(whole)],
            crumbs=(Crumb(frame.say("Start"), frame.address("/")), Crumb(title)),
        )
        return await context.sent(asked, page)

    return answer


def _lead(rendered: Rendered, target: Link | None) -> None:
    if target is None:
        rendered.entry = Entry("missing")
    else:
        rendered.entry = Entry("alias", target=target.place)
        rendered.onward[target.place, ""] = False


def _follow(rendered: Rendered, found: Iterable[Link]) -> None:
    for item in found:
        place, suffixed = item.place, has_suffix(item.place.path)
        if place.page:
            # What follows a page that is here; its order is that of the page.
            if place.path == rendered.place.path:
                rendered.onward[place, item.query] = True
            continue
        if not item.query or item.fragment or suffixed:
            rendered.onward[place, ""] = True
        if item.query and suffixed:
            rendered.alike.add((place, item.query))
