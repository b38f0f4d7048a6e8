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
    "bad-request": (400, Text("Die Anfrage ist unvollständig oder falsch", "The request is incomplete or wrong")),
    "unknown-function": (400, Text("Diese Funktion ist hier nicht bekannt", "This function is not known here")),
    "query-syntax": (400, Text("Die SPARQL-Anfrage ist fehlerhaft", "The SPARQL query is malformed")),
    "unauthorized": (401, Text("Hier braucht es ein Kennwort", "This needs a token")),
    "query-refused": (403, Text("Das ist hier nicht erlaubt", "This is not allowed here")),
    "not-found": (404, Text("Hier ist nichts", "There is nothing here")),
    "method-not-allowed": (405, Text("Diese Methode gibt es hier nicht", "This method does not exist here")),
    "not-acceptable": (406, Text("In diesem Format gibt es das nicht", "There is no such format of this")),
    "request-timeout": (408, Text("Die Anfrage kam nicht rechtzeitig an", "The request did not arrive in time")),
    "gone": (410, Text("Das gibt es nicht mehr", "This is no longer there")),
    "precondition-failed": (412, Text("Die Bedingung trifft nicht zu", "The condition does not hold")),
    "too-large": (413, Text("Das ist zu groß", "This is too large")),
    "unsupported-media-type": (415, Text("Das kann der Server nicht lesen", "The server cannot read this")),
    "invalid-parameter": (422, Text("Ein Parameter ist ungültig", "A parameter is invalid")),
    "internal": (500, Text("Im Server ist ein Fehler", "The server has a fault")),
    "query-failed": (500, Text("Die Auswertung ist gescheitert", "The evaluation failed")),
    "engine-failed": (500, Text("Die Engine hat versagt", "The engine failed")),
    "service-failed": (502, Text("Ein anderer Endpunkt hat nicht geantwortet", "Another endpoint did not answer")),
    "query-killed": (503, Text("Die Anfrage wurde beendet", "The query was ended")),
    "busy": (503, Text("Der Server ist gerade ausgelastet", "The server is busy")),
    "unavailable": (503, Text("Gerade kann nichts antworten", "Nothing can answer just now")),
    "query-timeout": (504, Text("Die Zeit ist abgelaufen", "Out of time")),
    "http-version": (505, Text("Das braucht eine neuere Version von HTTP", "This needs a newer version of HTTP")),
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

    def header_fields(self, language: Language) -> list[Header]:
        """The header fields of the answer, except its length."""
        return [
            (b"content-type", MEDIA_TYPE.encode()),
            (b"content-language", language.encode()),
            (b"cache-control", b"no-store"),
            *self.headers,
        ]


class RequestProblem(InterkommunalError):
    """A request cannot be answered as it is; ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.detail.en)


def bad_request(de: str, en: str, **extras: Any) -> RequestProblem:
    """400: a parameter is missing, given twice or wrong."""
    return RequestProblem(Problem("bad-request", Text(de, en), extras))


def not_acceptable(available: Sequence[str], names: Sequence[str]) -> RequestProblem:
    """406, with the media types that there are (RFC 9110 §15.5.7)."""
    return RequestProblem(
        Problem(
            "not-acceptable",
            Text(
                f"Diese Anfrage wird in einem dieser Formate beantwortet: {', '.join(available)}. "
                f"Sie wählen im Feld Accept oder mit format={'|'.join(names)}.",
                f"This query is answered in one of these formats: {', '.join(available)}. "
                f"Choose by the field Accept or by format={'|'.join(names)}.",
            ),
            {"available": list(available)},
        )
    )


def method_not_allowed(method: str, allow: str) -> RequestProblem:
    """405 with ``Allow`` (RFC 9110 §15.5.6)."""
    return RequestProblem(
        Problem(
            "method-not-allowed",
            Text(
                f"Die Methode {method} gibt es hier nicht; es gibt {allow}.",
                f"There is no method {method} here; there are {allow}.",
            ),
            {"allow": allow.split(", ")},
            ((b"allow", allow.encode()),),
        )
    )


def body_too_large(limit: int) -> RequestProblem:
    """413: the body of a request is longer than the server reads."""
    return RequestProblem(
        Problem(
            "too-large",
            Text(
                f"Der Inhalt der Anfrage darf höchstens {limit} Byte lang sein.",
                f"The body of a request may have at most {limit} bytes.",
            ),
            {"limit": "body", "max_bytes": limit},
        )
    )


def problem_of(error: InterkommunalError) -> Problem:
    """The problem that tells a client about an error of the project."""
    if isinstance(error, RequestProblem):
        return error.problem
    if isinstance(error, QuerySyntaxError):
        return _syntax(error)
    if isinstance(error, UnknownFunction):
        return Problem(
            "unknown-function",
            Text(error.text.de, _sentence(error)),
            {"function": error.iri, **_place(error), "near": list(error.near)},
        )
    if isinstance(error, QueryRefused):
        return Problem(
            "query-refused",
            Text(f"Die Regel „{error.rule}“ verbietet das. {error.text.de}", _sentence(error)),
            {"rule": error.rule},
        )
    if isinstance(error, QueryTimeout):
        return Problem(
            "query-timeout",
            Text(
                f"Die Anfrage wurde nach {error.seconds:g} Sekunden beendet. Schränken Sie sie ein, zum Beispiel mit "
                "LIMIT oder genaueren Mustern.",
                f"The query was ended after {error.seconds:g} seconds. Narrow it down, for example with LIMIT or more "
                "exact patterns.",
            ),
            {"seconds": error.seconds},
        )
    if isinstance(error, QueryTooLarge):
        return Problem(
            "too-large", Text(_TOO_LARGE.get(error.limit, str(error)), _sentence(error)), {"limit": error.limit}
        )
    if isinstance(error, QueueFull | EngineUnavailable):
        return _retry(error)
    if isinstance(error, QueryKilled):
        return Problem(
            "query-killed", Text("Eine Verwalterin oder ein Verwalter hat die Anfrage beendet.", _sentence(error))
        )
    if isinstance(error, AnswerUnfit):
        return Problem("not-acceptable", Text(error.text.de, _sentence(error)))
    if isinstance(error, EngineFailed):
        return Problem("engine-failed", _ENGINE_FAILED)
    if isinstance(error, QueryFailed):
        return Problem("query-failed", Text(f"Die Auswertung brach ab. {error.text.de}", _sentence(error)))
    return internal("query-failed" if isinstance(error, QueryError) else "internal")


def internal(kind: str = "internal", incident: str | None = None) -> Problem:
    """500 without any detail of the inside; ``incident`` is the name under which the log has it."""
    return Problem(
        kind,
        Text(
            "Das liegt nicht an Ihrer Anfrage. Bitte melden Sie es, wenn es wieder vorkommt.",
            "Your request is not the reason. Please report it if it happens again.",
        ),
        {} if incident is None else {"incident": incident},
    )


_ENGINE_FAILED: Final = Text(
    "Ein Fehler der Engine hat die Auswertung abgebrochen; Ihre Anfrage ist nicht daran schuld. Formulieren Sie sie "
    "anders, zum Beispiel ohne ORDER BY, und melden Sie uns bitte den Fehler.",
    "A fault of the engine ended the evaluation; your query is not to blame. Word it differently, for example without "
    "ORDER BY, and please report the fault.",
)
_TOO_LARGE: Final = {
    "memory": "Die Anfrage braucht mehr Arbeitsspeicher, als eine Anfrage haben darf. Schränken Sie sie ein.",
    "rows": "Die Antwort hat mehr Zeilen, als erlaubt sind. Mit LIMIT wird sie kürzer; mit partial=true bekommen Sie "
    "die ersten Zeilen.",
    "bytes": "Die Antwort ist größer als erlaubt. Mit LIMIT wird sie kürzer.",
    "query": "Die Anfrage ist länger oder tiefer verschachtelt als erlaubt.",
}


def _syntax(error: QuerySyntaxError) -> Problem:
    extras = _place(error)
    de, en = "Die Anfrage ist kein SPARQL", "The query is not SPARQL"
    if len(extras) == 2:
        de += f": Zeile {error.line}, Spalte {error.column}"
        en += f": line {error.line}, column {error.column}"
    return Problem("query-syntax", Text(f"{de}. {error.text.de}", f"{en}: {error.text.en}"), extras)


def _place(error: QuerySyntaxError | UnknownFunction) -> dict[str, int]:
    return {name: value for name, value in (("line", error.line), ("column", error.column)) if value is not None}


def _retry(error: QueueFull | EngineUnavailable) -> Problem:
    seconds = error.retry_after
    return Problem(
        "busy" if isinstance(error, QueueFull) else "unavailable",
        Text(
            f"Bitte fragen Sie in {seconds} Sekunden noch einmal.",
            f"{_sentence(error)} Please ask again in {seconds} seconds.",
        ),
        {"retry_after": seconds},
        ((b"retry-after", str(seconds).encode()),),
    )


def _sentence(error: Exception) -> str:
    """The message of an error, as it stands between other sentences."""
    text = str(error).strip()
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}"
