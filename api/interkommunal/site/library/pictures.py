"""What the rows of a question can be drawn as, if its head says so: timeline, map, network or chart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from interkommunal.graph.edtf import Bounds, read_bounds
from interkommunal.namespaces import prefixed_name
from interkommunal.site.figures.chart import Bar, draw_chart
from interkommunal.site.figures.figure import Size
from interkommunal.site.figures.map import Boundaries, Member, Unit, draw_map
from interkommunal.site.figures.network import Edge, Node, draw_network, draw_two_sides, has_two_sides
from interkommunal.site.figures.timeline import Lane, Mark, draw_timeline
from interkommunal.site.library.rows import Answered, plain
from interkommunal.site.library.sheet import link
from interkommunal.site.site import Site
from interkommunal.texts import Language, Text

# More than this is no picture any more; the table has it all.
_MOST: Final = 80
_PARTY: Final = "role-party"
# What an edge says where the rows have no word for it.
_TIES: Final = Text("Ties")
_CHART: Final = Text("Bar chart")
_LINKED: Final = Text("linked to")

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing for each width."""

    wide: Markup
    narrow: Markup


def picture_of(
    answered: Answered, site: Site, boundaries: Boundaries | None, roles: Mapping[str, str]
) -> Picture | None:
    """The picture of an answer, or ``None`` where there is nothing to draw.

    Args:
        answered: the rows.
        site: for links.
        boundaries: of the release, for maps.
        roles: slugs of roles by their label, for maps.
    """
    language, query = answered.asked.language, answered.asked.query
    rows = [dict(zip(answered.columns, map(plain, row), strict=True)) for row in answered.rows]
    draw: Callable[[Size], Markup] | None = None
    if query.result == "timeline" and (lanes := _lanes(rows, answered.columns, site)):
        draw = lambda size: draw_timeline(lanes, language, size)  # noqa: E731
    elif query.result == "map" and boundaries and (members := _members(rows, site, boundaries, language, roles)):
        draw = lambda size: draw_map(boundaries, members, language, size)  # noqa: E731
    elif query.result == "network" and (net := _net(rows, site, language)):
        title = query.summary[language]
        draw = lambda size: draw_network(net[0], net[1], title, size)  # noqa: E731
        if has_two_sides(net[1]):
            return Picture(draw_two_sides(net[0], net[1], f"{_TIES.in_(language)}: {title}"), draw(Size.NARROW))
    elif query.result == "chart" and (bars := _bars(rows, answered.columns, site)):
        draw = lambda size: draw_chart(bars, f"{_CHART.in_(language)}: {query.summary[language]}", size)  # noqa: E731
    return None if draw is None else Picture(draw(Size.WIDE), draw(Size.NARROW))


def _named(values: Values, column: str) -> str:
    return values.get(f"{column}_label") or prefixed_name(values.get(column, ""))


def _lanes(rows: Sequence[Values], columns: Sequence[str], site: Site) -> list[Lane]:
    """One lane for each thing: the first column that has a label."""
    thing = next((name.removesuffix("_label") for name in columns if name.endswith("_label")), "")
    found: dict[str, tuple[str, dict[str, Bounds]]] = {}
    for values in rows:
        dating = read_bounds(values["date"])
        if dating is None or not values.get(thing):
            continue
        lane = found.setdefault(values[thing], (_named(values, thing), {}))
        lane[1].setdefault(values["date"], dating)
    lanes = [
        (min(dating.order for dating in dates.values()), Lane(name, link(iri, site), _marks(dates)))
        for iri, (name, dates) in found.items()
    ]
    return [lane for _, lane in sorted(lanes, key=lambda item: item[0])][:_MOST]


def _marks(dates: Mapping[str, Bounds]) -> tuple[Mark, ...]:
    return tuple(Mark(dating) for _, dating in sorted(dates.items()))


def _members(
    rows: Sequence[Values], site: Site, boundaries: Boundaries, language: Language, roles: Mapping[str, str]
) -> list[Member]:
    """The units that hold a point of a row, each once; the number of a row stands behind its name."""
    members: dict[str, Member] = {}
    for values in rows:
        unit = _unit(values.get("long", ""), values.get("lat", ""), boundaries)
        if unit is None or unit.key in members:
            continue
        role = values.get("role_label", "")
        name = _named(values, "city") or unit.name
        members[unit.key] = Member(
            unit.key,
            f"{name}: {values['count']}" if values.get("count") else name,
            link(values.get("city", ""), site),
            roles.get(role, _PARTY),
            role or Text("named").in_(language),
        )
    return list(members.values())


def _unit(longitude: str, latitude: str, boundaries: Boundaries) -> Unit | None:
    """The unit around a point (even-odd rule)."""
    try:
        x, y = float(longitude), float(latitude)
    except ValueError:
        return None
    for unit in boundaries.units:
        inside = False
        for ring in unit.rings:
            for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], ring[0]), strict=True):
                if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                    inside = not inside
        if inside:
            return unit
    return None


def _net(rows: Sequence[Values], site: Site, language: Language) -> tuple[list[Node], list[Edge]] | None:
    nodes: dict[str, Node] = {}
    edges: dict[Edge, None] = {}
    for values in rows:
        if not values["from"] or not values["to"]:
            continue
        for end in ("from", "to"):
            iri = values[end]
            nodes.setdefault(iri, Node(iri, _named(values, end), "", _shape(iri), link(iri, site)))
        word = next((values[name] for name in ("link_label", "role_label", "basis_label") if values.get(name)), "")
        edges[Edge(values["from"], values["to"], word or _LINKED.in_(language))] = None
    return (list(nodes.values()), list(edges)) if nodes and len(nodes) <= _MOST else None


def _shape(iri: str) -> str:
    return "city" if "/id/city/" in iri else "cooperation" if "/id/cooperation/" in iri else "other"


def _bars(rows: Sequence[Values], columns: Sequence[str], site: Site) -> list[Bar]:
    """A bar a row, named by the labels of the row, the first of which leads to its page."""
    name = columns[0]
    others = [
        column for column in columns[1:] if column.endswith("_label") and column.removesuffix("_label") in columns
    ]
    bars = []
    for values in rows[:_MOST]:
        try:
            value = float(values["count"])
        except ValueError:
            continue
        words = [_named(values, name), *(values[column] for column in others if column != f"{name}_label")]
        shown = ", ".join(word for word in dict.fromkeys(words) if word)
        bars.append(Bar(shown, value, values["count"], link(values[name], site)))
    return bars
