"""The groups of facts that pages have, in their order.

Which groups a page shows follows from what there is to say, not from a list of classes: a thing with participations has
a table of parties, whatever it is. What no group shows goes to the facts at the top; what points here and fits nowhere
goes to the end. So nothing is lost for kinds of things that nobody thought of.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from interkommunal.site.description.passages import is_passage
from interkommunal.site.description.statements import RDF_TYPE, Statement, term
from interkommunal.site.entity.clusters import Clusters, line_title
from interkommunal.site.entity.dossier import Dossier
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
    term(name)
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
    term(name)
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
    term(name)
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
    term(name)
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
_SUPER_EVENT: Final = term("schema:superEvent")
_START: Final = term("schema:startDate")
_TARGET: Final = term("oa:hasTarget")


def groups_of(dossier: Dossier, clusters: Clusters) -> tuple[Group, ...]:
    """The groups of a page, those with nothing to show left out."""
    tables = [(listing, listed(listing, dossier)) for listing in LISTINGS]
    tables = [(listing, rows) for listing, rows in tables if rows]
    shown = {step for listing, _ in tables for step in first_steps(listing, dossier)}
    groups = [
        _group("open", facts(_present(DOUBTING, dossier), dossier), dossier, clusters),
        _targets(dossier, clusters),
        _read(dossier),
        _facts(dossier, clusters, {property_ for property_, backward, _ in shown if not backward}),
        _content(dossier),
        _neighbours(dossier, clusters),
        *(_table(listing, rows, dossier, clusters) for listing, rows in tables),
        _identifiers(dossier, clusters),
        _pointing(dossier, clusters, shown),
    ]
    return tuple(group for group in groups if group is not None)


def _group(
    key: str, rows: Sequence[Row], dossier: Dossier, clusters: Clusters, more: Link | None = None
) -> Group | None:
    if not rows:
        return None
    return Group(key, heading(key, dossier), "facts", clusters.of(rows), more=more)


def heading(key: str, dossier: Dossier) -> str:
    """The heading of a group, which may depend on what the page is about."""
    kind = dossier.types(dossier.iri)
    for class_ in kind:
        special = f"group.{key}.{class_.rpartition('#')[2].rpartition('/')[2]}"
        if dossier.say.has(special):
            return dossier.say(special)
    return dossier.say(f"group.{key}")


def _table(listing: Listing, rows: list[Row], dossier: Dossier, clusters: Clusters) -> Group:
    used = [index for index in range(len(listing.columns)) if any(row.cells[index] for row in rows)]
    rows = [row.with_cells(tuple(row.cells[index] for index in used)) for row in rows]
    total = count_listed(listing, dossier)
    more = _all_of(dossier, pointing_here=listing.path[0].startswith("^")) if total > MOST_ROWS else None
    return Group(
        key=listing.key,
        heading=heading(listing.key, dossier),
        layout=listing.layout,
        clusters=clusters.of(rows),
        columns=tuple(dossier.say(listing.columns[index].key) for index in used),
        intro=dossier.say(f"intro.{listing.key}") if dossier.say.has(f"intro.{listing.key}") else "",
        more=more,
    )


def _facts(dossier: Dossier, clusters: Clusters, consumed: set[str]) -> Group | None:
    hidden = {*IDENTIFIERS, *ELSEWHERE, *consumed}
    there = [item for item in dossier.statements.properties(dossier.iri) if item not in hidden]
    there.sort(key=lambda item: (_FIRST.index(item) if item in _FIRST else len(_FIRST), item))
    return _group("facts", facts(there, dossier), dossier, clusters, _rest_of(there, dossier))


def _identifiers(dossier: Dossier, clusters: Clusters) -> Group | None:
    there = _present(IDENTIFIERS, dossier)
    return _group("identifiers", facts(there, dossier), dossier, clusters, _rest_of(there, dossier))


def _rest_of(properties: Sequence[str], dossier: Dossier) -> Link | None:
    """Where the values are that a group does not show, if there are any."""
    many = any(len(dossier.statements.values(dossier.iri, item)) > MOST_VALUES for item in properties)
    return _all_of(dossier, pointing_here=False) if many else None


def _pointing(dossier: Dossier, clusters: Clusters, shown: set[tuple[str, bool, str]]) -> Group | None:
    rows, hidden = [], False
    for property_ in dossier.statements.pointing_properties(dossier.iri):
        if property_ in _QUIET or property_ == RDF_TYPE:
            continue
        subjects = [
            subject
            for subject in dossier.statements.pointing(dossier.iri, property_)
            if (property_, True, subject) not in shown
        ]
        hidden = hidden or len(subjects) > MOST_VALUES
        rows.extend(pointing(property_, subjects[:MOST_VALUES], dossier))
    more = _all_of(dossier, pointing_here=True) if hidden or dossier.is_cut else None
    return _group("pointing", rows, dossier, clusters, more)


def _all_of(dossier: Dossier, *, pointing_here: bool) -> Link:
    """Where all statements of the thing, or all that point to it, are listed page by page."""
    page = dossier.site.page(dossier.iri) or ""
    return Link(
        dossier.say("more.pointing" if pointing_here else "more.statements"),
        f"{page}?list={'to' if pointing_here else 'from'}",
    )


def _present(properties: Sequence[str], dossier: Dossier) -> list[str]:
    there = set(dossier.statements.properties(dossier.iri))
    return [item for item in properties if item in there]


def _neighbours(dossier: Dossier, clusters: Clusters) -> Group | None:
    """What comes before and after in a series."""
    rows = []
    for series in dossier.statements.resources(dossier.iri, _SUPER_EVENT):
        events = sorted(
            dossier.statements.pointing(series, _SUPER_EVENT), key=lambda item: (_begin(item, dossier), item)
        )
        if dossier.iri not in events:
            continue
        here = events.index(dossier.iri)
        for key, index in (("neighbour.before", here - 1), ("neighbour.after", here + 1)):
            if 0 <= index < len(events):
                rows.append(_neighbour(key, events[index], dossier))
    return _group("neighbours", rows, dossier, clusters)


def _neighbour(key: str, event: str, dossier: Dossier) -> Row:
    link = dossier.link(event)
    dates = dossier.values(event, _START)
    graphs = tuple(graph for graph in (dates[0].graphs if dates else ()) if is_passage(graph))
    return Row(((Value(link.text, link.language, link.href, graphs=graphs),),), graphs, head=Link(dossier.say(key)))


def _begin(event: str, dossier: Dossier) -> str:
    literal = dossier.statements.literal(event, _START)
    return literal.value if literal else "~"


def _targets(dossier: Dossier, clusters: Clusters) -> Group | None:
    """The passages that a discrepancy is about, each with its quote."""
    rows = []
    for passage in dossier.passages.values():
        if passage.iri in dossier.statements.resources(dossier.iri, _TARGET):
            value = Value(line_title(passage, dossier), href=dossier.reader(passage), graphs=(passage.iri,))
            rows.append(Row(((value,),), (passage.iri,), head=dossier.term_link(_TARGET)))
    return _group("targets", rows, dossier, clusters)


def _read(dossier: Dossier) -> Group | None:
    """The statements that were read from a passage."""
    if not is_passage(dossier.iri):
        return None
    rows = statement_rows((item for item in dossier.statements if item.graph == dossier.iri), dossier)
    if not rows:
        return None
    columns = tuple(dossier.say(f"column.{name}") for name in ("subject", "property", "value"))
    return Group("read", heading("read", dossier), "statements", (Cluster(tuple(rows), None),), columns)


def _content(dossier: Dossier) -> Group | None:
    """The way to what a graph states."""
    if term("ik:StatementGraph") not in dossier.types(dossier.iri):
        return None
    page = dossier.site.page(dossier.iri) or ""
    return Group(
        "stated", heading("stated", dossier), "facts", (), more=Link(dossier.say("more.content"), f"{page}?list=in")
    )


def statement_rows(statements: Iterable[Statement], dossier: Dossier) -> list[Row]:
    """Statements as they are: subject, property, value."""
    rows = []
    for item in statements:
        subject, property_ = dossier.link(item.subject), dossier.term_link(item.predicate)
        cells = (
            (Value(subject.text, subject.language, subject.href, external=not dossier.site.page(item.subject)),),
            (Value(property_.text, property_.language, property_.href),),
            (replace(dossier.value(item.subject, item.predicate, item.value), graphs=()),),
        )
        rows.append(Row(cells, ()))
    return rows
