"""The discrepancies: what is in doubt, where, how it may be read, and how the graph treats it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from interkommunal.site.description.graph_client import GraphClient, Row
from interkommunal.site.figures.figure import write_csv
from interkommunal.site.overviews.overview import named_lines, slug, texts
from interkommunal.site.overviews.questions import question
from interkommunal.site.site import Site
from interkommunal.texts import Language, Text

KEY: Final = "discrepancies"
TITLE: Final = Text("Was in Zweifel ist", "What is in doubt")
LEAD: Final = Text(
    "Hier widerspricht sich die Quelle, ist beschädigt oder lässt etwas offen. Nichts davon wird still berichtigt: "
    "Jeder Eintrag nennt die Stellen und sagt, wie der Graph damit umgeht.",
    "Here the source contradicts itself, is damaged or leaves something open. None of it is corrected silently: each "
    "entry names the passages and says how the graph treats them.",
)
_PLAIN: Final = "status-asserted"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of doubt, with how many discrepancies are of it."""

    slug: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Passage:
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


@dataclass(frozen=True, slots=True)
class Reading:
    """A possible reading, and what it would hold for (name and address)."""

    text: str
    candidates: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Doubt:
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


@dataclass(frozen=True, slots=True)
class Doubts:
    """All discrepancies, and their kinds by how many there are."""

    all: tuple[Doubt, ...]
    kinds: tuple[Kind, ...]
    query: str

    def of(self, kind: str | None) -> tuple[Doubt, ...]:
        """Those of a kind, or all."""
        return self.all if kind is None else tuple(item for item in self.all if kind in dict(item.kinds))


async def read_doubts(client: GraphClient, site: Site, language: Language) -> Doubts:
    """All discrepancies, by number."""
    query = question("discrepancies", lang=Literal(language))
    found: dict[str, Doubt] = {}
    names: dict[str, str] = {}
    for row in await client.rows(query):
        iri, name, number, kind, kind_name, comment, resolution = texts(row)
        names[slug(kind)] = kind_name
        before = found[iri].kinds if iri in found else ()
        kinds = tuple(dict.fromkeys((*before, (slug(kind), kind_name))))
        found[iri] = Doubt(iri, site.page(iri), slug(iri), name, number, kinds, comment, resolution)
    counts = {key: sum(key in dict(item.kinds) for item in found.values()) for key in names}
    ranked = sorted(names, key=lambda key: (-counts[key], key))
    return Doubts(tuple(found.values()), tuple(Kind(key, names[key], counts[key]) for key in ranked), query)


async def read_passages(
    client: GraphClient, site: Site, language: Language, doubts: Iterable[Doubt]
) -> dict[str, tuple[Passage, ...]]:
    """The passages of some discrepancies, in the order of the text, by IRI of the discrepancy."""
    nodes = [NamedNode(item.iri) for item in doubts]
    if not nodes:
        return {}
    rows = await client.rows(question("doubtful-passages", lang=Literal(language), discrepancy=nodes))
    return _passages(rows, site, language)


async def read_readings(
    client: GraphClient, site: Site, language: Language, doubts: Iterable[Doubt]
) -> dict[str, tuple[Reading, ...]]:
    """The readings of some discrepancies, by IRI of the discrepancy."""
    nodes = [NamedNode(item.iri) for item in doubts]
    if not nodes:
        return {}
    found: dict[str, dict[str, tuple[str, dict[tuple[str, str | None], None]]]] = {}
    for row in await client.rows(question("readings", lang=Literal(language), discrepancy=nodes)):
        discrepancy, reading, _, comment, candidate, candidate_name = texts(row)
        _, candidates = found.setdefault(discrepancy, {}).setdefault(reading, (comment, {}))
        if candidate:
            candidates[candidate_name, site.page(candidate)] = None
    return {
        discrepancy: tuple(Reading(comment, tuple(candidates)) for comment, candidates in readings.values())
        for discrepancy, readings in found.items()
    }


def _passages(rows: Sequence[Row], site: Site, language: Language) -> dict[str, tuple[Passage, ...]]:
    found: dict[str, dict[str, tuple[str, str, set[int], dict[tuple[str, str], None]]]] = {}
    for row in rows:
        discrepancy, passage, line, _, quote, _, voice, status, status_name = texts(row)
        entry = found.setdefault(discrepancy, {}).setdefault(passage, (quote, voice, set(), {}))
        if line:
            entry[2].add(int(line))
        if status and slug(status) != _PLAIN:
            entry[3][slug(status), status_name] = None
    return {
        discrepancy: tuple(
            Passage(site.page(iri), named_lines(sorted(lines), language), quote, voice, tuple(statuses))
            for iri, (quote, voice, lines, statuses) in passages.items()
        )
        for discrepancy, passages in found.items()
    }


def doubts_csv(doubts: Iterable[Doubt], passages: dict[str, tuple[Passage, ...]]) -> str:
    """The discrepancies as CSV, one row a passage; a discrepancy without one has one row too."""
    columns = ("discrepancy", "identifier", "label", "kinds", "comment", "resolution", "lines", "voice", "quote")
    rows = []
    for item in doubts:
        head = (item.iri, item.number, item.name, " ".join(key for key, _ in item.kinds), item.comment, item.resolution)
        places = [(passage.lines, passage.voice, passage.quote) for passage in passages.get(item.iri, ())]
        rows += [(*head, *place) for place in places or [("", "", "")]]
    return write_csv(columns, rows)
