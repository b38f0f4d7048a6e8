"""From a query to its response: the cache, else the engine; complete if possible, else a stream.

A complete answer has length and exact entity tag. A stream has a weak tag that follows from the question, because its
bytes are not known when the header leaves; both stand for one release only.
"""

from __future__ import annotations

import asyncio
from typing import Final, NamedTuple

from interkommunal.engine.interface import Answer, Engine
from interkommunal.errors import QueryError
from interkommunal.settings import Settings
from interkommunal.sparql.query import Limits, QueryRequest
from interkommunal.texts import Text
from interkommunal.web.cache import AnswerCache, Entry
from interkommunal.web.compression import StreamCompressor, choose_coding, stream_compressor
from interkommunal.web.exchange import Broken, Exchange
from interkommunal.web.flights import Flights
from interkommunal.web.formats import Format
from interkommunal.web.problems import Header, Problem, RequestProblem
from interkommunal.web.protocol import Operation
from interkommunal.web.publication import Publication
from interkommunal.web.querylog import Trail
from interkommunal.web.representation import CORS, Representation, weak_tag

# Release, query, dataset, format and whether a part is enough.
Meaning = tuple[object, ...]

# From this size on a chunk is compressed in a thread.
_THREAD_FROM: Final = 64 * 1024
# Bytes of a cache key besides the query and the graphs.
_KEY_OVERHEAD: Final = 200


class Question(NamedTuple):
    """A query that may be answered.

    Attributes:
        query: the SPARQL text. operation: what else the request says.
        wanted: format of the answer.
        steady: whether the same release gives the same answer each time.
    """

    query: str
    operation: Operation
    wanted: Format
    steady: bool


class Answering:
    """Answers questions. Belongs to one event loop.

    Args:
        settings: limits and cache-control.
        engine: answers what is not in ``cache``.
        publication: the release being served.
        cache: answers given before.
    """

    def __init__(self, settings: Settings, engine: Engine, publication: Publication, cache: AnswerCache) -> None:
        self._settings = settings
        self._engine = engine
        self._publication = publication
        self._cache = cache
        self._flights = Flights()
        common = ((b"vary", b"Accept, Accept-Encoding"), (b"x-content-type-options", b"nosniff"), *CORS)
        max_age = f"max-age={settings.cache_max_age}" if settings.cache_max_age else "no-cache"
        self.steady: tuple[Header, ...] = ((b"cache-control", f"public, {max_age}".encode()), *common)
        self._volatile: tuple[Header, ...] = ((b"cache-control", b"no-store"), *common)
        self._usual = self._make_limits(Operation(None))
        self._fields: dict[tuple[str, bool], tuple[Header, ...]] = {}

    async def respond(self, exchange: Exchange, trail: Trail, question: Question) -> None:
        """Answer ``question`` on ``exchange``, and note on ``trail`` how it went.

        Raises:
            QueryError: the query failed before anything was sent.
            Broken: it failed after that.
            ClientGone: the client hung up.
        """
        if not question.steady:
            answer = await exchange.while_connected(self.ask(question, self._limits(question.operation)))
            await self._deliver(exchange, trail, question, answer, self._entry(question, trail.digest, answer), None)
            return
        meaning = self._meaning(question)
        entry = self._cache.by_meaning(meaning)
        trail.cache = "miss" if entry is None else "hit"
        while entry is None and (flight := self._flights.find(meaning)) is not None:
            trail.cache = "joined"
            entry = await exchange.while_connected(flight.landed(self.seconds(question.operation)))
            if not flight.given_up:
                break
        if entry is not None:
            await self._send(exchange, trail, entry)
            return
        # Whoever has the weak tag of this question has its answer.
        if b"W/" in exchange.fields.if_none_match and exchange.has(weak_tag(*meaning)):
            trail.name = "not-modified"
            await exchange.complete(304, [*self.steady, (b"etag", weak_tag(*meaning))], b"")
            return
        await self._work(exchange, trail, question, meaning)

    async def _work(self, exchange: Exchange, trail: Trail, question: Question, meaning: Meaning) -> None:
        """Ask the engine, and share what it finds with those who ask the same meanwhile."""
        limits = self._limits(question.operation)
        generation = self._publication.generation
        flight = self._flights.start(meaning, limits.seconds)
        try:
            answer = await exchange.while_connected(self.ask(question, limits))
        except QueryError as error:
            self._flights.end(meaning, flight, error)
            raise
        except BaseException:
            self._flights.give_up(meaning, flight)
            raise
        # If another release came into force meanwhile, nobody can say which one this answer is from.
        settled = generation is not None and generation == self._publication.generation
        entry = self._entry(question, trail.digest, answer, meaning)
        if settled and entry is not None:
            self._cache.keep(entry)
        self._flights.end(meaning, flight, entry)
        await self._deliver(exchange, trail, question, answer, entry, meaning if settled else None)

    async def _deliver(
        self,
        exchange: Exchange,
        trail: Trail,
        question: Question,
        answer: Answer,
        entry: Entry | None,
        meaning: Meaning | None,
    ) -> None:
        """Send an answer: ``entry`` if it is complete, else a stream, whose weak tag follows from ``meaning``."""
        if entry is None:
            await self._stream(exchange, trail, question, answer, None if meaning is None else weak_tag(*meaning))
        else:
            trail.name = "cut" if answer.cut else "ok"
            await self._send(exchange, trail, entry)

    async def ask(self, question: Question, limits: Limits) -> Answer:
        """Let the engine answer."""
        operation = question.operation
        return await self._engine.answer(
            QueryRequest(
                question.query,
                question.wanted.media_type,
                operation.default_graphs,
                operation.named_graphs,
                limits,
            )
        )

    def seconds(self, operation: Operation) -> float:
        """The deadline of a query: that of the server, or less if the client says so."""
        return min(operation.timeout or self._settings.deadline, self._settings.deadline)

    def _limits(self, operation: Operation) -> Limits:
        if operation.timeout is None and not operation.partial:
            return self._usual
        return self._make_limits(operation)

    def _make_limits(self, operation: Operation) -> Limits:
        return Limits(
            seconds=self.seconds(operation),
            memory_bytes=self._settings.memory_limit,
            rows=self._settings.row_limit or None,
            body_bytes=self._settings.answer_limit or None,
            partial=operation.partial,
        )

    def _meaning(self, question: Question) -> Meaning:
        operation = question.operation
        return (
            self._publication.identifier,
            question.query,
            operation.default_graphs,
            operation.named_graphs,
            question.wanted.media_type,
            operation.partial,
        )

    def _entry(self, question: Question, digest: str, answer: Answer, meaning: Meaning | None = None) -> Entry | None:
        """The answer ready to be kept and sent, or ``None`` if it is a stream."""
        if answer.body is None:
            return None
        headers = self._headers(question)
        if answer.cut:
            headers += ((b"answer-cut", b"true"),)
        representation = Representation(
            answer.body, headers, answer.rows, digest, question.wanted.media_type, answer.form.value
        )
        operation = question.operation
        named = sum(map(len, (question.query, *operation.default_graphs, *operation.named_graphs)))
        return Entry(meaning or self._meaning(question), representation, named + _KEY_OVERHEAD)

    async def _send(self, exchange: Exchange, trail: Trail, entry: Entry) -> None:
        trail.rows = entry.representation.rows
        variant = await entry.representation.variant(exchange.fields.coding)
        if exchange.method == "GET":
            wording = (exchange.query_string, exchange.fields.accept, exchange.fields.accept_encoding)
            self._cache.learn(entry, wording, variant)
        if not await exchange.variant(200, variant):
            trail.name = "not-modified"

    async def _stream(
        self, exchange: Exchange, trail: Trail, question: Question, answer: Answer, tag: bytes | None
    ) -> None:
        try:
            if exchange.scope.get("http_version") in ("0.9", "1.0"):
                raise _needs_chunks()
            headers = [*self._headers(question)]
            if tag is not None:
                headers.append((b"etag", tag))
            coding = choose_coding(exchange.fields.coding)
            if coding is not None:
                headers.append((b"content-encoding", coding.encode()))
            if exchange.method == "HEAD":
                await exchange.complete(200, headers, b"")
                return
            await exchange.begin(200, headers)
            compressor = None if coding is None else stream_compressor(coding)
            await exchange.while_connected(self._pump(exchange, answer, compressor))
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

    def _headers(self, question: Question) -> tuple[Header, ...]:
        kind = (question.wanted.media_type, question.steady)
        headers = self._fields.get(kind)
        if headers is None:
            content_type = (b"content-type", question.wanted.content_type.encode())
            headers = self._fields[kind] = (content_type, *(self.steady if question.steady else self._volatile))
        if question.operation.partial and self._settings.row_limit:
            headers += ((b"answer-rows-limit", str(self._settings.row_limit).encode()),)
        return headers


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
