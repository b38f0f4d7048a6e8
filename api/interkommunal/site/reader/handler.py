"""``/sources/`` and ``/sources/{slug}``: the list of sources, and the reader of one; ``.txt`` is the bare text."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from interkommunal.namespaces import PASSAGE, SOURCE, expand
from interkommunal.site.context import SiteContext
from interkommunal.site.description.passages import Passage
from interkommunal.site.description.statements import Statements
from interkommunal.site.entity.context import EntityContext, gather
from interkommunal.site.entity.model import Crumb, Link
from interkommunal.site.errors import Missing
from interkommunal.site.page_request import PageRequest
from interkommunal.site.reader.register import Line, Register, marked, mentioning, read_register
from interkommunal.site.reader.view import Reader, ReaderView
from interkommunal.site.release_view import ReleaseView
from interkommunal.site.site import iri_of
from interkommunal.web.representation import Representation, data_headers

PATH: Final = "/sources/"
_TEXT: Final = ".txt"


@dataclass(frozen=True)
class Opened:
    """A source: what is registered of it, and its lines with their passages."""

    register: Register
    lines: tuple[Line, ...]


class Sources:
    """Answers for sources."""

    def __init__(self, site_context: SiteContext) -> None:
        self._site_context = site_context
        self._opened: dict[tuple[str, str], Opened] = {}

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD.

        Raises:
            Missing: there is no such source.
            QueryError: the engine cannot answer.
        """
        site_context = self._site_context
        page_request = site_context.page_request(request, ("entity", "passage"))
        release_view = await site_context.editions.current()
        slug = page_request.path.removeprefix(PATH)
        people = () if slug.endswith(_TEXT) else (page_request.language, page_request.parameters)
        key = (release_view.identifier, "source", slug, *people)
        return await site_context.kept(page_request, key, lambda: self._make(slug, page_request, release_view))

    async def _make(self, slug: str, page_request: PageRequest, release_view: ReleaseView) -> Representation:
        if not slug:
            return self._index(page_request, release_view)
        if slug.endswith(_TEXT):
            return self._plain(slug.removesuffix(_TEXT), page_request, release_view)
        return await self._reader(slug, page_request, release_view)

    def _index(self, page_request: PageRequest, release_view: ReleaseView) -> Representation:
        frame = self._site_context.frame(page_request, release_view, PATH)
        statements = release_view.lexicon.statements
        sources = [item for item in statements.subjects() if item.startswith(SOURCE) and _is_source(item, statements)]
        entries = [
            (
                Link(
                    release_view.lexicon.name(item, page_request.language).text,
                    frame.address(f"{PATH}{item[len(SOURCE) :]}"),
                ),
                release_view.lexicon.text(item, "rdfs:comment", page_request.language),
            )
            for item in sources
        ]
        say = frame.say
        crumbs = (Crumb(say("Start"), frame.address("/")), Crumb(say("Sources"), None))
        return self._site_context.page("sources.html", frame, entries=entries, crumbs=crumbs)

    def _plain(self, slug: str, page_request: PageRequest, release_view: ReleaseView) -> Representation:
        text = release_view.text(slug)
        if text is None:
            raise Missing(page_request.path)
        headers = data_headers(
            "text/plain; charset=utf-8", self._site_context.cache_control, (b"content-language", b"de")
        )
        return Representation(text.text.encode("utf-8"), headers)

    async def _reader(self, slug: str, page_request: PageRequest, release_view: ReleaseView) -> Representation:
        site_context, source = self._site_context, f"{SOURCE}{slug}"
        if not _is_source(source, release_view.lexicon.statements):
            raise Missing(page_request.path)
        entity = page_request.parameter("entity")
        thing = iri_of(f"/doc/{entity}") if entity else None
        opened, lit = await asyncio.gather(
            self._open(slug, release_view), mentioning(thing, source, site_context.client) if thing else _none()
        )
        register = opened.register
        chosen = register.passages.get(f"{PASSAGE}{slug}/{page_request.parameter('passage')}")
        entity_context = await gather(
            chosen.iri if chosen else thing or source,
            page_request.language,
            site_context.site,
            release_view,
            site_context.client,
        )
        view = self._view(slug, opened, entity_context, release_view, chosen, (entity, thing, lit) if thing else None)
        return site_context.page(
            "reader.html", site_context.frame(page_request, release_view, f"{PATH}{slug}"), view=view
        )

    async def _open(self, slug: str, release_view: ReleaseView) -> Opened:
        """A source with its passages; it is the same for all visitors of a release."""
        key = (release_view.identifier, slug)
        if key not in self._opened:
            register = await read_register(f"{SOURCE}{slug}", self._site_context.client)
            text = release_view.text(slug)
            lines = tuple(marked(text, register.passages.values())) if text else ()
            self._opened = {old: item for old, item in self._opened.items() if old[0] == release_view.identifier}
            self._opened[key] = Opened(register, lines)
        return self._opened[key]

    def _view(
        self,
        slug: str,
        opened: Opened,
        entity_context: EntityContext,
        release_view: ReleaseView,
        chosen: Passage | None,
        entity: tuple[str | None, str, set[str]] | None,
    ) -> ReaderView:
        site, say = self._site_context.site, entity_context.say
        address = site.address(f"{PATH}{slug}")
        name, thing, lit = entity or (None, "", set())
        reader = Reader(entity_context, opened.register, address, name, lit)
        title = release_view.lexicon.name(f"{SOURCE}{slug}", entity_context.language).text
        return ReaderView(
            title=title,
            crumbs=(
                Crumb(say("Start"), site.address("/")),
                Crumb(say("Sources"), site.address(PATH)),
                Crumb(title, None),
            ),
            lines=tuple(reader.line(line, chosen) for line in opened.lines),
            sections=reader.sections(),
            legend=reader.legend(),
            chosen=reader.chosen(chosen) if chosen else None,
            entity=(entity_context.link(thing), len(lit)) if thing else None,
            plain=f"{address}{_TEXT}",
            all=address,
        )


def _is_source(iri: str, statements: Statements) -> bool:
    return expand("foaf:Document") in statements.types(iri)


async def _none() -> set[str]:
    return set()
