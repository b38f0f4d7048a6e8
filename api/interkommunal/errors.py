"""The exceptions of the project, in one tree. Each message is one sentence that says what is wrong and the way out.

InterkommunalError
├── SourceError            a file of the project that people write is wrong (has file and line)
│   ├── SyntaxProblem      Turtle, TriG, SPARQL or CSV that does not parse
│   ├── QuoteError         a quote that is not in the text, is ambiguous, or names other lines than it stands in
│   └── TermError          a term, prefix or graph that nobody declared
├── ValidationFailed       the graph has violations; carries the findings
├── ReleaseError           a release cannot be written, opened or trusted
├── SettingsError          a setting has a wrong value
├── ServerError            the server cannot start (port in use …)
├── UnreachableError       what is to be examined cannot be asked
├── ExportError            the site cannot be written as files
├── StateError             what a visit left behind cannot be read or written
├── ParameterError         a parameter of a library query has a value that is none of its type
└── QueryError             a query is refused or fails
    ├── QuerySyntaxError   malformed (has line and column)
    ├── UnknownFunction    well-formed, but it calls a function that nobody knows (has IRI, line, column, near ones)
    ├── QueryRefused       a forbidden feature (has the name of the rule)
    ├── QueryTimeout       out of time
    ├── QueryTooLarge      out of memory, rows or bytes
    ├── QueueFull          too many queries at once (has retry_after)
    ├── QueryKilled        an administrator ended it
    ├── AnswerUnfit        the format cannot hold the answer
    ├── EngineFailed       a fault of the engine ended the process that evaluated it
    ├── QueryFailed        evaluation failed for a reason of its own (a SERVICE that does not answer …)
    └── EngineUnavailable  nothing can answer just now (has retry_after)
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from interkommunal.texts import Text


class InterkommunalError(Exception):
    """Root of all errors that the project raises on purpose; ``str()`` of it is a message for people."""


class SourceError(InterkommunalError):
    """A file that people write is wrong.

    Args:
        message: what is wrong and how to mend it.
        file: the file, or ``None`` if there is none to name.
        line: 1-based line in that file, or ``None``.
    """

    def __init__(self, message: str, file: Path | str | None = None, line: int | None = None) -> None:
        self.message = message
        self.file = None if file is None else Path(file)
        self.line = line
        place = "" if file is None else f"{file}:{line}: " if line else f"{file}: "
        super().__init__(f"{place}{message}")


class SyntaxProblem(SourceError):
    """A file does not parse."""


class QuoteError(SourceError):
    """A quote does not stand in the text as the passage says."""


class TermError(SourceError):
    """A term, prefix or graph is used that nobody declared."""


class ValidationFailed(InterkommunalError):
    """The graph has violations. ``findings`` holds them (see ``validation.findings.Finding``)."""

    def __init__(self, message: str, findings: tuple[object, ...] = ()) -> None:
        self.findings = findings
        super().__init__(message)


class ReleaseError(InterkommunalError):
    """A release cannot be written, opened or trusted."""


class SettingsError(InterkommunalError):
    """A setting has a value that cannot be used."""


class ServerError(InterkommunalError):
    """The server cannot start or lost a part it cannot do without."""


class UnreachableError(InterkommunalError):
    """A catalogue that is to be examined is no address of the web, or nobody answers there."""


class ExportError(InterkommunalError):
    """The site cannot be written as files: the folder holds other things or cannot be written, or a page fails."""


class StateError(InterkommunalError):
    """The state that a visit to a catalogue left behind cannot be read or written."""


class ParameterError(InterkommunalError):
    """A parameter of a library query has a wrong value, or there is no such parameter.

    Args:
        name: of the parameter.
        needed: what is needed instead, to be read after a colon.
        known: the parameters that there are, where there is none of this name.
    """

    def __init__(self, name: str, needed: Text | None = None, *, known: str = "") -> None:
        self.name = name
        self.text = (
            Text("There is no parameter “{name}” here; there are {known}.", name=name, known=known)
            if known
            else Text("The parameter {name} needs another value: {needed}.", name=name, needed=needed)
        )
        super().__init__(str(self.text))


class QueryError(InterkommunalError):
    """A query is refused or fails.

    Each kind has one or more values beside its text, under the names of its arguments; :meth:`packed` and
    :meth:`unpacked` bring them from process to process.

    Args:
        message: what is wrong, without a full stop; in English alone where those who tell it word it by the values.
    """

    def __init__(self, message: Text | str = "") -> None:
        self.text = message if isinstance(message, Text) else Text("{words}", words=message)
        super().__init__(self.text.in_("en"))

    def packed(self) -> dict[str, Any]:
        """Kind, text and values, as JSON can hold them."""
        return {"kind": type(self).__name__, **vars(self), "text": self.text.packed()}

    @staticmethod
    def unpacked(fields: dict[str, Any]) -> QueryError:
        """The error that was packed into ``fields``."""
        kinds = {kind.__name__: kind for kind in QueryError.__subclasses__()}
        values = {name: value for name, value in fields.items() if name not in ("kind", "text")}
        return kinds[fields["kind"]](Text.unpacked(fields["text"]), **values)


class QuerySyntaxError(QueryError):
    """The query is malformed; ``line`` and ``column`` are 1-based, or ``None`` where the parser did not tell.

    ``text`` has no place in it, ``str()`` has.
    """

    def __init__(self, message: Text, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.line = line
        self.column = column

    def __str__(self) -> str:
        place = f" at line {self.line}, column {self.column}" if self.line else ""
        return f"the query is malformed{place}: {self.text.in_('en')}"


class UnknownFunction(QueryError):
    """The query calls a function that the engine does not know.

    Args:
        message: says so.
        iri: of the function.
        line, column: where it is called, 1-based; ``None`` where that cannot be told.
        near: functions that may be meant, as they are written.
    """

    def __init__(
        self, message: Text, iri: str, line: int | None = None, column: int | None = None, near: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message)
        self.iri = iri
        self.line = line
        self.column = column
        self.near = tuple(near)

    def __str__(self) -> str:
        place = f"line {self.line}, column {self.column}: " if self.line else ""
        return f"{place}{self.text.in_('en')}"


class QueryRefused(QueryError):
    """The query uses a feature that a public query may not use; ``rule`` names the rule, for example ``service``."""

    def __init__(self, message: Text, rule: str) -> None:
        super().__init__(message)
        self.rule = rule


class QueryTimeout(QueryError):
    """The query ran out of time; ``seconds`` is the deadline it had."""

    def __init__(self, message: Text | str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class QueryTooLarge(QueryError):
    """The query or its answer is larger than ``limit``: ``memory``, ``rows``, ``bytes`` or ``query``.

    ``query`` means that the query itself is too long or nested too deep.
    """

    def __init__(self, message: Text | str, limit: str) -> None:
        super().__init__(message)
        self.limit = limit


class QueueFull(QueryError):
    """Too many queries wait; ``retry_after`` is in seconds."""

    def __init__(self, message: Text | str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class QueryKilled(QueryError):
    """An administrator ended the query."""


class AnswerUnfit(QueryError):
    """The answer holds something that the format asked for cannot hold, for example a control character in XML."""

    def __init__(self, message: Text) -> None:
        super().__init__(message)


class QueryFailed(QueryError):
    """Evaluation failed for a reason that is neither the query's syntax nor a limit."""

    def __init__(self, message: Text) -> None:
        super().__init__(message)


class EngineFailed(QueryError):
    """The process that evaluated the query ended by a fault of the engine, which the query is not to blame for."""


class EngineUnavailable(QueryError):
    """The engine cannot answer just now: it is closing, or what it asks is not there; ``retry_after`` is in seconds."""

    def __init__(self, message: Text | str, retry_after: int = 5) -> None:
        super().__init__(message)
        self.retry_after = retry_after
