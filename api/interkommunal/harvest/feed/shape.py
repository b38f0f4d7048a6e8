"""What a member of a feed looks like, in SHACL; the streams name it, so that clients need no other host."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from interkommunal.graph.terms import named

PATH: Final = "/feed/shape"
# Property, what its values are, and whether there is exactly one.
_PROPERTIES: Final = (
    ("type", "rdf:type", ("nodeKind", "sh:IRI"), True),
    ("object", "as:object", ("nodeKind", "sh:IRI"), True),
    ("published", "as:published", ("datatype", "xsd:dateTime"), True),
    ("position", "schema:position", ("datatype", "xsd:integer"), True),
    ("context", "as:context", ("nodeKind", "sh:IRI"), True),
    ("source", "dcterms:source", ("nodeKind", "sh:IRI"), False),
)


def shape(address: str) -> list[Triple]:
    """The shape of members, for a server at this public URL."""
    return list(_triples(f"{address}{PATH}"))


def _triples(iri: str) -> Iterator[Triple]:
    own = NamedNode(iri)
    yield Triple(own, named("rdf:type"), named("sh:NodeShape"))
    yield Triple(own, named("rdfs:label"), Literal("Änderung", language="de"))
    yield Triple(own, named("rdfs:label"), Literal("Change", language="en"))
    for name, _, _, _ in _PROPERTIES:
        yield Triple(own, named("sh:property"), NamedNode(f"{iri}#{name}"))
    for name, path, (kind, value), is_single in _PROPERTIES:
        part = NamedNode(f"{iri}#{name}")
        yield Triple(part, named("rdf:type"), named("sh:PropertyShape"))
        yield Triple(part, named("sh:path"), named(path))
        yield Triple(part, named(f"sh:{kind}"), named(value))
        for bound in ("minCount", "maxCount") if is_single else ():
            yield Triple(part, named(f"sh:{bound}"), Literal("1", datatype=named("xsd:integer")))
