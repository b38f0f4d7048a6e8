"""Draws how ours compares with its peers: one bar a ratio, on a scale of powers of ten, with the aim as a tick.

In go the records of the scenarios, out comes an SVG without scripts or fonts of others, readable in light and dark.
"""

from __future__ import annotations

import math
from html import escape
from typing import Any, Final

from bench.results import number

_WIDTH: Final = 820
_LABELS: Final = 400
_ROW: Final = 34
_TOP: Final = 46
_LEAST: Final = 0.1


def draw(records: list[dict[str, Any]]) -> str:
    """The picture of all ratios."""
    rows = [(record["scenario"], figure) for record in records for figure in record["figures"] if figure["unit"] == "×"]
    most = max([10.0, *(figure["median"] for _, figure in rows)])
    decades = math.ceil(math.log10(most)) + 1
    height = _TOP + _ROW * len(rows) + 16

    def at(value: float) -> float:
        share = (math.log10(max(value, _LEAST)) - math.log10(_LEAST)) / decades
        return _LABELS + share * (_WIDTH - _LABELS - 70)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="13">',
        "<title>Ours beside its peers: ratios, with the aim as a tick</title>",
        "<style>text{fill:#222}.line{stroke:#999}.bar{fill:#2a6f97}.aim{stroke:#c1121f;stroke-width:3}"
        "@media(prefers-color-scheme:dark){text{fill:#ddd}.bar{fill:#61a5c2}}</style>",
    ]
    for decade in range(decades + 1):
        value = _LEAST * 10**decade
        x = at(value)
        parts.append(f'<line class="line" x1="{x:.1f}" y1="{_TOP - 8}" x2="{x:.1f}" y2="{height - 12}"/>')
        parts.append(f'<text x="{x:.1f}" y="{_TOP - 16}" text-anchor="middle">{number(value)} ×</text>')
    for index, (scenario, figure) in enumerate(rows):
        y = _TOP + index * _ROW
        label = escape(f"{scenario}: {figure['what'].removeprefix('small graph: ')}")
        end = at(figure["median"])
        parts.append(f'<text x="{_LABELS - 8}" y="{y + 17}" text-anchor="end">{label}</text>')
        parts.append(f'<rect class="bar" x="{_LABELS}" y="{y + 4}" width="{end - _LABELS:.1f}" height="18"/>')
        parts.append(f'<text x="{end + 6:.1f}" y="{y + 17}">{number(figure["median"])}</text>')
        if figure["aim"]:
            x = at(float(figure["aim"].split()[1].replace(",", "")))
            parts.append(f'<line class="aim" x1="{x:.1f}" y1="{y}" x2="{x:.1f}" y2="{y + 26}"/>')
    return "\n".join([*parts, "</svg>"]) + "\n"
