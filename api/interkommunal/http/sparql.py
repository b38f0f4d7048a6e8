"""``/sparql``: the SPARQL 1.1 Protocol in raw ASGI.

Requests come in through GET, HEAD, POST, QUERY and OPTIONS; answers leave complete (with length, entity tag, and from
the cache if possible) or as a stream that ends truthfully or is visibly broken. This module decides who answers; what a
request says is read in ``protocol``, what bytes look like is decided in ``representation``, and the query runs behind
the one door of the engine room.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import Final

import structlog
from starlette.types import Receive, Scope, Send

from interkommunal.engine.interface import Answer, Engine, Inspection, Limits, QueryRequest
from interkommunal.errors import InterkommunalError, QueryError, QueryFailed
from interkommunal.http import protocol
from interkommunal.http.cache import AnswerCache, Entry, Wording
from interkommunal.http.compression import CODINGS, StreamCompressor, stream_compressor
from interkommunal.http.exchange import Broken, ClientGone, Exchange
from interkommunal.http.formats import HTML, OFFERS, Format, named
from interkommunal.http.language import Language, Text, choose_language
from interkommunal.http.negotiation import Offer, choose, choose_token
from interkommunal.http.problems import (
    MEDIA_TYPE,
    Header,
    Problem,
    RequestProblem,
    internal,
    method_not_allowed,
    not_acceptable,
    problem_of,
)
from interkommunal.http.protocol import Operation
from interkommunal.http.publication import Publication
from interkommunal.http.query_page import PAGE_HEADERS, QueryPage
from interkommunal.http.querylog import Outcome, QueryLog
from interkommunal.http.representation import CORS, Representation, Variant, matches, weak_tag
from interkommunal.http.service_description import DESCRIPTION_OFFERS, service_triples, write_triples
from interkommunal.settings import Settings

PATH: Final = "/sparql"
ALLOW: Final = "GET, HEAD, POST, QUERY, OPTIONS"

_VARY: Final[Header] = (b"vary", b"Accept, Accept-Encoding")
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

# Functions whose value is another one each time (SPARQL 1.1 §17.4). Found anywhere but in variables and names it makes
# an answer uncachable; a false alarm, for example in a string, costs nothing but the cache.
_VOLATILE: Final = re.compile(r"(?<![?$:\w])(NOW|RAND|UUID|STRUUID)(?!\w)", re.IGNORECASE)
_CODE_POINT: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U00([0-9A-Fa-f]{6})")

# From this size on a body is read in a thread, and a chunk compressed in one.
_THREAD_FROM: Final = 64 * 1024


@dataclass(slots=True)
class Trail:
    """What is known so far about a query, for the log."""

    started: float
    wording: Wording
    name: str = "ok"
    cache: str = "-"
    media_type: str = "-"
    form: str = "-"
    rows: int | None = None
    digest: str = ""
    query: str | None = None
    operation: Operation = field(default_factory=lambda: Operation(None))


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
        self._publication = publication
        self._cache = cache
        self._log = log
        self._page = page
        self._descriptions: dict[str, Representation] = {}
        # Accept fields are few, and parsing one costs more than a point lookup may.
        self._choose = lru_cache(maxsize=512)(choose)
        max_age = f"max-age={settings.cache_max_age}" if settings.cache_max_age else "no-cache"
        self._steady = ((b"cache-control", f"public, {max_age}".encode()), _VARY, _NO_SNIFF, *CORS)
        self._volatile = ((b"cache-control", b"no-store"), _VARY, _NO_SNIFF, *CORS)
        publication.on_change(self._forget)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        started = time.perf_counter()
        accept = accept_encoding = if_none_match = b""
        for name, value in scope["headers"]:
            if name == b"accept":
                accept = accept + b"," + value if accept else value
            elif name == b"accept-encoding":
                accept_encoding = accept_encoding + b"," + value if accept_encoding else value
            elif name == b"if-none-match":
                if_none_match = if_none_match + b"," + value if if_none_match else value
        wording = (scope["query_string"], accept, accept_encoding)
        if scope["method"] == "GET":
            found = self._cache.by_wording(wording)
            if found is not None:
                await self._answer_again(*found, if_none_match, started, scope, send)
                return
        exchange = Exchange(scope, receive, send)
        await self._handle(exchange, Trail(started, wording))

    async def _answer_again(
        self, entry: Entry, variant: Variant, if_none_match: bytes, started: float, scope: Scope, send: Send
    ) -> None:
        """The shortest way: the same words get the same bytes."""
        known = bool(if_none_match) and matches(if_none_match, variant.tag)
        status, headers, body = (304, variant.not_modified, b"") if known else (200, variant.headers, variant.body)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
        client = scope.get("client")
        self._log.add(
            Outcome(
                "not-modified" if known else "ok",
                status,
                time.perf_counter() - started,
                "hit",
                entry.representation.media_type,
                entry.representation.form,
                entry.representation.rows,
                len(body),
                entry.representation.digest,
                client[0] if client else "",
            )
        )

    async def _handle(self, exchange: Exchange, trail: Trail) -> None:
        try:
            await self._dispatch(exchange, trail)
        except ClientGone:
            trail.name = "abandoned"
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
            self._write_log(exchange, trail)

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
        if operation.query is None:
            await self._describe(exchange, operation)
            return
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
        trail.query = query
        trail.digest = blake2b(query.encode(), digest_size=6).hexdigest()
        inspection = self._engine.inspect(query)
        trail.form = inspection.form.value
        wanted = self._negotiate(exchange, trail.operation, OFFERS[inspection.form])
        trail.media_type = wanted.media_type
        if wanted is HTML:
            await self._show(exchange, trail, query, inspection)
            return
        steady = not inspection.has_service and not is_volatile(query)
        meaning = self._meaning(trail.operation, wanted)
        if steady:
            entry = self._cache.by_meaning(meaning)
            trail.cache = "miss" if entry is None else "hit"
            if entry is not None:
                trail.rows = entry.representation.rows
                await self._send(exchange, trail, entry)
                return
            # An answer that was too large for an exact tag has a weak one that follows from the question; whoever has
            # it has the answer.
            if "W/" in (exchange.field(b"if-none-match") or "") and self._conditional(exchange, weak_tag(*meaning)):
                trail.name = "not-modified"
                await exchange.complete(304, [*self._steady, (b"etag", weak_tag(*meaning))], b"")
                return
        generation = self._publication.generation
        answer = await exchange.while_connected(
            self._engine.answer(
                QueryRequest(
                    query,
                    wanted.media_type,
                    trail.operation.default_graphs,
                    trail.operation.named_graphs,
                    self._limits(trail.operation),
                )
            )
        )
        # If another release came into force meanwhile, nobody can say which one this answer is from.
        settled = steady and generation is not None and generation == self._publication.generation
        if answer.body is not None:
            await self._complete(exchange, trail, answer, wanted, meaning if settled else None, steady=steady)
        else:
            tag = weak_tag(*meaning) if settled else None
            await self._stream(exchange, trail, answer, wanted, tag, steady=steady)

    def _negotiate(self, exchange: Exchange, operation: Operation, offers: tuple[Format, ...]) -> Format:
        if operation.format is not None:
            wanted = named(operation.format, offers)
        else:
            wanted = self._choose(exchange.field(b"accept"), offers)
        if wanted is None:
            raise not_acceptable([item.media_type for item in offers], [item.suffix for item in offers])
        return wanted

    def _meaning(self, operation: Operation, wanted: Format) -> tuple[object, ...]:
        return (
            self._publication.identifier,
            operation.query,
            operation.default_graphs,
            operation.named_graphs,
            wanted.media_type,
            operation.partial,
        )

    def _limits(self, operation: Operation) -> Limits:
        settings = self._settings
        return Limits(
            seconds=min(operation.timeout or settings.deadline, settings.deadline),
            memory_bytes=settings.memory_limit,
            rows=settings.row_limit or None,
            body_bytes=settings.answer_limit or None,
            partial=operation.partial,
        )

    async def _complete(
        self,
        exchange: Exchange,
        trail: Trail,
        answer: Answer,
        wanted: Format,
        meaning: tuple[object, ...] | None,
        *,
        steady: bool,
    ) -> None:
        assert answer.body is not None
        trail.rows = answer.rows
        headers = self._headers(wanted, trail.operation, steady=steady)
        if answer.cut:
            trail.name = "cut"
            headers += ((b"answer-cut", b"true"),)
        representation = Representation(
            answer.body, headers, answer.rows, trail.digest, wanted.media_type, answer.form.value
        )
        if meaning is None:
            entry = Entry((), representation, 0)
        else:
            entry = self._cache.keep(meaning, representation, len(trail.query or "") + 200)
        await self._send(exchange, trail, entry)

    async def _send(self, exchange: Exchange, trail: Trail, entry: Entry) -> None:
        """Send a complete answer in the coding that the client likes, or 304."""
        variant = await entry.representation.variant(exchange.field(b"accept-encoding"))
        if exchange.method == "GET":
            self._cache.learn(entry, trail.wording, variant)
        if self._conditional(exchange, variant.tag):
            trail.name = "not-modified"
            await exchange.complete(304, variant.not_modified, b"")
            return
        await exchange.complete(200, variant.headers, variant.body)

    async def _stream(
        self,
        exchange: Exchange,
        trail: Trail,
        answer: Answer,
        wanted: Format,
        tag: bytes | None,
        *,
        steady: bool,
    ) -> None:
        try:
            if exchange.scope.get("http_version") == "1.0":
                raise _needs_chunks()
            headers = [*self._headers(wanted, trail.operation, steady=steady)]
            if tag is not None:
                headers.append((b"etag", tag))
            coding = choose_token(exchange.field(b"accept-encoding"), CODINGS)
            if coding is not None:
                headers.append((b"content-encoding", coding.encode()))
            if exchange.method == "HEAD":
                await exchange.complete(200, headers, b"")
                return
            await exchange.begin(200, headers)
            await exchange.while_connected(
                self._pump(exchange, answer, None if coding is None else stream_compressor(coding))
            )
            trail.rows = answer.rows
            trail.name = "cut" if answer.cut else "ok"
        except QueryError as error:
            if exchange.status:
                raise Broken(str(error)) from error
            raise
        finally:
            await answer.aclose()

    async def _pump(self, exchange: Exchange, answer: Answer, compressor: StreamCompressor | None) -> None:
        patience = self._settings.stall
        if compressor is None:
            async for chunk in answer.chunks():
                await exchange.piece(chunk, patience)
            await exchange.end()
            return
        first = True
        async for chunk in answer.chunks():
            if len(chunk) < _THREAD_FROM:
                data = compressor.add(chunk)
            else:
                data = await asyncio.to_thread(compressor.add, chunk)
            if first:  # so that a reader sees the first rows as soon as there are some
                data += compressor.flush()
                first = False
            if data:
                await exchange.piece(data, patience)
        await exchange.end(compressor.finish())

    def _headers(self, wanted: Format, operation: Operation, *, steady: bool) -> tuple[Header, ...]:
        headers = ((b"content-type", wanted.content_type.encode()), *(self._steady if steady else self._volatile))
        if operation.partial and self._settings.row_limit:
            headers += ((b"answer-rows-limit", str(self._settings.row_limit).encode()),)
        return headers

    async def _describe(self, exchange: Exchange, operation: Operation) -> None:
        """The service description, or the query page for whoever prefers HTML."""
        wanted = self._negotiate(exchange, operation, DESCRIPTION_OFFERS)
        if wanted is HTML:
            await self._send_page(exchange, 200, self._page.form(self._language(exchange), operation))
            return
        representation = self._descriptions.get(wanted.media_type)
        if representation is None:
            endpoint = self._settings.address + PATH
            triples = service_triples(endpoint, self._engine.describe(), self._publication.release)
            headers = ((b"content-type", wanted.content_type.encode()), *self._steady)
            representation = Representation(write_triples(triples, wanted), headers)
            self._descriptions[wanted.media_type] = representation
        variant = await representation.variant(exchange.field(b"accept-encoding"))
        if self._conditional(exchange, variant.tag):
            await exchange.complete(304, variant.not_modified, b"")
            return
        await exchange.complete(200, variant.headers, variant.body)

    async def _show(self, exchange: Exchange, trail: Trail, query: str, inspection: Inspection) -> None:
        """Answer on a page for people, with the first rows only; the page says so."""
        form = inspection.form
        limits = Limits(
            seconds=self._limits(trail.operation).seconds,
            memory_bytes=self._settings.memory_limit,
            rows=self._settings.html_rows,
            body_bytes=16 << 20,
            partial=True,
        )
        media_type = OFFERS[form][0].media_type
        request = QueryRequest(query, media_type, trail.operation.default_graphs, trail.operation.named_graphs, limits)
        answer = await exchange.while_connected(self._engine.answer(request))
        try:
            body = b"".join([chunk async for chunk in answer.chunks()])
        finally:
            await answer.aclose()
        trail.rows = answer.rows
        trail.name = "cut" if answer.cut else "ok"
        page = self._page.answer(self._language(exchange), trail.operation, answer, body)
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

    async def _send_page(self, exchange: Exchange, status: int, page: str, further: tuple[Header, ...] = ()) -> None:
        headers = (*PAGE_HEADERS, (b"content-language", self._language(exchange).encode()), *further)
        variant = await Representation(page.encode(), headers).variant(exchange.field(b"accept-encoding"))
        if status == 200 and self._conditional(exchange, variant.tag):
            await exchange.complete(304, variant.not_modified, b"")
            return
        await exchange.complete(status, variant.headers, variant.body)

    def _problem(self, error: InterkommunalError, trail: Trail) -> Problem:
        if isinstance(error, QueryFailed) and trail.query is not None and self._engine.inspect(trail.query).has_service:
            return Problem(
                "service-failed",
                Text(f"Der Endpunkt, den SERVICE nennt, hat nicht geholfen: {error}", str(error)),
            )
        return problem_of(error)

    def _wants_page(self, exchange: Exchange, operation: Operation) -> bool:
        if operation.format is not None:
            return operation.format == HTML.suffix
        return self._choose(exchange.field(b"accept"), _PROBLEM_OFFERS) is HTML

    def _language(self, exchange: Exchange) -> Language:
        return choose_language(
            wished_language(exchange.query_string), exchange.field(b"accept-language"), self._settings.language
        )

    @staticmethod
    def _conditional(exchange: Exchange, tag: bytes) -> bool:
        """Whether the client has the answer with this tag already. POST has no conditions of this kind."""
        if exchange.method == "POST":
            return False
        given = exchange.field(b"if-none-match")
        return given is not None and matches(given.encode("latin-1"), tag)

    def _forget(self) -> None:
        self._cache.clear()
        self._descriptions = {}

    def _write_log(self, exchange: Exchange, trail: Trail) -> None:
        if trail.query is None and trail.name == "ok":
            return  # the service description, the form, OPTIONS
        self._log.add(
            Outcome(
                trail.name,
                exchange.status,
                time.perf_counter() - trail.started,
                trail.cache,
                trail.media_type,
                trail.form,
                trail.rows,
                exchange.sent,
                trail.digest,
                exchange.client,
                None if trail.name in ("ok", "not-modified", "cut") else trail.query,
            )
        )


def is_volatile(query: str) -> bool:
    """Whether asking the same again may give another answer although the data is the same."""
    if "\\u" in query or "\\U" in query:  # code points may be escaped anywhere (SPARQL 1.1 §19.2)
        query = _CODE_POINT.sub(lambda match: chr(min(int(match[1] or match[2], 16), 0x10FFFF)), query)
    return _VOLATILE.search(query) is not None


def wished_language(query_string: bytes) -> str | None:
    """Value of ``lang=`` of a query string, also of one that is otherwise broken."""
    found = re.search(rb"(?:^|&)lang=(de|en)(?:&|$)", query_string)
    return found[1].decode() if found else None


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


def _needs_chunks() -> RequestProblem:
    """An HTTP/1.0 client cannot tell a broken stream from a complete one, so it gets none."""
    return RequestProblem(
        Problem(
            "http-version",
            Text(
                "Große Antworten brauchen HTTP/1.1, weil man unter HTTP/1.0 nicht merkt, wenn eine abbricht. "
                "Bei nginx hilft „proxy_http_version 1.1“.",
                "Large answers need HTTP/1.1, because under HTTP/1.0 nobody notices if one breaks off. "
                "With nginx, “proxy_http_version 1.1” helps.",
            ),
        )
    )
