"""An answer as people read it: cells with links to the pages of things and to the passages in the source reader."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

import pyoxigraph

from interkommunal.namespaces import PASSAGE, prefixed_name
from interkommunal.site.figures.figure import Cell, Table
from interkommunal.site.library.headings import heading
from interkommunal.site.library.rows import Answered, Term, plain
from interkommunal.site.site import Site
from interkommunal.texts import Language, Text

_PASSAGE: Final = re.compile(rf"{re.escape(PASSAGE)}([\w-]+)/(L(\d+)(?:-L(\d+))?(?:\.(\d+))?)")
# The source is German, whatever the language of the page.
_PRINTED: Final = ("quote", "wording", "as_printed", "designation", "title")


def table_of(answered: Answered, site: Site) -> Table:
    """The rows; a thing and its label share a column."""
    language, columns = answered.asked.language, answered.columns
    shown = [name for name in columns if not (name.endswith("_label") and name.removesuffix("_label") in columns)]
    rows = []
    for row in answered.rows:
        values = dict(zip(columns, row, strict=True))
        rows.append(tuple(_cell(name, values, site, language) for name in shown))
    return Table(tuple((heading(name, language), name) for name in shown), tuple(rows))


def _cell(name: str, values: Mapping[str, Term], site: Site, language: Language) -> Cell:
    term = values[name]
    if isinstance(term, pyoxigraph.NamedNode):
        label = plain(values.get(f"{name}_label"))
        passage = _PASSAGE.fullmatch(term.value)
        if passage and not label:
            return Cell(_place(passage, language), site.address(_reader(passage)))
        return Cell(label or prefixed_name(term.value), link(term.value, site))
    text = plain(term)
    if text and name.rpartition("_")[2] == "quote":
        return Cell(f"„{text}“", language="de")
    return Cell(text, language="de" if name in _PRINTED and language != "de" else None)


def link(iri: str, site: Site) -> str | None:
    """Where an IRI leads: to a page of ours, to the web, or nowhere."""
    return site.page(iri) or (iri if iri.startswith(("https://", "http://")) else None)


def _reader(passage: re.Match[str]) -> str:
    """Path of a passage in the source reader."""
    return f"/sources/{quote(passage[1])}?passage={quote(passage[2])}#L{passage[3]}"


def _place(passage: re.Match[str], language: Language) -> str:
    first, last, number = int(passage[3]), passage[4], passage[5]
    lines = Text("Line {first}", first=first)
    if last:
        lines = Text("Lines {first}–{last}", first=first, last=int(last))
    nth = Text(", passage {number}", number=number).in_(language) if number else ""
    return lines.in_(language) + nth
