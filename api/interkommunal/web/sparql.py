"""``/sparql``: the SPARQL 1.1 Protocol in raw ASGI.

Requests come in through GET, HEAD, POST, QUERY and OPTIONS; answers leave complete (with length, entity tag, and from
the cache if possible) or as a stream that ends truthfully or is visibly broken. This module decides who answers; what
a request says is read in ``protocol``, how a query becomes a response is decided in ``answering``, and the query runs
behind the one door of the engine room.

``/sparql/explain`` says what is wrong with a query, or why it finds nothing, for people and for programs. The questions
that an explanation needs go through the same engine, a bounded number of them.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Collection
from dataclasses import replace
from typing import Any, Final, Protocol

import orjson
import structlog
from starlette.types import ASGIApp, Receive, Scope, Send

from interkommunal.engine.engine import Engine
from interkommunal.engine.pool import Answer
from interkommunal.errors import QueryError, QueryFailed, QueueFull
from interkommunal.namespaces import BASE
from interkommunal.settings import Settings
from interkommunal.sparql.emptiness import SECONDS, Probe
from interkommunal.sparql.explanation import explain_query
from interkommunal.sparql.findings import Explanation, as_text
from interkommunal.sparql.query import Form, QueryRequest
from interkommunal.texts import LANGUAGES, Language, Text
from interkommunal.web import protocol
from interkommunal.web.answering import Answering
from interkommunal.web.cache import AnswerCache
from interkommunal.web.exchange import Broken, ClientGone, DisconnectWatcher, Exchange
from interkommunal.web.formats import HTML, OFFERS, Format, named
from interkommunal.web.logs import QueryLog, QueryRecord
from interkommunal.web.problems import Problem, RequestProblem, bad_request, method_not_allowed, not_acceptable
from interkommunal.web.protocol import Operation
from interkommunal.web.publication import Publication
from interkommunal.web.representation import Representation, Variant, data_headers
from interkommunal.web.request import Fields
from interkommunal.web.responder import PROBLEM_OFFERS, Reply, Responder, precondition, preflight
from interkommunal.web.routing import Route, documented
from interkommunal.web.service_description import DESCRIPTION_OFFERS, service_triples, write_triples

PATH: Final = "/sparql"
EXPLAIN_PATH: Final = f"{PATH}/explain"
METHODS: Final = ("GET", "HEAD", "POST", "QUERY", "OPTIONS")

JSON: Final = Format("application/json", ("text/json",), "", "json", "JSON", ("json",))
TEXT: Final = Format("text/plain", (), "; charset=utf-8", "txt", "Text", ("text", "txt"))
EXPLANATION_OFFERS: Final = (JSON, TEXT, HTML)
# Explanations at the same time, each of which asks one question after the other; one more is told to come back.
_MOST_EXPLANATIONS: Final = 4
_RETRY_AFTER: Final = 5

# From this size on a body is read, or made into a page, in a thread.
_THREAD_FROM: Final = 64 * 1024
# The page for people holds at most so many bytes of results.
_LARGEST_PAGE: Final = 16 << 20


class QueryPages(Protocol):
    """The page for people: the form, with an answer, a problem or an explanation."""

    def form(self, language: Language, operation: Operation, problem: Problem | None = None) -> Representation:
        """The page before there is an answer, or with the problem that prevented one."""

    def answer(
        self,
        language: Language,
        operation: Operation,
        answer: Answer,
        body: bytes,
        explanation: Explanation | None = None,
    ) -> Representation:
        """The page with an answer: ``body`` is JSON results for SELECT and ASK, Turtle for the others."""

    def explained(self, language: Language, operation: Operation, explanation: Explanation) -> Representation:
        """The page with what is to be said about a query."""


class SparqlEndpoint:
    """The ASGI application for :data:`PATH`.

    Args:
        settings: limits, public URL, language.
        engine: answers queries.
        publication: the release being served.
        cache: answers given before.
        log: hears of every query.
        page: the page for people.
        responder: makes replies.
    """

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        publication: Publication,
        cache: AnswerCache,
        log: QueryLog,
        page: QueryPages,
        responder: Responder,
    ) -> None:
        self._settings = settings
        self._engine = engine
        self._publication = publication
        self._cache = cache
        self._log = log
        self._page = page
        self._responder = responder
        self._answering = Answering(settings, engine, publication, cache, responder)
        self._explanations = 0
        self._watcher = DisconnectWatcher()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        started = time.perf_counter()
        fields = Fields.of(scope["headers"])
        if scope["method"] == "GET" and scope["path"] != EXPLAIN_PATH:
            found = self._cache.by_request((scope["query_string"], fields.accept, fields.accept_encoding))
            if found is not None and await self._recall(scope, send, fields, started, *found):
                return
        exchange = Exchange(scope, receive, send, self._settings.language, self._watcher, fields)
        record = exchange.record
        try:
            await self._dispatch(exchange)
        except ClientGone:
            record.outcome = "abandoned"
        except asyncio.CancelledError:  # the server is being stopped
            record.outcome = "broken"
            raise
        except Broken as error:
            record.outcome = "broken"
            structlog.get_logger().warning("answer.broken", reason=str(error), query=record.digest)
            raise
        except Exception as error:
            problem = self._problem(error, exchange)
            if exchange.status:
                record.outcome = "broken"
                raise Broken(str(error)) from error
            record.outcome = problem.kind
            await self._refuse(exchange, problem)
        finally:
            if record.query is not None or record.outcome != "ok":  # not for description, form and OPTIONS
                self._log.add(exchange.close())

    async def _recall(
        self, scope: Scope, send: Send, fields: Fields, started: float, kept: Representation, variant: Variant
    ) -> bool:
        """The shortest way: the same request gets the same bytes. False if it has to go the long way."""
        outcome = precondition("GET", fields, variant.tag, None) if fields.is_conditional else 200
        if outcome == 412:
            return False  # the long way words it
        known = outcome == 304
        reply = Reply(304, variant.not_modified, b"") if known else Reply(200, variant.headers, variant.body)
        client = scope.get("client")
        record = QueryRecord(
            started, "not-modified" if known else "ok", "hit", kept.media_type, kept.form, kept.rows, kept.digest
        )
        self._log.add(record.close(reply.status, len(reply.body), client[0] if client else ""))
        await reply.send(send)
        return True

    async def _dispatch(self, exchange: Exchange) -> None:
        method = exchange.method
        if method == "OPTIONS":
            takes = protocol.ACCEPT_QUERY.encode()
            await exchange.send(preflight(", ".join(METHODS), (b"accept-post", takes), (b"accept-query", takes)))
            return
        if method in ("GET", "HEAD"):
            operation = protocol.read_get(exchange.query_string)
        elif method in ("POST", "QUERY"):
            operation = await self._read_body(exchange)
        else:
            raise method_not_allowed(method, ", ".join(METHODS))
        exchange.record.operation = operation
        if exchange.path == EXPLAIN_PATH:
            await self._explain(exchange, operation)
        elif operation.query is None:
            await self._describe(exchange, operation)
        else:
            await self._query(exchange, operation, operation.query)

    async def _read_body(self, exchange: Exchange) -> Operation:
        content_type = exchange.field(b"content-type")
        protocol.content_kind(content_type)
        coding = (exchange.field(b"content-encoding") or "identity").strip().lower()
        if coding != "identity":
            detail = Text(
                "The body of a request comes without Content-Encoding here, not as {coding}.", coding=coding[:20]
            )
            accepted = ((b"accept-encoding", b"identity"),)
            raise RequestProblem(Problem("unsupported-media-type", detail, headers=accepted))
        body = await exchange.body(self._settings.body_limit)
        if len(body) < _THREAD_FROM:
            return protocol.read_post(exchange.query_string, content_type, body)
        return await asyncio.to_thread(protocol.read_post, exchange.query_string, content_type, body)

    async def _query(self, exchange: Exchange, operation: Operation, query: str) -> None:
        record = exchange.record
        record.note(query)
        form = self._engine.inspect(query).form
        record.form = form.value
        wanted = self._negotiate(exchange, operation, OFFERS[form])
        record.media_type = wanted.media_type
        if wanted is HTML:
            await self._show(exchange, operation, form)
        else:
            await self._answering.respond(exchange, self._answering.request(operation, query, wanted.media_type))

    async def _explain(self, exchange: Exchange, operation: Operation) -> None:
        """What is to be said about a query, for people or programs."""
        # The form sends the format of the answer along, which says nothing about that of the explanation.
        if operation.format is not None and exchange.choose(EXPLANATION_OFFERS) is HTML:
            wanted = named(operation.format, EXPLANATION_OFFERS) or HTML
        else:
            wanted = self._negotiate(exchange, operation, EXPLANATION_OFFERS)
        language = exchange.language
        if operation.query is None:
            if wanted is not HTML:
                raise bad_request(Text("The parameter “query” with the SPARQL query is missing."), parameter="query")
            await self._send(exchange, self._page.form(language, operation))
            return
        exchange.record.note(operation.query)
        exchange.record.media_type = wanted.media_type
        explanation = await exchange.while_connected(self._explanation(operation))
        if wanted is HTML:
            await self._send(exchange, self._page.explained(language, operation, explanation))
            return
        # The same query gets the same bytes from the same release.
        if wanted is TEXT:
            body = as_text(explanation, language).encode()
        else:
            told = {"release": self._publication.identifier, "language": language, "query": operation.query}
            body = orjson.dumps(told | explanation.told(language))
        headers = data_headers(wanted.content_type, "no-cache", (b"content-language", language.encode()))
        await self._send(exchange, Representation(body, headers))

    async def _explanation(self, operation: Operation) -> Explanation:
        """What is to be said about a query, by the same guard, dataset and limits as for the query itself.

        Raises:
            QueryError: it may not be asked, or too many are being explained.
        """
        if self._explanations >= _MOST_EXPLANATIONS:
            raise QueueFull("many queries are being explained just now", _RETRY_AFTER)
        self._explanations += 1
        try:
            probe = Probe(self._ask, operation.default_graphs, operation.named_graphs)
            return await explain_query(operation.query or "", self._engine.inspect, probe, BASE)
        finally:
            self._explanations -= 1

    async def _ask(self, request: QueryRequest) -> bytes:
        """The answer to a question that an explanation needs."""
        limits = replace(
            request.limits,
            seconds=min(request.limits.seconds, self._settings.deadline, SECONDS),
            memory_bytes=self._settings.memory_limit,
        )
        return await (await self._engine.answer(request._replace(limits=limits))).whole()

    def _negotiate(self, exchange: Exchange, operation: Operation, offers: tuple[Format, ...]) -> Format:
        if operation.format is None:
            wanted = exchange.choose(offers)
        else:
            wanted = named(operation.format, offers, exchange.accept if "," in operation.format else "")
        if wanted is None:
            raise not_acceptable([item.media_type for item in offers], [item.suffix for item in offers])
        return wanted

    async def _describe(self, exchange: Exchange, operation: Operation) -> None:
        """The service description, or the query page for clients that prefer HTML."""
        wanted = self._negotiate(exchange, operation, DESCRIPTION_OFFERS)
        if wanted is HTML:
            await self._send(exchange, self._page.form(exchange.language, operation))
            return

        async def make() -> Representation:
            release = self._publication.release
            triples = service_triples(f"{self._settings.address}{PATH}", self._engine.options, release)
            headers = data_headers(wanted.content_type, self._responder.cache_control)
            return Representation(write_triples(triples, wanted), headers)

        key = ("description", self._publication.identifier, wanted.media_type)
        await exchange.send(await self._responder.kept(exchange, key, make))

    async def _show(self, exchange: Exchange, operation: Operation, form: Form) -> None:
        """Answer on a page for people, with the first rows only; the page says so."""
        asked = self._answering.request(operation, operation.query or "", OFFERS[form][0].media_type)
        limits = replace(asked.limits, rows=self._settings.html_rows, body_bytes=_LARGEST_PAGE, partial=True)
        answer = await exchange.while_connected(self._engine.answer(asked._replace(limits=limits)))
        body = await answer.whole()
        exchange.record.rows = answer.rows
        exchange.record.outcome = "cut" if answer.cut else "ok"
        explanation = None
        if _finds_nothing(answer, body):
            # The answer is right without it, so it is left out where it cannot be had just now.
            with contextlib.suppress(QueryError):
                explanation = await exchange.while_connected(self._explanation(operation))
        made = (exchange.language, operation, answer, body, explanation)
        small = len(body) < _THREAD_FROM
        page = self._page.answer(*made) if small else await asyncio.to_thread(self._page.answer, *made)
        await self._send(exchange, page)

    async def _send(self, exchange: Exchange, representation: Representation, status: int = 200) -> None:
        await exchange.send(await self._responder.reply(exchange, representation, status))

    async def _refuse(self, exchange: Exchange, problem: Problem) -> None:
        operation = exchange.record.operation
        if operation.format is None:
            wants_page = exchange.choose(PROBLEM_OFFERS) is HTML
        else:
            wants_page = named(operation.format, (HTML,)) is HTML
        # A fault may lie in the page itself.
        if problem.kind == "internal" or not wants_page:
            await exchange.send(self._responder.problem(exchange, problem))
            return
        page = self._page.form(exchange.language, operation, problem)
        await self._send(exchange, Representation(page.body, (*page.headers, *problem.headers)), problem.status)

    def _problem(self, error: Exception, exchange: Exchange) -> Problem:
        query = exchange.record.query
        if isinstance(error, QueryFailed) and query and self._engine.inspect(query).has_service:
            return Problem("service-failed", Text.named("problem", "service-failed", text=error.text))
        return self._responder.problem_of(error, exchange.path, query=query)


def _finds_nothing(answer: Answer, body: bytes) -> bool:
    """Whether an answer is empty: no row, no triple, or false."""
    if answer.form is Form.ASK:
        return orjson.loads(body).get("boolean") is False
    return answer.rows == 0


def sparql_routes(endpoint: ASGIApp) -> list[Route]:
    """The operations of the endpoint; what they take is read by ``protocol``, not by FastAPI."""
    formats = {item.media_type: item for offers in OFFERS.values() for item in offers}
    return [
        *_operations(
            PATH,
            "sparql",
            "Ask a query by the SPARQL 1.1 Protocol; without one, GET answers the service description",
            formats.values(),
            endpoint,
        ),
        *_operations(
            EXPLAIN_PATH,
            "explain",
            "Say in words what is wrong with a query, or why it finds nothing",
            EXPLANATION_OFFERS,
            endpoint,
        ),
    ]


def _operations(
    path: str, name: str, summary: str, offers: Collection[Format], endpoint: ASGIApp
) -> tuple[Route, Route]:
    iris = {"type": "array", "items": {"type": "string", "format": "uri"}}
    suffixes = sorted({item.suffix for item in offers})
    wishes: dict[str, tuple[dict[str, Any], str]] = {
        "default-graph-uri": (iris, "Graphs that make up the default graph, instead of FROM."),
        "named-graph-uri": (iris, "Named graphs, instead of FROM NAMED."),
        "format": ({"type": "string", "enum": suffixes}, "Format of the answer, instead of the field Accept."),
        "timeout": (
            {"type": "number", "exclusiveMinimum": 0, "maximum": 10**6, "multipleOf": 0.001},
            "Seconds to wait at most.",
        ),
        "partial": ({"type": "boolean"}, "Give the first rows of an answer that has too many."),
        "lang": ({"type": "string", "enum": list(LANGUAGES)}, "Language of messages and of the page."),
    }
    query = {"type": "string", "description": "A SPARQL 1.1 query."}
    form = {"type": "object", "required": ["query"], "properties": {"query": query}}
    form["properties"] |= {wish: schema for wish, (schema, _) in wishes.items()}  # type: ignore[operator]
    taken = {"query": (query, "The query."), **wishes}
    parameters = [
        {"name": wish, "in": "query", "required": False, "schema": schema, "description": description}
        for wish, (schema, description) in taken.items()
    ]
    body = {"required": True, "content": {protocol.QUERY: {"schema": query}, protocol.FORM: {"schema": form}}}
    kinds = [item.media_type for item in offers]
    return (
        documented(path, kinds, endpoint, summary, "sparql", name, {"parameters": parameters}),
        documented(path, kinds, endpoint, summary, "sparql", f"{name}-post", {"requestBody": body}, "POST"),
    )
