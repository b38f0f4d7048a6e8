"""The overviews, one row each: what they ask, draw and tell. A new one is a row in :data:`OUTLINES`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
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
from interkommunal.site.overviews.overview import Filled, OverviewOutline, Values, View, grouped, merged, slug
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
    lead = REGION.lead.in_(language).format(agreement=agreement) if agreement else _NO_BASIS.in_(language)
    cells = [
        (TableCell(item.name, item.href), *map(TableCell, (item.role_word, ", ".join(item.also), item.doubt, item.key)))
        for item in members
    ]
    draw = partial(draw_map, boundaries, members, language) if boundaries and members else None
    return Filled(draw, cells, lead=lead, notes=() if boundaries else (_NO_MAP.in_(language),))


def _members(rows: Sequence[Values], view: View) -> tuple[str, list[Member]]:
    """Name of the agreement that a cooperation is based on, and the cities in it, by name.

    Of several, the one with the latest date counts; all others are what a city was also party to.
    """
    bases = [(row["created"], row["agreement_label"], row["agreement"]) for row in rows if row["basis_of"]]
    if not bases:
        return "", []
    _, label, chosen = max(bases)
    members = []
    for (city,), of_city in grouped(rows, "city").items():
        parts = grouped(of_city, "agreement")
        if basis := parts.pop((chosen,), None):
            also = sorted(year(row["created"]) or row["agreement_label"] for *_, row in parts.values())
            doubt = _IN_CONFLICT.in_(view.language) if any(row["contradicts"] for row in basis) else ""
            row, page = basis[-1], view.site.page(city)
            role = slug(row["role"]), row["role_label"]
            members.append(Member(row["key"], row["city_label"], page, *role, tuple(also), doubt))
    return label, sorted(members, key=lambda item: (item.name.casefold(), item.href or ""))


def _chronology(answers: Sequence[Sequence[Values]], view: View) -> Filled:
    (rows,) = answers
    drawn, language = lanes(rows, view.site), view.language
    unknown = Bounds(Form.DAY, date.max, date.max)
    # A thing of several classes once.
    datings = merged(rows, "item", "date", "graph")
    datings.sort(key=lambda item: ((read_bounds(item[0]["date"]) or unknown).order, item[0]["item_label"]))
    cells = [
        (
            TableCell(
                date_in_words(row["date"], language) + (_INFERRED.in_(language) if row["inferred"] == "true" else "")
            ),
            view.thing(row["item_label"], row["item"]),
            TableCell(row["class_label"]),
            TableCell(row["property_label"]),
            *view.evidence(row["graph"], lines, row["quote"]),
        )
        for row, lines in datings
    ]
    return Filled(partial(draw_timeline, drawn, language) if drawn else None, cells)


def lanes(rows: Iterable[Values], site: Site, classes: Collection[str] = ()) -> list[Lane]:
    """One lane for each thing, the earliest first.

    Args:
        rows: of ``dates.rq``.
        site: for links.
        classes: only things of these classes; all if empty.
    """
    found = []
    for (item,), dated in grouped((row for row in rows if read_bounds(row["date"])), "item").items():
        if not classes or any(row["class"] in classes for row in dated):
            times = sorted({(row["date"], row["inferred"] == "true") for row in dated})
            marks = tuple(TimelineMark(dating, inferred) for time, inferred in times if (dating := read_bounds(time)))
            found.append(Lane(dated[0]["item_label"], site.page(item), marks))
    return sorted(found, key=lambda lane: (min(mark.dating.order for mark in lane.marks), lane.name))


def _organisation(answers: Sequence[Sequence[Values]], view: View) -> Filled:
    (rows,) = answers
    nodes: dict[str, NetworkNode] = {}
    for row in rows:
        for end in ("source", "target"):
            iri, shape = row[end], _SHAPES.get(row[f"{end}_class"], "other")
            if iri not in nodes or nodes[iri].shape == "other":
                nodes[iri] = NetworkNode(iri, row[f"{end}_label"], row[f"{end}_kind"], shape, view.site.page(iri))
    edges = list(dict.fromkeys(NetworkEdge(row["source"], row["target"], row["property_label"]) for row in rows))
    drawn, title = list(nodes.values()), _BODIES.in_(view.language)
    cells = [
        (
            view.thing(row["source_label"], row["source"]),
            TableCell(row["property_label"]),
            view.thing(row["target_label"], row["target"]),
            *view.evidence(row["passage"], lines, row["quote"]),
        )
        for row, lines in merged(rows, "source", "property", "target", "passage")
    ]
    return Filled(partial(draw_network, drawn, edges, title) if drawn else None, cells)


def _publications(answers: Sequence[Sequence[Values]], view: View) -> Filled:
    (rows,) = answers
    language = view.language
    works: dict[str, Work] = {}
    for row in rows:
        iri, written = row["work"], row["class"] == _WRITTEN
        if iri not in works or written:
            kind, position = row["type_label"] or row["class_label"], int(row["position"]) if row["position"] else None
            parts = (row["whole"] or None, row["twin"] or None)
            works[iri] = Work(iri, row["title"], kind, view.site.page(iri), written, position, *parts)
    doubt = next((view.site.page(row["discrepancy"]) for row in reversed(rows) if row["discrepancy"]), None)
    cells = []
    for row, lines in merged(rows, "work"):
        work = works[row["work"]]
        whole, twin = works.get(work.whole or ""), works.get(work.twin or "")
        cells.append(
            (
                TableCell(work.name, work.href, "de"),
                TableCell("" if work.position is None else str(work.position)),
                TableCell(work.kind),
                TableCell(whole.name, whole.href, "de") if whole else TableCell(""),
                TableCell(_TWIN.in_(language).format(title=twin.name), doubt) if twin else TableCell(""),
                *view.evidence(row["passage"], lines, row["quote"]),
            ),
        )
    drawn = list(works.values())
    twins, entries = sum(work.twin is not None for work in drawn), sum(work.whole is None for work in drawn)
    return Filled(
        partial(draw_shelf, drawn, language, doubt_href=doubt) if drawn else None,
        cells,
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
