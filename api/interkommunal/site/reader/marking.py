"""Lines of a text, cut where passages begin and end; passages may nest, overlap and run over lines."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from interkommunal.site.description.passages import Passage
from interkommunal.site.description.text import SourceText


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a line.

    Attributes:
        text: as printed. passages: those that cover it, the shortest first; empty where none does.
        opens: whether its shortest passage begins here, so that this is the piece to stop at.
    """

    text: str
    passages: tuple[Passage, ...]
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text.

    Attributes:
        number: 1-based. stretches: its pieces, in order; none for an empty line.
        passages: those that touch it, in the order of the text. hidden: those of them that begin here and are the
            shortest nowhere, so that no piece leads to them.
    """

    number: int
    stretches: tuple[Stretch, ...]
    passages: tuple[Passage, ...]
    hidden: tuple[Passage, ...]

    @property
    def anchor(self) -> str:
        """Fragment of the line."""
        return f"L{self.number:03d}"

    @property
    def is_empty(self) -> bool:
        """Whether nothing is printed on it."""
        return not any(stretch.text.strip() for stretch in self.stretches)


def marked(text: SourceText, passages: Iterable[Passage]) -> list[Line]:
    """The lines of a text with their passages; passages that the text does not hold are left out."""
    fitting = [item for item in passages if text.text[item.start : item.end] == item.exact and item.exact]
    by_line: dict[int, list[Passage]] = {}
    for passage in fitting:
        for number in range(text.line_at(passage.start), text.line_at(passage.end - 1) + 1):
            by_line.setdefault(number, []).append(passage)
    opened: set[str] = set()
    cut = [_cut(text, number, by_line.get(number, ()), opened) for number in range(1, text.lines + 1)]
    lines = []
    for number, stretches in enumerate(cut, 1):
        here = tuple(by_line.get(number, ()))
        hidden = tuple(item for item in here if item.iri not in opened and text.line_at(item.start) == number)
        lines.append(Line(number, stretches, here, hidden))
    return lines


def _cut(text: SourceText, number: int, passages: Sequence[Passage], opened: set[str]) -> tuple[Stretch, ...]:
    start, end = text.span(number)
    borders = {start, end}
    for passage in passages:
        borders.update(border for border in (passage.start, passage.end) if start < border < end)
    ordered = sorted(borders)
    stretches = []
    for left, right in itertools.pairwise(ordered):
        covering = [item for item in passages if item.start <= left and right <= item.end]
        covering.sort(key=lambda item: (item.end - item.start, -item.start, item.iri))
        opens = bool(covering) and covering[0].iri not in opened
        if opens:
            opened.add(covering[0].iri)
        stretches.append(Stretch(text.text[left:right], tuple(covering), opens))
    return tuple(stretches)
