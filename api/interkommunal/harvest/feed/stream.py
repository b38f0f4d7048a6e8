"""A view of the change table as an event stream: its root, pages and members as RDF.

Linked Data Event Streams 1.0 with TREE (https://w3id.org/ldes/specification, server primer §3 to §7); members are
activities as DCAT-AP Feeds wants them. A member is a star of triples in the default graph, and its payload, the
description of the entity from then on, stands in the named graph with the IRI of the member. Because one graph holds
it, the member names the graphs of the release that the description was read from (``dcterms:source``), and
``…/members/{n}/statements.nq`` gives it with each statement in its own graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final, NamedTuple

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat

from interkommunal.graph.terms import integer, named
from interkommunal.release.descriptions import Value, described
from interkommunal.release.history import ADDRESS, CATALOGUE, GRAPH, Entry, History, Kind
from interkommunal.texts import Label

# How many pages one index lists.
GROUP: Final = 500
_ACTIVITIES: Final = {Kind.CREATE: "as:Create", Kind.UPDATE: "as:Update", Kind.DELETE: "as:Delete"}
_LICENCE: Final = "https://creativecommons.org/publicdomain/zero/1.0/"
_TITLES: Final = {
    GRAPH: Label(
        de="Änderungen am Wissensgraphen der Städtekooperation Integration.Interkommunal",
        en="Changes to the knowledge graph of the city cooperation Integration.Interkommunal",
    ),
    CATALOGUE: Label(
        de="Änderungen am Katalog des interkommunalen Wissensgraphen",
        en="Changes to the catalogue of the intermunicipal knowledge graph",
    ),
}
_RETENTION: Final = Label(
    de="Alle Änderungen seit diesem Zeitpunkt bleiben abrufbar, auch Löschungen und auch dann, wenn eine alte "
    "Ausgabe nicht mehr aufbewahrt wird.",
    en="All changes since this time stay available, deletions too, also when an old release is no longer kept.",
)


class Part(NamedTuple):
    """``pages``, ``indexes``, ``members`` or ``publications`` below the root, a number, and the entries below it.

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

    def part(self, kind: str, number: int) -> Part | None:
        """A page, an index of :data:`GROUP` complete pages, a member or a publication; ``None`` if there is none."""
        if kind == "publications":
            if not 1 <= number <= len(self.history.publications):
                return None
            span = self.history.span(self.view, self.history.publications[number - 1])
            return Part(kind, number, *(span or (1, 0)), True)
        size = {"pages": self.history.page, "indexes": GROUP * self.history.page, "members": 1}[kind]
        first, last = (number - 1) * size + 1, number * size
        is_there = number > 0 and (last if kind == "indexes" else first) <= self.length
        return Part(kind, number, first, min(last, self.length), last <= self.length) if is_there else None

    def context(self) -> Iterator[Quad]:
        """What the root says of the stream and of itself."""
        policy = NamedNode(f"{self.root.value}#retention")
        begun = [_moment(item.time) for item in self.history.publications[:1]]
        yield from about(
            self.iri,
            ["ldes:EventStream"],
            {
                "dcterms:title": [_TITLES[self.view]],
                "dcterms:license": [NamedNode(_LICENCE)],
                "ldes:timestampPath": [named("as:published")],
                "ldes:sequencePath": [named("schema:position")],
                "ldes:versionOfPath": [named("as:object")],
                "ldes:versionCreateObject": [named("as:Create")],
                "ldes:versionUpdateObject": [named("as:Update")],
                "ldes:versionDeleteObject": [named("as:Delete")],
                "ldes:pollingInterval": [integer(self.polling)],
                "tree:shape": [NamedNode(f"{self.address}/feed/shape")],
                "tree:view": [self.root],
            },
        )
        yield from about(self.root, ["tree:Node"], {"ldes:retentionPolicy": [policy]})
        yield from about(
            policy, ["ldes:RetentionPolicy"], {"dcterms:description": [_RETENTION], "ldes:startingFrom": begun}
        )
        groups = self.length // (GROUP * self.history.page)
        yield from self._relations(self.root, "indexes", 1)
        yield from self._relations(self.root, "pages", groups * GROUP + 1)

    def quads(self, part: Part) -> Iterator[Quad]:
        """What a part says: an index the bounds of its pages; others their members, in order, and their payloads."""
        own = self.node(part.kind, part.number)
        if part.kind != "members":
            yield from about(self.iri, ["ldes:EventStream"], {"tree:view": [self.root]})
            yield from about(own, ["tree:Node"], {"ldes:immutable": [_TRUE] if part.complete else []})
        if part.kind == "indexes":
            yield from self._relations(own, "pages", (part.number - 1) * GROUP + 1, GROUP)
            return
        entries = self.history.entries(self.view, part.first, part.last)
        for entry in entries:
            yield Quad(self.iri, named("tree:member"), self.node("members", entry.sequence))
        for entry in entries:
            yield from self._star(entry)
        # The description of the entity, each triple once, in the named graph of the member.
        for entry in entries:
            for triple in dict.fromkeys(quad.triple for quad in self._statements(entry)):
                yield Quad(triple.subject, triple.predicate, triple.object, self.node("members", entry.sequence))

    def _star(self, entry: Entry) -> Iterator[Quad]:
        """What is said of a member itself, in the default graph."""
        graphs = {quad.graph_name.value for quad in self._statements(entry) if isinstance(quad.graph_name, NamedNode)}
        return about(
            self.node("members", entry.sequence),
            [_ACTIVITIES[entry.kind]],
            {
                "as:object": [NamedNode(self.entity(entry))],
                "as:published": [_moment(entry.publication.time)],
                "schema:position": [integer(entry.sequence)],
                "as:context": [NamedNode(f"{self.address}/release/{entry.publication.release}")],
                "dcterms:source": map(NamedNode, sorted(graphs)),
            },
        )

    def _statements(self, entry: Entry) -> Iterator[Quad]:
        """The description of the entity as the release has it."""
        return pyoxigraph.parse(self.text(entry), format=RdfFormat.N_QUADS)

    def text(self, entry: Entry) -> bytes:
        """The same in N-Quads."""
        return entry.statements.replace(f"<{ADDRESS}".encode(), f"<{self.address}".encode())

    def entity(self, entry: Entry) -> str:
        """What was changed."""
        return entry.entity.replace(ADDRESS, self.address, 1) if entry.entity.startswith(ADDRESS) else entry.entity

    def _relations(self, own: NamedNode, kind: str, first: int, most: int | None = None) -> Iterator[Quad]:
        """Two bounds for each complete part from the number ``first`` on, one for the last, which goes on."""
        for number in count(first) if most is None else range(first, first + most):
            part = self.part(kind, number)
            if part is None:
                return
            bounds = [("from", "tree:GreaterThanOrEqualToRelation", part.first)]
            if part.complete:
                bounds.append(("to", "tree:LessThanOrEqualToRelation", part.last))
            for name, class_, sequence in bounds:
                relation = NamedNode(f"{own.value}#{kind}-{number}-{name}")
                yield Quad(own, named("tree:relation"), relation)
                yield from about(
                    relation,
                    [class_],
                    {
                        "tree:path": [named("as:published")],
                        "tree:value": [_moment(self.history.publication_of(self.view, sequence).time)],
                        "tree:node": [self.node(kind, number)],
                    },
                )


def about(subject: NamedNode, classes: Sequence[str], properties: Mapping[str, Iterable[Value]]) -> Iterator[Quad]:
    """What is said of ``subject``, in the default graph; see :func:`described`."""
    return (Quad(*triple) for triple in described(subject.value, classes, properties))


def _moment(time: str) -> Literal:
    return Literal(time, datatype=named("xsd:dateTime"))


_TRUE: Final = Literal("true", datatype=named("xsd:boolean"))
