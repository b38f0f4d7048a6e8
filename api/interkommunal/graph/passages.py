"""Names of passages: which lines of which source, and which quote there.

``passage/grundlagen/L019`` is line 19, ``…/L041-L043`` three lines, ``…/L156.2`` the second quote in line 156.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from interkommunal.namespaces import PASSAGE

_NAME = re.compile(r"(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)/L(?P<first>\d+)(?:-L(?P<last>\d+))?(?:\.(?P<number>\d+))?")


@dataclass(frozen=True, order=True)
class PassageName:
    """The parts of a passage IRI; lines are 1-based and inclusive, ``number`` is ``None`` without one."""

    slug: str
    first: int
    last: int
    number: int | None = None

    @property
    def lines_part(self) -> str:
        """The lines as the IRI has them, for example ``L041-L043``."""
        return f"L{self.first:03}" if self.first == self.last else f"L{self.first:03}-L{self.last:03}"

    @property
    def local(self) -> str:
        """The last segment of the IRI, for example ``L156.2``."""
        return self.lines_part if self.number is None else f"{self.lines_part}.{self.number}"

    @property
    def iri(self) -> str:
        """The passage IRI, which also names the graph of its facts."""
        return f"{PASSAGE}{self.slug}/{self.local}"

    def label(self, language: str, source: str) -> str:
        """A label for people in German (``de``) or English (``en``), after the label of the source."""
        one, many, place = ("Zeile", "Zeilen", "Stelle") if language == "de" else ("line", "lines", "passage")
        lines = f"{one} {self.first}" if self.first == self.last else f"{many} {self.first}–{self.last}"
        return f"{source}, {lines}" if self.number is None else f"{source}, {lines}, {place} {self.number}"


def parse_passage(iri: str) -> PassageName:
    """The parts of the passage IRI ``iri``.

    Raises:
        ValueError: with a message for people, if it is no passage IRI in its one spelling.
    """
    if not iri.startswith(PASSAGE):
        raise ValueError(f"<{iri}> is no passage; a passage starts with {PASSAGE}")
    match = _NAME.fullmatch(iri.removeprefix(PASSAGE))
    if not match:
        raise ValueError(f"<{iri}> names no lines; write L019, L041-L043 or L156.2 after {PASSAGE}<source>/")
    first = int(match["first"])
    last = int(match["last"] or first)
    number = int(match["number"]) if match["number"] else None
    name = PassageName(match["slug"], first, last, number)
    if first < 1 or (match["last"] and last <= first) or number == 0:
        raise ValueError(f"<{iri}> counts wrong: lines and numbers start at 1, the last line comes after the first")
    if name.iri != iri:
        raise ValueError(f"<{iri}> must be spelt {name.local}: three digits for a line, no leading zeros beyond that")
    return name
