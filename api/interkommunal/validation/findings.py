"""What validation found: values that a person can act on.

In go results of shapes and checks, out come :class:`Finding` values in the order in which a person mends them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from interkommunal.namespaces import in_turtle
from interkommunal.texts import LANGUAGES, Text

Severity = Literal["violation", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("violation", "warning", "info")


@dataclass(frozen=True)
class Finding:
    """Something in the graph that is wrong, or worth a look.

    Attributes:
        severity: ``violation`` stops a build; ``warning`` and ``info`` do not.
        message: what is wrong and how to mend it, by language (``de``, ``en``).
        focus: IRI (or blank node label, or literal) of what it is about.
        path: IRI of the property it is about, if there is one.
        rule: IRI of the shape, or name of the check query.
        file: where to mend it, relative to the content root, if any file says something of the focus.
        line: 1-based line in that file.
    """

    severity: Severity
    message: Mapping[str, str]
    focus: str
    path: str | None
    rule: str
    file: Path | None = None
    line: int | None = None


def in_languages(message: Text) -> dict[str, str]:
    """A message of ours in every language."""
    return {language: message.in_(language) for language in LANGUAGES}


def violations(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that stop a build."""
    return tuple(finding for finding in findings if finding.severity == "violation")


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Worst first, then by file, line and rule; each once."""
    return tuple({_key(finding): finding for finding in sorted(findings, key=_key)}.values())


def short(iri: str) -> str:
    """``iri`` with the prefix of its namespace, as people write it; in angle brackets where no prefix fits."""
    return in_turtle(iri) if ":" in iri else iri


def _key(finding: Finding) -> tuple[int, str, int, str, str, str, tuple[tuple[str, str], ...]]:
    return (
        SEVERITIES.index(finding.severity),
        "\uffff" if finding.file is None else finding.file.as_posix(),
        finding.line or 0,
        finding.rule,
        finding.focus,
        finding.path or "",
        tuple(sorted(finding.message.items())),
    )
