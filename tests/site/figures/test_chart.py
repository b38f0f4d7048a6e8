"""The bar chart: one bar a row, from zero, in the order of the answer."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from interkommunal.site.figures.figure import Bar, Size, draw_chart

SVG = "{http://www.w3.org/2000/svg}"
BARS = [Bar("Essen", 4, "4", "/doc/city/essen"), Bar("Herne & <Wanne>", 1, "1"), Bar("Bottrop", 0, "0")]


@pytest.mark.parametrize("size", list(Size))
def test_lengths_of_bars_follow_their_numbers(size: Size) -> None:
    root = ElementTree.fromstring(draw_chart(BARS, "Foren", size))
    lengths = [float(rectangle.get("width", "0")) for rectangle in root.iter(f"{SVG}rect")]

    assert lengths[0] == pytest.approx(4 * lengths[1], rel=0.01)
    assert lengths[2] == 1
    assert max(lengths) < size.value


def test_chart_is_told_in_words() -> None:
    root = ElementTree.fromstring(draw_chart(BARS, "Balkendiagramm: Foren", Size.WIDE))

    assert root.findtext(f"{SVG}title") == "Balkendiagramm: Foren"
    assert root.findtext(f"{SVG}desc") == "Essen: 4; Herne & <Wanne>: 1; Bottrop: 0"


def test_only_bars_with_an_address_are_links() -> None:
    root = ElementTree.fromstring(draw_chart(BARS, "Foren", Size.WIDE))

    assert [link.get("href") for link in root.iter(f"{SVG}a")] == ["/doc/city/essen"]


def test_chart_without_bars_is_empty() -> None:
    root = ElementTree.fromstring(draw_chart([], "Foren", Size.WIDE))

    assert list(root.iter(f"{SVG}rect")) == []
