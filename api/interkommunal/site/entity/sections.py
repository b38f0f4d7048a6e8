"""The groups of facts that pages have, in their order.

Which groups a page shows follows from what there is to say, not from a list of classes: a thing with participations has
a table of parties, whatever it is. What no group shows goes to the facts at the top; what points here and fits nowhere
goes to the end. So nothing is lost for kinds of things that nobody thought of.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import NamedNode

from interkommunal.namespaces import expand
from interkommunal.site.description.queries import Direction
from interkommunal.site.description.statements import RDF_TYPE, Statement, is_passage
from interkommunal.site.entity.clusters import MOST_VALUES, Clusters, Column, Found, Listing, facts, line_title
from interkommunal.site.entity.context import DOUBTING, EntityContext
from interkommunal.site.entity.model import Cluster, Group, Link, Row, Value
from interkommunal.texts import gettext_noop

# Rows that a group shows; the rest is looked at page by page.
_MOST_ROWS: Final = 60

_ROLE: Final = Column(gettext_noop("Role"), "cv:role")
_WHEN: Final = Column(gettext_noop("When"), "dcterms:date|ik:dateBounds")
_NAME: Final = Column(gettext_noop("Name"))
_ENTRY: Final = Column(gettext_noop("Entry"))
_PRINTED_NAME: Final = Column(gettext_noop("Printed name"), "ik:attestedName")
_WORDING: Final = Column(gettext_noop("Wording"), "schema:text|", linked=True)
_KIND: Final = Column(gettext_noop("Kind"), "dcterms:type|rdf:type")
_DATE: Final = Column(gettext_noop("Date"), "schema:startDate|dcterms:date|dcterms:created|schema:dateCreated")

LISTINGS: Final = (
    Listing("parties", "cv:hasParticipation", (Column(gettext_noop("Who"), "cv:hasParticipant"), _ROLE, _WHEN)),
    Listing(
        "agreements",
        "^cv:hasParticipant",
        (Column(gettext_noop("In what"), "^cv:hasParticipation|"), _ROLE, _WHEN),
        order="dcterms:date",
    ),
    Listing(
        "wordings", "^dcterms:isVersionOf", (_NAME, _DATE, Column(gettext_noop("Place"), "schema:locationCreated"))
    ),
    Listing(
        "signatures",
        "^ik:signatureIn|^dcterms:isVersionOf/^ik:signatureIn",
        (
            Column(gettext_noop("Signature"), "ik:attestedSignature"),
            _PRINTED_NAME,
            Column(gettext_noop("Function"), "ik:attestedRole"),
            Column(gettext_noop("For"), "ik:signedFor"),
            _ENTRY,
        ),
        layout="signatures",
        numbered=True,
    ),
    Listing("goals", "ik:hasGoal", (_WORDING, Column(gettext_noop("By"), "ik:byMeansOf")), "wordings", parts=True),
    Listing("subgoals", "^dcterms:isPartOf", (_WORDING,), "wordings", parts=True, classes=("ik:Goal",)),
    Listing("principles", "ik:hasPrinciple", (_WORDING,), "wordings"),
    Listing("focuses", "ik:hasFocus", (_WORDING,), "wordings"),
    Listing(
        "series",
        "^schema:superEvent",
        (_NAME, _DATE, Column(gettext_noop("Place"), "schema:location")),
        order="schema:startDate",
    ),
    Listing(
        "parts",
        "^schema:isPartOf",
        (Column(gettext_noop("Title"), "schema:name|", linked=True), _KIND),
        numbered=True,
    ),
    Listing("list", "^ik:listedIn", (Column(gettext_noop("Title")), _KIND), numbered=True),
    Listing("sections", "^dcterms:isPartOf", (_NAME,), classes=("ik:Section",), numbered=True),
    Listing("outcomes", "^ik:outcomeOf", (_WORDING,), "wordings", parts=True, numbered=True),
    Listing("suboutcomes", "^dcterms:isPartOf", (_WORDING,), "wordings", parts=True, classes=("ik:Outcome",)),
    Listing("members", "^org:memberOf", (_NAME,)),
    Listing("bodies", "^org:unitOf|ik:steeredBy", (_NAME, _KIND, Column(gettext_noop("Hosted by"), "ik:hostedBy"))),
    Listing("posts", "^org:postIn", (_NAME, Column(gettext_noop("Entrusted to"), "ik:entrustedTo|^ik:entrustedTo"))),
    Listing(
        "events",
        "^schema:location|^ik:inCity",
        (_NAME, _DATE),
        order="schema:startDate",
        classes=("ik:Forum", "schema:Event", "schema:EventSeries"),
    ),
    Listing("places", "^schema:containedInPlace", (_NAME,)),
    Listing("hosts", "^ik:hostedBy", (_NAME, Column(gettext_noop("Unit of"), "org:unitOf"))),
    Listing("signed", "^ik:signedFor", (_ENTRY, _PRINTED_NAME, Column(gettext_noop("In what"), "ik:signatureIn"))),
    Listing(
        "counts",
        "^schema:observationAbout",
        (
            Column(gettext_noop("Wording"), "schema:name", linked=True),
            Column(gettext_noop("Measure"), "schema:measuredProperty"),
            Column(gettext_noop("Value"), "schema:value"),
            Column(gettext_noop("Exactness"), "schema:measurementQualifier"),
        ),
    ),
    Listing("characterisations", "^schema:about", (_WORDING, _KIND), "wordings", classes=("ik:Characterisation",)),
    Listing("activities", "^ik:carriedOutBy", (_WORDING,), "wordings"),
    Listing("challenges", "^ik:facedBy", (_WORDING,), "wordings"),
    Listing(
        "inferences",
        "^ik:inferredSubject|^ik:inferredObject",
        (_NAME, Column(gettext_noop("Basis"), "ik:basis"), Column(gettext_noop("Explanation"), "rdfs:comment")),
        layout="inferences",
    ),
    Listing("points", "geo:hasGeometry", (_NAME, Column(gettext_noop("Coordinates"), "geo:asWKT"))),
    Listing(
        "readings",
        "ik:hasReading",
        (
            Column(gettext_noop("Wording"), "rdfs:comment", linked=True),
            Column(gettext_noop("Would hold for"), "ik:candidate"),
        ),
        layout="wordings",
        numbered=True,
    ),
    Listing("concepts", "^skos:inScheme", (_NAME, Column(gettext_noop("Definition"), "skos:definition"))),
)


def _iris(*names: str) -> tuple[str, ...]:
    return tuple(map(expand, names))


# Names by others and ways to them.
IDENTIFIERS: Final = _iris(
    "schema:legalName", "skos:altLabel", "skos:exactMatch", "skos:closeMatch", "skos:relatedMatch",
    "ik:municipalityKey", "ik:districtKey", "ik:regionalKey", "ik:nutsCode", "dcterms:identifier", "foaf:homepage",
    "foaf:page", "schema:url", "ik:attestedAddress", "schema:address",
)  # fmt: skip
# Said better by a table or a mark, in whichever direction.
_SHORTCUTS: Final = _iris(
    "ik:party", "ik:involves", "ik:firstSignatory", "ik:accedingParty", "ik:partyTo", "ik:mentionedIn",
    "ik:contradicts", "ik:possiblySameAs", "oa:hasTarget", "skos:topConceptOf", "skos:hasTopConcept",
)  # fmt: skip
# Shown elsewhere on the page: in its head, as prose, as doubts.
ELSEWHERE: Final = (
    *_SHORTCUTS,
    *_iris("ik:year", "ik:undecidedBetween", "ik:resolution", "ik:hasReading", "oa:hasSelector"),
    *_iris("rdfs:comment", "rdfs:isDefinedBy", "skos:definition", "skos:scopeNote", "skos:example"),
)
# Pointing here without saying anything that a table does not say better.
_QUIET: Final = (*_SHORTCUTS, *_iris("sssom:subject_id", "ik:inCity", "skos:inScheme"))
# Facts at the top, in this order; others follow by name.
_FIRST: Final = _iris(
    "rdf:type", "dcterms:type", "rdfs:label", "schema:name", "schema:alternateName", "ik:designation",
    "schema:slogan", "schema:text", "schema:headline", "schema:startDate", "schema:foundingDate", "dcterms:created",
    "schema:dateCreated", "dcterms:date", "ik:dateBounds", "ik:dateline", "dcterms:temporal", "schema:location",
    "schema:locationCreated", "ik:inCity", "schema:containedInPlace", "cv:hasParticipant", "cv:role",
    "ik:attestedSignature", "ik:attestedName", "ik:attestedRole", "ik:signedFor", "ik:signatureIn",
    "dcterms:isVersionOf", "schema:superEvent", "schema:isPartOf", "dcterms:isPartOf", "ik:basedOn",
)  # fmt: skip


def statement_rows(statements: Iterable[Statement], context: EntityContext) -> list[Row]:
    """Statements as they are: subject, property, value."""
    rows = []
    for item in statements:
        value = replace(context.value(item.subject, item.predicate, item.value), graphs=())
        rows.append(Row(((context.shown(item.subject),), (context.shown_term(item.predicate),), (value,))))
    return rows


def groups_of(context: EntityContext, clusters: Clusters) -> tuple[Group, ...]:
    """The groups of a page, those with nothing to show left out."""
    return _Groups(context, clusters).all()


@dataclass(frozen=True)
class _Groups:
    """Makes the groups of one page."""

    context: EntityContext
    clusters: Clusters

    def all(self) -> tuple[Group, ...]:
        """The groups in their order."""
        context, there = self.context, dict.fromkeys(self.context.statements.properties(self.context.iri))
        tables = [(item, things) for item in LISTINGS if (things := item.things(Found(context.iri), context))]
        shown = {step for listing, _ in tables for step in listing.shown(context)}
        consumed = {*IDENTIFIERS, *ELSEWHERE, *(property_ for property_, backward, _ in shown if not backward)}
        own = sorted(there.keys() - consumed, key=lambda it: (_FIRST.index(it) if it in _FIRST else len(_FIRST), it))
        found = [
            self._group("open", facts((item for item in DOUBTING if item in there), context)),
            self._targets(),
            self._read(),
            self._with_rest("facts", own),
            self._content(),
            self._neighbours(),
            *(self._table(listing, things) for listing, things in tables),
            self._with_rest("identifiers", [item for item in IDENTIFIERS if item in there]),
            self._pointing(shown),
        ]
        return tuple(group for group in found if group is not None)

    def _group(self, key: str, rows: Sequence[Row], more: Link | None = None) -> Group | None:
        return Group(key, self._heading(key), "facts", self.clusters.of(rows), more=more) if rows else None

    def _with_rest(self, key: str, properties: Sequence[str]) -> Group | None:
        """Facts, and where the values are that the group does not show."""
        statements, iri = self.context.statements, self.context.iri
        many = any(len(statements.values(iri, item)) > MOST_VALUES for item in properties)
        return self._group(key, facts(properties, self.context), self._all_of("from") if many else None)

    def _heading(self, key: str) -> str:
        """The heading of a group, which may depend on what the page is about."""
        say = self.context.say
        classes = (item.rpartition("#")[2].rpartition("/")[2] for item in self.context.types(self.context.iri))
        special = (f"{key}.{class_}" for class_ in classes)
        return say.named("group", next((name for name in special if say.has("group", name)), key))

    def _table(self, listing: Listing, things: Sequence[Found]) -> Group:
        say, rows = self.context.say, list(listing.rows(things[:_MOST_ROWS], self.context))
        used = [index for index in range(len(listing.columns)) if any(row.cells[index] for row in rows)]
        rows = [replace(row, cells=tuple(row.cells[index] for index in used)) for row in rows]
        return Group(
            key=listing.key,
            heading=self._heading(listing.key),
            layout=listing.layout,
            clusters=self.clusters.of(rows),
            columns=tuple(say(listing.columns[index].key) for index in used),
            intro=say.named("intro", listing.key) if say.has("intro", listing.key) else "",
            more=self._all_of("to" if listing.path.startswith("^") else "from") if len(things) > _MOST_ROWS else None,
        )

    def _pointing(self, shown: set[tuple[str, bool, str]]) -> Group | None:
        """What points to the thing and stands in no table."""
        context, here = self.context, NamedNode(self.context.iri)
        rows, hidden = list[Row](), context.is_cut
        for property_ in context.statements.pointing_properties(context.iri):
            if property_ in _QUIET or property_ == RDF_TYPE:
                continue
            subjects = context.statements.pointing(context.iri, property_)
            subjects = [subject for subject in subjects if (property_, True, subject) not in shown]
            hidden, head = hidden or len(subjects) > MOST_VALUES, context.term_link(property_)
            for subject in subjects[:MOST_VALUES]:
                graphs = context.statements.graphs_of(subject, property_, here)
                rows.append(Row(((context.shown(subject, graphs),),), graphs, head=head, inverse=True))
        return self._group("pointing", rows, self._all_of("to") if hidden else None)

    def _all_of(self, direction: Direction) -> Link:
        """Where all statements of the thing, or all that point to it, are listed page by page."""
        key = {
            "to": gettext_noop("Everything that points here"),
            "from": gettext_noop("All statements"),
            "in": gettext_noop("Show all statements of this graph"),
        }[direction]
        return Link(self.context.say(key), f"{self.context.site.page(self.context.iri) or ''}?list={direction}")

    def _neighbours(self) -> Group | None:
        """What comes before and after in a series."""
        context, rows, start = self.context, list[Row](), expand("schema:startDate")
        for series in context.to("schema:superEvent"):
            events = context.statements.pointing(series, expand("schema:superEvent"))
            starts = {event: context.statements.literal(event, start) for event in events}
            events.sort(key=lambda event: (day.value if (day := starts[event]) else "~", event))
            here = events.index(context.iri)
            for key, index in ((gettext_noop("before"), here - 1), (gettext_noop("after"), here + 1)):
                if 0 <= index < len(events):
                    dates = context.values(events[index], start)
                    graphs = tuple(filter(is_passage, dates[0].graphs if dates else ()))
                    value = replace(context.shown(events[index], graphs), external=False)
                    rows.append(Row(((value,),), graphs, head=Link(context.say(key))))
        return self._group("neighbours", rows)

    def _targets(self) -> Group | None:
        """The passages that a discrepancy is about, each with its quote."""
        context, targets = self.context, set(self.context.to("oa:hasTarget"))
        rows = []
        for passage in context.passages.values():
            if passage.iri in targets:
                value = Value(line_title(passage, context), href=context.reader(passage), graphs=(passage.iri,))
                rows.append(Row(((value,),), value.graphs, head=context.term_link(expand("oa:hasTarget"))))
        return self._group("targets", rows)

    def _read(self) -> Group | None:
        """The statements that were read from a passage."""
        context, iri = self.context, self.context.iri
        rows = statement_rows((item for item in context.statements if item.graph == iri), context)
        if not is_passage(iri) or not rows:
            return None
        columns = tuple(map(context.say, (gettext_noop("Subject"), gettext_noop("Property"), gettext_noop("Value"))))
        return Group("read", self._heading("read"), "statements", (Cluster(tuple(rows)),), columns)

    def _content(self) -> Group | None:
        """The way to what a graph states."""
        if expand("ik:StatementGraph") not in self.context.types(self.context.iri):
            return None
        return Group("stated", self._heading("stated"), "facts", (), more=self._all_of("in"))
