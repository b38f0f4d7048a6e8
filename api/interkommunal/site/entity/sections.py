"""The groups of facts that pages have, in their order.

Which groups a page shows follows from what there is to say, not from a list of classes: a thing with participations has
a table of parties, whatever it is. What no group shows goes to the facts at the top; what points here and fits nowhere
goes to the end. So nothing is lost for kinds of things that nobody thought of.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from interkommunal.namespaces import expand
from interkommunal.site.description.passages import is_passage
from interkommunal.site.description.statements import RDF_TYPE, Statement
from interkommunal.site.entity.clusters import Clusters, line_title
from interkommunal.site.entity.context import EntityContext
from interkommunal.site.entity.marks import DOUBTING
from interkommunal.site.entity.model import Cluster, Group, Link, Row, Value
from interkommunal.site.entity.rows import (
    MOST_ROWS,
    MOST_VALUES,
    Column,
    Listing,
    count_listed,
    facts,
    first_steps,
    listed,
    pointing,
)

_WHO: Final = Column("column.who", ("cv:hasParticipant",))
_ROLE: Final = Column("column.role", ("cv:role",))
_WHEN: Final = Column("column.when", ("dcterms:date", "ik:dateBounds"))
_NAME: Final = Column("column.name", ("",))
_WORDING: Final = Column("column.wording", ("schema:text", ""), linked=True)
_KIND: Final = Column("column.kind", ("dcterms:type", "rdf:type"))
_DATE: Final = Column("column.date", ("schema:startDate", "dcterms:date", "dcterms:created", "schema:dateCreated"))

LISTINGS: Final = (
    Listing("parties", ("cv:hasParticipation",), (_WHO, _ROLE, _WHEN)),
    Listing(
        "agreements",
        ("^cv:hasParticipant",),
        (Column("column.in", ("^cv:hasParticipation", "")), _ROLE, _WHEN),
        order=("dcterms:date",),
    ),
    Listing(
        "wordings",
        ("^dcterms:isVersionOf",),
        (_NAME, _DATE, Column("column.place", ("schema:locationCreated",))),
    ),
    Listing(
        "signatures",
        ("^ik:signatureIn", "^dcterms:isVersionOf/^ik:signatureIn"),
        (
            Column("column.signature", ("ik:attestedSignature",)),
            Column("column.printed-name", ("ik:attestedName",)),
            Column("column.function", ("ik:attestedRole",)),
            Column("column.for", ("ik:signedFor",)),
            Column("column.entry", ("",)),
        ),
        layout="signatures",
        numbered=True,
    ),
    Listing("goals", ("ik:hasGoal",), (_WORDING, Column("column.means", ("ik:byMeansOf",))), "wordings", parts=True),
    Listing("subgoals", ("^dcterms:isPartOf",), (_WORDING,), "wordings", parts=True, classes=("ik:Goal",)),
    Listing("principles", ("ik:hasPrinciple",), (_WORDING,), "wordings"),
    Listing("focuses", ("ik:hasFocus",), (_WORDING,), "wordings"),
    Listing(
        "series",
        ("^schema:superEvent",),
        (_NAME, _DATE, Column("column.place", ("schema:location",))),
        order=("schema:startDate",),
    ),
    Listing(
        "parts",
        ("^schema:isPartOf",),
        (Column("column.title", ("schema:name", ""), linked=True), _KIND),
        numbered=True,
    ),
    Listing(
        "list",
        ("^ik:listedIn",),
        (Column("column.title", ("",)), _KIND),
        numbered=True,
    ),
    Listing("sections", ("^dcterms:isPartOf",), (_NAME,), classes=("ik:Section",), numbered=True),
    Listing("outcomes", ("^ik:outcomeOf",), (_WORDING,), "wordings", parts=True, numbered=True),
    Listing("suboutcomes", ("^dcterms:isPartOf",), (_WORDING,), "wordings", parts=True, classes=("ik:Outcome",)),
    Listing("members", ("^org:memberOf",), (_NAME,)),
    Listing("bodies", ("^org:unitOf", "ik:steeredBy"), (_NAME, _KIND, Column("column.host", ("ik:hostedBy",)))),
    Listing(
        "posts",
        ("^org:postIn",),
        (_NAME, Column("column.entrusted", ("ik:entrustedTo", "^ik:entrustedTo"))),
    ),
    Listing(
        "events",
        ("^schema:location", "^ik:inCity"),
        (_NAME, _DATE),
        order=("schema:startDate",),
        classes=("ik:Forum", "schema:Event", "schema:EventSeries"),
    ),
    Listing("places", ("^schema:containedInPlace",), (_NAME,)),
    Listing("hosts", ("^ik:hostedBy",), (_NAME, Column("column.of", ("org:unitOf",)))),
    Listing(
        "signed",
        ("^ik:signedFor",),
        (
            Column("column.entry", ("",)),
            Column("column.printed-name", ("ik:attestedName",)),
            Column("column.in", ("ik:signatureIn",)),
        ),
    ),
    Listing(
        "counts",
        ("^schema:observationAbout",),
        (
            Column("column.wording", ("schema:name",), linked=True),
            Column("column.measure", ("schema:measuredProperty",)),
            Column("column.value", ("schema:value",)),
            Column("column.qualifier", ("schema:measurementQualifier",)),
        ),
    ),
    Listing(
        "characterisations",
        ("^schema:about",),
        (_WORDING, _KIND),
        "wordings",
        classes=("ik:Characterisation",),
    ),
    Listing("activities", ("^ik:carriedOutBy",), (_WORDING,), "wordings"),
    Listing("challenges", ("^ik:facedBy",), (_WORDING,), "wordings"),
    Listing(
        "inferences",
        ("^ik:inferredSubject", "^ik:inferredObject"),
        (_NAME, Column("column.basis", ("ik:basis",)), Column("column.why", ("rdfs:comment",))),
        layout="inferences",
    ),
    Listing("points", ("geo:hasGeometry",), (_NAME, Column("column.position", ("geo:asWKT",)))),
    Listing(
        "readings",
        ("ik:hasReading",),
        (Column("column.wording", ("rdfs:comment",), linked=True), Column("column.candidates", ("ik:candidate",))),
        layout="wordings",
        numbered=True,
    ),
    Listing("concepts", ("^skos:inScheme",), (_NAME, Column("column.definition", ("skos:definition",)))),
)

# Names by others and ways to them.
IDENTIFIERS: Final = tuple(
    expand(name)
    for name in (
        "schema:legalName",
        "skos:altLabel",
        "skos:exactMatch",
        "skos:closeMatch",
        "skos:relatedMatch",
        "ik:municipalityKey",
        "ik:districtKey",
        "ik:regionalKey",
        "ik:nutsCode",
        "dcterms:identifier",
        "foaf:homepage",
        "foaf:page",
        "schema:url",
        "ik:attestedAddress",
        "schema:address",
    )
)
# Shown elsewhere on the page: in its head, as prose, as doubts, or derived shortcuts for what a table says better.
ELSEWHERE: Final = frozenset(
    expand(name)
    for name in (
        "ik:party",
        "ik:involves",
        "ik:firstSignatory",
        "ik:accedingParty",
        "ik:partyTo",
        "ik:year",
        "ik:mentionedIn",
        "ik:contradicts",
        "ik:possiblySameAs",
        "ik:undecidedBetween",
        "rdfs:comment",
        "skos:definition",
        "skos:scopeNote",
        "skos:example",
        "ik:resolution",
        "oa:hasSelector",
        "oa:hasTarget",
        "ik:hasReading",
        "rdfs:isDefinedBy",
        "skos:topConceptOf",
        "skos:hasTopConcept",
    )
)
# Facts at the top, in this order; others follow by name.
_FIRST: Final = tuple(
    expand(name)
    for name in (
        "rdf:type",
        "dcterms:type",
        "rdfs:label",
        "schema:name",
        "schema:alternateName",
        "ik:designation",
        "schema:slogan",
        "schema:text",
        "schema:headline",
        "schema:startDate",
        "schema:foundingDate",
        "dcterms:created",
        "schema:dateCreated",
        "dcterms:date",
        "ik:dateBounds",
        "ik:dateline",
        "dcterms:temporal",
        "schema:location",
        "schema:locationCreated",
        "ik:inCity",
        "schema:containedInPlace",
        "cv:hasParticipant",
        "cv:role",
        "ik:attestedSignature",
        "ik:attestedName",
        "ik:attestedRole",
        "ik:signedFor",
        "ik:signatureIn",
        "dcterms:isVersionOf",
        "schema:superEvent",
        "schema:isPartOf",
        "dcterms:isPartOf",
        "ik:basedOn",
    )
)
# Pointing here without saying anything that a table does not say better.
_QUIET: Final = frozenset(
    expand(name)
    for name in (
        "sssom:subject_id",
        "ik:mentionedIn",
        "ik:inCity",
        "ik:party",
        "ik:partyTo",
        "ik:involves",
        "ik:firstSignatory",
        "ik:accedingParty",
        "ik:contradicts",
        "ik:possiblySameAs",
        "skos:hasTopConcept",
        "skos:topConceptOf",
        "skos:inScheme",
        "oa:hasTarget",
    )
)
_SUPER_EVENT: Final = expand("schema:superEvent")
_START: Final = expand("schema:startDate")
_TARGET: Final = expand("oa:hasTarget")


def groups_of(entity_context: EntityContext, clusters: Clusters) -> tuple[Group, ...]:
    """The groups of a page, those with nothing to show left out."""
    tables = [(listing, listed(listing, entity_context)) for listing in LISTINGS]
    tables = [(listing, rows) for listing, rows in tables if rows]
    shown = {step for listing, _ in tables for step in first_steps(listing, entity_context)}
    groups = [
        _group("open", facts(_present(DOUBTING, entity_context), entity_context), entity_context, clusters),
        _targets(entity_context, clusters),
        _read(entity_context),
        _facts(entity_context, clusters, {property_ for property_, backward, _ in shown if not backward}),
        _content(entity_context),
        _neighbours(entity_context, clusters),
        *(_table(listing, rows, entity_context, clusters) for listing, rows in tables),
        _identifiers(entity_context, clusters),
        _pointing(entity_context, clusters, shown),
    ]
    return tuple(group for group in groups if group is not None)


def _group(
    key: str, rows: Sequence[Row], entity_context: EntityContext, clusters: Clusters, more: Link | None = None
) -> Group | None:
    if not rows:
        return None
    return Group(key, heading(key, entity_context), "facts", clusters.of(rows), more=more)


def heading(key: str, entity_context: EntityContext) -> str:
    """The heading of a group, which may depend on what the page is about."""
    kind = entity_context.types(entity_context.iri)
    for class_ in kind:
        special = f"group.{key}.{class_.rpartition('#')[2].rpartition('/')[2]}"
        if entity_context.say.has(special):
            return entity_context.say(special)
    return entity_context.say(f"group.{key}")


def _table(listing: Listing, rows: list[Row], entity_context: EntityContext, clusters: Clusters) -> Group:
    used = [index for index in range(len(listing.columns)) if any(row.cells[index] for row in rows)]
    rows = [row.with_cells(tuple(row.cells[index] for index in used)) for row in rows]
    total = count_listed(listing, entity_context)
    more = _all_of(entity_context, pointing_here=listing.path[0].startswith("^")) if total > MOST_ROWS else None
    return Group(
        key=listing.key,
        heading=heading(listing.key, entity_context),
        layout=listing.layout,
        clusters=clusters.of(rows),
        columns=tuple(entity_context.say(listing.columns[index].key) for index in used),
        intro=entity_context.say(f"intro.{listing.key}") if entity_context.say.has(f"intro.{listing.key}") else "",
        more=more,
    )


def _facts(entity_context: EntityContext, clusters: Clusters, consumed: set[str]) -> Group | None:
    hidden = {*IDENTIFIERS, *ELSEWHERE, *consumed}
    there = [item for item in entity_context.statements.properties(entity_context.iri) if item not in hidden]
    there.sort(key=lambda item: (_FIRST.index(item) if item in _FIRST else len(_FIRST), item))
    return _group("facts", facts(there, entity_context), entity_context, clusters, _rest_of(there, entity_context))


def _identifiers(entity_context: EntityContext, clusters: Clusters) -> Group | None:
    there = _present(IDENTIFIERS, entity_context)
    return _group(
        "identifiers", facts(there, entity_context), entity_context, clusters, _rest_of(there, entity_context)
    )


def _rest_of(properties: Sequence[str], entity_context: EntityContext) -> Link | None:
    """Where the values are that a group does not show, if there are any."""
    many = any(len(entity_context.statements.values(entity_context.iri, item)) > MOST_VALUES for item in properties)
    return _all_of(entity_context, pointing_here=False) if many else None


def _pointing(entity_context: EntityContext, clusters: Clusters, shown: set[tuple[str, bool, str]]) -> Group | None:
    rows, hidden = [], False
    for property_ in entity_context.statements.pointing_properties(entity_context.iri):
        if property_ in _QUIET or property_ == RDF_TYPE:
            continue
        subjects = [
            subject
            for subject in entity_context.statements.pointing(entity_context.iri, property_)
            if (property_, True, subject) not in shown
        ]
        hidden = hidden or len(subjects) > MOST_VALUES
        rows.extend(pointing(property_, subjects[:MOST_VALUES], entity_context))
    more = _all_of(entity_context, pointing_here=True) if hidden or entity_context.is_cut else None
    return _group("pointing", rows, entity_context, clusters, more)


def _all_of(entity_context: EntityContext, *, pointing_here: bool) -> Link:
    """Where all statements of the thing, or all that point to it, are listed page by page."""
    page = entity_context.site.page(entity_context.iri) or ""
    return Link(
        entity_context.say("more.pointing" if pointing_here else "more.statements"),
        f"{page}?list={'to' if pointing_here else 'from'}",
    )


def _present(properties: Sequence[str], entity_context: EntityContext) -> list[str]:
    there = set(entity_context.statements.properties(entity_context.iri))
    return [item for item in properties if item in there]


def _neighbours(entity_context: EntityContext, clusters: Clusters) -> Group | None:
    """What comes before and after in a series."""
    rows = []
    for series in entity_context.statements.resources(entity_context.iri, _SUPER_EVENT):
        events = sorted(
            entity_context.statements.pointing(series, _SUPER_EVENT),
            key=lambda item: (_begin(item, entity_context), item),
        )
        if entity_context.iri not in events:
            continue
        here = events.index(entity_context.iri)
        for key, index in (("neighbour.before", here - 1), ("neighbour.after", here + 1)):
            if 0 <= index < len(events):
                rows.append(_neighbour(key, events[index], entity_context))
    return _group("neighbours", rows, entity_context, clusters)


def _neighbour(key: str, event: str, entity_context: EntityContext) -> Row:
    link = entity_context.link(event)
    dates = entity_context.values(event, _START)
    graphs = tuple(graph for graph in (dates[0].graphs if dates else ()) if is_passage(graph))
    return Row(
        ((Value(link.text, link.language, link.href, graphs=graphs),),), graphs, head=Link(entity_context.say(key))
    )


def _begin(event: str, entity_context: EntityContext) -> str:
    literal = entity_context.statements.literal(event, _START)
    return literal.value if literal else "~"


def _targets(entity_context: EntityContext, clusters: Clusters) -> Group | None:
    """The passages that a discrepancy is about, each with its quote."""
    rows = []
    for passage in entity_context.passages.values():
        if passage.iri in entity_context.statements.resources(entity_context.iri, _TARGET):
            value = Value(
                line_title(passage, entity_context), href=entity_context.reader(passage), graphs=(passage.iri,)
            )
            rows.append(Row(((value,),), (passage.iri,), head=entity_context.term_link(_TARGET)))
    return _group("targets", rows, entity_context, clusters)


def _read(entity_context: EntityContext) -> Group | None:
    """The statements that were read from a passage."""
    if not is_passage(entity_context.iri):
        return None
    rows = statement_rows(
        (item for item in entity_context.statements if item.graph == entity_context.iri), entity_context
    )
    if not rows:
        return None
    columns = tuple(entity_context.say(f"column.{name}") for name in ("subject", "property", "value"))
    return Group("read", heading("read", entity_context), "statements", (Cluster(tuple(rows), None),), columns)


def _content(entity_context: EntityContext) -> Group | None:
    """The way to what a graph states."""
    if expand("ik:StatementGraph") not in entity_context.types(entity_context.iri):
        return None
    page = entity_context.site.page(entity_context.iri) or ""
    return Group(
        "stated",
        heading("stated", entity_context),
        "facts",
        (),
        more=Link(entity_context.say("more.content"), f"{page}?list=in"),
    )


def statement_rows(statements: Iterable[Statement], entity_context: EntityContext) -> list[Row]:
    """Statements as they are: subject, property, value."""
    rows = []
    for item in statements:
        subject, property_ = entity_context.link(item.subject), entity_context.term_link(item.predicate)
        cells = (
            (Value(subject.text, subject.language, subject.href, external=not entity_context.site.page(item.subject)),),
            (Value(property_.text, property_.language, property_.href),),
            (replace(entity_context.value(item.subject, item.predicate, item.value), graphs=()),),
        )
        rows.append(Row(cells, ()))
    return rows
