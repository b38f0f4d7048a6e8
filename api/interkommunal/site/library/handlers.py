"""The handlers of the library: a request comes in, a page, data or RDF goes out.

Which address leads to which part of the library, and what the OpenAPI document says of each question.

Each question of the release in force is an operation with typed parameters, so a new question is documented by being in
the release.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlencode

import orjson
from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from interkommunal.release.library import LibraryQuery, Parameter
from interkommunal.release.values import LONGEST
from interkommunal.site.context import PageRequest, SiteContext
from interkommunal.site.library.formats import (
    ANSWERS,
    BY_SUFFIX,
    JSON,
    LISTS,
    PARQUET,
    PATH,
    RDF,
    RESULTS,
    ROWS_CSV,
    ROWS_TSV,
    TEXT,
    XLSX,
    serialised,
    targeted,
    written,
)
from interkommunal.site.library.page import heading, picture_of, samples, table_of, topic
from interkommunal.site.library.questions import (
    PAGE_ROWS,
    AnsweredQuestion,
    AskedQuestion,
    ParameterChoice,
    QuestionCollection,
    read_asked,
)
from interkommunal.sparql.query import TURTLE
from interkommunal.texts import LANGUAGES, Language, Text
from interkommunal.web.formats import HTML, Format
from interkommunal.web.problems import Header, Problem, RequestProblem, not_acceptable
from interkommunal.web.representation import Representation, data_headers
from interkommunal.web.request import Parameters
from interkommunal.web.responder import redirect
from interkommunal.web.routing import Route, route

# Names the release that an answer comes from, in every format.
RELEASE: Final = b"graph-release"
_EXPOSED: Final = (b"access-control-expose-headers", b"Graph-Release")
_ROLES: Final = Parameter("role", "concept", "concept:role", "UNDEF")


@dataclass(frozen=True)
class LibraryContext:
    """What the handlers of the library share.

    Attributes:
        site_context: what pages need. collection: the questions.
    """

    site_context: SiteContext
    collection: QuestionCollection

    def release_headers(self, release: str) -> tuple[Header, ...]:
        """The header fields that name the release."""
        return ((RELEASE, release.encode()), _EXPOSED)

    def data(self, body: bytes, wanted: Format, release: str, *further: Header) -> Representation:
        """Data, ready to be sent."""
        headers = (*self.release_headers(release), *further)
        return Representation(body, data_headers(wanted.content_type, self.site_context.cache_control, *headers))


def nothing(path: str) -> RequestProblem:
    """404."""
    shown = path[:200]
    return RequestProblem(Problem("not-found", Text("There is nothing at {shown}.", shown=shown)))


def _wanted(page_request: PageRequest, suffix: str, offers: Sequence[Format], path: str) -> Format:
    """The format that suffix or ``Accept`` ask for."""
    if suffix:
        found = next((item for item in offers if item.suffix == suffix), None)
        if found is None:
            raise nothing(path)
        return found
    chosen = page_request.choose(offers)
    if chosen is None:
        raise not_acceptable([item.media_type for item in offers], [item.suffix for item in offers])
    return chosen


class ListHandler:
    """``/queries`` and ``/.well-known/sparql-examples``, also with a suffix.

    Args:
        reading: what handlers share.
        offers: formats, our favourite first.
    """

    def __init__(self, reading: LibraryContext, offers: Sequence[Format]) -> None:
        self._reading = reading
        self._offers = offers

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD.

        Raises:
            RequestProblem: there is no such format.
        """
        reading, site_context = self._reading, self._reading.site_context
        page_request = site_context.page_request(request, ("tag",))
        wanted = _wanted(page_request, str(request.path_params.get("suffix", "")), self._offers, page_request.path)
        release_view = await site_context.editions.current()
        tag = page_request.parameter("tag")
        queries = [item for item in reading.collection.queries.values() if tag is None or tag in item.tags]
        # In RDF both languages are there.
        language = page_request.language if wanted in (HTML, JSON) else ""
        key = (release_view.identifier, page_request.path, wanted.media_type, language, tag)

        async def make() -> Representation:
            if wanted is HTML:
                frame = site_context.frame(page_request, release_view, "/queries")
                values = {
                    "queries": queries,
                    "tags": self._tags(page_request.language),
                    "tag": tag,
                    "formats": LISTS[1:],
                }
                return site_context.page(
                    "queries.html", frame, reading.release_headers(release_view.identifier), **values
                )
            if wanted is JSON:
                return reading.data(
                    self._json(queries, page_request.language, release_view.identifier), JSON, release_view.identifier
                )
            triples = targeted(queries, site_context.site.absolute("/sparql"))
            return reading.data(serialised(triples, wanted), wanted, release_view.identifier)

        return await site_context.kept(page_request, key, make)

    def _tags(self, language: Language) -> list[tuple[str, str]]:
        """All tags with their words, in the order of the words."""
        tags = {tag for query in self._reading.collection.queries.values() for tag in query.tags}
        return sorted(((tag, topic(tag, language)) for tag in tags), key=lambda item: item[1].casefold())

    def _json(self, queries: Sequence[LibraryQuery], language: Language, release: str) -> bytes:
        site = self._reading.site_context.site
        entries = [
            {
                "name": query.name,
                "question": query.summary.in_(language),
                "summary": dict(query.summary),
                "tags": query.tags,
                "result": query.result,
                "columns": query.columns,
                "parameters": [
                    {"name": item.name, "type": item.kind, "of": item.of or None, "default": item.default}
                    for item in query.parameters
                ],
                "url": site.absolute(f"/queries/{query.name}"),
            }
            for query in queries
        ]
        return orjson.dumps({"release": release, "queries": entries})


class QuestionHandler:
    """``/queries/{name}``, also with a suffix."""

    def __init__(self, reading: LibraryContext) -> None:
        self._reading = reading

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD.

        Raises:
            RequestProblem: there is no such question or format.
            ParameterError: a parameter is wrong.
            QueryError: the graph cannot be asked.
        """
        reading, site_context = self._reading, self._reading.site_context
        page_request = site_context.page_request(request)
        name, _, suffix = str(request.path_params["name"]).partition(".")
        query = reading.collection.queries.get(name)
        if query is None or suffix not in ("", *BY_SUFFIX):
            raise nothing(page_request.path)
        wanted = _wanted(page_request, suffix, ANSWERS, page_request.path)
        given = Parameters(request.scope["query_string"])
        # RDF describes the question, in both languages.
        language = site_context.language if wanted in RDF else page_request.language
        asked = await read_asked(query, given, language, reading.collection)
        release_view = await site_context.editions.current()
        key = (release_view.identifier, "queries", wanted.media_type, asked.semantic_key)
        return await site_context.kept(
            page_request, key, lambda: self._make(page_request, asked, wanted, release_view.identifier)
        )

    async def _make(
        self, page_request: PageRequest, asked: AskedQuestion, wanted: Format, release: str
    ) -> Representation:
        reading, site_context = self._reading, self._reading.site_context
        if wanted is TEXT:
            address = site_context.site.absolute(f"/queries/{asked.query.name}")
            head = f"# {asked.query.summary.in_(asked.language)}\n# {address}\n"
            return reading.data((head + asked.text).encode(), TEXT, release)
        if wanted in RDF:
            triples = targeted([asked.query], site_context.site.absolute("/sparql"))
            return reading.data(serialised(triples, wanted), wanted, release)
        if wanted is HTML:
            return await self._page(page_request, await self._answered(asked, release, PAGE_ROWS))
        answered = await self._answered(asked, release, None)
        further = [(b"content-disposition", self._file_name(asked, wanted, release))] if wanted is not JSON else []
        if links := self._links(answered, wanted):
            header = ", ".join(f'<{url}>; rel="{relation}"' for relation, url in links.items())
            further.append((b"link", header.encode()))
        return reading.data(written(answered, wanted, self._url(asked, wanted), links), wanted, release, *further)

    async def _answered(self, asked: AskedQuestion, release: str, most: int | None) -> AnsweredQuestion:
        limit = asked.limit or most
        asked = replace(asked, limit=limit)
        found = await self._reading.site_context.client.rows(asked.text)
        end = None if limit is None else asked.offset + limit
        return AnsweredQuestion(asked, release, asked.query.columns, found[asked.offset : end], len(found))

    def _url(self, asked: AskedQuestion, wanted: Format, **changed: object) -> str:
        path = self._reading.site_context.site.absolute(f"/queries/{asked.query.name}.{wanted.suffix}")
        return f"{path}?{asked.parameters(**changed)}"

    def _links(self, answered: AnsweredQuestion, wanted: Format) -> dict[str, str]:
        """URLs of the parts before and after (RFC 8288)."""
        offsets = {"prev": answered.previous_offset, "next": answered.next_offset}
        return {
            relation: self._url(answered.asked, wanted, offset=offset or None)
            for relation, offset in offsets.items()
            if offset is not None
        }

    @staticmethod
    def _file_name(asked: AskedQuestion, wanted: Format, release: str) -> bytes:
        kind = "inline" if wanted in (RESULTS, ROWS_TSV) else "attachment"
        return f'{kind}; filename="{asked.query.name}-{release}.{wanted.suffix}"'.encode()

    async def _page(self, page_request: PageRequest, answered: AnsweredQuestion) -> Representation:
        reading, site_context, asked = self._reading, self._reading.site_context, answered.asked
        release_view = await site_context.editions.current()
        name = asked.query.name
        frame = site_context.framed(
            page_request.language, release_view.release, f"/queries/{name}", tuple(_given(asked))
        )
        choices: dict[str, tuple[ParameterChoice, ...]] = {
            item.name: await reading.collection.choices(item, asked.language) for item in asked.query.parameters
        }
        roles = {item.label: item.slug for item in await reading.collection.choices(_ROLES, asked.language)}
        pages = {
            relation: site_context.address(f"/queries/{name}")
            + f"?{asked.parameters(offset=offset or None, limit=None)}"
            for relation, offset in (("prev", answered.previous_offset), ("next", answered.next_offset))
            if offset is not None
        }
        return site_context.page(
            "question.html",
            frame,
            reading.release_headers(answered.release),
            query=asked.query,
            asked=asked,
            answered=answered,
            choices=choices,
            table=table_of(answered, site_context.site),
            picture=picture_of(answered, site_context.site, release_view.boundaries, roles),
            pages=pages,
            downloads=[
                (
                    item.label,
                    site_context.address(f"/queries/{name}.{item.suffix}")
                    + f"?{asked.parameters(limit=None, offset=None)}",
                )
                for item in (ROWS_CSV, XLSX, PARQUET, JSON, ROWS_TSV, RESULTS, RDF[0])
            ],
            text=asked.text,
            topic=lambda item: topic(item, asked.language),
            heading=lambda column: heading(column, asked.language),
            editor=site_context.address("/sparql") + f"?{urlencode({'query': asked.text})}",
            samples=samples(asked, site_context.site),
        )


def _given(asked: AskedQuestion) -> list[tuple[str, str]]:
    """The parameters that make this page, besides the language."""
    return [*sorted(asked.typed.items()), *([("offset", str(asked.offset))] if asked.offset else [])]


_TAG: Final = "queries"
_LANGUAGES: Final[dict[str, Any]] = {"enum": list(LANGUAGES)}
_SCHEMAS: Final[dict[str, dict[str, Any]]] = {
    "year": {"type": "string", "pattern": "^[0-9]{4}$"},
    "date": {"type": "string", "format": "date"},
    "integer": {"type": "integer", "minimum": -(10**17), "maximum": 10**17},
    "text": {"type": "string", "maxLength": LONGEST},
    "entity": {"type": "string", "maxLength": LONGEST},
    "concept": {"type": "string", "maxLength": LONGEST},
}
_COMMON: Final = (
    ("lang", {"type": "string", **_LANGUAGES}, "Language of labels."),
    ("limit", {"type": "integer", "minimum": 1, "maximum": 10**9 - 1}, "Rows at most; all if it is missing."),
    ("offset", {"type": "integer", "minimum": 0, "maximum": 10**9 - 1}, "Rows passed over."),
    (
        "raw",
        {"type": "boolean"},
        "CSV for programs: without byte order mark, and without the apostrophe before cells that a spreadsheet would "
        "take for a formula.",
    ),
)


class Library:
    """The routes of the library.

    Args:
        site_context: what handlers share.

    Attributes:
        routes: those that answer.
    """

    def __init__(self, site_context: SiteContext) -> None:
        site_context.design.add(Path(__file__).parent)
        reading = LibraryContext(site_context, QuestionCollection(site_context.client, site_context.publication))
        convention = (next(item for item in RDF if item.media_type == TURTLE), *RDF[1:])
        self._collection = reading.collection
        self._list, self._question = ListHandler(reading, LISTS), QuestionHandler(reading)
        example = ListHandler(reading, convention)
        self.routes = [
            self._documented_list(),
            route("/queries.{suffix}", self._list.__call__),
            route(PATH, example.__call__),
            route(f"{PATH}.{{suffix}}", example.__call__),
            route(f"{PATH}/{{name}}", _Example(reading).__call__),
            route("/queries/{name}", self._question.__call__),
        ]

    def questions(self) -> list[Route]:
        """An operation for each question of the release in force, for the OpenAPI document."""
        return [self._documented(query) for query in self._collection.queries.values()]

    def _documented_list(self) -> Route:
        async def queries(
            request: Request,
            tag: Annotated[str, Query(max_length=LONGEST, description="Only questions with this tag.")] = "",
            lang: Annotated[str, Query(description="Language of labels.", json_schema_extra=_LANGUAGES)] = "",
        ) -> Response:
            return await self._list(request)

        kinds = [item.media_type for item in LISTS]
        return route("/queries", queries, kinds, summary="All questions of the library", tag=_TAG, name="queries")

    def _documented(self, query: LibraryQuery) -> Route:
        own = [_own(item) for item in query.parameters if item.kind != "language"]
        return route(
            f"/queries/{query.name}",
            self._question.__call__,
            [item.media_type for item in ANSWERS],
            summary=query.summary["en"],
            tag=_TAG,
            name=f"query-{query.name}",
            extra={
                "description": f"{query.summary['de']}\n\nColumns: {', '.join(query.columns)}.",
                "parameters": [*own, *(_query(*item) for item in _COMMON)],
            },
        )


class _Example:
    """The IRI of a question leads to the question."""

    def __init__(self, reading: LibraryContext) -> None:
        self._reading = reading

    async def __call__(self, request: Request, name: str) -> Response:
        """GET or HEAD."""
        if name not in self._reading.collection.queries:
            raise nothing(request.scope["path"])
        return redirect(self._reading.site_context.site.address(f"/queries/{name}"))


def _own(parameter: Parameter) -> dict[str, Any]:
    kinds = {
        "entity": f"A thing of the class {parameter.of}: IRI, prefixed name or short name.",
        "concept": f"A concept of the scheme {parameter.of}: IRI, prefixed name or short name.",
        "year": "A year.",
        "date": "A day.",
        "integer": "A whole number.",
        "text": "A text, found in any part of a text, upper or lower case.",
    }
    schema = dict(_SCHEMAS[parameter.kind])
    if parameter.default == "UNDEF":
        return _query(parameter.name, schema, f"{kinds[parameter.kind]} Any, if it is missing.")
    written = re.sub(r'^"(.*)".*$', r"\1", parameter.default)
    schema["default"] = int(written) if parameter.kind == "integer" else written
    return _query(parameter.name, schema, kinds[parameter.kind])


def _query(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}
