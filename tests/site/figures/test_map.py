from __future__ import annotations

import itertools

import pytest
from tests.site.figures.drawings import classed, links, texts, tree

from interkommunal.content import Content
from interkommunal.site.figures.figure import Size
from interkommunal.site.figures.map import (
    Boundaries,
    MapLabel,
    Member,
    Projection,
    draw_map,
    labels,
    read_boundaries,
)
from interkommunal.site.figures.svg import width

ESSEN = Member("05113", "Essen", "/doc/city/essen", "role-first-signatory", "Erstunterzeichnerin", ("2003",))
BOTTROP = Member(
    "05512", "Bottrop", "/doc/city/bottrop", "role-acceding-party", "Beigetretene", (), "Angabe im Widerspruch"
)


@pytest.fixture(scope="module")
def boundaries(content: Content) -> Boundaries:
    return read_boundaries((content.data / "reference/ruhr-boundaries.geojson").read_bytes())


@pytest.fixture(scope="module")
def wide(boundaries: Boundaries) -> str:
    return draw_map(boundaries, [BOTTROP, ESSEN], "de", Size.WIDE)


def test_members_are_filled_by_role_and_all_others_are_context(wide: str) -> None:
    in_picture = [item for item in classed(wide, "map-area") if item.tag.endswith("path")]

    assert sorted(item.get("class", "") for item in in_picture) == [
        "map-area role-acceding-party",
        "map-area role-first-signatory",
    ]
    assert len([item for item in classed(wide, "map-context") if item.tag.endswith("path")]) == 13


def test_members_lead_to_their_pages_and_say_everything_in_words(wide: str) -> None:
    assert links(wide) == {
        "Essen, Erstunterzeichnerin, 2003": "/doc/city/essen",
        "Bottrop, Beigetretene, Angabe im Widerspruch": "/doc/city/bottrop",
    }


def test_doubt_is_hatched_and_explained(wide: str) -> None:
    assert [item.get("fill") for item in classed(wide, "map-doubt")] == ["url(#map-wide-hatching)"] * 2
    assert texts(wide, "figure-legend") == [
        "Beigetretene",
        "Erstunterzeichnerin",
        "auch 2003",
        "Angabe im Widerspruch",
        "weitere Städte und Kreise",
    ]


def test_attribution_stands_on_every_map(wide: str, boundaries: Boundaries) -> None:
    narrow = draw_map(boundaries, [ESSEN], "en", Size.NARROW)

    assert texts(wide, "figure-credit") == ["© GeoBasis-DE / BKG (Daten verändert)"]
    assert texts(narrow, "figure-credit") == ["© GeoBasis-DE / BKG (Daten verändert)"]


def test_description_names_the_members_by_role(wide: str) -> None:
    described = next(item for item in tree(wide) if item.get("id") == "map-wide-description")

    assert described.text == "Beigetretene: Bottrop; Erstunterzeichnerin: Essen"


def box(label: MapLabel) -> tuple[float, float, float, float]:
    """Left, top, right and bottom in pixels."""
    half = max(width(line, label.size) for line in label.lines) / 2
    rows = len(label.lines) - 1 + bool(label.shapes)
    return (label.x - half, label.y - label.size, label.x + half, label.y + rows * 15 + 3)


def test_no_two_labels_overlap_when_every_unit_is_a_member(boundaries: Boundaries) -> None:
    members = [Member(unit.key, unit.name, None, "role-party", "Partei", ("2003",)) for unit in boundaries.units]
    project = Projection((point for unit in boundaries.units for ring in unit.rings for point in ring), 880, 6)

    boxes = {label.key: box(label) for label in labels(boundaries, members, project)}

    for (one, a), (other, b) in itertools.combinations(boxes.items(), 2):
        apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
        assert apart, f"{one} and {other} overlap"


def test_narrow_map_shows_numbers_with_a_key(boundaries: Boundaries) -> None:
    narrow = draw_map(boundaries, [BOTTROP, ESSEN], "de", Size.NARROW)

    assert texts(narrow, "map-name") == ["1", "2"]
    assert texts(narrow, "map-key") == ["1", "2"]
    assert texts(narrow, "figure-legend")[:2] == ["Bottrop", "Essen"]
    assert tree(narrow).get("width") == "300"


def test_member_without_a_boundary_is_not_drawn(boundaries: Boundaries) -> None:
    stranger = Member("99999", "Anderswo", None, "role-party", "Partei")

    assert links(draw_map(boundaries, [stranger], "de", Size.WIDE)) == {}


def test_map_is_true_to_scale_in_its_middle() -> None:
    project = Projection([(7.0, 51.4), (8.0, 51.6)], 1000, 0)

    (west, north), (east, south) = project(7.0, 51.55), project(7.1, 51.45)

    # 0.1 degrees of longitude at 51.5 degrees north are 6.92 km on a sphere, 0.1 degrees of latitude 11.12 km.
    assert (east - west) / (south - north) == pytest.approx(6.92 / 11.12, abs=0.001)
