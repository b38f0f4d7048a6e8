from __future__ import annotations

from tests.site.figures.drawings import classed, links, texts, tree

from interkommunal.graph.edtf import Bounds, read_bounds
from interkommunal.site.figures.figure import Size
from interkommunal.site.figures.timeline import Axis, Lane, TimelineMark, axis_years, draw_timeline


def dating(written: str) -> Bounds:
    found = read_bounds(written)
    assert found is not None
    return found


def lane(name: str, *written: str, inferred: bool = False) -> Lane:
    return Lane(name, f"/doc/{name}", tuple(TimelineMark(dating(item), inferred) for item in written))


def test_exact_day_is_a_point() -> None:
    drawn = draw_timeline([lane("Fassung", "2010-05-28")], "de", Size.WIDE)

    lanes = classed(drawn, "timeline-lane")
    assert [item.tag.rpartition("}")[2] for item in lanes[0]] == ["text", "circle", "text"]
    assert texts(drawn, "timeline-words") == ["28. Mai 2010"]


def test_year_is_a_bar_as_long_as_the_year() -> None:
    drawn = draw_timeline([lane("Vertrag", "2003"), lane("Forum", "2012")], "de", Size.WIDE)
    axis = Axis(2003, 2012, 308, 872)

    bars = [item for item in classed(drawn, "timeline-bar") if item.get("x") != "-8"]

    assert [round(float(item.get("width", "0")), 1) for item in bars] == [round(axis.year, 1)] * 2
    assert [float(item.get("x", "0")) for item in bars] == [308.0, round(308 + 9 * axis.year, 1)]


def test_open_bound_fades_from_its_known_edge() -> None:
    drawn = draw_timeline([lane("Beitritt", "[2010-05-28..]", inferred=True)], "de", Size.WIDE)

    (fading,) = [item for item in classed(drawn, "timeline-inferred") if item.get("fill")]
    assert fading.get("fill") == "url(#timeline-wide-fall-inferred)"
    assert len(classed(drawn, "timeline-bound")) == 1
    assert texts(drawn, "timeline-words") == ["28. Mai 2010 oder später (erschlossen)"]


def test_approximate_beginning_rises_and_the_known_rest_is_full() -> None:
    drawn = draw_timeline([lane("Beratungen", "2008~/2010-05-28", inferred=True)], "en", Size.WIDE)

    shapes = [item for item in classed(drawn, "timeline-inferred") if item.get("x") != "-8"]
    assert [item.get("fill") for item in shapes] == ["url(#timeline-wide-rise-inferred)", None]
    assert texts(drawn, "timeline-words") == ["about 2008 to 28 May 2010 (inferred)"]


def test_axis_goes_on_after_the_data_only_if_something_is_open() -> None:
    closed = [lane("Vertrag", "2003"), lane("Forum", "2016")]

    assert axis_years(closed) == (2003, 2016)
    assert axis_years([*closed, lane("Text", "[2016..]")]) == (2003, 2023)


def test_legend_explains_only_what_is_drawn() -> None:
    drawn = draw_timeline([lane("Vertrag", "2003")], "de", Size.WIDE)

    assert texts(drawn, "figure-legend") == ["irgendwann in dem Jahr"]


def test_two_datings_of_one_thing_stand_in_one_lane_with_the_point_on_top() -> None:
    drawn = draw_timeline([lane("Beitritt", "2013", "2013-07-09")], "de", Size.WIDE)

    (only,) = classed(drawn, "timeline-lane")
    assert [item.tag.rpartition("}")[2] for item in only] == ["text", "rect", "circle", "text"]
    assert texts(drawn, "timeline-words") == ["2013; 9. Juli 2013"]


def test_lanes_lead_to_their_things_and_say_when_in_words() -> None:
    drawn = draw_timeline([lane("Vertrag", "2003")], "de", Size.NARROW)

    assert links(drawn) == {"Vertrag 2003": "/doc/Vertrag"}


def test_nothing_leaves_the_drawing_at_either_side() -> None:
    lanes = [lane("Eine sehr lange Bezeichnung für ein Ding " * 3, "[2010-05-28..]"), lane("Text", "[..2016]")]

    for size in Size:
        for bar in tree(draw_timeline(lanes, "de", size)).iter():
            if bar.tag.endswith("rect") and bar.get("x") != "-8":
                left, long = float(bar.get("x", "0")), float(bar.get("width", "0"))
                assert left >= 0
                assert left + long <= size.value


def test_leap_years_do_not_shift_later_years() -> None:
    axis = Axis(2003, 2023, 0, 2100)

    first = read_bounds("2013-01-01")
    assert first is not None
    assert first.earliest is not None
    assert axis.start(first.earliest) == 1000
