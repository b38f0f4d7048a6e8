"""The library as RDF, in the convention of SIB's sparql-examples: each question a ``sh:SPARQLExecutable``.

Editors that know the convention fill themselves from it. Subjects are canonical and stay the same wherever the graph is
served; ``schema:target`` is the endpoint of this server. Prefixes are declared with IRIs instead of blank nodes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Quad

from interkommunal.engine.interface import JSON_LD
from interkommunal.http.formats import Format
from interkommunal.namespaces import BASE, PREFIXES
from interkommunal.release.library import LibraryQuery

PATH: Final = "/.well-known/sparql-examples"
NAMESPACE: Final = f"{BASE}.well-known/sparql-examples/"
_DECLARED: Final = f"{NAMESPACE}prefixes"
_SH: Final = PREFIXES["sh"]
_TYPE: Final = NamedNode(f"{PREFIXES['rdf']}type")
_COMMENT: Final = NamedNode(f"{PREFIXES['rdfs']}comment")
_SHOWN: Final = ("dcterms", "owl", "rdf", "rdfs", "schema", "sh", "xsd")


def example_iri(name: str) -> str:
    """The IRI of the question with this name."""
    return f"{NAMESPACE}{name}"


def examples(queries: Iterable[LibraryQuery], endpoint: str) -> Iterator[Quad]:
    """The statements about questions, and about the prefixes that they use.

    Args:
        queries: the questions.
        endpoint: URL of the SPARQL endpoint.
    """
    used: set[str] = set()
    for query in queries:
        used |= {prefix for prefix in PREFIXES if f"PREFIX {prefix}: " in query.text}
        yield from _example(query, endpoint)
    yield from _prefixes(sorted(used))


def _example(query: LibraryQuery, endpoint: str) -> Iterator[Quad]:
    subject = NamedNode(example_iri(query.name))
    schema = PREFIXES["schema"]
    for name in ("SPARQLExecutable", "SPARQLSelectExecutable"):
        yield Quad(subject, _TYPE, NamedNode(f"{_SH}{name}"))
    for language, summary in sorted(query.summary.items()):
        yield Quad(subject, _COMMENT, Literal(summary, language=language))
    yield Quad(subject, NamedNode(f"{PREFIXES['dcterms']}identifier"), Literal(query.name))
    yield Quad(subject, NamedNode(f"{_SH}prefixes"), NamedNode(_DECLARED))
    yield Quad(subject, NamedNode(f"{_SH}select"), Literal(query.text))
    for tag in query.tags:
        yield Quad(subject, NamedNode(f"{schema}keywords"), Literal(tag))
    yield Quad(subject, NamedNode(f"{schema}target"), NamedNode(endpoint))


def _prefixes(used: Iterable[str]) -> Iterator[Quad]:
    subject = NamedNode(_DECLARED)
    yield Quad(subject, _TYPE, NamedNode(f"{PREFIXES['owl']}Ontology"))
    declarations = {prefix: NamedNode(f"{_DECLARED}#{prefix}") for prefix in used}
    for declaration in declarations.values():
        yield Quad(subject, NamedNode(f"{_SH}declare"), declaration)
    for prefix, declaration in declarations.items():
        yield Quad(declaration, NamedNode(f"{_SH}prefix"), Literal(prefix))
        namespace = Literal(PREFIXES[prefix], datatype=NamedNode(f"{PREFIXES['xsd']}anyURI"))
        yield Quad(declaration, NamedNode(f"{_SH}namespace"), namespace)


def serialised(quads: Iterable[Quad], wanted: Format) -> bytes:
    """The statements in a format of RDF, the same bytes for the same statements."""
    triples = [quad.triple for quad in quads]
    form = pyoxigraph.RdfFormat.from_media_type(wanted.media_type)
    assert form is not None, f"{wanted.media_type} is a format of RDF"
    prefixes = {name: PREFIXES[name] for name in _SHOWN} if wanted.media_type != JSON_LD else {}
    data = pyoxigraph.serialize(triples, format=form, prefixes=prefixes)
    assert data is not None, "without a file the data comes back"
    return data
