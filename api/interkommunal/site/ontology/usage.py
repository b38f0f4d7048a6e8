"""How often terms are used in the data: things of a class, triples of a property, things that name a concept."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from interkommunal.namespaces import CONCEPT, with_prologue
from interkommunal.site.description.graph_client import GraphClient, Row
from interkommunal.site.description.lexicon import VOCABULARY
from interkommunal.site.description.queries import bracketed
from interkommunal.site.release_view import ReleaseView


@dataclass(frozen=True)
class Usage:
    """Counts by IRI; a term that is not there is not used."""

    classes: dict[str, int]
    properties: dict[str, int]
    concepts: dict[str, int]

    def of(self, term: str) -> int:
        """How often a term is used, whatever it is."""
        return self.classes.get(term) or self.properties.get(term) or self.concepts.get(term) or 0


_OUTSIDE = " ".join(f"<{graph}>" for graph in VOCABULARY)


async def read_usage(release_view: ReleaseView, client: GraphClient) -> Usage:
    """The counts of a release; those that its manifest holds are not counted again.

    Raises:
        QueryError: the engine cannot answer.
    """
    properties = await _counts(
        client,
        f"""SELECT ?property (COUNT(*) AS ?number) WHERE {{
    {{
        SELECT DISTINCT ?subject ?property ?value WHERE {{
            GRAPH ?graph {{ ?subject ?property ?value }}
            FILTER (?graph NOT IN ({_OUTSIDE.replace(" ", ", ")}))
        }}
    }}
}} GROUP BY ?property""",
    )
    concepts = await _counts(
        client,
        f"""SELECT ?concept (COUNT(DISTINCT ?subject) AS ?number) WHERE {{
    ?concept a skos:Concept .
    GRAPH ?graph {{ ?subject ?property ?concept }}
    FILTER (?graph NOT IN ({_OUTSIDE.replace(" ", ", ")}) && STRSTARTS(STR(?concept), "{CONCEPT}"))
}} GROUP BY ?concept""",
    )
    if release_view.release is not None:
        classes = dict(release_view.release.manifest.counts.classes)
    else:
        question = "SELECT ?class (COUNT(DISTINCT ?thing) AS ?number) WHERE { ?thing a ?class } GROUP BY ?class"
        classes = await _counts(client, question)
    return Usage(classes, properties, concepts)


async def links_between_classes(client: GraphClient) -> dict[tuple[str, str, str], int]:
    """How often things of one class are linked with things of another: by class, property, class.

    Raises:
        QueryError: the engine cannot answer.
    """
    rows = await client.rows(
        with_prologue(
            """SELECT ?from ?property ?to (COUNT(*) AS ?number) WHERE {
    ?subject a ?from ;
        ?property ?value .
    ?value a ?to
    FILTER (?property != rdf:type && ?property != ik:mentionedIn)
} GROUP BY ?from ?property ?to"""
        )
    )
    return {(_text(row, 0), _text(row, 1), _text(row, 2)): int(_text(row, 3)) for row in rows}


async def things_of(class_: str, limit: int, client: GraphClient) -> list[str]:
    """Some things of a class.

    Raises:
        QueryError: the engine cannot answer.
    """
    rows = await client.rows(
        f"SELECT DISTINCT ?thing WHERE {{ ?thing a {bracketed(class_)} }} ORDER BY ?thing LIMIT {limit}"
    )
    return [_text(row, 0) for row in rows]


async def properties_of(class_: str, client: GraphClient) -> dict[str, int]:
    """The properties that things of a class have, and how many things have each.

    Raises:
        QueryError: the engine cannot answer.
    """
    return await _counts(
        client,
        f"""SELECT ?property (COUNT(DISTINCT ?thing) AS ?number) WHERE {{
    ?thing a {bracketed(class_)} ;
        ?property ?value
}} GROUP BY ?property ORDER BY DESC(?number) ?property""",
    )


async def _counts(client: GraphClient, query: str) -> dict[str, int]:
    return {_text(row, 0): int(_text(row, 1)) for row in await client.rows(with_prologue(query))}


def _text(row: Row, index: int) -> str:
    value = row[index]
    return value.value if isinstance(value, NamedNode | Literal) else ""
