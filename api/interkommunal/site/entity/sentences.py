"""What a thing is, in one sentence made from its class and its key facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Final

from interkommunal.dates import date_in_words
from interkommunal.namespaces import CONCEPT, GRAPH_PASSAGES, IK, expand
from interkommunal.site.description.passages import is_passage
from interkommunal.site.entity.clusters import line_title
from interkommunal.site.entity.context import EntityContext

_TYPE: Final = expand("dcterms:type")
_COOPERATION: Final = expand("ik:Cooperation")
_ROLES: Final = (
    "role-first-signatory",
    "role-acceding-party",
    "role-party",
    "role-signatory",
    "role-negotiating-municipality",
)


def sentence_of(entity_context: EntityContext) -> str:
    """What the thing of a dossier is."""
    classes = entity_context.types(entity_context.iri)
    for class_ in classes:
        write = _WRITERS.get(class_)
        if write is not None:
            return write(entity_context)
    definition = entity_context.statements.text(entity_context.iri, expand("skos:definition"), entity_context.language)
    if definition:
        return definition
    return _generic(entity_context)


def noun(entity_context: EntityContext) -> str | None:
    """The thing's kind with its article, as exactly as it is known; ``None`` if there is no word for it."""
    kinds = [item.removeprefix(CONCEPT) for item in entity_context.statements.resources(entity_context.iri, _TYPE)]
    classes = [item.rpartition("#")[2].rpartition("/")[2] for item in entity_context.types(entity_context.iri)]
    return next(
        (entity_context.say(f"a.{name}") for name in (*kinds, *classes) if entity_context.say.has(f"a.{name}")), None
    )


def _generic(entity_context: EntityContext) -> str:
    say, a = entity_context.say, noun(entity_context)
    graphs = {graph for graph in _own_graphs(entity_context) if is_passage(graph)}
    passages = say.count("passages", len(graphs)) if graphs else ""
    if a:
        return say("sentence.generic", a=a, passages=passages) if passages else say("sentence.plain", a=a)
    classes = entity_context.types(entity_context.iri)
    if not classes:
        return say("sentence.unknown")
    kind = entity_context.term_link(classes[0]).text
    return say("sentence.kind", kind=kind, passages=passages) if passages else say("sentence.kind-only", kind=kind)


def _agreement(entity_context: EntityContext) -> str:
    say = entity_context.say
    day = _date(entity_context, "dcterms:created")
    when = ""
    if day:
        when = say("sentence.agreement.from" if day[1] else "sentence.agreement.on", year=day[0], date=day[0])
    return say(
        "sentence.agreement",
        a=noun(entity_context) or say("a.Agreement"),
        **{"from": when},
        parties=_parties(entity_context),
    )


def _parties(entity_context: EntityContext) -> str:
    roles: Counter[str] = Counter()
    for participation in entity_context.statements.resources(entity_context.iri, expand("cv:hasParticipation")):
        for role in entity_context.statements.resources(participation, expand("cv:role")) or [""]:
            slug = role.removeprefix(CONCEPT)
            roles[slug if slug in _ROLES else "other"] += 1
    if not roles:
        return ""
    words = [entity_context.say.count(f"role.{role}", roles[role]) for role in (*_ROLES, "other") if roles[role]]
    return entity_context.say.count("parties", roles.total(), roles=entity_context.say.listed(words))


def _wording(entity_context: EntityContext) -> str:
    agreement = entity_context.statements.resource(entity_context.iri, expand("dcterms:isVersionOf"))
    if agreement is None:
        return _generic(entity_context)
    day = _date(entity_context, "dcterms:date")
    key = "sentence.wording.dated" if day else "sentence.wording"
    return entity_context.say(key, agreement=entity_context.name(agreement).text, date=day[0] if day else "")


def _city(entity_context: EntityContext) -> str:
    say, statements = entity_context.say, entity_context.statements
    agreements = {
        agreement
        for participation in statements.pointing(entity_context.iri, expand("cv:hasParticipant"))
        for agreement in statements.pointing(participation, expand("cv:hasParticipation"))
        if expand("ik:Agreement") in statements.types(agreement)
    }
    groups = statements.resources(entity_context.iri, expand("org:memberOf"))
    forums = [
        event
        for event in statements.pointing(entity_context.iri, expand("schema:location"))
        if expand("ik:Forum") in statements.types(event)
    ]
    parts = say.count("sentence.city.agreements", len(agreements)) if agreements else ""
    if groups:
        key = "sentence.city.member" if agreements else "sentence.city.member-only"
        parts += say(key, cooperation=entity_context.name(groups[0]).text)
    if forums:
        parts += say.count("sentence.city.forums", len(forums))
    return say("sentence.city", name=entity_context.name(entity_context.iri).text, parts=parts)


def _cooperation(entity_context: EntityContext) -> str:
    say, day = entity_context.say, _date(entity_context, "schema:foundingDate")
    members = entity_context.statements.pointing(entity_context.iri, expand("org:memberOf"))
    return say(
        "sentence.cooperation",
        since=say("sentence.cooperation.since", when=_when(day, entity_context)) if day else "",
        members=say.count("sentence.cooperation.members", len(members)) if members else "",
    )


def _event(entity_context: EntityContext) -> str:
    say, day = entity_context.say, _date(entity_context, "schema:startDate")
    place = entity_context.statements.resource(entity_context.iri, expand("schema:location"))
    if day is None:
        return _generic(entity_context)
    if place is None:
        return say("sentence.event.when", when=_when(day, entity_context))
    forum = expand("ik:Forum") in entity_context.types(entity_context.iri)
    key = "sentence.forum" if forum else "sentence.event"
    return say(key, when=_when(day, entity_context), place=entity_context.name(place).text)


def _series(entity_context: EntityContext) -> str:
    events = entity_context.statements.pointing(entity_context.iri, expand("schema:superEvent"))
    dates = sorted(
        literal.value
        for event in events
        if (literal := entity_context.statements.literal(event, expand("schema:startDate"))) is not None
    )
    if not dates:
        return _generic(entity_context)
    first, last = (date_in_words(item, entity_context.language) for item in (dates[0], dates[-1]))
    return entity_context.say.count("sentence.series", len(events), first=first, last=last)


def _work(entity_context: EntityContext) -> str:
    say, a = entity_context.say, noun(entity_context)
    whole = entity_context.statements.resource(entity_context.iri, expand("schema:isPartOf"))
    number = entity_context.statements.number(entity_context.iri, expand("schema:position"))
    if a and whole and number:
        return say("sentence.part", a=a, number=number, whole=entity_context.name(whole).text)
    parts = entity_context.statements.pointing(entity_context.iri, expand("schema:isPartOf"))
    return say.count("sentence.parts", len(parts), a=a) if a and parts else _generic(entity_context)


def _goal(entity_context: EntityContext) -> str:
    of = entity_context.statements.pointing(entity_context.iri, expand("ik:hasGoal"))
    of = of or entity_context.statements.resources(entity_context.iri, expand("dcterms:isPartOf"))
    if not of:
        return entity_context.say("sentence.goal.alone")
    return entity_context.say("sentence.goal", of=entity_context.name(of[0]).text)


def _outcome(entity_context: EntityContext) -> str:
    of = entity_context.statements.resources(entity_context.iri, expand("ik:outcomeOf"))
    of = of or entity_context.statements.resources(entity_context.iri, expand("dcterms:isPartOf"))
    return (
        entity_context.say("sentence.outcome", of=entity_context.name(of[0]).text) if of else _generic(entity_context)
    )


def _participation(entity_context: EntityContext) -> str:
    statements = entity_context.statements
    who = statements.resource(entity_context.iri, expand("cv:hasParticipant"))
    role = statements.resource(entity_context.iri, expand("cv:role"))
    agreements = statements.pointing(entity_context.iri, expand("cv:hasParticipation"))
    if not (who and role and agreements):
        return _generic(entity_context)
    names = [entity_context.name(item).text for item in (who, role, agreements[0])]
    return entity_context.say("sentence.participation", who=names[0], role=names[1], agreement=names[2])


def _signature(entity_context: EntityContext) -> str:
    city = entity_context.statements.resource(entity_context.iri, expand("ik:signedFor"))
    return (
        entity_context.say("sentence.signature", city=entity_context.name(city).text)
        if city
        else _generic(entity_context)
    )


def _observation(entity_context: EntityContext) -> str:
    wording = entity_context.statements.text(entity_context.iri, expand("schema:name"), "de")
    about = entity_context.statements.resource(entity_context.iri, expand("schema:observationAbout"))
    if not (wording and about):
        return _generic(entity_context)
    return entity_context.say("sentence.observation", wording=wording, about=entity_context.name(about).text)


def _discrepancy(entity_context: EntityContext) -> str:
    kind = entity_context.statements.resource(entity_context.iri, _TYPE)
    targets = len(entity_context.statements.resources(entity_context.iri, expand("oa:hasTarget")))
    name = entity_context.name(kind).text if kind else ""
    return entity_context.say("sentence.discrepancy", kind=name, passages=entity_context.say.count("passages", targets))


def _passage(entity_context: EntityContext) -> str:
    passage = entity_context.passages.get(entity_context.iri)
    if passage is None:
        return _generic(entity_context)
    facts = sum(1 for item in entity_context.statements if item.graph == entity_context.iri)
    values = {"source": entity_context.name(passage.source).text, "lines": line_title(passage, entity_context)}
    if not facts:
        return entity_context.say("sentence.passage.none", **values)
    return entity_context.say.count("sentence.passage", facts, **values)


def _section(entity_context: EntityContext) -> str:
    number = entity_context.statements.number(entity_context.iri, expand("schema:position"))
    source = entity_context.statements.resource(entity_context.iri, expand("dcterms:isPartOf"))
    if number is None or source is None:
        return _generic(entity_context)
    return entity_context.say("sentence.section", number=number, source=entity_context.name(source).text)


def _unit(entity_context: EntityContext) -> str:
    of, a = entity_context.statements.resource(entity_context.iri, expand("org:unitOf")), noun(entity_context)
    return (
        entity_context.say("sentence.unit", a=a, of=entity_context.name(of).text)
        if of and a
        else _generic(entity_context)
    )


def _place(entity_context: EntityContext) -> str:
    city = entity_context.statements.resource(entity_context.iri, expand("schema:containedInPlace"))
    return (
        entity_context.say("sentence.place", city=entity_context.name(city).text) if city else _generic(entity_context)
    )


def _graph(entity_context: EntityContext) -> str:
    kind = entity_context.statements.resource(entity_context.iri, expand("ik:graphKind"))
    return (
        entity_context.say("sentence.graph", kind=entity_context.name(kind).text) if kind else _generic(entity_context)
    )


def _fixed(key: str) -> Callable[[EntityContext], str]:
    return lambda entity_context: entity_context.say(key)


def _date(entity_context: EntityContext, property_: str) -> tuple[str, bool] | None:
    """A date in words, and whether it is a year."""
    found = entity_context.statements.literals(entity_context.iri, expand(property_))
    if not found:
        return None
    # The most exact one: a day says more than its year.
    literal = max(found, key=lambda item: len(item.value))
    return date_in_words(literal.value, entity_context.language), literal.datatype.value == expand("xsd:gYear")


def _when(day: tuple[str, bool] | None, entity_context: EntityContext) -> str:
    if day is None:
        return ""
    return entity_context.say("when.year" if day[1] else "when.day", date=day[0])


def _own_graphs(entity_context: EntityContext) -> set[str]:
    return {
        item.graph
        for item in entity_context.statements
        if item.subject == entity_context.iri and item.graph != GRAPH_PASSAGES
    }


_WRITERS: Final[dict[str, Callable[[EntityContext], str]]] = {
    f"{IK}Agreement": _agreement,
    f"{IK}AgreementText": _wording,
    f"{IK}City": _city,
    _COOPERATION: _cooperation,
    f"{IK}Forum": _event,
    expand("schema:Event"): _event,
    expand("schema:EventSeries"): _series,
    f"{IK}Publication": _work,
    expand("schema:Book"): _work,
    expand("schema:Movie"): _work,
    expand("schema:CreativeWork"): _work,
    f"{IK}Goal": _goal,
    f"{IK}Outcome": _outcome,
    f"{IK}Participation": _participation,
    f"{IK}SignatureEntry": _signature,
    expand("schema:Observation"): _observation,
    f"{IK}Discrepancy": _discrepancy,
    f"{IK}Inference": _fixed("sentence.inference"),
    f"{IK}Reading": _fixed("sentence.reading"),
    f"{IK}Passage": _passage,
    f"{IK}Section": _section,
    expand("org:OrganizationalUnit"): _unit,
    expand("schema:Place"): _place,
    f"{IK}StatementGraph": _graph,
    expand("foaf:Document"): _fixed("sentence.document"),
}
