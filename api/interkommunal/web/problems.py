"""Every error that leaves the server, in one shape: ``application/problem+json`` (RFC 9457), in German or English.

:func:`problem_of` is the one place where the exceptions of :mod:`interkommunal.errors` become HTTP. Everything else
that goes wrong between client and engine raises a :class:`RequestProblem`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

import orjson

from interkommunal.errors import (
    AnswerUnfit,
    EngineFailed,
    EngineUnavailable,
    InterkommunalError,
    QueryError,
    QueryFailed,
    QueryKilled,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    QueryTooLarge,
    QueueFull,
    UnknownFunction,
)
from interkommunal.namespaces import BASE
from interkommunal.texts import Language, Text

MEDIA_TYPE: Final = "application/problem+json"
Header = tuple[bytes, bytes]

# Kind of problem: status and title. The kind is the last part of ``type``.
_KINDS: Final[dict[str, tuple[int, Text]]] = {
    "bad-request": (400, Text("The request is incomplete or wrong")),
    "unknown-function": (400, Text("This function is not known here")),
    "query-syntax": (400, Text("The SPARQL query is malformed")),
    "unauthorized": (401, Text("This needs a token")),
    "query-refused": (403, Text("This is not allowed here")),
    "not-found": (404, Text("There is nothing here")),
    "method-not-allowed": (405, Text("This method does not exist here")),
    "not-acceptable": (406, Text("There is no such format of this")),
    "request-timeout": (408, Text("The request did not arrive in time")),
    "gone": (410, Text("This is no longer there")),
    "precondition-failed": (412, Text("The condition does not hold")),
    "too-large": (413, Text("This is too large")),
    "unsupported-media-type": (415, Text("The server cannot read this")),
    "invalid-parameter": (422, Text("A parameter is invalid")),
    "internal": (500, Text("The server has a fault")),
    "query-failed": (500, Text("The evaluation failed")),
    "engine-failed": (500, Text("The engine failed")),
    "service-failed": (502, Text("Another endpoint did not answer")),
    "query-killed": (503, Text("The query was ended")),
    "busy": (503, Text("The server is busy")),
    "unavailable": (503, Text("Nothing can answer just now")),
    "query-timeout": (504, Text("Out of time")),
    "http-version": (505, Text("This needs a newer version of HTTP")),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One error for one recipient.

    Attributes:
        kind: key of the catalogue above; decides status, title and type.
        detail: one or two sentences: what is wrong here, and the way out.
        extras: further members (RFC 9457 §3.2), for example ``line`` and ``column``.
        headers: further header fields, names in lower case, for example ``allow``.
        status: HTTP status where it is not that of the kind, else 0.
    """

    kind: str
    detail: Text
    extras: Mapping[str, Any] = field(default_factory=dict)
    headers: tuple[Header, ...] = ()
    status_given: int = 0

    @property
    def status(self) -> int:
        """HTTP status code."""
        return self.status_given or _KINDS[self.kind][0]

    def title(self, language: Language) -> str:
        """What kind of problem this is; the same for all of a kind."""
        if self.status_given and self.status_given != _KINDS[self.kind][0]:
            return HTTPStatus(self.status_given).phrase
        return _KINDS[self.kind][1].in_(language)

    def body(self, language: Language) -> bytes:
        """The problem document (RFC 9457 §3.1)."""
        return orjson.dumps(
            {
                "type": f"{BASE}problem/{self.kind}",
                "title": self.title(language),
                "status": self.status,
                "detail": self.detail.in_(language),
                **self.extras,
            }
        )


class RequestProblem(InterkommunalError):
    """A request cannot be answered as it is; ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.detail.in_("en"))


def bad_request(text: Text, **extras: Any) -> RequestProblem:
    """400: a parameter is missing, given twice or wrong."""
    return RequestProblem(Problem("bad-request", text, extras))


def conflicting(name: str) -> RequestProblem:
    """400: the values of a parameter contradict each other."""
    shown = name[:50]
    return bad_request(Text("“{shown}” has several different values.", shown=shown), parameter=shown)


def not_acceptable(available: Sequence[str], names: Sequence[str]) -> RequestProblem:
    """406, with the media types that there are (RFC 9110 §15.5.7)."""
    text = Text(
        "This query is answered in one of these formats: {available}. Choose by the field Accept or by format={names}.",
        available=", ".join(available),
        names="|".join(names),
    )
    return RequestProblem(Problem("not-acceptable", text, {"available": list(available)}))


def method_not_allowed(method: str, allow: str) -> RequestProblem:
    """405 with ``Allow`` (RFC 9110 §15.5.6)."""
    text = Text("There is no method {method} here; there are {allow}.", method=method, allow=allow)
    return RequestProblem(
        Problem("method-not-allowed", text, {"allow": allow.split(", ")}, ((b"allow", allow.encode()),))
    )


def body_too_large(limit: int) -> RequestProblem:
    """413: the body of a request is longer than the server reads."""
    text = Text("The body of a request may have at most {limit} bytes.", limit=limit)
    return RequestProblem(Problem("too-large", text, {"limit": "body", "max_bytes": limit}))


def problem_of(error: InterkommunalError) -> Problem:
    """The problem that tells a client about an error of the project."""
    match error:
        case RequestProblem():
            return error.problem
        case QuerySyntaxError():
            extras = _place(error)
            text = (
                Text(
                    "The query is not SPARQL: line {line}, column {column}: {text}",
                    line=error.line,
                    column=error.column,
                    text=error.text,
                )
                if len(extras) == 2
                else Text("The query is not SPARQL: {text}", text=error.text)
            )
            return Problem("query-syntax", text, extras)
        case UnknownFunction():
            extras = {"function": error.iri, **_place(error), "near": list(error.near)}
            return Problem("unknown-function", error.text.sentence(), extras)
        case QueryRefused():
            text = Text.named("problem", "query-refused", rule=error.rule, text=error.text.sentence())
            return Problem("query-refused", text, {"rule": error.rule})
        case QueryTimeout():
            text = Text(
                "The query was ended after {seconds:g} seconds. Narrow it down, for example with LIMIT or more "
                "exact patterns.",
                seconds=error.seconds,
            )
            return Problem("query-timeout", text, {"seconds": error.seconds})
        case QueryTooLarge():
            text = Text.named("too-large", error.limit, text=error.text.sentence())
            return Problem("too-large", text, {"limit": error.limit})
        case QueueFull() | EngineUnavailable():
            seconds, words = error.retry_after, str(error).strip()
            words = f"{words[:1].upper()}{words[1:]}{'' if words.endswith(('.', '!', '?')) else '.'}"
            return Problem(
                "busy" if isinstance(error, QueueFull) else "unavailable",
                Text("{error} Please ask again in {seconds} seconds.", error=words, seconds=seconds),
                {"retry_after": seconds},
                ((b"retry-after", str(seconds).encode()),),
            )
        case QueryKilled():
            return Problem("query-killed", Text.named("problem", "query-killed", text=error.text.sentence()))
        case AnswerUnfit():
            return Problem("not-acceptable", error.text.sentence())
        case EngineFailed():
            return Problem("engine-failed", _ENGINE_FAILED)
        case QueryFailed():
            return Problem("query-failed", Text.named("problem", "query-failed", text=error.text.sentence()))
    return internal("query-failed" if isinstance(error, QueryError) else "internal")


def internal(kind: str = "internal", incident: str | None = None) -> Problem:
    """500 without any detail of the inside; ``incident`` is the name under which the log has it."""
    text = Text("Your request is not the reason. Please report it if it happens again.")
    return Problem(kind, text, {} if incident is None else {"incident": incident})


_ENGINE_FAILED: Final = Text(
    "A fault of the engine ended the evaluation; your query is not to blame. Word it differently, "
    "for example without ORDER BY, and please report the fault."
)


def _place(error: QuerySyntaxError | UnknownFunction) -> dict[str, Any]:
    return {name: value for name, value in (("line", error.line), ("column", error.column)) if value is not None}
