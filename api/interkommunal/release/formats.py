"""Writes the statements of a release in each of its formats, the same bytes for the same statements everywhere.

In go quads and triples in reading order, out come bytes. pyoxigraph serialises (rdflib is slower and its order of
graphs hangs on hashes); prefixes are only those used and sorted here. JSON-LD is written here, expanded: it needs no
context, hence no network, types are ``@type`` (pyoxigraph writes ``rdf:type``), and each node is one line.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import pyoxigraph
from pyoxigraph import RdfFormat

from interkommunal.namespaces import PREFIXES
from interkommunal.release.quads import RDF_TYPE

_XSD = PREFIXES["xsd"]
# Turtle and TriG write these without their IRI: ``a``, ``"text"``, ``"text"@de``, ``5``, ``true``.
_ABBREVIATED = frozenset(
    {
        RDF_TYPE.value,
        f"{PREFIXES['rdf']}langString",
        *(f"{_XSD}{name}" for name in ("boolean", "decimal", "double", "integer", "string")),
    }
)


def nquads(quads: Iterable[pyoxigraph.Quad]) -> bytes:
    """Canonical N-Quads, sorted by code point.

    Without blank nodes this is the serialized canonical form of RDF Dataset Canonicalization (RDFC-1.0, section 5):
    pyoxigraph writes the escapes as the canonical form of N-Quads asks.
    """
    return _sorted_lines(_serialized(quads, RdfFormat.N_QUADS))


def ntriples(triples: Iterable[pyoxigraph.Triple]) -> bytes:
    """Canonical N-Triples, sorted by code point."""
    return _sorted_lines(_serialized(triples, RdfFormat.N_TRIPLES))


def trig(quads: Sequence[pyoxigraph.Quad]) -> bytes:
    """TriG with sorted prefixes, only those used."""
    prefixes = used_prefixes(term for quad in quads for term in quad)
    return _sort_header(_serialized(quads, RdfFormat.TRIG, prefixes))


def turtle(triples: Sequence[pyoxigraph.Triple], known: Mapping[str, str] = PREFIXES) -> bytes:
    """Turtle with sorted prefixes, only those used of the ``known``."""
    prefixes = used_prefixes((term for triple in triples for term in triple), known)
    return _sort_header(_serialized(triples, RdfFormat.TURTLE, prefixes))


def rdf_xml(triples: Sequence[pyoxigraph.Triple], known: Mapping[str, str] = PREFIXES) -> bytes:
    """RDF/XML, one element a subject."""
    # Elements are named by properties and, for the first type of a subject, by a class.
    names = [triple.predicate for triple in triples]
    classes = [triple.object for triple in triples if triple.predicate == RDF_TYPE]
    prefixes = used_prefixes([*names, *classes], known)
    return _serialized(triples, RdfFormat.RDF_XML, prefixes)


def json_ld(quads: Iterable[pyoxigraph.Quad]) -> bytes:
    """Expanded JSON-LD: an array of graph objects, one node object a line."""
    return b"".join(_json_ld_chunks(quads))


def json_ld_nodes(triples: Iterable[pyoxigraph.Triple]) -> bytes:
    """Expanded JSON-LD of triples that belong to no graph: an array, one node object a line."""
    quads = (pyoxigraph.Quad(*triple) for triple in triples)
    nodes = [_dump(_node(subject, list(about))) for subject, about in groupby(quads, key=lambda quad: quad.subject)]
    return b"[\n" + b",\n".join(nodes) + b"\n]\n"


def used_prefixes(terms: Iterable[object], known: Mapping[str, str] = PREFIXES) -> dict[str, str]:
    """The ``known`` prefixes that shorten an IRI among ``terms``, sorted.

    The longest namespace wins, and the rest holds no slash.
    """
    longest_first = sorted(known.items(), key=lambda item: (-len(item[1]), item[0]))
    used = set()
    for iri in _iris(terms):
        for prefix, namespace in longest_first:
            if iri.startswith(namespace) and "/" not in iri[len(namespace) :]:
                used.add(prefix)
                break
    return {prefix: known[prefix] for prefix in sorted(used)}


def _iris(terms: Iterable[object]) -> set[str]:
    iris = set()
    for term in terms:
        if isinstance(term, pyoxigraph.NamedNode):
            iris.add(term.value)
        elif isinstance(term, pyoxigraph.Literal):
            iris.add(term.datatype.value)
    return iris - _ABBREVIATED


def _serialized(
    statements: Iterable[pyoxigraph.Quad] | Iterable[pyoxigraph.Triple],
    syntax: RdfFormat,
    prefixes: dict[str, str] | None = None,
) -> bytes:
    text = pyoxigraph.serialize(statements, format=syntax, prefixes=prefixes)
    assert text is not None, "without an output, pyoxigraph returns the text"
    return text


def _sorted_lines(text: bytes) -> bytes:
    # Bytes of UTF-8 sort as code points do.
    return b"".join(sorted(text.splitlines(keepends=True)))


def _sort_header(text: bytes) -> bytes:
    """Pyoxigraph writes prefixes in the order of a hash map; the lines stand at the very start."""
    lines = text.split(b"\n")
    end = next((index for index, line in enumerate(lines) if not line.startswith(b"@prefix ")), len(lines))
    return b"\n".join([*sorted(lines[:end]), *([b""] if end else []), *lines[end:]])


def _json_ld_chunks(quads: Iterable[pyoxigraph.Quad]) -> Iterator[bytes]:
    opening = b"[\n"
    for name, graph in groupby(quads, key=lambda quad: quad.graph_name):
        yield opening + b'{"@id":' + _dump(_iri(name)) + b',"@graph":[\n'
        nodes = [_dump(_node(subject, list(about))) for subject, about in groupby(graph, key=lambda quad: quad.subject)]
        yield b",\n".join(nodes) + b"\n]}"
        opening = b",\n"
    yield b"[]\n" if opening == b"[\n" else b"\n]\n"


def _node(subject: object, about: Iterable[pyoxigraph.Quad]) -> dict[str, Any]:
    node: dict[str, Any] = {"@id": _iri(subject)}
    for quad in about:
        if quad.predicate == RDF_TYPE:
            node.setdefault("@type", []).append(_iri(quad.object))
        else:
            node.setdefault(quad.predicate.value, []).append(_value(quad.object))
    return node


def _value(term: object) -> dict[str, str]:
    if not isinstance(term, pyoxigraph.Literal):
        return {"@id": _iri(term)}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value == f"{_XSD}string":
        return {"@value": term.value}
    return {"@value": term.value, "@type": term.datatype.value}


def _iri(term: object) -> str:
    assert isinstance(term, pyoxigraph.NamedNode), f"a release holds no {term}"
    return term.value


def _dump(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
