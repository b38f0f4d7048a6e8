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
        de: what is needed instead, in German, as it stands after a colon.
        en: the same in English.
    """

    def __init__(self, name: str, de: str, en: str) -> None:
        self.name = name
        self.de = f"Der Parameter {name} braucht einen anderen Wert: {de}."
        self.en = f"The parameter {name} needs another value: {en}."
        super().__init__(self.en)


class QueryError(InterkommunalError):
    """A query is refused or fails."""


class QuerySyntaxError(QueryError):
    """The query is malformed; ``line`` and ``column`` are 1-based, or ``None`` where the parser did not tell."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        self.line = line
        self.column = column
        super().__init__(message)


class QueryRefused(QueryError):
    """The query uses a feature that a public query may not use; ``rule`` names the rule, for example ``service``."""

    def __init__(self, message: str, rule: str) -> None:
        self.rule = rule
        super().__init__(message)


class QueryTimeout(QueryError):
    """The query ran out of time; ``seconds`` is the deadline it had."""

    def __init__(self, message: str, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(message)


class QueryTooLarge(QueryError):
    """The query or its answer is larger than ``limit``: ``memory``, ``rows``, ``bytes`` or ``query``.

    ``query`` means that the query itself is too long or nested too deep.
    """

    def __init__(self, message: str, limit: str) -> None:
        self.limit = limit
        super().__init__(message)


class QueueFull(QueryError):
    """Too many queries wait; ``retry_after`` is in seconds."""

    def __init__(self, message: str, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class QueryKilled(QueryError):
    """An administrator ended the query."""


class AnswerUnfit(QueryError):
    """The answer holds something that the format asked for cannot hold, for example a control character in XML."""


class QueryFailed(QueryError):
    """Evaluation failed for a reason that is neither the query's syntax nor a limit."""


class EngineFailed(QueryError):
    """The process that evaluated the query ended by a fault of the engine, which the query is not to blame for."""


class EngineUnavailable(QueryError):
    """The engine cannot answer just now: it is closing, or what it asks is not there; ``retry_after`` is in seconds."""

    def __init__(self, message: str, retry_after: int = 5) -> None:
        self.retry_after = retry_after
        super().__init__(message)
