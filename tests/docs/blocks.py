"""Code blocks of a page of the documentation, each with what the page says comes out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"

_TABLE = re.compile(r"\A\s*\n((?:\|.*\n)+)")


@dataclass(frozen=True)
class Block:
    """A code block. ``after`` is the text between it and the next heading or block."""

    line: int
    code: str
    after: str

    @property
    def table(self) -> list[list[str]]:
        """The Markdown table right below the block: heading and rows; empty if there is none."""
        found = _TABLE.match(self.after)
        lines = found[1].splitlines() if found else []
        return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[:1] + lines[2:]]


def blocks(page: Path, language: str) -> list[Block]:
    """The blocks of ``page`` in ``language``, in order."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(text[: found.start()].count("\n") + 1, found[1], text[found.end() :])
        for found in re.finditer(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    ]
