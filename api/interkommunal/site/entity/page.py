"""The pages of a thing: its own, its statements page by page, and what became of it from release to release."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil
from typing import Final
from urllib.parse import quote, urlencode

from pyoxigraph import NamedNode

from interkommunal.dates import day_in_words, moment_in_words
from interkommunal.namespaces import CONCEPT, ID, IK, SHAPE, expand
from interkommunal.release.history import GRAPH, Change, History, Kind
from interkommunal.site.description import queries
from interkommunal.site.description.lexicon import list_slug
from interkommunal.site.description.passages import CAPTION, HEADING, Passage, is_passage, read_passages
from interkommunal.site.description.queries import Direction
from interkommunal.site.description.statements import GraphClient, Statements
from interkommunal.site.entity.clusters import Clusters, passage_evidence, siglum
from interkommunal.site.entity.context import EntityContext
from interkommunal.site.entity.model import MOST_SIGLA, Cluster, Crumb, Group, Link, Page, Row, Value
from interkommunal.site.entity.sections import groups_of
from interkommunal.site.entity.sentences import sentence_of
from interkommunal.site.site import SAFE, Site, path_of
from interkommunal.texts import Language, gettext_noop
from interkommunal.translator import translator

PER_PAGE: Final = 100
# States of a thing that its page shows; the older ones are reached from one to the one before.
_MOST_STATES: Final = 50
_KINDS: Final = {
    Kind.CREATE: gettext_noop("new"),
    Kind.UPDATE: gettext_noop("changed"),
    Kind.DELETE: gettext_noop("deleted"),
}
_TITLES: Final = {
    "to": gettext_noop("What points to “{name}”"),
    "from": gettext_noop("All statements about “{name}”"),
    "in": gettext_noop("Statements in the graph “{name}”"),
}
_PROSE: Final = (
    (gettext_noop("What is in doubt"), "rdfs:comment", "ik:Discrepancy"),
    (gettext_noop("How we treat it"), "ik:resolution", ""),
    (gettext_noop("Explanation"), "rdfs:comment", ""),
    (gettext_noop("Definition"), "skos:definition", ""),
    (gettext_noop("Scope note"), "skos:scopeNote", ""),
    (gettext_noop("Example"), "skos:example", ""),
)


def page_of(context: EntityContext) -> Page:
    """The page of the thing."""
    clusters = Clusters(context)
    hero = _hero(context)
    own_notes = clusters.about(context.iri) if context.iri in context.passages else ()
    sentence = sentence_of(context)
    groups = groups_of(context, clusters)
    name = context.name(context.iri)
    return Page(
        iri=context.iri,
        title=Link(name.text, None, context.other_language(name.language)),
        kind=_kind(context),
        sentence=sentence,
        crumbs=crumbs(context.iri, name.text, context),
        hero=None if hero is None else passage_evidence(hero, context),
        prose=_prose(context, sentence),
        groups=groups,
        notes=() if own_notes else clusters.notes,
        own_notes=own_notes,
        mentioned=_mentioned(context, hero),
    )


def crumbs(iri: str, title: str, context: EntityContext) -> tuple[Crumb, ...]:
    """Start, the list of the thing's class, the thing."""
    found = [Crumb(context.say("Start"), context.site.address("/"))]
    classes = context.types(iri)
    if iri.startswith((IK, CONCEPT, SHAPE)):
        found.append(Crumb(context.say("Ontology"), context.site.address("/ontology")))
    elif classes:
        name = context.term_link(classes[0]).text
        found.append(Crumb(name, context.site.address(f"/lists/{list_slug(classes[0])}")))
    return (*found, Crumb(title, None))


def _kind(context: EntityContext) -> tuple[Link, ...]:
    """What a thing is: its classes, each leading to its definition, and its type."""
    classes = tuple(context.term_link(item) for item in context.types(context.iri))
    special = (context.link(item) for item in context.to("dcterms:type"))
    # „Vereinbarung · Kontrakt“, but not „Förderprogramm · Förderprogramm“.
    return (*classes, *(item for item in special if item.text not in {link.text for link in classes}))


def _hero(context: EntityContext) -> Passage | None:
    """The passage that says most of the thing, in running text if there is one."""
    if context.iri in context.passages:
        return context.passages[context.iri]
    if not context.iri.startswith(ID):
        return None
    weights: dict[str, float] = {}
    for item in context.statements:
        if is_passage(item.graph) and item.graph in context.passages:
            if item.subject == context.iri:
                weights[item.graph] = weights.get(item.graph, 0) + 1
            elif getattr(item.value, "value", None) == context.iri:
                weights[item.graph] = weights.get(item.graph, 0) + 0.4
    for graph in weights:
        passage = context.passages[graph]
        if passage.voice in (HEADING, CAPTION):
            weights[graph] *= 0.3
        if passage.is_doubtful:
            weights[graph] *= 0.7
    if not weights:
        return None
    best = min(weights, key=lambda graph: (-weights[graph], context.passages[graph].place))
    return context.passages[best]


def _prose(context: EntityContext, sentence: str) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    classes = context.types(context.iri)
    for key, property_, class_ in _PROSE:
        if class_ and expand(class_) not in classes:
            continue
        text = context.text(property_)
        if text and text != sentence and text not in found.values():
            found[context.say(key)] = text
    return tuple(found.items())


def _mentioned(context: EntityContext, hero: Passage | None) -> Link | None:
    if hero is None or context.iri in context.passages:
        return None
    local = (path_of(context.iri) or "").removeprefix("/doc/")
    return Link(
        context.say("Show all passages in context"),
        context.site.address(f"/sources/{hero.slug}?entity={local}#{hero.anchor}"),
    )


@dataclass(frozen=True, slots=True)
class Pager:
    """Where one is in a list of many pages."""

    page: int
    pages: int
    previous: str | None
    next: str | None


@dataclass(frozen=True)
class StatementsPage:
    """One page of statements.

    Attributes:
        title, count: of the list. thing: back to the page of the thing. crumbs: the way here.
        group: the statements, with their sources in the last column. pager: the other pages.
    """

    title: str
    count: str
    thing: Link
    crumbs: tuple[Crumb, ...]
    group: Group
    pager: Pager


async def statements_page(
    context: EntityContext, statements: Statements, client: GraphClient, direction: Direction, number: int, total: int
) -> StatementsPage:
    """The page of a list.

    Args:
        context: of the thing.
        statements: those of this page.
        client: to the names of what they name.
        direction: which statements of the thing.
        number: of the page.
        total: statements on all pages.

    Raises:
        QueryError: the engine cannot answer.
    """
    graphs = {graph for graph in statements.graphs if is_passage(graph)}
    named = {item.subject for item in statements}
    named.update(item.value.value for item in statements if isinstance(item.value, NamedNode))
    named = {iri for iri in named if iri.startswith(ID)}
    questions = [queries.names(named)] if named else []
    if graphs:
        questions.append(queries.passages(graphs))
    records = await client.statements(*questions)
    here = replace(context, statements=statements, records=records, passages=read_passages(records))
    say, name = context.say, context.name(context.iri).text
    title = say(_TITLES[direction], name=name)
    columns = (say("Subject"), say("Property"), say("Value"), say("Source"))
    pairs = dict.fromkeys((item.subject, item.predicate) for item in statements)
    rows = tuple(_row(subject, property_, here) for subject, property_ in pairs)
    page = context.site.page(context.iri) or ""
    return StatementsPage(
        title=title,
        count=say.counted("{n} statement", "{n} statements", total),
        thing=Link(say("Back to the page"), page),
        crumbs=(*crumbs(context.iri, name, context)[:-1], Crumb(name, page), Crumb(title, None)),
        group=Group("statements", title, "statements", (Cluster(rows, None),), columns),
        pager=pager(number, ceil(total / PER_PAGE), f"{page}?", {"list": direction}),
    )


def pager(number: int, pages: int, address: str, parameters: dict[str, str]) -> Pager:
    """The pages before and after page ``number``."""

    def link(page: int) -> str:
        return f"{address}{urlencode({**parameters, 'page': page})}"

    return Pager(number, pages, link(number - 1) if number > 1 else None, link(number + 1) if number < pages else None)


def _row(subject: str, property_: str, context: EntityContext) -> Row:
    values = context.values(subject, property_)
    graphs = sorted({graph for value in values for graph in value.graphs}, key=lambda it: (not is_passage(it), it))
    signs = (siglum(graph, context) for graph in graphs[: 2 * MOST_SIGLA])
    cells = (
        (context.shown(subject),),
        (context.shown_term(property_),),
        tuple(replace(value, graphs=()) for value in values),
        tuple(Value(sign.text, href=sign.href, marks=sign.marks) for sign in signs),
    )
    return Row(cells, ())


@dataclass(frozen=True, slots=True)
class State:
    """A state of a thing, from one release on.

    Attributes:
        kind: what the release did to the thing, in words. release: its identifier.
        time: when it came into force (``xsd:dateTime``). moment: the same in words.
        change: where it stands what changed. version: where the thing stands as it was then; empty if that is the page
            itself, or if it was deleted.
    """

    kind: str
    release: str
    time: str
    moment: str
    change: str
    version: str


@dataclass(frozen=True, slots=True)
class Past:
    """The states of a thing that has changed.

    Attributes:
        states: the latest first, the oldest left out where there are too many. changes: how often it changed.
        day: of the last change, in words. before: absolute URL of the state before this one, without a suffix for its
            format; empty if it was deleted then.
        is_there: whether the first of the states is that of the page.
    """

    states: tuple[State, ...]
    changes: int
    day: str
    before: str
    is_there: bool


def past_of(history: History, release: str, iri: str, path: str, site: Site, language: Language) -> Past | None:
    """The past of a thing; ``None`` if it never changed, or if the table does not know the release yet.

    Args:
        history: the change table.
        release: identifier of the one that is shown; what came later is left out.
        iri: the thing.
        path: of its description, decoded and without suffix.
        site: where links lead.
        language: of the words.

    Raises:
        ReleaseError: the table is damaged.
    """
    shown = next((item.number for item in reversed(history.publications) if item.release == release), 0)
    found = [change for change in history.changes(GRAPH, iri) if change.publication.number <= shown]
    if len(found) < 2:
        return None
    found.reverse()
    is_there = found[0].kind is not Kind.DELETE
    own = quote(path, safe=SAFE)
    say = translator(language)

    def state(change: Change) -> State:
        is_page = is_there and change is found[0]
        name = change.publication.release
        has_version = change.kind is not Kind.DELETE and not is_page
        return State(
            say(_KINDS[change.kind]),
            name,
            change.publication.time,
            moment_in_words(change.publication.time, language),
            site.address(f"/feed/{history.stream}/members/{change.sequence}"),
            site.address(f"/release/{name}{own}") if has_version else "",
        )

    previous = found[1]
    before = "" if previous.kind is Kind.DELETE else site.absolute(f"/release/{previous.publication.release}{own}")
    day = day_in_words(found[0].publication.time, language)
    return Past(tuple(map(state, found[:_MOST_STATES])), len(found) - 1, day, before, is_there)
