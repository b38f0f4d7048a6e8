"""``/reconcile``: the Reconciliation Service API 0.2, in raw ASGI.

The root answers with the manifest, with candidates for a batch of queries, or with further columns; below it are
suggestions, cards and proposals. Scripts on any site may read every answer, errors too. There is no JSONP: it would run
our answer as a program in somebody's page, and is not needed where CORS is.

From a batch of questions to candidates as JSON: names are looked up in the index, columns in the graph.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final, TypeVar

import orjson
from starlette.types import Receive, Scope, Send

from interkommunal.errors import EngineUnavailable, QueryError, QueryTimeout, QueueFull
from interkommunal.namespaces import IK
from interkommunal.normal import normal_text
from interkommunal.reconcile.evidence import bare_key, compare, things_with, values_of
from interkommunal.reconcile.extension import extended, read_extend_request
from interkommunal.reconcile.index import IndexThread, NameIndex
from interkommunal.reconcile.likeness import LONGEST
from interkommunal.reconcile.manifest import PATH, manifest
from interkommunal.reconcile.matching import Candidate, Question, Suspect, ranked, suspects
from interkommunal.reconcile.pages import FRAMED, Cards, ReconciliationPage
from interkommunal.reconcile.request import Reply, Request, answer_json, full_iri, known_type, read_batch
from interkommunal.reconcile.schema import Role
from interkommunal.release.folding import keys
from interkommunal.settings import Settings
from interkommunal.site.context import SiteContext
from interkommunal.site.description.statements import GraphClient
from interkommunal.texts import Language, Text
from interkommunal.web.exchange import ClientGone, DisconnectWatcher, Exchange
from interkommunal.web.formats import HTML, Format
from interkommunal.web.logs import QueryLog
from interkommunal.web.problems import Problem, RequestProblem, bad_request, method_not_allowed, problem_of
from interkommunal.web.representation import Representation, data_headers
from interkommunal.web.request import Parameters
from interkommunal.web.responder import NO_STORE, preflight

T = TypeVar("T")

# Questions that the thread takes at a time. Looking one up takes about a third of a millisecond.
_AT_ONCE: Final = 16


class Answering:
    """Answers batches.

    Args:
        thread: looks names up.
        client: the way to the graph.
    """

    def __init__(self, thread: IndexThread, client: GraphClient) -> None:
        self._thread = thread
        self._client = client

    async def candidates(
        self, index: NameIndex, batch: Mapping[str, Question | Problem], language: Language
    ) -> dict[str, Any]:
        """The candidates for each question, as JSON (Reconciliation API 0.2, §4.4).

        Args:
            index: of the release.
            batch: questions by their keys; equal ones are answered once. A problem has no candidates and says why.
            language: of labels.

        Raises:
            QueryError: the engine cannot answer, or too many requests wait.
        """
        questions = list(dict.fromkeys(item for item in batch.values() if isinstance(item, Question)))
        found = await self._each(questions, lambda question: _suspects(index, question))
        failed = await self._weigh(index, {question: found[question] for question in questions if question.columns})

        def shown(question: Question) -> list[dict[str, Any]]:
            return [_shown(item, index, language) for item in ranked(index, question, found[question], language)]

        results = await self._each(questions, shown)
        answers: dict[str, Any] = {}
        for key, item in batch.items():
            problem = item if isinstance(item, Problem) else failed.get(item)
            if problem is not None:
                answers[key] = {"result": [], "error": orjson.Fragment(problem.body(language))}
            elif isinstance(item, Question):
                answers[key] = {"result": results[item]}
        return answers

    async def _each(self, questions: Sequence[Question], task: Callable[[Question], T]) -> dict[Question, T]:
        """What ``task`` makes of each question, a few at a time."""
        found: dict[Question, T] = {}

        def work(some: Sequence[Question]) -> None:
            for question in some:
                found[question] = task(question)
                # Lets go of the interpreter lock: else the event loop gets it only after 5 ms.
                time.sleep(0)

        for some in _slices(questions):
            await self._thread.work(partial(work, some))
        return found

    async def _weigh(self, index: NameIndex, found: Mapping[Question, list[Suspect]]) -> dict[Question, Problem]:
        """Compare the columns of questions; for those without a name, find things by them.

        Returns what went wrong with which question.
        """
        failed: dict[Question, Problem] = {}
        for question, items in found.items():
            if question.text:
                continue
            try:
                iris = await things_with(self._client, question.columns)
            except (EngineUnavailable, QueueFull):
                raise
            except QueryError as error:
                failed[question] = problem_of(error)
                continue
            items += await self._thread.work(partial(_further, index, question, items, iris))
        numbers = list(dict.fromkeys(item.entry for items in found.values() for item in items))
        things = await self._thread.work(lambda: index.things(numbers, "de"))
        columns = [column.iri for question in found for column in question.columns]
        values = await values_of(self._client, [thing.iri for thing in things.values()], columns, "de")
        await self._each(list(found), lambda question: compare(index, [(question, found[question])], values))
        return failed


def _suspects(index: NameIndex, question: Question) -> list[Suspect]:
    """Things that may be meant by the name, and those that have an identifier which a column holds."""
    found = {item.entry: item for item in (suspects(index, question) if question.text else ())}
    for column in question.columns:
        scheme = column.iri.removeprefix(IK)
        for text in map(bare_key, column.values) if column.identifies else ():
            for entry, its, _ in index.identified(text, text.upper(), f"0{text}"):
                if its == scheme and _fits(index, entry, question):
                    found.setdefault(entry, Suspect(entry))
    return list(found.values())


def _further(index: NameIndex, question: Question, known: Sequence[Suspect], iris: set[str]) -> list[Suspect]:
    """Things that the graph found, but those that are known already."""
    numbers = {number: None for iri in sorted(iris) if (number := index.number(iri)) is not None}
    entries = {item.entry for item in known}
    return [Suspect(entry) for entry in numbers if entry not in entries and _fits(index, entry, question)]


def _fits(index: NameIndex, entry: int, question: Question) -> bool:
    if not question.typed:
        return True
    asked, its = frozenset(question.types), index.classes(entry)
    return asked <= its if question.strictness == "all" else not asked.isdisjoint(its)


def _shown(candidate: Candidate, index: NameIndex, language: Language) -> dict[str, Any]:
    thing = candidate.thing
    return {
        "id": thing.id,
        "name": thing.label,
        "description": thing.description,
        "type": index.schema.described(thing.classes, language),
        "score": candidate.score,
        "match": candidate.match,
        "features": [{"id": name, "value": value} for name, value in candidate.features],
    }


def _slices(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]


Handler = Callable[[Request], Awaitable[Reply]]

_FORM: Final = "application/x-www-form-urlencoded"
_HTML: Final = b"text/html; charset=utf-8"
_ALLOW: Final = "GET, HEAD, POST, OPTIONS"
_ALLOW_BELOW: Final = "GET, HEAD, OPTIONS"
# Programs that take anything get the manifest; browsers say that they prefer pages.
_OFFERS: Final = (Format("application/json"), HTML)
_TRIED: Final = 8
_SUGGESTED: Final = 20
_LONGEST_PREFIX: Final = 200
_FARTHEST: Final = 10_000
_MOST_PROPOSED: Final = 100


class ReconciliationService:
    """The ASGI application for :data:`PATH` and what lies below it.

    Args:
        settings: language, limits.
        site_context: public URL, the way to the graph, the release in force.
        log: hears of every request.
    """

    def __init__(self, settings: Settings, site_context: SiteContext, log: QueryLog) -> None:
        self._settings = settings
        self._responder = site_context.responder
        self._site = site_context.site
        self._client = site_context.client
        self._thread = IndexThread(site_context.publication)
        self._answering = Answering(self._thread, site_context.client)
        self._cards = Cards()
        self._page = ReconciliationPage(site_context)
        self._design = site_context.design
        self._log = log
        self._watcher = DisconnectWatcher()
        self._handlers: dict[str, Handler] = {
            "": self._root,
            "/suggest/entity": self._suggest_things,
            "/suggest/type": partial(self._suggest_terms, "class"),
            "/suggest/property": partial(self._suggest_terms, "property"),
            "/flyout/entity": self._thing_card,
            "/flyout/type": partial(self._term_card, "class"),
            "/flyout/property": partial(self._term_card, "property"),
            "/preview": self._preview,
            "/extend/propose": self._propose,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        exchange = Exchange(scope, receive, send, self._settings.language, self._watcher)
        record = exchange.record
        record.form = "reconcile"
        try:
            reply = await self._answer(exchange)
            record.media_type = reply.content_type.decode().partition(";")[0]
            record.form, record.rows = reply.form, reply.number
        except ClientGone:
            record.outcome = "abandoned"
        except Exception as error:
            problem = self._responder.problem_of(error, exchange.path)
            record.outcome = problem.kind
            if exchange.status == 0:
                await exchange.send(self._responder.problem(exchange, problem))
        self._log.add(exchange.close())

    async def _answer(self, exchange: Exchange) -> Reply:
        rest = exchange.path.removeprefix(PATH).rstrip("/")
        handler = self._handlers.get(rest)
        if handler is None:
            path = exchange.path[:200]
            raise RequestProblem(Problem("not-found", Text("There is nothing at {path}.", path=path)))
        allow = _ALLOW_BELOW if rest else _ALLOW
        if exchange.method == "OPTIONS":
            await exchange.send(preflight(allow))
            return Reply(b"", form="preflight")
        if exchange.method not in allow.split(", "):
            raise method_not_allowed(exchange.method, allow)
        values = await self._values(exchange)
        index = await self._thread.index()
        if not rest and _wants_page(exchange, values):
            return await self._show(exchange, values, index)
        seconds, language = self._settings.deadline, exchange.language
        try:
            async with asyncio.timeout(seconds):
                reply = await exchange.while_connected(handler(Request(exchange.method, values, language, index)))
        except TimeoutError:
            raise QueryTimeout(f"this took longer than {seconds:g} seconds; ask for less at once", seconds) from None
        lasting = NO_STORE if exchange.method == "POST" else self._responder.cache_control
        content_language = (b"content-language", language.encode())
        headers = data_headers(reply.content_type.decode(), lasting, content_language, *reply.further)
        await self._send(exchange, Representation(reply.body, headers))
        return reply

    async def _send(self, exchange: Exchange, representation: Representation) -> None:
        await exchange.send(await self._responder.reply(exchange, representation))

    async def _values(self, exchange: Exchange) -> dict[str, str]:
        """Parameters of the address, and for POST those of the form, each once; none is empty."""
        body = b""
        if exchange.method == "POST":
            media_type = (exchange.field(b"content-type") or "").partition(";")[0].strip().lower()
            if media_type != _FORM:
                detail = Text("A batch comes as {FORM} with the field queries or extend.", FORM=_FORM)
                accepted = (b"accept-post", _FORM.encode())
                raise RequestProblem(Problem("unsupported-media-type", detail, {"supported": [_FORM]}, (accepted,)))
            body = await exchange.body(int(self._settings.body_limit))
        given = Parameters(exchange.query_string, body)
        return {name: given.one(name) or "" for name in given}

    async def _show(self, exchange: Exchange, values: dict[str, str], index: NameIndex) -> Reply:
        """The page for people."""
        language = exchange.language
        typed, term = normal_text(values.get("name", ""))[:LONGEST].strip(), index.schema.type(values.get("type", ""))
        candidates: list[dict[str, Any]] = []
        if typed:
            question = Question(typed, (term.iri,) if term else (), limit=_TRIED)
            answer = await self._answering.candidates(index, {"": question}, language)
            candidates = answer[""]["result"]
        page = self._page.representation(index, language, (typed, term), candidates)
        await self._send(exchange, page)
        return Reply(b"", _HTML, form="page")

    async def _root(self, request: Request) -> Reply:
        """The manifest, candidates, or further columns."""
        queries, extension = request.values.get("queries"), request.values.get("extend")
        if queries and extension:
            raise bad_request(Text("Either “queries” or “extend”, not both."))
        if queries:
            return await self._match(request, queries)
        if extension:
            return await self._extend(request, extension)
        if request.method == "POST" or "query" in request.values:
            raise bad_request(
                Text("There is no “queries” with queries nor “extend” with wishes for columns, either as JSON."),
                parameter="queries",
            )
        logo, most = f"{self._design.path}/icon.svg", self._settings.reconcile_batch
        return answer_json(manifest(self._site, request.index.schema, most, logo, request.language), "manifest")

    async def _match(self, request: Request, raw: str) -> Reply:
        index, most = request.index, self._settings.reconcile_batch
        batch = await self._thread.work(lambda: read_batch(raw, index.schema, most))
        return answer_json(
            await self._answering.candidates(index, batch, request.language), "reconcile", number=len(batch)
        )

    async def _extend(self, request: Request, raw: str) -> Reply:
        index = request.index
        wanted = read_extend_request(raw, index.schema)
        iris = [full_iri(item) for item in wanted.ids]

        def look_up() -> dict[str, list[tuple[str, str, bool]]]:
            numbers = {iri: number for iri in iris if (number := index.number(iri)) is not None}
            identifiers = index.identifiers(list(numbers.values()))
            return {iri: identifiers[number] for iri, number in numbers.items()}

        known = await self._thread.work(look_up)
        properties = [item.term.iri for item in wanted.properties]
        values = await values_of(self._client, known, properties, request.language)
        return answer_json(extended(wanted, values, known, request.language), "extend", number=len(iris))

    async def _propose(self, request: Request) -> Reply:
        """Properties that things of a type have."""
        index, schema, name = request.index, request.index.schema, request.values.get("type", "")
        limit = min(request.number("limit"), _MOST_PROPOSED)
        terms = list(schema.properties)
        if name:
            term = known_type(name, schema)
            used = await self._thread.work(lambda: index.used_by(term.iri))
            terms = [found for iri in used if (found := schema.property(iri)) is not None]
        shown = [item.shown(request.language) for item in terms[: limit or _MOST_PROPOSED]]
        answer = {"type": name, "limit": limit, "properties": shown}
        return answer_json({key: value for key, value in answer.items() if value or key == "properties"}, "propose")

    async def _suggest_things(self, request: Request) -> Reply:
        prefix, cursor = _prefix(request)
        index, language, forms = request.index, request.language, keys(prefix)[:1]

        def find() -> list[dict[str, Any]]:
            entries = index.beginning(forms[0], _SUGGESTED, cursor) if forms else []
            return [
                {
                    "id": thing.id,
                    "name": thing.label,
                    "description": thing.description,
                    "notable": index.schema.described(thing.classes, language),
                }
                for thing in index.things(entries, language).values()
            ]

        return answer_json({"result": await self._thread.work(find)}, "suggest")

    async def _suggest_terms(self, role: Role, request: Request) -> Reply:
        prefix, cursor = _prefix(request)
        found = request.index.schema.suggested(role, prefix, request.language)[cursor : cursor + _SUGGESTED]
        return answer_json({"result": [term.shown(request.language) for term in found]}, "suggest")

    async def _preview(self, request: Request) -> Reply:
        card, title = await self._thread.work(lambda: self._card(request))
        return Reply(self._cards.page(card, title, request.language), _HTML, FRAMED, form="preview")

    async def _thing_card(self, request: Request) -> Reply:
        card, _ = await self._thread.work(lambda: self._card(request))
        return answer_json({"id": request.given("id"), "html": card}, "flyout")

    def _card(self, request: Request) -> tuple[str, str]:
        """The card of the thing that ``id`` names, and its label."""
        given, index = request.given("id"), request.index
        entry = index.number(full_iri(given))
        if entry is None:
            raise _unknown(given)
        thing = index.things([entry], request.language)[entry]
        page = self._site.absolute(f"/doc/{thing.id}")
        return self._cards.thing(index, entry, page, request.language), thing.label

    async def _term_card(self, role: Role, request: Request) -> Reply:
        given, schema = request.given("id"), request.index.schema
        find = schema.type if role == "class" else schema.property
        term = find(normal_text(given))
        if term is None:
            raise _unknown(given)
        return answer_json({"id": given, "html": self._cards.term(term, request.language)}, "flyout")


def _wants_page(exchange: Exchange, values: dict[str, str]) -> bool:
    if exchange.method == "POST" or not values.keys().isdisjoint({"queries", "extend", "query"}):
        return False
    # Java's own client asks for text/html first whatever it is after; browsers know XHTML too.
    return "application/xhtml+xml" in exchange.accept and exchange.choose(_OFFERS) is HTML


def _prefix(request: Request) -> tuple[str, int]:
    """What was typed so far, and how many results to pass over."""
    prefix = normal_text(request.values.get("prefix", ""))
    return prefix[:_LONGEST_PREFIX], min(request.number("cursor"), _FARTHEST)


def _unknown(given: str) -> RequestProblem:
    short = given if len(given) <= 100 else f"{given[:100]}…"
    return RequestProblem(Problem("not-found", Text("There is no “{short}” here.", short=short)))
