"""What an explanation consists of: findings, and how many rows are left after each pattern; and its text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from interkommunal.sparql.model import Place
from interkommunal.texts import Language, Text

# ``error``: the query does not run; ``warning``: it finds nothing or something else than meant; ``hint``: look again.
Severity = Literal["error", "warning", "hint"]
SEVERITIES: Final[dict[Severity, Text]] = {
    "error": Text("error"),
    "warning": Text("warning"),
    "hint": Text("hint"),
}
_RANK: Final = {severity: rank for rank, severity in enumerate(SEVERITIES)}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a query that its author should know.

    Attributes:
        code: name of the rule. severity: how bad it is.
        message: what is so. mend: what to do about it.
        place: where it stands, if it stands anywhere.
    """

    code: str
    message: Text
    place: Place | None = None
    mend: Text | None = None
    severity: Severity = "warning"

    def told(self, language: Language) -> dict[str, Any]:
        """For programs: code, severity, message, mend, line and column."""
        line, column = self.place or (None, None)
        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message.in_(language),
            "mend": None if self.mend is None else self.mend.in_(language),
            "line": line,
            "column": column,
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


def in_order(findings: list[Finding]) -> tuple[Finding, ...]:
    """``findings``, each once, the worst first, then by place."""
    return tuple(
        sorted(dict.fromkeys(findings), key=lambda item: (_RANK[item.severity], item.place or Place(1 << 30, 0)))
    )


def as_text(explanation: Explanation, language: Language) -> str:
    """An explanation as compilers write: severity, line, column and rule, then the words; ends with a line feed."""
    lines: list[str] = []
    for finding in explanation.findings:
        place = f" {finding.place.line}:{finding.place.column}" if finding.place else ""
        lines.append(f"{SEVERITIES[finding.severity].in_(language)}{place} {finding.code}")
        lines += [f"    {text.in_(language)}" for text in (finding.message, finding.mend) if text is not None]
    lines = lines or [Text("Nothing to complain about.").in_(language)]
    if explanation.steps:
        lines += ["", Text("Rows after each pattern:").in_(language)]
        lines += [f"{f'>{step.rows}' if step.more else step.rows:>6}  {step.pattern}" for step in explanation.steps]
    return "\n".join(lines) + "\n"
