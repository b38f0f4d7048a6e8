"""The library over HTTP: a request comes in; a page, data or RDF goes out.

Each question of the release in force is an operation of the OpenAPI document with typed parameters, so a new question
is documented by being in the release.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
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
from interkommunal.site.library import formats
from interkommunal.site.library.formats import ANSWERS, JSON, LISTS, RDF
from interkommunal.site.library.page import heading, picture_of, samples, table_of, topic
from interkommunal.site.library.questions import (
    PAGE_ROWS,
    AnsweredQuestion,
    AskedQuestion,
    QuestionCollection,
    read_asked,
)
from interkommunal.site.release_view import ReleaseView
from interkommunal.texts import LANGUAGES, Text
from interkommunal.web.formats import HTML, Format
from interkommunal.web.problems import Header, Problem, RequestProblem, not_acceptable
from interkommunal.web.representation import Representation, data_headers
from interkommunal.web.request import Parameters
from interkommunal.web.responder import redirect
from interkommunal.web.routing import Handler, Route, route

_ROLES: Final = Parameter("role", "concept", "concept:role", "UNDEF")
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
        site_context: what all pages share.

    Attributes:
        routes: those that answer.
    """

    def __init__(self, site_context: SiteContext) -> None:
        site_context.design.add(Path(__file__).parent)
        self._site_context = site_context
        self._collection = QuestionCollection(site_context.client, site_context.publication)

        async def queries(
            request: Request,
            tag: Annotated[str, Query(max_length=LONGEST, description="Only questions with this tag.")] = "",
            lang: Annotated[str, Query(description="Language of labels.", json_schema_extra=_LANGUAGES)] = "",
        ) -> Response:
            return await self._list(request, LISTS)

        def listing(offers: Sequence[Format]) -> Handler:
            async def answer(request: Request) -> Response:
                return await self._list(request, offers)

            return answer

        path, types = formats.PATH, [item.media_type for item in LISTS]
        self.routes = [
            route("/queries", queries, types, summary="All questions of the library", tag=_TAG, name="queries"),
            route("/queries.{suffix}", listing(LISTS)),
            route(path, listing(RDF)),
            route(f"{path}.{{suffix}}", listing(RDF)),
            route(f"{path}/{{name}}", self._example),
            route("/queries/{name}", self._question),
        ]

    def questions(self) -> list[Route]:
        """An operation for each question of the release in force, for the OpenAPI document."""
        return [
            route(
                f"/queries/{query.name}",
                self._question,
                [item.media_type for item in ANSWERS],
                summary=query.summary["en"],
                tag=_TAG,
                name=f"query-{query.name}",
                extra={
                    "description": f"{query.summary['de']}\n\nColumns: {', '.join(query.columns)}.",
                    "parameters": [
                        *(_own(item) for item in query.parameters if item.kind != "language"),
                        *(_query(*item) for item in _COMMON),
                    ],
                },
            )
            for query in self._collection.queries.values()
        ]

    async def _list(self, request: Request, offers: Sequence[Format]) -> Response:
        """``/queries`` and ``/.well-known/sparql-examples``, also with a suffix."""
        site_context = self._site_context
        page_request = site_context.page_request(request, ("tag",))
        wanted = _wanted(page_request, str(request.path_params.get("suffix", "")), offers)
        release_view = await site_context.editions.current()
        # In RDF both languages are there.
        language = site_context.language if wanted in RDF else page_request.language
        tag, every = page_request.parameter("tag"), self._collection.queries.values()
        chosen = [item for item in every if tag is None or tag in item.tags]
        key = (release_view.identifier, page_request.path, wanted.media_type, language, tag)

        async def make() -> Representation:
            if wanted is HTML:
                tags = {item: topic(item, language) for query in every for item in query.tags}
                return site_context.page(
                    "queries.html",
                    site_context.frame(page_request, release_view, "/queries"),
                    _of_release(release_view.identifier),
                    queries=chosen,
                    tags=sorted(tags.items(), key=lambda item: item[1].casefold()),
                    tag=tag,
                    formats=LISTS[1:],
                )
            if wanted is JSON:
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
                        "url": site_context.site.absolute(f"/queries/{query.name}"),
                    }
                    for query in chosen
                ]
                body = orjson.dumps({"release": release_view.identifier, "queries": entries})
                return self._data(body, JSON, release_view.identifier)
            return self._rdf(chosen, wanted, release_view.identifier)

        return await site_context.kept(page_request, key, make)

    async def _question(self, request: Request) -> Response:
        """``/queries/{name}``, also with a suffix."""
        site_context = self._site_context
        page_request = site_context.page_request(request)
        name, _, suffix = str(request.path_params["name"]).partition(".")
        query = self._collection.queries.get(name)
        if query is None:
            raise nothing(page_request.path)
        wanted = _wanted(page_request, suffix, ANSWERS)
        given = Parameters(request.scope["query_string"])
        # RDF describes the question, in both languages.
        language = site_context.language if wanted in RDF else page_request.language
        asked = await read_asked(query, given, language, self._collection)
        release_view = await site_context.editions.current()
        key = (release_view.identifier, "queries", wanted.media_type, asked.semantic_key)
        return await site_context.kept(page_request, key, lambda: self._answer(asked, wanted, release_view))

    async def _example(self, request: Request, name: str) -> Response:
        """The IRI of a question leads to the question."""
        if name not in self._collection.queries:
            raise nothing(request.scope["path"])
        return redirect(self._site_context.site.address(f"/queries/{name}"))

    async def _answer(self, asked: AskedQuestion, wanted: Format, release_view: ReleaseView) -> Representation:
        release, query = release_view.identifier, asked.query
        url = self._site_context.site.absolute(f"/queries/{query.name}")
        if wanted is formats.TEXT:
            head = f"# {query.summary.in_(asked.language)}\n# {url}\n"
            return self._data((head + asked.text).encode(), wanted, release)
        if wanted in RDF:
            return self._rdf([query], wanted, release)
        asked = replace(asked, limit=asked.limit or (PAGE_ROWS if wanted is HTML else None))
        rows = await self._site_context.client.rows(asked.text)
        end = None if asked.limit is None else asked.offset + asked.limit
        answered = AnsweredQuestion(asked, release, rows[asked.offset : end], len(rows))
        if wanted is HTML:
            return await self._page(answered, release_view)
        url += f".{wanted.suffix}"
        # The parts before and after (RFC 8288).
        links = {name: f"{url}?{asked.parameters(offset=offset)}" for name, offset in answered.neighbours.items()}
        further: list[Header] = []
        if wanted is not JSON:
            kind = "inline" if wanted in (formats.RESULTS, formats.ROWS_TSV) else "attachment"
            file_name = f'{kind}; filename="{query.name}-{release}.{wanted.suffix}"'
            further.append((b"content-disposition", file_name.encode()))
        if links:
            further.append((b"link", ", ".join(f'<{to}>; rel="{name}"' for name, to in links.items()).encode()))
        body = formats.written(answered, wanted, f"{url}?{asked.parameters()}", links)
        return self._data(body, wanted, release, *further)

    async def _page(self, answered: AnsweredQuestion, release_view: ReleaseView) -> Representation:
        site_context, asked = self._site_context, answered.asked
        query, language = asked.query, asked.language
        address = site_context.address(f"/queries/{query.name}")
        # The parameters that make this page, besides the language.
        given = sorted(asked.typed.items()) + ([("offset", str(asked.offset))] if asked.offset else [])
        roles = {item.label: item.slug for item in await self._collection.choices(_ROLES, language)}
        whole = asked.parameters(limit=None, offset=None)
        files = (formats.ROWS_CSV, formats.XLSX, formats.PARQUET, JSON, formats.ROWS_TSV, formats.RESULTS, RDF[0])
        return site_context.page(
            "question.html",
            site_context.framed(language, release_view.release, f"/queries/{query.name}", tuple(given)),
            _of_release(answered.release),
            query=query,
            asked=asked,
            answered=answered,
            choices={item.name: await self._collection.choices(item, language) for item in query.parameters},
            table=table_of(answered, site_context.site),
            picture=picture_of(answered, site_context.site, release_view.boundaries, roles),
            pages={
                relation: f"{address}?{asked.parameters(offset=offset, limit=None)}"
                for relation, offset in answered.neighbours.items()
            },
            downloads=[(item.label, f"{address}.{item.suffix}?{whole}") for item in files],
            text=asked.text,
            topic=lambda item: topic(item, language),
            heading=lambda column: heading(column, language),
            editor=f"{site_context.address('/sparql')}?{urlencode({'query': asked.text})}",
            samples=samples(asked, site_context.site),
        )

    def _rdf(self, queries: Sequence[LibraryQuery], wanted: Format, release: str) -> Representation:
        """The questions and where to ask them; not their rows."""
        triples = formats.targeted(queries, self._site_context.site.absolute("/sparql"))
        return self._data(formats.serialised(triples, wanted), wanted, release)

    def _data(self, body: bytes, wanted: Format, release: str, *further: Header) -> Representation:
        headers = (*_of_release(release), *further)
        return Representation(body, data_headers(wanted.content_type, self._site_context.cache_control, *headers))


def _of_release(release: str) -> tuple[Header, ...]:
    """The header fields that name the release, in every format."""
    return ((b"graph-release", release.encode()), (b"access-control-expose-headers", b"Graph-Release"))


def nothing(path: str) -> RequestProblem:
    """404."""
    return RequestProblem(Problem("not-found", Text("There is nothing at {shown}.", shown=path[:200])))


def _wanted(page_request: PageRequest, suffix: str, offers: Sequence[Format]) -> Format:
    """The format that suffix or ``Accept`` ask for."""
    if suffix:
        found = next((item for item in offers if item.suffix == suffix), None)
        if found is None:
            raise nothing(page_request.path)
        return found
    chosen = page_request.choose(offers)
    if chosen is None:
        raise not_acceptable([item.media_type for item in offers], [item.suffix for item in offers])
    return chosen


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
