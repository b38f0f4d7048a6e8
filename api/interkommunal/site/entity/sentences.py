"""What a thing is, in one sentence made from its class and its key facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Final

from interkommunal.namespaces import CONCEPT, GRAPH_PASSAGES, IK
from interkommunal.site.dates import date_in_words
from interkommunal.site.description.passages import is_passage
from interkommunal.site.description.statements import term
from interkommunal.site.entity.clusters import line_title
from interkommunal.site.entity.dossier import Dossier

_TYPE: Final = term("dcterms:type")
_COOPERATION: Final = term("ik:Cooperation")
_ROLES: Final = (
    "role-first-signatory",
    "role-acceding-party",
    "role-party",
    "role-signatory",
    "role-negotiating-municipality",
)


def sentence_of(dossier: Dossier) -> str:
    """What the thing of a dossier is."""
    classes = dossier.types(dossier.iri)
    for class_ in classes:
        write = _WRITERS.get(class_)
        if write is not None:
            return write(dossier)
    definition = dossier.statements.text(dossier.iri, term("skos:definition"), dossier.language)
    if definition:
        return definition
    return _generic(dossier)


def noun(dossier: Dossier) -> str | None:
    """The thing's kind with its article, as exactly as it is known; ``None`` if there is no word for it."""
    kinds = [item.removeprefix(CONCEPT) for item in dossier.statements.resources(dossier.iri, _TYPE)]
    classes = [item.rpartition("#")[2].rpartition("/")[2] for item in dossier.types(dossier.iri)]
    return next((dossier.say(f"a.{name}") for name in (*kinds, *classes) if dossier.say.has(f"a.{name}")), None)


def _generic(dossier: Dossier) -> str:
    say, a = dossier.say, noun(dossier)
    graphs = {graph for graph in _own_graphs(dossier) if is_passage(graph)}
    passages = say.count("passages", len(graphs)) if graphs else ""
    if a:
        return say("sentence.generic", a=a, passages=passages) if passages else say("sentence.plain", a=a)
    classes = dossier.types(dossier.iri)
    if not classes:
        return say("sentence.unknown")
    kind = dossier.term_link(classes[0]).text
    return say("sentence.kind", kind=kind, passages=passages) if passages else say("sentence.kind-only", kind=kind)


def _agreement(dossier: Dossier) -> str:
    say = dossier.say
    day = _date(dossier, "dcterms:created")
    when = ""
    if day:
        when = say("sentence.agreement.from" if day[1] else "sentence.agreement.on", year=day[0], date=day[0])
    return say("sentence.agreement", a=noun(dossier) or say("a.Agreement"), **{"from": when}, parties=_parties(dossier))


def _parties(dossier: Dossier) -> str:
    roles: Counter[str] = Counter()
    for participation in dossier.statements.resources(dossier.iri, term("cv:hasParticipation")):
        for role in dossier.statements.resources(participation, term("cv:role")) or [""]:
            slug = role.removeprefix(CONCEPT)
            roles[slug if slug in _ROLES else "other"] += 1
    if not roles:
        return ""
    words = [dossier.say.count(f"role.{role}", roles[role]) for role in (*_ROLES, "other") if roles[role]]
    return dossier.say.count("parties", roles.total(), roles=dossier.say.listed(words))


def _wording(dossier: Dossier) -> str:
    agreement = dossier.statements.resource(dossier.iri, term("dcterms:isVersionOf"))
    if agreement is None:
        return _generic(dossier)
    day = _date(dossier, "dcterms:date")
    key = "sentence.wording.dated" if day else "sentence.wording"
    return dossier.say(key, agreement=dossier.name(agreement).text, date=day[0] if day else "")


def _city(dossier: Dossier) -> str:
    say, statements = dossier.say, dossier.statements
    agreements = {
        agreement
        for participation in statements.pointing(dossier.iri, term("cv:hasParticipant"))
        for agreement in statements.pointing(participation, term("cv:hasParticipation"))
        if term("ik:Agreement") in statements.types(agreement)
    }
    groups = statements.resources(dossier.iri, term("org:memberOf"))
    forums = [
        event
        for event in statements.pointing(dossier.iri, term("schema:location"))
        if term("ik:Forum") in statements.types(event)
    ]
    parts = say.count("sentence.city.agreements", len(agreements)) if agreements else ""
    if groups:
        key = "sentence.city.member" if agreements else "sentence.city.member-only"
        parts += say(key, cooperation=dossier.name(groups[0]).text)
    if forums:
        parts += say.count("sentence.city.forums", len(forums))
    return say("sentence.city", name=dossier.name(dossier.iri).text, parts=parts)


def _cooperation(dossier: Dossier) -> str:
    say, day = dossier.say, _date(dossier, "schema:foundingDate")
    members = dossier.statements.pointing(dossier.iri, term("org:memberOf"))
    return say(
        "sentence.cooperation",
        since=say("sentence.cooperation.since", when=_when(day, dossier)) if day else "",
        members=say.count("sentence.cooperation.members", len(members)) if members else "",
    )


def _event(dossier: Dossier) -> str:
    say, day = dossier.say, _date(dossier, "schema:startDate")
    place = dossier.statements.resource(dossier.iri, term("schema:location"))
    if day is None:
        return _generic(dossier)
    if place is None:
        return say("sentence.event.when", when=_when(day, dossier))
    forum = term("ik:Forum") in dossier.types(dossier.iri)
    key = "sentence.forum" if forum else "sentence.event"
    return say(key, when=_when(day, dossier), place=dossier.name(place).text)


def _series(dossier: Dossier) -> str:
    events = dossier.statements.pointing(dossier.iri, term("schema:superEvent"))
    dates = sorted(
        literal.value
        for event in events
        if (literal := dossier.statements.literal(event, term("schema:startDate"))) is not None
    )
    if not dates:
        return _generic(dossier)
    first, last = (date_in_words(item, dossier.say) for item in (dates[0], dates[-1]))
    return dossier.say.count("sentence.series", len(events), first=first, last=last)


def _work(dossier: Dossier) -> str:
    say, a = dossier.say, noun(dossier)
    whole = dossier.statements.resource(dossier.iri, term("schema:isPartOf"))
    number = dossier.statements.number(dossier.iri, term("schema:position"))
    if a and whole and number:
        return say("sentence.part", a=a, number=number, whole=dossier.name(whole).text)
    parts = dossier.statements.pointing(dossier.iri, term("schema:isPartOf"))
    return say.count("sentence.parts", len(parts), a=a) if a and parts else _generic(dossier)


def _goal(dossier: Dossier) -> str:
    of = dossier.statements.pointing(dossier.iri, term("ik:hasGoal"))
    of = of or dossier.statements.resources(dossier.iri, term("dcterms:isPartOf"))
    if not of:
        return dossier.say("sentence.goal.alone")
    return dossier.say("sentence.goal", of=dossier.name(of[0]).text)


def _outcome(dossier: Dossier) -> str:
    of = dossier.statements.resources(dossier.iri, term("ik:outcomeOf"))
    of = of or dossier.statements.resources(dossier.iri, term("dcterms:isPartOf"))
    return dossier.say("sentence.outcome", of=dossier.name(of[0]).text) if of else _generic(dossier)


def _participation(dossier: Dossier) -> str:
    statements = dossier.statements
    who = statements.resource(dossier.iri, term("cv:hasParticipant"))
    role = statements.resource(dossier.iri, term("cv:role"))
    agreements = statements.pointing(dossier.iri, term("cv:hasParticipation"))
    if not (who and role and agreements):
        return _generic(dossier)
    names = [dossier.name(item).text for item in (who, role, agreements[0])]
    return dossier.say("sentence.participation", who=names[0], role=names[1], agreement=names[2])


def _signature(dossier: Dossier) -> str:
    city = dossier.statements.resource(dossier.iri, term("ik:signedFor"))
    return dossier.say("sentence.signature", city=dossier.name(city).text) if city else _generic(dossier)


def _observation(dossier: Dossier) -> str:
    wording = dossier.statements.text(dossier.iri, term("schema:name"), "de")
    about = dossier.statements.resource(dossier.iri, term("schema:observationAbout"))
    if not (wording and about):
        return _generic(dossier)
    return dossier.say("sentence.observation", wording=wording, about=dossier.name(about).text)


def _discrepancy(dossier: Dossier) -> str:
    kind = dossier.statements.resource(dossier.iri, _TYPE)
    targets = len(dossier.statements.resources(dossier.iri, term("oa:hasTarget")))
    name = dossier.name(kind).text if kind else ""
    return dossier.say("sentence.discrepancy", kind=name, passages=dossier.say.count("passages", targets))


def _passage(dossier: Dossier) -> str:
    passage = dossier.passages.get(dossier.iri)
    if passage is None:
        return _generic(dossier)
    facts = sum(1 for item in dossier.statements if item.graph == dossier.iri)
    values = {"source": dossier.name(passage.source).text, "lines": line_title(passage, dossier)}
    if not facts:
        return dossier.say("sentence.passage.none", **values)
    return dossier.say.count("sentence.passage", facts, **values)


def _section(dossier: Dossier) -> str:
    number = dossier.statements.number(dossier.iri, term("schema:position"))
    source = dossier.statements.resource(dossier.iri, term("dcterms:isPartOf"))
    if number is None or source is None:
        return _generic(dossier)
    return dossier.say("sentence.section", number=number, source=dossier.name(source).text)


def _unit(dossier: Dossier) -> str:
    of, a = dossier.statements.resource(dossier.iri, term("org:unitOf")), noun(dossier)
    return dossier.say("sentence.unit", a=a, of=dossier.name(of).text) if of and a else _generic(dossier)


def _place(dossier: Dossier) -> str:
    city = dossier.statements.resource(dossier.iri, term("schema:containedInPlace"))
    return dossier.say("sentence.place", city=dossier.name(city).text) if city else _generic(dossier)


def _graph(dossier: Dossier) -> str:
    kind = dossier.statements.resource(dossier.iri, term("ik:graphKind"))
    return dossier.say("sentence.graph", kind=dossier.name(kind).text) if kind else _generic(dossier)


def _fixed(key: str) -> Callable[[Dossier], str]:
    return lambda dossier: dossier.say(key)


def _date(dossier: Dossier, property_: str) -> tuple[str, bool] | None:
    """A date in words, and whether it is a year."""
    found = dossier.statements.literals(dossier.iri, term(property_))
    if not found:
        return None
    # The most exact one: a day says more than its year.
    literal = max(found, key=lambda item: len(item.value))
    return date_in_words(literal.value, dossier.say), literal.datatype.value == term("xsd:gYear")


def _when(day: tuple[str, bool] | None, dossier: Dossier) -> str:
    if day is None:
        return ""
    return dossier.say("when.year" if day[1] else "when.day", date=day[0])


def _own_graphs(dossier: Dossier) -> set[str]:
    return {item.graph for item in dossier.statements if item.subject == dossier.iri and item.graph != GRAPH_PASSAGES}


_WRITERS: Final[dict[str, Callable[[Dossier], str]]] = {
    f"{IK}Agreement": _agreement,
    f"{IK}AgreementText": _wording,
    f"{IK}City": _city,
    _COOPERATION: _cooperation,
    f"{IK}Forum": _event,
    term("schema:Event"): _event,
    term("schema:EventSeries"): _series,
    f"{IK}Publication": _work,
    term("schema:Book"): _work,
    term("schema:Movie"): _work,
    term("schema:CreativeWork"): _work,
    f"{IK}Goal": _goal,
    f"{IK}Outcome": _outcome,
    f"{IK}Participation": _participation,
    f"{IK}SignatureEntry": _signature,
    term("schema:Observation"): _observation,
    f"{IK}Discrepancy": _discrepancy,
    f"{IK}Inference": _fixed("sentence.inference"),
    f"{IK}Reading": _fixed("sentence.reading"),
    f"{IK}Passage": _passage,
    f"{IK}Section": _section,
    term("org:OrganizationalUnit"): _unit,
    term("schema:Place"): _place,
    f"{IK}StatementGraph": _graph,
    term("foaf:Document"): _fixed("sentence.document"),
}
