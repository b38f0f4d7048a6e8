"""Passages, what is in doubt about them, and the text of a source with the sentence around a quote.

Passages and findings are read from statements into plain values. Positions are code points; lines are 1-based and end
before their line break.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from pyoxigraph import Literal

from interkommunal.namespaces import CONCEPT, expand
from interkommunal.site.description.statements import Statements, is_passage

CONFLICT: Final = f"{CONCEPT}status-conflict"
GARBLED: Final = f"{CONCEPT}status-garbled"
GOAL: Final = f"{CONCEPT}status-goal"
ASSERTED: Final = f"{CONCEPT}status-asserted"
HEADING: Final = f"{CONCEPT}voice-heading"
CAPTION: Final = f"{CONCEPT}voice-caption"

_LINES: Final = re.compile(r"L0*([0-9]+)(?:-L0*([0-9]+))?(?:\.([0-9]+))?$")


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a source.

    Attributes:
        iri: also the name of the graph of its facts.
        source: IRI of the source; slug: last part of it.
        name: last part of the IRI, for example ``L019.1``.
        first, last: lines, 1-based, both inclusive.
        start, end: code points of the text, end exclusive.
        exact, before, after: the quote and what stands around it.
        voice: concept, or ``None``. statuses: concepts, sorted.
        as_of: date or EDTF, or ``None``. section: section of the text, or ``None``.
    """

    iri: str
    source: str
    name: str
    first: int
    last: int
    start: int
    end: int
    exact: str
    before: str
    after: str
    voice: str | None
    statuses: tuple[str, ...]
    as_of: Literal | None
    section: str | None

    @property
    def slug(self) -> str:
        """Short name of the source."""
        return self.source.rpartition("/")[2]

    @property
    def anchor(self) -> str:
        """Fragment of its first line in the source reader."""
        return f"L{self.first:03d}"

    @property
    def place(self) -> tuple[str, int, int]:
        """Sort key: order of the text, the longer passage first where two begin together."""
        return (self.source, self.start, -self.end)

    @property
    def is_doubtful(self) -> bool:
        """Whether its status says that something is wrong with it."""
        return CONFLICT in self.statuses or GARBLED in self.statuses


@dataclass(frozen=True, slots=True)
class Finding:
    """A discrepancy: what is in doubt, and how the data set treats it.

    Attributes:
        iri, identifier, kind: of the discrepancy; kind is a concept.
        targets: IRIs of passages. readings: IRIs of readings, in their order.
    """

    iri: str
    identifier: str
    kind: str | None
    targets: tuple[str, ...]
    readings: tuple[str, ...]


def lines_of(iri: str) -> tuple[int, int]:
    """First and last line that the IRI of a passage names; ``(0, 0)`` if it names none."""
    found = _LINES.search(iri)
    return (int(found[1]), int(found[2] or found[1])) if found else (0, 0)


def read_passages(statements: Statements) -> dict[str, Passage]:
    """The passages that ``statements`` describe, by IRI, in the order of the text."""
    found = []
    for iri in statements.subjects():
        selector = statements.resource(iri, expand("oa:hasSelector"))
        source = statements.resource(iri, expand("oa:hasSource"))
        if selector is None or source is None or not is_passage(iri):
            continue
        first, last = lines_of(iri)
        found.append(
            Passage(
                iri=iri,
                source=source,
                name=iri.rpartition("/")[2],
                first=first,
                last=last,
                start=statements.number(selector, expand("oa:start")) or 0,
                end=statements.number(selector, expand("oa:end")) or 0,
                exact=statements.text(selector, expand("oa:exact"), "") or "",
                before=statements.text(selector, expand("oa:prefix"), "") or "",
                after=statements.text(selector, expand("oa:suffix"), "") or "",
                voice=statements.resource(iri, expand("ik:voice")),
                statuses=tuple(statements.resources(iri, expand("ik:status"))),
                as_of=statements.literal(iri, expand("ik:asOf")),
                section=statements.resource(iri, expand("dcterms:isPartOf")),
            )
        )
    return {passage.iri: passage for passage in sorted(found, key=lambda item: item.place)}


def read_findings(statements: Statements) -> dict[str, Finding]:
    """The discrepancies that ``statements`` describe, by IRI, in the order of their identifiers."""
    found = [
        Finding(
            iri=iri,
            identifier=statements.text(iri, expand("dcterms:identifier"), "") or "",
            kind=statements.resource(iri, expand("dcterms:type")),
            targets=tuple(statements.resources(iri, expand("oa:hasTarget"))),
            readings=tuple(statements.in_order(statements.resources(iri, expand("ik:hasReading")))),
        )
        for iri in statements.subjects()
        if expand("ik:Discrepancy") in statements.types(iri)
    ]
    return {finding.iri: finding for finding in sorted(found, key=lambda item: (item.identifier, item.iri))}


# A full stop ends a sentence if white space and a capital follow, unless a number, an initial or a title stands before
# it (28.05.2010, 9. Juli, Dr. Scholz).
_SENTENCE_END: Final = re.compile(
    r"(?<![0-9])(?<!\bDr)(?<!\bProf)(?<!\bSt)(?<!\b[A-Z])[.!?:][“”\"»)*]*(?=\s+[„“\"»(*]*[A-ZÄÖÜ])"
)
# Longest stretch of context shown on either side of a quote.
_MOST_CONTEXT: Final = 320


class QuoteInContext(NamedTuple):
    """A quote and the rest of its sentence; ``before`` and ``after`` may be empty."""

    before: str
    quote: str
    after: str


@dataclass(frozen=True)
class SourceText:
    """A text as the release holds it.

    Attributes:
        text: the whole text, letter for letter.
        starts: position at which each line begins.
    """

    text: str
    starts: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        starts = [0, *(match.end() for match in re.finditer("\n", self.text))]
        if starts[-1] == len(self.text) and len(starts) > 1:
            starts.pop()
        object.__setattr__(self, "starts", tuple(starts))

    @property
    def lines(self) -> int:
        """How many lines there are."""
        return len(self.starts)

    def span(self, line: int) -> tuple[int, int]:
        """Positions at which a line begins and ends."""
        start = self.starts[line - 1]
        end = self.starts[line] - 1 if line < len(self.starts) else len(self.text.rstrip("\n"))
        return start, max(start, end)

    def line_at(self, position: int) -> int:
        """The line that holds a position."""
        return bisect_right(self.starts, position)

    def in_context(self, passage: Passage) -> QuoteInContext | None:
        """A quote within its sentence; ``None`` if the text does not hold it there."""
        if self.text[passage.start : passage.end] != passage.exact or not passage.exact:
            return None
        first, _ = self.span(self.line_at(passage.start))
        _, last = self.span(self.line_at(passage.end - 1))
        before = _last_sentence(self.text[first : passage.start])
        after = _first_sentence(passage.exact, self.text[passage.end : last])
        return QuoteInContext(_cut_start(before), passage.exact, _cut_end(after))


def without_text(passage: Passage) -> QuoteInContext:
    """The best context there is where the text itself is not at hand: that of the selector, within the line."""
    before = passage.before.rpartition("\n")[2]
    after = passage.after.partition("\n")[0]
    return QuoteInContext(f"…{before}" if before.strip() else "", passage.exact, f"{after}…" if after.strip() else "")


def _last_sentence(before: str) -> str:
    ends = list(_SENTENCE_END.finditer(f"{before}X"))
    return before[ends[-1].end() :].lstrip() if ends else before.lstrip()


def _first_sentence(quote: str, after: str) -> str:
    if re.search(r"[.!?]\W*$", quote) and re.match(r"\s+[„“\"»(*]*[A-ZÄÖÜ]", after):
        return ""
    found = _SENTENCE_END.search(after)
    return after[: found.end()] if found else after.rstrip()


def _cut_start(text: str) -> str:
    return text if len(text) <= _MOST_CONTEXT else "…" + text[-_MOST_CONTEXT:].partition(" ")[2]


def _cut_end(text: str) -> str:
    return text if len(text) <= _MOST_CONTEXT else text[:_MOST_CONTEXT].rpartition(" ")[0] + "…"
