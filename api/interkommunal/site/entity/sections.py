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
from interkommunal.site.description.queries import Direction
from interkommunal.site.description.statements import RDF_TYPE, Statement
from interkommunal.site.entity.clusters import (
    MOST_ROWS,
    MOST_VALUES,
    Clusters,
    Column,
    Found,
    Listing,
    facts,
    first_steps,
    line_title,
    listed,
    pointing,
    things_listed,
)
from interkommunal.site.entity.context import DOUBTING, EntityContext
from interkommunal.site.entity.model import Cluster, Group, Link, Row, Value
from interkommunal.texts import gettext_noop

_WHO: Final = Column(gettext_noop("Who"), ("cv:hasParticipant",))
_ROLE: Final = Column(gettext_noop("Role"), ("cv:role",))
_WHEN: Final = Column(gettext_noop("When"), ("dcterms:date", "ik:dateBounds"))
_NAME: Final = Column(gettext_noop("Name"), ("",))
_WORDING: Final = Column(gettext_noop("Wording"), ("schema:text", ""), linked=True)
_KIND: Final = Column(gettext_noop("Kind"), ("dcterms:type", "rdf:type"))
_DATE: Final = Column(
    gettext_noop("Date"), ("schema:startDate", "dcterms:date", "dcterms:created", "schema:dateCreated")
)

LISTINGS: Final = (
    Listing("parties", ("cv:hasParticipation",), (_WHO, _ROLE, _WHEN)),
    Listing(
        "agreements",
        ("^cv:hasParticipant",),
        (Column(gettext_noop("In what"), ("^cv:hasParticipation", "")), _ROLE, _WHEN),
        order=("dcterms:date",),
    ),
    Listing(
        "wordings",
        ("^dcterms:isVersionOf",),
        (_NAME, _DATE, Column(gettext_noop("Place"), ("schema:locationCreated",))),
    ),
    Listing(
        "signatures",
        ("^ik:signatureIn", "^dcterms:isVersionOf/^ik:signatureIn"),
        (
            Column(gettext_noop("Signature"), ("ik:attestedSignature",)),
            Column(gettext_noop("Printed name"), ("ik:attestedName",)),
            Column(gettext_noop("Function"), ("ik:attestedRole",)),
            Column(gettext_noop("For"), ("ik:signedFor",)),
            Column(gettext_noop("Entry"), ("",)),
        ),
        layout="signatures",
        numbered=True,
    ),
    Listing(
        "goals", ("ik:hasGoal",), (_WORDING, Column(gettext_noop("By"), ("ik:byMeansOf",))), "wordings", parts=True
    ),
    Listing("subgoals", ("^dcterms:isPartOf",), (_WORDING,), "wordings", parts=True, classes=("ik:Goal",)),
    Listing("principles", ("ik:hasPrinciple",), (_WORDING,), "wordings"),
    Listing("focuses", ("ik:hasFocus",), (_WORDING,), "wordings"),
    Listing(
        "series",
        ("^schema:superEvent",),
        (_NAME, _DATE, Column(gettext_noop("Place"), ("schema:location",))),
        order=("schema:startDate",),
    ),
    Listing(
        "parts",
        ("^schema:isPartOf",),
        (Column(gettext_noop("Title"), ("schema:name", ""), linked=True), _KIND),
        numbered=True,
    ),
    Listing("list", ("^ik:listedIn",), (Column(gettext_noop("Title"), ("",)), _KIND), numbered=True),
    Listing("sections", ("^dcterms:isPartOf",), (_NAME,), classes=("ik:Section",), numbered=True),
    Listing("outcomes", ("^ik:outcomeOf",), (_WORDING,), "wordings", parts=True, numbered=True),
    Listing("suboutcomes", ("^dcterms:isPartOf",), (_WORDING,), "wordings", parts=True, classes=("ik:Outcome",)),
    Listing("members", ("^org:memberOf",), (_NAME,)),
    Listing(
        "bodies", ("^org:unitOf", "ik:steeredBy"), (_NAME, _KIND, Column(gettext_noop("Hosted by"), ("ik:hostedBy",)))
    ),
    Listing(
        "posts", ("^org:postIn",), (_NAME, Column(gettext_noop("Entrusted to"), ("ik:entrustedTo", "^ik:entrustedTo")))
    ),
    Listing(
        "events",
        ("^schema:location", "^ik:inCity"),
        (_NAME, _DATE),
        order=("schema:startDate",),
        classes=("ik:Forum", "schema:Event", "schema:EventSeries"),
    ),
    Listing("places", ("^schema:containedInPlace",), (_NAME,)),
    Listing("hosts", ("^ik:hostedBy",), (_NAME, Column(gettext_noop("Unit of"), ("org:unitOf",)))),
    Listing(
        "signed",
        ("^ik:signedFor",),
        (
            Column(gettext_noop("Entry"), ("",)),
            Column(gettext_noop("Printed name"), ("ik:attestedName",)),
            Column(gettext_noop("In what"), ("ik:signatureIn",)),
        ),
    ),
    Listing(
        "counts",
        ("^schema:observationAbout",),
        (
            Column(gettext_noop("Wording"), ("schema:name",), linked=True),
            Column(gettext_noop("Measure"), ("schema:measuredProperty",)),
            Column(gettext_noop("Value"), ("schema:value",)),
            Column(gettext_noop("Exactness"), ("schema:measurementQualifier",)),
        ),
    ),
    Listing("characterisations", ("^schema:about",), (_WORDING, _KIND), "wordings", classes=("ik:Characterisation",)),
    Listing("activities", ("^ik:carriedOutBy",), (_WORDING,), "wordings"),
    Listing("challenges", ("^ik:facedBy",), (_WORDING,), "wordings"),
    Listing(
        "inferences",
        ("^ik:inferredSubject", "^ik:inferredObject"),
        (_NAME, Column(gettext_noop("Basis"), ("ik:basis",)), Column(gettext_noop("Explanation"), ("rdfs:comment",))),
        layout="inferences",
    ),
    Listing("points", ("geo:hasGeometry",), (_NAME, Column(gettext_noop("Coordinates"), ("geo:asWKT",)))),
    Listing(
        "readings",
        ("ik:hasReading",),
        (
            Column(gettext_noop("Wording"), ("rdfs:comment",), linked=True),
            Column(gettext_noop("Would hold for"), ("ik:candidate",)),
        ),
        layout="wordings",
        numbered=True,
    ),
    Listing("concepts", ("^skos:inScheme",), (_NAME, Column(gettext_noop("Definition"), ("skos:definition",)))),
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


def groups_of(context: EntityContext, clusters: Clusters) -> tuple[Group, ...]:
    """The groups of a page, those with nothing to show left out."""
    return _Groups(context, clusters).all()


def statement_rows(statements: Iterable[Statement], context: EntityContext) -> list[Row]:
    """Statements as they are: subject, property, value."""
    rows = []
    for item in statements:
        value = replace(context.value(item.subject, item.predicate, item.value), graphs=())
        rows.append(Row(((context.shown(item.subject),), (context.shown_term(item.predicate),), (value,)), ()))
    return rows


class _Groups:
    """Makes the groups of one page."""

    def __init__(self, context: EntityContext, clusters: Clusters) -> None:
        self._context = context
        self._clusters = clusters
        self._say = context.say
        self._own = context.statements.properties(context.iri)

    def all(self) -> tuple[Group, ...]:
        """The groups in their order."""
        tables = [(listing, things_listed(listing, self._context)) for listing in LISTINGS]
        tables = [(listing, things) for listing, things in tables if things]
        shown = {step for listing, _ in tables for step in first_steps(listing, self._context)}
        groups = [
            self._group("open", facts(self._present(DOUBTING), self._context)),
            self._targets(),
            self._read(),
            self._facts({property_ for property_, backward, _ in shown if not backward}),
            self._content(),
            self._neighbours(),
            *(self._table(listing, things) for listing, things in tables),
            self._with_rest("identifiers", self._present(IDENTIFIERS)),
            self._pointing(shown),
        ]
        return tuple(group for group in groups if group is not None)

    def _group(self, key: str, rows: Sequence[Row], more: Link | None = None) -> Group | None:
        return Group(key, self._heading(key), "facts", self._clusters.of(rows), more=more) if rows else None

    def _with_rest(self, key: str, properties: Sequence[str]) -> Group | None:
        """Facts, and where the values are that the group does not show."""
        statements, iri = self._context.statements, self._context.iri
        many = any(len(statements.values(iri, item)) > MOST_VALUES for item in properties)
        return self._group(key, facts(properties, self._context), self._all_of("from") if many else None)

    def _heading(self, key: str) -> str:
        """The heading of a group, which may depend on what the page is about."""
        classes = (item.rpartition("#")[2].rpartition("/")[2] for item in self._context.types(self._context.iri))
        special = (f"{key}.{class_}" for class_ in classes)
        return self._say.named("group", next((name for name in special if self._say.has("group", name)), key))

    def _table(self, listing: Listing, things: Sequence[Found]) -> Group:
        rows = listed(listing, things[:MOST_ROWS], self._context)
        used = [index for index in range(len(listing.columns)) if any(row.cells[index] for row in rows)]
        rows = [replace(row, cells=tuple(row.cells[index] for index in used)) for row in rows]
        direction: Direction = "to" if listing.path[0].startswith("^") else "from"
        return Group(
            key=listing.key,
            heading=self._heading(listing.key),
            layout=listing.layout,
            clusters=self._clusters.of(rows),
            columns=tuple(self._say(listing.columns[index].key) for index in used),
            intro=self._say.named("intro", listing.key) if self._say.has("intro", listing.key) else "",
            more=self._all_of(direction) if len(things) > MOST_ROWS else None,
        )

    def _facts(self, consumed: set[str]) -> Group | None:
        there = [item for item in self._own if item not in {*IDENTIFIERS, *ELSEWHERE, *consumed}]
        there.sort(key=lambda item: (_FIRST.index(item) if item in _FIRST else len(_FIRST), item))
        return self._with_rest("facts", there)

    def _pointing(self, shown: set[tuple[str, bool, str]]) -> Group | None:
        context, rows, hidden = self._context, list[Row](), self._context.is_cut
        for property_ in context.statements.pointing_properties(context.iri):
            if property_ in _QUIET or property_ == RDF_TYPE:
                continue
            subjects = context.statements.pointing(context.iri, property_)
            subjects = [subject for subject in subjects if (property_, True, subject) not in shown]
            hidden = hidden or len(subjects) > MOST_VALUES
            rows.extend(pointing(property_, subjects[:MOST_VALUES], context))
        return self._group("pointing", rows, self._all_of("to") if hidden else None)

    def _all_of(self, direction: Direction) -> Link:
        """Where all statements of the thing, or all that point to it, are listed page by page."""
        key = {
            "to": gettext_noop("Everything that points here"),
            "from": gettext_noop("All statements"),
            "in": gettext_noop("Show all statements of this graph"),
        }[direction]
        return Link(self._say(key), f"{self._context.site.page(self._context.iri) or ''}?list={direction}")

    def _present(self, properties: Sequence[str]) -> list[str]:
        there = set(self._own)
        return [item for item in properties if item in there]

    def _neighbours(self) -> Group | None:
        """What comes before and after in a series."""
        context, rows = self._context, []
        for series in context.statements.resources(context.iri, _SUPER_EVENT):
            events = context.statements.pointing(series, _SUPER_EVENT)
            starts = {event: context.statements.literal(event, _START) for event in events}
            events.sort(key=lambda event: (start.value if (start := starts[event]) else "~", event))
            if context.iri not in events:
                continue
            here = events.index(context.iri)
            for key, index in ((gettext_noop("before"), here - 1), (gettext_noop("after"), here + 1)):
                if 0 <= index < len(events):
                    rows.append(self._neighbour(key, events[index]))
        return self._group("neighbours", rows)

    def _neighbour(self, key: str, event: str) -> Row:
        dates = self._context.values(event, _START)
        graphs = tuple(filter(is_passage, dates[0].graphs if dates else ()))
        value = replace(self._context.shown(event, graphs), external=False)
        return Row(((value,),), graphs, head=Link(self._say(key)))

    def _targets(self) -> Group | None:
        """The passages that a discrepancy is about, each with its quote."""
        context, rows = self._context, []
        for passage in context.passages.values():
            if passage.iri in context.statements.resources(context.iri, _TARGET):
                value = Value(line_title(passage, context), href=context.reader(passage), graphs=(passage.iri,))
                rows.append(Row(((value,),), (passage.iri,), head=context.term_link(_TARGET)))
        return self._group("targets", rows)

    def _read(self) -> Group | None:
        """The statements that were read from a passage."""
        iri, statements = self._context.iri, self._context.statements
        rows = statement_rows((item for item in statements if item.graph == iri), self._context)
        if not is_passage(iri) or not rows:
            return None
        columns = (self._say("Subject"), self._say("Property"), self._say("Value"))
        return Group("read", self._heading("read"), "statements", (Cluster(tuple(rows), None),), columns)

    def _content(self) -> Group | None:
        """The way to what a graph states."""
        if expand("ik:StatementGraph") not in self._context.types(self._context.iri):
            return None
        return Group("stated", self._heading("stated"), "facts", (), more=self._all_of("in"))
