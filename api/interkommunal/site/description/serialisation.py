"""The description of one resource, and its bytes in each format, the same bytes for the same release.

For a thing: its statements, those that point to it, and those of its parts (participations, signature entries, counts).
For a passage or another graph: what is said of it and what it states. To that come the labels of everything named and,
for each passage involved, what the register says of it. JSON-LD is written as people read it: the triples are framed
(JSON-LD 1.1 Framing) around the resource, what belongs to it is inside, what only points to it is in ``included``. The
context is our own, cut down to the names in use and embedded; the loader refuses the network.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import orjson
from pyoxigraph import Literal, NamedNode, Triple

from interkommunal import __version__
from interkommunal.errors import ReleaseError
from interkommunal.namespaces import (
    CONCEPT,
    GRAPH,
    GRAPH_ALIGNMENTS,
    GRAPH_CONCEPTS,
    GRAPH_ONTOLOGY,
    GRAPH_REUSED,
    ID,
    IK,
    ONTOLOGY,
    SHAPE,
    expand,
)
from interkommunal.release import formats
from interkommunal.site.description import queries
from interkommunal.site.description.passages import read_passages
from interkommunal.site.description.statements import RDF_TYPE, GraphClient, Statement, Statements, is_passage
from interkommunal.sparql.query import CSV, JSON_LD, N_TRIPLES, RDF_XML, TRIG, TURTLE

_DEPRECATED: Final = expand("owl:deprecated")
_REPLACED_BY: Final = expand("dcterms:isReplacedBy")
_MENTIONED_IN: Final = expand("ik:mentionedIn")
_SELECTOR: Final = "-selector"
_LABELLED: Final = (ID, CONCEPT, SHAPE, GRAPH)


@dataclass(frozen=True)
class Description:
    """What the release says of ``iri``.

    Attributes:
        iri: the resource described.
        statements: all of it, with graphs.
    """

    iri: str
    statements: Statements

    @property
    def exists(self) -> bool:
        """Whether the release knows the resource."""
        return self.iri in self.statements or bool(list(self.statements.pointing_properties(self.iri)))

    @property
    def is_withdrawn(self) -> bool:
        """Whether the resource was given up; terms of the vocabulary are never given up, only discouraged."""
        return self.iri.startswith(ID) and is_deprecated(self.iri, self.statements)

    @property
    def successors(self) -> list[str]:
        """What replaces a withdrawn resource."""
        return self.statements.resources(self.iri, _REPLACED_BY)


def is_deprecated(iri: str, statements: Statements) -> bool:
    """Whether a resource is marked ``owl:deprecated``."""
    return any(item.value in ("true", "1") for item in statements.literals(iri, _DEPRECATED))


async def describe(iri: str, client: GraphClient) -> Description:
    """The description of ``iri``; it is empty if the release does not know it.

    Raises:
        QueryError: the engine cannot answer.
    """
    core = await _core(iri, client)
    if not core.count:
        return Description(iri, core)
    named = _named(core)
    evidence = {graph for graph in core.graphs if is_passage(graph)}
    evidence.update(item for item in core.resources(iri, _MENTIONED_IN) if is_passage(item))
    further = [queries.labels(named)] if named else []
    if evidence:
        further.append(queries.passages(evidence))
    return Description(iri, core.joined(await client.statements(*further)))


async def _core(iri: str, client: GraphClient) -> Statements:
    if iri == ONTOLOGY:
        return await client.statements(queries.statements_of(iri), queries.statements_below(IK))
    if is_passage(iri) or iri.startswith(GRAPH):
        return await client.statements(queries.own_statements(iri), queries.statements_in(iri))
    if iri.startswith((IK, CONCEPT, SHAPE)) or not iri.startswith(ID):
        return await client.statements(queries.statements_of(iri))
    return await client.statements(queries.own_statements(iri))


def _named(statements: Statements) -> set[str]:
    """The things, concepts, shapes and graphs that statements name. Terms have their labels in the ontology."""
    found = set(statements.subjects())
    found.update(item.value.value for item in statements if isinstance(item.value, NamedNode))
    return {iri for iri in found if iri.startswith(_LABELLED) and not iri.endswith(_SELECTOR)}


FILE: Final = "context.jsonld"
CONTEXT_PATH: Final = f"/context/{__version__}.jsonld"
_LABEL: Final = expand("rdfs:label")


@dataclass(frozen=True)
class Context:
    """Names for terms.

    Attributes:
        body: the file as it is served.
        terms: the object under ``@context``.
    """

    body: bytes
    terms: dict[str, Any]

    def names(self, iris: Iterable[str]) -> dict[str, Any]:
        """The part of the context that ``iris`` need: names of terms among them, prefixes that shorten one."""
        wanted, prefixes = set(iris), self._prefixes
        kept = {name for name, iri in self._meanings.items() if iri in wanted}
        for iri in wanted:
            fitting = [prefix for prefix, namespace in prefixes.items() if iri.startswith(namespace)]
            kept.update(sorted(fitting, key=lambda prefix: -len(prefixes[prefix]))[:1])
        # The definitions of names use prefixes too.
        for name in list(kept):
            kept.update(part.partition(":")[0] for part in _parts(self.terms[name]) if ":" in part)
        return {
            name: definition
            for name, definition in self.terms.items()
            if name in kept or name in ("@version", "id", "type")
        }

    @cached_property
    def _prefixes(self) -> dict[str, str]:
        return {
            name: definition
            for name, definition in self.terms.items()
            if isinstance(definition, str) and definition.startswith("http") and definition.endswith(("/", "#"))
        }

    @cached_property
    def _meanings(self) -> dict[str, str]:
        """The IRI that each name stands for."""
        found = {}
        for name, definition in self.terms.items():
            term = definition["@id"] if isinstance(definition, dict) else definition
            prefix, _, local = str(term).partition(":")
            if name not in self._prefixes and prefix in self._prefixes:
                found[name] = f"{self._prefixes[prefix]}{local}"
        return found


def _parts(definition: Any) -> list[str]:
    parts = definition.values() if isinstance(definition, dict) else [definition]
    return [part for part in parts if isinstance(part, str)]


def read_context(path: Path) -> Context:
    """The context in a file.

    Raises:
        ReleaseError: it cannot be read.
    """
    try:
        body = path.read_bytes()
        return Context(body, orjson.loads(body)["@context"])
    except (OSError, ValueError, KeyError) as error:
        raise ReleaseError(f"cannot read the JSON-LD context {path}: {error}") from error


def refuse(url: str, options: object) -> Any:
    """A document loader for PyLD that loads nothing: whatever a document names, no request leaves this server."""
    raise ReleaseError(f"a JSON-LD document names {url}, and nothing is loaded from elsewhere")


_XSD_STRING: Final = "http://www.w3.org/2001/XMLSchema#string"
_OPTIONS: Final[dict[str, Any]] = {"documentLoader": refuse, "processingMode": "json-ld-1.1"}
_XSD_INTEGER: Final = "http://www.w3.org/2001/XMLSchema#integer"
_CANONICAL_INTEGER: Final = re.compile(r"0|-?[1-9][0-9]{0,14}")
_INCLUDED: Final = "included"
_FIRST: Final = ("id", "type", "label", "name", "title")


def framed(iri: str, triples: Sequence[Triple], context: Context) -> bytes:
    """``triples`` as one JSON-LD document around ``iri``."""
    main = _nested(iri, _nodes(triples))
    # Compaction looks through the whole context for each name, so it gets no more than it needs.
    terms = {**context.names(_iris(triples)), _INCLUDED: "@included"}
    # Only here, because it takes a sixth of the time in which the server starts.
    from pyld import jsonld  # type: ignore[import-untyped]

    compacted = jsonld.compact(main, {"@context": terms}, _OPTIONS)
    compacted.pop("@context", None)
    if _INCLUDED not in compacted:
        del terms[_INCLUDED]
    return orjson.dumps({"@context": terms, **_tidy(compacted)}, option=orjson.OPT_INDENT_2)


def _tidy(value: Any) -> Any:
    """Each node with its name, kind and label first and what only points to it last."""
    if isinstance(value, list):
        return [_tidy(item) for item in value]
    if not isinstance(value, dict):
        return value
    first = [key for key in _FIRST if key in value]
    last = [key for key in (_INCLUDED,) if key in value]
    others = [key for key in value if key not in _FIRST and key != _INCLUDED]
    return {key: _tidy(value[key]) for key in (*first, *others, *last)}


def _nested(iri: str, nodes: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The node of ``iri`` with the nodes it leads to inside, each once; the others beside, under ``@included``."""
    placed = {iri}
    main = nodes.get(iri, {"@id": iri})
    _embed(main, nodes, placed)
    beside = []
    for name, node in nodes.items():
        if name not in placed:
            placed.add(name)
            _embed(node, nodes, placed)
            beside.append(node)
    return {**main, "@included": beside} if beside else main


def _embed(root: dict[str, Any], nodes: dict[str, dict[str, Any]], placed: set[str]) -> None:
    # Breadth first, so that a node stands where it is nearest to the root.
    level = [root]
    while level:
        following = []
        for node in level:
            for key, values in node.items():
                if key in ("@id", "@type"):
                    continue
                for index, value in enumerate(values):
                    name = value.get("@id")
                    if name in nodes and name not in placed:
                        placed.add(name)
                        values[index] = nodes[name]
                        following.append(nodes[name])
        level = following


def _nodes(triples: Iterable[Triple]) -> dict[str, dict[str, Any]]:
    """The triples as expanded node objects, by IRI, in the order given."""
    nodes: dict[str, dict[str, Any]] = {}
    for triple in triples:
        assert isinstance(triple.subject, NamedNode), "a release holds no blank nodes"
        node = nodes.setdefault(triple.subject.value, {"@id": triple.subject.value})
        if triple.predicate.value == RDF_TYPE:
            node.setdefault("@type", []).append(triple.object.value)  # type: ignore[union-attr]
        else:
            node.setdefault(triple.predicate.value, []).append(_value(triple.object))
    return nodes


def _value(value: object) -> dict[str, str | int]:
    if isinstance(value, NamedNode):
        return {"@id": value.value}
    assert isinstance(value, Literal)
    if value.language:
        return {"@value": value.value, "@language": value.language}
    if value.datatype.value == _XSD_STRING:
        return {"@value": value.value}
    if value.datatype.value == _XSD_INTEGER and _CANONICAL_INTEGER.fullmatch(value.value):
        return {"@value": int(value.value)}  # JSON's own numbers, JSON-LD 1.1 API §8.6
    return {"@value": value.value, "@type": value.datatype.value}


def _iris(triples: Iterable[Triple]) -> set[str]:
    found = set()
    for triple in triples:
        for part in (triple.subject, triple.predicate, triple.object):
            if isinstance(part, NamedNode):
                found.add(part.value)
            elif isinstance(part, Literal):
                found.add(part.datatype.value)
    return found


COLUMNS: Final = (
    "subject",
    "subject_label",
    "property",
    "property_label",
    "value",
    "value_label",
    "language",
    "datatype",
    "graph",
    "line",
    "quote",
    "voice",
    "status",
)
_VOCABULARY: Final = frozenset((GRAPH_ONTOLOGY, GRAPH_CONCEPTS, GRAPH_REUSED, GRAPH_ALIGNMENTS))


def serialise(description: Description, media_type: str, context: Context, language: str) -> bytes:
    """A description in one of the formats of :data:`WRITERS`.

    Args:
        description: what to write.
        media_type: key of :data:`WRITERS`.
        context: names for JSON-LD.
        language: of the labels in the table; RDF has them in all languages.
    """
    if media_type == JSON_LD:
        return framed(description.iri, _triples(description), context)
    if media_type == CSV:
        return table(description, language)
    return WRITERS[media_type](description)


def table(description: Description, language: str) -> bytes:
    """A table for spreadsheets and data frames (RFC 4180): a row a statement and graph, passages with their quote."""
    statements = description.statements
    passages = read_passages(statements)
    order = _order(description)

    def about(graph: str) -> Sequence[object]:
        passage = passages.get(graph)
        if passage is None:
            return (graph, "", "", "", "")
        return (graph, passage.first, passage.exact, passage.voice or "", " ".join(passage.statuses))

    return _table(
        ((*item[:3], about(item.graph)) for item in sorted(statements, key=lambda item: (*order(item), item.graph))),
        lambda iri: statements.text(iri, _LABEL, language) or "",
    )


def document_table(triples: Iterable[Triple], language: str) -> bytes:
    """The same columns for a document, whose statements stand in no graph; blank nodes as in N-Triples."""
    rows = [(_name(item.subject), item.predicate.value, item.object) for item in triples]
    rows.sort(key=lambda row: (*row[:2], str(row[2])))
    labels: dict[str, str] = {}
    for subject, predicate, value in rows:
        if predicate == _LABEL and isinstance(value, Literal) and (value.language == language or subject not in labels):
            labels[subject] = value.value
    return _table(((*row, ("",) * 5) for row in rows), lambda iri: labels.get(iri, ""))


def _name(node: object) -> str:
    return node.value if isinstance(node, NamedNode) else str(node)


def _table(rows: Iterable[tuple[str, str, Any, Sequence[object]]], label: Callable[[str], str]) -> bytes:
    """Rows of subject, property, value and what is known of the graph; ``label`` names an IRI."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for subject, predicate, value, about in rows:
        if isinstance(value, Literal):
            shown = (value.value, "", value.language or "", value.datatype.value)
        else:
            shown = (_name(value), label(_name(value)), "", "")
        writer.writerow((subject, label(subject), predicate, label(predicate), *shown, *about))
    return out.getvalue().encode("utf-8")


def _triples(description: Description) -> list[Triple]:
    order = _order(description)
    triples = dict.fromkeys(
        Triple(NamedNode(item.subject), NamedNode(item.predicate), item.value)
        for item in sorted(description.statements, key=order)
    )
    return list(triples)


def _order(description: Description) -> Callable[[Statement], tuple[object, ...]]:
    """The resource itself first, then what belongs to it, terms of the vocabulary last; types before all else."""
    focus = description.iri

    def key(item: Statement) -> tuple[object, ...]:
        rank = 0 if item.subject == focus else 1 if not _is_term(item) else 2
        language = item.value.language or "" if isinstance(item.value, Literal) else ""
        return (rank, item.subject, item.predicate != RDF_TYPE, item.predicate, language, str(item.value))

    return key


def _is_term(item: Statement) -> bool:
    return item.graph in _VOCABULARY


def _trig(description: Description) -> bytes:
    order = _order(description)
    quads = sorted(description.statements, key=lambda item: (item.graph, *order(item)))
    return formats.trig([item.quad for item in quads])


WRITERS: Final[dict[str, Callable[[Description], bytes]]] = {
    TURTLE: lambda description: formats.turtle(_triples(description)),
    N_TRIPLES: lambda description: formats.ntriples(_triples(description)),
    RDF_XML: lambda description: formats.rdf_xml(_triples(description)),
    TRIG: _trig,
}
