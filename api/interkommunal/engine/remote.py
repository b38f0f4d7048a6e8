"""Evaluates a query by asking another SPARQL endpoint, through SPARQLWrapper.

In: a task. Out: the same bytes that the other tiers write: the endpoint's answer is parsed while it arrives and
written again, so that every format is there whatever the endpoint offers, rows are counted, and an answer that breaks
off or has an error glued into it is an error and no answer. It runs in a worker process, which is killed at the
deadline. What the default graph is, the endpoint decides: Virtuoso, and Oxigraph with its union option, hold a triple
there as often as graphs state it.
"""

from __future__ import annotations

import email.message
import http.client
import re
import urllib.error
from typing import Any, Final

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    parse,
    parse_query_results,
)
from SPARQLWrapper import POST, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import (
    EndPointInternalError,
    EndPointNotFound,
    QueryBadFormed,
    SPARQLWrapperException,
    Unauthorized,
)

from interkommunal import __version__
from interkommunal.engine.evaluation import Outcome, Sink, Task, write_boolean, write_solutions, write_triples
from interkommunal.engine.merging import name_columns
from interkommunal.errors import (
    EngineUnavailable,
    QueryError,
    QueryFailed,
    QuerySyntaxError,
    QueryTimeout,
    QueryTooLarge,
)
from interkommunal.namespaces import BASE
from interkommunal.sparql.query import FORMATS, Form
from interkommunal.texts import Text

_AGENT: Final = f"interkommunal/{__version__} (+{BASE})"
_ACCEPT_RESULTS: Final = "application/sparql-results+json, application/sparql-results+xml;q=0.8"
_ACCEPT_GRAPH: Final = "application/n-triples, text/turtle;q=0.9, application/rdf+xml;q=0.5"
# Virtuoso says N-Triples so.
_ALIASES: Final = {"text/plain": RdfFormat.N_TRIPLES, "text/ntriples": RdfFormat.N_TRIPLES}
_RESULT_TYPES: Final = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "application/xml": QueryResultsFormat.XML,
}
_VIRTUOSO_ASK: Final = "__ASK_RETVAL"
_MAX_MESSAGE: Final = 400
# No single read may take longer; the deadline of the query is usually far lower.
_SOCKET_SECONDS: Final = 600


def _boolean(value: bytes) -> QueryBoolean:
    result = parse_query_results(b'{"head":{},"boolean":' + value + b"}", QueryResultsFormat.JSON)
    assert isinstance(result, QueryBoolean)
    return result


_BOOLEANS: Final = (_boolean(b"false"), _boolean(b"true"))


class Endpoint:
    """A SPARQL 1.1 endpoint.

    Args:
        iri: its IRI. A user and a password in it are used for basic authentication.
    """

    def __init__(self, iri: str) -> None:
        self._iri = iri
        self._empty = Store()

    def evaluate(self, task: Task, sink: Sink) -> Outcome:
        """Have the endpoint answer ``task`` and write the answer into ``sink``.

        Raises:
            QueryError: the endpoint refuses the query, fails, cuts the answer, or is not there.
        """
        wants_graph = task.media_type in FORMATS[Form.CONSTRUCT]
        try:
            response = self._ask(task, wants_graph=wants_graph)
            with response:
                _refuse_unfinished(response)
                outcome = _write_graph(response, task, sink) if wants_graph else _write_results(response, task, sink)
                return _refuse_cut(response, task, outcome)
        except QueryError:
            raise
        except SyntaxError as error:
            raise _broken(error) from None
        except TimeoutError:
            raise EngineUnavailable("the endpoint does not answer") from None
        except urllib.error.HTTPError as error:
            raise _status_error(error.code, error.headers, _text(error.read())) from None
        except urllib.error.URLError as error:
            raise EngineUnavailable(f"the endpoint cannot be reached: {error.reason}") from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise _broken(error) from None

    def _ask(self, task: Task, *, wants_graph: bool) -> http.client.HTTPResponse:
        wrapper = SPARQLWrapper(self._iri, agent=_AGENT)
        wrapper.setOnlyConneg(True)
        wrapper.setMethod(POST)
        wrapper.setTimeout(_SOCKET_SECONDS)
        base = f"BASE <{task.base_iri}> " if task.base_iri else ""
        query = name_columns(task.query, task.base_iri, self._empty) if "*" in task.query else task.query
        wrapper.setQuery(base + query)
        # It guesses the form, and would send what it takes for an update as one. The guard knows that it is a query.
        wrapper.queryType = "CONSTRUCT" if wants_graph else "SELECT"
        wrapper.addCustomHttpHeader("Accept", _ACCEPT_GRAPH if wants_graph else _ACCEPT_RESULTS)
        for iri in task.default_graphs or ():
            wrapper.addParameter("default-graph-uri", iri)
        for iri in task.named_graphs or ():
            wrapper.addParameter("named-graph-uri", iri)
        try:
            response: http.client.HTTPResponse = wrapper.query().response
        except QueryBadFormed as error:
            raise QuerySyntaxError(_said(_message(error))) from None
        except EndPointNotFound:
            raise EngineUnavailable("the endpoint is not there (404)") from None
        except Unauthorized:
            raise QueryFailed(Text("the endpoint asks for a password")) from None
        except EndPointInternalError as error:
            raise _status_error(500, None, _message(error)) from None
        except SPARQLWrapperException as error:
            raise QueryFailed(_said(_message(error))) from None
        return response


def _write_results(response: http.client.HTTPResponse, task: Task, sink: Sink) -> Outcome:
    media_type = response.headers.get_content_type()
    results_format = _RESULT_TYPES.get(media_type)
    if results_format is None:
        raise QueryFailed(Text("the endpoint answers {media_type} where a table is asked for", media_type=media_type))
    results = parse_query_results(response, results_format)
    if isinstance(results, QueryBoolean):
        return write_boolean(results, task, sink)
    assert isinstance(results, QuerySolutions)
    if [variable.value for variable in results.variables] == [_VIRTUOSO_ASK]:
        # Virtuoso answers ASK in JSON with a table: one row for true, none for false.
        return write_boolean(_BOOLEANS[any(True for _ in results)], task, sink)
    return write_solutions(results, task, sink)


def _write_graph(response: http.client.HTTPResponse, task: Task, sink: Sink) -> Outcome:
    media_type = response.headers.get_content_type()
    rdf_format = _ALIASES.get(media_type) or RdfFormat.from_media_type(media_type)
    if rdf_format is None:
        raise QueryFailed(Text("the endpoint answers {media_type} where a graph is asked for", media_type=media_type))
    quads = parse(response, rdf_format)
    return write_triples((Triple(quad.subject, quad.predicate, quad.object) for quad in quads), task, sink)


def _refuse_unfinished(response: http.client.HTTPResponse) -> None:
    """Virtuoso sends what it has when its own time is over, with status 206 or a header that says so."""
    state = response.headers.get("X-SQL-State", "")
    if response.status == 206 or state:
        raise QueryTimeout(f"the endpoint did not finish within its own time ({state or response.status})", 0.0)


def _refuse_cut(response: http.client.HTTPResponse, task: Task, outcome: Outcome) -> Outcome:
    """Virtuoso cuts answers after a number of rows of its own, and only a header tells the number."""
    limit = response.headers.get("X-SPARQL-MaxRows", "")
    if not limit.isdigit() or outcome.rows < int(limit):
        return outcome
    if task.partial:
        return Outcome(outcome.rows, cut=True)
    raise QueryTooLarge(f"the endpoint cuts answers after {limit} rows; use LIMIT and OFFSET", limit="rows")


def _status_error(status: int, headers: email.message.Message | None, text: str) -> QueryError:
    """The error for a status that SPARQLWrapper knows no exception for."""
    if status in (408, 504) or re.search(r"\bS1TAT\b|time(d)?[ -]?out|exceeds the limit", text, re.IGNORECASE):
        return QueryTimeout(f"the endpoint ran out of time: {text}", 0.0)
    if status in (429, 502, 503):
        retry_after = str(headers["Retry-After"]) if headers else ""
        seconds = int(retry_after) if retry_after.isdigit() else 5
        return EngineUnavailable(f"the endpoint is busy ({status})", seconds)
    if status == 413:
        return QueryTooLarge("the endpoint finds the query too long", limit="query")
    return QueryFailed(Text("the endpoint answers {status}: {text}", status=status, text=text))


def _said(words: str) -> Text:
    return Text("the endpoint says: {words}", words=words)


def _broken(error: Exception) -> QueryFailed:
    return QueryFailed(Text("the endpoint's answer breaks off or is malformed: {error}", error=error))


def _message(error: SPARQLWrapperException) -> str:
    """What the endpoint wrote: SPARQLWrapper keeps it at the end of its own message."""
    arguments: Any = error.args[0] if error.args else ""
    text = str(arguments)
    match = re.search(r"Response:\s*b?(['\"])(.*)\1\s*$", text, re.DOTALL)
    return _text(match[2].replace("\\n", " ").encode() if match else text.encode())


def _text(body: bytes) -> str:
    """The begin of an error text, without markup and line ends."""
    plain = re.sub(r"<[^>]*>", " ", body[: 4 * _MAX_MESSAGE].decode(errors="replace"))
    plain = " ".join(plain.split())
    return plain if len(plain) <= _MAX_MESSAGE else plain[: _MAX_MESSAGE - 1] + "…"
