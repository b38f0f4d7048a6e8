"""Writes the kept figures into ``docs/benchmarks.md``, between its two marks, and the picture beside it.

The text around the marks is written by people and stays.
"""

from __future__ import annotations

import json
from typing import Any, Final

from bench.picture import draw
from bench.places import DOCUMENT, PLOT, RESULTS
from bench.results import number

_BEGIN: Final = "<!-- figures: python -m bench --document -->"
_END: Final = "<!-- end of figures -->"
_ORDER: Final = ("lookups", "cached", "runaways", "dump", "reconcile", "soak", "startup", "freezing")
WRITTEN: Final = (DOCUMENT, PLOT)


def write() -> None:
    """Put the figures of the last runs into the document and draw the picture. Scenarios that did not run stay."""
    records = [
        json.loads(path.read_text(encoding="utf-8")) for name in _ORDER if (path := RESULTS / f"{name}.json").exists()
    ]
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(_BEGIN)
    kept, _, after = rest.partition(_END)
    tables = _tables(kept) | {record["scenario"]: _table(record) for record in records}
    block = "\n\n".join([_machine(records), *(tables[name] for name in _ORDER if name in tables)])
    DOCUMENT.write_text(f"{before}{_BEGIN}\n\n{block}\n\n{_END}{after}", encoding="utf-8")
    PLOT.write_text(draw(records), encoding="utf-8")


def _tables(block: str) -> dict[str, str]:
    """The tables that the document holds, by scenario."""
    found = ("### " + part.strip() for part in f"\n{block}".split("\n### ")[1:])
    return {table[4:].partition(":")[0]: table for table in found}


def _machine(records: list[dict[str, Any]]) -> str:
    machine = records[0]["machine"]
    versions = ", ".join(f"{name} {machine[name]}" for name in ("pyoxigraph", "oxigraph", "uvicorn", "rdflib"))
    return (
        f"Measured on {machine['processors']} processors with {machine['memory']} of memory, {machine['system']}, "
        f"Python {machine['python']}, {versions}. All clients and servers share the machine."
    )


def _table(record: dict[str, Any]) -> str:
    rows = [f"### {record['scenario']}: {record['title']}", "", _conditions(record["conditions"]), ""]
    rows += ["| what | server | median | from – to | aim | |", "|---|---|---:|---|---|---|"]
    for figure in record["figures"]:
        low, high = min(figure["values"]), max(figure["values"])
        spread = "" if low == high else f"{number(low)} – {number(high)}"
        aim = "" if figure["aim"] is None else f"{figure['aim']} {figure['unit']}".strip()
        verdict = {None: "", True: "met", False: "**missed**"}[figure["met"]]
        what = f"{figure['what']} ({figure['note']})" if figure["note"] else figure["what"]
        value = f"{number(figure['median'])} {figure['unit']}".strip()
        rows.append(f"| {what} | {figure['server']} | {value} | {spread} | {aim} | {verdict} |")
    return "\n".join(rows)


def _conditions(conditions: dict[str, Any]) -> str:
    told = (
        f"{name.replace('_', ' ')}: {value:,}" if isinstance(value, int) else f"{name.replace('_', ' ')}: {value}"
        for name, value in conditions.items()
        if isinstance(value, int | float)
    )
    return f"{'; '.join(told)}."
