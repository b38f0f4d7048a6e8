"""What a thing is, in one sentence made from its class and its key facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Final

from interkommunal.dates import date_in_words
from interkommunal.namespaces import CONCEPT, GRAPH_PASSAGES, expand
from interkommunal.site.description.passages import is_passage
from interkommunal.site.entity.clusters import line_title
from interkommunal.site.entity.context import EntityContext
from interkommunal.texts import gettext_noop

_ROLES: Final = (
    "role-first-signatory",
    "role-acceding-party",
    "role-party",
    "role-signatory",
    "role-negotiating-municipality",
)


def sentence_of(context: EntityContext) -> str:
    """What the thing is."""
    for class_ in context.types(context.iri):
        write = _WRITERS.get(class_)
        if write is not None:
            return write(context) or _generic(context)
    return context.text("skos:definition") or _generic(context)


def noun(context: EntityContext) -> str | None:
    """The thing's kind with its article, as exactly as it is known; ``None`` if there is no word for it."""
    kinds = [item.removeprefix(CONCEPT) for item in context.to("dcterms:type")]
    classes = [item.rpartition("#")[2].rpartition("/")[2] for item in context.types(context.iri)]
    return next((context.say.named("a", name) for name in (*kinds, *classes) if context.say.has("a", name)), None)


def _generic(context: EntityContext) -> str:
    say, a = context.say, noun(context)
    own = {item.graph for item in context.statements if item.subject == context.iri and item.graph != GRAPH_PASSAGES}
    graphs = set(filter(is_passage, own))
    passages = say.counted("one passage", "{n} passages", len(graphs)) if graphs else ""
    if a and passages:
        return say("This is {a}, attested by {passages}.", a=a, passages=passages)
    if a:
        return say("This is {a}.", a=a)
    classes = context.types(context.iri)
    if not classes:
        return say("All that is recorded of this is what points to this page.")
    kind = context.term_link(classes[0]).text
    if passages:
        return say("Recorded as “{kind}”, attested by {passages}.", kind=kind, passages=passages)
    return say("Recorded as “{kind}”.", kind=kind)


# Each of these writes the sentence of a class; an empty one leaves it to the generic sentence.


def _agreement(context: EntityContext) -> str:
    say, day, when = context.say, _date(context, "dcterms:created"), ""
    if day:
        when = say(" of {year}", year=day[0]) if day[1] else say(" of {date}", date=day[0])
    a = noun(context) or say.named("a", "Agreement")
    return say("This is {a}{from}{parties}.", a=a, **{"from": when}, parties=_parties(context))


def _parties(context: EntityContext) -> str:
    say, roles = context.say, Counter[str]()
    for participation in context.to("cv:hasParticipation"):
        for role in context.statements.resources(participation, expand("cv:role")) or [""]:
            slug = role.removeprefix(CONCEPT)
            roles[slug if slug in _ROLES else "other"] += 1
    if not roles:
        return ""
    words = say.listed([say.named("role", role, roles[role]) for role in (*_ROLES, "other") if roles[role]])
    return say.counted(" with one party: {roles}", " with {n} parties: {roles}", roles.total(), roles=words)


def _wording(context: EntityContext) -> str:
    agreement, day = _first(context, "dcterms:isVersionOf"), _date(context, "dcterms:date")
    if agreement and day:
        return context.say("This is a wording of “{agreement}”, dated {date}.", agreement=agreement, date=day[0])
    return context.say("This is a wording of “{agreement}”.", agreement=agreement) if agreement else ""


def _city(context: EntityContext) -> str:
    say, statements, parts = context.say, context.statements, ""
    agreements = {
        agreement
        for participation in context.by("cv:hasParticipant")
        for agreement in statements.pointing(participation, expand("cv:hasParticipation"))
        if expand("ik:Agreement") in statements.types(agreement)
    }
    cooperation = _first(context, "org:memberOf")
    forums = [event for event in context.by("schema:location") if expand("ik:Forum") in statements.types(event)]
    if agreements:
        number = len(agreements)
        parts = say.counted(" that takes part in one agreement", " that takes part in {n} agreements", number)
    if cooperation and agreements:
        parts += say(" and belongs to “{cooperation}”", cooperation=cooperation)
    elif cooperation:
        parts += say(" that belongs to “{cooperation}”", cooperation=cooperation)
    if forums:
        parts += say.counted("; one forum was held here", "; {n} forums were held here", len(forums))
    return say("{name} is a city{parts}.", name=context.name(context.iri).text, parts=parts)


def _cooperation(context: EntityContext) -> str:
    say, when, members = context.say, _when(context, "schema:foundingDate"), context.by("org:memberOf")
    return say(
        "This is a cooperation{since}{members}.",
        since=say(" that began {when}", when=when) if when else "",
        members=say.counted("; it has one member", "; it has {n} members", len(members)) if members else "",
    )


def _event(context: EntityContext) -> str:
    say, when, place = context.say, _when(context, "schema:startDate"), _first(context, "schema:location")
    if not when:
        return ""
    if not place:
        return say("This event was held {when}.", when=when)
    if expand("ik:Forum") in context.types(context.iri):
        return say("This forum was held {when} in {place}.", when=when, place=place)
    return say("This event was held {when}; place: {place}.", when=when, place=place)


def _series(context: EntityContext) -> str:
    events = context.by("schema:superEvent")
    starts = (context.statements.literal(event, expand("schema:startDate")) for event in events)
    dates = sorted(literal.value for literal in starts if literal is not None)
    if not dates:
        return ""
    first, last = (date_in_words(item, context.language) for item in (dates[0], dates[-1]))
    return context.say.counted(
        "This is a series with one event.",
        "This is a series of {n} events, from {first} to {last}.",
        len(events),
        first=first,
        last=last,
    )


def _work(context: EntityContext) -> str:
    a, whole, number = noun(context), _first(context, "schema:isPartOf"), context.number("schema:position")
    if a and whole and number:
        return context.say("This is {a}, number {number} in “{whole}”.", a=a, number=number, whole=whole)
    parts = context.by("schema:isPartOf") if a else []
    if not parts:
        return ""
    return context.say.counted("This is {a} with one part.", "This is {a} with {n} parts.", len(parts), a=a)


def _goal(context: EntityContext) -> str:
    of = _named(context, context.by("ik:hasGoal")) or _first(context, "dcterms:isPartOf")
    if of:
        return context.say("This is a goal from “{of}”: an intention, not a fact.", of=of)
    return context.say("This is a declared goal: an intention, not a fact.")


def _outcome(context: EntityContext) -> str:
    of = _first(context, "ik:outcomeOf") or _first(context, "dcterms:isPartOf")
    return context.say("This is a result that the source lists for “{of}”.", of=of) if of else ""


def _participation(context: EntityContext) -> str:
    who, role = _first(context, "cv:hasParticipant"), _first(context, "cv:role")
    agreement = _named(context, context.by("cv:hasParticipation"))
    if not (who and role and agreement):
        return ""
    sentence = gettext_noop("{who} is recorded here in the role “{role}”: “{agreement}”.")
    return context.say(sentence, who=who, role=role, agreement=agreement)


def _observation(context: EntityContext) -> str:
    wording = context.statements.text(context.iri, expand("schema:name"), "de")
    about = _first(context, "schema:observationAbout")
    if not (wording and about):
        return ""
    return context.say(
        "This is a figure that the source gives: “{wording}”, about {about}.", wording=wording, about=about
    )


def _discrepancy(context: EntityContext) -> str:
    passages = context.say.counted("one passage", "{n} passages", len(context.to("oa:hasTarget")))
    sentence = gettext_noop("This is a discrepancy of the kind “{kind}”; it concerns {passages}.")
    return context.say(sentence, kind=_first(context, "dcterms:type"), passages=passages)


def _passage(context: EntityContext) -> str:
    passage = context.passages.get(context.iri)
    if passage is None:
        return ""
    facts = sum(1 for item in context.statements if item.graph == context.iri)
    values = {"source": context.name(passage.source).text, "lines": line_title(passage, context)}
    if not facts:
        return context.say("This is a passage of “{source}” ({lines}); no statement was read from it.", **values)
    return context.say.counted(
        "This is a passage of “{source}” ({lines}); one statement was read from it.",
        "This is a passage of “{source}” ({lines}); {n} statements were read from it.",
        facts,
        **values,
    )


def _section(context: EntityContext) -> str:
    number, source = context.number("schema:position"), _first(context, "dcterms:isPartOf")
    if number is None or not source:
        return ""
    return context.say("This is section {number} of “{source}”.", number=number, source=source)


def _unit(context: EntityContext) -> str:
    a, of = noun(context), _first(context, "org:unitOf")
    return context.say("This is {a} of “{of}”.", a=a, of=of) if a and of else ""


def _fixed(sentence: str, **properties: str) -> Callable[[EntityContext], str]:
    """A sentence that names no more than what the thing leads to by some properties."""

    def write(context: EntityContext) -> str:
        values = {name: _first(context, property_) for name, property_ in properties.items()}
        return context.say(sentence, **values) if all(values.values()) else ""

    return write


def _first(context: EntityContext, property_: str) -> str:
    """The name of the first thing that this one leads to by a property; empty if there is none."""
    return _named(context, context.to(property_))


def _named(context: EntityContext, things: list[str]) -> str:
    return context.name(things[0]).text if things else ""


def _date(context: EntityContext, property_: str) -> tuple[str, bool] | None:
    """A date in words, and whether it is a year."""
    found = context.statements.literals(context.iri, expand(property_))
    if not found:
        return None
    # The most exact one: a day says more than its year.
    literal = max(found, key=lambda item: len(item.value))
    return date_in_words(literal.value, context.language), literal.datatype.value == expand("xsd:gYear")


def _when(context: EntityContext, property_: str) -> str:
    day = _date(context, property_)
    if day is None:
        return ""
    return context.say("in {date}", date=day[0]) if day[1] else context.say("on {date}", date=day[0])


_SIGNATURE: Final = gettext_noop(
    "This is an entry in the signature block for {city}: evidence of what is printed, not an act of a person."
)
_INFERENCE: Final = gettext_noop("This is an inference of the editors; it does not count as a statement of the source.")
_GRAPH: Final = gettext_noop("This is a graph of the kind “{kind}”: a collection of statements of the same origin.")
_WRITERS: Final[dict[str, Callable[[EntityContext], str]]] = {
    expand(name): writer
    for name, writer in (
        ("ik:Agreement", _agreement),
        ("ik:AgreementText", _wording),
        ("ik:City", _city),
        ("ik:Cooperation", _cooperation),
        ("ik:Forum", _event),
        ("schema:Event", _event),
        ("schema:EventSeries", _series),
        ("ik:Publication", _work),
        ("schema:Book", _work),
        ("schema:Movie", _work),
        ("schema:CreativeWork", _work),
        ("ik:Goal", _goal),
        ("ik:Outcome", _outcome),
        ("ik:Participation", _participation),
        ("ik:SignatureEntry", _fixed(_SIGNATURE, city="ik:signedFor")),
        ("schema:Observation", _observation),
        ("ik:Discrepancy", _discrepancy),
        ("ik:Inference", _fixed(_INFERENCE)),
        ("ik:Reading", _fixed(gettext_noop("This is one possible reading; it is not asserted."))),
        ("ik:Passage", _passage),
        ("ik:Section", _section),
        ("org:OrganizationalUnit", _unit),
        ("schema:Place", _fixed(gettext_noop("This is a place in {city}."), city="schema:containedInPlace")),
        ("ik:StatementGraph", _fixed(_GRAPH, kind="ik:graphKind")),
        ("foaf:Document", _fixed(gettext_noop("This is a source from which statements were read."))),
    )
}
