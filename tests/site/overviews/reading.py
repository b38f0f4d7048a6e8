"""Reads pages as people see them: text, links, attributes."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"))


@dataclass
class Element:
    """An element of a page."""

    tag: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    def all(self, tag: str | None = None, class_: str | None = None) -> list[Element]:
        """All elements below with a tag and a class."""
        found = []
        for child in self.children:
            if isinstance(child, Element):
                classes = child.attributes.get("class", "").split()
                if (tag is None or child.tag == tag) and (class_ is None or class_ in classes):
                    found.append(child)
                found += child.all(tag, class_)
        return found

    def one(self, tag: str | None = None, class_: str | None = None) -> Element:
        """The only such element."""
        (found,) = self.all(tag, class_)
        return found

    @property
    def text(self) -> str:
        """What a reader sees of it."""
        return " ".join("".join(_texts(self)).split())

    @property
    def links(self) -> list[str]:
        """Where its links lead to."""
        return [item.attributes.get("href", "") for item in self.all("a")]


def _texts(element: Element) -> list[str]:
    texts = []
    for child in element.children:
        texts += [child] if isinstance(child, str) else _texts(child)
    return texts


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self._open[-1].tag == tag, f"</{tag}> closes <{self._open[-1].tag}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def read(page: str) -> Element:
    """A page as a tree; one whose elements are not closed in order fails here."""
    reader = _Reader()
    reader.feed(page)
    assert len(reader._open) == 1, f"<{reader._open[-1].tag}> is not closed"
    return reader.root
