"""The discrepancies: what is in doubt, where, how it may be read, and how the graph treats it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from interkommunal.site.figures.figure import write_csv
from interkommunal.site.overviews.overview import Questions, named_lines, slug
from interkommunal.site.site import Site
from interkommunal.texts import Language, Text

KEY: Final = "discrepancies"
TITLE: Final = Text("What is in doubt")
HINT: Final = Text("Contradictions, gaps, open readings")
LEAD: Final = Text(
    "Here the source contradicts itself, is damaged or leaves something open. None of it is "
    "corrected silently: each entry names the passages and says how the graph treats them."
)
_PLAIN: Final = "status-asserted"


@dataclass(frozen=True, slots=True)
class DiscrepancyKind:
    """A kind of doubt, with how many discrepancies are of it."""

    slug: str
    name: str
    count: int


class DoubtfulPassage(NamedTuple):
    """A passage in doubt.

    Attributes:
        href: address of its page.
        lines: its lines, in words.
        quote: its text.
        voice: who speaks.
        statuses: slug and word of each status but the plain one.
    """

    href: str | None
    lines: str
    quote: str
    voice: str
    statuses: tuple[tuple[str, str], ...]


class PossibleReading(NamedTuple):
    """A possible reading, and what it would hold for (name and address)."""

    text: str
    candidates: tuple[tuple[str, str | None], ...]


class Discrepancy(NamedTuple):
    """A discrepancy.

    Attributes:
        iri: its IRI; ``href`` the address of its page; ``key`` the last part of its IRI.
        number: identifier, for example ``I01``.
        kinds: slug and name of each kind.
        comment: what is in doubt. resolution: how the graph treats it.
    """

    iri: str
    href: str | None
    key: str
    name: str
    number: str
    kinds: tuple[tuple[str, str], ...]
    comment: str
    resolution: str


class Discrepancies(NamedTuple):
    """All discrepancies, and their kinds by how many there are."""

    all: tuple[Discrepancy, ...]
    kinds: tuple[DiscrepancyKind, ...]
    query: str

    def of(self, kind: str | None) -> tuple[Discrepancy, ...]:
        """Those of a kind, or all."""
        return self.all if kind is None else tuple(item for item in self.all if kind in dict(item.kinds))


async def read_doubts(questions: Questions, site: Site, language: Language) -> Discrepancies:
    """All discrepancies, by number."""
    found: dict[str, Discrepancy] = {}
    names: dict[str, str] = {}
    for row in await questions.ask("discrepancies", language):
        iri, kind = row["discrepancy"], (slug(row["kind"]), row["kind_label"])
        names[kind[0]] = kind[1]
        before = found[iri].kinds if iri in found else ()
        kinds = tuple(dict.fromkeys((*before, kind)))
        about = (row["discrepancy_label"], row["identifier"], kinds, row["comment"], row["resolution"])
        found[iri] = Discrepancy(iri, site.page(iri), slug(iri), *about)
    counts = {key: sum(key in dict(item.kinds) for item in found.values()) for key in names}
    ranked = sorted(names, key=lambda key: (-counts[key], key))
    kinds_ = tuple(DiscrepancyKind(key, names[key], counts[key]) for key in ranked)
    return Discrepancies(tuple(found.values()), kinds_, questions.query("discrepancies", language))


async def read_passages(
    questions: Questions, site: Site, language: Language, doubts: Iterable[Discrepancy]
) -> dict[str, tuple[DoubtfulPassage, ...]]:
    """The passages of some discrepancies, in the order of the text, by IRI of the discrepancy."""
    nodes = [NamedNode(item.iri) for item in doubts]
    rows = await questions.ask("doubtful-passages", language, discrepancy=nodes) if nodes else []
    found: dict[str, dict[str, tuple[str, str, set[int], dict[tuple[str, str], None]]]] = {}
    for row in rows:
        passages = found.setdefault(row["discrepancy"], {})
        _, _, lines, statuses = passages.setdefault(row["passage"], (row["quote"], row["voice_label"], set(), {}))
        if row["line"]:
            lines.add(int(row["line"]))
        if row["status"] and slug(row["status"]) != _PLAIN:
            statuses[slug(row["status"]), row["status_label"]] = None
    return {
        discrepancy: tuple(
            DoubtfulPassage(site.page(iri), named_lines(lines, language), quote, voice, tuple(statuses))
            for iri, (quote, voice, lines, statuses) in passages.items()
        )
        for discrepancy, passages in found.items()
    }


async def read_readings(
    questions: Questions, site: Site, language: Language, doubts: Iterable[Discrepancy]
) -> dict[str, tuple[PossibleReading, ...]]:
    """The readings of some discrepancies, by IRI of the discrepancy."""
    nodes = [NamedNode(item.iri) for item in doubts]
    rows = await questions.ask("readings", language, discrepancy=nodes) if nodes else []
    found: dict[str, dict[str, tuple[str, dict[tuple[str, str | None], None]]]] = {}
    for row in rows:
        readings = found.setdefault(row["discrepancy"], {})
        _, candidates = readings.setdefault(row["reading"], (row["comment"], {}))
        if row["candidate"]:
            candidates[row["candidate_label"], site.page(row["candidate"])] = None
    return {
        discrepancy: tuple(PossibleReading(comment, tuple(candidates)) for comment, candidates in readings.values())
        for discrepancy, readings in found.items()
    }


def doubts_csv(doubts: Iterable[Discrepancy], passages: dict[str, tuple[DoubtfulPassage, ...]]) -> str:
    """The discrepancies as CSV, one row a passage; a discrepancy without one has one row too."""
    columns = ("discrepancy", "identifier", "label", "kinds", "comment", "resolution", "lines", "voice", "quote")
    rows = []
    for item in doubts:
        head = (item.iri, item.number, item.name, " ".join(key for key, _ in item.kinds), item.comment, item.resolution)
        places = [(passage.lines, passage.voice, passage.quote) for passage in passages.get(item.iri, ())]
        rows += [(*head, *place) for place in places or [("", "", "")]]
    return write_csv(columns, rows)
