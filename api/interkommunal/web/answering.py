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
from interkommunal.web.cache import KEY_OVERHEAD, AnswerCache, Entry, SingleFlight
from interkommunal.web.exchange import Broken, Exchange
from interkommunal.web.formats import Format
from interkommunal.web.logs import QueryRecord
from interkommunal.web.problems import Header, Problem, RequestProblem
from interkommunal.web.protocol import Operation
from interkommunal.web.publication import Publication
from interkommunal.web.representation import (
    Representation,
    StreamCompressor,
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
        self._flights = SingleFlight()
        self._usual = self._make_limits(Operation(None))
        self._fields: dict[tuple[str, bool], tuple[Header, ...]] = {}

    async def respond(self, exchange: Exchange, record: QueryRecord, asked: QueryRequest, wanted: Format) -> None:
        """Answer a query on ``exchange``, and note on ``record`` how it went.

        Args:
            exchange: the request.
            record: for the log.
            asked: the query with its dataset and limits.
            wanted: format of the answer.

        Raises:
            QueryError: the query failed before anything was sent.
            Broken: it failed after that.
            ClientGone: the client hung up.
        """
        if not self._is_steady(asked.query):
            answer = await exchange.while_connected(self._engine.answer(asked))
            await self._deliver(exchange, record, wanted, answer, self._entry(record, asked, wanted, answer), None)
            return
        key = self._semantic_key(asked)
        entry = self._cache.by_key(key)
        record.cache = "miss" if entry is None else "hit"
        while entry is None and (flight := self._flights.find(key)) is not None:
            record.cache = "joined"
            entry = await exchange.while_connected(flight.result(asked.limits.seconds))
            if not flight.given_up:
                break
        if entry is not None:
            await self._send(exchange, record, entry)
            return
        # A client that has the weak tag of this question has its answer.
        if b"W/" in exchange.fields.if_none_match and self._outcome(exchange, weak_tag(*key)) == 304:
            record.outcome = "not-modified"
            headers = [*self._headers(exchange, wanted, steady=True), (b"etag", weak_tag(*key))]
            await exchange.send(Reply(304, [item for item in headers if item[0] != b"content-type"], b""))
            return
        await self._work(exchange, record, asked, wanted, key)

    async def _work(
        self, exchange: Exchange, record: QueryRecord, asked: QueryRequest, wanted: Format, key: tuple[object, ...]
    ) -> None:
        """Ask the engine, and share what it finds with those who ask the same meanwhile."""
        generation = self._publication.generation
        flight = self._flights.start(key, asked.limits.seconds)
        try:
            answer = await exchange.while_connected(self._engine.answer(asked))
        except QueryError as error:
            self._flights.end(key, flight, error)
            raise
        except BaseException:
            self._flights.give_up(key, flight)
            raise
        # If another release came into force meanwhile, nobody can say which one this answer is from.
        settled = generation is not None and generation == self._publication.generation
        entry = self._entry(record, asked, wanted, answer, key)
        if settled and entry is not None:
            self._cache.keep(entry)
        self._flights.end(key, flight, entry)
        await self._deliver(exchange, record, wanted, answer, entry, weak_tag(*key) if settled else None)

    async def _deliver(
        self,
        exchange: Exchange,
        record: QueryRecord,
        wanted: Format,
        answer: Answer,
        entry: Entry | None,
        tag: bytes | None,
    ) -> None:
        """Send an answer: ``entry`` if it is complete, else a stream with the weak ``tag``."""
        if entry is None:
            await self._stream(exchange, record, wanted, answer, tag)
        else:
            record.outcome = "cut" if answer.cut else "ok"
            await self._send(exchange, record, entry)

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

    def _is_steady(self, query: str) -> bool:
        """Whether the same release gives the same answer each time, and the answer is worth keeping."""
        return len(query) <= _LONGEST_KEPT and not self._engine.inspect(query).has_service and not is_volatile(query)

    def _semantic_key(self, asked: QueryRequest) -> tuple[object, ...]:
        """All that the answer depends on: release, query, format, dataset, and whether its first rows are enough."""
        return (
            self._publication.identifier,
            asked.query,
            asked.default_graphs,
            asked.named_graphs,
            asked.media_type,
            asked.limits.partial,
        )

    def _entry(
        self,
        record: QueryRecord,
        asked: QueryRequest,
        wanted: Format,
        answer: Answer,
        key: tuple[object, ...] | None = None,
    ) -> Entry | None:
        """The answer ready to be kept and sent, or ``None`` if it is a stream; without ``key`` it is never kept."""
        if answer.body is None:
            return None
        headers = self._content_headers(wanted, steady=key is not None)
        if asked.limits.partial and asked.limits.rows:
            headers += ((b"answer-rows-limit", str(asked.limits.rows).encode()),)
        if answer.cut:
            headers += ((b"answer-cut", b"true"),)
        representation = Representation(
            answer.body, headers, answer.rows, record.digest, wanted.media_type, answer.form.value
        )
        named = len(asked.query) + sum(map(len, (*(asked.default_graphs or ()), *(asked.named_graphs or ()))))
        return Entry(key, representation, named + KEY_OVERHEAD)

    async def _send(self, exchange: Exchange, record: QueryRecord, entry: Entry) -> None:
        record.rows = entry.representation.rows
        variant = await entry.representation.variant(exchange.fields.coding)
        reply = self._responder.variant(exchange, variant)
        request_key = None
        if exchange.method == "GET":
            request_key = (exchange.query_string, exchange.fields.accept, exchange.fields.accept_encoding)
            variant = Variant([*variant.headers, (b"vary", exchange.vary.encode())], variant.body, variant.tag)
        self._cache.learn(entry, request_key, variant)
        if reply.status == 304:
            record.outcome = "not-modified"
        elif reply.status == 412:
            record.outcome = "precondition-failed"
        await exchange.send(reply)

    async def _stream(
        self, exchange: Exchange, record: QueryRecord, wanted: Format, answer: Answer, tag: bytes | None
    ) -> None:
        try:
            if self._outcome(exchange, tag or b"") == 412:
                raise precondition_failed()
            if exchange.scope.get("http_version") in ("0.9", "1.0"):
                raise _needs_chunks()
            headers = self._headers(exchange, wanted, steady=tag is not None)
            if record.operation.partial and self._settings.row_limit:
                headers.append((b"answer-rows-limit", str(self._settings.row_limit).encode()))
            if tag is not None:
                headers.append((b"etag", tag))
            coding = choose_coding(exchange.fields.coding)
            if coding is not None:
                headers.append((b"content-encoding", coding.encode()))
            if exchange.is_head:
                await exchange.send(Reply(200, headers, b""))
                return
            await exchange.begin(200, headers)
            compressor = None if coding is None else stream_compressor(coding)
            await exchange.while_connected(self._pump(exchange, answer, compressor))
            record.rows = answer.rows
            record.outcome = "cut" if answer.cut else "ok"
        except QueryError as error:
            if exchange.status:
                raise Broken(str(error)) from error
            raise
        finally:
            await answer.aclose()

    @staticmethod
    def _outcome(exchange: Exchange, tag: bytes) -> int:
        return precondition(exchange.method, exchange.fields, tag, None) if exchange.fields.is_conditional else 200

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

    def _content_headers(self, wanted: Format, *, steady: bool) -> tuple[Header, ...]:
        kind = (wanted.media_type, steady)
        headers = self._fields.get(kind)
        if headers is None:
            lasting = self._responder.cache_control if steady else NO_STORE
            headers = self._fields[kind] = data_headers(wanted.content_type, lasting)
        return headers

    def _headers(self, exchange: Exchange, wanted: Format, *, steady: bool) -> list[Header]:
        return [*self._content_headers(wanted, steady=steady), (b"vary", exchange.vary.encode())]


def is_volatile(query: str) -> bool:
    """Whether asking the same again may give another answer although the data is the same."""
    if "(" not in query:  # all four are called with brackets
        return False
    if "\\u" in query or "\\U" in query:  # code points may be escaped anywhere (SPARQL 1.1 §19.2)
        query = _CODE_POINT.sub(lambda match: chr(min(int(match[1] or match[2], 16), 0x10FFFF)), query)
    return _VOLATILE.search(query) is not None


def _needs_chunks() -> RequestProblem:
    """An HTTP/1.0 client cannot tell a broken stream from a complete one, so it gets none."""
    return RequestProblem(
        Problem(
            "http-version",
            Text(
                "Large answers need HTTP/1.1, because under HTTP/1.0 nobody notices if one breaks off. With "
                "nginx, “proxy_http_version 1.1” helps."
            ),
        )
    )
