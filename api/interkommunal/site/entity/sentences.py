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
    if a:
        return (
            say("This is {a}, attested by {passages}.", a=a, passages=passages)
            if passages
            else say("This is {a}.", a=a)
        )
    classes = context.types(context.iri)
    if not classes:
        return say("All that is recorded of this is what points to this page.")
    kind = context.term_link(classes[0]).text
    return (
        say("Recorded as “{kind}”, attested by {passages}.", kind=kind, passages=passages)
        if passages
        else say("Recorded as “{kind}”.", kind=kind)
    )


# Each of these writes the sentence of a class; an empty one leaves it to the generic sentence.


def _agreement(context: EntityContext) -> str:
    say, day, when = context.say, _date(context, "dcterms:created"), ""
    if day:
        when = say(gettext_noop(" of {year}") if day[1] else gettext_noop(" of {date}"), year=day[0], date=day[0])
    a = noun(context) or say.named("a", "Agreement")
    return say("This is {a}{from}{parties}.", a=a, **{"from": when}, parties=_parties(context))


def _parties(context: EntityContext) -> str:
    roles: Counter[str] = Counter()
    for participation in context.to("cv:hasParticipation"):
        for role in context.statements.resources(participation, expand("cv:role")) or [""]:
            slug = role.removeprefix(CONCEPT)
            roles[slug if slug in _ROLES else "other"] += 1
    if not roles:
        return ""
    words = [context.say.named("role", role, roles[role]) for role in (*_ROLES, "other") if roles[role]]
    return context.say.counted(
        " with one party: {roles}", " with {n} parties: {roles}", roles.total(), roles=context.say.listed(words)
    )


def _wording(context: EntityContext) -> str:
    day = _date(context, "dcterms:date")
    key = (
        gettext_noop("This is a wording of “{agreement}”, dated {date}.")
        if day
        else gettext_noop("This is a wording of “{agreement}”.")
    )
    return _about(context, key, "agreement", context.to("dcterms:isVersionOf"), date=day[0] if day else "")


def _city(context: EntityContext) -> str:
    say, statements = context.say, context.statements
    agreements = {
        agreement
        for participation in context.by("cv:hasParticipant")
        for agreement in statements.pointing(participation, expand("cv:hasParticipation"))
        if expand("ik:Agreement") in statements.types(agreement)
    }
    groups = context.to("org:memberOf")
    forums = [event for event in context.by("schema:location") if expand("ik:Forum") in statements.types(event)]
    parts = (
        say.counted(" that takes part in one agreement", " that takes part in {n} agreements", len(agreements))
        if agreements
        else ""
    )
    if groups:
        key = (
            gettext_noop(" and belongs to “{cooperation}”")
            if agreements
            else gettext_noop(" that belongs to “{cooperation}”")
        )
        parts += say(key, cooperation=context.name(groups[0]).text)
    if forums:
        parts += say.counted("; one forum was held here", "; {n} forums were held here", len(forums))
    return say("{name} is a city{parts}.", name=context.name(context.iri).text, parts=parts)


def _cooperation(context: EntityContext) -> str:
    say, when = context.say, _when(context, "schema:foundingDate")
    members = context.by("org:memberOf")
    return say(
        "This is a cooperation{since}{members}.",
        since=say(" that began {when}", when=when) if when else "",
        members=say.counted("; it has one member", "; it has {n} members", len(members)) if members else "",
    )


def _event(context: EntityContext) -> str:
    when, place = _when(context, "schema:startDate"), context.to("schema:location")
    if not when:
        return ""
    if not place:
        return context.say("This event was held {when}.", when=when)
    forum = expand("ik:Forum") in context.types(context.iri)
    return _about(
        context,
        gettext_noop("This forum was held {when} in {place}.")
        if forum
        else gettext_noop("This event was held {when}; place: {place}."),
        "place",
        place,
        when=when,
    )


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
    a, whole, number = noun(context), context.to("schema:isPartOf"), context.number("schema:position")
    if a and whole and number:
        return _about(
            context, gettext_noop("This is {a}, number {number} in “{whole}”."), "whole", whole, a=a, number=number
        )
    parts = context.by("schema:isPartOf")
    return (
        context.say.counted("This is {a} with one part.", "This is {a} with {n} parts.", len(parts), a=a)
        if a and parts
        else ""
    )


def _goal(context: EntityContext) -> str:
    of = context.by("ik:hasGoal") or context.to("dcterms:isPartOf")
    return _about(
        context, gettext_noop("This is a goal from “{of}”: an intention, not a fact."), "of", of
    ) or context.say("This is a declared goal: an intention, not a fact.")


def _outcome(context: EntityContext) -> str:
    return _about(
        context,
        gettext_noop("This is a result that the source lists for “{of}”."),
        "of",
        context.to("ik:outcomeOf") or context.to("dcterms:isPartOf"),
    )


def _participation(context: EntityContext) -> str:
    found = [context.to("cv:hasParticipant"), context.to("cv:role"), context.by("cv:hasParticipation")]
    if not all(found):
        return ""
    who, role, agreement = (context.name(items[0]).text for items in found)
    return context.say(
        "{who} is recorded here in the role “{role}”: “{agreement}”.", who=who, role=role, agreement=agreement
    )


def _observation(context: EntityContext) -> str:
    wording = context.statements.text(context.iri, expand("schema:name"), "de")
    about = context.to("schema:observationAbout")
    return (
        _about(
            context,
            gettext_noop("This is a figure that the source gives: “{wording}”, about {about}."),
            "about",
            about,
            wording=wording,
        )
        if wording
        else ""
    )


def _discrepancy(context: EntityContext) -> str:
    kind, targets = context.to("dcterms:type"), context.to("oa:hasTarget")
    name = context.name(kind[0]).text if kind else ""
    return context.say(
        "This is a discrepancy of the kind “{kind}”; it concerns {passages}.",
        kind=name,
        passages=context.say.counted("one passage", "{n} passages", len(targets)),
    )


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
    number = context.number("schema:position")
    if number is None:
        return ""
    return _about(
        context,
        gettext_noop("This is section {number} of “{source}”."),
        "source",
        context.to("dcterms:isPartOf"),
        number=number,
    )


def _unit(context: EntityContext) -> str:
    a = noun(context)
    return _about(context, gettext_noop("This is {a} of “{of}”."), "of", context.to("org:unitOf"), a=a) if a else ""


def _naming(key: str, value: str, property_: str) -> Callable[[EntityContext], str]:
    """A sentence that names what the thing leads to by one property."""
    return lambda context: _about(context, key, value, context.to(property_))


def _fixed(key: str) -> Callable[[EntityContext], str]:
    return lambda context: context.say(key)


def _about(context: EntityContext, key: str, value: str, things: list[str], **values: object) -> str:
    """A sentence with the name of the first of ``things`` as ``value``; empty if there are none."""
    return context.say(key, **{value: context.name(things[0]).text}, **values) if things else ""


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
    return context.say(gettext_noop("in {date}") if day[1] else gettext_noop("on {date}"), date=day[0]) if day else ""


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
        (
            "ik:SignatureEntry",
            _naming(
                gettext_noop(
                    "This is an entry in the signature block for {city}: evidence of what is printed, not an act of "
                    "a person."
                ),
                "city",
                "ik:signedFor",
            ),
        ),
        ("schema:Observation", _observation),
        ("ik:Discrepancy", _discrepancy),
        (
            "ik:Inference",
            _fixed(
                gettext_noop("This is an inference of the editors; it does not count as a statement of the source.")
            ),
        ),
        ("ik:Reading", _fixed(gettext_noop("This is one possible reading; it is not asserted."))),
        ("ik:Passage", _passage),
        ("ik:Section", _section),
        ("org:OrganizationalUnit", _unit),
        ("schema:Place", _naming(gettext_noop("This is a place in {city}."), "city", "schema:containedInPlace")),
        (
            "ik:StatementGraph",
            _naming(
                gettext_noop("This is a graph of the kind “{kind}”: a collection of statements of the same origin."),
                "kind",
                "ik:graphKind",
            ),
        ),
        ("foaf:Document", _fixed(gettext_noop("This is a source from which statements were read."))),
    )
}
