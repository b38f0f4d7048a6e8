"""The start page: what this is, one sentence of the source with what was read from it, and ways in."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import orjson
from markupsafe import Markup
from pyoxigraph import Literal

from interkommunal.namespaces import BASE, IK, expand
from interkommunal.site.description.graph_client import GraphClient, Row
from interkommunal.site.figures.figure import Size
from interkommunal.site.figures.map import Boundaries
from interkommunal.site.figures.timeline import draw_timeline
from interkommunal.site.overviews.chronology import lanes
from interkommunal.site.overviews.doubts import Doubt, Passage, read_doubts, read_passages
from interkommunal.site.overviews.overview import Overview, named_lines, slug, texts
from interkommunal.site.overviews.questions import question
from interkommunal.site.overviews.region import read_region
from interkommunal.site.release_view import ReleaseView
from interkommunal.site.schema_org import LICENCE
from interkommunal.site.site import Site
from interkommunal.texts import Language, Text

# What the small timeline shows: what people agree on, not every forum.
_TEASED: Final = (f"{IK}Agreement", f"{IK}Cooperation", f"{IK}JointProject", expand("foaf:Document"))
_MOST_STATEMENTS: Final = 6
_NAME: Final = Text(
    "Wissensgraph interkommunal: wie Städte zusammenarbeiten", "interkommunal: how cities work together"
)
_DESCRIPTION: Final = Text(
    "Ein offener Wissensgraph über die Zusammenarbeit von Städten im Ruhrgebiet. Zu jeder Aussage steht der Satz der "
    "Quelle.",
    "An open knowledge graph of how cities in the Ruhr area work together. Every statement shows the sentence of its "
    "source.",
)
_MOST_DOUBTS: Final = 3
_TYPE: Final = expand("rdf:type")


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement in words: name and address of its subject, word of its property, name and address of its value."""

    subject: tuple[str, str | None]
    property: str
    value: tuple[str, str | None]
    literal: bool


@dataclass(frozen=True, slots=True)
class Sentence:
    """The sentence on top of the page, and what was read from it."""

    quote: str
    href: str | None
    lines: str
    voice: str
    status: tuple[str, str]
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Start:
    """What the start page shows.

    Attributes:
        sentence: ``None`` if no sentence says what a cooperation is based on.
        region: the map. wide, narrow: the small timeline.
        doubts: a few discrepancies with their passages. doubt_count: how many there are in all.
    """

    sentence: Sentence | None
    region: Overview
    wide: Markup
    narrow: Markup
    doubts: tuple[tuple[Doubt, tuple[Passage, ...]], ...]
    doubt_count: int


async def read_start(client: GraphClient, site: Site, language: Language, boundaries: Boundaries | None) -> Start:
    """What the start page shows of the release in force."""
    lang = Literal(language)
    basis, dates, region, doubts = await asyncio.gather(
        client.rows(question("basis", lang=lang)),
        client.rows(question("dates", lang=lang)),
        read_region(client, site, language, boundaries),
        read_doubts(client, site, language),
    )
    few = doubts.of("kind-contradiction")[:_MOST_DOUBTS] or doubts.all[:_MOST_DOUBTS]
    passages = await read_passages(client, site, language, few)
    drawn = lanes(dates, site, _TEASED)
    pictures = {size: draw_timeline(drawn, language, size, "teaser") if drawn else Markup("") for size in Size}
    return Start(
        sentence_of(basis, site, language),
        region,
        pictures[Size.WIDE],
        pictures[Size.NARROW],
        tuple((item, passages.get(item.iri, ())) for item in few),
        len(doubts.all),
    )


def sentence_of(rows: Sequence[Row], site: Site, language: Language) -> Sentence | None:
    """The first sentence in the rows of ``basis.rq``, with the statements read from it, the basis first."""
    if not rows:
        return None
    first = texts(rows[0])[0]
    lines: set[int] = set()
    statements: dict[Statement, None] = {}
    quote = voice = ""
    status = ("", "")
    for row in rows:
        passage, quote_, line, voice_, status_iri, status_label, subject, name, property_, word, value, label = texts(
            row
        )
        if passage != first:
            continue
        quote, voice, status = quote_, voice_, (slug(status_iri), status_label)
        if line:
            lines.add(int(line))
        is_iri = value.startswith(("http://", "https://"))
        shown = label or (slug(value) if is_iri else value)
        if property_ == _TYPE or not word:
            continue
        statements[
            Statement((name, site.page(subject)), word, (shown, site.page(value) if is_iri else None), not is_iri)
        ] = None
    return Sentence(
        quote,
        site.page(first),
        named_lines(sorted(lines), language),
        voice,
        status,
        tuple(statements)[:_MOST_STATEMENTS],
    )


def dataset(url: str, language: Language, release_view: ReleaseView) -> str:
    """What this is, for search engines: schema.org as a JSON-LD data block, safe inside a ``script`` element."""
    described = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": f"{BASE}dataset/graph",
        "url": url,
        "name": _NAME.in_(language),
        "description": _DESCRIPTION.in_(language),
        "inLanguage": language,
        "license": LICENCE,
        "isAccessibleForFree": True,
        **({"version": release_view.identifier} if release_view.release else {}),
    }
    return orjson.dumps(described).decode().replace("<", "\\u003c")
