"""``/reconcile``: the Reconciliation Service API 0.2, in raw ASGI.

The root answers with the manifest, with candidates for a batch of queries, or with further columns; below it are
suggestions, cards and proposals. Scripts on any site may read every answer, errors too. There is no JSONP: it would run
our answer as a program in somebody's page, and is not needed where CORS is.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

import structlog
from starlette.types import Receive, Scope, Send

from interkommunal.errors import InterkommunalError, QueryTimeout
from interkommunal.normal import normal_text
from interkommunal.reconcile import extension
from interkommunal.reconcile.answering import answered
from interkommunal.reconcile.book import Book, Reader
from interkommunal.reconcile.browsing import Browsing
from interkommunal.reconcile.call import Call, Reply, answer_json
from interkommunal.reconcile.evidence import values_of
from interkommunal.reconcile.likeness import LONGEST
from interkommunal.reconcile.manifest import PATH, manifest
from interkommunal.reconcile.matching import Question
from interkommunal.reconcile.page import ReconciliationPage
from interkommunal.reconcile.queries import full_iri, read_batch
from interkommunal.reconcile.wishes import read_extension
from interkommunal.settings import Settings
from interkommunal.site.context import SiteContext
from interkommunal.texts import Language, Text
from interkommunal.web.exchange import ClientGone, Exchange, Fields
from interkommunal.web.formats import HTML
from interkommunal.web.hangups import Hangups
from interkommunal.web.languages import choose_language, chosen_before, language_cookie
from interkommunal.web.negotiation import Offer, choose
from interkommunal.web.parameters import Parameters, wished_language
from interkommunal.web.problems import (
    Header,
    Problem,
    RequestProblem,
    bad_request,
    internal,
    method_not_allowed,
    problem_of,
)
from interkommunal.web.publication import Publication
from interkommunal.web.querylog import Outcome, QueryLog
from interkommunal.web.representation import CORS, Representation

_FORM: Final = "application/x-www-form-urlencoded"
_HTML: Final = b"text/html; charset=utf-8"
_NO_SNIFF: Final[Header] = (b"x-content-type-options", b"nosniff")
_ALLOW: Final = "GET, HEAD, POST, OPTIONS"
_ALLOW_BELOW: Final = "GET, HEAD, OPTIONS"
# Programs that take anything get the manifest; browsers say that they prefer pages.
_OFFERS: Final = (Offer("application/json"), HTML)
_TRIED: Final = 8


class ReconciliationService:
    """The ASGI application for :data:`PATH` and what lies below it.

    Args:
        settings: language, limits.
        site_context: public URL, and the way to the graph.
        publication: the release in force.
        log: hears of every request.
    """

    def __init__(self, settings: Settings, site_context: SiteContext, publication: Publication, log: QueryLog) -> None:
        self._settings = settings
        self._site = site_context.site
        self._client = site_context.client
        self._reader = Reader(publication)
        self._page = ReconciliationPage(site_context)
        self._design = site_context.design
        self._log = log
        self._hangups = Hangups()
        self._cache_control = site_context.cache_control.encode()
        self._handlers: dict[str, Callable[[Call], Awaitable[Reply]]] = {
            "": self._root,
            **Browsing(self._reader, self._site).handlers,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        started = time.perf_counter()
        wanted = {b"accept", b"accept-encoding", b"if-none-match"}
        given = {name: value for name, value in scope["headers"] if name in wanted}
        fields = Fields(*(given.get(name, b"") for name in (b"accept", b"accept-encoding", b"if-none-match")))
        exchange = Exchange(scope, receive, send, fields, self._hangups)
        language = choose_language(
            wished_language(exchange.query_string), exchange.field(b"accept-language"), self._settings.language
        )
        outcome, reply = "ok", Reply(b"")
        try:
            reply = await self._answer(exchange, language)
        except ClientGone:
            outcome = "abandoned"
        except InterkommunalError as error:
            problem = error.problem if isinstance(error, RequestProblem) else problem_of(error)
            outcome = problem.kind
            await self._refuse(exchange, problem, language)
        except Exception as error:
            outcome, incident = "internal", secrets.token_hex(4)
            structlog.get_logger().error("fault", incident=incident, path=exchange.path, exc_info=error)
            await self._refuse(exchange, internal(incident=incident), language)
        seconds = time.perf_counter() - started
        self._log.add(
            Outcome(
                outcome,
                exchange.status,
                seconds,
                media_type=reply.content_type.decode().partition(";")[0] if outcome == "ok" else "-",
                form=reply.form,
                rows=reply.number,
                size=exchange.sent,
                client=exchange.client,
            )
        )

    async def _refuse(self, exchange: Exchange, problem: Problem, language: Language) -> None:
        if exchange.status == 0:
            await exchange.problem(problem, language, (*CORS, _NO_SNIFF))

    async def _answer(self, exchange: Exchange, language: Language) -> Reply:
        rest = exchange.path.removeprefix(PATH).rstrip("/")
        handler = self._handlers.get(rest)
        if handler is None:
            path = exchange.path[:200]
            raise RequestProblem(
                Problem("not-found", Text(f"Unter {path} gibt es nichts.", f"There is nothing at {path}."))
            )
        allow = _ALLOW_BELOW if rest else _ALLOW
        if exchange.method == "OPTIONS":
            await exchange.complete(204, _preflight(allow), b"")
            return Reply(b"", form="preflight")
        if exchange.method not in allow.split(", "):
            raise method_not_allowed(exchange.method, allow)
        values = await self._values(exchange)
        book = await self._reader.book()
        if not rest and self._wants_page(exchange, values):
            return await self._show(exchange, values, book)
        seconds = self._settings.deadline
        try:
            async with asyncio.timeout(seconds):
                reply = await exchange.while_connected(handler(Call(exchange, values, language, book)))
        except TimeoutError:
            raise QueryTimeout(f"this took longer than {seconds:g} seconds; ask for less at once", seconds) from None
        headers = (
            (b"content-type", reply.content_type),
            (b"content-language", language.encode()),
            (b"cache-control", b"no-store" if exchange.method == "POST" else self._cache_control),
            (b"vary", b"Accept, Accept-Language, Accept-Encoding" if not rest else b"Accept-Language, Accept-Encoding"),
            _NO_SNIFF,
            *CORS,
            *reply.further,
        )
        await exchange.variant(200, await Representation(reply.body, headers).variant(exchange.fields.coding))
        return reply

    def _wants_page(self, exchange: Exchange, values: dict[str, str]) -> bool:
        asked = exchange.method == "POST" or not values.keys().isdisjoint({"queries", "extend", "query"})
        accept = exchange.fields.accept.decode("latin-1")
        # Java's own client asks for text/html first whatever it is after; browsers know XHTML too.
        return not asked and "application/xhtml+xml" in accept and choose(accept, _OFFERS) is HTML

    async def _show(self, exchange: Exchange, values: dict[str, str], book: Book) -> Reply:
        """The page for people."""
        wish = wished_language(exchange.query_string)
        language = choose_language(
            wish or chosen_before(exchange.field(b"cookie")),
            exchange.field(b"accept-language"),
            self._settings.language,
        )
        typed, term = normal_text(values.get("name", ""))[:LONGEST].strip(), book.schema.type(values.get("type", ""))
        candidates: list[dict[str, Any]] = []
        if typed:
            question = Question(typed, (term.iri,) if term else (), limit=_TRIED)
            answer = await answered(self._reader, book, self._client, {"": question}, language)
            candidates = answer[""]["result"]
        page = self._page.representation(book, language, typed, term.id if term else "", candidates)
        if wish:
            page = Representation(page.body, (*page.headers, language_cookie(language, self._site.prefix)))
        await exchange.variant(200, await page.variant(exchange.fields.coding))
        return Reply(b"", _HTML, form="page")

    async def _values(self, exchange: Exchange) -> dict[str, str]:
        """Parameters of the address, and for POST those of the form, each once."""
        body = b""
        if exchange.method == "POST":
            media_type = (exchange.field(b"content-type") or "").partition(";")[0].strip().lower()
            if media_type != _FORM:
                raise RequestProblem(
                    Problem(
                        "unsupported-media-type",
                        Text(
                            f"Eine Sendung kommt als {_FORM} mit dem Feld queries oder extend.",
                            f"A batch comes as {_FORM} with the field queries or extend.",
                        ),
                        {"supported": [_FORM]},
                        ((b"accept-post", _FORM.encode()),),
                    )
                )
            body = await exchange.body(int(self._settings.body_limit))
        given = Parameters(exchange.query_string, body)
        return {name: given.one(name) or "" for name in given}

    async def _root(self, call: Call) -> Reply:
        """The manifest, candidates, or further columns."""
        queries, wishes = call.values.get("queries"), call.values.get("extend")
        if queries is not None and wishes is not None:
            raise bad_request(
                "Entweder „queries“ oder „extend“, nicht beides.", "Either “queries” or “extend”, not both."
            )
        if queries is not None:
            return await self._match(call, queries)
        if wishes is not None:
            return await self._extend(call, wishes)
        if call.exchange.method == "POST" or "query" in call.values:
            raise bad_request(
                "Es fehlt „queries“ mit Anfragen oder „extend“ mit Wünschen nach Spalten, beides als JSON.",
                "There is no “queries” with queries nor “extend” with wishes for columns, either as JSON.",
                parameter="queries",
            )
        found = manifest(
            self._site, call.book.schema, self._settings.reconcile_batch, f"{self._design.path}/icon.svg", call.language
        )
        return answer_json(found, "manifest")

    async def _match(self, call: Call, raw: str) -> Reply:
        batch = await self._reader.work(lambda: read_batch(raw, call.book.schema, self._settings.reconcile_batch))
        found = await answered(self._reader, call.book, self._client, batch, call.language)
        return answer_json(found, "reconcile", len(batch))

    async def _extend(self, call: Call, raw: str) -> Reply:
        wanted = read_extension(raw, call.book.schema)
        names = call.book.names
        iris = [full_iri(item) for item in wanted.ids]
        numbers = await self._reader.work(lambda: {iri: names.number(iri) for iri in iris})
        known = {iri: number for iri, number in numbers.items() if number is not None}
        identifiers = await self._reader.work(lambda: names.identifiers(list(known.values())))
        values = await values_of(self._client, known, extension.properties(wanted), call.language)
        mine = {iri: identifiers[number] for iri, number in known.items()}
        return answer_json(extension.extended(wanted, values, mine, call.language), "extend", len(iris))


def _preflight(allow: str) -> list[Header]:
    return [
        (b"allow", allow.encode()),
        (b"access-control-allow-methods", allow.encode()),
        (b"access-control-allow-headers", b"*"),
        (b"access-control-max-age", b"86400"),
        *CORS,
    ]
