"""Which lines of the texts are read into facts, which are left out on purpose, which are forgotten."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from interkommunal.graph.sources import Source

Status = Literal["covered", "ignored", "missing", "both"]


@dataclass(frozen=True)
class CoveredLine:
    """A non-empty line of a text and what became of it.

    ``status`` is ``covered`` (a passage with facts touches it), ``ignored`` (listed with reasons), ``missing``
    (neither) or ``both``; the last two are errors. ``passages`` are the IRIs of those passages.
    ``file`` is the text (or, for a listed line, ``ignored.csv``) and ``file_line`` the line there.
    """

    slug: str
    line: int
    text: str
    status: Status
    passages: tuple[str, ...]
    reason_de: str | None
    reason_en: str | None
    file: Path
    file_line: int


def coverage(sources: Iterable[Source]) -> tuple[CoveredLine, ...]:
    """Every non-empty line of every source, in order."""
    return tuple(line for source in sources for line in _of_source(source))


def _of_source(source: Source) -> Iterable[CoveredLine]:
    touching: dict[int, list[str]] = defaultdict(list)
    for passage in source.passages:
        if passage.facts:
            for line in passage.quote.lines:
                touching[line].append(passage.name.iri)
    ignored = {line.line: line for line in source.ignored}
    for number, content in enumerate(source.text.lines, start=1):
        if not content.strip():
            continue
        listed = ignored.get(number)
        yield CoveredLine(
            source.slug,
            number,
            content,
            _status(bool(touching[number]), listed is not None),
            tuple(touching[number]),
            listed.reason_de if listed else None,
            listed.reason_en if listed else None,
            listed.place.file if listed else source.text_file,
            listed.place.line if listed else number,
        )


def _status(touched: bool, listed: bool) -> Status:
    if listed:
        return "both" if touched else "ignored"
    return "covered" if touched else "missing"
