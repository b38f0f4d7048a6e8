"""What was found, and the rules that say what it means: severity, words for people, the way out, the source.

Rules are data: the files in ``doctor/rules``, one table a rule. A finding is a rule and what it was about.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from interkommunal.texts import Language, Text

Severity = Literal["error", "warning", "note"]
SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "note")
# Whom a rule for ``all`` concerns.
_ALL: Final = ("ckan", "govdata", "piveau", "udata", "google")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule.

    Attributes:
        code: its name, for programs.
        severity: ``error``: a portal cannot harvest, loses or confuses datasets, or a mandatory rule is broken;
            ``warning``: it will be worse than it could be; ``note``: good to know.
        portals: who stumbles over it. stops: whose whole harvest ends there.
        says: what is wrong; names in braces are filled in by the finding. mend: the way out.
        source: where that is written.
    """

    code: str
    severity: Severity
    portals: tuple[str, ...]
    stops: tuple[str, ...]
    says: Text
    mend: Text
    source: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that something breaks.

    Attributes:
        rule: which. subject: the IRI or address that it is about, or empty for the whole.
        details: what fills the sentence of the rule, by name.
    """

    rule: Rule
    subject: str = ""
    details: Mapping[str, object] = field(default_factory=dict)

    def says(self, language: Language) -> str:
        """What is wrong, for people."""
        return Text(self.rule.says.message, **self.details).in_(language)

    def mend(self, language: Language) -> str:
        """The way out, for people."""
        return Text(self.rule.mend.message, **self.details).in_(language)


def finding(code: str, subject: str = "", **details: object) -> Finding:
    """A finding by the code of its rule."""
    return Finding(rules()[code], subject, details)


@cache
def rules() -> dict[str, Rule]:
    """All rules, by code."""
    found: dict[str, Rule] = {}
    for file in (files("interkommunal.doctor") / "rules").iterdir():
        for code, table in tomllib.loads(file.read_text(encoding="utf-8")).items():
            portals = _ALL if table["portals"] == "all" else tuple(table["portals"])
            stops = portals if table.get("stops") == "all" else tuple(table.get("stops", ()))
            says, mend = Text(table["says"]), Text(table["mend"])
            found[code] = Rule(code, table["severity"], portals, stops, says, mend, table["source"])
    return found
