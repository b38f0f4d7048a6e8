"""The description of one resource: what is said of it, what it names, and the passages that say so.

For a thing: its statements, those that point to it, and those of its parts (participations, signature entries, counts).
For a passage or another graph: what is said of it and what it states. To that come the labels of everything named and,
for each passage involved, what the register says of it. All of it is part of the release; nothing is made up here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from interkommunal.namespaces import CONCEPT, GRAPH, ID, IK, ONTOLOGY, SHAPE, expand
from interkommunal.site.description import queries
from interkommunal.site.description.graph_client import GraphClient
from interkommunal.site.description.passages import is_passage
from interkommunal.site.description.statements import Statements

_DEPRECATED: Final = expand("owl:deprecated")
_REPLACED_BY: Final = expand("dcterms:isReplacedBy")
_MENTIONED_IN: Final = expand("ik:mentionedIn")
_SELECTOR: Final = "-selector"
_LABELLED: Final = (ID, CONCEPT, SHAPE, GRAPH)


@dataclass(frozen=True)
class Description:
    """What the release says of ``iri``.

    Attributes:
        iri: the resource described.
        statements: all of it, with graphs.
    """

    iri: str
    statements: Statements

    @property
    def exists(self) -> bool:
        """Whether the release knows the resource."""
        return self.iri in self.statements or bool(list(self.statements.pointing_properties(self.iri)))

    @property
    def is_withdrawn(self) -> bool:
        """Whether the resource was given up; terms of the vocabulary are never given up, only discouraged."""
        return self.iri.startswith(ID) and is_deprecated(self.iri, self.statements)

    @property
    def successors(self) -> list[str]:
        """What replaces a withdrawn resource."""
        return self.statements.resources(self.iri, _REPLACED_BY)


def is_deprecated(iri: str, statements: Statements) -> bool:
    """Whether a resource is marked ``owl:deprecated``."""
    return any(item.value in ("true", "1") for item in statements.literals(iri, _DEPRECATED))


async def describe(iri: str, client: GraphClient) -> Description:
    """The description of ``iri``; it is empty if the release does not know it.

    Raises:
        QueryError: the engine cannot answer.
    """
    core = await _core(iri, client)
    if not core.count:
        return Description(iri, core)
    named = _named(core)
    evidence = {graph for graph in core.graphs if is_passage(graph)}
    evidence.update(item for item in core.resources(iri, _MENTIONED_IN) if is_passage(item))
    further = [queries.labels(named)] if named else []
    if evidence:
        further.append(queries.passages(evidence))
    return Description(iri, core.joined(await client.statements(*further)))


async def _core(iri: str, client: GraphClient) -> Statements:
    if iri == ONTOLOGY:
        return await client.statements(queries.statements_of(iri), queries.statements_below(IK))
    if is_passage(iri) or iri.startswith(GRAPH):
        return await client.statements(queries.own_statements(iri), queries.statements_in(iri))
    if iri.startswith((IK, CONCEPT, SHAPE)) or not iri.startswith(ID):
        return await client.statements(queries.statements_of(iri))
    return await client.statements(queries.own_statements(iri))


def _named(statements: Statements) -> set[str]:
    """The things, concepts, shapes and graphs that statements name. Terms have their labels in the ontology."""
    found = set(statements.subjects())
    found.update(item.value.value for item in statements if isinstance(item.value, NamedNode))
    return {iri for iri in found if iri.startswith(_LABELLED) and not iri.endswith(_SELECTOR)}
