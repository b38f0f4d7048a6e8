"""The matrix of cities and agreements, with the signature blocks as columns of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Final

from interkommunal.dates import date_in_words
from interkommunal.graph.edtf import read_bounds
from interkommunal.site.figures.figure import SHAPES, TableCell
from interkommunal.site.figures.matrix import MatrixCell, MatrixHead, draw_matrix
from interkommunal.site.overviews.overview import Filled, OverviewOutline, Values, View, merged, slug
from interkommunal.texts import Text

_ENTRY: Final = Text("entry {position}")
_BLOCK: Final = Text("Signature block: {name}")
_SHORT_BLOCK: Final = Text("block {year}")
_GROUPS: Final = Text("{agreement}: as signatories the text names no city but groups: {groups}.")
_CONFLICT: Final = Text("in conflict")
_BY_NAME: Final = Text("name of the city")
_BY_COUNT: Final = Text("number of entries")


def year(lexical: str) -> str:
    """The first year of a date; empty if it is open or unknown."""
    dating = read_bounds(lexical)
    return str(dating.earliest.year) if dating and dating.earliest else ""


def _agreements(answers: Sequence[Sequence[Values]], view: View) -> Filled:
    """The matrix, sorted by ``city``, ``count`` or the key of a column."""
    agreements, participations, signatures = answers
    language, page = view.language, view.site.page
    columns, notes = _columns(agreements, view)
    created = {slug(row["agreement"]): row["created"] for row in agreements}
    # Each statement once, as its first passage says it.
    found = []
    for row, lines in merged(participations, "participation"):
        key = slug(row["agreement"])
        lexical = row["date"] or row["bounds"] or created.get(key, "")
        word, time = row["role_label"], date_in_words(lexical, language)
        found.append((row, lines, row["participation"], key, slug(row["role"]), word, time, lexical))
    for row, lines in merged(signatures, "entry"):
        word = _ENTRY.in_(language).format(position=row["position"])
        found.append((row, lines, row["entry"], f"block-{slug(row['text'])}", "entry", word, "", ""))
    parts, evidence, cities = [], [], {}
    for row, lines, statement, key, role, word, time, lexical in found:
        if key in columns:
            city, label, doubt, column = row["city"], row["city_label"], bool(row["contradicts"]), columns[key]
            cities[city] = MatrixHead(city, label, label, page(city))
            parts.append(MatrixCell(city, key, role, word, time, page(statement), doubt))
            cells = (
                view.thing(label, city),
                TableCell(column.name, column.href),
                view.thing(word, statement),
                TableCell(time),
                TableCell(_CONFLICT.in_(language) if doubt else ""),
                *view.evidence(row["passage"], lines, row["quote"]),
            )
            data = (
                city, label, key, column.name, row.get("role", ""), word, lexical, str(doubt).lower(), statement,
                row["passage"], " ".join(map(str, lines)), row["quote"],
            )  # fmt: skip
            evidence.append((city, key, cells, data))
    chosen = view.sort if view.sort in (*columns, "count") else "city"
    ordered = sorted(cities.values(), key=_order(chosen, parts))
    places = {key: i for i, key in enumerate((*(city.key for city in ordered), *columns))}
    evidence.sort(key=lambda item: (places[item[0]], places[item[1]]))
    return Filled(
        partial(draw_matrix, list(columns.values()), ordered, parts, language) if ordered and columns else None,
        [cells for _, _, cells, _ in evidence],
        [data for *_, data in evidence],
        notes=notes,
        orders={
            "city": _BY_NAME.in_(language),
            "count": _BY_COUNT.in_(language),
            **{key: column.name for key, column in columns.items()},
        },
        sort=chosen,
    )


def _columns(rows: Iterable[Values], view: View) -> tuple[dict[str, MatrixHead], list[str]]:
    """The agreements by date, each followed by its signature block; and notes on those that name no city."""
    columns: dict[str, MatrixHead] = {}
    groups: dict[str, dict[str, None]] = {}
    for row in rows:
        key, label, wording = slug(row["agreement"]), row["agreement_label"], row["text"]
        columns[key] = MatrixHead(key, label, year(row["created"]) or label, view.site.page(row["agreement"]))
        if wording:
            block = f"block-{slug(wording)}"
            name = _BLOCK.in_(view.language).format(name=row["text_label"])
            short = _SHORT_BLOCK.in_(view.language).format(year=year(row["dated"]))
            columns[block] = MatrixHead(block, name, short, view.site.page(wording), block=True)
        if row["group_label"]:
            groups.setdefault(label, {})[row["group_label"]] = None
    note = _GROUPS.in_(view.language)
    return columns, [note.format(agreement=label, groups=", ".join(names)) for label, names in groups.items()]


def _order(chosen: str, parts: Sequence[MatrixCell]) -> Callable[[MatrixHead], tuple[object, ...]]:
    if chosen == "count":
        return lambda city: (-sum(part.line == city.key for part in parts), city.name)
    shapes = list(SHAPES)
    ranks: dict[str, tuple[int, str]] = {}
    for part in parts:
        if part.column == chosen:
            number = "".join(sign for sign in part.word if sign.isdigit()).rjust(6, "0")
            ranks[part.line] = (shapes.index(part.role) if part.role in shapes else len(shapes), number)
    return lambda city: (*ranks.get(city.key, (len(shapes) + 1, "")), city.name)


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
