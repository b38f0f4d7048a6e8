from __future__ import annotations

import pytest
from tests.site.figures.drawings import tree, words

from interkommunal.site.figures.svg import element, link, number, path, text


@pytest.mark.parametrize(
    ("value", "written"),
    [(3, "3"), (3.04, "3"), (3.06, "3.1"), (-0.01, "0"), (10, "10"), (100.0, "100"), (-2.5, "-2.5")],
)
def test_numbers_are_short(value: float, written: str) -> None:
    assert number(value) == written


def test_text_and_attributes_are_escaped() -> None:
    drawn = element("text", '<script>"&', class_='a"><script>')

    assert drawn == '<text class="a&#34;&gt;&lt;script&gt;">&lt;script&gt;&#34;&amp;</text>'


def test_attribute_without_a_value_is_left_out() -> None:
    assert element("rect", x=1, fill=None, stroke_width=2) == '<rect x="1" stroke-width="2"/>'


def test_lines_of_a_text_stand_below_each_other_and_read_as_words() -> None:
    drawn = text(("Mülheim an", "der Ruhr"), 5, 10, leading=15)

    spans = [span for span in tree(drawn) if span.get("dy") is not None]
    assert [(span.text, span.get("x"), span.get("dy")) for span in spans] == [
        ("Mülheim an", "5", "0"),
        ("der Ruhr", "5", "15"),
    ]
    assert words(tree(drawn)) == "Mülheim an der Ruhr"


def test_path_is_closed_when_asked() -> None:
    assert path([(0, 0), (1.25, 2)], closed=True) == "M0 0L1.2 2Z"


def test_thing_without_a_page_is_no_link() -> None:
    assert link(None, element("circle", r=1)) == '<g><circle r="1"/></g>'
    assert link("/doc/x", element("circle", r=1), label="X") == '<a href="/doc/x" aria-label="X"><circle r="1"/></a>'
