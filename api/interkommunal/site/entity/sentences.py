"""What a thing is, in one sentence made from its class and its key facts.

Most classes have sentences with places; the first whose places can all be filled is said. Where none can be, or a
class has no sentence of its own, the sentence names the kind of the thing and how many passages attest it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Final

from interkommunal.dates import date_in_words
from interkommunal.namespaces import CONCEPT, expand
from interkommunal.site.description.statements import is_passage
from interkommunal.site.entity.clusters import Found, follow, line_title
from interkommunal.site.entity.context import EntityContext
from interkommunal.texts import gettext_noop

Writer = Callable[[EntityContext], str]

_ROLES: Final = (
    "role-first-signatory",
    "role-acceding-party",
    "role-party",
    "role-signatory",
    "role-negotiating-municipality",
)


def sentence_of(context: EntityContext) -> str:
    """What the thing is."""
    writers = next((_WRITERS[class_] for class_ in context.types(context.iri) if class_ in _WRITERS), (_definition,))
    return next(filter(None, (write(context) for write in writers)), "") or _generic(context)


def noun(context: EntityContext) -> str | None:
    """The thing's kind with its article, as exactly as it is known; ``None`` if there is no word for it."""
    kinds = [item.removeprefix(CONCEPT) for item in context.to("dcterms:type")]
    classes = [item.rpartition("#")[2].rpartition("/")[2] for item in context.types(context.iri)]
    return next((context.say.named("a", name) for name in (*kinds, *classes) if context.say.has("a", name)), None)


def _generic(context: EntityContext) -> str:
    say, a, classes = context.say, noun(context), context.types(context.iri)
    graphs = {item.graph for item in context.statements if item.subject == context.iri and is_passage(item.graph)}
    passages = say.counted("one passage", "{n} passages", len(graphs)) if graphs else ""
    if a and passages:
        return say("This is {a}, attested by {passages}.", a=a, passages=passages)
    if a:
        return say("This is {a}.", a=a)
    if not classes:
        return say("All that is recorded of this is what points to this page.")
    kind = context.term_link(classes[0]).text
    if passages:
        return say("Recorded as “{kind}”, attested by {passages}.", kind=kind, passages=passages)
    return say("Recorded as “{kind}”.", kind=kind)


def _definition(context: EntityContext) -> str:
    return context.statements.text(context.iri, expand("skos:definition"), context.language) or ""


def _name(context: EntityContext, path: str) -> str:
    """The name of the first thing at the end of a path; empty if there is none."""
    found = follow(Found(context.iri), path, context)
    return context.name(found[0].iri).text if found else ""


def _date(context: EntityContext, property_: str, in_year: str = "{date}", on_day: str = "{date}") -> str:
    """A date as one speaks of a year or of a day; empty if there is none."""
    found = context.statements.literals(context.iri, expand(property_))
    if not found:
        return ""
    # The most exact one: a day says more than its year.
    literal = max(found, key=lambda item: len(item.value))
    sentence = in_year if literal.datatype.value == expand("xsd:gYear") else on_day
    words = date_in_words(literal.value, context.language)
    return context.say(sentence, date=words, year=words)


def _when(context: EntityContext, property_: str) -> str:
    return _date(context, property_, gettext_noop("in {date}"), gettext_noop("on {date}"))


# What stands at the places of these names; at any other the name of what a path leads to.
_READERS: Final[dict[str, Callable[[EntityContext, str], object]]] = {
    "a": lambda context, _: noun(context),
    "date": _date,
    "number": lambda context, property_: context.statements.number(context.iri, expand(property_)),
    "when": _when,
    "wording": lambda context, property_: context.statements.text(context.iri, expand(property_), "de"),
}


def _said(sentence: str, **places: str) -> Writer:
    """Says a sentence if there is something for each of its places: by name, the path or property that leads to it."""

    def write(context: EntityContext) -> str:
        values = {name: _READERS.get(name, _name)(context, path) for name, path in places.items()}
        return context.say(sentence, **values) if all(values.values()) else ""

    return write


# Sentences that count something; an empty one leaves it to the generic sentence.


def _agreement(context: EntityContext) -> str:
    say, roles = context.say, Counter[str]()
    for participation in context.to("cv:hasParticipation"):
        for role in context.statements.resources(participation, expand("cv:role")) or [""]:
            slug = role.removeprefix(CONCEPT)
            roles[slug if slug in _ROLES else "other"] += 1
    words = say.listed([say.named("role", role, roles[role]) for role in (*_ROLES, "other") if roles[role]])
    parties = say.counted(" with one party: {roles}", " with {n} parties: {roles}", roles.total(), roles=words)
    when = _date(context, "dcterms:created", gettext_noop(" of {year}"), gettext_noop(" of {date}"))
    a = noun(context) or say.named("a", "Agreement")
    return say("This is {a}{from}{parties}.", a=a, **{"from": when}, parties=parties if roles else "")


def _city(context: EntityContext) -> str:
    say, statements, parts = context.say, context.statements, ""
    agreements = {
        agreement
        for participation in context.by("cv:hasParticipant")
        for agreement in statements.pointing(participation, expand("cv:hasParticipation"))
        if expand("ik:Agreement") in statements.types(agreement)
    }
    cooperation = _name(context, "org:memberOf")
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


def _series(context: EntityContext) -> str:
    events = context.by("schema:superEvent")
    starts = (context.statements.literal(event, expand("schema:startDate")) for event in events)
    dates = sorted(literal.value for literal in starts if literal is not None)
    if not dates:
        return ""
    return context.say.counted(
        "This is a series with one event.",
        "This is a series of {n} events, from {first} to {last}.",
        len(events),
        first=date_in_words(dates[0], context.language),
        last=date_in_words(dates[-1], context.language),
    )


def _parts(context: EntityContext) -> str:
    a, parts = noun(context), context.by("schema:isPartOf")
    if not (a and parts):
        return ""
    return context.say.counted("This is {a} with one part.", "This is {a} with {n} parts.", len(parts), a=a)


def _discrepancy(context: EntityContext) -> str:
    passages = context.say.counted("one passage", "{n} passages", len(context.to("oa:hasTarget")))
    sentence = gettext_noop("This is a discrepancy of the kind “{kind}”; it concerns {passages}.")
    return context.say(sentence, kind=_name(context, "dcterms:type"), passages=passages)


def _passage(context: EntityContext) -> str:
    passage = context.passages.get(context.iri)
    if passage is None:
        return ""
    number = sum(item.graph == context.iri for item in context.statements)
    values = {"source": context.name(passage.source).text, "lines": line_title(passage, context)}
    if not number:
        return context.say("This is a passage of “{source}” ({lines}); no statement was read from it.", **values)
    return context.say.counted(
        "This is a passage of “{source}” ({lines}); one statement was read from it.",
        "This is a passage of “{source}” ({lines}); {n} statements were read from it.",
        number,
        **values,
    )


_WORK: Final = (
    _said(
        gettext_noop("This is {a}, number {number} in “{whole}”."),
        a="",
        number="schema:position",
        whole="schema:isPartOf",
    ),
    _parts,
)
_HELD: Final = _said(gettext_noop("This event was held {when}."), when="schema:startDate")
_EVENT: Final = {"when": "schema:startDate", "place": "schema:location"}
# By class, the sentences that it may have; the first that can be said counts.
_WRITERS: Final[dict[str, tuple[Writer, ...]]] = {
    expand(name): writers
    for name, writers in {
        "ik:Agreement": (_agreement,),
        "ik:AgreementText": (
            _said(
                gettext_noop("This is a wording of “{agreement}”, dated {date}."),
                agreement="dcterms:isVersionOf",
                date="dcterms:date",
            ),
            _said(gettext_noop("This is a wording of “{agreement}”."), agreement="dcterms:isVersionOf"),
        ),
        "ik:City": (_city,),
        "ik:Cooperation": (_cooperation,),
        "ik:Forum": (_said(gettext_noop("This forum was held {when} in {place}."), **_EVENT), _HELD),
        "schema:Event": (_said(gettext_noop("This event was held {when}; place: {place}."), **_EVENT), _HELD),
        "schema:EventSeries": (_series,),
        **dict.fromkeys(("ik:Publication", "schema:Book", "schema:Movie", "schema:CreativeWork"), _WORK),
        "ik:Goal": (
            _said(
                gettext_noop("This is a goal from “{of}”: an intention, not a fact."),
                of="^ik:hasGoal|dcterms:isPartOf",
            ),
            _said(gettext_noop("This is a declared goal: an intention, not a fact.")),
        ),
        "ik:Outcome": (
            _said(
                gettext_noop("This is a result that the source lists for “{of}”."),
                of="ik:outcomeOf|dcterms:isPartOf",
            ),
        ),
        "ik:Participation": (
            _said(
                gettext_noop("{who} is recorded here in the role “{role}”: “{agreement}”."),
                who="cv:hasParticipant",
                role="cv:role",
                agreement="^cv:hasParticipation",
            ),
        ),
        "ik:SignatureEntry": (
            _said(
                gettext_noop(
                    "This is an entry in the signature block for {city}: evidence of what is printed, not an act of a "
                    "person."
                ),
                city="ik:signedFor",
            ),
        ),
        "schema:Observation": (
            _said(
                gettext_noop("This is a figure that the source gives: “{wording}”, about {about}."),
                wording="schema:name",
                about="schema:observationAbout",
            ),
        ),
        "ik:Discrepancy": (_discrepancy,),
        "ik:Inference": (
            _said(gettext_noop("This is an inference of the editors; it does not count as a statement of the source.")),
        ),
        "ik:Reading": (_said(gettext_noop("This is one possible reading; it is not asserted.")),),
        "ik:Passage": (_passage,),
        "ik:Section": (
            _said(
                gettext_noop("This is section {number} of “{source}”."),
                number="schema:position",
                source="dcterms:isPartOf",
            ),
        ),
        "org:OrganizationalUnit": (_said(gettext_noop("This is {a} of “{of}”."), a="", of="org:unitOf"),),
        "schema:Place": (_said(gettext_noop("This is a place in {city}."), city="schema:containedInPlace"),),
        "ik:StatementGraph": (
            _said(
                gettext_noop("This is a graph of the kind “{kind}”: a collection of statements of the same origin."),
                kind="ik:graphKind",
            ),
        ),
        "foaf:Document": (_said(gettext_noop("This is a source from which statements were read.")),),
    }.items()
}
