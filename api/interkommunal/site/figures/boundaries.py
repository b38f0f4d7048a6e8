"""The boundaries that the map draws, read from the GeoJSON file of a release (RFC 7946, polygons only)."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from interkommunal.site.figures.svg import Point

Ring = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """A city or district.

    Attributes:
        key: its official key, five digits.
        name: its name.
        rings: its boundary, rings of longitude and latitude in degrees (WGS 84).
    """

    key: str
    name: str
    rings: tuple[Ring, ...]


@dataclass(frozen=True, slots=True)
class Boundaries:
    """All units of a map and what has to stand below it."""

    units: tuple[Unit, ...]
    attribution: str


def read_boundaries(data: bytes) -> Boundaries:
    """The units in a GeoJSON feature collection, in the order of their keys.

    Raises:
        ValueError: it is none, or has a geometry other than polygons.
    """
    try:
        collection = orjson.loads(data)
        units = [
            Unit(feature["properties"]["key"], feature["properties"]["name"], _rings(feature["geometry"]))
            for feature in collection["features"]
        ]
        return Boundaries(tuple(sorted(units, key=lambda unit: unit.key)), str(collection["attribution"]))
    except (KeyError, TypeError) as error:
        raise ValueError(f"no GeoJSON with keys, names, polygons and an attribution: {error!r}") from error


def _rings(geometry: dict[str, object]) -> tuple[Ring, ...]:
    coordinates = geometry["coordinates"]
    assert isinstance(coordinates, list)
    if geometry["type"] == "Polygon":
        polygons = [coordinates]
    elif geometry["type"] == "MultiPolygon":
        polygons = coordinates
    else:
        raise ValueError(f"a boundary is a polygon, not a {geometry['type']}")
    return tuple(tuple((point[0], point[1]) for point in ring) for polygon in polygons for ring in polygon)
