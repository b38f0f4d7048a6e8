from __future__ import annotations

import pytest

from interkommunal.content import Content
from interkommunal.site.figures.map import read_boundaries

SQUARE = b"[[[7.0, 51.0], [7.1, 51.0], [7.1, 51.1], [7.0, 51.0]]]"


def collection(geometry: bytes) -> bytes:
    return (
        b'{"type": "FeatureCollection", "attribution": "by us", "features": [{"type": "Feature", "properties": '
        b'{"key": "05113", "name": "Essen"}, "geometry": ' + geometry + b"}]}"
    )


def test_unit_has_key_name_and_rings() -> None:
    found = read_boundaries(collection(b'{"type": "Polygon", "coordinates": ' + SQUARE + b"}"))

    assert found.attribution == "by us"
    (unit,) = found.units
    assert (unit.key, unit.name) == ("05113", "Essen")
    assert unit.rings == (((7.0, 51.0), (7.1, 51.0), (7.1, 51.1), (7.0, 51.0)),)


def test_several_polygons_are_the_rings_of_one_unit() -> None:
    found = read_boundaries(collection(b'{"type": "MultiPolygon", "coordinates": [' + SQUARE + b", " + SQUARE + b"]}"))

    assert len(found.units[0].rings) == 2


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", collection(b'{"type": "Point", "coordinates": [7, 51]}'), collection(b"null")]
)
def test_what_is_no_map_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        read_boundaries(data)


def test_shipped_map_has_the_fifteen_units_and_says_where_it_is_from(content: Content) -> None:
    found = read_boundaries((content.data / "reference/ruhr-boundaries.geojson").read_bytes())

    assert found.attribution == "© GeoBasis-DE / BKG (Daten verändert)"
    assert [unit.name for unit in found.units] == [
        "Duisburg",
        "Essen",
        "Mülheim an der Ruhr",
        "Oberhausen",
        "Wesel",
        "Bottrop",
        "Gelsenkirchen",
        "Recklinghausen",
        "Bochum",
        "Dortmund",
        "Hagen",
        "Hamm",
        "Herne",
        "Ennepe-Ruhr-Kreis",
        "Unna",
    ]
