"""What a request asks of ``/sparql``: query, dataset and wishes, read from URL and body (SPARQL 1.1 Protocol §2.1).

Pure functions from bytes to an :class:`Operation`; whatever is wrong is a ``RequestProblem``. Percent-encoding is
decoded once, everything is UTF-8, and there is one ``query``. Empty parameters count as absent, and repeated ones that
mean the same as one (``request``). Parameters that mean nothing here are passed over,
because clients add their own (SPARQLWrapper sends ``output`` and ``results``), with two exceptions that protect from a
wrong answer: a name that looks like a misspelt dataset parameter, and unknown parameters without any query.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

import pyoxigraph

from interkommunal.errors import QueryRefused
from interkommunal.texts import Text
from interkommunal.web.problems import Problem, RequestProblem, bad_request
from interkommunal.web.request import Parameters, decode, pairs

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
ACCEPT_QUERY: Final = f"{QUERY}, {FORM}"
#: What rdflib calls the default graph when it asks ``Dataset(SPARQLStore(…))``: there is no graph of this name.
RDFLIB_DEFAULT: Final = "urn:x-rdflib:default"

_OURS: Final = frozenset({"query", "default-graph-uri", "named-graph-uri", "format", "timeout", "partial", "lang"})
_UPDATES: Final = frozenset({"update", "using-graph-uri", "using-named-graph-uri"})
_DATASET_LIKE: Final = re.compile(r"(default|named)-?graph(-?(uri|iri))?s?|graph-uri")


class Operation(NamedTuple):
    """One query operation.

    Attributes:
        query: the SPARQL text, or ``None`` where a GET asks for the service description.
        default_graphs, named_graphs: IRIs of the dataset; both empty if the protocol names none.
        format: value of ``format=``, several joined by a comma, or ``None``.
        timeout: seconds the client wants to wait at most, or ``None``.
        partial: whether the client takes the first rows of an answer that has too many.
        language: value of ``lang=``, or ``None``.
    """

    query: str | None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    format: str | None = None
    timeout: float | None = None
    partial: bool = False
    language: str | None = None


def read_get(query_string: bytes) -> Operation:
    """The operation of GET or HEAD. Without any query it is the service description."""
    if query_string.startswith(b"query=") and b"&" not in query_string and len(query_string) > len(b"query="):
        return Operation(pairs(query_string)[0][1])  # nearly all requests are such
    return _operation(Parameters(query_string), may_describe=True)


def read_post(query_string: bytes, content_type: str | None, body: bytes) -> Operation:
    """The operation of POST (§2.1.2 and §2.1.3) or QUERY, by the content type of the body."""
    if content_kind(content_type) == FORM:
        return _operation(Parameters(query_string, body))
    return _operation(Parameters(query_string), decode(body, Text("the body of the request")))


def content_kind(content_type: str | None) -> str:
    """The media type of a body, if it is one of the two that queries come in.

    Raises:
        RequestProblem: 415 for others, for none and for a charset that is not UTF-8.
        QueryRefused: it is an update.
    """
    media_type, *parameters = (part.strip().lower() for part in (content_type or "").split(";"))
    if media_type == UPDATE:
        raise _update_refused()
    text = None
    if media_type not in (FORM, QUERY):
        text = Text(
            "A query comes as {query} or {form}; the field Content-Type says {found}.",
            query=QUERY,
            form=FORM,
            found=content_type or Text("nothing"),
        )
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if not text and name.strip() == "charset" and value.strip().strip('"') not in ("utf-8", "utf8"):
            text = Text("SPARQL comes in UTF-8, not in {strip}.", strip=value.strip())
    if text:
        headers = ((b"accept-post", ACCEPT_QUERY.encode()), (b"accept-query", ACCEPT_QUERY.encode()))
        raise RequestProblem(Problem("unsupported-media-type", text, {"supported": [QUERY, FORM]}, headers))
    return media_type


def _operation(given: Parameters, body_query: str = "", *, may_describe: bool = False) -> Operation:
    for name in given:
        if name in _UPDATES:
            raise _update_refused()
        # One that was probably meant to choose the dataset.
        if name not in _OURS and _DATASET_LIKE.fullmatch(name.lower().replace("_", "-")):
            raise bad_request(
                Text("There is no “{name}”. It probably means “default-graph-uri” or “named-graph-uri”.", name=name),
                parameter=name,
            )
    queries = [*dict.fromkeys(filter(None, (*given.all("query"), body_query)))]
    if len(queries) > 1:
        raise bad_request(Text("There may be only one “query”."), parameter="query")
    if not queries and not (may_describe and {*given} <= {"format", "lang"}):
        unknown = sorted({*given} - _OURS)
        text = Text("The parameter “query” with the SPARQL query is missing.")
        if unknown:
            text = Text("{text} Unknown: {names}.", text=text, names=", ".join(unknown[:5]))
        raise bad_request(text, parameter="query")
    default_graphs, named_graphs = _iris(given, "default-graph-uri"), _iris(given, "named-graph-uri")
    # rdflib's name for the default graph means the union of all graphs.
    if RDFLIB_DEFAULT in default_graphs:
        if named_graphs:
            raise bad_request(
                Text(
                    "“{RDFLIB_DEFAULT}” means the union of all graphs and cannot be combined with “named-graph-uri”.",
                    RDFLIB_DEFAULT=RDFLIB_DEFAULT,
                ),
                parameter="default-graph-uri",
            )
        default_graphs = ()
    return Operation(
        queries[0] if queries else None,
        default_graphs,
        named_graphs,
        ",".join(given.all("format")) or None,
        given.read("timeout", _seconds),
        given.read("partial", _truth) or False,
        given.one("lang"),
    )


def _iris(given: Parameters, name: str) -> tuple[str, ...]:
    found = given.all(name)
    for value in found:
        try:
            pyoxigraph.NamedNode(value)
        except ValueError as error:
            text = Text(
                "“{name}” is not an absolute IRI: “{value}” ({error}).", name=name, value=value[:200], error=error
            )
            raise bad_request(text, parameter=name) from None
    return found


def _seconds(value: str) -> float:
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", value) and float(value) > 0:
        return float(value)
    text = Text("“timeout” is a number of seconds greater than 0, not “{value}”.", value=value[:50])
    raise bad_request(text, parameter="timeout")


def _truth(value: str) -> bool:
    if value in ("false", "0", "true", "1"):
        return value in ("true", "1")
    raise bad_request(Text("“partial” is “true” or “false”, not “{value}”.", value=value[:50]), parameter="partial")


def _update_refused() -> QueryRefused:
    return QueryRefused(Text("this endpoint only reads; it takes no SPARQL updates"), "update")
