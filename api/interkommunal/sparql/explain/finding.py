"""What an explanation consists of: findings, and how many rows are left after each pattern. Values, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

Language = str
# ``error``: the query does not run; ``warning``: it finds nothing or something else than meant; ``hint``: look again.
Severity = Literal["error", "warning", "hint"]


class Words(NamedTuple):
    """The same sentence in both languages."""

    de: str
    en: str

    def in_(self, language: Language) -> str:
        """The sentence in one language."""
        return self.de if language == "de" else self.en


class Place(NamedTuple):
    """Where something stands in a query: line and column, both from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a query that its author should know.

    Attributes:
        code: name of the rule. severity: how bad it is.
        message: what is so. mend: what to do about it.
        place: where it stands, if it stands anywhere.
    """

    code: str
    severity: Severity
    message: Words
    mend: Words | None = None
    place: Place | None = None

    def told(self, language: Language) -> dict[str, Any]:
        """For programs: code, severity, message, mend, line and column."""
        place = self.place
        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message.in_(language),
            "mend": None if self.mend is None else self.mend.in_(language),
            "line": None if place is None else place.line,
            "column": None if place is None else place.column,
        }


@dataclass(frozen=True, slots=True)
class Step:
    """A pattern of the query, and the rows that are left with it and all before it.

    Attributes:
        pattern: as it is written. place: where.
        rows: how many; counted up to a limit only. more: whether there are more than that.
    """

    pattern: str
    place: Place
    rows: int
    more: bool = False

    def told(self) -> dict[str, Any]:
        """For programs."""
        return {"pattern": self.pattern, "line": self.place.line, "rows": self.rows, "more": self.more}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that is to be said about a query.

    Attributes:
        findings: the worst first, then by place.
        steps: of the outermost WHERE, in the order in which they were counted; empty if nothing was counted.
    """

    findings: tuple[Finding, ...]
    steps: tuple[Step, ...] = ()

    def told(self, language: Language) -> dict[str, Any]:
        """For programs."""
        return {
            "findings": [finding.told(language) for finding in self.findings],
            "steps": [step.told() for step in self.steps],
        }


_RANK = {"error": 0, "warning": 1, "hint": 2}


def in_order(findings: list[Finding]) -> tuple[Finding, ...]:
    """``findings``, each once, the worst first, then by place."""
    return tuple(
        sorted(dict.fromkeys(findings), key=lambda item: (_RANK[item.severity], item.place or Place(1 << 30, 0)))
    )
