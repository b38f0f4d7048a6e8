"""Shows the solutions of a query as a table in the terminal.

In go SPARQL Query Results JSON (SPARQL 1.1, section 3.1 of its results format), out comes a table: IRIs with the
prefixes of the project, literals as people read them, unbound cells empty.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from interkommunal.validation.findings import short

# Wide enough for any row; the width of a terminal says nothing about a file or a pipe.
_UNBOUNDED = 100_000


def print_table(results: bytes, console: Console) -> int:
    """Prints ``results``, those of a SELECT, on ``console``. Returns the number of rows."""
    answer = json.loads(results)
    names = answer["head"]["vars"]
    rows = answer["results"]["bindings"]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name in names:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(_cell(row[name]) if name in row else Text() for name in names))
    wide = console if console.is_terminal else Console(file=console.file, width=_UNBOUNDED)
    wide.print(table)
    return len(rows)


def _cell(term: Mapping[str, str]) -> Text:
    if term["type"] == "uri":
        return Text(short(term["value"]), style="cyan")
    text = Text(term["value"])
    if language := term.get("xml:lang"):
        text.append(f"@{language}", style="dim")
    return text
