"""``/doc/…`` and ``/ontology…``: the description of a thing, as a page or as data, by suffix or by negotiation."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from pyoxigraph import RdfFormat, parse
from starlette.requests import Request
from starlette.responses import Response

from interkommunal.dates import date_in_words
from interkommunal.errors import ReleaseError
from interkommunal.namespaces import IK, ONTOLOGY, expand
from interkommunal.release import vocabulary
from interkommunal.release.history import GRAPH, Deletion, History
from interkommunal.release.library import using
from interkommunal.site import metadata
from interkommunal.site.context import PageRequest, SiteContext
from interkommunal.site.description.queries import Direction, statement_count, statement_page
from interkommunal.site.description.serialisation import Context, Description, describe, document_table, serialise
from interkommunal.site.entity.context import EntityContext, gather
from interkommunal.site.entity.model import Link
from interkommunal.site.entity.page import PER_PAGE, Past, page_of, past_of, statements_page
from interkommunal.site.errors import Deleted, Missing, Withdrawn
from interkommunal.site.frame import Frame
from interkommunal.site.metadata import LINKSET_SUFFIX, LINKSET_TYPE, Citation, File, schema_type, structured
from interkommunal.site.ontology import catalogue, read_usage, term_page
from interkommunal.site.query_page import query_of
from interkommunal.site.release_view import ReleaseView
from interkommunal.site.site import BY_SUFFIX, DATA, DESCRIPTIONS, ONTOLOGY_PATH, Site, canonical, iri_of, split_suffix
from interkommunal.sparql.query import CSV
from interkommunal.texts import gettext_noop
from interkommunal.web.formats import HTML, Format
from interkommunal.web.problems import Header, not_acceptable
from interkommunal.web.representation import Representation, data_headers

_DIRECTIONS: Final[dict[str, Direction]] = {"to": "to", "from": "from", "in": "in"}
_VERSION_IRI: Final = expand("owl:versionIRI")
_EXTRAS: Final = (LINKSET_SUFFIX, *metadata.WRITERS)


class Things:
    """Answers for things of any kind.

    Args:
        site_context: what handlers share. context: names for JSON-LD.
    """

    def __init__(self, site_context: SiteContext, context: Context) -> None:
        self._site_context = site_context
        self._context = context

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD of a description.

        Raises:
            RequestProblem: 406, with the formats there are.
            Missing: 404. Deleted, Withdrawn: 410.
            QueryError: the engine cannot answer.
        """
        site_context = self._site_context
        page_request = site_context.page_request(request, ("list", "page"))
        path, suffix = split_suffix(page_request.path, _EXTRAS)
        release_view = await site_context.editions.current()
        if canonical(path) in release_view.lexicon.statements.resources(ONTOLOGY, _VERSION_IRI):
            path = ONTOLOGY_PATH
        iri = iri_of(path)
        if iri is None:
            raise Missing(page_request.path)
        form = BY_SUFFIX.get(suffix) if suffix else page_request.choose(DESCRIPTIONS)
        if form is None and suffix not in _EXTRAS:
            raise not_acceptable([item.media_type for item in DESCRIPTIONS], list(BY_SUFFIX))
        publication = site_context.publication
        history = None if publication.release is None else publication.files.history
        asked = _Asked(iri, path, suffix, form, page_request, release_view, history)
        return await site_context.kept(page_request, asked.key, lambda: self._make(asked))

    async def _make(self, asked: _Asked) -> Representation:
        if asked.history is not None:
            asked.past = await asyncio.to_thread(asked.read_past, asked.history, self._site_context.site)
        if asked.form is HTML:
            return await self._page(asked)
        if asked.form is not None:
            return await self._data(asked, asked.form)
        return await self._extra(asked)

    async def _data(self, asked: _Asked, form: Format) -> Representation:
        description = await describe(asked.iri, self._site_context.client)
        await self._check(description, asked)
        language = asked.page_request.language if form.media_type == CSV else "de"
        # Framing takes a while; other visitors need not wait for it.
        body = await asyncio.to_thread(self._frozen, asked, form.suffix, language)
        if body is None:
            body = await asyncio.to_thread(serialise, description, form.media_type, self._context, language)
        page = self._site_context.site.absolute(asked.path)
        file = File(f"{page}.{form.suffix}", form.media_type, is_content=form.media_type == _CONTENT)
        older = metadata.older(asked.before(form), form.media_type)
        links = [*metadata.file_links(asked.iri, page, file), *older]
        further: tuple[Header, ...] = (
            (b"link", metadata.header(links)),
            (b"content-location", f"{self._site_context.site.address(asked.path)}.{form.suffix}".encode()),
        )
        if form.media_type == CSV:
            further = (*further, (b"content-language", language.encode()))
        return Representation(body, data_headers(form.content_type, self._site_context.cache_control, *further))

    def _frozen(self, asked: _Asked, suffix: str, language: str) -> bytes | None:
        """The ontology as the release has it, whole and with blank nodes; ``None`` for what is made of the graph."""
        release = asked.release_view.release
        if asked.iri != ONTOLOGY or release is None:
            return None
        if suffix == "csv":
            lines = vocabulary.frozen(release, "ontology", "nt")
            triples = None if lines is None else [quad.triple for quad in parse(lines, format=RdfFormat.N_TRIPLES)]
            return None if triples is None else document_table(triples, language)
        # TriG is Turtle where all stands in the default graph.
        return vocabulary.frozen(release, "ontology", "ttl" if suffix == "trig" else suffix)

    async def _page(self, asked: _Asked) -> Representation:
        site_context, page_request = self._site_context, asked.page_request
        frame = site_context.frame(page_request, asked.release_view, asked.path)
        entity_context = await gather(asked.iri, page_request.language, asked.release_view, site_context)
        await self._check(Description(asked.iri, entity_context.statements), asked)
        if asked.iri == ONTOLOGY:
            return await self._ontology(asked, frame, entity_context)
        direction = _DIRECTIONS.get(page_request.parameter("list") or "")
        if direction is not None:
            return await self._statements(asked, frame, entity_context, direction)
        if asked.iri.startswith(IK):
            view = await term_page(entity_context, await self._usage(asked.release_view), site_context.client)
            return site_context.page(
                "term.html",
                frame,
                self._headers(asked, entity_context),
                view=view,
                **self._data_view(asked, entity_context),
            )
        page = page_of(entity_context)
        return site_context.page(
            "thing.html",
            frame,
            self._headers(asked, entity_context),
            page=page,
            structured=structured(page, entity_context, frame),
            **self._data_view(asked, entity_context),
        )

    async def _ontology(self, asked: _Asked, frame: Frame, entity_context: EntityContext) -> Representation:
        site_context = self._site_context
        usage = await self._usage(asked.release_view)
        return site_context.page(
            "ontology.html",
            frame,
            self._headers(asked, entity_context),
            catalogue=await catalogue(entity_context, usage, site_context.client),
            **self._data_view(asked, entity_context),
        )

    async def _usage(self, release_view: ReleaseView) -> dict[str, int]:
        if release_view.usage is None:
            release_view.usage = await read_usage(release_view.release, self._site_context.client)
        return release_view.usage

    def _headers(self, asked: _Asked, entity_context: EntityContext) -> tuple[Header, ...]:
        location = f"{self._site_context.site.address(asked.path)}.html?lang={asked.page_request.language}"
        return (
            (b"link", metadata.header(self._links(asked, entity_context))),
            (b"content-location", location.encode()),
        )

    def _data_view(self, asked: _Asked, entity_context: EntityContext) -> dict[str, object]:
        """What the section on data and citation shows."""
        return {
            "iri": asked.iri,
            "past": asked.past,
            "downloads": self._downloads(asked.path),
            "citation": self._citation_view(asked, entity_context),
            "query": query_of(asked.iri, self._site_context.site),
            "questions": self._questions(asked),
        }

    def _questions(self, asked: _Asked) -> list[Link]:
        """The questions of the library that name the thing."""
        site_context, language = self._site_context, asked.page_request.language
        if "/queries" not in site_context.served:
            return []
        found = using(asked.release_view.questions, asked.iri)
        return [Link(item.summary.in_(language), site_context.site.address(f"/queries/{item.name}")) for item in found]

    async def _statements(
        self, asked: _Asked, frame: Frame, entity_context: EntityContext, direction: Direction
    ) -> Representation:
        site_context, number = self._site_context, asked.page_request.page
        question = statement_page(asked.iri, direction, limit=PER_PAGE, offset=(number - 1) * PER_PAGE)
        counted, statements = await asyncio.gather(
            site_context.client.rows(statement_count(asked.iri, direction)), site_context.client.statements(question)
        )
        total = int(counted[0][0].value)  # type: ignore[union-attr]
        asked.page_request.pages(total, PER_PAGE)
        view = await statements_page(entity_context, statements, site_context.client, direction, number, total)
        return site_context.page("statements.html", frame, view=view)

    async def _extra(self, asked: _Asked) -> Representation:
        site_context, page_request = self._site_context, asked.page_request
        entity_context = await gather(asked.iri, page_request.language, asked.release_view, site_context)
        await self._check(Description(asked.iri, entity_context.statements), asked)
        if asked.suffix == LINKSET_SUFFIX:
            page = site_context.site.absolute(asked.path)
            files = {file.url: metadata.file_links(asked.iri, page, file) for file in self._files(asked.path)}
            body, kind = metadata.linkset(page, self._links(asked, entity_context), files), LINKSET_TYPE
        else:
            _, kind, write = metadata.WRITERS[asked.suffix]
            body, kind = write(self._citation(asked, entity_context)), f"{kind}; charset=utf-8"
        return Representation(body, data_headers(kind, site_context.cache_control))

    async def _check(self, description: Description, asked: _Asked) -> None:
        if not description.exists:
            deletion = await asyncio.to_thread(asked.read_deletion)
            raise Deleted(asked.iri, asked.path, deletion) if deletion else Missing(asked.page_request.path)
        if description.is_withdrawn:
            raise Withdrawn(asked.iri, tuple(description.successors))

    def _files(self, path: str) -> list[File]:
        page = self._site_context.site.absolute(path)
        return [File(f"{page}.{form.suffix}", form.media_type, form.media_type == _CONTENT) for form in DATA]

    def _links(self, asked: _Asked, entity_context: EntityContext) -> list[metadata.TypedLink]:
        site = self._site_context.site
        types = [f"https://schema.org/{schema_type(asked.iri, entity_context)}"]
        author = self._site_context.operator.url or site.absolute("/imprint")
        page = site.absolute(asked.path)
        links = metadata.page_links(asked.iri, page, self._files(asked.path), types, author)
        return [*links, *metadata.older(asked.before(HTML), "text/html")]

    def _downloads(self, path: str) -> list[dict[str, str]]:
        address = self._site_context.site.address(path)
        return [
            {"href": f"{address}.{form.suffix}", "label": form.label, "media_type": form.media_type} for form in DATA
        ]

    def _citation(self, asked: _Asked, entity_context: EntityContext) -> Citation:
        title, release_view = entity_context.name(asked.iri).text, asked.release_view
        key, day = gettext_noop("{title}. In: interkommunal, release {identifier}. {iri}"), ""
        if release_view.released:
            key, day = (
                gettext_noop("{title}. In: interkommunal, release {identifier} of {date}. {iri}"),
                date_in_words(release_view.released, entity_context.language),
            )
        return Citation(
            iri=asked.iri,
            url=self._site_context.site.absolute(asked.path),
            title=title,
            language=entity_context.language,
            version=release_view.identifier,
            released=release_view.released,
            content_hash=release_view.content_hash,
            text=entity_context.say(key, title=title, identifier=release_view.identifier, date=day, iri=asked.iri),
        )

    def _citation_view(self, asked: _Asked, entity_context: EntityContext) -> dict[str, object]:
        address = self._site_context.site.address(asked.path)
        formats = [
            {"href": f"{address}.{suffix}", "label": label, "media_type": kind}
            for suffix, (label, kind, _) in metadata.WRITERS.items()
        ]
        return {"text": self._citation(asked, entity_context).text, "formats": formats}


@dataclass
class _Asked:
    """What is asked of a thing; ``form`` is ``None`` for what is no format of RDF, ``past`` is read when needed."""

    iri: str
    path: str
    suffix: str
    form: Format | None
    page_request: PageRequest
    release_view: ReleaseView
    history: History | None
    past: Past | None = None

    def read_deletion(self) -> Deletion | None:
        """When the thing was deleted, if the change table can be read and knows it."""
        try:
            return None if self.history is None else self.history.deletion(GRAPH, self.iri)
        except ReleaseError:
            return None

    def read_past(self, history: History, site: Site) -> Past | None:
        """What became of the thing up to the release that is shown; none where the table cannot tell."""
        language = self.page_request.language if self.form is HTML else "de"
        try:
            return past_of(history, self.release_view.identifier, self.iri, self.path, site, language)
        except ReleaseError:
            # A damaged table is reported by the feeds; a page does without.
            return None

    def before(self, form: Format) -> str:
        """Where the state of the thing before this one stands in a format; empty if there is none."""
        if self.past is None or not self.past.before or form.media_type == CSV:
            return ""
        return self.past.before if form is HTML else f"{self.past.before}.{form.suffix}"

    @property
    def key(self) -> tuple[object, ...]:
        """What decides about the answer, besides the coding."""
        kind = self.form.media_type if self.form else self.suffix
        people = self.form is HTML
        language = self.page_request.language if people or kind == CSV or not self.form else ""
        parameters = self.page_request.parameters if people else ()
        # The change table follows its release a moment later.
        stamp = self.history and self.history.stamp
        return (self.release_view.identifier, stamp, "thing", self.path, kind, language, parameters)


# Every statement with its source: the data itself, where the other formats only describe.
_CONTENT: Final = "application/trig"
