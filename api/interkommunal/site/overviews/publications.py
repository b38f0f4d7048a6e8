"""The shelf: what the source lists as publications."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup
from pyoxigraph import Literal

from interkommunal.namespaces import IK
from interkommunal.site.description.graph_client import GraphClient, Row
from interkommunal.site.figures.figure import Cell, Size, Table
from interkommunal.site.figures.shelf import Work, draw_shelf
from interkommunal.site.overviews.overview import Overview, merged, quote_cell, source_cell, texts
from interkommunal.site.overviews.questions import question
from interkommunal.site.site import Site
from interkommunal.texts import Language, Text

KEY: Final = "publications"
TITLE: Final = Text("Was veröffentlicht wurde", "What was published")
_LEAD: Final = Text(
    "So zählt die Quelle ihre Veröffentlichungen auf, mit den Titeln, wie sie gedruckt sind. Was kein Schriftstück "
    "ist, steht als Bildschirm daneben.",
    "This is how the source lists its publications, with the titles as printed. What is nothing written stands beside "
    "them as a screen.",
)
_COUNT: Final = Text(
    "In der Liste stehen {entries} Einträge; {twins} davon sind vielleicht ein einziger Titel.",
    "The list has {entries} entries; {twins} of them may be a single title.",
)
_COLUMNS: Final = (
    (Text("Titel, wie gedruckt", "Title as printed"), "title"),
    (Text("Platz", "Place"), "position"),
    (Text("Art", "Kind"), "type_label"),
    (Text("Teil von", "Part of"), "whole"),
    (Text("Zweifel", "Doubt"), "twin"),
    (Text("Beleg", "Source"), "line"),
    (Text("Satz der Quelle", "Sentence of the source"), "quote"),
)
_DATA: Final = (
    "work", "title", "class", "class_label", "type", "type_label", "list", "position", "whole", "twin", "discrepancy",
    "passage", "line", "quote",
)  # fmt: skip
_WRITTEN: Final = f"{IK}Publication"
_TWIN: Final = Text("vielleicht dasselbe wie „{title}“", "possibly the same as “{title}”")


async def read_publications(client: GraphClient, site: Site, language: Language) -> Overview:
    """The overview of publications."""
    query = question("publications", lang=Literal(language))
    rows = await client.rows(query)
    works, doubt = works_of(rows, site)
    pictures = {size: draw_shelf(works, language, size, doubt) if works else Markup("") for size in Size}
    twins = sum(work.twin is not None for work in works)
    entries = sum(work.whole is None for work in works)
    notes = (_COUNT.in_(language).format(entries=entries, twins=twins),) if twins else ()
    return Overview(
        key=KEY,
        title=TITLE.in_(language),
        lead=_LEAD.in_(language),
        wide=pictures[Size.WIDE],
        narrow=pictures[Size.NARROW],
        caption=Text("Jede Veröffentlichung mit ihrem Beleg", "Each publication with its source").in_(language),
        table=Table(
            tuple((name.in_(language), key) for name, key in _COLUMNS), _cells(rows, works, doubt, site, language)
        ),
        columns=_DATA,
        rows=tuple(tuple(texts(row)) for row in rows),
        queries=(query,),
        notes=notes,
    )


def works_of(rows: Sequence[Row], site: Site) -> tuple[list[Work], str | None]:
    """The works in the order of the text, and the page of the discrepancy about works that may be one."""
    works: dict[str, Work] = {}
    doubt: str | None = None
    for row in rows:
        iri, title, class_, class_label, _, type_label, _, position, whole, twin, discrepancy, *_ = texts(row)
        if discrepancy:
            doubt = site.page(discrepancy)
        if iri in works and class_ != _WRITTEN:
            continue
        works[iri] = Work(
            key=iri,
            name=title,
            kind=type_label or class_label,
            href=site.page(iri),
            written=class_ == _WRITTEN,
            position=int(position) if position else None,
            whole=whole or None,
            twin=twin or None,
        )
    return list(works.values()), doubt


def _cells(
    rows: Sequence[Row], works: Sequence[Work], doubt: str | None, site: Site, language: Language
) -> tuple[tuple[Cell, ...], ...]:
    known = {work.key: work for work in works}
    cells: dict[str, tuple[Cell, ...]] = {}
    for values, lines in merged(rows, 12):
        work = known[values[0]]
        whole, twin = known.get(work.whole or ""), known.get(work.twin or "")
        cells.setdefault(
            work.key,
            (
                Cell(work.name, work.href, "de"),
                Cell("" if work.position is None else str(work.position)),
                Cell(work.kind),
                Cell(whole.name, whole.href, "de") if whole else Cell(""),
                Cell(_TWIN.in_(language).format(title=twin.name), doubt) if twin else Cell(""),
                source_cell(values[11], lines, site, language),
                quote_cell(values[13]),
            ),
        )
    return tuple(cells.values())
