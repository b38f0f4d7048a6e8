"""Compares a graph that is being worked on with the one a release froze.

In go a release and an assembled dataset, out comes whether they say the same.
"""

from __future__ import annotations

import pyoxigraph
from rdflib import Dataset

from interkommunal.release.formats import nquads
from interkommunal.release.release import Release
from interkommunal.validation.store import quads


def has_same_graph(release: Release, dataset: Dataset, graph: str) -> bool:
    """Whether ``release`` and ``dataset`` hold the same statements in the named graph with the IRI ``graph``.

    Raises:
        OSError: if the release cannot be read.
    """
    name = pyoxigraph.NamedNode(graph)
    ending = f" {name} .\n".encode()
    with release.quads.open("rb") as lines:
        frozen = b"".join(line for line in lines if line.endswith(ending))
    return frozen == nquads(quad for quad in quads(dataset) if quad.graph_name == name)
