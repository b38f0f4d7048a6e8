"""What was measured: figures with their aims, as a table for people, JSON and CSV for programs.

A figure is a median over rounds, with the least and the greatest beside it. A ratio has no unit. Nothing here tells
when it was measured: files carry the name of their scenario and are replaced by the next run.
"""

from __future__ import annotations

import csv
import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

from bench.numbers import middle
from bench.places import RESULTS


@dataclass(frozen=True)
class Aim:
    """What a figure should be: at least or at most ``bound``."""

    bound: float
    at_least: bool = True

    def met(self, value: float) -> bool:
        """Whether a value is as it should be."""
        return value >= self.bound if self.at_least else value <= self.bound

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {number(self.bound)}"


def at_least(bound: float) -> Aim:
    """The aim of a figure that should be large."""
    return Aim(bound)


def at_most(bound: float) -> Aim:
    """The aim of a figure that should be small."""
    return Aim(bound, at_least=False)


@dataclass(frozen=True)
class Figure:
    """One thing measured.

    Attributes:
        what: what it is, in words, without the scenario.
        server: whose; empty for a comparison.
        values: one a round, in order.
        unit: ``/s``, ``ms``, ``MB`` …; ``×`` for a ratio.
        aim: what it should be, if anybody said so.
        note: what a reader must know.
    """

    what: str
    server: str
    values: Sequence[float]
    unit: str
    aim: Aim | None = None
    note: str = ""

    @property
    def value(self) -> float:
        """The median."""
        return middle(self.values)

    @property
    def met(self) -> bool | None:
        """Whether the aim is met; ``None`` without one."""
        return None if self.aim is None else self.aim.met(self.value)


@dataclass(frozen=True)
class Results:
    """All figures of one scenario.

    Attributes:
        scenario: its name. title: what it is about, in a line.
        figures: in the order in which they are shown.
        conditions: what else decided the outcome: sizes, connections, rounds.
    """

    scenario: str
    title: str
    figures: list[Figure] = field(default_factory=list)
    conditions: dict[str, Any] = field(default_factory=dict)

    def add(
        self, what: str, server: str, values: Sequence[float], unit: str, aim: Aim | None = None, note: str = ""
    ) -> None:
        """Note a figure."""
        self.figures.append(Figure(what, server, list(values), unit, aim, note))

    @property
    def missed(self) -> list[Figure]:
        """Figures that are not as they should be."""
        return [figure for figure in self.figures if figure.met is False]


def number(value: float) -> str:
    """A number with as many digits as it deserves."""
    if value == int(value) and abs(value) < 1000:
        return str(int(value))
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


def show(results: Results, console: Console) -> None:
    """Print the figures of a scenario."""
    table = Table(title=f"{results.scenario}: {results.title}", title_justify="left", title_style="bold")
    table.add_column("what")
    table.add_column("server")
    table.add_column("median", justify="right")
    table.add_column("from – to", justify="right")
    table.add_column("aim")
    table.add_column("")
    for figure in results.figures:
        low, high = min(figure.values), max(figure.values)
        spread = "" if low == high else f"{number(low)} – {number(high)}"
        verdict = {None: "", True: "[green]met[/]", False: "[red]missed[/]"}[figure.met]
        aim = "" if figure.aim is None else f"{figure.aim} {figure.unit}"
        what = f"{figure.what} ({figure.note})" if figure.note else figure.what
        table.add_row(what, figure.server, f"{number(figure.value)} {figure.unit}", spread, aim, verdict)
    console.print(table)


def keep(results: Results) -> None:
    """Write a scenario's figures as JSON and CSV, in the place of those of the run before."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    record = {
        "scenario": results.scenario,
        "title": results.title,
        "conditions": results.conditions,
        "machine": machine(),
        "figures": [
            {
                **asdict(figure),
                "median": figure.value,
                "met": figure.met,
                "aim": None if figure.aim is None else str(figure.aim),
            }
            for figure in results.figures
        ],
    }
    path = RESULTS / f"{results.scenario}.json"
    path.write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    with path.with_suffix(".csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(("scenario", "what", "server", "unit", "median", "least", "greatest", "aim", "met"))
        for figure in results.figures:
            least, greatest = min(figure.values), max(figure.values)
            met = "" if figure.met is None else str(figure.met).lower()
            aim = "" if figure.aim is None else str(figure.aim)
            rows.writerow(
                (results.scenario, figure.what, figure.server, figure.unit, figure.value, least, greatest, aim, met)
            )


def machine() -> dict[str, str]:
    """What the figures were measured on, as far as it matters to a reader elsewhere."""
    return {
        "processors": str(os.cpu_count()),
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        **{name: version(name) for name in ("pyoxigraph", "oxigraph", "uvicorn", "rdflib")},
    }
