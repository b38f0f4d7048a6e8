"""Brings Turtle and TriG into the one form, so that a difference between two versions is a difference in meaning.

In: the text of a file. Out: the text in canonical form (see ``layout``), which says exactly the same triples and has
the same comments: both are compared before it is returned. Formatting twice changes nothing more.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pyoxigraph as ox

from interkommunal.content import Content
from interkommunal.errors import SyntaxProblem
from interkommunal.graph.layout import write_document
from interkommunal.graph.parse import parse_text, read_utf8
from interkommunal.graph.syntax import read_document
from interkommunal.graph.tokens import tokens

Kind = Literal["turtle", "trig"]
_FORMATS = {"turtle": ox.RdfFormat.TURTLE, "trig": ox.RdfFormat.TRIG}
_KINDS: dict[str, Kind] = {".ttl": "turtle", ".trig": "trig"}


def kind_of(path: Path) -> Kind | None:
    """What the file holds, by its suffix, or ``None`` if it is neither Turtle nor TriG."""
    return _KINDS.get(path.suffix)


def format_text(text: str, kind: Kind, shown: Path | None = None) -> str:
    """``text`` in canonical form; ``shown`` is the file's name in messages.

    Raises:
        SyntaxProblem: if it does not parse, or if its meaning would change.
        TermError: for a prefix that is not one of the project's.
    """
    name = shown or Path("text")
    text = text.replace("\r\n", "\n").removeprefix("\ufeff")
    before = parse_text(text, name, _FORMATS[kind]).quads
    formatted = write_document(read_document(text))
    after = parse_text(formatted, name, _FORMATS[kind]).quads
    if _meaning(before) != _meaning(after) or _comments(text) != _comments(formatted):
        raise SyntaxProblem("the file has a form that cannot be laid out without losing something of it", name)
    return formatted


def misformatted(content: Content) -> Iterator[tuple[Path, str]]:
    """Each Turtle and TriG file of the data, the ontology and the shapes that is not in the form, and its text in it.

    Raises:
        SourceError: for a file that cannot be formatted (see :func:`format_text`).
    """
    for folder in (content.data, content.ontology, content.shapes):
        for path in sorted(folder.rglob("*")):
            if kind := kind_of(path):
                shown = content.shown(path)
                text = read_utf8(path, shown)
                if (formatted := format_text(text, kind, shown)) != text:
                    yield path, formatted


def _comments(text: str) -> list[str]:
    return sorted(token.text.rstrip() for token in tokens(text) if token.kind == "comment")


def _meaning(quads: tuple[ox.Quad, ...]) -> set[ox.Quad]:
    """The quads with canonical labels for blank nodes, comparable between two readings of a file."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)
