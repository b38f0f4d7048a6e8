"""The map of the region: which cities take part in the agreement that the cooperation is based on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup
from pyoxigraph import Literal

from interkommunal.graph.edtf import read_bounds
from interkommunal.site.description.graph_client import GraphClient, Row
from interkommunal.site.figures.figure import Cell, Size, Table
from interkommunal.site.figures.map import Boundaries, Member, draw_map
from interkommunal.site.overviews.overview import Overview, slug, texts
from interkommunal.site.overviews.questions import question
from interkommunal.site.site import Site
from interkommunal.texts import Language, Text

KEY: Final = "map"
TITLE: Final = Text("Die Städte auf der Karte", "The cities on the map")
_LEAD: Final = Text(
    "Gefüllt sind die Städte, die Partei der Vereinbarung sind, auf der die Städtekooperation beruht: {agreement}. "
    "Andere Städte und Kreise der Region stehen als Umriss.",
    "Filled are the cities that are party to the agreement the cooperation is based on: {agreement}. "
    "Other cities and districts of the region are outlined.",
)
_NO_BASIS: Final = Text(
    "Keine Vereinbarung ist als Grundlage einer Kooperation genannt.",
    "No agreement is named as the basis of a cooperation.",
)
_DOUBT: Final = Text("Angabe im Widerspruch", "statement in conflict")
_COLUMNS: Final = (
    (Text("Stadt", "City"), "city_label"),
    (Text("Rolle", "Role"), "role_label"),
    (Text("Auch beteiligt", "Also party to"), "also"),
    (Text("Zweifel", "Doubt"), "doubt"),
    (Text("Schlüssel", "Key"), "key"),
)
_DATA: Final = (
    "key", "city", "city_label", "agreement", "agreement_label", "created", "basis_of", "role", "role_label",
    "contradicts",
)  # fmt: skip


async def read_region(client: GraphClient, site: Site, language: Language, boundaries: Boundaries | None) -> Overview:
    """The overview; without a map if the release has no boundaries."""
    query = question("cities", lang=Literal(language))
    rows = await client.rows(query)
    agreement, members = members_of(rows, site, language)
    notes = () if boundaries else (_no_map(language),)
    drawn = {size: draw_map(boundaries, members, language, size) if boundaries and members else None for size in Size}
    columns = tuple((name.in_(language), key) for name, key in _COLUMNS)
    cells = tuple(
        (
            Cell(member.name, member.href),
            Cell(member.role_word),
            Cell(", ".join(member.also)),
            Cell(member.doubt),
            Cell(member.key),
        )
        for member in members
    )
    return Overview(
        key=KEY,
        title=TITLE.in_(language),
        lead=_LEAD.in_(language).format(agreement=agreement) if agreement else _NO_BASIS.in_(language),
        wide=drawn[Size.WIDE] or _nothing(),
        narrow=drawn[Size.NARROW] or _nothing(),
        caption=Text("Städte und ihre Rolle", "Cities and their role").in_(language),
        table=Table(columns, cells),
        columns=_DATA,
        rows=tuple(tuple(texts(row)) for row in rows),
        queries=(query,),
        notes=notes,
    )


def members_of(rows: Sequence[Row], site: Site, language: Language) -> tuple[str, list[Member]]:
    """Name of the agreement that a cooperation is based on, and the cities in it, by name.

    Of several, the one with the latest date counts; all others are what a city was also party to.
    """
    bases: dict[str, tuple[str, str]] = {}
    cities: dict[str, tuple[str, str]] = {}
    roles: dict[tuple[str, str], tuple[str, str, bool]] = {}
    dates: dict[str, str] = {}
    for row in rows:
        key, city, city_label, agreement, label, created, basis, role, role_label, contradicts = texts(row)
        cities[city] = (city_label, key)
        doubtful = bool(contradicts) or roles.get((city, agreement), ("", "", False))[2]
        roles[city, agreement] = (slug(role), role_label, doubtful)
        dates[agreement] = _short(created) or label
        if basis:
            bases[agreement] = (created, label)
    if not bases:
        return "", []
    chosen = max(bases, key=lambda agreement: (bases[agreement], agreement))
    members = []
    for city, (name, key) in sorted(cities.items(), key=lambda item: (item[1][0].casefold(), item[0])):
        if (city, chosen) not in roles:
            continue
        role, word, doubtful = roles[city, chosen]
        also = sorted(dates[agreement] for place, agreement in roles if place == city and agreement != chosen)
        doubt = _DOUBT.in_(language) if doubtful else ""
        members.append(Member(key, name, site.page(city), role, word, tuple(also), doubt))
    return bases[chosen][1], members


def _short(created: str) -> str:
    dating = read_bounds(created)
    return str(dating.earliest.year) if dating and dating.earliest else ""


def _nothing() -> Markup:
    return Markup("")


def _no_map(language: Language) -> str:
    return Text(
        "Diese Ausgabe enthält keine Grenzen; deshalb fehlt die Karte. Die Tabelle sagt dasselbe.",
        "This release holds no boundaries, so there is no map. The table says the same.",
    ).in_(language)
