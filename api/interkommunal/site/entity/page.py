"""The page of a thing, put together from its dossier."""

from __future__ import annotations

from typing import Final

from interkommunal.namespaces import CONCEPT, ID, IK, SHAPE
from interkommunal.site.description.lexicon import list_slug
from interkommunal.site.description.passages import CAPTION, HEADING, Passage, is_passage
from interkommunal.site.description.statements import term
from interkommunal.site.entity.clusters import Clusters, passage_evidence
from interkommunal.site.entity.dossier import Dossier
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
_TYPE: Final = term("dcterms:type")


def page_of(dossier: Dossier) -> Page:
    """The page of the thing of a dossier."""
    clusters = Clusters(dossier)
    hero = _hero(dossier)
    own_notes = clusters.about(dossier.iri) if dossier.iri in dossier.passages else ()
    sentence = sentence_of(dossier)
    groups = groups_of(dossier, clusters)
    name = dossier.name(dossier.iri)
    return Page(
        iri=dossier.iri,
        title=Link(name.text, None, dossier.other_language(name.language)),
        kind=_kind(dossier),
        sentence=sentence,
        crumbs=crumbs(dossier.iri, name.text, dossier),
        hero=None if hero is None else passage_evidence(hero, dossier),
        prose=_prose(dossier, sentence),
        groups=groups,
        notes=() if own_notes else clusters.notes,
        own_notes=own_notes,
        mentioned=_mentioned(dossier, hero),
    )


def crumbs(iri: str, title: str, dossier: Dossier) -> tuple[Crumb, ...]:
    """Start, the list of the thing's class, the thing."""
    found = [Crumb(dossier.say("nav.start"), dossier.site.address("/"))]
    classes = dossier.types(iri)
    if iri.startswith((IK, CONCEPT, SHAPE)):
        found.append(Crumb(dossier.say("ontology.title"), dossier.site.address("/ontology")))
    elif classes:
        name = dossier.term_link(classes[0]).text
        found.append(Crumb(name, dossier.site.address(f"/lists/{list_slug(classes[0])}")))
    return (*found, Crumb(title, None))


def _kind(dossier: Dossier) -> tuple[Link, ...]:
    special = tuple(dossier.link(item) for item in dossier.statements.resources(dossier.iri, _TYPE))
    classes = kinds_of(dossier.iri, dossier)
    # „Vereinbarung · Kontrakt“, but not „Förderprogramm · Förderprogramm“.
    return (*classes, *(item for item in special if item.text not in {link.text for link in classes}))


def _hero(dossier: Dossier) -> Passage | None:
    """The passage that says most of the thing, in running text if there is one."""
    if dossier.iri in dossier.passages:
        return dossier.passages[dossier.iri]
    if not dossier.iri.startswith(ID):
        return None
    weights: dict[str, float] = {}
    for item in dossier.statements:
        if is_passage(item.graph) and item.graph in dossier.passages:
            if item.subject == dossier.iri:
                weights[item.graph] = weights.get(item.graph, 0) + 1
            elif getattr(item.value, "value", None) == dossier.iri:
                weights[item.graph] = weights.get(item.graph, 0) + 0.4
    for graph in weights:
        passage = dossier.passages[graph]
        if passage.voice in (HEADING, CAPTION):
            weights[graph] *= 0.3
        if passage.is_doubtful:
            weights[graph] *= 0.7
    if not weights:
        return None
    best = min(weights, key=lambda graph: (-weights[graph], dossier.passages[graph].place))
    return dossier.passages[best]


def _prose(dossier: Dossier, sentence: str) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    classes = dossier.types(dossier.iri)
    for key, property_, class_ in _PROSE:
        if class_ and term(class_) not in classes:
            continue
        text = dossier.statements.text(dossier.iri, term(property_), dossier.language)
        if text and text != sentence and text not in found.values():
            found[dossier.say(key)] = text
    return tuple(found.items())


def _mentioned(dossier: Dossier, hero: Passage | None) -> Link | None:
    if hero is None or dossier.iri in dossier.passages:
        return None
    local = (path_of(dossier.iri) or "").removeprefix("/doc/")
    return Link(
        dossier.say("more.mentioned"),
        dossier.site.address(f"/sources/{hero.slug}?entity={local}#{hero.anchor}"),
    )
