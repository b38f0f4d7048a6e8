"""Finds the file and line to edit for a node that a shape or a check complains about.

In go the origins of the assembly and the store of its statements, out comes a place.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph

from interkommunal.graph.dataset import Origins, Place
from interkommunal.namespaces import GRAPH_DERIVED


@dataclass(frozen=True)
class Locator:
    """Looks nodes up: the statement itself first, then the node, then a statement that points to it."""

    origins: Origins
    store: pyoxigraph.Store

    def place(
        self, focus: pyoxigraph.NamedNode, path: str | None = None, value: object = None, graph: str | None = None
    ) -> Place | None:
        """Where ``focus`` is written, if any file says something of it.

        Args:
            focus: the node.
            path: IRI of a property; the place is that of a statement with it, where there is one.
            value: the value of that property.
            graph: IRI of the graph, where it is known.
        """
        if graph is None and path is not None:
            graph = self._graph_of(focus, pyoxigraph.NamedNode(path), value)
        return (
            self.origins.locate(focus.value, graph)
            or (self.origins.locate(graph) if graph else None)
            or self._pointing_to(focus)
        )

    def _graph_of(self, focus: pyoxigraph.NamedNode, path: pyoxigraph.NamedNode, value: object) -> str | None:
        if not isinstance(value, pyoxigraph.NamedNode | pyoxigraph.Literal):
            value = None
        names = {quad.graph_name for quad in self.store.quads_for_pattern(focus, path, value)}
        written = [name.value for name in names if isinstance(name, pyoxigraph.NamedNode)]
        # What a rule derived stands in no file.
        written.sort(key=lambda name: (name.startswith(GRAPH_DERIVED), name))
        return next((name for name in written if self.origins.locate(focus.value, name)), None)

    def _pointing_to(self, focus: pyoxigraph.NamedNode) -> Place | None:
        places = (
            self.origins.locate(quad.subject.value, quad.graph_name.value)
            for quad in self.store.quads_for_pattern(None, None, focus)
            if isinstance(quad.subject, pyoxigraph.NamedNode) and isinstance(quad.graph_name, pyoxigraph.NamedNode)
        )
        return min((place for place in places if place), default=None)
