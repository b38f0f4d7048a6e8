"""The shipped graph, to be patched, validated and put back as it was, again and again.

In goes a SPARQL update, out come the findings that it causes. Shapes that cannot notice the patch are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass

import pyoxigraph
from rdflib import RDF, RDFS, SH, XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from interkommunal.content import Content
from interkommunal.graph.assemble import Assembly
from interkommunal.graph.dataset import Origins
from interkommunal.namespaces import GRAPH_SHAPES, PREFIXES
from interkommunal.validation.findings import Finding, violations
from interkommunal.validation.shacl import data_of
from interkommunal.validation.store import load_store, term_of
from interkommunal.validation.validate import Check, check_findings, data_findings, read_checks

Triple = tuple[Node, Node, Node]

# A triple pattern of a query whose property is a variable.
_ANY_PROPERTY = re.compile(r"[.{;]\s*[?$\w:]+\s+[?$]\w+\s+[?$<\"\w]")
_TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)


@dataclass(frozen=True)
class World:
    """The graph in the two forms that validation reads, and what it is told before any patch."""

    store: pyoxigraph.Store
    lines: frozenset[bytes]
    data: Graph
    shapes: Graph
    reach: Mapping[Node, Reach]
    checks: tuple[Check, ...]
    origins: Origins
    before: tuple[Finding, ...]

    @classmethod
    def of(cls, assembly: Assembly, content: Content) -> World:
        """The world of ``assembly``, with the shapes and checks of ``content``."""
        store, data, shapes = load_store(assembly.dataset), data_of(assembly.dataset), Graph() + assembly.shapes
        checks = read_checks(content)
        before = [
            *data_findings(data, shapes, assembly.origins, store),
            *check_findings(checks, assembly.origins, store),
        ]
        return cls(store, _lines(store), data, shapes, reaches(shapes), checks, assembly.origins, tuple(before))

    @property
    def violations(self) -> tuple[Finding, ...]:
        """What would stop a build before any patch."""
        return violations(self.before)

    def findings_after(self, update: str, *, all_shapes: bool = False) -> list[Finding]:
        """The findings that the graph has after ``update`` and had not before.

        Args:
            update: SPARQL update; the prefixes of the project are declared.
            all_shapes: run every shape, not only those that can notice the change.
        """
        with self._patched(update) as changed:
            assert changed, "the update changes nothing; the data has moved"
            choice = nullcontext() if all_shapes else noticing(self.shapes, self.reach, changed, self.data)
            with choice:
                after = list(data_findings(self.data, self.shapes, self.origins, self.store))
            after += check_findings(self.checks, self.origins, self.store)
        known = set(map(_identity, self.before))
        return [finding for finding in after if _identity(finding) not in known]

    @contextmanager
    def _patched(self, update: str) -> Iterator[set[Triple]]:
        """Applies ``update`` to both forms, yields the triples that came, went or moved, and takes all back."""
        self.store.update(update, prefixes=PREFIXES)
        after = _lines(self.store)
        gone, come = _parsed(self.lines - after), _parsed(after - self.lines)
        touched = {(_node(quad.subject), _node(quad.predicate), _node(quad.object)) for quad in [*gone, *come]}
        there = {triple for triple in touched if self._in_union(triple)}
        added = {triple for triple in there if triple not in self.data}
        removed = {triple for triple in touched - there if triple in self.data}
        _change(self.data, add=added, remove=removed)
        try:
            yield touched
        finally:
            _change(self.data, add=removed, remove=added)
            for quad in come:
                self.store.remove(quad)
            self.store.extend(gone)

    def _in_union(self, triple: Triple) -> bool:
        """Whether a graph other than the shapes says so: SHACL sees these together."""
        shapes = pyoxigraph.NamedNode(GRAPH_SHAPES)
        subject, predicate, value = map(term_of, triple)
        said = self.store.quads_for_pattern(subject, predicate, value)  # type: ignore[arg-type]
        return any(quad.graph_name != shapes for quad in said)


@dataclass(frozen=True)
class Reach:
    """What the result of a shape can depend on: IRIs it mentions, texts of its queries, whether it is closed."""

    mentions: frozenset[Node]
    queries: tuple[str, ...]
    closed: bool

    def notices(self, changed: set[Node]) -> bool:
        """Whether it can depend on triples with these properties, or of ``rdf:type`` with these classes."""
        if self.closed or self.mentions & changed or RDFS.subClassOf in changed:
            return True
        return any(
            _ANY_PROPERTY.search(query) or any(_local_name(node) in query for node in changed) for query in self.queries
        )


def reaches(shapes: Graph) -> dict[Node, Reach]:
    """The reach of every shape with a target: all that can be got to from it, lists, paths and nested shapes too."""
    found = {}
    for shape in {subject for target in _TARGETS for subject in shapes.subjects(target)}:
        below = frozenset(node for node in shapes.transitive_objects(shape, None) if node)
        queries = tuple(str(text) for node in below for text in shapes.objects(node, SH.select))
        closed = any((node, SH.closed, Literal(True)) in shapes for node in below)
        found[shape] = Reach(below, queries, closed)
    return found


@contextmanager
def noticing(shapes: Graph, reach: Mapping[Node, Reach], changed: set[Triple], data: Graph) -> Iterator[None]:
    """Leaves targets only to those ``shapes`` whose result can depend on a triple in ``changed``, for a while.

    A core constraint reads the properties that its paths and targets name, and ``rdf:type`` of the classes it names
    (and of their subclasses). A SPARQL constraint reads the properties its text names, or any if one is a variable.
    """
    nodes: set[Node] = {predicate for _, predicate, _ in changed}
    for _, predicate, value in changed:
        if predicate == RDF.type:
            nodes.update(node for node in data.transitive_objects(value, RDFS.subClassOf) if node)
    idle = [shape for shape in reach if not reach[shape].notices(nodes)]
    targets = [triple for shape in idle for target in _TARGETS for triple in shapes.triples((shape, target, None))]
    _change(shapes, add=(), remove=targets)
    try:
        yield
    finally:
        _change(shapes, add=targets, remove=())


def rules(shapes: Graph) -> set[str]:
    """IRIs of what needs an invalid case: property shapes and SPARQL constraints."""
    found = {*shapes.objects(None, SH.property), *shapes.objects(None, SH.sparql)}
    return {str(node) for node in found if isinstance(node, URIRef)}


def _local_name(node: Node) -> str:
    return re.split(r"[/#]", str(node))[-1]


def _identity(finding: Finding) -> tuple[str, str, str | None]:
    return finding.rule, finding.focus, finding.path


def _change(graph: Graph, add: Iterable[Triple], remove: Iterable[Triple]) -> None:
    for triple in remove:
        graph.remove(triple)
    for triple in add:
        graph.add(triple)


def _lines(store: pyoxigraph.Store) -> frozenset[bytes]:
    """The statements of ``store`` as N-Quads; many times faster than as objects."""
    return frozenset((store.dump(format=pyoxigraph.RdfFormat.N_QUADS) or b"").splitlines(keepends=True))


def _parsed(lines: frozenset[bytes]) -> list[pyoxigraph.Quad]:
    return list(pyoxigraph.parse(b"".join(lines), format=pyoxigraph.RdfFormat.N_QUADS))


def _node(term: object) -> Node:
    if isinstance(term, pyoxigraph.NamedNode):
        return URIRef(term.value)
    if isinstance(term, pyoxigraph.BlankNode):
        return BNode(term.value)
    assert isinstance(term, pyoxigraph.Literal)
    if term.language or term.datatype.value == str(XSD.string):
        return Literal(term.value, lang=term.language)
    return Literal(term.value, datatype=URIRef(term.datatype.value), normalize=False)
