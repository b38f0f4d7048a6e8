"""The overviews, one row each: what they ask, draw and tell. A new one is a row in :data:`OUTLINES`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import Final

from interkommunal.dates import date_in_words
from interkommunal.graph.edtf import Bounds, Form, read_bounds
from interkommunal.namespaces import IK, expand
from interkommunal.site.figures.figure import TableCell
from interkommunal.site.figures.map import Member, draw_map
from interkommunal.site.figures.network import NetworkEdge, NetworkNode, draw_network
from interkommunal.site.figures.shelf import Work, draw_shelf
from interkommunal.site.figures.timeline import Lane, TimelineMark, draw_timeline
from interkommunal.site.overviews.agreements import AGREEMENTS, year
from interkommunal.site.overviews.overview import Filled, OverviewOutline, Values, View, merged, quote_cell, slug
from interkommunal.site.site import Site
from interkommunal.texts import Text

_SOURCE: Final = (
    (Text("Source"), "line"),
    (Text("Sentence of the source"), "quote"),
)
_NO_BASIS: Final = Text("No agreement is named as the basis of a cooperation.")
_NO_MAP: Final = Text("This release holds no boundaries, so there is no map. The table says the same.")
_IN_CONFLICT: Final = Text("statement in conflict")
_INFERRED: Final = Text(" (inferred)")
_BODIES: Final = Text("Bodies and posts")
# What a thing is decides how its box looks; the word in the box is the label of its class.
_SHAPES: Final = {
    f"{IK}Cooperation": "cooperation",
    expand("org:OrganizationalUnit"): "unit",
    expand("org:Post"): "post",
    expand("org:Role"): "role",
    f"{IK}City": "city",
}
_WRITTEN: Final = f"{IK}Publication"
_TWIN: Final = Text("possibly the same as “{title}”")
_COUNT: Final = Text("The list has {entries} entries; {twins} of them may be a single title.")


def _region(answers: Sequence[Sequence[Values]], view: View) -> Filled:
    boundaries, language = view.boundaries, view.language
    agreement, members = _members(answers[0], view)
    draw = partial(draw_map, boundaries, members, language) if boundaries and members else None
    lead = REGION.lead.in_(language).format(agreement=agreement) if agreement else _NO_BASIS.in_(language)
    cells = [
        (TableCell(item.name, item.href), *map(TableCell, (item.role_word, ", ".join(item.also), item.doubt, item.key)))
        for item in members
    ]
    return Filled(draw, cells, lead=lead, notes=() if boundaries else (_NO_MAP.in_(language),))


def _members(rows: Iterable[Values], view: View) -> tuple[str, list[Member]]:
    """Name of the agreement that a cooperation is based on, and the cities in it, by name.

    Of several, the one with the latest date counts; all others are what a city was also party to.
    """
    bases: dict[str, tuple[str, str]] = {}
    cities: dict[str, tuple[str, str]] = {}
    roles: dict[tuple[str, str], tuple[str, str, bool]] = {}
    dates: dict[str, str] = {}
    for row in rows:
        city, agreement, label = row["city"], row["agreement"], row["agreement_label"]
        cities[city] = (row["city_label"], row["key"])
        doubtful = bool(row["contradicts"]) or roles.get((city, agreement), ("", "", False))[2]
        roles[city, agreement] = (slug(row["role"]), row["role_label"], doubtful)
        dates[agreement] = year(row["created"]) or label
        if row["basis_of"]:
            bases[agreement] = (row["created"], label)
    if not bases:
        return "", []
    chosen = max(bases, key=lambda agreement: (bases[agreement], agreement))
    members = []
    for city, (name, key) in sorted(cities.items(), key=lambda item: (item[1][0].casefold(), item[0])):
        if (city, chosen) in roles:
            role, word, doubtful = roles[city, chosen]
            also = sorted(dates[agreement] for place, agreement in roles if place == city and agreement != chosen)
            doubt = _IN_CONFLICT.in_(view.language) if doubtful else ""
            members.append(Member(key, name, view.site.page(city), role, word, tuple(also), doubt))
    return bases[chosen][1], members


def _chronology(answers: Sequence[Sequence[Values]], view: View) -> Filled:
    (rows,) = answers
    drawn = lanes(rows, view.site)
    return Filled(partial(draw_timeline, drawn, view.language) if drawn else None, _datings(rows, view))


def lanes(rows: Iterable[Values], site: Site, classes: Iterable[str] = ()) -> list[Lane]:
    """One lane for each thing, the earliest first.

    Args:
        rows: of ``dates.rq``.
        site: for links.
        classes: only things of these classes; all if empty.
    """
    names: dict[str, str] = {}
    marks: dict[str, dict[tuple[str, bool], Bounds]] = {}
    kept: dict[str, set[str]] = {}
    for row in rows:
        item, inferred = row["item"], row["inferred"] == "true"
        if dating := read_bounds(row["date"]):
            names.setdefault(item, row["item_label"])
            kept.setdefault(item, set()).add(row["class"])
            marks.setdefault(item, {})[row["date"], inferred] = dating
    wanted = set(classes)
    order = sorted(names, key=lambda item: (min(dating.order for dating in marks[item].values()), names[item]))
    return [
        Lane(
            names[item],
            site.page(item),
            tuple(TimelineMark(dating, inferred) for (_, inferred), dating in sorted(marks[item].items())),
        )
        for item in order
        if not wanted or kept[item] & wanted
    ]


def _datings(rows: Iterable[Values], view: View) -> Iterator[tuple[TableCell, ...]]:
    """The rows of the table, by date; a thing of several classes once."""
    found: dict[tuple[str, ...], tuple[Values, list[int]]] = {}
    for row, lines in merged(rows):
        found.setdefault((row["item"], row["date"], row["graph"]), (row, lines))
    unknown = Bounds(Form.DAY, date.max, date.max)
    order = {key: ((read_bounds(key[1]) or unknown).order, row["item_label"]) for key, (row, _) in found.items()}
    for key in sorted(found, key=order.__getitem__):
        row, lines = found[key]
        note = _INFERRED.in_(view.language) if row["inferred"] == "true" else ""
        yield (
            TableCell(date_in_words(row["date"], view.language) + note),
            view.thing(row["item_label"], row["item"]),
            TableCell(row["class_label"]),
            TableCell(row["property_label"]),
            view.source(row["graph"], lines),
            quote_cell(row["quote"]),
        )


def _organisation(answers: Sequence[Sequence[Values]], view: View) -> Filled:
    (rows,) = answers
    nodes: dict[str, NetworkNode] = {}
    for row in rows:
        for end in ("source", "target"):
            iri, shape = row[end], _SHAPES.get(row[f"{end}_class"], "other")
            if iri not in nodes or nodes[iri].shape == "other":
                nodes[iri] = NetworkNode(iri, row[f"{end}_label"], row[f"{end}_kind"], shape, view.site.page(iri))
    edges = list(dict.fromkeys(NetworkEdge(row["source"], row["target"], row["property_label"]) for row in rows))
    drawn = list(nodes.values())
    title = _BODIES.in_(view.language)
    cells: dict[tuple[str, ...], tuple[TableCell, ...]] = {}
    for row, lines in merged(rows):
        cells.setdefault(
            tuple(row[name] for name in ("source", "property", "target", "passage")),
            (
                view.thing(row["source_label"], row["source"]),
                TableCell(row["property_label"]),
                view.thing(row["target_label"], row["target"]),
                view.source(row["passage"], lines),
                quote_cell(row["quote"]),
            ),
        )
    return Filled((lambda size: draw_network(drawn, edges, title, size)) if drawn else None, cells.values())


def _publications(answers: Sequence[Sequence[Values]], view: View) -> Filled:
    (rows,) = answers
    language = view.language
    works: dict[str, Work] = {}
    for row in rows:
        iri, written = row["work"], row["class"] == _WRITTEN
        if iri not in works or written:
            works[iri] = Work(
                iri,
                row["title"],
                row["type_label"] or row["class_label"],
                view.site.page(iri),
                written,
                int(row["position"]) if row["position"] else None,
                row["whole"] or None,
                row["twin"] or None,
            )
    doubt = next((view.site.page(row["discrepancy"]) for row in reversed(rows) if row["discrepancy"]), None)
    cells: dict[str, tuple[TableCell, ...]] = {}
    for row, lines in merged(rows):
        work = works[row["work"]]
        whole, twin = works.get(work.whole or ""), works.get(work.twin or "")
        cells.setdefault(
            work.key,
            (
                TableCell(work.name, work.href, "de"),
                TableCell("" if work.position is None else str(work.position)),
                TableCell(work.kind),
                TableCell(whole.name, whole.href, "de") if whole else TableCell(""),
                TableCell(_TWIN.in_(language).format(title=twin.name), doubt) if twin else TableCell(""),
                view.source(row["passage"], lines),
                quote_cell(row["quote"]),
            ),
        )
    drawn = list(works.values())
    twins, entries = sum(work.twin is not None for work in drawn), sum(work.whole is None for work in drawn)
    return Filled(
        (lambda size: draw_shelf(drawn, language, size, doubt)) if drawn else None,
        cells.values(),
        notes=(_COUNT.in_(language).format(entries=entries, twins=twins),) if twins else (),
    )


REGION: Final = OverviewOutline(
    key="map",
    title=Text("The cities on the map"),
    hint=Text("Map of the region, with roles"),
    lead=Text(
        "Filled are the cities that are party to the agreement the cooperation is based on: {agreement}. "
        "Other cities and districts of the region are outlined."
    ),
    caption=Text("Cities and their role"),
    columns=(
        (Text("City"), "city_label"),
        (Text("Role"), "role_label"),
        (Text("Also party to"), "also"),
        (Text("Doubt"), "doubt"),
        (Text("Key"), "key"),
    ),
    queries=("cities",),
    fill=_region,
)
CHRONOLOGY: Final = OverviewOutline(
    key="timeline",
    title=Text("What was when"),
    hint=Text("Timeline, as exact as the source"),
    lead=Text(
        "A dot is an exact day, a short bar a year, a long one a period. Where a bound is open the bar "
        "fades: the source knows no better."
    ),
    caption=Text("All datings with their source"),
    columns=(
        (Text("When"), "date"),
        (Text("What"), "item_label"),
        (Text("Kind"), "class_label"),
        (Text("Statement"), "property_label"),
        *_SOURCE,
    ),
    queries=("dates",),
    fill=_chronology,
)
ORGANISATION: Final = OverviewOutline(
    key="organisation",
    title=Text("How the cooperation is organised"),
    hint=Text("Bodies, posts and hosts"),
    lead=Text(
        "Bodies, posts and roles as the text names them. It names posts, no persons; which role exists "
        "in which city it leaves open."
    ),
    caption=Text("Each relation with its source"),
    columns=(
        (Text("Who"), "source_label"),
        (Text("Relation"), "property_label"),
        (Text("To whom"), "target_label"),
        *_SOURCE,
    ),
    queries=("bodies",),
    fill=_organisation,
)
PUBLICATIONS: Final = OverviewOutline(
    key="publications",
    title=Text("What was published"),
    hint=Text("The shelf of publications"),
    lead=Text(
        "This is how the source lists its publications, with the titles as printed. What is nothing "
        "written stands beside them as a screen."
    ),
    caption=Text("Each publication with its source"),
    columns=(
        (Text("Title as printed"), "title"),
        (Text("Position"), "position"),
        (Text("Kind"), "type_label"),
        (Text("Part of"), "whole"),
        (Text("Doubt"), "twin"),
        *_SOURCE,
    ),
    queries=("publications",),
    fill=_publications,
)
#: The overviews with a figure, in the order in which they are offered.
OUTLINES: Final = (REGION, CHRONOLOGY, AGREEMENTS, ORGANISATION, PUBLICATIONS)
