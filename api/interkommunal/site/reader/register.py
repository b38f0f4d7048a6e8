"""What is registered of a source: its passages, its sections, the lines that are not modelled and why."""

from __future__ import annotations

from dataclasses import dataclass

from interkommunal.namespaces import GRAPH_PASSAGES, GRAPH_SOURCES, expand, with_prologue
from interkommunal.site.description.graph_client import GraphClient
from interkommunal.site.description.passages import Passage, read_passages
from interkommunal.site.description.queries import bracketed
from interkommunal.site.description.statements import Statements
from interkommunal.texts import Language


@dataclass(frozen=True)
class Register:
    """What is registered of a source.

    Attributes:
        passages: by IRI, in the order of the text.
        reasons: by line, why it is not modelled, as texts in both languages.
        sections: IRIs, in their order. statements: all of the above as statements.
    """

    passages: dict[str, Passage]
    reasons: dict[int, str]
    sections: tuple[str, ...]
    statements: Statements

    def reason(self, line: int, language: Language) -> str | None:
        """Why a line is not modelled."""
        node = self.reasons.get(line)
        return None if node is None else self.statements.text(node, expand("rdfs:comment"), language) or ""


async def read_register(source: str, client: GraphClient) -> Register:
    """The register of a source; empty if the release does not know it.

    Raises:
        QueryError: the engine cannot answer.
    """
    statements = await client.statements(_passages(source), _sections(source))
    reasons = {}
    for node in statements.subjects():
        line = statements.number(node, expand("ik:line"))
        if line is not None and expand("ik:NotModelledLine") in statements.types(node):
            reasons[line] = node
    sections = [item for item in statements.subjects() if expand("ik:Section") in statements.types(item)]
    sections.sort(key=lambda item: (statements.number(item, expand("schema:position")) or 0, item))
    return Register(read_passages(statements), reasons, tuple(sections), statements)


async def mentioning(thing: str, source: str, client: GraphClient) -> set[str]:
    """The passages of a source that speak of a thing.

    Raises:
        QueryError: the engine cannot answer.
    """
    rows = await client.rows(
        with_prologue(
            f"""SELECT ?passage WHERE {{
    {bracketed(thing)} ik:mentionedIn ?passage .
    ?passage oa:hasSource {bracketed(source)}
}}"""
        )
    )
    return {row[0].value for row in rows if row[0] is not None and hasattr(row[0], "value")}


def _passages(source: str) -> str:
    graphs = (GRAPH_PASSAGES, GRAPH_SOURCES)
    branches = [
        pattern.format(graph=graph, source=bracketed(source))
        for graph in graphs
        for pattern in (
            "{{ GRAPH <{graph}> {{ ?subject oa:hasSource {source} . ?subject ?property ?value }} "
            "BIND (<{graph}> AS ?graph) }}",
            "{{ GRAPH <{graph}> {{ ?marked oa:hasSource {source} . ?marked oa:hasSelector ?subject . "
            "?subject ?property ?value }} BIND (<{graph}> AS ?graph) }}",
        )
    ]
    return with_prologue(
        "SELECT ?graph ?subject ?property ?value WHERE {\n    " + "\n    UNION ".join(branches) + "\n}"
    )


def _sections(source: str) -> str:
    return with_prologue(
        f"""SELECT ?graph ?subject ?property ?value WHERE {{
    ?subject a ik:Section ;
        dcterms:isPartOf {bracketed(source)} .
    GRAPH ?graph {{ ?subject ?property ?value }}
    FILTER (?property != ik:mentionedIn)
}}"""
    )
