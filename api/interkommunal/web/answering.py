"""From a query to its response: the cache, else the engine; complete if possible, else a stream.

A complete answer has length and exact entity tag. A stream has a weak tag that follows from the question, because its
bytes are not known when the header leaves; both stand for one release only.
"""

from __future__ import annotations

import asyncio
import re
from typing import Final

from interkommunal.engine.engine import Engine
from interkommunal.engine.pool import Answer
from interkommunal.errors import QueryError
from interkommunal.settings import Settings
from interkommunal.sparql.query import Limits, QueryRequest
from interkommunal.texts import Text
from interkommunal.web.cache import AnswerCache
from interkommunal.web.exchange import Broken, Exchange
from interkommunal.web.formats import OFFERS
from interkommunal.web.problems import Header, Problem, RequestProblem
from interkommunal.web.protocol import Operation
from interkommunal.web.publication import Publication
from interkommunal.web.representation import (
    Representation,
    Variant,
    choose_coding,
    data_headers,
    stream_compressor,
    weak_tag,
)
from interkommunal.web.responder import NO_STORE, Reply, Responder, precondition, precondition_failed

# From this size on a chunk is compressed in a thread.
_THREAD_FROM: Final = 64 * 1024
# Answers to longer queries are not kept: nobody asks them twice, and a program made them.
_LONGEST_KEPT: Final = 64 * 1024
# Functions whose value is another one each time (SPARQL 1.1 §17.4). Found anywhere but in variables and names it makes
# an answer uncachable; a false alarm, for example in a string, costs nothing but the cache.
_VOLATILE: Final = re.compile(r"(?<![?$:\w])(NOW|RAND|UUID|STRUUID)(?!\w)", re.IGNORECASE)
_CODE_POINT: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U00([0-9A-Fa-f]{6})")


class Answering:
    """Answers queries. Belongs to one event loop.

    Args:
        settings: limits.
        engine: answers what is not in ``cache``.
        publication: the release being served.
        cache: answers given before.
        responder: makes replies of them.
    """

    def __init__(
        self, settings: Settings, engine: Engine, publication: Publication, cache: AnswerCache, responder: Responder
    ) -> None:
        self._settings = settings
        self._engine = engine
        self._publication = publication
        self._cache = cache
        self._responder = responder
        self._usual = self._make_limits(Operation(None))
        # By media type, and whether an answer stands as long as the release.
        self._content_headers: dict[tuple[str, bool], tuple[Header, ...]] = {
            (item.media_type, steady): data_headers(item.content_type, responder.cache_control if steady else NO_STORE)
            for offers in OFFERS.values()
            for item in offers
            for steady in (True, False)
        }

    def request(self, operation: Operation, query: str, media_type: str) -> QueryRequest:
        """What the engine is asked: the query with its dataset and limits."""
        usual = operation.timeout is None and not operation.partial
        limits = self._usual if usual else self._make_limits(operation)
        return QueryRequest(query, media_type, operation.default_graphs, operation.named_graphs, limits)

    def _make_limits(self, operation: Operation) -> Limits:
        return Limits(
            seconds=min(operation.timeout or self._settings.deadline, self._settings.deadline),
            memory_bytes=self._settings.memory_limit,
            rows=self._settings.row_limit or None,
            body_bytes=self._settings.answer_limit or None,
            partial=operation.partial,
        )

    async def respond(self, exchange: Exchange, asked: QueryRequest) -> None:
        """Answer a query on ``exchange``, and note on its record how it went.

        Raises:
            QueryError: the query failed before anything was sent.
            Broken: it failed after that.
            ClientGone: the client hung up.
        """
        if not self._is_steady(asked.query):
            answer = await exchange.while_connected(self._engine.answer(asked))
            await self._deliver(exchange, asked, answer, self._complete(exchange, asked, answer, None), None)
            return
        publication, seconds, record = self._publication, asked.limits.seconds, exchange.record
        # All that the answer depends on, of the limits whether its first rows are enough.
        key = (
            publication.identifier,
            asked.query,
            asked.default_graphs,
            asked.named_graphs,
            asked.media_type,
            asked.limits.partial,
        )
        found = self._cache.by_key(key)
        record.cache = "miss" if found is None else "hit"
        if found is None and self._cache.is_being_made(key):
            record.cache = "joined"
            found = await exchange.while_connected(self._cache.join(key, seconds))
        if found is not None:
            await self._send(exchange, found)
            return
        if b"W/" in exchange.fields.if_none_match:
            # A client that has the weak tag of this question has its answer.
            tag = weak_tag(*key)
            headers = [*self._content_headers[asked.media_type, True], (b"etag", tag)]
            reply = self._responder.variant(exchange, Variant(headers, b"", tag))
            if reply.status == 304:
                record.outcome = "not-modified"
                await exchange.send(reply)
                return
        generation = publication.generation
        with self._cache.flight(key, seconds) as flight:
            answer = await exchange.while_connected(self._engine.answer(asked))
            # If another release came into force meanwhile, nobody can say which one this answer is from.
            settled = key if generation is not None and generation == publication.generation else None
            flight.found = self._complete(exchange, asked, answer, settled)
        await self._deliver(exchange, asked, answer, flight.found, settled)

    def _is_steady(self, query: str) -> bool:
        """Whether the same release gives the same answer each time, and the answer is worth keeping."""
        return len(query) <= _LONGEST_KEPT and not self._engine.inspect(query).has_service and not is_volatile(query)

    def _complete(
        self, exchange: Exchange, asked: QueryRequest, answer: Answer, key: tuple[object, ...] | None
    ) -> Representation | None:
        """The answer ready to be sent, and kept if it has a key; ``None`` if it is a stream."""
        if answer.body is None:
            return None
        headers = self._headers(asked, key)
        if answer.cut:
            headers += ((b"answer-cut", b"true"),)
        named = len(asked.query) + sum(map(len, (*(asked.default_graphs or ()), *(asked.named_graphs or ()))))
        return Representation(
            answer.body,
            headers,
            answer.rows,
            exchange.record.digest,
            asked.media_type,
            answer.form.value,
            key=key,
            weight=named,
        )

    def _headers(self, asked: QueryRequest, key: tuple[object, ...] | None) -> tuple[Header, ...]:
        headers = self._content_headers[asked.media_type, key is not None]
        if asked.limits.partial and asked.limits.rows:
            headers += ((b"answer-rows-limit", str(asked.limits.rows).encode()),)
        return headers

    async def _deliver(
        self,
        exchange: Exchange,
        asked: QueryRequest,
        answer: Answer,
        complete: Representation | None,
        key: tuple[object, ...] | None,
    ) -> None:
        """Send an answer: what is ``complete``, else a stream, with a weak tag if it has a ``key``."""
        if complete is None:
            await self._stream(exchange, asked, answer, key)
        else:
            exchange.record.outcome = "cut" if answer.cut else "ok"
            await self._send(exchange, complete)

    async def _send(self, exchange: Exchange, representation: Representation) -> None:
        record = exchange.record
        record.rows = representation.rows
        variant = await representation.variant(exchange.fields.coding)
        reply = self._responder.variant(exchange, variant)
        request_key = None
        if exchange.method == "GET":
            request_key = (exchange.query_string, exchange.fields.accept, exchange.fields.accept_encoding)
            variant = Variant([*variant.headers, (b"vary", exchange.vary.encode())], variant.body, variant.tag)
        self._cache.keep(representation, request_key, variant)
        if reply.status == 304:
            record.outcome = "not-modified"
        elif reply.status == 412:
            record.outcome = "precondition-failed"
        await exchange.send(reply)

    async def _stream(
        self, exchange: Exchange, asked: QueryRequest, answer: Answer, key: tuple[object, ...] | None
    ) -> None:
        tag = b"" if key is None else weak_tag(*key)
        try:
            if exchange.fields.is_conditional and precondition(exchange.method, exchange.fields, tag, None) == 412:
                raise precondition_failed()
            if exchange.scope.get("http_version") in ("0.9", "1.0"):
                raise RequestProblem(Problem("http-version", _NEEDS_CHUNKS))
            headers = [*self._headers(asked, key), (b"vary", exchange.vary.encode())]
            if tag:
                headers.append((b"etag", tag))
            coding = choose_coding(exchange.fields.coding)
            if coding is not None:
                headers.append((b"content-encoding", coding.encode()))
            if exchange.is_head:
                await exchange.send(Reply(200, headers, b""))
                return
            await exchange.begin(200, headers)
            await exchange.while_connected(self._pump(exchange, answer, coding))
            exchange.record.rows = answer.rows
            exchange.record.outcome = "cut" if answer.cut else "ok"
        except QueryError as error:
            if exchange.status:
                raise Broken(str(error)) from error
            raise
        finally:
            await answer.aclose()

    async def _pump(self, exchange: Exchange, answer: Answer, coding: str | None) -> None:
        compressor = None if coding is None else stream_compressor(coding)
        first = True
        async for chunk in answer.chunks():
            data = chunk
            if compressor is not None:
                aside = len(chunk) >= _THREAD_FROM
                data = await asyncio.to_thread(compressor.add, chunk) if aside else compressor.add(chunk)
                if first:  # so that a reader sees the first rows as soon as there are some
                    data += compressor.flush()
                    first = False
            if data:
                await exchange.piece(data, self._settings.stall)
        await exchange.end(b"" if compressor is None else compressor.finish())


def is_volatile(query: str) -> bool:
    """Whether asking the same again may give another answer although the data is the same."""
    if "(" not in query:  # all four are called with brackets
        return False
    if "\\u" in query or "\\U" in query:  # code points may be escaped anywhere (SPARQL 1.1 §19.2)
        query = _CODE_POINT.sub(lambda match: chr(min(int(match[1] or match[2], 16), 0x10FFFF)), query)
    return _VOLATILE.search(query) is not None


# An HTTP/1.0 client cannot tell a broken stream from a complete one, so it gets none.
_NEEDS_CHUNKS: Final = Text(
    "Large answers need HTTP/1.1, because under HTTP/1.0 nobody notices if one breaks off. With "
    "nginx, “proxy_http_version 1.1” helps."
)
