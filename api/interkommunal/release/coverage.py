"""The years and the region that a release covers, read from its statements and maps."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from interkommunal.namespaces import IK
from interkommunal.release.release import Release

# West, south, east, north in degrees.
Box = tuple[float, float, float, float]

_YEAR: Final = re.compile(rb"<%s> \"(-?\d{4})\"" % f"{IK}year".encode())


def years_of(release: Release) -> set[int]:
    """The years of which the graph tells."""
    with release.quads.open("rb") as lines:
        return {int(match[1]) for line in lines if (match := _YEAR.search(line))}


def box_of(release: Release) -> Box | None:
    """The region of the maps as a rectangle; ``None`` without maps."""
    maps = [name for name, file in release.manifest.files.items() if file.holds == "map"]
    points = [point for name in maps for point in _points(json.loads(release.path(name).read_bytes()))]
    if not points:
        return None
    longitudes, latitudes = zip(*points, strict=True)
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def _points(shape: Any) -> Iterator[tuple[float, float]]:
    """The positions of a GeoJSON object (RFC 7946), longitude first."""
    if isinstance(shape, dict):
        for part in (*shape.get("features", ()), shape.get("geometry"), shape.get("coordinates")):
            yield from _points(part)
    elif isinstance(shape, list) and shape:
        if isinstance(shape[0], int | float):
            yield float(shape[0]), float(shape[1])
        else:
            for part in shape:
                yield from _points(part)
