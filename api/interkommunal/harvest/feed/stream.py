"""A view of the change table as an event stream: its root, pages and members as RDF.

Linked Data Event Streams 1.0 with TREE (https://w3id.org/ldes/specification, server primer §3 to §7); members are
activities as DCAT-AP Feeds wants them. A member is a star of triples in the default graph, and its payload, the
description of the entity from then on, stands in the named graph with the IRI of the member. Because one graph holds
it, the member names the graphs of the release that the description was read from (``dcterms:source``), and
``…/members/{n}/statements.nq`` gives it with each statement in its own graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat

from interkommunal.graph.terms import named
from interkommunal.release.history import ADDRESS, CATALOGUE, GRAPH, Entry, History, Kind

# How many pages one index lists.
GROUP: Final = 500


_ACTIVITIES: Final = {Kind.CREATE: "as:Create", Kind.UPDATE: "as:Update", Kind.DELETE: "as:Delete"}
_LICENCE: Final = "https://creativecommons.org/publicdomain/zero/1.0/"
_TITLES: Final = {
    GRAPH: (
        "Änderungen am Wissensgraphen der Städtekooperation Integration.Interkommunal",
        "Changes to the knowledge graph of the city cooperation Integration.Interkommunal",
    ),
    CATALOGUE: (
        "Änderungen am Katalog des interkommunalen Wissensgraphen",
        "Changes to the catalogue of the intermunicipal knowledge graph",
    ),
}
_RETENTION: Final = (
    "Alle Änderungen seit diesem Zeitpunkt bleiben abrufbar, auch Löschungen und auch dann, wenn eine alte "
    "Ausgabe nicht mehr aufbewahrt wird.",
    "All changes since this time stay available, deletions too, also when an old release is no longer kept.",
)


class Part(NamedTuple):
    """A node below the root or an index: ``pages`` or ``indexes``, its number, and the entries below it.

    ``complete`` says that it will never get another one.
    """

    kind: str
    number: int
    first: int
    last: int
    complete: bool


@dataclass(frozen=True)
class Stream:
    """A view as a stream.

    Attributes:
        history: the change table. view: which one.
        address: public URL of the server. path: of the root node.
        polling: seconds after which it is worth coming back.
    """

    history: History
    view: str
    address: str
    path: str
    polling: int

    @property
    def length(self) -> int:
        """Number of members."""
        return self.history.length(self.view)

    @property
    def pages(self) -> int:
        """Number of pages."""
        return -(-self.length // self.history.page)

    @property
    def base(self) -> str:
        """What all paths below this stream begin with."""
        return f"{self.path}/{self.history.stream}"

    @property
    def iri(self) -> NamedNode:
        """The stream itself."""
        return NamedNode(f"{self.address}{self.base}")

    @property
    def root(self) -> NamedNode:
        """The root node: where harvesters begin."""
        return NamedNode(f"{self.address}{self.path}")

    def node(self, kind: str, number: int) -> NamedNode:
        """A page, index or member."""
        return NamedNode(f"{self.address}{self.base}/{kind}/{number}")

    def page(self, number: int) -> Part | None:
        """A page; ``None`` if there is none of this number."""
        size = self.history.page
        if not 1 <= number <= self.pages:
            return None
        last = min(number * size, self.length)
        return Part("pages", number, (number - 1) * size + 1, last, number * size <= self.length)

    def index(self, number: int) -> Part | None:
        """An index of :data:`GROUP` complete pages; ``None`` if there is none of this number."""
        size = GROUP * self.history.page
        if not 1 <= number <= self.length // size:
            return None
        return Part("indexes", number, (number - 1) * size + 1, number * size, True)

    def context(self) -> Iterator[Quad]:
        """What the root says of the stream and of itself."""
        stream, root = self.iri, self.root
        german, english = _TITLES[self.view]
        yield from _about(
            stream,
            ("rdf:type", named("ldes:EventStream")),
            ("dcterms:title", Literal(german, language="de")),
            ("dcterms:title", Literal(english, language="en")),
            ("dcterms:license", NamedNode(_LICENCE)),
            ("ldes:timestampPath", named("as:published")),
            ("ldes:sequencePath", named("schema:position")),
            ("ldes:versionOfPath", named("as:object")),
            ("ldes:versionCreateObject", named("as:Create")),
            ("ldes:versionUpdateObject", named("as:Update")),
            ("ldes:versionDeleteObject", named("as:Delete")),
            ("ldes:pollingInterval", _integer(self.polling)),
            ("tree:shape", NamedNode(f"{self.address}/feed/shape")),
            ("tree:view", root),
        )
        policy = NamedNode(f"{root.value}#retention")
        yield from _about(root, ("rdf:type", named("tree:Node")), ("ldes:retentionPolicy", policy))
        yield from _about(
            policy,
            ("rdf:type", named("ldes:RetentionPolicy")),
            ("dcterms:description", Literal(_RETENTION[0], language="de")),
            ("dcterms:description", Literal(_RETENTION[1], language="en")),
        )
        if self.history.publications:
            yield from _about(policy, ("ldes:startingFrom", _moment(self.history.publications[0].time)))
        yield from self._relations(root, self._below_root())

    def of_index(self, index: Part) -> Iterator[Quad]:
        """What an index says: the bounds of its pages."""
        own = self.node(index.kind, index.number)
        yield from self._whereabouts(own, complete=True)
        first = (index.number - 1) * GROUP + 1
        found = (self.page(number) for number in range(first, first + GROUP))
        yield from self._relations(own, (page for page in found if page))

    def of_page(self, page: Part) -> Iterator[Quad]:
        """What a page says: its members, in order, and their payloads."""
        own = self.node(page.kind, page.number)
        entries = self.history.entries(self.view, page.first, page.last)
        yield from self._whereabouts(own, complete=page.complete)
        for entry in entries:
            yield Quad(self.iri, named("tree:member"), self.node("members", entry.sequence))
        for entry in entries:
            yield from self.star(entry)
        for entry in entries:
            yield from self.payload(entry)

    def star(self, entry: Entry) -> Iterator[Quad]:
        """What is said of a member itself, in the default graph."""
        own = self.node("members", entry.sequence)
        yield from _about(
            own,
            ("rdf:type", named(_ACTIVITIES[entry.kind])),
            ("as:object", NamedNode(self.entity(entry))),
            ("as:published", _moment(entry.publication.time)),
            ("schema:position", _integer(entry.sequence)),
            ("as:context", NamedNode(f"{self.address}/release/{entry.publication.release}")),
        )
        sources = {quad.graph_name for quad in self.statements(entry) if isinstance(quad.graph_name, NamedNode)}
        for graph in sorted(sources, key=lambda graph: graph.value):
            yield from _about(own, ("dcterms:source", graph))

    def payload(self, entry: Entry) -> Iterator[Quad]:
        """The description of the entity, each triple once, in the named graph of the member."""
        own = self.node("members", entry.sequence)
        for triple in dict.fromkeys(quad.triple for quad in self.statements(entry)):
            yield Quad(triple.subject, triple.predicate, triple.object, own)

    def statements(self, entry: Entry) -> list[Quad]:
        """The description of the entity as it stands in the release."""
        text = self.text(entry)
        return list(pyoxigraph.parse(text, format=RdfFormat.N_QUADS))

    def text(self, entry: Entry) -> bytes:
        """The same in N-Quads."""
        return entry.statements.replace(f"<{ADDRESS}".encode(), f"<{self.address}".encode())

    def entity(self, entry: Entry) -> str:
        """What was changed."""
        return entry.entity.replace(ADDRESS, self.address, 1) if entry.entity.startswith(ADDRESS) else entry.entity

    def of_member(self, entry: Entry) -> Iterator[Quad]:
        """A member by itself."""
        yield Quad(self.iri, named("tree:member"), self.node("members", entry.sequence))
        yield from self.star(entry)
        yield from self.payload(entry)

    def _whereabouts(self, own: NamedNode, *, complete: bool) -> Iterator[Quad]:
        yield from _about(self.iri, ("rdf:type", named("ldes:EventStream")), ("tree:view", self.root))
        yield from _about(own, ("rdf:type", named("tree:Node")))
        if complete:
            yield from _about(own, ("ldes:immutable", _TRUE))

    def _below_root(self) -> Iterator[Part]:
        groups = self.length // (GROUP * self.history.page)
        for number in range(1, groups + 1):
            index = self.index(number)
            assert index is not None
            yield index
        for number in range(groups * GROUP + 1, self.pages + 1):
            page = self.page(number)
            assert page is not None
            yield page

    def _relations(self, own: NamedNode, parts: Iterable[Part]) -> Iterator[Quad]:
        """Two bounds for each complete part, one for the last, which goes on."""
        for part in parts:
            bounds = [("from", "tree:GreaterThanOrEqualToRelation", part.first)]
            if part.complete:
                bounds.append(("to", "tree:LessThanOrEqualToRelation", part.last))
            for name, kind, sequence in bounds:
                relation = NamedNode(f"{own.value}#{part.kind}-{part.number}-{name}")
                time = self.history.publication_of(self.view, sequence).time
                yield from _about(own, ("tree:relation", relation))
                yield from _about(
                    relation,
                    ("rdf:type", named(kind)),
                    ("tree:path", named("as:published")),
                    ("tree:value", _moment(time)),
                    ("tree:node", self.node(part.kind, part.number)),
                )


def _about(subject: NamedNode, *properties: tuple[str, NamedNode | Literal]) -> Iterator[Quad]:
    for name, value in properties:
        yield Quad(subject, named(name), value)


def _moment(time: str) -> Literal:
    return Literal(time, datatype=named("xsd:dateTime"))


def _integer(value: int) -> Literal:
    return Literal(str(value), datatype=named("xsd:integer"))


_TRUE: Final = Literal("true", datatype=named("xsd:boolean"))
