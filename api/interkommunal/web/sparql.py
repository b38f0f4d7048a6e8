"""``/sparql``: the SPARQL 1.1 Protocol in raw ASGI.

Requests come in through GET, HEAD, POST, QUERY and OPTIONS; answers leave complete (with length, entity tag, and from
the cache if possible) or as a stream that ends truthfully or is visibly broken. This module decides who answers; what
a request says is read in ``protocol``, how a query becomes a response is decided in ``answering``, and the query runs
behind the one door of the engine room.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from typing import Final
from urllib.parse import urlsplit

import structlog
from starlette.types import Receive, Scope, Send

from interkommunal.engine.interface import Engine
from interkommunal.errors import InterkommunalError, QueryError, QueryFailed
from interkommunal.settings import Settings
from interkommunal.site.query_page import EXPLAIN_PATH, PATH, QueryPage
from interkommunal.sparql.query import Form, Limits
from interkommunal.texts import Language, Text
from interkommunal.web import protocol
from interkommunal.web.answering import Answering, Question
from interkommunal.web.cache import AnswerCache
from interkommunal.web.exchange import Broken, ClientGone, Exchange, Fields, Reply
from interkommunal.web.explaining import EXPLANATION_OFFERS, Explaining, finds_nothing, no_query
from interkommunal.web.formats import HTML, OFFERS, Format, named
from interkommunal.web.hangups import Hangups
from interkommunal.web.languages import choose_language, chosen_before, language_cookie
from interkommunal.web.negotiation import Chooser, Offer
from interkommunal.web.parameters import wished_language
from interkommunal.web.problems import (
    MEDIA_TYPE,
    Header,
    Problem,
    RequestProblem,
    internal,
    method_not_allowed,
    not_acceptable,
    problem_of,
)
from interkommunal.web.protocol import Operation
from interkommunal.web.publication import Publication
from interkommunal.web.querylog import Outcome, QueryLog, Trail
from interkommunal.web.representation import CORS, Representation, matches
from interkommunal.web.service_description import DESCRIPTION_OFFERS, ServiceDescription
from interkommunal.web.volatile import is_volatile

ALLOW: Final = "GET, HEAD, POST, QUERY, OPTIONS"

_NO_SNIFF: Final[Header] = (b"x-content-type-options", b"nosniff")
_PREFLIGHT: Final[tuple[Header, ...]] = (
    (b"allow", ALLOW.encode()),
    (b"accept-post", protocol.ACCEPT_QUERY.encode()),
    (b"accept-query", protocol.ACCEPT_QUERY.encode()),
    (b"access-control-allow-methods", ALLOW.encode()),
    (b"access-control-allow-headers", b"*"),
    (b"access-control-max-age", b"86400"),
)
_PROBLEM_OFFERS: Final = (Offer(MEDIA_TYPE, ("application/json",)), HTML)

# From this size on a body is read, or made into a page, in a thread.
_THREAD_FROM: Final = 64 * 1024
# Answers to longer queries are not kept: nobody asks them twice, and a program made them.
_LONGEST_KEPT: Final = 64 * 1024
# The page for people holds at most so many bytes of results.
_LARGEST_PAGE: Final = 16 << 20


class SparqlEndpoint:
    """The ASGI application for :data:`PATH`.

    Args:
        settings: limits, public URL, cache-control, language.
        engine: answers queries.
        publication: the release being served.
        cache: answers given before; cleared here when the release changes.
        log: hears of every query.
        page: the page for people.
    """

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        publication: Publication,
        cache: AnswerCache,
        log: QueryLog,
        page: QueryPage,
    ) -> None:
        self._settings = settings
        self._engine = engine
        self._cache = cache
        self._log = log
        self._page = page
        self._answering = Answering(settings, engine, publication, cache)
        self._explaining = Explaining(settings, engine, publication)
        self._description = ServiceDescription(settings.address + PATH, engine, publication, self._answering.steady)
        self._hangups = Hangups()
        self._choose = Chooser()
        publication.on_change(cache.clear)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        started = time.perf_counter()
        fields = Fields.of(scope["headers"])
        if scope["method"] == "GET" and scope["path"] != EXPLAIN_PATH:
            client = scope.get("client")
            reply = self.recall(scope["query_string"], fields, client[0] if client else "")
            if reply is not None:
                await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers})
                await send({"type": "http.response.body", "body": reply.body})
                return
        await self._handle(Exchange(scope, receive, send, fields, self._hangups), Trail(started))

    def recall(self, query_string: bytes, fields: Fields, client: str) -> Reply | None:
        """The shortest way: the same words get the same bytes. Notes the answer in the log; it must be sent.

        Args:
            query_string: of a GET.
            fields: header fields of the request.
            client: its address.
        """
        started = time.perf_counter()
        found = self._cache.by_wording((query_string, fields.accept, fields.accept_encoding))
        if found is None:
            return None
        entry, variant = found
        known = bool(fields.if_none_match) and matches(fields.if_none_match, variant.tag)
        status, headers, body = (304, variant.not_modified, b"") if known else (200, variant.headers, variant.body)
        representation = entry.representation
        self._log.add(
            Outcome(
                "not-modified" if known else "ok",
                status,
                time.perf_counter() - started,
                "hit",
                representation.media_type,
                representation.form,
                representation.rows,
                len(body),
                representation.digest,
                client,
            )
        )
        return Reply(status, headers, body)

    async def _handle(self, exchange: Exchange, trail: Trail) -> None:
        try:
            await self._dispatch(exchange, trail)
        except ClientGone:
            trail.name = "abandoned"
        except asyncio.CancelledError:  # the server is being stopped
            trail.name = "broken"
            raise
        except Broken as error:
            trail.name = "broken"
            structlog.get_logger().warning("answer.broken", reason=str(error), query=trail.digest)
            raise
        except InterkommunalError as error:
            await self._refuse(exchange, trail, self._problem(error, trail))
        except Exception as error:
            incident = secrets.token_hex(4)
            structlog.get_logger().exception("fault", incident=incident, query=trail.query)
            if exchange.status:
                trail.name = "broken"
                raise Broken(str(error)) from error
            await self._refuse(exchange, trail, internal(incident=incident))
        finally:
            if trail.query is not None or trail.name != "ok":  # not for description, form and OPTIONS
                self._log.add(trail.outcome(exchange.status, exchange.sent, exchange.client))

    async def _dispatch(self, exchange: Exchange, trail: Trail) -> None:
        method = exchange.method
        if method == "OPTIONS":
            await exchange.complete(204, [*_PREFLIGHT, *CORS], b"")
            return
        if method in ("GET", "HEAD"):
            operation = protocol.read_get(exchange.query_string)
        elif method in ("POST", "QUERY"):
            operation = await self._read_body(exchange)
        else:
            raise method_not_allowed(method, ALLOW)
        trail.operation = operation
        if exchange.path == EXPLAIN_PATH:
            await self._explain(exchange, trail, operation)
        elif operation.query is None:
            await self._describe(exchange, operation)
        else:
            await self._query(exchange, trail, operation.query)

    async def _read_body(self, exchange: Exchange) -> Operation:
        content_type = exchange.field(b"content-type")
        protocol.content_kind(content_type)
        coding = (exchange.field(b"content-encoding") or "identity").strip().lower()
        if coding != "identity":
            raise _coded_body(coding)
        body = await exchange.body(self._settings.body_limit)
        if len(body) < _THREAD_FROM:
            return protocol.read_post(exchange.query_string, content_type, body)
        return await asyncio.to_thread(protocol.read_post, exchange.query_string, content_type, body)

    async def _query(self, exchange: Exchange, trail: Trail, query: str) -> None:
        trail.note(query)
        inspection = self._engine.inspect(query)
        trail.form = inspection.form.value
        wanted = self._negotiate(exchange, trail.operation, OFFERS[inspection.form])
        trail.media_type = wanted.media_type
        if wanted is HTML:
            await self._show(exchange, trail, query, inspection.form)
            return
        steady = len(query) <= _LONGEST_KEPT and not inspection.has_service and not is_volatile(query)
        question = Question(query, trail.operation, wanted, steady)
        await self._answering.respond(exchange, trail, question)

    async def _explain(self, exchange: Exchange, trail: Trail, operation: Operation) -> None:
        """What is to be said about a query, for people or programs."""
        wanted = self._negotiate_explanation(exchange, operation)
        language = self._language(exchange)
        if operation.query is None:
            if wanted is not HTML:
                raise no_query()
            await self._send_page(exchange, 200, self._page.form(language, operation))
            return
        trail.note(operation.query)
        trail.media_type = wanted.media_type
        explanation = await exchange.while_connected(self._explaining.explain(operation))
        if wanted is HTML:
            await self._send_page(exchange, 200, self._page.explained(language, operation, explanation))
            return
        representation = self._explaining.represented(explanation, operation, wanted, language)
        await exchange.variant(200, await representation.variant(exchange.fields.coding))

    def _negotiate_explanation(self, exchange: Exchange, operation: Operation) -> Format:
        # The form sends the format of the answer along, which is none of the explanation's business.
        if operation.format is not None and self._choose(exchange.fields.accept, EXPLANATION_OFFERS) is HTML:
            return named(operation.format, EXPLANATION_OFFERS) or HTML
        return self._negotiate(exchange, operation, EXPLANATION_OFFERS)

    def _negotiate(self, exchange: Exchange, operation: Operation, offers: tuple[Format, ...]) -> Format:
        if operation.format is not None:
            wanted = named(operation.format, offers, exchange.fields.accept)
        else:
            wanted = self._choose(exchange.fields.accept, offers)
        if wanted is None:
            raise not_acceptable([item.media_type for item in offers], [item.suffix for item in offers])
        return wanted

    async def _describe(self, exchange: Exchange, operation: Operation) -> None:
        """The service description, or the query page for whoever prefers HTML."""
        wanted = self._negotiate(exchange, operation, DESCRIPTION_OFFERS)
        if wanted is HTML:
            await self._send_page(exchange, 200, self._page.form(self._language(exchange), operation))
            return
        representation = self._description.representation(wanted)
        await exchange.variant(200, await representation.variant(exchange.fields.coding))

    async def _show(self, exchange: Exchange, trail: Trail, query: str, form: Form) -> None:
        """Answer on a page for people, with the first rows only; the page says so."""
        operation = trail.operation
        limits = Limits(
            seconds=self._answering.seconds(operation),
            memory_bytes=self._settings.memory_limit,
            rows=self._settings.html_rows,
            body_bytes=_LARGEST_PAGE,
            partial=True,
        )
        question = Question(query, operation, OFFERS[form][0], steady=False)
        answer = await exchange.while_connected(self._answering.ask(question, limits))
        try:
            body = b"".join([chunk async for chunk in answer.chunks()])
        finally:
            await answer.aclose()
        trail.rows = answer.rows
        trail.name = "cut" if answer.cut else "ok"
        explanation = None
        if finds_nothing(answer, body):
            # The answer is right without it, so it is left out where it cannot be had just now.
            with contextlib.suppress(QueryError):
                explanation = await exchange.while_connected(self._explaining.explain(operation))
        made = (self._language(exchange), operation, answer, body, explanation)
        if len(body) < _THREAD_FROM:
            page = self._page.answer(*made)
        else:
            page = await asyncio.to_thread(self._page.answer, *made)
        await self._send_page(exchange, 200, page)

    async def _refuse(self, exchange: Exchange, trail: Trail, problem: Problem) -> None:
        trail.name = problem.kind
        language = self._language(exchange)
        # A fault may lie in the page itself.
        if problem.kind != "internal" and self._wants_page(exchange, trail.operation):
            page = self._page.form(language, trail.operation, problem)
            await self._send_page(exchange, problem.status, page, problem.headers)
            return
        await exchange.problem(problem, language, [*CORS, _NO_SNIFF])

    async def _send_page(self, exchange: Exchange, status: int, page: bytes, further: tuple[Header, ...] = ()) -> None:
        language = self._language(exchange)
        kept = tuple(item for item in further if item[0] != b"vary")
        headers = (*self._page.headers(language), *kept)
        if wished_language(exchange.query_string):
            headers = (*headers, language_cookie(language, urlsplit(self._settings.address).path.rstrip("/")))
        representation = Representation(page, headers)
        await exchange.variant(status, await representation.variant(exchange.fields.coding))

    def _problem(self, error: InterkommunalError, trail: Trail) -> Problem:
        if isinstance(error, QueryFailed) and trail.query is not None and self._engine.inspect(trail.query).has_service:
            return Problem(
                "service-failed",
                Text(f"Der Endpunkt, den SERVICE nennt, hat nicht geholfen: {error}", str(error)),
            )
        return problem_of(error)

    def _wants_page(self, exchange: Exchange, operation: Operation) -> bool:
        if operation.format is not None:
            return named(operation.format, (HTML,)) is HTML
        return self._choose(exchange.fields.accept, _PROBLEM_OFFERS) is HTML

    def _language(self, exchange: Exchange) -> Language:
        wish = wished_language(exchange.query_string) or chosen_before(exchange.field(b"cookie"))
        return choose_language(wish, exchange.field(b"accept-language"), self._settings.language)


def _coded_body(coding: str) -> RequestProblem:
    return RequestProblem(
        Problem(
            "unsupported-media-type",
            Text(
                f"Der Inhalt einer Anfrage kommt hier ohne Content-Encoding, nicht als {coding[:20]}.",
                f"The body of a request comes without Content-Encoding here, not as {coding[:20]}.",
            ),
            headers=((b"accept-encoding", b"identity"),),
        )
    )
