"""Reads what the editors say: labels, findings, inferences (``data/editorial/*.trig``), all in ``graph/editorial``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import DefaultGraph, Quad

from interkommunal.content import Content
from interkommunal.errors import SyntaxProblem, TermError
from interkommunal.graph.folders import written_files
from interkommunal.graph.parse import parse_file, refuse_blank_nodes
from interkommunal.graph.places import Origins
from interkommunal.namespaces import GRAPH_EDITORIAL


def editorial_files(content: Content) -> list[Path]:
    """The editorial files in the order of their names."""
    return written_files(content.data / "editorial", content, ".trig")


def read_editorial(path: Path, content: Content, origins: Origins) -> Iterator[Quad]:
    """The quads of one editorial file.

    Raises:
        SourceError: if it does not parse, or holds anything but blocks ``graph:editorial { … }``.
    """
    parsed = parse_file(path, content.shown(path))
    refuse_blank_nodes(parsed)
    for block in parsed.outline.blocks:
        if block.name != GRAPH_EDITORIAL:
            message = f"<{block.name}> is no graph for editors; every block here is graph:editorial {{ … }}"
            raise TermError(message, parsed.file, block.line)
    if any(isinstance(quad.graph_name, DefaultGraph) for quad in parsed.quads):
        line = next((line for _, graph, line in parsed.outline.subjects if graph is None), None)
        raise SyntaxProblem("a statement outside every block; put it into graph:editorial { … }", parsed.file, line)
    parsed.remember(origins)
    yield from parsed.quads
