"""Prints a diagnosis for people: the portals, what was found with the way out, the points of data.europa.eu."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from rich.table import Table
from rich.text import Text as Line

from interkommunal.cli.terminal import out
from interkommunal.doctor.diagnosis import Diagnosis
from interkommunal.doctor.examinations.quality import DIMENSIONS, Points, rating
from interkommunal.doctor.finding import SEVERITIES, Finding, Severity
from interkommunal.doctor.portals import KINDS, Kind, Verdict
from interkommunal.texts import Language, Text

_SHOWN: Final = 3
_STYLES: Final[dict[Severity, str]] = {"error": "bold red", "warning": "yellow", "note": "cyan"}
_SEVERITIES: Final[dict[Severity, tuple[Text, Text]]] = {
    "error": (Text("error"), Text("errors")),
    "warning": (Text("warning"), Text("warnings")),
    "note": (Text("note"), Text("notes")),
}
_KINDS: Final[dict[Kind, Text]] = {
    "create": Text("{} created"),
    "update": Text("{} updated"),
    "keep": Text("{} kept"),
    "delete": Text("{} deleted"),
    "skip": Text("{} passed over"),
}
_WORDS: Final = {
    "seen": Text("pages: {pages}, datasets: {datasets}, requests: {requests}"),
    "portals": Text("What portals make of it"),
    "not": Text("harvests nothing"),
    "because": Text("because of"),
    "nothing": Text("nothing to do"),
    "found": Text("Findings"),
    "none": Text("nothing found"),
    "more": Text("… and {} more (all with -v)"),
    "mend": Text("To mend"),
    "concerns": Text("concerns"),
    "source": Text("by"),
    "points": Text("Points at data.europa.eu"),
    "indicator": Text("indicator"),
    "won": Text("won"),
    "of": Text("of"),
    "lost": Text("have it"),
    "unknown": Text("not asked"),
    "clean": Text("No error."),
}


def print_diagnosis(diagnosis: Diagnosis, language: Language, *, everything: bool) -> None:
    """Prints it in ``language``; ``everything``: each finding instead of the first of a rule."""
    words = {name: text.in_(language) for name, text in _WORDS.items()}
    out.print(Line(diagnosis.address, style="bold"))
    out.print(words["seen"].format(pages=diagnosis.pages, datasets=diagnosis.datasets, requests=diagnosis.requests))
    _heading(words["portals"])
    for verdict in diagnosis.verdicts:
        _verdict(verdict, language, words)
    _heading(words["found"])
    if not diagnosis.findings:
        out.print(words["none"])
    for _, group in groupby(
        sorted(diagnosis.findings, key=lambda item: (SEVERITIES.index(item.rule.severity), item.rule.code)),
        key=lambda item: item.rule.code,
    ):
        _rule(list(group), language, words, everything)
    if diagnosis.datasets:
        _points(diagnosis.points, language, words)
    out.print()
    counts = [
        f"{number} {_SEVERITIES[severity][number != 1].in_(language)}"
        for severity in SEVERITIES
        if (number := sum(1 for item in diagnosis.findings if item.rule.severity == severity))
    ]
    result = Line(", ".join(counts))
    if diagnosis.clean:
        result = Line(" ".join([words["clean"], *([", ".join(counts)] if counts else [])]), style="green")
    out.print(result)


def _heading(text: str) -> None:
    out.print()
    out.print(Line(text, style="bold underline"))


def _verdict(verdict: Verdict, language: Language, words: dict[str, str]) -> None:
    line = Line()
    line.append("✓ " if verdict.reads else "✗ ", style="green" if verdict.reads else "bold red")
    line.append(verdict.portal.name, style="bold")
    line.append(": ")
    if verdict.reads:
        counts = [_KINDS[kind].in_(language).format(verdict.count(kind)) for kind in KINDS if verdict.count(kind)]
        line.append(", ".join(counts) or words["nothing"])
    else:
        line.append(words["not"], style="bold red")
        if verdict.stops:
            line.append(f" ({words['because']} {', '.join(dict.fromkeys(item.rule.code for item in verdict.stops))})")
    out.print(line)
    out.print(Line(f"  {verdict.portal.how.in_(language)}", style="dim"))
    for action in verdict.actions:
        if action.kind in ("delete", "skip"):
            why = f" – {action.why.in_(language)}" if action.why else ""
            shown = _KINDS[action.kind].in_(language).format("").strip()
            out.print(Line(f"  {shown}: {action.title or action.guid}{why}"))


def _rule(found: Sequence[Finding], language: Language, words: dict[str, str], everything: bool) -> None:
    rule = found[0].rule
    head = Line()
    head.append(_SEVERITIES[rule.severity][0].in_(language), style=_STYLES[rule.severity])
    head.append(f" {rule.code}", style="bold")
    head.append(f" ({len(found)}×)" if len(found) > 1 else "")
    out.print(head)
    shown = found if everything else found[:_SHOWN]
    for item in shown:
        out.print(Line(f"  {item.says(language)}"))
        if item.subject:
            out.print(Line(f"    {item.subject}", style="dim"))
    if len(found) > len(shown):
        out.print(Line(f"  {words['more'].format(len(found) - len(shown))}", style="dim"))
    out.print(Line(f"  → {found[0].mend(language)}"))
    source = f"; {words['source']} {rule.source}" if rule.source else ""
    out.print(Line(f"    {words['concerns']}: {', '.join(rule.portals)}{source}", style="dim"))


def _points(points: Sequence[Points], language: Language, words: dict[str, str]) -> None:
    won, of = round(sum(item.won for item in points)), sum(item.most for item in points)
    _heading(f"{words['points']}: {won} / {of} ({rating(points).in_(language)})")
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("")
    table.add_column(words["indicator"])
    table.add_column(words["won"], justify="right")
    table.add_column(words["of"], justify="right")
    table.add_column(words["lost"], justify="right")
    last = ""
    for item in points:
        dimension = DIMENSIONS[item.dimension].in_(language)
        share = f"{item.have} / {item.of}" if item.of else words["unknown"]
        style = "" if round(item.won) == item.most else "yellow"
        table.add_row(
            "" if dimension == last else dimension,
            item.indicator.in_(language),
            f"{item.won:.0f}",
            str(item.most),
            share,
            style=style,
        )
        last = dimension
    out.print(table)
