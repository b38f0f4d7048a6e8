"""The start page: what this is, one sentence of the source with what was read from it, and ways in."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final, NamedTuple

import orjson
from markupsafe import Markup

from interkommunal.namespaces import BASE, IK, expand
from interkommunal.site.description.statements import GraphClient
from interkommunal.site.figures.figure import Picture
from interkommunal.site.figures.timeline import draw_timeline
from interkommunal.site.metadata import LICENCE
from interkommunal.site.overviews.doubts import Discrepancy, DoubtfulPassage, read_doubts, read_passages
from interkommunal.site.overviews.outlines import REGION, lanes
from interkommunal.site.overviews.overview import Overview, Values, View, ask, named_lines, read_overview, slug
from interkommunal.site.release_view import ReleaseView
from interkommunal.site.site import Site
from interkommunal.texts import Language, Text

# What the small timeline shows: what people agree on, not every forum.
_TEASED: Final = (f"{IK}Agreement", f"{IK}Cooperation", f"{IK}JointProject", expand("foaf:Document"))
_MOST_STATEMENTS: Final = 6
_NAME: Final = Text("interkommunal: how cities work together")
_DESCRIPTION: Final = Text(
    "An open knowledge graph of how cities in the Ruhr area work together. Every statement shows the "
    "sentence of its source."
)
_MOST_DOUBTS: Final = 3
_TYPE: Final = expand("rdf:type")


class WordedStatement(NamedTuple):
    """A statement in words: name and address of its subject, word of its property, name and address of its value."""

    subject: tuple[str, str | None]
    property: str
    value: tuple[str, str | None]
    literal: bool


class Sentence(NamedTuple):
    """The sentence on top of the page, and what was read from it."""

    quote: str
    href: str | None
    lines: str
    voice: str
    status: tuple[str, str]
    statements: tuple[WordedStatement, ...]


class Start(NamedTuple):
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
    doubts: tuple[tuple[Discrepancy, tuple[DoubtfulPassage, ...]], ...]
    doubt_count: int


async def read_start(client: GraphClient, view: View) -> Start:
    """What the start page shows of the release in force."""
    site, language = view.site, view.language
    basis, dates, region, doubts = await asyncio.gather(
        ask(client, "basis", language),
        ask(client, "dates", language),
        read_overview(REGION, client, view),
        read_doubts(client, site, language),
    )
    few = doubts.of("kind-contradiction")[:_MOST_DOUBTS] or doubts.all[:_MOST_DOUBTS]
    passages = await read_passages(client, site, language, few)
    drawn = lanes(dates, site, _TEASED)
    picture = Picture.of(lambda size: draw_timeline(drawn, language, size, "teaser")) if drawn else Picture()
    return Start(
        sentence_of(basis, site, language),
        region,
        *picture,
        tuple((item, passages.get(item.iri, ())) for item in few),
        len(doubts.all),
    )


def sentence_of(rows: Sequence[Values], site: Site, language: Language) -> Sentence | None:
    """The first sentence in the rows of ``basis.rq``, with the statements read from it, the basis first."""
    if not rows:
        return None
    rows = [row for row in rows if row["passage"] == rows[0]["passage"]]
    statements: dict[WordedStatement, None] = {}
    for row in rows:
        value, is_iri = row["value"], row["value"].startswith(("http://", "https://"))
        if row["property"] == _TYPE or not row["property_label"]:
            continue
        shown = row["value_label"] or (slug(value) if is_iri else value)
        subject, target = site.page(row["subject"]), site.page(value) if is_iri else None
        statement = WordedStatement((row["subject_label"], subject), row["property_label"], (shown, target), not is_iri)
        statements[statement] = None
    last = rows[-1]
    return Sentence(
        last["quote"],
        site.page(last["passage"]),
        named_lines((int(row["line"]) for row in rows if row["line"]), language),
        last["voice_label"],
        (slug(last["status"]), last["status_label"]),
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
