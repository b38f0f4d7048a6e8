"""Brings Turtle, TriG and mapping sets into the one form, so that a difference between versions is one in meaning.

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
from interkommunal.graph.authorities import authority
from interkommunal.graph.layout import write_document
from interkommunal.graph.mapping_set import SUFFIX, format_mapping_set
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


def is_formatted(path: Path) -> bool:
    """Whether the file is of a kind that has one form."""
    return kind_of(path) is not None or path.name.endswith(SUFFIX)


def format_file(text: str, path: Path, shown: Path | None = None) -> str:
    """The text of the file ``path`` in canonical form.

    Raises:
        SyntaxProblem: it is of no kind that has one, or see :func:`format_text` and
            :func:`~interkommunal.graph.mapping_set.format_mapping_set`.
    """
    kind = kind_of(path)
    if kind:
        return format_text(text, kind, shown or path)
    of = authority(path.name.removesuffix(SUFFIX))
    if of is None or not path.name.endswith(SUFFIX):
        raise SyntaxProblem("nothing formats this; mapping sets are called after their authority", shown or path)
    return format_mapping_set(text, shown or path, of)


def misformatted(content: Content) -> Iterator[tuple[Path, str]]:
    """Each Turtle, TriG and SSSOM file of the data, the ontology and the shapes that is not in the form,
    and its text in it.

    Raises:
        SourceError: for a file that cannot be formatted (see :func:`format_text`).
    """
    for folder in (content.data, content.ontology, content.shapes):
        for path in sorted(folder.rglob("*")):
            if is_formatted(path):
                shown = content.shown(path)
                text = read_utf8(path, shown)
                if (formatted := format_file(text, path, shown)) != text:
                    yield path, formatted


def _comments(text: str) -> list[str]:
    return sorted(token.text.rstrip() for token in tokens(text) if token.kind == "comment")


def _meaning(quads: tuple[ox.Quad, ...]) -> set[ox.Quad]:
    """The quads with canonical labels for blank nodes, comparable between two readings of a file."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)
