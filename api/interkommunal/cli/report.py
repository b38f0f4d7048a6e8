"""Prints findings: one line each for people, JSON for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.text import Text as Line

from interkommunal.cli.terminal import from_here, out
from interkommunal.texts import Language, Text
from interkommunal.validation.findings import SEVERITIES, Finding, short

_STYLES = {"violation": "bold red", "warning": "yellow", "info": "cyan"}
_NAMES = {"violation": Text("violation"), "warning": Text("warning"), "info": Text("note")}


def print_findings(findings: Iterable[Finding], root: Path, language: Language) -> None:
    """A line for each: file, line, severity, message, and what it is about. Files are named from the working folder."""
    for finding in findings:
        line = Line()
        if finding.file is not None:
            line.append(f"{from_here(root / finding.file)}:{finding.line}: ", style="bold")
        line.append(_NAMES[finding.severity].in_(language), style=_STYLES[finding.severity])
        line.append(f": {_one_line(finding.message[language])} ")
        about = [finding.focus, *([finding.path] if finding.path else [])]
        line.append(f"[{' '.join(short(node) for node in about)}; {short(finding.rule)}]", style="dim")
        out.print(line)


def print_json(findings: Iterable[Finding]) -> None:
    """One JSON array. ``file`` is relative to the root of the content."""
    fields = [
        {
            "severity": finding.severity,
            "message": dict(finding.message),
            "focus": finding.focus,
            "path": finding.path,
            "rule": finding.rule,
            "file": None if finding.file is None else finding.file.as_posix(),
            "line": finding.line,
        }
        for finding in findings
    ]
    print(json.dumps(fields, ensure_ascii=False, indent=2))


def counted(findings: Sequence[Finding], language: Language) -> str:
    """How many there are of each severity: ``no violations, 2 warnings, 1 note``."""
    found = Counter(finding.severity for finding in findings)
    violations, warnings, notes = (found[severity] for severity in SEVERITIES)
    parts = [
        Text.counted("{n} violation", "{n} violations", violations) if violations else Text("no violations"),
        *([Text.counted("{n} warning", "{n} warnings", warnings)] if warnings else []),
        *([Text.counted("{n} note", "{n} notes", notes)] if notes else []),
    ]
    return ", ".join(part.in_(language) for part in parts)


def _one_line(text: str) -> str:
    return " ".join(text.split())
