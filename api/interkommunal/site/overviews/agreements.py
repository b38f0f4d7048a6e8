"""The matrix of cities and agreements, with the signature blocks as columns of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup
from pyoxigraph import Literal

from interkommunal.dates import date_in_words
from interkommunal.graph.edtf import read_bounds
from interkommunal.site.description.graph_client import GraphClient, Row
from interkommunal.site.figures.figure import SHAPES, Cell, Size, Table
from interkommunal.site.figures.matrix import Column, Line, Part, draw_matrix
from interkommunal.site.overviews.overview import Order, Overview, merged, quote_cell, slug, source_cell, texts
from interkommunal.site.overviews.questions import question
from interkommunal.site.site import Site
from interkommunal.texts import Language, Text

KEY: Final = "agreements"
TITLE: Final = Text("Wer woran beteiligt ist", "Who takes part in what")
_LEAD: Final = Text(
    "Zeilen sind Städte, Spalten Vereinbarungen. Die schraffierte Spalte zeigt den Unterschriftenblock, wie er "
    "gedruckt ist: Aus einem Eintrag dort folgt keine Rolle. „Nicht genannt“ heißt nur, dass der Text die Stadt dort "
    "nicht nennt.",
    "Rows are cities, columns agreements. The hatched column shows the signature block as printed: no role follows "
    "from an entry there. “Not named” only means that the text does not name the city there.",
)
_ENTRY: Final = Text("Eintrag {position}", "entry {position}")
_BLOCK: Final = Text("Unterschriftenblock: {name}", "Signature block: {name}")
_SHORT_BLOCK: Final = Text("Block {year}", "block {year}")
_CONFLICT: Final = Text("im Widerspruch", "in conflict")
_BY_NAME: Final = Text("Name der Stadt", "name of the city")
_BY_COUNT: Final = Text("Zahl der Einträge", "number of entries")
_COLUMNS: Final = (
    (Text("Stadt", "City"), "city_label"),
    (Text("Vereinbarung", "Agreement"), "agreement"),
    (Text("Rolle oder Eintrag", "Role or entry"), "role_label"),
    (Text("Wann", "When"), "date"),
    (Text("Zweifel", "Doubt"), "doubt"),
    (Text("Beleg", "Source"), "line"),
    (Text("Satz der Quelle", "Sentence of the source"), "quote"),
)
_DATA: Final = (
    "city", "city_label", "column", "column_label", "role", "role_label", "date_or_bounds", "in_conflict", "statement",
    "passage", "lines", "quote",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evidence:
    """What stands in a cell, and who says so.

    Attributes:
        part: the cell; its ``line`` is the IRI of the city.
        city_label: name of the city.
        role: IRI of the role; empty in a signature block.
        lexical: date or bounds as they are in the graph.
        statement: IRI of the participation or signature entry.
        passage, lines, quote: where it stands.
    """

    part: Part
    city_label: str
    role: str
    lexical: str
    statement: str
    passage: str
    lines: tuple[int, ...]
    quote: str


async def read_agreements(client: GraphClient, site: Site, language: Language, sort: str | None) -> Overview:
    """The overview, sorted by ``sort``: ``city``, ``count`` or the key of a column."""
    lang = Literal(language)
    queries = tuple(question(name, lang=lang) for name in ("agreements", "participations", "signatures"))
    agreements, participations, signatures = [await client.rows(query) for query in queries]
    columns, notes = _columns(agreements, site, language)
    names = {column.key: column for column in columns}
    created = {slug(values[0]): values[2] for values in map(texts, agreements)}
    evidence = [
        *_participations(participations, created, site, language),
        *_signatures(signatures, site, language),
    ]
    evidence = [item for item in evidence if item.part.column in names]
    parts = [item.part for item in evidence]
    lines = {
        part.line: Line(part.line, item.city_label, site.page(part.line)) for item in evidence for part in [item.part]
    }
    chosen = sort if sort in (*names, "count") else "city"
    order = _order(chosen, parts, lines)
    ordered = sorted(lines.values(), key=order)
    drawn = {
        size: draw_matrix(columns, ordered, parts, language, size) if ordered and columns else Markup("")
        for size in Size
    }
    places = {line.key: i for i, line in enumerate(ordered)}
    evidence.sort(key=lambda item: (places[item.part.line], list(names).index(item.part.column)))
    return Overview(
        key=KEY,
        title=TITLE.in_(language),
        lead=_LEAD.in_(language),
        wide=drawn[Size.WIDE],
        narrow=drawn[Size.NARROW],
        caption=Text("Jede Beteiligung mit ihrem Beleg", "Each participation with its source").in_(language),
        table=Table(
            tuple((name.in_(language), key) for name, key in _COLUMNS),
            tuple(_row(item, names, lines, site, language) for item in evidence),
        ),
        columns=_DATA,
        rows=tuple(_data(item, names) for item in evidence),
        queries=queries,
        notes=notes,
        orders=(
            Order("city", _BY_NAME.in_(language), chosen == "city"),
            Order("count", _BY_COUNT.in_(language), chosen == "count"),
            *(Order(column.key, column.name, chosen == column.key) for column in columns),
        ),
    )


def _columns(rows: Sequence[Row], site: Site, language: Language) -> tuple[list[Column], tuple[str, ...]]:
    """The agreements by date, each followed by its signature block; and what is to be said of those without cities."""
    columns: dict[str, Column] = {}
    groups: dict[str, dict[str, None]] = {}
    for row in rows:
        agreement, label, created, wording, wording_label, dated, _, _, group, _ = texts(row)
        key = slug(agreement)
        columns[key] = Column(key, label, _year(created) or label, site.page(agreement))
        if wording:
            block = f"block-{slug(wording)}"
            name = _BLOCK.in_(language).format(name=wording_label)
            short = _SHORT_BLOCK.in_(language).format(year=_year(dated) or "")
            columns[block] = Column(block, name, short, site.page(wording), block=True)
        if group:
            groups.setdefault(label, {})[group] = None
    notes = tuple(
        Text(
            f"{label}: Als Unterzeichnende nennt der Text keine Stadt, sondern Gruppen: {', '.join(names)}.",
            f"{label}: as signatories the text names no city but groups: {', '.join(names)}.",
        ).in_(language)
        for label, names in groups.items()
    )
    return list(columns.values()), notes


def _participations(rows: Sequence[Row], created: dict[str, str], site: Site, language: Language) -> Iterator[Evidence]:
    seen: set[str] = set()
    for values, lines in merged(rows, 10):
        city, label, agreement, participation, role, word, date, bounds, contradicts, passage, _, quote = values
        if participation in seen:
            continue
        seen.add(participation)
        key = slug(agreement)
        lexical = date or bounds or created.get(key, "")
        time = date_in_words(lexical, language)
        part = Part(city, key, slug(role), word, time, site.page(participation), doubt=bool(contradicts))
        yield Evidence(part, label, role, lexical, participation, passage, tuple(lines), quote)


def _signatures(rows: Sequence[Row], site: Site, language: Language) -> Iterator[Evidence]:
    seen: set[str] = set()
    for values, lines in merged(rows, 9):
        city, label, _, wording, entry, position, _, contradicts, passage, _, quote = values
        if entry in seen:
            continue
        seen.add(entry)
        word = _ENTRY.in_(language).format(position=position)
        part = Part(city, f"block-{slug(wording)}", "entry", word, "", site.page(entry), doubt=bool(contradicts))
        yield Evidence(part, label, "", "", entry, passage, tuple(lines), quote)


def _order(chosen: str, parts: Sequence[Part], lines: dict[str, Line]) -> Callable[[Line], tuple[object, ...]]:
    counts = {key: sum(part.line == key for part in parts) for key in lines}
    if chosen == "count":
        return lambda line: (-counts[line.key], line.name)
    if chosen == "city":
        return lambda line: (line.name,)
    shapes = list(SHAPES)
    ranks: dict[str, tuple[int, str]] = {}
    for part in parts:
        if part.column == chosen:
            number = "".join(sign for sign in part.word if sign.isdigit()).rjust(6, "0")
            ranks[part.line] = (shapes.index(part.role) if part.role in shapes else len(shapes), number)
    return lambda line: (*ranks.get(line.key, (len(shapes) + 1, "")), line.name)


def _row(
    item: Evidence, names: dict[str, Column], lines: dict[str, Line], site: Site, language: Language
) -> tuple[Cell, ...]:
    part, column = item.part, names[item.part.column]
    return (
        Cell(item.city_label, lines[part.line].href),
        Cell(column.name, column.href),
        Cell(part.word, part.href),
        Cell(part.time),
        Cell(_CONFLICT.in_(language) if part.doubt else ""),
        source_cell(item.passage, item.lines, site, language),
        quote_cell(item.quote),
    )


def _data(item: Evidence, names: dict[str, Column]) -> tuple[str, ...]:
    part, column = item.part, names[item.part.column]
    return (
        part.line, item.city_label, column.key, column.name, item.role, part.word, item.lexical,
        str(part.doubt).lower(), item.statement, item.passage, " ".join(map(str, item.lines)), item.quote,
    )  # fmt: skip


def _year(lexical: str) -> str:
    dating = read_bounds(lexical)
    return str(dating.earliest.year) if dating and dating.earliest else ""
