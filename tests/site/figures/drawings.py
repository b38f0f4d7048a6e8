"""Looks into drawings: SVG as a tree, so that tests ask for structure and not for pixels."""

from __future__ import annotations

from xml.etree import ElementTree

from interkommunal.site.figures.svg import NAMESPACE

SVG = f"{{{NAMESPACE}}}"


def tree(drawing: str) -> ElementTree.Element:
    """A drawing as a tree; a drawing that is no well-formed XML fails here."""
    return ElementTree.fromstring(drawing)


def classed(drawing: str, class_: str) -> list[ElementTree.Element]:
    """All elements with a class, in the order of the drawing."""
    return [item for item in tree(drawing).iter() if class_ in item.get("class", "").split()]


def words(element: ElementTree.Element) -> str:
    """The text in an element, as a reader sees it."""
    return " ".join("".join(element.itertext()).split())


def texts(drawing: str, class_: str) -> list[str]:
    """The text of all elements with a class."""
    return [words(item) for item in classed(drawing, class_)]


def links(drawing: str) -> dict[str, str]:
    """Address of each link by its name."""
    return {
        item.get("aria-label") or " ".join(filter(None, map(words, item))): item.get("href", "")
        for item in tree(drawing).iter(f"{SVG}a")
    }
