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

from interkommunal.site.figures.figure import Size, draw, hatching, identified, legend, mark, shape_of
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

    @property
    def shapes(self) -> tuple[str, ...]:
        """That of its role, and that of what else it took part in."""
        return (shape_of(self.role), *(["diamond"] if self.also else []))


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


def labels(boundaries: Boundaries, members: Sequence[Member], project: Projection) -> list[MapLabel]:
    """The labels of the wide map: name of each unit; below it the shape of a member's role, and of what else it did."""
    known = {member.key: member for member in members}
    found = []
    for unit in boundaries.units:
        xs, ys = zip(*(point for ring in unit.rings for point in ring), strict=True)
        spot = _SPOTS.get(unit.key) or Spot((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)
        x, y = project(spot.longitude, spot.latitude)
        member = known.get(unit.key)
        name, size, shapes = (member.name, _NAME_SIZE, member.shapes) if member else (unit.name, _CONTEXT_SIZE, ())
        lines = wrap(name, spot.limit, size)
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
    wide, identifier = size is Size.WIDE, identified(_NAME, size)
    pattern, frame = f"{identifier}-hatching", f"{identifier}-frame"
    units = {unit.key: unit for unit in boundaries.units}
    drawn = {member.key: member for member in members if member.key in units}
    shown = units if wide or not drawn else drawn
    project = Projection((point for key in shown for ring in units[key].rings for point in ring), size.value, 6)
    context, areas = [], []
    for unit in boundaries.units:
        outline = "".join(path((project(*point) for point in ring[:-1]), closed=True) for ring in unit.rings)
        if member := drawn.get(unit.key):
            spoken = ", ".join(filter(None, (member.name, member.role_word, *member.also, member.doubt)))
            parts = [element("title", spoken), element("path", d=outline, class_=f"map-area {member.role}")]
            if member.doubt:
                parts.append(element("path", d=outline, fill=f"url(#{pattern})", class_="map-doubt"))
            areas.append(link(member.href, *parts, label=spoken, class_="map-member"))
        else:
            context.append(element("path", element("title", unit.name), d=outline, class_="map-context"))
    names = []
    for label in labels(boundaries, members, project) if wide else ():
        class_ = "map-name" if label.key in drawn else "map-name map-name-context"
        names.append(text(label.lines, label.x, label.y, leading=_LEADING, text_anchor="middle", class_=class_))
        below = label.y + len(label.lines) * _LEADING - 4
        names += _row(label.shapes, label.x - (len(label.shapes) - 1) * 7.5, below)
    for number, key in enumerate(() if wide else drawn, 1):
        if spot := _SPOTS.get(key):
            x, y = project(spot.longitude, spot.latitude)
            names.append(text(str(number), x, y + 4.5, text_anchor="middle", class_="map-name"))
    keys, y = ([], project.height + 22) if wide else _key(list(drawn.values()), size, project.height + 22)
    explained, taken = legend(_entries(drawn.values(), language, pattern, context=bool(context)), 8, y, size.value - 16)
    credit = text(boundaries.attribution, size.value - 8, y + taken, text_anchor="end", class_="figure-credit")
    clip = element("clipPath", element("rect", width=size.value, height=project.height), id=frame)
    picture = element("g", *context, *areas, *names, clip_path=f"url(#{frame})")
    roles: dict[str, list[str]] = {}
    for member in drawn.values():
        roles.setdefault(member.role_word, []).append(member.name)
    said = "; ".join(f"{word}: {', '.join(those)}" for word, those in roles.items()) or _NOBODY.in_(language)
    everything = [element("defs", hatching(pattern), clip), picture, *keys, *explained, credit]
    return draw(_NAME, size, _TITLE.in_(language), said, y + taken + 8, everything)


def _row(shapes: Sequence[str], x: float, y: float) -> list[Markup]:
    return [mark(shape, x + i * 15, y, 5) for i, shape in enumerate(shapes)]


def _entries(
    members: Collection[Member], language: Language, pattern: str, *, context: bool
) -> list[tuple[Markup, str]]:
    box = {"x": -8.0, "y": -7.0, "width": 16.0, "height": 14.0}
    entries = []
    for role, word in dict.fromkeys((member.role, member.role_word) for member in members):
        swatch = element("rect", **box, class_=f"map-area {role}")
        entries.append((element("g", swatch, mark(shape_of(role), 0, 0, 4.5)), word))
    others = sorted({item for member in members for item in member.also})
    entries += [(mark("diamond", 0, 0, 5), f"{_ALSO.in_(language)} {other}") for other in others]
    ground = element("rect", **box, class_="map-area role-acceding-party")
    hatched = element("g", ground, element("rect", **box, fill=f"url(#{pattern})", class_="map-doubt"))
    entries += [(hatched, doubt) for doubt in dict.fromkeys(member.doubt for member in members if member.doubt)]
    if context:
        entries.append((element("rect", **box, class_="map-context"), _CONTEXT.in_(language)))
    return entries


def _key(members: Sequence[Member], size: Size, y: float) -> tuple[list[Markup], float]:
    """The key to the numbers in one or two columns, and where it ends."""
    parts: list[Markup] = []
    half = (len(members) + 1) // 2
    # The second column begins where the numbers are clear of the longest name in the first.
    second = max([124.0, *(width(member.name, _KEY_SIZE) + 58 for member in members[:half])])
    if any(second + 42 + width(member.name, _KEY_SIZE) > size.value for member in members[half:]):
        half = len(members)
    for i, member in enumerate(members):
        x, line = (4.0, y + i * 19) if i < half else (second, y + (i - half) * 19)
        parts.append(text(str(i + 1), x + 8, line, text_anchor="end", class_="map-key"))
        parts += _row(member.shapes, x + 18, line - 4.5)
        parts.append(text(member.name, x + 42, line, class_="figure-legend"))
    return parts, y + half * 19 + (8 if members else 0)
