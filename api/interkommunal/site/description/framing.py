"""JSON-LD as people read it: the resource at the top, what belongs to it inside, our names for everything.

The triples are framed (JSON-LD 1.1 Framing) around the resource; what only points to it stands in ``included``. The
context is our own, cut down to the names in use and embedded, so that nobody needs to load anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

import orjson
from pyoxigraph import Literal, NamedNode, Triple

from interkommunal.site.description.context import Context, refuse
from interkommunal.site.description.statements import RDF_TYPE

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
