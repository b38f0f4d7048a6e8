"""The vocabulary: all terms on one page, and the page of one class or property.

The one has classes, properties, code lists and what is taken over from other vocabularies, with how often terms are
used in the data, and a drawing of how the main classes hang together: boxes with set places, and an arrow where the
data holds such links. A vocabulary changes rarely, so a reader finds the boxes again; arrows follow the data. The other
has meaning, relations, use in the data and the shapes that apply.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from interkommunal.namespaces import CONCEPT, ID, IK, ONTOLOGY, curie, expand
from interkommunal.release.release import Release
from interkommunal.site.description import queries
from interkommunal.site.description.lexicon import VOCABULARY
from interkommunal.site.description.serialisation import is_deprecated
from interkommunal.site.description.statements import GraphClient, Statements
from interkommunal.site.entity.context import EntityContext
from interkommunal.site.entity.model import Link, Value
from interkommunal.site.entity.page import crumbs
from interkommunal.site.entity.sections import statement_rows
from interkommunal.site.figures.network import NetworkEdge, NetworkNode, draw_grid
from interkommunal.texts import gettext_noop
from interkommunal.translator import Translator

_OUTSIDE: Final = ", ".join(f"<{graph}>" for graph in VOCABULARY)
_CLASS: Final = expand("owl:Class")
_PROPERTIES: Final = frozenset(
    expand(f"owl:{name}") for name in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")
)


async def read_usage(release: Release | None, client: GraphClient) -> dict[str, int]:
    """How often terms are used, by IRI: things of a class, triples of a property, things that name a concept.

    A term that is not there is not used. What the manifest of ``release`` holds is not counted again.

    Raises:
        QueryError: the engine cannot answer.
    """
    concepts = await _counts(
        client,
        f"""SELECT ?concept (COUNT(DISTINCT ?subject) AS ?number) WHERE {{
    ?concept a skos:Concept .
    GRAPH ?graph {{ ?subject ?property ?concept }}
    FILTER (?graph NOT IN ({_OUTSIDE}) && STRSTARTS(STR(?concept), "{CONCEPT}"))
}} GROUP BY ?concept""",
    )
    properties = await _counts(
        client,
        f"""SELECT ?property (COUNT(*) AS ?number) WHERE {{
    {{
        SELECT DISTINCT ?subject ?property ?value WHERE {{
            GRAPH ?graph {{ ?subject ?property ?value }}
            FILTER (?graph NOT IN ({_OUTSIDE}))
        }}
    }}
}} GROUP BY ?property""",
    )
    if release is not None:
        return {**concepts, **properties, **release.manifest.counts.classes}
    query = "SELECT ?class (COUNT(DISTINCT ?thing) AS ?number) WHERE { ?thing a ?class } GROUP BY ?class"
    return {**concepts, **properties, **await _counts(client, query)}


async def _counts(client: GraphClient, query: str) -> dict[str, int]:
    return {key: int(number) for key, number in await client.texts(query)}


async def catalogue(context: EntityContext, usage: Mapping[str, int], client: GraphClient) -> dict[str, Any]:
    """What the page of all terms shows.

    Args:
        context: of the ontology.
        usage: see :func:`read_usage`.
        client: to the links between classes.

    Raises:
        QueryError: the engine cannot answer.
    """
    lexicon, statements, language = context.lexicon, context.lexicon.statements, context.language

    def term(iri: str) -> dict[str, Any]:
        # Fragment of a term on the page: its own name for ours, as their IRIs have it; with prefix for others.
        short = curie(iri) or iri
        return {
            "iri": iri,
            "anchor": iri.removeprefix(IK) if iri.startswith(IK) else short.replace(":", "-").replace("/", "-"),
            "name": lexicon.name(iri, language).text,
            "short": short,
            "href": context.site.page(iri) or iri,
            "definition": lexicon.text(iri, "skos:definition", language) or "",
            "example": lexicon.text(iri, "skos:example", language) or "",
            "uses": _uses(usage.get(iri, 0), context.say),
            "deprecated": is_deprecated(iri, statements),
        }

    def by_name(iris: Iterable[str]) -> list[dict[str, Any]]:
        return sorted(map(term, iris), key=lambda item: (item["name"].casefold(), item["iri"]))

    own, foreign, schemes = list[str](), dict[str, list[str]](), list[str]()
    for item in statements.subjects():
        types = set(statements.types(item))
        if item.startswith(IK):
            own.append(item)
        elif (_CLASS in types or types & _PROPERTIES) and not item.startswith(CONCEPT) and (short := curie(item)):
            foreign.setdefault(short.partition(":")[0], []).append(item)
        if expand("skos:ConceptScheme") in types:
            schemes.append(item)
    drawing, ties = await _diagram(context, client)
    return {
        "title": statements.text(ONTOLOGY, expand("dcterms:title"), language) or ONTOLOGY,
        "description": statements.text(ONTOLOGY, expand("dcterms:description"), language) or "",
        "version": statements.text(ONTOLOGY, expand("owl:versionInfo"), language) or "",
        "classes": by_name(item for item in own if _CLASS in statements.types(item)),
        "properties": by_name(item for item in own if _PROPERTIES.intersection(statements.types(item))),
        "schemes": [
            {**scheme, "parts": by_name(statements.pointing(scheme["iri"], expand("skos:inScheme")))}
            for scheme in by_name(schemes)
        ],
        "reused": [(prefix, by_name(found)) for prefix, found in sorted(foreign.items())],
        "drawing": drawing,
        "ties": ties,
    }


def _uses(number: int, say: Translator) -> str:
    return say.counted("used once", "used {figure} times", number) if number else say("not used yet")


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


async def _diagram(context: EntityContext, client: GraphClient) -> tuple[object, list[tuple[str, str, str, int]]]:
    """The drawing, and the same as a list: class, property, class and the number of such links."""
    rows = await client.texts(
        """SELECT ?from ?property ?to (COUNT(*) AS ?number) WHERE {
    ?subject a ?from ;
        ?property ?value .
    ?value a ?to
    FILTER (?property != rdf:type && ?property != ik:mentionedIn)
} GROUP BY ?from ?property ?to"""
    )
    numbers = {(start, property_, end): int(number) for start, property_, end, number in rows}
    drawn = [(*link, numbers[found]) for link in _LINKS if (found := tuple(map(expand, link))) in numbers]

    def name(of: str) -> str:
        return context.lexicon.name(expand(of), context.language).text

    page = context.site.page
    nodes = [NetworkNode(place, name(place), "", "class", page(expand(place)) or "#reused") for place in _PLACES]
    edges = [NetworkEdge(start, end, name(property_)) for start, property_, end, _ in drawn]
    ties = [(name(start), name(property_), name(end), number) for start, property_, end, number in drawn]
    return draw_grid(nodes, edges, _PLACES, "diagram-heading"), ties


_MOST_EXAMPLES: Final = 8
_SEVERITIES: Final = {
    expand("sh:Violation"): gettext_noop("violation"),
    expand("sh:Warning"): gettext_noop("warning"),
    expand("sh:Info"): gettext_noop("note"),
}
_RELATIONS: Final = (
    "rdf:type", "rdfs:subClassOf", "rdfs:subPropertyOf", "rdfs:domain", "rdfs:range", "owl:inverseOf",
    "skos:closeMatch", "skos:relatedMatch", "skos:exactMatch", "rdfs:seeAlso", "dcterms:isReplacedBy",
)  # fmt: skip


async def term_page(context: EntityContext, usage: Mapping[str, int], client: GraphClient) -> dict[str, Any]:
    """What the page of a term shows.

    Raises:
        QueryError: the engine cannot answer.
    """
    iri, say, lexicon, language = context.iri, context.say, context.lexicon, context.language
    statements, number, node = lexicon.statements, usage.get(iri, 0), queries.bracketed(iri)
    examples, properties, some = list[str](), dict[str, int](), Statements(())
    if number and _CLASS in statements.types(iri):
        things = f"SELECT DISTINCT ?thing WHERE {{ ?thing a {node} }} ORDER BY ?thing LIMIT {_MOST_EXAMPLES}"
        examples = [thing for (thing,) in await client.texts(things)]
        properties = await _counts(
            client,
            f"""SELECT ?property (COUNT(DISTINCT ?thing) AS ?number) WHERE {{
    ?thing a {node} ;
        ?property ?value
}} GROUP BY ?property ORDER BY DESC(?number) ?property""",
        )
    elif number:
        first = f"SELECT DISTINCT ?graph ?subject ?value WHERE {{ GRAPH ?graph {{ ?subject {node} ?value }} }}"
        window = f"ORDER BY ?subject ?value ?graph LIMIT {_MOST_EXAMPLES}"
        some = await client.statements(queries.select(f"    {{ {first} {window} }}\n    BIND ({node} AS ?property)"))
    names = {item for item in (*examples, *some.named) if item.startswith(ID)}
    named = replace(context, records=await client.statements(queries.names(names)) if names else Statements(()))
    name = lexicon.name(iri, language).text
    other_names = statements.literals(iri, expand("skos:altLabel"))
    return {
        "name": name,
        "short": curie(iri) or iri,
        "kind": [context.term_link(item) for item in context.types(iri)],
        "crumbs": crumbs(iri, name, context),
        "definition": lexicon.text(iri, "skos:definition", language) or "",
        "scope": lexicon.text(iri, "skos:scopeNote", language) or "",
        "example": lexicon.text(iri, "skos:example", language) or "",
        "other_names": [item.value for item in other_names if item.language == language],
        "relations": [
            (context.term_link(expand(property_)), [_related(item, context) for item in found])
            for property_ in _RELATIONS
            if (found := statements.resources(iri, expand(property_)))
        ],
        "narrower": [
            context.term_link(item)
            for property_ in ("rdfs:subClassOf", "rdfs:subPropertyOf")
            for item in statements.pointing(iri, expand(property_))
        ],
        "uses": _uses(number, say),
        "examples": [named.link(item) for item in examples],
        "statements": statement_rows(some, named),
        "properties": [(context.term_link(item), count) for item, count in properties.items()],
        "shapes": list(_shapes(context)),
        "deprecated": is_deprecated(iri, statements),
    }


def _related(iri: str, context: EntityContext) -> Value:
    """Another term: one that the release declares, or one elsewhere."""
    known = iri in context.lexicon.statements or context.say.has("property", curie(iri) or "")
    link = context.term_link(iri) if known else context.link(iri)
    return Value(link.text, link.language, link.href, external=not known)


def _shapes(context: EntityContext) -> Iterable[dict[str, object]]:
    """Shapes that target a class, with their property shapes, or whose path is a property: name, message, severity."""
    statements, found = context.lexicon.statements, dict[str, None]()
    for shape in statements.pointing(context.iri, expand("sh:targetClass")):
        found |= dict.fromkeys((shape, *statements.resources(shape, expand("sh:property"))))
    for shape in found | dict.fromkeys(statements.pointing(context.iri, expand("sh:path"))):
        severity = _SEVERITIES.get(statements.resource(shape, expand("sh:severity")) or "")
        name, link = statements.text(shape, expand("sh:name"), context.language), context.link(shape)
        yield {
            "shape": Link(name or link.text, link.href),
            "message": statements.text(shape, expand("sh:message"), context.language) or "",
            "severity": context.say(severity) if severity else "",
        }
