"""``python -m bench [scenario …]``: run scenarios, show what came out, and keep it."""

from __future__ import annotations

import argparse
import dataclasses
import signal
import sys
from typing import Final

from rich.console import Console

from bench import report
from bench.clock import Clock
from bench.places import RESULTS, shown
from bench.plan import FULL, QUICK, Plan
from bench.results import keep, show
from bench.scenarios import LONG, SCENARIOS

# Columns of the tables where there is no terminal.
_WIDTH: Final = 132

_DESCRIPTION = (
    "Measure the server beside its peers. Without names all scenarios run except the long ones "
    f"({', '.join(sorted(LONG))})."
)


def main() -> int:
    """Run what the arguments ask for; returns the exit status: 1 if an aim is missed and ``--strict`` is given."""
    # What ends the run must not leave a server behind.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    arguments = _arguments()
    plan = _plan(arguments)
    names = arguments.scenario or [name for name in SCENARIOS if name not in LONG or arguments.quick]
    out = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDTH)
    missed = 0
    for name in names:
        clock = Clock()
        results = SCENARIOS[name](plan)
        results.conditions.update(seconds=clock.seconds, processors_taken_by_others=clock.elsewhere)
        show(results, out)
        keep(results)
        missed += len(results.missed)
    out.print(f"Figures are in {shown(RESULTS)}, aims missed: {missed}.")
    if arguments.document:
        report.write()
        out.print(f"Written: {', '.join(map(shown, report.WRITTEN))}.")
    return 1 if missed and arguments.strict else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m bench", description=_DESCRIPTION)
    parser.add_argument("scenario", nargs="*", choices=[*SCENARIOS, []], help=", ".join(SCENARIOS))
    parser.add_argument("--quick", action="store_true", help="everything in about two minutes, on small graphs")
    parser.add_argument("--triples", type=int, help="size of the large graph")
    parser.add_argument("--seconds", type=float, help="length of one measurement")
    parser.add_argument("--rounds", type=int, help="how often each is repeated")
    parser.add_argument("--connections", type=int, help="of the load generator")
    parser.add_argument("--minutes", type=float, dest="soak_minutes", help="length of the soak")
    parser.add_argument("--things", type=int, help="things with names, for reconcile")
    parser.add_argument("--strict", action="store_true", help="exit with 1 if an aim is missed")
    parser.add_argument("--document", action="store_true", help="write the figures to docs/benchmarks.md afterwards")
    return parser.parse_args()


def _plan(arguments: argparse.Namespace) -> Plan:
    given = {
        field.name: value
        for field in dataclasses.fields(Plan)
        if (value := getattr(arguments, field.name, None)) is not None
    }
    return dataclasses.replace(QUICK if arguments.quick else FULL, **given)


if __name__ == "__main__":
    sys.exit(main())
