"""Writes the rows of library queries to ``expected/``, to be read against the text before they are committed.

``PYTHONPATH=api:. python -m tests.queries.record first-signatories-of-the-contract …``; without names, all that have no
rows yet. What is written is what the graph says now, right or wrong: only a reader can tell.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.queries.answers import ask_oxigraph, to_store
from tests.queries.library import read_library

from interkommunal.content import Content
from interkommunal.graph.assemble import assemble

ROOT = Path(__file__).resolve().parents[2]
EXPECTED = Path(__file__).resolve().parent / "expected"


def main(names: list[str]) -> None:
    """Write the rows of the queries called ``names``."""
    content = Content(ROOT)
    store = to_store(assemble(content).dataset)
    for query in read_library(content.queries / "library"):
        path = EXPECTED / f"{query.name}.csv"
        if query.name in names or (not names and not path.exists()):
            path.write_text(ask_oxigraph(store, query.text).csv(), encoding="utf-8")
            print(path.relative_to(ROOT))


if __name__ == "__main__":
    main(sys.argv[1:])
