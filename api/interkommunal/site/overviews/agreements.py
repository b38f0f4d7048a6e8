"""The matrix of cities and agreements, with the signature blocks as columns of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Final, NamedTuple

from interkommunal.dates import date_in_words
from interkommunal.graph.edtf import read_bounds
from interkommunal.site.figures.figure import SHAPES, TableCell
from interkommunal.site.figures.matrix import MatrixCell, MatrixColumn, MatrixLine, draw_matrix
from interkommunal.site.overviews.overview import (
    Filled,
    OverviewOutline,
    SortOrder,
    Values,
    View,
    merged,
    quote_cell,
    slug,
)
from interkommunal.texts import Text

_ENTRY: Final = Text("entry {position}")
_BLOCK: Final = Text("Signature block: {name}")
_SHORT_BLOCK: Final = Text("block {year}")
_GROUPS: Final = Text("{agreement}: as signatories the text names no city but groups: {groups}.")
_CONFLICT: Final = Text("in conflict")
_BY_NAME: Final = Text("name of the city")
_BY_COUNT: Final = Text("number of entries")


class CellEvidence(NamedTuple):
    """What is in a cell, and who says so.

    Attributes:
        part: the cell; its ``line`` is the IRI of the city.
        lexical: date or bounds as they are in the graph.
        statement: IRI of the participation or signature entry.
        row: the answer it was made from. lines: its lines.
    """

    part: MatrixCell
    lexical: str
    statement: str
    row: Values
    lines: tuple[int, ...]


def year(lexical: str) -> str:
    """The first year of a date; empty if it is open or unknown."""
    dating = read_bounds(lexical)
    return str(dating.earliest.year) if dating and dating.earliest else ""


def _agreements(answers: Sequence[Sequence[Values]], view: View) -> Filled:
    """The matrix, sorted by ``city``, ``count`` or the key of a column."""
    agreements, participations, signatures = answers
    language = view.language
    columns, notes = _columns(agreements, view)
    created = {slug(row["agreement"]): row["created"] for row in agreements}
    found = [
        *_evidence(participations, "participation", partial(_participation, created, view)),
        *_evidence(signatures, "entry", partial(_signature, view)),
    ]
    evidence = [item for item in found if item.part.column in columns]
    parts = [item.part for item in evidence]
    lines = {
        item.part.line: MatrixLine(item.part.line, item.row["city_label"], view.site.page(item.part.line))
        for item in evidence
    }
    chosen = view.sort if view.sort in (*columns, "count") else "city"
    ordered = sorted(lines.values(), key=_order(chosen, parts))
    places = {line.key: i for i, line in enumerate(ordered)}
    evidence.sort(key=lambda item: (places[item.part.line], list(columns).index(item.part.column)))
    names = (("city", _BY_NAME.in_(language)), ("count", _BY_COUNT.in_(language)))
    return Filled(
        partial(draw_matrix, list(columns.values()), ordered, parts, language) if ordered and columns else None,
        (_cells(item, columns[item.part.column], lines[item.part.line], view) for item in evidence),
        (_data(item, columns[item.part.column]) for item in evidence),
        notes=notes,
        orders=tuple(
            SortOrder(key, name, chosen == key)
            for key, name in (*names, *((column.key, column.name) for column in columns.values()))
        ),
    )


def _columns(rows: Iterable[Values], view: View) -> tuple[dict[str, MatrixColumn], tuple[str, ...]]:
    """The agreements by date, each followed by its signature block; and notes on those that name no city."""
    columns: dict[str, MatrixColumn] = {}
    groups: dict[str, dict[str, None]] = {}
    for row in rows:
        key, label, wording = slug(row["agreement"]), row["agreement_label"], row["text"]
        columns[key] = MatrixColumn(key, label, year(row["created"]) or label, view.site.page(row["agreement"]))
        if wording:
            block = f"block-{slug(wording)}"
            name = _BLOCK.in_(view.language).format(name=row["text_label"])
            short = _SHORT_BLOCK.in_(view.language).format(year=year(row["dated"]))
            columns[block] = MatrixColumn(block, name, short, view.site.page(wording), block=True)
        if row["group_label"]:
            groups.setdefault(label, {})[row["group_label"]] = None
    note = _GROUPS.in_(view.language)
    return columns, tuple(note.format(agreement=label, groups=", ".join(names)) for label, names in groups.items())


def _evidence(
    rows: Iterable[Values], statement: str, read: Callable[[Values], tuple[MatrixCell, str]]
) -> Iterable[CellEvidence]:
    """Each statement once, as its first passage says it."""
    found: dict[str, CellEvidence] = {}
    for row, lines in merged(rows):
        if row[statement] not in found:
            found[row[statement]] = CellEvidence(*read(row), row[statement], row, tuple(lines))
    return found.values()


def _participation(created: dict[str, str], view: View, row: Values) -> tuple[MatrixCell, str]:
    key = slug(row["agreement"])
    lexical = row["date"] or row["bounds"] or created.get(key, "")
    time, href = date_in_words(lexical, view.language), view.site.page(row["participation"])
    doubt = bool(row["contradicts"])
    return MatrixCell(row["city"], key, slug(row["role"]), row["role_label"], time, href, doubt), lexical


def _signature(view: View, row: Values) -> tuple[MatrixCell, str]:
    word, href = _ENTRY.in_(view.language).format(position=row["position"]), view.site.page(row["entry"])
    return MatrixCell(row["city"], f"block-{slug(row['text'])}", "entry", word, "", href, bool(row["contradicts"])), ""


def _order(chosen: str, parts: Sequence[MatrixCell]) -> Callable[[MatrixLine], tuple[object, ...]]:
    if chosen == "count":
        return lambda line: (-sum(part.line == line.key for part in parts), line.name)
    if chosen == "city":
        return lambda line: (line.name,)
    shapes = list(SHAPES)
    ranks: dict[str, tuple[int, str]] = {}
    for part in parts:
        if part.column == chosen:
            number = "".join(sign for sign in part.word if sign.isdigit()).rjust(6, "0")
            ranks[part.line] = (shapes.index(part.role) if part.role in shapes else len(shapes), number)
    return lambda line: (*ranks.get(line.key, (len(shapes) + 1, "")), line.name)


def _cells(item: CellEvidence, column: MatrixColumn, line: MatrixLine, view: View) -> tuple[TableCell, ...]:
    return (
        TableCell(line.name, line.href),
        TableCell(column.name, column.href),
        TableCell(item.part.word, item.part.href),
        TableCell(item.part.time),
        TableCell(_CONFLICT.in_(view.language) if item.part.doubt else ""),
        view.source(item.row["passage"], item.lines),
        quote_cell(item.row["quote"]),
    )


def _data(item: CellEvidence, column: MatrixColumn) -> tuple[str, ...]:
    part, row = item.part, item.row
    return (
        part.line, row["city_label"], column.key, column.name, row.get("role", ""), part.word, item.lexical,
        str(part.doubt).lower(), item.statement, row["passage"], " ".join(map(str, item.lines)), row["quote"],
    )  # fmt: skip


AGREEMENTS: Final = OverviewOutline(
    key="agreements",
    title=Text("Who takes part in what"),
    hint=Text("Cities and agreements in cells"),
    lead=Text(
        "Rows are cities, columns agreements. The hatched column shows the signature block as printed: "
        "no role follows from an entry there. “Not named” only means that the text does not name the "
        "city there."
    ),
    caption=Text("Each participation with its source"),
    columns=(
        (Text("City"), "city_label"),
        (Text("Agreement"), "agreement"),
        (Text("Role or entry"), "role_label"),
        (Text("When"), "date"),
        (Text("Doubt"), "doubt"),
        (Text("Source"), "line"),
        (Text("Sentence of the source"), "quote"),
    ),
    queries=("agreements", "participations", "signatures"),
    fill=_agreements,
    data=(
        "city", "city_label", "column", "column_label", "role", "role_label", "date_or_bounds", "in_conflict",
        "statement", "passage", "lines", "quote",
    ),
)  # fmt: skip
