"""``/doc/…`` and ``/ontology…``: the description of a thing, as a page or as data, by suffix or by negotiation."""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from interkommunal.errors import ReleaseError
from interkommunal.harvest.documents import Documents
from interkommunal.namespaces import IK, ONTOLOGY
from interkommunal.release.history import GRAPH, Deletion, History
from interkommunal.release.library import using
from interkommunal.site import citation as citations
from interkommunal.site import signposting
from interkommunal.site.answers import data_headers
from interkommunal.site.citation import Citation
from interkommunal.site.code_samples import query_of
from interkommunal.site.dates import date_in_words
from interkommunal.site.description.context import Context
from interkommunal.site.description.description import Description, describe
from interkommunal.site.description.queries import Direction, statement_count, statement_page
from interkommunal.site.description.serialisation import serialise
from interkommunal.site.description.statements import term
from interkommunal.site.edition import Edition
from interkommunal.site.entity.dossier import Dossier, gather
from interkommunal.site.entity.model import Link
from interkommunal.site.entity.page import page_of
from interkommunal.site.entity.past import Past, past_of
from interkommunal.site.entity.statements_page import PER_PAGE, statements_page
from interkommunal.site.errors import Deleted, Missing, Withdrawn
from interkommunal.site.formats import BY_SUFFIX, DATA, DESCRIPTIONS, split_suffix
from interkommunal.site.frame import Frame
from interkommunal.site.house import House
from interkommunal.site.ontology.catalogue import catalogue
from interkommunal.site.ontology.diagram import diagram
from interkommunal.site.ontology.term import term_page
from interkommunal.site.ontology.usage import Usage, links_between_classes, read_usage
from interkommunal.site.schema_org import schema_type, structured
from interkommunal.site.signposting import LINKSET_SUFFIX, LINKSET_TYPE, File
from interkommunal.site.site import ONTOLOGY_PATH, Site, canonical, iri_of
from interkommunal.site.visit import Visit
from interkommunal.sparql.query import CSV
from interkommunal.web.formats import HTML, Format
from interkommunal.web.negotiation import choose
from interkommunal.web.problems import Header, not_acceptable
from interkommunal.web.representation import Representation

_DIRECTIONS: Final[dict[str, Direction]] = {"to": "to", "from": "from", "in": "in"}
_VERSION_IRI: Final = term("owl:versionIRI")
_EXTRAS: Final = (LINKSET_SUFFIX, *citations.WRITERS)


class Things:
    """Answers for things of any kind.

    Args:
        house: what handlers share. context: names for JSON-LD.
        documents: know the change table; ``None`` where another endpoint has the data.
    """

    def __init__(self, house: House, context: Context, documents: Documents | None = None) -> None:
        self._house = house
        self._context = context
        self._documents = documents

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD of a description.

        Raises:
            RequestProblem: 406, with the formats there are.
            Missing: 404. Deleted, Withdrawn: 410.
            QueryError: the engine cannot answer.
        """
        house = self._house
        visit = house.visit(request, ("list", "page"))
        path, suffix = split_suffix(visit.path, _EXTRAS)
        edition = await house.editions.current()
        if canonical(path) in edition.lexicon.statements.resources(ONTOLOGY, _VERSION_IRI):
            path = ONTOLOGY_PATH
        iri = iri_of(path)
        if iri is None:
            raise Missing(visit.path)
        form = BY_SUFFIX.get(suffix) if suffix else choose(visit.accept, DESCRIPTIONS)
        if form is None and suffix not in _EXTRAS:
            raise not_acceptable([item.media_type for item in DESCRIPTIONS], list(BY_SUFFIX))
        history = None if self._documents is None else self._documents.shelf.history
        asked = _Asked(iri, path, suffix, form, visit, edition, history)
        return await house.kept.answer(visit, asked.meaning, lambda: self._make(asked), house.site.prefix)

    async def _make(self, asked: _Asked) -> Representation:
        if asked.history is not None:
            asked.past = await asyncio.to_thread(asked.read_past, asked.history, self._house.site)
        if asked.form is HTML:
            return await self._page(asked)
        if asked.form is not None:
            return await self._data(asked, asked.form)
        return await self._extra(asked)

    async def _data(self, asked: _Asked, form: Format) -> Representation:
        description = await describe(asked.iri, self._house.door)
        await self._check(description, asked)
        language = asked.visit.language
        # Framing takes a while; other visitors need not wait for it.
        body = await asyncio.to_thread(serialise, description, form.media_type, self._context, language)
        page = self._house.site.absolute(asked.path)
        file = File(f"{page}.{form.suffix}", form.media_type, is_content=form.media_type == _CONTENT)
        older = signposting.older(asked.before(form), form.media_type)
        links = [*signposting.file_links(asked.iri, page, file), *older]
        further: tuple[Header, ...] = (
            (b"link", signposting.header(links)),
            (b"content-location", f"{self._house.site.address(asked.path)}.{form.suffix}".encode()),
        )
        if form.media_type == CSV:
            further = (*further, (b"content-language", language.encode()))
        return Representation(body, data_headers(form.content_type, self._house.cache_control, further))

    async def _page(self, asked: _Asked) -> Representation:
        house, visit = self._house, asked.visit
        frame = house.frame(visit, asked.edition, asked.path)
        dossier = await gather(asked.iri, visit.language, house.site, asked.edition, house.door)
        await self._check(Description(asked.iri, dossier.statements), asked)
        if asked.iri == ONTOLOGY:
            return await self._ontology(asked, frame, dossier)
        direction = _DIRECTIONS.get(visit.parameter("list") or "")
        if direction is not None:
            return await self._statements(asked, frame, dossier, direction)
        if asked.iri.startswith(IK):
            view = await term_page(dossier, await self._usage(asked.edition), house.door)
            return house.page(
                "term.html", frame, self._headers(asked, dossier), view=view, **self._data_view(asked, dossier)
            )
        page = page_of(dossier)
        return house.page(
            "thing.html",
            frame,
            self._headers(asked, dossier),
            page=page,
            structured=structured(page, dossier, frame),
            **self._data_view(asked, dossier),
        )

    async def _ontology(self, asked: _Asked, frame: Frame, dossier: Dossier) -> Representation:
        house, lexicon, language = self._house, asked.edition.lexicon, asked.visit.language
        usage = await self._usage(asked.edition)
        links = await links_between_classes(house.door)
        return house.page(
            "ontology.html",
            frame,
            self._headers(asked, dossier),
            catalogue=catalogue(lexicon, usage, house.site, language),
            diagram=diagram(links, lexicon, house.site, language),
            **self._data_view(asked, dossier),
        )

    async def _usage(self, edition: Edition) -> Usage:
        if edition.usage is None:
            edition.usage = await read_usage(edition, self._house.door)
        return edition.usage

    def _headers(self, asked: _Asked, dossier: Dossier) -> tuple[Header, ...]:
        location = f"{self._house.site.address(asked.path)}.html?lang={asked.visit.language}"
        return (
            (b"link", signposting.header(self._links(asked, dossier))),
            (b"content-location", location.encode()),
        )

    def _data_view(self, asked: _Asked, dossier: Dossier) -> dict[str, object]:
        """What the section on data and citation shows."""
        return {
            "iri": asked.iri,
            "past": asked.past,
            "downloads": self._downloads(asked.path),
            "citation": self._citation_view(asked, dossier),
            "query": query_of(asked.iri, self._house.site),
            "questions": self._questions(asked),
        }

    def _questions(self, asked: _Asked) -> list[Link]:
        """The questions of the library that name the thing."""
        house, language = self._house, asked.visit.language
        if "/queries" not in house.served:
            return []
        found = using(asked.edition.questions, asked.iri)
        return [Link(item.summary[language], house.site.address(f"/queries/{item.name}")) for item in found]

    async def _statements(self, asked: _Asked, frame: Frame, dossier: Dossier, direction: Direction) -> Representation:
        house, number = self._house, asked.visit.page
        question = statement_page(asked.iri, direction, limit=PER_PAGE, offset=(number - 1) * PER_PAGE)
        counted, statements = await asyncio.gather(
            house.door.rows(statement_count(asked.iri, direction)), house.door.statements(question)
        )
        total = int(counted[0][0].value)  # type: ignore[union-attr]
        view = await statements_page(dossier, statements, house.door, direction, number, total)
        if number > 1 and number > view.pager.pages:
            raise Missing(asked.visit.path)
        return house.page("statements.html", frame, view=view)

    async def _extra(self, asked: _Asked) -> Representation:
        house, visit = self._house, asked.visit
        dossier = await gather(asked.iri, visit.language, house.site, asked.edition, house.door)
        await self._check(Description(asked.iri, dossier.statements), asked)
        if asked.suffix == LINKSET_SUFFIX:
            page = house.site.absolute(asked.path)
            files = {file.url: signposting.file_links(asked.iri, page, file) for file in self._files(asked.path)}
            body, kind = signposting.linkset(page, self._links(asked, dossier), files), LINKSET_TYPE
        else:
            _, kind, write = citations.WRITERS[asked.suffix]
            body, kind = write(self._citation(asked, dossier)), f"{kind}; charset=utf-8"
        return Representation(body, data_headers(kind, house.cache_control))

    async def _check(self, description: Description, asked: _Asked) -> None:
        if not description.exists:
            deletion = await asyncio.to_thread(asked.read_deletion)
            raise Deleted(asked.iri, asked.path, deletion) if deletion else Missing(asked.visit.path)
        if description.is_withdrawn:
            raise Withdrawn(asked.iri, tuple(description.successors))

    def _files(self, path: str) -> list[File]:
        page = self._house.site.absolute(path)
        return [File(f"{page}.{form.suffix}", form.media_type, form.media_type == _CONTENT) for form in DATA]

    def _links(self, asked: _Asked, dossier: Dossier) -> list[signposting.TypedLink]:
        site = self._house.site
        types = [f"https://schema.org/{schema_type(asked.iri, dossier)}"]
        author = self._house.operator.url or site.absolute("/imprint")
        page = site.absolute(asked.path)
        links = signposting.page_links(asked.iri, page, self._files(asked.path), types, author)
        return [*links, *signposting.older(asked.before(HTML), "text/html")]

    def _downloads(self, path: str) -> list[dict[str, str]]:
        address = self._house.site.address(path)
        return [
            {"href": f"{address}.{form.suffix}", "label": form.label, "media_type": form.media_type} for form in DATA
        ]

    def _citation(self, asked: _Asked, dossier: Dossier) -> Citation:
        title, edition = dossier.name(asked.iri).text, asked.edition
        key, day = "data.cite.undated", ""
        if edition.released:
            key, day = "data.cite.text", date_in_words(edition.released, dossier.say)
        return Citation(
            iri=asked.iri,
            url=self._house.site.absolute(asked.path),
            title=title,
            language=dossier.language,
            version=edition.identifier,
            released=edition.released,
            content_hash=edition.content_hash,
            text=dossier.say(key, title=title, identifier=edition.identifier, date=day, iri=asked.iri),
        )

    def _citation_view(self, asked: _Asked, dossier: Dossier) -> dict[str, object]:
        address = self._house.site.address(asked.path)
        formats = [
            {"href": f"{address}.{suffix}", "label": label, "media_type": kind}
            for suffix, (label, kind, _) in citations.WRITERS.items()
        ]
        return {"text": self._citation(asked, dossier).text, "formats": formats}


class _Asked:
    """What is asked of a thing."""

    def __init__(
        self,
        iri: str,
        path: str,
        suffix: str,
        form: Format | None,
        visit: Visit,
        edition: Edition,
        history: History | None,
    ) -> None:
        self.iri, self.path, self.suffix, self.form = iri, path, suffix, form
        self.visit, self.edition, self.history = visit, edition, history
        self.past: Past | None = None

    def read_deletion(self) -> Deletion | None:
        """When the thing was deleted, if the change table can be read and knows it."""
        try:
            return None if self.history is None else self.history.deletion(GRAPH, self.iri)
        except ReleaseError:
            return None

    def read_past(self, history: History, site: Site) -> Past | None:
        """What became of the thing up to the release that is shown; none where the table cannot tell."""
        try:
            return past_of(history, self.edition.identifier, self.iri, self.path, site, self.visit.language)
        except ReleaseError:
            # A damaged table is reported by the feeds; a page does without.
            return None

    def before(self, form: Format) -> str:
        """Where the state of the thing before this one stands in a format; empty if there is none."""
        if self.past is None or not self.past.before or form.media_type == CSV:
            return ""
        return self.past.before if form is HTML else f"{self.past.before}.{form.suffix}"

    @property
    def meaning(self) -> tuple[object, ...]:
        """What decides about the answer, besides the coding."""
        kind = self.form.media_type if self.form else self.suffix
        people = self.form is HTML
        language = self.visit.language if people or kind == CSV or not self.form else ""
        parameters = self.visit.parameters if people else ()
        # The change table follows its release a moment later.
        stamp = self.history and self.history.stamp
        return (self.edition.identifier, stamp, "thing", self.path, kind, language, parameters)


# Every statement with its source: the data itself, where the other formats only describe.
_CONTENT: Final = "application/trig"
