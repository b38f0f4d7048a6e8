"""Reading pages the way a visitor does."""

from __future__ import annotations

import httpx
from lxml import html

from interkommunal.namespaces import ID


def page(answer: httpx.Response) -> html.HtmlElement:
    """The parsed page of an answer that went well."""
    assert answer.status_code == 200, answer.text[:500]
    return html.document_fromstring(answer.content.decode())


def words(element: html.HtmlElement) -> str:
    """The text of an element with single spaces."""
    return " ".join(element.text_content().split())


def section(document: html.HtmlElement, key: str) -> html.HtmlElement:
    """A group of facts by its fragment."""
    return document.get_element_by_id(key)


def doc(thing: str) -> str:
    """Path of the page of a thing: ``city/essen`` or a whole IRI."""
    return f"/doc/{thing.removeprefix(ID)}"
