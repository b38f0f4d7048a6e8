"""An explanation as plain text, as compilers write: severity, line, column and rule, then the words."""

from __future__ import annotations

from collections.abc import Iterator

from interkommunal.sparql.explain.finding import Explanation, Finding, Language, Words

_NOTHING = Words("Nichts zu beanstanden.", "Nothing to complain about.")
_STEPS = Words("Zeilen nach jedem Muster:", "Rows after each pattern:")
SEVERITIES = {
    "error": Words("Fehler", "error"),
    "warning": Words("Warnung", "warning"),
    "hint": Words("Hinweis", "hint"),
}


def as_text(explanation: Explanation, language: Language) -> str:
    """The text; ends with a line feed."""
    lines = [line for finding in explanation.findings for line in _lines(finding, language)]
    if not lines:
        lines.append(_NOTHING.in_(language))
    if explanation.steps:
        lines += ["", _STEPS.in_(language)]
        lines += [f"{f'>{step.rows}' if step.more else step.rows:>6}  {step.pattern}" for step in explanation.steps]
    return "\n".join(lines) + "\n"


def _lines(finding: Finding, language: Language) -> Iterator[str]:
    place = f" {finding.place.line}:{finding.place.column}" if finding.place else ""
    yield f"{SEVERITIES[finding.severity].in_(language)}{place} {finding.code}"
    yield f"    {finding.message.in_(language)}"
    if finding.mend is not None:
        yield f"    {finding.mend.in_(language)}"
