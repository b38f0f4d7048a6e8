from __future__ import annotations

from tests.site.figures.drawings import SVG, tree

from interkommunal.site.figures.figure import Size, draw, write_csv
from interkommunal.site.figures.svg import element, link


def test_drawing_without_links_is_an_image_with_name_and_description() -> None:
    root = tree(draw("map", Size.WIDE, "Karte", "Neun Städte.", 20, [element("circle", r=1)], whole=10))

    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "map-wide-title map-wide-description"
    assert root.get("viewBox") == "0 0 10 20"
    named = {item.get("id"): item.text for item in root if item.get("id")}
    assert named == {"map-wide-title": "Karte", "map-wide-description": "Neun Städte."}
    assert [item.tag for item in root][:2] == [f"{SVG}title", f"{SVG}desc"]


def test_drawing_with_links_is_a_group_so_that_they_can_be_reached() -> None:
    assert tree(draw("map", Size.WIDE, "Karte", "", 20, [link("/x", element("circle", r=1))])).get("role") == "group"


def test_csv_quotes_only_what_needs_it_and_ends_lines_as_rfc_4180_says() -> None:
    written = write_csv(("a", "b"), [("eins", 'zwei, "drei"'), ("Zeile 1\nZeile 2", "")])

    assert written == 'a,b\r\neins,"zwei, ""drei"""\r\n"Zeile 1\nZeile 2",\r\n'
