"""The page of one class or property: meaning, relations, use in the data, shapes that apply."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import NamedNode

from interkommunal.namespaces import ID, curie, expand
from interkommunal.site.description import queries
from interkommunal.site.description.lexicon import Usage
from interkommunal.site.description.serialisation import is_deprecated
from interkommunal.site.description.statements import GraphClient, Statements
from interkommunal.site.entity.context import EntityContext
from interkommunal.site.entity.model import Link, Row, Value
from interkommunal.site.entity.page import crumbs
from interkommunal.site.entity.sections import statement_rows
from interkommunal.site.ontology.catalogue import properties_of, things_of
from interkommunal.texts import gettext_noop

_MOST_EXAMPLES: Final = 8
_CLASS: Final = expand("owl:Class")
_SEVERITIES: Final = {
    expand("sh:Violation"): gettext_noop("violation"),
    expand("sh:Warning"): gettext_noop("warning"),
    expand("sh:Info"): gettext_noop("note"),
}
_RELATIONS: Final = tuple(
    expand(name)
    for name in (
        "rdf:type",
        "rdfs:subClassOf",
        "rdfs:subPropertyOf",
        "rdfs:domain",
        "rdfs:range",
        "owl:inverseOf",
        "skos:closeMatch",
        "skos:relatedMatch",
        "skos:exactMatch",
        "rdfs:seeAlso",
        "dcterms:isReplacedBy",
    )
)


@dataclass(frozen=True, slots=True)
class ShapeEntry:
    """A shape that applies: its name, what it says when it is violated, and how bad that is (empty if unsaid)."""

    shape: Link
    message: str
    severity: str


@dataclass(frozen=True)
class TermPage:
    """The page of a term.

    Attributes:
        iri: of the term. name, short: label, and with prefix. kind: what it is, with links. crumbs: the way here.
        definition, scope, example, other_names: texts; may be empty.
        relations: property and values. narrower: terms below it.
        uses: how often it is used, in words. examples: things of the class. statements: some that use the property.
        properties: those that things of the class have, with how many have each. shapes: that apply.
        deprecated: whether the term is discouraged.
    """

    iri: str
    name: str
    short: str
    kind: tuple[Link, ...]
    crumbs: tuple[Link, ...]
    definition: str
    scope: str
    example: str
    other_names: tuple[str, ...]
    relations: tuple[tuple[Link, tuple[Value, ...]], ...]
    narrower: tuple[Link, ...]
    uses: str
    examples: tuple[Link, ...]
    statements: tuple[Row, ...]
    properties: tuple[tuple[Link, int], ...]
    shapes: tuple[ShapeEntry, ...]
    deprecated: bool


async def term_page(context: EntityContext, usage: Usage, client: GraphClient) -> TermPage:
    """The page of a term.

    Raises:
        QueryError: the engine cannot answer.
    """
    iri, say, lexicon, language = context.iri, context.say, context.lexicon, context.language
    statements = lexicon.statements
    is_class = _CLASS in statements.types(iri)
    number = usage.of(iri)
    examples = await things_of(iri, _MOST_EXAMPLES, client) if is_class and number else []
    properties = await properties_of(iri, client) if is_class and number else {}
    some = await client.statements(_some_statements(iri)) if number and not is_class else Statements(())
    names = {*examples, *some.subjects(), *(item.value.value for item in some if isinstance(item.value, NamedNode))}
    names = {item for item in names if item.startswith(ID)}
    records = await client.statements(queries.names(names)) if names else Statements(())
    named = replace(context, records=records)
    name = lexicon.name(iri, language).text
    return TermPage(
        iri=iri,
        name=name,
        short=curie(iri) or iri,
        kind=tuple(context.term_link(item) for item in context.types(iri)),
        crumbs=crumbs(iri, name, context),
        definition=lexicon.text(iri, "skos:definition", language) or "",
        scope=lexicon.text(iri, "skos:scopeNote", language) or "",
        example=lexicon.text(iri, "skos:example", language) or "",
        other_names=tuple(
            item.value for item in statements.literals(iri, expand("skos:altLabel")) if item.language == language
        ),
        relations=tuple(_relations(iri, context)),
        narrower=tuple(
            context.term_link(item)
            for property_ in ("rdfs:subClassOf", "rdfs:subPropertyOf")
            for item in statements.pointing(iri, expand(property_))
        ),
        uses=say.counted("used once", "used {figure} times", number) if number else say("not used yet"),
        examples=tuple(named.link(item) for item in examples),
        statements=tuple(statement_rows(some, named)),
        properties=tuple((context.term_link(item), count) for item, count in properties.items()),
        shapes=tuple(_shapes(iri, context)),
        deprecated=is_deprecated(iri, lexicon.statements),
    )


def _some_statements(property_: str) -> str:
    node = queries.bracketed(property_)
    some = f"SELECT DISTINCT ?graph ?subject ?value WHERE {{ GRAPH ?graph {{ ?subject {node} ?value }} }}"
    window = f"ORDER BY ?subject ?value ?graph LIMIT {_MOST_EXAMPLES}"
    return queries.select(f"    {{ {some} {window} }}\n    BIND ({node} AS ?property)")


def _relations(iri: str, context: EntityContext) -> Iterable[tuple[Link, tuple[Value, ...]]]:
    for property_ in _RELATIONS:
        found = context.lexicon.statements.resources(iri, property_)
        if found:
            yield context.term_link(property_), tuple(_related(item, context) for item in found)


def _related(iri: str, context: EntityContext) -> Value:
    """Another term: one that the release declares, or one elsewhere."""
    known = iri in context.lexicon.statements or context.say.has("property", curie(iri) or "")
    link = context.term_link(iri) if known else context.link(iri)
    return Value(link.text, link.language, link.href, external=not known)


def _shapes(iri: str, context: EntityContext) -> Iterable[ShapeEntry]:
    """Shapes that target a class, with their property shapes, or whose path is a property."""
    statements = context.lexicon.statements
    found: dict[str, None] = {}
    for shape in statements.pointing(iri, expand("sh:targetClass")):
        found[shape] = None
        found.update(dict.fromkeys(statements.resources(shape, expand("sh:property"))))
    found.update(dict.fromkeys(statements.pointing(iri, expand("sh:path"))))
    for shape in found:
        severity = _SEVERITIES.get(statements.resource(shape, expand("sh:severity")) or "")
        name = statements.text(shape, expand("sh:name"), context.language)
        link = context.link(shape)
        yield ShapeEntry(
            Link(name or link.text, link.href),
            statements.text(shape, expand("sh:message"), context.language) or "",
            context.say(severity) if severity else "",
        )
