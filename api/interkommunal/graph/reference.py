"""Reads reference data: what public registers and catalogues say about the same things (``data/reference``)."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import Quad

from interkommunal.content import Content
from interkommunal.graph.places import Origins
from interkommunal.graph.register import GraphEntry


@dataclass(frozen=True)
class ReferenceGraph:
    """Statements that share their sources and their mark."""

    entry: GraphEntry
    quads: tuple[Quad, ...]


def read_reference(content: Content, origins: Origins) -> tuple[ReferenceGraph, ...]:
    """The reference graphs of the content."""
    return ()
