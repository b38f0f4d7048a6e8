"""The timeline: everything that the graph dates, as exactly as it does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from markupsafe import Markup
from pyoxigraph import Literal

from interkommunal.dates import date_in_words
from interkommunal.graph.edtf import Bounds, Form, read_bounds
from interkommunal.site.description.graph_client import GraphClient, Row
from interkommunal.site.figures.figure import Cell, Size, Table
from interkommunal.site.figures.timeline import Lane, Mark, draw_timeline
from interkommunal.site.overviews.overview import Overview, merged, quote_cell, source_cell, texts
from interkommunal.site.overviews.questions import question
from interkommunal.site.site import Site
from interkommunal.texts import Language, Text

KEY: Final = "timeline"
TITLE: Final = Text("Was wann war", "What was when")
_LEAD: Final = Text(
    "Ein Punkt ist ein genauer Tag, ein kurzer Balken ein Jahr, ein langer ein Zeitraum. Wo eine Grenze offen ist, "
    "verblasst der Balken: Genauer weiß es die Quelle nicht.",
    "A dot is an exact day, a short bar a year, a long one a period. Where a bound is open the bar fades: "
    "the source knows no better.",
)
_COLUMNS: Final = (
    (Text("Wann", "When"), "date"),
    (Text("Was", "What"), "item_label"),
    (Text("Art", "Kind"), "class_label"),
    (Text("Angabe", "Statement"), "property_label"),
    (Text("Beleg", "Source"), "line"),
    (Text("Satz der Quelle", "Sentence of the source"), "quote"),
)
_DATA: Final = (
    "item", "item_label", "class", "class_label", "property", "property_label", "date", "inferred", "graph", "line",
    "quote",
)  # fmt: skip


async def read_chronology(client: GraphClient, site: Site, language: Language) -> Overview:
    """The overview of all datings."""
    query = question("dates", lang=Literal(language))
    rows = await client.rows(query)
    drawn = lanes(rows, site)
    pictures = {size: draw_timeline(drawn, language, size) if drawn else Markup("") for size in Size}
    return Overview(
        key=KEY,
        title=TITLE.in_(language),
        lead=_LEAD.in_(language),
        wide=pictures[Size.WIDE],
        narrow=pictures[Size.NARROW],
        caption=Text("Alle Zeitangaben mit ihrem Beleg", "All datings with their source").in_(language),
        table=Table(tuple((name.in_(language), key) for name, key in _COLUMNS), _cells(rows, site, language)),
        columns=_DATA,
        rows=tuple(tuple(texts(row)) for row in rows),
        queries=(query,),
    )


def lanes(rows: Sequence[Row], site: Site, classes: Sequence[str] = ()) -> list[Lane]:
    """One lane for each thing, the earliest first.

    Args:
        rows: of ``dates.rq``.
        site: for links.
        classes: only things of these classes; all if empty.
    """
    things: dict[str, str] = {}
    marks: dict[str, dict[tuple[str, bool], Bounds]] = {}
    kept: dict[str, set[str]] = {}
    for row in rows:
        item, label, class_, _, _, _, lexical, inferred, *_ = texts(row)
        dating = read_bounds(lexical)
        if dating is None:
            continue
        kept.setdefault(item, set()).add(class_)
        things.setdefault(item, label)
        marks.setdefault(item, {})[lexical, inferred == "true"] = dating
    found = [
        (
            min(dating.order for dating in marks[item].values()),
            Lane(
                label,
                site.page(item),
                tuple(Mark(dating, inferred) for (_, inferred), dating in sorted(marks[item].items())),
            ),
        )
        for item, label in things.items()
        if not classes or kept[item] & set(classes)
    ]
    return [lane for _, lane in sorted(found, key=lambda pair: (pair[0], pair[1].name))]


def _cells(rows: Sequence[Row], site: Site, language: Language) -> tuple[tuple[Cell, ...], ...]:
    cells = []
    seen: set[tuple[str, str, str]] = set()
    for values, lines in merged(rows, 9):
        item, label, _, class_label, _, property_label, lexical, inferred, graph, _, quote = values
        if (item, lexical, graph) in seen:  # the same once more for another class of the thing
            continue
        seen.add((item, lexical, graph))
        when = date_in_words(lexical, language)
        note = Text(" (erschlossen)", " (inferred)").in_(language) if inferred == "true" else ""
        dating = read_bounds(lexical) or Bounds(Form.DAY, date.max, date.max)
        cells.append(
            (
                (dating.order, label),
                (
                    Cell(f"{when}{note}"),
                    Cell(label, site.page(item)),
                    Cell(class_label),
                    Cell(property_label),
                    source_cell(graph, lines, site, language),
                    quote_cell(quote),
                ),
            )
        )
    return tuple(row for _, row in sorted(cells, key=lambda pair: pair[0]))
