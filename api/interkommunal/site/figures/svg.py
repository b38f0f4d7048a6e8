"""SVG, element by element: every attribute and every text is escaped, every number is short, every line has its width.

Nothing is written that a strict Content-Security-Policy would refuse: no style attribute, no script, no reference to
another file. SVG breaks no lines by itself, so :func:`wrap` does, by the widths of Fira Sans, rounded up, so that a
fallback font of usual width fits too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from markupsafe import Markup, escape

Value = str | float | None
Point = tuple[float, float]

NAMESPACE: Final = "http://www.w3.org/2000/svg"
# Advance of a character in units of the font size, by group; all others count as a wide small letter.
_ADVANCE: Final = {
    **dict.fromkeys("ijl.,:;'’|!", 0.28),
    **dict.fromkeys('ftr()[]I „“”"·/-', 0.36),
    **dict.fromkeys("mwMW—…", 0.88),
    **dict.fromkeys("ABCDEFGHJKLNOPQRSTUVXYZÄÖÜ&", 0.65),
    **dict.fromkeys("sczkxvJ?", 0.51),
}
_USUAL: Final = 0.57
_ELLIPSIS: Final = "…"
# Where a word may be parted when it is too long for a line: after a hyphen or dash that it has.
_JOINT: Final = re.compile(r"(?<=[-–—/.+])(?=\w)")


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


def text(lines: str | Iterable[str], x: float, y: float, *, leading: float = 17, **attributes: Value) -> Markup:
    """Text whose first line has the baseline ``y``; several lines are ``leading`` apart."""
    first, *others = [lines] if isinstance(lines, str) else lines
    if not others:
        return element("text", first, x=x, y=y, **attributes)
    spans = [element("tspan", first, x=x, dy=0)]
    for line in others:
        # A space of no width between the lines, so that screen readers and copied text keep the words apart.
        spans += [element("tspan", " ", font_size=0), element("tspan", line, x=x, dy=leading)]
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
        label: name of the link for screen readers, if its text is not enough; it has to contain that text
            (WCAG 2.2, 2.5.3).
        class_: class of the link or the group.
    """
    # A space between the parts, so that screen readers do not run their texts together.
    content = Markup(" ").join(children)
    if href is None:
        return element("g", content, class_=class_)
    return element("a", content, href=href, aria_label=label, class_=class_)


def width(text: str, size: float) -> float:
    """Width of ``text`` on one line, in the unit of ``size``."""
    return sum(_ADVANCE.get(character, _USUAL) for character in text) * size


def wrap(text: str, limit: float, size: float, lines: int | None = None) -> tuple[str, ...]:
    """``text`` in lines of at most ``limit``.

    A word wider than that is parted at its hyphens, else letter by letter. With ``lines`` the rest is cut and an
    ellipsis says so.
    """
    rows: list[str] = []
    current = ""
    for word in text.split():
        for piece, glue in _pieces(word, limit, size):
            candidate = f"{current}{glue}{piece}" if current else piece
            if width(candidate, size) <= limit:
                current = candidate
            else:
                if current:
                    rows.append(current)
                current = piece
    rows.append(current)
    if lines is None or len(rows) <= lines:
        return tuple(rows)
    last = rows[lines - 1]
    while last and width(f"{last}{_ELLIPSIS}", size) > limit:
        last = last[:-1]
    return (*rows[: lines - 1], f"{last.rstrip()}{_ELLIPSIS}")


def _pieces(word: str, limit: float, size: float) -> list[tuple[str, str]]:
    """The parts of a word with what separates each from the one before: a space for the first, nothing for others."""
    if width(word, size) <= limit:
        return [(word, " ")]
    pieces: list[tuple[str, str]] = []
    for joint in _JOINT.split(word):
        rest = joint
        while width(rest, size) > limit and len(rest) > 1:
            count = next(i for i in range(len(rest), 0, -1) if i == 1 or width(rest[:i], size) <= limit)
            pieces.append((rest[:count], ""))
            rest = rest[count:]
        pieces.append((rest, ""))
    return [(pieces[0][0], " "), *pieces[1:]]
