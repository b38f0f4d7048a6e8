"""All terms on one page: classes, properties, code lists, what is taken over from other vocabularies.

With it go how often terms are used in the data (things of a class, triples of a property, things that name a concept),
and a drawing of how the main classes hang together: boxes with set places, and an arrow where the data holds such
links. A vocabulary changes rarely, so a reader finds the boxes again; arrows follow the data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from markupsafe import Markup
from pyoxigraph import Literal, NamedNode

from interkommunal.namespaces import CONCEPT, IK, ONTOLOGY, curie, expand, with_prologue
from interkommunal.release.release import Release
from interkommunal.site.description.lexicon import VOCABULARY, Lexicon, Usage
from interkommunal.site.description.queries import bracketed
from interkommunal.site.description.serialisation import is_deprecated
from interkommunal.site.description.statements import GraphClient, Row
from interkommunal.site.figures.network import NetworkEdge, NetworkNode, draw_grid
from interkommunal.site.site import Site
from interkommunal.texts import Language
from interkommunal.translator import translator

_OUTSIDE = " ".join(f"<{graph}>" for graph in VOCABULARY)


async def read_usage(release: Release | None, client: GraphClient) -> Usage:
    """The counts of a release (``None`` for another endpoint); those that its manifest holds are not counted again.

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
    if release is not None:
        classes = dict(release.manifest.counts.classes)
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


_CLASS: Final = expand("owl:Class")
_PROPERTIES: Final = frozenset(
    expand(name) for name in ("owl:ObjectProperty", "owl:DatatypeProperty", "owl:AnnotationProperty")
)
_SCHEME: Final = expand("skos:ConceptScheme")


@dataclass(frozen=True, slots=True)
class Term:
    """A term in the catalogue.

    Attributes:
        iri, anchor: of the term. name: label. short: with prefix. href: its page, or the vocabulary it comes from.
        definition, example: texts, maybe empty. uses: how often it is used, in words. deprecated: whether it is.
        parts: concepts of a code list.
    """

    iri: str
    anchor: str
    name: str
    short: str
    href: str
    definition: str
    example: str
    uses: str
    deprecated: bool = False
    parts: tuple[Term, ...] = ()


@dataclass(frozen=True)
class Catalogue:
    """The vocabulary of a release.

    Attributes:
        title, description, version: of the ontology.
        classes, properties: our own, by label. schemes: code lists with their concepts, by label.
        reused: terms of other vocabularies, by vocabulary.
    """

    title: str
    description: str
    version: str
    classes: tuple[Term, ...]
    properties: tuple[Term, ...]
    schemes: tuple[Term, ...]
    reused: tuple[tuple[str, tuple[Term, ...]], ...]


def catalogue(lexicon: Lexicon, usage: Usage, site: Site, language: Language) -> Catalogue:
    """The catalogue in one language."""
    statements = lexicon.statements
    maker = _Maker(lexicon, usage, site, language)
    own = [item for item in statements.subjects() if item.startswith(IK)]
    foreign: dict[str, list[str]] = {}
    for item in statements.subjects():
        kinds = set(statements.types(item))
        prefix = (curie(item) or "").partition(":")[0]
        if prefix and not item.startswith((IK, CONCEPT)) and (_CLASS in kinds or kinds & _PROPERTIES):
            foreign.setdefault(prefix, []).append(item)
    schemes = [item for item in statements.subjects() if _SCHEME in statements.types(item)]
    return Catalogue(
        title=statements.text(ONTOLOGY, expand("dcterms:title"), language) or ONTOLOGY,
        description=statements.text(ONTOLOGY, expand("dcterms:description"), language) or "",
        version=statements.text(ONTOLOGY, expand("owl:versionInfo"), language) or "",
        classes=maker.terms(item for item in own if _CLASS in statements.types(item)),
        properties=maker.terms(item for item in own if _PROPERTIES.intersection(statements.types(item))),
        schemes=maker.terms(schemes, with_parts=True),
        reused=tuple((prefix, maker.terms(found)) for prefix, found in sorted(foreign.items())),
    )


def anchor_of(iri: str) -> str:
    """Fragment of a term on the page: its own name for ours, as their IRIs have it; with prefix for others."""
    if iri.startswith(IK):
        return iri[len(IK) :]
    return (curie(iri) or iri).replace(":", "-").replace("/", "-")


class _Maker:
    def __init__(self, lexicon: Lexicon, usage: Usage, site: Site, language: Language) -> None:
        self._lexicon = lexicon
        self._usage = usage
        self._site = site
        self._language: Language = language
        self._say = translator(language)

    def terms(self, iris: Iterable[str], *, with_parts: bool = False) -> tuple[Term, ...]:
        """Terms by label."""
        found = [self._term(item, with_parts=with_parts) for item in iris]
        return tuple(sorted(found, key=lambda item: (item.name.casefold(), item.iri)))

    def _term(self, iri: str, *, with_parts: bool) -> Term:
        lexicon, say = self._lexicon, self._say
        number = self._usage.of(iri)
        parts = lexicon.statements.pointing(iri, expand("skos:inScheme")) if with_parts else []
        return Term(
            iri=iri,
            anchor=anchor_of(iri),
            name=lexicon.name(iri, self._language).text,
            short=curie(iri) or iri,
            href=self._site.page(iri) or iri,
            definition=lexicon.text(iri, "skos:definition", self._language) or "",
            example=lexicon.text(iri, "skos:example", self._language) or "",
            uses=say.counted("used once", "used {figure} times", number) if number else say("not used yet"),
            deprecated=is_deprecated(iri, lexicon.statements),
            parts=self.terms(parts),
        )


# Class: column and row.
_PLACES: Final = {
    "ik:Forum": (0, 0),
    "schema:EventSeries": (1, 0),
    "ik:Goal": (2, 0),
    "ik:Principle": (3, 0),
    "ik:City": (0, 1),
    "ik:Participation": (1, 1),
    "ik:Agreement": (2, 1),
    "ik:AgreementText": (3, 1),
    "org:OrganizationalUnit": (0, 2),
    "ik:Cooperation": (1, 2),
    "ik:JointProject": (2, 2),
    "ik:SignatureEntry": (3, 2),
    "ik:Publication": (1, 3),
    "ik:Outcome": (2, 3),
    "ik:Discrepancy": (0, 4),
    "ik:Passage": (1, 4),
    "foaf:Document": (2, 4),
}
_LINKS: Final = (
    ("ik:Forum", "schema:superEvent", "schema:EventSeries"),
    ("ik:Forum", "schema:location", "ik:City"),
    ("ik:Participation", "cv:hasParticipant", "ik:City"),
    ("ik:Agreement", "cv:hasParticipation", "ik:Participation"),
    ("ik:Agreement", "ik:hasGoal", "ik:Goal"),
    ("ik:Agreement", "ik:hasPrinciple", "ik:Principle"),
    ("ik:AgreementText", "dcterms:isVersionOf", "ik:Agreement"),
    ("ik:SignatureEntry", "ik:signatureIn", "ik:AgreementText"),
    ("ik:City", "org:memberOf", "ik:Cooperation"),
    ("ik:Cooperation", "ik:basedOn", "ik:Agreement"),
    ("org:OrganizationalUnit", "org:unitOf", "ik:Cooperation"),
    ("ik:Outcome", "ik:outcomeOf", "ik:JointProject"),
    ("ik:Publication", "ik:resultOf", "ik:Outcome"),
    ("ik:Discrepancy", "oa:hasTarget", "ik:Passage"),
    ("ik:Passage", "oa:hasSource", "foaf:Document"),
)


class Diagram(NamedTuple):
    """The drawing, and the same as a list: class, property, class and the number of such links."""

    drawing: Markup
    ties: tuple[tuple[str, str, str, int], ...]


def diagram(links: Mapping[tuple[str, str, str], int], lexicon: Lexicon, site: Site, language: Language) -> Diagram:
    """The drawing for a release.

    Args:
        links: how often things of one class are linked with things of another (class, property, class).
        lexicon: names.
        site: where boxes lead.
        language: of the names.
    """

    def name(of: str) -> str:
        return lexicon.name(expand(of), language).text

    found = [(link, links.get((expand(link[0]), expand(link[1]), expand(link[2])), 0)) for link in _LINKS]
    drawn = [(link, number) for link, number in found if number]
    nodes = [NetworkNode(place, name(place), "", "class", site.page(expand(place)) or "#reused") for place in _PLACES]
    edges = [NetworkEdge(start, end, name(property_)) for (start, property_, end), _ in drawn]
    return Diagram(
        draw_grid(nodes, edges, _PLACES, "diagram-heading"),
        tuple((name(start), name(property_), name(end), number) for (start, property_, end), number in drawn),
    )
