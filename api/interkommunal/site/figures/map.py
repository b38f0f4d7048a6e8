"""The map: units of a region, members filled by their role, the others as quiet context.

In go boundaries (GeoJSON, RFC 7946, polygons only) and members, out comes SVG. The projection is equirectangular, true
to scale at 51.5 degrees north, which is off by less than half a percent within the Ruhr area. Labels are where a person
has put them; a unit that nobody has thought of gets its label in the middle.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final, NamedTuple

import orjson
from markupsafe import Markup

from interkommunal.site.figures.figure import LegendEntry, Size, draw, hatching, identified, legend, mark, shape_of
from interkommunal.site.figures.svg import Point, element, link, path, text, width, wrap
from interkommunal.texts import Language, Text

_LATITUDE: Final = math.cos(math.radians(51.5))
_NAME_SIZE: Final = 13.0
_KEY_SIZE: Final = 12.5
_CONTEXT_SIZE: Final = 11.5
_LEADING: Final = 15.0


class Unit(NamedTuple):
    """A city or district.

    Attributes:
        key: its official key, five digits.
        name: its name.
        rings: its boundary, rings of longitude and latitude in degrees (WGS 84).
    """

    key: str
    name: str
    rings: tuple[tuple[Point, ...], ...]


class Boundaries(NamedTuple):
    """All units of a map and the attribution that its licence asks for."""

    units: tuple[Unit, ...]
    attribution: str

    def around(self, x: float, y: float) -> Unit | None:
        """The unit around a point, longitude and latitude in degrees (even-odd rule)."""
        for unit in self.units:
            inside = False
            for ring in unit.rings:
                for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], ring[0]), strict=True):
                    if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                        inside = not inside
            if inside:
                return unit
        return None


class Member(NamedTuple):
    """A unit that takes part.

    Attributes:
        key: official key, by which its boundary is found.
        name: its name.
        href: address of its page.
        role: slug of the concept of its role, ``role_word`` the word for it.
        also: what else it took part in, as short words (``2003``).
        doubt: what is in doubt about it, or empty.
    """

    key: str
    name: str
    href: str | None
    role: str
    role_word: str
    also: tuple[str, ...] = ()
    doubt: str = ""


class Spot(NamedTuple):
    """The place of a label: its middle in degrees, and how wide a line may be, in pixels of the wide map."""

    longitude: float
    latitude: float
    limit: float = 110


# Set by hand for the boundaries that are shipped. Keys are official keys, names come from the data.
_SPOTS: Final = {
    "05112": Spot(6.738, 51.44),
    "05113": Spot(7.017, 51.442),
    "05117": Spot(6.881, 51.413, 80),
    "05119": Spot(6.853, 51.513),
    "05512": Spot(6.914, 51.583),
    "05513": Spot(7.068, 51.556),
    "05911": Spot(7.224, 51.466),
    "05913": Spot(7.473, 51.512),
    "05914": Spot(7.487, 51.345),
    "05915": Spot(7.838, 51.665),
    "05916": Spot(7.211, 51.541),
    "05170": Spot(6.53, 51.66),
    "05562": Spot(7.15, 51.70),
    "05954": Spot(7.262, 51.328),
    "05978": Spot(7.68, 51.515),
}
_NAME: Final = "map"
_TITLE: Final = Text("Map of the Metropole Ruhr")
_ALSO: Final = Text("also")
_NOBODY: Final = Text("No city takes part.")
_CONTEXT: Final = Text("other cities and districts")


def read_boundaries(data: bytes) -> Boundaries:
    """The units in a GeoJSON feature collection, in the order of their keys.

    Raises:
        ValueError: it is not one, or has a geometry other than polygons.
    """
    try:
        collection = orjson.loads(data)
        units = [
            Unit(feature["properties"]["key"], feature["properties"]["name"], _rings(feature["geometry"]))
            for feature in collection["features"]
        ]
        return Boundaries(tuple(sorted(units)), str(collection["attribution"]))
    except (KeyError, TypeError) as error:
        raise ValueError(f"no GeoJSON with keys, names, polygons and an attribution: {error!r}") from error


def _rings(geometry: dict[str, Any]) -> tuple[tuple[Point, ...], ...]:
    polygons = {"Polygon": [geometry["coordinates"]], "MultiPolygon": geometry["coordinates"]}.get(geometry["type"])
    if polygons is None:
        raise ValueError(f"a boundary is a polygon, not a {geometry['type']}")
    return tuple(tuple((point[0], point[1]) for point in ring) for polygon in polygons for ring in polygon)


class Projection:
    """Degrees to pixels.

    Args:
        points: longitude and latitude of what must be seen.
        wide: width in pixels.
        margin: pixels around it.
    """

    def __init__(self, points: Iterable[Point], wide: float, margin: float) -> None:
        seen = list(points)
        self.west = min(x for x, _ in seen)
        self.north = max(y for _, y in seen)
        east, south = max(x for x, _ in seen), min(y for _, y in seen)
        self.margin = margin
        self.scale = (wide - 2 * margin) / ((east - self.west) * _LATITUDE)
        self.height = (self.north - south) * self.scale + 2 * margin

    def __call__(self, longitude: float, latitude: float) -> Point:
        """Where a place lies."""
        return (
            (longitude - self.west) * _LATITUDE * self.scale + self.margin,
            (self.north - latitude) * self.scale + self.margin,
        )


class MapLabel(NamedTuple):
    """A name on the map: its lines, the middle of its first line, the size of its letters, and the shapes below it."""

    key: str
    lines: tuple[str, ...]
    x: float
    y: float
    size: float
    shapes: tuple[str, ...] = ()

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom in pixels."""
        half = max(width(line, self.size) for line in self.lines) / 2
        rows = len(self.lines) - 1 + bool(self.shapes)
        return (self.x - half, self.y - self.size, self.x + half, self.y + rows * _LEADING + 3)


def labels(boundaries: Boundaries, members: Sequence[Member], project: Projection) -> list[MapLabel]:
    """The labels of the wide map: name of each unit; below it the shape of a member's role, and of what else it did."""
    known = {member.key: member for member in members}
    found = []
    for unit in boundaries.units:
        spot = _SPOTS.get(unit.key) or _middle(unit)
        x, y = project(spot.longitude, spot.latitude)
        member = known.get(unit.key)
        size = _NAME_SIZE if member else _CONTEXT_SIZE
        lines = wrap(member.name if member else unit.name, spot.limit, size)
        shapes = _shapes(member) if member else ()
        rows = len(lines) - 1 + bool(shapes)
        found.append(MapLabel(unit.key, lines, x, y - rows * _LEADING / 2 + size / 3, size, shapes))
    return found


def draw_map(boundaries: Boundaries, members: Sequence[Member], language: Language, size: Size) -> Markup:
    """The map as SVG.

    Args:
        boundaries: all units.
        members: those that take part; one whose key has no boundary is not drawn.
        language: of title and legend.
        size: the narrow map shows the members only from nearby, with numbers and a key to them.
    """
    wide = size is Size.WIDE
    units = {unit.key: unit for unit in boundaries.units}
    drawn = {member.key: member for member in members if member.key in units}
    shown = units if wide or not drawn else drawn
    points = (point for key in shown for ring in units[key].rings for point in ring)
    project = Projection(points, size.value, 6)
    identifier = identified(_NAME, size)
    pattern, frame = f"{identifier}-hatching", f"{identifier}-frame"
    context = [
        element("path", element("title", unit.name), d=_outline(unit, project), class_="map-context")
        for unit in boundaries.units
        if unit.key not in drawn
    ]
    areas = [_area(drawn[unit.key], unit, project, pattern) for unit in boundaries.units if unit.key in drawn]
    names = _names(boundaries, drawn, project) if wide else _numbers(drawn, project)
    entries = _entries(drawn.values(), language, pattern, context=bool(context))
    below, height = _below(entries, [] if wide else list(drawn.values()), boundaries.attribution, size, project.height)
    clip = element("clipPath", element("rect", width=size.value, height=project.height), id=frame)
    picture = element("g", *context, *areas, *names, clip_path=f"url(#{frame})")
    defs = element("defs", hatching(pattern), clip)
    return draw(
        _NAME, size, _TITLE.in_(language), _description(drawn.values(), language), height, [defs, picture, *below]
    )


def _outline(unit: Unit, project: Projection) -> str:
    return "".join(path((project(*point) for point in ring[:-1]), closed=True) for ring in unit.rings)


def _area(member: Member, unit: Unit, project: Projection, pattern: str) -> Markup:
    outline = _outline(unit, project)
    parts = [element("path", d=outline, class_=f"map-area {member.role}")]
    if member.doubt:
        parts.append(element("path", d=outline, fill=f"url(#{pattern})", class_="map-doubt"))
    spoken = ", ".join(filter(None, (member.name, member.role_word, *member.also, member.doubt)))
    return link(member.href, element("title", spoken), *parts, label=spoken, class_="map-member")


def _names(boundaries: Boundaries, members: dict[str, Member], project: Projection) -> list[Markup]:
    parts = []
    for label in labels(boundaries, list(members.values()), project):
        class_ = "map-name" if label.key in members else "map-name map-name-context"
        parts.append(text(label.lines, label.x, label.y, leading=_LEADING, text_anchor="middle", class_=class_))
        y = label.y + len(label.lines) * _LEADING - 4
        parts += _row(label.shapes, label.x - (len(label.shapes) - 1) * 7.5, y)
    return parts


def _shapes(member: Member) -> tuple[str, ...]:
    return (shape_of(member.role), *(["diamond"] if member.also else []))


def _row(shapes: Sequence[str], x: float, y: float) -> list[Markup]:
    return [mark(shape, x + i * 15, y, 5) for i, shape in enumerate(shapes)]


def _numbers(members: dict[str, Member], project: Projection) -> list[Markup]:
    parts = []
    for number, key in enumerate(members, 1):
        if spot := _SPOTS.get(key):
            x, y = project(spot.longitude, spot.latitude)
            parts.append(text(str(number), x, y + 4.5, text_anchor="middle", class_="map-name"))
    return parts


def _entries(members: Collection[Member], language: Language, pattern: str, *, context: bool) -> list[LegendEntry]:
    box = {"x": -8.0, "y": -7.0, "width": 16.0, "height": 14.0}
    roles = dict.fromkeys((member.role, member.role_word) for member in members)
    entries = []
    for role, word in roles:
        swatch = element("rect", **box, class_=f"map-area {role}")
        entries.append(LegendEntry(element("g", swatch, mark(shape_of(role), 0, 0, 4.5)), word))
    others = sorted({item for member in members for item in member.also})
    entries += [LegendEntry(mark("diamond", 0, 0, 5), f"{_ALSO.in_(language)} {other}") for other in others]
    doubts = dict.fromkeys(member.doubt for member in members if member.doubt)
    ground = element("rect", **box, class_="map-area role-acceding-party")
    hatched = element("rect", **box, fill=f"url(#{pattern})", class_="map-doubt")
    entries += [LegendEntry(element("g", ground, hatched), doubt) for doubt in doubts]
    if context:
        entries.append(LegendEntry(element("rect", **box, class_="map-context"), _CONTEXT.in_(language)))
    return entries


def _below(
    entries: Sequence[LegendEntry], keyed: Sequence[Member], attribution: str, size: Size, top: float
) -> tuple[list[Markup], float]:
    """The key to the numbers, the legend and the attribution below the picture; also the height of it all."""
    parts: list[Markup] = []
    y = top + 22
    half = (len(keyed) + 1) // 2
    # The second column begins where the numbers are clear of the longest name in the first.
    second = max([124.0, *(width(member.name, _KEY_SIZE) + 58 for member in keyed[:half])])
    if any(second + 42 + width(member.name, _KEY_SIZE) > size.value for member in keyed[half:]):
        half = len(keyed)
    for i, member in enumerate(keyed):
        x, line = (4.0, y + i * 19) if i < half else (second, y + (i - half) * 19)
        parts.append(text(str(i + 1), x + 8, line, text_anchor="end", class_="map-key"))
        parts += _row(_shapes(member), x + 18, line - 4.5)
        parts.append(text(member.name, x + 42, line, class_="figure-legend"))
    y += half * 19 + (8 if keyed else 0)
    explained, height = legend(entries, 8, y, size.value - 16)
    y += height
    credit = text(attribution, size.value - 8, y, text_anchor="end", class_="figure-credit")
    return [*parts, *explained, credit], y + 8


def _description(members: Iterable[Member], language: Language) -> str:
    roles: dict[str, list[str]] = {}
    for member in members:
        roles.setdefault(member.role_word, []).append(member.name)
    said = "; ".join(f"{word}: {', '.join(names)}" for word, names in roles.items())
    return said or _NOBODY.in_(language)


def _middle(unit: Unit) -> Spot:
    longitudes = [x for ring in unit.rings for x, _ in ring]
    latitudes = [y for ring in unit.rings for _, y in ring]
    return Spot((min(longitudes) + max(longitudes)) / 2, (min(latitudes) + max(latitudes)) / 2)
