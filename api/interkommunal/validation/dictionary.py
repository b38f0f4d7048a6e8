"""The data dictionary: what each class of thing is, which properties it has, what their values are and how many.

In goes an assembled dataset, out come entries, read from the ontology, the code lists and the shapes, so that the
dictionary says what the gate demands. ``cli`` writes them as Markdown, CSV or JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from rdflib import OWL, RDF, RDFS, SH, SKOS, Dataset, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from interkommunal.errors import SyntaxProblem
from interkommunal.namespaces import GRAPH_CONCEPTS, GRAPH_ONTOLOGY, GRAPH_REUSED
from interkommunal.validation.findings import short

# A text in each language of the project, ``de`` and ``en``.
Texts = Mapping[str, str]

_LANGUAGES: Final = ("de", "en")
_NOTHING: Final[Texts] = {"de": "", "en": ""}
# Weight of a demand: the gate refuses, warns, or only mentions.
_WEIGHTS: Final = {SH.Violation: "required", SH.Warning: "recommended", SH.Info: "optional"}


@dataclass(frozen=True, slots=True)
class Field:
    """A property of the things of a class, as one property shape sees it.

    Attributes:
        path: SPARQL property path with the prefixes of the project, ``cv:hasParticipation`` or ``^ik:hasGoal``.
        name: what people call it. definition: of the property, empty where the path has several.
        values: what a value is: a class, a datatype, a code list, or terms to choose from; empty for anything.
        minimum, maximum: how many values, ``None`` for no bound.
        weight: ``required`` if the gate refuses what breaks this, ``recommended`` if it warns, else ``optional``; a
            property that may be missing is optional, though its values are checked.
        shape: IRI of the property shape.
    """

    path: str
    name: Texts
    definition: Texts
    values: tuple[str, ...]
    minimum: int | None
    maximum: int | None
    weight: str
    shape: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What a node shape says about a class, or about all things that use certain properties.

    Attributes:
        targets: the classes, or the properties, with prefix. kind: ``class`` or ``property``.
        name, definition: texts. broader: wider classes that have an entry too; what they say holds as well.
        fields: properties in the order of the shape.
    """

    targets: tuple[str, ...]
    kind: str
    name: Texts
    definition: Texts
    broader: tuple[str, ...]
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class CodeList:
    """A code list and its concepts: IRI with prefix, label, definition of each."""

    scheme: str
    name: Texts
    concepts: tuple[tuple[str, Texts, Texts], ...]


@dataclass(frozen=True, slots=True)
class Dictionary:
    """The whole dictionary. Entries about classes come first, each group by its English name."""

    entries: tuple[Entry, ...]
    code_lists: tuple[CodeList, ...]


def dictionary(dataset: Dataset, shapes: Graph) -> Dictionary:
    """The data dictionary of an assembled dataset and its shapes.

    Raises:
        SyntaxProblem: a property shape has a path that is none of SHACL (section 2.3.1).
    """
    return _Reader(dataset, shapes).read()


class _Reader:
    def __init__(self, dataset: Dataset, shapes: Graph) -> None:
        self._shapes = shapes
        self._terms = Graph()
        for graph in (GRAPH_ONTOLOGY, GRAPH_REUSED, GRAPH_CONCEPTS):
            for triple in dataset.graph(URIRef(graph)):
                self._terms.add(triple)

    def read(self) -> Dictionary:
        shapes = [node for node in self._shapes.subjects(RDF.type, SH.NodeShape) if isinstance(node, URIRef)]
        entries = [entry for shape in shapes if (entry := self._entry(shape)) and entry.fields]
        described = {target for entry in entries if entry.kind == "class" for target in entry.targets}
        whole = [self._with_broader(entry, described) for entry in entries]
        whole.sort(key=lambda entry: (entry.kind, entry.name["en"].casefold(), entry.targets))
        schemes = sorted(
            (self._code_list(scheme) for scheme in set(self._terms.subjects(RDF.type, SKOS.ConceptScheme))),
            key=lambda found: (found.name["en"].casefold(), found.scheme),
        )
        return Dictionary(tuple(whole), tuple(schemes))

    def _entry(self, shape: URIRef) -> Entry | None:
        classes = [node for node in self._shapes.objects(shape, SH.targetClass) if isinstance(node, URIRef)]
        properties = [node for node in self._shapes.objects(shape, SH.targetSubjectsOf) if isinstance(node, URIRef)]
        if not classes and not properties:
            return None
        return Entry(
            targets=tuple(sorted(map(short, classes or properties))),
            kind="class" if classes else "property",
            name=self._texts(self._shapes, shape, RDFS.label),
            definition=self._texts(self._terms, classes[0], SKOS.definition) if len(classes) == 1 else _NOTHING,
            broader=(),
            fields=tuple(self._fields(shape)),
        )

    def _with_broader(self, entry: Entry, described: Iterable[str]) -> Entry:
        if entry.kind != "class":
            return entry
        own = {term for term in self._terms.subjects(RDF.type, OWL.Class) if short(str(term)) in entry.targets}
        wider = {short(str(above)) for term in own for above in self._terms.transitive_objects(term, RDFS.subClassOf)}
        broader = tuple(sorted((wider & set(described)) - set(entry.targets)))
        return Entry(entry.targets, entry.kind, entry.name, entry.definition, broader, entry.fields)

    def _fields(self, shape: URIRef) -> Iterator[Field]:
        found = [node for node in self._shapes.objects(shape, SH.property) if isinstance(node, URIRef)]
        for node in sorted(found, key=lambda item: self._order(item)):
            path = self._shapes.value(node, SH.path)
            if path is None:
                continue
            minimum, maximum = self._number(node, SH.minCount), self._number(node, SH.maxCount)
            severity = self._shapes.value(node, SH.severity) or SH.Violation
            yield Field(
                path=self._path(path),
                name=self._texts(self._shapes, node, SH.name),
                definition=self._texts(self._terms, path, SKOS.definition),
                values=tuple(self._values(node)),
                minimum=minimum,
                maximum=maximum,
                weight=_WEIGHTS.get(URIRef(str(severity)), "required") if minimum else "optional",
                shape=str(node),
            )

    def _order(self, node: URIRef) -> tuple[int, str]:
        demanded = self._number(node, SH.minCount)
        return (0 if demanded else 1, str(node))

    def _path(self, path: Node) -> str:
        """A path in the syntax of SPARQL (SHACL, section 2.3.1)."""
        if isinstance(path, URIRef):
            return short(str(path))
        if self._shapes.value(path, RDF.first) is not None:
            return "/".join(self._step(step) for step in Collection(self._shapes, path))
        if (inverse := self._shapes.value(path, SH.inversePath)) is not None:
            return f"^{self._step(inverse)}"
        if (alternatives := self._shapes.value(path, SH.alternativePath)) is not None:
            return "|".join(self._step(step) for step in Collection(self._shapes, alternatives))
        for predicate, mark in ((SH.zeroOrMorePath, "*"), (SH.oneOrMorePath, "+"), (SH.zeroOrOnePath, "?")):
            if (inner := self._shapes.value(path, predicate)) is not None:
                return f"{self._step(inner)}{mark}"
        raise SyntaxProblem("a property shape has a path that SHACL does not know", "shapes")

    def _step(self, path: Node) -> str:
        text = self._path(path)
        return f"({text})" if any(mark in text.removeprefix("^") for mark in "|/") else text

    def _values(self, node: Node) -> Iterator[str]:
        """What a value of the shape ``node`` is, in words of the vocabulary."""
        for predicate in (SH["class"], SH.datatype, SH.hasValue):
            yield from sorted(self._term(value) for value in self._shapes.objects(node, predicate))
        for choice in self._shapes.objects(node, SH["in"]):
            yield from (self._term(value) for value in Collection(self._shapes, choice))
        for choices in self._shapes.objects(node, SH["or"]):
            for choice in Collection(self._shapes, choices):
                label = self._texts(self._shapes, choice, RDFS.label)["en"]
                found = list(self._values(choice)) or ([label] if label else [])
                for inner in self._shapes.objects(choice, SH.property):
                    found += self._values(inner)
                yield from found
        for inner in self._shapes.objects(node, SH.node):
            yield from self._values(inner)
        if languages := self._shapes.value(node, SH.languageIn):
            yield f"rdf:langString ({', '.join(map(str, Collection(self._shapes, languages)))})"

    @staticmethod
    def _term(value: Node) -> str:
        return short(str(value)) if isinstance(value, URIRef) else str(value)

    def _number(self, node: Node, predicate: URIRef) -> int | None:
        value = self._shapes.value(node, predicate)
        return int(value) if isinstance(value, Literal) else None

    @staticmethod
    def _texts(graph: Graph, node: Node, predicate: URIRef) -> Texts:
        found = {text.language: str(text) for text in graph.objects(node, predicate) if isinstance(text, Literal)}
        return {language: found.get(language, "") for language in _LANGUAGES}

    def _code_list(self, scheme: Node) -> CodeList:
        concepts = sorted(
            (
                (
                    short(str(item)),
                    self._texts(self._terms, item, SKOS.prefLabel),
                    self._texts(self._terms, item, SKOS.definition),
                )
                for item in self._terms.subjects(SKOS.inScheme, scheme)
            ),
            key=lambda found: found[0],
        )
        return CodeList(short(str(scheme)), self._texts(self._terms, scheme, RDFS.label), tuple(concepts))
