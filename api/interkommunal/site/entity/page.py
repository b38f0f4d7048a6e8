"""The pages of a thing: its own, its statements page by page, and what became of it from release to release."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from interkommunal.dates import day_in_words, moment_in_words
from interkommunal.namespaces import CONCEPT, ID, IK, SHAPE, expand
from interkommunal.release.history import GRAPH, Change, History, Kind
from interkommunal.site.description import queries
from interkommunal.site.description.lexicon import list_slug
from interkommunal.site.description.passages import CAPTION, HEADING, Passage, read_passages
from interkommunal.site.description.queries import Direction
from interkommunal.site.description.statements import GraphClient, Statements, is_passage
from interkommunal.site.entity.clusters import Clusters, passage_evidence, siglum
from interkommunal.site.entity.context import EntityContext
from interkommunal.site.entity.model import MOST_SIGLA, Cluster, Evidence, Group, Link, Note, Row, Value
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
_TITLES: Final[dict[Direction, str]] = {
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


@dataclass(frozen=True)
class Page:
    """The page of a thing.

    Attributes:
        title: name of the thing. kind: what it is, with links. sentence: what it is, in one.
        crumbs: the way here. hero: the passage that says most. prose: paragraphs about the thing itself.
        groups: facts. notes: discrepancies explained in them, in their order.
        own_notes: discrepancies about the thing itself, which is a passage. mentioned: link to all its passages.
    """

    title: Link
    kind: tuple[Link, ...]
    sentence: str
    crumbs: tuple[Link, ...]
    hero: Evidence | None
    prose: dict[str, str]
    groups: tuple[Group, ...]
    notes: tuple[Note, ...]
    own_notes: tuple[Note, ...]
    mentioned: Link | None


def page_of(context: EntityContext) -> Page:
    """The page of the thing."""
    clusters, hero, iri, mentioned = Clusters(context), _hero(context), context.iri, None
    own_notes = clusters.about(iri) if iri in context.passages else ()
    name, sentence, groups = context.name(iri), sentence_of(context), groups_of(context, clusters)
    kind = [context.term_link(item) for item in context.types(iri)]
    # „Vereinbarung · Kontrakt“, but not „Förderprogramm · Förderprogramm“.
    classes = {link.text for link in kind}
    kind.extend(link for item in context.to("dcterms:type") if (link := context.link(item)).text not in classes)
    prose: dict[str, str] = {}
    for key, property_, class_ in _PROSE:
        text = context.statements.text(iri, expand(property_), context.language)
        applies = not class_ or expand(class_) in context.types(iri)
        if applies and text and text != sentence and text not in prose.values():
            prose[context.say(key)] = text
    if hero is not None and iri not in context.passages:
        local = (path_of(iri) or "").removeprefix("/doc/")
        address = context.site.address(f"/sources/{hero.slug}?entity={local}#{hero.anchor}")
        mentioned = Link(context.say("Show all passages in context"), address)
    return Page(
        title=Link(name.text, None, context.other_language(name.language)),
        kind=tuple(kind),
        sentence=sentence,
        crumbs=crumbs(iri, name.text, context),
        hero=None if hero is None else passage_evidence(hero, context),
        prose=prose,
        groups=groups,
        notes=() if own_notes else tuple(clusters.notes.values()),
        own_notes=own_notes,
        mentioned=mentioned,
    )


def crumbs(iri: str, title: str, context: EntityContext) -> tuple[Link, ...]:
    """Start, the list of the thing's class, the thing."""
    found = [Link(context.say("Start"), context.site.address("/"))]
    classes = context.types(iri)
    if iri.startswith((IK, CONCEPT, SHAPE)):
        found.append(Link(context.say("Ontology"), context.site.address("/ontology")))
    elif classes:
        name = context.term_link(classes[0]).text
        found.append(Link(name, context.site.address(f"/lists/{list_slug(classes[0])}")))
    return (*found, Link(title))


def _hero(context: EntityContext) -> Passage | None:
    """The passage that says most of the thing, in running text if there is one."""
    if context.iri in context.passages or not context.iri.startswith(ID):
        return context.passages.get(context.iri)
    weights: dict[str, float] = {}
    for item in context.statements:
        if item.graph in context.passages:
            weight = 1 if item.subject == context.iri else 0.4 if item.value.value == context.iri else 0
            if weight:
                weights[item.graph] = weights.get(item.graph, 0) + weight
    for graph in weights:
        passage = context.passages[graph]
        if passage.voice in (HEADING, CAPTION):
            weights[graph] *= 0.3
        if passage.is_doubtful:
            weights[graph] *= 0.7
    best = min(weights, key=lambda graph: (-weights[graph], context.passages[graph].place), default=None)
    return None if best is None else context.passages[best]


async def statements_page(
    context: EntityContext, statements: Statements, client: GraphClient, direction: Direction, number: int, total: int
) -> dict[str, Any]:
    """What the page of a list of statements shows.

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
    graphs, named = statements.passages, {iri for iri in statements.named if iri.startswith(ID)}
    questions = [queries.names(named)] if named else []
    if graphs:
        questions.append(queries.passages(graphs))
    records = await client.statements(*questions)
    here = replace(context, statements=statements, records=records, passages=read_passages(records))
    say, name, page = context.say, context.name(context.iri).text, context.site.page(context.iri) or ""
    title, rows = say(_TITLES[direction], name=name), []
    for subject, property_ in dict.fromkeys((item.subject, item.predicate) for item in statements):
        values = here.values(subject, property_)
        by = sorted({graph for value in values for graph in value.graphs}, key=lambda it: (not is_passage(it), it))
        sources = (siglum(graph, here) for graph in by[: 2 * MOST_SIGLA])
        cells = (
            (here.shown(subject),),
            (here.shown_term(property_),),
            tuple(replace(value, graphs=()) for value in values),
            tuple(Value(source.text, href=source.href, marks=source.marks) for source in sources),
        )
        rows.append(Row(cells))
    columns = (say("Subject"), say("Property"), say("Value"), say("Source"))
    last, address = ceil(total / PER_PAGE), f"{page}?list={direction}&page="
    return {
        "title": title,
        "count": say.counted("{n} statement", "{n} statements", total),
        "thing": Link(say("Back to the page"), page),
        "crumbs": (*crumbs(context.iri, name, context)[:-1], Link(name, page), Link(title)),
        "group": Group("statements", title, "statements", (Cluster(tuple(rows)),), columns),
        "pager": {
            "page": number,
            "pages": last,
            "previous": f"{address}{number - 1}" if number > 1 else None,
            "next": f"{address}{number + 1}" if number < last else None,
        },
    }


class State(NamedTuple):
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

    def version(change: Change) -> str:
        is_gone = change.kind is Kind.DELETE
        return "" if is_gone else f"/release/{change.publication.release}{quote(path, safe=SAFE)}"

    states = [
        State(
            translator(language)(_KINDS[change.kind]),
            change.publication.release,
            change.publication.time,
            moment_in_words(change.publication.time, language),
            site.address(f"/feed/{history.stream}/members/{change.sequence}"),
            site.address(then) if (then := version(change)) and change is not found[0] else "",
        )
        for change in found[:_MOST_STATES]
    ]
    before, day = version(found[1]), day_in_words(found[0].publication.time, language)
    return Past(tuple(states), len(found) - 1, day, site.absolute(before) if before else "", is_there)
