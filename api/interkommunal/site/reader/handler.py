"""``/sources/`` and ``/sources/{slug}``: the list of sources, and the reader of one; ``.txt`` is the bare text."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from interkommunal.namespaces import PASSAGE, SOURCE
from interkommunal.site.answers import data_headers
from interkommunal.site.description.passages import Passage
from interkommunal.site.description.statements import Statements, term
from interkommunal.site.edition import Edition
from interkommunal.site.entity.dossier import Dossier, gather
from interkommunal.site.entity.model import Crumb, Link
from interkommunal.site.errors import Missing
from interkommunal.site.house import House
from interkommunal.site.reader.marking import Line, marked
from interkommunal.site.reader.register import Register, mentioning, read_register
from interkommunal.site.reader.view import Reader, ReaderView
from interkommunal.site.site import iri_of
from interkommunal.site.visit import Visit
from interkommunal.web.representation import Representation

PATH: Final = "/sources/"
_TEXT: Final = ".txt"


@dataclass(frozen=True)
class Opened:
    """A source: what is registered of it, and its lines with their passages."""

    register: Register
    lines: tuple[Line, ...]


class Sources:
    """Answers for sources."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._opened: dict[tuple[str, str], Opened] = {}

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD.

        Raises:
            Missing: there is no such source.
            QueryError: the engine cannot answer.
        """
        house = self._house
        visit = house.visit(request, ("entity", "passage"))
        edition = await house.editions.current()
        slug = visit.path.removeprefix(PATH)
        meaning = (edition.identifier, "source", slug, visit.language, visit.parameters)
        return await house.kept.answer(visit, meaning, lambda: self._make(slug, visit, edition), house.site.prefix)

    async def _make(self, slug: str, visit: Visit, edition: Edition) -> Representation:
        if not slug:
            return self._index(visit, edition)
        if slug.endswith(_TEXT):
            return self._plain(slug.removesuffix(_TEXT), visit, edition)
        return await self._reader(slug, visit, edition)

    def _index(self, visit: Visit, edition: Edition) -> Representation:
        frame = self._house.frame(visit, edition, PATH)
        statements = edition.lexicon.statements
        sources = [item for item in statements.subjects() if item.startswith(SOURCE) and _is_source(item, statements)]
        entries = [
            (
                Link(edition.lexicon.name(item, visit.language).text, frame.address(f"{PATH}{item[len(SOURCE) :]}")),
                edition.lexicon.text(item, "rdfs:comment", visit.language),
            )
            for item in sources
        ]
        say = frame.say
        crumbs = (Crumb(say("nav.start"), frame.address("/")), Crumb(say("reader.sources"), None))
        return self._house.page("sources.html", frame, entries=entries, crumbs=crumbs)

    def _plain(self, slug: str, visit: Visit, edition: Edition) -> Representation:
        text = edition.text(slug)
        if text is None:
            raise Missing(visit.path)
        headers = data_headers("text/plain; charset=utf-8", self._house.cache_control, ((b"content-language", b"de"),))
        return Representation(text.text.encode("utf-8"), headers)

    async def _reader(self, slug: str, visit: Visit, edition: Edition) -> Representation:
        house, source = self._house, f"{SOURCE}{slug}"
        if not _is_source(source, edition.lexicon.statements):
            raise Missing(visit.path)
        entity = visit.parameter("entity")
        thing = iri_of(f"/doc/{entity}") if entity else None
        opened, lit = await asyncio.gather(
            self._open(slug, edition), mentioning(thing, source, house.door) if thing else _none()
        )
        register = opened.register
        chosen = register.passages.get(f"{PASSAGE}{slug}/{visit.parameter('passage')}")
        dossier = await gather(
            chosen.iri if chosen else thing or source, visit.language, house.site, edition, house.door
        )
        view = self._view(slug, opened, dossier, edition, chosen, (entity, thing, lit) if thing else None)
        return house.page("reader.html", house.frame(visit, edition, f"{PATH}{slug}"), view=view)

    async def _open(self, slug: str, edition: Edition) -> Opened:
        """A source with its passages; it is the same for all visitors of a release."""
        key = (edition.identifier, slug)
        if key not in self._opened:
            register = await read_register(f"{SOURCE}{slug}", self._house.door)
            text = edition.text(slug)
            lines = tuple(marked(text, register.passages.values())) if text else ()
            self._opened = {old: item for old, item in self._opened.items() if old[0] == edition.identifier}
            self._opened[key] = Opened(register, lines)
        return self._opened[key]

    def _view(
        self,
        slug: str,
        opened: Opened,
        dossier: Dossier,
        edition: Edition,
        chosen: Passage | None,
        entity: tuple[str | None, str, set[str]] | None,
    ) -> ReaderView:
        site, say = self._house.site, dossier.say
        address = site.address(f"{PATH}{slug}")
        name, thing, lit = entity or (None, "", set())
        reader = Reader(dossier, opened.register, address, name, lit)
        title = edition.lexicon.name(f"{SOURCE}{slug}", dossier.language).text
        return ReaderView(
            title=title,
            crumbs=(
                Crumb(say("nav.start"), site.address("/")),
                Crumb(say("reader.sources"), site.address(PATH)),
                Crumb(title, None),
            ),
            lines=tuple(reader.line(line, chosen) for line in opened.lines),
            sections=reader.sections(),
            legend=reader.legend(),
            chosen=reader.chosen(chosen) if chosen else None,
            entity=(dossier.link(thing), len(lit)) if thing else None,
            plain=f"{address}{_TEXT}",
            all=address,
        )


def _is_source(iri: str, statements: Statements) -> bool:
    return term("foaf:Document") in statements.types(iri)


async def _none() -> set[str]:
    return set()
