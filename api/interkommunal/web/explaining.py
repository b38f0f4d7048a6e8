"""``/sparql/explain``: what is wrong with a query, or why it finds nothing, for people and for programs.

The same guard, dataset and limits as for the query itself; the questions that an explanation needs go through the same
client, a bounded number of them. Out comes an explanation, or its text as JSON or plain text.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import orjson

from interkommunal.engine.engine import Engine
from interkommunal.engine.pool import Answer
from interkommunal.errors import QueueFull
from interkommunal.namespaces import BASE
from interkommunal.settings import Settings
from interkommunal.sparql.emptiness import SECONDS, Probe
from interkommunal.sparql.explanation import explain_query
from interkommunal.sparql.findings import Explanation, as_text
from interkommunal.sparql.query import QueryRequest
from interkommunal.texts import Language, Text
from interkommunal.web.formats import HTML, Format
from interkommunal.web.problems import RequestProblem, bad_request
from interkommunal.web.protocol import Operation
from interkommunal.web.publication import Publication
from interkommunal.web.representation import Representation, data_headers

JSON: Final = Format("application/json", ("text/json",), "", "json", "JSON", ("json",))
TEXT: Final = Format("text/plain", (), "; charset=utf-8", "txt", "Text", ("text", "txt"))
EXPLANATION_OFFERS: Final = (JSON, TEXT, HTML)

# Explanations at the same time, each of which asks one question after the other; one more is told to come back.
_MOST: Final = 4
_RETRY_AFTER: Final = 5


class Explaining:
    """Explains queries. Belongs to one event loop.

    Args:
        settings: limits.
        engine: the one door.
        publication: the release being served.
    """

    def __init__(self, settings: Settings, engine: Engine, publication: Publication) -> None:
        self._settings = settings
        self._engine = engine
        self._publication = publication
        self._running = 0

    async def explain(self, operation: Operation) -> Explanation:
        """What is to be said about the query of ``operation``.

        Raises:
            QueryError: it may not be asked, or too many are being explained.
        """
        if self._running >= _MOST:
            raise QueueFull("many queries are being explained just now", _RETRY_AFTER)
        self._running += 1
        try:
            probe = Probe(self._ask, operation.default_graphs, operation.named_graphs)
            return await explain_query(operation.query or "", self._engine.inspect, probe, BASE)
        finally:
            self._running -= 1

    async def _ask(self, request: QueryRequest) -> bytes:
        limits = replace(
            request.limits,
            seconds=min(request.limits.seconds, self._settings.deadline, SECONDS),
            memory_bytes=self._settings.memory_limit,
        )
        answer = await self._engine.answer(request._replace(limits=limits))
        try:
            return b"".join([chunk async for chunk in answer.chunks()])
        finally:
            await answer.aclose()

    def represented(
        self, explanation: Explanation, operation: Operation, wanted: Format, language: Language
    ) -> Representation:
        """An explanation as JSON or as text; the same query gets the same bytes from the same release."""
        if wanted is TEXT:
            body = as_text(explanation, language).encode()
        else:
            told = explanation.told(language)
            body = orjson.dumps(
                {"release": self._publication.identifier, "language": language, "query": operation.query, **told}
            )
        language_field = (b"content-language", language.encode())
        return Representation(body, data_headers(wanted.content_type, "no-cache", language_field))


def finds_nothing(answer: Answer, body: bytes) -> bool:
    """Whether an answer is empty: no row, no triple, or false."""
    if answer.form.value == "ask":
        return orjson.loads(body).get("boolean") is False
    return answer.rows == 0


def no_query() -> RequestProblem:
    """400: there is nothing to explain."""
    return bad_request(
        Text("The parameter “query” with the SPARQL query is missing."),
        parameter="query",
    )
