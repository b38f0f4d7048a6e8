"""Passages and what is in doubt about them, read from statements into plain values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal

from interkommunal.namespaces import CONCEPT, PASSAGE, expand
from interkommunal.site.description.statements import Statements

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
        as_of: date or EDTF, or ``None``. marker: word of time in the quote, or ``None``.
        section: section of the text, or ``None``. frame: passage that carries the modal frame, or ``None``.
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
    marker: str | None
    section: str | None
    frame: str | None

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


def is_passage(graph: str) -> bool:
    """Whether a graph or IRI is a passage (not a selector)."""
    return graph.startswith(PASSAGE) and not graph.endswith("-selector")


def lines_of(iri: str) -> tuple[int, int]:
    """First and last line that the IRI of a passage names; ``(0, 0)`` if it names none."""
    found = _LINES.search(iri)
    return (int(found[1]), int(found[2] or found[1])) if found else (0, 0)


def read_passages(statements: Statements) -> dict[str, Passage]:
    """The passages that ``statements`` describe, by IRI, in the order of the text."""
    found = []
    for iri in statements.subjects():
        selector = statements.resource(iri, _HAS_SELECTOR)
        source = statements.resource(iri, _HAS_SOURCE)
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
                start=statements.number(selector, _START) or 0,
                end=statements.number(selector, _END) or 0,
                exact=_plain(statements, selector, _EXACT),
                before=_plain(statements, selector, _PREFIX),
                after=_plain(statements, selector, _SUFFIX),
                voice=statements.resource(iri, _VOICE),
                statuses=tuple(statements.resources(iri, _STATUS)),
                as_of=statements.literal(iri, _AS_OF),
                marker=statements.text(iri, _MARKER, "de"),
                section=statements.resource(iri, _PART_OF),
                frame=statements.resource(iri, _FRAME),
            )
        )
    return {passage.iri: passage for passage in sorted(found, key=lambda item: item.place)}


def read_findings(statements: Statements) -> dict[str, Finding]:
    """The discrepancies that ``statements`` describe, by IRI, in the order of their identifiers."""
    found = []
    for iri in statements.subjects():
        if _DISCREPANCY not in statements.types(iri):
            continue
        readings = statements.resources(iri, _HAS_READING)
        found.append(
            Finding(
                iri=iri,
                identifier=_plain(statements, iri, _IDENTIFIER),
                kind=statements.resource(iri, _TYPE),
                targets=tuple(statements.resources(iri, _HAS_TARGET)),
                readings=tuple(sorted(readings, key=lambda item: (statements.number(item, _POSITION) or 0, item))),
            )
        )
    return {finding.iri: finding for finding in sorted(found, key=lambda item: (item.identifier, item.iri))}


def _plain(statements: Statements, subject: str, property_: str) -> str:
    literal = statements.literal(subject, property_)
    return literal.value if literal else ""


_HAS_SELECTOR: Final = expand("oa:hasSelector")
_HAS_SOURCE: Final = expand("oa:hasSource")
_HAS_TARGET: Final = expand("oa:hasTarget")
_START: Final = expand("oa:start")
_END: Final = expand("oa:end")
_EXACT: Final = expand("oa:exact")
_PREFIX: Final = expand("oa:prefix")
_SUFFIX: Final = expand("oa:suffix")
_VOICE: Final = expand("ik:voice")
_STATUS: Final = expand("ik:status")
_AS_OF: Final = expand("ik:asOf")
_MARKER: Final = expand("ik:timeMarker")
_FRAME: Final = expand("ik:framedBy")
_PART_OF: Final = expand("dcterms:isPartOf")
_DISCREPANCY: Final = expand("ik:Discrepancy")
_HAS_READING: Final = expand("ik:hasReading")
_IDENTIFIER: Final = expand("dcterms:identifier")
_TYPE: Final = expand("dcterms:type")
_POSITION: Final = expand("schema:position")
