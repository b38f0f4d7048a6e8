"""The page of a thing, put together from its dossier."""

from __future__ import annotations

from typing import Final

from interkommunal.namespaces import CONCEPT, ID, IK, SHAPE, expand
from interkommunal.site.description.lexicon import list_slug
from interkommunal.site.description.passages import CAPTION, HEADING, Passage, is_passage
from interkommunal.site.entity.clusters import Clusters, passage_evidence
from interkommunal.site.entity.context import EntityContext
from interkommunal.site.entity.model import Crumb, Link, Page
from interkommunal.site.entity.rows import kinds_of
from interkommunal.site.entity.sections import groups_of
from interkommunal.site.entity.sentences import sentence_of
from interkommunal.site.site import path_of

_PROSE: Final = (
    ("prose.explanation", "rdfs:comment", "ik:Discrepancy"),
    ("prose.resolution", "ik:resolution", ""),
    ("prose.comment", "rdfs:comment", ""),
    ("prose.definition", "skos:definition", ""),
    ("prose.scope", "skos:scopeNote", ""),
    ("prose.example", "skos:example", ""),
)
_TYPE: Final = expand("dcterms:type")


def page_of(entity_context: EntityContext) -> Page:
    """The page of the thing of a dossier."""
    clusters = Clusters(entity_context)
    hero = _hero(entity_context)
    own_notes = clusters.about(entity_context.iri) if entity_context.iri in entity_context.passages else ()
    sentence = sentence_of(entity_context)
    groups = groups_of(entity_context, clusters)
    name = entity_context.name(entity_context.iri)
    return Page(
        iri=entity_context.iri,
        title=Link(name.text, None, entity_context.other_language(name.language)),
        kind=_kind(entity_context),
        sentence=sentence,
        crumbs=crumbs(entity_context.iri, name.text, entity_context),
        hero=None if hero is None else passage_evidence(hero, entity_context),
        prose=_prose(entity_context, sentence),
        groups=groups,
        notes=() if own_notes else clusters.notes,
        own_notes=own_notes,
        mentioned=_mentioned(entity_context, hero),
    )


def crumbs(iri: str, title: str, entity_context: EntityContext) -> tuple[Crumb, ...]:
    """Start, the list of the thing's class, the thing."""
    found = [Crumb(entity_context.say("nav.start"), entity_context.site.address("/"))]
    classes = entity_context.types(iri)
    if iri.startswith((IK, CONCEPT, SHAPE)):
        found.append(Crumb(entity_context.say("ontology.title"), entity_context.site.address("/ontology")))
    elif classes:
        name = entity_context.term_link(classes[0]).text
        found.append(Crumb(name, entity_context.site.address(f"/lists/{list_slug(classes[0])}")))
    return (*found, Crumb(title, None))


def _kind(entity_context: EntityContext) -> tuple[Link, ...]:
    special = tuple(
        entity_context.link(item) for item in entity_context.statements.resources(entity_context.iri, _TYPE)
    )
    classes = kinds_of(entity_context.iri, entity_context)
    # „Vereinbarung · Kontrakt“, but not „Förderprogramm · Förderprogramm“.
    return (*classes, *(item for item in special if item.text not in {link.text for link in classes}))


def _hero(entity_context: EntityContext) -> Passage | None:
    """The passage that says most of the thing, in running text if there is one."""
    if entity_context.iri in entity_context.passages:
        return entity_context.passages[entity_context.iri]
    if not entity_context.iri.startswith(ID):
        return None
    weights: dict[str, float] = {}
    for item in entity_context.statements:
        if is_passage(item.graph) and item.graph in entity_context.passages:
            if item.subject == entity_context.iri:
                weights[item.graph] = weights.get(item.graph, 0) + 1
            elif getattr(item.value, "value", None) == entity_context.iri:
                weights[item.graph] = weights.get(item.graph, 0) + 0.4
    for graph in weights:
        passage = entity_context.passages[graph]
        if passage.voice in (HEADING, CAPTION):
            weights[graph] *= 0.3
        if passage.is_doubtful:
            weights[graph] *= 0.7
    if not weights:
        return None
    best = min(weights, key=lambda graph: (-weights[graph], entity_context.passages[graph].place))
    return entity_context.passages[best]


def _prose(entity_context: EntityContext, sentence: str) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    classes = entity_context.types(entity_context.iri)
    for key, property_, class_ in _PROSE:
        if class_ and expand(class_) not in classes:
            continue
        text = entity_context.statements.text(entity_context.iri, expand(property_), entity_context.language)
        if text and text != sentence and text not in found.values():
            found[entity_context.say(key)] = text
    return tuple(found.items())


def _mentioned(entity_context: EntityContext, hero: Passage | None) -> Link | None:
    if hero is None or entity_context.iri in entity_context.passages:
        return None
    local = (path_of(entity_context.iri) or "").removeprefix("/doc/")
    return Link(
        entity_context.say("more.mentioned"),
        entity_context.site.address(f"/sources/{hero.slug}?entity={local}#{hero.anchor}"),
    )
