"""SVG, element by element: every attribute and every text is escaped, every number is short.

Nothing is written that a strict Content-Security-Policy would refuse: no style attribute, no script, no reference to
another file.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from markupsafe import Markup, escape

Value = str | float | None
Point = tuple[float, float]

NAMESPACE: Final = "http://www.w3.org/2000/svg"


def number(value: float) -> str:
    """A coordinate with at most one decimal: a tenth of a pixel is finer than any screen shows."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def element(name: str, *children: Markup | str, **attributes: Value) -> Markup:
    """One element. ``class_`` is the attribute ``class``, ``stroke_width`` is ``stroke-width``; ``None`` is left out.

    A child that is a plain string is text and escaped.
    """
    opening = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(number(value) if isinstance(value, float | int) else value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    content = "".join(escape(child) for child in children)
    return Markup(f"<{name}{opening}>{content}</{name}>" if content else f"<{name}{opening}/>")


def join(parts: Iterable[Markup]) -> Markup:
    """Elements one after the other."""
    return Markup("\n").join(parts)


def text(lines: str | Iterable[str], x: float, y: float, *, leading: float = 17, **attributes: Value) -> Markup:
    """Text whose first line stands on the baseline ``y``; several lines are ``leading`` apart."""
    rows = [lines] if isinstance(lines, str) else list(lines)
    if len(rows) == 1:
        return element("text", rows[0], x=x, y=y, **attributes)
    # A space of no width ends each line, so that a screen reader and a copy have words, and the line keeps its place.
    spans = []
    for i, row in enumerate(rows):
        spans.append(element("tspan", row, x=x, dy=leading if i else 0))
        if i < len(rows) - 1:
            spans.append(element("tspan", " ", font_size=0))
    return element("text", *spans, x=x, y=y, **attributes)


def path(points: Iterable[Point], *, closed: bool = False) -> str:
    """The ``d`` of a line through ``points``."""
    steps = [f"{number(x)} {number(y)}" for x, y in points]
    return f"M{'L'.join(steps)}{'Z' if closed else ''}"


def link(href: str | None, *children: Markup, label: str | None = None, class_: str | None = None) -> Markup:
    """``children`` as a link, or as a group where there is nowhere to go.

    Args:
        href: address of the page.
        children: what is drawn.
        label: name of the link for those who do not see it, if its text is not enough; it has to hold that text
            (WCAG 2.2, 2.5.3).
        class_: class of the link or the group.
    """
    # A space between the parts, so that the texts in them do not run together for who hears them.
    content = Markup(" ").join(children)
    if href is None:
        return element("g", content, class_=class_)
    return element("a", content, href=href, aria_label=label, class_=class_)
