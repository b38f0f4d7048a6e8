"""Where things are written: file and line of subjects and graphs.

The readers fill an :class:`Origins` while they read; ``validation`` asks it, so that a finding about a node can name
the file and the line a person has to edit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from rdflib import URIRef


@dataclass(frozen=True, order=True)
class Place:
    """A line in a file; ``file`` is relative to the content root, ``line`` is 1-based."""

    file: Path
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass
class Origins:
    """Where each subject, each graph and each pair of them is written first.

    Nodes and graphs are IRIs as plain strings, so that any RDF library's terms can be looked up.
    """

    _pairs: dict[tuple[str, str], Place] = field(default_factory=dict)
    _nodes: dict[str, Place] = field(default_factory=dict)
    _graphs: dict[str, Place] = field(default_factory=dict)

    def add_subject(self, node: str, graph: str, place: Place) -> None:
        """Remember that ``node`` is described in ``graph`` at ``place``; the first place stays."""
        self._pairs.setdefault((node, graph), place)
        self._nodes.setdefault(node, place)

    def add_graph(self, graph: str, place: Place) -> None:
        """Remember that ``graph`` begins at ``place``; the first place stays."""
        self._graphs.setdefault(graph, place)

    def locate(self, node: URIRef | str, graph: URIRef | str | None = None) -> Place | None:
        """Where ``node`` is written: as a subject in ``graph``, else as a graph, else as a subject anywhere.

        Returns ``None`` for a node that no file describes, for example one that only a derive query made.
        """
        if graph is not None and (place := self._pairs.get((str(node), str(graph)))):
            return place
        return self._graphs.get(str(node)) or self._nodes.get(str(node))
